"""The sharing kit: every field gets where it belongs, whatever it says, and nothing is a script."""

import io
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import signedcert as sc
from issuing import SIGNER, issue, record, shared, typical
from signedcert.documents import DocumentError, Portrait, Printed, Printer
from signedcert.documents.languages.words import LANGUAGES, words_for
from signedcert.documents.sharing import (
    Described,
    Places,
    ShareKit,
    embed_snippet,
    linkedin_entry,
    open_graph_tags,
    share_kit,
)
from signedcert.documents.sharing.linkedin import LINK_MAX, LinkedInEntry, Month

PAGE = "https://learn.example.edu/c/"
HOSTILE = """"><script>alert('1')</script>&amp;<!-- ' {url} {0} %23 #x ?a=b&c=d + \\ ` ${1}"""
SHORT = "https://learn.example.edu/v/0001-0203-0405-0607/"
FURTHER_PAGE = re.compile(r"certificate-[2-9]\.(png|svg)")
#: What a statement may say.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029"), min_size=1
)
FILES = {
    "certificate.pdf", "certificate.png", "certificate.svg", "badge.png", "badge.svg",
    "preview.png", "embed.html", "open-graph.html", "linkedin.txt", "cv.txt", "README.txt",
}  # fmt: skip


def full(**fields: Any) -> sc.Certificate:
    kind = sc.CertificateKind.COURSE_CERTIFICATE
    return typical(**{"awarded_title": kind, "language": "en"} | fields)


def printed_of(certificate: sc.Certificate) -> Printed:
    return Printed.of_token(sc.issue(certificate, SIGNER), PAGE)


class Tags(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.ended = "", []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        self.ended.append(tag)

    def handle_data(self, data) -> None:
        self.text += data

    def handle_comment(self, data) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def fields(link: str) -> dict[str, str]:
    """What LinkedIn reads from a link."""
    split = urlsplit(link)
    assert (split.scheme, split.netloc, split.path) == ("https", "www.linkedin.com", "/profile/add")
    assert split.fragment == ""
    found = parse_qs(split.query, strict_parsing=True, keep_blank_values=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


@pytest.fixture(scope="module")
def kit(classic: Printer) -> ShareKit:
    return share_kit(classic, printed_of(full()))


def text_of(kit: ShareKit, name: str) -> str:
    return kit.files[name].decode()


def test_every_field_of_linkedin_is_filled_in() -> None:
    certificate = full(expires_at=datetime(2029, 1, 31, 23, 59, 59, tzinfo=UTC))
    url = printed_of(certificate).page + "#AYZu771nGMiEGg-_gc4IZQ5RrGFg"
    assert fields(linkedin_entry(certificate, url).link) == {
        "startTask": "CERTIFICATION_NAME",
        "name": "Introduction to Operations Management",
        "organizationName": "University of Pennsylvania",
        "issueYear": "2026",
        "issueMonth": "11",
        "expirationYear": "2029",
        "expirationMonth": "1",
        "certUrl": url,
        "certId": certificate.code,
    }


def test_an_organisation_by_its_number_stands_for_its_name() -> None:
    found = fields(linkedin_entry(full(), PAGE + "#x", organisation_id=1337).link)
    assert found["organizationId"] == "1337"
    assert "organizationName" not in found
    assert not any(name.startswith("expiration") for name in found)


def test_who_awards_it_and_under_which_title_count() -> None:
    certificate = full(
        awarding_body=sc.Organisation(name="Example Board"), awarded_title="Certified Analyst"
    )
    found = fields(linkedin_entry(certificate, PAGE + "#x").link)
    assert found["organizationName"] == "Example Board"
    assert found["name"] == "Certified Analyst: Introduction to Operations Management"


@given(TEXT, TEXT, TEXT)
def test_whatever_they_say_the_fields_come_out_as_they_are(name: str, by: str, url: str) -> None:
    entry = LinkedInEntry(name, by, None, Month(2026, 11), None, "CODE", url)
    found = fields(entry.link)
    assert (found["name"], found["organizationName"]) == (name, by)
    assert found.get("certUrl", url) == url
    # Neither spaces nor the signs that some take for them.
    assert re.fullmatch(r"[!-*,-~]+", entry.link)


def test_a_link_that_is_too_long_leaves_out_the_url_alone() -> None:
    def entry(size: int) -> LinkedInEntry:
        return LinkedInEntry("N", "O", None, Month(2026, 11), None, "CODE", "u" * size)

    room = LINK_MAX - len(entry(0).link)
    longest, longer = entry(room), entry(room + 1)
    assert (longest.link_has_url, len(longest.link)) == (True, LINK_MAX)
    assert not longer.link_has_url
    assert fields(longer.link).keys() == fields(longest.link).keys() - {"certUrl"}


def test_the_short_address_is_taken_where_the_link_is_longer_than_such_fields_are() -> None:
    certificate = full()
    for url, expected in (("u" * 255, "u" * 255), ("u" * 256, SHORT)):
        assert linkedin_entry(certificate, url, short_url=SHORT).url == expected
        assert linkedin_entry(certificate, url).url == url


@given(TEXT, TEXT, TEXT)
def test_html_says_what_it_is_given_and_nothing_else(title: str, summary: str, url: str) -> None:
    described = Described(title, summary, "en", "ltr")
    embed = embed_snippet(described, url, "badge.png")
    assert embed.isascii()
    read = Tags(embed)
    assert [tag for tag, _ in read.tags] == ["a", "img"]
    assert (read.ended, read.text.strip()) == (["a"], "")
    link, image = (attributes for _, attributes in read.tags)
    assert link == {
        "href": url, "rel": "noopener", "target": "_blank", "lang": "en", "dir": "ltr",
    }  # fmt: skip
    assert image == {
        "src": "badge.png", "width": "480", "height": "120", "alt": f"{title}. {summary}",
    }  # fmt: skip

    head = Tags(open_graph_tags(described, url, "https://example.edu/"))
    assert {tag for tag, _ in head.tags} == {"meta"}
    assert head.text.strip() == ""
    says = {each.get("property", each.get("name")): each["content"] for _, each in head.tags}
    assert says == {
        "og:type": "website",
        "og:url": "https://example.edu/",
        "og:title": title,
        "og:description": summary,
        "og:image": url,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": f"{title}. {summary}",
        "twitter:card": "summary_large_image",
    }


def test_the_kit_has_everything_and_says_what_it_is(kit: ShareKit) -> None:
    assert {name for name in kit.files if not FURTHER_PAGE.fullmatch(name)} == FILES
    readme = text_of(kit, "README.txt")
    for name in kit.files.keys() - {"README.txt"}:
        assert name in readme
    assert kit.url in readme.splitlines()[-1]
    assert "Whoever has the link" in readme
    assert "salt" not in readme
    assert kit.files["certificate.pdf"].startswith(b"%PDF")
    for name, size in {"badge.png": (960, 240), "preview.png": (1200, 630)}.items():
        with Image.open(io.BytesIO(kit.files[name])) as picture:
            assert (picture.size, picture.format) == (size, "PNG")
    badge = ET.fromstring(kit.files["badge.svg"])
    assert not {each.tag.rpartition("}")[2] for each in badge.iter()} & {"script", "text", "a"}


def test_every_picture_carries_the_link(kit: ShareKit) -> None:
    for name in kit.files:
        if name.endswith((".png", ".svg")):
            assert kit.url.encode() in kit.files[name], name


def test_the_kit_links_to_the_certificate_everywhere(kit: ShareKit) -> None:
    link, image = (attributes for _, attributes in Tags(text_of(kit, "embed.html")).tags)
    assert link["href"] == kit.url
    assert sc.token_from_text(kit.url)
    assert image["src"] == "badge.png"
    assert image["alt"] == (
        "Course certificate: Introduction to Operations Management. Jacob Ångström · "
        "University of Pennsylvania · 2 November 2026"
    )
    assert text_of(kit, "cv.txt") == (
        "Introduction to Operations Management – Course certificate, University of Pennsylvania, "
        f"2 November 2026. Check it at {kit.url}\n"
    )
    linkedin = text_of(kit, "linkedin.txt")
    (link,) = re.findall(r"^https://www\.linkedin\.com\S+$", linkedin, re.MULTILINE)
    assert fields(link)["certUrl"] == kit.url
    for value in ("2026-11", kit.linkedin.code, kit.url, "University of Pennsylvania", "–"):
        assert f"\n    {value}\n" in linkedin
    assert "If it refuses this one" in linkedin


def test_nothing_claims_that_it_was_verified(kit: ShareKit) -> None:
    for name in ("README.txt", "embed.html", "open-graph.html", "linkedin.txt", "cv.txt"):
        assert "verified" not in text_of(kit, name).lower()


def test_with_places_on_the_web_the_files_name_them(classic: Printer) -> None:
    places = Places(kit="https://example.edu/jacob/", by_code=SHORT, organisation_id=7)
    kit = share_kit(classic, printed_of(full()), places)
    _, image = (attributes for _, attributes in Tags(text_of(kit, "embed.html")).tags)
    assert image["src"] == "https://example.edu/jacob/badge.png"
    assert 'content="https://example.edu/jacob/preview.png"' in text_of(kit, "open-graph.html")
    assert [line.split()[-1] for line in text_of(kit, "cv.txt").splitlines()] == [kit.url, SHORT]
    assert fields(kit.linkedin.link)["organizationId"] == "7"
    assert fields(kit.linkedin.link)["certUrl"] == SHORT
    # The link that needs no site is there as well.
    assert kit.url in text_of(kit, "linkedin.txt")


def test_hostile_names_are_names(classic: Printer) -> None:
    certificate = full(
        learner=sc.Person(name=HOSTILE),
        course=sc.Course(title=HOSTILE, institution=HOSTILE),
        awarded_title=HOSTILE,
    )
    kit = share_kit(classic, printed_of(certificate))
    tags = Tags(text_of(kit, "embed.html"))
    assert [tag for tag, _ in tags.tags] == ["a", "img"]
    assert tags.tags[1][1]["alt"] == (
        f"{HOSTILE}: {HOSTILE}. {HOSTILE} · {HOSTILE} · 2 November 2026"
    )
    assert all(tag == "meta" for tag, _ in Tags(text_of(kit, "open-graph.html")).tags)
    assert fields(kit.linkedin.link)["name"] == f"{HOSTILE}: {HOSTILE}"
    assert text_of(kit, "cv.txt").startswith(f"{HOSTILE} – {HOSTILE}, {HOSTILE}, ")
    title = ET.fromstring(kit.files["badge.svg"]).find("{http://www.w3.org/2000/svg}title")
    assert title is not None
    assert title.text == f"{HOSTILE}: {HOSTILE}"


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_kit_speaks_the_language_of_the_certificate(classic: Printer, language: str) -> None:
    kit = share_kit(classic, printed_of(full(language=language)))
    words = words_for(language).groups["share_kit"]
    assert words["everything"] in text_of(kit, "README.txt")
    assert words["linkedin_open"] in text_of(kit, "linkedin.txt")
    ((_, link), _) = Tags(text_of(kit, "embed.html")).tags
    assert (link["lang"], link["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    # Nothing invisible stands next to the link: it would be copied along.
    assert text_of(kit, "cv.txt").endswith(f" {kit.url}\n")


def test_all_languages_say_the_same_things() -> None:
    english = words_for("en").groups["share_kit"]
    for language in LANGUAGES:
        words = words_for(language).groups["share_kit"]
        assert words.keys() == english.keys()
        for name, text in words.items():
            places = sorted(re.findall(r"\{\w+\}", text))
            assert places == sorted(re.findall(r"\{\w+\}", english[name]))
            assert language == "en" or text != english[name] or len(text) < 10, (language, name)


def test_with_a_portrait_the_readme_says_what_travels_along(classic: Printer) -> None:
    photo = io.BytesIO()
    Image.effect_noise((120, 160), 60).convert("RGB").save(photo, "JPEG")
    portrait = Portrait(photo.getvalue(), bytes(range(16)))
    printed = printed_of(full())
    kit = share_kit(classic, Printed(printed.token, printed.statement, PAGE, portrait))
    assert "photo and its salt" in text_of(kit, "README.txt")


@pytest.mark.parametrize("token", [issue(record()), shared(issue(record()))])
def test_a_course_record_gets_no_kit(classic: Printer, token: bytes) -> None:
    with pytest.raises(DocumentError, match="signedcert share create"):
        share_kit(classic, Printed.of_token(token, PAGE))


def test_two_pages_are_two_pictures(classic: Printer) -> None:
    course = sc.Course(
        title="Long",
        institution="University of Example",
        syllabus=tuple(
            sc.Module(title=f"Module {n}", topics=("A topic of it", "Another")) for n in range(40)
        ),
    )
    kit = share_kit(classic, printed_of(full(course=course, completed_on=date(2026, 11, 2))))
    pages = {name for name in kit.files if name.startswith("certificate-")}
    assert "certificate-2.png" in pages
    stems = {name.removesuffix(".png") for name in pages if name.endswith(".png")}
    assert pages == {f"{stem}.{ending}" for stem in stems for ending in ("png", "svg")}
    for name in pages:
        assert name in text_of(kit, "README.txt")
