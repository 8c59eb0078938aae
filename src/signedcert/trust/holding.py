"""What a trust store holds of one issuer, and what comes out when it is opened."""

from datetime import datetime
from typing import NamedTuple

from signedcert.crypto.keys import PublicKey
from signedcert.errors import Reason, TrustError
from signedcert.model.issuer_document import IssuerDocument, KeyEnd, KeyUse, SigningKey
from signedcert.trust import jwks
from signedcert.trust.chain import Pin, open_document
from signedcert.trust.key_entry import KeyEntry, Revocation


class Holding(NamedTuple):
    """One issuer in a trust store, as bytes that prove themselves when they are opened.

    :ivar issuer: host and optional path.
    :ivar pin: the roots relied on; None where the issuer is trusted by a JWK Set alone.
    :ivar published: its issuer document, or its JWK Set.
    :ivar lists: its status lists, by number, as tokens.
    """

    issuer: str
    pin: Pin | None
    published: bytes
    lists: tuple[tuple[int, bytes], ...] = ()


class Opened(NamedTuple):
    """An issuer whose published keys were verified.

    :ivar entries: the keys that sign statements.
    :ivar status_keys: the keys that sign status lists; in a final document its roots too.
    :ivar issued_at: when the keys were published, or None where a key set does not say.
    :ivar next_update: when they grow stale, or None where they never do.
    :ivar document: the issuer document; None for a JWK Set.
    """

    entries: tuple[KeyEntry, ...]
    status_keys: tuple[KeyEntry, ...]
    issued_at: datetime | None
    next_update: datetime | None
    document: IssuerDocument | None


def open_holding(holding: Holding) -> Opened:
    """Verifies what is held of an issuer.

    :raises TrustError: when it does not lead back to the pinned roots, or is damaged.
    """
    if holding.pin is None:
        document = jwks.parse_jwks(holding.published)
        entries = jwks.entries(document, holding.issuer)
        return Opened(entries, (), jwks.published_at(document), None, None)
    document_, _ = open_document(holding.published, holding.pin)
    if document_.issuer != holding.issuer:
        raise TrustError(
            f"the issuer document is {document_.issuer}'s, not {holding.issuer}'s",
            Reason.OTHER_ISSUER,
        )
    return opened(document_)


def opened(document: IssuerDocument) -> Opened:
    """The keys of a verified issuer document. Keys of kinds not known are skipped."""
    entries = tuple(
        _entry(document.issuer, key) for key in document.keys if isinstance(key.key, bytes)
    )
    statements = [
        entry
        for entry, key in zip(entries, _known(document), strict=True)
        if key.use is KeyUse.STATEMENTS
    ]
    status = [entry for entry in entries if entry not in statements]
    if document.final:
        status += [
            KeyEntry(document.issuer, PublicKey(root))
            for root in document.roots
            if isinstance(root, bytes)
        ]
    return Opened(
        tuple(statements), tuple(status), document.issued_at, document.next_update, document
    )


def kids_of(opened: Opened) -> frozenset[bytes]:
    """The kids of all keys, by which a store finds the issuer."""
    return frozenset(each.public_key.kid for each in (*opened.entries, *opened.status_keys))


def _known(document: IssuerDocument) -> list[SigningKey]:
    return [key for key in document.keys if isinstance(key.key, bytes)]


def _entry(issuer: str, key: SigningKey) -> KeyEntry:
    assert isinstance(key.key, bytes)
    revocation, revoked_at, vouched = None, None, b""
    if (ended := key.revocation) is not None:
        compromised = ended.end is KeyEnd.COMPROMISED
        revocation = Revocation.COMPROMISED if compromised else Revocation.SUPERSEDED
        revoked_at, vouched = ended.since, ended.vouched or b""
    return KeyEntry(
        issuer, PublicKey(key.key), key.valid_from, key.valid_until, revocation, revoked_at, vouched
    )
