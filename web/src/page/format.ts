/** Dates, moments and quantities for people, exact, in the language that was chosen. */
import type { Decimal } from "../statement/statement.ts";

const DAY: Intl.DateTimeFormatOptions = {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
};

const MOMENT: Intl.DateTimeFormatOptions = {
  ...DAY,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
};

/** The day of a date such as `2026-11-02`, its month in words. */
export function day(date: string, locale: string): string {
  return dated(`${date}T00:00:00Z`, DAY, locale) ?? date;
}

/** A moment such as `2026-11-02T10:00:00Z`, in UTC and saying so. */
export function moment(rfc3339: string, locale: string): string {
  return dated(rfc3339, MOMENT, locale) ?? rfc3339;
}

function dated(text: string, options: Intl.DateTimeFormatOptions, locale: string): string | null {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return null;
  const kind = `${locale} ${options === DAY}`;
  const format = made.get(kind) ?? new Intl.DateTimeFormat(locale, options);
  made.set(kind, format);
  return format.format(at);
}

/** Making one takes milliseconds, and a page shows dozens of dates. */
const made = new Map<string, Intl.DateTimeFormat>();

/** Makes what dates in this locale need, before there are any to show. */
export function prepareDates(locale: string): void {
  const any = "2000-01-01";
  day(any, numbered(locale));
  moment(`${any}T00:00:00Z`, numbered(locale));
}

/** Digits as in the signed text, days as in the signed calendar, whatever the locale's own are. */
export function numbered(locale: string): string {
  return `${locale.split("-u-")[0]}-u-ca-gregory-nu-latn`;
}

/** RFC 3339 in UTC, in whole seconds. */
export function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Exact, whether a number or text. No grouping: a comma must not be taken for a decimal point. */
const EXACT: Intl.NumberFormatOptions = { maximumFractionDigits: 20, useGrouping: false };

export type Unit = "percent" | "week" | "hour";

export function quantity(value: Decimal, locale: string, unit?: Unit): string {
  return formatter(locale, unit).format(exact(value));
}

/** `5–7 hours`; one quantity where both ends are the same. */
export function range(low: Decimal, high: Decimal, locale: string, unit: Unit): string {
  const format = formatter(locale, unit);
  if (String(low) === String(high)) return format.format(exact(low));
  return format.formatRange(exact(low), exact(high));
}

function formatter(locale: string, unit?: Unit): Intl.NumberFormat {
  const style: Intl.NumberFormatOptions =
    unit === undefined ? EXACT : { ...EXACT, style: "unit", unit, unitDisplay: "long" };
  // "92.5 percent" is a mouthful where every language has a sign for it.
  const shown: Intl.NumberFormatOptions = unit === "percent" ? { unitDisplay: "short" } : {};
  return new Intl.NumberFormat(locale, { ...style, ...shown });
}

function exact(value: Decimal): number | Intl.StringNumericLiteral {
  // A decimal in the JSON form is digits with a point; no check could narrow text to that type.
  return value as number | Intl.StringNumericLiteral;
}

/** The language's name in the reader's own, or null where it has none. */
export function languageName(tag: string, locale: string): string | null {
  try {
    const names = new Intl.DisplayNames([locale], { type: "language", fallback: "none" });
    return names.of(tag) ?? null;
  } catch {
    return null; // well-formed by section 4.3, but not to this browser
  }
}

/** How far a bar reaches, from 0 to 1; null where score and maximum do not say. */
export function share(score: Decimal | undefined, maximum: Decimal | undefined): number | null {
  if (score === undefined) return null;
  const part = Number(score) / Number(maximum ?? 100);
  return Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : null;
}
