"""A reader of SD-CWTs and Key Binding Tokens, written from draft-ietf-spice-sd-cwt.

It shares no code with the library. It does not check signatures: that takes a key.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple, Self

import cbor2

SD_CLAIMS, KCWT = 17, 13
REDACTED_KEYS = cbor2.CBORSimpleValue(59)
REDACTED_ELEMENT = 60
COSE_SIGN1 = 18


def decode(data: bytes) -> Any:
    return cbor2.loads(data, allow_indefinite=False, allow_duplicate_keys=False)


class Sign1(NamedTuple):
    """A COSE_Sign1: an SD-CWT, or a Key Binding Token around one."""

    protected: bytes
    unprotected: Mapping[Any, Any]
    payload: bytes
    signature: bytes

    @classmethod
    def read(cls, token: bytes) -> Self:
        return cls.from_item(decode(token))

    @classmethod
    def from_item(cls, item: Any) -> Self:
        if not isinstance(item, cbor2.CBORTag) or item.tag != COSE_SIGN1:
            raise ValueError("this is no tagged COSE_Sign1")
        return cls(*item.value)

    @property
    def header(self) -> Mapping[Any, Any]:
        return decode(self.protected)

    @property
    def claims(self) -> Any:
        """The payload as it stands: what is redacted is not replaced."""
        return decode(self.payload)

    @property
    def sd_cwt(self) -> Self:
        """Itself, or what a Key Binding Token holds."""
        return self.from_item(self.header[KCWT]) if KCWT in self.header else self

    @property
    def disclosures(self) -> list[bytes]:
        return list(self.unprotected.get(SD_CLAIMS, ()))

    def to_be_signed(self) -> bytes:
        """The Sig_structure of RFC 9052, section 4.4."""
        return cbor2.dumps(["Signature1", self.protected, b"", self.payload])


def hashes_in(item: Any) -> Iterator[bytes]:
    """The Redacted Claim Hashes of an item, at any depth, decoys with them."""
    if isinstance(item, cbor2.CBORTag) and item.tag == REDACTED_ELEMENT:
        yield item.value
    elif isinstance(item, Mapping):
        for key, value in item.items():
            yield from value if key == REDACTED_KEYS else hashes_in(value)
    elif isinstance(item, list | tuple):
        for value in item:
            yield from hashes_in(value)


def disclosed_claims(sd_cwt: Sign1) -> Any:
    """The Validated Disclosed Claims Set: what is disclosed in its place, the rest left out.

    :raises ValueError: where a disclosure has no place, or takes that of another claim.
    """
    found = {sha256(cbor2.dumps(each)).digest(): decode(each) for each in sd_cwt.disclosures}
    claims = _revealed(sd_cwt.claims, found)
    if found:
        raise ValueError(f"{len(found)} disclosures have no Redacted Claim Hash")
    return claims


def _revealed(item: Any, found: dict[bytes, Any]) -> Any:
    if isinstance(item, Mapping):
        claims = {k: _revealed(v, found) for k, v in item.items() if k != REDACTED_KEYS}
        for digest in item.get(REDACTED_KEYS, ()):
            match found.pop(digest, None):
                case None | [_]:  # withheld, or a decoy
                    continue
                case [_, value, key] if key not in claims:
                    claims[key] = _revealed(value, found)
                case _:
                    raise ValueError("this disclosure is of no claim of this map")
        return claims
    if isinstance(item, list | tuple):
        return [each for value in item for each in _revealed_element(value, found)]
    return item


def _revealed_element(item: Any, found: dict[bytes, Any]) -> list[Any]:
    if not isinstance(item, cbor2.CBORTag) or item.tag != REDACTED_ELEMENT:
        return [_revealed(item, found)]
    match found.pop(item.value, None):
        case None | [_]:
            return []
        case [_, value]:
            return [_revealed(value, found)]
        case _:
            raise ValueError("this disclosure is of no element of an array")
