/** What people paste or type where a link belongs. */
import { linksIn } from "../files/link.ts";

/** docs/spec.md, section 8.1. Longer text is no link, and is not looked into. */
const LONGEST = 65_536;

/**
 * The link within what was pasted, whatever stands around it: quotes, stars, full stops of any
 * script. Where there is none that may be a certificate's, the text itself, so that the check can
 * say what is wrong with it.
 */
export function pastedLink(pasted: string): string {
  if (pasted.length > 2 * LONGEST) return pasted;
  const [link] = linksIn(pasted);
  if (link !== undefined) return link;
  const found = /https?:\/\/[^\s#]+#\S*/.exec(pasted) ?? /https?:\/\/\S+/.exec(pasted);
  return (found?.[0] ?? pasted).trim();
}

/** Whether this may be meant as a link or code, rather than any text. */
export function meantAsLink(pasted: string): boolean {
  return /^\S*#\S+$|^https?:\/\/\S+$|^[\w-]{40,}$/.test(pastedLink(pasted));
}

/** The printed code in the address of a certificate's own page, such as `…/v/04HM-ASW9-NF6Y-Y093/`. */
export function codeInAddress(pasted: string): string | null {
  return /^\s*https?:\/\/\S+\/v\/([0-9A-Za-z-]{16,23})\/?\s*$/.exec(pasted)?.[1] ?? null;
}
