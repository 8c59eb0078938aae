"""Small additions that change what a document says: each of them was once overlooked."""

import pikepdf
import pytest
from on_paper import PAGE, full, printed_of
from pikepdf import Array, Dictionary, Name

import signedcert as sc
from edited_pdfs import Edit, edited, text
from issuing import issue, record
from signedcert.documents import (
    Comparison,
    DocumentReport,
    DocumentUnreadable,
    Printed,
    Printer,
    compare,
    read_document,
)
from signedcert.documents.reading.pdf import document_of
from signedcert.documents.reading.pdf_task import answer
from signedcert.documents.report import Kind


def report(pdf: bytes, printed: Printed) -> DocumentReport:
    return compare(document_of(answer(pdf)), printed.statement)


@pytest.fixture(scope="module")
def printed() -> Printed:
    return printed_of(full(result=sc.Result(score=62, grade="C")))


@pytest.fixture(scope="module")
def pdf(classic: Printer, printed: Printed) -> bytes:
    return classic.pdf(printed)


def annotation(kind: str, flags: int = 4) -> Edit:
    """A note over the name without an appearance: some programs draw it, others do not."""

    def add(opened: pikepdf.Pdf) -> None:
        note = Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array([150, 330, 690, 392]), F=flags,
            Contents="Mallory Forger", DA="/Helv 40 Tf 0 g", IC=Array([1, 1, 1]),
        )  # fmt: skip
        page = opened.pages[0]
        page.Annots = Array([*page.get("/Annots", []), opened.make_indirect(note)])

    return add


def test_unchanged_it_is_not_contradicted(pdf: bytes, printed: Printed):
    assert report(pdf, printed).outcome is Comparison.NO_CONTRADICTION_IN_TEXT_LAYER


@pytest.mark.parametrize(
    "edit",
    [
        annotation("FreeText"),
        annotation("Stamp", flags=1),
        annotation("Popup"),
        text("+", 420, 200, 11),
        text("With distinction", 400, 200, 11),
        text("Mit Auszeichnung", 400, 200, 11),
        text("9", 400, 200, 9),
    ],
)
def test_what_was_added_is_found(pdf: bytes, printed: Printed, edit: Edit):
    found = report(edited(pdf, edit), printed)
    assert {each.kind for each in found.contradictions} == {Kind.UNSIGNED_TEXT}


def test_digits_before_scores_are_no_numbers_of_the_chart(classic: Printer):
    rows = tuple(
        sc.Assessment(title=f"Part {at}", kind=sc.AssessmentKind.QUIZ, score=5, maximum=100)
        for at in "abcdefghij"
    )
    token = issue(record(assessments=rows))
    printed = Printed.of_token(token, PAGE)
    pdf = classic.pdf(printed)
    assert report(pdf, printed).contradictions == ()
    found = report(edited(pdf, text("9", 400, 400, 7), text("9", 400, 380, 7)), printed)
    assert {each.kind for each in found.contradictions} == {Kind.UNSIGNED_TEXT}


def test_numbers_in_arabic_documents_keep_their_order(modern: Printer):
    made, signed = (
        printed_of(full(language="ar", learner=sc.Person(name=f"ليلى {number}")))
        for number in (21, 12)
    )
    assert report(modern.pdf(signed), signed).contradictions == ()
    found = report(modern.pdf(made), signed)
    assert found.outcome is Comparison.CONTRADICTION_FOUND


def test_a_picture_that_is_a_pdf_as_well_is_refused(classic: Printer, pdf: bytes, printed: Printed):
    png = classic.png(printed, ppi=36)[0]
    chunk = png[:33] + pdf + png[33:]
    with pytest.raises(DocumentUnreadable, match="at once"):
        read_document(chunk)
