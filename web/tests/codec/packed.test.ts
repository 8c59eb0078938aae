/** Packed forms: docs/spec.md, section 7.1, and the golden vectors. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { packedFromText } from "../../src/codec/carriers.ts";
import { dictionary1 } from "../../src/codec/dictionary.ts";
import { readFrame } from "../../src/codec/frame.ts";
import { joined } from "../../src/codec/joined.ts";
import { unpack } from "../../src/codec/packed.ts";
import type { Reason } from "../../src/verdict.ts";
import { bytes } from "../encoding.ts";
import { assertRefused } from "./refused.ts";
import { header, KID, record, share, SIGNATURE, token } from "./tokens.ts";
import { dictionary, dictionaryFile, golden, workedExample } from "./vector_files.ts";

function deflated(data: Uint8Array): Uint8Array {
  return deflateRawSync(data, { dictionary: dictionaryFile });
}

function form01(payload: Uint8Array): Uint8Array {
  return joined(bytes("01"), KID, SIGNATURE, deflated(payload));
}

function form02(whole: Uint8Array): Uint8Array {
  return joined(bytes("02"), deflated(whole));
}

function unpackedToken(packed: Uint8Array): Uint8Array {
  const unpacked = unpack(packed, dictionary);
  assert(unpacked.kind === "token");
  assert.deepEqual(unpacked.frame.token, unpacked.token);
  return unpacked.token;
}

const NEWER = header("application/vnd.signedcert.newer");

const FAULTS: [what: string, packed: Uint8Array, reason: Reason][] = [
  ["no bytes", new Uint8Array(0), "empty_input"],
  ["41,233 bytes", new Uint8Array(41233), "too_large"],
  ["41,233 bytes of a newer form", new Uint8Array(41233).fill(3), "too_large"],
  ["form 00", bytes("00"), "unknown_format"],
  ["form 10", bytes("10"), "unknown_format"],
  ["form ff", bytes("ff"), "unknown_format"],
  ["form d2, which is a token", token(), "unknown_format"],
  ["01: fewer than 74 bytes", form01(bytes("00")).subarray(0, 73), "damaged_compression"],
  ["01: the format byte alone", bytes("01"), "damaged_compression"],
  ["01: a stream that is cut off", form01(KID).subarray(0, 75), "damaged_compression"],
  ["01: a byte after the stream", joined(form01(bytes("00")), bytes("00")), "damaged_compression"],
  ["01: nothing comes out", form01(new Uint8Array(0)), "not_a_token"],
  ["01: 16,385 bytes come out", form01(new Uint8Array(16385)), "too_large"],
  ["02: no stream", bytes("02"), "damaged_compression"],
  ["02: a byte after the stream", joined(form02(record()), bytes("00")), "damaged_compression"],
  ["02: nothing comes out", form02(new Uint8Array(0)), "empty_input"],
  ["02: 41,217 bytes come out", form02(new Uint8Array(41217)), "too_large"],
  ["02: no token", form02(bytes("00")), "not_a_token"],
  ["02: a frame with a fault", form02(record([])), "unprotected_header"],
  ["02: a newer token", form02(token({ header: NEWER })), "newer_format"],
  ["02: a certificate", form02(token()), "wrong_packing"],
  ["02: a certificate with a fault", form02(token({ signature: bytes("00") })), "not_a_token"],
  ["04: 32 bytes", new Uint8Array(32).fill(4), "damaged_text"],
  ["04: 34 bytes", new Uint8Array(34).fill(4), "damaged_text"],
  ["04: the format byte alone", bytes("04"), "damaged_text"],
];

for (const [what, packed, reason] of FAULTS) {
  test(`refused: ${what}`, () => assertRefused(() => unpack(packed, dictionary), reason));
}

test("forms of later versions", () => {
  for (let form = 0; form <= 255; form++) {
    if ([1, 2, 4].includes(form)) continue;
    const reason = form >= 3 && form <= 15 ? "newer_format" : "unknown_format";
    assertRefused(() => unpack(Uint8Array.of(form), dictionary), reason, `${form}`);
  }
});

test("form 01 gives the certificate's token, which is sound", () => {
  for (const size of [1, 23, 24, 255, 256, 16384]) {
    const payload = new Uint8Array(size).fill(7);
    const unpacked = unpack(form01(payload), dictionary);
    assert(unpacked.kind === "token");
    assert.deepEqual(unpacked.token, token({ payload }));
    assert.deepEqual(unpacked.frame, readFrame(unpacked.token));
  }
});

test("form 02 gives records and shares", () => {
  for (const whole of [record(), record([bytes("01")]), share()]) {
    assert.deepEqual(unpackedToken(form02(whole)), whole);
  }
});

test("form 04 gives the secret", () => {
  const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
  assert.deepEqual(unpack(joined(bytes("04"), secret), dictionary), { kind: "sealed", secret });
});

test("the golden certificates: packed form, digits and link", () => {
  const vectors = golden("golden");
  assert(vectors.length >= 36);
  for (const [name, vector] of vectors) {
    const whole = bytes(vector.token);
    assert.deepEqual(unpackedToken(bytes(vector.packed)), whole, name);
    assert.deepEqual(unpackedToken(packedFromText(vector.digits)), whole, name);
    assert.deepEqual(unpackedToken(packedFromText(vector.url)), whole, name);
    assert.equal(readFrame(whole).kind, "certificate", name);
  }
});

test("the golden shares: digits, links, and links of sealed shares", () => {
  for (const [name, vector] of golden("golden-records")) {
    const whole = bytes(vector.share);
    assert.deepEqual(unpackedToken(packedFromText(vector.digits)), whole, name);
    assert.deepEqual(unpackedToken(packedFromText(vector.url)), whole, name);
    const sealed = unpack(packedFromText(vector.sealed_url), dictionary);
    assert.deepEqual(sealed, { kind: "sealed", secret: bytes(vector.secret) }, name);
  }
});

test("the packed form of appendix A", () => {
  assert.deepEqual(unpackedToken(workedExample("packed")), workedExample("token"));
});

test("dictionary 1 is taken for what it is, and nothing else", async () => {
  assert.deepEqual(dictionary.bytes, dictionaryFile);
  const changed = dictionaryFile.slice();
  changed[9301] = (changed[9301] ?? 0) ^ 1;
  for (const other of [changed, new Uint8Array(0), dictionaryFile.subarray(1)]) {
    await assert.rejects(dictionary1(other), /dictionary 1/);
  }
  // What was checked is what is used.
  for (const own of [dictionaryFile.slice(), Buffer.from(dictionaryFile)]) {
    const checked = await dictionary1(own);
    own.fill(0);
    assert.deepEqual(checked.bytes, dictionaryFile);
  }
});
