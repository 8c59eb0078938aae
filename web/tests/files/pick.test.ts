import assert from "node:assert/strict";
import { readFile as read } from "node:fs/promises";
import { test } from "node:test";
import { beginsAsLink } from "../../src/files/carried.ts";
import { different, linksIn, mayBeLink } from "../../src/files/link.ts";
import { readFile } from "../../src/files/pick.ts";
import { type Codes, type FileKind, kindOf, readBytes } from "../../src/files/reading.ts";
import { DIFFERENT, ENCRYPTED, LOOKED_AT } from "../../src/files/said.ts";
import { LANGUAGES } from "../../src/page/language.ts";
import { dictionary } from "../codec/vector_files.ts";
import { certificate, document, handover, KEY, keySet } from "../issuing.ts";
import { signed, statusList, trustIn } from "../issuing.ts";
import { otherwisePacked } from "./packing.ts";

const GOLDEN = new URL("../../../tests/vectors/golden/", import.meta.url);
const RECORDS = new URL("../../../tests/vectors/golden-records/", import.meta.url);
const golden: { url: string; digits: string } = JSON.parse(
  await read(new URL("every-field.json", GOLDEN), "utf8"),
);
const record: { sealed_url: string; sealed_file: string; url: string; share: string } = JSON.parse(
  await read(new URL("everything.json", RECORDS), "utf8"),
);

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

/** In UTF-16 with a byte order mark, as Windows' editors write it. */
function wide(content: string, bigEndian: boolean): Uint8Array {
  const bytes = Buffer.from(`\ufeff${content}`, "utf16le");
  return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
}

const signedBundle = await signed("bundle", 1, KEY);
const KINDS: [name: string, bytes: Uint8Array, kind: FileKind][] = [
  ["a certificate", await certificate(), "token"],
  ["a share", new Uint8Array(Buffer.from(record.share, "hex")), "token"],
  ["a sealed file", new Uint8Array(Buffer.from(record.sealed_file, "base64")), "sealed file"],
  ["a bundle", (await trustIn(await document())).toBundle(), "trust"],
  ["a signed bundle", signedBundle, "trust"],
  ["a key set", keySet(), "trust"],
  ["an issuer document", await document(), "another document"],
  ["a handover", await handover(), "another document"],
  ["a status list", await statusList(), "another document"],
  ["JPEG", Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), "picture"],
  ["GIF", text("GIF89a"), "picture"],
  ["WebP", text("RIFF\0\0\0\0WEBPVP8 "), "picture"],
  ["HEIC", text("\0\0\0\x18ftypheic"), "picture"],
  ["SVG", text('<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'), "drawing"],
  ["PDF after a few bytes", text("\n\n%PDF-1.4"), "pdf"],
  ["text", text("https://learn.example.edu"), "text"],
  ["text in UTF-16", wide("a link", false), "text"],
  ["JSON without keys", text('{"a": 1}'), "text"],
  ["bytes", Uint8Array.of(0, 1, 2, 3), "unknown"],
  ["another map of CBOR", Uint8Array.of(0xa4, 0x01, 0x02), "unknown"],
  ["a ZIP file", text("PK\x03\x04\0\0"), "unknown"],
];
for (const [name, bytes, kind] of KINDS) {
  test(`${name} is told by its content: ${kind}`, () => assert.equal(kindOf(bytes), kind));
}

const MESSAGE = `See https://example.edu/#top, and then <a href="${golden.url}">this</a>.`;
const OTHER = "https://example.edu/x";
const FRAGMENT = golden.url.split("#")[1] ?? "";
const TEXTS: [name: string, bytes: Uint8Array, expected: unknown][] = [
  ["a link", text(` ${golden.url}\r\n`), { kind: "text", text: golden.url }],
  ["a fragment", text(FRAGMENT), { kind: "text", text: FRAGMENT }],
  ["digits", text(golden.digits), { kind: "text", text: golden.digits }],
  ["a link in a message", text(MESSAGE), { kind: "text", text: golden.url }],
  ["UTF-16, little-endian", wide(golden.url, false), { kind: "text", text: golden.url }],
  ["UTF-16, big-endian", wide(golden.url, true), { kind: "text", text: golden.url }],
  ["UTF-8 with a mark", text(`\ufeff${golden.url}`), { kind: "text", text: golden.url }],
  ["a link of another kind", text(OTHER), { kind: "text", text: OTHER }],
  [
    "an SVG with a link in its metadata",
    text(`<svg><metadata id="a">\n${golden.url}</metadata></svg>`),
    { kind: "picture", drawing: true },
  ],
  ["an SVG with a prefix", text("<x:svg >"), { kind: "picture", drawing: true }],
  ["prose", text("no link in here"), "wrong_kind"],
  ["white space", text(" \n "), "empty"],
  ["nothing", new Uint8Array(), "empty"],
  ["an issuer document", await document(), "wrong_kind"],
  ["bytes", Uint8Array.of(0, 1, 2, 3), "wrong_kind"],
  ["a PDF file without anything", text("%PDF-1.4"), "no_certificate_in_pdf"],
  [
    "an encrypted PDF file",
    text("%PDF-1.4 trailer <</Encrypt 5 0 R>>"),
    { kind: "refused", said: ENCRYPTED },
  ],
];
for (const [name, bytes, expected] of TEXTS) {
  test(`a file with ${name}`, () => {
    assert.deepEqual(readBytes(bytes, null, dictionary), expected);
  });
}

test("tokens, sealed files and trust come as they are", async () => {
  const token = await certificate();
  assert.deepEqual(readBytes(token, null, dictionary), { kind: "token", token });
  const trust = readBytes(signedBundle, null, dictionary);
  assert.deepEqual(trust, { kind: "trust", bytes: signedBundle });
});

test("a file beyond the bound is not read, nor one without content", async () => {
  const blob = new Blob();
  Object.defineProperty(blob, "arrayBuffer", { value: () => assert.fail("it was read") });
  assert.equal(await readFile(blob, Promise.resolve(dictionary)), "empty");
  Object.defineProperty(blob, "size", { value: 64 * 1024 * 1024 + 1 });
  assert.equal(await readFile(blob, Promise.resolve(dictionary)), "too_large");
});

test("a link may be a certificate's by the first byte of what it packs", () => {
  assert.ok(mayBeLink(record.sealed_url));
  assert.ok(mayBeLink(record.url));
  assert.ok(!mayBeLink(`https://example.edu/#${"Z".repeat(60)}`));
  assert.ok(!mayBeLink("https://example.edu/#AQ"));
  assert.ok(!beginsAsLink("https://example.edu/#Assessment-and-grading-policy-of-the-course-A"));
  for (const link of [record.sealed_url, record.url, golden.url, golden.digits, FRAGMENT]) {
    assert.ok(beginsAsLink(link) && beginsAsLink(`${link}9`), link);
  }
  assert.deepEqual(linksIn(`see ${record.sealed_url}, please`), [record.sealed_url]);
  assert.deepEqual(linksIn("see https://example.edu/#section-1, please"), []);
});

test("links that pack the same are one", () => {
  const elsewhere = golden.url.replace("learn.example.edu", "example.org");
  assert.deepEqual(different([golden.url, elsewhere, golden.digits]), [golden.digits]);
  const other = otherwisePacked(golden.url);
  assert.deepEqual(different([golden.url, other]), [golden.url, other]);
});

const PNG = Buffer.concat([
  Buffer.from("89504e470d0a1a0a", "hex"),
  Buffer.from([0, 0, (golden.url.length + 2) >> 8, (golden.url.length + 2) & 0xff]),
  Buffer.from(`tEXta\0${golden.url}\0\0\0\0`, "latin1"),
]);
const SVG = text(`<svg><metadata>${golden.url}</metadata></svg>`);
const CHANGED = golden.url.slice(0, -200) + "A".repeat(200);
const REFUSED = { kind: "refused", said: DIFFERENT };
const OTHERWISE = otherwisePacked(golden.url);

const PICTURES: [name: string, bytes: Uint8Array, codes: Codes, expected: unknown][] = [
  ["PNG", PNG, [golden.digits], { kind: "text", text: golden.digits }],
  ["PNG", PNG, [OTHERWISE, "https://a.example"], { kind: "text", text: OTHERWISE }],
  ["PNG", PNG, "unreadable", { kind: "text", text: golden.url }],
  ["PNG", PNG, [record.url], REFUSED],
  ["PNG", PNG, [record.sealed_url], REFUSED],
  ["PNG", PNG, [CHANGED], REFUSED],
  ["PNG", PNG, [golden.url.slice(0, -2)], REFUSED],
  ["SVG", SVG, [OTHERWISE], { kind: "text", text: OTHERWISE }],
  ["SVG", SVG, [record.url], REFUSED],
  ["SVG", text("<svg/>"), [golden.url, record.url], REFUSED],
  ["SVG", text("<svg/>"), [], "no_code"],
  ["SVG", text("<svg/>"), "unreadable", "unreadable"],
  ["SVG", text("<svg/>"), ["https://a.example"], { kind: "text", text: "https://a.example" }],
  ["SVG", text(`<svg><metadata>&own;</metadata></svg>`), [golden.url], "unreadable"],
];
for (const [kind, bytes, codes, expected] of PICTURES) {
  test(`a ${kind} that shows ${codes}`, () => {
    assert.deepEqual(readBytes(new Uint8Array(bytes), codes, dictionary), expected);
  });
}

test("what was read of a PDF is said with it, in all languages", () => {
  const file = text(`%PDF-1.4 1 0 obj <</URI (${golden.url})>>`);
  const found = readBytes(file, null, dictionary);
  assert.deepEqual(found, { kind: "text", text: golden.url, said: LOOKED_AT });
  for (const said of [LOOKED_AT, ENCRYPTED, DIFFERENT]) {
    assert.deepEqual(Object.keys(said), Object.keys(LANGUAGES));
    assert.equal(new Set(Object.values(said)).size, 8);
  }
});
