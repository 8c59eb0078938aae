"""Every conformance vector against this library. `web/tests/conformance.test.ts` runs them, too."""

from collections.abc import Iterator
from typing import Any

import pytest

from conformance_cases import ANSWERS, answer, topics
from many_cases import check_each
from signedcert.errors import Reason

#: With these, a store refuses to take something in; they stand in no finding (section 9.6).
WITHOUT_FINDING = {Reason.UNTRUSTED_ROOT, Reason.BROKEN_HANDOVER, Reason.ROLLBACK, Reason.FORK}


def _check(topic: dict[str, Any], case: dict[str, Any]) -> None:
    (expected,) = (case[name] for name in ANSWERS if name in case)
    assert answer(case, topic["trust"][case["trust"]]) == expected


@pytest.mark.parametrize("name", topics())
def test_vectors(name: str) -> None:
    topic = topics()[name]
    check_each(_check, [(case["name"], (topic, case)) for case in topic["cases"]])


def _findings(case: dict[str, Any]) -> Iterator[list[str]]:
    if "expect" in case:
        yield from case["expect"]["findings"]
        if case["expect"]["not_run"]:
            yield ["", "NOT_RUN", "not_reached"]
    elif "record_link" in case:
        yield case["record_link"]


def test_every_reason_has_a_vector() -> None:
    cases = (case for topic in topics().values() for case in topic["cases"])
    found = {finding[2] for case in cases for finding in _findings(case)}
    assert found == {*Reason} - WITHOUT_FINDING


def test_there_are_thousands_of_cases() -> None:
    assert sum(len(topic["cases"]) for topic in topics().values()) >= 2_000
