/** The models of certificates, and what records share with them: docs/spec.md, section 6.2. */
import { date, decimal, digest, id, integer, moment, range, signedDecimal } from "./quantities.ts";
import type {
  Certificate,
  Course,
  Credits,
  IdentityCheck,
  Module,
  Organisation,
  Person,
  Result,
  Signatory,
  Skill,
  StatusReference,
  Workload,
} from "./statement.ts";
import {
  arrayForm,
  arrayOf,
  enumeration,
  type Fields,
  flag,
  model,
  orBareText,
  REQUIRED,
  textOr,
} from "./table.ts";
import { issuer, language, line, paragraphs, url } from "./text.ts";

/** The claims of every statement (section 6.1), but for the body. */
export type Claims = Pick<
  Certificate,
  "issuer" | "expires_at" | "valid_from" | "issued_at" | "id" | "additional_claims"
>;

export const CLAIMS: Fields<Omit<Claims, "additional_claims">> = {
  issuer: [1, issuer, REQUIRED],
  expires_at: [4, moment],
  valid_from: [5, moment],
  issued_at: [6, moment, REQUIRED],
  id: [7, id, REQUIRED],
};

export const person = orBareText<Person>(
  { name: [0, line(200), REQUIRED], latin_name: [1, line(200)] },
  "name",
);

const module = orBareText<Module>(
  { title: [0, line(300), REQUIRED], topics: [1, arrayOf(50, line(300))], hours: [2, decimal] },
  "title",
);

const workload = model<Workload>({
  weeks: [0, integer(1, 1000)],
  hours_per_week: [1, range],
  total_hours: [2, decimal],
});

const creditSystem = enumeration("ects", "cats", "semester_hours", "continuing_education_units");

const credits = model<Credits>({
  amount: [0, decimal, REQUIRED],
  system: [1, textOr(line(100), creditSystem), REQUIRED],
});

const level = enumeration("beginner", "intermediate", "advanced", "mixed");

export const course = model<Course>({
  title: [0, line(300), REQUIRED],
  institution: [1, line(300), REQUIRED],
  partner_institutions: [2, arrayOf(20, line(300))],
  code: [3, line(50)],
  description: [4, paragraphs(4000)],
  syllabus: [5, arrayOf(100, module)],
  workload: [6, workload],
  level: [7, textOr(line(100), level)],
  language: [8, language],
  delivery: [9, enumeration("online", "on_site", "blended")],
  credits: [10, credits],
  url: [11, url],
});

export const result = model<Result>({
  score: [0, signedDecimal],
  maximum: [1, decimal],
  grade: [2, line(100)],
  with_distinction: [3, flag],
});

const signatory = orBareText<Signatory>(
  {
    name: [0, line(200), REQUIRED],
    title: [1, line(200)],
    organisation: [2, line(300)],
  },
  "name",
);

const skill = model<Skill>({ name: [0, line(200), REQUIRED], url: [1, url, REQUIRED] });

const organisation = orBareText<Organisation>(
  { name: [0, line(300), REQUIRED], url: [1, url] },
  "name",
);

const identityMethod = enumeration(
  "photo_match",
  "typing_pattern",
  "identity_document",
  "proctored_session",
);

const assurance = enumeration("low", "substantial", "high");

export const identityCheck = model<IdentityCheck>({
  method: [0, textOr(line(100), identityMethod), REQUIRED],
  performed_by: [1, line(300)],
  performed_on: [2, date],
  assurance: [3, textOr(line(100), assurance)],
  portrait_digest: [4, digest],
});

const wholeNumber = integer(0, Number.MAX_SAFE_INTEGER);

export const status = arrayForm<StatusReference>({
  list: [0, wholeNumber, REQUIRED],
  index: [1, wholeNumber, REQUIRED],
});

const certificateKind = enumeration(
  "course_certificate",
  "specialization",
  "professional_certificate",
  "statement_of_participation",
);

const limitation = enumeration("no_degree_credit", "no_enrolment");

export const CERTIFICATE: Fields<Omit<Certificate, keyof Claims>> = {
  learner: [0, person, REQUIRED],
  course: [1, course, REQUIRED],
  completed_on: [2, date, REQUIRED],
  awarded_title: [3, textOr(line(200), certificateKind)],
  result: [4, result],
  signatories: [5, arrayOf(20, signatory)],
  skills: [6, arrayOf(50, textOr(line(200), skill))],
  awarding_body: [7, organisation],
  identity_checks: [8, arrayOf(20, identityCheck)],
  limitations: [9, arrayOf(20, textOr(line(500), limitation))],
  language: [10, language],
  record_id: [11, id],
  status: [12, status],
};
