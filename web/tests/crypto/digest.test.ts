/** Digests, thumbprints and the comparison of bytes: docs/spec.md, section 3.2. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  compareBytes,
  fromHex,
  kidOf,
  sameBytes,
  sha256,
  thumbprint,
  toHex,
} from "../../src/crypto/digest.ts";
import { joined } from "../../src/codec/joined.ts";
import { workedExample } from "../codec/vector_files.ts";

test("SHA-256, of a part of a buffer as well", async () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => i);
  for (const part of [bytes, bytes.subarray(7, 100), bytes.subarray(0, 0)]) {
    const expected = createHash("sha256").update(part).digest();
    assert.deepEqual(Buffer.from(await sha256(part)), expected);
  }
});

test("SHA-256 of memory that is shared", async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(8), 2, 4).fill(9);
  const expected = createHash("sha256")
    .update(Uint8Array.of(9, 9, 9, 9))
    .digest("hex");
  assert.equal(toHex(await sha256(shared)), expected);
});

test("thumbprint and kid of appendix A", async () => {
  const example = workedExample("key");
  const publicKey = example.subarray(32, 64);
  const input = example.subarray(64, 104);
  assert.deepEqual(await sha256(input), example.slice(104, 136));
  assert.deepEqual(await thumbprint(publicKey), example.slice(104, 136));
  assert.deepEqual(await kidOf(publicKey), example.slice(136));
  await assert.rejects(thumbprint(joined(publicKey, publicKey)), RangeError);
});

test("bytes are the same, or in bytewise order", () => {
  const ordered = ["", "00", "0000", "0001", "01", "7f", "80", "8000", "ff"].map(fromHex);
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) {
      assert.equal(Math.sign(compareBytes(a, b)), Math.sign(i - j));
      assert.equal(sameBytes(a, b), i === j);
    }
  }
});

test("hexadecimal", () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.equal(toHex(all), Buffer.from(all).toString("hex"));
  assert.deepEqual(fromHex(toHex(all)), all);
  assert.deepEqual(fromHex("aBCd"), Uint8Array.of(0xab, 0xcd));
  for (const text of ["0", "0g", "0 1", "0x", "٠٠", "00\n", "-1"]) {
    assert.throws(() => fromHex(text), /not hexadecimal/);
  }
});
