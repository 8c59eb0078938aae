"""What a verifier trusts: issuers, their published keys and status lists, as an immutable value."""

from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError
from datetime import datetime
from types import MappingProxyType
from typing import Any, NoReturn, Self

from signedcert.crypto.keys import PublicKey
from signedcert.errors import TrustError
from signedcert.model.times import Moment
from signedcert.trust import jwks
from signedcert.trust.additions import with_document, with_holding, with_list, without
from signedcert.trust.bundle import Bundle, decode_bundle, encode_bundle, verified_bundle
from signedcert.trust.holding import Holding, Opened
from signedcert.trust.key_entry import KeyEntry
from signedcert.trust.merging import merged
from signedcert.trust.opened_bundle import OpenedBundle, Problem
from signedcert.trust.status_at_hand import StatusAtHand

_NOBODY = Bundle({}, {}, None, None)


class Trust:
    """Issuers, their keys and their status lists. Every method that adds returns a new value.

    What a bundle holds of an issuer is verified when it is first needed, and remembered; that is
    the only thing about a value that changes, and it shows in nothing but time.
    """

    __slots__ = ("_bundle", "_opened", "keys_for")

    _bundle: Bundle
    _opened: OpenedBundle
    #: Every key for statements that has a kid, which is no more than a hint.
    keys_for: Callable[[bytes], tuple[KeyEntry, ...]]

    def __init__(self, bundle: Bundle = _NOBODY) -> None:
        """:param bundle: see :meth:`empty`, :meth:`from_jwks` and :meth:`from_bundle`."""
        _set = object.__setattr__
        _set(self, "_bundle", bundle)
        _set(self, "_opened", OpenedBundle(bundle))
        _set(self, "keys_for", self._opened.keys_for)

    # Making

    @classmethod
    def empty(cls) -> Self:
        """Nobody is trusted: no token can be more than INDETERMINATE."""
        return cls()

    @classmethod
    def from_jwks(cls, issuer: str, data: bytes) -> Self:
        """The keys of one issuer, as published in its JWK Set.

        Whoever calls this vouches that the bytes are that issuer's: read from its own site over
        HTTPS, or handed over. A JWK Set lists no status lists, and never grows stale.

        :param issuer: host and optional path, as in :attr:`Certificate.issuer`.
        :param data: the JWK Set (RFC 7517) in UTF-8.
        :raises TrustError: when it is not a JWK Set, has a private key in it, or says that it is
            another issuer's.
        """
        return cls.empty().with_jwks(issuer, data)

    @classmethod
    def from_bundle(cls, data: bytes) -> Self:
        """The trust store that :meth:`to_bundle` wrote. Whoever calls this vouches for the bytes.

        :raises TrustError: when it is none, truncated, damaged, or signed by a list operator. What
            is wrong with single issuers in it is told by :meth:`problems`; the others count.
        """
        _check_bytes(data)
        return cls(decode_bundle(data))

    @classmethod
    def from_signed_bundle(cls, data: bytes, operator_key: PublicKey | bytes) -> Self:
        """The trust store that a list operator signed, who chose the issuers in it.

        :param operator_key: the operator's Ed25519 public key; as bytes, 32 of them.
        :raises TrustError: when that key did not sign it, or as :meth:`from_bundle` does.
        """
        _check_bytes(data)
        raw = operator_key.raw if isinstance(operator_key, PublicKey) else operator_key
        return cls(decode_bundle(verified_bundle(data, PublicKey(raw).raw)))

    def with_jwks(self, issuer: str, data: bytes) -> Self:
        """This trust and one issuer's keys more; see :meth:`from_jwks`.

        :raises TrustError: as there, and when the issuer is trusted already.
        """
        _check_bytes(data)
        name = jwks.checked_issuer(issuer)
        if name in self._bundle.holdings:
            raise TrustError(f"{name} is trusted already, with other keys perhaps")
        return type(self)(with_holding(self._bundle, Holding(name, None, data)))

    def with_issuer_document(
        self, data: bytes, pinned_root: PublicKey | bytes | None = None
    ) -> Self:
        """This trust and an issuer, or a newer document of an issuer that it knows.

        :param data: the issuer document, as published at ``.well-known/signedcert/issuer.cbor``.
        :param pinned_root: a root key of the issuer, learned from somewhere else than the document:
            the key, its 32 bytes, or its 32-byte thumbprint (RFC 9679). Needed for an issuer that
            is not known yet. For one that is, its roots are pinned already.
        :raises TrustError: with ``untrusted_root`` or ``broken_handover`` when the document does
            not lead back to the pinned root; with ``rollback`` or ``fork`` when it is older than
            the one that is known, or another one of the same version; with a reason of the format
            when it breaks the format.
        """
        _check_bytes(data)
        root = pinned_root.raw if isinstance(pinned_root, PublicKey) else pinned_root
        if root is not None and (not isinstance(root, bytes) or len(root) != 32):
            raise ValueError("pinned_root is a PublicKey, or 32 bytes: the key or its thumbprint")
        return type(self)(with_document(self._bundle, data, root))

    def with_status_list(self, data: bytes, issuer: str | None = None) -> Self:
        """This trust and a status list more, in place of an older one of the same number.

        :param data: a Status List Token in CWT form (draft-ietf-oauth-status-list) with a kid.
        :param issuer: whose list it must be; None: that of whoever has signed it.
        :raises TrustError: when it is not signed by a key for status lists of an issuer that is
            trusted by its document, names a list that is not that issuer's, or is older than the
            one that is known (``rollback``).
        """
        _check_bytes(data)
        return type(self)(with_list(self._bundle, data, issuer))

    def with_trust(self, other: "Trust") -> Self:
        """Both together. Of an issuer that both know, the newer document and lists count.

        Where a bundle has an end, that goes with its issuers, and not with those of the other.

        :raises TrustError: when they rely on different roots or keys of one issuer.
        """
        return type(self)(merged(self._bundle, other._bundle))

    def without(self, issuer: str) -> Self:
        """This trust without one issuer.

        :raises TrustError: when it is not in it.
        """
        return type(self)(without(self._bundle, issuer))

    def to_bundle(
        self, *, issued_at: datetime | None = None, next_update: datetime | None = None
    ) -> bytes:
        """The trust store as one file, which :meth:`from_bundle` reads. Same content, same bytes.

        :param issued_at: when it was made, to the second; unless given, what this one says.
        :param next_update: past this moment, nothing in it is VALID any more; likewise.
        :raises ValueError: for a moment without a time zone or outside the years 1970 to 9999, or
            an end without a beginning.
        :raises EncodeError: when it would be larger than a gigabyte.
        """
        bundle = self._bundle
        if issued_at is not None:
            bundle = bundle._replace(issued_at=Moment().check(issued_at))
        if next_update is not None:
            bundle = bundle._replace(next_update=Moment().check(next_update))
        if bundle.next_update is not None and bundle.issued_at is None:
            raise ValueError("next_update needs issued_at: an end says nothing without its date")
        return encode_bundle(bundle)

    # Asking

    @property
    def issuers(self) -> tuple[str, ...]:
        """The issuers, in order."""
        return tuple(sorted(self._bundle.holdings))

    @property
    def issued_at(self) -> datetime | None:
        """When the bundle that this came from was made, or None."""
        return self._bundle.issued_at

    @property
    def next_update(self) -> datetime | None:
        """When the bundle that this came from grows stale, or None."""
        return self._bundle.next_update

    @property
    def keys(self) -> tuple[KeyEntry, ...]:
        """Every key for statements, of every issuer that can be used. Verifies all of them."""
        opened = (self.open_issuer(issuer) for issuer in self._bundle.holdings)
        return tuple(entry for each in opened if isinstance(each, Opened) for entry in each.entries)

    def holding(self, issuer: str) -> Holding | None:
        """What is held of an issuer, as bytes, or None."""
        return self._bundle.holdings.get(issuer)

    @property
    def published(self) -> Mapping[str, datetime | None]:
        """When each issuer's keys were published, or None where that is not known."""
        found = {issuer: self.open_issuer(issuer) for issuer in self.issuers}
        return MappingProxyType(
            {
                issuer: each.issued_at if isinstance(each, Opened) else None
                for issuer, each in found.items()
            }
        )

    def open_issuer(self, issuer: str) -> Opened | TrustError:
        """What is known of an issuer, verified once; or why it cannot be used.

        :raises KeyError: for an issuer that is not in it.
        """
        return self._opened.issuer(issuer)

    def is_refused(self, kid: bytes) -> bool:
        """Whether an issuer that may have a key of this kid cannot be used."""
        return self._opened.is_refused(kid)

    def is_unusable(self, issuer: str) -> bool:
        """Whether an issuer is in it, but what is known of it cannot be used."""
        return self.holding(issuer) is not None and isinstance(self.open_issuer(issuer), TrustError)

    def key_of(self, issuer: str, key: PublicKey) -> KeyEntry | None:
        """An issuer's own entry for a key, or None."""
        return self._opened.key_of(issuer, key)

    def status_list(self, issuer: str, number: int) -> StatusAtHand | TrustError | None:
        """A status list, verified and inflated once; why it cannot be used; None where missing."""
        return self._opened.status_list(issuer, number)

    def problems(self) -> tuple[Problem, ...]:
        """Everything in it that cannot be used. Verifies all of it, which may take a while."""
        return self._opened.problems()

    # As a value

    def __setattr__(self, *_: object) -> NoReturn:
        raise FrozenInstanceError("trust does not change; its methods return new values")

    __delattr__ = __setattr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Trust) and self._bundle == other._bundle

    def __hash__(self) -> int:
        return hash((self.issuers, self.issued_at, self.next_update))

    def __repr__(self) -> str:
        return f"Trust({len(self._bundle.holdings)} issuers)"

    def __reduce__(self) -> tuple[Any, ...]:
        # What is remembered stays behind: trust travels to the workers of a batch.
        return type(self), (self._bundle,)


def _check_bytes(data: object) -> None:
    if not isinstance(data, bytes):
        raise TypeError(f"expected the bytes of a file, not {type(data).__name__}")
