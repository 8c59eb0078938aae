// Of more than 16 listed roots, none is looked at: docs/spec.md, section 11.3, looking in, step 4.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TrustStore } from "../../src/trust/store.ts";
import { document, handover, ROOT, Signer, STRANGER } from "../issuing.ts";
import { refusal } from "../refusing.ts";

const OTHERS = await Promise.all(
  Array.from({ length: 15 }, (_, place) => Signer.named(`another root ${place}`)),
);

function told(token: Uint8Array, root: Signer): Promise<unknown> {
  return refusal(() => TrustStore.empty().withIssuerDocument(token, root.publicKey));
}

function keys(...signers: readonly Signer[]): Signer["coseKey"][] {
  return signers.map(({ coseKey }) => coseKey);
}

test("a root that a document lists among 17 is unknown", async () => {
  // It is listed nowhere else, and has signed the first handover.
  const first = await handover({ by: STRANGER });
  for (const [roots, reason] of [
    [keys(ROOT, STRANGER, ...OTHERS.slice(1)), "broken_handover"],
    [keys(ROOT, STRANGER, ...OTHERS), "untrusted_root"],
  ] as const) {
    const token = await document({ body: { 6: roots, 7: [first] } });
    assert.equal(await told(token, STRANGER), reason, `${roots.length} roots`);
  }
});

test("a root that a handover lists among 17 is unknown", async () => {
  const first = await handover();
  for (const [roots, reason] of [
    [keys(STRANGER, ...OTHERS), null],
    [keys(STRANGER, ROOT, ...OTHERS), "untrusted_root"],
  ] as const) {
    const second = await handover({ epoch: 2, roots });
    const body = { 6: roots, 7: [first, second] };
    const token = await document({ by: STRANGER, body });
    assert.equal(await told(token, STRANGER), reason, `${roots.length} roots`);
  }
});
