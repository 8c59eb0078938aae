/** Sections 15.3 and 15.5: faults in what is disclosed, and their order. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../../src/codec/joined.ts";
import { readRecord } from "../../src/statement/read.ts";
import { type Encodable, encode, map, Raw, tagged } from "../encoding.ts";
import { checked, refuses, shown, work } from "./disclosing.ts";
import {
  decoy,
  digestOf,
  digestsOf,
  entry,
  list,
  record,
  rejected,
  row,
  salt,
} from "./payloads.ts";

test("entries that are not as section 15.3 says", async () => {
  const own = salt();
  const contents: [about: string, content: Encodable][] = [
    ["no array", own],
    ["a map", map({ 0: own })],
    ["empty", []],
    ["a row", [own, "Ada"]],
    ["four items", [own, "Ada", 0, 0]],
    ["a short salt", [own.subarray(1), "Ada", 0]],
    ["a long salt", [joined(own, own), "Ada", 0]],
    ["a salt as text", ["x".repeat(16), "Ada", 0]],
    ["a decoy with a short salt", [own.subarray(1)]],
    ["a label as text", [own, "Ada", "0"]],
    ["a label as bytes", [own, "Ada", own]],
    ["a label that is true", [own, "Ada", true]],
    ["bytes after it", new Raw(joined(encode([own, "Ada", 0]), Uint8Array.of(0)))],
    ["a long head", new Raw(joined(Uint8Array.of(0x98, 3), encode([own, "Ada", 0]).subarray(1)))],
    ["a null", [own, new Raw(Uint8Array.of(0xf6)), 0]],
    ["a tag", [own, tagged(60, "Ada"), 0]],
    ["a wrong value", [own, 5, 0]],
    ["label 0 alone as a map", [own, map({ 0: "Ada" }), 0]],
    ["an empty value", [own, map({}), 5]],
    ["a list that is no list", [own, "Ada", 6]],
    ["a list of values", [own, [work("A")], 6]],
    ["an empty list", [own, [], 6]],
    ["digests without tags", [own, [digestOf(own)], 7]],
    ["another tag", [own, [tagged(61, digestOf(own))], 7]],
    ["a short digest", [own, [tagged(60, digestOf(own).subarray(1))], 6]],
    ["a digest as text", [own, [tagged(60, "x".repeat(32))], 6]],
    ["a list under another label", [own, [tagged(60, digestOf(own))], 5]],
    ["a list under a label of 128", [own, [tagged(60, digestOf(own))], 128]],
    ["a list with a short salt", [own.subarray(1), [tagged(60, digestOf(own))], 6]],
    ["a list with an item more", [own, [tagged(60, digestOf(own))], 6, 6]],
  ];
  for (const [about, content] of contents) {
    await refuses("schema_violation", [encode(content)], [], {}, about);
  }
  await refuses("schema_violation", [new Uint8Array()], [], {}, "no bytes");
});

test("labels that may not be disclosed, or not twice", async () => {
  for (const label of [1, 2, 3, 4, 8, 9, 10]) {
    await refuses("schema_violation", [entry(label, 1)], [], {}, `${label}`);
  }
  const rows = [decoy()];
  for (const [first, second] of [
    [entry(0, "Ada"), entry(0, "Ada")],
    [entry(128, 1), entry(128, 1)],
    [entry(11, 1), entry(11, 1)],
    [list(6, rows), list(6, [decoy()])],
  ] as const) {
    await refuses("schema_violation", [first, second]);
  }
  await refuses("schema_violation", [entry(130, 1)], [], { 130: 1 }, "the body has it");
});

test("rows that are not as section 15.3 says", async () => {
  const own = salt();
  for (const content of [
    own,
    [],
    [own, work("A"), 0],
    [own.subarray(1), work("A")],
    [own, "A"],
    [own, map({ 0: "A" })],
    [own, new Raw(Uint8Array.of(0xf7))],
    [own.subarray(1)],
  ]) {
    const bytes = encode(content);
    await refuses("schema_violation", [list(6, [bytes])], [bytes], {}, JSON.stringify(content));
  }
  const check = row(checked);
  await refuses("schema_violation", [list(6, [check])], [check], {}, "a row of the other list");
});

test("every field of an assessment", async () => {
  const value = map({
    0: "A",
    1: "Portfolio",
    2: [-5, 1],
    3: 10,
    4: [375, 1],
    5: 0,
    6: 1000,
    7: true,
  });
  const whole = row(value);
  const { assessments } = await shown([list(6, [whole])], [whole]);
  assert.deepEqual(assessments, [
    {
      title: "A",
      kind: "Portfolio",
      score: -0.5,
      maximum: 10,
      weight: 37.5,
      submitted_on: "1970-01-01",
      attempts: 1000,
      late: true,
    },
  ]);
  for (const [label, wrong] of [
    [0, ""],
    [1, -1],
    [2, [10, 1]],
    [3, -1],
    [4, -1],
    [5, "x"],
    [6, 0],
    [6, 1001],
    [7, false],
  ] as const) {
    const broken = row(new Map(value).set(label, wrong));
    await refuses("schema_violation", [list(6, [broken])], [broken], {}, `${label}: ${wrong}`);
  }
});

test("no digest stands in a record twice", async () => {
  const twice = row(work("A"));
  await refuses("schema_violation", [list(6, [twice, twice])], [twice], {}, "in one list");
  await refuses("schema_violation", [list(6, [twice, twice])], [], {}, "not disclosed");
  const rows = list(6, [twice]);
  await refuses("schema_violation", [rows, list(7, [twice])], [], {}, "in two lists");
  const top = decoy();
  await refuses("schema_violation", [top, list(6, [top])], [], {}, "above and below");
});

test("sizes of disclosures", async () => {
  const sized = (size: number) => encode([salt(), new Uint8Array(size), 128]);
  const longest = sized(4096 - 23);
  assert.equal(longest.length, 4096);
  await shown([longest]);
  await refuses("schema_violation", [sized(4097 - 23)]);
  const deep = (depth: number): Encodable => (depth === 0 ? 1 : [deep(depth - 1)]);
  await shown([entry(128, deep(7))]);
  await refuses("schema_violation", [entry(128, deep(8))]);
  const longList = Array.from({ length: 256 }, () => decoy());
  await shown([list(6, longList)]);
  await refuses("schema_violation", [list(6, [...longList, decoy()])]);
});

test("no more rows are disclosed than the table says, decoys not counted", async () => {
  for (const [label, most, value] of [
    [6, 200, work("A")],
    [7, 20, checked],
  ] as const) {
    const decoys = Array.from({ length: 20 }, () => decoy());
    const rows = Array.from({ length: most }, () => row(value));
    await shown([list(label, [...decoys, ...rows])], [...decoys, ...rows]);
    const more = row(value);
    await shown([list(label, [...rows, more])], rows);
    await refuses("schema_violation", [list(label, [...rows, more])], [...rows, more]);
  }
});

test("every disclosure is used", async () => {
  const unused = [decoy(), row(work("A")), entry(0, "Ada"), list(6, [decoy()]), encode(1)];
  for (const content of unused) {
    await refuses("disclosure_mismatch", [entry(5, map({ 2: "A" }))], [content]);
  }
  const stray = row(work("A"));
  // What would lead to the row is withheld.
  const hidden = record(digestsOf([list(6, [stray])]));
  await rejected(readRecord(hidden, [stray]), "disclosure_mismatch");
});

test("unknown labels and values", async () => {
  for (const label of [11, 23, 59, 127, -1, -65537]) {
    await refuses("unknown_field", [entry(label, "\u0000")], [], {}, `${label}`);
  }
  await refuses("unknown_field", [entry(5, map({ 2: "A", 4: 1 }))]);
  const unknownField = row(map({ 0: "A", 1: 0, 8: 1 }));
  await refuses("unknown_field", [list(6, [unknownField])], [unknownField]);
  const unknownValue = row(map({ 0: "A", 1: 9 }));
  await refuses("unknown_value", [list(6, [unknownValue])], [unknownValue]);
});

test("the gravest fault is told, wherever it is", async () => {
  const violation = entry(0, "");
  const field = entry(11, 1);
  const unknownKind = row(map({ 0: "A", 1: 9 }));
  const value = list(6, [unknownKind]);
  const stray = decoy();
  await refuses("schema_violation", [field, value, violation], [unknownKind, stray]);
  await refuses("disclosure_mismatch", [field, value], [unknownKind, stray]);
  await refuses("unknown_field", [field, value], [unknownKind]);
  await refuses("unknown_value", [value], [unknownKind]);
  const broken = row(map({ 0: "", 1: 0 }));
  await refuses("schema_violation", [field, list(6, [unknownKind, broken])], [unknownKind, broken]);
});
