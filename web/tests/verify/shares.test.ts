// Course records and shares, plain and sealed: docs/spec.md, sections 15.6, 15.8 and 15.9.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dictionary1 } from "../../src/codec/dictionary.ts";
import { verifyText } from "../../src/verify/verify.ts";
import { encode } from "../encoding.ts";
import {
  certificate,
  document,
  ISSUED,
  KEY,
  NOW,
  OTHER_ISSUER,
  PUBLISHED,
  ROOT,
  SPARE,
  signingKey,
  statusList,
  STRANGER,
  trustIn,
} from "../issuing.ts";
import type { Changes, ListOptions } from "../issuing.ts";
import {
  AUDIENCE,
  inText,
  record,
  RECORD_ID,
  SEALED_LINK,
  sealed,
  share,
  SHARE_END,
  SHARED,
} from "../sharing.ts";
import type { RecordOptions, ShareOptions } from "../sharing.ts";
import { damaged } from "../trust/bundles.ts";
import { at, found, letters, verify } from "./verdicts.ts";
import { recordLink } from "../../src/verify/verify.ts";

const DICTIONARY = await dictionary1(
  readFileSync(new URL("../../../src/signedcert/codec/dictionary1.bin", import.meta.url)),
);
const SHARE_LIST = { number: 2 };
const TRUST = await (await trustIn(await document())).withStatusList(await statusList(SHARE_LIST));
const RECORD = await record();
const SHARE = await share(RECORD);

function shareOf(options: ShareOptions, recorded: RecordOptions = {}): Promise<Uint8Array> {
  return record(recorded).then((token) => share(token, options));
}

async function validity(claims: Changes, recorded: Changes = {}, moment = NOW): Promise<string> {
  const token = await shareOf({ claims }, { claims: recorded });
  return found(await verify(token, TRUST, at(moment)), "SHARE_VALIDITY");
}

test("a share is valid for whoever does not say who they are", async () => {
  const verdict = await verify(SHARE, TRUST);
  assert.equal(letters(verdict), "PPPPPPPNNPPP");
  assert.equal(verdict.status, "VALID");
  assert.equal(found(verdict, "AUDIENCE"), "NOT_APPLICABLE audience_not_asked");
  assert.equal(found(verdict, "SHARE_STATUS"), `PASSED ok ${PUBLISHED}`);
  assert.ok(verdict.statement?.kind === "record");
  assert.equal(verdict.statement.record.share?.audience, AUDIENCE);
  assert.deepEqual(verdict.statement.record.learner, { name: "Ada Lovelace" });
});

test("a record that is no share is undecided", async () => {
  const verdict = await verify(RECORD, TRUST);
  assert.equal(letters(verdict), "PPPPPPPNNUNN");
  assert.equal(found(verdict, "HOLDER"), "UNKNOWN not_presented");
  assert.equal(found(verdict, "SHARE_STATUS"), "NOT_APPLICABLE no_share");
  assert.equal(verdict.status, "INDETERMINATE");
  assert.ok(verdict.statement?.kind === "record");
  assert.equal(verdict.statement.record.share, undefined);
});

test("the audience is compared code point for code point", async () => {
  for (const [audience, answer] of [
    [AUDIENCE, "PASSED ok"],
    ["acme hr", "FAILED other_audience"],
    ["", "FAILED other_audience"],
    [null, "NOT_APPLICABLE audience_not_asked"],
  ] as const) {
    const verdict = await verify(SHARE, TRUST, at(NOW, 0n, { audience }));
    assert.equal(found(verdict, "AUDIENCE"), answer);
  }
  const unnormalised = await shareOf({ claims: { 3: "A\u030acme" } });
  const verdict = await verify(unnormalised, TRUST, at(NOW, 0n, { audience: "\u00c5cme" }));
  assert.equal(found(verdict, "AUDIENCE"), "FAILED other_audience");
});

test("somebody else signed the share, or nobody", async () => {
  for (const token of [
    damaged(SHARE),
    await shareOf({ by: STRANGER }),
    await shareOf({ by: KEY }),
  ]) {
    const verdict = await verify(token, TRUST);
    assert.equal(found(verdict, "HOLDER"), "FAILED holder_mismatch");
    assert.equal(letters(verdict), "PPPPPPPN-F--");
    assert.ok(verdict.statement?.kind === "record");
    assert.equal(verdict.statement.record.share, undefined);
  }
});

test("what the payload of a share breaks", async () => {
  for (const [options, outcome] of [
    [{ payload: encode(["x"]).subarray(0, 1) }, "FAILED not_deterministic"],
    [{ claims: { 3: "" } }, "FAILED schema_violation"],
    [{ claims: { 4: SHARED } }, "FAILED schema_violation"],
    [{ body: { 0: 16 } }, "FAILED schema_violation"],
    [{ claims: { 9: 1 } }, "UNKNOWN unknown_field"],
    [{ body: { 1: 1 } }, "UNKNOWN unknown_field"],
  ] as const) {
    const verdict = await verify(await shareOf(options), TRUST);
    assert.equal(found(verdict, "HOLDER"), outcome);
    assert.equal(letters(verdict).slice(8), outcome.startsWith("F") ? "-F--" : "-U--");
  }
});

test("a share within its record's time", async () => {
  assert.equal(await validity({ 6: ISSUED }), "PASSED ok");
  const outside = "FAILED share_outside_record";
  assert.equal(await validity({ 6: ISSUED - 1 }), outside);
  assert.equal(await validity({}, { 5: SHARED }), "PASSED ok");
  assert.equal(await validity({}, { 5: SHARED + 1 }), outside);
  assert.equal(await validity({}, { 4: SHARE_END }), "PASSED ok");
  assert.equal(await validity({}, { 4: SHARE_END - 1 }), outside);
});

test("a share of the future, and one that ended", async () => {
  assert.equal(await validity({ 6: NOW + 300 }), "PASSED ok");
  assert.equal(await validity({ 6: NOW + 301 }), "FAILED share_issued_in_future");
  assert.equal(await validity({}, {}, SHARE_END - 1), "PASSED ok");
  assert.equal(await validity({}, {}, SHARE_END), "FAILED share_expired");
});

test("the end of a share leaves its record's validity alone", async () => {
  const verdict = await verify(SHARE, TRUST, at(SHARE_END));
  assert.equal(letters(verdict), "PPPPPPPNNPFP");
  assert.notEqual(verdict.statement, null);
});

async function shareStatus(options: ListOptions): Promise<string> {
  const list = await statusList({ ...SHARE_LIST, ...options });
  const store = await (await trustIn(await document())).withStatusList(list);
  return found(await verify(SHARE, store), "SHARE_STATUS");
}

test("the place of a share is the record's first and the slot", async () => {
  assert.equal(
    await shareStatus({
      entries: [
        [20, 1],
        [22, 1],
      ],
    }),
    `PASSED ok ${PUBLISHED}`,
  );
  assert.equal(await shareStatus({ entries: [[21, 1]] }), `FAILED revoked ${PUBLISHED}`);
  assert.equal(await shareStatus({ number: 3 }), "UNKNOWN status_list_missing");
  const without = await shareOf({}, { body: { 10: null } });
  const verdict = await verify(without, TRUST);
  assert.equal(found(verdict, "SHARE_STATUS"), "NOT_APPLICABLE no_status_reference");
  const far = await verify(await shareOf({}, { body: { 10: [2, 96] } }), TRUST);
  assert.equal(found(far, "SHARE_STATUS"), `FAILED status_out_of_range ${PUBLISHED}`);
});

test("the date of the share's list counts for the verdict", async () => {
  const list = await statusList({ ...SHARE_LIST, claims: { 6: PUBLISHED + 3 } });
  const later = await trustIn(await document({ claims: { 6: PUBLISHED + 9 } }));
  const verdict = await verify(SHARE, await later.withStatusList(list));
  assert.equal(verdict.asOf, PUBLISHED + 3);
});

test("where step 2, 3, 4 or 5 stops, shares are not asked", async () => {
  const store = await trustIn(await document({ body: { 8: [signingKey(SPARE)] } }));
  assert.equal(letters(await verify(SHARE, store)), "PU----------");
  const other = await shareOf({}, { claims: { 1: OTHER_ISSUER } });
  assert.equal(letters(await verify(other, TRUST)), "PPPPF-------");
});

function opened(text: string, file: Uint8Array | null, trust = TRUST) {
  return verifyText(text, trust, DICTIONARY, at(), file);
}

test("a share in a link", async () => {
  assert.deepEqual(await opened(inText(SHARE), null), await verify(SHARE, TRUST));
  const link = `https://anywhere.example/#${inText(SHARE)}`;
  assert.deepEqual(await opened(link, null), await verify(SHARE, TRUST));
  const text = await opened("https://learn.example.edu/c/", null);
  assert.equal(found(text, "FORMAT"), "FAILED no_fragment");
});

test("a sealed share with its file, without it, and with another", async () => {
  const file = sealed(SHARE);
  assert.deepEqual(await opened(SEALED_LINK, file), await verify(SHARE, TRUST));
  const missing = await opened(SEALED_LINK, null);
  assert.equal(found(missing, "FORMAT"), "UNKNOWN sealed_file_missing");
  assert.equal(letters(missing), "U-------");
  for (const other of [damaged(file), new Uint8Array(0), SHARE, sealed(RECORD)]) {
    const verdict = await opened(SEALED_LINK, other);
    assert.equal(found(verdict, "FORMAT"), "FAILED sealed_file_refused");
    assert.equal(letters(verdict), "F-------");
  }
  const cut = await opened(SEALED_LINK, sealed(SHARE.slice(0, -1)));
  assert.equal(found(cut, "FORMAT"), "FAILED not_deterministic");
});

test("the issuer that a file names is compared after step 4 and no earlier", async () => {
  const verdict = await opened(SEALED_LINK, sealed(SHARE, OTHER_ISSUER));
  assert.equal(found(verdict, "FORMAT"), "FAILED sealed_file_refused");
  assert.equal(letters(verdict), "F-------");
  const stranger = await opened(
    SEALED_LINK,
    sealed(await shareOf({}, { by: STRANGER }), OTHER_ISSUER),
  );
  assert.equal(letters(stranger), "PU----------");
  const unknown = await shareOf({}, { body: { 20: 1 } });
  assert.equal(letters(await opened(SEALED_LINK, sealed(unknown, OTHER_ISSUER))), "PPPU--------");
});

test("whether a certificate and a record belong together", async () => {
  const naming = async (id: Uint8Array | null, claims: Changes = {}): Promise<string> => {
    const token = await certificate({ claims, body: { 11: id } });
    const both = await TRUST.withIssuerDocument(
      await document({ claims: { 1: OTHER_ISSUER } }),
      ROOT.publicKey,
    );
    const { outcome, reason } = await recordLink(
      await verify(token, both),
      await verify(SHARE, both),
    );
    return `${outcome} ${reason}`;
  };
  assert.equal(await naming(RECORD_ID), "PASSED ok");
  assert.equal(await naming(null), "NOT_APPLICABLE no_record_id");
  assert.equal(await naming(new Uint8Array(10)), "FAILED other_record");
  assert.equal(await naming(RECORD_ID, { 1: OTHER_ISSUER }), "FAILED other_record");
  assert.equal(await naming(RECORD_ID, { 1: "nobody.example" }), "NOT_RUN not_reached");
  const share = await verify(SHARE, TRUST);
  assert.equal((await recordLink(share, share)).outcome, "NOT_RUN");
});
