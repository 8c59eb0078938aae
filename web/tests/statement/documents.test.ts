/** Section 11.2: issuer documents. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readIssuerDocument } from "../../src/statement/documents.ts";
import type { Reason } from "../../src/verdict.ts";
import { type Encodable, encode, map } from "../encoding.ts";
import { BODY, changed, coseKey as keyOf, NOW, refused } from "./payloads.ts";

type Changes = Readonly<Record<number, Encodable | undefined>>;

const x = (number: number) => new Uint8Array(32).fill(number);
const CLAIMS = map({ 1: "learn.example.edu", 6: NOW });
const EC2 = map({ 1: 2, [-1]: 1, [-2]: "any\ntext", 200: [map({})] });

function signingKey(key: Encodable, changes: Changes = {}): Map<Encodable, Encodable> {
  return changed(map({ 0: key, 1: 0, 2: NOW, 3: NOW + 1 }), changes);
}

function document(body: Changes = {}, claims: Changes = {}): Uint8Array {
  const base = map({ 0: 1, 1: NOW + 1, 6: [keyOf(x(1))], 7: [Uint8Array.of(1)] });
  return encode(changed(CLAIMS, { [BODY]: changed(base, body), ...claims }));
}

const refuses = (payload: Uint8Array, about = "", reason: Reason = "schema_violation") =>
  refused(() => readIssuerDocument(payload), reason, about);

test("a document as small as it can be", () => {
  assert.deepEqual(readIssuerDocument(document()), {
    issuer: "learn.example.edu",
    issuedAt: NOW,
    version: 1,
    nextUpdate: NOW + 1,
    final: false,
    names: [],
    roots: [x(1)],
    handovers: [Uint8Array.of(1)],
    keys: [],
    statusLists: null,
  });
});

test("every field of a document", () => {
  const vouched = Uint8Array.from({ length: 32 }, (_, place) => (place < 16 ? 1 : 2));
  const compromised = map({ 0: 1, 1: NOW, 2: "Stolen.", 3: vouched });
  const payload = document({
    0: 9007199254740991,
    1: undefined,
    2: true,
    3: ["Example", map({ 0: "Beispiel", 1: "de" })],
    4: "https://example.edu/",
    5: "https://example.edu/c/",
    6: [keyOf(x(1)), EC2, keyOf(x(2))],
    7: [new Uint8Array(16384), Uint8Array.of(1)],
    8: [
      signingKey(keyOf(x(3)), { 4: compromised }),
      signingKey(keyOf(x(4)), { 1: 1, 4: map({ 0: 0, 1: NOW }) }),
      signingKey(map({ 1: 1, [-1]: 7 })),
    ],
    9: "https://learn.example.edu:8443/status/{number}.cwt",
  });
  const read = readIssuerDocument(payload);
  const period = { validFrom: NOW, validUntil: NOW + 1 };
  assert.deepEqual(read, {
    issuer: "learn.example.edu",
    issuedAt: NOW,
    version: 9007199254740991,
    nextUpdate: null,
    final: true,
    names: [{ name: "Example" }, { name: "Beispiel", language: "de" }],
    homePage: "https://example.edu/",
    verifyUrl: "https://example.edu/c/",
    roots: [x(1), x(2)],
    handovers: [new Uint8Array(16384), Uint8Array.of(1)],
    keys: [
      {
        key: x(3),
        use: "statements",
        ...period,
        revocation: { end: "compromised", since: NOW, why: "Stolen.", vouched },
      },
      {
        key: x(4),
        use: "status",
        ...period,
        revocation: { end: "retired", since: NOW, vouched: null },
      },
      { key: null, use: "statements", ...period, revocation: null },
    ],
    statusLists: "https://learn.example.edu:8443/status/{number}.cwt",
  });
});

test("fields that do not hold what their table says", () => {
  const many = (count: number, value: (number: number) => Encodable) =>
    Array.from({ length: count }, (_, number) => value(number));
  const keys = (count: number) => many(count, (number) => keyOf(x(number)));
  const signing = (changes: Changes) => [signingKey(keyOf(x(3)), changes)];
  const ascending = (size: number) => Uint8Array.from({ length: size }, (_, place) => place);
  const revoked = (changes: Changes) => signing({ 4: changed(map({ 0: 1, 1: NOW }), changes) });
  assert.equal(readIssuerDocument(document({ 6: keys(16) })).roots.length, 16);
  for (const [label, values] of [
    [0, [undefined, 0, -1, "1"]],
    [1, [-1, "x"]],
    [2, [false, 1]],
    [3, [[], many(51, () => "x"), [map({ 0: "x" })], [map({ 1: "de" })], [""]]],
    [4, ["example.edu", ""]],
    [5, ["example.edu", `https://${"a".repeat(993)}`]],
    [6, [undefined, [], keys(17), [x(1)], [map({})], keyOf(x(1))]],
    [
      7,
      [
        undefined,
        [],
        ["x"],
        [new Uint8Array()],
        [new Uint8Array(16385)],
        many(101, () => Uint8Array.of(1)),
      ],
    ],
    [8, [[], many(151, (number) => signingKey(map({ 1: 2, [-1]: number }))), [1], [map({})]]],
    [8, [0, 1, 2, 3].map((missing) => signing({ [missing]: undefined }))],
    [8, [signing({ 1: -1 }), signing({ 2: -1 }), signing({ 4: map({}) }), signing({ 4: 1 })]],
    [
      8,
      [{ 0: undefined }, { 1: undefined }, { 1: -1 }, { 2: "" }, { 2: "x".repeat(501) }].map(
        revoked,
      ),
    ],
    [8, [0, 15, 17, 31].map((size) => revoked({ 3: ascending(size) }))],
    [9, ["", 1]],
  ] as const) {
    for (const [place, value] of values.entries()) {
      refuses(document({ [label]: value }), `label ${label}, ${place}`);
    }
  }
  for (const claim of [1, 6, BODY]) refuses(document({}, { [claim]: undefined }), `claim ${claim}`);
});

test("templates", () => {
  const make = (text: Encodable) => document({ 9: text });
  const before = "https://a/{number}";
  for (const text of [
    before,
    "https://a.b-c:1/{number}",
    "https://./{number}",
    "https://a:00000/x/{number}/y.~_-",
    `${before}${"x".repeat(1000 - before.length)}`,
  ]) {
    assert.equal(readIssuerDocument(make(text)).statusLists, text);
  }
  for (const text of [
    "https://a/",
    "http://a/{number}",
    "https://A/{number}",
    "https://a{number}",
    "{number}",
    "https://a/{number}{number}",
    "https://a/{Number}",
    "https://a/{+number}",
    "https:///{number}",
    "https://a:/{number}",
    "https://a:123456/{number}",
    "https://a/{number}?a",
    "https://a/%20{number}",
    "https://a/{number}\n",
    "https://a/{number}#",
    "https://a@b/{number}",
    `${before}${"x".repeat(1001 - before.length)}`,
  ]) {
    refuses(make(text), text);
  }
});

test("labels and values that are not known", () => {
  const unknown = [
    document({ 10: 1 }),
    document({}, { 2: "x" }),
    document({ 3: [map({ 0: "x", 2: 1 })] }),
    document({ 8: [signingKey(keyOf(x(3)), { 5: 1 })] }),
    document({ 8: [signingKey(keyOf(x(3)), { 4: map({ 0: 0, 1: NOW, 4: 1 }) })] }),
  ];
  for (const payload of unknown) refuses(payload, "", "unknown_field");
  refuses(document({ 8: [signingKey(keyOf(x(3)), { 1: 2 })] }), "use", "unknown_value");
  const ended = signingKey(keyOf(x(3)), { 4: map({ 0: 2, 1: NOW }) });
  refuses(document({ 8: [ended] }), "end", "unknown_value");
  readIssuerDocument(document({ 200: "a\nb" }, { 200: 1 }));
  refuses(document({ 200: "\u0000" }));
});

test("exactly one of final and next_update", () => {
  refuses(document({ 2: true }), "both");
  refuses(document({ 1: undefined }), "neither");
});

test("next_update is after issued_at", () => {
  refuses(document({ 1: NOW }));
  refuses(document({ 1: NOW - 1 }));
});

test("no two keys are the same", () => {
  const same = [keyOf(x(1)), EC2, map({ 1: 3, [-1]: map({ 0: Uint8Array.of(1) }) })];
  for (const key of same) {
    const root = keyOf(x(9));
    refuses(document({ 6: [root, key, key] }), "among the roots");
    refuses(document({ 6: [root, key], 8: [signingKey(key)] }), "a root and a signing key");
    refuses(document({ 8: [signingKey(key), signingKey(key, { 1: 1 })] }), "signing keys");
  }
  const similar = [EC2, changed(EC2, { [-2]: "any text" }), changed(EC2, { 201: true })];
  const listed = (keys: Encodable[]) => readIssuerDocument(document({ 8: keys })).keys;
  assert.equal(listed(similar.map((key) => signingKey(key))).length, 3);
  const kinds: Encodable[] = ["1", 1, Uint8Array.of(1), [1], map({ 1: 1 }), map({ [-1]: 1 }), true];
  const others = kinds.map((value) => signingKey(map({ 1: 2, 200: value })));
  assert.equal(listed(others).length, kinds.length);
});

test("valid_until is after valid_from", () => {
  refuses(document({ 8: [signingKey(keyOf(x(3)), { 3: NOW })] }));
  const good = signingKey(keyOf(x(3)));
  refuses(document({ 8: [good, signingKey(keyOf(x(4)), { 2: NOW + 2 })] }), "the second");
});

test("vouched stands with compromised keys for statements alone", () => {
  const make = (end: number, use: number) =>
    document({
      8: [signingKey(keyOf(x(3)), { 1: use, 4: map({ 0: end, 1: NOW, 3: new Uint8Array(16) }) })],
    });
  readIssuerDocument(make(1, 0));
  refuses(make(0, 0), "retired");
  refuses(make(1, 1), "of a status key");
});

test("vouched digests ascend without repeats", () => {
  const make = (...firsts: number[]) => {
    const vouched = Uint8Array.from(firsts.flatMap((first) => [first, ...x(0).subarray(0, 15)]));
    return document({ 8: [signingKey(keyOf(x(3)), { 4: map({ 0: 1, 1: NOW, 3: vouched }) })] });
  };
  readIssuerDocument(make(1, 2, 255));
  refuses(make(2, 1), "down");
  refuses(make(1, 2, 2), "twice");
  refuses(make(127, 128, 9), "the last");
});

test("rules between fields are looked at after all else", () => {
  refuses(document({ 2: true, 10: 1 }), "a field", "unknown_field");
  refuses(document({ 1: NOW, 8: [signingKey(keyOf(x(3)), { 1: 2 })] }), "a value", "unknown_value");
  refuses(document({ 0: 0, 10: 1 }), "a violation of the table");
  refuses(document().subarray(1), "", "not_deterministic");
});
