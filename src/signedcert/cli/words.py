"""What checks and reasons mean, in plain words."""

from collections.abc import Mapping

from signedcert.errors import Reason
from signedcert.verify.verdict import Check, Finding, Outcome, Status

STATUS: Mapping[Status, str] = {
    Status.VALID: "the issuer signed exactly this, and nothing speaks against it",
    Status.INVALID: "do not rely on it",
    Status.INDETERMINATE: "it could not be decided with what is at hand",
}

NOT_PROVED = (
    "VALID does not prove that whoever shows this is the learner, nor what the issuer's word is "
    "worth. Compare every field above with what you were shown."
)

CHECKS: Mapping[Check, str] = {
    Check.FORMAT: "format",
    Check.ISSUER_TRUSTED: "trusted issuer",
    Check.SIGNATURE: "signature",
    Check.SCHEMA: "content",
    Check.ISSUER_MATCHES_KEY: "issuer's own key",
    Check.KEY_PERIOD: "period of the key",
    Check.VALIDITY: "period of validity",
    Check.STATUS: "withdrawal",
}

MARKS: Mapping[Outcome, str] = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.UNKNOWN: "?",
    Outcome.NOT_APPLICABLE: "–",
    Outcome.NOT_RUN: "·",
}

PASSED: Mapping[Check, str] = {
    Check.FORMAT: "It is complete and in the one allowed form.",
    Check.ISSUER_TRUSTED: "A key that you trust may have signed it.",
    Check.SIGNATURE: "It was signed with that key and not changed since.",
    Check.SCHEMA: "Everything in it is understood.",
    Check.ISSUER_MATCHES_KEY: "The key belongs to the issuer that it names.",
    Check.KEY_PERIOD: "It is dated within the time in which the key may sign.",
    Check.VALIDITY: "It is valid at the moment of checking.",
    Check.STATUS: "The issuer has not withdrawn it.",
}

REASONS: Mapping[Reason, str] = {
    Reason.OK: "In order.",
    Reason.NOT_REACHED: "Not checked, because of what was found before.",
    Reason.EMPTY_INPUT: "There is nothing to check.",
    Reason.TOO_LARGE: "It is larger than any certificate can be.",
    Reason.NO_FRAGMENT: "The link ends before its '#', so the certificate itself is missing.",
    Reason.DAMAGED_TEXT: "The link or code is mistyped, damaged, or no such link at all.",
    Reason.UNKNOWN_FORMAT: "This is not a signedcert link, code or token.",
    Reason.NEWER_FORMAT: "It was made by a newer version; a newer signedcert may read it.",
    Reason.DAMAGED_COMPRESSION: "The compressed part is damaged or cut off.",
    Reason.WRONG_PACKING: "It is packed in a form that is not allowed for its kind.",
    Reason.NOT_A_TOKEN: "These bytes are not a signed token.",
    Reason.NOT_DETERMINISTIC: "It is not written in the one allowed encoding.",
    Reason.MISSING_HEADER: "The signed header lacks the algorithm, the key id or the type.",
    Reason.EXTRA_HEADER: "The signed header has entries that do not belong there.",
    Reason.UNPROTECTED_HEADER: "It has a header that the signature does not cover.",
    Reason.WRONG_ALGORITHM: "It names another signature algorithm than the one allowed.",
    Reason.WRONG_TYPE: "It is neither a certificate nor a course record.",
    Reason.UNKNOWN_KEY: "No issuer that you trust lists the key it names.",
    Reason.ISSUER_DOCUMENT_STALE: "What is known of the issuer is out of date: fetch it anew.",
    Reason.ISSUER_DOCUMENT_REFUSED: "What is known of the issuer does not prove itself.",
    Reason.DATED_IN_FUTURE: "What is known of it is dated later than now: whose clock is wrong?",
    Reason.BUNDLE_STALE: "Your list of trusted issuers is out of date: get a newer one.",
    Reason.SIGNATURE_MISMATCH: "It was changed after signing, or signed with another key.",
    Reason.SCHEMA_VIOLATION: "The issuer signed content that breaks the rules for certificates.",
    Reason.UNKNOWN_FIELD: "It has a field that this version does not know; it may matter.",
    Reason.UNKNOWN_VALUE: "It has a value that this version does not know; it may matter.",
    Reason.OTHER_ISSUER: "It names an issuer, but another issuer's key signed it.",
    Reason.NO_KEY_PERIOD: "The issuer sets no time for this key.",
    Reason.BEFORE_KEY_PERIOD: "It is dated before the key was allowed to sign.",
    Reason.AFTER_KEY_PERIOD: "It is dated after the key's time was over.",
    Reason.KEY_RETIRED: "It is dated after the issuer retired the key.",
    Reason.KEY_COMPROMISED: "The key was stolen or lost: nothing that it signed can be relied on.",
    Reason.KEY_REVOKED: "The issuer revoked the key and gave no reason that would spare this.",
    Reason.KEY_COMPROMISED_VOUCHED: "The key was stolen later, but the issuer vouches for this.",
    Reason.ISSUED_IN_FUTURE: "It is dated in the future.",
    Reason.NOT_YET_VALID: "It becomes valid only later.",
    Reason.EXPIRED: "It has expired.",
    Reason.NO_STATUS_REFERENCE: "The issuer made it so that it cannot be withdrawn.",
    Reason.STATUS_LIST_MISSING: "Whether it was withdrawn is not known: the list is not at hand.",
    Reason.STATUS_LIST_REFUSED: "Whether it was withdrawn is not known: the list is not genuine.",
    Reason.STATUS_LIST_STALE: "Whether it was withdrawn is not known: the list is out of date.",
    Reason.STATUS_OUT_OF_RANGE: "The issuer's list has no place for it.",
    Reason.STATUS_UNKNOWN: "The issuer gives it a status that this version does not know.",
    Reason.REVOKED: "The issuer has withdrawn it for good.",
    Reason.SUSPENDED: "The issuer has suspended it; it may be reinstated.",
    Reason.UNTRUSTED_ROOT: "It is not signed by a root key that you trust.",
    Reason.BROKEN_HANDOVER: "The chain of the issuer's root keys is broken.",
    Reason.ROLLBACK: "It is older than what is known already.",
    Reason.FORK: "There are two different documents of one version.",
}


def sentence(finding: Finding) -> str:
    """What a finding means, in one sentence."""
    return PASSED[finding.check] if finding.reason is Reason.OK else REASONS[finding.reason]
