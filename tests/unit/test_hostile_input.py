"""Input made to hurt: refused, and in little memory. Times are for benchmarks, not for here."""

import random
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

import signedcert as sc
from cbor_oracle import Pairs, Raw, Tagged, dumps, head
from forging import BODY, claims, header, signed
from issuing import NOW, SIGNER, TRUST, check, minimal
from signedcert.codec.base64url import to_base64url
from signedcert.codec.dictionary import dictionary1
from signedcert.codec.digits import to_digits
from signedcert.codec.lower import lower

MEGABYTE = 1_000_000
KIB64 = 65_536
KID = SIGNER.public_key.kid
NOISE = random.Random(1).randbytes(KIB64)
HONEST = claims(minimal())


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=dictionary1())
    return packer.compress(data) + packer.flush()


def nested(start: bytes, end: bytes, depth: int) -> bytes:
    return start * depth + end


def laughs(depth: int) -> object:
    """A billion laughs in shared references (tags 28, 29): each level has the last ten times."""
    item: object = Tagged(28, ["ha"] * 10)
    for level in range(depth):
        item = Tagged(28, [item, *[Tagged(29, level)] * 9])
    return item


def colliding_keys(count: int) -> Pairs:
    """A map whose keys are arrays of two integers that all have one hash in CPython.

    Tuples are hashed without a secret (xxHash's rounds), so the second lane can be solved for.
    """
    mask, rounds = 2**64 - 1, (11400714785074694791, 14029467366897019727)
    back = [pow(number, -1, 2**64) for number in rounds]
    target = 12345 * back[0] & mask
    target = (target >> 31 | target << 33) & mask
    keys: list[list[int]] = []
    first = 0
    while len(keys) < count:
        lane = (2870177450012600261 + first * rounds[1]) & mask
        lane = (lane << 31 | lane >> 33) & mask
        second = (target - lane * rounds[0]) * back[1] & mask
        if second < 2**61 - 1:
            keys.append([first, second])
        first += 1
    return Pairs(tuple((key, 0) for key in keys))


CBOR = {
    "arrays as keys, all of one hash": dumps(colliding_keys(1100)),
    "nested arrays": nested(b"\x81", b"\0", 16_000),
    "nested maps": nested(b"\xa1\0", b"\0", 8_000),
    "nested maps as keys": nested(b"\xa1", b"\0\0", 8_000),
    "nested tags": nested(b"\xc1", b"\0", 16_000),
    "nested indefinite arrays": nested(b"\x9f", b"", 16_000),
    "shared references": dumps(laughs(12)),
    "cyclic reference": dumps(Tagged(28, [Tagged(29, 0)] * 100)),
    "strings by number": dumps(Tagged(256, ["abcd" * 50, *[Tagged(25, 0)] * 4000])),
    "huge array": head(4, 2**40) + b"\0" * 1000,
    "huge array of 32 bits": head(4, 2**32 - 1),
    "huge map": head(5, 2**62),
    "huge text": head(3, 2**62) + b"x",
    "huge bytes": head(2, 2**32 - 1) + b"x",
    "many huge arrays": b"\x9a\x00\xff\xff\xff" * 8,
    "bignum": b"\xc2" + dumps(b"\xff" * 16_000),
    "bigfloat": b"\xc5\x82\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00\x03",
    "decimal fraction": b"\xc4\x82\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00\x03",
    "regular expression": dumps(Tagged(35, "(a+)+$" + "a" * 1000)),
    "date": dumps(Tagged(0, "9" * 16_000)),
    "set of maps": dumps(Tagged(258, [{n: n} for n in range(2000)])),
    "many keys": dumps(Pairs(tuple((n, n) for n in range(2500, 0, -1)))),
    "equal hashes": dumps({n * (2**61 - 1) + k: 0 for n in range(8) for k in range(150)}),
    "arrays as keys": dumps(Pairs(tuple(([n, n], 0) for n in range(2000)))),
    "equal keys": dumps(Pairs(((1, 0),) * 5000)),
    "many arrays": dumps([[]] * 16_000),
    "many floats": dumps([1.1] * 1700),
    "many empty texts": dumps([""] * 16_000),
    "long text": dumps("a\u0301" * 5000),
    "noise": NOISE[:16_000],
}


def measured(check_input: Callable[[], sc.Verdict], allowed: int = 10 * MEGABYTE) -> sc.Verdict:
    """The verdict, having made sure how much memory it took at most."""
    check_input()  # what is made once a process is not this input's
    tracemalloc.start()
    try:
        verdict = check_input()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < allowed
    assert verdict.status is sc.Status.INVALID
    assert verdict.statement is None
    return verdict


def test_colliding_keys_collide():
    keys = [tuple(key) for key, _ in colliding_keys(50).entries]
    assert len({hash(key) for key in keys}) == 1
    assert len(set(keys)) == 50


@pytest.mark.parametrize("data", CBOR.values(), ids=CBOR)
def test_hostile_cbor_as_a_token(data):
    measured(lambda: check(data))
    measured(lambda: check(b"\xd2" + data))


@pytest.mark.parametrize("data", CBOR.values(), ids=CBOR)
@pytest.mark.parametrize("position", range(4))
def test_hostile_cbor_within_a_frame(data, position):
    parts = [dumps(header()), Raw(b"\xa0"), b"x", bytes(64)]
    parts[position] = data if position == 0 else Raw(data)
    measured(lambda: check(dumps(Tagged(18, parts))))


@pytest.mark.parametrize("data", CBOR.values(), ids=CBOR)
def test_hostile_cbor_that_is_correctly_signed(data):
    verdict = measured(lambda: check(signed(data)))
    assert verdict.finding(sc.Check.SCHEMA).outcome is sc.Outcome.FAILED


@pytest.mark.parametrize("data", CBOR.values(), ids=CBOR)
@pytest.mark.parametrize("label", [1, 7, 128, BODY])
def test_hostile_cbor_in_an_honest_map_that_is_correctly_signed(data, label):
    content = {**HONEST, label: Raw(data[:15_000])}
    verdict = measured(lambda: check(signed(content)))
    assert verdict.finding(sc.Check.SCHEMA).outcome is sc.Outcome.FAILED


@pytest.mark.parametrize("first_label", [20, 128, 2**40])
def test_huge_maps_of_unknown_labels_that_are_correctly_signed(first_label):
    # Consecutive labels at a distance that makes a naive hash table collide.
    body = HONEST[BODY] | {first_label + (n << 20): 0 for n in range(1500)}
    verdict = check(signed({**HONEST, BODY: body}))
    reasons = {20: sc.Reason.UNKNOWN_FIELD}
    if first_label == 20:
        assert verdict.finding(sc.Check.SCHEMA).reason is reasons[first_label]
        assert verdict.status is sc.Status.INDETERMINATE
    else:
        assert verdict.status is sc.Status.VALID
        assert len(verdict.statement.additional) == 1500


BOMBS = {
    "zeros": deflated(bytes(50 * MEGABYTE)),
    "token of zeros": deflated(b"\xd2\x84\x58" + bytes(50 * MEGABYTE)),
    "one byte too many": deflated(bytes(41_216 + 1)),
    "dictionary over and over": deflated(dictionary1() * 1000),
    "many empty blocks": b"\x00\x00\x00\xff\xff" * 9000 + b"\x01\x00\x00\xff\xff" + b"\x00",
    "many empty fixed blocks": b"\x02\x0c" * 20_000,
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("to_text", [to_base64url, to_digits])
@pytest.mark.parametrize("form", [b"\x01" + KID + bytes(64), b"\x02"], ids=["01", "02"])
def test_inflate_bombs(data, form, to_text):
    text = to_text(form + data)
    verdict = measured(lambda: sc.verify_text(text, TRUST, now=NOW), 2 * MEGABYTE)
    assert verdict.finding(sc.Check.FORMAT).reason in (
        sc.Reason.TOO_LARGE,
        sc.Reason.DAMAGED_COMPRESSION,
    )


def test_an_inflate_bomb_behind_a_valid_start():
    # The stream of an honest certificate, not final, and then a bomb.
    packed = sc.pack(sc.issue(minimal(), SIGNER))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=dictionary1())
    honest = packer.compress(lower(minimal())) + packer.flush(zlib.Z_FULL_FLUSH)
    bomb = honest + packer.compress(bytes(10 * MEGABYTE)) + packer.flush()
    text = to_base64url(packed[:73] + bomb)
    verdict = measured(lambda: sc.verify_text(text, TRUST, now=NOW), 2 * MEGABYTE)
    assert verdict.finding(sc.Check.FORMAT).reason is sc.Reason.TOO_LARGE


TEXTS = {
    "letters": "A" * KIB64,
    "digits": "9" * KIB64,
    "zeros": "0" * KIB64,
    "number signs": "#" * KIB64,
    "spaces": " " * KIB64,
    "scheme": "https://" * 8192,
    "emoji": "#" + "👩" * (KIB64 - 1),
    "surrogates": "#" + "\ud83d" * (KIB64 - 1),
    "arabic digits": "#" + "٣" * (KIB64 - 1),
    "noise": "#" + NOISE.decode("latin-1")[: KIB64 - 1],
    "base64url noise": to_base64url(b"\x01" + NOISE[:49_000]),
    "base64url noise, other form": to_base64url(b"\x02" + NOISE[:49_000]),
    "base64url noise, sealed form": to_base64url(b"\x04" + NOISE[:41_000]),
    "decimal noise": to_digits(b"\x01" + NOISE[:26_000]),
    "one too long": "A" * (KIB64 + 1),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_text(text):
    measured(lambda: sc.verify_text(text, TRUST, now=NOW))


@pytest.mark.parametrize("size", [1, 100, 16_640, 41_216, KIB64])
def test_noise_as_a_token(size):
    measured(lambda: check(NOISE[:size]))
    measured(lambda: check((b"\xd2\x84\x58\x36" + NOISE)[:size]))


def test_a_giant_input_is_not_looked_at():
    giant = bytes(10 * MEGABYTE)
    measured(lambda: check(giant), 100_000)
    text = "A" * (10 * MEGABYTE)
    measured(lambda: sc.verify_text(text, TRUST, now=NOW), 100_000)
