"""What is refused before the equation, the choice of backend, and that the backends agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuing import SIGNER
from signedcert import ed25519_verify
from signedcert.crypto import ed25519
from signedcert.crypto.ed25519 import choose, with_libsodium, with_openssl
from signedcert.crypto.prechecks import L, P, passes_prechecks

KEY = SIGNER.public_key.raw
MESSAGE = b"a message"
SIGNATURE = SIGNER.sign(MESSAGE)

_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SIGN = 1 << 255
#: Order 1, 2, 4 (two signs), 8 (two values, two signs), and the two whose x = 0 has a sign.
SMALL_ORDER = [
    encoding.to_bytes(32, "little")
    for encoding in (
        *(1, P - 1, 0, _SIGN, _Y8, _Y8 | _SIGN, P - _Y8, P - _Y8 | _SIGN),
        *(1 | _SIGN, P - 1 | _SIGN),
    )
]
backends = pytest.mark.parametrize("verifier", [ed25519_verify, with_libsodium, with_openssl])


def curve_point(encoding: bytes) -> tuple[int, int]:
    """A point from its encoding (RFC 8032, section 5.1.3), a sign on x = 0 being ignored."""
    number = int.from_bytes(encoding, "little")
    y, sign = number & ~_SIGN, number >> 255
    d = -121665 * pow(121666, -1, P) % P
    square = (y * y - 1) * pow(d * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return (P - x if x & 1 != sign and x else x), y


def doubled(point: tuple[int, int]) -> tuple[int, int]:
    """The point added to itself (RFC 8032, section 5.1.4)."""
    x, y = point
    product = -121665 * pow(121666, -1, P) * x * x * y * y % P
    return (
        2 * x * y * pow(1 + product, -1, P) % P,
        (y * y + x * x) * pow(1 - product, -1, P) % P,
    )


def test_ten_encodings_of_small_order():
    assert len(set(SMALL_ORDER)) == 10
    for encoding in SMALL_ORDER:
        point = curve_point(encoding)
        for _ in range(3):
            point = doubled(point)
        assert point == (0, 1)


@pytest.mark.parametrize("encoding", SMALL_ORDER, ids=bytes.hex)
def test_small_order_is_refused_as_key_and_as_r(encoding):
    assert passes_prechecks(KEY, SIGNATURE)
    assert not passes_prechecks(encoding, SIGNATURE)
    assert not passes_prechecks(KEY, encoding + SIGNATURE[32:])


@backends
@pytest.mark.parametrize("encoding", SMALL_ORDER, ids=bytes.hex)
def test_identity_signatures_of_small_order_keys_are_refused(verifier, encoding):
    # With R and A of small order and S = 0 the equation can hold for any message at all.
    for r in SMALL_ORDER:
        assert not any(verifier(encoding, bytes([n]), r + bytes(32)) for n in range(8))


@pytest.mark.parametrize("sign", [0, _SIGN])
@pytest.mark.parametrize("y", [P, P + 1, P + 18, 2**255 - 1])
def test_encodings_that_are_not_canonical_are_refused(y, sign):
    encoding = (y | sign).to_bytes(32, "little")
    assert not passes_prechecks(encoding, SIGNATURE)
    assert not passes_prechecks(KEY, encoding + SIGNATURE[32:])


@pytest.mark.parametrize(
    ("s", "passes"), [(0, True), (L - 1, True), (L, False), (2**256 - 1, False)]
)
def test_s_is_below_the_group_order(s, passes):
    assert passes_prechecks(KEY, SIGNATURE[:32] + s.to_bytes(32, "little")) is passes


@backends
def test_s_plus_the_group_order_is_refused(verifier):
    s = int.from_bytes(SIGNATURE[32:], "little") + L
    assert verifier(KEY, MESSAGE, SIGNATURE) is True
    assert verifier(KEY, MESSAGE, SIGNATURE[:32] + s.to_bytes(32, "little")) is False


@backends
@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_keys_of_other_lengths_are_refused(verifier, size):
    assert verifier((KEY + KEY)[:size], MESSAGE, SIGNATURE) is False


@backends
@pytest.mark.parametrize("size", [0, 32, 63, 65, 128])
def test_signatures_of_other_lengths_are_refused(verifier, size):
    assert verifier(KEY, MESSAGE, (SIGNATURE + SIGNATURE)[:size]) is False


def test_a_key_that_is_no_point_is_refused_by_both():
    no_point = (2).to_bytes(32, "little")
    assert passes_prechecks(no_point, SIGNATURE)
    assert with_openssl(no_point, MESSAGE, SIGNATURE) is False
    assert with_libsodium(no_point, MESSAGE, SIGNATURE) is False


@backends
def test_r_with_a_component_of_small_order_is_refused(verifier):
    # The third self-check, by name: [S]B = R + [h]A holds only after multiplying by 8.
    key, message, signature, accepted = ed25519._SELF_CHECK[2]
    assert accepted is False
    assert passes_prechecks(bytes.fromhex(key), bytes.fromhex(signature))
    assert verifier(*map(bytes.fromhex, (key, message, signature))) is False


def lax(public_key, message, signature):
    return True


def mute(public_key, message, signature):
    return False


@pytest.mark.parametrize("first", [lax, mute])
def test_a_backend_that_fails_the_self_check_is_not_used(first):
    assert choose(first, with_openssl) is with_openssl


@pytest.mark.parametrize("first", [with_libsodium, with_openssl])
def test_a_backend_that_passes_is_used(first):
    assert choose(first, mute) is first


@pytest.mark.parametrize("number", range(5))
def test_each_self_check_alone_can_reject_a_backend(number):
    fault = tuple(bytes.fromhex(item) for item in ed25519._SELF_CHECK[number][:3])

    def almost(*arguments):
        return with_libsodium(*arguments) is not (arguments == fault)

    assert choose(almost, with_openssl) is with_openssl


@given(
    message=st.binary(max_size=100),
    position=st.integers(0, 95),
    flips=st.integers(1, 255),
    offset=st.sampled_from([0, L, 8 * L]),
)
def test_backends_agree_on_mutated_signatures(message, position, flips, offset):
    signature = SIGNER.sign(message)
    s = int.from_bytes(signature[32:], "little") + offset
    data = bytearray(KEY + signature[:32] + s.to_bytes(32, "little"))
    assert with_libsodium(KEY, message, bytes(data[32:])) is (offset == 0)
    data[position] ^= flips
    key, changed = bytes(data[:32]), bytes(data[32:])
    assert with_libsodium(key, message, changed) is False
    assert with_openssl(key, message, changed) is False


@given(key=st.sampled_from(SMALL_ORDER) | st.binary(min_size=32, max_size=32), rest=st.binary())
def test_backends_agree_on_arbitrary_keys(key, rest):
    for signature in (SIGNATURE, (rest + bytes(64))[:64]):
        assert with_libsodium(key, rest, signature) is with_openssl(key, rest, signature)
