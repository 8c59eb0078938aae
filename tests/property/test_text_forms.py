"""Packed forms, base64url, digits, URLs and printed codes: each turns back into what it was."""

import base64
import hashlib
import random
import string
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption

import signedcert as sc
from issuing import issue, minimal, record, shared, typical
from signedcert.codec import dictionary
from signedcert.codec.base64url import from_base64url, to_base64url
from signedcert.codec.dictionary import dictionary1
from signedcert.codec.digits import from_digits, to_digits
from signedcert.codec.framing import Frame, bytes_head
from signedcert.codec.inflate import inflate
from signedcert.codec.packed import PACKED_MAX, pack_smallest
from signedcert.codec.record_framing import (
    RECORD_MAX,
    SHARE_MAX,
    RecordFrame,
    ShareFrame,
    share_header,
)
from signedcert.codec.text import qr_text
from signedcert.model.code import ALPHABET, code_from_id, id_from_code
from signedcert.model.issued_record import VisibleRecord
from strategies import instances, texts

PAGE = "https://learn.example.edu/c/"
ISSUED = [issue(statement) for statement in (minimal(), typical(), record())]
ISSUED.append(shared(ISSUED[-1]))
statements = st.one_of(instances(sc.Certificate), instances(sc.CourseRecord))


def tokens_of(statement: sc.Certificate | sc.CourseRecord) -> bytes:
    try:
        return issue(statement)
    except sc.EncodeError:
        raise UnsatisfiedAssumption from None


def read_or_damaged(read: Callable[[str], bytes], text: str) -> bytes | None:
    """The bytes of a text, or None where it is refused as damaged."""
    try:
        return read(text)
    except sc.DecodeError as error:
        reason = error.reason
    assert reason is sc.Reason.DAMAGED_TEXT
    return None


def test_dictionary_is_the_frozen_one(monkeypatch):
    assert hashlib.sha256(dictionary1()).hexdigest() == dictionary.SHA256
    assert 0 < len(dictionary1()) <= 32_768
    monkeypatch.setattr(dictionary, "SHA256", "0" * 64)
    with pytest.raises(ImportError, match="install the package again"):
        dictionary1.__wrapped__()


@pytest.mark.parametrize(
    ("packed", "reason"),
    [
        (b"", sc.Reason.EMPTY_INPUT),
        (bytes(PACKED_MAX), sc.Reason.UNKNOWN_FORMAT),
        (bytes(PACKED_MAX + 1), sc.Reason.TOO_LARGE),
    ],
)
def test_packed_forms_have_bounds(packed, reason):
    with pytest.raises(sc.DecodeError) as caught:
        sc.unpack(packed)
    assert caught.value.reason is reason


def test_the_longest_token_that_does_not_compress_fits():
    frame = Frame(
        sc.Certificate.media_type, bytes(8), random.Random(2).randbytes(16_384), bytes(64)
    )
    noise = [bytes_head(size) + random.Random(size).randbytes(size) for size in (7000, 8000, 9400)]
    signed = Frame(VisibleRecord.media_type, bytes(8), frame.payload, bytes(64))
    longest = RecordFrame(signed, tuple(sorted(noise)))
    assert 40_900 < len(longest.to_bytes()) <= RECORD_MAX
    header = share_header(longest.to_bytes())
    room = SHARE_MAX - len(ShareFrame(longest, header, bytes(30), bytes(64)).to_bytes())
    share = ShareFrame(longest, header, bytes(30 + room), bytes(64))
    assert len(share.to_bytes()) == SHARE_MAX
    for each in (frame, longest, share):
        packed = sc.pack(each.to_bytes())
        assert 16_384 < len(packed) <= PACKED_MAX
        assert sc.unpack(packed) == each.to_bytes()
        assert sc.token_from_text(to_base64url(packed)) == each.to_bytes()
    # No QR code holds so many digits, but a certificate's are still read.
    assert sc.token_from_text(to_digits(sc.pack(frame.to_bytes()))) == frame.to_bytes()


@given(statements)
def test_pack_and_unpack(statement):
    token = tokens_of(statement)
    packed = sc.pack(token)
    assert packed[0] == (1 if isinstance(statement, sc.Certificate) else 2)
    assert sc.unpack(packed) == token
    assert sc.token_from_text(to_base64url(packed)) == token
    assert sc.token_from_text(to_digits(packed)) == token
    assert sc.token_from_text(sc.verify_url(PAGE, token)) == token
    # zlib alone, told nothing by this library, reads the same.
    reader = zlib.decompressobj(-15, zdict=dictionary1())
    inflated = reader.decompress(packed[1 if packed[0] == 2 else 73 :])
    assert inflated in token


# What a QR code holds: the encoder is slow, and made for as much.
@given(texts(200), st.lists(texts(200), max_size=5).map(tuple), st.sampled_from([minimal, record]))
@settings(max_examples=settings.default.max_examples // 2)
def test_smallest_packing_is_no_longer_and_unpacks_to_the_same(name, titles, statement):
    course = sc.Course(title=name, institution="X", partner_institutions=titles)
    token = issue(statement(learner=sc.Person(name=name), course=course))
    packed = pack_smallest(token)
    assert len(packed) <= len(sc.pack(token))
    assert sc.unpack(packed) == token
    link, digits = qr_text(PAGE, token)
    assert sc.token_from_text(link + digits) == token
    assert digits.isdigit()


@given(st.binary(max_size=200))
def test_base64url(data):
    text = to_base64url(data)
    assert from_base64url(text) == data
    assert text == base64.urlsafe_b64encode(data).decode().rstrip("=")


@given(st.text(string.ascii_letters + string.digits + "-_=+/ .é", max_size=12))
def test_each_base64url_text_is_the_only_one_of_its_bytes(text):
    data = read_or_damaged(from_base64url, text)
    assert data is None or to_base64url(data) == text


@given(st.binary(max_size=60))
def test_digits(data):
    text = to_digits(data)
    assert from_digits(text) == data
    assert len(text) == len(data) // 7 * 17 + (0, 3, 5, 8, 10, 13, 15)[len(data) % 7]


@given(st.text(string.digits, max_size=60))
def test_each_decimal_text_is_the_only_one_of_its_bytes(text):
    data = read_or_damaged(from_digits, text)
    assert data is None or to_digits(data) == text


@given(st.binary(min_size=10, max_size=10))
def test_codes(identifier):
    code = code_from_id(identifier)
    assert id_from_code(code) == identifier
    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert set(code) <= {*ALPHABET, "-"}
    sloppy = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert id_from_code(sloppy) == identifier
    # Bytes as one number in base 32, the most significant digit first.
    number = 0
    for letter in code.replace("-", ""):
        number = number * 32 + ALPHABET.index(letter)
    assert number == int.from_bytes(identifier, "big")


@given(st.text(max_size=20))
def test_codes_are_sixteen_letters_or_refused(text):
    try:
        identifier = id_from_code(text)
    except ValueError as error:
        message = str(error)
    else:
        assert len(identifier) == 10
        return
    assert "code" in message


@given(st.binary(max_size=100), st.binary(max_size=3))
def test_inflate_agrees_with_zlib_and_takes_no_rest(data, rest):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=dictionary1())
    stream = packer.compress(data) + packer.flush()
    assert inflate(stream, len(data)) == data
    damaged = [stream + b"\0", stream + rest + b"\1", stream[:-1]]
    for other in damaged:
        with pytest.raises(sc.DecodeError) as caught:
            inflate(other, len(data))
        assert caught.value.reason is sc.Reason.DAMAGED_COMPRESSION
    if data:
        with pytest.raises(sc.DecodeError) as caught:
            inflate(stream, len(data) - 1)
        assert caught.value.reason is sc.Reason.TOO_LARGE


@pytest.mark.parametrize("token", ISSUED, ids=["minimal", "typical", "record", "share"])
@given(
    st.text(alphabet="https:/.?=& \u202e漢", max_size=30),
    st.sampled_from(["", " ", "\n", "\r\n\t"]),
)
def test_what_stands_before_the_fragment_does_not_matter(token, before, space):
    fragment = to_base64url(sc.pack(token))
    assert sc.token_from_text(f"{space}{before}#{fragment}{space}") == token
