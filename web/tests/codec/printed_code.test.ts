/** Printed codes: docs/spec.md, section 3.4. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { printedCode, readPrintedCode } from "../../src/codec/printed_code.ts";
import { bytes } from "../encoding.ts";

test("the specification's example, and the least and the greatest id", () => {
  assert.equal(printedCode(bytes("0123456789abcdef0123")), "04HM-ASW9-NF6Y-Y093");
  assert.equal(printedCode(new Uint8Array(10)), "0000-0000-0000-0000");
  assert.equal(printedCode(new Uint8Array(10).fill(255)), "ZZZZ-ZZZZ-ZZZZ-ZZZZ");
});

test("every character stands for its five bits", () => {
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (let value = 0; value < 32; value++) {
    for (let place = 0; place < 16; place++) {
      const number = BigInt(value) << BigInt(5 * (15 - place));
      const id = bytes(number.toString(16).padStart(20, "0"));
      const expected = "0".repeat(place) + alphabet.charAt(value) + "0".repeat(15 - place);
      assert.equal(printedCode(id).replaceAll("-", ""), expected);
    }
  }
});

test("an id has 10 bytes", () => {
  assert.throws(() => printedCode(new Uint8Array(9)), RangeError);
  assert.throws(() => printedCode(new Uint8Array(11)), RangeError);
});

test("codes as people type them", () => {
  const code = "04HM-ASW9-NF6Y-Y093";
  const typed = [code, "04HMASW9NF6YY093", "04hm asw9 nf6y yo93", " -O4hmASW9-nf6y--YO93 "];
  for (const text of typed) assert.equal(readPrintedCode(text), code, text);
  assert.equal(readPrintedCode("IiLl-1111-oOoO-0000"), "1111-1111-0000-0000");
});

test("what is no code", () => {
  const texts = [
    "",
    "04HM-ASW9-NF6Y-Y09",
    "04HM-ASW9-NF6Y-Y0933",
    "U4HM-ASW9-NF6Y-Y093",
    "u4HM-ASW9-NF6Y-Y093",
    "04HM_ASW9_NF6Y_Y093",
    "04HM\tASW9NF6YY093",
    "04HM–ASW9–NF6Y–Y093",
    "04HM.ASW9NF6YY093",
    // Letters that upper case brings into ASCII: long s, dotless i.
    "04HM-A\u017fW9-NF6Y-Y093",
    "0\u0131HM-ASW9-NF6Y-Y093",
    "０4HM-ASW9-NF6Y-Y093",
  ];
  for (const text of texts) assert.equal(readPrintedCode(text), null, text);
});
