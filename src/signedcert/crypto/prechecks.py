"""What a signature and a key must satisfy before the equation is looked at.

Libraries differ in what they accept beyond honest signatures. These checks, followed by a
cofactorless verification, leave every implementation one answer (docs/spec.md, section 5.4).
"""

#: The order of the base point (RFC 8032, section 5.1) and the field's prime.
L = 2**252 + 27742317777372353535851937790883648493
P = 2**255 - 19
_SIGN_BIT = 1 << 255

#: The y coordinates of the eight points of order 1, 2, 4 and 8. Some exist with either sign, and
#: the two with x = 0 can be written with a sign that they do not have: 10 encodings with y < p.
_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y = frozenset({0, 1, P - 1, _Y8, P - _Y8})


def passes_prechecks(public_key: bytes, signature: bytes) -> bool:
    """Whether lengths are right, S < L, and A and R are canonical and of large order."""
    return (
        len(public_key) == 32
        and len(signature) == 64
        and int.from_bytes(signature[32:], "little") < L
        and is_canonical_of_large_order(public_key)
        and is_canonical_of_large_order(signature[:32])
    )


def is_canonical_of_large_order(point: bytes) -> bool:
    """Whether 32 bytes are the canonical encoding of a point of large order.

    That they are a point at all is not looked at: a signature does not verify if they are none.
    """
    y = int.from_bytes(point, "little") & ~_SIGN_BIT
    return y < P and y not in _SMALL_ORDER_Y
