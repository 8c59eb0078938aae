/**
 * The verdict: what a check of a certificate, course record or share ends with.
 * docs/spec.md, sections 9.1 to 9.6 and 15.6.
 */
import type { Statement } from "./statement/statement.ts";

/** The three answers (section 9.3). INDETERMINATE is neither of the others. */
export type Status = "VALID" | "INVALID" | "INDETERMINATE";

export type Outcome = "PASSED" | "FAILED" | "UNKNOWN" | "NOT_APPLICABLE" | "NOT_RUN";

/** The checks of every statement, in the order of the findings. */
export const STATEMENT_CHECKS = [
  "FORMAT",
  "ISSUER_TRUSTED",
  "SIGNATURE",
  "SCHEMA",
  "ISSUER_MATCHES_KEY",
  "KEY_PERIOD",
  "VALIDITY",
  "STATUS",
] as const;

/** What is asked of course records and shares besides, after the others. */
export const SHARE_CHECKS = ["AUDIENCE", "HOLDER", "SHARE_VALIDITY", "SHARE_STATUS"] as const;

export type Check =
  (typeof STATEMENT_CHECKS)[number] | (typeof SHARE_CHECKS)[number] | "RECORD_LINK";

/** Every reason of section 9.6. The last four stand in no finding. */
export type Reason =
  | "ok"
  | "not_reached"
  | "empty_input"
  | "too_large"
  | "no_fragment"
  | "damaged_text"
  | "unknown_format"
  | "newer_format"
  | "damaged_compression"
  | "wrong_packing"
  | "not_a_token"
  | "not_deterministic"
  | "missing_header"
  | "extra_header"
  | "unprotected_header"
  | "wrong_algorithm"
  | "wrong_type"
  | "sealed_file_missing"
  | "sealed_file_refused"
  | "unknown_key"
  | "issuer_document_refused"
  | "issuer_document_stale"
  | "bundle_stale"
  | "dated_in_future"
  | "signature_mismatch"
  | "schema_violation"
  | "unknown_field"
  | "unknown_value"
  | "disclosure_mismatch"
  | "other_issuer"
  | "no_key_period"
  | "before_key_period"
  | "after_key_period"
  | "key_retired"
  | "key_compromised"
  | "key_revoked"
  | "key_compromised_vouched"
  | "issued_in_future"
  | "not_yet_valid"
  | "expired"
  | "no_status_reference"
  | "status_list_missing"
  | "status_list_refused"
  | "status_list_stale"
  | "status_out_of_range"
  | "status_unknown"
  | "revoked"
  | "suspended"
  | "no_share"
  | "audience_not_asked"
  | "other_audience"
  | "not_presented"
  | "holder_mismatch"
  | "share_outside_record"
  | "share_issued_in_future"
  | "share_expired"
  | "no_record_id"
  | "other_record"
  | "untrusted_root"
  | "broken_handover"
  | "rollback"
  | "fork";

/** What one check found. `asOf`: seconds since 1970 in UTC up to which its knowledge reaches. */
export interface Finding {
  readonly check: Check;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly asOf: number | null;
}

export interface Verdict {
  readonly status: Status;
  /** Eight, of a course record or share twelve, always in order. */
  readonly findings: readonly Finding[];
  /** The oldest of the findings' `asOf` that count (section 9.5); null where none has one. */
  readonly asOf: number | null;
  /** What was signed; null unless it may be shown as fact (section 9.4). */
  readonly statement: Statement | null;
}

/** Input that is refused, whole. The reason stands in the verdict, or is what a store answers. */
export class Refusal extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.name = "Refusal";
    this.reason = reason;
  }
}
