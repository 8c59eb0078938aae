"""Whatever is signed and printed in our own designs is read back without a contradiction."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

import signedcert as sc
from issuing import ISSUER, issue, minimal
from signedcert.documents import Design, Paper, Printed, Printer, Theme
from signedcert.documents.comparing.compare import compare
from signedcert.documents.errors import MissingGlyphError
from signedcert.documents.languages.words import LANGUAGES
from signedcert.documents.reading.pdf import document_of
from signedcert.documents.reading.pdf_task import answer
from signedcert.documents.report import DocumentReport
from strategies import instances

PAGE = "https://learn.example.edu/c/"
#: Of any certificate: what is of the test issuer.
OURS = {
    "issuer": ISSUER,
    "issued_at": datetime(2026, 11, 2, 10, tzinfo=UTC),
    "valid_from": None,
    "expires_at": None,
    "status": None,
}
WORDS = (
    "Ångström", "García", "and", "of", "Data", "O’Brien—dash", "Self-", "E-Learning", "COVID-19",
    "ليلى", "مقدمة", "في", "تعلم", "الآلة", "جامعة", "القاهرة", "שלום", "אוניברסיטה", "למידה",
    "परिचय", "विज्ञान", "विश्वविद्यालय", "มหาวิทยาลัย", "วิทยาศาสตร์", "清华大学", "人工智能",
    "東京大学", "カタカナ", "서울대학교", "데이터", "Введение", "Ёлкин", "Πανεπιστήμιο",
    "1,000.5", "100%", "+3", "-4", "3/4", "(2)", "C++", "A&B", "#1", "«q»", "x²", "A-", "1-",
)  # fmt: skip
_DIRECTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)


@pytest.fixture(scope="module")
def printers() -> Iterator[tuple[Printer, Printer]]:
    with ExitStack() as stack:
        yield (
            stack.enter_context(Printer()),
            stack.enter_context(Printer(Theme(design=Design.MODERN), Paper.US_LETTER)),
        )


def outcome(printer: Printer, certificate: sc.Certificate) -> DocumentReport | None:
    """What comes of it when it is printed and read; None where it cannot be printed."""
    printed = Printed.of_token(issue(certificate), PAGE)
    try:
        pdf = printer.pdf(printed)
    except MissingGlyphError:
        return None
    return compare(document_of(answer(pdf)), printed.statement)


@seed(6)
@settings(max_examples=10, deadline=None, phases=[Phase.generate])
@given(
    certificate=instances(sc.Certificate),
    language=st.sampled_from(LANGUAGES),
    design=st.integers(0, 1),
)
def test_any_certificate(printers, certificate, language, design):
    ours = certificate.model_copy(update=OURS | {"language": language})
    found = outcome(printers[design], ours)
    assert found is None or found.contradictions == ()


@seed(6)
@settings(max_examples=6, deadline=None, phases=[Phase.generate])
@given(
    texts=st.lists(_DIRECTIONS, min_size=6, max_size=20),
    language=st.sampled_from(LANGUAGES),
    design=st.integers(0, 1),
)
def test_words_of_many_scripts_in_one_line(printers, texts, language, design):
    title, institution, name, *topics = texts
    module = sc.Module(title=topics[0], topics=tuple(topics[1:]))
    certificate = minimal(
        course=sc.Course(title=title, institution=institution, syllabus=(module,)),
        learner=sc.Person(name=name),
        result=sc.Result(grade="A-"),
        signatories=(sc.Signatory(name=title, title=name),),
        skills=tuple(topics),
        language=language,
    )
    found = outcome(printers[design], certificate)
    assert found is not None
    assert found.contradictions == ()
