import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, type Language } from "../../src/page/language.ts";
import { textOf } from "../../src/sheet/tree.ts";
import { CERTIFICATE, drawn, elements, ofClass, read, RECORD } from "./sheets.ts";

const languages = Object.keys(LANGUAGES) as Language[];

test("a certificate's sheet says what one on paper says", () => {
  const text = read(drawn(CERTIFICATE));
  for (const said of [
    "University of Pennsylvania",
    "With University of Example · Example College",
    "Awarded by Example Awards",
    "Professional certificate",
    "This is to certify that Григорий Перельман Grigori Perelman has successfully completed",
    "Introduction to Operations Management",
    "Completed on 1 November 2026",
    "Workload 4 weeks , 5–7 hours a week , 24.5 hours in all",
    "92.5 of 100 · B+ · With distinction",
    "Christian Terwiesch",
    "Jane Doe Professor Doe College",
    "Comparison of photographs , performed by Example Proctoring on 30 October 2026",
    "(assurance: Substantial )",
    "Voice",
    "It grants no credit towards a degree.",
    "Not a licence to practise.",
    "Course code OPIM-101",
    "Level Beginner",
    "Delivery Online",
    "Credits 6 ECTS credits",
    "Language of the course Portuguese",
    "Issued on 2 November 2026",
    "In force from 3 November 2026",
    "Expires on 4 November 2036",
    "Issuer learn.example.edu",
    "Printed code 04HM-ASW9-NF6Y-Y093",
  ]) {
    assert.ok(text.includes(said), `${said}: ${text}`);
  }
});

test("who took part has not completed, and what has no title is a certificate", () => {
  const part = { ...CERTIFICATE, awarded_title: "statement_of_participation" };
  assert.match(read(drawn(part)), /has taken part in Introduction/);
  assert.doesNotMatch(read(drawn(part)), /completed Introduction/);
  const { awarded_title: _, ...untitled } = CERTIFICATE;
  assert.equal(read(ofClass(drawn(untitled), "award")[0] ?? ""), "Certificate");
});

test("a record's sheet says what the learner shows, and what is withheld in its place", () => {
  const text = read(drawn(RECORD));
  for (const said of [
    "Course record Ada Lovelace Introduction to Operations Management",
    "Period 1 September 2026 – 2 November 2026",
    "Final score 91.5%",
    "Needed to pass 60%",
    "Quiz on waste Quiz · Weight 15% · Attempts: 2 9 of 10",
    "9 of 10 Withheld by the learner. Entries at most: 2. How many there really are is not known. Essay",
    "Essay Essay · Handed in on 1 October 2026 · Handed in late No score stated",
    "The line in the bars marks the 60% needed to pass.",
    "4 × Quiz , 60% of the final score",
    "Portfolio No quiz below 40.",
    "Identity document (assurance: High ) Withheld by the learner. Entries at most: 1.",
  ]) {
    assert.ok(text.replace(/ +/g, " ").includes(said), `${said}: ${text}`);
  }
});

test("what is withheld as a whole is said to be", () => {
  const hidden = { withheld: true } as const;
  const record = { ...RECORD, learner: hidden, final_score: hidden, assessments: hidden };
  const text = read(drawn({ ...record, identity_checks: hidden }));
  assert.equal(text.match(/Withheld by the learner/g)?.length, 4);
  assert.ok(!text.includes("Lovelace") && !text.includes("Quiz on waste"));
  const unnamed = read(drawn({ ...RECORD, withholds_entries: true }));
  assert.ok(unnamed.includes("Something is withheld that this version has no name for."));
});

test("a share says for whom, and until when", () => {
  const share = {
    audience: "Acme HR",
    issued_at: "2026-11-20T09:30:00Z",
    expires_at: "2026-12-20T09:30:00Z",
    id: "2G2R-40M3-0E20-9185",
    slot: 3,
  };
  const text = read(drawn({ ...RECORD, share }));
  assert.ok(text.includes("Prepared for Acme HR Shared on 20 November 2026"), text);
  assert.ok(text.includes("Link ends 20 December 2026"));
});

test("it speaks the language of what was signed, and the reader's about the answer", () => {
  for (const language of languages) {
    for (const signed of [CERTIFICATE, RECORD]) {
      const sheet = drawn({ ...signed, language }, { language: "de", status: "INVALID" });
      const [paper] = elements(sheet);
      assert.equal(paper?.[1].lang, language);
      assert.equal(paper?.[1].dir, language === "ar" ? "rtl" : "ltr");
      // Nothing is without words, and no place without its value.
      assert.doesNotMatch(
        read(sheet),
        /\{\w+\}|\b[a-z]+\.[a-z_]+\b(?<!example\.edu|learn\.example)/,
      );
      for (const name of ["notice-box", "banner", "watermark"]) {
        assert.equal(ofClass(sheet, name)[0]?.[1].lang, "de", name);
      }
      assert.match(read(ofClass(sheet, "notice-box")[0] ?? ""), /nicht das Dokument des Ausst/);
    }
  }
  const arabic = drawn({ ...CERTIFICATE, language: "ar" });
  assert.match(read(arabic), /تُمنح هذه الشهادة إلى/);
  const unknown = elements(drawn({ ...CERTIFICATE, language: "tlh" }))[0];
  assert.equal(unknown?.[1].lang, "en");
});

test("dates are written as the country of the language does", () => {
  const completed = (language: string): string =>
    read(ofClass(drawn({ ...CERTIFICATE, language }), "key-facts")[0] ?? "");
  assert.match(completed("en"), /1 November 2026/);
  assert.match(completed("en-US"), /November 1, 2026/);
  assert.match(completed("de-AT"), /1\. November 2026/);
  assert.match(completed("zh-Hant-TW"), /2026年11月1日/);
});

test("sentences run in one direction, and only the issuer's words are isolated in them", () => {
  const sheet = drawn({ ...CERTIFICATE, language: "ar" });
  const line = ofClass(sheet, "fine")[0] ?? "";
  assert.doesNotMatch(textOf(line), /[\u2066-\u2069]/);
  const isolated = elements(line).filter(([tag]) => tag === "bdi");
  assert.deepEqual(isolated.map(textOf), ["Example Proctoring", "Voice"]);
});

test("what is not valid says so across the sheet, and what is valid does not", () => {
  for (const status of ["INVALID", "INDETERMINATE"] as const) {
    const sheet = drawn(CERTIFICATE, { status });
    for (const name of ["banner", "headline"]) {
      assert.equal(read(ofClass(sheet, name)[0] ?? ""), "The headline", `${status} ${name}`);
    }
    const [across, ...others] = ofClass(sheet, "watermark");
    assert.equal(others.length, 0);
    assert.match(read(across ?? ""), /^The headline( The headline)+$/);
  }
  const valid = drawn(CERTIFICATE);
  assert.equal(ofClass(valid, "banner").length + ofClass(valid, "watermark").length, 0);
  assert.match(read(valid), /The headline Checked just now Drawn by this page/);
});

test("every bar has a place in the style, whatever the score", () => {
  const bars = (score: number): (string | undefined)[] =>
    ofClass(
      drawn({ ...RECORD, assessments: [{ title: "A", kind: "quiz", score, maximum: 7 }] }),
      "gauge",
    ).flatMap((bar) => bar[2].map((each) => (typeof each === "string" ? each : each[1].class)));
  assert.deepEqual(bars(0), ["reached at-0", "pass at-30"]);
  assert.deepEqual(bars(7), ["reached at-50", "pass at-30"]);
  assert.deepEqual(bars(99), ["reached at-50", "pass at-30"]);
  assert.deepEqual(bars(-1), ["reached at-0", "pass at-30"]);
});
