/** What bytes hold that a person dropped or picked, told by themselves: names are often wrong. */
import type { Dictionary } from "../codec/dictionary.ts";
import { beginsAsLink, distinct } from "./carried.ts";
import { linksIn } from "./link.ts";
import { findInPdf, isPdf } from "./pdf.ts";
import { isPng, textsOfPng } from "./png.ts";
import { DIFFERENT, ENCRYPTED, LOOKED_AT, type Said } from "./said.ts";
import { metadataWords } from "./svg.ts";

export type Found =
  | { kind: "text"; text: string; said?: Said }
  | { kind: "token"; token: Uint8Array; said?: Said }
  | { kind: "sealed file"; bytes: Uint8Array }
  | { kind: "trust"; bytes: Uint8Array }
  /** Nothing to check, and why. */
  | { kind: "refused"; said: Said };

/** Why there is nothing to check. */
export type NothingFound =
  | "empty"
  | "too_large"
  | "no_code"
  | "several"
  | "unreadable"
  | "no_certificate_in_pdf"
  | "wrong_kind";

/** A picture is for a decoder of QR codes, which needs the browser to draw it. */
export interface Picture {
  readonly kind: "picture";
  /** An SVG. */
  readonly drawing: boolean;
}

/** The texts of QR codes in a picture; "unreadable": it could not be opened. */
export type Codes = readonly string[] | "unreadable";

/** What reader and page say to each other: the file, and of a picture, then what it shows. */
export interface Question {
  readonly bytes: Uint8Array;
  readonly codes: Codes | null;
  /** The bytes of dictionary 1; undefined where the page cannot check anything. */
  readonly dictionary: Uint8Array | undefined;
}

export type Answer = Found | NothingFound | Picture;

export type FileKind =
  | "token"
  | "sealed file"
  | "trust"
  | "another document"
  | "pdf"
  | "picture"
  | "drawing"
  | "text"
  | "unknown";

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return Array.from(bytes.subarray(from, to), (byte) => String.fromCharCode(byte)).join("");
}

/** PNG, JPEG, GIF, BMP, WebP, and the family of AVIF and HEIC, which some browsers open. */
function isPicture(bytes: Uint8Array): boolean {
  const start = ascii(bytes, 0, 12);
  return (
    isPng(bytes) ||
    start.startsWith("\xff\xd8\xff") ||
    /^GIF8[79]a/.test(start) ||
    /^RIFF[^]{4}WEBP/.test(start) ||
    /^BM[^]{4}\0{4}/.test(start) ||
    /^[^]{4}ftyp(avi[fs]|hei[cfsx]|mif1|msf1)/.test(start)
  );
}

/** Tagged items of CBOR: which document it is stands in typ, early in a token (section 5.1). */
function kindOfToken(bytes: Uint8Array): FileKind {
  const start = ascii(bytes, 0, 200);
  if (start.includes("application/vnd.signedcert.bundle")) return "trust";
  const other = /application\/(vnd\.signedcert\.(issuer|handover)|statuslist\+cwt)/.test(start);
  return other ? "another document" : "token";
}

/** UTF-16 where a byte order mark says so, else UTF-8; null: no text. */
function textOf(bytes: Uint8Array): string | null {
  const mark = ascii(bytes, 0, 2);
  const encoding = mark === "\xff\xfe" ? "utf-16le" : mark === "\xfe\xff" ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? null : text;
  } catch {
    return null;
  }
}

/** How far into a file its first element is looked for. */
const HEAD = 4096;

function kindOfText(text: string): FileKind {
  if (/^\s*\{/.test(text) && /"keys"\s*:/.test(text)) return "trust";
  // After whatever comments, declarations and entities stand before it.
  const drawn = /<(?:[^\s<>/:]{1,99}:)?svg[\s/>]/i.test(text.slice(0, HEAD));
  return /^\s*</.test(text) && drawn ? "drawing" : "text";
}

/** What a file is, by its first bytes. */
export function kindOf(bytes: Uint8Array): FileKind {
  const [first, second] = bytes;
  if (first === 0xd2) return kindOfToken(bytes);
  if (first === 0xd0) return "sealed file";
  // A bundle (section 13.1): a map of 3 to 5 entries, the first of them the format.
  if (first !== undefined && first >= 0xa3 && first <= 0xa5 && second === 0x00) return "trust";
  if (isPicture(bytes)) return "picture";
  if (isPdf(bytes)) return "pdf";
  const text = textOf(bytes);
  return text === null ? "unknown" : kindOfText(text);
}

function fromText(bytes: Uint8Array): Found | NothingFound {
  const text = textOf(bytes)?.trim() ?? "";
  if (text === "") return "empty";
  const [link, ...others] = linksIn(text);
  if (others.length > 0) return "several";
  if (link !== undefined) return { kind: "text", text: link };
  // A single word is what somebody took for a link; the check says what is wrong with it.
  return /\s/.test(text) ? "wrong_kind" : { kind: "text", text };
}

function fromPdf(bytes: Uint8Array, dictionary: Dictionary | undefined): Found | NothingFound {
  const found = findInPdf(bytes, dictionary);
  if (found === null) return "no_certificate_in_pdf";
  if (found === "encrypted") return { kind: "refused", said: ENCRYPTED };
  return found === "different"
    ? { kind: "refused", said: DIFFERENT }
    : { ...found, said: LOOKED_AT };
}

/** The words that stand in a picture besides what it shows; null where they cannot be read. */
function wordsIn(bytes: Uint8Array, drawing: boolean): string[] | null {
  if (drawing) return metadataWords(textOf(bytes) ?? "");
  return isPng(bytes) ? textsOfPng(bytes).flatMap((text) => text.split(/\s+/)) : [];
}

/** One certificate, whether it is drawn or stands in the file besides. Two are not chosen from. */
function fromPicture(
  bytes: Uint8Array,
  drawing: boolean,
  codes: Codes,
  dictionary: Dictionary | undefined,
): Found | NothingFound {
  const words = wordsIn(bytes, drawing);
  if (words === null) return "unreadable";
  const seen = codes === "unreadable" ? [] : codes;
  const texts = [...seen, ...words].filter(beginsAsLink);
  const [link, ...others] = distinct(
    texts.map((text) => ({ kind: "text", text }) as const),
    dictionary,
  );
  if (others.length > 0) return { kind: "refused", said: DIFFERENT };
  const first = seen[0];
  if (link !== undefined) return link;
  if (first !== undefined) return { kind: "text", text: first };
  return codes === "unreadable" ? codes : "no_code";
}

/** What there is to check in a file, or why there is nothing. A picture is asked about twice. */
export function readBytes(
  bytes: Uint8Array,
  codes: Codes | null,
  dictionary: Dictionary | undefined,
): Answer {
  const kind = kindOf(bytes);
  switch (kind) {
    case "token":
      return { kind, token: bytes };
    case "sealed file":
    case "trust":
      return { kind, bytes };
    case "pdf":
      return fromPdf(bytes, dictionary);
    case "picture":
    case "drawing": {
      const drawing = kind === "drawing";
      if (codes === null) return { kind: "picture", drawing };
      return fromPicture(bytes, drawing, codes, dictionary);
    }
    case "text":
      return fromText(bytes);
    case "another document":
    case "unknown":
      return "wrong_kind";
  }
}
