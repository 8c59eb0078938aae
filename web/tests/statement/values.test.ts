/** Section 4.2, kind by kind: what is read, and the nearest values that are refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Certificate } from "../../src/statement/statement.ts";
import { readCertificate } from "../../src/statement/read.ts";
import type { Reason } from "../../src/verdict.ts";
import { type Encodable, map } from "../encoding.ts";
import { certificate, changed, COURSE, NOW, refused } from "./payloads.ts";

function shown(payload: Uint8Array): Certificate {
  const { statement } = readCertificate(payload);
  assert(statement.kind === "certificate");
  return statement.certificate;
}

const refuses = (payload: Uint8Array, about: string, reason: Reason = "schema_violation") =>
  refused(() => readCertificate(payload), reason, about);

const course = (label: number, value: Encodable) =>
  certificate({ 1: changed(COURSE, { [label]: value }) });
const result = (label: number, value: Encodable) => certificate({ 4: map({ [label]: value }) });
const workload = (label: number, value: Encodable) => course(6, map({ [label]: value }));

const WRONG_TYPES: readonly Encodable[] = [true, false, "x", Uint8Array.of(1), [], [[]], map({})];

function refusesOthers(make: (value: Encodable) => Uint8Array, but: (value: Encodable) => boolean) {
  for (const value of WRONG_TYPES.filter((item) => !but(item))) {
    refuses(make(value), `${JSON.stringify(value)}`);
  }
}

test("integers keep to both bounds", () => {
  const make = (value: Encodable) => workload(0, value);
  assert.equal(shown(make(1)).course.workload?.weeks, 1);
  assert.equal(shown(make(1000)).course.workload?.weeks, 1000);
  for (const value of [0, 1001, -1]) refuses(make(value), `${value}`);
  refusesOthers(make, () => false);
});

test("moments reach from 1970 to the end of 9999", () => {
  const at = (issued: Encodable) => certificate({}, { 6: issued });
  assert.equal(shown(at(0)).issued_at, "1970-01-01T00:00:00Z");
  assert.equal(shown(at(951782399)).issued_at, "2000-02-28T23:59:59Z");
  assert.equal(shown(at(951782400)).issued_at, "2000-02-29T00:00:00Z");
  assert.equal(shown(at(253402300799)).issued_at, "9999-12-31T23:59:59Z");
  for (const value of [-1, 253402300800]) refuses(at(value), `${value}`);
  refusesOthers(at, () => false);
});

/** A calendar of its own: counted year by year and month by month. */
function civil(days: number): string {
  let year = 1970;
  let left = days;
  const leap = (of: number) => (of % 4 === 0 && of % 100 !== 0) || of % 400 === 0;
  const length = (of: number) => (leap(of) ? 366 : 365);
  while (left < 0) left += length(--year);
  while (left >= length(year)) left -= length(year++);
  const months = [31, leap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  let month = 0;
  while (left >= (months[month] ?? 0)) left -= months[month++] ?? 0;
  const padded = (number: number, digits: number) => String(number).padStart(digits, "0");
  return `${padded(year, 4)}-${padded(month + 1, 2)}-${padded(left + 1, 2)}`;
}

test("dates reach from year 1 to year 9999", () => {
  const on = (day: Encodable) => certificate({ 2: day });
  const days = [-719162, -719162 + 58, -719162 + 59, -354286, -141428, -25567, -1, 0, 59, 11016];
  for (const day of [...days, 11017, 47540, 2932895, 2932896]) {
    assert.equal(shown(on(day)).completed_on, civil(day));
  }
  assert.equal(shown(on(-719162)).completed_on, "0001-01-01");
  assert.equal(shown(on(2932896)).completed_on, "9999-12-31");
  for (const day of [-719163, 2932897]) refuses(on(day), `${day}`);
  refusesOthers(on, () => false);
});

test("flags are true or absent", () => {
  assert.equal(shown(result(3, true)).result?.with_distinction, true);
  refuses(result(3, false), "false");
  refuses(result(3, 1), "1");
  refusesOthers(
    (value) => result(3, value),
    (value) => value === true,
  );
});

test("enumerations", () => {
  const make = (value: Encodable) => course(9, value);
  assert.equal(shown(make(2)).course.delivery, "blended");
  refuses(make(3), "not listed", "unknown_value");
  refuses(make(Number.MAX_SAFE_INTEGER), "far away", "unknown_value");
  refuses(make(-1), "negative");
  refusesOthers(make, () => false);
});

test("enumerations, or lines", () => {
  const make = (value: Encodable) => course(7, value);
  assert.equal(shown(make(0)).course.level, "beginner");
  assert.equal(shown(make("Third year")).course.level, "Third year");
  assert.equal(shown(make("x".repeat(100))).course.level?.length, 100);
  refuses(make(4), "not listed", "unknown_value");
  for (const value of [-1, "", "x".repeat(101), "a\nb"]) refuses(make(value), `${value}`);
  refusesOthers(make, (value) => value === "x");
});

test("byte strings have their length", () => {
  const make = (value: Encodable) => certificate({ 11: value });
  assert.equal(shown(make(new Uint8Array(10))).record_id, "0000-0000-0000-0000");
  for (const size of [0, 9, 11]) refuses(make(new Uint8Array(size)), `${size}`);
  refusesOthers(make, () => false);
  const check = (size: number) => certificate({ 8: [map({ 0: 0, 4: new Uint8Array(size) })] });
  assert.equal(shown(check(32)).identity_checks?.[0]?.portrait_digest, "0".repeat(64));
  for (const size of [31, 33]) refuses(check(size), `${size}`);
});

test("arrays are never empty and keep to their bound", () => {
  const make = (count: number) => certificate({ 5: new Array<string>(count).fill("Ada") });
  assert.equal(shown(make(20)).signatories?.length, 20);
  for (const count of [0, 21]) refuses(make(count), `${count}`);
  for (const value of ["Ada", map({ 0: "Ada", 1: "x" }), 1, true]) {
    refuses(certificate({ 5: value }), JSON.stringify(value));
  }
});

test("maps are never empty, and required labels are there", () => {
  for (const value of [map({}), [], 1, "x", true]) {
    refuses(certificate({ 4: value }), "result");
    refuses(certificate({ 1: value }), "course");
  }
  assert.deepEqual(shown(result(128, 1)).result, { additional: { 128: 1 } });
  refuses(certificate({ 1: map({ 0: "T" }) }), "no institution");
  refuses(certificate({ 8: [map({ 1: "x" })] }), "no method");
  for (const label of [0, 1, 2]) refuses(certificate({ [label]: undefined }), `body ${label}`);
  for (const claim of [1, 6, 7, -65537]) {
    refuses(certificate({}, { [claim]: undefined }), `claim ${claim}`);
  }
});

test("bare text stands for a map of label 0 alone", () => {
  const learner = (value: Encodable) => certificate({ 0: value });
  assert.deepEqual(shown(learner("Ada")).learner, { name: "Ada" });
  assert.deepEqual(shown(learner(map({ 0: "Νίκη", 1: "Niki" }))).learner, {
    name: "Νίκη",
    latin_name: "Niki",
  });
  assert.deepEqual(shown(learner(map({ 0: "Ada", 200: 1 }))).learner, {
    name: "Ada",
    additional: { 200: 1 },
  });
  refuses(learner(map({ 0: "Ada" })), "label 0 alone");
  refuses(learner(map({ 1: "Ada" })), "no label 0");
  refuses(learner(map({ 0: "Ada", 5: 1 })), "an unknown label besides", "unknown_field");
  refuses(learner(""), "empty");
  refuses(learner("x".repeat(201)), "too long");
  refusesOthers(learner, (value) => value === "x");
  const syllabus = (value: Encodable) => course(5, [value]);
  assert.deepEqual(shown(syllabus("M")).course.syllabus, [{ title: "M" }]);
  refuses(syllabus(map({ 0: "M" })), "module");
});

test("array forms have all their items and no more", () => {
  const make = (value: Encodable) => certificate({ 12: value });
  assert.deepEqual(shown(make([0, Number.MAX_SAFE_INTEGER])).status, {
    list: 0,
    index: Number.MAX_SAFE_INTEGER,
  });
  for (const value of [[1], [1, 2, 3], [1, -1], ["1", 2], [1, true]]) {
    refuses(make(value), `${value}`);
  }
  refuses(make(map({ 0: 1, 1: 2 })), "a map");
  refusesOthers(make, () => false);
});

test("skills are text, or a map with all required labels", () => {
  const make = (value: Encodable) => certificate({ 6: [value] });
  assert.deepEqual(shown(make("Rhetoric")).skills, ["Rhetoric"]);
  refuses(make(map({ 0: "Logic" })), "no url");
  refuses(make(map({ 1: "https://example.org/" })), "no name");
  refuses(make(map({ 0: "Logic", 1: "ftp://example.org/" })), "another url");
  refuses(make(""), "empty");
});

test("an end is after its beginning", () => {
  const make = (from: number | undefined, end: number) => certificate({}, { 4: end, 5: from });
  assert.equal(readCertificate(make(undefined, NOW + 1)).expiresAt, NOW + 1);
  refuses(make(undefined, NOW), "the moment of issuing");
  assert.equal(readCertificate(make(NOW + 5, NOW + 6)).validFrom, NOW + 5);
  refuses(make(NOW + 5, NOW + 5), "the moment from which it is valid");
  assert.equal(readCertificate(make(NOW - 5, NOW - 4)).expiresAt, NOW - 4);
});

test("other relations between fields are not checked", () => {
  const { result: read } = shown(certificate({ 4: map({ 0: 120, 1: 100 }) }));
  assert.deepEqual(read, { score: 120, maximum: 100 });
});
