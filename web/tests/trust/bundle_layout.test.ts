// How a bundle has to be laid out: docs/spec.md, section 13.1.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../../src/codec/joined.ts";
import { compareBytes } from "../../src/crypto/digest.ts";
import { TrustStore } from "../../src/trust/store.ts";
import { bytes, encode, map, Pairs, Raw } from "../encoding.ts";
import type { Encodable } from "../encoding.ts";
import {
  changed,
  document,
  ISSUER,
  jwk,
  KEY,
  keySet,
  LAST,
  OTHER_ISSUER,
  ROOT,
  SPARE,
} from "../issuing.ts";
import type { Changes } from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { index } from "./bundles.ts";

const DOCUMENT = await document();
const SET = keySet([jwk(SPARE)]);
const MINE: Encodable[] = [ISSUER, DOCUMENT, 1, [ROOT.publicKey], []];
const OTHERS = [OTHER_ISSUER, SET];

function content(changes: Changes): Uint8Array {
  return encode(
    changed(
      {
        0: 1,
        3: [MINE, OTHERS],
        4: index([
          [KEY, 0],
          [SPARE, 1],
        ]),
      },
      changes,
    ),
  );
}

function issuers(...rows: Encodable[]): Uint8Array {
  return content({ 3: rows, 4: bytes("") });
}

test("bundles that are not laid out as they have to be", async () => {
  assert.equal(await refusal(() => TrustStore.fromBundle(content({}))), null);
  const root = ROOT.publicKey;
  const roots = Array.from({ length: 17 }, (_, n) => new Uint8Array(32).fill(n));
  const pinned = (place: number, value: Encodable): Encodable => MINE.with(place, value);
  const broken = [
    encode(map({})),
    encode([]),
    encode(1),
    encode(map({ 0: true })),
    encode(map({ 0: 1 })),
    content({ 0: "1" }),
    content({ 5: 1 }),
    content({ 128: 1 }),
    content({ [-1]: 1 }),
    content({ 3: null }),
    content({ 4: null }),
    content({ 2: 5 }),
    content({ 1: -1 }),
    content({ 1: LAST + 1 }),
    content({ 1: true }),
    content({ 1: 1, 2: "x" }),
    content({ 3: map({}) }),
    content({ 3: 5 }),
    issuers(OTHERS, MINE),
    issuers(MINE, MINE),
    issuers(5),
    issuers([]),
    issuers([ISSUER]),
    issuers([ISSUER, DOCUMENT, 1]),
    issuers([...MINE, 1]),
    issuers([...MINE, 1, 2, 3]),
    issuers([...MINE, 1, -1]),
    issuers([...OTHERS, true, 1]),
    issuers([...OTHERS, 1, LAST + 1]),
    issuers(["localhost", SET]),
    issuers([5, SET]),
    issuers(["Learn.example.edu", SET]),
    issuers([ISSUER, "x"]),
    issuers(pinned(1, 5)),
    ...[0, -1, true, "1"].map((epoch) => issuers(pinned(2, epoch))),
    ...[5, [5], [root, root], [new Uint8Array(31)], roots].map((value) =>
      issuers(pinned(3, value)),
    ),
    ...[
      5,
      [5],
      [[1]],
      [[1, root, 1]],
      [[-1, root]],
      [[true, root]],
      [[1, "x"]],
      [
        [2, root],
        [1, root],
      ],
      [
        [1, root],
        [1, root],
      ],
    ].map((value) => issuers(pinned(4, value))),
    content({ 4: "x" }),
    content({ 4: index([[KEY, 0]]).slice(1) }),
    content({ 4: index([[KEY, 2]]) }),
    content({ 4: joined(index([[KEY, 0]]), index([[KEY, 0]])) }),
    content({
      4: joined(
        ...[KEY, SPARE]
          .map((key) => index([[key, 0]]))
          .sort(compareBytes)
          .reverse(),
      ),
    }),
  ];
  for (const [place, bundle] of broken.entries()) {
    assert.equal(
      await refusal(() => TrustStore.fromBundle(bundle)),
      "schema_violation",
      String(place),
    );
  }
  const sixteen = roots.slice(1);
  const fine = [
    issuers(pinned(3, sixteen)),
    issuers(pinned(3, [])),
    issuers([...MINE, 9, 0]),
    issuers(),
    issuers(pinned(2, 2 ** 53 - 1)),
    issuers(
      pinned(4, [
        [0, root],
        [2 ** 53 - 1, root],
      ]),
    ),
    content({
      4: index([
        [KEY, 0],
        [KEY, 1],
      ]),
    }),
    content({ 1: 0 }),
  ];
  for (const bundle of fine) {
    assert.deepEqual(TrustStore.fromBundle(bundle).toBundle(), bundle);
  }
});

test("what is no bundle at all, and what a later version writes", async () => {
  const good = content({});
  const refused = (bundle: Uint8Array): Promise<unknown> =>
    refusal(() => TrustStore.fromBundle(bundle));
  for (let end = 0; end < good.length; end += 1) {
    assert.equal(await refused(good.subarray(0, end)), "not_deterministic");
  }
  assert.equal(await refused(joined(good, bytes("00"))), "not_deterministic");
  assert.equal(
    await refused(
      encode(
        new Pairs([
          [3, []],
          [0, 1],
          [4, bytes("")],
        ]),
      ),
    ),
    "not_deterministic",
  );
  assert.equal(await refused(content({ 0: new Raw(bytes("1801")) })), "not_deterministic");
  assert.equal(await refused(SET), "not_deterministic");
  assert.equal(await refused(content({ 0: 2 })), "newer_format");
  assert.equal(await refused(content({ 0: -1, 9: 1 })), "newer_format");
  const many = Array.from({ length: 5000 }, (_, n) => [n, bytes("")]);
  const large = issuers(MINE.with(4, many));
  assert.deepEqual(TrustStore.fromBundle(large).toBundle(), large);
  const labels = map(Object.fromEntries(Array.from({ length: 17 }, (_, n) => [n, 1])));
  assert.equal(await refused(encode(labels)), "not_deterministic");
});
