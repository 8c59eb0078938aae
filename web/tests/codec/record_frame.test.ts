/** The frames of course records and shares: docs/spec.md, sections 15.4 and 11.6. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Frame, readFrame, tokenWithoutDisclosures } from "../../src/codec/frame.ts";
import { joined } from "../../src/codec/joined.ts";
import type { Reason } from "../../src/verdict.ts";
import { bytes, type Encodable, encode, map, Pairs } from "../encoding.ts";
import { assertRefused, reasonOf } from "./refused.ts";
import {
  header,
  KID,
  largeRecord,
  PAYLOAD,
  RECORD,
  record,
  share,
  shareHeader,
  SIGNATURE,
  token,
} from "./tokens.ts";
import { golden, workedExample } from "./vector_files.ts";

function of(length: number, fill = 0): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

function disclosed(disclosures: readonly Encodable[]): Frame {
  const frame = readFrame(record(disclosures));
  assert(frame.kind === "record");
  return frame;
}

test("a record without disclosures, and with some", () => {
  const frame = readFrame(record());
  assert(frame.kind === "record");
  assert.deepEqual(frame.disclosures, []);
  assert.deepEqual(frame.kid, KID);
  const some = [of(1), of(1, 1), of(24), of(256, 9), of(257)];
  assert.deepEqual(disclosed(some).disclosures, some);
});

test("in the order of their encodings: the shorter first, whatever is in them", () => {
  assert.equal(disclosed([of(2, 9), of(3, 1)]).disclosures.length, 2);
  const faults = [
    [of(3, 1), of(2, 9)],
    [of(2, 2), of(2, 1)],
    [of(2, 1), of(2, 1)],
  ];
  for (const fault of [...faults, [of(1), of(3), of(2)]]) {
    assertRefused(() => disclosed(fault), "unprotected_header");
  }
});

test("1 to 512 disclosures of 1 to 16,384 bytes", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => Uint8Array.of(i >> 8, i));
  assert.equal(disclosed(many(1)).disclosures.length, 1);
  assert.equal(disclosed(many(512)).disclosures.length, 512);
  assertRefused(() => disclosed(many(513)), "unprotected_header");
  assertRefused(() => disclosed([]), "unprotected_header");
  assert.equal(disclosed([of(16384)]).disclosures.length, 1);
  assertRefused(() => disclosed([of(16385)]), "unprotected_header");
  assertRefused(() => disclosed([of(0)]), "unprotected_header");
});

test("step 17 of a record: whatever else is no map of disclosures", () => {
  const faults: Encodable[] = [
    [],
    [of(1)],
    bytes("a0"),
    map({ 17: of(1) }),
    map({ 17: ["text"] }),
    map({ 17: [1] }),
    map({ 17: [of(1), [of(2)]] }),
    map({ 16: [of(1)] }),
    map({ 17: [of(1)], 18: 0 }),
    map({ 4: KID, 17: [of(1)] }),
    map({ 17: true }),
  ];
  for (const unprotected of faults) {
    const faulty = record(null, { unprotected });
    assertRefused(() => readFrame(faulty), "unprotected_header");
  }
});

test("step 17 before step 18, and 18 before 19", () => {
  const large = { payload: of(16385) };
  assertRefused(() => readFrame(record([], large)), "unprotected_header");
  assertRefused(() => readFrame(record([of(1)], large)), "too_large");
  const disclosures = [of(14000), of(14000, 1), of(14000, 2)];
  assertRefused(() => readFrame(record(disclosures, { payload: of(0) })), "too_large");
  assertRefused(() => readFrame(record([of(1)], { payload: of(0) })), "not_a_token");
});

test("without its disclosures, a record is the same whatever is disclosed", () => {
  const plain = record();
  for (const disclosures of [null, [of(1)], [of(1), of(2)]]) {
    const frame = readFrame(record(disclosures));
    assert(frame.kind === "record");
    assert.deepEqual(tokenWithoutDisclosures(frame), plain);
  }
});

test("a sound share", () => {
  const within = record([of(5)]);
  const frame = readFrame(share(within));
  assert(frame.kind === "share");
  assert.deepEqual(frame.record.token, within);
  assert.deepEqual(frame.record.disclosures, [of(5)]);
  assert.deepEqual(frame.header, shareHeader(within));
  assert.deepEqual(frame.payload, PAYLOAD);
  assert.deepEqual(frame.signature, SIGNATURE);
  assert.deepEqual(frame.token, share(within));
  assert.equal(
    reasonOf(() => readFrame(share(within, { payload: of(2048) }))),
    null,
  );
});

const ANOTHER_END = joined(shareHeader(record()).subarray(0, -1), bytes("27"));
const LABEL_MORE = joined(bytes("a401320d"), record(), bytes("1019012618630000"));
const RECORD_OF_19 = record(null, { signature: of(3) });

/** Each with one fault, in the order of the table. */
const STEPS: [step: string, token: Uint8Array, reason: Reason][] = [
  ["S1: another end", token({ header: ANOTHER_END }), "not_a_token"],
  ["S1: no end", token({ header: joined(bytes("a301320d"), record()) }), "not_a_token"],
  ["S1: nothing between", token({ header: bytes("a301320d10190126") }), "not_a_token"],
  ["S1: the beginning alone", token({ header: bytes("a301320d") }), "not_a_token"],
  ["S1: too short for both", token({ header: bytes("a301320d190126") }), "not_a_token"],
  ["none: a label more", token({ header: LABEL_MORE }), "not_deterministic"],
  ["S2: a share in a share", share(share()), "wrong_type"],
  ["S2: a broken share in a share", share(token({ header: bytes("a301320d") })), "wrong_type"],
  ["S3, step 3: no token", share(bytes("80")), "not_a_token"],
  ["S3, step 4: two items", share(joined(record(), bytes("00"))), "not_deterministic"],
  ["S3, step 5: no array of 4", share(bytes("d280")), "not_a_token"],
  ["S3, step 9: no header", share(token({ header: of(0) })), "missing_header"],
  ["S3, step 10: EdDSA", share(token({ header: header(RECORD, { 1: -8 }) })), "wrong_algorithm"],
  ["S3, step 12: another type", share(token({ header: header("text/plain") })), "wrong_type"],
  ["S3, step 14: a label more", share(token({ header: header(RECORD, { 2: 0 }) })), "extra_header"],
  ["S3, step 16: a newer type", share(token({ header: header(`${RECORD}2`) })), "newer_format"],
  ["S3, step 17: no disclosures", share(record([])), "unprotected_header"],
  ["S3, step 18: a large payload", share(record(null, { payload: of(16385) })), "too_large"],
  ["S3, step 18: a record of 40,961", share(largeRecord(40961)), "too_large"],
  ["S3, step 19: a short signature", share(RECORD_OF_19), "not_a_token"],
  ["S4: a certificate", share(token()), "wrong_type"],
  ["S5: a label", share(record(), { unprotected: map({ 17: [of(1)] }) }), "unprotected_header"],
  ["S5: no map", share(record(), { unprotected: [] }), "unprotected_header"],
  ["S6: a payload of 2,049", share(record(), { payload: of(2049) }), "too_large"],
  ["S7: an empty payload", share(record(), { payload: of(0) }), "not_a_token"],
  ["S7: a signature of 63", share(record(), { signature: of(63) }), "not_a_token"],
];

for (const [step, faulty, reason] of STEPS) {
  test(`step ${step}`, () => assertRefused(() => readFrame(faulty), reason));
}

test("a record within may be large; the share around it has its bound", () => {
  assert.equal(
    reasonOf(() => readFrame(share(largeRecord(40960)))),
    null,
  );
  assertRefused(() => readFrame(share(largeRecord(40960), { payload: of(256) })), "too_large");
});

test("of two faults, that of the earlier step is the reason", () => {
  const more: [step: number, elements: object, reason: Reason][] = [
    [5, { unprotected: [] }, "unprotected_header"],
    [6, { payload: of(2049) }, "too_large"],
    [7, { signature: of(1) }, "not_a_token"],
  ];
  const within: [step: string, token: Uint8Array, reason: Reason][] = [
    ["S2", share(bytes("00")), "wrong_type"],
    ["S3", RECORD_OF_19, "not_a_token"],
    ["S4", token(), "wrong_type"],
  ];
  for (const [i, [, elements, reason]] of more.entries()) {
    for (const [, later] of more.slice(i + 1)) {
      assertRefused(() => readFrame(share(record(), { ...later, ...elements })), reason);
    }
    for (const [step, faulty, first] of within) {
      assertRefused(() => readFrame(share(faulty, elements)), first, step);
    }
    const noEnd = token({ header: bytes("a301320d"), ...elements });
    assertRefused(() => readFrame(noEnd), "not_a_token", "S1");
  }
  // Within steps 1 to 6 of what stands between, these decide before it is a share.
  assertRefused(() => readFrame(share(joined(share(), bytes("00")))), "not_deterministic");
  // S1 before S2.
  const noEnd = joined(bytes("a301320d"), share());
  assertRefused(() => readFrame(token({ header: noEnd })), "not_a_token");
});

test("steps 1 to 6 come before it is a share", () => {
  const noPayload = share(record(), { payload: 0 });
  assertRefused(() => readFrame(noPayload), "not_a_token");
  assertRefused(() => readFrame(joined(share(), bytes("00"))), "not_deterministic");
});

test("a share's header in another order is no share's", () => {
  const reordered = encode(
    new Pairs([
      [1, -19],
      [16, 294],
      [13, 0],
    ]),
  );
  assertRefused(() => readFrame(token({ header: reordered })), "not_deterministic");
});

test("the share of appendix A", () => {
  const frame = readFrame(workedExample("share-token"));
  assert(frame.kind === "share");
  assert.deepEqual(frame.payload, workedExample("share-payload"));
  assert.deepEqual(frame.record.payload, workedExample("record-payload"));
  assert.equal(frame.record.disclosures.length, 1);
});

test("the golden records and shares", () => {
  const vectors = golden("golden-records");
  assert.equal(vectors.length, 6);
  for (const [name, vector] of vectors) {
    const whole = readFrame(bytes(vector.token));
    const shown = readFrame(bytes(vector.share));
    assert(whole.kind === "record" && shown.kind === "share", name);
    const plain = tokenWithoutDisclosures(whole);
    assert.deepEqual(tokenWithoutDisclosures(shown.record), plain, name);
    assert.deepEqual(readFrame(plain).payload, whole.payload);
    const known = new Set(whole.disclosures.map((item) => Buffer.from(item).toString("hex")));
    for (const item of shown.record.disclosures) {
      assert(known.has(Buffer.from(item).toString("hex")), name);
    }
  }
});
