/** The verification report: what `signedcert verify --json` prints, and how it came about. */
import { sha256, toHex } from "../crypto/digest.ts";
import type { Json } from "../statement/statement.ts";
import type { Verdict } from "../verdict.ts";
import type { Result } from "./views/context.ts";
import { rfc3339 } from "./format.ts";
import { TOOL } from "./version.ts";

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
function trustJson({ checked, description, issuer, keeper }: Result, ownSite: boolean): Json {
  const root = description?.roots[0];
  const seen = issuer === null ? undefined : keeper.firstSeen.get(issuer);
  const fetched = issuer === null ? undefined : keeper.lastFetched.get(issuer);
  const { file } = keeper;
  const byFile = checked.policy.basis === "file" && file !== null;
  return {
    basis: byFile ? "trust file" : "keys that this page publishes",
    page_is_issuers_own: ownSite,
    ...(byFile ? { file: file.name, imported_at: milliseconds(file.importedAt) } : {}),
    ...(byFile && file.operator !== null ? { operator: file.operator } : {}),
    ...(root === undefined ? {} : { root_thumbprint: root.thumbprint }),
    ...(description?.document ? { document_version: description.document.version } : {}),
    ...(byFile || seen === undefined ? {} : { first_seen: milliseconds(seen) }),
    ...(fetched === undefined ? {} : { fetched_at: milliseconds(fetched) }),
  };
}

function milliseconds(since1970: number): string {
  return rfc3339(Math.floor(since1970 / 1000));
}

/** `ownSite`: whether the page is on the site of the issuer that the statement names. */
export async function reportJson(result: Result, ownSite: boolean): Promise<string> {
  const { checked, site } = result;
  const report = {
    ...verdictJson(checked.verdict),
    checked_at: milliseconds(checked.checkedAt),
    page: site,
    trust: trustJson(result, ownSite),
    ...(checked.policy.audience === null ? {} : { audience: checked.policy.audience }),
    ...(checked.token === null ? {} : { token_sha256: toHex(await sha256(checked.token)) }),
    tool: TOOL,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
