/** When `too_large` comes first, and when `damaged_compression`: docs/spec.md, section 7.2. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, deflateSync } from "node:zlib";
import { inflate, inflateZlib } from "../../src/codec/inflate.ts";
import { BitWriter } from "./bit_writer.ts";
import { dynamicBlock } from "./dynamic_block.ts";
import { zlibInflatePart } from "./other_inflaters.ts";
import { seededRandom } from "./random.ts";
import { assertRefused, reasonOf } from "./refused.ts";

/** A fixed block that was begun, with so many literals. */
function literals(count: number): BitWriter {
  const writer = new BitWriter().block(true, 1);
  for (let i = 0; i < count; i++) writer.fixed(97);
  return writer;
}

/** The header of a dynamic block that gives no symbol a code length, after six bytes. */
function noCodeLengths(): BitWriter {
  return sixBytes().block(true, 2).sizes(257, 1, {});
}

/** Likewise, with fewer bits for it, so that the stream ends after so many lengths. */
function exactly(lengths: number, codeLengths: number): BitWriter {
  return sixBytes()
    .block(true, 2)
    .bits((codeLengths - 4) << 10, 14)
    .bits(0, 3 * codeLengths + lengths);
}

/** Six bytes and the end of their block, after which the next bit is the first of a byte. */
function sixBytes(): BitWriter {
  return new BitWriter().stored(false, [1, 2, 3, 4, 5, 6]);
}

test("exactly the limit is no fault", () => {
  assert.equal(inflate(literals(5).fixed(256).bytes(), 5).length, 5);
  assert.equal(inflate(new BitWriter().stored(true, [1, 2, 3]).bytes(), 3).length, 3);
  assert.equal(inflate(literals(0).fixed(256).bytes(), 0).length, 0);
});

const DAMAGED: Record<string, [BitWriter, number]> = {
  "cut off with the limit out": [literals(5), 5],
  "a fault with limit + 1 bytes out": [literals(6).fixed(286), 5],
  "a faulty distance symbol with limit + 1 bytes out": [
    literals(6).fixed(257).fixedDistance(30),
    5,
  ],
  "a faulty block after limit + 1 bytes": [sixBytes().block(true, 3), 5],
  "a faulty stored block after limit + 1 bytes": [
    sixBytes().block(true, 0).bits(0, 5).bits(0, 32),
    5,
  ],
  // 74 bits of the header, then 262 where 258 lengths are to be read.
  "no code lengths after limit + 1 bytes, each length read": [noCodeLengths().bits(0, 262), 5],
  "no code lengths after limit + 1 bytes, whatever the bits": [noCodeLengths().bits(-1, 262), 5],
  "no code lengths after limit + 1 bytes, 258 lengths and no bit more": [exactly(258, 7), 5],
  "287 literal/length codes after limit + 1 bytes": [sixBytes().block(true, 2).bits(30, 14), 5],
  "31 distance codes after limit + 1 bytes": [
    sixBytes()
      .block(true, 2)
      .bits(30 << 5, 14),
    5,
  ],
  "a code-length code of one symbol after limit + 1 bytes": [
    sixBytes().block(true, 2).sizes(257, 1, { 0: 1 }),
    5,
  ],
  "no word for the end of a block after limit + 1 bytes": [
    dynamicBlock(sixBytes(), { literals: { 97: 1, 98: 1 } }),
    5,
  ],
  "a distance too far before byte limit + 1": [
    literals(5).fixed(285).fixedDistance(5).bits(0, 1),
    5,
  ],
  "a stored block that is cut off at the limit": [
    new BitWriter().stored(true, [1, 2, 3, 4, 5], { length: 9 }),
    5,
  ],
};

for (const [what, [writer, limit]] of Object.entries(DAMAGED)) {
  test(`damaged_compression: ${what}`, () => {
    assertRefused(() => inflate(writer.bytes(), limit), "damaged_compression");
  });
}

const TOO_LARGE: Record<string, [BitWriter, number]> = {
  "limit + 1 bytes in a whole stream": [literals(6).fixed(256), 5],
  "limit + 1 bytes, and bytes after the stream": [
    literals(6).fixed(256).bits(0, 8).bits(0xff, 8),
    5,
  ],
  "limit + 1 bytes, cut off": [literals(6), 5],
  "limit + 1 bytes, cut off in a match": [literals(6).fixed(257), 5],
  "limit + 1 bytes, cut off in a stored header": [
    sixBytes().block(true, 0).bits(0, 5).bits(1, 16),
    5,
  ],
  "limit + 1 bytes, cut off in a dynamic header": [sixBytes().block(true, 2).bits(31, 5), 5],
  "limit + 1 bytes, cut off before HLIT is judged": [sixBytes().block(true, 2).bits(30, 13), 5],
  "limit + 1 bytes, no code lengths, cut off within them": [noCodeLengths().bits(0, 254), 5],
  "limit + 1 bytes, no code lengths, cut off with bits set": [noCodeLengths().bits(-1, 254), 5],
  "limit + 1 bytes, no code lengths, cut off before the last": [exactly(257, 10), 5],
  "limit + 1 bytes, no code lengths, cut off before them": [
    sixBytes().block(true, 2).bits(0, 14).bits(0, 12),
    5,
  ],
  "byte limit + 2, before a fault": [literals(7).fixed(286), 5],
  "byte limit + 2 in a match, before a fault": [
    literals(1).fixed(285).fixedDistance(0).fixed(286),
    5,
  ],
  "a distance too far where limit + 1 bytes are out": [
    literals(6).fixed(257).fixedDistance(6).bits(0, 2).fixed(286),
    5,
  ],
  "byte limit + 2 in a stored block": [new BitWriter().stored(true, [1, 2, 3, 4, 5, 6, 7]), 5],
  "a stored block of limit + 2, cut off after limit + 1": [
    new BitWriter().stored(true, [1, 2, 3, 4, 5, 6], { length: 7 }),
    5,
  ],
  "one byte where none may be": [literals(1).fixed(256), 0],
};

for (const [what, [writer, limit]] of Object.entries(TOO_LARGE)) {
  test(`too_large: ${what}`, () => {
    assertRefused(() => inflate(writer.bytes(), limit), "too_large");
  });
}

test("a preset dictionary counts neither for the limit nor as output", () => {
  const dictionary = new TextEncoder().encode("abcdefgh");
  // Distance symbol 5 with 1 added is 8: back to the first byte of the dictionary.
  const whole = new BitWriter().block(true, 1).fixed(257).fixedDistance(5).bits(1, 1).fixed(256);
  assert.equal(Buffer.from(inflate(whole.bytes(), 3, dictionary)).toString(), "abc");
  assertRefused(() => inflate(whole.bytes(), 1, dictionary), "too_large");
  const short = dictionary.subarray(1);
  assertRefused(() => inflate(whole.bytes(), 3, short), "damaged_compression");
});

test("every beginning of a stream, at every limit, as what zlib gets out of it tells", () => {
  const random = seededRandom(5);
  const data = Uint8Array.from({ length: 90 }, () => 97 + random(4));
  for (const strategy of [0, 2, 4]) {
    const stream = deflateRawSync(data, { strategy });
    for (let length = 0; length < stream.length; length++) {
      const part = stream.subarray(0, length);
      const out = zlibInflatePart(part).length;
      for (let limit = 0; limit < 100; limit++) {
        const expected = out > limit ? "too_large" : "damaged_compression";
        assertRefused(() => inflate(part, limit), expected, `${length} bytes, limit ${limit}`);
      }
    }
    for (let limit = 0; limit < 100; limit++) {
      const expected = limit < data.length ? "too_large" : null;
      assert.equal(
        reasonOf(() => inflate(stream, limit)),
        expected,
      );
    }
  }
});

test("a bomb is refused at its limit, without the memory for it", () => {
  const bomb = deflateRawSync(new Uint8Array(200_000_000));
  const before = process.memoryUsage().arrayBuffers;
  const start = performance.now();
  for (let i = 0; i < 100; i++) assertRefused(() => inflate(bomb, 16384), "too_large");
  assert(performance.now() - start < 10_000);
  assert(process.memoryUsage().arrayBuffers - before < 20_000_000);
});

test("memory goes with the stream where the limit is far", () => {
  const bytes = inflateZlib(deflateSync(new Uint8Array(1000)), 33_554_432);
  assert.equal(bytes.length, 1000);
  assert.equal(bytes.buffer.byteLength, 1000);
});
