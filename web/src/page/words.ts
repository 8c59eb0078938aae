/** What the page says, in the language that was chosen. */
import { isolated } from "./element.ts";
import { numbered } from "./format.ts";
import type { English, Language } from "./language.ts";
import { filled, pieces, type Values } from "./template.ts";

type Section = keyof English;

/** A sentence by its section and name, such as `share.until`. */
export type Key = { [S in Section]: `${S}.${keyof English[S] & string}` }[Section];

/** Names that a certificate may use, each with the section of words for them. */
export type Enumeration =
  | "kind"
  | "limitation"
  | "level"
  | "delivery"
  | "method"
  | "assurance"
  | "credit_system"
  | "assessment";

let spoken: { readonly language: Language; readonly locale: string; readonly words: unknown } = {
  language: "en",
  locale: "en",
  words: null,
};

/** From now on the page speaks this. Nothing is said before. */
export function speak(language: Language, locale: string, words: unknown): void {
  spoken = { language, locale, words };
}

export function language(): Language {
  return spoken.language;
}

/** For dates and numbers. */
export function locale(): string {
  return numbered(spoken.locale);
}

/** The own property, or undefined: names from a certificate never reach a prototype. */
function own(holder: unknown, name: string): unknown {
  if (typeof holder !== "object" || holder === null) return undefined;
  return Object.getOwnPropertyDescriptor(holder, name)?.value;
}

function look(section: string, name: string): string | null {
  const found = own(own(spoken.words, section), name);
  return typeof found === "string" ? found : null;
}

function template(key: Key): string {
  const dot = key.indexOf(".");
  return look(key.slice(0, dot), key.slice(dot + 1)) ?? key;
}

/** The sentence as plain text. */
export function say(key: Key, values: Values = {}): string {
  return filled(template(key), values);
}

/** The sentence as nodes, each value isolated in its direction. */
export function phrase(key: Key, values: Values): (string | Node)[] {
  return pieces(template(key), values).map((piece) =>
    "own" in piece ? piece.own : isolated(piece.value),
  );
}

/** Whether there are words of this section and name. */
export function has<S extends Section>(
  section: S,
  name: string,
): name is keyof English[S] & string {
  return look(section, name) !== null;
}

/** The words for a name of an enumeration; null where the issuer wrote words of its own. */
export function named(enumeration: Enumeration, name: string): string | null {
  return has(enumeration, name) ? look(enumeration, name) : null;
}
