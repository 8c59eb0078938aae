"""What a verifier trusts: issuers and their published keys, as an immutable value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from signedcert.crypto.keys import PublicKey
from signedcert.errors import TrustError
from signedcert.trust import jwks
from signedcert.trust.key_entry import KeyEntry


@dataclass(frozen=True, slots=True)
class Trust:
    """Issuers and their keys. Every method that adds returns a new value.

    :ivar published: each trusted issuer, and when the keys known of it were published, or None
        where the key set does not say.
    """

    published: Mapping[str, datetime | None] = field(default_factory=lambda: MappingProxyType({}))
    _by_kid: Mapping[bytes, tuple[KeyEntry, ...]] = field(
        default_factory=lambda: MappingProxyType({}), repr=False
    )

    def __reduce__(self) -> tuple[Any, ...]:
        # A mappingproxy cannot be pickled, and trust travels to the workers of a batch.
        return _trust, (dict(self.published), dict(self._by_kid))

    @classmethod
    def empty(cls) -> Self:
        """Nobody is trusted: no token can be more than INDETERMINATE."""
        return cls()

    @classmethod
    def from_jwks(cls, issuer: str, data: bytes) -> Self:
        """The keys of one issuer, as published in its JWK Set.

        Whoever calls this vouches that the bytes are that issuer's: read from its own site over
        HTTPS, or handed over.

        :param issuer: host and optional path, as in :attr:`Certificate.issuer`.
        :param data: the JWK Set (RFC 7517) in UTF-8.
        :raises TrustError: when it is not a JWK Set, has a private key in it, or says that it is
            another issuer's.
        """
        return cls.empty().with_jwks(issuer, data)

    def with_jwks(self, issuer: str, data: bytes) -> Self:
        """This trust and one issuer's keys more; see :meth:`from_jwks`.

        :raises TrustError: as there, and when the issuer is trusted already.
        """
        if not isinstance(data, bytes):
            raise TypeError("data must be the bytes of a JWK Set")
        document = jwks.parse_jwks(data)
        name = jwks.checked_issuer(issuer)
        if (named := jwks.issuer_of(document)) not in (None, name):
            raise TrustError(f"the key set says that it is {named}'s, not {name}'s")
        if name in self.published:
            raise TrustError(f"{name} is trusted already, with other keys perhaps")
        by_kid = dict(self._by_kid)
        for entry in jwks.entries(document, name):
            kid = entry.public_key.kid
            if any(
                entry.public_key == other.public_key
                for other in by_kid.get(kid, ())
                if other.issuer == name
            ):
                raise TrustError(f"the key set lists the key {kid.hex()} twice")
            by_kid[kid] = (*by_kid.get(kid, ()), entry)
        published = {**self.published, name: jwks.published_at(document)}
        return type(self)(MappingProxyType(published), MappingProxyType(by_kid))

    def keys_for(self, kid: bytes) -> tuple[KeyEntry, ...]:
        """Every key of every issuer that has this kid; a kid is no more than a hint."""
        return self._by_kid.get(kid, ())

    @property
    def keys(self) -> tuple[KeyEntry, ...]:
        """Every key of every issuer."""
        return tuple(entry for entries in self._by_kid.values() for entry in entries)


def _trust(
    published: dict[str, datetime | None], by_kid: dict[bytes, tuple[KeyEntry, ...]]
) -> Trust:
    return Trust(MappingProxyType(published), MappingProxyType(by_kid))


def distinct_keys(entries: tuple[KeyEntry, ...]) -> tuple[PublicKey, ...]:
    """The public keys of entries, each once."""
    if len(entries) == 1:
        return (entries[0].public_key,)
    return tuple(dict.fromkeys(entry.public_key for entry in entries))
