// Bundles, plain and signed: docs/spec.md, sections 13.1 and 13.3.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TrustStore } from "../../src/trust/store.ts";
import { bytes, encode, map, Raw } from "../encoding.ts";
import {
  certificate,
  document,
  ended,
  FINAL,
  ISSUER,
  jwk,
  KEY,
  keySet,
  LAST,
  OTHER_ISSUER,
  PUBLISHED,
  ROOT,
  signed,
  signingKey,
  SPARE,
  STATUS_KEY,
  statusList,
  STRANGER,
  trustIn,
} from "../issuing.ts";
import type { Changes } from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { bundleBytes, damaged, index, row } from "./bundles.ts";
import type { Records } from "./bundles.ts";
import { verify } from "../verify/verdicts.ts";

const DOCUMENT = await document();
const LISTS = [
  [1, await statusList()],
  [2, await statusList({ number: 2 })],
] as const;
const SET = keySet([jwk(SPARE)]);

async function full(): Promise<TrustStore> {
  let store = await (await trustIn(DOCUMENT)).withKeySet(OTHER_ISSUER, SET);
  for (const [, list] of [...LISTS].reverse()) {
    store = await store.withStatusList(list);
  }
  return store;
}

test("one content, one sequence of bytes", async () => {
  const records: Records = [
    [KEY, 0],
    [STATUS_KEY, 0],
    [SPARE, 1],
  ];
  const mine = row({ name: ISSUER, token: DOCUMENT, lists: LISTS });
  const expected = encode(map({ 0: 1, 3: [mine, [OTHER_ISSUER, SET]], 4: index(records) }));
  const store = await full();
  assert.deepEqual(store.toBundle(), expected);
  const again = TrustStore.fromBundle(expected);
  assert.deepEqual(again.toBundle(), expected);
  assert.deepEqual(again.issuers, [ISSUER, OTHER_ISSUER]);
  assert.deepEqual([again.issuedAt, again.nextUpdate], [null, null]);
  assert.deepEqual(
    TrustStore.empty().toBundle(),
    encode(map({ 0: 1, 3: [], 4: new Uint8Array(0) })),
  );
});

test("the order in which things are taken in does not show", async () => {
  const one = await (
    await TrustStore.fromKeySet(OTHER_ISSUER, SET)
  ).withIssuerDocument(DOCUMENT, ROOT.thumbprint);
  const [[, first], [, second]] = LISTS;
  const other = await (await one.withStatusList(first)).withStatusList(second);
  assert.deepEqual(other.toBundle(), (await full()).toBundle());
});

test("ends are kept, of the whole and of an issuer", () => {
  const end = [PUBLISHED + 5, PUBLISHED] as const;
  const given = bundleBytes([{ name: ISSUER, token: DOCUMENT, end }], [[KEY, 0]], { 1: 7, 2: 9 });
  const store = TrustStore.fromBundle(given);
  assert.deepEqual([store.issuedAt, store.nextUpdate], [7, 9]);
  assert.deepEqual(store.toBundle(), given);
  const dated = encode(map({ 0: 1, 1: 7, 3: [["a.example", SET, 1, LAST]], 4: bytes("") }));
  assert.deepEqual(TrustStore.fromBundle(dated).toBundle(), dated);
});

async function records(body: Changes): Promise<Uint8Array> {
  const store = await trustIn(await document({ body }));
  return store.toBundle().slice(-1000);
}

test("the index names each Ed25519 key, and a final document's roots", async () => {
  const p256 = map({ 1: 2, [-1]: 1, [-2]: STRANGER.publicKey });
  const keys = [
    signingKey(KEY, 0, ended(1, 5)),
    signingKey(STATUS_KEY, 1, ended(0, 5)),
    signingKey(SPARE),
    signingKey(STRANGER, 0, { 0: p256 }),
  ];
  const expected = index([
    [KEY, 0],
    [STATUS_KEY, 0],
    [SPARE, 0],
  ]);
  assert.deepEqual((await records({ 8: keys })).slice(-36), expected);
  const final = index([
    [KEY, 0],
    [STATUS_KEY, 0],
    [SPARE, 0],
    [ROOT, 0],
  ]);
  assert.deepEqual((await records({ 8: keys, ...FINAL })).slice(-48), final);
  assert.deepEqual((await records({ 8: null })).slice(-2), bytes("0440"));
});

test("a bundle's own records stay until a newer document is taken in", async () => {
  const odd: Records = [[STRANGER, 0]];
  const store = TrustStore.fromBundle(bundleBytes([{ name: ISSUER, token: DOCUMENT }], odd));
  assert.deepEqual((await store.withIssuerDocument(DOCUMENT)).toBundle(), store.toBundle());
  const listed = await store.withStatusList(LISTS[0][1], ISSUER);
  assert.deepEqual(listed.toBundle().slice(-12), index(odd));
  const newer = await store.withIssuerDocument(await document({ version: 2 }));
  assert.deepEqual(
    newer.toBundle().slice(-24),
    index([
      [KEY, 0],
      [STATUS_KEY, 0],
    ]),
  );
});

test("positions follow the issuers when one is removed", async () => {
  const store = (await full()).without(ISSUER);
  assert.deepEqual(store.toBundle(), (await TrustStore.fromKeySet(OTHER_ISSUER, SET)).toBundle());
});

test("a damaged issuer is refused for verification, and the others are not", async () => {
  const token = damaged(DOCUMENT);
  const other = await document({ claims: { 1: OTHER_ISSUER } });
  const store = TrustStore.fromBundle(
    bundleBytes(
      [
        { name: ISSUER, token },
        { name: OTHER_ISSUER, token: other },
      ],
      [
        [KEY, 0],
        [KEY, 1],
      ],
    ),
  );
  const theirs = await certificate({ claims: { 1: OTHER_ISSUER } });
  assert.equal((await verify(theirs, store)).status, "VALID");
  assert.equal((await verify(await certificate(), store)).status, "INDETERMINATE");
  const misnamed = TrustStore.fromBundle(bundleBytes([{ name: ISSUER, token: other }], []));
  assert.equal((await misnamed.describe(ISSUER)).problem, "other_issuer");
  const noSet = TrustStore.fromBundle(
    encode(map({ 0: 1, 3: [[ISSUER, bytes("7b")]], 4: bytes("") })),
  );
  assert.equal((await noSet.describe(ISSUER)).problem, "schema_violation");
});

test("a bundle that a list operator signed", async () => {
  const payload = map({ 0: 1, 3: [row({ name: ISSUER, token: DOCUMENT })], 4: index([[KEY, 0]]) });
  const token = await signed("bundle", payload, STRANGER);
  const store = await TrustStore.fromSignedBundle(token, STRANGER.publicKey);
  assert.deepEqual(store.toBundle(), encode(payload));
  const refused = (bundle: Uint8Array, key: Uint8Array = STRANGER.publicKey): Promise<unknown> =>
    refusal(() => TrustStore.fromSignedBundle(bundle, key));
  assert.equal(await refused(token, SPARE.publicKey), "signature_mismatch");
  assert.equal(await refused(token, new Uint8Array(0)), "signature_mismatch");
  assert.equal(await refused(damaged(token)), "signature_mismatch");
  assert.equal(await refused(encode(payload)), "not_a_token");
  assert.equal(await refused(await signed("issuer", payload, STRANGER)), "wrong_type");
  assert.equal(await refused(await signed("bundle", map({ 0: 2 }), STRANGER)), "newer_format");
  assert.equal(await refusal(() => TrustStore.fromBundle(token)), "wrong_type");
  assert.equal(
    await refused(await signed("bundle", new Raw(token), STRANGER)),
    "not_deterministic",
  );
});
