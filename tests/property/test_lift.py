"""The fast lifter accepts exactly the payloads in which the slow diagnosis finds no fault.

Payloads are made, taken apart into trees, broken at one or more places, and encoded again by the
tests' own encoder, which writes whatever it is told: floats, tags, repeated keys, long heads.
"""

from typing import Any

import cbor2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cbor_oracle
from cbor_oracle import Pairs, Raw, Simple, Tagged, head
from field_values import FIELDS, SIGNED, field_id, in_statement, wire_path
from field_values import instance as instance_of
from forging import BODY, claims
from issuing import minimal, typical
from signedcert import Certificate, DecodeError, EncodeError, Reason
from signedcert.codec.cbor import MAX_DEPTH
from signedcert.codec.diagnose import diagnose
from signedcert.codec.lift import lift
from signedcert.codec.lower import lower
from signedcert.model.statement import Signed
from strategies import instances

GRAVEST_FIRST = [
    Reason.NOT_DETERMINISTIC,
    Reason.SCHEMA_VIOLATION,
    Reason.UNKNOWN_FIELD,
    Reason.UNKNOWN_VALUE,
]


def refusal(payload: bytes, model: type[Signed]) -> Reason | None:
    """Why the lifter refuses, having made sure that the diagnosis agrees."""
    try:
        statement, refused = lift(payload, model), None
    except DecodeError as error:
        statement, refused = None, error.reason
    found = faults(payload, model)
    if statement is None:
        # A fault of encoding is graver than a violation, and a violation graver than what a later
        # version may know.
        assert refused is min(found, key=GRAVEST_FIRST.index)
        return refused
    assert found == set()
    assert isinstance(statement, model)
    # Whatever is accepted has one encoding: this one.
    assert lower(statement) == payload
    return None


def faults(payload: bytes, model: type[Signed]) -> set[Reason]:
    """Every kind of fault that the diagnosis finds."""
    try:
        return {reason for reason, _, _ in diagnose(payload, model).faults}
    except DecodeError as error:
        return {error.reason}


def deterministic(payload: bytes) -> bool:
    """The oracle: a lenient decoder, a walk over types, and an encoder of the tests' own."""
    try:
        value = cbor2.loads(payload)
    except Exception:  # noqa: BLE001  # whatever it is, it could not be decoded
        return False
    return _allowed(value, 0) and cbor_oracle.dumps(value) == payload


def _allowed(value: Any, depth: int) -> bool:
    """Whether tokens hold such values, with this many arrays and maps around them."""
    if isinstance(value, dict):
        keys = all(type(key) is int and abs(key) < 2**53 for key in value)
        children = value.values()
    else:
        keys, children = True, value if isinstance(value, list) else ()
    if type(value) is int:
        keys = abs(value) < 2**53
    known = type(value) in (bool, bytes, str, int, list, dict)
    return known and keys and depth <= MAX_DEPTH and all(_allowed(v, depth + 1) for v in children)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**64), 2**64 - 1)
    | st.floats()
    | st.binary(max_size=33)
    | st.text(max_size=6)
    | st.builds(Simple, st.integers(0, 19) | st.integers(32, 255))
    | st.builds(Raw, st.binary(max_size=3)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.builds(Tagged, st.sampled_from([0, 1, 2, 4, 28, 29, 258, 55799]), inner)
        | st.lists(st.tuples(inner, inner), max_size=3).map(lambda pairs: Pairs(tuple(pairs)))
    ),
    max_leaves=5,
)
KEYS = (
    st.integers(-3, 30) | st.sampled_from([127, 128, 200, BODY, 65535, 2**53, -(2**53)]) | ANYTHING
)
_SURE_TO_MATTER = st.sampled_from(
    ["", "\0", "a\u202eb", "x" * 301, [], [1, 10], [10, 1], [-1, 2], [5, 0], [5, 10], [True, 1],
    [7, 5],
     0, -1, 1, 23, 24, 99, True, False, None, 1.0, {}, {0: "x"}, {0: "x", 128: 1}, {99: 1},
     {128: None},
     bytes(10), bytes(32), {1: 1, -1: 6, -2: bytes(32)}, {1: True, -1: 6, -2: bytes(32)},
     {1: 1, -1: True, -2: bytes(32)}, {1: 1, -1: 6, -2: bytes(31)}, {1: 2}, {1: 2, -1: "\0"},
     {1: {1: 1, -1: 6, -2: bytes(32)}}, {True: {1: 1, -1: 6, -2: bytes(32)}}, {1: bytes(32)},
     {1: {1: 1, -1: 6, -2: bytes(31)}}, {1: {1: 1, -1: 6, -2: bytes(32)}, 2: b""}, {2: {}},
     "0000-0000-0000-0000", "0000",
     2**53 - 1, 2**53, 253_402_300_800, 3_000_000, -800_000, [1, 2, 3], [[1]]]
)  # fmt: skip


def _pairs(value: Any) -> Any:
    """The tree with maps as pairs in order, so that they can be broken."""
    if isinstance(value, dict):
        return Pairs(tuple((key, _pairs(item)) for key, item in value.items()))
    return [_pairs(item) for item in value] if isinstance(value, list) else value


def _places(tree: Any, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    places = [path]
    children = [v for _, v in tree.entries] if isinstance(tree, Pairs) else tree
    if isinstance(children, list):
        for number, child in enumerate(children):
            places += _places(child, (*path, number))
    return places


def _at(tree: Any, path: tuple[int, ...], change: Any) -> Any:
    if not path:
        return change(tree)
    first, *rest = path
    if isinstance(tree, Pairs):
        entries = list(tree.entries)
        entries[first] = (entries[first][0], _at(entries[first][1], tuple(rest), change))
        return Pairs(tuple(entries))
    return [_at(item, tuple(rest), change) if i == first else item for i, item in enumerate(tree)]


def _long_head(value: Any, width: int) -> Any:
    """The value with a head longer than it needs, where it has one."""
    if type(value) is int and -(2**31) <= value < 2**31:
        argument = value if value >= 0 else ~value
        return Raw(head(int(value < 0), argument, max(width, 4 if argument >= 1 << 16 else 2)))
    if isinstance(value, bytes | str) and len(value) < 60:
        data = value if isinstance(value, bytes) else value.encode()
        return Raw(head(2 if isinstance(value, bytes) else 3, len(data), width) + data)
    return value


def _break(draw: Any, tree: Any) -> Any:
    """The tree, changed at one place, sometimes harmlessly."""
    place = draw(st.sampled_from(_places(tree)))

    def change(value: Any) -> Any:
        kinds = ["replace", "replace", "tag", "wrap", "head", "float", "twin"]
        if isinstance(value, Pairs):
            kinds += ["insert", "drop", "swap", "key", "sort", "repeat"] * 2
        if isinstance(value, list):
            kinds += ["append", "drop item", "empty"]
        return _changed(draw, value, draw(st.sampled_from(kinds)))

    return _at(tree, place, change)


def _changed(draw: Any, value: Any, kind: str) -> Any:
    position = draw(st.integers(0, 12))
    entries = list(value.entries) if isinstance(value, Pairs) else []
    index = position % len(entries) if entries else 0
    match kind:
        case "replace":
            return draw(ANYTHING | _SURE_TO_MATTER.map(_pairs))
        case "tag":
            return Tagged(draw(st.sampled_from([0, 24, 28, 29, 37, 256, 55799, 2**40])), value)
        case "wrap":
            return [value]
        case "head":
            return _long_head(value, draw(st.sampled_from([2, 4, 8])))
        case "float" if type(value) is int:
            return float(value)
        case "twin" if type(value) is int and 0 <= value < 20:
            return Simple(value)
        case "append":
            return [*value, draw(ANYTHING | _SURE_TO_MATTER.map(_pairs))]
        case "drop item":
            return value[1:]
        case "empty":
            return []
        case "insert":
            entries.insert(index, (draw(KEYS), draw(ANYTHING | _SURE_TO_MATTER.map(_pairs))))
        case "drop" if entries:
            del entries[index]
        case "swap" if entries:
            entries[0], entries[index] = entries[index], entries[0]
        case "key" if entries:
            key = entries[index][0]
            other = [_long_head(key, draw(st.sampled_from([2, 4, 8])))]
            if type(key) is int:
                other += [float(key), key == 1, *([Simple(key)] if 0 <= key < 20 else [])]
            entries[index] = (draw(st.sampled_from(other) | KEYS), entries[index][1])
        case "sort":
            entries.append((draw(KEYS), draw(ANYTHING)))
            entries.sort(key=lambda entry: cbor_oracle.dumps(entry[0]))
        case "repeat" if entries:
            entries.append(entries[index])
    return Pairs(tuple(entries)) if isinstance(value, Pairs) else value


@st.composite
def broken_payloads(draw: Any) -> tuple[bytes, type[Signed]]:
    statement = draw(st.one_of(map(instances, SIGNED)) | st.sampled_from([minimal(), typical()]))
    try:
        tree = _pairs(dict(cbor2.loads(lower(statement))))
    except EncodeError:
        tree = _pairs(claims(minimal()))
    for _ in range(draw(st.integers(1, 2))):
        tree = _break(draw, tree)
    return cbor_oracle.dumps(tree), type(statement)


@given(broken_payloads())
@settings(max_examples=settings.default.max_examples * 5)
def test_lifter_and_diagnosis_agree(broken):
    payload, model = broken
    reason = refusal(payload, model)
    assert (reason is Reason.NOT_DETERMINISTIC) is not deterministic(payload)


@given(instances(Certificate), st.data())
@settings(max_examples=settings.default.max_examples // 2)
def test_damaged_bytes_are_refused_or_another_statement(statement, data):
    try:
        payload = bytearray(lower(statement))
    except EncodeError:
        payload = bytearray(lower(minimal()))
    for _ in range(3):
        position = data.draw(st.integers(0, len(payload) - 1))
        payload[position] = data.draw(st.integers(0, 255))
    refusal(bytes(payload), Certificate)


@given(st.binary(max_size=60), st.sampled_from(SIGNED))
@example(b"", Certificate)
@example(b"\xa0", Certificate)
@example(b"\xa1\x3a\x00\x01\x00\x00\xa0", Certificate)
def test_arbitrary_bytes_are_refused(payload, model):
    assert refusal(payload, model) is not None


def _fields_with_keys():
    content = claims(minimal())
    numbers = {content_key: ("claims", content_key) for content_key in content}
    return [*numbers.values(), *(("body", key) for key in content[BODY])]


@pytest.mark.parametrize("other", [float, Simple, lambda key: Raw(head(0, key, 8))])
@pytest.mark.parametrize(("where", "key"), _fields_with_keys())
def test_keys_that_equal_an_integer_but_are_none(where, key, other):
    if key == BODY and other is not float:
        other = lambda key: Raw(head(1, ~key, 8))  # noqa: E731
    content = claims(minimal())
    inside = content if where == "claims" else content[BODY]
    changed = Pairs(tuple((other(k) if k == key else k, v) for k, v in inside.items()))
    if where == "body":
        changed = Pairs(tuple((k, changed if k == BODY else v) for k, v in content.items()))
    payload = cbor_oracle.dumps(changed)
    assert refusal(payload, Certificate) is Reason.NOT_DETERMINISTIC


WRONG_TYPES = [
    None, True, False, 0, -1, 99, 2**53 - 1, 1.5, b"", b"x", bytes(10), bytes(32), "", "x",
    "a\0b", [],
    [1], [1, 1], [10, 1], ["x"], [[1], [2]], {}, {0: "x"}, {0: "x", 99: 1}, {0: "x", 1: "x"},
    {128: 1},
]  # fmt: skip


@pytest.mark.parametrize(("model", "field"), FIELDS, ids=field_id)
def test_every_field_with_every_type(model, field):
    statement = in_statement(instance_of(model))
    content = claims(statement)
    refused = 0
    for wrong in WRONG_TYPES:
        tree = _with_field(content, model, field, wrong)
        payload = cbor_oracle.dumps(tree)
        reason = refusal(payload, type(statement))
        refused += reason is not None
        assert (reason is Reason.NOT_DETERMINISTIC) is not deterministic(payload)
    assert refused >= len(WRONG_TYPES) - 10


def _with_field(content: Any, model: type, field: Any, value: Any) -> Any:
    """The content with one field of a part of it replaced."""
    return _replaced(content, () if field.in_claims else wire_path(model), field.number, value)


def _replaced(tree: Any, path: tuple[int, ...], label: int, value: Any) -> Any:
    if not path:
        if isinstance(tree, list):
            return [value if number == label else item for number, item in enumerate(tree)]
        # Bare text is label 0 of a map.
        return {**(tree if isinstance(tree, dict) else {0: tree}), label: value}
    first, *rest = path
    inner = _replaced(tree[first], tuple(rest), label, value)
    return [inner] if isinstance(tree, list) else {**tree, first: inner}
