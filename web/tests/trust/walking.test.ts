// From a pinned root to today's document: docs/spec.md, section 11.3, row by row.
import assert from "node:assert/strict";
import { test } from "node:test";
import { documentOnFirstUse } from "../../src/trust/first_use.ts";
import { TrustStore } from "../../src/trust/store.ts";
import { encode, map } from "../encoding.ts";
import type { Encodable } from "../encoding.ts";
import {
  certificate,
  document,
  handover,
  handovers,
  headerOf,
  ISSUER,
  KEY,
  OTHER_ISSUER,
  ROOT,
  ROOT_2,
  ROOT_3,
  ROOTS,
  signed,
  signedWith,
  signingKey,
  STRANGER,
} from "../issuing.ts";
import type { DocumentOptions, HandoverOptions, Signer } from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { bundleOf, damaged } from "./bundles.ts";
import { verify } from "../verify/verdicts.ts";

/** A key of another kind (P-256). */
const P256 = map({ 1: 2, [-1]: 1, [-2]: new Uint8Array(32), [-3]: new Uint8Array(32) });

/** Why a document is refused from a pin: that of epoch 1 unless said otherwise. */
async function walked(token: Uint8Array, epoch = 1, roots: Signer[] = [ROOT]): Promise<unknown> {
  const pin = { epoch, roots: roots.map((root) => root.publicKey) };
  const store = bundleOf([{ name: ISSUER, token, ...pin }], []);
  return (await store.describe(ISSUER)).problem;
}

function told(token: Uint8Array, root: Uint8Array): Promise<unknown> {
  return refusal(() => TrustStore.empty().withIssuerDocument(token, root));
}

/** A document of epoch 2 whose second handover is another. */
async function second(options: HandoverOptions, more: DocumentOptions = {}): Promise<Uint8Array> {
  const link = await handover({ epoch: 2, roots: [ROOT_2.coseKey], ...options });
  const body = { 7: [...(await handovers(1)), link], ...more.body };
  return document({ epoch: 2, ...more, body });
}

test("looking in", async () => {
  const fine = await document();
  assert.equal(await walked(fine), null);
  assert.equal(await walked(new Uint8Array(0)), "empty_input");
  assert.equal(await walked(await certificate()), "wrong_type");
  assert.equal(await walked(await signed("bundle", 1, ROOT)), "wrong_type");
  const type = headerOf(ROOT, "application/vnd.signedcert.issuer");
  const loose = await signedWith(type, Uint8Array.of(0x18, 1), ROOT);
  assert.equal(await walked(loose), "not_deterministic");
  for (const payload of [
    5,
    [],
    map({}),
    map({ 1: ISSUER }),
    map({ 1: 5, [-65537]: map({}) }),
    map({ 1: ISSUER, [-65537]: 5 }),
    map({ 1: ISSUER, [-65537]: map({ 0: 1 }) }),
  ]) {
    assert.equal(await walked(await signed("issuer", payload, ROOT)), "schema_violation");
  }
  for (const links of [[], 5, [5], "x", Array.from({ length: 101 }, () => new Uint8Array(1))]) {
    assert.equal(await walked(await document({ body: { 7: links } })), "schema_violation");
  }
});

test("the walk over handovers, from whatever epoch is pinned", async () => {
  const token = await document({ epoch: 4 });
  for (const [place, root] of ROOTS.entries()) {
    assert.equal(await walked(token, place + 1, [root]), null);
    assert.equal(
      await walked(token, place + 1, [STRANGER, root]),
      place === 3 ? "broken_handover" : null,
    );
    assert.notEqual(await walked(token, place + 1, [STRANGER]), null);
  }
  assert.equal(await walked(token, 5, [ROOT]), "rollback");
  assert.equal(await walked(token, 2 ** 53 - 1), "rollback");
});

test("handovers up to the pinned epoch are not looked into", async () => {
  const links = [Uint8Array.of(1), ...(await handovers(2)).slice(1)];
  const token = await document({ epoch: 2, body: { 7: links } });
  assert.equal(await walked(token, 1), null);
  assert.equal(
    await walked(
      await document({ epoch: 2, body: { 7: [Uint8Array.of(1), Uint8Array.of(1)] } }),
      2,
      [ROOT_2],
    ),
    null,
  );
  assert.equal(await told(token, ROOT_2.publicKey), "broken_handover");
});

test("a handover that does not lead on", async () => {
  assert.equal(await walked(await second({})), null);
  for (const options of [
    { by: STRANGER },
    { by: ROOT_2 },
    { epoch: 3 },
    { epoch: 1 },
    { claims: { 1: OTHER_ISSUER } },
    { claims: { 6: null } },
    { claims: { 9: 1 } },
    { body: { 2: 1 } },
    { roots: [] },
    { roots: [5] },
  ] satisfies HandoverOptions[]) {
    assert.equal(await walked(await second(options)), "broken_handover", JSON.stringify(options));
  }
  const links = [
    ...(await handovers(1)),
    damaged(await handover({ epoch: 2, roots: [ROOT_2.coseKey] })),
  ];
  assert.equal(await walked(await document({ epoch: 2, body: { 7: links } })), "broken_handover");
  const certificates = [...(await handovers(1)), await certificate({ by: ROOT })];
  assert.equal(
    await walked(await document({ epoch: 2, body: { 7: certificates } })),
    "broken_handover",
  );
});

test("the document is signed by a root of the last epoch", async () => {
  assert.equal(await walked(await document({ by: STRANGER })), "untrusted_root");
  assert.equal(await walked(damaged(await document())), "untrusted_root");
  assert.equal(await walked(await document({ epoch: 2, by: ROOT })), "untrusted_root");
  const kid = encode(map({ 1: -19, 4: STRANGER.kid, 16: "application/vnd.signedcert.issuer" }));
  const body = { 0: 1, 1: 2, 6: [ROOT.coseKey], 7: await handovers(1) };
  const payload = encode(map({ 1: ISSUER, 6: 1, [-65537]: map(body) }));
  assert.equal(await walked(await signedWith(kid, payload, ROOT)), "untrusted_root");
});

test("the payload is refused, once its signature is known", async () => {
  assert.equal(await walked(await document({ claims: { 6: -1 } })), "schema_violation");
  assert.equal(await walked(await document({ claims: { 7: 1 } })), "unknown_field");
  assert.equal(
    await walked(await document({ body: { 8: [signingKey(KEY, 0, { 1: 2 })] } })),
    "unknown_value",
  );
  assert.equal(await walked(await document({ body: { 0: 0 }, by: STRANGER })), "untrusted_root");
});

async function rooted(document6: Encodable[], handed: Encodable[]): Promise<unknown> {
  const links = [await handover({ roots: handed })];
  return walked(await document({ body: { 6: document6, 7: links } }), 1, [ROOT, ROOT_2]);
}

test("the document lists the roots of the last epoch, in their order", async () => {
  const [one, two] = [ROOT.coseKey, ROOT_2.coseKey];
  assert.equal(await rooted([one, two], [one, two]), null);
  assert.equal(await rooted([one, P256, two], [one, two]), null);
  assert.equal(await rooted([two, one], [one, two]), "broken_handover");
  assert.equal(await rooted([one], [one, two]), "broken_handover");
  assert.equal(await rooted([one, two, ROOT_3.coseKey], [one, two]), "broken_handover");
});

test("first contact by any root that has signed a handover or the document", async () => {
  const token = await document({ epoch: 4 });
  for (const root of ROOTS) {
    for (const bytes of [root.publicKey, root.thumbprint]) {
      const store = await TrustStore.empty().withIssuerDocument(token, bytes);
      const { epoch, roots } = await store.describe(ISSUER);
      assert.equal(epoch, 4);
      assert.deepEqual(
        roots.map(({ key }) => key),
        [ROOTS[3]?.publicKey],
      );
    }
  }
  assert.equal(await told(token, STRANGER.publicKey), "untrusted_root");
  assert.equal(await told(token, new Uint8Array(0)), "untrusted_root");
});

test("first contact by a root that only signs documents", async () => {
  const both = [ROOT.coseKey, ROOT_2.coseKey];
  const first = await handover({ roots: both });
  const token = await document({ by: ROOT_2, body: { 6: both, 7: [first] } });
  assert.equal(await told(token, ROOT_2.publicKey), null);
  const idle = await document({ by: ROOT, body: { 6: both, 7: [first] } });
  assert.equal(await told(idle, ROOT_2.publicKey), "untrusted_root");
  assert.deepEqual((await documentOnFirstUse(idle)).root, ROOT.publicKey);
  for (const options of [
    { epoch: 2 },
    { claims: { 1: OTHER_ISSUER } },
    { body: { 5: 1 } },
    { by: STRANGER },
  ] satisfies HandoverOptions[]) {
    const links = [await handover({ roots: both, ...options })];
    const broken = await document({ by: ROOT_2, body: { 6: both, 7: links } });
    assert.equal(await told(broken, ROOT_2.publicKey), "broken_handover", JSON.stringify(options));
  }
});

test("first contact looks at the frames of all handovers, and finds roots in them", async () => {
  const good = await handovers(2);
  const at = (place: number, link: Uint8Array): Uint8Array[] => good.with(place, link);
  const links = [
    damaged(await handover()).subarray(1),
    await signed("handover", 5, ROOT),
    await signed("handover", map({ 1: ISSUER }), ROOT),
    await signed("handover", map({ 1: 5, [-65537]: map({}) }), ROOT),
    await signedWith(
      headerOf(ROOT, "application/vnd.signedcert.handover"),
      Uint8Array.of(255),
      ROOT,
    ),
  ];
  for (const link of links) {
    for (const place of [0, 1]) {
      const token = await document({ epoch: 2, body: { 7: at(place, link) } });
      assert.equal(await told(token, ROOT_2.publicKey), "broken_handover");
      assert.equal(await told(token, STRANGER.publicKey), "broken_handover");
    }
  }
});

test("first contact by a root that signed a handover of another epoch or issuer", async () => {
  for (const options of [{ epoch: 3 }, { claims: { 1: OTHER_ISSUER } }, { roots: [] }]) {
    assert.equal(
      await told(await second({ by: ROOT_2, ...options }), ROOT_2.publicKey),
      "broken_handover",
    );
  }
});

test("what was taken in by a root verifies what the document's keys signed", async () => {
  const store = await TrustStore.empty().withIssuerDocument(
    await document({ epoch: 3 }),
    ROOT_2.thumbprint,
  );
  assert.equal((await verify(await certificate(), store)).status, "VALID");
});
