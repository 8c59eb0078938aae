/** Sealed shares: docs/spec.md, section 15.8. */
import assert from "node:assert/strict";
import { createCipheriv, hkdfSync } from "node:crypto";
import { test } from "node:test";
import { readFrame } from "../../src/codec/frame.ts";
import { joined } from "../../src/codec/joined.ts";
import { openSealed, sealedName } from "../../src/crypto/sealed.ts";
import { bytes, type Encodable, encode, map } from "../encoding.ts";
import { assertRefusedLater } from "../codec/refused.ts";
import { largeRecord, record, share, token } from "../codec/tokens.ts";
import { golden } from "../codec/vector_files.ts";

const SECRET = Uint8Array.from({ length: 32 }, (_, i) => i);
const ISSUER = "learn.example.edu";
const NONCE = new Uint8Array(12).fill(3);
const NAME = "c4ec1efaebf48cd9d887bb80f4c4c66f";

/** What a sealed file is made of; by itself a sound one. */
interface Parts {
  readonly header?: Encodable;
  readonly unprotected?: Encodable;
  readonly plaintext?: Uint8Array;
  readonly name?: string;
  readonly secret?: Uint8Array;
  readonly tag?: Uint8Array;
}

function filled(whole: Uint8Array, size: number, first = 0x80): Uint8Array {
  const plaintext = new Uint8Array(size);
  plaintext.set(whole);
  plaintext[whole.length] = first;
  return plaintext;
}

function protectedHeader(labels: Encodable = map({ 1: 3, 15: map({ 1: ISSUER }) })): Uint8Array {
  return encode(labels);
}

/** Sealed with Node's own functions, not those of the module. */
function ciphertext(parts: Parts): Uint8Array {
  const header = parts.header instanceof Uint8Array ? parts.header : protectedHeader();
  const key = hkdfSync("sha256", parts.secret ?? SECRET, "", "signedcert sealed share key", 32);
  const name = new TextEncoder().encode(parts.name ?? NAME);
  const cipher = createCipheriv("aes-256-gcm", new Uint8Array(key), NONCE);
  cipher.setAAD(encode(["Encrypt0", header, name]));
  const plaintext = parts.plaintext ?? filled(share(), 4096);
  return joined(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

function sealed(parts: Parts = {}): Uint8Array {
  const header = parts.header ?? protectedHeader();
  const content = [header, parts.unprotected ?? map({ 5: NONCE }), ciphertext(parts)];
  return joined(parts.tag ?? bytes("d0"), encode(content));
}

test("a sound file gives the issuer that it claims, and the share", async () => {
  const { issuer, frame } = await openSealed(SECRET, sealed());
  assert.equal(issuer, ISSUER);
  assert.deepEqual(frame, readFrame(share()));
});

test("the name of the file", async () => {
  assert.equal(await sealedName(SECRET), NAME);
  assert.notEqual(await sealedName(new Uint8Array(32)), NAME);
});

test("the golden sealed files", async () => {
  for (const [name, vector] of golden("golden-records")) {
    const secret = bytes(vector.secret);
    assert.equal(await sealedName(secret), vector.sealed_name, name);
    const file = new Uint8Array(Buffer.from(vector.sealed_file, "base64url"));
    const { issuer, frame } = await openSealed(secret, file);
    assert.equal(issuer, vector.record.issuer, name);
    assert.deepEqual(frame.token, bytes(vector.share), name);
  }
});

test("every size, and the least that is longer than the share", async () => {
  const large = share(largeRecord(40000));
  const medium = share(record([new Uint8Array(12000)]));
  const cases: [Uint8Array, number][] = [
    [share(), 4096],
    [share(record([new Uint8Array(5000)])), 8192],
    [medium, 16384],
    [share(record([new Uint8Array(14000), new Uint8Array(14001)])), 32768],
    [large, 65536],
  ];
  for (const [whole, size] of cases) {
    const { frame } = await openSealed(SECRET, sealed({ plaintext: filled(whole, size) }));
    assert.deepEqual(frame.token, whole);
    for (const other of [4096, 8192, 16384, 32768, 65536]) {
      if (other <= size) continue;
      const plaintext = filled(whole, other);
      await assertRefusedLater(openSealed(SECRET, sealed({ plaintext })), "sealed_file_refused");
    }
  }
});

test("a share that fills a size is in the next", async () => {
  const within = record([new Uint8Array(3500)]);
  const length = share(within, { payload: new Uint8Array(300) }).length;
  const exact = (size: number) => share(within, { payload: new Uint8Array(300 + size - length) });
  const [shorter, full] = [exact(4095), exact(4096)];
  assert.deepEqual([shorter.length, full.length], [4095, 4096]);
  const short = await openSealed(SECRET, sealed({ plaintext: filled(shorter, 4096) }));
  assert.equal(short.frame.token.length, 4095);
  const next = await openSealed(SECRET, sealed({ plaintext: filled(full, 8192) }));
  assert.equal(next.frame.token.length, 4096);
});

const LABELS: Record<string, Encodable> = {
  "another algorithm": map({ 1: 1, 15: map({ 1: ISSUER }) }),
  "no algorithm": map({ 15: map({ 1: ISSUER }) }),
  "no issuer": map({ 1: 3 }),
  "no claims": map({ 1: 3, 15: map({}) }),
  "claims that are no map": map({ 1: 3, 15: ISSUER }),
  "an issuer that is no text": map({ 1: 3, 15: map({ 1: 5 }) }),
  "an empty issuer": map({ 1: 3, 15: map({ 1: "" }) }),
  "an issuer in capitals": map({ 1: 3, 15: map({ 1: "Learn.example.edu" }) }),
  "an issuer of 201 characters": map({ 1: 3, 15: map({ 1: `a.example/${"a".repeat(191)}` }) }),
  "a claim more": map({ 1: 3, 15: map({ 1: ISSUER, 2: "a" }) }),
  "a label more": map({ 1: 3, 4: NONCE, 15: map({ 1: ISSUER }) }),
  "no map": [1, 3],
};

const FAULTS: Record<string, Uint8Array> = {
  "no bytes": new Uint8Array(0),
  "the tag alone": bytes("d0"),
  "another tag": sealed({ tag: bytes("d2") }),
  "a longer head of the tag": sealed({ tag: bytes("d810") }),
  "no tag": sealed().subarray(1),
  "a share by itself": share(),
  "a byte after it": joined(sealed(), bytes("00")),
  "cut off": sealed().subarray(0, -1),
  "an array of 2": bytes("d08240a0"),
  "an array of 4": joined(bytes("d084"), sealed().subarray(2), bytes("00")),
  "no array": bytes("d0a0"),
  "a header that is no byte string": sealed({ header: map({}) }),
  "a header that is no CBOR": sealed({ header: bytes("ff") }),
  "an empty header": sealed({ header: new Uint8Array(0) }),
  "no nonce": sealed({ unprotected: map({}) }),
  "a nonce of 11": sealed({ unprotected: map({ 5: NONCE.subarray(1) }) }),
  "a nonce of 13": sealed({ unprotected: map({ 5: new Uint8Array(13) }) }),
  "a nonce of text": sealed({ unprotected: map({ 5: "twelve bytes" }) }),
  "a label beside the nonce": sealed({ unprotected: map({ 4: NONCE, 5: NONCE }) }),
  "an unprotected header that is no map": sealed({ unprotected: NONCE }),
  "another nonce": sealed({ unprotected: map({ 5: new Uint8Array(12) }) }),
  "another secret": sealed({ secret: new Uint8Array(32) }),
  "another name": sealed({ name: NAME.replace("c4", "c5") }),
  "a name in capitals": sealed({ name: NAME.toUpperCase() }),
  "a size that is none": sealed({ plaintext: filled(share(), 4095) }),
  "no size": sealed({ plaintext: new Uint8Array(0) }),
  "more than 65,536 bytes": sealed({ plaintext: filled(share(), 131072) }),
  "nothing but zeros": sealed({ plaintext: new Uint8Array(4096) }),
  "filled up with another byte": sealed({ plaintext: filled(share(), 4096, 0x81) }),
  "filled up without 80": sealed({ plaintext: filled(share(), 4096, 0) }),
  "a byte in the filling": sealed({
    plaintext: filled(share(), 4096).map((byte, i) => (i === 4095 ? 1 : byte)),
  }),
  "a certificate": sealed({ plaintext: filled(token(), 4096) }),
  "a record": sealed({ plaintext: filled(record(), 4096) }),
};
for (const [what, labels] of Object.entries(LABELS)) {
  FAULTS[`a header with ${what}`] = sealed({ header: protectedHeader(labels) });
}

for (const [what, file] of Object.entries(FAULTS)) {
  test(`refused: ${what}`, async () => {
    await assertRefusedLater(openSealed(SECRET, file), "sealed_file_refused");
  });
}

test("refused: more than 66,048 bytes, and not read", async () => {
  const file = new Uint8Array(66049).fill(0xd0);
  await assertRefusedLater(openSealed(SECRET, file), "sealed_file_refused");
});

test("a bit turned anywhere is refused", async () => {
  const file = sealed();
  for (let bit = 0; bit < 8 * 80; bit++) {
    for (const at of [bit >> 3, file.length - 1 - (bit >> 3)]) {
      const changed = file.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
      await assertRefusedLater(openSealed(SECRET, changed), "sealed_file_refused");
    }
  }
});

test("where what comes out has a fault of its frame, that is the reason", async () => {
  const open = (plaintext: Uint8Array) => openSealed(SECRET, sealed({ plaintext }));
  await assertRefusedLater(open(filled(new Uint8Array(0), 4096)), "empty_input");
  await assertRefusedLater(open(filled(bytes("00"), 4096)), "not_a_token");
  await assertRefusedLater(open(filled(share().subarray(0, -1), 4096)), "not_deterministic");
  await assertRefusedLater(open(filled(share(share()), 4096)), "wrong_type");
  await assertRefusedLater(open(filled(share(token()), 4096)), "wrong_type");
  const short = share(record(), { signature: bytes("00") });
  await assertRefusedLater(open(filled(short, 4096)), "not_a_token");
  const large = new Uint8Array(41217).fill(0xd2);
  await assertRefusedLater(open(filled(large, 65536)), "too_large");
});

test("a share that ends in zeros, or in 80", async () => {
  for (const last of [0x00, 0x80]) {
    const whole = share(record(), { signature: new Uint8Array(64).fill(last) });
    const { frame } = await openSealed(SECRET, sealed({ plaintext: filled(whole, 4096) }));
    assert.deepEqual(frame.token, whole);
  }
});
