/** From text to packed form: docs/spec.md, section 8. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64url, toBase64url } from "../../src/codec/base64url.ts";
import { packedFromText } from "../../src/codec/carriers.ts";
import { seededRandom } from "./random.ts";
import { assertRefused, reasonOf } from "./refused.ts";

const DIGITS = [0, 3, 5, 8, 10, 13, 15, 17];

/** Section 8.3, with integers of unlimited size. */
function toDigits(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 7) {
    const group = bytes.subarray(start, start + 7);
    const number = BigInt(`0x${Buffer.from(group).toString("hex")}`);
    text += number.toString().padStart(DIGITS[group.length] ?? 0, "0");
  }
  return text;
}

test("a URL, a fragment after a mark, and a fragment alone", () => {
  for (const before of ["https://example.org/c/#", "#", "", "anything before it ://#", "\u0000#"]) {
    assert.deepEqual(packedFromText(`${before}AQID`), Uint8Array.of(1, 2, 3));
    assert.deepEqual(packedFromText(`${before}00066051`), Uint8Array.of(1, 2, 3));
  }
});

test("the fragment is everything after the first mark", () => {
  assertRefused(() => packedFromText("https://example.org/#AQ#ID"), "damaged_text");
  assertRefused(() => packedFromText("##AQID"), "damaged_text");
});

test("four characters are removed from both ends, and no others", () => {
  assert.deepEqual(packedFromText(" \t\r\n\n AQID \r\n\t "), Uint8Array.of(1, 2, 3));
  assert.deepEqual(packedFromText("#AQID\n"), Uint8Array.of(1, 2, 3));
  for (const other of ["\u00a0", "\u000b", "\u000c", "\u2003", "\ufeff", "\u0085", "\u2028"]) {
    assertRefused(() => packedFromText(`AQID${other}`), "damaged_text");
    assertRefused(() => packedFromText(`${other}AQID`), "damaged_text");
  }
  assertRefused(() => packedFromText("# AQID"), "damaged_text");
  assertRefused(() => packedFromText("AQ ID"), "damaged_text");
});

test("no fragment, and nothing", () => {
  assertRefused(() => packedFromText("https://example.org/c/"), "no_fragment");
  assertRefused(() => packedFromText("://"), "no_fragment");
  for (const text of ["", "  \n", "#", " # ", "https://example.org/c/#"]) {
    assertRefused(() => packedFromText(text), "empty_input");
  }
  // Without "://" all of it is the fragment.
  assertRefused(() => packedFromText("example.org/c/"), "damaged_text");
});

test("nothing is percent-decoded", () => {
  assertRefused(() => packedFromText("#AQI%44"), "damaged_text");
  assertRefused(() => packedFromText("https://example.org/%23AQID"), "no_fragment");
});

test("at most 65,536 code points, counted before anything is removed", () => {
  const padded = (length: number) => `#AQID${" ".repeat(length - 5)}`;
  assert.deepEqual(packedFromText(padded(65536)), Uint8Array.of(1, 2, 3));
  assertRefused(() => packedFromText(padded(65537)), "too_large");
  assertRefused(() => packedFromText(" ".repeat(65537)), "too_large");
  // Outside the BMP, two UTF-16 code units are one code point; a lone surrogate is one by itself.
  for (const character of ["\u{1f393}", "\ud83c", "\udf93"]) {
    const before = character.repeat(65531);
    assert.deepEqual(packedFromText(`${before}#AQID`), Uint8Array.of(1, 2, 3));
    assertRefused(() => packedFromText(`${before} #AQID`), "too_large");
  }
  assertRefused(() => packedFromText("\u{1f393}".repeat(200000)), "too_large");
});

test("base64url: every length, and back", () => {
  const random = seededRandom(6);
  for (let length = 0; length < 100; length++) {
    const bytes = Uint8Array.from({ length }, () => random(256));
    const text = Buffer.from(bytes).toString("base64url");
    assert.equal(toBase64url(bytes), text);
    assert.deepEqual(fromBase64url(text), bytes);
  }
});

test("base64url: of all short texts, those that Node writes and no others", () => {
  const alphabet = "AQgwZabz019-_=+/ .é\u0000";
  for (const a of alphabet) {
    for (const b of ["", ...alphabet]) {
      for (const c of ["", ...alphabet]) {
        const text = a + b + c;
        const bytes = Buffer.from(text, "base64url");
        const written = bytes.toString("base64url");
        if (written === text) assert.deepEqual(fromBase64url(text), new Uint8Array(bytes));
        else assertRefused(() => fromBase64url(text), "damaged_text", text);
      }
    }
  }
});

test("base64url: padding, other alphabets, a length of 1 modulo 4, bits that are not zero", () => {
  const texts = ["AQ==", "AQI=", "A", "AQIDB", "AR", "AQJ", "A+ID", "A/ID", "AQID\u0141", "AQé"];
  for (const text of texts) {
    assertRefused(() => packedFromText(text), "damaged_text", text);
  }
});

test("digits: groups of every length, least and greatest numbers included", () => {
  const random = seededRandom(7);
  for (let length = 1; length <= 30; length++) {
    for (const next of [() => 0, () => 255, () => random(256), () => random(256)]) {
      const bytes = Uint8Array.from({ length }, next);
      assert.deepEqual(packedFromText(toDigits(bytes)), bytes);
    }
  }
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: 7 }, () => (random(3) === 0 ? 255 : random(256)));
    assert.deepEqual(packedFromText(toDigits(bytes)), bytes);
  }
});

test("digits: a group whose number does not fit its bytes", () => {
  const full = "0".repeat(17);
  for (let bytes = 1; bytes <= 7; bytes++) {
    const width = DIGITS[bytes] ?? 0;
    const greatest = (1n << BigInt(8 * bytes)) - 1n;
    const written = (number: bigint) => number.toString().padStart(width, "0");
    for (const before of ["", full]) {
      const end = packedFromText(before + written(greatest)).subarray(-bytes);
      assert.deepEqual(end, new Uint8Array(bytes).fill(255));
      const above = [greatest + 1n, greatest + 2n, greatest + 256n, 10n ** BigInt(width) - 1n];
      for (const number of above) {
        assertRefused(() => packedFromText(before + written(number)), "damaged_text");
      }
    }
  }
  assertRefused(() => packedFromText("9".repeat(17) + full), "damaged_text");
});

test("digits: a rest of digits that no group has", () => {
  for (let rest = 0; rest < 17; rest++) {
    for (const groups of [0, 1, 2]) {
      if (groups + rest === 0) continue;
      const refused = [1, 2, 4, 6, 7, 9, 11, 12, 14, 16].includes(rest);
      const text = "0".repeat(17 * groups + rest);
      assert.equal(
        reasonOf(() => packedFromText(text)),
        refused ? "damaged_text" : null,
        text,
      );
    }
  }
});

test("digits are ASCII digits", () => {
  for (const text of ["٠٠٠", "０００", "00\u0660"]) {
    assertRefused(() => packedFromText(text), "damaged_text");
  }
});
