"""The kit's plain texts: what is what, the fields for LinkedIn, a line for a CV."""

from collections.abc import Iterable, Mapping
from typing import Any

from signedcert.documents.languages.words import Words
from signedcert.documents.sharing.linkedin import URL_MAX, LinkedInEntry

_GROUP = "share_kit"
_INDENT = "    "


def cv_lines(data: Mapping[str, Any], words: Words, urls: Iterable[str]) -> str:
    """A line for a CV with each of the URLs.

    :param data: what designs get (:mod:`signedcert.documents.variables`).
    """
    line = words.say(
        _GROUP,
        "cv_line",
        course=data["course"]["title"],
        award=data["award"],
        institution=data["institution"],
        date=data["completed_on"],
    )
    # Nothing stands right behind a URL: programs that find links would take it along.
    return "".join(f"{line} {url}\n" for url in urls)


def linkedin_text(entry: LinkedInEntry, words: Words, url: str) -> str:
    """The link that fills in LinkedIn's form, and the fields for who finds it empty.

    :param url: the verify URL, which may be another one than the entry's.
    """
    word = words.groups[_GROUP]
    fields = {
        word["name"]: entry.name,
        word["organisation"]: entry.organisation,
        word["issued"]: str(entry.issued),
        word["expires"]: "–" if entry.expires is None else str(entry.expires),
        word["credential_id"]: entry.code,
        word["credential_url"]: entry.url,
    }
    notes = []
    if not entry.link_has_url:
        notes.append(word["url_by_hand"])
    if entry.url != url:
        notes += [word["short_url"], url]
    elif len(url) > URL_MAX:
        notes.append(word["long_url"])
    listed = "\n\n".join(f"{label}\n{_INDENT}{value}" for label, value in fields.items())
    return _paragraphs(word["linkedin_open"], entry.link, word["by_hand"], listed, *notes)


def readme(
    data: Mapping[str, Any], words: Words, files: Mapping[str, str], *, with_portrait: bool
) -> str:
    """What is what, and what a learner should know before it is shown to anybody.

    :param files: for each file the name of the word that says what it is; files of one word
        together.
    :param with_portrait: whether the PDF carries a photo.
    """
    says = words.groups[_GROUP]
    names: dict[str, list[str]] = {}
    for file, word in files.items():
        names.setdefault(word, []).append(file)
    listed = "\n".join(f"{', '.join(each)}\n{_INDENT}{says[word]}" for word, each in names.items())
    known = [says["everything"], says["proof"], says["withdrawn"]]
    if with_portrait:
        known.append(says["portrait"])
    return _paragraphs(
        data["title"],
        _headed(says["contents"], listed),
        _headed(says["know"], "\n\n".join(known)),
        f"{says['code']}\n{_INDENT}{data['code']}",
        f"{says['link']}\n{_INDENT}{data['verify_url']}",
    )


def _headed(heading: str, text: str) -> str:
    return f"{heading}\n\n{text}"


def _paragraphs(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"
