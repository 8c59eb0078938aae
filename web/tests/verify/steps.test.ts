// Steps 1 to 5 and step 2 asked again: docs/spec.md, section 9.2.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TrustStore } from "../../src/trust/store.ts";
import { verifyToken } from "../../src/verify/verify.ts";
import { encode, map } from "../encoding.ts";
import {
  certificate,
  DAY,
  document,
  FINAL,
  ISSUER,
  jwk,
  KEY,
  keySet,
  NEXT_UPDATE,
  NOW,
  OTHER_ISSUER,
  PUBLISHED,
  ROOT,
  signed,
  signingKey,
  SPARE,
  STATUS_KEY,
  STRANGER,
  trustIn,
} from "../issuing.ts";
import { record, share } from "../sharing.ts";
import { bundleOf, damaged } from "../trust/bundles.ts";
import { at, found, letters, stale, verify } from "./verdicts.ts";

const TRUST = await trustIn(await document());
const TOKEN = await certificate();
const REFUSED = bundleOf([{ name: ISSUER, token: damaged(await document()) }], [[KEY, 0]]);

function shared(token: Uint8Array): Promise<TrustStore> {
  return TRUST.withIssuerDocument(token, ROOT.publicKey);
}

const OTHERS_DOCUMENT = await document({ claims: { 1: OTHER_ISSUER } });

test("a certificate is valid, and the verdict is as old as the document", async () => {
  const verdict = await verify(TOKEN, TRUST);
  assert.equal(letters(verdict), "PPPPPPPN");
  assert.equal(verdict.status, "VALID");
  assert.equal(verdict.asOf, PUBLISHED);
  assert.equal(found(verdict, "ISSUER_TRUSTED"), `PASSED ok ${PUBLISHED}`);
  assert.equal(verdict.statement?.kind, "certificate");
});

test("step 1 stops with eight findings, whatever the input was", async () => {
  for (const [token, outcome] of [
    [new Uint8Array(0), "FAILED empty_input"],
    [new Uint8Array(41_217), "FAILED too_large"],
    [encode([1]), "FAILED not_a_token"],
    [await signed("diploma", map({ 1: 1 }), KEY), "UNKNOWN newer_format"],
    [(await share(await record())).slice(0, -1), "FAILED not_deterministic"],
  ] as const) {
    const verdict = await verify(token, TRUST);
    assert.equal(found(verdict, "FORMAT"), outcome);
    assert.equal(letters(verdict).slice(1), "-------");
    assert.equal(verdict.asOf, null);
    assert.equal(verdict.statement, null);
  }
});

test("step 2: nobody has the key", async () => {
  const verdict = await verify(await certificate({ by: STRANGER }), TRUST);
  assert.equal(found(verdict, "ISSUER_TRUSTED"), "UNKNOWN unknown_key");
  assert.equal(letters(verdict), "PU------");
  assert.equal(verdict.status, "INDETERMINATE");
  assert.equal((await verify(TOKEN, TrustStore.empty())).status, "INDETERMINATE");
});

test("step 2: a key for status lists is none for statements", async () => {
  const verdict = await verify(await certificate({ by: STATUS_KEY }), TRUST);
  assert.equal(found(verdict, "ISSUER_TRUSTED"), "UNKNOWN unknown_key");
});

test("step 2: the issuer that may have the key is refused", async () => {
  const verdict = await verify(TOKEN, REFUSED);
  assert.equal(found(verdict, "ISSUER_TRUSTED"), "UNKNOWN issuer_document_refused");
  assert.equal(letters(verdict), "PU------");
  assert.equal(letters(await verify(await record(), REFUSED)), "PU----------");
});

test("step 3: no key accepts", async () => {
  const verdict = await verify(damaged(TOKEN), TRUST);
  assert.equal(found(verdict, "SIGNATURE"), "FAILED signature_mismatch");
  assert.equal(letters(verdict), "PPF-----");
  assert.equal(found(verdict, "ISSUER_TRUSTED"), "PASSED ok");
  assert.equal(verdict.asOf, null);
});

test("step 3: a key that cannot be asked may be the one", async () => {
  const both = bundleOf(
    [
      { name: ISSUER, token: await document() },
      { name: OTHER_ISSUER, token: damaged(OTHERS_DOCUMENT) },
    ],
    [
      [KEY, 0],
      [KEY, 1],
    ],
  );
  const verdict = await verify(damaged(TOKEN), both);
  assert.equal(found(verdict, "ISSUER_TRUSTED"), "UNKNOWN issuer_document_refused");
  assert.equal(letters(verdict), "PU------");
  assert.equal((await verify(TOKEN, both)).status, "VALID");
});

test("step 4: what the payload breaks", async () => {
  for (const [claims, outcome] of [
    [{ 1: "localhost" }, "FAILED schema_violation"],
    [{ 2: 1 }, "UNKNOWN unknown_field"],
  ] as const) {
    const verdict = await verify(await certificate({ claims }), TRUST);
    assert.equal(found(verdict, "SCHEMA"), outcome);
    assert.equal(letters(verdict).slice(4), "----");
    assert.equal(verdict.statement, null);
  }
  const unknown = await verify(await certificate({ body: { 3: 9 } }), TRUST);
  assert.equal(found(unknown, "SCHEMA"), "UNKNOWN unknown_value");
  const payload = await signed("certificate", [], KEY);
  assert.equal(found(await verify(payload, TRUST), "SCHEMA"), "FAILED schema_violation");
});

test("step 4: something is disclosed that the issuer did not sign", async () => {
  const more = [encode([new Uint8Array(16), "Eve", 0])];
  const verdict = await verify(await record({ more }), TRUST);
  assert.equal(found(verdict, "SCHEMA"), "FAILED disclosure_mismatch");
  assert.equal(letters(verdict), "PPPF--------");
});

test("step 5: the key is not one of the issuer's", async () => {
  const token = await certificate({ claims: { 1: OTHER_ISSUER } });
  const verdict = await verify(token, TRUST);
  assert.equal(found(verdict, "ISSUER_MATCHES_KEY"), "FAILED other_issuer");
  assert.equal(letters(verdict), "PPPPF---");
  const held = await TRUST.withKeySet(OTHER_ISSUER, keySet([jwk(SPARE)]));
  assert.equal(letters(await verify(token, held)), "PPPPF---");
});

test("step 5: the issuer is in the store and refused", async () => {
  const token = await certificate({ claims: { 1: OTHER_ISSUER } });
  const store = bundleOf(
    [
      { name: ISSUER, token: await document() },
      { name: OTHER_ISSUER, token: damaged(OTHERS_DOCUMENT) },
    ],
    [[KEY, 0]],
  );
  const verdict = await verify(token, store);
  assert.equal(found(verdict, "ISSUER_TRUSTED"), "UNKNOWN issuer_document_refused");
  assert.equal(letters(verdict), "PU------");
});

test("step 5: the issuer's own entry counts, though the index names another", async () => {
  const token = await certificate({ claims: { 1: OTHER_ISSUER } });
  const ended = signingKey(KEY, 0, { 3: PUBLISHED + 1 });
  const issuers = [
    { name: ISSUER, token: await document({ body: { 8: [ended] } }) },
    { name: OTHER_ISSUER, token: OTHERS_DOCUMENT },
  ];
  assert.equal((await verify(token, bundleOf(issuers, [[KEY, 0]]))).status, "VALID");
  const mine = await verify(TOKEN, bundleOf(issuers, [[KEY, 1]]));
  assert.equal(found(mine, "KEY_PERIOD"), "FAILED after_key_period");
});

test("an index can hide an issuer, and lends nobody a key", async () => {
  const issuers = [{ name: ISSUER, token: await document() }];
  const hidden = await verify(TOKEN, bundleOf(issuers, []));
  assert.equal(found(hidden, "ISSUER_TRUSTED"), "UNKNOWN unknown_key");
  const forged = await verify(
    await certificate({ by: STRANGER }),
    bundleOf(issuers, [[STRANGER, 0]]),
  );
  assert.equal(found(forged, "ISSUER_TRUSTED"), "UNKNOWN unknown_key");
});

test("step 2, again: the bundle has ended, to the microsecond", async () => {
  const end = NOW + 10;
  const store = bundleOf([{ name: ISSUER, token: await document() }], [[KEY, 0]], {
    1: PUBLISHED + 5,
    2: end,
  });
  assert.equal((await verify(TOKEN, store, at(end, -1n))).status, "VALID");
  const verdict = await verify(TOKEN, store, at(end));
  assert.equal(found(verdict, "ISSUER_TRUSTED"), `UNKNOWN bundle_stale ${PUBLISHED + 5}`);
  assert.equal(letters(verdict), "PUPPPPPN");
  assert.equal(verdict.asOf, PUBLISHED + 5);
  assert.equal(verdict.statement, null);
  assert.equal((await verify(TOKEN, store, at(end + DAY, -1n, stale(DAY)))).status, "VALID");
  assert.notEqual((await verify(TOKEN, store, at(end + DAY, 0n, stale(DAY)))).status, "VALID");
});

test("step 2, again: of the bundle's end and the issuer's, the earlier", async () => {
  const row = { name: ISSUER, token: await document(), end: [PUBLISHED + 7, NOW + 20] as const };
  const one = bundleOf([row], [[KEY, 0]], { 1: PUBLISHED + 5, 2: NOW + 10 });
  const other = bundleOf([row], [[KEY, 0]], { 1: PUBLISHED + 5, 2: NOW + 30 });
  const equal = bundleOf([row], [[KEY, 0]], { 1: PUBLISHED + 5, 2: NOW + 20 });
  const stops = `UNKNOWN bundle_stale ${PUBLISHED + 7}`;
  assert.equal(found(await verify(TOKEN, other, at(NOW + 20)), "ISSUER_TRUSTED"), stops);
  const first = `UNKNOWN bundle_stale ${PUBLISHED + 5}`;
  assert.equal(found(await verify(TOKEN, equal, at(NOW + 20)), "ISSUER_TRUSTED"), first);
  assert.equal(found(await verify(TOKEN, one, at(NOW + 10)), "ISSUER_TRUSTED"), first);
});

test("step 2, again: a document of the future", async () => {
  const published = NOW + 300;
  const store = await trustIn(await document({ claims: { 6: published } }));
  assert.equal(found(await verify(TOKEN, store), "ISSUER_TRUSTED"), `PASSED ok ${published}`);
  const verdict = await verify(TOKEN, store, at(NOW, -1n));
  assert.equal(found(verdict, "ISSUER_TRUSTED"), `UNKNOWN dated_in_future ${published}`);
  assert.equal(verdict.statement, null);
});

test("step 2, again: a stale document, and a final one", async () => {
  assert.equal((await verify(TOKEN, TRUST, at(NEXT_UPDATE, -1n))).status, "VALID");
  const verdict = await verify(TOKEN, TRUST, at(NEXT_UPDATE));
  assert.equal(found(verdict, "ISSUER_TRUSTED"), `UNKNOWN issuer_document_stale ${PUBLISHED}`);
  const late = at(NEXT_UPDATE + 10, -1n, stale(10));
  assert.equal((await verify(TOKEN, TRUST, late)).status, "VALID");
  const final = await trustIn(await document({ body: FINAL }));
  assert.equal((await verify(TOKEN, final, at(NEXT_UPDATE * 100))).status, "VALID");
});

test("step 2, again: a key set is never stale, and says when it was made, if at all", async () => {
  const undated = await TrustStore.fromKeySet(ISSUER, keySet());
  const verdict = await verify(TOKEN, undated, at(NEXT_UPDATE * 100));
  assert.equal(found(verdict, "ISSUER_TRUSTED"), "PASSED ok");
  assert.equal(verdict.asOf, null);
  const dated = await TrustStore.fromKeySet(ISSUER, keySet([jwk()], { iat: NOW + 9999.5 }));
  assert.equal((await verify(TOKEN, dated)).asOf, NOW + 9999);
});

test("issuers that share a key stay apart", async () => {
  const both = await shared(OTHERS_DOCUMENT);
  assert.equal((await verify(TOKEN, both)).status, "VALID");
  const theirs = await certificate({ claims: { 1: OTHER_ISSUER } });
  assert.equal((await verify(theirs, both)).status, "VALID");
  assert.equal((await verify(theirs, both.without(OTHER_ISSUER))).status, "INVALID");
});

test("a negative allowance is no question", async () => {
  const question = { now: 0n, maxStaleness: -1n };
  await assert.rejects(() => verifyToken(TOKEN, TRUST, question), RangeError);
});
