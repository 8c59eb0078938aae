/** Text: docs/spec.md, sections 4.3, 11.2 (template) and 15.2 (code). */
import { demand, type PlainKind } from "./kind.ts";

/** The refused code points but for the line feed: a list, never a property of Unicode. */
const REFUSED = new RegExp(
  "[\\u{0}-\\u{9}\\u{b}-\\u{1f}\\u{7f}-\\u{9f}\\u{2028}-\\u{202e}\\u{2066}-\\u{2069}" +
    "\\u{e0000}-\\u{e007f}]",
  "u",
);

const ISSUER =
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\/[a-z0-9-]+)*$/;
const URL_SYNTAX = /^https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const LANGUAGE = new RegExp(
  "^(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?" +
    "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*" +
    "(?:-x(?:-[a-z0-9]{1,8})+)?$",
);
const TEMPLATE =
  /^https:\/\/[a-z0-9.-]+(?::[0-9]{1,5})?\/[A-Za-z0-9\-._~/]*\{number\}[A-Za-z0-9\-._~/]*$/;
const CODE = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/;

/** Whether text is free of the code points that paragraphs refuse. It may be empty. */
export function isParagraphs(text: string): boolean {
  return !REFUSED.test(text);
}

/** Text of several lines, 1 to `most` code points. */
export function paragraphs(most: number): PlainKind<string> {
  return (value) => {
    demand(typeof value === "string" && value !== "" && isParagraphs(value));
    demand(value.length <= most || [...value].length <= most);
    return value;
  };
}

/** Text of one line, 1 to `most` code points. */
export function line(most: number): PlainKind<string> {
  const text = paragraphs(most);
  return (value) => {
    const read = text(value);
    demand(!read.includes("\n"));
    return read;
  };
}

/** Text of a syntax that allows ASCII alone, so that code points and UTF-16 units are the same. */
function syntax(expression: RegExp, most: number): PlainKind<string> {
  return (value) => {
    demand(typeof value === "string" && value.length <= most && expression.test(value));
    return value;
  };
}

const MOST_ISSUER = 200;

/** Whether text is an issuer: the syntax of section 4.3 and its bound. */
export function isIssuer(text: string): boolean {
  return text.length <= MOST_ISSUER && ISSUER.test(text);
}

export const issuer = syntax(ISSUER, MOST_ISSUER);
export const url = syntax(URL_SYNTAX, 1000);
export const language = syntax(LANGUAGE, 35);
export const template = syntax(TEMPLATE, 1000);
export const code = syntax(CODE, 19);
