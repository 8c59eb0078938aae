"""Every exception that this library raises on purpose, and the closed set of reasons.

::

    SignedCertError
    ├── DecodeError      bytes or text that are not what they claim to be; ``.reason`` says how
    ├── EncodeError      a statement or text that cannot be written in the wire format
    ├── TrustError       published keys or lists that cannot be used; ``.reason`` may say why
    ├── SignerError      a signer that failed, or returned a signature that does not verify
    ├── KeyFileError     a key file that cannot be read: wrong passphrase, other algorithm
    ├── WorkspaceError   an issuer's folder that is none, or of another version (``workspace/``)
    ├── LedgerError      its ledger: of another version, damaged, or what was asked contradicts it
    ├── FetchError       published files that could not be fetched (``fetch/``)
    │   ├── NotFoundError     there is nothing at that URL
    │   └── UnavailableError  the server cannot be reached, or not now
    └── PictureError     a picture that cannot be read, or has no QR code in it (``qr/``)

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


class SignerError(SignedCertError):
    """A signer failed, or the signature it returned does not verify under its public key."""


class KeyFileError(SignedCertError):
    """A file of a key that could not be read. The message never quotes the file."""
