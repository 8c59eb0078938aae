// Taking in documents and key sets, and removing issuers: docs/spec.md, sections 11.4 and 13.2.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TrustStore } from "../../src/trust/store.ts";
import {
  certificate,
  document,
  FINAL,
  ISSUER,
  jwk,
  KEY,
  keySet,
  OTHER_ISSUER,
  PUBLISHED,
  ROOT,
  ROOT_2,
  SPARE,
  signingKey,
  statusList,
  STATUS_KEY,
  STRANGER,
  trustIn,
} from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { bundleOf, damaged } from "./bundles.ts";
import { found, verify } from "../verify/verdicts.ts";

const FIRST = await document({ version: 3 });
const TRUST = await trustIn(FIRST);

function taken(token: Uint8Array, root?: Uint8Array, store = TRUST): Promise<unknown> {
  return refusal(() => store.withIssuerDocument(token, root));
}

test("an issuer of which nothing is held needs a root", async () => {
  assert.equal(await taken(FIRST, undefined, TrustStore.empty()), "untrusted_root");
  assert.equal(await taken(FIRST, ROOT.publicKey, TrustStore.empty()), null);
  assert.equal(await taken(Uint8Array.of(1), undefined, TrustStore.empty()), "not_a_token");
});

test("versions are compared, and dates are not", async () => {
  const newer = await document({ version: 4, claims: { 6: PUBLISHED - 99 } });
  const store = await TRUST.withIssuerDocument(newer);
  assert.equal((await store.describe(ISSUER)).document?.version, 4);
  assert.equal(
    await taken(await document({ version: 2, claims: { 6: PUBLISHED + 99 } })),
    "rollback",
  );
  assert.equal(
    await taken(await document({ version: 3, body: { 4: "https://a.example" } })),
    "fork",
  );
  const same = await TRUST.withIssuerDocument(FIRST);
  assert.deepEqual(same.toBundle(), TRUST.toBundle());
});

test("nothing follows a final document", async () => {
  const final = await trustIn(await document({ version: 5, body: FINAL }));
  assert.equal(await taken(await document({ version: 6 }), undefined, final), "fork");
  assert.equal(await taken(await document({ version: 4 }), undefined, final), "rollback");
  assert.equal(await taken(await document({ version: 5, body: FINAL }), undefined, final), null);
});

test("the pin moves on with the document", async () => {
  const store = await TRUST.withIssuerDocument(await document({ version: 4, epoch: 2 }));
  const { epoch, roots } = await store.describe(ISSUER);
  assert.equal(epoch, 2);
  assert.deepEqual(
    roots.map(({ key }) => key),
    [ROOT_2.publicKey],
  );
  assert.equal(await taken(FIRST, undefined, store), "rollback");
  assert.equal(await taken(await document({ version: 9 }), undefined, store), "rollback");
});

test("a root that is told as well has to lead to the same document", async () => {
  const newer = await document({ version: 4 });
  assert.equal(await taken(newer, ROOT.thumbprint), null);
  assert.equal(await taken(newer, STRANGER.publicKey), "untrusted_root");
  // The told root leads to this document, but another one is pinned.
  const pinnedElsewhere = bundleOf(
    [{ name: ISSUER, token: FIRST, roots: [STRANGER.publicKey] }],
    [],
  );
  assert.equal(await taken(newer, ROOT.publicKey, pinnedElsewhere), "untrusted_root");
  const handed = await document({ version: 4, epoch: 2 });
  assert.equal(await taken(handed, undefined, pinnedElsewhere), "broken_handover");
  assert.equal(await taken(handed, ROOT.publicKey, pinnedElsewhere), "untrusted_root");
  const ahead = bundleOf([{ name: ISSUER, token: FIRST, epoch: 3 }], []);
  assert.equal(await taken(handed, ROOT.publicKey, ahead), "rollback");
  assert.equal(await taken(await document({ version: 2 }), ROOT.publicKey), "rollback");
});

test("what is refused itself is nothing to compare with", async () => {
  const broken = bundleOf([{ name: ISSUER, token: damaged(FIRST) }], [[KEY, 0]]);
  const healed = await broken.withIssuerDocument(await document({ version: 1 }));
  assert.equal((await verify(await certificate(), healed)).status, "VALID");
});

test("key sets do not mix with anything of the issuer", async () => {
  assert.equal(await refusal(() => TRUST.withKeySet(ISSUER, keySet())), "fork");
  const bySet = await TrustStore.fromKeySet(ISSUER, keySet());
  assert.equal(await refusal(() => bySet.withKeySet(ISSUER, keySet())), "fork");
  assert.equal(await taken(FIRST, ROOT.publicKey, bySet), "untrusted_root");
  const again = await bySet.without(ISSUER).withIssuerDocument(FIRST, ROOT.publicKey);
  assert.deepEqual(again.toBundle(), TRUST.toBundle());
  assert.deepEqual((await TRUST.withKeySet(OTHER_ISSUER, keySet())).issuers, [
    ISSUER,
    OTHER_ISSUER,
  ]);
});

test("removing an issuer removes its pin", async () => {
  const store = TRUST.without(ISSUER);
  assert.deepEqual(store.issuers, []);
  assert.equal(await taken(FIRST, undefined, store), "untrusted_root");
  assert.deepEqual(TRUST.without(OTHER_ISSUER).toBundle(), TRUST.toBundle());
});

test("taking in changes no store, and no verdict on an old one", async () => {
  const before = TRUST.toBundle();
  const revoked = await certificate({ body: { 12: [1, 7] } });
  await verify(revoked, TRUST);
  const listed = await TRUST.withStatusList(await statusList({ entries: [[7, 1]] }));
  await listed.withIssuerDocument(await document({ version: 9, body: { 8: null } }));
  await TRUST.withKeySet(OTHER_ISSUER, keySet());
  assert.deepEqual(TRUST.toBundle(), before);
  assert.equal(found(await verify(revoked, TRUST), "STATUS"), "UNKNOWN status_list_missing");
  assert.equal((await verify(revoked, listed)).status, "INVALID");
});

test("what a store holds is its own, whatever becomes of the bytes it was given", async () => {
  const [token, list, set] = [await document(), await statusList(), keySet()];
  const whole = await TrustStore.empty().withIssuerDocument(token, ROOT.publicKey);
  const store = await (await whole.withStatusList(list)).withKeySet(OTHER_ISSUER, set);
  const bundle = store.toBundle();
  const again = TrustStore.fromBundle(bundle);
  const expected = Uint8Array.from(bundle);
  for (const bytes of [token, list, set, bundle]) {
    bytes.fill(0);
  }
  assert.deepEqual(store.toBundle(), expected);
  assert.deepEqual(again.toBundle(), expected);
  const revocable = await certificate({ body: { 12: [1, 7] } });
  assert.equal((await verify(revocable, again)).status, "VALID");
});

test("a list that was opened makes way for a newer one", async () => {
  const token = await certificate({ body: { 12: [1, 7] } });
  const before = await TRUST.withStatusList(await statusList());
  assert.equal((await verify(token, before)).status, "VALID");
  const newer = await statusList({ entries: [[7, 1]], claims: { 6: PUBLISHED + 1 } });
  const after = await before.withStatusList(newer);
  assert.equal((await verify(token, after)).status, "INVALID");
  assert.equal((await verify(token, before)).status, "VALID");
  const document4 = await document({ version: 4, body: { 8: [signingKey(KEY)] } });
  const withoutKey = await after.withIssuerDocument(document4);
  assert.equal(found(await verify(token, withoutKey), "STATUS"), "UNKNOWN status_list_refused");
});

test("lists stay when a document is replaced, and are seen by its keys", async () => {
  const token = await certificate({ body: { 12: [1, 7] } });
  const listed = await TRUST.withStatusList(await statusList());
  assert.equal((await verify(token, listed)).status, "VALID");
  const other = await document({
    version: 4,
    body: { 8: [signingKey(KEY), signingKey(SPARE, 1)] },
  });
  const replaced = await listed.withIssuerDocument(other);
  assert.equal(found(await verify(token, replaced), "STATUS"), "UNKNOWN status_list_refused");
  const { lists } = await replaced.describe(ISSUER);
  assert.deepEqual(lists, [{ number: 1, iat: null, end: null, problem: "status_list_refused" }]);
});

test("what is held of a refused issuer and of a key set is described", async () => {
  const refused = await bundleOf([{ name: ISSUER, token: damaged(FIRST) }], []).describe(ISSUER);
  assert.deepEqual(
    [refused.problem, refused.document, refused.asOf, refused.epoch],
    ["untrusted_root", null, null, 1],
  );
  const set = await TrustStore.fromKeySet(ISSUER, keySet([jwk(STATUS_KEY)], { iat: 5 }));
  const described = await set.describe(ISSUER);
  assert.deepEqual(
    [described.kind, described.asOf, described.epoch, described.roots, described.end],
    ["key set", 5, null, [], null],
  );
  await assert.rejects(() => set.describe(OTHER_ISSUER), /not in the trust store/);
});
