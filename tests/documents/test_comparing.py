"""Printed text against what was signed: forgeries are found, honest documents left alone."""

from datetime import date
from typing import Any

import pikepdf
import pytest
from on_paper import PAGE, full, printed_of

import signedcert as sc
from edited_pdfs import Edit, blank, box, edited, pictured, text
from issuing import issue, minimal, record, shared
from signedcert.documents import Printed, Printer
from signedcert.documents.comparing.compare import compare
from signedcert.documents.comparing.folding import key
from signedcert.documents.reading.document import Document
from signedcert.documents.reading.pdf import document_of
from signedcert.documents.reading.pdf_task import answer
from signedcert.documents.report import Comparison, DocumentReport, Kind, NotChecked

NONE_FOUND = Comparison.NO_CONTRADICTION_IN_TEXT_LAYER
#: Where the name stands on the face of the classic design, in points.
NAME_AT = (150, 330, 540, 62)


def read(pdf: bytes) -> Document:
    return document_of(answer(pdf))


def unmarked(opened: pikepdf.Pdf) -> None:
    if "/Keywords" in opened.docinfo:
        del opened.docinfo["/Keywords"]


def report(pdf: bytes, printed: Printed) -> DocumentReport:
    return compare(read(pdf), printed.statement)


def kinds(found: DocumentReport) -> set[Kind]:
    return {each.kind for each in found.contradictions}


def named(found: DocumentReport) -> dict[str | None, str | None]:
    """What is printed instead, by field."""
    return {each.field: each.printed for each in reversed(found.contradictions)}


@pytest.fixture(scope="module")
def printed() -> Printed:
    result = sc.Result(score="92.5", grade="A", with_distinction=True)
    return printed_of(full(result=result, skills=("Process Analysis", "Queueing")))


@pytest.fixture(scope="module")
def pdf(classic: Printer, printed: Printed) -> bytes:
    return classic.pdf(printed)


NAMES = {
    "en": "Éléonore d’Alençon-Lefèvre",
    "es": "María José Ñáñez Muñoz",
    "fr": "Jean-François Œuvrard",
    "de": "Jürgen Großmann",
    "pt": "João Guimarães Conceição",
    "zh": "王小明",
    "hi": "जैकब शर्मा क्षत्रिय",
    "ar": "يعقوب عمر بن الخطاب",
}


class TestHonestDocuments:
    @pytest.mark.parametrize("language", NAMES)
    def test_in_every_language(self, request, language):
        design = "classic" if list(NAMES).index(language) % 2 else "modern"
        name = sc.Person(name=NAMES[language], latin_name="Jacob A." if language > "g" else None)
        printed = printed_of(full(learner=name, language=language))
        pdf = request.getfixturevalue(design).pdf(printed)
        found = report(pdf, printed)
        assert found == DocumentReport(NONE_FOUND)

    @pytest.mark.parametrize("language", ["ar", "hi"])
    def test_in_the_other_design(self, request, language):
        design = "modern" if list(NAMES).index(language) % 2 else "classic"
        printed = printed_of(full(learner=sc.Person(name=NAMES[language]), language=language))
        found = report(request.getfixturevalue(design).pdf(printed), printed)
        assert found == DocumentReport(NONE_FOUND)

    @pytest.mark.parametrize("name", ["A", "50 Cent", "O’Brien (Jr.)"])
    def test_names_that_are_unlike_names(self, modern, name):
        printed = printed_of(full(learner=sc.Person(name=name)))
        found = report(modern.pdf(printed), printed)
        assert found == DocumentReport(NONE_FOUND)

    def test_names_in_other_scripts(self, modern):
        names = [
            "Вячеслав Ёлкин", "Ελευθέριος Βενιζέλος", "יעקב כהן", "สมเกียรติ์ ใจดี", "Łukasz Żółw",
            "Nguyễn Thị Ánh", "İbrahim Işık", "ﬁona Officer", "श्रद्धा कृष्णमूर्ति", "लक्ष्मी",
        ]  # fmt: skip
        signatories = tuple(sc.Signatory(name=name, title="Professor") for name in names)
        printed = printed_of(full(signatories=signatories))
        found = report(modern.pdf(printed), printed)
        assert found == DocumentReport(NONE_FOUND)

    def test_long_texts_that_wrap_and_are_hyphenated(self, classic):
        course = sc.Course(
            title="Internationalization of interdisciplinary telecommunication systems " * 3,
            institution="University of Extraordinarily Comprehensive Administrative Sciences " * 3,
            partner_institutions=("Institute of Counterrevolutionary Thermodynamics",),
            description="Characterization of electroencephalographical phenomena.\n" * 12,
            syllabus=tuple(
                sc.Module(title=f"Interdisciplinary matters {at}", hours="2.5", topics=("A",))
                for at in range(40)
            ),
        )  # fmt: skip
        name = sc.Person(name="Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh " * 3)
        printed = printed_of(full(course=course, learner=name))
        found = report(classic.pdf(printed), printed)
        assert found == DocumentReport(NONE_FOUND)

    @pytest.mark.parametrize("design", ["classic", "modern"])
    def test_course_records_and_shares(self, request, design):
        work = tuple(
            sc.Assessment(
                title=f"Assessment of interdisciplinary responsibilities, part {at}",
                kind=sc.AssessmentKind.QUIZ, score=at % 11, maximum=10, weight=2.5,
                submitted_on=date(2026, 9, at + 1), attempts=2, late=at == 3,
            )
            for at in range(25)
        )  # fmt: skip
        token = issue(record(assessments=work, started_on=date(2026, 8, 1)))
        share = shared(token, ["assessments[1]", "assessments[7]", "final_score"])
        for each in (token, share):
            printed = Printed.of_token(each, PAGE)
            pdf = request.getfixturevalue(design).pdf(printed)
            assert report(pdf, printed) == DocumentReport(NONE_FOUND)

    def test_words_in_another_language_than_the_certificate(self, classic, printed):
        found = report(classic.pdf(printed, language="de"), printed)
        assert found == DocumentReport(NONE_FOUND)

    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_values_that_end_in_a_hyphen(self, modern, language):
        course = sc.Course(title="C-", institution="O’Brien–")
        printed = printed_of(
            full(
                course=course, learner=sc.Person(name="Anna Maria-"), language=language,
                result=sc.Result(grade="A-"), skills=("Objective-", "C-"),
                signatories=(sc.Signatory(name="Anna—", title="x\xad"),),
                limitations=("not this -", "nor COVID-19 -"),
            )
        )  # fmt: skip
        found = report(modern.pdf(printed), printed)
        assert found == DocumentReport(NONE_FOUND)

    def test_a_record_with_a_grade_and_without_a_score(self, classic):
        work = (sc.Assessment(title="Case-", kind="field report-", late=True),)
        printed = Printed.of_token(
            issue(record(assessments=work, final_score=sc.Result(grade="A-"))), PAGE
        )
        found = report(classic.pdf(printed), printed)
        assert found == DocumentReport(NONE_FOUND)

    @pytest.mark.parametrize("design", ["classic", "modern"])
    def test_lines_in_both_directions(self, request, design):
        printed = mixed(*TOPICS)
        found = report(request.getfixturevalue(design).pdf(printed), printed)
        assert found == DocumentReport(NONE_FOUND)

    def test_a_design_of_others(self):
        printed = printed_of(minimal(result=sc.Result(score=92, maximum=100)))
        lines = [
            ("CERTIFICATE OF ACHIEVEMENT", 40), ("This is awarded to", 14), ("JACOB ÅNGSTRÖM", 30),
            ("for the course", 12), ("Operations Management", 24), ("University of Example", 20),
            ("02.11.2026", 14), ("Points: 92/100", 14), ("Congratulations!", 10),
        ]  # fmt: skip
        found = report(foreign(printed, lines), printed)
        assert found.outcome is NONE_FOUND
        assert found.unsigned[0] == "CERTIFICATE OF ACHIEVEMENT"
        assert "code" in found.left_out


TOPICS = (
    "مقدمة في تعلم الآلة", "Python C++", "التعلم العميق", "NumPy (basics)", "جامعة القاهرة",
)  # fmt: skip


def mixed(*topics: str) -> Printed:
    """A certificate in Arabic with these topics in one line."""
    module = sc.Module(title="M", topics=topics)
    course = sc.Course(title="Data", institution="University", syllabus=(module,))
    return printed_of(full(course=course, language="ar"))


def foreign(printed: Printed, lines: list[tuple[str, float]]) -> bytes:
    """A document of another program."""
    edits = [text(words, 100, 540 - 50 * at, size) for at, (words, size) in enumerate(lines)]

    def attach(opened: pikepdf.Pdf) -> None:
        opened.attachments["certificate.cose"] = printed.token

    return blank(*edits, attach)


def covering(words: str, size: float = 40) -> tuple[Edit, ...]:
    x, y, width, height = NAME_AT
    return box(x, y, width, height), text(words, x + 20, y + 15, size)


class TestForgeries:
    @pytest.mark.parametrize("name", ["Mallory Fake", "Jacob Angström", "Jakob Ångström"])
    @pytest.mark.parametrize("edits", [(), (unmarked,)])
    def test_another_name_over_the_name(self, pdf, printed, name, edits):
        found = report(edited(pdf, *covering(name), *edits), printed)
        assert found.outcome is Comparison.CONTRADICTION_FOUND
        assert named(found)["learner.name"] == name

    @pytest.mark.parametrize(
        ("at", "topic"),
        [
            (1, "Python C"),
            (1, "Pythons C++"),
            (3, "SciPy (basics)"),
            (2, "التعلم العمق"),
            (4, "جامعة"),
        ],
    )
    def test_another_topic_in_a_line_in_both_directions(self, classic, at, topic):
        pdf = classic.pdf(mixed(*TOPICS[:at], topic, *TOPICS[at + 1 :]))
        found = compare(read(pdf), mixed(*TOPICS).statement)
        assert found.outcome is Comparison.CONTRADICTION_FOUND
        assert f"syllabus[0].topics[{at}]" in named(found)

    @pytest.mark.parametrize("language", ["en", "ar"])
    @pytest.mark.parametrize(
        ("signed", "changed"),
        [("A-", "A+"), ("B-", "B"), ("B", "B-"), ("B", "B+"), ("BB-", "BB"), ("BB", "BB-")],
    )
    def test_another_grade(self, modern, language, signed, changed):
        made, other = (
            printed_of(full(language=language, result=sc.Result(grade=grade)))
            for grade in (changed, signed)
        )
        found = compare(read(modern.pdf(made)), other.statement)
        assert "result.grade" in named(found)

    def test_the_name_taken_out(self, pdf, printed):
        found = report(edited(pdf, box(*NAME_AT), unmarked), printed)
        assert "learner.name" in named(found)

    @pytest.mark.parametrize("edits", [(), (unmarked,)])
    def test_the_same_name_again_over_the_name(self, pdf, printed, edits):
        found = report(edited(pdf, *covering("Jacob Ångström"), *edits), printed)
        assert [each.kind for each in found.contradictions if each.field == "learner.name"] == [
            Kind.HIDDEN_TEXT
        ]

    def test_the_name_on_another_page_than_the_rest(self, printed):
        lines = [(words, size) for words, size in FACE.values() if words != "Jacob Ångström"]
        face = foreign(printed, [("Mallory Fake", 30), *lines])

        def second(opened: pikepdf.Pdf) -> None:
            opened.add_blank_page(page_size=(842, 595))
            text("Jacob Ångström", 100, 300, 30, page=1)(opened)

        found = report(edited(face, second), printed)
        assert (kinds(found), named(found)["learner.name"]) == ({Kind.NOT_TOGETHER}, "Mallory Fake")

    @pytest.mark.parametrize("added", ["Grade: A+", "Dr.", "summa cum laude", "99 %", "Mallory"])
    def test_something_added(self, pdf, printed, added):
        found = report(edited(pdf, text(added, 120, 500, 14)), printed)
        assert [(each.kind, each.printed) for each in found.contradictions] == [
            (Kind.UNSIGNED_TEXT, added)
        ]

    def test_a_name_signed_in_small_print(self, printed):
        lines = [
            ("Mallory Fake", 40), ("Introduction to Operations Management", 20),
            ("University of Pennsylvania", 20), ("2 November 2026", 14), ("92.5 %", 14), ("A", 14),
            ("Jacob Ångström", 5),
        ]  # fmt: skip
        found = report(foreign(printed, lines), printed)
        assert (kinds(found), named(found)["learner.name"]) == ({Kind.SMALL_PRINT}, "Mallory Fake")

    def test_unseen_text_beside_ours(self, pdf, printed):
        found = report(edited(pdf, text("Mallory Fake", 100, 500, 12, "3 Tr")), printed)
        assert [(each.kind, each.printed) for each in found.contradictions] == [
            (Kind.HIDDEN_TEXT, "Mallory Fake")
        ]


FACE = {
    "name": ("Jacob Ångström", 30.0),
    "course": ("Introduction to Operations Management", 24.0),
    "institution": ("University of Pennsylvania", 20.0),
    "date": ("2 November 2026", 14.0),
    "score": ("92.5 %", 14.0),
    "grade": ("A", 14.0),
    "signatory": ("Christian Terwiesch", 14.0),
    "skill": ("Process Analysis", 10.0),
}


class TestChangedValues:
    """In designs of others, where nothing but the values can be told."""

    def found(self, printed: Printed, **changes: str) -> dict[str | None, str | None]:
        lines = [(changes.get(name, words), size) for name, (words, size) in FACE.items()]
        return named(report(foreign(printed, lines), printed))

    def test_unchanged(self, printed):
        assert self.found(printed) == {}

    @pytest.mark.parametrize(
        ("change", "field", "instead"),
        [
            ({"name": "Jacob Angström"}, "learner.name", "Jacob Angström"),
            ({"name": "Jacob Ångströms"}, "learner.name", "Jacob Ångströms"),
            ({"name": "Mallory Fake"}, "learner.name", "Mallory Fake"),
            ({"course": "Introduction to Rocket Science"}, "course.title", None),
            ({"course": "Introduction to Operation Management"}, "course.title", None),
            ({"institution": "University of Pensylvania"}, "institution", None),
            ({"date": "2 November 2025"}, "completed_on", None),
            ({"date": "3 November 2026"}, "completed_on", None),
            ({"date": "12 November 2026"}, "completed_on", None),
            ({"score": "98.5 %"}, "result.text", None),
            ({"score": "92 %"}, "result.text", None),
            ({"score": "192.5 %"}, "result.text", None),
            ({"grade": "A+"}, "result.grade", None),
            ({"grade": "B"}, "result.grade", None),
            ({"signatory": "Christina Terwiesch"}, "signatories[0].name", None),
            ({"skill": "Process Analytics"}, "skills[0]", None),
        ],
    )
    def test_changed(self, printed, change, field, instead):
        found = self.found(printed, **change)
        # The first module of the syllabus has the skill's name.
        assert set(found) - {"syllabus[0].title"} == {field}
        if instead is not None:
            assert found[field] == instead

    def test_a_name_that_goes_on_behind_a_hyphen(self, printed):
        lines = [*FACE.values()]
        lines[:1] = [("Jacob Ångström-", 30.0), ("Miller", 30.0)]
        assert set(named(report(foreign(printed, lines), printed))) == {"learner.name"}

    @pytest.mark.parametrize("words", ["92.5 %", "1.5 %", "55 %", "5.5 %", "-5 %", "5/10"])
    def test_a_score_within_another_number(self, words):
        printed = printed_of(full(result=sc.Result(score=5), skills=()))
        lines = [*FACE.values()]
        lines[4] = (words, 14.0)
        assert set(named(report(foreign(printed, lines), printed))) == {"result.text"}

    @pytest.mark.parametrize(
        "broken",
        [
            ["Introduction to Opera-", "tions Management"],
            ["Introduction to", "Operations Management"],
            ["Intro\xadduction to Operations\xa0Management"],
            ["Introduction  to Oper-ations Management"],
        ],
    )
    def test_titles_on_several_lines(self, printed, broken):
        lines = [*FACE.values()]
        lines[1:2] = [(words, 24.0) for words in broken]
        assert named(report(foreign(printed, lines), printed)) == {}

    @pytest.mark.parametrize(
        "day",
        ["2026-11-02", "02.11.2026", "11/2/2026", "2. November 2026", "2 de noviembre de 2026",
         "Nov 2, 2026", "Monday, November 2, 2026", "2 November 2026, 2 November 2026. 000G"],
    )  # fmt: skip
    def test_the_same_day_in_other_words(self, printed, day):
        assert self.found(printed, date=day) == {}

    @pytest.mark.parametrize(
        ("field", "words"),
        [("score", "92,5 %"), ("score", "92.5%"), ("name", "JACOB ÅNGSTRÖM"), ("grade", "a")],
    )
    def test_the_same_value_in_another_form(self, printed, field, words):
        assert self.found(printed, **{field: words}) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Opera-\ntions", "Operations"), ("co-operation", "cooperation"), ("ﬁona", "FIONA"),
        ("ﻣﺤﻤﺪ", "محمد"), ("٢٠٢٦", "2026"), ("e\u0301", "é"), ("a\u200db\u00adc", "abc"),
        ("Straße", "STRASSE"), ("İpek", "ipek"), ("Ａ１", "a1"), ("l’eau", "l'eau"),
        ("5–7", "5-7"), ("مــحمد", "محمد"),
    ],
)  # fmt: skip
def test_texts_that_are_the_same(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("A", "A-"), ("A", "A+"), ("92.5", "925"), ("5-7", "57"), ("-3", "3"), ("a", "ä"), ("1", "l")],
)
def test_texts_that_are_not(one, other):
    assert key(one) != key(other)


class TestRecords:
    def made(self, classic: Printer, **fields: Any) -> tuple[bytes, Printed]:
        printed = Printed.of_token(issue(record(**fields)), PAGE)
        return classic.pdf(printed), printed

    def test_scores_that_changed_places(self, classic):
        work = [
            sc.Assessment(title=title, kind="field report", score=score, maximum=10)
            for title, score in (("First", 3), ("Second", 9))
        ]
        pdf, _ = self.made(classic, assessments=tuple(work))
        changed = [each.model_copy(update={"score": 12 - each.score}) for each in work]
        other = Printed.of_token(issue(record(assessments=tuple(changed))), PAGE)
        found = compare(read(pdf), other.statement)
        assert {"record.assessments[0].score", "record.assessments[1].score"} <= set(named(found))

    def test_another_final_score(self, classic):
        pdf, _ = self.made(classic)
        other = Printed.of_token(issue(record(final_score=sc.Result(score=72))), PAGE)
        found = named(compare(read(pdf), other.statement))
        assert "92.5" in str(found["record.final_score.text"])


@pytest.fixture(scope="module")
def scan(classic: Printer, printed: Printed) -> bytes:
    return classic.png(printed, ppi=110)[0]


class TestNothingToCompare:
    def test_pictures(self, classic, printed):
        from signedcert.documents.reading.read import read_document

        found = compare(read_document(classic.png(printed, ppi=110)[0]), printed.statement)
        assert found == DocumentReport(Comparison.NOT_CHECKED, reason=NotChecked.PICTURE)

    def test_a_scanned_paper(self, scan, printed):
        found = report(blank(pictured(scan, 0, 0, 842)), printed)
        assert found == DocumentReport(Comparison.NOT_CHECKED, reason=NotChecked.NO_TEXT)

    def test_a_scanned_paper_whose_letters_were_recognised_wrongly(self, scan, printed):
        guessed = text("]acob Angstrom has completed", 200, 300, 20, "3 Tr")
        found = report(blank(pictured(scan, 0, 0, 842), guessed), printed)
        assert found == DocumentReport(Comparison.NOT_CHECKED, reason=NotChecked.INVISIBLE_TEXT)
