/** Section 11.2: which maps are Ed25519 keys, keys of another kind, or no keys. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Value } from "../../src/codec/values.ts";
import { coseKey } from "../../src/statement/documents.ts";

const x = (number: number) => new Uint8Array(32).fill(number);

test("COSE_Keys", () => {
  const key = (entries: readonly [number, Value][]) => coseKey(new Map(entries));
  assert.deepEqual(
    key([
      [1, 1],
      [-1, 6],
      [-2, x(5)],
    ]),
    x(5),
  );
  const other: [number, Value][][] = [
    [[1, 2]],
    [
      [1, 0],
      [-1, 6],
      [-2, x(5)],
    ],
    [[1, -7]],
    [[1, 1]],
    [
      [1, 1],
      [-1, 7],
    ],
    [
      [1, 1],
      [-1, "6"],
    ],
    [
      [1, 1],
      [-1, true],
    ],
    [
      [1, 1],
      [-2, x(5)],
    ],
    [
      [1, 2],
      [-1, ["a\nb", ""]],
      [128, new Map()],
    ],
  ];
  for (const entries of other) assert.equal(key(entries), null);
  const malformed: [number, Value][][] = [
    [],
    [[1, "OKP"]],
    [[1, true]],
    [
      [-1, 6],
      [-2, x(5)],
    ],
    [
      [1, 1],
      [-1, 6],
    ],
    [
      [1, 1],
      [-1, 6],
      [-2, x(5).subarray(1)],
    ],
    [
      [1, 1],
      [-1, 6],
      [-2, "x".repeat(32)],
    ],
    [
      [1, 1],
      [2, x(1)],
      [-1, 6],
      [-2, x(5)],
    ],
    [
      [1, 1],
      [-1, 6],
      [-2, x(5)],
      [-4, x(5)],
    ],
    [
      [1, 1],
      [-1, 6],
      [-3, x(5)],
    ],
    [
      [1, 2],
      [-1, "\u0000"],
    ],
    [
      [1, 2],
      [-1, [new Map([[0, "\u202e"]])]],
    ],
  ];
  for (const entries of malformed) assert.equal(key(entries), "malformed");
  for (const value of [1, "x", true, [], x(5)]) assert.equal(coseKey(value), "malformed");
});
