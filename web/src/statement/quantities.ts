/** Numbers, times and bytes: docs/spec.md, section 4.2, with their JSON form (section 6.4). */
import { toHex } from "../crypto/digest.ts";
import { printedCode } from "../codec/printed_code.ts";
import type { Value } from "../codec/values.ts";
import type { Decimal } from "./statement.ts";
import { demand, type PlainKind } from "./kind.ts";

/** An integer, both bounds included. All numbers of the profile are integers. */
export function integer(least: number, most: number): PlainKind<number> {
  return (value) => {
    demand(typeof value === "number" && value >= least && value <= most);
    return value;
  };
}

/** Seconds since 1970 in UTC, up to the last one of the year 9999. */
export const seconds = integer(0, 253402300799);

const days = integer(-719162, 2932896);

/** A moment as in RFC 3339. */
export const moment: PlainKind<string> = (value) => `${utc(seconds(value)).slice(0, 19)}Z`;

/** A day as in RFC 3339. */
export const date: PlainKind<string> = (value) => utc(days(value) * 86400).slice(0, 10);

/** ECMAScript defines this form exactly: from year 0 to 9999 it has four digits of the year. */
function utc(secondsSince1970: number): string {
  return new Date(secondsSince1970 * 1000).toISOString();
}

/** Digits and places: digits · 10^-places. */
type Scaled = readonly [digits: number, places: number];

function scaled(value: Value | undefined, signed: boolean): Scaled {
  if (!Array.isArray(value)) {
    demand(typeof value === "number" && (signed || value >= 0));
    return [value, 0];
  }
  const [digits, places] = value;
  demand(value.length === 2 && typeof digits === "number" && typeof places === "number");
  demand(digits % 10 !== 0 && (signed || digits > 0) && places >= 1 && places <= 9);
  return [digits, places];
}

/** A number, or text in plain notation where the nearest double would be written otherwise. */
function shown([digits, places]: Scaled): Decimal {
  if (places === 0) return digits;
  const all = String(Math.abs(digits)).padStart(places + 1, "0");
  const text = `${digits < 0 ? "-" : ""}${all.slice(0, -places)}.${all.slice(-places)}`;
  const double = Number(text);
  // As many digits as tell the double from its neighbours: the decimal's own, or it is another.
  const held = double.toExponential().replace(/e.*|[.-]/g, "");
  return held === String(Math.abs(digits)) ? double : text;
}

export const decimal: PlainKind<Decimal> = (value) => shown(scaled(value, false));

export const signedDecimal: PlainKind<Decimal> = (value) => shown(scaled(value, true));

/** Two decimals, the first not greater than the second: compared as exact integers. */
export const range: PlainKind<readonly [Decimal, Decimal]> = (value) => {
  demand(Array.isArray(value) && value.length === 2);
  const first = scaled(value[0], false);
  const second = scaled(value[1], false);
  demand(billionths(first) <= billionths(second));
  return [shown(first), shown(second)];
};

function billionths([digits, places]: Scaled): bigint {
  return BigInt(digits) * 10n ** BigInt(9 - places);
}

/** A byte string of `least` to `most`, or of exactly `least`. */
export function byteString(least: number, most = least): PlainKind<Uint8Array> {
  return (value) => {
    demand(value instanceof Uint8Array && value.length >= least && value.length <= most);
    return value;
  };
}

const tenBytes = byteString(10);
const thirtyTwoBytes = byteString(32);

/** An id, as its printed code. */
export const id: PlainKind<string> = (value) => printedCode(tenBytes(value));

/** A SHA-256 digest, in hexadecimal. */
export const digest: PlainKind<string> = (value) => toHex(thirtyTwoBytes(value));
