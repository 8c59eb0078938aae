/** Links that may be a certificate's, told from other text without knowing the dictionary. */
import { packedFromText } from "../codec/carriers.ts";
import { toHex } from "../crypto/digest.ts";

/** docs/spec.md, section 7.1: forms 01, 02 and 04, the shortest of which has 33 bytes. */
const FORMS: readonly number[] = [0x01, 0x02, 0x04];
const SHORTEST = 33;

const LINK = /https?:\/\/[^\s"'<>#]{1,2000}#[A-Za-z0-9_-]{40,65000}/g;

/** True where the text is a link, or a fragment alone, whose packed form begins as one does. */
export function mayBeLink(text: string): boolean {
  try {
    const packed = packedFromText(text);
    return packed.length >= SHORTEST && FORMS.includes(packed[0] ?? -1);
  } catch {
    return false;
  }
}

/** The different links in a text of any kind: a message, a web page. */
export function linksIn(text: string): string[] {
  if (!/\S\s+\S/.test(text) && mayBeLink(text)) return [text.trim()];
  const links = [...text.matchAll(LINK)].map(([link]) => link).filter(mayBeLink);
  return different(links);
}

/**
 * Of links to the same certificate, the last: the page before the # says nothing of it. They count
 * as the same where they pack it in the same way.
 */
export function different(links: readonly string[]): string[] {
  return [...new Map(links.map((link) => [toHex(packedFromText(link)), link])).values()];
}
