/** The last second of the year 9999: the greatest moment (docs/spec.md, section 4.2). */
export const LAST_MOMENT = 253402300799;

/** Whether this is an integer that stands for a moment. */
export function isMoment(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LAST_MOMENT;
}
