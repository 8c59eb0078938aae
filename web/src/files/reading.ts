/** What bytes hold that a person dropped or picked, told by themselves: names are often wrong. */
import { different, linksIn } from "./link.ts";
import { findInPdf, isPdf } from "./pdf.ts";
import { isPng, textsOfPng } from "./png.ts";

export type Found =
  | { kind: "text"; text: string }
  | { kind: "token"; token: Uint8Array }
  | { kind: "sealed file"; bytes: Uint8Array }
  | { kind: "trust"; bytes: Uint8Array };

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
  /** Links that stand in the file besides what it shows. */
  readonly links: readonly string[];
}

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
  return /^\s*</.test(text) && /<svg[\s>]/i.test(text.slice(0, HEAD)) ? "drawing" : "text";
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

function fromPdf(bytes: Uint8Array): Found | NothingFound {
  const found = findInPdf(bytes);
  if (found === null) return "no_certificate_in_pdf";
  if (found === "several") return found;
  return found === "encrypted" ? "unreadable" : found;
}

/** Metadata of an SVG, as far as a link may be in it (docs/spec.md, section 8.1). */
const METADATA = /<metadata\b[^<>]{0,1000}>([^<]{1,70000})</g;

function textsOfDrawing(bytes: Uint8Array): string[] {
  return [...(textOf(bytes) ?? "").matchAll(METADATA)].map(([, text]) => text ?? "");
}

/** What a picture shows is what its reader sees: links beside that only count if they agree. */
function fromPicture(bytes: Uint8Array, drawing: boolean): Picture {
  const texts = drawing ? textsOfDrawing(bytes) : isPng(bytes) ? textsOfPng(bytes) : [];
  return { kind: "picture", drawing, links: different(texts.flatMap(linksIn)) };
}

/** What there is to check in the bytes of a file, or why there is nothing. */
export function readBytes(bytes: Uint8Array): Found | NothingFound | Picture {
  const kind = kindOf(bytes);
  switch (kind) {
    case "token":
      return { kind, token: bytes };
    case "sealed file":
    case "trust":
      return { kind, bytes };
    case "pdf":
      return fromPdf(bytes);
    case "picture":
    case "drawing":
      return fromPicture(bytes, kind === "drawing");
    case "text":
      return fromText(bytes);
    case "another document":
    case "unknown":
      return "wrong_kind";
  }
}
