import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { audienceOf } from "../../src/page/checking.ts";
import { direction, preferred, variant } from "../../src/page/language.ts";
import { filled, pieces } from "../../src/page/template.ts";
import { VERSION } from "../../src/page/version.ts";
import { has, named, speak } from "../../src/page/words.ts";
import { english } from "./english.ts";

speak("en", "en", english);

test("the first language that the page speaks is taken", () => {
  assert.equal(preferred(["nl", "pt-BR", "en"]), "pt");
  assert.equal(preferred(["zh-Hant-TW"]), "zh");
  assert.equal(preferred(["tlh"]), "en");
  assert.equal(preferred([]), "en");
  assert.equal(preferred(["constructor", "de"]), "de");
  assert.equal(variant("en", ["de", "en-GB"]), "en-GB");
  assert.equal(variant("fr", ["de"]), "fr");
  assert.equal(direction("ar"), "rtl");
  assert.equal(direction("hi"), "ltr");
});

test("values are put in as they are, and are not read again for places", () => {
  assert.equal(filled("For {who}.", { who: "{date}" }), "For \u2068{date}\u2069.");
  assert.deepEqual(pieces("{a} and {b}", { a: "1" }), [{ value: "1" }, { own: " and {b}" }]);
  assert.deepEqual(pieces("{constructor}", {}), [{ own: "{constructor}" }]);
});

test("names from a certificate never reach a prototype", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    assert.equal(named("level", name), null);
    assert.ok(!has("reason", name));
  }
  assert.equal(named("level", "beginner"), "Beginner");
});

test("who somebody is is brought into NFC and freed of white space", () => {
  assert.equal(audienceOf("  Acme HR\u0085\u3000"), "Acme HR");
  assert.equal(audienceOf("Mu\u0308ller"), "M\u00fcller");
  assert.equal(audienceOf(" \t\u2003"), null);
  assert.equal(audienceOf("\ufeffAcme"), "\ufeffAcme");
});

test("the page says the version of the package", async () => {
  const root = join(import.meta.dirname, "..", "..", "..");
  const source = await readFile(join(root, "src", "signedcert", "__init__.py"), "utf8");
  assert.equal(/^__version__ = "(.+)"$/m.exec(source)?.[1], VERSION);
});
