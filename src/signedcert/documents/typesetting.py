"""Typst, which sets documents from a folder of designs. It runs in this process.

Only for our own designs: those of others run in a process with limits
(:mod:`signedcert.documents.own_template`).
"""

import contextlib
import enum
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst

from signedcert.documents.errors import DocumentError
from signedcert.documents.fonts import missing, read

#: Both at once: for archives (ISO 19005-3, level B), and for people who cannot see (ISO 14289-1).
STANDARDS = ("a-3b", "ua-1")
MAIN = "main.typ"
#: The file in which designs find their data.
INPUTS = "inputs.json"


class Format(enum.StrEnum):
    """What a document is written as."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"


class Typesetter:
    """One folder of designs with its fonts, which are read once.

    :param folder: what Typst may read; the designs are in it, and the data is written into it.
    :param fonts: folders of fonts. No other font is used.
    """

    def __init__(self, folder: Path, fonts: tuple[Path, ...]) -> None:
        self._folder = folder
        self._fonts = read(fonts)
        self._compilers: dict[str, typst.Compiler] = {}
        self._lock = threading.Lock()

    def compile(
        self, inputs: str, output: Format, ppi: int = 144, main: str = MAIN
    ) -> tuple[bytes, ...]:
        """The pages, or the whole document as the only item where it is a PDF.

        :param inputs: the data, as JSON.
        :param ppi: pixels an inch, of PNG.
        :param main: the file in the folder to begin with.
        :raises MissingGlyphError: when no font has a character, which is told of PDF alone.
        :raises DocumentError: when it cannot be set.
        """
        options: dict[str, Any] = {"format": output.value}
        if output is Format.PDF:
            options["pdf_standards"] = list(STANDARDS)
        if output is Format.PNG:
            options["ppi"] = float(ppi)
        try:
            with self._lock, self._written(inputs):
                made = self._compiler(main).compile(**options)
        except typst.TypstError as error:
            raise missing(error.diagnostic) or DocumentError(
                f"the document cannot be set: {error}"
            ) from None
        assert made is not None  # nothing was to be written to a file
        return tuple(made) if isinstance(made, list) else (made,)

    @contextlib.contextmanager
    def _written(self, inputs: str) -> Iterator[None]:
        """The data in a file, not in sys.inputs: what does not read it is evaluated once for all.

        It does not stay there: it is somebody's certificate, perhaps with photo and salt.
        """
        file = self._folder / INPUTS
        file.write_text(inputs, encoding="utf-8")
        try:
            yield
        finally:
            file.unlink(missing_ok=True)

    def _compiler(self, main: str) -> typst.Compiler:
        if main not in self._compilers:
            self._compilers[main] = typst.Compiler(
                input=str(self._folder / main),
                root=str(self._folder),
                font_paths=self._fonts,
                ignore_system_fonts=True,
            )
        return self._compilers[main]
