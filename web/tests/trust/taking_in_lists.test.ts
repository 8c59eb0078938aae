// Taking in status lists: docs/spec.md, section 13.2.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrustStore } from "../../src/trust/store.ts";
import { encode, map } from "../encoding.ts";
import {
  document,
  ISSUER,
  jwk,
  KEY,
  keySet,
  OTHER_ISSUER,
  PUBLISHED,
  ROOT,
  signedWith,
  signingKey,
  SPARE,
  STATUS_KEY,
  statusList,
  STRANGER,
  trustIn,
} from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { bundleOf, damaged } from "./bundles.ts";
import { taken, takenWith } from "./lists.ts";

const TRUST = await trustIn(await document());
const LIST = await statusList();

test("a list takes the place of an older one", async () => {
  const store = await TRUST.withStatusList(LIST);
  assert.equal(await taken(LIST, store), null);
  assert.equal(await takenWith({ claims: { 6: PUBLISHED + 1 } }, store), null);
  assert.equal(await takenWith({ entries: [[1, 1]] }, store), "fork");
  const newer = await TRUST.withStatusList(await statusList({ claims: { 6: PUBLISHED + 1 } }));
  assert.equal(await taken(LIST, newer), "rollback");
  assert.equal(await takenWith({ number: 2 }, newer), null);
  // One that does not pass the rules does not count.
  for (const held of [
    damaged(LIST),
    await statusList({ number: 2, claims: { 6: PUBLISHED + 1 } }),
  ]) {
    const row = { name: ISSUER, token: await document(), lists: [[1, held]] as const };
    assert.equal(await taken(LIST, bundleOf([row], [])), null);
  }
});

test("whose list it is", async () => {
  const both = await TRUST.withIssuerDocument(
    await document({
      claims: { 1: OTHER_ISSUER },
      body: { 8: [signingKey(SPARE), signingKey(STATUS_KEY, 1)] },
    }),
    ROOT.publicKey,
  );
  const count = async (store: TrustStore): Promise<number[]> =>
    Promise.all(
      [ISSUER, OTHER_ISSUER].map(async (name) => (await store.describe(name)).lists.length),
    );
  // Both documents have the same key and template here: the list is that of both.
  assert.deepEqual(await count(await both.withStatusList(LIST)), [1, 1]);
  assert.deepEqual(await count(await both.withStatusList(LIST, OTHER_ISSUER)), [0, 1]);
  assert.equal(
    await refusal(() => both.withStatusList(LIST, "nobody.example")),
    "status_list_refused",
  );
  // For one of them it is a rollback, and the other takes it all the same.
  const newer = await both.withStatusList(
    await statusList({ claims: { 6: PUBLISHED + 1 } }),
    OTHER_ISSUER,
  );
  assert.deepEqual(await count(await newer.withStatusList(LIST)), [1, 1]);
  assert.equal(await refusal(() => newer.withStatusList(LIST, OTHER_ISSUER)), "rollback");
});

test("nobody may have signed it", async () => {
  const bySet = await TRUST.withKeySet(OTHER_ISSUER, keySet([jwk(SPARE)]));
  assert.equal(
    await refusal(() => bySet.withStatusList(LIST, OTHER_ISSUER)),
    "status_list_refused",
  );
  const stranger = await statusList({ by: STRANGER });
  assert.equal(await refusal(() => TRUST.withStatusList(stranger)), "status_list_refused");
  const hidden = bundleOf([{ name: ISSUER, token: await document() }], [[KEY, 0]]);
  assert.equal(await refusal(() => hidden.withStatusList(LIST)), "status_list_refused");
  assert.equal(await refusal(() => hidden.withStatusList(LIST, ISSUER)), null);
  const header = encode(map({ 1: -19, 16: "application/statuslist+cwt" }));
  const noKid = await signedWith(header, encode(map({})), STATUS_KEY);
  assert.equal(await refusal(() => TRUST.withStatusList(noKid)), "status_list_refused");
});
