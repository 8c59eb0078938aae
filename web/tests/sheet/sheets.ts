/** What sheets are drawn of in tests, and what stands on them. */
import { readFileSync } from "node:fs";
import { LANGUAGES } from "../../src/page/language.ts";
import type { Catalogues } from "../../src/sheet/drawing.ts";
import { sheetOf } from "../../src/sheet/drawing.ts";
import type { Ordered } from "../../src/sheet/messages.ts";
import { textOf, type Tree } from "../../src/sheet/tree.ts";
import type { Certificate, SharedRecord } from "../../src/statement/statement.ts";

const FOLDER = new URL("../../../src/signedcert/documents/languages/", import.meta.url);

// One of each language, which the type of the entries does not carry.
export const CATALOGUES = Object.fromEntries(
  Object.keys(LANGUAGES).map((tag) => [
    tag,
    JSON.parse(readFileSync(new URL(`${tag}.json`, FOLDER), "utf8")),
  ]),
) as Catalogues;

const SIGNED = {
  id: "04HM-ASW9-NF6Y-Y093",
  issuer: "learn.example.edu",
  issued_at: "2026-11-02T10:00:00Z",
  valid_from: "2026-11-03T00:00:00Z",
  expires_at: "2036-11-04T00:00:00Z",
  language: "en",
  course: {
    title: "Introduction to Operations Management",
    institution: "University of Pennsylvania",
    partner_institutions: ["University of Example", "Example College"],
    code: "OPIM-101",
    workload: { weeks: 4, hours_per_week: [5, 7], total_hours: 24.5 },
    level: "beginner",
    language: "pt",
    delivery: "online",
    credits: { amount: 6, system: "ects" },
  },
} as const;

export const CERTIFICATE: Certificate = {
  ...SIGNED,
  learner: { name: "Григорий Перельман", latin_name: "Grigori Perelman" },
  completed_on: "2026-11-01",
  awarded_title: "professional_certificate",
  result: { score: 92.5, maximum: 100, grade: "B+", with_distinction: true },
  signatories: [
    { name: "Christian Terwiesch" },
    { name: "Jane Doe", title: "Professor", organisation: "Doe College" },
  ],
  awarding_body: { name: "Example Awards" },
  identity_checks: [
    {
      method: "photo_match",
      performed_by: "Example Proctoring",
      performed_on: "2026-10-30",
      assurance: "substantial",
    },
    { method: "Voice" },
  ],
  limitations: ["no_degree_credit", "Not a licence to practise."],
};

const WITHHELD = { withheld: true } as const;

export const RECORD: SharedRecord = {
  ...SIGNED,
  started_on: "2026-09-01",
  ended_on: "2026-11-02",
  learner: { name: "Ada Lovelace" },
  final_score: { score: 91.5 },
  course_format: {
    components: [{ kind: "quiz", count: 4, weight: 60 }, { kind: "Portfolio" }],
    passing_score: 60,
    passing_rule: "No quiz below 40.",
  },
  assessments: [
    { title: "Quiz on waste", kind: "quiz", score: 9, maximum: 10, weight: 15, attempts: 2 },
    WITHHELD,
    WITHHELD,
    { title: "Essay", kind: "essay", submitted_on: "2026-10-01", late: true },
  ],
  identity_checks: [{ method: "identity_document", assurance: "high" }, WITHHELD],
  holder_key: { kty: "OKP", crv: "Ed25519", x: "x" },
  withholds_entries: false,
};

/** The sheet of a certificate or record, for a reader of English to whom it is VALID. */
export function drawn(
  signed: Certificate | SharedRecord,
  change: Partial<Omit<Ordered, "statement">> = {},
): Tree {
  const statement =
    "holder_key" in signed
      ? ({ kind: "record", record: signed } as const)
      : ({ kind: "certificate", certificate: signed } as const);
  const ordered: Ordered = {
    statement,
    status: "VALID",
    language: "en",
    says: ["The headline", "Checked just now"],
    ...change,
  };
  return sheetOf(ordered, CATALOGUES);
}

/** Its text with single spaces, and without marks of direction. */
export function read(tree: Tree): string {
  return textOf(tree)
    .replace(/[\u2066-\u2069]/g, "")
    .replace(/\s+/g, " ");
}

/** All elements of a sheet, the outer ones first. */
export function elements(tree: Tree): Exclude<Tree, string>[] {
  return typeof tree === "string" ? [] : [tree, ...tree[2].flatMap(elements)];
}

/** Those of one class. */
export function ofClass(tree: Tree, name: string): Exclude<Tree, string>[] {
  return elements(tree).filter(([, look]) => look.class?.split(" ").includes(name));
}
