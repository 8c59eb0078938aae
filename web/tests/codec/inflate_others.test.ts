/** Our inflater and those of zlib and of the platform: same streams accepted, same bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { constants, deflateRawSync, type ZlibOptions } from "node:zlib";
import { inflate } from "../../src/codec/inflate.ts";
import { Refusal } from "../../src/verdict.ts";
import { platformInflate, zlibInflate } from "./other_inflaters.ts";
import { seededRandom } from "./random.ts";
import { dictionaryFile, golden } from "./vector_files.ts";

const LIMIT = 1 << 20;
const STRATEGIES = {
  default: constants.Z_DEFAULT_STRATEGY,
  filtered: constants.Z_FILTERED,
  "Huffman only": constants.Z_HUFFMAN_ONLY,
  "run lengths": constants.Z_RLE,
  fixed: constants.Z_FIXED,
};

function inflated(stream: Uint8Array, dictionary?: Uint8Array): Uint8Array | null {
  try {
    return inflate(stream, LIMIT, dictionary);
  } catch (error) {
    if (error instanceof Refusal && error.reason === "damaged_compression") return null;
    throw error;
  }
}

/** Of all kinds: payloads, noise, runs, words of the dictionary, and nothing. */
function samples(): Uint8Array[] {
  const random = seededRandom(1);
  const bytes = (length: number, next: (i: number) => number) =>
    Uint8Array.from({ length }, (_, i) => next(i));
  const payloads = golden("golden").map(([, { token }]) => Buffer.from(token, "hex").subarray(60));
  return [
    ...payloads,
    new Uint8Array(0),
    Uint8Array.of(0),
    bytes(5000, () => random(256)),
    bytes(70000, () => random(3)),
    bytes(70000, (i) => i >> 9),
    bytes(100000, () => 7),
    dictionaryFile.slice(100, 9000),
  ];
}

for (const [name, strategy] of Object.entries(STRATEGIES)) {
  test(`what zlib writes at every level, strategy ${name}`, async () => {
    for (let level = 0; level <= 9; level++) {
      for (const data of samples()) {
        for (const dictionary of [undefined, dictionaryFile]) {
          const options: ZlibOptions = { level, strategy, ...(dictionary && { dictionary }) };
          const stream = deflateRawSync(data, options);
          assert.deepEqual(inflated(stream, dictionary), new Uint8Array(data));
        }
        const stream = deflateRawSync(data, { level, strategy, dictionary: dictionaryFile });
        if (level % 3 === 0) {
          const platform = await platformInflate(stream, dictionaryFile);
          assert.deepEqual(platform, new Uint8Array(data));
        }
      }
    }
  });
}

/** Bits turned, bytes changed, put in, left out, cut off or added, somewhere. */
function mutated(stream: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...stream];
  for (let times = 1 + random(3); times > 0; times--) {
    // Headers of blocks stand at the beginning: half of the changes are made there.
    const at = random(random(2) === 0 ? Math.min(bytes.length, 40) + 1 : bytes.length + 1);
    const kind = random(8);
    if (kind < 4) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 4) bytes[at] = random(256);
    else if (kind === 5) bytes.splice(at, 0, random(256));
    else if (kind === 6) bytes.splice(at, 1);
    else bytes.length = random(4) === 0 ? Math.min(at, bytes.length) : bytes.length;
  }
  return Uint8Array.from(bytes);
}

function mutations(seed: number, count: number): Uint8Array[] {
  const random = seededRandom(seed);
  const streams = [
    ...samples().filter(({ length }) => length < 4000),
    dictionaryFile.slice(500, 900),
    Uint8Array.from({ length: 300 }, () => random(9)),
  ].flatMap((data) =>
    [0, 4].flatMap((strategy) =>
      [1, 9].map((level) => deflateRawSync(data, { level, strategy, dictionary: dictionaryFile })),
    ),
  );
  return Array.from({ length: count }, () =>
    mutated(streams[random(streams.length)] ?? new Uint8Array(0), random),
  );
}

test("20,000 damaged streams: as zlib, with the dictionary", () => {
  let accepted = 0;
  for (const stream of mutations(2, 20000)) {
    const expected = zlibInflate(stream, dictionaryFile);
    const actual = inflated(stream, dictionaryFile);
    if (expected !== null) accepted++;
    assert.deepEqual(
      actual && Buffer.from(actual),
      expected,
      `stream ${Buffer.from(stream).toString("hex")}`,
    );
  }
  // Neither all nor none: the comparison is of both kinds.
  assert(accepted > 1000 && accepted < 19000, `${accepted} accepted`);
});

test("10,000 streams of noise: as zlib, without a dictionary", () => {
  const random = seededRandom(3);
  let accepted = 0;
  for (let i = 0; i < 10000; i++) {
    const stream = Uint8Array.from({ length: 1 + random(30) }, () => random(256));
    // The first block is mostly a compressed one, or there is little to compare.
    stream[0] = ((stream[0] ?? 0) & 0xf8) | (random(2) + 2 * (1 + random(2)));
    const expected = zlibInflate(stream);
    if (expected !== null) accepted++;
    const actual = inflated(stream);
    assert.deepEqual(actual && Buffer.from(actual), expected, Buffer.from(stream).toString("hex"));
  }
  assert(accepted > 0, "none accepted");
});

test("2,000 damaged streams: as the platform's DecompressionStream", async () => {
  for (const stream of mutations(4, 2000)) {
    const actual = inflated(stream, dictionaryFile);
    const platform = await platformInflate(stream, dictionaryFile);
    // Versions differ in whether they mind bytes after the stream, which section 7.2 does.
    if (actual === null && platform !== null) {
      const used = shortest(stream, platform);
      assert(used < stream.length, `stream ${Buffer.from(stream).toString("hex")}`);
      assert.deepEqual(inflated(stream.subarray(0, used), dictionaryFile), platform);
    } else {
      assert.deepEqual(actual, platform, `stream ${Buffer.from(stream).toString("hex")}`);
    }
  }
});

/** How many of the bytes suffice. */
function shortest(stream: Uint8Array, output: Uint8Array): number {
  for (let length = 1; length < stream.length; length++) {
    const part = inflated(stream.subarray(0, length), dictionaryFile);
    if (part !== null && Buffer.compare(part, output) === 0) return length;
  }
  return stream.length;
}
