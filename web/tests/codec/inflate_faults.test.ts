/** Every fault of docs/spec.md, section 7.2, by itself and built by hand; and what is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { inflate } from "../../src/codec/inflate.ts";
import { BitWriter } from "./bit_writer.ts";
import { dynamicBlock } from "./dynamic_block.ts";
import { assertRefused } from "./refused.ts";

const LIMIT = 1000;
const NO_CODE = { literals: { 256: 1 } };
/** "a" by 00, the end by 01, length 3 by 10, length 258 by 11. */
const LITERALS = { 97: 2, 256: 2, 257: 2, 285: 2 };

const FAULTS: Record<string, BitWriter> = {
  "a block of type 3": new BitWriter().block(true, 3).bits(0, 13),
  "a NLEN that is no complement": new BitWriter()
    .block(true, 0)
    .bits(0, 5)
    .bits(1, 16)
    .bits(1, 16)
    .bits(65, 8),
  "287 literal/length codes": dynamicBlock(new BitWriter(), { ...NO_CODE, literalCount: 287 }).word(
    "0",
  ),
  "288 literal/length codes": dynamicBlock(new BitWriter(), { ...NO_CODE, literalCount: 288 }).word(
    "0",
  ),
  "31 distance codes": dynamicBlock(new BitWriter(), { ...NO_CODE, distanceCount: 31 }).word("0"),
  "32 distance codes": dynamicBlock(new BitWriter(), { ...NO_CODE, distanceCount: 32 }).word("0"),
  "a code-length code that is over-subscribed": new BitWriter()
    .block(true, 2)
    .sizes(257, 1, { 0: 1, 1: 1, 2: 1 })
    .bits(0, 600),
  "a code-length code that is incomplete": new BitWriter()
    .block(true, 2)
    .sizes(257, 1, { 0: 2, 1: 2, 2: 2 })
    .bits(0, 600),
  "a code-length code of one symbol": new BitWriter()
    .block(true, 2)
    .sizes(257, 1, { 1: 1 })
    .bits(0, 600),
  "a code-length code without symbols": new BitWriter()
    .block(true, 2)
    .sizes(257, 1, {})
    .bits(0, 600),
  "a code-length code without symbols, bits set": new BitWriter()
    .block(true, 2)
    .sizes(257, 1, {})
    .bits(-1, 600),
  "a code-length code without symbols, cut off": new BitWriter().block(true, 2).sizes(257, 1, {}),
  "a repeat of nothing": new BitWriter()
    .block(true, 2)
    .sizes(257, 1, { 16: 1, 1: 1 })
    .word("1")
    .bits(0, 2)
    .bits(0, 600),
  "a repeat beyond the declared number": new BitWriter()
    .block(true, 2)
    .sizes(257, 1, { 18: 1, 1: 1 })
    .word("1")
    .bits(127, 7)
    .word("1")
    .bits(118 - 11, 7)
    .word("0")
    .word("1")
    .bits(0, 7)
    .bits(0, 32),
  "an end of block of length 0": dynamicBlock(new BitWriter(), { literals: { 97: 1, 98: 1 } }).word(
    "0",
  ),
  "an over-subscribed literal/length code": dynamicBlock(new BitWriter(), {
    literals: { 97: 1, 98: 1, 256: 1 },
  }).word("0"),
  "an incomplete literal/length code": dynamicBlock(new BitWriter(), {
    literals: { 97: 2, 98: 2, 256: 2 },
  }).word("10"),
  "a literal/length code of one symbol of length 2": dynamicBlock(new BitWriter(), {
    literals: { 256: 2 },
  }).word("00"),
  "an over-subscribed distance code": dynamicBlock(new BitWriter(), {
    literals: LITERALS,
    distances: { 0: 1, 1: 1, 2: 1 },
  }).word("01"),
  "an incomplete distance code": dynamicBlock(new BitWriter(), {
    literals: LITERALS,
    distances: { 0: 2, 1: 2, 2: 2 },
  }).word("01"),
  "a distance code of one symbol of length 2": dynamicBlock(new BitWriter(), {
    literals: LITERALS,
    distances: { 0: 2 },
  }).word("01"),
  "the other word of a literal/length code of one": dynamicBlock(new BitWriter(), NO_CODE)
    .word("1")
    .bits(0, 32),
  "the other word of a distance code of one": dynamicBlock(new BitWriter(), {
    literals: LITERALS,
    distances: { 0: 1 },
  })
    .word("00")
    .word("10")
    .word("1")
    .word("01")
    .bits(0, 32),
  "a distance where the code has none": dynamicBlock(new BitWriter(), { literals: LITERALS })
    .word("00")
    .word("10")
    .word("0")
    .word("01")
    .bits(0, 32),
  "literal/length symbol 286": new BitWriter()
    .block(true, 1)
    .fixed(97)
    .fixed(286)
    .fixedDistance(0)
    .fixed(256),
  "literal/length symbol 287": new BitWriter()
    .block(true, 1)
    .fixed(97)
    .fixed(287)
    .fixedDistance(0)
    .fixed(256),
  "distance symbol 30": new BitWriter()
    .block(true, 1)
    .fixed(97)
    .fixed(257)
    .fixedDistance(30)
    .bits(0, 14)
    .fixed(256),
  "distance symbol 31": new BitWriter()
    .block(true, 1)
    .fixed(97)
    .fixed(257)
    .fixedDistance(31)
    .bits(0, 14)
    .fixed(256),
  "a distance beyond the first byte": new BitWriter()
    .block(true, 1)
    .fixed(97)
    .fixedMatch(2)
    .fixed(256),
  "no end of the final block": new BitWriter().block(true, 1).fixed(97),
  "no final block": new BitWriter().block(false, 1).fixed(97).fixed(256),
  "a stored block that is cut off": new BitWriter().stored(true, [97, 98], { length: 3 }),
  "nothing at all": new BitWriter(),
};

for (const [fault, writer] of Object.entries(FAULTS)) {
  test(`refused: ${fault}`, () => {
    assertRefused(() => inflate(writer.bytes(), LIMIT), "damaged_compression");
    assert.throws(() => inflateRawSync(writer.bytes()), fault);
  });
}

test("refused: a byte after the byte with the last bit", () => {
  const stream = new BitWriter().block(true, 1).fixed(97).fixed(256).bytes();
  for (const after of [0, 1, 255]) {
    const longer = Uint8Array.from([...stream, after]);
    assertRefused(() => inflate(longer, LIMIT), "damaged_compression");
  }
  assert.deepEqual(inflate(stream, LIMIT), Uint8Array.of(97));
});

const SOUND: Record<string, [BitWriter, string]> = {
  "an empty stored block": [new BitWriter().stored(true, []), ""],
  "an empty fixed block": [new BitWriter().block(true, 1).fixed(256), ""],
  "empty blocks before others": [
    new BitWriter().stored(false, []).block(false, 1).fixed(256).stored(true, [97]),
    "a",
  ],
  "bits of any value before a stored block": [
    new BitWriter().block(false, 1).fixed(97).fixed(256).stored(true, [98], { fill: 1 }),
    "ab",
  ],
  "a literal/length code of one symbol of length 1": [
    dynamicBlock(new BitWriter(), NO_CODE).word("0"),
    "",
  ],
  "a distance code of one symbol of length 1": [
    dynamicBlock(new BitWriter(), { literals: LITERALS, distances: { 0: 1 } })
      .word("00")
      .word("10")
      .word("0")
      .word("01"),
    "aaaa",
  ],
  "a distance code without symbols that is not used": [
    dynamicBlock(new BitWriter(), { literals: LITERALS }).word("00").word("01"),
    "a",
  ],
  "286 literal/length and 30 distance codes": [
    dynamicBlock(new BitWriter(), { literals: LITERALS, literalCount: 286, distanceCount: 30 })
      .word("00")
      .word("01"),
    "a",
  ],
  "length 258 as symbol 285": [
    new BitWriter().block(true, 1).fixed(97).fixed(285).fixedDistance(0).fixed(256),
    "a".repeat(259),
  ],
  "length 258 as symbol 284 with 31 extra": [
    new BitWriter().block(true, 1).fixed(97).fixed(284).bits(31, 5).fixedDistance(0).fixed(256),
    "a".repeat(259),
  ],
  "lengths repeated from one code into the other": [
    // 256 zeros, then 1 for symbol 256, repeated for symbol 257 and both distances.
    new BitWriter()
      .block(true, 2)
      .sizes(258, 2, { 0: 2, 1: 2, 16: 2, 18: 2 })
      .word("11")
      .bits(127, 7)
      .word("11")
      .bits(118 - 11, 7)
      .word("01")
      .word("10")
      .bits(0, 2)
      .word("0"),
    "",
  ],
};

for (const [what, [writer, text]] of Object.entries(SOUND)) {
  test(`accepted: ${what}`, () => {
    for (const fill of [0, 1]) {
      const stream = writer.bytes(fill);
      assert.equal(Buffer.from(inflate(stream, LIMIT)).toString(), text);
      assert.equal(inflateRawSync(stream).toString(), text);
    }
  });
}
