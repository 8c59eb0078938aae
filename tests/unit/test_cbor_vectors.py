"""RFC 8949's own examples: the malformed are refused, the deterministic among the others kept."""

from collections.abc import Mapping
from typing import Any

import cbor2

import cbor_oracle
from many_cases import check_each
from signedcert import DecodeError, Reason
from signedcert.codec.cbor import MAX_DEPTH, decode, encode
from vector_files import VECTORS

ROOT = VECTORS / "cbor-wg"


def cases(*files: str) -> list:
    found = []
    for file in files:
        # Their own file nests its examples deeper than cbor2 goes by default.
        document = cbor2.loads((ROOT / file).read_bytes(), max_depth=5000)
        for number, test in enumerate(document["tests"]):
            found.append((f"{document['title']}-{number}", (test["encoded"],)))
    return found


MALFORMED = cases("rfc8949/bad.cbor")
WELL_FORMED = cases(
    "rfc8949/good.cbor",
    *(f"appendixA/{path.name}" for path in sorted((ROOT / "appendixA").glob("*.cbor"))),
)


def allowed(value: Any, depth: int = 0) -> bool:
    """Whether tokens may hold the value (spec, section 4.2), so many arrays and maps around it."""
    if depth > MAX_DEPTH:
        return False
    match value:
        case bool() | bytes() | str():
            return True
        case int():
            return abs(value) < 2**53
        case list():
            return all(allowed(item, depth + 1) for item in value)
        case Mapping():
            keys = all(type(key) is int and allowed(key) for key in value)
            return keys and all(allowed(item, depth + 1) for item in value.values())
    return False


def expected(data: bytes) -> bool:
    value = cbor2.loads(data, max_depth=5000)
    return allowed(value) and cbor_oracle.dumps(value) == data


def accepted(data: bytes) -> bool:
    try:
        value = decode(data)
    except DecodeError as error:
        reason = error.reason
    else:
        assert encode(value) == data
        return True
    assert reason is Reason.NOT_DETERMINISTIC
    return False


def test_no_vector_was_lost():
    assert len(MALFORMED) == 47
    assert len(WELL_FORMED) == 88 + 81
    assert sum(expected(data) for _, (data,) in WELL_FORMED) > 25


def test_malformed_is_refused():
    def check(data):
        assert accepted(data) is False

    check_each(check, MALFORMED)


def test_well_formed_is_accepted_where_deterministic_and_allowed():
    def check(data):
        assert accepted(data) is expected(data)

    check_each(check, WELL_FORMED)


def test_trailing_bytes_are_refused():
    def check(data):
        assert accepted(data + b"\0") is False
        assert accepted(data + data) is False

    check_each(check, WELL_FORMED)
