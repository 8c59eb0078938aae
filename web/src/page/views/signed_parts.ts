/** What certificates and records have in common, and what of it a learner may withhold. */
import type {
  Certificate,
  IdentityCheck,
  Person,
  SharedRecord,
  Withheld,
} from "../../statement/statement.ts";
import { element } from "../element.ts";
import { say } from "../words.ts";
import {
  additional,
  choice,
  code,
  date,
  languageOf,
  list,
  type Row,
  row,
  section,
  text,
  time,
} from "./rows.ts";

export function learnerPart(learner: Person | Withheld): HTMLElement | null {
  if ("withheld" in learner) return section("learner", withheld());
  return section(
    "learner",
    list(
      row("name", learner.name, text),
      row("latin_name", learner.latin_name, text),
      additional(learner.additional),
    ),
  );
}

export function withheld(): HTMLElement {
  return element("p", { class: "withheld" }, say("document.withheld"));
}

export function identityPart(
  checks: SharedRecord["identity_checks"] | undefined,
): HTMLElement | null {
  if (checks === undefined) return null;
  if ("withheld" in checks) return section("identity_checks", withheld());
  const items = inPlace(checks, identityView, (count) => element("li", {}, withheldRows(count)));
  return section("identity_checks", element("ul", { class: "people" }, ...items));
}

/** Rows in order. A run of rows that are withheld becomes one, in its place. */
export function inPlace<T extends object, View>(
  rows: readonly (T | Withheld)[],
  shown: (row: T) => View,
  hidden: (count: number) => View,
): View[] {
  const result: View[] = [];
  let run = 0;
  for (const row of [...rows, null]) {
    if (row !== null && "withheld" in row) {
      run += 1;
      continue;
    }
    if (run > 0) result.push(hidden(run));
    run = 0;
    if (row !== null) result.push(shown(row));
  }
  return result;
}

/** Some of these may be decoys (section 15.5): never a number as if it were known. */
export function withheldRows(count: number): HTMLElement {
  return element("p", { class: "withheld" }, say("document.withheld_rows", { count: `${count}` }));
}

function identityView(check: IdentityCheck): HTMLElement {
  return element(
    "li",
    {},
    element("p", { class: "person" }, choice("method")(check.method)),
    list(
      row("performed_by", check.performed_by, text),
      row("performed_on", check.performed_on, date),
      row("assurance", check.assurance, choice("assurance")),
      row("portrait_digest", check.portrait_digest, code),
      additional(check.additional),
    ),
  );
}

/** What is signed about the document itself, of a certificate or a record. */
export function detailsPart(signed: Certificate | SharedRecord): HTMLElement | null {
  const { status } = signed;
  return section(
    "details",
    list(
      row("id", signed.id, code),
      row("issuer", signed.issuer, code),
      row("issued_at", signed.issued_at, time),
      row("valid_from", signed.valid_from, time),
      row("expires_at", signed.expires_at, time),
      row("document_language", signed.language, languageOf),
      "record_id" in signed ? row("record_id", signed.record_id, code) : [],
      row("status", status, ({ list: number, index }) =>
        say("value.list_index", { list: `${number}`, index: `${index}` }),
      ),
      "holder_key" in signed ? recordDetails(signed) : [],
      additional(signed.additional),
      additional(signed.additional_claims),
    ),
  );
}

function recordDetails({ share_places, holder_key }: SharedRecord): Row[] {
  return [
    ...row("share_places", share_places, ({ list: number, first }) =>
      say("value.list_first", { list: `${number}`, first: `${first}` }),
    ),
    ...row("holder_key", holder_key.x, code),
  ];
}
