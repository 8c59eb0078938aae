"""WCAG 2.2 AA: axe-core on every view, and everything by keyboard alone."""

from typing import Any

import pytest
from school import Published

from conftest import OWN, OpenPage, Watched

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_VIEWS = ("start", "valid", "share", "tampered", "foreign", "withdrawn", "garbage", "settings")


def _look_at(watched: Watched, site: Published, view: str) -> None:
    page = watched.page
    if view in {"start", "settings"}:
        watched.open(OWN + "c/")
        page.get_by_role("heading", level=1).wait_for()
        if view == "settings":
            page.get_by_role("button", name="Keys and trust").first.click()
            page.get_by_role("dialog").wait_for()
    else:
        watched.open(OWN + ("c/#hello" if view == "garbage" else site[view]))
        watched.whole()


def _violations(watched: Watched, axe: str) -> list[Any]:
    watched.page.evaluate(axe)
    run = "(tags) => axe.run(document, { runOnly: tags }).then((found) => found.violations)"
    found = watched.page.evaluate(run, _TAGS)
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("view", _VIEWS)
def test_axe_finds_nothing(tab: OpenPage, site: Published, axe: str, view: str) -> None:
    watched = tab(viewport={"width": 360, "height": 740})
    _look_at(watched, site, view)
    for scheme in ("light", "dark"):
        watched.page.emulate_media(color_scheme=scheme)
        assert _violations(watched, axe) == [], scheme


@pytest.mark.parametrize("locale", ["ar", "zh"])
def test_axe_finds_nothing_in_other_scripts(
    tab: OpenPage, site: Published, axe: str, locale: str
) -> None:
    watched = tab(locale=locale, viewport={"width": 1280, "height": 900})
    watched.open(OWN + site["share"])
    watched.whole()
    assert _violations(watched, axe) == []


def _focused(watched: Watched) -> str:
    return str(
        watched.page.evaluate(
            "(document.activeElement.innerText || document.activeElement.id || "
            "document.activeElement.tagName).trim()"
        )
    )


def test_by_keyboard_alone(tab: OpenPage, site: Published) -> None:
    """From the start page to a verdict, and on to the next, without a mouse."""
    watched = tab().open(OWN + "c/")
    page = watched.page
    page.get_by_role("heading", level=1).wait_for()
    page.keyboard.press("Tab")
    assert _focused(watched) == "Skip to the content"
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('input, textarea')"):
            break
    page.keyboard.insert_text(site.links["valid"])
    page.keyboard.press("Enter")
    watched.verdict()
    # The reader is led to the answer, and goes on from there.
    assert _focused(watched).startswith("Valid")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(_focused(watched))
        shows = page.evaluate("""(() => {
          const style = getComputedStyle(document.activeElement);
          return document.activeElement === document.body ||
            style.outlineStyle !== "none" || style.boxShadow !== "none";
        })()""")
        assert shows, f"the focus cannot be seen on {_focused(watched)}"
    for button in ("Copy link", "Download certificate", "Save report", "Print", "Check another"):
        assert button in seen


def test_a_dialog_keeps_the_focus_and_gives_it_back(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + "c/")
    page = watched.page
    opener = page.get_by_role("button", name="Keys and trust").first
    opener.focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || "
            "document.activeElement.closest('dialog') !== null"
        )
        assert inside
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="hidden")
    assert _focused(watched) == "Keys and trust"


def test_the_verdict_is_spoken(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["withdrawn"])
    watched.verdict()
    spoken = watched.page.locator("[role=status], [aria-live]").all_inner_texts()
    assert any("Not valid: withdrawn by the issuer" in each for each in spoken)


def test_whoever_zooms_or_forces_colours_sees_it_all(tab: OpenPage, site: Published) -> None:
    """400 % of 1280 px is 320 px; forced colours take every background away."""
    watched = tab(viewport={"width": 320, "height": 256}, forced_colors="active")
    watched.open(OWN + site["share"])
    watched.verdict()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert "maximum-scale" not in watched.page.content()
