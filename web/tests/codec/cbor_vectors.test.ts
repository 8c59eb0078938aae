/** The CBOR working group's vectors, and the examples of the specification. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, decodeRecordPayload, decodeStatusCbor } from "../../src/codec/cbor.ts";
import type { Value } from "../../src/codec/values.ts";
import { encode } from "../encoding.ts";
import { reasonOf } from "./refused.ts";
import { vectorBytes, vectorNames, workedExample } from "./vector_files.ts";

/** What follows each key "encoded" of a file: some of the files are no CBOR that is read here. */
function encodings(path: string): Uint8Array[] {
  const file = Buffer.from(vectorBytes(path));
  const found: Uint8Array[] = [];
  const key = Buffer.from("\x67encoded", "latin1");
  for (let at = file.indexOf(key); at >= 0; at = file.indexOf(key, at + 1)) {
    const start = at + key.length;
    const first = file[start] ?? 0;
    assert(first >> 5 === 2 && first < 0x5a);
    const sizeBytes = Math.max(0, first - 0x57);
    const length = sizeBytes === 0 ? first & 0x1f : file.readUIntBE(start + 1, sizeBytes);
    const content = start + 1 + sizeBytes;
    found.push(new Uint8Array(file.subarray(content, content + length)));
  }
  return found;
}

/** Whether a value that was read without the profile has nothing that is outside it. */
function inProfile(value: unknown): value is Value {
  if (["number", "boolean", "string"].includes(typeof value)) return true;
  if (value instanceof Uint8Array) return true;
  if (Array.isArray(value)) return value.every(inProfile);
  if (!(value instanceof Map)) return false;
  return [...value].every(([key, item]) => typeof key === "number" && inProfile(item));
}

const COUNTS: Record<string, [items: number, accepted: number]> = {
  "appendixA/mt0.cbor": [11, 10],
  "appendixA/mt1.cbor": [5, 4],
  "appendixA/mt2.cbor": [2, 2],
  "appendixA/mt3.cbor": [7, 7],
  "appendixA/mt4.cbor": [4, 4],
  "appendixA/mt5.cbor": [5, 2],
  "appendixA/mt6.cbor": [8, 0],
  "appendixA/mt7-float.cbor": [22, 0],
  "appendixA/mt7-simple.cbor": [6, 2],
  "appendixA/streaming.cbor": [11, 0],
  "rfc8949/bad.cbor": [47, 0],
  "rfc8949/good.cbor": [88, 12],
};

test("every file of the vectors is looked at", () => {
  const names = ["appendixA", "rfc8949"].flatMap((folder) =>
    vectorNames(`cbor-wg/${folder}`).map((name) => `${folder}/${name}`),
  );
  assert.deepEqual(names.sort(), Object.keys(COUNTS).sort());
});

for (const [path, [items, accepted]] of Object.entries(COUNTS)) {
  test(`each item of ${path} is outside the profile, or has the right value`, () => {
    const encoded = encodings(`cbor-wg/${path}`);
    let count = 0;
    for (const item of encoded) {
      const hex = Buffer.from(item).toString("hex");
      const readable = reasonOf(() => decodeStatusCbor(item)) === null;
      const lenient = readable ? decodeStatusCbor(item) : null;
      const deterministic = inProfile(lenient) && Buffer.compare(encode(lenient), item) === 0;
      if (deterministic) {
        count++;
        assert.deepEqual(decode(item), lenient, hex);
      } else {
        assert.equal(
          reasonOf(() => decode(item)),
          "not_deterministic",
          hex,
        );
      }
    }
    assert.deepEqual([encoded.length, count], [items, accepted]);
  });
}

test("the values that the vectors give are the values that are read", () => {
  let compared = 0;
  for (const name of ["mt0", "mt1", "mt2", "mt3", "mt4", "mt5", "mt7-simple"]) {
    const file = decodeStatusCbor(vectorBytes(`cbor-wg/appendixA/${name}.cbor`));
    assert(file instanceof Map);
    const tests = file.get("tests");
    assert(Array.isArray(tests));
    for (const entry of tests) {
      assert(entry instanceof Map);
      const encoded = entry.get("encoded");
      assert(encoded instanceof Uint8Array);
      if (reasonOf(() => decode(encoded)) !== null) continue;
      assert.deepEqual(decode(encoded), entry.get("decoded"));
      compared++;
    }
  }
  assert.equal(compared, 31);
});

test("the payloads and headers of appendix A are read, and written again are the same", () => {
  const markers = ["payload", "header", "sig-structure", "share-payload", "handover-payload"];
  for (const marker of [...markers, "document-payload"]) {
    const example = workedExample(marker);
    assert.deepEqual(encode(decode(example)), example, marker);
  }
});

test("the record's payload of appendix A has simple(59) in its body", () => {
  const payload = decodeRecordPayload(workedExample("record-payload"));
  assert(payload instanceof Map);
  const body = payload.get(-65537);
  assert(body instanceof Map);
  const digests = body.get("simple(59)");
  assert(Array.isArray(digests));
  assert.equal(digests.length, 4);
  assert.equal(
    reasonOf(() => decode(workedExample("record-payload"))),
    "not_deterministic",
  );
});

test("the single values of section A.3", () => {
  const values = workedExample("values");
  // Seven items, one after the other: as the elements of an array they are one.
  const whole = decode(Uint8Array.from([0x87, ...values]));
  assert.deepEqual(whole, [
    [8725, 2],
    [-5, 1],
    [[25, 1], 4],
    -1,
    [
      "Rhetoric",
      new Map<number, Value>([
        [0, "Logic"],
        [1, "https://example.org/s/1"],
      ]),
    ],
    new Map([
      [0, "Νίκη"],
      [1, "Niki"],
    ]),
    [3, 70000],
  ]);
});
