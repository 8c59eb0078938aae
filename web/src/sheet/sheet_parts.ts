/** What sheets of certificates and of course records have in common. */
import { say } from "../page/words.ts";
import type {
  Certificate,
  Course,
  Organisation,
  Person,
  SharedRecord,
} from "../statement/statement.ts";
import { date, inLine, type Row, row } from "./fields.ts";
import { code, node, own, type Part, type Tree } from "./tree.ts";

/** Longer names are not set as large. */
const LONG_NAME = 40;

export function institutionLines(course: Course, body?: Organisation): Part[] {
  const partners = course.partner_institutions;
  return [
    node("p", "school", own(course.institution)),
    partners === undefined
      ? null
      : node("p", "partners", say("field.partner_institutions"), " ", inLine(partners.map(own))),
    body === undefined
      ? null
      : node("p", "partners", say("field.awarding_body"), " ", own(body.name)),
  ];
}

export function nameLines({ name, latin_name }: Person): Part[] {
  return [
    node("p", name.length > LONG_NAME ? "name long" : "name", own(name)),
    latin_name === undefined ? null : node("p", "latin", own(latin_name)),
  ];
}

/** A heading in small print, and what stands below it; null where there is nothing. */
export function finePrint(
  heading: "identity_checks" | "limitations",
  lines: readonly Tree[],
): Part {
  if (lines.length === 0) return null;
  return node(
    "div",
    "fine",
    node("p", "label", say(`section.${heading}`)),
    node("ul", "", ...lines.map((line) => node("li", "", line))),
  );
}

/** What is signed about the document itself, and belongs on paper. */
export function footRows(signed: Certificate | SharedRecord): Row[] {
  return [
    ...row("issued_at", signed.issued_at, date),
    ...row("valid_from", signed.valid_from, date),
    ...row("expires_at", signed.expires_at, date),
    ...row("issuer", signed.issuer, code),
    ...row("id", signed.id, code),
  ];
}
