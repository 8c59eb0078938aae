import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "../../src/page/fragment.ts";
import { meantAsLink, pastedLink } from "../../src/page/pasted.ts";

const FRAGMENT = "AXgGK7kiS6AMgkLhGbFEtz6i89_9sAmKHeoyg9vsVc-jNclPJMxR8pCEBCTpE3Xg";
const LINK = `https://learn.example.edu/c/#${FRAGMENT}`;

test("a link that was cut off", () => {
  assert.equal(diagnose(LINK.slice(0, -9), "damaged_compression"), "cut_off");
  assert.equal(diagnose(LINK.slice(0, -9), "damaged_text"), "cut_off");
  assert.equal(diagnose("https://learn.example.edu/c/", "no_fragment"), "cut_off");
});

test("a link that was shortened for display", () => {
  assert.equal(diagnose(`#${FRAGMENT.slice(0, 30)}...`, "damaged_text"), "shortened");
  assert.equal(diagnose(`#${FRAGMENT.slice(0, 30)}…`, "damaged_text"), "shortened");
  assert.equal(diagnose(`#${FRAGMENT.slice(0, 30)}%E2%80%A6`, "damaged_text"), "shortened");
});

test("a link with characters rewritten as %xx", () => {
  assert.equal(diagnose(LINK.replace("_", "%5F"), "damaged_text"), "percent_encoded");
  assert.equal(diagnose(LINK.replace("#", "%23"), "no_fragment"), "percent_encoded");
  const page = "https://learn.example.edu/a%20b/#";
  assert.equal(diagnose(page + FRAGMENT.slice(0, 40), "damaged_compression"), "cut_off");
});

test("a link whose letters have one case", () => {
  assert.equal(diagnose(LINK.toUpperCase(), "unknown_format"), "case_changed");
  assert.equal(diagnose(`#${FRAGMENT.toLowerCase()}`, "damaged_compression"), "case_changed");
  assert.notEqual(diagnose(`#${"0123456789".repeat(9)}`, "damaged_text"), "case_changed");
  assert.notEqual(diagnose("#ABCDEF", "unknown_format"), "case_changed");
});

test("a link with something added", () => {
  assert.equal(diagnose(`${LINK}.`, "damaged_text"), "added");
  assert.equal(diagnose(`${LINK}&fbclid=1`, "damaged_text"), "added");
});

test("what is wrong inside the signed part is no matter of the link", () => {
  assert.equal(diagnose(LINK, "wrong_type"), null);
  assert.equal(diagnose(LINK, "not_deterministic"), null);
});

test("the link is found in what people paste", () => {
  assert.equal(pastedLink(`See <${LINK}>.`), LINK);
  assert.equal(pastedLink(`“${LINK}”`), LINK);
  assert.equal(pastedLink(`https://mail.example/inbox and ${LINK}`), LINK);
  assert.equal(pastedLink(`  ${FRAGMENT}\n`), FRAGMENT);
});

test("what is pasted is not repaired", () => {
  const broken = LINK.replace("_", "%5F");
  assert.equal(pastedLink(broken), broken);
  assert.equal(pastedLink("..."), "...");
});

test("links are told from other text", () => {
  assert.ok(meantAsLink(LINK));
  assert.ok(meantAsLink(FRAGMENT));
  assert.ok(meantAsLink("https://learn.example.edu/c/"));
  assert.ok(!meantAsLink("Dear all, please find attached"));
  assert.ok(!meantAsLink("04HM-ASW9-NF6Y-Y093"));
});
