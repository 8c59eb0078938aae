"""Whatever an issuer may sign can be printed, in every language, and its text is not changed."""

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import signedcert as sc
from issuing import issue, minimal
from signedcert.documents.languages.words import LANGUAGES
from signedcert.documents.printed import Printed, Statement
from signedcert.documents.variables import variables
from signedcert.errors import EncodeError
from signedcert.model.labelled import Labelled
from strategies import instances, records

PAGE = "https://learn.example.edu/c/"
TOKEN = issue(minimal())


def texts_of(value: object) -> Iterator[str]:
    """Every text that was signed, enumerations and language tags left aside."""
    match value:
        case Labelled():
            for field in value.fields_by_label:
                if field.name != "language":
                    yield from texts_of(getattr(value, field.name))
        case tuple():
            for each in value:
                yield from texts_of(each)
        case str():
            yield value


def strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from strings(each)
        case dict():
            for each in value.values():
                yield from strings(each)


def check(statement: Statement, token: bytes, language: str | None, signed: Labelled) -> None:
    found: dict[str, Any] = variables(Printed(token, statement, PAGE), language=language)
    assert json.loads(json.dumps(found)) == found
    # These hold or repeat what must have a place of its own.
    said = list(strings({**found, "words": None, "verify_url": None, "title": None}))
    for text in texts_of(signed):
        assert any(text in each for each in said), text


@given(instances(sc.Certificate), st.sampled_from((None, *LANGUAGES)))
def test_every_text_of_any_certificate_is_there_in_any_language(
    certificate: sc.Certificate, language: str | None
) -> None:
    check(certificate, TOKEN, language, certificate)


@given(records(), st.sampled_from((None, *LANGUAGES)))
def test_every_text_of_any_record_is_there_in_any_language(
    record: sc.CourseRecord, language: str | None
) -> None:
    try:
        token = issue(record)
    except EncodeError:
        return  # larger than any record may be
    check(Printed.of_token(token, PAGE).statement, token, language, record)
