import type { Statement } from "../statement/statement.ts";
import { Refusal } from "../verdict.ts";
import type { Check, Finding, Outcome, Reason, Status, Verdict } from "../verdict.ts";

/** The findings whose date is the verdict's (docs/spec.md, section 9.5). */
const DATED: readonly Check[] = ["ISSUER_TRUSTED", "STATUS", "SHARE_STATUS"];
/** Reasons that may be resolved later; every other refusal is a failure (sections 9.2, 15.6). */
const UNDECIDED: readonly Reason[] = [
  "newer_format",
  "sealed_file_missing",
  "unknown_field",
  "unknown_value",
];

export function finding(
  check: Check,
  outcome: Outcome,
  reason: Reason,
  asOf: number | null = null,
): Finding {
  return { check, outcome, reason, asOf };
}

export function passed(check: Check): Finding {
  return finding(check, "PASSED", "ok");
}

/** The finding of a check whose input was refused. */
export function refused(check: Check, reason: Reason): Finding {
  return finding(check, UNDECIDED.includes(reason) ? "UNKNOWN" : "FAILED", reason);
}

export function notReached(check: Check): Finding {
  return finding(check, "NOT_RUN", "not_reached");
}

/** The verdict of steps of which the last stopped: the checks after it are not run. */
export function stopped(findings: readonly Finding[], checks: readonly Check[]): Verdict {
  const rest = checks.slice(findings.length).map(notReached);
  return verdictOf([...findings, ...rest], null);
}

/** Status and date follow from the findings (sections 9.3 and 9.5). */
export function verdictOf(findings: readonly Finding[], statement: Statement | null): Verdict {
  return { status: statusOf(findings), findings, asOf: oldest(findings), statement };
}

function statusOf(findings: readonly Finding[]): Status {
  const outcomes = findings.map(({ outcome }) => outcome);
  if (outcomes.includes("FAILED")) {
    return "INVALID";
  }
  const isUndecided = outcomes.includes("UNKNOWN") || outcomes.includes("NOT_RUN");
  return isUndecided ? "INDETERMINATE" : "VALID";
}

function oldest(findings: readonly Finding[]): number | null {
  const dates = findings
    .filter(({ check }) => DATED.includes(check))
    .map(({ asOf }) => asOf)
    .filter((date) => date !== null);
  return dates.length === 0 ? null : Math.min(...dates);
}

/** What reading gives, or the reason why it is refused; other errors are not the input's. */
export async function reading<Read>(
  read: () => Read | Promise<Read>,
): Promise<{ read: Read } | { reason: Reason }> {
  try {
    return { read: await read() };
  } catch (error) {
    if (error instanceof Refusal) {
      return { reason: error.reason };
    }
    throw error;
  }
}
