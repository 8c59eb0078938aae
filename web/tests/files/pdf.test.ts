/** Fixtures: tools/make_pdf_fixtures.py. What hostile files must not do is tested by time. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { findInPdf, isPdf } from "../../src/files/pdf.ts";
import { dictionary } from "../codec/vector_files.ts";
import { certificate } from "../issuing.ts";
import { otherwisePacked } from "./packing.ts";

const FIXTURES = new URL("fixtures/", import.meta.url);
const GOLDEN = new URL("../../../tests/vectors/golden/every-field.json", import.meta.url);
const golden: { token: string; url: string; digits: string } = JSON.parse(
  await readFile(GOLDEN, "utf8"),
);
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
    assert.deepEqual(findInPdf(file, dictionary), { kind: "token", token: TOKEN });
  });
}

test("a damaged token is found all the same, so that it can be told", async () => {
  const found = findInPdf(await fixture("attached-damaged.pdf"), dictionary);
  assert.deepEqual(found, { kind: "token", token: TOKEN.subarray(0, -1) });
});

for (const name of ["linked.pdf", "linked-linearised.pdf"]) {
  test(`${name}: the link of its annotation`, async () => {
    assert.deepEqual(findInPdf(await fixture(name), dictionary), {
      kind: "text",
      text: golden.url,
    });
  });
}

test("other links and other attachments are no certificates", async () => {
  assert.equal(findInPdf(await fixture("nothing.pdf"), dictionary), null);
});

test("an encrypted file is told from one that holds nothing", async () => {
  assert.equal(findInPdf(await fixture("encrypted.pdf"), dictionary), "encrypted");
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
    assert.deepEqual(findInPdf(file, dictionary), { kind: "token", token: TOKEN });
  });
}

const NOT_HELD: [name: string, file: Uint8Array][] = [
  ["neither Type nor file specification", withStream("", TOKEN)],
  ["another filter", withStream("/Type /EmbeddedFile /Filter /LZWDecode", TOKEN)],
  ["two filters", withStream("/Type /EmbeddedFile /Filter [/FlateDecode /ASCIIHexDecode]", PACKED)],
  ["a predictor", withStream("/Type/EmbeddedFile/DecodeParms <</Predictor 12>>", TOKEN)],
  ["a file elsewhere", withStream("/Type /EmbeddedFile /F (elsewhere.cose)", TOKEN)],
  ["damaged Flate", withStream("/Type /EmbeddedFile /Filter /FlateDecode", PACKED.subarray(9))],
];
for (const [name, file] of NOT_HELD) {
  test(`not an embedded token: ${name}`, () => assert.equal(findInPdf(file, dictionary), null));
}

/** Each is found beside the token, or beside the link of the same certificate. */
const RECORDS = new URL("../../../tests/vectors/golden-records/everything.json", import.meta.url);
const record: { url: string; sealed_url: string; share: string } = JSON.parse(
  await readFile(RECORDS, "utf8"),
);
const ATTACHED = withStream("/Type /EmbeddedFile", TOKEN);
const OTHER = new Uint8Array(Buffer.from(record.share, "hex"));
const CHANGED = golden.url.slice(0, -3) + (golden.url.at(-3) === "A" ? "B" : "A") + "AA";

function attached(...contents: Uint8Array[]): Uint8Array {
  return bytesOf(...contents.map((content) => withStream("/Type /EmbeddedFile", content)));
}

function linked(...links: string[]): Uint8Array {
  return bytesOf(...links.map((link) => withLink(`(${link})`)));
}

const UTF_16 = Buffer.from(`\ufeff${record.url}`, "utf16le").swap16().toString("latin1");
const DISAGREEING: [name: string, file: Uint8Array][] = [
  ["another token", attached(TOKEN, OTHER)],
  ["a damaged token after it", attached(TOKEN, TOKEN.subarray(0, 300))],
  ["a damaged token before it", attached(TOKEN.subarray(0, 300), TOKEN)],
  ["two damaged tokens", attached(TOKEN.subarray(0, 300), TOKEN.subarray(0, 301))],
  ["a token that goes on", attached(TOKEN, bytesOf(TOKEN, "more"))],
  ["more than a token has", attached(TOKEN, bytesOf(TOKEN, new Uint8Array(41_216)))],
  ["the link of a share", bytesOf(ATTACHED, linked(record.url))],
  ["the link of a sealed share", bytesOf(ATTACHED, linked(record.sealed_url))],
  ["a link with its signature over something else", bytesOf(ATTACHED, linked(CHANGED))],
  ["its link cut off", bytesOf(ATTACHED, linked(golden.url.slice(0, -40)))],
  ["its link with something added", bytesOf(ATTACHED, linked(`${golden.url}.`))],
  ["a link in UTF-16", bytesOf(ATTACHED, withLink(`(${UTF_16})`))],
  ["a link by another spelling", bytesOf(ATTACHED, `5 0 obj <</#55RI (${record.url})>>`)],
  ["links of two", linked(golden.url, record.url)],
  ["links of two sealed shares", linked(record.sealed_url, `${record.sealed_url.slice(0, -3)}AAA`)],
  [
    "a token in a stream that names another object",
    bytesOf(ATTACHED, "9 0 obj <</EF <</F 8 0 R>>>> 8 0 obj <</D (1 0 obj)>> stream\n", OTHER),
  ],
  [
    "a token after a long dictionary",
    bytesOf(ATTACHED, withStream(`/Type /EmbeddedFile${" ".repeat(9000)}`, OTHER)),
  ],
  [
    "a packed token that is cut off",
    bytesOf(
      ATTACHED,
      withStream("/Type/EmbeddedFile/Filter/FlateDecode", deflateSync(OTHER).subarray(0, 99)),
    ),
  ],
  ["a file elsewhere", bytesOf(ATTACHED, withStream("/Type /EmbeddedFile /F (x)", OTHER))],
  ["another filter", bytesOf(ATTACHED, withStream("/Type/EmbeddedFile/Filter/LZWDecode", OTHER))],
  ["objects that cannot be read", bytesOf(ATTACHED, withStream("/Type/ObjStm/Filter/LZW", OTHER))],
];
for (const [name, file] of DISAGREEING) {
  test(`not one certificate: a token beside ${name}`, () => {
    assert.equal(findInPdf(file, dictionary), "different");
  });
}

const AGREEING: [name: string, file: Uint8Array][] = [
  ["its link", linked(golden.url)],
  ["its link as codes pack it", linked(otherwisePacked(golden.url))],
  [
    "its link on another page, and in digits",
    linked(golden.url.replace("/c/", "/"), golden.digits),
  ],
  ["itself", ATTACHED],
  ["chapters", linked("https://example.edu/#Acknowledgements-and-everything-else-there-is-to-say")],
  ["other links", linked("https://example.edu/#top", `https://example.edu/#${"Z".repeat(60)}`)],
  ["other files", attached(bytesOf("\x89PNG"), new Uint8Array(1_000_000), new Uint8Array())],
];
for (const [name, file] of AGREEING) {
  test(`one certificate: a token beside ${name}`, () => {
    const found = findInPdf(bytesOf(file, ATTACHED), dictionary);
    assert.deepEqual(found, { kind: "token", token: TOKEN });
  });
}

test("a file whose trailer says that it is encrypted is not half read", () => {
  for (const trailer of ["trailer <</Encrypt 5 0 R>>", "trailer <</#45ncrypt <</V 4>>>>"]) {
    assert.equal(findInPdf(bytesOf(ATTACHED, trailer), dictionary), "encrypted");
  }
});

test("two certificates of one issuer are two", async () => {
  const one = await certificate();
  assert.equal(findInPdf(attached(one, TOKEN), dictionary), "different");
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
    assert.deepEqual(findInPdf(withLink(string), dictionary), {
      kind: "text",
      text: url ?? golden.url,
    });
  });
}

test("an address that does not end is none", () => {
  assert.equal(findInPdf(withLink(`(${golden.url}`), dictionary), null);
});

/** Generous: what is bounded takes far less, and what is not takes hours. */
function isQuick(file: Uint8Array): void {
  const start = performance.now();
  findInPdf(file, dictionary);
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
  isQuick(bytesOf("%PDF-1.7\n", "obj".repeat(2_000_000), "stream\n".repeat(20_000)));
  isQuick(bytesOf("%PDF-1.7\n", "/#55".repeat(2_000_000)));
  isQuick(bytesOf("%PDF-1.7\n", `(${golden.url})`, `/URI (${golden.url})\n`.repeat(20_000)));
  const embedded = withStream("/Type /EmbeddedFile /Filter /FlateDecode", bomb);
  isQuick(bytesOf(...Array.from({ length: 500 }, () => embedded)));
});
