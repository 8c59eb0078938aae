"""Hostile names in every field: printed as they are, running nothing, breaking no layout."""

import json
import unicodedata
from pathlib import Path
from typing import Any

from school import AUDIENCE, School, command
from serving import Server

from conftest import ISOLATES, OpenPage

_NAUGHTY = Path(__file__).parents[1] / "vectors" / "naughty-strings"
_HOSTILE = (
    "<script>document.title='ran'</script>",
    "<img src=x onerror=alert(1)>",
    "\"'><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{host} {name} ${alert(1)} {{7*7}}",
    "]]><!--",
    "W" * 190,
    "ﷺ" * 100,
    "Z̴̡̧̢̛̭̗̹̗͚͕͓̣̤̩͉̺̮͓̣̅̓̎̐̉̓̈́̚͜͝͝algo",
    "المملكة العربية السعودية (abc) 123",
    "\U0001f3f3\u200d\U0001f308 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u200e\u200f \u200b\ufeff.",
    "a\u0300\u0301\u0302" * 50,
    "null",
    "../../../etc/passwd",
)


def _allowed() -> list[str]:
    """The strings that a statement can hold; the others, issuers refuse."""
    texts = json.loads((_NAUGHTY / "blns.json").read_text(encoding="utf-8"))
    fits = []
    for text in dict.fromkeys([*_HOSTILE, *texts]):
        codes = [ord(char) for char in text]
        if len(text) > 200 or not text.strip() or any(map(_is_refused, codes)):
            continue
        fits.append(text)
    return fits


def _is_refused(code: int) -> bool:
    ranges = ((0, 31), (127, 159), (0x2028, 0x2029), (0x202A, 0x202E), (0x2066, 0x2069))
    return any(low <= code <= high for low, high in (*ranges, (0xE0000, 0xE007F), (0xD800, 0xDFFF)))


def _certificates(texts: list[str]) -> list[dict[str, Any]]:
    """Every text in some field, and every field with hostile text."""
    made = []
    for start in range(0, len(texts), 60):
        part = texts[start : start + 60]
        one = [part[each % len(part)] for each in range(40)]
        made.append(
            {
                "learner": {"name": one[0], "latin_name": one[1]},
                "course": {
                    "title": one[2],
                    "institution": one[3],
                    "partner_institutions": [one[4]],
                    "code": one[5][:50],
                    "description": one[6] + "\n" + one[7],
                    "syllabus": [{"title": each} for each in part],
                    "level": one[9][:100],
                    "credits": {"amount": 1, "system": one[10][:100]},
                },
                "awarded_title": one[11],
                "result": {"grade": one[12][:100]},
                "signatories": [{"name": one[13], "title": one[14], "organisation": one[15]}],
                "skills": part[:10],
                "awarding_body": {"name": one[16]},
                "identity_checks": [
                    {"method": one[17][:100], "performed_by": one[18], "assurance": one[19][:100]}
                ],
                "limitations": [one[20], one[21]],
            }
        )
    return made


def test_hostile_text_is_only_text(tab: OpenPage, tmp_path: Path) -> None:
    school = School(tmp_path / "school")
    school.set_up()
    texts = _allowed()
    assert len(texts) > 300
    certificates = _certificates(texts)
    urls = [school.issue(**fields)["url"] for fields in certificates]
    record = school.record(
        learner={"name": texts[0]},
        assessments=[{"title": t, "kind": t[:100], "score": 5, "maximum": 10} for t in texts[:40]],
    )
    share = command(
        *("share", "create", record["code"], "--audience", texts[1], "--preset", "everything"),
        *("--workspace", school.workspace),
    )
    school.publish()
    with Server(school.site) as server:
        watched = tab()
        shown = ""
        for url in [*urls, share["url"]]:
            watched.open(server.url(url.split("/", 3)[3]))
            watched.whole()
            assert watched.verdict().startswith("Valid")
            shown += watched.page.evaluate("document.querySelector('main').textContent")
            for width in (320, 1280):
                watched.page.set_viewport_size({"width": width, "height": 800})
                assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
            assert watched.page.title() != "ran"
            assert watched.page.locator("main script, main img, main iframe").count() == 0
            links = watched.page.evaluate(
                "[...document.querySelectorAll('main a')].map((each) => each.protocol)"
            )
            assert set(links) <= {"http:", "https:"}
        assert all(each.startswith(server.url("")) for each in watched.requests)
    shown = ISOLATES.sub("", shown)
    for text in texts:
        # Issuers write NFC.
        assert unicodedata.normalize("NFC", text) in shown, ascii(text)
    assert AUDIENCE not in shown


def test_a_file_name_is_only_text(tab: OpenPage, tmp_path: Path) -> None:
    """The name of a trust file comes from whoever sent it."""
    school = School(tmp_path / "school")
    school.set_up()
    school.publish()
    hostile = tmp_path / "<img src=x onerror=alert(1)>.bundle"
    hostile.write_bytes(b"\xa4\x00no bundle")
    with Server(school.site) as server:
        watched = tab().open(server.url("c/"))
        watched.page.get_by_role("button", name="Keys and trust").first.click()
        with watched.page.expect_file_chooser() as chooser:
            watched.page.get_by_role("button", name="Choose a trust file").click()
        chooser.value.set_files(hostile)
        watched.page.get_by_text("<img src=x onerror=alert(1)>.bundle").first.wait_for()
        assert watched.page.locator("dialog img").count() == 0
