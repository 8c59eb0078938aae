/** Fixtures: tools/make_pdf_fixtures.py. What hostile files must not do is tested by time. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { findInPdf, isPdf } from "../../src/files/pdf.ts";

const FIXTURES = new URL("fixtures/", import.meta.url);
const GOLDEN = new URL("../../../tests/vectors/golden/every-field.json", import.meta.url);
const golden: { token: string; url: string } = JSON.parse(await readFile(GOLDEN, "utf8"));
const TOKEN = new Uint8Array(Buffer.from(golden.token, "hex"));

async function fixture(name: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(name, FIXTURES)));
}

function bytesOf(...parts: (string | Uint8Array)[]): Uint8Array {
  const binary = (part: string | Uint8Array): Uint8Array =>
    typeof part === "string" ? Buffer.from(part, "latin1") : part;
  return new Uint8Array(Buffer.concat(parts.map(binary)));
}

/** A file with one stream, whose Length is what the dictionary says or does not say. */
function withStream(dictionary: string, content: Uint8Array, rest = ""): Uint8Array {
  const head = `%PDF-1.7\n7 0 obj\n<<${dictionary}>>\nstream\n`;
  return bytesOf(head, content, "\nendstream\nendobj\n", rest);
}

function withLink(string: string): Uint8Array {
  return bytesOf("%PDF-1.7\n1 0 obj <</A <</S /URI /URI ", string, ">>>> endobj");
}

for (const name of ["attached.pdf", "attached-linearised.pdf"]) {
  test(`${name}: the embedded token, byte for byte`, async () => {
    const file = await fixture(name);
    assert.ok(isPdf(file));
    assert.deepEqual(findInPdf(file), { kind: "token", token: TOKEN });
  });
}

test("a damaged token is found all the same, so that it can be told", async () => {
  const found = findInPdf(await fixture("attached-damaged.pdf"));
  assert.deepEqual(found, { kind: "token", token: TOKEN.subarray(0, -1) });
});

for (const name of ["linked.pdf", "linked-linearised.pdf"]) {
  test(`${name}: the link of its annotation`, async () => {
    assert.deepEqual(findInPdf(await fixture(name)), { kind: "text", text: golden.url });
  });
}

test("other links and other attachments are no certificates", async () => {
  assert.equal(findInPdf(await fixture("nothing.pdf")), null);
});

test("an encrypted file is told from one that holds nothing", async () => {
  assert.equal(findInPdf(await fixture("encrypted.pdf")), "encrypted");
});

const PACKED = deflateSync(TOKEN);
const HELD: [name: string, file: Uint8Array][] = [
  ["a Length", withStream(`/Type /EmbeddedFile /Length ${TOKEN.length}`, TOKEN)],
  ["a Length in another object", withStream("/Type/EmbeddedFile/Length 12 0 R", TOKEN)],
  ["a Length that is wrong", withStream("/Length 3 /Type /EmbeddedFile", TOKEN)],
  ["no Length", withStream("/Type /EmbeddedFile", TOKEN)],
  ["Flate", withStream("/Type /EmbeddedFile /Filter /FlateDecode /DL 1", PACKED)],
  ["Flate in an array", withStream("/Type /EmbeddedFile /Filter [ /FlateDecode ]", PACKED)],
  ["no Type but a file specification", withStream("", TOKEN, "8 0 obj <</EF <</F 7 0 R>>>>")],
];
for (const [name, file] of HELD) {
  test(`an embedded file with ${name}`, () => {
    assert.deepEqual(findInPdf(file), { kind: "token", token: TOKEN });
  });
}

const NOT_HELD: [name: string, file: Uint8Array][] = [
  ["neither Type nor file specification", withStream("", TOKEN)],
  ["another filter", withStream("/Type /EmbeddedFile /Filter /LZWDecode", TOKEN)],
  ["two filters", withStream("/Type /EmbeddedFile /Filter [/FlateDecode /ASCIIHexDecode]", PACKED)],
  ["a predictor", withStream("/Type/EmbeddedFile/DecodeParms <</Predictor 12>>", TOKEN)],
  ["a file elsewhere", withStream("/Type /EmbeddedFile /F (elsewhere.cose)", TOKEN)],
  ["damaged Flate", withStream("/Type /EmbeddedFile /Filter /FlateDecode", PACKED.subarray(9))],
  [
    "more content than a token has",
    withStream("/Type /EmbeddedFile", bytesOf(TOKEN, new Uint8Array(41_216))),
  ],
];
for (const [name, file] of NOT_HELD) {
  test(`not an embedded token: ${name}`, () => assert.equal(findInPdf(file), null));
}

test("a whole token is preferred to a damaged one before it", () => {
  const damaged = withStream("/Type /EmbeddedFile", TOKEN.subarray(0, 300));
  const whole = withStream("/Type /EmbeddedFile", TOKEN);
  assert.deepEqual(findInPdf(bytesOf(damaged, whole)), { kind: "token", token: TOKEN });
});

const HEXADECIMAL = Buffer.from(golden.url, "latin1").toString("hex");
const WITH_PARENTHESES = golden.url.replace("/c/", "/(c)(/");
const STRINGS: [name: string, string: string, url?: string][] = [
  ["plain", `(${golden.url})`],
  ["hexadecimal", `<${HEXADECIMAL.slice(0, 80)}\n${HEXADECIMAL.slice(80)}>`],
  ["broken over lines", `(${golden.url.slice(0, 60)}\\\r\n${golden.url.slice(60)})`],
  ["octal", `(${golden.url.replace("#", "\\043").replace(":", "\\72")})`],
  ["parentheses", `(${golden.url.replace("/c/", "/(c)\\(/")})`, WITH_PARENTHESES],
];
for (const [name, string, url] of STRINGS) {
  test(`an address as a string: ${name}`, () => {
    assert.deepEqual(findInPdf(withLink(string)), { kind: "text", text: url ?? golden.url });
  });
}

test("an address that does not end is none", () => {
  assert.equal(findInPdf(withLink(`(${golden.url}`)), null);
});

/** Generous: what is bounded takes far less, and what is not takes hours. */
function isQuick(file: Uint8Array): void {
  const start = performance.now();
  findInPdf(file);
  assert.ok(performance.now() - start < 10_000);
}

test("hostile files take bounded time", () => {
  const bomb = deflateSync(new Uint8Array(8 * 1024 * 1024));
  const object = Buffer.from(withStream("/Type /ObjStm /Filter /FlateDecode", bomb));
  isQuick(bytesOf(...Array.from({ length: 500 }, () => object)));
  isQuick(bytesOf("%PDF-1.7\n", "/URI (".repeat(1_000_000)));
  isQuick(bytesOf("%PDF-1.7\n", "/URI <41".repeat(1_000_000)));
  isQuick(bytesOf("%PDF-1.7\n", "stream\n".repeat(1_000_000)));
  isQuick(bytesOf("%PDF-1.7\n", "1 0 obj <</Length 1".repeat(500_000), "stream\n"));
  isQuick(bytesOf("%PDF-1.7\n", `${"1 ".repeat(4000)}stream\n`.repeat(2000)));
  isQuick(bytesOf("%PDF-1.7\n", `/EF <<${" ".repeat(400)}`.repeat(20_000)));
});
