/** What is asked besides the bytes: docs/spec.md, section 9.1. */
export interface Question {
  /** Microseconds since 1970 in UTC, of any sign. */
  readonly now: bigint;
  /** How far past its announced end something published still counts, in microseconds; or zero. */
  readonly maxStaleness?: bigint;
  /** Who the verifier says it is, brought into NFC and without white space around it. */
  readonly audience?: string | null;
}

const MICROSECONDS = 1_000_000n;
/** What is allowed for clocks that differ (step 7). */
const ALLOWANCE = 300n * MICROSECONDS;

/** Whether a moment is more than 300 seconds after now. */
export function isInFuture(moment: number, { now }: Question): boolean {
  return microseconds(moment) > now + ALLOWANCE;
}

/** Whether a moment has come. */
export function hasCome(moment: number, { now }: Question): boolean {
  return now >= microseconds(moment);
}

/** Whether what was published to last until this moment counts no more. */
export function isStale(end: number, { now, maxStaleness = 0n }: Question): boolean {
  return now >= microseconds(end) + maxStaleness;
}

function microseconds(moment: number): bigint {
  return BigInt(moment) * MICROSECONDS;
}
