import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { barStyle } from "../../src/sheet/assessments_table.ts";
import type { Certificate } from "../../src/statement/statement.ts";
import { CERTIFICATE, drawn, elements, read, RECORD } from "./sheets.ts";

const HOSTILE = [
  "<script>alert(1)</script>",
  "\"'><img src=x onerror=alert(1)>",
  "javascript:alert(1)",
  "{first} {by} {count} $& $1",
  "__proto__",
  "constructor",
];

/** The statement with every text that is the issuer's own replaced. */
function hostile<T>(value: T, text: string): T {
  const replaced = (name: string, each: unknown): unknown =>
    typeof each === "string" && !/(_on|_at|from|language|delivery)$/.test(name) ? text : each;
  return JSON.parse(JSON.stringify(value), (name, each) => replaced(name, each));
}

test("whatever was signed is text, in elements and attributes that the page knows", () => {
  const tags = "bdi dd div dl dt li ol p span table tbody td th thead tr ul".split(" ");
  const names = ["class", "dir", "lang", "colspan", "scope", "aria-hidden"];
  for (const text of HOSTILE) {
    for (const signed of [CERTIFICATE, RECORD]) {
      const sheet = drawn(hostile(signed, text));
      assert.ok(read(sheet).split(text.replace(/\s+/g, " ")).length > 10, text);
      for (const [tag, attributes] of elements(sheet)) {
        assert.ok(tags.includes(tag), tag);
        for (const [name, value] of Object.entries(attributes)) {
          assert.ok(names.includes(name), name);
          assert.doesNotMatch(value, /[<>"'{:]/);
        }
      }
    }
  }
});

function fit(certificate: Certificate): number {
  const look = elements(drawn(certificate))[0]?.[1].class ?? "";
  return Number(/fit-(\d+)/.exec(look)?.[1]);
}

test("much is set smaller, and little is not", () => {
  const { identity_checks: _, limitations: __, awarding_body: ___, ...little } = CERTIFICATE;
  assert.equal(fit(little), 100);
  const signatories = Array.from({ length: 20 }, (_, at) => ({
    name: `Professor ${at}`,
    title: "Professor of Operations Management",
    organisation: "University of Example",
  }));
  const many = fit({ ...CERTIFICATE, signatories });
  assert.ok(many < 100, `${many}`);
  const limitations = Array.from({ length: 20 }, () => "It grants nothing at all. ".repeat(15));
  assert.equal(fit({ ...CERTIFICATE, signatories, limitations }), 60);
  const title = "运营管理导论".repeat(40);
  const wide = { ...CERTIFICATE, course: { ...CERTIFICATE.course, title } };
  const narrow = { ...wide, course: { ...wide.course, title: "Operations".repeat(24) } };
  assert.ok(fit(wide) <= fit(narrow));
});

test("each size and each step of a bar has its class in the style", async () => {
  const style = await readFile(new URL("../../src/sheet/sheet.css", import.meta.url), "utf8");
  for (const size of [90, 80, 70, 60]) {
    assert.ok(style.includes(`.fit-${size} {\n  --fit: 0.${size / 10};`), `${size}`);
  }
  const bars = barStyle();
  assert.ok(bars.includes(".at-0{--at:0%}") && bars.includes(".at-50{--at:100%}"));
});
