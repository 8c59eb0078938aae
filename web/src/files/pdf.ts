/** Certificates in PDF files: embedded as tokens, or behind links. */
import { readFrame } from "../codec/frame.ts";
import { inflateZlib } from "../codec/inflate.ts";
import { packedFromText } from "../codec/carriers.ts";
import { sameBytes, toHex } from "../crypto/digest.ts";
import { different, mayBeLink } from "./link.ts";
import { addressesIn, embeddedObjects, type PdfStream, streamsOf } from "./pdf_syntax.ts";

export type FoundInPdf = { kind: "token"; token: Uint8Array } | { kind: "text"; text: string };

/** docs/spec.md, section 5.2: no token has more. */
const TOKEN_LIMIT = 41_216;
/** Section 8.1. */
const TEXT_LIMIT = 65_536;

/** What the object streams of one file may inflate to, each, and together with all other work. */
const OBJECTS_LIMIT = 8 * 1024 * 1024;
const WORK_LIMIT = 48 * 1024 * 1024;
/** Even an embedded file that gives nothing costs as much work as this. */
const LEAST_WORK = 4096;

export function isPdf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 1024)).includes("%PDF-");
}

/** One character for each byte. The label means windows-1252, which leaves ASCII as it is. */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** What streams hold, until too much work was done. */
class Contents {
  readonly #bytes: Uint8Array;
  #work = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Null: of another encoding, damaged, larger than the limit, or after too much work. */
  read({ dictionary, start, end }: PdfStream, limit: number): Uint8Array | null {
    if (this.#work > WORK_LIMIT) return null;
    const stored = this.#bytes.subarray(start, end);
    if (/\/DecodeParms\b|\/F\s*[(<]/.test(dictionary)) return null;
    if (!dictionary.includes("/Filter")) return stored.length <= limit ? stored : null;
    if (!/\/Filter\s*(\/FlateDecode\b|\[\s*\/FlateDecode\s*\])/.test(dictionary)) return null;
    this.#work += LEAST_WORK;
    try {
      const inflated = inflateZlib(stored, limit);
      this.#work += inflated.length;
      return inflated;
    } catch {
      this.#work += stored.length;
      return null;
    }
  }
}

function isWhole(token: Uint8Array): boolean {
  try {
    readFrame(token);
    return true;
  } catch {
    return false;
  }
}

/** The embedded tokens: rather whole ones, else one that is damaged and can be told so. */
function embeddedTokens(
  streams: readonly PdfStream[],
  embedded: ReadonlySet<number>,
  contents: Contents,
): Uint8Array[] {
  const whole = new Map<string, Uint8Array>();
  let damaged: Uint8Array | null = null;
  for (const stream of streams) {
    const named = stream.object !== null && embedded.has(stream.object);
    if (!named && !/\/Type\s*\/EmbeddedFile\b/.test(stream.dictionary)) continue;
    const content = contents.read(stream, TOKEN_LIMIT);
    if (content?.[0] !== 0xd2) continue;
    if (isWhole(content)) whole.set(toHex(content), content);
    else damaged ??= content;
  }
  if (whole.size > 0) return [...whole.values()];
  return damaged === null ? [] : [damaged];
}

/** Whether a link is that of the token, as far as can be told without unpacking it: form 01 can. */
function mayBeOf(link: string, token: Uint8Array): boolean {
  const packed = packedFromText(link);
  return packed[0] !== 0x01 || sameBytes(packed.subarray(9, 73), token.subarray(-64));
}

/** The text of a file outside its streams, then that of its object streams. */
function* objectTexts(
  text: string,
  streams: readonly PdfStream[],
  contents: Contents,
): Generator<string> {
  let from = 0;
  for (const { start, end } of streams) {
    yield text.slice(from, start);
    from = end;
  }
  yield text.slice(from);
  for (const stream of streams) {
    if (!/\/Type\s*\/ObjStm\b/.test(stream.dictionary)) continue;
    const content = contents.read(stream, OBJECTS_LIMIT);
    if (content !== null) yield latin1(content);
  }
}

/**
 * What a PDF file holds: an embedded token rather than a link. Null: nothing. "several": tokens or
 * links of different certificates. "encrypted": it cannot be told. Bounded in time and memory whatever the file says.
 */
export function findInPdf(bytes: Uint8Array): FoundInPdf | "encrypted" | "several" | null {
  const text = latin1(bytes);
  const streams = streamsOf(text);
  const contents = new Contents(bytes);
  const objects = [...objectTexts(text, streams, contents)];
  const embedded = new Set(objects.flatMap((part) => [...embeddedObjects(part)]));
  const [token, ...otherTokens] = embeddedTokens(streams, embedded, contents);
  const links = different(
    objects.flatMap((part) => [...addressesIn(part, TEXT_LIMIT)].filter(mayBeLink)),
  );
  const strange = token === undefined ? links.slice(1) : links.filter((l) => !mayBeOf(l, token));
  if (otherTokens.length + strange.length > 0) return "several";
  if (token !== undefined) return { kind: "token", token };
  if (links[0] !== undefined) return { kind: "text", text: links[0] };
  const trailers = [...objects, ...streams.map(({ dictionary }) => dictionary)];
  return trailers.some((part) => /\/Encrypt\s+\d+\s+\d+\s+R\b/.test(part)) ? "encrypted" : null;
}
