"""What designs get to print."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import signedcert as sc
from issuing import issue, minimal, record, shared, typical
from signedcert import share
from signedcert.codec.text import token_from_text
from signedcert.documents.printed import Printed
from signedcert.documents.variables import variables
from signedcert.documents.variables.formats import formats_for
from signedcert.errors import EncodeError
from signedcert.model.code import code_from_id
from signedcert.model.declarations import Many, Nested, Row, Shape, TextOr
from signedcert.model.issued_record import ShareClaims
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import ISSUER, LANGUAGE, URL, Digest, Flag, Identifier, Pattern, Text
from signedcert.model.numbers import Integer, Number, NumberRange
from signedcert.model.times import Day, Moment
from signedcert.model.vocabulary import Choice
from signedcert.share.shared_record import SharedRecord
from signedcert.share.withheld import WITHHELD

PAGE = "https://learn.example.edu/c/"
PLACES = share.SharePlaces(list=7401, first=7402)


def printed(statement: sc.Certificate | sc.CourseRecord) -> dict[str, Any]:
    return variables(Printed.of_token(issue(statement, places=PLACES), PAGE))


def strings(value: object) -> Iterator[str]:
    """All text, and the names of flags that are set."""
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from strings(each)
        case dict():
            for name, each in value.items():
                yield from [f"flag {name}"] if each is True else strings(each)


#: These hold everything, or repeat what must have a place of its own.
REPEATING = dict.fromkeys(("words", "verify_url", "title", "authors"))


def said(found: dict[str, Any]) -> list[str]:
    """What a document states."""
    return list(strings(found | REPEATING))


class Distinctive:
    """Statements with something in every field, each value unlike all others."""

    def __init__(self) -> None:
        self.numbers = itertools.count(101)
        self.languages = iter(("pt-BR", "en-GB", "sw-KE"))
        self.expected: list[tuple[str, str]] = []

    def statement(self, model: type[Labelled], **fixed: Any) -> Any:
        return self.model(model, model.__name__, fixed)

    def model(self, model: type[Labelled], path: str, fixed: dict[str, Any]) -> Any:
        fields = {
            field.name: self.value(field.shape, f"{path}.{field.name}")
            for field in model.fields_by_label
            if field.name not in fixed
        }
        unknown = {}
        for name in ("additional", "additional_claims"):
            if name in model.model_fields and model.wire_form != "array":
                unknown[name] = self.unknown(f"{path}.{name}")
        return model(**fields, **fixed, **unknown)

    def unknown(self, path: str) -> dict[int, Any]:
        """Values that a later version might write."""
        label, text, number = (next(self.numbers) for _ in range(3))
        self.expect(path, str(label + 1000))
        self.expect(path, f"unknown {text}")
        self.expect(path, f'[{number}, "é", true]')
        return {1000 + label: f"unknown {text}", 2000 + label: (number, "é", True)}

    def expect(self, path: str, text: str) -> None:
        self.expected.append((path, text))

    def value(self, shape: Shape, path: str) -> Any:
        number = next(self.numbers)
        match shape:
            case Many(TextOr(text, model)):
                return (self.value(text, path), self.model(model, path, {}))
            case Many(Choice(vocabulary) as choice):
                return (next(iter(vocabulary)), self.value(choice, path))
            case Many(item, _):
                return (self.value(item, f"{path}[0]"), self.value(item, f"{path}[1]"))
            case Nested(model) | Row(model):
                return self.model(model, path, {})
            case Text() | Choice(_, 1 | 100 | 200 | 500):
                self.expect(path, text := f"Text {number}, «ü»")
                return text
            case Choice(vocabulary, 0):
                self.expect(path, "Online")
                return vocabulary(0)
            case Number():
                self.expect(path, text := f"{number}.{number:07}1")
                return Decimal(text)
            case NumberRange():
                self.expect(path, f"{number}.25–{number + 3000}")
                return (Decimal(f"{number}.25"), Decimal(number + 3000))
            case Integer(_, 15):
                self.expect(path, "13")
                return 13
            case Integer():
                self.expect(path, str(number))
                return number
            case Day():
                self.expect(path, f"2 November {number + 1900}")
                return date(number + 1900, 11, 2)
            case Moment():
                second, minute = number % 60, number // 60
                year = 2300 if path.endswith("expires_at") else 2026
                self.expect(path, f"2 November {year}, 10:{minute:02}:{second:02} UTC")
                return datetime(year, 11, 2, 10, minute, second, tzinfo=UTC)
            case Flag():
                flag = {"with_distinction": "distinction"}
                name = path.rsplit(".", 1)[1]
                self.expect(path, f"flag {flag.get(name, name)}")
                return True
            case Identifier() | Digest():
                raw = number.to_bytes(2, "big") * (5 if isinstance(shape, Identifier) else 16)
                self.expect(path, code_from_id(raw) if len(raw) == 10 else raw.hex())
                return raw
            case Pattern():
                text = {
                    ISSUER: f"issuer-{number}.example.edu",
                    URL: f"https://example.edu/{number}",
                    LANGUAGE: "" if shape is not LANGUAGE else next(self.languages),
                }[shape]
                self.expect(path, f"({text})" if shape is LANGUAGE else text)
                return text
        raise AssertionError(shape)


def missing(distinctive: Distinctive, found: dict[str, Any]) -> list[tuple[str, str]]:
    unknown = found["words"]["additional"]
    # Additional fields stand beside the title of what they belong to.
    details = [each for each in found["details"] if each["label"] != unknown]
    known, everything = said(found | {"details": details}), said(found)
    return [
        (path, expected)
        for path, expected in distinctive.expected
        if not any(
            _stands_in(expected, text) for text in (everything if "additional" in path else known)
        )
    ]


def _stands_in(expected: str, text: str) -> bool:
    """Whether it is there, and not as a part of a longer number."""
    if not expected.isdecimal():
        return expected in text
    return expected in "".join(each if each.isdecimal() else " " for each in text).split()


def test_nothing_that_was_signed_of_a_certificate_is_left_out() -> None:
    made = Distinctive()
    certificate = made.statement(sc.Certificate)
    assert len(made.expected) > 100
    assert missing(made, printed(certificate)) == []


def test_nothing_that_was_signed_or_shared_of_a_record_is_left_out() -> None:
    made = Distinctive()
    token = issue(made.statement(sc.CourseRecord), places=PLACES)
    whole = Printed.of_token(token, PAGE)
    assert isinstance(whole.statement, SharedRecord)
    link = replace(whole.statement, share=made.statement(ShareClaims))
    made.expect("share_places", "7401")
    made.expect("share_places", "7402")
    made.expect("holder_key", "VLDYHQ-n0A5KfWAN-rpvKyIDWyL-M14X7fX5qluwUHQ")
    assert len(made.expected) > 100
    assert missing(made, variables(replace(whole, statement=link))) == []


def test_values_of_vocabularies_are_in_words() -> None:
    check = sc.IdentityCheck(
        method=sc.IdentityMethod.TYPING_PATTERN, assurance=sc.Assurance.SUBSTANTIAL
    )
    found = printed(
        minimal(
            language="fr",
            awarded_title=sc.CertificateKind.SPECIALIZATION,
            course=sc.Course(
                title="Logistique",
                institution="Université",
                level=sc.Level.ADVANCED,
                delivery=sc.Delivery.BLENDED,
                credits=sc.Credits(amount="2.5", system=sc.CreditSystem.SEMESTER_HOURS),
            ),
            limitations=(sc.Limitation.NO_ENROLMENT,),
            identity_checks=(check,),
        )
    )
    assert found["award"] == "Spécialisation"
    assert found["course"]["level"] == "Avancé"
    assert found["course"]["delivery"] == "En partie en ligne, en partie en présentiel"
    assert found["course"]["credits"] == "2,5 heures de crédit semestrielles"
    assert found["limitations"] == [
        "Il ne donne pas au titulaire le statut d’étudiant de l’établissement."
    ]
    (checked,) = found["identity_checks"]
    assert checked["sentence"] == (
        "Comparaison de la frappe au clavier (niveau de garantie\u202f: substantiel)"
    )
    assert checked["assurance"] == "Substantiel"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Identity document"),
        ({"performed_by": "Acme"}, "Identity document, performed by Acme"),
        (
            {"performed_on": date(2026, 11, 1)},
            "Identity document, performed on 1 November 2026",
        ),
        (
            {"performed_by": "Acme", "performed_on": date(2026, 11, 1), "assurance": "Quite Sure"},
            "Identity document, performed by Acme on 1 November 2026 (assurance: Quite Sure)",
        ),
    ],
)
def test_an_identity_check_is_one_sentence(fields: dict[str, Any], sentence: str) -> None:
    check = sc.IdentityCheck(method=sc.IdentityMethod.IDENTITY_DOCUMENT, **fields)
    assert printed(minimal(identity_checks=(check,)))["identity_checks"][0]["sentence"] == sentence


@pytest.mark.parametrize(
    ("tag", "day", "moment", "percent", "hours", "one", "weeks", "number"),
    [
        ("en", "2 January 2026", "2 January 2026, 03:04:05 UTC", "92.5%", "5–7.25 hours", "1 hour", "11 weeks", "-1234567.000000001"),  # noqa: E501  # a table
        ("en-US", "January 2, 2026", "January 2, 2026, 03:04:05 UTC", "92.5%", "5–7.25 hours", "1 hour", "11 weeks", "-1234567.000000001"),  # noqa: E501
        ("es", "2 de enero de 2026", "2 de enero de 2026, 03:04:05 UTC", "92,5 %", "5–7,25 horas", "1 hora", "11 semanas", "-1234567,000000001"),  # noqa: E501
        ("fr", "2 janvier 2026", "2 janvier 2026, 03:04:05 UTC", "92,5 %", "5–7,25 heures", "1 heure", "11 semaines", "-1234567,000000001"),  # noqa: E501
        ("de", "2. Januar 2026", "2. Januar 2026, 03:04:05 UTC", "92,5 %", "5–7,25 Stunden", "1 Stunde", "11 Wochen", "-1234567,000000001"),  # noqa: E501
        ("de-AT", "2. Jänner 2026", "2. Jänner 2026, 03:04:05 UTC", "92,5 %", "5–7,25 Stunden", "1 Stunde", "11 Wochen", "-1234567,000000001"),  # noqa: E501
        ("pt", "2 de janeiro de 2026", "2 de janeiro de 2026 03:04:05 UTC", "92,5%", "5–7,25 horas", "1 hora", "11 semanas", "-1234567,000000001"),  # noqa: E501
        ("zh", "2026年1月2日", "2026年1月2日 03:04:05 UTC", "92.5%", "5–7.25小时", "1小时", "11周", "-1234567.000000001"),  # noqa: E501
        ("hi", "2 जनवरी 2026", "2 जनवरी 2026, 03:04:05 UTC", "92.5%", "5–7.25 घंटे", "1 घंटा", "11 सप्ताह", "-1234567.000000001"),  # noqa: E501
        ("ar", "2 يناير 2026", "2 يناير 2026، 03:04:05 UTC", "92.5\u200e%\u200e", "5–7.25 ساعة", "ساعة", "11 أسبوعًا", "\u200e-1234567.000000001"),  # noqa: E501
        ("ar-EG", "2 يناير 2026", "2 يناير 2026، 03:04:05 UTC", "92.5\u200e%\u200e", "5–7.25 ساعة", "ساعة", "11 أسبوعًا", "\u200e-1234567.000000001"),  # noqa: E501
    ],
)  # fmt: skip
def test_dates_and_quantities_are_exact_and_in_latin_digits(
    tag: str, day: str, moment: str, percent: str, hours: str, one: str, weeks: str, number: str
) -> None:
    formats = formats_for(tag, tag.split("-", maxsplit=1)[0])

    def plain(text: str) -> str:
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    assert formats.day(date(2026, 1, 2)) == day
    assert formats.moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == moment
    assert plain(formats.percent(Decimal("92.5"))) == percent
    assert plain(formats.hours(Decimal(5), Decimal("7.25"))) == hours
    assert plain(formats.hours(Decimal(1))) == one
    assert plain(formats.weeks(11)) == weeks
    assert formats.number(Decimal("-1234567.000000001")) == number


def test_the_largest_and_the_smallest_quantities_are_exact() -> None:
    formats = formats_for("de", "de")
    assert formats.number(Decimal(2**53 - 1)) == "9007199254740991"
    assert formats.number(Decimal("9007199.254740991")) == "9007199,254740991"
    assert formats.percent(Decimal("9007199.254740991")) == "9007199,254740991\u00a0%"
    assert formats.percent(Decimal("0.000000001")) == "0,000000001\u00a0%"
    assert formats.day(date(1, 1, 1)) == "1. Januar 1"
    assert formats.day(date.max) == "31. Dezember 9999"


@pytest.mark.parametrize(
    ("tag", "january"),
    [
        ("zh-Hant-TW", "2026年1月2日"),
        ("hi-Latn", "2 जनवरी 2026"),
        ("de-a-foo-bar", "2. Januar 2026"),
        ("sl-rozaj-biske", "2 January 2026"),
        (None, "2 January 2026"),
    ],
)
def test_a_tag_that_is_of_no_use_for_formats_leaves_those_of_the_words(
    tag: str | None, january: str
) -> None:
    found = printed(minimal(language=tag, completed_on=date(2026, 1, 2)))
    assert found["completed_on"] == january


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "Englisch"),
        ("pt-BR", "Portugiesisch (Brasilien)"),
        ("de-AT", "Österreichisches Deutsch"),
        ("sl-rozaj-biske", "Slowenisch"),
        ("qqq", "qqq"),
    ],
)
def test_languages_have_names_or_else_their_tags(tag: str, name: str) -> None:
    course = sc.Course(title="A", institution="B", language=tag)
    found = printed(minimal(language="de", course=course))
    assert found["course"]["language"] == name
    detail = next(each for each in found["details"] if each["label"] == "Kurssprache")
    assert detail["value"] == (tag if name == tag else f"{name} ({tag})")


def test_the_caller_may_choose_another_language() -> None:
    statement = Printed.of_token(issue(typical(language="de")), PAGE)
    assert variables(statement)["words"]["verify"] == "Zu prüfen unter"
    found = variables(statement, language="ar")
    assert (found["language"], found["direction"]) == ("ar", "rtl")
    assert found["course"]["workload"] == "8 أسابيع، 5–7 ساعات أسبوعيًا"
    assert found["learner"]["direction"] == "ltr"


def test_what_is_absent_is_null_or_empty() -> None:
    found = printed(minimal())
    assert found["award"] == "Certificate"
    for name in ("awarding_body", "result", "valid_from", "expires_at", "record"):
        assert found[name] is None
    for name in ("partners", "signatories", "skills", "syllabus", "identity_checks", "limitations"):
        assert found[name] == []
    assert found["course"] == {
        "title": "Operations Management",
        "direction": "ltr",
        "code": None,
        "description": None,
        "level": None,
        "language": None,
        "delivery": None,
        "credits": None,
        "url": None,
        "workload": None,
    }
    assert [each["label"] for each in found["details"]] == ["Printed code", "Issuer", "Issued on"]
    assert json.loads(json.dumps(found)) == found


def test_the_document_has_a_title_and_authors_and_the_link() -> None:
    certificate = typical(language="es", learner=sc.Person(name="ليلى"))
    found = printed(certificate)
    assert found["title"] == "Certificado: Introduction to Operations Management – ليلى"
    assert found["authors"] == ["University of Pennsylvania"]
    assert found["learner"] == {"name": "ليلى", "latin_name": None, "direction": "rtl"}
    assert found["date_iso"] == "2026-11-02"
    assert found["verify_short"] == "learn.example.edu/c/"
    assert token_from_text(found["verify_url"]) == issue(certificate)
    with pytest.raises(EncodeError):
        variables(Printed.of_token(issue(certificate), "ftp://example.edu/"))


def test_a_statement_of_participation_speaks_of_no_success() -> None:
    took_part = sc.CertificateKind.STATEMENT_OF_PARTICIPATION
    assert printed(minimal())["words"]["completed"] == "has successfully completed"
    found = printed(minimal(awarded_title=took_part))
    assert found["words"]["completed"] == "has taken part in"


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (sc.Result(score=9, maximum=10), "9 of 10"),
        (sc.Result(score="-0.5"), "-0.5%"),
        (sc.Result(maximum=10), "– of 10"),
        (sc.Result(grade="A"), None),
    ],
)
def test_points_are_of_a_maximum_or_else_per_cent(result: sc.Result, text: str | None) -> None:
    assert printed(minimal(result=result))["result"]["text"] == text


def full_record(**fields: Any) -> sc.CourseRecord:
    return record(
        **{
            "started_on": date(2026, 9, 1),
            "ended_on": date(2026, 11, 1),
            "course_format": sc.CourseFormat(
                components=(
                    sc.Component(kind=sc.AssessmentKind.QUIZ, count=4, weight=60),
                    sc.Component(kind="field report"),
                ),
                passing_score="66.5",
            ),
            "assessments": tuple(
                sc.Assessment(
                    title=f"Week {n}", kind=sc.AssessmentKind.QUIZ, score=n, maximum=4, weight=15
                )
                for n in range(1, 5)
            ),
            "identity_checks": (sc.IdentityCheck(method=sc.IdentityMethod.PHOTO_MATCH),),
        }
        | fields
    )


def test_a_record_is_a_transcript() -> None:
    found = printed(full_record())
    transcript = found["record"]
    assert (found["kind"], found["award"]) == ("record", "Course record")
    assert transcript["period"] == "1 September 2026 – 1 November 2026"
    assert transcript["format"] == ["4 × Quiz, 60% of the final score", "field report"]
    assert (transcript["passing_score"], transcript["passing_share"]) == ("66.5%", 0.665)
    assert "66.5%" in transcript["pass_line"]
    assert transcript["final_score"] == {
        "text": "92.5%",
        "share": 0.925,
        "grade": None,
        "distinction": False,
    }
    assert transcript["assessments"][0] == {
        "title": "Week 1",
        "kind": "Quiz",
        "score": "1 of 4",
        "share": 0.25,
        "weight": "15%",
        "submitted_on": None,
        "attempts": None,
        "late": False,
    }
    assert len(transcript["assessments"]) == 4
    assert transcript["identity_withheld"] is transcript["learner_withheld"] is False
    assert transcript["withheld_note"] is transcript["share"] is None


@pytest.mark.parametrize(
    ("fields", "period"),
    [
        ({"ended_on": None}, "from 1 September 2026"),
        ({"started_on": None}, "until 1 November 2026"),
        ({"started_on": None, "ended_on": None}, None),
    ],
)
def test_a_period_may_be_open(fields: dict[str, Any], period: str | None) -> None:
    assert printed(full_record(**fields))["record"]["period"] == period


def share_of(*paths: str) -> dict[str, Any]:
    token = issue(full_record())
    return variables(Printed.of_token(shared(token, list(paths)), PAGE))


def test_what_is_withheld_is_said_to_be_withheld() -> None:
    found = share_of()
    assert found["learner"] is None
    assert found["title"] == "Course record: Operations Management"
    hidden = found["record"]
    assert hidden["final_score"] == hidden["assessments"] == "withheld"
    assert hidden["learner_withheld"] is hidden["identity_withheld"] is True
    assert hidden["identity_note"] == "Withheld by the learner"
    assert found["identity_checks"] == []
    assert "Jacob" not in json.dumps(found)
    assert hidden["share"]["audience"] == "Acme Hiring"


def test_withheld_rows_stand_in_their_places() -> None:
    found = share_of("assessments[1]", "identity_checks[0]")
    first, shown, last = found["record"]["assessments"]
    assert first["withheld"] + last["withheld"] == 7  # decoys included
    assert shown["title"] == "Week 2"
    assert f"at most: {last['withheld']}." in last["note"]
    assert "Week 3" not in json.dumps(found)
    assert [each["method"] for each in found["identity_checks"]] == ["Comparison of photographs"]
    assert found["record"]["identity_withheld"] is True
    assert "at most: 3" in found["record"]["identity_note"]


def test_what_has_no_name_is_said_to_be_withheld_where_all_else_is_shown() -> None:
    whole = Printed.of_token(issue(full_record()), PAGE)
    assert isinstance(whole.statement, SharedRecord)
    more = replace(whole.statement, withholds_entries=True)
    found = variables(replace(whole, statement=more))
    assert found["record"]["withheld_note"].endswith("Do not take the record for complete.")
    less = replace(more, learner=WITHHELD)
    assert variables(replace(whole, statement=less))["record"]["withheld_note"] is None


@pytest.mark.parametrize(
    ("score", "maximum", "share"),
    [(9, 10, 0.9), (80, None, 0.8), (12, 10, 1), (-1, 10, 0), (None, 10, None), (0, 0, None)],
)
def test_bars_reach_as_far_as_the_score(
    score: int | None, maximum: int | None, share: float | None
) -> None:
    row = sc.Assessment(title="A", kind="B", score=score, maximum=maximum)
    (entry,) = printed(full_record(assessments=(row,)))["record"]["assessments"]
    assert entry["share"] == share


def test_hostile_text_stays_as_it_was_signed() -> None:
    name = '#import "@preview/x" {course} \\u{202e} $x$ <b> \' `'
    found = printed(minimal(learner=sc.Person(name=name)))
    assert found["learner"]["name"] == name
    assert found["title"].endswith(f"– {name}")


def test_codes_and_keys_are_read_from_left_to_right_in_every_language() -> None:
    found = printed(full_record(language="ar"))
    directions = {each["label"]: each["direction"] for each in found["details"]}
    assert directions["الرمز المطبوع"] == directions["مفتاح المشاركة"] == "ltr"
    assert directions["تاريخ الإصدار"] == "rtl"
