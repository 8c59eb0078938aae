/** The ZLIB streams of status lists: docs/spec.md, section 12.5. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { decodeStatusCbor } from "../../src/codec/cbor.ts";
import { inflateZlib } from "../../src/codec/inflate.ts";
import { assertRefused } from "./refused.ts";
import { vectorText } from "./vector_files.ts";

const LIMIT = 33_554_432;
const DATA = new TextEncoder().encode("status status status list");

function stream(): Buffer {
  return deflateSync(DATA);
}

/** Another header, its check bits made right unless told otherwise. */
function withHeader(method: number, flags: number): Buffer {
  const changed = stream();
  changed[0] = method;
  changed[1] = flags + ((31 - ((method * 256 + flags) % 31)) % 31);
  return changed;
}

const FOLDER = "token-status-list";

/** The list in a file of the draft's examples: what it was made of, if that is said, and in hex. */
function example(name: string): { said: string; bits: number; array: Uint8Array } {
  const file = vectorText(`${FOLDER}/examples/${name}`);
  const [said = "", hex = ""] = file.includes("encoded:") ? file.split("encoded:") : ["", file];
  const list = decodeStatusCbor(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
  assert(list instanceof Map);
  const bits = list.get("bits");
  const compressed = list.get("lst");
  assert(compressed instanceof Uint8Array && typeof bits === "number");
  return { said, bits, array: inflateZlib(compressed, LIMIT) };
}

test("the draft's short examples of compressed lists", () => {
  for (const name of ["status_list_encoding_cbor.md", "status_list_encoding2_cbor.md"]) {
    const { said, array } = example(name);
    const printed = Array.from(array, (byte) => `0x${byte.toString(16)}`).join(", ");
    assert.equal(said.trim(), `byte_array = [${printed}]`);
  }
});

test("the draft's long examples, entry by entry", () => {
  const [, ...sections] = vectorText(`${FOLDER}/test-vectors.md`).split(/^## /m);
  assert.equal(sections.length, 4);
  for (const section of sections) {
    const name = /status_list_encoding\d\w*_cbor\.md/.exec(section)?.[0] ?? "";
    const { bits, array } = example(name);
    assert(section.startsWith(`${bits}-bit`));
    const expected = new Uint8Array((2 ** 20 * bits) / 8);
    for (const [, index, value] of section.matchAll(/^status\[(\d+)\] ?= 0b([01]+)/gm)) {
      const at = Number(index) * bits;
      expected[at >> 3] = (expected[at >> 3] ?? 0) | (Number.parseInt(value ?? "", 2) << (at & 7));
    }
    assert.equal(Buffer.compare(array, expected), 0, name);
  }
});

test("lists of every size up to the greatest", () => {
  for (const size of [1, 5551, 5552, 5553, 65521, 131072, LIMIT]) {
    const data = new Uint8Array(size).fill(0xff);
    assert.equal(Buffer.compare(inflateZlib(deflateSync(data), LIMIT), data), 0);
  }
  assertRefused(() => inflateZlib(deflateSync(new Uint8Array(LIMIT + 1)), LIMIT), "too_large");
});

test("every window of at most 32,768 bytes, whatever the distances", () => {
  for (let window = 0; window <= 7; window++) {
    assert.deepEqual(inflateZlib(withHeader(window * 16 + 8, 0), LIMIT), DATA);
  }
  const far = new Uint8Array(3000);
  far.set(DATA, 0);
  far.set(DATA, 2900);
  const changed = deflateSync(far);
  changed.set(withHeader(8, 0).subarray(0, 2));
  assert.deepEqual(inflateZlib(changed, LIMIT), far);
});

test("nothing may come out", () => {
  assert.equal(inflateZlib(deflateSync(new Uint8Array(0)), LIMIT).length, 0);
});

const FAULTS: Record<string, Buffer> = {
  "nothing at all": Buffer.alloc(0),
  "one byte": stream().subarray(0, 1),
  "another method": withHeader(0x77, 0),
  "a window of 65,536 bytes": withHeader(0x88, 0),
  "a preset dictionary": withHeader(0x78, 0x20),
  "wrong check bits": Buffer.from([0x78, 0x9d, ...stream().subarray(2)]),
  "raw DEFLATE": stream().subarray(2, -4),
  "no Adler-32": stream().subarray(0, -4),
  "half an Adler-32": stream().subarray(0, -1),
  "a byte after the stream": Buffer.concat([stream(), Buffer.of(0)]),
  "a damaged block": Buffer.from([0x78, 0x9c, 0x07, ...stream().subarray(3)]),
};
for (const at of [1, 2, 3, 4]) {
  const changed = stream();
  changed[changed.length - at] = (changed[changed.length - at] ?? 0) ^ 1;
  FAULTS[`another Adler-32, byte ${at} from the end`] = changed;
}

for (const [fault, bytes] of Object.entries(FAULTS)) {
  test(`refused: ${fault}`, () => {
    assertRefused(() => inflateZlib(bytes, LIMIT), "damaged_compression");
  });
}
