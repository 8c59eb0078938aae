/**
 * What may have happened to a link that cannot be read. It is never repaired: a guess would be
 * the page's own, not the issuer's.
 */
import type { Reason } from "../verdict.ts";

export type Diagnosis =
  "shortened" | "percent_encoded" | "added" | "case_changed" | "cut_off" | "damaged";

/** Faults of the text itself, before anything signed is reached. */
const OF_TEXT: readonly Reason[] = [
  "damaged_text",
  "unknown_format",
  "damaged_compression",
  "not_a_token",
  "no_fragment",
];

/** From this length on, letters of one case alone are no chance: about 1 in 2^30. */
const LONG = 40;

/** What to say about a text that was refused for this reason; null where nothing can be said. */
export function diagnose(text: string, reason: Reason): Diagnosis | null {
  if (!OF_TEXT.includes(reason)) return null;
  const from = text.indexOf("#");
  const fragment = text.slice(from + 1).trim();
  if (/…|\.\.\.|%E2%80%A6/i.test(fragment)) return "shortened";
  if (/%[0-9a-f]{2}/i.test(from < 0 ? text : fragment)) return "percent_encoded";
  if (reason === "no_fragment") return "cut_off";
  if (/^[\w-]{4,}[^\w-]/.test(fragment)) return "added";
  if (/^[\w-]+$/.test(fragment) && /[a-z]/i.test(fragment) && fragment.length >= LONG) {
    if (!/[a-z]/.test(fragment) || !/[A-Z]/.test(fragment)) return "case_changed";
  }
  if (reason === "damaged_compression" || reason === "damaged_text") return "cut_off";
  return "damaged";
}
