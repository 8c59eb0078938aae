"""Section 5.4: points of small and of mixed order, each as the only fault where it can be."""

from collections.abc import Iterator
from functools import cache
from itertools import count
from math import gcd
from typing import NamedTuple

from cbor_oracle import dumps
from conformance.edwards import (
    BASE,
    NEUTRAL,
    TORSION,
    L,
    Point,
    add,
    challenge,
    difference,
    encoded,
    secret_number,
    signature_by,
    times,
)
from conformance.tokens import CERTIFICATE, SIGNER, claims, sign1, to_be_signed
from signedcert import PublicKey

#: Of the key that RFC 8032 calls test 1, as in the tokens.
_SECRET = secret_number(
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
)
_KEY = times(_SECRET, BASE)
_PAYLOAD = dumps(claims())
assert encoded(_KEY) == SIGNER.public_key.raw


class Signed(NamedTuple):
    """A certificate under any key.

    :ivar x: the key, 32 bytes.
    :ivar accepted: whether the rule accepts the signature.
    """

    name: str
    fault: str
    x: bytes
    token: bytes
    accepted: bool = False


def _header(x: bytes) -> bytes:
    return dumps({1: -19, 4: PublicKey(x).kid, 16: CERTIFICATE})


def _h(r: bytes, x: bytes) -> int:
    return challenge(r, x, to_be_signed(_header(x), _PAYLOAD))


def _token(r: bytes, nonce: int, secret: int, x: bytes) -> bytes:
    """The certificate signed with any R, and with the S of this nonce and secret."""
    protected = _header(x)
    signature = signature_by(r, nonce, secret, x, to_be_signed(protected, _PAYLOAD))
    return sign1(_PAYLOAD, protected, signature=signature)


def _cofactored() -> Iterator[Signed]:
    """What the equation refuses, and the equation multiplied by eight does not."""
    only = "accepted only where both sides of the equation are multiplied by 8"
    x, nonce = encoded(_KEY), 5
    for order in (2, 4, 8):
        r = encoded(add(times(nonce, BASE), times(8 // order, TORSION)))
        fault = f"R plus a point of order {order}: {only}"
        yield Signed(f"R of mixed order {order}", fault, x, _token(r, nonce, _SECRET, x))
    for order in (2, 4, 8):
        mixed = _mixed(_SECRET, 8 // order)
        odd = next(n for n in count(1) if _h(encoded(times(n, BASE)), mixed) % L % 2)
        fault = f"A plus a point of order {order}, h odd: {only}"
        token = _token(encoded(times(odd, BASE)), odd, _SECRET, mixed)
        yield Signed(f"A of mixed order {order}", fault, mixed, token)


def _mixed_and_accepted() -> Iterator[Signed]:
    mixed = _mixed(_SECRET, 4)
    # An h that is even only when it is reduced: the point of order 2 takes no part in [h]A.
    nonce = next(
        n for n in count(1) if (h := _h(encoded(times(n, BASE)), mixed)) % 2 == 1 and h % L % 2 == 0
    )
    token = _token(encoded(times(nonce, BASE)), nonce, _SECRET, mixed)
    fault = "A plus a point of order 2, h even when it is reduced: the equation holds"
    yield Signed("A of mixed order 2, accepted", fault, mixed, token, accepted=True)


def _small_r() -> Iterator[Signed]:
    """R of small order where the equation holds: [S]B - [h]A is R."""
    neutral, x = encoded(NEUTRAL), encoded(_KEY)
    fault = "R is the neutral point, and the equation holds"
    yield Signed("R of small order alone, neutral", fault, x, _token(neutral, 0, _SECRET, x))
    for place in range(1, 8):
        r = encoded(times(place, TORSION))
        fault = f"R is a point of order {_order(place)}, A of mixed order, and the equation holds"
        # With T the part of small order in A, R is -[h]T.
        secret, part = next(
            (secret, part)
            for secret in count(_SECRET)
            for part in range(1, 8)
            if (place + _h(r, _mixed(secret, part)) % L * part) % 8 == 0
        )
        x = _mixed(secret, part)
        yield Signed(f"R of small order alone, {place}", fault, x, _token(r, 0, secret, x))


def _mixed(secret: int, part: int) -> bytes:
    """A public key with a part of small order."""
    return encoded(add(times(secret, BASE), times(part, TORSION)))


def _order(place: int) -> int:
    """The order of a multiple of the point of order 8."""
    return 8 // gcd(8, place)


def _small_a() -> Iterator[Signed]:
    """A of small order where the equation holds: [h]A is the neutral point."""
    for place in range(8):
        x = encoded(times(place, TORSION))
        nonce = next(n for n in count(1) if _h(encoded(times(n, BASE)), x) % L % 8 == 0)
        fault = f"A is a point of order {_order(place)}, and the equation holds"
        token = _token(encoded(times(nonce, BASE)), nonce, 0, x)
        yield Signed(f"A of small order alone, {place}", fault, x, token)


@cache
def torsion() -> tuple[Signed, ...]:
    """All of them."""
    cofactored = tuple(_cofactored())
    exact = (*_mixed_and_accepted(), *_small_r(), *_small_a())
    assert all(times(8, _difference(each)) == NEUTRAL != _difference(each) for each in cofactored)
    assert all(_difference(each) == NEUTRAL for each in exact)
    return (*cofactored, *exact)


def _difference(each: Signed) -> Point:
    # The signature is what a token ends with.
    return difference(each.token[-64:], each.x, to_be_signed(_header(each.x), _PAYLOAD))
