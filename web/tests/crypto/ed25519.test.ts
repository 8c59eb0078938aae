/** When a signature is accepted: docs/spec.md, section 5.4. */
import assert from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { mock, test } from "node:test";
import { accepts, ed25519Supported } from "../../src/crypto/ed25519.ts";
import { bytes } from "../encoding.ts";
import { vectorText } from "../codec/vector_files.ts";

const L = (1n << 252n) + 27742317777372353535851937790883648493n;

interface Case {
  readonly key: string;
  readonly message: string;
  readonly signature: string;
}

function accepted({ key, message, signature }: Case): Promise<boolean> {
  return accepts(bytes(key), bytes(message), bytes(signature));
}

/** RFC 8032, section 7.1, test 3. */
const GOOD: Case = {
  key: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  message: "af82",
  signature:
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
};

test("WebCrypto has Ed25519 here", async () => {
  assert.equal(await ed25519Supported(), true);
});

test("RFC 8032", async () => {
  const cases: { pub: string; msg: string; sig: string }[] = JSON.parse(
    vectorText("rfc8032/rfc8032-ed25519.json"),
  );
  assert.equal(cases.length, 4);
  for (const { pub: key, msg: message, sig: signature } of cases) {
    assert.equal(await accepted({ key, message, signature }), true);
    assert.equal(await accepted({ key, message: `${message}00`, signature }), false);
  }
});

test("speccheck: of its twelve cases, the rule accepts case 3", async () => {
  const cases: { message: string; pub_key: string; signature: string }[] = JSON.parse(
    vectorText("ed25519-speccheck/cases.json"),
  );
  const verdicts: boolean[] = [];
  for (const { message, pub_key: key, signature } of cases) {
    verdicts.push(await accepted({ key, message, signature }));
  }
  assert.deepEqual(
    verdicts,
    cases.map((_, i) => i === 3),
  );
  assert.equal(cases.length, 12);
});

test("Wycheproof", async () => {
  const file: {
    numberOfTests: number;
    testGroups: {
      publicKey: { pk: string };
      tests: { tcId: number; msg: string; sig: string; result: string }[];
    }[];
  } = JSON.parse(vectorText("wycheproof/ed25519_test.json"));
  let count = 0;
  for (const { publicKey, tests } of file.testGroups) {
    for (const { tcId, msg: message, sig: signature, result } of tests) {
      const verdict = await accepted({ key: publicKey.pk, message, signature });
      assert.equal(verdict, result === "valid", `case ${tcId}`);
      count++;
    }
  }
  assert.equal(count, file.numberOfTests);
});

test("rule 1: a key of 32 bytes, a signature of 64", async () => {
  const { key, message, signature } = GOOD;
  assert.equal(await accepted(GOOD), true);
  for (const other of ["", key.slice(2), `${key}00`]) {
    assert.equal(await accepted({ key: other, message, signature }), false);
  }
  for (const other of ["", signature.slice(2), `${signature}00`]) {
    assert.equal(await accepted({ key, message, signature: other }), false);
  }
});

function littleEndian(number: bigint): string {
  const hex = number.toString(16).padStart(64, "0");
  return Buffer.from(hex, "hex").reverse().toString("hex");
}

function fromLittleEndian(hex: string): bigint {
  return BigInt(`0x${Buffer.from(hex, "hex").reverse().toString("hex")}`);
}

test("rule 2: S is less than L", async () => {
  const { key, message, signature } = GOOD;
  const commitment = signature.slice(0, 64);
  const scalar = fromLittleEndian(signature.slice(64));
  for (let times = 1n; scalar + times * L < 1n << 256n; times++) {
    const other = commitment + littleEndian(scalar + times * L);
    assert.equal(await accepted({ key, message, signature: other }), false, `S + ${times} L`);
  }
});

/** The encodings of section 5.4, without those that have the top bit set. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
];

function withTopBit(point: string): string {
  const changed = bytes(point);
  changed[31] = (changed[31] ?? 0) ^ 0x80;
  return Buffer.from(changed).toString("hex");
}

/**
 * Whether the attempts are refused by the checks before WebCrypto, which here would take anything.
 * Without that, libraries that refuse the same would hide that a check is missing.
 */
async function assertRefusedBefore(attempts: readonly Case[]): Promise<void> {
  assert.equal(await ed25519Supported(), true);
  const verify = mock.method(crypto.subtle, "verify", () => Promise.resolve(true));
  try {
    assert.equal(await accepted({ ...GOOD, message: "00" }), true);
    for (const attempt of attempts) assert.equal(await accepted(attempt), false);
    assert.equal(verify.mock.callCount(), 1);
  } finally {
    verify.mock.restore();
  }
}

test("rule 4: neither A nor R is of small order", async () => {
  const points = SMALL_ORDER.flatMap((point) => [point, withTopBit(point)]);
  assert.equal(new Set(points).size, 10);
  const scalar = GOOD.signature.slice(64);
  await assertRefusedBefore(points.map((key) => ({ ...GOOD, key })));
  await assertRefusedBefore(points.map((point) => ({ ...GOOD, signature: point + scalar })));
});

test("rule 4: points of mixed order are not refused as such", async () => {
  const mixed = "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d";
  const verify = mock.method(crypto.subtle, "verify", () => Promise.resolve(true));
  assert.equal(await accepted({ ...GOOD, key: mixed }), true);
  verify.mock.restore();
});

test("rule 3: y is less than p, in A and in R", async () => {
  const p = (1n << 255n) - 19n;
  const scalar = GOOD.signature.slice(64);
  const attempts: Case[] = [];
  for (let above = 0n; above < 19n; above++) {
    const encoding = littleEndian(p + above);
    for (const point of [encoding, withTopBit(encoding)]) {
      attempts.push({ ...GOOD, key: point }, { ...GOOD, signature: point + scalar });
    }
  }
  await assertRefusedBefore(attempts);
  // The greatest y below p is of small order; the one before it is not.
  const verify = mock.method(crypto.subtle, "verify", () => Promise.resolve(true));
  assert.equal(await accepted({ ...GOOD, key: littleEndian(p - 2n) }), true);
  verify.mock.restore();
});

test("rules 1 and 2, whatever WebCrypto says", async () => {
  const { signature } = GOOD;
  const commitment = signature.slice(0, 64);
  await assertRefusedBefore([
    { ...GOOD, key: GOOD.key.slice(2) },
    { ...GOOD, signature: signature.slice(2) },
    { ...GOOD, signature: commitment + littleEndian(L) },
    { ...GOOD, signature: commitment + littleEndian(L + 1n) },
    { ...GOOD, signature: commitment + "ff".repeat(32) },
  ]);
  const verify = mock.method(crypto.subtle, "verify", () => Promise.resolve(true));
  const greatest = commitment + littleEndian(L - 1n);
  assert.equal(await accepted({ ...GOOD, signature: greatest }), true);
  verify.mock.restore();
});

test("rule 5: a key that is no point of the curve accepts nothing", async () => {
  for (let y = 2n; y < 30n; y++) {
    assert.equal(await accepted({ ...GOOD, key: littleEndian(y) }), false);
  }
});

test("what is checked is left as it was, in a Buffer of Node as well", async () => {
  const key = Buffer.from(withTopBit(GOOD.key), "hex");
  const before = Buffer.from(key);
  assert.equal(await accepts(key, bytes(GOOD.message), Buffer.from(GOOD.signature, "hex")), false);
  assert.deepEqual(key, before);
});

test("a bit turned anywhere is refused", async () => {
  for (const part of ["key", "message", "signature"] as const) {
    const original = bytes(GOOD[part]);
    for (let bit = 0; bit < original.length * 8; bit++) {
      const changed = original.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const attempt = { ...GOOD, [part]: Buffer.from(changed).toString("hex") };
      assert.equal(await accepted(attempt), false, `${part}, bit ${bit}`);
    }
  }
});

test("what OpenSSL signs is accepted, parts of larger memory included", async () => {
  const head = Buffer.from("302e020100300506032b657004220420", "hex");
  for (let seed = 0; seed < 20; seed++) {
    const der = Buffer.concat([head, Buffer.alloc(32, seed)]);
    const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    const jwk = privateKey.export({ format: "jwk" });
    const key = new Uint8Array(Buffer.from(jwk.x ?? "", "base64url"));
    const message = new Uint8Array(1000).fill(seed).subarray(0, seed * 50);
    const signature = new Uint8Array(sign(null, message, privateKey));
    assert.equal(await accepts(key, message, signature), true);
    assert.equal(
      await accepts(
        key,
        message,
        signature.map((byte) => byte ^ 1),
      ),
      false,
    );
  }
});
