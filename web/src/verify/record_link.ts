import type { Finding, Verdict } from "../verdict.ts";
import { finding, notReached, passed } from "./findings.ts";

/**
 * Whether a certificate and a course record belong together: docs/spec.md, section 15.9. It says
 * nothing about either verdict. Where one of them is not of that kind, there is nothing to compare.
 */
export async function recordLink(certificate: Verdict, record: Verdict): Promise<Finding> {
  const one = certificate.statement;
  const other = record.statement;
  if (one?.kind !== "certificate" || other?.kind !== "record") {
    return notReached("RECORD_LINK");
  }
  const { issuer, record_id: recordId } = one.certificate;
  if (recordId === undefined) {
    return finding("RECORD_LINK", "NOT_APPLICABLE", "no_record_id");
  }
  return issuer === other.record.issuer && recordId === other.record.id
    ? passed("RECORD_LINK")
    : finding("RECORD_LINK", "FAILED", "other_record");
}
