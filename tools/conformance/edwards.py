"""The curve of Ed25519 (RFC 8032, section 5.1), for signatures that no library makes. Not fast."""

import hashlib

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
NEUTRAL: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    """The sum of two points."""
    (x1, y1), (x2, y2) = one, other
    product = _D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P


def times(number: int, point: Point) -> Point:
    """A multiple of a point."""
    found = NEUTRAL
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def encoded(point: Point) -> bytes:
    """Its 32 bytes."""
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def decoded(data: bytes) -> Point:
    """The point that 32 bytes stand for; they have to stand for one."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & 2**255 - 1
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - square) % P == 0
    return (x if x & 1 == sign else -x % P), y


BASE = decoded(bytes.fromhex("58" + "66" * 31))
#: A point of order 8: its multiples are all points of small order.
TORSION = decoded(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))


def secret_number(seed: bytes) -> int:
    """The number by which the base point is multiplied for a seed's public key."""
    number = int.from_bytes(hashlib.sha512(seed).digest()[:32], "little")
    return number & (1 << 254) - 8 | 1 << 254


def challenge(r: bytes, a: bytes, message: bytes) -> int:
    """The number h of section 5.4 before it is reduced."""
    return int.from_bytes(hashlib.sha512(r + a + message).digest(), "little")


def signature_by(r: bytes, nonce: int, secret: int, a: bytes, message: bytes) -> bytes:
    """R and the S of this nonce and secret, whatever R and A are."""
    s = (nonce + challenge(r, a, message) * secret) % L
    return r + s.to_bytes(32, "little")


def difference(signature: bytes, a: bytes, message: bytes) -> Point:
    """[S]B - [h]A - R: the neutral point where the equation of section 5.4 holds."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    h = challenge(r, a, message) % L
    return add(times(s, BASE), _negative(add(times(h, decoded(a)), decoded(r))))


def _negative(point: Point) -> Point:
    return -point[0] % P, point[1]
