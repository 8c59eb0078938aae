"""Frames of records and shares: fast and slow parser agree, and both with the tests' own reading.

The fast one goes by position and only says yes or no; the slow one decodes, and names the fault.
"""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_frames import AFTER, BEFORE, PARTS, headers, refusal, refusal_by_the_table

from cbor_oracle import Pairs, Raw, Tagged, dumps, head
from forging import RECORD, header
from issuing import issue, minimal, record, shared
from record_forging import ascending, share_header
from signedcert import DecodeError
from signedcert.codec import frames
from signedcert.codec.framing import Frame, guess_certificate
from signedcert.codec.record_framing import RecordFrame, ShareFrame
from signedcert.codec.record_guess import guess_record, guess_share

SIGNATURE = bytes(range(64))
KINDS = {Frame: guess_certificate, RecordFrame: guess_record, ShareFrame: guess_share}
CERTIFICATE_TOKEN = issue(minimal())
RECORD_TOKEN = issue(record())
SHARE_TOKEN = shared(RECORD_TOKEN, ["final_score", "assessments[0]"])


def slowly(token: bytes) -> frames.AnyFrame | None:
    try:
        return frames._parse(token, in_share=False)
    except DecodeError:
        return None


def assert_both_agree(token: bytes) -> None:
    slow = slowly(token) if 0 < len(token) <= 41_216 else None
    for kind, guess in KINDS.items():
        expected = slow if isinstance(slow, kind) else None
        if isinstance(expected, Frame) and len(expected.payload) < 24:
            expected = None  # no certificate is as short: the slow one may have it
        assert guess(token) == expected
    if slow is not None:
        assert slow.to_bytes() == token
    assert refusal(token) is refusal_by_the_table(token)


@pytest.mark.parametrize("token", [CERTIFICATE_TOKEN, RECORD_TOKEN, SHARE_TOKEN])
def test_both_take_honest_tokens_apart(token):
    assert slowly(token) is not None
    assert_both_agree(token)


SIZES = [0, 1, 18, 22, 23, 24, 25, 255, 256, 300, 16_383, 16_384, 16_385]
DISCLOSURES = st.lists(
    st.binary(max_size=3) | st.sampled_from([bytes(size) for size in SIZES]) | st.just("text"),
    max_size=6,
) | st.integers(20, 30).map(lambda count: [bytes([n]) for n in range(count)])


@st.composite
def unprotected(draw: Any) -> Any:
    """Mostly what records have: disclosures, each once and ascending."""
    found = draw(DISCLOSURES)
    if draw(st.integers(0, 3)) and all(isinstance(each, bytes) for each in found):
        found = [each for each in ascending(found) if 0 < len(each) <= 16_384]
    shape = draw(st.sampled_from(["list"] * 6 + ["none", "more", "other", "long", "bare"]))
    if shape == "long":
        return Raw(b"\xa1\x11" + head(4, len(found), 2) + b"".join(map(dumps, found)))
    return {
        "list": {17: found} if found else {},
        "none": {},
        "more": {17: found, 18: 1},
        "other": {13: found},
        "bare": found,
    }[shape]


RECORD_PARTS = (st.just(dumps(header(media_type=RECORD))) | headers(), unprotected(), *PARTS[2:])


@st.composite
def records(draw: Any) -> bytes:
    return dumps(Tagged(18, list(draw(st.tuples(*RECORD_PARTS)))))


@given(records())
@settings(max_examples=settings.default.max_examples * 3)
def test_records_of_any_parts(token):
    assert_both_agree(token)


INNER = st.just(RECORD_TOKEN) | records() | st.sampled_from([CERTIFICATE_TOKEN, SHARE_TOKEN, b""])
SHARE_PARTS = (
    st.builds(
        lambda inner, before, after: before + inner + after,
        INNER,
        st.sampled_from([BEFORE] * 8 + [b"", BEFORE[:3], b"\xa3\x01\x26\x0d", BEFORE[:-1] + b"\4"]),
        st.sampled_from([AFTER] * 8 + [b"", AFTER[:-1], AFTER + b"\0", b"\x10\x19\x01\x25"]),
    ),
    PARTS[1],
    st.sampled_from([b"x", bytes(23), bytes(24), bytes(255), bytes(256), bytes(2048), bytes(2049)])
    | PARTS[2],
    PARTS[3],
)


@given(st.tuples(*SHARE_PARTS))
@settings(max_examples=settings.default.max_examples * 3)
@example((BEFORE + AFTER, {}, b"x", SIGNATURE))
@example((BEFORE + BEFORE[:2] + AFTER, {}, b"x", SIGNATURE))
@example((BEFORE[:-1] + b"\x0d" + AFTER[1:], {}, b"x", SIGNATURE))
def test_shares_of_any_parts(parts):
    assert_both_agree(dumps(Tagged(18, list(parts))))


TOKENS = {"record": RECORD_TOKEN, "share": SHARE_TOKEN}
each_token = pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)


@each_token
def test_every_bit_flip(token):
    number = int.from_bytes(token, "big")
    for bit in range(8 * len(token)):
        assert_both_agree((number ^ 1 << bit).to_bytes(len(token), "big"))


@each_token
def test_every_truncation_and_every_byte_left_out_or_doubled(token):
    for at in range(len(token)):
        assert_both_agree(token[:at])
        assert_both_agree(token[:at] + token[at + 1 :])
        assert_both_agree(token[: at + 1] + token[at:])


@each_token
@given(st.data())
def test_pieces_in_other_places(token, data):
    places = st.integers(0, len(token))
    first, last, to = (data.draw(places) for _ in range(3))
    piece = token[min(first, last) : max(first, last)]
    assert_both_agree(token[:to] + piece + token[to:])
    assert_both_agree(token.replace(piece, b"", 1))
    assert_both_agree(token[:to] + data.draw(st.binary(max_size=4)) + token[to:])


@given(st.integers(0, 0x1F), st.integers(0, 600), st.integers(1, 8))
def test_heads_of_arrays_of_disclosures(argument, count, width):
    # The number of disclosures in a head of any form, with so many of them behind it or not.
    items = b"".join(dumps(each) for each in ascending(n.to_bytes(2, "big") for n in range(count)))
    for first in (0x80 | argument, 0x98, 0x99):
        number = b"" if first < 0x98 else count.to_bytes(8, "big")[-width:]
        raw = Raw(b"\xa1\x11" + bytes([first]) + number + items)
        parts = [dumps(header(media_type=RECORD)), raw, b"x", SIGNATURE]
        assert_both_agree(dumps(Tagged(18, parts)))


@given(
    st.sampled_from([0x18, 0x38, 0x57, 0x58, 0x59, 0x5A, 0x5B, 0x5F, 0x78]), st.binary(max_size=5)
)
def test_heads_of_byte_strings(first, rest):
    odd = Raw(bytes([first]) + rest)
    for parts in (
        [odd, {}, b"x", SIGNATURE],
        [dumps(header(media_type=RECORD)), {17: [odd]}, b"x", SIGNATURE],
        [dumps(header(media_type=RECORD)), {}, odd, SIGNATURE],
        [dumps(share_header(RECORD_TOKEN)), {}, odd, SIGNATURE],
    ):
        assert_both_agree(dumps(Tagged(18, parts)))


@given(st.integers(0, 40), st.integers(0, 40))
def test_short_byte_strings_with_long_heads(size, behind):
    # Whoever takes the second byte of the head for something else finds as many bytes as he wants.
    for first in (b"\x58", b"\x59\0", b"\x59"):
        odd = Raw(first + bytes([size]) + b"\1" * behind)
        parts = [dumps(header(media_type=RECORD)), {17: [odd]}, b"x", SIGNATURE]
        assert_both_agree(dumps(Tagged(18, parts)))
        for place in (0, 2):
            parts = [dumps(header(media_type=RECORD)), {}, b"x", SIGNATURE]
            parts[place] = odd
            assert_both_agree(dumps(Tagged(18, parts)))


def test_a_header_in_another_order_is_no_share():
    entries = tuple(share_header(RECORD_TOKEN).items())
    for others in (entries[::-1], (*entries, (17, 1)), entries[:2], (*entries[:2], (16, 293))):
        parts = [dumps(Pairs(others)), {}, b"x", SIGNATURE]
        assert_both_agree(dumps(Tagged(18, parts)))
        assert guess_share(dumps(Tagged(18, parts))) is None


def long_record(size: int) -> bytes:
    """The token of a record of so many bytes, three disclosures making up for what is missing."""

    def made(last: int) -> bytes:
        noise = ascending([b"\1" * 7000, b"\2" * 15_000, b"\3" * last])
        parts = [dumps(header(media_type=RECORD)), {17: noise}, bytes(16_384), SIGNATURE]
        return dumps(Tagged(18, parts))

    token = made(1000 + size - len(made(1000)))
    assert len(token) == size
    return token


@pytest.mark.parametrize("size", [40_959, 40_960, 40_961, 41_216, 41_217])
def test_the_longest_record(size):
    token = long_record(size)
    assert (guess_record(token) is not None) is (size <= 40_960)
    assert_both_agree(token)
    share = dumps(Tagged(18, [dumps(share_header(token)), {}, b"x", SIGNATURE]))
    assert (guess_share(share) is not None) is (size <= 40_960)
    assert_both_agree(share)


@pytest.mark.parametrize("size", [41_215, 41_216, 41_217, 43_000])
def test_the_longest_share(size):
    protected = dumps(share_header(long_record(40_960)))
    # Tag and array, the heads of four parts, and the signature.
    around = 2 + 3 + 1 + (2 if size < 41_300 else 3) + 2 + 64
    share = dumps(Tagged(18, [protected, {}, b"x" * (size - len(protected) - around), SIGNATURE]))
    assert len(share) == size
    assert (guess_share(share) is not None) is (size <= 41_216)
    assert_both_agree(share)
