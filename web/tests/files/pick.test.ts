import assert from "node:assert/strict";
import { readFile as read } from "node:fs/promises";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { packedFromText } from "../../src/codec/carriers.ts";
import { unpack } from "../../src/codec/packed.ts";
import { different, linksIn, mayBeLink } from "../../src/files/link.ts";
import { readFile } from "../../src/files/pick.ts";
import { type FileKind, kindOf, readBytes } from "../../src/files/reading.ts";
import { dictionary } from "../codec/vector_files.ts";
import { certificate, document, handover, KEY, keySet } from "../issuing.ts";
import { signed, statusList, trustIn } from "../issuing.ts";

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
    { kind: "picture", drawing: true, links: [golden.url] },
  ],
  [
    "an SVG with a link elsewhere",
    text(`<svg><desc>${golden.url}</desc><metadata>none</metadata></svg>`),
    { kind: "picture", drawing: true, links: [] },
  ],
  ["prose", text("no link in here"), "wrong_kind"],
  ["white space", text(" \n "), "empty"],
  ["nothing", new Uint8Array(), "empty"],
  ["an issuer document", await document(), "wrong_kind"],
  ["bytes", Uint8Array.of(0, 1, 2, 3), "wrong_kind"],
  ["a PDF file without anything", text("%PDF-1.4"), "no_certificate_in_pdf"],
  ["an encrypted PDF file", text("%PDF-1.4 trailer <</Encrypt 5 0 R>>"), "unreadable"],
];
for (const [name, bytes, expected] of TEXTS) {
  test(`a file with ${name}`, () => {
    assert.deepEqual(readBytes(bytes), expected);
  });
}

test("tokens, sealed files and trust come as they are", async () => {
  const token = await certificate();
  assert.deepEqual(readBytes(token), { kind: "token", token });
  assert.deepEqual(readBytes(signedBundle), { kind: "trust", bytes: signedBundle });
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
  assert.deepEqual(linksIn(`see ${record.sealed_url}, please`), [record.sealed_url]);
  assert.deepEqual(linksIn("see https://example.edu/#section-1, please"), []);
});

/** The golden certificate packed by another deflater than its link, as QR codes are. */
function packedOtherwise(): string {
  const packed = packedFromText(golden.url);
  const unpacked = unpack(packed, dictionary);
  assert.ok(unpacked.kind === "token" && unpacked.frame.kind === "certificate");
  const payload = deflateRawSync(unpacked.frame.payload, { level: 1 });
  const whole = Buffer.concat([packed.subarray(0, 73), payload]);
  return `https://example.org/c/#${whole.toString("base64url")}`;
}

test("links to one certificate are one, however they pack it", () => {
  const elsewhere = golden.url.replace("learn.example.edu", "example.org");
  assert.deepEqual(different([golden.url, elsewhere, golden.digits]), [golden.digits]);
  const other = packedOtherwise();
  assert.deepEqual(different([golden.url, other]), [golden.url, other]);
  assert.deepEqual(different([golden.url, other], dictionary), [other]);
  assert.equal(different([golden.url, record.url, other], dictionary).length, 2);
  // One with another payload under the same signature is not the same.
  const at = golden.url.length - 200;
  const changed = golden.url[at] === "A" ? "B" : "A";
  const damaged = golden.url.slice(0, at) + changed + golden.url.slice(at + 1);
  assert.equal(different([golden.url, damaged], dictionary).length, 2);
  assert.equal(different([record.sealed_url, golden.url], dictionary).length, 2);
});
