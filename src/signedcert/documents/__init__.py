"""Certificates and course records as PDF, PNG and SVG, and reading them back (extra ``pdf``).

::

    from signedcert import documents

    with documents.Printer() as printer:
        printed = documents.Printed.of_token(token, "https://learn.example.edu/c/")
        pdf = printer.pdf(printed)
    document = documents.read_document(pdf)
    report = documents.compare(document, verdict.statement)

What each name needs is loaded when the name is used: pictures are read without the extra.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from signedcert.documents.comparing.compare import compare
    from signedcert.documents.errors import (
        DocumentError,
        DocumentUnreadable,
        MissingGlyphError,
        PictureRefused,
        TemplateError,
        ThemeError,
    )
    from signedcert.documents.portrait import PortraitMatch, portrait_digest, portrait_match
    from signedcert.documents.printed import Paper, Portrait, Printed
    from signedcert.documents.printer import Printer
    from signedcert.documents.reading.document import Document
    from signedcert.documents.reading.read import read_document
    from signedcert.documents.report import Comparison, Contradiction, DocumentReport
    from signedcert.documents.theme import Design, Theme, read_theme
    from signedcert.documents.typesetting import Format

_ERRORS = "signedcert.documents.errors"
_PORTRAIT = "signedcert.documents.portrait"
_PRINTED = "signedcert.documents.printed"
_REPORT = "signedcert.documents.report"
_THEME = "signedcert.documents.theme"
_HOMES = {
    "Comparison": _REPORT,
    "Contradiction": _REPORT,
    "Design": _THEME,
    "Document": "signedcert.documents.reading.document",
    "DocumentError": _ERRORS,
    "DocumentReport": _REPORT,
    "DocumentUnreadable": _ERRORS,
    "Format": "signedcert.documents.typesetting",
    "MissingGlyphError": _ERRORS,
    "Paper": _PRINTED,
    "PictureRefused": _ERRORS,
    "Portrait": _PRINTED,
    "PortraitMatch": _PORTRAIT,
    "Printed": _PRINTED,
    "Printer": "signedcert.documents.printer",
    "TemplateError": _ERRORS,
    "Theme": _THEME,
    "ThemeError": _ERRORS,
    "compare": "signedcert.documents.comparing.compare",
    "portrait_digest": _PORTRAIT,
    "portrait_match": _PORTRAIT,
    "read_document": "signedcert.documents.reading.read",
    "read_theme": _THEME,
}

__all__ = [
    "Comparison",
    "Contradiction",
    "Design",
    "Document",
    "DocumentError",
    "DocumentReport",
    "DocumentUnreadable",
    "Format",
    "MissingGlyphError",
    "Paper",
    "PictureRefused",
    "Portrait",
    "PortraitMatch",
    "Printed",
    "Printer",
    "TemplateError",
    "Theme",
    "ThemeError",
    "compare",
    "portrait_digest",
    "portrait_match",
    "read_document",
    "read_theme",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(home), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("signedcert"):
            raise
        raise ImportError(
            f"signedcert.documents.{name} needs packages that are not installed "
            f"({error.name}): pip install 'signedcert[pdf]'",
            name=error.name,
        ) from error
