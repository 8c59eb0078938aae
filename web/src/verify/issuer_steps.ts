import type { Frame } from "../codec/frame.ts";
import { tokenWithoutDisclosures } from "../codec/frame.ts";
import { compareBytes, sha256 } from "../crypto/digest.ts";
import type { KeyEntry } from "../trust/key_entry.ts";
import type { TrustStore } from "../trust/store.ts";
import type { Finding } from "../verdict.ts";
import { finding, passed } from "./findings.ts";
import { hasCome, isInFuture, isStale } from "./question.ts";
import type { Question } from "./question.ts";

/** What step 7 asks of a statement. */
interface Dated {
  readonly issuedAt: number;
  readonly validFrom: number | null;
  readonly expiresAt: number | null;
}

const DIGEST_BYTES = 16;

/** Step 2, again (docs/spec.md, section 9.2): whether what is held of the issuer still counts. */
export async function issuerTrusted(
  store: TrustStore,
  issuer: string,
  question: Question,
): Promise<Finding> {
  const unknown = (reason: Finding["reason"], asOf: number): Finding =>
    finding("ISSUER_TRUSTED", "UNKNOWN", reason, asOf);
  const end = store.endOf(issuer);
  if (end !== null && isStale(end.nextUpdate, question)) {
    return unknown("bundle_stale", end.issuedAt);
  }
  const opened = await store.held(issuer)?.open();
  if (opened?.kind === "document") {
    const { issuedAt, nextUpdate } = opened.document;
    if (isInFuture(issuedAt, question)) {
      return unknown("dated_in_future", issuedAt);
    }
    if (nextUpdate !== null && isStale(nextUpdate, question)) {
      return unknown("issuer_document_stale", issuedAt);
    }
  }
  const asOf = opened === undefined || opened.kind === "refused" ? null : opened.issuedAt;
  return finding("ISSUER_TRUSTED", "PASSED", "ok", asOf);
}

/** Whether the issuer says that it signed this very token with a key that is not safe (11.6). */
export async function isVouchedFor(frame: Frame, { revocation }: KeyEntry): Promise<boolean> {
  if (revocation === null || revocation.end !== "compromised" || revocation.vouched === null) {
    return false;
  }
  const { vouched } = revocation;
  const digest = (await sha256(tokenWithoutDisclosures(frame))).subarray(0, DIGEST_BYTES);
  let first = 0;
  let behind = vouched.length / DIGEST_BYTES;
  while (first < behind) {
    const middle = Math.floor((first + behind) / 2);
    const found = vouched.subarray(middle * DIGEST_BYTES, (middle + 1) * DIGEST_BYTES);
    const order = compareBytes(found, digest);
    if (order === 0) {
      return true;
    }
    [first, behind] = order < 0 ? [middle + 1, behind] : [first, middle];
  }
  return false;
}

/** Whether a key's revocation says nothing about what it signed before (section 9.4). */
export function isGood({ revocation }: KeyEntry): boolean {
  return revocation === null || revocation.end === "superseded";
}

/** Step 6, KEY_PERIOD. */
export function keyPeriod(entry: KeyEntry, issuedAt: number, isVouched: boolean): Finding {
  const { notBefore, notAfter, revocation } = entry;
  const failed = (reason: Finding["reason"]): Finding => finding("KEY_PERIOD", "FAILED", reason);
  if (revocation?.end === "compromised") {
    return isVouched
      ? finding("KEY_PERIOD", "PASSED", "key_compromised_vouched")
      : failed("key_compromised");
  }
  if (revocation?.end === "unspecified") {
    return failed("key_revoked");
  }
  if (notBefore !== null && issuedAt < notBefore) {
    return failed("before_key_period");
  }
  if (notAfter !== null && issuedAt >= notAfter) {
    return failed("after_key_period");
  }
  if (revocation !== null && issuedAt >= revocation.since) {
    return failed("key_retired");
  }
  if (notBefore === null && notAfter === null && revocation === null) {
    return finding("KEY_PERIOD", "NOT_APPLICABLE", "no_key_period");
  }
  return passed("KEY_PERIOD");
}

/** Step 7, VALIDITY. */
export function validity(statement: Dated, question: Question): Finding {
  const { issuedAt, validFrom, expiresAt } = statement;
  if (isInFuture(issuedAt, question)) {
    return finding("VALIDITY", "FAILED", "issued_in_future");
  }
  if (validFrom !== null && isInFuture(validFrom, question)) {
    return finding("VALIDITY", "FAILED", "not_yet_valid");
  }
  if (expiresAt !== null && hasCome(expiresAt, question)) {
    return finding("VALIDITY", "FAILED", "expired");
  }
  return passed("VALIDITY");
}
