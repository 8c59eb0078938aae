/** The verification report: what `signedcert verify --json` prints, and how it came about. */
import { sha256, toHex } from "../crypto/digest.ts";
import type { Keeper } from "../keeping/keeper.ts";
import type { Json } from "../statement/statement.ts";
import type { Verdict } from "../verdict.ts";
import type { Checked } from "./checking.ts";
import { rfc3339 } from "./format.ts";
import { VERSION } from "./version.ts";

/** A verdict as the command line prints it: a finding without an `as_of` leaves it out. */
export function verdictJson(verdict: Verdict) {
  const { statement } = verdict;
  const signed = statement?.kind === "record" ? statement.record : statement?.certificate;
  return {
    status: verdict.status,
    as_of: verdict.asOf === null ? null : rfc3339(verdict.asOf),
    findings: verdict.findings.map(({ check, outcome, reason, asOf }) => ({
      check,
      outcome,
      reason,
      ...(asOf === null ? {} : { as_of: rfc3339(asOf) }),
    })),
    statement: signed ?? null,
  };
}

/** What the verdict rests on, for a reader of the report who was not there. */
function trustJson(checked: Checked, keeper: Keeper): Json {
  if (checked.policy.basis === "page" || keeper.file === null) {
    return { basis: "keys that this page publishes" };
  }
  const { name, importedAt, operator } = keeper.file;
  return {
    basis: "trust file",
    file: name,
    imported_at: rfc3339(Math.floor(importedAt / 1000)),
    ...(operator === null ? {} : { operator }),
  };
}

export async function reportJson(checked: Checked, keeper: Keeper, host: string): Promise<string> {
  const report = {
    ...verdictJson(checked.verdict),
    checked_at: rfc3339(Math.floor(checked.checkedAt / 1000)),
    page: host,
    trust: trustJson(checked, keeper),
    ...(checked.policy.audience === null ? {} : { audience: checked.policy.audience }),
    ...(checked.token === null ? {} : { token_sha256: toHex(await sha256(checked.token)) }),
    tool: `signedcert verify page ${VERSION}`,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
