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
    Check.AUDIENCE: "prepared for you",
    Check.HOLDER: "shared by the learner",
    Check.SHARE_VALIDITY: "period of the link",
    Check.SHARE_STATUS: "reset of the link",
    Check.RECORD_LINK: "belongs to the certificate",
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
    Check.AUDIENCE: "It was prepared for you.",
    Check.HOLDER: "Whoever holds the record's share key chose what it shows.",
    Check.SHARE_VALIDITY: "The link is good at the moment of checking.",
    Check.SHARE_STATUS: "The learner has not reset the link.",
    Check.RECORD_LINK: "The certificate names this very course record.",
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
    Reason.SEALED_FILE_MISSING: "Its sealed file is not at hand: signedcert share open gets it.",
    Reason.SEALED_FILE_REFUSED: "The sealed file is not the one that the link opens, or damaged.",
    Reason.UNKNOWN_KEY: "No issuer that you trust lists the key it names.",
    Reason.ISSUER_DOCUMENT_STALE: "What is known of the issuer is out of date: fetch it anew.",
    Reason.ISSUER_DOCUMENT_REFUSED: "What is known of the issuer does not prove itself.",
    Reason.DATED_IN_FUTURE: "What is known of it is dated later than now: whose clock is wrong?",
    Reason.BUNDLE_STALE: "Your list of trusted issuers is out of date: get a newer one.",
    Reason.SIGNATURE_MISMATCH: "It was changed after signing, or signed with another key.",
    Reason.SCHEMA_VIOLATION: "The issuer signed content that breaks the rules.",
    Reason.UNKNOWN_FIELD: "It has a field that this version does not know; it may matter.",
    Reason.UNKNOWN_VALUE: "It has a value that this version does not know; it may matter.",
    Reason.DISCLOSURE_MISMATCH: "It shows something that the issuer did not sign.",
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
    Reason.NO_SHARE: "It is the record itself, not a share of it.",
    Reason.AUDIENCE_NOT_ASKED: "You did not say who you are.",
    Reason.OTHER_AUDIENCE: "It was prepared for somebody else.",
    Reason.NOT_PRESENTED: "Nobody says with the record's share key that it is shown to you.",
    Reason.HOLDER_MISMATCH: "What it shows was not chosen with the record's share key.",
    Reason.SHARE_ISSUED_IN_FUTURE: "The link is dated in the future.",
    Reason.SHARE_OUTSIDE_RECORD: "The link claims a time in which the record is not valid.",
    Reason.SHARE_EXPIRED: "The link has ended; the record may well be valid. Ask for a new link.",
    Reason.NO_RECORD_ID: "The certificate names no course record.",
    Reason.OTHER_RECORD: "The certificate names another course record than this one.",
    Reason.UNTRUSTED_ROOT: "It is not signed by a root key that you trust.",
    Reason.BROKEN_HANDOVER: "The chain of the issuer's root keys is broken.",
    Reason.ROLLBACK: "It is older than what is known already.",
    Reason.FORK: "There are two different documents of one version.",
}


#: A record that was issued anew, because all of its shares were reset, is revoked as well.
_RECORD_REVOKED = "The issuer has withdrawn this record, or issued it anew: ask for a new link."

#: Of the link of a share, the same reasons mean something else than of the record.
_OF_SHARE: Mapping[Reason, str] = {
    Reason.NO_STATUS_REFERENCE: "The issuer made the record so that its links cannot be reset.",
    Reason.REVOKED: "The learner has reset the link. The record may well be valid: ask anew.",
    Reason.SUSPENDED: "The link is suspended. The record may well be valid.",
    Reason.STATUS_LIST_MISSING: "Whether the link was reset is not known: no list is at hand.",
    Reason.STATUS_LIST_REFUSED: "Whether the link was reset is not known: the list is not genuine.",
    Reason.STATUS_LIST_STALE: "Whether the link was reset is not known: the list is out of date.",
}

#: What the learner signed is not the issuer's fault.
_OF_HOLDER: Mapping[Reason, str] = {
    Reason.NOT_DETERMINISTIC: "What the learner signed is not written in the one allowed encoding.",
    Reason.SCHEMA_VIOLATION: "What the learner signed breaks the rules for shares.",
}


def sentence(finding: Finding, *, of_record: bool = False) -> str:
    """What a finding means, in one sentence.

    :param of_record: whether it is about a course record or a share of one.
    """
    if finding.reason is Reason.OK:
        return PASSED[finding.check]
    if of_record and finding.check is Check.STATUS and finding.reason is Reason.REVOKED:
        return _RECORD_REVOKED
    if finding.check is Check.HOLDER and finding.reason in _OF_HOLDER:
        return _OF_HOLDER[finding.reason]
    if finding.check is Check.SHARE_STATUS and finding.reason in _OF_SHARE:
        return _OF_SHARE[finding.reason]
    return REASONS[finding.reason]


def prepared_for(audience: str) -> str:
    """What to say of a share's audience to whoever did not say who they are."""
    return f"Prepared for {audience}. If that is not you, ask the learner."
