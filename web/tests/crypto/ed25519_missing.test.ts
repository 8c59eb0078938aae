/** Without Ed25519 in WebCrypto, nothing is said of a signature: docs/spec.md, section 5.4. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { bytes } from "../encoding.ts";

const KEY = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
const SIGNATURE = bytes(
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555" +
    "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
);
const MESSAGE = new Uint8Array(0);

/** The module by itself: it asks once, and keeps the answer. */
async function fresh(name: string): Promise<typeof import("../../src/crypto/ed25519.ts")> {
  return import(`../../src/crypto/ed25519.ts?${name}`);
}

test("an algorithm that is not known", async () => {
  const { accepts, ed25519Supported } = await fresh("unknown");
  const error = new DOMException("Unrecognized name", "NotSupportedError");
  const importKey = mock.method(crypto.subtle, "importKey", () => Promise.reject(error));
  assert.equal(await ed25519Supported(), false);
  await assert.rejects(accepts(KEY, MESSAGE, SIGNATURE), /no Ed25519/);
  // What is wrong by the checks before is wrong all the same.
  assert.equal(await accepts(KEY, MESSAGE, SIGNATURE.subarray(1)), false);
  importKey.mock.restore();
});

for (const always of [true, false]) {
  test(`a library that always says ${always}`, async () => {
    const { accepts, ed25519Supported } = await fresh(`always-${always}`);
    const verify = mock.method(crypto.subtle, "verify", () => Promise.resolve(always));
    assert.equal(await ed25519Supported(), false);
    await assert.rejects(accepts(KEY, MESSAGE, SIGNATURE), /no Ed25519/);
    verify.mock.restore();
  });
}

test("a key that WebCrypto cannot take is a key that accepts nothing", async () => {
  const { accepts, ed25519Supported } = await fresh("key");
  assert.equal(await ed25519Supported(), true);
  for (const name of ["DataError", "OperationError"]) {
    const error = new DOMException("invalid key", name);
    const importKey = mock.method(crypto.subtle, "importKey", () => Promise.reject(error));
    assert.equal(await accepts(KEY, MESSAGE, SIGNATURE), false);
    importKey.mock.restore();
  }
  assert.equal(await accepts(KEY, MESSAGE, SIGNATURE), true);
});

test("any other error is an error", async () => {
  const { accepts, ed25519Supported } = await fresh("other");
  assert.equal(await ed25519Supported(), true);
  const verify = mock.method(crypto.subtle, "verify", () => Promise.reject(new Error("no memory")));
  await assert.rejects(accepts(KEY, MESSAGE, SIGNATURE), /no memory/);
  verify.mock.restore();
});

test("no WebCrypto at all, as in a page that was opened over plain http", async () => {
  const { accepts, ed25519Supported } = await fresh("none");
  const subtle = mock.getter(crypto, "subtle", () => undefined);
  assert.equal(await ed25519Supported(), false);
  await assert.rejects(accepts(KEY, MESSAGE, SIGNATURE), /no Ed25519/);
  subtle.mock.restore();
});
