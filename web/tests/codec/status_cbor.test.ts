/** The CBOR of status lists: docs/spec.md, section 12.2. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeStatusCbor } from "../../src/codec/cbor.ts";
import { bytes, encode } from "../encoding.ts";
import { assertRefused } from "./refused.ts";

function decoded(hex: string) {
  return decodeStatusCbor(bytes(hex));
}

function refused(...items: string[]): void {
  for (const hex of items) assertRefused(() => decoded(hex), "not_deterministic", hex);
}

test("heads may be longer than needed, and keys in any order", () => {
  for (const hex of ["01", "1801", "190001", "1a00000001", "1b0000000000000001"]) {
    assert.equal(decoded(hex), 1);
  }
  for (const hex of ["3800", "390000", "3a00000000", "3b0000000000000000"]) {
    assert.equal(decoded(hex), -1);
  }
  assert.deepEqual(decoded("5b000000000000000141"), Uint8Array.of(0x41));
  assert.equal(decoded("79000161"), "a");
  assert.deepEqual(decoded("9a0000000100"), [0]);
  assert.deepEqual(
    [...(decoded("ba00000003616201200200f4") as Map<unknown, unknown>)],
    [
      ["b", 1],
      [-1, 2],
      [0, false],
    ],
  );
});

test("values of any type, so that none is taken for another", () => {
  assert.deepEqual(decoded("84f4f5f6f7"), [false, true, null, undefined]);
  for (const [head, hex] of [
    ["f9", "3c00"],
    ["fa", "3f800000"],
    ["fb", "3ff0000000000000"],
  ]) {
    assert.deepEqual(decoded(`${head}${hex}`), { kind: "float", bytes: bytes(hex ?? "") });
  }
  assert.deepEqual(decoded("e0"), { kind: "simple", bytes: Uint8Array.of(0) });
  assert.deepEqual(decoded("f3"), { kind: "simple", bytes: Uint8Array.of(19) });
  assert.deepEqual(decoded("f820"), { kind: "simple", bytes: Uint8Array.of(32) });
  assert.deepEqual(decoded("f8ff"), { kind: "simple", bytes: Uint8Array.of(255) });
});

test("integers of every size", () => {
  assert.equal(decoded("1b001fffffffffffff"), Number.MAX_SAFE_INTEGER);
  assert.equal(decoded("1b0020000000000000"), 2n ** 53n);
  assert.equal(decoded("1b0020000000000001"), 2n ** 53n + 1n);
  assert.equal(decoded("1bffffffffffffffff"), 2n ** 64n - 1n);
  assert.equal(decoded("3b001ffffffffffffe"), -Number.MAX_SAFE_INTEGER);
  assert.equal(decoded("3b001fffffffffffff"), -(2n ** 53n));
  assert.equal(decoded("3bffffffffffffffff"), -(2n ** 64n));
});

test("no key twice, however it is encoded", () => {
  refused("a200010002");
  refused("a20001180002");
  refused("a220012000");
  refused("a2616101780161" + "02");
  refused("a21b0020000000000000011b002000000000000002");
  assert.equal((decoded("a200016130" + "02") as Map<unknown, unknown>).size, 2);
});

test("keys are integers and texts", () => {
  for (const key of ["40", "80", "a0", "f4", "f6", "f7", "f93c00", "e0"]) refused(`a1${key}00`);
});

test("neither tags, indefinite lengths, reserved heads, nor anything cut off", () => {
  refused("", "c000", "d2840000", "d83d00", "5fff", "7fff", "9fff", "bfff", "ff");
  refused("1c", "3d", "5e", "7c", "9d", "be", "fc", "fd", "fe");
  refused("18", "19ff", "41", "61", "81", "a100", "0000", "f9ff", "f8");
  refused("f800", "f814", "f816", "f81f");
  refused("61ff", "62c080", "63eda080", "a1617f", "a161ff00");
  refused("9bffffffffffffffff");
});

test("at most 4,096 items and 8 levels", () => {
  const flat = (count: number) => encode(Array.from({ length: count }, () => 0));
  assert.notEqual(decodeStatusCbor(flat(4095)), null);
  assertRefused(() => decodeStatusCbor(flat(4096)), "not_deterministic");
  assert.notEqual(decoded("81".repeat(8) + "00"), null);
  refused("81".repeat(9) + "00");
  refused("81".repeat(8) + "a10000");
});
