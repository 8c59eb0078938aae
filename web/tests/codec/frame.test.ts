/** The table of docs/spec.md, section 5.2: every step by itself, and the order of the steps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFrame, toBeSigned, tokenWithoutDisclosures } from "../../src/codec/frame.ts";
import { joined } from "../../src/codec/joined.ts";
import type { Reason } from "../../src/verdict.ts";
import { bytes, encode, map, Pairs } from "../encoding.ts";
import { assertRefused, reasonOf } from "./refused.ts";
import {
  CERTIFICATE,
  header,
  KID,
  largeRecord,
  PAYLOAD,
  RECORD,
  SIGNATURE,
  tagged,
  token,
  type Elements,
} from "./tokens.ts";
import { workedExample } from "./vector_files.ts";

const LONG_KID = new Uint8Array(9);
const LARGE = new Uint8Array(16385);
const FAMILY = "application/vnd.signedcert.";
const NEWER = `${FAMILY}newer`;

/** Each with one fault, in the order of the table. */
const STEPS: [step: string, token: Uint8Array, reason: Reason][] = [
  ["1: no bytes", new Uint8Array(0), "empty_input"],
  ["2: more than 41,216 bytes", joined(bytes("d2"), new Uint8Array(41216)), "too_large"],
  ["3: no tag 18", bytes("84"), "not_a_token"],
  ["3: a longer head of tag 18", joined(bytes("d812"), token().subarray(1)), "not_a_token"],
  ["4: nothing after the tag", bytes("d2"), "not_deterministic"],
  ["4: a byte after the item", joined(token(), bytes("00")), "not_deterministic"],
  ["4: cut off", token().subarray(0, -1), "not_deterministic"],
  ["4: a second tag", joined(bytes("d2"), token()), "not_deterministic"],
  [
    "4: a detached payload",
    tagged([header(), map({}), new Uint8Array(0), SIGNATURE]).map((byte, i, all) =>
      all[i - 1] === 0xa0 && byte === 0x40 ? 0xf6 : byte,
    ),
    "not_deterministic",
  ],
  ["4: a longer head", joined(bytes("d29804"), token().subarray(2)), "not_deterministic"],
  ["5: no array", tagged(map({})), "not_a_token"],
  ["5: an array of 3", tagged([header(), map({}), PAYLOAD]), "not_a_token"],
  ["5: an array of 5", tagged([header(), map({}), PAYLOAD, SIGNATURE, 0]), "not_a_token"],
  ["6: a header that is no byte string", token({ header: map({}) }), "not_a_token"],
  ["6: a payload that is no byte string", token({ payload: "text" }), "not_a_token"],
  ["6: a signature that is no byte string", token({ signature: [] }), "not_a_token"],
  ["7: a header of two items", token({ header: bytes("a0a0") }), "not_deterministic"],
  [
    "7: keys in another order",
    token({
      header: encode(
        new Pairs([
          [4, KID],
          [1, -19],
          [16, CERTIFICATE],
        ]),
      ),
    }),
    "not_deterministic",
  ],
  ["8: a header that is no map", token({ header: bytes("80") }), "not_a_token"],
  ["9: an empty header", token({ header: new Uint8Array(0) }), "missing_header"],
  ["9: a header of an empty map", token({ header: bytes("a0") }), "missing_header"],
  ["9: no label 1", token({ header: encode(map({ 4: KID, 16: CERTIFICATE })) }), "missing_header"],
  ["10: EdDSA", token({ header: header(CERTIFICATE, { 1: -8 }) }), "wrong_algorithm"],
  ["10: a text", token({ header: header(CERTIFICATE, { 1: "EdDSA" }) }), "wrong_algorithm"],
  ["10: true", token({ header: header(CERTIFICATE, { 1: true }) }), "wrong_algorithm"],
  ["11: no label 4", token({ header: encode(map({ 1: -19, 16: CERTIFICATE })) }), "missing_header"],
  ["11: no label 16", token({ header: encode(map({ 1: -19, 4: KID })) }), "missing_header"],
  ["12: a number", token({ header: header(294) }), "wrong_type"],
  ["12: another family", token({ header: header("application/cwt") }), "wrong_type"],
  ["12: in capitals", token({ header: header(CERTIFICATE.toUpperCase()) }), "wrong_type"],
  ["12: a byte order mark", token({ header: header(`\ufeff${CERTIFICATE}`) }), "wrong_type"],
  ["12: bytes", token({ header: header(Buffer.from(CERTIFICATE)) }), "wrong_type"],
  ...["issuer", "handover", "bundle"].map((type): [string, Uint8Array, Reason] => [
    `12: the type ${type}`,
    token({ header: header(FAMILY + type) }),
    "wrong_type",
  ]),
  ["13: another algorithm", token({ header: header(CERTIFICATE, { 1: -7 }) }), "newer_format"],
  ["13: algorithm 0", token({ header: header(CERTIFICATE, { 1: 0 }) }), "newer_format"],
  ["14: a label more", token({ header: header(CERTIFICATE, { 2: [1] }) }), "extra_header"],
  ["15: a kid of 7", token({ header: header(CERTIFICATE, { 4: KID.subarray(1) }) }), "not_a_token"],
  ["15: a kid of 9", token({ header: header(CERTIFICATE, { 4: LONG_KID }) }), "not_a_token"],
  ["15: a kid of text", token({ header: header(CERTIFICATE, { 4: "12345678" }) }), "not_a_token"],
  ["16: another type", token({ header: header(NEWER) }), "newer_format"],
  ["16: a longer type", token({ header: header(`${CERTIFICATE} `) }), "newer_format"],
  ["16: the family alone", token({ header: header(FAMILY) }), "newer_format"],
  ["17: a label", token({ unprotected: map({ 4: KID }) }), "unprotected_header"],
  ["17: no map", token({ unprotected: [] }), "unprotected_header"],
  ["17: bytes", token({ unprotected: bytes("a0") }), "unprotected_header"],
  ["17: disclosures", token({ unprotected: map({ 17: [bytes("01")] }) }), "unprotected_header"],
  ["18: a payload of 16,385", token({ payload: LARGE }), "too_large"],
  ["18: a record of 40,961", largeRecord(40961), "too_large"],
  ["19: an empty payload", token({ payload: new Uint8Array(0) }), "not_a_token"],
  ["19: a signature of 63", token({ signature: new Uint8Array(63) }), "not_a_token"],
  ["19: a signature of 65", token({ signature: new Uint8Array(65) }), "not_a_token"],
  ["19: an empty signature", token({ signature: new Uint8Array(0) }), "not_a_token"],
];

for (const [step, faulty, reason] of STEPS) {
  test(`step ${step}`, () => assertRefused(() => readFrame(faulty), reason));
}

/** What is put into a sound token. */
interface Change {
  readonly header?: object;
  readonly type?: string;
  readonly rest?: Elements;
}

/** Faults of a token that can stand together, in the order of the steps. */
const FAULTS: [step: number, change: Change, reason: Reason][] = [
  [10, { header: { 1: -8 } }, "wrong_algorithm"],
  [12, { type: "application/cwt" }, "wrong_type"],
  [13, { header: { 1: -7 } }, "newer_format"],
  [14, { header: { 2: 0 } }, "extra_header"],
  [15, { header: { 4: bytes("01") } }, "not_a_token"],
  [16, { type: NEWER }, "newer_format"],
  [17, { rest: { unprotected: map({ 1: 1 }) } }, "unprotected_header"],
  [18, { rest: { payload: LARGE } }, "too_large"],
  [19, { rest: { signature: new Uint8Array(1) } }, "not_a_token"],
];

test("of two faults, that of the earlier step is the reason", () => {
  let pairs = 0;
  for (const [i, [earlier, a, reason]] of FAULTS.entries()) {
    for (const [later, b] of FAULTS.slice(i + 1)) {
      // Two algorithms or two types do not stand together.
      if ((earlier === 10 && later === 13) || (earlier === 12 && later === 16)) continue;
      const type = a.type ?? b.type ?? CERTIFICATE;
      const labels = { ...b.header, ...a.header };
      const faulty = token({
        header: encode(map({ 1: -19, 4: KID, 16: type, ...labels })),
        ...b.rest,
        ...a.rest,
      });
      assertRefused(() => readFrame(faulty), reason, `${earlier} before ${later}`);
      pairs++;
    }
  }
  assert.equal(pairs, 34);
});

test("the order of the steps before, where not every two faults can stand together", () => {
  const order: [string, Uint8Array, Reason][] = [
    ["2 before 3", new Uint8Array(41217), "too_large"],
    ["3 before 4", bytes("ff"), "not_a_token"],
    ["4 before 5", joined(tagged([]), bytes("00")), "not_deterministic"],
    ["5 before 6", tagged([0, 0, 0]), "not_a_token"],
    ["6 before 7", token({ header: bytes("a0a0"), payload: 0 }), "not_a_token"],
    ["7 before 8", token({ header: bytes("8000") }), "not_deterministic"],
    ["8 before 17", token({ header: bytes("80"), unprotected: 0 }), "not_a_token"],
    ["9 before 10 and 11", token({ header: encode(map({ 16: "" })) }), "missing_header"],
    ["10 before 11", token({ header: encode(map({ 1: -8 })) }), "wrong_algorithm"],
    ["11 before 12", token({ header: encode(map({ 1: -19, 16: "a/b" })) }), "missing_header"],
    ["11 before 13", token({ header: encode(map({ 1: 0, 4: KID })) }), "missing_header"],
    ["11 before 14", token({ header: bytes("a40132020003000400") }), "missing_header"],
    ["18 before 19", token({ payload: LARGE, signature: new Uint8Array(0) }), "too_large"],
  ];
  for (const [what, faulty, reason] of order) assertRefused(() => readFrame(faulty), reason, what);
});

test("the array of the token counts towards the depth, the tag does not", () => {
  const nested = (depth: number) => bytes(`${"81".repeat(depth)}00`);
  const around = (depth: number) =>
    joined(bytes("d284"), encode(header()), nested(depth), encode(PAYLOAD), encode(SIGNATURE));
  assertRefused(() => readFrame(around(7)), "unprotected_header");
  assertRefused(() => readFrame(around(8)), "not_deterministic");
});

test("in the header, depth counts anew", () => {
  const labels = (depth: number) =>
    joined(
      bytes("a4013204"),
      encode(KID),
      bytes("10"),
      encode(CERTIFICATE),
      bytes("1863"),
      bytes(`${"81".repeat(depth)}00`),
    );
  assertRefused(() => readFrame(token({ header: labels(7) })), "extra_header");
  assertRefused(() => readFrame(token({ header: labels(8) })), "not_deterministic");
});

test("the items of the whole token are at most 4,096", () => {
  const unprotected = (count: number) => Array.from({ length: count }, () => 0);
  assertRefused(() => readFrame(token({ unprotected: unprotected(4091) })), "unprotected_header");
  assertRefused(() => readFrame(token({ unprotected: unprotected(4092) })), "not_deterministic");
});

test("a sound certificate", () => {
  const frame = readFrame(token());
  assert.equal(frame.kind, "certificate");
  const { kind: _, ...parts } = frame;
  assert.deepEqual(parts, {
    token: token(),
    header: header(),
    kid: KID,
    payload: PAYLOAD,
    signature: SIGNATURE,
    disclosures: [],
  });
});

test("the greatest payload, and the greatest record", () => {
  for (const size of [1, 16384]) {
    assert.equal(
      reasonOf(() => readFrame(token({ payload: new Uint8Array(size) }))),
      null,
    );
  }
  assert.equal(largeRecord(40960).length, 40960);
  assert.equal(readFrame(largeRecord(40960)).kind, "record");
});

test("the example of appendix A: its frame, and what is signed", () => {
  const frame = readFrame(workedExample("token"));
  assert.deepEqual(frame.header, workedExample("header"));
  assert.deepEqual(frame.payload, workedExample("payload"));
  assert.deepEqual(toBeSigned(frame.header, frame.payload), workedExample("sig-structure"));
  assert(frame.kind === "certificate");
  assert.deepEqual(tokenWithoutDisclosures(frame), workedExample("token"));
});

test("what is signed has heads of every size", () => {
  for (const size of [0, 23, 24, 255, 256, 65535, 65536]) {
    const payload = new Uint8Array(size).fill(7);
    const expected = encode(["Signature1", header(RECORD), new Uint8Array(0), payload]);
    assert.deepEqual(toBeSigned(header(RECORD), payload), expected);
  }
});
