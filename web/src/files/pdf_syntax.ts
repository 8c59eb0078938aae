/**
 * As much of PDF (ISO 32000-2) as is needed to find what lies in a document, without following its
 * cross-references: broken ones do not hide anything, and cyclic ones lead nowhere.
 */

/** One stream as it lies in the file. */
export interface PdfStream {
  /** The number of its object; what looks like one within its dictionary counts as well. */
  readonly objects: readonly number[];
  /** The text of its dictionary. */
  readonly dictionary: string;
  readonly start: number;
  readonly end: number;
}

/** More than any document of people has; what comes after is not looked at. */
export const STREAMS = 20_000;

/** Objects before a stream that are looked at as its own. */
const HEADS = 100;

/** Names that matter here. All others stay as they are written. */
const NAMES = "URI EF F UF Type EmbeddedFile ObjStm Filter FlateDecode DecodeParms Encrypt Length";

/** The text with the names that matter here plain: any letter of a name can be written as #xx (7.3.5). */
export function namesDecoded(text: string): string {
  return text.replace(/\/[A-Za-z#][A-Za-z0-9#]{1,60}/g, (name) => {
    if (!name.includes("#")) return name;
    const plain = name.replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    return NAMES.split(" ").includes(plain.slice(1)) ? plain : name;
  });
}

/** The dictionary that stands before a stream, and the number of the object that both are. */
function headOf(before: string): Pick<PdfStream, "objects" | "dictionary"> {
  const objects: number[] = [];
  let from = 0;
  for (let at = before.length; at > 0 && objects.length < HEADS;) {
    at = before.lastIndexOf("obj", at - 1);
    if (at < 0) break;
    const head = /(\d{1,10})\s{1,9}\d{1,5}\s{1,9}$/.exec(before.slice(Math.max(0, at - 40), at));
    if (head === null) continue;
    objects.push(Number(head[1]));
    if (objects.length === 1) from = at + 3;
  }
  return { objects, dictionary: namesDecoded(before.slice(from)) };
}

/** Where a stream's data ends: where its Length says, or else before the next `endstream`. */
function endOf(text: string, dictionary: string, start: number): number {
  const length = /\/Length\s+(\d{1,10})/.exec(dictionary)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    if (/^\s{0,2}endstream/.test(text.slice(end, end + 11))) return end;
  }
  const end = text.indexOf("endstream", start);
  if (end < 0) return text.length;
  const line = text.slice(end - 2, end);
  if (end - 2 >= start && line === "\r\n") return end - 2;
  return end - 1 >= start && /[\r\n]$/.test(line) ? end - 1 : end;
}

/** The streams of a file, given as one character for each byte, in order. */
export function streamsOf(text: string): PdfStream[] {
  const streams: PdfStream[] = [];
  const keyword = /(?<!end)stream(\r\n|\n|\r)/g;
  for (let from = 0; streams.length < STREAMS;) {
    keyword.lastIndex = from;
    const found = keyword.exec(text);
    if (found === null) break;
    const start = keyword.lastIndex;
    const head = headOf(text.slice(from, found.index));
    const end = endOf(text, head.dictionary, start);
    streams.push({ ...head, start, end });
    from = end;
  }
  return streams;
}

/** Numbers of the objects that file specifications name as their embedded files (7.11.4). */
export function embeddedObjects(text: string): Set<number> {
  const objects = new Set<number>();
  for (const [, entries] of text.matchAll(/\/EF\s*<<([^>]{1,500})>>/g)) {
    for (const [, object] of (entries ?? "").matchAll(/\/U?F\s+(\d{1,10})\s+\d{1,5}\s+R\b/g)) {
      objects.add(Number(object));
    }
  }
  return objects;
}

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

/**
 * The content of a literal string that begins at `start`, after its parenthesis (7.3.4.2), and
 * where reading stopped: at its end, or where it became longer than the limit.
 */
function literal(
  text: string,
  start: number,
  limit: number,
): { content: string | null; end: number } {
  let content = "";
  let depth = 1;
  let at = start;
  for (; at < text.length && content.length <= limit; at += 1) {
    const character = text.charAt(at);
    if (character === "\\") {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
      const next = text.charAt(at + 1);
      if (octal !== undefined) content += String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      else if (next !== "\r" && next !== "\n") content += ESCAPED[next] ?? next;
      else if (text.startsWith("\r\n", at + 1)) at += 1;
      at += octal?.length ?? 1;
      continue;
    }
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth === 0) return { content, end: at };
    content += character;
  }
  return { content: null, end: at };
}

function hexadecimal(text: string): string {
  const digits = text.replace(/\s/g, "");
  return (digits.match(/../g) ?? [])
    .map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
    .join("");
}

/** Text strings may be in UTF-16 (7.9.2.2). Of what an address has, the lower bytes are ASCII. */
function asText(string: string): string {
  return string.startsWith("\xfe\xff") ? string.slice(2).replace(/\0/g, "") : string;
}

/** The addresses of link annotations (12.6.4.8) of at most `limit` characters, in order. */
export function* addressesIn(text: string, limit: number): Generator<string> {
  const action = /\/URI\s*(\(|<([0-9A-Fa-f\s]{2,200000})>)/g;
  for (let found = action.exec(text); found !== null; found = action.exec(text)) {
    if (found[2] !== undefined) {
      const address = hexadecimal(found[2]);
      if (address.length <= limit) yield asText(address);
    } else {
      const { content, end } = literal(text, action.lastIndex, limit);
      // Nothing is read twice, so hostile files cost no more than their length.
      action.lastIndex = end;
      if (content !== null) yield asText(content);
    }
  }
}
