/** Section 4.3: bounds, refused code points, and the syntaxes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isIssuer } from "../../src/statement/documents.ts";
import { readCertificate } from "../../src/statement/read.ts";
import { type Encodable, map } from "../encoding.ts";
import { certificate, changed, COURSE, refused } from "./payloads.ts";

const course = (label: number, value: Encodable) =>
  certificate({ 1: changed(COURSE, { [label]: value }) });

const title = (text: string) => course(0, text);
const description = (text: string) => course(4, text);
const ignored = (text: string) => certificate({ 200: [map({ 3: text })] });

const reads = (payload: Uint8Array) => assert.doesNotThrow(() => readCertificate(payload));
const refuses = (payload: Uint8Array, about: string) =>
  refused(() => readCertificate(payload), "schema_violation", about);

const REFUSED: readonly (readonly [first: number, last: number])[] = [
  [0x0, 0x9],
  [0xb, 0x1f],
  [0x7f, 0x9f],
  [0x2028, 0x2029],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
  [0xe0000, 0xe007f],
];

test("every refused code point is refused in every kind of text", () => {
  for (const [first, last] of REFUSED) {
    for (let code = first; code <= last; code++) {
      const text = `a${String.fromCodePoint(code)}b`;
      for (const make of [title, description, ignored]) refuses(make(text), code.toString(16));
    }
  }
});

test("the code points around them are allowed", () => {
  const codes = REFUSED.flatMap(([first, last]) => [first - 1, last + 1]);
  const others = [0xa0, 0xad, 0x200b, 0x200e, 0x2027, 0x202f, 0xfeff, 0xfffe, 0xffff, 0x10ffff];
  const stillRefused = (code: number) =>
    code < 0 || REFUSED.some(([first, last]) => code >= first && code <= last);
  for (const code of [...codes, ...others].filter((each) => !stillRefused(each))) {
    const text = `a${String.fromCodePoint(code)}b`;
    reads(description(text));
    reads(ignored(text));
    if (code !== 0xa) reads(title(text));
  }
});

test("line feeds stand in paragraphs and ignored values alone", () => {
  reads(description("a\nb"));
  reads(ignored("a\n"));
  for (const text of ["a\nb", "a\n", "\n"]) refuses(title(text), JSON.stringify(text));
});

test("bounds count code points", () => {
  reads(title("😀".repeat(300)));
  refuses(title("😀".repeat(301)), "301 of two units each");
  reads(title("é".repeat(300)));
  refuses(title("e\u0301".repeat(151)), "combining marks count");
  refuses(title(""), "empty");
  reads(title(" "));
  reads(description("x".repeat(4000)));
  refuses(description("x".repeat(4001)), "4001");
  reads(ignored(""));
});

test("text is shown as it was signed, not normalised", () => {
  const { statement } = readCertificate(title("A\u030angstro\u0308m \ufb01"));
  assert(statement.kind === "certificate");
  assert.equal(statement.certificate.course.title, "A\u030angstro\u0308m \ufb01");
});

const LONG = "a".repeat(63);
const ISSUERS = [
  "learn.example.edu",
  "example.org/academy",
  "a.b",
  "a1.b2",
  "1a.b",
  "xn--bcher-kva.example",
  "a.b/c/d-e/-",
  `${LONG}.b`,
  `a.${LONG}`,
  `${LONG}.${LONG}.${LONG}.abcdefgh`,
];
const NO_ISSUERS = [
  "",
  "example",
  "example.",
  ".example.org",
  "Example.org",
  "example.org/",
  "example.org//a",
  "example.org/A",
  "example.org:443",
  "https://example.org",
  "-a.b",
  "a-.b",
  "a.-b",
  "a.b-",
  "a.1b",
  "a.1",
  "example.org/a_b",
  "example.org\n",
  "exämple.org",
  `${LONG}a.b`,
  `a.${LONG}a`,
  "a..b",
  `${LONG}.${LONG}.${LONG}.abcdefghi`,
  "a.b/%20",
  "a.b?c",
  "a.b ",
  "192.0.2.1",
];

test("issuers", () => {
  for (const text of ISSUERS) {
    assert(isIssuer(text), text);
    assert.equal(readCertificate(certificate({}, { 1: text })).issuer, text);
  }
  for (const text of NO_ISSUERS) {
    assert(!isIssuer(text), text);
    refuses(certificate({}, { 1: text }), text);
  }
  for (const value of [1, true, [], Uint8Array.of(97)]) {
    refuses(certificate({}, { 1: value }), "type");
  }
});

test("URLs", () => {
  const make = (text: Encodable) => course(11, text);
  const longest = `https://${"a".repeat(992)}`;
  for (const text of [
    "https://a",
    "http://a",
    "https://example.org/?a=b#c[]@!$&'()*+,;=%",
    "https://%",
    longest,
  ])
    reads(make(text));
  for (const text of [
    "",
    "https://",
    "ftp://a",
    "HTTPS://a",
    "//a",
    "https://a b",
    "https://ä",
    "https://a\n",
    "https://a\\b",
    'https://a"',
    "https://a<",
    "https://{a}",
    "https://a|",
    `${longest}a`,
    "xhttps://a",
    "javascript:https://a",
    5,
  ])
    refuses(make(text), `${text}`);
});

test("languages", () => {
  const make = (text: Encodable) => certificate({ 10: text });
  for (const text of [
    "en",
    "deu",
    "en-US",
    "es-419",
    "zh-Hant",
    "zh-Hant-TW",
    "zh-yue",
    "ab-cde-fgh-ijk",
    "abcd",
    "abcdefgh",
    "de-1996",
    "sl-rozaj-biske",
    "de-CH-1901",
    "en-u-ca-gregory",
    "en-a-bb-x-a",
    "en-x-a-b-c",
    "en-0-ab",
    `en-x-${"a".repeat(8)}-${"b".repeat(8)}-${"c".repeat(8)}-dd`,
  ])
    reads(make(text));
  for (const text of [
    "",
    "e",
    "EN",
    "en-us",
    "en-Us",
    "en_US",
    "abcdefghi",
    "zh-hant",
    "zh-HANT",
    "x-a",
    "en-x",
    "en-u",
    "en-a",
    "en-",
    "-en",
    "en-419-US",
    "en\n",
    "en-12",
    "abcd-efg",
    "i-klingon",
    "en--US",
    "ab-cde-fgh-ijk-lmn",
    "en-x-abcdefghi",
    1,
    `en-x-${"a".repeat(8)}-${"b".repeat(8)}-${"c".repeat(8)}-dddd`,
  ])
    refuses(make(text), `${text}`);
});
