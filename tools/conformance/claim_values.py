"""Sections 6.1 and 6.2: the claims of a certificate, and its models, right and wrong."""

from collections.abc import Iterator

from conformance.expectations import VALID, fails, undecided
from conformance.field_cases import WRONG
from conformance.layout import Case
from conformance.tokens import (
    BODY,
    ISSUED_AT,
    ISSUER,
    MOMENT_MAX,
    certificate,
    certificate_body,
    sign1,
)


def models() -> Iterator[Case]:
    """Models that are not as their tables say."""
    for title, body in (
        ("learner: map of the name alone", {0: {0: "Ada"}}),
        ("learner: latin name alone", {0: {1: "Ada"}}),
        ("learner: empty map", {0: {}}),
        ("learner: array", {0: ["Ada"]}),
        ("learner: integer", {0: 5}),
        ("course: text", {1: "Analytical Engines"}),
        ("course: without a title", {1: {1: "I"}}),
        ("course: without an institution", {1: {0: "T"}}),
        ("course: array", {1: ["T", "I"]}),
        ("module: map of the title alone", {1: {0: "T", 1: "I", 5: [{0: "M"}]}}),
        ("module: hours alone", {1: {0: "T", 1: "I", 5: [{2: 5}]}}),
        ("signatory: map of the name alone", {5: [{0: "S"}]}),
        ("awarding_body: map of the name alone", {7: {0: "O"}}),
        ("workload: empty map", {1: {0: "T", 1: "I", 6: {}}}),
        ("credits: without an amount", {1: {0: "T", 1: "I", 10: {1: 0}}}),
        ("credits: without a system", {1: {0: "T", 1: "I", 10: {0: 5}}}),
        ("result: empty map", {4: {}}),
        ("skill: map without a URL", {6: [{0: "S"}]}),
        ("skill: map without a name", {6: [{1: "http://a"}]}),
        ("skill: empty map", {6: [{}]}),
        ("identity_check: without a method", {8: [{1: "P"}]}),
        ("identity_check: text", {8: ["photo"]}),
    ):
        yield Case(title, "no such model", certificate_body(body), WRONG)
    later = {"additional": {"128": 1}}
    yield Case(
        "learner: name and a later label", "a map with any other key is a map",
        certificate_body({0: {0: "Ada", 128: 1}}),
        VALID.showing({"learner": {"name": "Ada", **later}}),
    )  # fmt: skip
    yield Case(
        "learner: name and an unknown label", "likewise",
        certificate_body({0: {0: "Ada", 2: 1}}), VALID.but(undecided("SCHEMA", "unknown_field")),
    )  # fmt: skip
    yield Case(
        "skill: text beside a map", "both forms",
        certificate_body({6: ["S", {0: "T", 1: "http://a"}]}),
        VALID.showing({"skills": ["S", {"name": "T", "url": "http://a"}]}),
    )  # fmt: skip
    yield Case(
        "result: a later label alone", "a map that is not empty",
        certificate_body({4: {128: 1}}), VALID.showing({"result": later}),
    )  # fmt: skip


def claims() -> Iterator[Case]:
    """Claims that are missing, wrong, or at their bounds."""
    for label, name in ((1, "issuer"), (6, "issued_at"), (7, "id"), (BODY, "body")):
        yield Case(f"no {name}", "a claim is missing", certificate({label: None}), WRONG)
    for label, name in ((0, "learner"), (1, "course"), (2, "completed_on")):
        yield Case(f"no {name}", "a field is missing", certificate_body({label: None}), WRONG)
    for title, changed in (
        ("issuer: bytes", {1: ISSUER.encode()}), ("issuer: integer", {1: 1}),
        ("issuer: upper case", {1: "Learn.example.edu"}), ("issuer: one label", {1: "localhost"}),
        ("issuer: with a scheme", {1: f"https://{ISSUER}"}), ("issuer: slash", {1: f"{ISSUER}/"}),
        ("issuer: port", {1: f"{ISSUER}:443"}), ("issuer: empty", {1: ""}),
        ("issuer: long label", {1: "a" * 64 + ".edu"}), ("issuer: 201", {1: f"{'a.' * 99}edu"}),
        ("issuer: hyphen first", {1: "-a.edu"}), ("issuer: hyphen last", {1: "a-.edu"}),
        ("issuer: address", {1: "127.0.0.1"}), ("issuer: underscore", {1: "a_b.edu"}),
        ("issuer: two points", {1: "a..edu"}), ("issuer: point last", {1: "a.edu."}),
        ("issuer: point in the path", {1: "a.edu/b.c"}), ("issuer: U-label", {1: "ä.edu"}),
        ("issuer: line feed", {1: f"{ISSUER}\n"}), ("issuer: query", {1: f"{ISSUER}?"}),
        ("id: 9 bytes", {7: bytes(9)}), ("id: 11 bytes", {7: bytes(11)}),
        ("id: text", {7: "a" * 10}),
        ("issued_at: -1", {6: -1}), ("issued_at: too late", {6: MOMENT_MAX + 1}),
        ("issued_at: text", {6: "2026-11-02T10:00:00Z"}), ("issued_at: true", {6: True}),
        ("valid_from: -1", {5: -1}), ("valid_from: too late", {5: MOMENT_MAX + 1}),
        ("expires_at: -1", {4: -1}), ("expires_at: too late", {4: MOMENT_MAX + 1}),
        ("body: array", {BODY: []}), ("body: text", {BODY: "x"}), ("body: empty", {BODY: {}}),
        ("expires with the beginning", {4: ISSUED_AT}), ("expires before", {4: ISSUED_AT - 1}),
        ("expires with valid_from", {4: ISSUED_AT + 9, 5: ISSUED_AT + 9}),
        ("expires before valid_from", {4: ISSUED_AT + 8, 5: ISSUED_AT + 9}),
        ("expires at 0", {4: 0}),
    ):  # fmt: skip
        yield Case(title, "no such claim", certificate(changed), WRONG)
    for title, payload in (("array", []), ("empty map", {}), ("text", "x"), ("true", True)):
        yield Case(f"payload: {title}", "no statement", sign1(payload), WRONG)
    early = {4: ISSUED_AT, 5: ISSUED_AT - 9}
    yield Case(
        "expires after valid_from", "where valid_from is set, issued_at is not compared",
        certificate(early), VALID.but(fails("VALIDITY", "expired")).showing(
            {"valid_from": "2026-11-02T09:59:51Z", "expires_at": "2026-11-02T10:00:00Z"}
        ),
    )  # fmt: skip
    last = "9999-12-31T23:59:59Z"
    for title, changed, shown in (
        ("expires_at: last", {4: MOMENT_MAX}, {"expires_at": last}),
        ("valid_from: first", {5: 0}, {"valid_from": "1970-01-01T00:00:00Z"}),
        ("id: ones", {7: b"\xff" * 10}, {"id": "ZZZZ-ZZZZ-ZZZZ-ZZZZ"}),
        ("id: zeros", {7: bytes(10)}, {"id": "0000-0000-0000-0000"}),
        (
            "id of the specification",
            {7: bytes.fromhex("0123456789abcdef0123")},
            {
                "id": "04HM-ASW9-NF6Y-Y093",
            },
        ),
    ):
        yield Case(title, "a claim at its bounds", certificate(changed), VALID.showing(shown))
    for trust, issuer in LONG_NAMES.items():
        expected = VALID.showing({"issuer": issuer})
        yield Case(f"issuer: {trust}", "a name", certificate({1: issuer}), expected, trust)


#: Issuers at the bounds of the syntax.
LONG_NAMES = {
    "of 200 characters": f"{'a.' * 97}edu/00",
    "with long labels": f"{'a' * 63}.{'b' * 63}",
    "with a path": "a.edu/dept-1/--/0",
    "of A-labels": "xn--4ca.xn--p1ai",
    "shortest": "0.a",
}
