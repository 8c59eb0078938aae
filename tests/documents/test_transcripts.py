"""Course records over as many sheets as they take."""

import io
import re

import pikepdf
import pypdfium2
from on_paper import PAGE

import signedcert as sc
from issuing import issue, record, shared
from signedcert.documents import Printed, Printer


def transcript(printer: Printer, token: bytes) -> tuple[str, pikepdf.Pdf]:
    pdf = printer.pdf(Printed.of_token(token, PAGE))
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "\f".join(page.get_textpage().get_text_range() for page in document)
    return text, pikepdf.open(io.BytesIO(pdf))


def many(count: int) -> sc.CourseRecord:
    return record(
        course_format=sc.CourseFormat(passing_score=80),
        assessments=tuple(
            sc.Assessment(
                title=f"Assessment no. {n}",
                kind=sc.AssessmentKind.QUIZ,
                score=n % 11,
                maximum=10,
                late=n == 3,
            )
            for n in range(count)
        ),
    )


def test_a_transcript_repeats_the_head_of_its_table(printer: Printer):
    text, pdf = transcript(printer, issue(many(200)))
    with pdf:
        assert len(pdf.pages) > 4
    pages = text.split("\f")
    assert all(f"Assessment no. {n}" in text for n in range(200))
    assert "Handed in late" in text
    tabled = [page for page in pages if re.search(r"Assessment no\. \d", page)]
    assert len(tabled) > 3
    # Its heading stands on its own line.
    assert all(re.search(r"^\s*Assessment\s", page, re.MULTILINE) for page in tabled)


def alternatives(pdf: pikepdf.Pdf) -> list[str]:
    return [
        str(each.Alt)
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
    ]


def test_a_chart_says_what_it_shows(printer: Printer):
    _, pdf = transcript(printer, issue(many(3)))
    with pdf:
        (chart,) = (each for each in alternatives(pdf) if "Assessment no. 0" in each)
    assert "Assessment no. 2: 2 of 10" in chart


def test_there_is_no_chart_where_nothing_has_a_share(printer: Printer):
    essay = sc.Assessment(title="Essay", kind=sc.AssessmentKind.ESSAY)
    text, pdf = transcript(printer, issue(record(assessments=(essay,))))
    with pdf:
        assert not [each for each in alternatives(pdf) if "Essay" in each]
    assert "No score stated" in text


def test_a_share_says_what_is_withheld(printer: Printer):
    token = issue(many(5))
    hidden, pdf = transcript(printer, shared(token, []))
    pdf.close()
    assert hidden.count("Withheld by the learner") >= 3  # learner, final score, assessments
    assert "Jacob" not in hidden
    some, pdf = transcript(printer, shared(token, ["assessments[1]"]))
    pdf.close()
    assert "Assessment no. 1" in some
    assert "Assessment no. 2" not in some
    assert "Entries at most" in some
