/** Dates and moments in the language that is spoken now. */
import { day, moment, rfc3339 } from "../format.ts";
import { locale } from "../words.ts";

/** A moment in seconds since 1970, in UTC. */
export function atSeconds(seconds: number): string {
  return atMoment(rfc3339(seconds));
}

/** A moment of the device's clock, in milliseconds since 1970. */
export function atMilliseconds(milliseconds: number): string {
  return atSeconds(Math.floor(milliseconds / 1000));
}

/** A moment in the form of RFC 3339. */
export function atMoment(text: string): string {
  return moment(text, locale());
}

/** A day such as `2026-11-02`. */
export function onDay(date: string): string {
  return day(date, locale());
}
