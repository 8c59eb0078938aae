"""What a PDF really has, by looking into it: what it declares, tags, attachments, text."""

import io
from dataclasses import dataclass
from itertools import pairwise

import pikepdf
import pypdfium2

#: A name whose letters are read from right to left. Of these, each is in it once.
ARABIC_NAME = "سعيد فهمي"
_LETTERS = "سعدفهم"


@dataclass(frozen=True, slots=True)
class Findings:
    """What there is in a peer's files."""

    pages: str
    declares: str
    tags: str
    language: str
    fonts: str
    attachment: str
    associated: str
    name_on_paper: str
    name_in_text: str


def look_at(latin: bytes, arabic: bytes, token: bytes) -> Findings:
    """What the two files have, of which the second is the page of :data:`ARABIC_NAME`.

    :param token: what is to be attached to the first.
    """
    with pikepdf.open(io.BytesIO(latin)) as pdf:
        root = pdf.Root
        attached = [name for name, file in pdf.attachments.items() if _content(file) == token]
        return Findings(
            pages=str(len(pdf.pages)),
            declares=_declared(pdf),
            tags=_yes("/StructTreeRoot" in root and bool(root.MarkInfo.Marked)),
            language=str(root.get("/Lang", "no")),
            fonts=_yes(_all_embedded(pdf)),
            attachment=", ".join(attached) or "no",
            associated=_associated(root),
            name_on_paper=_yes(_right_to_left(arabic)),
            name_in_text=_yes(ARABIC_NAME in _text(arabic)),
        )


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _content(file: pikepdf.AttachedFileSpec) -> bytes:
    return bytes(file.get_file().read_bytes())


def _declared(pdf: pikepdf.Pdf) -> str:
    with pdf.open_metadata() as xmp:
        part, level = xmp.get("pdfaid:part"), xmp.get("pdfaid:conformance", "")
        accessible = xmp.get("pdfuaid:part")
    found = [f"PDF/A-{part}{level.lower()}"] if part else []
    found += [f"PDF/UA-{accessible}"] if accessible else []
    return " and ".join(found) or "nothing"


def _all_embedded(pdf: pikepdf.Pdf) -> bool:
    # A font descriptor without a font file is of a font that is not embedded.
    simple = [
        each
        for each in pdf.objects
        if isinstance(each, pikepdf.Dictionary)
        and each.get("/Type") == "/Font"
        and each.get("/Subtype") != "/Type0"
    ]
    return bool(simple) and all(
        "/FontDescriptor" in each
        and any(f"/FontFile{kind}" in each.FontDescriptor for kind in ("", "2", "3"))
        for each in simple
    )


def _associated(root: pikepdf.Object) -> str:
    relations = {str(each.get("/AFRelationship"))[1:] for each in root.get("/AF", [])}
    return ", ".join(sorted(relations)) or "no"


def _text(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return str(document[0].get_textpage().get_text_range())


def _right_to_left(pdf: bytes) -> bool:
    """Whether each letter of the name stands at the left of the one before it."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        text = [page.get_text_range(at, 1) for at in range(page.count_chars())]
        # The name alone is in these letters, or stands before other words that have them.
        if not all(letter in text for letter in _LETTERS):
            return False
        places = [page.get_charbox(text.index(letter))[0] for letter in _LETTERS]
    return all(right > left for right, left in pairwise(places))
