"""What is said of documents, in plain words."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from signedcert.cli.document_check import Fault

if TYPE_CHECKING:
    from signedcert.documents.report import Contradiction

HEADLINES: Mapping[Fault, str] = {
    Fault.SOURCES_DISAGREE: "it holds different certificates. Do not rely on any of them by this "
    "document",
    Fault.CONTRADICTION: "the token in it is {status}, but the document contradicts what was "
    "signed. Do not rely on this document",
    Fault.OTHER_PORTRAIT: "the token is {status}, but the photo is not the portrait that was "
    "signed",
}
FINDINGS: Mapping[Fault, str] = {
    Fault.SOURCES_DISAGREE: "Check each of them by itself: the link, the QR code, the attached "
    "file.",
    Fault.CONTRADICTION: "It shows something else than what was signed: see below.",
    Fault.OTHER_PORTRAIT: "The photo with this salt is not the one that was signed.",
}
#: Of the outcomes of the comparison, and of the reasons why there was none.
COMPARISONS: Mapping[str, str] = {
    "contradiction_found": "contradiction found",
    "no_contradiction_in_text_layer": "no contradiction in the text layer. That proves little: "
    "what people see may be drawn so that programs read something else",
    "picture": "not checked: pictures have no text to compare. Compare every field yourself",
    "no_text": "not checked: there is no text in the PDF to compare, as in a scanned paper. "
    "Compare every field yourself",
    "invisible_text": "not checked: its text lies unseen beneath a picture, as in a scanned paper. "
    "Compare every field yourself",
}
PORTRAITS: Mapping[str, str] = {
    "signed": "the {which} photo is the portrait that was signed. The printed one may differ",
    "not_the_signed_one": "the {which} photo is NOT the portrait that was signed",
    "no_portrait_signed": "no portrait was signed: the {which} photo is nobody's word",
    "withheld": "not known: the learner does not show whether a portrait was signed",
    "none_attached": "one was signed, and none is attached: a printed one was not checked",
    "no_salt": "not checked: the salt of the {which} photo is missing",
}
PORTRAIT_WITHHELD = "the token is VALID, but whether the photo is the portrait is withheld"
_KINDS: Mapping[str, str] = {
    "not_printed": "is not printed",
    "not_together": "is not printed on the page with the rest",
    "small_print": "is printed only in small print",
    "hidden_text": "is in the file, but cannot be seen",
}


def contradiction(found: "Contradiction") -> str:
    """A contradiction in one line."""
    if found.field is None:
        what = "nobody signed what is printed" if found.kind.value == "unsigned_text" else "unseen"
        return f"{what}: {found.printed}"
    said = f"signed as {found.signed}, which {_KINDS[found.kind.value]}"
    return said if found.printed is None else f"{said}; printed instead: {found.printed}"
