"""Sections 15.2, 15.3 and 15.5: what a record says, and what it discloses."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Tagged, dumps
from conformance.carriers import carried, form2, link
from conformance.expectations import fails
from conformance.layout import Case, Topic
from conformance.record_answers import (
    BARE,
    MISMATCH,
    SALT,
    UNKNOWN_FIELD,
    UNKNOWN_VALUE,
    VIOLATION,
    Row,
)
from conformance.record_payloads import payloads
from conformance.record_shown import shown
from conformance.record_tokens import (
    COMPLETE,
    COURSE,
    LEARNER,
    OF_RECORD,
    QUIZ,
    REDACTED,
    SCORE,
    digest,
    disclosure,
    listing,
    record,
    rows,
)
from conformance.trust import in_document


def _entry(*items: Any, salt: bytes = SALT) -> bytes:
    made = disclosure(*items, salt=salt)
    return record(made).token()


def _raw(data: bytes) -> bytes:
    return record(data).token()


def _disclosures() -> Iterator[Row]:
    """Disclosures of entries."""
    for name, fault, token in (
        ("text", "no array", _raw(dumps("Ada"))),
        ("map", "no array", _raw(dumps({0: SALT}))),
        ("one byte", "no array", _raw(b"\0")),
        ("two items", "an entry has three", _entry("Ada")),
        ("four items", "an entry has three", _entry("Ada", 0, 0)),
        ("salt of 15", "a salt of another length", _entry("Ada", 0, salt=bytes(15))),
        ("salt of 17", "a salt of another length", _entry("Ada", 0, salt=bytes(17))),
        ("salt as text", "no byte string", _raw(dumps(["x" * 16, "Ada", 0]))),
        ("decoy with a salt of 15", "a salt of another length", _raw(dumps([bytes(15)]))),
        ("decoy with more", "something after it", _raw(dumps([SALT]) + b"\0")),
        ("text label", "no integer", _entry("Ada", "name")),
        ("no label", "no integer", _entry("Ada", [])),
        ("true as a label", "no integer", _entry(*("Ada", True))),
        ("label and value exchanged", "no integer", _raw(dumps([SALT, 0, "Ada"]))),
        ("cut off", "no whole item", _raw(dumps([SALT, "Ada", 0])[:-1])),
        ("with more", "something after it", _raw(dumps([SALT, "Ada", 0]) + b"\0")),
        ("long head", "a head longer than needed", _raw(b"\x98\x03" + dumps([SALT, "A", 0])[1:])),
        ("long label", "a head longer than needed", _raw(dumps([SALT, "Ada"]).replace(
            b"\x82", b"\x83"
        ) + b"\x18\x00")),
        ("float", "outside the profile", _entry(1.5, 200)),
        ("tag", "outside the profile", _entry(Tagged(1, 0), 200)),
        ("simple(59)", "outside the profile", _entry({REDACTED: 0}, 200)),
        ("keys out of order", "outside the profile", _entry(Pairs(((1, "x"), (0, "y"))), 0)),
        ("not UTF-8", "outside the profile", _entry("\ud800", 0)),
        ("2^53", "outside the profile", _entry(2**53, 200)),
        ("label of 2^53", "outside the profile", _entry(0, 2**53)),
        ("9 levels", "the array counts", _entry([[[[[[[[0]]]]]]]], 200)),
        ("refused text in a later label", "a refused code point", _entry(["\0"], 200)),
        ("learner: empty", "no value of the field", _entry("", 0)),
        ("learner: map of the name", "no value of the field", _entry({0: "Ada"}, 0)),
        ("score: list", "no value of the field", _entry([1], 5)),
        ("score: a line feed", "no value of the field", _entry({2: "a\nb"}, 5)),
        ("assessments as a value", "no digests", _entry([{0: "T", 1: 0}], 6)),
        ("assessments: none", "an empty array", _entry([], 6)),
        ("assessments without tags", "no tag 60", _entry([digest(QUIZ)], 6)),
        ("assessments under tag 61", "another tag", _entry([Tagged(61, digest(QUIZ))], 6)),
        ("assessments: 31 bytes", "no digest", _entry([Tagged(60, bytes(31))], 6)),
        ("assessments with a long head", "a head longer than needed", _raw(
            b"\x83\x50" + SALT + b"\x98\x01" + dumps(Tagged(60, digest(QUIZ))) + b"\x06"
        )),
        ("assessments under a long label", "a head longer than needed", _raw(
            b"\x83\x50" + SALT + b"\x81" + dumps(Tagged(60, digest(QUIZ))) + b"\x18\x06"
        )),
        ("course disclosed", "a label of the first table", _entry(COURSE, 1)),
        ("language disclosed", "a label of the first table, absent there", _entry("en", 8)),
        ("digests under another label", "digests of rows belong to lists", _entry(
            [Tagged(60, digest(QUIZ))], 5
        )),
        ("tag 60 in a later label", "a tag", _entry([Tagged(60, digest(QUIZ))], 200)),
    ):  # fmt: skip
        yield f"entry: {name}", fault, token, VIOLATION
    for label in (2, 11, 127, -1, -65_537):
        fault, finding = "a label that no table lists", UNKNOWN_FIELD
        if label in {2}:
            fault, finding = "a label of the first table", VIOLATION
        yield f"entry: label {label}", fault, _entry(0, label), finding
    unseen = _entry(["\0"], 20)
    yield "entry: label 20 with NUL", "its value is not looked at", unseen, UNKNOWN_FIELD
    in_value = _entry({0: 1, 9: 0}, 5)
    yield "entry: unknown label in a value", "section 4.4", in_value, UNKNOWN_FIELD
    deep = [[[[[[0]]]]]]
    yield (
        "entry: 8 levels",
        "as deep as it may be",
        _entry(deep, 200),
        BARE.showing({"additional": {"200": deep}}),
    )
    twice = record(disclosure("Ada", 0), disclosure("Eve", 0)).token()
    yield "label twice", "one label, two disclosures", twice, VIOLATION
    later = record(disclosure(1, 200)).with_body({200: 0}).token()
    yield "label in the body, too", "a label that the body has", later, VIOLATION


def _lists() -> Iterator[Row]:
    """Disclosures of rows, and digests that stand twice."""

    def row(data: bytes, label: int = 6) -> bytes:
        return record(listing(label, data), more=(data,)).token()

    for name, fault, data in (
        ("text", "no array", dumps("T")), ("one byte", "no array", b"\xa0"),
        ("three items", "a row has two", disclosure({0: "T", 1: 0}, 6)),
        ("salt of 15", "a salt of another length", disclosure({0: "T", 1: 0}, salt=bytes(15))),
        ("with more", "something after it", disclosure({0: "T", 1: 0}) + b"\0"),
        ("float", "outside the profile", disclosure({0: "T", 1: 0, 128: 1.5})),
        ("no title", "a field is missing", disclosure({1: 0})),
        ("no kind", "a field is missing", disclosure({0: "T"})),
        ("no map", "no assessment", disclosure("T")),
        ("empty map", "no assessment", disclosure({})),
        ("attempts: 0", "below 1", disclosure({0: "T", 1: 0, 6: 0})),
        ("attempts: 1,001", "above 1,000", disclosure({0: "T", 1: 0, 6: 1001})),
        ("late: false", "no flag", disclosure({0: "T", 1: 0, 7: False})),
        ("title: too long", "301 code points", disclosure({0: "x" * 301, 1: 0})),
        ("maximum: negative", "below 0", disclosure({0: "T", 1: 0, 3: -1})),
    ):  # fmt: skip
        yield f"row: {name}", fault, row(data), VIOLATION
    yield "row: kind 9", "a number of no name", row(disclosure({0: "T", 1: 9})), UNKNOWN_VALUE
    yield "row: label 8", "a label not listed", row(disclosure({0: "T", 1: 0, 8: 0})), UNKNOWN_FIELD
    yield "row: method 4", "a number of no name", row(disclosure({0: 4}), 7), UNKNOWN_VALUE
    for name, entries, more in (
        ("in one list", (rows(6, [digest(QUIZ)] * 2),), (QUIZ,)),
        ("in two lists", (listing(6, QUIZ), listing(7, QUIZ)), ()),
        ("in a list and the body", (LEARNER, listing(6, LEARNER)), ()),
        ("in a list, not disclosed", (rows(6, [digest(QUIZ)] * 2),), ()),
    ):
        token = record(*entries, more=more).token()
        yield f"digest twice {name}", "no digest stands twice", token, VIOLATION
    kept = record(listing(6, QUIZ), SCORE)
    foreign = disclosure("foreign", 0)
    yield "foreign entry", "not signed by the issuer", kept.showing(foreign).token(), MISMATCH
    yield "row without its list", "its list is not disclosed", kept.showing(QUIZ).token(), MISMATCH
    late = kept.showing(*kept.shown, QUIZ, foreign)
    yield "foreign beside the rest", "one too many", late.token(), MISMATCH
    salted = disclosure({0: 92}, 5, salt=SALT)
    yield (
        "another salt",
        "the same value under another salt",
        kept.showing(salted).token(),
        MISMATCH,
    )
    yield "garbage", "what is not signed is not read", kept.showing(b"\xff").token(), MISMATCH


def _order() -> Iterator[Row]:
    both = "two faults: the first of the order counts"
    foreign, wrong = disclosure("foreign", 0), disclosure("", 0)
    unknown, value = disclosure(0, 20), disclosure({0: 99}, 200)
    kind = disclosure({0: "T", 1: 99})
    for name, made, expected in (
        ("violation and mismatch", record(wrong, more=(foreign,)), VIOLATION),
        ("mismatch and field", record(unknown, more=(foreign,)), MISMATCH),
        ("mismatch and value", record(listing(6, kind), more=(kind, foreign)), MISMATCH),
        ("violation and field", record(wrong, unknown), VIOLATION),
        ("field and value", record(unknown, listing(6, kind), more=(kind,)), UNKNOWN_FIELD),
        ("violation and value", record(wrong, listing(6, kind), more=(kind,)), VIOLATION),
        ("later label, value", record(value, listing(6, kind), more=(kind,)), UNKNOWN_VALUE),
        ("visible value and mismatch", COMPLETE.with_body({4: {0: [{0: 9}]}}).showing(foreign), (
            UNKNOWN_VALUE
        )),
        ("visible field and violation", COMPLETE.with_body({20: 0}).showing(wrong), UNKNOWN_FIELD),
    ):  # fmt: skip
        yield f"order: {name}", both, made.token(), expected


def _cases() -> Iterator[Case]:
    for found in (shown(), payloads(), _disclosures(), _lists(), _order()):
        for name, fault, token, expected in found:
            yield Case(name, fault, carried(token), expected)
    yield Case("in a link", "form 02", link(form2(COMPLETE.token())), OF_RECORD)
    other = COMPLETE.with_claims({1: "other.example.org"})
    another = OF_RECORD.but(fails("ISSUER_MATCHES_KEY", "other_issuer"))
    yield Case("of another issuer", "another issuer's key", other.token(), another)
    broken = COMPLETE.token()[:-1] + b"\0"
    mismatch = OF_RECORD.but(fails("SIGNATURE", "signature_mismatch"))
    yield Case("broken signature", "an altered record", broken, mismatch)


TOPIC = Topic(
    "records",
    "Sections 15.2, 15.3 and 15.5: course records, and what they disclose.",
    {"document": in_document()},
    tuple(_cases()),
)
