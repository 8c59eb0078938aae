"""Sections 4.4 and 6.3: labels that a verifier does not know, and which fault is reported."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import dumps
from conformance.expectations import VALID, fails, undecided
from conformance.layout import Case, Topic
from conformance.tokens import (
    BODY,
    INTEGER_MAX,
    certificate,
    certificate_body,
    sign1,
    with_body,
    with_claims,
)
from conformance.trust import in_document

WRONG = VALID.but(fails("SCHEMA", "schema_violation"))
BROKEN = VALID.but(fails("SCHEMA", "not_deterministic"))
UNKNOWN_FIELD = VALID.but(undecided("SCHEMA", "unknown_field"))
UNKNOWN_VALUE = VALID.but(undecided("SCHEMA", "unknown_value"))
#: Every map of a certificate: a name, and the entries of the body in which it stands.
_COURSE: dict[int, Any] = {0: "T", 1: "I"}


def _maps(entry: dict[int, Any]) -> Iterator[tuple[str, dict[int, Any]]]:
    yield "body", entry
    yield "learner", {0: {0: "N", **entry}}
    yield "course", {1: {**_COURSE, **entry}}
    yield "module", {1: {**_COURSE, 5: [{0: "M", **entry}]}}
    yield "workload", {1: {**_COURSE, 6: {0: 8, **entry}}}
    yield "credits", {1: {**_COURSE, 10: {0: 6, 1: 0, **entry}}}
    yield "result", {4: {0: 1, **entry}}
    yield "signatory", {5: [{0: "S", **entry}]}
    yield "skill", {6: [{0: "S", 1: "http://a", **entry}]}
    yield "awarding_body", {7: {0: "O", **entry}}
    yield "identity_check", {8: [{0: 0, **entry}]}


def _shown(name: str, added: Any) -> dict[str, Any]:
    course = {"title": "T", "institution": "I"}
    shown: dict[str, dict[str, Any]] = {
        "body": added,
        "learner": {"learner": {"name": "N", **added}},
        "course": {"course": {**course, **added}},
        "module": {"course": {**course, "syllabus": [{"title": "M", **added}]}},
        "workload": {"course": {**course, "workload": {"weeks": 8, **added}}},
        "credits": {"course": {**course, "credits": {"amount": 6, "system": "ects", **added}}},
        "result": {"result": {"score": 1, **added}},
        "signatory": {"signatories": [{"name": "S", **added}]},
        "skill": {"skills": [{"name": "S", "url": "http://a", **added}]},
        "awarding_body": {"awarding_body": {"name": "O", **added}},
        "identity_check": {"identity_checks": [{"method": "photo_match", **added}]},
    }
    return shown[name]


def _everywhere() -> Iterator[Case]:
    for label in (13, 127, -1):
        for name, body in _maps({label: "x"}):
            fault = "a label that the table does not list"
            yield Case(f"{name}: {label}", fault, certificate_body(body), UNKNOWN_FIELD)
    for name, body in _maps({128: "x"}):
        expected = VALID.showing(_shown(name, {"additional": {"128": "x"}}))
        yield Case(f"{name}: 128", "a label of a later version", certificate_body(body), expected)
    for name, body in _maps({128: ["\u202e"]}):
        fault = "a refused code point in a value that is ignored"
        yield Case(f"{name}: 128, refused", fault, certificate_body(body), WRONG)


def _claims() -> Iterator[Case]:
    for label in (0, 2, 3, 8, 9, 24, 127, -1, -65536, -65538, -INTEGER_MAX):
        fault = "a claim that the table does not list"
        yield Case(f"claim {label}", fault, certificate({label: 0}), UNKNOWN_FIELD)
    for label in (128, 256, 65_533, INTEGER_MAX):
        expected = VALID.showing({"additional_claims": {str(label): 0}})
        yield Case(f"claim {label}", "a later claim", certificate({label: 0}), expected)
    both = {200: 1, 128: 2, 1000: 3}
    shown = {"additional_claims": {"128": 2, "200": 1, "1000": 3}}
    yield Case("several later claims", "later claims", certificate(both), VALID.showing(shown))


def _later_values() -> Iterator[Case]:
    """Values under a label of 128 or more."""
    for name, value, shown in (
        ("array of everything", [1, "a\nb", b"\xff", [], {}, True, False], (
            [1, "a\nb", {"base64url": "_w"}, [], {}, True, False]
        )),
        ("map of negative keys", {-1: {-2: 0}}, {"-1": {"-2": 0}}),
        ("map of known labels", {0: "N", 1: "L"}, {"0": "N", "1": "L"}),
        ("empty text", "", ""),
        ("long text", "x" * 5_000, "x" * 5_000),
        ("line feeds", "\n\n", "\n\n"),
        ("false", False, False),
        ("name like another language's", {5: "__proto__"}, {"5": "__proto__"}),
    ):  # fmt: skip
        expected = VALID.showing({"additional": {"500": shown}})
        given = certificate_body({500: value})
        yield Case(f"later value: {name}", "anything of the profile", given, expected)
    for name, point in (
        ("NUL", "\0"), ("tab", "\t"), ("CR", "\r"), ("DEL", "\x7f"), ("U+0080", "\x80"),
        ("U+2028", "\u2028"), ("U+202A", "\u202a"), ("U+2069", "\u2069"), ("U+E0041", "\U000e0041"),
    ):  # fmt: skip
        given = certificate_body({500: {0: [{1: f"a{point}b"}]}})
        yield Case(f"later text: {name}", "a code point that is refused", given, WRONG)
    given = certificate({500: ["a\0"]})
    yield Case("later claim: NUL", "a code point that is refused", given, WRONG)
    unseen = {20: {0: "\0", 1: []}}
    yield Case(
        "unknown field with NUL", "its value is not looked at", certificate_body(unseen),
        UNKNOWN_FIELD,
    )  # fmt: skip


def _order() -> Iterator[Case]:
    """Two faults each: the graver one is reported, wherever it stands."""
    both = "two faults: the first of the order counts"
    violation, field, value = {3: ""}, {20: 0}, {9: [99]}
    for name, payload, expected in (
        ("profile and violation", with_body({3: "", 128: 1.5}), BROKEN),
        ("profile and field", with_body({20: 0, 128: 1.5}), BROKEN),
        ("profile and value", with_body({9: [99], 128: 1.5}), BROKEN),
        ("violation and field", with_body({**violation, **field}), WRONG),
        ("violation and value", with_body({**violation, **value}), WRONG),
        ("field and value", with_body({**field, **value}), UNKNOWN_FIELD),
        ("all but the profile", with_body({**violation, **field, **value}), WRONG),
        ("field first, violation deeper", with_body({13: 0, 6: [{0: "", 1: "http://a"}]}), WRONG),
        ("value first, violation last", with_body({3: 99, 12: [0]}), WRONG),
        ("violation first, profile last", with_body({0: "", 999: 1.5}), BROKEN),
        ("value in the body, field in the claims", with_claims({
            9: 0, BODY: with_body(value)[BODY],
        }), UNKNOWN_FIELD),
        ("claim missing, field", with_claims({6: None, 9: 0}), WRONG),
        ("body missing, value", with_claims({BODY: None, 9: 0}), WRONG),
        ("end before the beginning, field", with_claims({4: 1, 9: 0}), WRONG),
        ("end before the beginning, value", with_claims({
            4: 1, BODY: with_body(value)[BODY],
        }), WRONG),
        ("later text, field", with_body({20: 0, 128: "\0"}), WRONG),
        ("later text, value", with_body({3: 99, 128: "\0"}), WRONG),
        ("unknown value beside a good one", with_body({9: [0, 99]}), UNKNOWN_VALUE),
        ("unknown value in a map", with_body({8: [{0: 99}]}), UNKNOWN_VALUE),
        ("unknown value, missing field", with_body({8: [{3: 99}]}), WRONG),
    ):  # fmt: skip
        yield Case(f"order: {name}", both, sign1(dumps(payload)), expected)


def _cases() -> Iterator[Case]:
    for cases in (_everywhere(), _claims(), _later_values(), _order()):
        yield from cases


TOPIC = Topic(
    "labels",
    "Sections 4.4 and 6.3: labels that a verifier does not know, and which fault counts.",
    {"document": in_document()},
    tuple(_cases()),
)
