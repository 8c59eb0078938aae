/** The models of a course record and of a share: docs/spec.md, sections 15.2 and 15.6. */
import type { Value } from "../codec/values.ts";
import { compareBytes } from "../crypto/digest.ts";
import { holderKey } from "./cose_key.ts";
import { demand } from "./kind.ts";
import { CLAIMS, type Claims, course, identityCheck, person, result, status } from "./models.ts";
import { byteString, date, decimal, id, integer, moment, signedDecimal } from "./quantities.ts";
import type {
  Assessment,
  Component,
  CourseFormat,
  Person,
  Result,
  SharedRecord,
  ShareClaims,
} from "./statement.ts";
import {
  arrayForm,
  arrayOf,
  enumeration,
  type Fields,
  flag,
  model,
  REQUIRED,
  textOr,
} from "./table.ts";
import { code, language, line } from "./text.ts";

/** How many share places a record has, all in a row. */
const SHARE_PLACES = 16;

type SharePlaces = NonNullable<SharedRecord["share_places"]>;

export type RecordClaims = Claims & {
  readonly subject: string;
  readonly holder_key: SharedRecord["holder_key"];
};

export const RECORD_CLAIMS: Fields<Omit<RecordClaims, "additional_claims">> = {
  ...CLAIMS,
  subject: [2, code, REQUIRED],
  holder_key: [8, holderKey, REQUIRED],
};

const assessmentKind = textOr(
  line(100),
  enumeration(
    "quiz",
    "programming_assignment",
    "peer_review",
    "exam",
    "essay",
    "project",
    "discussion",
    "lab",
    "oral_exam",
  ),
);

const component = model<Component>({
  kind: [0, assessmentKind, REQUIRED],
  count: [1, integer(1, 1000)],
  weight: [2, decimal],
});

const courseFormat = model<CourseFormat>({
  components: [0, arrayOf(20, component)],
  passing_score: [1, decimal],
  passing_rule: [2, line(1000)],
});

const sharePlaces = arrayForm<SharePlaces>({
  list: [0, integer(0, Number.MAX_SAFE_INTEGER), REQUIRED],
  first: [1, integer(0, Number.MAX_SAFE_INTEGER - SHARE_PLACES), REQUIRED],
});

export type VisibleBody = Pick<
  SharedRecord,
  | "course"
  | "started_on"
  | "ended_on"
  | "course_format"
  | "language"
  | "status"
  | "share_places"
  | "additional"
>;

/** What is always visible of a record, but for the digests. */
export const VISIBLE: Fields<VisibleBody> = {
  course: [1, course, REQUIRED],
  started_on: [2, date],
  ended_on: [3, date],
  course_format: [4, courseFormat],
  language: [8, language],
  status: [9, status],
  share_places: [10, sharePlaces],
};

const assessment = model<Assessment>({
  title: [0, line(300), REQUIRED],
  kind: [1, assessmentKind, REQUIRED],
  score: [2, signedDecimal],
  maximum: [3, decimal],
  weight: [4, decimal],
  submitted_on: [5, date],
  attempts: [6, integer(1, 1000)],
  late: [7, flag],
});

/** What may be withheld as a whole. */
export const ENTRIES: Fields<{ readonly learner?: Person; readonly final_score?: Result }> = {
  learner: [0, person],
  final_score: [5, result],
};

/** What may be withheld row by row: label, kind of a row, and how many rows there may be. */
export const LISTS = {
  assessments: [6, assessment, 200],
  identity_checks: [7, identityCheck, 20],
} as const;

const digest = byteString(32);

/** The digests under simple(59): 4 to 64 in bytewise ascending order without repeats. */
export function readDigests(value: Value | undefined): Uint8Array[] {
  demand(Array.isArray(value) && value.length >= 4 && value.length <= 64);
  const digests = value.map(digest);
  for (const [place, next] of digests.entries()) {
    const before = digests[place - 1];
    demand(before === undefined || compareBytes(before, next) < 0);
  }
  return digests;
}

export const SHARE_CLAIMS: Fields<Omit<ShareClaims, "slot" | "additional_claims">> = {
  audience: [3, line(200), REQUIRED],
  expires_at: [4, moment, REQUIRED],
  issued_at: [6, moment, REQUIRED],
  id: [7, id, REQUIRED],
};

export const SHARE: Fields<Pick<ShareClaims, "slot">> = {
  slot: [0, integer(0, SHARE_PLACES - 1), REQUIRED],
};
