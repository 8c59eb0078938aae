/** Section 4.2: decimals and ranges, exact to the last digit, and their JSON form (section 6.4). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCertificate } from "../../src/statement/read.ts";
import type { Course, Result } from "../../src/statement/statement.ts";
import { type Encodable, map } from "../encoding.ts";
import { certificate, changed, COURSE, refused } from "./payloads.ts";

const result = (label: number, value: Encodable) => certificate({ 4: map({ [label]: value }) });
const ranged = (value: Encodable) => certificate({ 1: changed(COURSE, { 6: map({ 1: value }) }) });

function shown(payload: Uint8Array): { result?: Result; course: Course } {
  const { statement } = readCertificate(payload);
  assert(statement.kind === "certificate");
  return statement.certificate;
}

const refuses = (payload: Uint8Array, about: string) =>
  refused(() => readCertificate(payload), "schema_violation", about);

const WRONG_TYPES: readonly Encodable[] = [true, false, "x", Uint8Array.of(1), [], [[]], map({})];

test("decimals are a number where a double holds them, otherwise text", () => {
  const pairs: [Encodable, number | string][] = [
    [0, 0],
    [87, 87],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [[8725, 2], 87.25],
    [[1, 1], 0.1],
    [[1, 9], 1e-9],
    [[10000001, 7], 1.0000001],
    [[123456123456789, 9], 123456.123456789],
    [[9007199254740991, 1], 900719925474099.1],
    [[9007199254740991, 9], "9007199.254740991"],
    [[9007199254740989, 9], 9007199.254740989],
    [[900719925474099, 8], 9007199.25474099],
  ];
  for (const [written, expected] of pairs) {
    assert.equal(shown(result(1, written)).result?.maximum, expected);
    assert.equal(shown(result(0, written)).result?.score, expected);
  }
  assert.equal(shown(result(0, -3)).result?.score, -3);
  assert.equal(shown(result(0, [-5, 1])).result?.score, -0.5);
  assert.equal(shown(result(0, [-1, 9])).result?.score, -1e-9);
  assert.equal(shown(result(0, [-9007199254740991, 9])).result?.score, "-9007199.254740991");
});

test("decimals have one form", () => {
  const broken: Encodable[] = [
    [0, 1],
    [10, 1],
    [8720, 2],
    [1, 0],
    [1, 10],
    [1, -1],
    [1],
    [1, 1, 1],
    [1, "1"],
    ["1", 1],
    [[1], 1],
    [true, 1],
    [-10, 1],
  ];
  for (const value of broken) {
    refuses(result(0, value), `signed ${JSON.stringify(value)}`);
    refuses(result(1, value), JSON.stringify(value));
  }
  for (const value of [-1, [-5, 1]]) refuses(result(1, value), `${value}`);
  for (const value of WRONG_TYPES) refuses(result(0, value), JSON.stringify(value));
});

test("ranges are compared exactly", () => {
  const read = (value: Encodable) => shown(ranged(value)).course.workload?.hours_per_week;
  assert.deepEqual(read([5, 7]), [5, 7]);
  assert.deepEqual(read([[25, 1], 4]), [2.5, 4]);
  assert.deepEqual(read([4, 4]), [4, 4]);
  // Both have the same nearest double.
  assert.equal(Number("9007199.25474099"), Number("9007199.254740991"));
  assert.deepEqual(
    read([
      [900719925474099, 8],
      [9007199254740991, 9],
    ]),
    [9007199.25474099, "9007199.254740991"],
  );
  refuses(
    ranged([
      [9007199254740991, 9],
      [900719925474099, 8],
    ]),
    "a billionth down",
  );
  assert.deepEqual(
    read([900719925474099, [9007199254740991, 1]]),
    [900719925474099, 900719925474099.1],
  );
  refuses(ranged([[9007199254740991, 1], 900719925474099]), "a tenth down");
  for (const value of [[5], [5, 6, 7], [7, 5], [-1, 5], [5, "7"], 5]) {
    refuses(ranged(value), `${value}`);
  }
  for (const value of WRONG_TYPES) refuses(ranged(value), JSON.stringify(value));
});
