import { toBeSigned } from "../codec/frame.ts";
import type { ShareFrame } from "../codec/frame.ts";
import { accepts } from "../crypto/ed25519.ts";
import { readShare } from "../statement/read.ts";
import type { ReadRecord, ReadShare } from "../statement/read.ts";
import type { ShareClaims } from "../statement/statement.ts";
import type { HeldIssuer } from "../trust/held_issuer.ts";
import type { Finding } from "../verdict.ts";
import { finding, notReached, passed, reading, refused } from "./findings.ts";
import { hasCome, isInFuture } from "./question.ts";
import type { Question } from "./question.ts";
import { status } from "./status.ts";

/** Steps 9 to 12, in this order, and what the holder signed where step 10 passed. */
export interface ShareAnswer {
  readonly findings: readonly Finding[];
  readonly claims: ShareClaims | null;
}

/** Steps 9 to 12 of docs/spec.md, section 15.6. HOLDER is asked first. */
export async function askShare(
  share: ShareFrame | null,
  record: ReadRecord,
  issuer: HeldIssuer | undefined,
  question: Question,
): Promise<ShareAnswer> {
  if (share === null) {
    const none = (check: "AUDIENCE" | "SHARE_VALIDITY" | "SHARE_STATUS"): Finding =>
      finding(check, "NOT_APPLICABLE", "no_share");
    const holder = finding("HOLDER", "UNKNOWN", "not_presented");
    const findings = [none("AUDIENCE"), holder, none("SHARE_VALIDITY"), none("SHARE_STATUS")];
    return { findings, claims: null };
  }
  const signed = toBeSigned(share.header, share.payload);
  if (!(await accepts(record.holderKey, signed, share.signature))) {
    return withoutHolder(finding("HOLDER", "FAILED", "holder_mismatch"));
  }
  const found = await reading(() => readShare(share.payload));
  if ("reason" in found) {
    return withoutHolder(refused("HOLDER", found.reason));
  }
  const { read } = found;
  const findings = [
    audience(read, question),
    passed("HOLDER"),
    shareValidity(read, record, question),
    await status("SHARE_STATUS", placeOf(read, record), issuer, question),
  ];
  return { findings, claims: read.claims };
}

function withoutHolder(holder: Finding): ShareAnswer {
  const findings = [
    notReached("AUDIENCE"),
    holder,
    notReached("SHARE_VALIDITY"),
    notReached("SHARE_STATUS"),
  ];
  return { findings, claims: null };
}

function audience(share: ReadShare, question: Question): Finding {
  const asked = question.audience ?? null;
  if (asked === null) {
    return finding("AUDIENCE", "NOT_APPLICABLE", "audience_not_asked");
  }
  return share.audience === asked
    ? passed("AUDIENCE")
    : finding("AUDIENCE", "FAILED", "other_audience");
}

function shareValidity(share: ReadShare, record: ReadRecord, question: Question): Finding {
  const { issuedAt, expiresAt } = share;
  const isOutside =
    issuedAt < record.issuedAt ||
    (record.validFrom !== null && issuedAt < record.validFrom) ||
    (record.expiresAt !== null && expiresAt > record.expiresAt);
  if (isOutside) {
    return finding("SHARE_VALIDITY", "FAILED", "share_outside_record");
  }
  if (isInFuture(issuedAt, question)) {
    return finding("SHARE_VALIDITY", "FAILED", "share_issued_in_future");
  }
  if (hasCome(expiresAt, question)) {
    return finding("SHARE_VALIDITY", "FAILED", "share_expired");
  }
  return passed("SHARE_VALIDITY");
}

function placeOf(share: ReadShare, record: ReadRecord): { list: number; index: number } | null {
  const places = record.sharePlaces;
  return places === null ? null : { list: places.list, index: places.first + share.slot };
}
