"""What a trust store holds of one issuer, and what comes out when it is opened."""

from datetime import datetime
from typing import NamedTuple

from signedcert.crypto.keys import PublicKey
from signedcert.errors import Reason, TrustError
from signedcert.model.issuer_document import IssuerDocument, KeyEnd, KeyUse, SigningKey
from signedcert.trust import jwks
from signedcert.trust.chain import Pin, open_document
from signedcert.trust.key_entry import KeyEntry, Revocation


class Listing(NamedTuple):
    """How long somebody vouches that an issuer belongs into a trust store.

    :ivar issued_at: when that was said.
    :ivar next_update: until when it holds.
    """

    issued_at: datetime
    next_update: datetime


class Holding(NamedTuple):
    """One issuer in a trust store, as bytes that prove themselves when they are opened.

    :ivar issuer: host and optional path.
    :ivar pin: the roots relied on; None where the issuer is trusted by a JWK Set alone.
    :ivar published: its issuer document, or its JWK Set.
    :ivar lists: its status lists, by number, as tokens.
    :ivar listed: until when whoever gave it to this store vouches for it; None: without end.
    """

    issuer: str
    pin: Pin | None
    published: bytes
    lists: tuple[tuple[int, bytes], ...] = ()
    listed: Listing | None = None


class Opened(NamedTuple):
    """An issuer whose published keys were verified.

    :ivar entries: the keys that sign statements.
    :ivar status_keys: the keys that sign status lists; of a final document, its roots alone.
    :ivar issued_at: when the keys were published, or None where a key set does not say.
    :ivar next_update: when they grow stale, or None where they never do.
    :ivar document: the issuer document; None for a JWK Set.
    :ivar listed: until when somebody vouches that the issuer belongs into the store, or None.
    """

    entries: tuple[KeyEntry, ...]
    status_keys: tuple[KeyEntry, ...]
    issued_at: datetime | None
    next_update: datetime | None
    document: IssuerDocument | None
    listed: Listing | None = None


def earlier(one: Listing | None, other: Listing | None) -> Listing | None:
    """The one that ends first."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=lambda listing: listing.next_update)


def open_holding(holding: Holding) -> Opened:
    """Verifies what is held of an issuer.

    :raises TrustError: when it does not lead back to the pinned roots, or is damaged.
    """
    if holding.pin is None:
        return _opened_key_set(holding)
    document, _ = open_document(holding.published, holding.pin)
    if document.issuer != holding.issuer:
        raise TrustError(
            f"the issuer document is {document.issuer}'s, not {holding.issuer}'s",
            Reason.OTHER_ISSUER,
        )
    return opened(document)


def opened(document: IssuerDocument) -> Opened:
    """The keys of a verified issuer document. Keys of kinds not known are skipped."""
    entries: dict[KeyUse, list[KeyEntry]] = {use: [] for use in KeyUse}
    for key in document.keys:
        if isinstance(key.key, bytes):
            entries[key.use].append(_entry(document.issuer, PublicKey(key.key), key))
    if document.final:
        # The last lists of all are the roots' own. A list by another key would grow stale.
        entries[KeyUse.STATUS] = [
            KeyEntry(document.issuer, PublicKey(root))
            for root in document.roots
            if isinstance(root, bytes)
        ]
    return Opened(
        tuple(entries[KeyUse.STATEMENTS]),
        tuple(entries[KeyUse.STATUS]),
        document.issued_at,
        document.next_update,
        document,
    )


def kids_of(opened: Opened) -> frozenset[bytes]:
    """The kids of all keys, by which a store finds the issuer (docs/spec.md, section 13.1)."""
    keys = {each.public_key for each in (*opened.entries, *opened.status_keys)}
    if opened.document is not None:
        # The status keys of a final document sign nothing any more, and are named all the same.
        raw = [key.key for key in opened.document.keys]
        keys |= {PublicKey(key) for key in raw if isinstance(key, bytes)}
    return frozenset(key.kid for key in keys)


def _opened_key_set(holding: Holding) -> Opened:
    document = jwks.parse_jwks(holding.published)
    if (named := jwks.issuer_of(document)) not in (None, holding.issuer):
        raise TrustError(
            f"the key set says that it is {named}'s, not {holding.issuer}'s", Reason.OTHER_ISSUER
        )
    entries = jwks.entries(document, holding.issuer)
    seen = set()
    for entry in entries:
        if entry.public_key in seen:
            raise TrustError(f"the key set lists the key {entry.public_key.kid.hex()} twice")
        seen.add(entry.public_key)
    return Opened(entries, (), jwks.published_at(document), None, None)


def _entry(issuer: str, public_key: PublicKey, key: SigningKey) -> KeyEntry:
    revocation, revoked_at, vouched = None, None, b""
    if (ended := key.revocation) is not None:
        compromised = ended.end is KeyEnd.COMPROMISED
        revocation = Revocation.COMPROMISED if compromised else Revocation.SUPERSEDED
        revoked_at, vouched = ended.since, ended.vouched or b""
    return KeyEntry(
        issuer, public_key, key.valid_from, key.valid_until, revocation, revoked_at, vouched
    )
