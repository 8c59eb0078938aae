"""How long it takes, and how much memory, to refuse hostile input of up to 64 KiB."""

import itertools
import random
import time
import tracemalloc
import zlib
from functools import partial

import cbor2

import signedcert as sc
from benchmarks.content import NOW
from benchmarks.speed import trust_in
from signedcert.codec.base64url import to_base64url
from signedcert.codec.dictionary import dictionary1
from signedcert.crypto.sign1 import sign

ISSUER = "learn.example.edu"
SIZE = 49_000  # in base64url this is just under 64 KiB


def _deflated(data: bytes) -> bytes:
    stream = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=dictionary1())
    return stream.compress(data) + stream.flush()


def colliding_keys(count: int) -> bytes:
    """A map whose keys are arrays of two integers that all have one hash in CPython.

    Tuples of integers are hashed without a secret (xxHash), so the second one can be solved for.
    """
    mask, lane1, lane2 = 2**64 - 1, 11400714785074694791, 14029467366897019727
    inverse1, inverse2 = pow(lane1, -1, 2**64), pow(lane2, -1, 2**64)
    target = 12345 * inverse1 & mask
    target = (target >> 31 | target << 33) & mask
    encoded: list[bytes] = []
    first = 0
    while len(encoded) < count:
        lane = (2870177450012600261 + first * lane2) & mask
        lane = (lane << 31 | lane >> 33) & mask
        second = (target - lane * lane1) * inverse2 & mask
        if second < 2**61 - 1:
            encoded.append(cbor2.dumps([first, second]) + b"\0")
        first += 1
    return b"\xb9" + count.to_bytes(2, "big") + b"".join(encoded)


def nested_keys() -> bytes:
    """A token's beginning with maps as keys of maps as keys; -1 and -2 have one hash in CPython."""
    arrays = itertools.islice(itertools.product(b"\x20\x21", repeat=9), 230)
    keys = [b"\xa1\xa1\xa1\x89" + bytes(array) + b"\0\0\0\0" for array in arrays]
    return b"\xd2\x84\x40\xb8" + bytes((len(keys),)) + b"".join(keys) + b"\x40\x40"


def inputs(signer: sc.SoftwareSigner) -> dict[str, str | bytes]:
    """Hostile input by name; the signed ones are signed by a key that the verifier trusts."""
    random.seed(1)
    kid = signer.public_key.kid

    def signed(payload: bytes) -> bytes:
        return sign(sc.Certificate.media_type, payload, signer).to_bytes()

    laughs = b"\x01"
    for level in range(12):
        laughs = b"\xd8\x1c\x82" + laughs + b"\xd8\x1d" + cbor2.dumps(level)
    many = cbor2.dumps({-65537: {label: label for label in range(128, 2700)}})
    ignored = cbor2.dumps({-65537: {200: [{}] * 16_000, 201: "\u202e"}})
    keys = colliding_keys(1100)
    return {
        "1,100 colliding keys as a token": b"\xd2" + keys,
        "280 colliding keys as a token": b"\xd2" + colliding_keys(280),
        "signed: 1,100 colliding keys": signed(keys),
        "nested colliding keys, as a link": to_base64url(b"\x02" + _deflated(nested_keys())),
        "signed: nested colliding keys": signed(nested_keys()),
        "inflate bomb, form 01": to_base64url(b"\x01" + kid + bytes(64) + _deflated(bytes(10**7))),
        "inflate bomb, form 02": to_base64url(b"\x02" + _deflated(bytes(10**7))),
        "random bytes as a token": random.randbytes(65_536),
        "random bytes in a link": to_base64url(b"\x01" + random.randbytes(16_000)),
        "64 KiB of digits": "9" * 65_536,
        "64 KiB of base64url": "A" * 65_536,
        "nested arrays as a token": b"\xd2" + b"\x81" * 16_000 + b"\x01",
        "giant declared length": b"\xd2\x84\x5b\x7f" + b"\xff" * 7,
        "million-entry array head": b"\xd2\x9a\x00\xff\xff\xff",
        "signed: shared references": signed(laughs),
        "signed: nested maps": signed(b"\xa1\x00" * 8_000 + b"\x01"),
        "signed: 2,572 ignored labels": signed(many),
        "signed: 16,000 empty maps in an ignored label": signed(ignored),
        "signed: giant array head": signed(b"\x9a\x00\xff\xff\xff" + b"\x01" * 16_000),
        "signed: 16 KiB of zeros in an array": signed(b"\x99\x3f\xf0" + b"\x00" * 16_368),
        "signed: 16 KiB of empty text": signed(b"\x99\x3f\xf0" + b"\x60" * 16_368),
    }


def measure() -> list[str]:
    """Rows of a Markdown table."""
    signer = sc.SoftwareSigner(bytes(range(32)))
    trust = trust_in(signer)
    lines = ["| hostile input | verdict | ms (at most 10) | MB (at most 10) |", "|---|---|---|---|"]
    for name, item in inputs(signer).items():
        refuse = (
            partial(sc.verify_text, item, trust, now=NOW)
            if isinstance(item, str)
            else partial(sc.verify, item, trust, now=NOW)
        )
        verdict = refuse()
        seconds = []
        for _ in range(7):
            start = time.perf_counter()
            refuse()
            seconds.append(time.perf_counter() - start)
        tracemalloc.start()
        refuse()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        lines.append(
            f"| {name} | {verdict.status} | {sorted(seconds)[3] * 1e3:.2f} | {peak / 1e6:.2f} |"
        )
    return lines
