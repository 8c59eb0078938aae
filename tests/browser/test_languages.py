"""Eight languages, one of them from right to left, and no word left out."""

import json
from pathlib import Path

import pytest
from school import LEARNER, Published

from conftest import OWN, OpenPage
from signedcert.web import page_files

_LANGUAGES = ("en", "es", "fr", "de", "pt", "zh", "hi", "ar")
_WORDS = {
    name.removeprefix("languages/").removesuffix(".json"): json.loads(data)
    for name, data in page_files().items()
    if name.startswith("languages/")
}


def _placeholders(text: str) -> set[str]:
    return {part.split("}")[0] for part in text.split("{")[1:]}


def _flat(words: object, path: str = "") -> dict[str, str]:
    if isinstance(words, dict):
        return {
            k: v for name, each in words.items() for k, v in _flat(each, f"{path}.{name}").items()
        }
    assert isinstance(words, str)
    assert words.strip() == words
    assert words
    return {path: words}


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    english, words = _flat(_WORDS["en"]), _flat(_WORDS[language])
    assert list(words) == list(english)
    for key, text in words.items():
        assert _placeholders(text) == _placeholders(english[key]), key
    if language != "en":
        same = [key for key in words if words[key] == english[key]]
        assert len(same) < 25, same


@pytest.mark.parametrize("language", _LANGUAGES)
def test_the_browser_chooses_the_language(tab: OpenPage, site: Published, language: str) -> None:
    watched = tab(locale=language, viewport={"width": 360, "height": 740})
    watched.open(OWN + site["valid"])
    headline = _WORDS[language]["headline"]["valid_page"].replace("{host}", "learn.example.edu")
    watched.page.locator("section[class*=tone-] #verdict").wait_for()
    text = watched.text()
    assert headline in text
    assert LEARNER in text
    root = watched.page.locator("html")
    assert root.get_attribute("lang") == language
    assert root.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    for untranslated in ("{", "undefined", "[object", "NaN"):
        assert untranslated not in text
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 360
    english = _flat(_WORDS["en"])
    if language != "en":
        for key in (".check.STATUS", ".document.title", ".field.completed_on", ".trust.title"):
            assert english[key] not in text


def test_a_language_is_chosen_by_hand_and_remembered(tab: OpenPage, site: Published) -> None:
    watched = tab(locale="fr-CA").open(OWN + site["valid"])
    watched.verdict()
    assert watched.page.locator("html").get_attribute("lang") == "fr"
    watched.page.locator("select").first.select_option("ar")
    watched.page.locator("html[dir=rtl]").wait_for(state="attached")
    assert watched.verdict() == watched.verdict()
    watched.page.reload()
    watched.verdict()
    assert watched.page.locator("html").get_attribute("lang") == "ar"


def test_an_unknown_language_is_english(tab: OpenPage, site: Published) -> None:
    watched = tab(locale="sw-KE").open(OWN + site["valid"])
    watched.verdict()
    assert watched.page.locator("html").get_attribute("lang") == "en"


def test_right_to_left_mirrors_the_page(tab: OpenPage, site: Published) -> None:
    """The seal stands where the reader begins."""
    where = {}
    for locale in ("en-GB", "ar"):
        watched = tab(locale=locale, viewport={"width": 1000, "height": 800})
        watched.open(OWN + site["valid"])
        watched.verdict()
        seal = watched.page.locator("section.verdict svg").first.bounding_box()
        headline = watched.page.locator("#verdict").bounding_box()
        assert seal is not None
        assert headline is not None
        where[locale] = seal["x"] < headline["x"]
    assert where == {"en-GB": True, "ar": False}


def test_the_sources_have_no_marks_of_direction() -> None:
    """Values are isolated by the page; a mark in a word would be a mistake, or an attack."""
    folder = Path(__file__).parents[2] / "web" / "src" / "page" / "languages"
    for path in folder.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert not any(mark in text for mark in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e"), path
