/** Certificates in PDF files: embedded as tokens, or behind links. */
import { DeflateStream } from "../codec/deflate_stream.ts";
import type { Dictionary } from "../codec/dictionary.ts";
import { inflateZlib } from "../codec/inflate.ts";
import { beginsAsLink, type Carried, distinct } from "./carried.ts";
import {
  addressesIn,
  embeddedObjects,
  namesDecoded,
  type PdfStream,
  STREAMS,
  streamsOf,
} from "./pdf_syntax.ts";

/** docs/spec.md, section 5.2: no token has more. */
const TOKEN_LIMIT = 41_216;
/** Section 8.1. */
const TEXT_LIMIT = 65_536;

/** What the object streams of one file may inflate to, each, and together with all other work. */
const OBJECTS_LIMIT = 8 * 1024 * 1024;
const WORK_LIMIT = 48 * 1024 * 1024;
/** In a trailer, or the dictionary of a stream that stands for one (ISO 32000-2, 7.5.8). */
const ENCRYPTED = /\/Encrypt\s*(<<|\d+\s+\d+\s+R\b)/;
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
  /** Whether something could not be read that may hold a token or a link. */
  isPartial = false;
  readonly #bytes: Uint8Array;
  #work = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** An object stream. Null: of another encoding, damaged, too large, or after too much work. */
  objects(stream: PdfStream): Uint8Array | null {
    const stored = this.#stored(stream);
    if (!stored?.deflated) return stored?.bytes ?? null;
    try {
      const inflated = inflateZlib(stored.bytes, OBJECTS_LIMIT);
      this.#work += inflated.length;
      return inflated;
    } catch {
      this.#work += stored.bytes.length;
      this.isPartial = true;
      return null;
    }
  }

  /**
   * As much of an embedded file as shows whether it is a token: no more than one has, and one byte;
   * what came out before the damage where it is damaged. Null: it cannot be read.
   */
  embedded(stream: PdfStream): Uint8Array | null {
    const stored = this.#stored(stream);
    if (stored === null) return null;
    if (!stored.deflated) return stored.bytes.subarray(0, TOKEN_LIMIT + 1);
    const reader = new DeflateStream(stored.bytes, 2, TOKEN_LIMIT, new Uint8Array(0));
    try {
      reader.run();
    } catch {
      this.#work += Math.min(stored.bytes.length, TOKEN_LIMIT);
    }
    const inflated = reader.result();
    this.#work += inflated.length;
    return inflated;
  }

  #stored({ dictionary, start, end }: PdfStream): { bytes: Uint8Array; deflated: boolean } | null {
    const bytes = this.#bytes.subarray(start, end);
    const elsewhere = /\/DecodeParms\b|\/F\s*[(<]/.test(dictionary);
    const filtered = dictionary.includes("/Filter");
    const deflated = /\/Filter\s*(\/FlateDecode\b|\[\s*\/FlateDecode\s*\])/.test(dictionary);
    if (this.#work > WORK_LIMIT || elsewhere || filtered !== deflated) {
      this.isPartial = true;
      return null;
    }
    this.#work += LEAST_WORK;
    return { bytes, deflated };
  }
}

/** The embedded tokens, damaged ones as well. */
function embeddedTokens(
  streams: readonly PdfStream[],
  embedded: ReadonlySet<number>,
  contents: Contents,
): Carried[] {
  const tokens: Carried[] = [];
  for (const stream of streams) {
    const named = stream.objects.some((object) => embedded.has(object));
    if (!named && !/\/Type\s*\/EmbeddedFile\b/.test(stream.dictionary)) continue;
    const token = contents.embedded(stream);
    if (token?.[0] === 0xd2) tokens.push({ kind: "token", token });
  }
  return tokens;
}

/** The text of a file outside its streams, then that of its object streams. */
function* objectTexts(
  text: string,
  streams: readonly PdfStream[],
  contents: Contents,
): Generator<string> {
  let from = 0;
  for (const { start, end } of streams) {
    yield namesDecoded(text.slice(from, start));
    from = end;
  }
  yield namesDecoded(text.slice(from));
  for (const stream of streams) {
    if (!/\/Type\s*\/ObjStm\b/.test(stream.dictionary)) continue;
    const content = contents.objects(stream);
    if (content !== null) yield namesDecoded(latin1(content));
  }
}

/**
 * What a PDF file holds: an embedded token rather than a link. Null: nothing. "different": tokens or
 * links of different certificates, or one beside another that is damaged or may be hidden where this
 * reader cannot look. "encrypted": it cannot be told. Bounded in time and memory whatever it says.
 */
export function findInPdf(
  bytes: Uint8Array,
  dictionary: Dictionary | undefined,
): Carried | "encrypted" | "different" | null {
  const text = latin1(bytes);
  const streams = streamsOf(text);
  const contents = new Contents(bytes);
  const objects = [...objectTexts(text, streams, contents)];
  if (objects.some((part) => ENCRYPTED.test(part))) return "encrypted";
  if (streams.some((stream) => ENCRYPTED.test(stream.dictionary))) return "encrypted";
  const embedded = new Set(objects.flatMap((part) => [...embeddedObjects(part)]));
  const links = objects.flatMap((part) => [...addressesIn(part, TEXT_LIMIT)].filter(beginsAsLink));
  const [found, ...others] = distinct(
    [
      ...embeddedTokens(streams, embedded, contents),
      ...links.map((link) => ({ kind: "text", text: link }) as const),
    ],
    dictionary,
  );
  if (found === undefined) return null;
  const hidden = contents.isPartial || streams.length === STREAMS;
  return others.length > 0 || hidden ? "different" : found;
}
