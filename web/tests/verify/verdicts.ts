/** What the tests of verdicts ask, and how they say what they expect. */
import { NOW } from "../issuing.ts";
import type { TrustStore } from "../../src/trust/store.ts";
import type { Check, Verdict } from "../../src/verdict.ts";
import { verifyToken } from "../../src/verify/verify.ts";
import type { Question } from "../../src/verify/verify.ts";

const MICROSECONDS = 1_000_000n;

/** A question at a moment, some microseconds later. */
export function at(moment: number = NOW, more = 0n, rest: Partial<Question> = {}): Question {
  return { now: BigInt(moment) * MICROSECONDS + more, ...rest };
}

export function stale(seconds: number): Partial<Question> {
  return { maxStaleness: BigInt(seconds) * MICROSECONDS };
}

export function verify(
  token: Uint8Array,
  store: TrustStore,
  question: Question = at(),
): Promise<Verdict> {
  return verifyToken(token, store, question);
}

/** One finding as words: `STATUS FAILED revoked`, with its date where it has one. */
export function found(verdict: Verdict, check: Check): string {
  const finding = verdict.findings.find((one) => one.check === check);
  if (finding === undefined) {
    return "no such finding";
  }
  const { outcome, reason, asOf } = finding;
  return [outcome, reason, ...(asOf === null ? [] : [asOf])].join(" ");
}

/** All findings as letters: passed, failed, unknown, not applicable, or - for what was not run. */
export function letters(verdict: Verdict): string {
  const letter = { PASSED: "P", FAILED: "F", UNKNOWN: "U", NOT_APPLICABLE: "N", NOT_RUN: "-" };
  return verdict.findings.map(({ outcome }) => letter[outcome]).join("");
}
