"""Naughty strings and 5,000 real names: signed and read back alike, or refused with a reason."""

import csv
import random
import re
import unicodedata

import pytest
from pydantic import ValidationError

import signedcert as sc
from issuing import NOW, SIGNER, TRUST, check, minimal
from many_cases import check_each
from vector_files import VECTORS, load_json

PAGE = "https://learn.example.edu/c/"
NAUGHTY = load_json("naughty-strings/blns.json")
REFUSED = re.compile(
    "[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\ud800-\udfff]"
)


def names() -> list[str]:
    """Forenames with surnames in their own scripts, five thousand of them, always the same."""
    folder = VECTORS / "names-by-country"
    found = {}
    for kind in ("forenames", "surnames"):
        with (folder / f"common-{kind}-by-country.csv").open(
            encoding="utf-8-sig", newline=""
        ) as file:
            found[kind] = sorted({row["Localized Name"] for row in csv.DictReader(file)} - {""})
    chosen = random.Random(5000)
    return [
        f"{chosen.choice(found['forenames'])} {chosen.choice(found['surnames'])}"
        for _ in range(5000)
    ]


def certificate(text: str) -> sc.Certificate:
    """The text as learner, title, module, skill, signatory, limitation and title awarded."""
    return minimal(
        learner=sc.Person(name=text, latin_name=text),
        course=sc.Course(title=text, institution=text, syllabus=(sc.Module(title=text),)),
        skills=(text, sc.Skill(name=text, url="https://skills.example/1")),
        signatories=(sc.Signatory(name=text),),
        limitations=(text,),
    )


def test_there_are_five_thousand_names_in_many_scripts():
    assert len(names()) == 5000
    scripts = {unicodedata.name(letter, "?").split()[0] for name in names() for letter in name}
    assert {"LATIN", "CYRILLIC", "ARABIC", "HEBREW", "GREEK", "ARMENIAN", "GEORGIAN"} <= scripts


def test_every_real_name_is_signed_and_read_back():
    for name in names():
        statement = minimal(learner=sc.Person(name=name))
        verdict = check(sc.issue(statement, SIGNER))
        assert verdict.status is sc.Status.VALID
        assert verdict.statement.learner.name == unicodedata.normalize("NFC", name)


def test_naughty_strings():
    check_each(signed_and_read_back_or_refused, [(ascii(text), (text,)) for text in NAUGHTY])


def signed_and_read_back_or_refused(text):
    refused = REFUSED.search(text)
    if refused or not text.strip() or len(text) > 200:
        with pytest.raises(ValidationError) as caught:
            certificate(text)
        for error in caught.value.errors():
            if refused and 0 < len(text) <= 200:
                assert f"U+{ord(refused[0]):04X} at position {refused.start()}" in error["msg"]
            else:
                assert re.search(r"empty|blank|\d+ characters, at most \d+", error["msg"])
        return
    statement = certificate(text)
    token = sc.issue(statement, SIGNER)
    verdict = sc.verify_text(sc.verify_url(PAGE, token), TRUST, now=NOW)
    assert verdict.status is sc.Status.VALID
    assert verdict.statement == statement
    assert verdict.statement.learner.name == unicodedata.normalize("NFC", text)
    assert sc.Certificate.model_validate_json(verdict.statement.model_dump_json()) == statement


def test_naughty_strings_as_links():
    check_each(no_certificate, [(ascii(text), (text,)) for text in NAUGHTY])


def no_certificate(text):
    verdict = sc.verify_text(text, TRUST, now=NOW)
    assert verdict.status is not sc.Status.VALID
    assert verdict.statement is None


@pytest.mark.parametrize("text", ["", "   ", "\u3000", "\n", "x" * 201, "\u0958" * 101])
def test_bounds_hold_before_and_after_normalising(text):
    # U+0958 becomes two code points under NFC.
    with pytest.raises(ValidationError, match=r"empty|blank|characters|U\+000A"):
        sc.Person(name=text)
    assert sc.Person(name="\u0958" * 100).name == "\u0915\u093c" * 100


def test_descriptions_alone_take_line_feeds():
    text = "First line\nsecond line"
    course = sc.Course(title="T", institution="I", description=text)
    assert check(sc.issue(minimal(course=course), SIGNER)).statement.course.description == text
    with pytest.raises(ValidationError, match="descriptions only"):
        sc.Person(name=text)
    with pytest.raises(ValidationError, match=r"U\+000D at position 10"):
        sc.Course(title="T", institution="I", description="First line\r\nsecond line")


@pytest.mark.parametrize(
    "character", ["\0", "\t", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\U000e0041", "\udfff"]
)
def test_each_refused_kind_of_character_is_named_with_its_place(character):
    with pytest.raises(ValidationError, match=rf"U\+{ord(character):04X} at position 2"):
        sc.Person(name=f"ab{character}c")


@pytest.mark.parametrize("character", ["\u200e", "\u200f", "\u200d", "\u061c", "\ufe0f", "\u00ad"])
def test_harmless_format_characters_are_kept(character):
    name = f"a{character}b"
    assert (
        check(sc.issue(minimal(learner=sc.Person(name=name)), SIGNER)).statement.learner.name
        == name
    )
