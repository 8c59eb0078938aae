/** Whether the device's clock may be wrong, judged by the dates of what was published. */
import type { Verdict } from "../verdict.ts";

/** As in docs/spec.md, section 9.2: clocks may differ by this many seconds. */
const ALLOWANCE = 300;

/** Published lists are renewed within days. One this old that was fetched just now is a sign. */
const MONTHS = 100 * 86_400;

/**
 * The date, in seconds since 1970, that does not fit the clock; null where all do.
 *
 * `fetched`: whether what the verdict rests on was fetched just now, rather than kept.
 */
export function datesInDoubt(verdict: Verdict, now: number, fetched: boolean): number | null {
  for (const { asOf, reason } of verdict.findings) {
    if (asOf === null) continue;
    if (asOf > now + ALLOWANCE) return asOf;
    const stale = reason === "status_list_stale" || reason === "issuer_document_stale";
    if (fetched && stale && asOf < now - MONTHS) return asOf;
  }
  return null;
}
