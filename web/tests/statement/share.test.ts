/** Section 15.6: the payload of a share. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readShare } from "../../src/statement/read.ts";
import { encode, map } from "../encoding.ts";
import { NOW, refused, share } from "./payloads.ts";

const refuses = (payload: Uint8Array, about = "") =>
  refused(() => readShare(payload), "schema_violation", about);

test("shares are read", () => {
  const read = readShare(share({ 0: 15, 128: true }, { 3: "Å".repeat(200), 200: -1 }));
  assert.deepEqual(read, {
    claims: {
      audience: "Å".repeat(200),
      expires_at: "2026-11-02T10:00:01Z",
      issued_at: "2026-11-02T10:00:00Z",
      id: "000G-40R4-0M30-E209",
      slot: 15,
      additional: { 128: true },
      additional_claims: { 200: -1 },
    },
    audience: "Å".repeat(200),
    issuedAt: NOW,
    expiresAt: NOW + 1,
    slot: 15,
  });
  assert.equal(readShare(share({ 0: 0 })).slot, 0);
});

test("claims that do not hold what their table says", () => {
  for (const [claim, values] of [
    [3, [undefined, "", "x".repeat(201), "a\nb", 1]],
    [4, [undefined, NOW, NOW - 1, -1, 253402300800, "x"]],
    [6, [undefined, NOW + 1, -1, true]],
    [7, [undefined, new Uint8Array(9), new Uint8Array(11), "x"]],
    [-65537, [undefined, map({}), [3], 3, map({ 1: 3 })]],
    [200, ["\u0000"]],
  ] as const) {
    for (const value of values) refuses(share({}, { [claim]: value }), `${claim}: ${value}`);
  }
  for (const slot of [undefined, -1, 16, true, "3", [3]]) refuses(share({ 0: slot }), `${slot}`);
  for (const value of [[], map({}), 1]) refuses(encode(value));
});

test("unknown fields, and the order of faults", () => {
  for (const payload of [share({ 1: 1 }), share({}, { 1: "x" }), share({}, { [-1]: 1 })]) {
    refused(() => readShare(payload), "unknown_field");
  }
  refuses(share({ 1: 1 }, { 4: NOW }), "an end before the beginning");
  refused(() => readShare(share().subarray(1)), "not_deterministic");
});
