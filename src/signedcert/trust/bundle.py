"""A trust store as one file: deterministic CBOR (docs/spec.md, section 13).

``{0: 1, 1: issued_at, 2: next_update, 3: [issuers], 4: index}``. What is held of an issuer proves
itself when it is first used, so opening a file of ten thousand issuers only takes it apart. The
index says which issuers may have a key of a kid; it can hide an issuer, never lend it a key.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from cbor2 import frozendict

from signedcert.codec.cbor import decode, encode
from signedcert.codec.framing import parse_document_frame
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.sign1 import sign
from signedcert.crypto.signer import Signer
from signedcert.errors import DecodeError, EncodeError, Reason, TrustError
from signedcert.model.kinds import SIGNED_BUNDLE
from signedcert.model.leaf import ISSUER
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.octets import KEY_SIZE
from signedcert.model.times import MOMENT_MAX
from signedcert.trust.chain import Pin
from signedcert.trust.holding import Holding, Listing

FORMAT = 1
#: A gigabyte: ten thousand issuers take about ten megabytes.
BUNDLE_MAX = 1 << 30
#: Arrays, maps, what they hold and keys, each counted as one.
_ITEMS_MAX = 1 << 22
#: The only map in a bundle is itself.
_ENTRIES_MAX = 16
#: As many roots as a handover lists at most.
_ROOTS_MAX = 16
_KID, _RECORD = 8, 12
_COSE_SIGN1 = b"\xd2"


class Bundle(NamedTuple):
    """A trust store taken apart; what is held of its issuers is not verified yet.

    :ivar holdings: by issuer.
    :ivar kids: for each kid, the issuers that may have a key of it.
    :ivar issued_at: when the bundle was made, or None where it does not say.
    :ivar next_update: when it grows stale, or None.
    """

    holdings: Mapping[str, Holding]
    kids: Mapping[bytes, tuple[str, ...]]
    issued_at: datetime | None
    next_update: datetime | None

    @property
    def listed(self) -> Listing | None:
        """How long the bundle vouches for everything in it; None: without end."""
        if self.issued_at is None or self.next_update is None:
            return None
        return Listing(self.issued_at, self.next_update)


def encode_bundle(bundle: Bundle) -> bytes:
    """The bytes of a bundle. The same content gives the same bytes.

    :raises EncodeError: when it is larger than any verifier takes.
    """
    names = sorted(bundle.holdings, key=str.encode)
    place = {name: number for number, name in enumerate(names)}
    records = sorted(
        kid + place[name].to_bytes(4, "big") for kid, each in bundle.kids.items() for name in each
    )
    content: dict[int, Any] = {0: FORMAT}
    for label, moment in ((1, bundle.issued_at), (2, bundle.next_update)):
        if moment is not None:
            content[label] = int(moment.timestamp())
    content[3] = [_lowered(bundle.holdings[name]) for name in names]
    content[4] = b"".join(records)
    data = encode(content)
    if len(data) > BUNDLE_MAX:
        raise EncodeError(f"the bundle takes {len(data)} bytes, at most {BUNDLE_MAX} are allowed")
    return data


def decode_bundle(data: bytes) -> Bundle:
    """Takes a bundle apart.

    :raises TrustError: when it is none, truncated, damaged, signed, or of a newer version.
    """
    if data[:1] == _COSE_SIGN1:
        raise TrustError("the bundle is signed by a list operator; say by whom (its public key)")
    if len(data) > BUNDLE_MAX:
        raise TrustError(f"the bundle has more than {BUNDLE_MAX} bytes", Reason.TOO_LARGE)
    try:
        content = decode(data, items_max=_ITEMS_MAX, entries_max=_ENTRIES_MAX)
    except DecodeError as error:
        raise TrustError(
            "not a trust bundle, or a truncated or damaged one: it is not deterministic CBOR",
            error.reason,
        ) from error
    if not isinstance(content, frozendict) or type(content.get(0)) is not int:
        raise _damaged("it does not say its format")
    if content[0] != FORMAT:
        raise TrustError("the bundle is of a newer format", Reason.NEWER_FORMAT)
    if not {0, 3, 4} <= content.keys() <= {0, 1, 2, 3, 4}:
        raise _damaged("it has other parts than a bundle")
    if 2 in content and 1 not in content:
        raise _damaged("it says until when it holds, but not since when")
    holdings = _holdings(content[3])
    return Bundle(
        {each.issuer: each for each in holdings},
        _kids(content[4], [each.issuer for each in holdings]),
        _moment(content.get(1)),
        _moment(content.get(2)),
    )


def sign_bundle(bundle: bytes, signer: Signer) -> bytes:
    """A bundle signed by a list operator: a COSE_Sign1 whose payload is the bundle.

    :raises TrustError: when it is no bundle.
    :raises SignerError: when the signature does not verify.
    """
    decode_bundle(bundle)
    return sign(SIGNED_BUNDLE, bundle, signer).to_bytes()


def verified_bundle(data: bytes, operator_key: bytes) -> bytes:
    """The bundle within a signed one.

    :param operator_key: the list operator's Ed25519 public key, 32 bytes.
    :raises TrustError: when it is not signed by that key.
    """
    try:
        frame = parse_document_frame(data, SIGNED_BUNDLE, BUNDLE_MAX)
    except DecodeError as error:
        raise TrustError(f"not a signed trust bundle: {error}", error.reason) from error
    if not ed25519_verify(operator_key, frame.to_be_signed(), frame.signature):
        raise TrustError(
            "the bundle is not signed by the list operator that you named",
            Reason.SIGNATURE_MISMATCH,
        )
    return frame.payload


def _lowered(holding: Holding) -> list[Any]:
    listed = [int(moment.timestamp()) for moment in holding.listed or ()]
    if holding.pin is None:
        return [holding.issuer, holding.published, *listed]
    epoch, roots = holding.pin
    lists = [[number, token] for number, token in sorted(holding.lists)]
    return [holding.issuer, holding.published, epoch, list(roots), lists, *listed]


def _holdings(items: object) -> list[Holding]:
    if not isinstance(items, tuple):
        raise _damaged("it has no list of issuers")
    holdings = [_holding(item) for item in items]
    names = [each.issuer.encode() for each in holdings]
    if any(one >= next_ for one, next_ in pairwise(names)):
        raise _damaged("its issuers are not in order, each once")
    return holdings


def _holding(item: object) -> Holding:
    match item:
        case (str(issuer), bytes(published), *listed) if ISSUER.fits(issuer) and _are_dates(listed):
            return Holding(issuer, None, published, (), _listing(listed))
        case (
            str(issuer),
            bytes(published),
            int(epoch),
            tuple(roots),
            tuple(lists),
            *listed,
        ) if ISSUER.fits(issuer) and _is_pinned(epoch, roots, lists) and _are_dates(listed):
            return Holding(issuer, Pin(epoch, roots), published, lists, _listing(listed))
    raise _damaged("an issuer in it is not written as the format says")


def _are_dates(listed: list[Any]) -> bool:
    """Whether these are no dates, or two."""
    return not listed or (
        len(listed) == 2
        and all(type(value) is int and 0 <= value <= MOMENT_MAX for value in listed)
    )


def _listing(listed: list[Any]) -> Listing | None:
    return Listing(*(datetime.fromtimestamp(value, UTC) for value in listed)) if listed else None


def _is_pinned(epoch: int, roots: tuple[object, ...], lists: tuple[object, ...]) -> bool:
    # True is an int to a pattern.
    return type(epoch) is int and epoch > 0 and _are_keys(roots) and _are_lists(lists)


def _are_keys(roots: tuple[object, ...]) -> bool:
    # Nothing but bytes is hashed: Python hashes arrays of integers without a secret.
    return (
        len(roots) <= _ROOTS_MAX
        and all(isinstance(root, bytes) and len(root) == KEY_SIZE for root in roots)
        and len(set(roots)) == len(roots)
    )


def _are_lists(lists: tuple[object, ...]) -> bool:
    numbers = [
        each[0]
        for each in lists
        if isinstance(each, tuple)
        and len(each) == 2
        and type(each[0]) is int
        and 0 <= each[0] <= INTEGER_MAX
        and isinstance(each[1], bytes)
    ]
    return len(numbers) == len(lists) and all(one < next_ for one, next_ in pairwise(numbers))


def _kids(index: object, names: list[str]) -> dict[bytes, tuple[str, ...]]:
    if not isinstance(index, bytes) or len(index) % _RECORD:
        raise _damaged("its index of keys is cut off")
    kids: dict[bytes, list[str]] = {}
    previous = b""
    for start in range(0, len(index), _RECORD):
        record = index[start : start + _RECORD]
        place = int.from_bytes(record[_KID:], "big")
        if record <= previous or place >= len(names):
            raise _damaged("its index of keys is not in order, or names no issuer")
        previous, kid = record, record[:_KID]
        kids.setdefault(kid, []).append(names[place])
    return {kid: tuple(found) for kid, found in kids.items()}


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= MOMENT_MAX:
        raise _damaged("a date in it is none")
    return datetime.fromtimestamp(value, UTC)


def _damaged(what: str) -> TrustError:
    return TrustError(f"the bundle is damaged: {what}", Reason.SCHEMA_VIOLATION)
