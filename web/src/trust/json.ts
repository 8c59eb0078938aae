import { Refusal } from "../verdict.ts";

/** JSON as section 10.1 of docs/spec.md allows it. Objects are maps: any name may stand in them. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export type JsonObject = Map<string, Json>;

/** How many arrays and objects may be around a value. */
const MAX_AROUND = 32;
const MAX_INTEGER_DIGITS = 16;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const FOUR_DIGITS = /[0-9A-Fa-f]{4}/y;
const WORDS: readonly (readonly [string, Json])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
];
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function refuse(): never {
  throw new Refusal("schema_violation");
}

/**
 * One JSON text (RFC 8259) in UTF-8 under the rules of section 10.1: no byte order mark, no member
 * name twice in an object, no integer of more than 16 digits, no number beyond the doubles, at
 * most 32 arrays and objects around a value. Names are compared after their escapes are read. An
 * escaped surrogate without its other half is within RFC 8259's grammar, and kept as it is.
 */
export function readJson(bytes: Uint8Array): Json {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse();
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** A value with the space around it. */
  value(around: number): Json {
    if (around > MAX_AROUND) {
      refuse();
    }
    this.#match(SPACE);
    const value = this.#bare(around);
    this.#match(SPACE);
    return value;
  }

  end(): void {
    if (this.#at !== this.#text.length) {
      refuse();
    }
  }

  #bare(around: number): Json {
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(around);
      case "[":
        return this.#array(around);
      case '"':
        return this.#string();
      default:
        return this.#wordOrNumber();
    }
  }

  #object(around: number): JsonObject {
    const members: JsonObject = new Map();
    this.#at += 1;
    this.#match(SPACE);
    if (this.#take("}")) {
      return members;
    }
    do {
      this.#match(SPACE);
      if (this.#text[this.#at] !== '"') {
        refuse();
      }
      const name = this.#string();
      this.#match(SPACE);
      if (members.has(name) || !this.#take(":")) {
        refuse();
      }
      members.set(name, this.value(around + 1));
    } while (this.#take(","));
    return this.#take("}") ? members : refuse();
  }

  #array(around: number): Json[] {
    const items: Json[] = [];
    this.#at += 1;
    this.#match(SPACE);
    if (this.#take("]")) {
      return items;
    }
    do {
      items.push(this.value(around + 1));
    } while (this.#take(","));
    return this.#take("]") ? items : refuse();
  }

  #string(): string {
    let found = "";
    this.#at += 1;
    for (;;) {
      found += this.#match(PLAIN)[0];
      if (this.#take('"')) {
        return found;
      }
      if (!this.#take("\\")) {
        refuse();
      }
      found += this.#escaped();
    }
  }

  #escaped(): string {
    const letter = this.#text[this.#at] ?? refuse();
    this.#at += 1;
    if (letter === "u") {
      return String.fromCharCode(Number.parseInt(this.#match(FOUR_DIGITS)[0], 16));
    }
    return ESCAPES.get(letter) ?? refuse();
  }

  #wordOrNumber(): Json {
    for (const [word, value] of WORDS) {
      if (this.#take(word)) {
        return value;
      }
    }
    const [digits, fraction, exponent] = this.#match(NUMBER);
    const isInteger = fraction === undefined && exponent === undefined;
    if (isInteger && digits.replace("-", "").length > MAX_INTEGER_DIGITS) {
      refuse();
    }
    const value = Number(digits);
    return Number.isFinite(value) ? value : refuse();
  }

  #take(word: string): boolean {
    const found = this.#text.startsWith(word, this.#at);
    this.#at += found ? word.length : 0;
    return found;
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? refuse();
    this.#at = pattern.lastIndex;
    return found;
  }
}
