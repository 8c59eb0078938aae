/** Sections 4.4 and 6.3: labels that are not known, and which fault is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCertificate } from "../../src/statement/read.ts";
import type { Reason } from "../../src/verdict.ts";
import { type Encodable, encode, map, Pairs, Raw } from "../encoding.ts";
import { certificate, changed, COURSE, refused } from "./payloads.ts";

const refuses = (payload: Uint8Array, reason: Reason, about: string) =>
  refused(() => readCertificate(payload), reason, about);

/** One payload for each map of a certificate, with one entry more in it. */
function everywhere(label: number, value: Encodable): [place: string, payload: Uint8Array][] {
  const more = { [label]: value };
  const inCourse = (of: number, item: Encodable) =>
    certificate({ 1: changed(COURSE, { [of]: item }) });
  const url = "https://example.org/";
  return [
    ["claims", certificate({}, more)],
    ["body", certificate(more)],
    ["learner", certificate({ 0: map({ 0: "Ada", ...more }) })],
    ["course", inCourse(label, value)],
    ["module", inCourse(5, ["M", map({ 0: "M", ...more })])],
    ["workload", inCourse(6, map({ 0: 1, ...more }))],
    ["credits", inCourse(10, map({ 0: 1, 1: 0, ...more }))],
    ["result", certificate({ 4: map({ 0: 1, ...more }) })],
    ["signatory", certificate({ 5: [map({ 0: "Ada", ...more })] })],
    ["skill", certificate({ 6: [map({ 0: "Logic", 1: url, ...more })] })],
    ["organisation", certificate({ 7: map({ 0: "Ada", ...more }) })],
    ["identity check", certificate({ 8: [map({ 0: 1, ...more })] })],
  ];
}

test("labels below 128 are unknown fields in every map", () => {
  for (const label of [13, 23, 24, 127, -1, -2, -65536, -65538, -9007199254740991]) {
    // The value is not looked at: text that would be refused under a label of 128 is none here.
    for (const [place, payload] of everywhere(label, "\u0000")) {
      refuses(payload, "unknown_field", `${label} in ${place}`);
    }
  }
});

test("labels from 128 on are kept in every map", () => {
  for (const [place, payload] of everywhere(128, "kept")) {
    const { statement } = readCertificate(payload);
    assert.match(JSON.stringify(statement), /"additional(_claims)?":\{"128":"kept"\}/, place);
  }
});

test("text under them is free of refused code points, at any depth", () => {
  for (const value of ["\u0000", ["\u0007"], map({ 5: [map({ [-1]: "\u202e" })] })]) {
    for (const [place, payload] of everywhere(Number.MAX_SAFE_INTEGER, value)) {
      refuses(payload, "schema_violation", place);
    }
  }
});

test("their values in the JSON form", () => {
  const bytes = Uint8Array.of(251, 255);
  const value = [true, false, -5, "", bytes, [], map({}), map({ 0: [], [-3]: 1 })];
  const { statement } = readCertificate(certificate({ 300: value }, { 128: value }));
  assert(statement.kind === "certificate");
  const json = [true, false, -5, "", { base64url: "-_8" }, [], {}, { 0: [], "-3": 1 }];
  assert.deepEqual(statement.certificate.additional, { 300: json });
  assert.deepEqual(statement.certificate.additional_claims, { 128: json });
});

test("payloads and bodies that are no map", () => {
  for (const value of [[], 1, "x", Uint8Array.of(0xa0), true, [map({})], map({})]) {
    refuses(encode(value), "schema_violation", "payload");
    refuses(certificate({}, { [-65537]: value }), "schema_violation", "body");
  }
});

test("payloads outside the profile", () => {
  const good = certificate();
  for (const [about, payload] of [
    ["empty", new Uint8Array()],
    ["cut off", good.subarray(0, -1)],
    ["a byte more", Uint8Array.of(...good, 0)],
    ["a null", certificate({ 3: new Raw(Uint8Array.of(0xf6)) })],
    ["a long head", certificate({ 2: new Raw(Uint8Array.of(0x18, 0x01)) })],
    [
      "out of order",
      certificate({
        0: new Pairs([
          [1, "x"],
          [0, "y"],
        ]),
      }),
    ],
    ["simple(59)", certificate({ 200: new Pairs([[new Raw(Uint8Array.of(0xf8, 0x3b)), 1]]) })],
    [
      "simple(59) in the body",
      certificate(
        {},
        {
          [-65537]: new Pairs([
            [0, "x"],
            [new Raw(Uint8Array.of(0xf8, 0x3b)), 1],
          ]),
        },
      ),
    ],
  ] as const) {
    refuses(payload, "not_deterministic", about);
  }
});

test("the gravest fault is told, whatever the order of fields", () => {
  const unknownField = { 13: 1 };
  const unknownValue = { 3: 99 };
  const early = { 0: "" };
  const late = { 12: [1] };
  for (const violation of [early, late]) {
    const all = { ...violation, ...unknownField, ...unknownValue };
    refuses(certificate(all), "schema_violation", "body");
    refuses(certificate(all, { 2: 1 }), "schema_violation", "claims as well");
  }
  const broken = { 200: new Raw(Uint8Array.of(0xf6)) };
  const everything = { ...early, ...unknownField, ...unknownValue, ...broken };
  refuses(certificate(everything), "not_deterministic", "all four");
  refuses(certificate({ ...unknownField, ...unknownValue }), "unknown_field", "field and value");
  refuses(certificate(unknownValue, { 2: 1 }), "unknown_field", "the field among the claims");
  refuses(certificate(unknownValue), "unknown_value", "the value alone");
  const deep = { 1: changed(COURSE, { 5: [map({ 0: "M", 77: 1 })] }) };
  refuses(certificate({ ...unknownValue, ...deep }), "unknown_field", "the field is deeper");
  refuses(certificate(unknownField, { 4: 1 }), "schema_violation", "an end before the beginning");
  refuses(certificate(unknownField, { 6: undefined }), "schema_violation", "a missing claim");
});

test("what is in an array of too many is not told", () => {
  refuses(certificate({ 9: new Array<number>(21).fill(99) }), "schema_violation", "too many");
  refuses(certificate({ 9: new Array<number>(20).fill(99) }), "unknown_value", "not too many");
  refuses(certificate({ 5: map({ 0: map({ 99: 1 }) }) }), "schema_violation", "a wrong type");
});
