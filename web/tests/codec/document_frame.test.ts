/** The frames of issuer documents, handovers and signed bundles: docs/spec.md, section 11.1. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DocumentType, readDocumentFrame } from "../../src/codec/frame.ts";
import { joined } from "../../src/codec/joined.ts";
import type { Reason } from "../../src/verdict.ts";
import { bytes, encode, map } from "../encoding.ts";
import { assertRefused, reasonOf } from "./refused.ts";
import { type Elements, header, KID, PAYLOAD, record, SIGNATURE, share, token } from "./tokens.ts";
import { workedExample } from "./vector_files.ts";

const FAMILY = "application/vnd.signedcert.";
const NONE = new Uint8Array(0);
const TYPES: DocumentType[] = ["issuer", "handover", "bundle"];
const KNOWN = ["certificate", "record+sd-cwt", "issuer", "handover", "bundle"];

function document(type: string, labels = {}, more: Elements = {}): Uint8Array {
  return token({ header: header(FAMILY + type, labels), ...more });
}

for (const type of TYPES) {
  test(`a sound ${type}`, () => {
    const sound = document(type);
    assert.deepEqual(readDocumentFrame(sound, type), {
      token: sound,
      header: header(FAMILY + type),
      kid: KID,
      payload: PAYLOAD,
      signature: SIGNATURE,
    });
  });

  test(`${type}: every type but its own is refused`, () => {
    for (const other of KNOWN.filter((known) => known !== type)) {
      assertRefused(() => readDocumentFrame(document(other), type), "wrong_type", other);
    }
    for (const other of ["later", `${type}2`, ""]) {
      assertRefused(() => readDocumentFrame(document(other), type), "newer_format", other);
    }
    for (const other of ["application/kb+cwt", "text/plain", 294]) {
      const foreign = token({ header: header(other) });
      assertRefused(() => readDocumentFrame(foreign, type), "wrong_type");
    }
  });

  test(`${type}: every step of the table`, () => {
    const steps: [string, Uint8Array, Reason][] = [
      ["1", new Uint8Array(0), "empty_input"],
      ["3", bytes("84"), "not_a_token"],
      ["4", joined(document(type), bytes("00")), "not_deterministic"],
      ["5", bytes("d280"), "not_a_token"],
      ["6", token({ payload: 0 }), "not_a_token"],
      ["7", token({ header: bytes("a0a0") }), "not_deterministic"],
      ["8", token({ header: bytes("80") }), "not_a_token"],
      ["9", token({ header: encode(map({ 4: KID, 16: FAMILY + type })) }), "missing_header"],
      ["10", document(type, { 1: -8 }), "wrong_algorithm"],
      ["11", token({ header: encode(map({ 1: -19, 16: FAMILY + type })) }), "missing_header"],
      ["13", document(type, { 1: -7 }), "newer_format"],
      ["14", document(type, { 2: 0 }), "extra_header"],
      ["15", document(type, { 4: bytes("00") }), "not_a_token"],
      ["17", document(type, {}, { unprotected: map({ 17: [bytes("00")] }) }), "unprotected_header"],
      ["19", document(type, {}, { payload: NONE }), "not_a_token"],
      ["19", document(type, {}, { signature: new Uint8Array(63) }), "not_a_token"],
      ["12 before 13", document("certificate", { 1: -7 }), "wrong_type"],
      ["14 before 16", document("later", { 2: 0 }), "extra_header"],
      ["15 before 16", document("later", { 4: 0 }), "not_a_token"],
      ["16 before 17", document("later", {}, { unprotected: 0 }), "newer_format"],
      ["17 before 19", document(type, {}, { unprotected: 0, payload: NONE }), "unprotected_header"],
    ];
    for (const [step, faulty, reason] of steps) {
      assertRefused(() => readDocumentFrame(faulty, type), reason, `step ${step}`);
    }
  });

  test(`${type}: statements are no documents`, () => {
    assertRefused(() => readDocumentFrame(token(), type), "wrong_type");
    assertRefused(() => readDocumentFrame(record(), type), "wrong_type");
    // The record in a share's header has a tag, which no other header may have.
    assertRefused(() => readDocumentFrame(share(), type), "not_deterministic");
  });
}

test("a handover has a payload of at most 16,384 bytes, and 16,640 in all", () => {
  const sized = (size: number) => document("handover", {}, { payload: new Uint8Array(size) });
  assert.equal(
    reasonOf(() => readDocumentFrame(sized(16384), "handover")),
    null,
  );
  assertRefused(() => readDocumentFrame(sized(16385), "handover"), "too_large");
  // Step 2 comes before step 3, and a long token is too large whatever is in it.
  const long = new Uint8Array(16641);
  assertRefused(() => readDocumentFrame(long, "handover"), "too_large");
  assertRefused(() => readDocumentFrame(long.subarray(1), "handover"), "not_a_token");
});

test("an issuer document has a payload of at most 67,108,864 bytes, and 67,109,120 in all", () => {
  const sized = (size: number) => document("issuer", {}, { payload: new Uint8Array(size) });
  assert.equal(
    reasonOf(() => readDocumentFrame(sized(67_108_864), "issuer")),
    null,
  );
  assertRefused(() => readDocumentFrame(sized(67_108_865), "issuer"), "too_large");
  const long = new Uint8Array(67_109_121);
  assertRefused(() => readDocumentFrame(long, "issuer"), "too_large");
  assertRefused(() => readDocumentFrame(long.subarray(1), "issuer"), "not_a_token");
  assertRefused(() => readDocumentFrame(long, "bundle"), "not_a_token");
});

test("the document and the handover of appendix A", () => {
  const frame = workedExample("document-frame");
  const payload = workedExample("document-payload");
  const head = frame.subarray(0, frame.length - 66);
  const whole = joined(head, payload, frame.subarray(-66));
  const document = readDocumentFrame(whole, "issuer");
  assert.deepEqual(document.payload, payload);
  const at = Buffer.from(payload).indexOf(Buffer.from("58c8d28458", "hex"));
  const handover = readDocumentFrame(payload.subarray(at + 2, at + 202), "handover");
  assert.deepEqual(handover.payload, workedExample("handover-payload"));
});
