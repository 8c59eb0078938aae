"""Status lists and their tokens: what is built, what is read, and what is refused."""

import copy
import dataclasses
import pickle
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms

import signedcert as sc
from cbor_oracle import Pairs, Raw, Tagged, dumps, head
from issuing import ISSUED_AT, OTHER_SIGNER, SIGNER, minimal
from signedcert.errors import DecodeError, EncodeError, Reason, SignerError
from signedcert.model.times import MOMENT_MAX
from signedcert.trust.status_list import (
    LIST_MAX,
    StatusList,
    deflate_list,
    inflate_list,
    pack_statuses,
)
from signedcert.trust.status_signing import sign_status_list
from signedcert.trust.status_token import TOKEN_MAX, StatusToken, parse_claims, parse_envelope

TYPE = "application/statuslist+cwt"
URI = "https://learn.example.edu/status/1"
SECONDS = int(ISSUED_AT.timestamp())
LST = deflate_list(b"\xb9\xa3")
HEADER = {1: -19, 4: b"12345678", 16: TYPE}
LIST = {"lst": LST, "bits": 1}
CLAIMS = {2: URI, 6: SECONDS, 65533: LIST}


def token(protected: Any = HEADER, unprotected: Any = (), **parts: Any) -> bytes:
    """A token whose parts can be anything; the signature is none."""
    header = protected if isinstance(protected, bytes) else dumps(protected)
    content = [
        header,
        dict(unprotected) if unprotected == () else unprotected,
        parts.get("payload", dumps(CLAIMS)),
        parts.get("signature", bytes(64)),
    ]
    return dumps(Tagged(18, content))


def claims(**changes: Any) -> bytes:
    """The claims with some changed, by label (`_6=…`); None takes one out."""
    found = CLAIMS | {int(label[1:]): value for label, value in changes.items()}
    return dumps({label: value for label, value in found.items() if value is not None})


def refusal(function: Any, *arguments: Any, **named: Any) -> Reason:
    with pytest.raises(DecodeError) as refused:
        function(*arguments, **named)
    return refused.value.reason


def ours(**changes: Any) -> bytes:
    arguments = {
        "subject": URI,
        "issued_at": ISSUED_AT,
        "expires_at": None,
        "ttl": timedelta(hours=12),
        "bits": 2,
        "array": pack_statuses(12, 2, [(3, 1), (7, 2)]),
        "signer": SIGNER,
    }
    return sign_status_list(**arguments | changes)


# The array


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_every_slot_of_a_byte_is_found_again(bits):
    largest = (1 << bits) - 1
    for index in range(16):
        statuses = StatusList(bits, pack_statuses(16, bits, [(index, largest)]))
        assert [statuses.value(i) for i in range(16)] == [
            largest if i == index else 0 for i in range(16)
        ]


def test_the_first_entry_is_in_the_least_significant_bits():
    assert pack_statuses(8, 1, [(0, 1)]) == b"\x01"
    assert pack_statuses(9, 1, [(7, 1), (8, 1)]) == b"\x80\x01"
    assert pack_statuses(4, 2, [(0, 1), (3, 2)]) == b"\x81"
    assert pack_statuses(2, 4, [(1, 10)]) == b"\xa0"
    assert pack_statuses(2, 8, [(1, 255)]) == b"\x00\xff"


def test_a_list_has_whole_bytes_of_entries():
    assert StatusList(1, pack_statuses(9, 1, ())).size == 16
    assert StatusList(2, pack_statuses(1, 2, ())).size == 4
    assert StatusList(8, pack_statuses(3, 8, ())).size == 3


@pytest.mark.parametrize("index", [-1, -16, 16, 17, 1 << 70])
def test_an_index_that_is_not_in_the_list_has_no_value(index):
    with pytest.raises(IndexError, match="no entry"):
        StatusList(1, b"\xff\xff").value(index)


@pytest.mark.parametrize(
    ("size", "bits", "values", "fault"),
    [
        (8, 3, [], "1, 2, 4 or 8"),
        (8, 0, [], "1, 2, 4 or 8"),
        (8, 16, [], "1, 2, 4 or 8"),
        (0, 1, [], "entries"),
        (-1, 1, [], "entries"),
        (LIST_MAX * 8 + 1, 1, [], "entries"),
        (LIST_MAX + 1, 8, [], "entries"),
        (8, 1, [(8, 1)], "index 8"),
        (8, 1, [(-1, 1)], "index -1"),
        (8, 1, [(0, 2)], "status 2"),
        (8, 4, [(0, 16)], "status 16"),
        (8, 8, [(0, 256)], "status 256"),
        (8, 8, [(0, -1)], "status -1"),
        (8, 2, [(5, 1), (5, 2)], "index 5 is given twice"),
        (8, 2, [(5, 1), (5, 0)], "index 5 is given twice"),
    ],
)
def test_what_cannot_be_packed(size, bits, values, fault):
    with pytest.raises(ValueError, match=fault):
        pack_statuses(size, bits, values)


@pytest.mark.parametrize(("bits", "array"), [(3, b"\0"), (1, b""), (1, bytearray(1)), (1, "x")])
def test_what_is_no_list(bits, array):
    with pytest.raises(ValueError, match="status list"):
        StatusList(bits, array)


def test_lists_are_values():
    statuses = StatusList(2, bytes(range(50)))
    for other in (pickle.loads(pickle.dumps(statuses)), copy.deepcopy(statuses)):
        assert other == statuses
        assert hash(other) == hash(statuses)
    assert statuses != StatusList(4, bytes(range(50)))
    assert repr(statuses) == "StatusList(bits=2)"
    with pytest.raises(dataclasses.FrozenInstanceError):
        statuses.bits = 1
    assert not hasattr(statuses, "__dict__")


def test_ten_million_entries_take_the_memory_of_their_array():
    size, length = 10_000_000, 2_500_000
    sparse = [(index, 1 + index % 3) for index in range(0, size, 99_991)]
    tracemalloc.start()
    try:
        array = pack_statuses(size, 2, sparse)
        _, packing = tracemalloc.get_traced_memory()
        lst = deflate_list(array)
        del array
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        statuses = inflate_list(lst, 2, limit=length)
        after, inflating = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Twice the array for a moment, while its bytes are put together.
    assert packing < 2 * length + 100_000
    assert inflating - before < 2 * length + 100_000
    assert length <= after - before < length + 10_000
    assert statuses.size == size
    assert len(lst) < 20_000
    assert all(statuses.value(index) == value for index, value in sparse)
    assert not any(statuses.value(index + 1) for index, _ in sparse)
    assert statuses.value(size - 1) == 0


# Compression


def zeros(count: int) -> bytes:
    """A ZLIB stream of so many MiB of zeros, made without making the zeros."""
    block = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    mebibyte = block.compress(bytes(1 << 20)) + block.flush(zlib.Z_FULL_FLUSH)
    # Adler-32 (RFC 1950, section 8.2) of zeros: the first sum stays 1, the second counts.
    adler = (count << 20) % 65521 << 16 | 1
    return b"\x78\xda" + mebibyte * count + b"\x03\x00" + adler.to_bytes(4, "big")


def test_streams_of_zeros_are_what_they_should_be():
    assert zlib.decompress(zeros(3)) == bytes(3 << 20)
    assert inflate_list(zeros(32), 1).array == bytes(LIST_MAX)


def test_a_bomb_is_refused_before_it_takes_memory():
    bomb = zeros(1024)
    assert len(bomb) < 2_000_000
    tracemalloc.start()
    try:
        reason = refusal(inflate_list, bomb, 1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reason == Reason.TOO_LARGE
    assert peak < 2 * LIST_MAX + 2 * len(bomb) + 1_000_000


def test_the_limit_is_the_caller_s():
    lst = deflate_list(bytes(1000))
    assert inflate_list(lst, 1, limit=1000).size == 8000
    assert refusal(inflate_list, lst, 1, limit=999) == Reason.TOO_LARGE


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, 9)[2:-4]


def with_dictionary(data: bytes) -> bytes:
    stream = zlib.compressobj(zdict=b"dictionary")
    return stream.compress(data) + stream.flush()


def gzip(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=31)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    "lst",
    [
        b"",
        b"\xb9\xa3",
        LST + b"\0",
        LST + LST,
        LST[:-1] + bytes((LST[-1] ^ 1,)),
        b"\x79" + LST[1:],
        raw_deflate(b"\xb9\xa3"),
        gzip(b"\xb9\xa3"),
        with_dictionary(b"dictionary dictionary"),
        *(LST[:length] for length in range(1, len(LST))),
    ],
    ids=bytes.hex,
)
def test_damaged_streams(lst):
    assert refusal(inflate_list, lst, 1) == Reason.DAMAGED_COMPRESSION


def test_an_empty_array_says_nothing():
    assert refusal(inflate_list, deflate_list(b""), 1) == Reason.SCHEMA_VIOLATION


@pytest.mark.parametrize("bits", [0, 3, 16, -1])
def test_inflating_to_other_bits_is_the_caller_s_mistake(bits):
    with pytest.raises(ValueError, match="1, 2, 4 or 8"):
        inflate_list(LST, bits)


# Our own tokens


def test_our_token_is_deterministic_and_verifies():
    data = ours(expires_at=ISSUED_AT + timedelta(days=1))
    kid = SIGNER.public_key.kid
    lst = deflate_list(b"\x40\x80\x00")
    payload = dumps(
        {2: URI, 4: SECONDS + 86400, 6: SECONDS, 65533: {"bits": 2, "lst": lst}, 65534: 43200}
    )
    protected = dumps({1: -19, 4: kid, 16: TYPE})
    signature = SIGNER.sign(dumps(["Signature1", protected, b"", payload]))
    assert data == dumps(Tagged(18, [protected, {}, payload, signature]))
    assert ours() == ours()

    envelope = parse_envelope(data)
    assert envelope == (protected, -19, kid, payload, signature)
    assert sc.ed25519_verify(SIGNER.public_key.raw, envelope.to_be_signed(), envelope.signature)
    found = parse_claims(envelope.payload)
    day, half = timedelta(days=1), timedelta(hours=12)
    assert found == StatusToken(URI, ISSUED_AT, ISSUED_AT + day, None, half, 2, lst)
    statuses = inflate_list(found.lst, found.bits)
    assert (statuses.value(3), statuses.value(7), statuses.value(4)) == (1, 2, 0)


def test_what_a_token_need_not_have():
    found = parse_claims(parse_envelope(ours(ttl=None)).payload)
    assert (found.expires_at, found.not_before, found.ttl) == (None, None, None)


@pytest.mark.parametrize("size", [23, 24, 255, 256, 65_000, 70_000, 1 << 20])
def test_what_is_signed_is_right_for_payloads_of_every_size(size):
    payload = bytes(size)
    message = parse_envelope(token(payload=payload)).to_be_signed()
    assert message == dumps(["Signature1", dumps(HEADER), b"", payload])


def test_a_large_list_is_signed_and_read():
    # It does not compress: every byte is some other byte's square.
    array = b"".join((i * i * 2654435761 % (1 << 64)).to_bytes(8, "big") for i in range(30_000))
    envelope = parse_envelope(ours(bits=8, array=array))
    assert len(envelope.payload) > 65_536
    assert sc.ed25519_verify(SIGNER.public_key.raw, envelope.to_be_signed(), envelope.signature)
    assert inflate_list(parse_claims(envelope.payload).lst, 8).array == array


def test_moments_are_floored_to_the_second_and_in_utc():
    zone = timezone(timedelta(hours=2))
    moment = datetime(2026, 11, 2, 12, 0, 0, 999_999, tzinfo=zone)
    data = ours(issued_at=moment, expires_at=moment + timedelta(hours=1))
    found = parse_claims(parse_envelope(data).payload)
    assert found.issued_at == datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    assert found.expires_at == datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
    assert found.issued_at.tzinfo is UTC


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": ""},
        {"subject": "learn.example.edu/status/1"},
        {"subject": "https://learn.example.edu/a list"},
        {"subject": URI + "\n"},
        {"subject": None},
        {"issued_at": ISSUED_AT.replace(tzinfo=None)},
        {"issued_at": datetime(1969, 12, 31, tzinfo=UTC)},
        {"issued_at": SECONDS},
        {"expires_at": ISSUED_AT},
        {"expires_at": ISSUED_AT - timedelta(seconds=1)},
        {"expires_at": datetime(2030, 1, 1)},  # naive on purpose
        {"ttl": timedelta(0)},
        {"ttl": timedelta(seconds=-1)},
        {"ttl": timedelta(seconds=1.5)},
        {"ttl": timedelta(days=365 * 9000)},
        {"bits": 3},
        {"array": b""},
        {"array": bytes(LIST_MAX + 1)},
    ],
    ids=lambda changes: repr(changes)[:60],
)
def test_what_is_not_signed(changes):
    with pytest.raises(ValueError):
        ours(**changes)


def test_what_makes_no_token_is_said_in_words():
    with pytest.raises(ValueError, match="time zone"):
        ours(issued_at=datetime(2026, 1, 1))  # naive on purpose
    with pytest.raises(ValueError, match="URI"):
        ours(subject="learn.example.edu")
    with pytest.raises(ValueError, match="whole seconds"):
        ours(ttl=timedelta(milliseconds=1500))


def test_a_list_too_large_for_a_token():
    # DEFLATE cannot shorten what ChaCha20 makes of zeros, and 16 MiB is the token's limit.
    stream = Cipher(algorithms.ChaCha20(bytes(32), bytes(16)), None).encryptor()
    with pytest.raises(EncodeError, match="several lists"):
        ours(bits=8, array=stream.update(bytes(TOKEN_MAX)))


class WrongSigner:
    """Claims one key and signs with another, or returns what is no signature."""

    public_key = SIGNER.public_key

    def __init__(self, signature: Any = None) -> None:
        self.signature = signature

    def sign(self, message: bytes) -> Any:
        return OTHER_SIGNER.sign(message) if self.signature is None else self.signature


@pytest.mark.parametrize("signature", [None, b"", bytes(64), "x" * 64, bytearray(64)])
def test_a_wrong_signature_is_never_released(signature):
    with pytest.raises(SignerError, match="does not verify"):
        ours(signer=WrongSigner(signature))


# Other people's envelopes


def test_the_payload_is_not_looked_at():
    assert parse_envelope(token(payload=b"\xff\xff")).payload == b"\xff\xff"
    assert parse_envelope(token(payload=b"")).payload == b""


def test_keys_in_any_order_and_long_heads():
    header = head(5, 3) + b"".join(map(dumps, (16, TYPE, 4, b"k", 1, -7)))
    content = Raw(
        b"\x98\x04" + b"\x59\x00" + head(2, len(header))[1:] + header + b"\xa0\x41\0\x41\1"
    )
    for tag in ("d2", "d812", "d90012", "da00000012", "db0000000000000012"):
        found = parse_envelope(bytes.fromhex(tag) + dumps(content))
        assert found == (header, -7, b"k", b"\0", b"\1")
        assert found.to_be_signed() == dumps(["Signature1", header, b"", b"\0"])


def test_the_protected_key_id_counts_before_the_other():
    assert parse_envelope(token(HEADER, {4: b"other"})).kid == b"12345678"
    assert parse_envelope(token({1: -19, 16: TYPE}, {4: b"other"})).kid == b"other"
    assert parse_envelope(token({1: -19, 16: TYPE})).kid is None


def test_other_headers_are_no_matter():
    found = parse_envelope(
        token(HEADER | {3: 1, -70000: [1, 2], "x": None}, {33: b"chain", 5: b""})
    )
    assert found.algorithm == -19


@pytest.mark.parametrize("algorithm", [-7, -8, -50, -19, 5, 0])
def test_any_number_is_an_algorithm_for_the_caller_to_refuse(algorithm):
    assert parse_envelope(token(HEADER | {1: algorithm})).algorithm == algorithm


GOOD = token()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.EMPTY_INPUT),
        (GOOD + bytes(TOKEN_MAX), Reason.TOO_LARGE),
        (GOOD[1:], Reason.NOT_A_TOKEN),
        (b"\xd8\x3d" + GOOD, Reason.NOT_A_TOKEN),
        (b"\xd1" + GOOD[1:], Reason.NOT_A_TOKEN),
        (b"\xd9\xd9\xf7" + GOOD, Reason.NOT_A_TOKEN),
        (b"eyJhbGciOiJFZERTQSJ9", Reason.NOT_A_TOKEN),
        (b"\xd2" + GOOD, Reason.NOT_DETERMINISTIC),
        (GOOD + b"\0", Reason.NOT_DETERMINISTIC),
        (GOOD + GOOD, Reason.NOT_DETERMINISTIC),
        (b"\xd2\x9f" + GOOD[2:] + b"\xff", Reason.NOT_DETERMINISTIC),
        (dumps(Tagged(18, [])), Reason.NOT_A_TOKEN),
        (dumps(Tagged(18, [b"", {}, b""])), Reason.NOT_A_TOKEN),
        (dumps(Tagged(18, [b"", {}, b"", b"", b""])), Reason.NOT_A_TOKEN),
        (dumps(Tagged(18, {0: b""})), Reason.NOT_A_TOKEN),
        (token(payload=None), Reason.NOT_A_TOKEN),
        (token(payload="text"), Reason.NOT_A_TOKEN),
        (token(signature=None), Reason.NOT_A_TOKEN),
        (token(HEADER, [4, b"k"]), Reason.NOT_A_TOKEN),
        (token(HEADER, None), Reason.NOT_A_TOKEN),
        (token([1, -19]), Reason.NOT_A_TOKEN),
        (token(HEADER, Pairs(((4, b"a"), (4, b"b")))), Reason.NOT_DETERMINISTIC),
        (token(Pairs((*HEADER.items(), (1, -7)))), Reason.NOT_DETERMINISTIC),
        (token(dumps(HEADER) + b"\0"), Reason.NOT_DETERMINISTIC),
        (token(dumps(HEADER)[:-1]), Reason.NOT_DETERMINISTIC),
        (token(b"\xbf" + dumps(HEADER)[1:] + b"\xff"), Reason.NOT_DETERMINISTIC),
        (token(HEADER | {99: Tagged(1, 0)}), Reason.NOT_DETERMINISTIC),
        (token(HEADER, {99: Tagged(24, b"")}), Reason.NOT_DETERMINISTIC),
        (token(HEADER, {99: Raw(b"\x81" * 9 + b"\0")}), Reason.NOT_DETERMINISTIC),
        (token(HEADER, {99: [0] * 5000}), Reason.NOT_DETERMINISTIC),
        (token(HEADER, {99: Raw(b"\xf8\x18")}), Reason.NOT_DETERMINISTIC),
        (token(HEADER, {99: Raw(b"\x61\xff")}), Reason.NOT_DETERMINISTIC),
        (token(HEADER, Pairs((([], 0),))), Reason.NOT_DETERMINISTIC),
        (token(b""), Reason.MISSING_HEADER),
        (token({}), Reason.MISSING_HEADER),
        (token({16: TYPE}, {1: -19}), Reason.MISSING_HEADER),
        # Python would take 1.0 and True for 1, other languages would not.
        (token({1.0: -19, 16: TYPE}), Reason.NOT_DETERMINISTIC),
        (token({True: -19, 16: TYPE}), Reason.NOT_DETERMINISTIC),
        (token({1: -19, 16: TYPE}, {4.0: b"other"}), Reason.NOT_DETERMINISTIC),
        (token({1: -19, 16: TYPE, "x": [{None: 1}]}), Reason.NOT_DETERMINISTIC),
        (token(HEADER | {1: "EdDSA"}), Reason.WRONG_ALGORITHM),
        (token(HEADER | {1: -19.0}), Reason.WRONG_ALGORITHM),
        (token(HEADER | {1: True}), Reason.WRONG_ALGORITHM),
        (token({1: -19}, {16: TYPE}), Reason.WRONG_TYPE),
        (token(HEADER | {16: TYPE.upper()}), Reason.WRONG_TYPE),
        (token(HEADER | {16: "statuslist+cwt"}), Reason.WRONG_TYPE),
        (token(HEADER | {16: TYPE + ";v=1"}), Reason.WRONG_TYPE),
        (token(HEADER | {16: TYPE.encode()}), Reason.WRONG_TYPE),
        (token(HEADER | {16: 16}), Reason.WRONG_TYPE),
        (token(HEADER | {16: sc.Certificate.media_type}), Reason.WRONG_TYPE),
        (token(HEADER | {2: [16]}), Reason.EXTRA_HEADER),
        (token(HEADER, {2: [16]}), Reason.EXTRA_HEADER),
        (token(HEADER | {4: "12345678"}), Reason.NOT_A_TOKEN),
        (token(HEADER | {4: None}, {4: b"k"}), Reason.NOT_A_TOKEN),
    ],
)
def test_refused_envelopes(data, reason):
    assert refusal(parse_envelope, data) == reason


def test_a_token_cut_off_anywhere_is_refused():
    data = ours()
    for length in range(len(data)):
        assert refusal(parse_envelope, data[:length]) in {
            Reason.EMPTY_INPUT,
            Reason.NOT_DETERMINISTIC,
        }


def test_refusals_name_the_fault():
    for data, words in (
        (b"\xd8\x3d" + GOOD, "CWT tag"),
        (GOOD + b"\0", "its content is not one item"),
        (token(dumps(HEADER) + b"\0"), "its protected header is not one item"),
        (token(HEADER | {2: [16]}), "crit"),
    ):
        with pytest.raises(DecodeError, match=words):
            parse_envelope(data)


def test_a_token_of_ours_is_no_certificate_and_the_other_way_round():
    verdict = sc.verify(ours(), trust=sc.Trust.empty(), now=ISSUED_AT)
    assert verdict.finding(sc.Check.FORMAT).reason == Reason.WRONG_TYPE
    assert refusal(parse_envelope, sc.issue(minimal(), SIGNER)) == Reason.WRONG_TYPE


# Other people's claims


def test_claims_in_any_order_with_others_among_them():
    entries = Pairs((("aggregation_uri", "https://a.example"), ("x", 1), ("bits", 1), ("lst", LST)))
    pairs = (
        (65533, entries),
        ("other", 1.5),
        (6, 0),
        (3, "aud"),
        ("more", [True, {"x": None}]),
        (65534, 1),
        (2, "u:n"),
    )
    found = parse_claims(dumps(Pairs(pairs)))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert found == StatusToken("u:n", epoch, None, None, timedelta(seconds=1), 1, LST)


def test_moments_at_their_bounds():
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    found = parse_claims(claims(_4=MOMENT_MAX, _5=0, _65534=MOMENT_MAX - SECONDS))
    assert (found.expires_at, found.not_before) == (last, datetime(1970, 1, 1, tzinfo=UTC))
    assert found.issued_at + found.ttl == last
    assert parse_claims(claims(_6=MOMENT_MAX)).issued_at == last


@pytest.mark.parametrize(
    "payload",
    [
        b"\x80",
        b"\xf6",
        *(claims(_2=subject) for subject in (None, "", "no uri", b"u:n", 1, "u:\n", "u:é", "u:")),
        *(claims(_65533=entry) for entry in (None, [], LST, {}, {"lst": LST}, {"bits": 1})),
        *(
            claims(_65533=LIST | {"bits": bits})
            for bits in (0, 3, 5, 16, -1, True, 1.0, "1", 1 << 40)
        ),
        *(claims(_65533=LIST | {"lst": lst}) for lst in ("eNrbuRgAAhcBXQ", [LST], 0)),
        *(claims(_65533=LIST | {"aggregation_uri": uri}) for uri in (1, b"https://a.example", [])),
        claims(_6=None),
        *(
            claims(**{label: moment})
            for label in ("_4", "_5", "_6")
            for moment in (1.5, float(SECONDS), True, -1, MOMENT_MAX + 1, "2026", b"", 1 << 63)
        ),
        *(
            claims(_65534=ttl)
            for ttl in (0, -1, 1.0, True, "60", MOMENT_MAX - SECONDS + 1, (1 << 64) - 1)
        ),
        claims(_4=Raw(b"\xf6")),
        claims(_65534=Raw(b"\xf6")),
    ],
    ids=lambda payload: payload.hex()[-60:],
)
def test_refused_claims(payload):
    assert refusal(parse_claims, payload) == Reason.SCHEMA_VIOLATION


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        claims() + b"\0",
        claims()[:-1],
        dumps(Pairs((*CLAIMS.items(), (2, "https://other.example")))),
        dumps(Pairs((*CLAIMS.items(), (2.0, "https://other.example")))),
        claims(_65533=Pairs((*LIST.items(), ("bits", 2)))),
        claims(_65533=Raw(b"\xbf" + dumps(LIST)[1:] + b"\xff")),
        claims(_65533={"bits": 1, "lst": Raw(b"\x5f" + dumps(LST) + b"\xff")}),
        claims(_6=Tagged(1, SECONDS)),
        claims(_2=Tagged(32, URI)),
        claims(_99=Tagged(2, b"\1")),
        dumps(Tagged(61, CLAIMS)),
        claims(_99=Raw(b"\x81" * 8 + b"\0")),
        claims(_99=[0] * 4096),
        claims(_99=Raw(b"\x9b" + b"\xff" * 8)),
        claims(_2=Raw(b"\x7b" + b"\xff" * 8)),
    ],
    ids=lambda payload: payload.hex()[-60:],
)
def test_claims_that_are_not_strict_cbor(payload):
    assert refusal(parse_claims, payload) == Reason.NOT_DETERMINISTIC


def test_the_decoder_itself_would_take_trailing_bytes():
    # This is why the extent is compared first.
    assert cbor2.loads(claims() + b"\0") == CLAIMS
