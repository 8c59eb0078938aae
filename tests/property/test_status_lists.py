"""Status lists against a naive reading of the draft: bits in a row, the first the least."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from cbor_oracle import Tagged, dumps
from issuing import ISSUED_AT, SIGNER
from signedcert.errors import DecodeError
from signedcert.trust.status_list import deflate_list, inflate_list, pack_statuses
from signedcert.trust.status_signing import sign_status_list
from signedcert.trust.status_token import parse_claims, parse_envelope

BITS = st.sampled_from((1, 2, 4, 8))


@st.composite
def lists(draw) -> tuple[int, list[int]]:
    bits = draw(BITS)
    values = st.just(0) | st.integers(0, (1 << bits) - 1)
    return bits, draw(st.lists(values, min_size=1, max_size=300))


def oracle(bits: int, values: list[int]) -> bytes:
    """All bits as one text of digits, cut into bytes from its end."""
    digits = "".join(f"{value:0{bits}b}" for value in reversed(values))
    return int(digits, 2).to_bytes((len(values) * bits + 7) // 8, "little")


@given(lists())
def test_packed_and_inflated_lists_are_what_the_oracle_says(case):
    bits, values = case
    sparse = [(index, value) for index, value in enumerate(values) if value]
    array = pack_statuses(len(values), bits, reversed(sparse))
    assert array == oracle(bits, values)
    statuses = inflate_list(deflate_list(array), bits)
    padding = [0] * (statuses.size - len(values))
    assert len(padding) < 8 // bits
    assert [statuses.value(index) for index in range(statuses.size)] == values + padding


@given(st.binary(min_size=1, max_size=300), BITS)
def test_any_array_is_a_list(array, bits):
    statuses = inflate_list(deflate_list(array), bits)
    whole = int.from_bytes(array, "little")
    for index in range(statuses.size):
        assert statuses.value(index) == whole >> index * bits & (1 << bits) - 1


@given(lists(), st.integers(0), st.integers(1, 255))
def test_a_damaged_stream_never_gives_another_list(case, position, flip):
    bits, values = case
    lst = bytearray(deflate_list(oracle(bits, values)))
    lst[position % len(lst)] ^= flip
    try:
        found = inflate_list(bytes(lst), bits).array
    except DecodeError:
        return
    # Adler-32 finds any change of one byte; what is left are bits that mean nothing.
    assert found == oracle(bits, values)


@given(lists())
def test_signed_lists_are_read_back_and_are_deterministic(case):
    bits, values = case
    data = sign_status_list(
        subject="https://learn.example.edu/status/1",
        issued_at=ISSUED_AT,
        expires_at=None,
        ttl=None,
        bits=bits,
        array=oracle(bits, values),
        signer=SIGNER,
    )
    token = parse_envelope(data)
    assert data == dumps(Tagged(18, [token.protected, {}, token.payload, token.signature]))
    claims = parse_claims(token.payload)
    assert inflate_list(claims.lst, claims.bits).array == oracle(bits, values)


@given(st.binary(max_size=200), st.sampled_from((b"", b"\xd2", b"\xd2\x84")))
def test_no_bytes_raise_anything_but_a_refusal(data, start):
    for function in (parse_envelope, parse_claims, lambda lst: inflate_list(lst, 1)):
        with contextlib.suppress(DecodeError):
            function(start + data)
