/** What files carry, and which of it is the same: docs/spec.md, section 8.6. */
import { packedFromText } from "../codec/carriers.ts";
import type { Dictionary } from "../codec/dictionary.ts";
import { readFrame } from "../codec/frame.ts";
import { unpack } from "../codec/packed.ts";
import { toHex } from "../crypto/digest.ts";

/** A token or a link, whole or damaged. */
export type Carried = { kind: "token"; token: Uint8Array } | { kind: "text"; text: string };

/** Section 8.1. */
const TEXT_LIMIT = 65_536;
/** The least letters of base64url, and digits, of each packed form (sections 7.1 and 8.3). */
const SHORTEST = new Map([
  [0x01, { letters: 99, digits: 180 }],
  [0x02, { letters: 99, digits: 180 }],
  [0x04, { letters: 44, digits: 81 }],
]);

/**
 * Whether a text begins as a certificate's link does, or a fragment alone, and is as long as one:
 * it may be damaged further on. Shorter ones can be the name of a chapter in any address.
 */
export function beginsAsLink(text: string): boolean {
  if (text.length > TEXT_LIMIT) return false;
  const fragment = text.slice(text.indexOf("#") + 1).trim();
  const isNumber = /^[0-9]+$/.test(fragment);
  try {
    // The first bytes, which stand for themselves.
    const [form = 0] = packedFromText(fragment.slice(0, isNumber ? 17 : 4));
    const { letters, digits } = SHORTEST.get(form) ?? { letters: Infinity, digits: Infinity };
    return fragment.length >= (isNumber ? digits : letters);
  } catch {
    return false;
  }
}

/** The first that holds each token, however it is packed. What is damaged is like itself alone. */
export function distinct(
  carried: readonly Carried[],
  dictionary: Dictionary | undefined,
): Carried[] {
  const found = new Map<string, Carried>();
  for (const each of carried) {
    const same = identity(each, dictionary);
    if (!found.has(same)) found.set(same, each);
  }
  return [...found.values()];
}

function identity(carried: Carried, dictionary: Dictionary | undefined): string {
  const isToken = carried.kind === "token";
  try {
    if (isToken) return toHex(readFrame(carried.token).token);
    const packed = packedFromText(carried.text);
    // Without the dictionary, nothing is checked either.
    if (dictionary === undefined) return toHex(packed);
    const { token, secret } = { secret: undefined, ...unpack(packed, dictionary) };
    return token === undefined ? `sealed ${toHex(secret ?? packed)}` : toHex(token);
  } catch {
    return `damaged ${isToken ? toHex(carried.token) : carried.text}`;
  }
}
