/** Section 11.2: handovers. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readHandover } from "../../src/statement/documents.ts";
import { type Encodable, encode, map } from "../encoding.ts";
import { BODY, changed, coseKey as keyOf, NOW, refused } from "./payloads.ts";

type Changes = Readonly<Record<number, Encodable | undefined>>;

const x = (number: number) => new Uint8Array(32).fill(number);
const CLAIMS = map({ 1: "learn.example.edu", 6: NOW });
const EC2 = map({ 1: 2, [-1]: 1, [-2]: "any\ntext", 200: [map({})] });

function handover(body: Changes = {}, claims: Changes = {}): Uint8Array {
  const base = map({ 0: 1, 1: [keyOf(x(1))] });
  return encode(changed(CLAIMS, { [BODY]: changed(base, body), ...claims }));
}

test("handovers", () => {
  assert.deepEqual(readHandover(handover({ 0: 7, 1: [EC2, keyOf(x(2)), keyOf(x(2))] })), {
    issuer: "learn.example.edu",
    issuedAt: NOW,
    epoch: 7,
    roots: [x(2), x(2)],
  });
  for (const body of [
    { 0: undefined },
    { 1: undefined },
    { 0: 0 },
    { 1: [] },
    { 1: [map({ 1: "x" })] },
  ]) {
    refused(() => readHandover(handover(body)), "schema_violation");
  }
  for (const claim of [1, 6, BODY]) {
    refused(() => readHandover(handover({}, { [claim]: undefined })), "schema_violation");
  }
  refused(() => readHandover(handover({ 2: 1 })), "unknown_field");
  refused(() => readHandover(handover({}, { 7: 1 })), "unknown_field");
  refused(() => readHandover(Uint8Array.of(0xf6)), "not_deterministic");
});
