"""Everything with which a learner shows a certificate: files by their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signedcert.documents.errors import DocumentError
from signedcert.documents.languages.words import Words, words_for
from signedcert.documents.printed import Printed
from signedcert.documents.printer import Printer
from signedcert.documents.sharing.linkedin import LinkedInEntry, linkedin_entry
from signedcert.documents.sharing.texts import cv_lines, linkedin_text, readme
from signedcert.documents.sharing.web_page import Described, embed_snippet, open_graph_tags
from signedcert.documents.typesetting import Format
from signedcert.documents.variables import variables
from signedcert.model.certificate import Certificate

#: What stands where the address of the learner's own page goes, when it is not known.
YOUR_PAGE = "https://your-page.example/"
_README = "README.txt"


@dataclass(frozen=True, slots=True)
class ShareKit:
    """What was made of a certificate.

    :ivar files: contents by name.
    :ivar url: the verify URL.
    :ivar linkedin: the entry on LinkedIn.
    """

    files: Mapping[str, bytes]
    url: str
    linkedin: LinkedInEntry


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are on the web, as far as that is known.

    :ivar kit: the address of the folder in which the kit's files will be, with a slash at its end.
    :ivar by_code: where the certificate is published under its code.
    :ivar organisation_id: the number of the institution's page on LinkedIn.
    """

    kit: str | None = None
    by_code: str | None = None
    organisation_id: int | None = None


def share_kit(
    printer: Printer, printed: Printed, places: Places | None = None, language: str | None = None
) -> ShareKit:
    """PDF, pictures, badge, preview, and texts for a certificate, of which nothing is verified.

    :param language: of the words, instead of the certificate's own.
    :raises DocumentError: when it is a course record, or cannot be set.
    """
    if not isinstance(printed.statement, Certificate):
        raise DocumentError(
            "a share kit is for certificates: it shows everything to whoever has it. A course "
            "record is shared row by row, with one reader: signedcert share create"
        )
    places = places or Places()
    data = variables(printed, language=language)
    words = words_for(data["language"])
    url: str = data["verify_url"]
    entry = linkedin_entry(
        printed.statement, url, short_url=places.by_code, organisation_id=places.organisation_id
    )
    files = _pictures(printer, printed, language) | _texts(data, words, places, entry)
    known = {name: _WORDS.get(name, "pictures") for name in files}
    said = readme(data, words, known, with_portrait=printed.portrait is not None)
    return ShareKit(files | {_README: said.encode()}, url, entry)


#: Which word says what a file is. Others are pages of the certificate as pictures.
_WORDS = {
    "certificate.pdf": "pdf",
    "badge.png": "badge",
    "badge.svg": "badge",
    "preview.png": "preview",
    "embed.html": "embed",
    "open-graph.html": "open_graph",
    "linkedin.txt": "linkedin",
    "cv.txt": "cv",
}


def _pictures(printer: Printer, printed: Printed, language: str | None) -> dict[str, bytes]:
    files = {"certificate.pdf": printer.pdf(printed, language)}
    for ending, pages in (
        ("png", printer.png(printed, language=language)),
        ("svg", printer.svg(printed, language)),
    ):
        for number, page in enumerate(pages, 1):
            files[f"certificate{f'-{number}' if number > 1 else ''}.{ending}"] = page
    for form in (Format.PNG, Format.SVG):
        files[f"badge.{form.value}"] = printer.badge(printed, form, language)
    files["preview.png"] = printer.preview(printed, language)
    return files


def _texts(
    data: Mapping[str, Any], words: Words, places: Places, entry: LinkedInEntry
) -> dict[str, bytes]:
    url = data["verify_url"]
    described = described_by(data)
    urls = [url] if places.by_code is None else [url, places.by_code]
    page = places.kit or YOUR_PAGE
    return {
        "embed.html": embed_snippet(described, url, f"{places.kit or ''}badge.png").encode(),
        "open-graph.html": open_graph_tags(described, f"{page}preview.png", page).encode(),
        "linkedin.txt": linkedin_text(entry, words, url).encode(),
        "cv.txt": cv_lines(data, words, urls).encode(),
    }


def described_by(data: Mapping[str, Any]) -> Described:
    """A certificate in two sentences.

    :param data: what designs get (:mod:`signedcert.documents.variables`).
    """
    who = [data["institution"], data["completed_on"]]
    if data["learner"] is not None:
        who.insert(0, data["learner"]["name"])
    return Described(
        title=f"{data['award']}: {data['course']['title']}",
        summary=" · ".join(who),
        language=data["language"],
        direction=data["direction"],
    )
