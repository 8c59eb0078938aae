/** The CBOR profile: docs/spec.md, section 4.1, rule by rule. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, decodeRecordPayload, encodeHead } from "../../src/codec/cbor.ts";
import { SIMPLE_59, type Value } from "../../src/codec/values.ts";
import { bytes, encode, head, map, Pairs, SIMPLE_59_KEY } from "../encoding.ts";
import { assertRefused } from "./refused.ts";

const MAX = Number.MAX_SAFE_INTEGER;

function refused(...items: string[]): void {
  for (const hex of items) assertRefused(() => decode(bytes(hex)), "not_deterministic", hex);
}

test("rule 1: one item, and no bytes after it", () => {
  assert.equal(decode(bytes("00")), 0);
  refused("");
  refused("0000");
  refused("8000");
});

test("rule 2: heads as short as they can be", () => {
  const shortest = ["17", "1818", "18ff", "190100", "19ffff", "1a00010000", "1affffffff"];
  const values = [23, 24, 255, 256, 65535, 65536, 4294967295];
  assert.deepEqual(
    shortest.map((hex) => decode(bytes(hex))),
    values,
  );
  assert.equal(decode(bytes("1b0000000100000000")), 4294967296);
  refused("1800", "1817", "190000", "1900ff", "1a00000000", "1a0000ffff");
  refused("1b0000000000000000", "1b00000000ffffffff");
  refused("3817", "580141", "780161", "980100", "b8010000", "590001ff");
});

test("rule 2: definite lengths only, no reserved heads, nothing cut off", () => {
  refused("5fff", "7fff", "9fff", "bfff", "ff", "80ff", "81ff");
  for (const major of [0, 1, 2, 3, 4, 5, 6, 7]) {
    for (const information of [28, 29, 30, 31]) {
      refused(Buffer.of((major << 5) | information).toString("hex"));
    }
  }
  refused("18", "1901", "1a010000", "1b00000001000000", "41", "6261", "81", "a1", "a100");
  // A length of which no bytes are there: refused before memory is reserved for it.
  refused("5affffffff", "9affffffff", "baffffffff", "5b001fffffffffffff");
  refused("5bffffffffffffffff", "9bffffffffffffffff", "bbffffffffffffffff");
});

test("rule 2: keys in bytewise ascending order, without repeats", () => {
  const keys = [0, 1, 23, 24, 255, 256, 65535, 65536, MAX, -1, -2, -24, -25, -256, -257, -MAX];
  const sorted = new Pairs(keys.map((key) => [key, true]));
  const decoded = decode(encode(sorted));
  assert(decoded instanceof Map);
  assert.deepEqual([...decoded.keys()], keys);
  for (let i = 0; i < keys.length; i++) {
    for (let j = 0; j <= i; j++) {
      const pair = encode(
        new Pairs([
          [keys[i] ?? 0, true],
          [keys[j] ?? 0, true],
        ]),
      );
      assertRefused(() => decode(pair), "not_deterministic", `${keys[i]}, ${keys[j]}`);
    }
  }
});

test("rule 3: the major types, and of simple values false and true alone", () => {
  const value = decode(bytes("8700204142616382f4f580a10102"));
  const expected = [0, -1, Uint8Array.of(0x42), "c", [false, true], [], new Map([[1, 2]])];
  assert.deepEqual(value, expected);
  refused("e0", "f3", "f6", "f7", "f814", "f820", "f83b", "f8ff");
  refused("f90000", "fa00000000", "fb0000000000000000");
  refused("c000", "d200", "d818a0", "d9d9f700", "c24101");
});

test("rule 4: integers from -(2^53 - 1) to 2^53 - 1", () => {
  assert.equal(decode(bytes("1b001fffffffffffff")), MAX);
  assert.equal(decode(bytes("3b001ffffffffffffe")), -MAX);
  assert.equal(decode(bytes("20")), -1);
  refused("1b0020000000000000", "1bffffffffffffffff", "1b0020000000000001");
  refused("3b001fffffffffffff", "3b0020000000000000", "3bffffffffffffffff");
});

test("rule 5: keys are integers in the same range", () => {
  for (const key of ["40", "60", "80", "a0", "f4", "f5", "f6", "c000", "f97e00", "f83b"]) {
    refused(`a1${key}00`);
  }
  refused("a11b002000000000000000");
  refused("a13b001fffffffffffff00");
});

test("rule 6: well-formed UTF-8, kept as it is", () => {
  const texts = ["", "a", "\u0000", "é", "\u{10ffff}", "\ufffe\uffff", "e\u0301", "𐅑"];
  for (const text of [...texts, "\ufeffBOM", "\ufeff", "a\ufeff"]) {
    assert.equal(decode(encode(text)), text);
  }
  // Overlong, surrogates, above U+10FFFF, cut off, a byte that stands alone.
  refused("62c080", "62c1bf", "63e08080", "64f0808080", "63eda080", "63edbfbf");
  refused("64f4908080", "65f888808080", "61c3", "62e282", "6180", "61ff");
  // A character over two texts.
  refused("8261c361a9");
});

test("rule 7: at most 8 arrays and maps around any item", () => {
  const within = (depth: number, innermost: string) => "81".repeat(depth) + innermost;
  for (const hex of ["00", "80", "a0"]) assert.notEqual(decode(bytes(within(8, hex))), null);
  for (const hex of ["8100", "a10000", "8180"]) {
    assert.notEqual(decode(bytes(within(7, hex))), null);
    refused(within(8, hex));
  }
  refused(within(9, "00"));
  refused(within(9, "80"));
  refused("a100".repeat(9) + "00");
  assert.notEqual(decode(bytes("a100".repeat(8) + "00")), null);
  assert.deepEqual(decode(bytes("8100"), { maxDepth: 1 }), [0]);
  assertRefused(() => decode(bytes("818100"), { maxDepth: 1 }), "not_deterministic");
});

test("rule 8: at most 4,096 items, keys included", () => {
  const flat = (count: number) => encode(Array.from({ length: count }, () => 0));
  assert.equal((decode(flat(4095)) as Value[]).length, 4095);
  assertRefused(() => decode(flat(4096)), "not_deterministic");
  const entries = (count: number) =>
    encode(new Pairs(Array.from({ length: count }, (_, i) => [i, false])));
  assert.notEqual(decode(entries(2047)), null);
  assertRefused(() => decode(entries(2048)), "not_deterministic");
  // 1 + 2 · 2,047 items; the item more is within the last entry.
  const full = Array.from({ length: 2047 }, (_, i) => [i, i === 2046 ? [] : 0] as const);
  assert.notEqual(decode(encode(new Pairs(full))), null);
  const nested = Array.from({ length: 2047 }, (_, i) => [i, i === 2046 ? [0, 1] : 0] as const);
  assertRefused(() => decode(encode(new Pairs(nested))), "not_deterministic");
  const exactly = Array.from({ length: 2047 }, (_, i) => [i, i === 2046 ? [0] : 0] as const);
  assert.notEqual(decode(encode(new Pairs(exactly))), null);
});

test("other bounds: items and entries of a bundle", () => {
  const many = encode(Array.from({ length: 5000 }, () => 0));
  assert.equal((decode(many, { maxItems: 5001 }) as Value[]).length, 5000);
  assertRefused(() => decode(many, { maxItems: 5000 }), "not_deterministic");
  const entries = (count: number) =>
    encode(new Pairs(Array.from({ length: count }, (_, i) => [i, 0])));
  assert.notEqual(decode(entries(16), { maxMapEntries: 16 }), null);
  assertRefused(() => decode(entries(17), { maxMapEntries: 16 }), "not_deterministic");
});

test("an announced length that is hostile costs nothing", () => {
  const start = performance.now();
  for (let i = 0; i < 10000; i++) {
    assertRefused(() => decode(bytes("9b000fffffffffffff")), "not_deterministic");
    assertRefused(() => decode(bytes("bb000fffffffffffff")), "not_deterministic");
  }
  assert(performance.now() - start < 10_000);
});

const BODY = -65537;

test("simple(59) is a key of a record's body, the last, and nowhere else", () => {
  const payload = (body: Pairs) =>
    encode(
      new Pairs([
        [1, "a"],
        [BODY, body],
      ]),
    );
  const last = payload(
    new Pairs([
      [1, 2],
      [-1, 3],
      [SIMPLE_59_KEY, []],
    ]),
  );
  const decoded = decodeRecordPayload(last);
  assert(decoded instanceof Map);
  const body = decoded.get(BODY);
  assert(body instanceof Map);
  assert.deepEqual(
    [...body],
    [
      [1, 2],
      [-1, 3],
      [SIMPLE_59, []],
    ],
  );
  assertRefused(() => decode(last), "not_deterministic");

  const faults = {
    first: payload(
      new Pairs([
        [SIMPLE_59_KEY, []],
        [1, 2],
      ]),
    ),
    twice: payload(
      new Pairs([
        [SIMPLE_59_KEY, []],
        [SIMPLE_59_KEY, []],
      ]),
    ),
    "beside 59": payload(
      new Pairs([
        [59, 0],
        [SIMPLE_59_KEY, []],
      ]),
    ),
    "among the claims": encode(
      new Pairs([
        [BODY, map({})],
        [SIMPLE_59_KEY, []],
      ]),
    ),
    "under another claim": encode(new Pairs([[1, new Pairs([[SIMPLE_59_KEY, []]])]])),
    "deeper in the body": payload(new Pairs([[1, new Pairs([[SIMPLE_59_KEY, []]])]])),
    "in a map under it": payload(new Pairs([[SIMPLE_59_KEY, new Pairs([[SIMPLE_59_KEY, 0]])]])),
    "in a body that is in a body": payload(new Pairs([[BODY, new Pairs([[SIMPLE_59_KEY, 0]])]])),
    "in an array": encode([new Pairs([[BODY, new Pairs([[SIMPLE_59_KEY, 0]])]])]),
    "as a value": payload(new Pairs([[1, SIMPLE_59_KEY]])),
    "by itself": SIMPLE_59_KEY.bytes,
    "another simple value": bytes("a13a00010000a1f83a00"),
    "half of it": bytes("a13a00010000a1f8"),
    "a head of 59": bytes("a13a00010000a1f9003b00"),
  };
  for (const [what, fault] of Object.entries(faults)) {
    assertRefused(() => decodeRecordPayload(fault), "not_deterministic", what);
  }
  // By itself, 59 is a label that no version knows yet.
  assert.notEqual(decodeRecordPayload(payload(new Pairs([[59, 0]]))), null);
});

test("simple(59) and what stands under it count as items", () => {
  const digests = (count: number) => {
    const body = new Pairs([[SIMPLE_59_KEY, Array.from({ length: count }, () => 0)]]);
    return encode(new Pairs([[BODY, body]]));
  };
  // The claims, their key, the body, its key, and the array.
  assert.notEqual(decodeRecordPayload(digests(4091)), null);
  assertRefused(() => decodeRecordPayload(digests(4092)), "not_deterministic");
});

test("byte strings are views, and what stands behind their end is not in them", () => {
  const whole = bytes("ffff8242010241030000");
  const value = decode(whole.subarray(2, 8));
  assert.deepEqual(value, [Uint8Array.of(1, 2), Uint8Array.of(3)]);
});

test("heads are written as short as they can be", () => {
  for (const major of [0, 2, 3, 4, 5]) {
    for (const length of [0, 23, 24, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, MAX]) {
      assert.deepEqual(encodeHead(major, length), head(major, length));
    }
  }
  for (const length of [-1, 0.5, MAX + 1, Number.NaN]) {
    assert.throws(() => encodeHead(2, length), RangeError);
  }
});
