"""Every exception that this library raises on purpose, and the closed set of reasons.

::

    SignedCertError
    ├── DecodeError      bytes or text that are not what they claim to be; ``.reason`` says how
    ├── EncodeError      a statement or text that cannot be written in the wire format
    ├── TrustError       published keys or lists that cannot be used; ``.reason`` may say why
    ├── ShareError       a course record or share that cannot be made as asked
    ├── SignerError      a signer that failed, or returned a signature that does not verify
    ├── KeyFileError     a key file that cannot be read: wrong passphrase, other algorithm
    ├── WorkspaceError   an issuer's folder that is none, or of another version (``workspace/``)
    ├── LedgerError      its ledger: of another version, damaged, or what was asked contradicts it
    ├── FetchError       published files that could not be fetched (``fetch/``)
    │   ├── NotFoundError     there is nothing at that URL
    │   └── UnavailableError  the server cannot be reached, or not now
    ├── PictureError     a picture that cannot be read, or has no QR code in it (``qr/``)
    ├── RosterError      a roster, or its mapping, that cannot be read (``bulk/roster/``)
    ├── PresentedError   a table of links or tokens that cannot be read (``bulk/presented/``)
    ├── PositionsError   a roster on a cluster whose rows have no sure positions (``bulk/``)
    └── RunError         a run over a roster that cannot begin, or cannot go on (``bulk/run/``)

Wrong values given to a model's constructor raise :class:`pydantic.ValidationError`, which is a
:class:`ValueError` and names each field. Mistakes of the caller's own (a naive ``now``, text where
bytes belong) raise :class:`ValueError` or :class:`TypeError`.

None of them ever carries a private key or an unverified payload.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why something was refused, or why a check came out as it did.

    A closed set, the same in every implementation (docs/spec.md, section 9). Words for people live
    at the edges.
    """

    OK = "ok"
    NOT_REACHED = "not_reached"
    # FORMAT
    EMPTY_INPUT = "empty_input"
    TOO_LARGE = "too_large"
    NO_FRAGMENT = "no_fragment"
    DAMAGED_TEXT = "damaged_text"
    UNKNOWN_FORMAT = "unknown_format"
    NEWER_FORMAT = "newer_format"
    DAMAGED_COMPRESSION = "damaged_compression"
    WRONG_PACKING = "wrong_packing"
    NOT_A_TOKEN = "not_a_token"  # noqa: S105  # a name, not a secret
    NOT_DETERMINISTIC = "not_deterministic"  # also SCHEMA
    MISSING_HEADER = "missing_header"
    EXTRA_HEADER = "extra_header"
    UNPROTECTED_HEADER = "unprotected_header"
    WRONG_ALGORITHM = "wrong_algorithm"
    WRONG_TYPE = "wrong_type"
    SEALED_FILE_MISSING = "sealed_file_missing"
    SEALED_FILE_REFUSED = "sealed_file_refused"
    # ISSUER_TRUSTED
    UNKNOWN_KEY = "unknown_key"
    ISSUER_DOCUMENT_STALE = "issuer_document_stale"
    ISSUER_DOCUMENT_REFUSED = "issuer_document_refused"
    BUNDLE_STALE = "bundle_stale"
    DATED_IN_FUTURE = "dated_in_future"  # also STATUS
    # SIGNATURE
    SIGNATURE_MISMATCH = "signature_mismatch"
    # SCHEMA
    SCHEMA_VIOLATION = "schema_violation"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_VALUE = "unknown_value"
    DISCLOSURE_MISMATCH = "disclosure_mismatch"
    # ISSUER_MATCHES_KEY
    OTHER_ISSUER = "other_issuer"
    # KEY_PERIOD
    NO_KEY_PERIOD = "no_key_period"
    BEFORE_KEY_PERIOD = "before_key_period"
    AFTER_KEY_PERIOD = "after_key_period"
    KEY_RETIRED = "key_retired"
    KEY_COMPROMISED = "key_compromised"
    KEY_REVOKED = "key_revoked"
    KEY_COMPROMISED_VOUCHED = "key_compromised_vouched"
    # VALIDITY
    ISSUED_IN_FUTURE = "issued_in_future"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    # STATUS
    NO_STATUS_REFERENCE = "no_status_reference"
    STATUS_LIST_MISSING = "status_list_missing"
    STATUS_LIST_REFUSED = "status_list_refused"
    STATUS_LIST_STALE = "status_list_stale"
    STATUS_OUT_OF_RANGE = "status_out_of_range"
    STATUS_UNKNOWN = "status_unknown"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    # AUDIENCE
    NO_SHARE = "no_share"  # also SHARE_VALIDITY and SHARE_STATUS
    AUDIENCE_NOT_ASKED = "audience_not_asked"
    OTHER_AUDIENCE = "other_audience"
    # HOLDER; also not_deterministic, schema_violation, unknown_field
    NOT_PRESENTED = "not_presented"
    HOLDER_MISMATCH = "holder_mismatch"
    # SHARE_VALIDITY
    SHARE_ISSUED_IN_FUTURE = "share_issued_in_future"
    SHARE_OUTSIDE_RECORD = "share_outside_record"
    SHARE_EXPIRED = "share_expired"
    # RECORD_LINK
    NO_RECORD_ID = "no_record_id"
    OTHER_RECORD = "other_record"
    # No finding: why a trust store takes a document or list not in (TrustError)
    UNTRUSTED_ROOT = "untrusted_root"
    BROKEN_HANDOVER = "broken_handover"
    ROLLBACK = "rollback"
    FORK = "fork"


class SignedCertError(Exception):
    """The root of the tree."""


class DecodeError(SignedCertError):
    """Bytes or text that are not in the wire format.

    :param reason: which rule was broken.
    :param message: a sentence for people, without any of the refused content.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class EncodeError(SignedCertError):
    """A statement that cannot be written: too large for a token. Or a page that is no URL."""


class TrustError(SignedCertError):
    """Published keys, documents or lists that cannot be used; nothing was taken in.

    :param message: a sentence for people.
    :param reason: which rule was broken, where the format names it.
    """

    def __init__(self, message: str, reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class ShareError(SignedCertError):
    """A course record or a share that cannot be made as asked; the message says what to do."""


class SignerError(SignedCertError):
    """A signer failed, or the signature it returned does not verify under its public key."""


class KeyFileError(SignedCertError):
    """A file of a key that could not be read. The message never quotes the file."""
