// The issuer document and the status list of docs/spec.md, appendix A.5 and A.6.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { joined } from "../../src/codec/joined.ts";
import { toHex } from "../../src/crypto/digest.ts";
import { documentOnFirstUse, statusListUri } from "../../src/trust/first_use.ts";
import { TrustStore } from "../../src/trust/store.ts";
import { certificate, Signer } from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { damaged } from "./bundles.ts";
import { at, found, verify } from "../verify/verdicts.ts";

const SPEC = readFileSync(new URL("../../../docs/spec.md", import.meta.url), "utf8");
const PUBLISHED = 1793491200;

/** The bytes of a generated block: what stands before the `#` of each line. */
function block(name: string): Uint8Array {
  const text = SPEC.split(`<!-- generated: ${name} -->`)[1]?.split("<!-- end -->")[0] ?? "";
  const lines = (text.split("```text\n")[1]?.split("```")[0] ?? "").split("\n");
  const hex = lines.map((line) => line.split("#")[0] ?? "").join("");
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

const keys = block("trust-keys");
const [root, thumbprint] = [keys.subarray(32, 64), keys.subarray(64, 96)];
const frame = block("document-frame");
/** Behind the payload: the head of the signature and its 64 bytes. */
const behind = frame.length - 66;
const DOCUMENT = joined(
  frame.subarray(0, behind),
  block("document-payload"),
  frame.subarray(behind),
);
const LIST = block("status-token");
const SIGNER = await Signer.fromSeed(
  Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex"),
);

test("the document is reached from its root, by key or thumbprint", async () => {
  assert.equal(DOCUMENT.length, frame.length + 469);
  for (const told of [root, thumbprint]) {
    const store = await TrustStore.empty().withIssuerDocument(DOCUMENT, told);
    const description = await store.describe("learn.example.edu");
    assert.equal(description.problem, null);
    assert.equal(description.epoch, 1);
    assert.equal(description.roots[0]?.thumbprint, toHex(thumbprint));
    assert.deepEqual(description.document?.names, [{ name: "Example University" }]);
    assert.deepEqual([description.asOf, description.nextUpdate], [PUBLISHED, 1809043200]);
  }
  const { store, issuer, root: used } = await documentOnFirstUse(DOCUMENT);
  assert.deepEqual([store.issuers, issuer, used], [[issuer], "learn.example.edu", root]);
  assert.equal(await refusal(() => documentOnFirstUse(damaged(DOCUMENT))), "untrusted_root");
});

test("the list is the draft's, and its second entry is suspended", async () => {
  const trust = await TrustStore.empty().withIssuerDocument(DOCUMENT, root);
  const store = await trust.withStatusList(LIST);
  const values = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
  const words = ["PASSED ok", "FAILED revoked", "FAILED suspended", "UNKNOWN status_unknown"];
  for (const [index, value] of values.entries()) {
    const token = await certificate({
      by: SIGNER,
      claims: { 6: PUBLISHED },
      body: { 12: [1, index] },
    });
    const verdict = await verify(token, store, at(PUBLISHED + 5));
    assert.equal(found(verdict, "STATUS"), `${words[value]} ${PUBLISHED}`);
  }
  const { document, lists } = await store.describe("learn.example.edu");
  assert.deepEqual(lists, [{ number: 1, iat: PUBLISHED, end: 1794096000, problem: null }]);
  assert.ok(document !== null);
  assert.equal(statusListUri(document, 1), "https://learn.example.edu/status/1.cwt");
  assert.equal(statusListUri({ ...document, statusLists: null }, 1), null);
});
