import type { HeldIssuer } from "../trust/held_issuer.ts";
import { entryAt } from "../trust/status_list.ts";
import type { StatusList } from "../trust/status_list.ts";
import type { Finding, Outcome, Reason } from "../verdict.ts";
import { finding } from "./findings.ts";
import { isInFuture, isStale } from "./question.ts";
import type { Question } from "./question.ts";

export interface Reference {
  readonly list: number;
  readonly index: number;
}

/** What an entry says (docs/spec.md, section 9.2, step 8); any other is a later version's. */
const ENTRIES: readonly (readonly [Outcome, Reason])[] = [
  ["PASSED", "ok"],
  ["FAILED", "revoked"],
  ["FAILED", "suspended"],
];

/** Step 8 for a statement, and step 12 for a share, with the issuer's list of that number. */
export async function status(
  check: "STATUS" | "SHARE_STATUS",
  reference: Reference | null,
  issuer: HeldIssuer | undefined,
  question: Question,
): Promise<Finding> {
  if (reference === null) {
    return finding(check, "NOT_APPLICABLE", "no_status_reference");
  }
  const list = (await issuer?.openList(reference.list)) ?? null;
  if (list === null) {
    return finding(check, "UNKNOWN", "status_list_missing");
  }
  if ("kind" in list) {
    return finding(check, "UNKNOWN", "status_list_refused");
  }
  const [outcome, reason] = answer(list, reference.index, question);
  return finding(check, outcome, reason, list.issuedAt);
}

function answer(list: StatusList, index: number, question: Question): readonly [Outcome, Reason] {
  if (isInFuture(list.issuedAt, question)) {
    return ["UNKNOWN", "dated_in_future"];
  }
  if (list.notBefore !== null && isInFuture(list.notBefore, question)) {
    return ["UNKNOWN", "status_list_refused"];
  }
  if (list.end !== null && isStale(list.end, question)) {
    return ["UNKNOWN", "status_list_stale"];
  }
  const entry = entryAt(list, index);
  if (entry === null) {
    return ["FAILED", "status_out_of_range"];
  }
  return ENTRIES[entry] ?? ["UNKNOWN", "status_unknown"];
}
