/** Values of signed fields as sheets show them, in the language of the sheet. */
import { day, languageName, quantity, range } from "../page/format.ts";
import type { FieldName } from "../page/views/rows.ts";
import { type Enumeration, type Key, locale, named, say } from "../page/words.ts";
import type {
  Course,
  Credits,
  Decimal,
  IdentityCheck,
  Result,
  Workload,
} from "../statement/statement.ts";
import type { Catalogue } from "./catalogue.ts";
import { node, own, type Part, type Tree } from "./tree.ts";

/** Words that only documents have. */
export function print(name: keyof Catalogue["print"]): string {
  // The page speaks without this section; whoever draws sheets speaks with it.
  return say(`print.${name}` as Key);
}

/**
 * One of these sentences, whose values can be sentences themselves. Those of the issuer are `own`,
 * isolated in their direction; ours run with the rest, which isolates would turn around.
 */
export function sentence(
  name: keyof Catalogue["print"],
  values: { readonly [place: string]: Tree },
): Tree {
  const pieces = print(name).split(/\{(\w+)\}/);
  return node(
    "span",
    "",
    ...pieces.map((piece, at) => (at % 2 === 0 ? piece : (values[piece] ?? ""))),
  );
}

/** A label and what stands beside it. */
export type Row = readonly [label: string, value: Tree];

/** The row of a field; none where the field is absent, or there is nothing to show. */
export function row<T>(field: FieldName, value: T | undefined, shown: (value: T) => Part): Row[] {
  const seen = value === undefined ? null : shown(value);
  return seen === null ? [] : [[say(`field.${field}`), seen]];
}

/** Rows as a list; null where there are none. */
export function list(look: string, rows: readonly Row[]): Part {
  if (rows.length === 0) return null;
  const items = rows.map(([label, value]) =>
    node("div", "", node("dt", "", label), " ", node("dd", "", value)),
  );
  return node("dl", look, ...items);
}

/** Several values in one line, kept apart by text, which is copied along. */
export function inLine(values: readonly Tree[]): Tree {
  return node(
    "span",
    "in-line",
    ...values.flatMap((each, at) => (at > 0 ? [" · ", each] : [each])),
  );
}

/** A name of an enumeration in words, or else the issuer's own. */
export function choice(enumeration: Enumeration): (value: string) => Tree {
  return (value) => named(enumeration, value) ?? own(value);
}

/** A day, or the day of a moment, in UTC. */
export function date(value: string): string {
  return day(value.slice(0, 10), locale());
}

/** Null where it says nothing that this version knows. */
export function workload({ weeks, hours_per_week, total_hours }: Workload): Part {
  const said: string[] = [];
  if (weeks !== undefined) said.push(quantity(weeks, locale(), "week"));
  if (hours_per_week !== undefined) {
    said.push(say("value.per_week", { hours: range(...hours_per_week, locale(), "hour") }));
  }
  if (total_hours !== undefined) {
    said.push(say("value.in_all", { hours: quantity(total_hours, locale(), "hour") }));
  }
  const [first, ...others] = said;
  if (first === undefined) return null;
  return others.reduce<Tree>(
    (before, next) => sentence("list", { first: before, second: next }),
    first,
  );
}

export function percent(value: Decimal): string {
  return quantity(value, locale(), "percent");
}

export function withheld(): Tree {
  return node("span", "kept-back", say("document.withheld"));
}

/** Some of these may be decoys (section 15.5): never a number as if it were known. */
export function withheldRows(count: number): Tree {
  return node("span", "kept-back", say("document.withheld_rows", { count: `${count}` }));
}

function credits({ amount, system }: Credits): string {
  const known = named("credit_system", system) ?? system;
  return say("value.credits", { amount: quantity(amount, locale()), system: known });
}

/** What kind of course it is, in few words. */
export function courseRows(course: Course): Row[] {
  return [
    ...row("code", course.code, own),
    ...row("level", course.level, choice("level")),
    ...row("delivery", course.delivery, choice("delivery")),
    ...row("credits", course.credits, credits),
    ...row("language", course.language, (tag) => languageName(tag, locale()) ?? own(tag)),
  ];
}

/** Score, grade and distinction in one line; null where there is none of them. */
export function resultLine(result: Result): Tree | null {
  const { score, maximum, grade, with_distinction } = result;
  const said: Tree[] = [];
  if (score !== undefined || maximum !== undefined) said.push(scored(score, maximum));
  if (grade !== undefined) said.push(own(grade));
  if (with_distinction) said.push(say("field.with_distinction"));
  return said.length === 0 ? null : inLine(said);
}

/** Points of a maximum, or a percentage where there is none (section 6.2, Result). */
export function scored(score: Result["score"], maximum: Result["maximum"]): string {
  if (maximum === undefined && score !== undefined) return percent(score);
  return say("value.score_of", {
    score: score === undefined ? "–" : quantity(score, locale()),
    maximum: maximum === undefined ? "–" : quantity(maximum, locale()),
  });
}

/** What was checked, by whom and when, as a sentence. */
export function identityLine(check: IdentityCheck): Tree {
  const { method, performed_by, performed_on, assurance } = check;
  const by = performed_by === undefined ? undefined : own(performed_by);
  const on = performed_on === undefined ? undefined : date(performed_on);
  let said = choice("method")(method);
  const performed = performedLine(by, on);
  if (performed !== null) said = sentence("check", { method: said, performed });
  if (assurance === undefined) return said;
  return sentence("check_assurance", { check: said, assurance: choice("assurance")(assurance) });
}

function performedLine(by: Tree | undefined, on: string | undefined): Tree | null {
  if (by !== undefined && on !== undefined) return sentence("performed_by_on", { by, on });
  if (by !== undefined) return sentence("performed_by", { by });
  return on === undefined ? null : sentence("performed_on", { on });
}
