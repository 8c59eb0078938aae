"""From the smallest phone to a desk, on screen and on paper."""

from pathlib import Path

import pikepdf
import pytest
from school import Published

from conftest import OWN, OpenPage

_WIDTHS = (320, 360, 412, 600, 768, 1024, 1280, 1920)


@pytest.mark.parametrize("link", ["valid", "share"])
def test_nothing_stands_over_the_edge(tab: OpenPage, site: Published, link: str) -> None:
    watched = tab()
    watched.open(OWN + site[link])
    watched.whole()
    for width in _WIDTHS:
        watched.page.set_viewport_size({"width": width, "height": 800})
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
        outside = watched.page.evaluate(
            """(width) => [...document.querySelectorAll("main *")]
      .filter((each) => !each.closest(".unseen, svg") && each.getClientRects().length > 0)
      .filter((each) => {
        const box = each.getBoundingClientRect();
        return box.width > 0 && (box.left < -1 || box.right > width + 1);
      }).map((each) => each.outerHTML.slice(0, 80))""",
            width,
        )
        assert outside == [], width


def test_what_can_be_touched_is_large_enough(tab: OpenPage, site: Published) -> None:
    """WCAG 2.2, 2.5.8: 24 px at least."""
    watched = tab(viewport={"width": 360, "height": 740})
    for path in ("c/", site["share"]):
        watched.open(OWN + "c/")
        watched.open(OWN + path)
        watched.page.locator("main h1").wait_for()
        small = watched.page.evaluate("""() =>
          [...document.querySelectorAll("button, select, input")]
          .map((each) => [each, each.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
          .map(([each]) => each.outerHTML.slice(0, 80))""")
        assert small == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints(tab: OpenPage, site: Published, tmp_path: Path, paper: str) -> None:
    watched = tab()
    watched.open(OWN + site["valid"])
    watched.verdict()
    path = tmp_path / "printed.pdf"
    watched.page.pdf(path=path, format=paper)
    with pikepdf.open(path) as pdf:
        assert 1 <= len(pdf.pages) <= 3
    watched.page.emulate_media(media="print", color_scheme="dark")
    # Paper is white, whatever the screen; buttons mean nothing on it.
    assert watched.page.evaluate("getComputedStyle(document.body).backgroundColor") in {
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    }
    assert not watched.page.get_by_role("button", name="Copy link").is_visible()
    assert watched.page.get_by_text("This is what was signed.").is_visible()
    assert watched.page.get_by_text("Checked on").is_visible()
