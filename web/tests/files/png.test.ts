import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { isPng, textsOfPng } from "../../src/files/png.ts";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const LINK = "https://learn.example.edu/c/#AYZu771nGMiEOpCV40CCi5oZ5phaTKfrrs8dEutv";

function chunk(type: string, ...parts: (string | Uint8Array)[]): Buffer {
  const data = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

function png(...chunks: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat([SIGNATURE, chunk("IHDR", new Uint8Array(13)), ...chunks]));
}

test("the texts of all three kinds of chunk, in order", () => {
  const file = png(
    chunk("tEXt", "Comment\0", Uint8Array.of(0xe9)),
    chunk("zTXt", "Comment\0\0", deflateSync(LINK)),
    chunk("IDAT", "Comment\0no text"),
    chunk("iTXt", "Title\0\0\0de\0Titel\0", "Grüße"),
    chunk("iTXt", "Title\0\x01\0de\0Titel\0", deflateSync("Grüße")),
  );
  assert.ok(isPng(file));
  assert.deepEqual(textsOfPng(file), ["é", LINK, "Grüße", "Grüße"]);
});

test("broken chunks are passed over", () => {
  const file = png(
    chunk("tEXt", "no end of the keyword"),
    chunk("zTXt", "Comment\0\x01", deflateSync("another method")),
    chunk("zTXt", "Comment\0\0", "not compressed"),
    chunk("iTXt", "Title\0\x01\x01de\0\0", deflateSync("another method")),
    chunk("iTXt", "Title\0\0\0de\0no end of the translated keyword"),
    chunk("iTXt", "Title\0\0\0de\0\0", Uint8Array.of(0xff)),
    chunk("tEXt", "Comment\0whole"),
  );
  assert.deepEqual(textsOfPng(file), ["whole"]);
  const cut = png(chunk("tEXt", "Comment\0cut"));
  assert.deepEqual(textsOfPng(cut.subarray(0, -6)), []);
});

test("what would inflate to more than any link is not read", () => {
  const bomb = deflateSync(Buffer.alloc(50_000_000, "a"));
  const fits = deflateSync(Buffer.alloc(262_144, "a"));
  assert.deepEqual(textsOfPng(png(chunk("zTXt", "Comment\0\0", bomb))), []);
  assert.equal(textsOfPng(png(chunk("zTXt", "Comment\0\0", fits)))[0]?.length, 262_144);
});

test("no more than 32 texts are read", () => {
  const many = Array.from({ length: 40 }, (_, index) => chunk("tEXt", `Comment\0${index}`));
  assert.equal(textsOfPng(png(...many)).length, 32);
});
