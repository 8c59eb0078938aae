"""A printer: one theme on one kind of paper, for as many documents as are wanted."""

import shutil
import tempfile
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from signedcert.documents import fonts as font_files
from signedcert.documents.carried import png_with_link, svg_with_link
from signedcert.documents.inputs import as_json, inputs_of, link_of
from signedcert.documents.own_result import check_own_result
from signedcert.documents.own_template import OwnTemplate
from signedcert.documents.pictures import Picture
from signedcert.documents.printed import Paper, Printed
from signedcert.documents.text_layer import joined
from signedcert.documents.theme import Theme
from signedcert.documents.typesetting import Format, Typesetter

_PICTURES = "pictures"
#: The main file for what is shown on screens: the preview for social media, and the badge.
_ON_SCREEN = "picture.typ"
#: Primary is dark enough for text on white, so white is readable on it.
_WHITE = "#ffffff"


class _Sets(Protocol):
    """Whatever sets documents: in this process, or in one with limits."""

    def compile(
        self, inputs: str, output: Format, ppi: int = 144, main: str = "main.typ"
    ) -> tuple[bytes, ...]: ...


class Printer:
    """Makes PDF, PNG and SVG files. Fonts and designs are read once; use it again and again.

    It keeps a temporary folder until it is closed::

        with Printer(theme) as printer:
            pdf = printer.pdf(Printed.of_token(token, page))

    :param theme: design, colours and pictures of the institution.
    :param paper: the sheet, instead of the theme's own.
    :param fonts: folders with fonts beyond ours, for scripts that ours do not have.
    :raises TemplateError: when the theme's own template cannot be taken.
    :raises DocumentError: when our own fonts are not installed.
    """

    def __init__(
        self, theme: Theme | None = None, paper: Paper | None = None, fonts: Sequence[Path] = ()
    ) -> None:
        self._theme = Theme() if theme is None else theme
        self._paper = paper or self._theme.paper
        extra = (*self._theme.font_folders, *fonts)
        self._families = font_files.families(extra)
        folders = font_files.folders(extra)
        self._folder = tempfile.TemporaryDirectory(prefix="signedcert-")
        root = Path(self._folder.name) / "designs"
        with as_file(files("signedcert.documents") / "designs") as designs:
            shutil.copytree(designs, root)
        self._colours_and_pictures = _written(self._theme, root)
        self._prepared: tuple[Printed, str | None, dict[str, Any]] | None = None
        #: The last of which a PDF could be made.
        self._passed: tuple[Printed, str | None] | None = None
        self._own = Typesetter(root, folders)
        self._sets: _Sets = self._own
        self._design = f"/{self._theme.design.value}/design.typ"
        if self._theme.template is not None:
            self._sets = OwnTemplate(self._theme.template, root, folders)
            self._design = "/own/design.typ"

    def pdf(self, printed: Printed, language: str | None = None) -> bytes:
        """A PDF/A-3b and PDF/UA-1 file, with the token attached to it.

        :param language: of the words around what was signed; unless given, the certificate's own.
        :raises MissingGlyphError: when no font has a character of it.
        :raises DocumentError: when it cannot be set.
        """
        (pdf,) = self._sets.compile(self._inputs(printed, language), Format.PDF)
        if self._theme.template is not None:
            check_own_result(pdf, printed, language)
        self._passed = (printed, language)
        return joined(pdf)

    def png(
        self, printed: Printed, ppi: int = 150, language: str | None = None
    ) -> tuple[bytes, ...]:
        """One picture a page. Each has the verify URL in its metadata.

        :raises MissingGlyphError: as :meth:`pdf` does.
        :raises DocumentError: likewise.
        """
        pages = self._pictures(printed, Format.PNG, ppi, language)
        return tuple(png_with_link(page, link_of(printed)) for page in pages)

    def svg(self, printed: Printed, language: str | None = None) -> tuple[bytes, ...]:
        """One picture a page. Each has the verify URL in its metadata.

        :raises MissingGlyphError: as :meth:`pdf` does.
        :raises DocumentError: likewise.
        """
        pages = self._pictures(printed, Format.SVG, 144, language)
        return tuple(svg_with_link(page, link_of(printed), _title(printed)) for page in pages)

    def preview(self, printed: Printed, language: str | None = None) -> bytes:
        """The PNG picture of 1200 × 630 pixels that social media show beside a link."""
        return self._on_screen(printed, "preview", Format.PNG, language)

    def badge(self, printed: Printed, output: Format, language: str | None = None) -> bytes:
        """A small picture for web pages, PNG or SVG."""
        return self._on_screen(printed, "badge", output, language)

    def qr_size(self, printed: Printed) -> str | None:
        """Version and error level of its QR code, such as ``13-M``, as the size report has them.

        None where no QR code is large enough.
        """
        # The words around it do not count, so what was prepared will do.
        prepared = self._prepared
        language = None if prepared is None else prepared[1]
        code = self._inputs_of(printed, language)["qr"]
        return None if code is None else f"{code['version']}-{code['error']}"

    def close(self) -> None:
        """Removes what it keeps."""
        if isinstance(self._sets, OwnTemplate):
            self._sets.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _pictures(
        self, printed: Printed, output: Format, ppi: int, language: str | None
    ) -> tuple[bytes, ...]:
        # Only PDF/UA makes a missing glyph an error, and only a PDF can be looked into.
        if self._passed != (printed, language):
            self.pdf(printed, language)
        return self._sets.compile(self._inputs(printed, language), output, ppi)

    def _on_screen(
        self, printed: Printed, what: str, output: Format, language: str | None
    ) -> bytes:
        inputs = self._inputs(printed, language, design=what)
        self._own.compile(inputs, Format.PDF, main=_ON_SCREEN)
        (picture, *_) = self._own.compile(inputs, output, 72, main=_ON_SCREEN)
        link = link_of(printed)
        if output is Format.PNG:
            return png_with_link(picture, link)
        return svg_with_link(picture, link, _title(printed))

    def _inputs(self, printed: Printed, language: str | None, design: str | None = None) -> str:
        inputs = self._inputs_of(printed, language) | {"design": design or self._design}
        if self._theme.template is not None:
            inputs["keywords"] = []  # which say that the words are ours
        return as_json(inputs)

    def _inputs_of(self, printed: Printed, language: str | None) -> dict[str, Any]:
        prepared = self._prepared
        if prepared is None or prepared[:2] != (printed, language):
            # The next picture is mostly of the same certificate.
            inputs = inputs_of(
                printed, self._colours_and_pictures, self._paper, self._families, language
            )
            # Whole at once: threads may share a printer.
            self._prepared = prepared = (printed, language, inputs)
        return prepared[2]


def _title(printed: Printed) -> str:
    return f"{printed.statement.course.title}: {printed.learner_name or printed.statement.code}"


def _written(theme: Theme, root: Path) -> dict[str, Any]:
    """The theme for the designs; its pictures are written where Typst finds them."""
    folder = root / _PICTURES
    folder.mkdir()

    def entry(name: str, picture: Picture) -> dict[str, Any]:
        (folder / name).write_bytes(picture.data)
        return {
            "file": f"/{_PICTURES}/{name}",
            "format": "jpg" if picture.format.value == "jpeg" else picture.format.value,
            "alt": picture.description,
            "width": picture.width,
            "height": picture.height,
        }

    signatures = enumerate(theme.signatures.items())
    return {
        "primary": theme.primary,
        "accent": theme.accent,
        "on_primary": _WHITE,
        "logo": None if theme.logo is None else entry("logo", theme.logo),
        "signatures": {name: entry(f"signature-{at}", each) for at, (name, each) in signatures},
    }
