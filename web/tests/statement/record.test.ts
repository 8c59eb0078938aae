/** Section 15.2: what is always visible of a record, and the order of faults in it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readRecord } from "../../src/statement/read.ts";
import type { Reason } from "../../src/verdict.ts";
import { type Encodable, encode, map, Pairs, SIMPLE_59_KEY } from "../encoding.ts";
import {
  BODY,
  CODE,
  coseKey,
  COURSE,
  digestsOf,
  entry,
  HOLDER_KEY,
  ID,
  NOW,
  record,
  rejected,
} from "./payloads.ts";

const DIGESTS = digestsOf([]);
type Changes = Readonly<Record<number, Encodable | undefined>>;

const read = (body: Changes = {}, claims: Changes = {}) =>
  readRecord(record(DIGESTS, body, claims), []);

const refuses = (payload: Uint8Array, reason: Reason, about = "") =>
  rejected(readRecord(payload, []), reason, about);

async function shown(body: Changes = {}, claims: Changes = {}) {
  const { statement } = await read(body, claims);
  assert(statement.kind === "record");
  return statement.record;
}

test("a record as small as it can be", async () => {
  const { statement, ...rest } = await read();
  const withheld = { withheld: true };
  assert.deepEqual(statement, {
    kind: "record",
    record: {
      issuer: "learn.example.edu",
      issued_at: "2026-11-02T10:00:00Z",
      id: CODE,
      holder_key: {
        kty: "OKP",
        crv: "Ed25519",
        x: Buffer.from(HOLDER_KEY).toString("base64url"),
      },
      course: { title: "Analytical Engines", institution: "University of Example" },
      learner: withheld,
      final_score: withheld,
      assessments: withheld,
      identity_checks: withheld,
      withholds_entries: true,
    },
  });
  assert.deepEqual(rest, {
    issuer: "learn.example.edu",
    issuedAt: NOW,
    validFrom: null,
    expiresAt: null,
    status: null,
    id: ID,
    holderKey: HOLDER_KEY,
    sharePlaces: null,
  });
});

test("every visible field", async () => {
  const component = map({ 0: 8, 1: 1000, 2: [625, 1] });
  const all = await shown({
    2: -1,
    3: 0,
    4: map({ 0: [component], 1: 60, 2: "x".repeat(1000) }),
    8: "en",
    9: [3, 4],
    10: [5, 9007199254740975],
    130: "later",
  });
  assert.equal(all.started_on, "1969-12-31");
  assert.equal(all.ended_on, "1970-01-01");
  const components = [{ kind: "oral_exam", count: 1000, weight: 62.5 }];
  assert.deepEqual(all.course_format?.components, components);
  assert.equal(all.course_format?.passing_score, 60);
  assert.equal(all.language, "en");
  assert.deepEqual(all.status, { list: 3, index: 4 });
  assert.deepEqual(all.share_places, { list: 5, first: 9007199254740975 });
  assert.deepEqual(all.additional, { 130: "later" });
  assert.deepEqual((await read({ 9: [3, 4] })).status, { list: 3, index: 4 });
  assert.deepEqual((await read({ 10: [5, 6] })).sharePlaces, { list: 5, first: 6 });
});

test("visible fields that do not hold what their table says", async () => {
  for (const body of [
    { 1: undefined },
    { 2: "2026-11-02" },
    { 3: 2932897 },
    { 4: map({}) },
    { 4: map({ 0: [] }) },
    { 4: map({ 0: [map({ 1: 1 })] }) },
    { 4: map({ 0: [map({ 0: 0, 1: 1001 })] }) },
    { 4: map({ 2: "x".repeat(1001) }) },
    { 8: "EN" },
    { 9: [1] },
    { 10: [5, 9007199254740976] },
    { 10: [5] },
  ]) {
    await refuses(record(DIGESTS, body), "schema_violation", Object.entries(body).join());
  }
  const kind = { 4: map({ 0: [map({ 0: 9 })] }) };
  await refuses(record(DIGESTS, kind), "unknown_value");
});

test("what may be withheld does not stand in the body", async () => {
  for (const label of [0, 5, 6, 7, 11, 23]) {
    await refuses(record(DIGESTS, { [label]: 1 }), "unknown_field", `${label}`);
  }
});

test("the subject is the printed code of the id", async () => {
  for (const subject of [
    undefined,
    "",
    "000G-40R4-0M30-E20A",
    CODE.toLowerCase(),
    5,
    `${CODE}\n`,
    CODE.replaceAll("-", ""),
    "OOOG-40R4-0M30-E209",
    ID,
  ]) {
    await refuses(record(DIGESTS, {}, { 2: subject }), "schema_violation", `${subject}`);
  }
});

test("the holder's key is Ed25519 and nothing else", async () => {
  const key = coseKey(HOLDER_KEY);
  const other = map({ 1: 2, [-1]: 1 });
  for (const claim of [
    undefined,
    key,
    map({}),
    map({ 1: other }),
    map({ 1: HOLDER_KEY }),
    map({ 2: key }),
    map({ 1: key, 2: 1 }),
    map({ 1: key, 200: 1 }),
    map({ 1: map({ 1: 1, [-1]: 6 }) }),
    map({ 1: coseKey(new Uint8Array(31)) }),
    map({ 1: map({ 1: 1, 2: 1, [-1]: 6, [-2]: HOLDER_KEY }) }),
    [key],
  ]) {
    await refuses(record(DIGESTS, {}, { 8: claim }), "schema_violation");
  }
});

test("the digests are 4 to 64 of 32 bytes, ascending without repeats", async () => {
  const many = (count: number) =>
    digestsOf(Array.from({ length: count }, (_, number) => encode([number])));
  await readRecord(record(many(64)), []);
  const [first = ID, second = ID, third = ID, fourth = ID] = DIGESTS;
  const broken: Encodable[] = [
    [],
    [first, second, third],
    many(65),
    [...DIGESTS].reverse(),
    [first, first, second, third],
    [first, second, third, fourth, fourth],
    [first, second, third, fourth.subarray(1)],
    [first, second, third, "x".repeat(32)],
    map({}),
    1,
    ID,
  ];
  for (const [number, digests] of broken.entries()) {
    await refuses(record(digests), "schema_violation", `${number}`);
  }
  const without = new Pairs([[1, COURSE]]);
  await refuses(record([], {}, { [BODY]: without }), "schema_violation", "none");
});

test("simple(59) stands as the body's last key alone", async () => {
  const first = new Pairs([
    [SIMPLE_59_KEY, DIGESTS],
    [1, COURSE],
  ]);
  await refuses(record([], {}, { [BODY]: first }), "not_deterministic", "first");
  const both = new Pairs([
    [1, COURSE],
    [59, 1],
    [SIMPLE_59_KEY, DIGESTS],
  ]);
  await refuses(record([], {}, { [BODY]: both }), "not_deterministic", "59 besides");
  const elsewhere = new Pairs([
    [0, "T"],
    [1, "I"],
    [SIMPLE_59_KEY, DIGESTS],
  ]);
  await refuses(record(DIGESTS, { 1: elsewhere }), "not_deterministic", "in the course");
  await refuses(record(DIGESTS, { 130: SIMPLE_59_KEY }), "not_deterministic", "as a value");
});

test("the gravest fault of a payload is told", async () => {
  const unknown = { 11: 1 };
  const value = { 4: map({ 0: [map({ 0: 9 })] }) };
  await refuses(record([], { ...unknown, ...value }), "schema_violation", "digests");
  await refuses(record(DIGESTS, unknown, { 2: "x" }), "schema_violation", "the subject");
  await refuses(record(DIGESTS, unknown, { 4: NOW }), "schema_violation", "the end");
  await refuses(record(DIGESTS, { ...unknown, ...value }), "unknown_field");
  await refuses(record(DIGESTS, value, { 23: 1 }), "unknown_field", "among the claims");
});

test("where the payload is refused, disclosures are not looked at", async () => {
  const broken = entry(0, "");
  const payload = record(digestsOf([broken]), { 11: 1 });
  await rejected(readRecord(payload, [broken]), "unknown_field");
  await rejected(readRecord(record(DIGESTS, { 11: 1 }), [encode([])]), "unknown_field");
});
