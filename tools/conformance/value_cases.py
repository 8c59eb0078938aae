"""Section 4.2: numbers, dates, bytes, arrays and models, at their bounds and beyond."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs
from conformance import field_tables as fields
from conformance.claim_values import LONG_NAMES, claims, models
from conformance.expectations import VALID, undecided
from conformance.field_cases import WRONG, case, good
from conformance.layout import Case, Topic, table
from conformance.tokens import (
    INTEGER_MAX,
    ISSUED_AT,
    certificate_body,
)
from conformance.trust import Held, document, in_document, trusting


def _decimals() -> Iterator[Case]:
    for name, (place, signed) in fields.DECIMALS.items():
        for title, wire, shown in (
            ("0", 0, 0), ("largest", INTEGER_MAX, INTEGER_MAX), ("0.5", [5, 1], 0.5),
            ("smallest", [1, 9], 0.000000001),
            ("most digits", [INTEGER_MAX, 9], "9007199.254740991"),
        ):  # fmt: skip
            yield good(f"{name}: {title}", "a decimal at its bounds", place, wire, shown)
        for title, wire in table(
            ("[10, 1]", [10, 1]), ("[0, 1]", [0, 1]), ("[5, 0]", [5, 0]), ("[5, 10]", [5, 10]),
            ("[5, -1]", [5, -1]), ("[5]", [5]), ("[5, 1, 0]", [5, 1, 0]), ("[]", []),
            ("[5, true]", [5, True]), ("[true, 1]", [True, 1]), ("text", "5"), ("true", True),
            ("map", {0: 5, 1: 1}), ("[[5], 1]", [[5], 1]),
        ):  # fmt: skip
            yield case(f"{name}: {title}", "no decimal", place, wire, WRONG)
        for title, wire, shown in (
            ("-1", -1, -1), ("[-5, 1]", [-5, 1], -0.5),
            ("smallest number", -INTEGER_MAX, -INTEGER_MAX),
        ):  # fmt: skip
            if signed:
                yield good(f"{name}: {title}", "a number below 0", place, wire, shown)
            else:
                yield case(f"{name}: {title}", "a number below 0", place, wire, WRONG)
    place, _ = fields.DECIMALS["result.score"]
    for title, wire, shown in (
        ("15 digits", [123456789012345, 2], 1234567890123.45),
        ("17 digits", [INTEGER_MAX, 1], 900719925474099.1),
        ("0.1", [1, 1], 0.1), ("87.25", [8725, 2], 87.25), ("1/2^9", [1953125, 9], 0.001953125),
        ("-0.25", [-25, 2], -0.25), ("1e15", 10**15, 10**15), ("[-10, 1] as -1", -1, -1),
    ):  # fmt: skip
        yield good(f"decimal: {title}", "how it is shown", place, wire, shown)
    yield case("decimal: [-10, 1]", "divisible by ten", place, [-10, 1], WRONG)
    yield case("decimal: [-20, 2]", "divisible by ten", place, [-20, 2], WRONG)


def _one_double(places: int) -> list[list[int]]:
    """Two numbers that are the same as doubles, the smaller first."""
    digits = {2: 9007199254740973, 8: 9007199254740953}[places]
    pair = [[digits, places], [digits + 1, places]]
    assert len({digits / 10**each for digits, each in pair}) == 1
    return pair


def _ranges() -> Iterator[Case]:
    place = fields.HOURS_PER_WEEK
    small, large = [1, 9], [INTEGER_MAX, 9]
    for title, wire, shown in (
        ("5 to 7", [5, 7], [5, 7]), ("5 to 5", [5, 5], [5, 5]), ("0 to 0", [0, 0], [0, 0]),
        ("2.5 to 4", [[25, 1], 4], [2.5, 4]), ("widest", [0, INTEGER_MAX], [0, INTEGER_MAX]),
        ("just apart", [[INTEGER_MAX - 2, 9], large], [9007199.254740989, "9007199.254740991"]),
        ("smallest", [small, small], [0.000000001] * 2),
        ("more", [9007199254740, [90071992547401, 1]], [9007199254740, 9007199254740.1]),
        ("one double, two places", _one_double(2), [90071992547409.73, "90071992547409.74"]),
        ("one double, eight places", _one_double(8), [90071992.54740953, "90071992.54740954"]),
    ):  # fmt: skip
        yield good(f"range: {title}", "a range", place, wire, shown)
    for title, wire in table(
        ("7 to 5", [7, 5]), ("0.1 to 0", [[1, 1], 0]), ("one number", [5]), ("three", [5, 6, 7]),
        ("none", []), ("number", 5), ("negative", [-1, 1]), ("map", {0: 5, 1: 7}),
        ("barely", [large, [INTEGER_MAX - 2, 9]]), ("integer and less", [INTEGER_MAX, large]),
        ("beyond doubles", [[INTEGER_MAX, 1], [INTEGER_MAX - 2, 1]]), ("faulty end", [5, [70, 1]]),
        ("largest twice", [INTEGER_MAX, INTEGER_MAX - 1]),
    ):  # fmt: skip
        yield case(f"range: {title}", "no range", place, wire, WRONG)
    for places in (2, 8):
        wire = _one_double(places)[::-1]
        fault = "the first is greater, which doubles do not tell"
        yield case(f"range: one double, {places} places", fault, place, wire, WRONG)


def _numbers() -> Iterator[Case]:
    for title, wire in (("1", 1), ("1000", 1000)):
        yield good(f"weeks: {title}", "a bound", fields.WEEKS, wire, wire)
    for title, value in (("0", 0), ("1001", 1001), ("-1", -1), ("text", "8"), ("[8, 0]", [8, 0])):
        yield case(f"weeks: {title}", "beyond the bounds", fields.WEEKS, value, WRONG)
    for name, place in (
        ("completed_on", fields.COMPLETED_ON), ("performed_on", fields.PERFORMED_ON),
    ):  # fmt: skip
        for title, wire, day in (
            ("first day", -719162, "0001-01-01"), ("last day", 2932896, "9999-12-31"),
            ("day before 1970", -1, "1969-12-31"), ("1970", 0, "1970-01-01"),
            ("leap day", 19782, "2024-02-29"), ("1900, no leap year", -25508, "1900-03-01"),
        ):  # fmt: skip
            yield good(f"{name}: {title}", "a date", place, wire, day)
        for title, value in table(
            ("day 0", -719163), ("year 10000", 2932897), ("text", "2026-11-02"), ("true", True),
            ("seconds", ISSUED_AT), ("bytes", b"\0"),
        ):  # fmt: skip
            yield case(f"{name}: {title}", "no date", place, value, WRONG)
    flag = fields.DISTINCTION
    yield good("flag: true", "a flag", flag, value=True, shown=True)
    for title, value in (("false", False), ("1", 1), ("text", "true")):
        yield case(f"flag: {title}", "no flag", flag, value, WRONG)
    yield good("portrait: 32 bytes", "a digest", fields.PORTRAIT, bytes(range(32)), (
        bytes(range(32)).hex()
    ))  # fmt: skip
    for size in (0, 31, 33, 64):
        yield case(f"portrait: {size} bytes", "no digest", fields.PORTRAIT, bytes(size), WRONG)
    yield case("portrait: text", "no digest", fields.PORTRAIT, "00" * 32, WRONG)
    code = "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    yield good("record_id: 10 bytes", "an id", fields.RECORD_ID, b"\xff" * 10, code)
    for size in (0, 9, 11):
        yield case(f"record_id: {size} bytes", "no id", fields.RECORD_ID, bytes(size), WRONG)
    yield case("record_id: code", "no id", fields.RECORD_ID, code, WRONG)
    missing = VALID.but(undecided("STATUS", "status_list_missing"))
    for title, pair in (("0, 0", (0, 0)), ("largest", (INTEGER_MAX, INTEGER_MAX))):
        shown = {"status": {"list": pair[0], "index": pair[1]}}
        yield case(
            f"status: {title}", "a reference", fields.STATUS, [*pair], missing.showing(shown)
        )
    for title, value in table(
        ("[1]", [1]), ("[1, 2, 3]", [1, 2, 3]), ("map", {0: 1, 1: 2}), ("[-1, 0]", [-1, 0]),
        ("[0, -1]", [0, -1]), ("[]", []), ("['1', 2]", ["1", 2]), ("[true, 2]", [True, 2]),
    ):  # fmt: skip
        yield case(f"status: {title}", "no reference", fields.STATUS, value, WRONG)


def _arrays() -> Iterator[Case]:
    for name, (place, bound, item, shown) in fields.ARRAYS.items():
        yield good(
            f"{name}: {bound}", "as many as there may be", place, [item] * bound, [shown] * bound
        )
        yield case(f"{name}: {bound + 1}", "one too many", place, [item] * (bound + 1), WRONG)
        yield case(f"{name}: none", "an empty array", place, [], WRONG)
        yield case(f"{name}: no array", "an item alone", place, item, WRONG)
        yield case(f"{name}: map", "a map in place of an array", place, {0: item}, WRONG)
    many = fields.ARRAYS["limitations"][0]
    wrong = "too many items decide, not what is in them"
    yield case("limitations: 21 of no name", wrong, many, [99] * 21, WRONG)
    twice = fields.ARRAYS["skills"][0]
    yield good("skills: twice the same", "no rule against it", twice, ["S", "S"], ["S", "S"])


def _named(issuer: str) -> dict[str, str]:
    return trusting(Held(document({9: None}, issuer=issuer), name=issuer))


def _relations() -> Iterator[Case]:
    """What a verifier does not check."""
    body: dict[int, Any] = {4: {0: 200, 1: 100}, 2: 2932896}
    shown = {"result": {"score": 200, "maximum": 100}, "completed_on": "9999-12-31"}
    yield Case("score beyond the maximum", "an issuer's to keep", certificate_body(body), (
        VALID.showing(shown)
    ))  # fmt: skip
    name = Pairs(((0, "Ada"), (1, "Ada")))
    yield Case("same name twice", "likewise", certificate_body({0: name}), VALID.showing(
        {"learner": {"name": "Ada", "latin_name": "Ada"}}
    ))  # fmt: skip


def _cases() -> Iterator[Case]:
    for cases in (
        _decimals(),
        _ranges(),
        _numbers(),
        _arrays(),
        models(),
        claims(),
        _relations(),
    ):
        yield from cases


TOPIC = Topic(
    "values",
    "Sections 4.2 and 6: numbers, dates, bytes, arrays, models and claims.",
    {"document": in_document(), **{name: _named(issuer) for name, issuer in LONG_NAMES.items()}},
    tuple(_cases()),
)
