"""The catalogue that documents share with the verify page."""

import json
import re
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest

from signedcert.documents.languages.words import LANGUAGES, direction_of, words_for
from signedcert.model.certificate import CertificateKind, Limitation
from signedcert.model.course import CreditSystem, Delivery, Level
from signedcert.model.course_record import AssessmentKind
from signedcert.model.identity import Assurance, IdentityMethod
from signedcert.model.vocabulary import Vocabulary
from signedcert.web import page_files

FOLDER = Path(str(files("signedcert.documents.languages")))
DOCUMENTS_ONLY = {"print", "share_kit"}
ENGLISH = words_for("en").groups


def flat(groups: object, path: str = "") -> dict[str, str]:
    if isinstance(groups, str):
        return {path: groups}
    assert isinstance(groups, dict), path
    return {k: v for name, each in groups.items() for k, v in flat(each, f"{path}.{name}").items()}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_words_of_english_with_the_same_places_for_values(
    language: str,
) -> None:
    english, words = flat(ENGLISH), flat(words_for(language).groups)
    assert list(words) == list(english)
    for key, text in words.items():
        assert places(text) == places(english[key]), key
        assert text.count("{") == text.count("}") == len(re.findall(r"\{\w+\}", text)), key
        assert text, key
        assert text == unicodedata.normalize("NFC", text.strip()), key
        marks = [each for each in text if unicodedata.category(each) == "Cf"]
        assert not marks, key
    if language != "en":
        same = [key for key in words if words[key] == english[key]]
        assert len(same) < 22, same


def test_the_languages_are_those_of_the_page() -> None:
    page = {
        name.removeprefix("languages/").removesuffix(".json"): json.loads(data)
        for name, data in page_files().items()
        if name.startswith("languages/")
    }
    assert set(page) == set(LANGUAGES) == {path.stem for path in FOLDER.glob("*.json")}
    for language, groups in page.items():
        shared = words_for(language).groups
        assert not DOCUMENTS_ONLY & set(groups)
        for group in set(shared) - DOCUMENTS_ONLY:
            assert shared[group].items() <= groups[group].items(), (language, group)


@pytest.mark.parametrize(
    ("group", "vocabulary"),
    [
        ("kind", CertificateKind),
        ("limitation", Limitation),
        ("level", Level),
        ("delivery", Delivery),
        ("method", IdentityMethod),
        ("assurance", Assurance),
        ("credit_system", CreditSystem),
        ("assessment", AssessmentKind),
    ],
)
def test_every_value_of_every_vocabulary_has_words_and_no_others_have(
    group: str, vocabulary: type[Vocabulary]
) -> None:
    assert list(ENGLISH[group]) == [each.json_name for each in vocabulary]
    for each in vocabulary:
        assert words_for("en").named(group, each) == ENGLISH[group][each.json_name]
    assert words_for("de").named(group, "free text") == "free text"


@pytest.mark.parametrize(
    ("tag", "language", "direction"),
    [
        (None, "en", "ltr"),
        ("sw-KE", "en", "ltr"),
        ("constructor", "en", "ltr"),
        ("de-AT", "de", "ltr"),
        ("zh-Hant-TW", "zh", "ltr"),
        ("ar-EG", "ar", "rtl"),
        ("hi-IN", "hi", "ltr"),
    ],
)
def test_a_language_without_words_gets_english(
    tag: str | None, language: str, direction: str
) -> None:
    words = words_for(tag)
    assert (words.language, words.direction) == (language, direction)


def test_values_are_put_in_as_they_are_and_not_read_again() -> None:
    said = words_for("en").say("value", "score_of", score="{maximum}", maximum="{0} \\1")
    assert said == "{maximum} of {0} \\1"


def test_a_value_of_the_other_direction_is_isolated_and_no_other_is() -> None:
    arabic, english = words_for("ar"), words_for("en")
    assert arabic.say("print", "performed_by", by="Acme (Ltd.)").endswith("\u2068Acme (Ltd.)\u2069")
    assert "\u2068" not in arabic.say("print", "performed_by", by="جامعة المثال")
    assert "\u2068" not in arabic.say("value", "score_of", score="\u200e-5", maximum="10")
    assert english.say("print", "performed_by", by="جامعة").endswith("\u2068جامعة\u2069")
    assert "\u2068" not in english.say("print", "performed_by", by="Ångström")
    nested = arabic.joined([arabic.joined(["Acme", "ب"]), "ج"])
    assert nested.count("\u2068") == nested.count("\u2069") == 1


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Jacob", "ltr"),
        ("12 ليلى Jacob", "rtl"),
        ("(שלום) abc", "rtl"),
        ("123 – ?", "rtl"),
        ("漢字", "ltr"),
        ("", "rtl"),
    ],
)
def test_the_first_strong_character_gives_the_direction(text: str, direction: str) -> None:
    assert direction_of(text, "rtl") == direction
