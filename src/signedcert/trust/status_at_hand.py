"""Status lists that a trust store holds: whose they are, whether they count, until when."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from signedcert.codec.framing import ED25519
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.errors import DecodeError, Reason, TrustError
from signedcert.model.issuer_document import IssuerDocument
from signedcert.trust.holding import Opened
from signedcert.trust.key_entry import KeyEntry
from signedcert.trust.status_list import StatusList, inflate_list
from signedcert.trust.status_token import Envelope, StatusToken, parse_claims, parse_envelope

#: How long a list counts that says neither when it expires nor how long it may be kept.
LIFETIME: Final = timedelta(days=7)


class StatusAtHand(NamedTuple):
    """A status list whose signature, subject and key were verified.

    :ivar statuses: the list, inflated.
    :ivar issued_at: when it was true.
    :ivar not_before: until when it must not be used, or None.
    :ivar fresh_until: from when on it is stale, or None where it never is.
    """

    statuses: StatusList
    issued_at: datetime
    not_before: datetime | None
    fresh_until: datetime | None


def number_of(token: bytes, opened: Opened) -> tuple[int, datetime]:
    """Which of the issuer's lists a token is, and when it was issued.

    :raises TrustError: when it is none of its lists.
    """
    claims, _ = _verified(token, opened)
    document = _document(opened)
    number = document.status_list_number(claims.subject)
    if number is None:
        raise TrustError(
            f"the status list says that it is {claims.subject}, which is none of "
            f"{document.issuer}'s",
            Reason.STATUS_LIST_REFUSED,
        )
    return number, claims.issued_at


def open_list(token: bytes, opened: Opened, number: int) -> StatusAtHand:
    """The list of a number, inflated.

    :raises TrustError: when the token is not that list, or not signed by a key of its issuer that
        may sign lists.
    """
    claims, by_root = _verified(token, opened)
    if claims.subject != _document(opened).status_list_uri(number):
        raise TrustError(
            f"the status list says that it is {claims.subject}", Reason.STATUS_LIST_REFUSED
        )
    try:
        statuses = inflate_list(claims.lst, claims.bits)
    except DecodeError as error:
        raise TrustError(f"the status list: {error}", error.reason) from error
    return StatusAtHand(statuses, claims.issued_at, claims.not_before, _end(claims, by_root))


def _end(claims: StatusToken, by_root: bool) -> datetime | None:
    """When it grows stale. Its own end outranks its ttl (the draft, section 8.3)."""
    if claims.expires_at is not None:
        return claims.expires_at
    if by_root:  # roots sign only the lists of a closed issuer
        return None
    try:
        return claims.issued_at + (LIFETIME if claims.ttl is None else claims.ttl)
    except OverflowError:  # within a week of the year 10000
        return claims.issued_at


def _verified(token: bytes, opened: Opened) -> tuple[StatusToken, bool]:
    try:
        envelope = parse_envelope(token)
        entry = _signer_of(envelope, opened)
        claims = parse_claims(envelope.payload)
    except DecodeError as error:
        raise TrustError(f"the status list: {error}", error.reason) from error
    if not _may_sign(entry, claims.issued_at):
        raise TrustError(
            "the status list is dated outside the period of its key, or the key was compromised",
            Reason.STATUS_LIST_REFUSED,
        )
    return claims, entry.not_before is None


def _signer_of(envelope: Envelope, opened: Opened) -> KeyEntry:
    # Without a kid, every key would have to be tried on a message of up to 16 MiB.
    candidates = [each for each in opened.status_keys if each.public_key.kid == envelope.kid]
    if envelope.algorithm == ED25519 and candidates:
        message = envelope.to_be_signed()
        for entry in candidates:
            if ed25519_verify(entry.public_key.raw, message, envelope.signature):
                return entry
    raise TrustError(
        "the status list is not signed by a key of its issuer that signs lists",
        Reason.STATUS_LIST_REFUSED,
    )


def _may_sign(entry: KeyEntry, at: datetime) -> bool:
    return (
        not entry.compromised
        and (entry.not_before is None or entry.not_before <= at)
        and (entry.not_after is None or at < entry.not_after)
        and (entry.revoked_at is None or at < entry.revoked_at)
    )


def _document(opened: Opened) -> IssuerDocument:
    # Key sets have no keys for lists, so what was verified came from a document.
    assert opened.document is not None
    return opened.document
