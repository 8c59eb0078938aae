"""Certificates and course records as PDF, PNG and SVG, and reading them back (extra ``pdf``).

::

    from signedcert import documents

    with documents.Printer() as printer:
        printed = documents.Printed.of_token(token, "https://learn.example.edu/c/")
        pdf = printer.pdf(printed)
"""

try:
    import typst  # noqa: F401  # asked for here, so that what is missing is told once
except ModuleNotFoundError as error:
    raise ImportError(
        "signedcert.documents needs packages that are not installed: pip install 'signedcert[pdf]'",
        name=error.name,
    ) from error

from signedcert.documents.errors import (
    DocumentError,
    DocumentUnreadable,
    MissingGlyphError,
    PictureRefused,
    TemplateError,
    ThemeError,
)
from signedcert.documents.printed import Paper, Portrait, Printed
from signedcert.documents.printer import Printer
from signedcert.documents.theme import Design, Theme, read_theme
from signedcert.documents.typesetting import Format

__all__ = [
    "Design",
    "DocumentError",
    "DocumentUnreadable",
    "Format",
    "MissingGlyphError",
    "Paper",
    "PictureRefused",
    "Portrait",
    "Printed",
    "Printer",
    "TemplateError",
    "Theme",
    "ThemeError",
    "read_theme",
]
