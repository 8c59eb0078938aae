// Another store: docs/spec.md, section 13.2.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinStores } from "../../src/trust/joining.ts";
import { TrustStore } from "../../src/trust/store.ts";
import {
  document,
  handover,
  ISSUER,
  jwk,
  KEY,
  keySet,
  OTHER_ISSUER,
  PUBLISHED,
  ROOT,
  ROOT_2,
  signingKey,
  SPARE,
  STATUS_KEY,
  statusList,
  STRANGER,
  trustIn,
} from "../issuing.ts";
import type { DocumentOptions, Signer } from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { bundleBytes, bundleOf, damaged, index } from "./bundles.ts";

const FIRST = await document();
const TRUST = await trustIn(FIRST);
const OTHERS = await TrustStore.fromKeySet(OTHER_ISSUER, keySet([jwk(SPARE)]));

const trust = async (options: DocumentOptions): Promise<TrustStore> =>
  trustIn(await document(options));

function refused(one: TrustStore, other: TrustStore): Promise<unknown> {
  return refusal(() => joinStores(one, other));
}

async function same(one: TrustStore, other: TrustStore, expected: TrustStore): Promise<void> {
  assert.deepEqual((await joinStores(one, other)).toBundle(), expected.toBundle());
  assert.deepEqual((await joinStores(other, one)).toBundle(), expected.toBundle());
}

test("issuers that only one of them holds", async () => {
  const both = await TRUST.withKeySet(OTHER_ISSUER, keySet([jwk(SPARE)]));
  await same(TRUST, OTHERS, both);
  await same(both, TrustStore.empty(), both);
  await same(both, both, both);
});

test("the newer document wins, over handovers too", async () => {
  await same(TRUST, await trust({ version: 2 }), await trust({ version: 2 }));
  await same(TRUST, await trust({ version: 2, epoch: 3 }), await trust({ version: 2, epoch: 3 }));
});

test("two documents of one version are a fork", async () => {
  const other = await trust({ body: { 4: "https://www.example.edu" } });
  assert.equal(await refused(TRUST, other), "fork");
  assert.equal(await refused(other, TRUST), "fork");
});

/** Somebody else's roots for the same issuer. */
async function strangers(version: number): Promise<TrustStore> {
  const links = [await handover({ roots: [STRANGER.coseKey], by: STRANGER })];
  const body = { 6: [STRANGER.coseKey], 7: links };
  return trustIn(await document({ version, by: STRANGER, body }), STRANGER);
}

test("an older document of other roots is not merely older", async () => {
  for (const version of [1, 5, 9]) {
    for (const epoch of [1, 2]) {
      const mine = await trust({ version: 5, epoch });
      const theirs = await strangers(version);
      assert.ok(
        ["untrusted_root", "broken_handover"].includes(String(await refused(mine, theirs))),
      );
      assert.ok(
        ["untrusted_root", "broken_handover"].includes(String(await refused(theirs, mine))),
      );
    }
  }
});

function pinned(root: Signer, epoch = 1, token = FIRST): TrustStore {
  return bundleOf([{ name: ISSUER, token, epoch, roots: [root.publicKey] }], [[KEY, 0]]);
}

test("of the same document, the other's pin has to lead to it as well", async () => {
  assert.equal(await refused(TRUST, pinned(STRANGER)), "untrusted_root");
  assert.equal(await refused(pinned(STRANGER), TRUST), "untrusted_root");
  assert.equal(await refused(TRUST, pinned(ROOT, 2)), "rollback");
  const second = await document({ epoch: 2 });
  const bothPins = await joinStores(pinned(ROOT, 1, second), pinned(ROOT_2, 2, second));
  const { epoch } = await bothPins.describe(ISSUER);
  assert.equal(epoch, 1);
});

test("what is refused in one of them", async () => {
  const broken = bundleOf([{ name: ISSUER, token: damaged(FIRST) }], [[KEY, 0]]);
  assert.equal(await refused(TRUST, broken), "untrusted_root");
  assert.deepEqual((await (await joinStores(broken, TRUST)).describe(ISSUER)).problem, null);
  const misnamed = bundleOf(
    [{ name: ISSUER, token: await document({ version: 2, claims: { 1: OTHER_ISSUER } }) }],
    [],
  );
  assert.equal(await refused(TRUST, misnamed), "other_issuer");
});

test("key sets are joined with the same key set only", async () => {
  const bySet = await TrustStore.fromKeySet(ISSUER, keySet());
  assert.equal(await refused(TRUST, bySet), "fork");
  assert.equal(await refused(bySet, TRUST), "fork");
  const other = await TrustStore.fromKeySet(ISSUER, keySet([jwk(SPARE)]));
  assert.equal(await refused(bySet, other), "fork");
  await same(bySet, bySet, bySet);
});

test("the newer lists win, and those that are refused are left out", async () => {
  const [old, newer, second] = await Promise.all([
    TRUST.withStatusList(await statusList()),
    TRUST.withStatusList(await statusList({ claims: { 6: PUBLISHED + 1 } })),
    TRUST.withStatusList(await statusList({ number: 2 })),
  ]);
  await same(old, newer, newer);
  await same(newer, second, await newer.withStatusList(await statusList({ number: 2 })));
  const keys = [signingKey(KEY), signingKey(SPARE, 1)];
  const changedKey = await trust({ version: 2, body: { 8: keys } });
  assert.deepEqual((await joinStores(changedKey, old)).toBundle(), changedKey.toBundle());
  const fork = await TRUST.withStatusList(await statusList({ entries: [[1, 1]] }));
  assert.deepEqual((await joinStores(old, fork)).toBundle(), old.toBundle());
});

test("records of both indexes, for the same document only", async () => {
  const one = bundleOf([{ name: ISSUER, token: FIRST }], [[STRANGER, 0]]);
  const joined = await joinStores(one, TRUST);
  assert.deepEqual(
    joined.toBundle().slice(-36),
    index([
      [KEY, 0],
      [STATUS_KEY, 0],
      [STRANGER, 0],
    ]),
  );
  const newer = await joinStores(one, await trust({ version: 2 }));
  assert.deepEqual(
    newer.toBundle().slice(-24),
    index([
      [KEY, 0],
      [STATUS_KEY, 0],
    ]),
  );
  const stays = await joinStores(await trust({ version: 2 }), one);
  assert.deepEqual(stays.toBundle(), (await trust({ version: 2 })).toBundle());
});

/** A bundle of the issuer with an end of the whole, and one of the issuer. */
function dated(whole: readonly [number, number] | null, own: readonly [number, number] | null) {
  const row = { name: ISSUER, token: FIRST, ...(own === null ? {} : { end: own }) };
  const end = whole === null ? {} : { 1: whole[0], 2: whole[1] };
  return TrustStore.fromBundle(
    bundleBytes(
      [row],
      [
        [KEY, 0],
        [STATUS_KEY, 0],
      ],
      end,
    ),
  );
}

const ends = async (store: TrustStore): Promise<unknown> => {
  const { end } = await store.describe(ISSUER);
  return end === null ? null : [end.issuedAt, end.nextUpdate];
};

test("the end of a bundle goes with its issuers", async () => {
  for (const joined of [
    await joinStores(dated([1, 50], null), OTHERS),
    await joinStores(OTHERS, dated([1, 50], null)),
  ]) {
    assert.deepEqual([joined.issuedAt, joined.nextUpdate], [null, null]);
    assert.deepEqual(await ends(joined), [1, 50]);
    assert.equal((await joined.describe(OTHER_ISSUER)).end, null);
  }
  assert.deepEqual(await ends(await joinStores(dated([1, 50], [2, 40]), OTHERS)), [2, 40]);
  assert.deepEqual(await ends(await joinStores(dated([1, 50], [2, 60]), OTHERS)), [1, 50]);
});

test("of equal ends the issuer's own counts, and this store's", async () => {
  assert.deepEqual(await ends(await joinStores(dated([1, 50], [2, 50]), OTHERS)), [2, 50]);
  for (const [mine, theirs] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const joined = await joinStores(dated([mine, 50], null), dated([theirs, 50], null));
    assert.deepEqual(await ends(joined), [mine, 50]);
  }
});

test("of two ends the later one counts, and none where either has none", async () => {
  for (const [one, other, expected] of [
    [dated([1, 50], null), dated([2, 60], null), [2, 60]],
    [dated(null, [1, 50]), dated([2, 40], [3, 70]), [1, 50]],
    [dated([1, 50], null), dated(null, null), null],
  ] as const) {
    assert.deepEqual(await ends(await joinStores(one, other)), expected);
    assert.deepEqual(await ends(await joinStores(other, one)), expected);
  }
});
