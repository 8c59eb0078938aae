"""The sheet to hold beside the paper: drawn by the page, from what was signed, on demand."""

import json
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pikepdf
import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Locator
from school import AUDIENCE, CERTIFICATE, COURSE, LEARNER, Published, School
from serving import Server
from test_accessibility import _violations

from conftest import ISOLATES, OWN, OpenPage, Watched
from signedcert.cli.statement_json import statement_in
from signedcert.codec.text import verify_url
from signedcert.model.certificate import Certificate
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.workspace import Workspace

_BUTTON = "Show it as a sheet"
_NOT_THE_ISSUERS = "This is not the issuer's own document."


def _sheet(watched: Watched, button: str = _BUTTON) -> Locator:
    """Asks for the sheet of the result that is shown."""
    watched.whole()
    watched.page.get_by_role("button", name=button).click()
    sheet = watched.page.locator(".sheet .paper")
    sheet.wait_for()
    return sheet


def _text(sheet: Locator) -> str:
    return " ".join(ISOLATES.sub("", sheet.inner_text()).split())


#: What stands on the sheet of each certificate of the school.
_SIGNED = (
    *(LEARNER, COURSE, "UNIVERSITY OF PENNSYLVANIA", "University of Example", "OPIM-101"),
    *("2 November 2026", "4 weeks, 5–7 hours a week", "92.5 of 100", "With distinction"),
    *("Christian Terwiesch", "Professor", "Jane Doe", "6 ECTS credits", "Beginner", "Online"),
    "Comparison of photographs, performed by Example Proctoring on 30 October 2026",
    "It grants no credit towards a degree.",
    "It does not make the learner a student of the institution.",
    "learn.example.edu",
)


@pytest.mark.parametrize("link", ["valid", "withdrawn"])
def test_the_sheet_says_what_was_signed_and_what_came_of_it(
    tab: OpenPage, site: Published, link: str
) -> None:
    watched = tab().open(OWN + site[link])
    headline = watched.verdict()
    before = len(watched.requests)
    sheet = _sheet(watched)
    text = _text(sheet).casefold()
    for said in (*_SIGNED, ISOLATES.sub("", headline), _NOT_THE_ISSUERS):
        assert said.casefold() in text, said
    code = watched.page.locator(".document code").first.inner_text()
    assert code.casefold() in text
    # Its own file alone was asked for, and only now.
    assert not any("sheet" in each for each in watched.requests[:before])
    assert watched.requests[before:] == [OWN + "c/sheet.js"]
    across = sheet.locator(".watermark")
    assert across.count() == (0 if link == "valid" else 1)
    if link != "valid":
        assert sheet.locator(".banner").inner_text() == headline
        assert set(across.locator("span").all_inner_texts()) == {headline}
    # It is above the answer, and the reader is led to it.
    assert watched.page.evaluate("document.activeElement.matches('.sheet')")
    assert watched.page.locator("main > :first-child").get_attribute("class") == "sheet"
    watched.page.get_by_role("button", name="Close").click()
    assert watched.page.locator(".sheet").count() == 0
    assert watched.page.evaluate("document.activeElement.innerText") == _BUTTON


def test_an_undecided_one_says_so(tab: OpenPage, site: Published) -> None:
    """Offline lists that are not at hand: the signature is known good, its standing is not."""
    watched = tab(quiet=False)
    watched.page.route("**/status/**", lambda route: route.abort())
    watched.open(OWN + site["valid"])
    assert watched.tone == "undecided"
    sheet = _sheet(watched)
    headline = "Not decided: it is not known whether it was withdrawn"
    assert sheet.locator(".banner").inner_text() == headline
    assert sheet.locator(".notice-box").inner_text().startswith(headline)
    assert LEARNER in _text(sheet)


def test_a_record_share_shows_what_is_withheld_in_place(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["share"])
    sheet = _sheet(watched)
    text = _text(sheet)
    for said in (
        *(LEARNER, COURSE, AUDIENCE, "1 September 2026 – 2 November 2026", "91.5 of 100", "60%"),
        *("Quiz on process analysis", "9 of 10", "Quiz on productivity", "8.5 of 10"),
        *("4 × Quiz, 60% of the final score", "How many there really are is not known."),
    ):
        assert said in text, said
    assert "Essay on Toyota" not in text
    assert "Final exam" not in text
    width = sheet.locator(".gauge .reached").first.evaluate(
        "(bar) => bar.getBoundingClientRect().width / bar.parentElement.clientWidth"
    )
    assert width == pytest.approx(0.9, abs=0.01)


def test_without_a_statement_there_is_no_sheet(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["tampered"])
    watched.whole()
    assert watched.page.get_by_role("button", name=_BUTTON).count() == 0


def _printed(watched: Watched, path: Path) -> list[bool]:
    """Of each page, whether it is wider than high."""
    watched.page.pdf(path=path, prefer_css_page_size=True)
    with pikepdf.open(path) as pdf:
        return [page.mediabox[2] > page.mediabox[3] for page in pdf.pages]


@pytest.mark.parametrize(
    ("link", "width", "across"),
    [("valid", 1280, True), ("withdrawn", 360, True), ("share", 1280, False)],
)
def test_it_prints_on_a_page_of_its_own(
    tab: OpenPage, site: Published, tmp_path: Path, link: str, width: int, across: bool
) -> None:
    watched = tab(viewport={"width": width, "height": 800}).open(OWN + site[link])
    _sheet(watched)
    first, *others = _printed(watched, tmp_path / "printed.pdf")
    # Details follow along the paper, whichever way the sheet lies.
    assert first is across
    assert others
    assert not any(others)


def _pages_marked(path: Path, colour: str) -> list[bool]:
    """Of each page of a PDF, whether the large letters of the mark are somewhere on it."""
    with closing(pdfium.PdfDocument(path)) as pdf:
        drawn = [page.render(scale=0.5).to_pil().convert("RGB") for page in pdf]
    faint = tuple(round(0.17 * int(colour[at : at + 2], 16) + 0.83 * 255) for at in (0, 2, 4))
    near = [
        sum(
            all(abs(one - other) < 5 for one, other in zip(pixel, faint, strict=True))
            for pixel in page.get_flattened_data()
        )
        for page in drawn
    ]
    return [count > 500 for count in near]


def test_a_long_transcript_is_marked_on_each_of_its_pages(tab: OpenPage, tmp_path: Path) -> None:
    school = School(tmp_path / "school")
    school.set_up()
    quiz = {"kind": "quiz", "score": 9, "maximum": 10}
    record = school.record(assessments=[quiz | {"title": f"Quiz {at}"} for at in range(60)])
    link = school.share(record["code"], "--preset", "everything")["url"].split("/", 3)[3]
    school.run("revoke", record["code"])
    school.publish()
    with Server(school.site) as server:
        watched = tab().open(server.url(link))
        sheet = _sheet(watched)
        # On the screen as well, from its beginning to its end.
        for width in (360, 1280):
            watched.page.set_viewport_size({"width": width, "height": 800})
            box = sheet.bounding_box()
            assert box is not None
            marks = [mark.bounding_box() for mark in sheet.locator(".watermark > span").all()]
            middles = [mark["y"] + mark["height"] / 2 - box["y"] for mark in marks if mark]
            assert max(later - earlier for earlier, later in pairwise([0, *middles])) < 900
            assert middles[-1] > box["height"]
        watched.page.evaluate("document.querySelector('.sheet').nextSibling.remove()")
        assert not any(_printed(watched, tmp_path / "long.pdf"))
    # After the sheet, a page would begin with what was removed.
    *marked, after = _pages_marked(tmp_path / "long.pdf", "a1241f")
    assert marked == [True] * 4
    assert not after


def test_what_is_copied_is_kept_apart(tab: OpenPage, site: Published) -> None:
    for link, said in (("valid", "92.5 of 100 · With distinction"), ("share", "Quiz · Weight 15%")):
        sheet = _sheet(tab().open(OWN + site[link]))
        copied = sheet.evaluate(
            "(paper) => (getSelection().selectAllChildren(paper), `${getSelection()}`)"
        )
        assert said in " ".join(ISOLATES.sub("", copied).split())


def _crowded() -> dict[str, Any]:
    return {
        "learner": {"name": "Maria-Magdalena " * 12 + "Beispiel"},
        "course": CERTIFICATE["course"] | {"title": "Theory and practice of operations " * 8},
        "signatories": [
            {
                "name": f"Professor Number {number}",
                "title": "Professor of Operations Management",
                "organisation": "University of Example",
            }
            for number in range(20)
        ],
    }


_HOSTILE = ("<script>alert(1)</script>", "W" * 190, "ﷺ" * 100, "a\u0300\u0301\u0302" * 50)


def _no_passphrase(path: Path) -> bytes:
    raise AssertionError(f"{path} is encrypted")


def _issued(school: School, **fields: Any) -> str:
    """The part of the link after the host. ``issue`` would report on sizes, which is slow."""
    owner, now = Workspace.open(school.workspace), datetime.now(UTC)
    path = school.folder / "certificate.json"
    path.write_text(json.dumps(CERTIFICATE | fields), encoding="utf-8")
    statement = statement_in(str(path), Certificate, owner.issuer, now)
    signer = owner.signer(KeyUse.STATEMENTS, now, _no_passphrase)
    with owner.open_ledger(now) as ledger:
        _, token = issue_recorded(ledger, statement, signer, now)
    return verify_url(OWN + "c/", token).removeprefix(OWN)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A site of certificates that are hard to lay out, and their links."""
    school = School(tmp_path_factory.mktemp("crowded") / "school")
    school.set_up()
    script, long, wide, stacked = _HOSTILE
    course = CERTIFICATE["course"] | {"title": long, "institution": wide, "code": script}
    hostile = _issued(
        school,
        learner={"name": long, "latin_name": script},
        course=course,
        awarded_title=stacked,
        limitations=list(_HOSTILE),
        signatories=[{"name": each, "title": each, "organisation": each} for each in _HOSTILE],
        identity_checks=[{"method": script, "performed_by": wide, "assurance": stacked[:100]}],
    )
    links = {"crowded": _issued(school, **_crowded()), "hostile": hostile}
    for language, title in (("ar", "مقدمة في إدارة العمليات"), ("zh", "运营管理导论")):
        course = CERTIFICATE["course"] | {"title": title}
        links[language] = _issued(school, course=course, language=language)
    school.publish()
    with Server(school.site) as server:
        yield {name: server.url(link) for name, link in links.items()}


#: What is cut off, or stands over the edge of the paper.
_OUTSIDE = """(paper) => {
  const edge = paper.getBoundingClientRect();
  return [...paper.querySelectorAll("p, li, dd, dt, bdi, th, td")]
    .filter((each) => !each.closest(".watermark"))
    .filter((each) => {
      const box = each.getBoundingClientRect();
      return box.left < edge.left || box.right > edge.right || box.top < edge.top ||
        box.bottom > edge.bottom || each.scrollWidth > each.clientWidth + 1 &&
        getComputedStyle(each).display !== "inline";
    }).map((each) => each.outerHTML.slice(0, 80));
}"""


def test_nothing_is_cut_and_nothing_runs(tab: OpenPage, crowded: dict[str, str]) -> None:
    watched = tab()
    for name, url in crowded.items():
        watched.page.set_viewport_size({"width": 1280, "height": 900})
        watched.open("about:blank").open(url)
        sheet = _sheet(watched)
        assert sheet.get_attribute("dir") == ("rtl" if name == "ar" else "ltr")
        for width in (1280, 1000, 768, 360, 320):
            watched.page.set_viewport_size({"width": width, "height": 800})
            assert sheet.evaluate(_OUTSIDE) == [], (name, width)
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert sheet.locator("script, img, svg, iframe, a").count() == 0
        if name == "hostile":
            assert all(normalize("NFC", each) in sheet.inner_text() for each in _HOSTILE)


def test_a_crowded_one_is_one_page_all_the_same(
    tab: OpenPage, crowded: dict[str, str], tmp_path: Path
) -> None:
    watched = tab().open(crowded["crowded"])
    sheet = _sheet(watched)
    box = sheet.bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(297 / 210, abs=0.01)
    assert _printed(watched, tmp_path / "printed.pdf").count(True) == 1


@pytest.mark.parametrize("link", ["valid", "withdrawn", "share"])
def test_axe_finds_nothing_on_the_sheet(
    tab: OpenPage, site: Published, axe: str, link: str
) -> None:
    watched = tab(viewport={"width": 1280, "height": 900}).open(OWN + site[link])
    _sheet(watched)
    for scheme in ("light", "dark"):
        watched.page.emulate_media(color_scheme=scheme)
        assert _violations(watched, axe) == [], scheme


def test_by_keyboard_alone(tab: OpenPage, site: Published) -> None:
    watched = tab().open(OWN + site["valid"])
    watched.whole()
    opener = watched.page.get_by_role("button", name=_BUTTON)
    opener.focus()
    watched.page.keyboard.press("Enter")
    watched.page.locator(".sheet .paper").wait_for()
    watched.page.keyboard.press("Tab")
    assert watched.page.evaluate("document.activeElement.innerText") == "Close"
    watched.page.keyboard.press("Enter")
    assert watched.page.locator(".sheet").count() == 0
    assert opener.evaluate("(button) => button === document.activeElement")


def test_another_language_takes_it_away_and_draws_it_anew(tab: OpenPage, site: Published) -> None:
    """A sheet never stands beside another answer than the one it was drawn for."""
    watched = tab().open(OWN + site["withdrawn"])
    _sheet(watched)
    watched.page.get_by_label("Language").select_option("de")
    watched.page.locator("html[lang=de]").wait_for()
    assert watched.page.locator(".sheet").count() == 0
    sheet = _sheet(watched, "Als Blatt anzeigen")
    # What was signed is in its own language, as on paper; the answer is in the reader's.
    assert "This is to certify that" in _text(sheet)
    assert sheet.locator(".banner").inner_text() == "Nicht gültig: vom Aussteller widerrufen"
    assert sheet.locator(".banner").get_attribute("lang") == "de"


def test_offline_it_is_drawn_too(tab: OpenPage, tmp_path: Path) -> None:
    school = School(tmp_path / "school")
    school.set_up()
    url = school.issue()["url"].split("/", 3)[3]
    school.publish()
    with Server(school.site) as server:
        watched = tab(quiet=False).open(server.url(url))
        watched.verdict()
        watched.page.evaluate(
            """navigator.serviceWorker.ready.then(() =>
              navigator.serviceWorker.controller !== null || new Promise((done) =>
              navigator.serviceWorker.addEventListener("controllerchange", done)))"""
        )
        server.stop()
        watched.page.reload()
        assert LEARNER in _text(_sheet(watched))


def test_a_sheet_that_cannot_be_loaded_is_told(tab: OpenPage, site: Published) -> None:
    watched = tab(quiet=False, service_workers="block")
    watched.page.route("**/sheet.js", lambda route: route.abort())
    watched.open(OWN + site["valid"])
    watched.whole()
    watched.page.get_by_role("button", name=_BUTTON).click()
    watched.page.get_by_text("Something went wrong in this page.").first.wait_for()
    assert watched.page.locator(".sheet").count() == 0
