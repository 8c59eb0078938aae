import assert from "node:assert/strict";
import { test } from "node:test";
import { metadataWords } from "../../src/files/svg.ts";

const LINK = "https://learn.example.edu/c/#AYZu771nGMiEOpCV40CCi5oZ5phaTKfrrs8dEutv";
const DECIMAL = [...LINK].map((letter) => `&#${letter.charCodeAt(0)};`).join("");
const HEXADECIMAL = [...LINK].map((letter) => `&#x${letter.charCodeAt(0).toString(16)};`).join("");

const HELD: [name: string, metadata: string][] = [
  ["text", `<metadata>${LINK}</metadata>`],
  ["text between white space", `<metadata id="a"\n>\n ${LINK}\t</metadata >`],
  ["CDATA", `<metadata><![CDATA[${LINK}]]></metadata>`],
  ["text and CDATA", `<metadata>${LINK.slice(0, 40)}<![CDATA[${LINK.slice(40)}]]></metadata>`],
  ["decimal references", `<metadata>${DECIMAL}</metadata>`],
  ["hexadecimal references", `<metadata>${HEXADECIMAL}</metadata>`],
  ["a prefix", `<x:metadata xmlns:x="http://www.w3.org/2000/svg">${LINK}</x:metadata>`],
  ["nested elements", `<metadata><a b="/"><c/><metadata/><d>${LINK}</d></a></metadata>`],
  ["after nested ones", `<metadata><metadata>x</metadata>${LINK}</metadata>`],
  ["around a comment", `<metadata>${LINK.slice(0, 40)}<!-- > -->${LINK.slice(40)}</metadata>`],
  ["an attribute with a >", `<metadata a=">" b='">'>${LINK}</metadata>`],
  ["a second one", `<metadata/><metadata>a</metadata><g><metadata>${LINK}</metadata></g>`],
  ["after a declaration", `<!DOCTYPE svg PUBLIC "a" "b"><?x ?><metadata>${LINK}</metadata>`],
  ["never closed", `<metadata>${LINK}`],
];
for (const [name, metadata] of HELD) {
  test(`a link in metadata: ${name}`, () => {
    assert.ok(metadataWords(`<svg>${metadata}</svg>`)?.includes(LINK));
  });
}

test("what stands elsewhere is not metadata", () => {
  for (const other of [
    `<desc>${LINK}</desc>`,
    `<metadata>none</metadata>${LINK}`,
    `<metadata/>${LINK}`,
    `<metadata a="${LINK}"></metadata>`,
    `<metadatas>${LINK}</metadatas>`,
    `<!-- <metadata>${LINK}</metadata> -->`,
    `<style><![CDATA[<metadata>${LINK}</metadata>]]></style>`,
  ]) {
    assert.equal(metadataWords(`<svg>${other}</svg>`)?.includes(LINK), false, other);
  }
});

test("the five entities are read", () => {
  const words = metadataWords("<metadata>&lt;&amp;&gt; &quot;&apos;</metadata>");
  assert.deepEqual(words, ["<&>", `"'`]);
});

test("what is not understood is refused", () => {
  for (const xml of [
    "<metadata>&own;</metadata>",
    "<metadata>&#xZ;</metadata>",
    "<metadata>&#1114112;</metadata>",
    "<metadata>&amp</metadata>",
    "<metadata>&;</metadata>",
    "<metadata>a & b</metadata>",
    "<metadata>&toString;</metadata>",
    "<metadata>&a-very-long-entity-name;</metadata>",
    `<!DOCTYPE svg [<!ENTITY own "${LINK}">]><svg/>`,
    "<svg",
    '<svg a="',
    "<svg><!-- ",
    "<svg><![CDATA[ ]]",
  ]) {
    assert.equal(metadataWords(xml), null, xml);
  }
});

test("hostile drawings take bounded time", () => {
  const start = performance.now();
  for (const part of ["<a", '<a b="', "<!--", "<metadata>", "&", "&#65;", "<a><", "]]>"]) {
    metadataWords(`<metadata>${part.repeat(1_000_000)}`);
  }
  // Generous: what grows with the square of the length takes hours.
  assert.ok(performance.now() - start < 20_000);
});
