// STATUS, step 8: docs/spec.md, section 9.2, row by row.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TrustStore } from "../../src/trust/store.ts";
import {
  certificate,
  document,
  ISSUER,
  KEY,
  keySet,
  LIST_END,
  NOW,
  OTHER_ISSUER,
  PUBLISHED,
  signingKey,
  STATUS_KEY,
  statusList,
  STRANGER,
  trustIn,
} from "../issuing.ts";
import type { ListOptions } from "../issuing.ts";
import { bundleOf } from "../trust/bundles.ts";
import { at, found, letters, stale, verify } from "./verdicts.ts";
import type { Question } from "../../src/verify/verify.ts";

const TOKEN = await certificate({ body: { 12: [1, 7] } });
const TRUST = await trustIn(await document());

/** The finding, whatever list is held as number 1. */
async function status(options: ListOptions, question: Question = at()): Promise<string> {
  const lists = [[1, await statusList(options)]] as const;
  const store = bundleOf([{ name: ISSUER, token: await document(), lists }], [[KEY, 0]]);
  return found(await verify(TOKEN, store, question), "STATUS");
}

test("there is no reference, or no list", async () => {
  const without = await verify(await certificate(), TRUST);
  assert.equal(found(without, "STATUS"), "NOT_APPLICABLE no_status_reference");
  const verdict = await verify(TOKEN, TRUST);
  assert.equal(found(verdict, "STATUS"), "UNKNOWN status_list_missing");
  assert.equal(verdict.status, "INDETERMINATE");
  const byKeySet = await TrustStore.fromKeySet(ISSUER, keySet());
  assert.equal(found(await verify(TOKEN, byKeySet), "STATUS"), "UNKNOWN status_list_missing");
});

test("another number's list, and another issuer's, is not at hand", async () => {
  const second = await TRUST.withStatusList(await statusList({ number: 2 }));
  assert.equal(found(await verify(TOKEN, second), "STATUS"), "UNKNOWN status_list_missing");
  const keys = [signingKey(KEY), signingKey(STATUS_KEY, 1)];
  const store = bundleOf(
    [
      { name: ISSUER, token: await document() },
      {
        name: OTHER_ISSUER,
        token: await document({ claims: { 1: OTHER_ISSUER }, body: { 8: keys } }),
        lists: [[1, await statusList()]],
      },
    ],
    [[KEY, 0]],
  );
  assert.equal(found(await verify(TOKEN, store), "STATUS"), "UNKNOWN status_list_missing");
});

test("the list is refused", async () => {
  const refused = "UNKNOWN status_list_refused";
  assert.equal(await status({ by: STRANGER }), refused);
  assert.equal(await status({ number: 2 }), refused);
  assert.equal(await status({ claims: { 6: null } }), refused);
  assert.equal(await status({ list: new Map([["lst", new Uint8Array([1, 2, 3])]]) }), refused);
});

test("the list is dated in the future, or not in force yet", async () => {
  const list = { claims: { 6: NOW + 300 } };
  assert.equal(await status(list), `PASSED ok ${NOW + 300}`);
  assert.equal(await status(list, at(NOW, -1n)), `UNKNOWN dated_in_future ${NOW + 300}`);
  const begins = { claims: { 5: NOW + 300 } };
  assert.equal(await status(begins), `PASSED ok ${PUBLISHED}`);
  assert.equal(await status(begins, at(NOW, -1n)), `UNKNOWN status_list_refused ${PUBLISHED}`);
});

test("the list is stale", async () => {
  const end = NOW + 5;
  const list = { claims: { 4: end } };
  assert.equal(await status(list, at(end, -1n)), `PASSED ok ${PUBLISHED}`);
  assert.equal(await status(list, at(end)), `UNKNOWN status_list_stale ${PUBLISHED}`);
  assert.equal(await status(list, at(end + 9, -1n, stale(9))), `PASSED ok ${PUBLISHED}`);
  const byTtl = { claims: { 4: null, 6: NOW, 65534: 60 } };
  assert.equal(await status(byTtl, at(NOW + 60, -1n)), `PASSED ok ${NOW}`);
  assert.equal(await status(byTtl, at(NOW + 60)), `UNKNOWN status_list_stale ${NOW}`);
  const week = { claims: { 4: null, 6: NOW, 65534: null } };
  assert.equal(await status(week, at(NOW + 604_800, -1n)), `PASSED ok ${NOW}`);
  assert.equal(await status(week, at(NOW + 604_800)), `UNKNOWN status_list_stale ${NOW}`);
});

test("what the entry says", async () => {
  const answers = ["PASSED ok", "FAILED revoked", "FAILED suspended", "UNKNOWN status_unknown"];
  for (const [value, answer] of [...answers, "UNKNOWN status_unknown"].entries()) {
    assert.equal(await status({ entries: [[7, value]] }), `${answer} ${PUBLISHED}`);
  }
  assert.equal(
    await status({
      entries: [
        [6, 1],
        [8, 1],
      ],
    }),
    `PASSED ok ${PUBLISHED}`,
  );
  for (const bits of [1, 2, 8]) {
    assert.equal(await status({ bits, entries: [[7, 1]] }), `FAILED revoked ${PUBLISHED}`);
  }
});

test("an index behind the end of the list", async () => {
  const store = await TRUST.withStatusList(await statusList({ entries: [[99, 1]] }));
  const last = await certificate({ body: { 12: [1, 99] } });
  assert.equal(found(await verify(last, store), "STATUS"), `FAILED revoked ${PUBLISHED}`);
  for (const index of [100, 2 ** 53 - 1]) {
    const token = await certificate({ body: { 12: [1, index] } });
    const outside = `FAILED status_out_of_range ${PUBLISHED}`;
    assert.equal(found(await verify(token, store), "STATUS"), outside);
  }
});

test("every finding is asked for itself, and the oldest date is the verdict's", async () => {
  const store = await TRUST.withStatusList(await statusList({ claims: { 6: PUBLISHED + 5 } }));
  const expired = await certificate({ claims: { 4: NOW }, body: { 12: [1, 7] } });
  const verdict = await verify(expired, store);
  assert.equal(letters(verdict), "PPPPPPFP");
  assert.equal(verdict.asOf, PUBLISHED);
  assert.equal((await verify(TOKEN, store)).status, "VALID");
  const old = await trustIn(await document({ claims: { 6: PUBLISHED + 9 } }));
  const dated = await old.withStatusList(await statusList({ claims: { 6: PUBLISHED + 5 } }));
  assert.equal((await verify(TOKEN, dated)).asOf, PUBLISHED + 5);
  const late = await verify(TOKEN, store, at(LIST_END));
  assert.equal(late.status, "INDETERMINATE");
  assert.notEqual(late.statement, null);
});
