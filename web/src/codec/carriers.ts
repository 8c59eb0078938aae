/** From text to packed form: docs/spec.md, sections 8.1 to 8.3. */
import { Refusal } from "../verdict.ts";
import { fromBase64url } from "./base64url.ts";

const MAX_CODE_POINTS = 65536;
const DIGITS_OF_GROUP = 17;
/** How many bytes so many digits stand for: section 8.3. */
const BYTES_OF_DIGITS = new Map([
  [3, 1],
  [5, 2],
  [8, 3],
  [10, 4],
  [13, 5],
  [15, 6],
  [17, 7],
]);

/**
 * The packed form in a URL, a fragment alone, or what a scanner read. Refusals: `too_large`,
 * `no_fragment`, `empty_input`, `damaged_text`.
 */
export function packedFromText(text: string): Uint8Array {
  if (hasMoreCodePoints(text, MAX_CODE_POINTS)) throw new Refusal("too_large");
  // Not trim(): it takes away more than these four.
  const trimmed = withoutSpaceAround(text);
  const mark = trimmed.indexOf("#");
  if (mark < 0 && trimmed.includes("://")) throw new Refusal("no_fragment");
  const fragment = trimmed.slice(mark + 1);
  if (fragment === "") throw new Refusal("empty_input");
  return /^[0-9]+$/.test(fragment) ? fromDigits(fragment) : fromBase64url(fragment);
}

/** A surrogate that is not one of a pair is a code point by itself. */
function hasMoreCodePoints(text: string, most: number): boolean {
  if (text.length <= most) return false;
  if (text.length > 2 * most) return true;
  let count = 0;
  for (const _ of text) count++;
  return count > most;
}

/** Section 8.3. */
function fromDigits(digits: string): Uint8Array {
  const rest = digits.length % DIGITS_OF_GROUP;
  const bytesOfRest = rest === 0 ? 0 : BYTES_OF_DIGITS.get(rest);
  if (bytesOfRest === undefined) throw new Refusal("damaged_text");
  const bytes = new Uint8Array(((digits.length - rest) / DIGITS_OF_GROUP) * 7 + bytesOfRest);
  for (let start = 0, end = 0; start < bytes.length; start += 7, end += DIGITS_OF_GROUP) {
    const group = digits.slice(end, end + DIGITS_OF_GROUP);
    writeGroup(group, bytes.subarray(start, start + 7));
  }
  return bytes;
}

/** Writes the number, which may exceed 2^53, big-endian over all of the bytes. */
function writeGroup(digits: string, bytes: Uint8Array): void {
  // high * 10^8 + low, where 10^8 is 256 * 390625: the last byte depends on low alone, and what is
  // above it stays below 2^53.
  const high = Number(digits.slice(0, -8));
  const low = Number(digits.slice(-8));
  let above = high * 390625 + Math.floor(low / 256);
  bytes[bytes.length - 1] = low % 256;
  for (let i = bytes.length - 2; i >= 0; i--) {
    bytes[i] = above % 256;
    above = Math.floor(above / 256);
  }
  if (above !== 0) throw new Refusal("damaged_text");
}

/** A regular expression would take time that grows with the square of white space within. */
function withoutSpaceAround(text: string): string {
  const isSpace = (at: number): boolean => " \t\r\n".includes(text.charAt(at));
  let [start, end] = [0, text.length];
  while (start < end && isSpace(start)) start += 1;
  while (end > start && isSpace(end - 1)) end -= 1;
  return text.slice(start, end);
}
