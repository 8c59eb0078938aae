"""Leaves that hold bytes of a length of their own choice, and public keys."""

import base64
from collections.abc import Mapping
from typing import Any, Final

from signedcert.model.additional import FrozenMap, frozen, shown
from signedcert.model.leaf import Leaf
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.text import compiled

#: Labels and values of a COSE_Key (RFC 9052, section 7.1; RFC 9053, section 7.2).
KTY, CRV, X = 1, -1, -2
OKP: Final = 1
ED25519: Final = 6
KEY_SIZE: Final = 32
#: The confirmation method that is a COSE_Key (RFC 8747, section 3.2).
CNF_KEY: Final = 1


class Octets(Leaf):
    """A byte string of ``minimum`` to ``maximum`` bytes, in whole groups of ``group``.

    JSON shows base64url without padding.
    """

    __slots__ = __match_args__ = ("minimum", "maximum", "group")

    def __init__(self, minimum: int, maximum: int, group: int = 1) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.group = group

    def fits(self, value: bytes) -> bool:
        """Whether the length is allowed."""
        return self.minimum <= len(value) <= self.maximum and len(value) % self.group == 0

    def check(self, value: object) -> bytes:
        if isinstance(value, str):
            value = _from_base64url(value)
        if not isinstance(value, bytes) or not self.fits(value):
            groups = "" if self.group == 1 else f", in groups of {self.group}"
            raise ValueError(f"expected {self.minimum} to {self.maximum} bytes{groups}")
        return value

    def to_json(self, value: bytes) -> str:
        return _to_base64url(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}


class CoseKey(Leaf):
    """An Ed25519 public key as its 32 bytes; a key of another kind as the map that it came in.

    On the wire, a COSE_Key (RFC 9052, section 7): for Ed25519 ``{1: 1, -1: 6, -2: x}`` and nothing
    else. JSON shows a JWK (RFC 8037), or the map of the other kind as additional fields are shown.
    """

    __slots__ = ()

    def check(self, value: object) -> bytes | FrozenMap:
        if isinstance(value, dict):
            if value.keys() == {"kty", "crv", "x"}:
                kind = (value["kty"], value["crv"])
                value = _from_base64url(value["x"]) if kind == ("OKP", "Ed25519") else None
            elif isinstance(other := frozen(value), FrozenMap) and is_other_key(other):
                return other
        if not isinstance(value, bytes) or len(value) != KEY_SIZE:
            raise ValueError("expected the 32 bytes of an Ed25519 public key")
        return value

    def to_json(self, value: bytes | FrozenMap) -> dict[str, Any]:
        if isinstance(value, bytes):
            return {"kty": "OKP", "crv": "Ed25519", "x": _to_base64url(value)}
        other: dict[str, Any] = shown(value)
        return other

    def json_schema(self) -> dict[str, Any]:
        return {"type": "object"}


class ConfirmationKey(Leaf):
    """The Ed25519 public key of whoever holds a token, as its 32 bytes.

    On the wire, the confirmation method ``{1: COSE_Key}`` (RFC 8747, section 3.2) and no other.
    JSON shows a JWK (RFC 8037).
    """

    __slots__ = ()

    def check(self, value: object) -> bytes:
        key = CoseKey().check(value)
        if not isinstance(key, bytes):
            raise ValueError("expected the 32 bytes of an Ed25519 public key")
        return key

    def to_json(self, value: bytes) -> dict[str, Any]:
        return CoseKey().to_json(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "object"}


def is_confirmation(value: object) -> bool:
    """Whether a CBOR value is the confirmation of an Ed25519 key, with no member too many."""
    if not isinstance(value, Mapping) or tuple(value) != (CNF_KEY,):
        return False
    key = value[CNF_KEY]
    # Of the key alone, true equals 1 to Python.
    return (
        all(type(label) is int for label in value)
        and isinstance(key, Mapping)
        and (is_ed25519_key(key))
    )


def is_ed25519_key(members: Mapping[int, Any]) -> bool:
    """Whether a map is the COSE_Key of an Ed25519 key, with no member too many."""
    raw = members.get(X)
    return (
        isinstance(raw, bytes)
        and len(raw) == KEY_SIZE
        and members == cose_key(raw)
        and type(members[KTY]) is int  # true equals 1
    )


def is_other_key(members: Mapping[int, Any]) -> bool:
    """Whether a map is a COSE_Key of a kind that this version does not know: kty is an integer.

    A map that says that it is an Ed25519 key is never one of another kind.
    """
    kty, crv = members.get(KTY), members.get(CRV)
    if type(kty) is not int or abs(kty) > INTEGER_MAX:
        return False
    return kty != OKP or type(crv) is not int or crv != ED25519


def cose_key(raw: bytes) -> dict[int, Any]:
    """The COSE_Key of an Ed25519 public key."""
    return {KTY: OKP, CRV: ED25519, X: raw}


def _to_base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _from_base64url(text: object) -> bytes | None:
    if (
        not isinstance(text, str)
        or not compiled("[A-Za-z0-9_-]*").fullmatch(text)
        or len(text) % 4 == 1
    ):
        return None
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
