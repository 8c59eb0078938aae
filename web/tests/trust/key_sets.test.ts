// Key sets and their JSON: docs/spec.md, sections 10.1 and 10.2.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson } from "../../src/trust/json.ts";
import { readKeySet } from "../../src/trust/key_set.ts";
import { TrustStore } from "../../src/trust/store.ts";
import { ISSUER, jwk, KEY, keySet, LAST, OTHER_ISSUER, SPARE } from "../issuing.ts";
import { refusal } from "../refusing.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const nested = (depth: number, within = ""): string =>
  "[".repeat(depth) + within + "]".repeat(depth);

const objects = (depth: number): string => `${'{"a":'.repeat(depth)}0${"}".repeat(depth)}`;

test("JSON that RFC 8259 allows", () => {
  const text =
    String.raw` {"a" : [1, -0, 2.5e3, true, false, null, "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"],
    "": {}, "__proto__": [ ]}` + "\r\n\t ";
  assert.deepEqual(
    readJson(utf8(text)),
    new Map<string, unknown>([
      ["a", [1, -0, 2500, true, false, null, '"\\/\b\f\n\r\té😀']],
      ["", new Map()],
      ["__proto__", []],
    ]),
  );
  assert.equal(readJson(utf8(String.raw`"\ud800"`)), "\ud800");
  for (const text of ["9999999999999999", "-9999999999999999", "1e308", "1e-400", "0.1", "0"]) {
    assert.equal(readJson(utf8(text)), Number(text));
  }
  assert.ok(Array.isArray(readJson(utf8(nested(33)))));
  assert.ok(Array.isArray(readJson(utf8(nested(32, "0")))));
  assert.ok(readJson(utf8(objects(32))) instanceof Map);
});

test("JSON that is refused", async () => {
  const texts = [
    "",
    " ",
    "{",
    "[1,]",
    "[,1]",
    "[1 2]",
    '{"a":1,}',
    '{"a"}',
    "{a:1}",
    '{"a":1,"a":2}',
    String.raw`{"a":1,"\u0061":2}`,
    '{"x":[{"a":1,"a":1}]}',
    "NaN",
    "Infinity",
    "-Infinity",
    "nul",
    "truefalse",
    "True",
    "01",
    "-01",
    "+1",
    ".5",
    "1.",
    "1e",
    "1e+",
    "0x10",
    "-",
    "1 1",
    "10000000000000000",
    "-10000000000000000",
    "1e309",
    "-1e309",
    '"',
    '"\\',
    '"\\x"',
    '"\\u12"',
    '"\\u12g4"',
    '"\t"',
    '"\n"',
    "'a'",
    "[1]]",
    "// x\n1",
    "\ufeff1",
    "\u00a01",
    "\f1",
    "}",
    "]",
    nested(34),
    nested(33, "0"),
    objects(33),
    "[".repeat(100_000),
  ];
  for (const text of texts) {
    assert.equal(await refusal(() => readJson(utf8(text))), "schema_violation", text.slice(0, 40));
  }
  for (const bytes of [
    [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0x22, 0xff, 0x22],
    [0xef, 0xbb, 0xbf, 0x31],
  ]) {
    assert.equal(await refusal(() => readJson(Uint8Array.from(bytes))), "schema_violation");
  }
});

function reason(bytes: Uint8Array, issuer = ISSUER): Promise<string | null> {
  return refusal(() => TrustStore.fromKeySet(issuer, bytes));
}

test("what refuses a set as a whole", async () => {
  const size = keySet().length;
  const filled = (length: number): Uint8Array =>
    utf8(new TextDecoder().decode(keySet()) + " ".repeat(length - size));
  assert.equal(await reason(filled(1_048_576)), null);
  assert.equal(await reason(filled(1_048_577)), "too_large");
  for (const text of ["[]", "{}", '{"keys":{}}', '{"keys":null}', '{"keys":"x"}', "5"]) {
    assert.equal(await reason(utf8(text)), "schema_violation", text);
  }
  for (const name of ["d", "k", "p", "q", "dp", "dq", "qi", "oth"]) {
    for (const value of ["x", null, 5]) {
      assert.equal(
        await reason(keySet([jwk(), { kty: "oct", [name]: value }])),
        "schema_violation",
      );
    }
  }
  assert.equal(await reason(keySet([jwk(KEY, { other: { d: 1 } })])), null);
});

test("the issuer that a set names", async () => {
  for (const [iss, expected] of [
    [ISSUER, null],
    [`https://${ISSUER}`, null],
    [null, null],
    [`http://${ISSUER}`, "other_issuer"],
    [`https://${ISSUER}/`, "other_issuer"],
    [OTHER_ISSUER, "other_issuer"],
    [5, "other_issuer"],
    ["", "other_issuer"],
  ] as const) {
    assert.equal(await reason(keySet([jwk()], { iss })), expected, String(iss));
  }
  assert.equal(await reason(keySet(), "localhost"), "schema_violation");
});

test("moments have their fractions cut off", async () => {
  const { issuedAt } = await readKeySet(ISSUER, keySet([], { iat: 1.9 }));
  assert.equal(issuedAt, 1);
  assert.equal((await readKeySet(ISSUER, keySet([], { iat: LAST }))).issuedAt, LAST);
  assert.equal((await readKeySet(ISSUER, utf8('{"keys":[],"iat":-0.0}'))).issuedAt, 0);
  assert.equal((await readKeySet(ISSUER, keySet([], { iat: null }))).issuedAt, null);
  for (const moment of [-1, -0.5, LAST + 0.5, LAST + 1, "1", true, [], {}]) {
    assert.equal(await reason(keySet([], { iat: moment })), "schema_violation");
    for (const name of ["nbf", "exp"]) {
      assert.equal(await reason(keySet([jwk(KEY, { [name]: moment })])), "schema_violation");
    }
    const revoked = { revoked_at: moment };
    assert.equal(await reason(keySet([jwk(KEY, { revoked })])), "schema_violation");
  }
});

test("elements that are skipped, and hence not looked at", async () => {
  const skipped = [
    5,
    null,
    "x",
    [],
    {},
    { kty: "EC" },
    ...[
      { kty: "okp" },
      { crv: "X25519" },
      { crv: null },
      { alg: "ES256" },
      { alg: 5 },
      { use: "enc" },
      { key_ops: ["sign"] },
      { key_ops: "verify" },
      { key_ops: [] },
      { key_ops: {} },
    ].map((members) => jwk(KEY, { ...members, x: 5, nbf: "never" })),
  ];
  const { entries } = await readKeySet(ISSUER, keySet([...skipped, jwk(SPARE)]));
  assert.deepEqual(
    entries.map((entry) => entry.key),
    [SPARE.publicKey],
  );
});

test("elements that are used", async () => {
  const members = [
    { alg: "Ed25519" },
    { alg: "EdDSA" },
    { alg: null, use: null, key_ops: null },
    { use: "sig" },
    { key_ops: ["sign", "verify"] },
    { kid: "wrong", other: { a: 1 } },
    { nbf: null, exp: null },
    { revoked: null },
  ];
  for (const more of members) {
    const { entries } = await readKeySet(ISSUER, keySet([jwk(KEY, more)]));
    assert.equal(entries.length, 1);
    const { key, kid, notBefore, notAfter, revocation } = entries[0] ?? assert.fail();
    assert.deepEqual([key, kid], [KEY.publicKey, KEY.kid]);
    assert.deepEqual([notBefore, notAfter, revocation], [null, null, null]);
  }
});

test("a fault in an element that is not skipped refuses the set", async () => {
  const x = Buffer.from(KEY.publicKey).toString("base64url");
  for (const bad of [
    null,
    5,
    "",
    x.slice(1),
    `${x}=`,
    `${x}AA`,
    x.replace(/.$/, "B"),
    "A".repeat(42),
  ]) {
    assert.equal(await reason(keySet([jwk(KEY, { x: bad })])), "schema_violation", String(bad));
  }
  for (const revoked of [5, true, "yes", [], {}, { reason: "superseded" }, { revoked_at: null }]) {
    assert.equal(await reason(keySet([jwk(KEY, { revoked })])), "schema_violation");
  }
  assert.equal(await reason(keySet([jwk(), jwk(SPARE), jwk()])), "schema_violation");
  assert.equal(await reason(keySet([jwk(), jwk(KEY, { use: "enc" })])), null);
});
