/** How a verdict is said in one line, and which finding it comes from. */
import type { Basis } from "../keeping/keeper.ts";
import type { Check, Finding, Reason, Verdict } from "../verdict.ts";
import type { English } from "./language.ts";
import { has, type Key } from "./words.ts";

/** `qualified`: VALID by keys that nothing but this page vouches for, never a plain green tick. */
export type Tone = "valid" | "qualified" | "undecided" | "invalid";

export interface Headline {
  readonly words: keyof English["headline"];
  readonly tone: Tone;
  /** The gravest finding: the first that failed, else the first that is unknown. */
  readonly decisive: Finding | null;
}

const FAILED: { readonly [reason in Reason]?: Headline["words"] } = {
  signature_mismatch: "altered",
  other_issuer: "altered",
  disclosure_mismatch: "altered",
  revoked: "withdrawn",
  suspended: "suspended",
  expired: "expired",
  share_expired: "link_ended",
  other_audience: "other_audience",
};

const UNKNOWN: { readonly [reason in Reason]?: Headline["words"] } = {
  unknown_key: "undecided_key",
  newer_format: "undecided_newer",
  sealed_file_missing: "undecided_sealed",
};

/** `ownHost`: whether the page is on the host of the issuer that the statement names. */
export function headlineOf(verdict: Verdict, basis: Basis, ownHost: boolean): Headline {
  const decisive =
    verdict.findings.find((finding) => finding.outcome === "FAILED") ??
    verdict.findings.find((finding) => finding.outcome === "UNKNOWN") ??
    null;
  switch (verdict.status) {
    case "VALID":
      if (basis === "file") return { words: "valid_file", tone: "valid", decisive: null };
      return { words: ownHost ? "valid_page" : "valid_foreign", tone: "qualified", decisive: null };
    case "INVALID":
      return { words: failed(decisive), tone: "invalid", decisive };
    case "INDETERMINATE":
      return { words: unknown(decisive), tone: "undecided", decisive };
  }
}

function failed(finding: Finding | null): Headline["words"] {
  if (finding === null) return "invalid";
  if (finding.check === "FORMAT") return "unreadable";
  // What is wrong with a link must not read as if it were wrong with the record.
  if (finding.check === "SHARE_STATUS") {
    return finding.reason === "revoked" ? "link_reset" : "invalid";
  }
  return FAILED[finding.reason] ?? "invalid";
}

function unknown(finding: Finding | null): Headline["words"] {
  if (finding === null) return "undecided";
  if (finding.check === "STATUS") return "undecided_status";
  return UNKNOWN[finding.reason] ?? "undecided";
}

/** The sentence for a finding. `ofRecord`: it is about a course record or a share of one. */
export function sentenceOf(finding: Finding, basis: Basis, ofRecord: boolean): Key {
  const { check, reason } = finding;
  if (reason === "ok") {
    if (basis === "page" && has("passed_page", check)) return `passed_page.${check}`;
    return `passed.${check}`;
  }
  if (ofRecord && check === "STATUS" && has("reason_record", reason)) {
    return `reason_record.${reason}`;
  }
  if (check === "HOLDER" && has("reason_holder", reason)) return `reason_holder.${reason}`;
  if (check === "SHARE_STATUS" && has("reason_link", reason)) return `reason_link.${reason}`;
  return `reason.${reason}`;
}

const OF_LINK: readonly Check[] = ["AUDIENCE", "SHARE_VALIDITY", "SHARE_STATUS"];

/** Whether all that failed is about the link, and nothing about the record that it shows. */
export function onlyLinkFailed({ findings }: Verdict): boolean {
  const failed = findings.filter(({ outcome }) => outcome === "FAILED");
  return failed.length > 0 && failed.every(({ check }) => OF_LINK.includes(check));
}

/** Whether a page of this site speaks for the issuer: an issuer is a host and a folder (3.1). */
export function isOwnSite(issuer: string, site: string): boolean {
  return issuer === site;
}
