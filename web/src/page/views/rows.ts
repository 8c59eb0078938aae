/** Fields as people read them: rows of label and value, in sections. */
import type { Additional, Json } from "../../statement/statement.ts";
import { type Child, element, isolated, outsideLink } from "../element.ts";
import type { English } from "../language.ts";
import { languageName } from "../format.ts";
import { type Enumeration, locale, named, say } from "../words.ts";
import { atMoment, onDay } from "./dates.ts";

/** A label in the page's words, and what stands beside it; null leaves the row out. */
export type Row = readonly [label: string, value: Child];

export type FieldName = keyof English["field"];

/** The row of a field; left out where the field is absent. */
export function row<T>(field: FieldName, value: T | undefined, shown: (value: T) => Child): Row[] {
  return value === undefined ? [] : [[say(`field.${field}`), shown(value)]];
}

export function list(...rows: readonly (readonly Row[])[]): HTMLElement | null {
  const entries = rows.flat();
  if (entries.length === 0) return null;
  return element(
    "dl",
    { class: "rows" },
    ...entries.map(([label, value]) =>
      element("div", {}, element("dt", {}, label), element("dd", {}, value)),
    ),
  );
}

/** A part of the document; left out where nothing is in it. */
export function section(
  name: keyof English["section"],
  ...content: readonly (HTMLElement | null)[]
): HTMLElement | null {
  if (content.every((each) => each === null)) return null;
  const id = `section-${name}`;
  return element(
    "section",
    { class: "part", "aria-labelledby": id },
    element("h3", { id }, say(`section.${name}`)),
    ...content,
  );
}

/** The issuer's own text. */
export function text(value: string): Child {
  return isolated(value);
}

/** The issuer's own text, several lines of it. */
export function paragraphs(value: string): Child {
  return element("div", { class: "paragraphs", dir: "auto" }, value);
}

/** A name of an enumeration in the page's words, or else the issuer's own. */
export function choice(enumeration: Enumeration): (value: string) => Child {
  return (value) => named(enumeration, value) ?? isolated(value);
}

export function date(value: string): Child {
  return element("time", { datetime: value }, onDay(value));
}

export function time(value: string): Child {
  return element("time", { datetime: value }, atMoment(value));
}

/** Codes and keys: read letter by letter, from left to right in every language. */
export function code(value: string): Child {
  return element("code", { dir: "ltr" }, value);
}

export function url(value: string): Child {
  return outsideLink(value, say("document.opens_elsewhere", { url: value }));
}

export function languageOf(tag: string): Child {
  const name = languageName(tag, locale());
  return name === null ? code(tag) : say("value.language", { name, tag });
}

export function yes(): Child {
  return say("document.yes");
}

/** What a later version wrote: shown as it is. */
export function additional(values: Additional | undefined): Row[] {
  return Object.entries(values ?? {}).map(([label, value]): Row => [
    say("document.additional"),
    [code(label), " ", isolated(plain(value))],
  ]);
}

function plain(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Likewise, where an entry of a list has no rows of its own. */
export function additionalList(values: Additional | undefined): HTMLElement | null {
  return list(additional(values));
}
