"""A designer's own template: copied, then set by Typst in a process with limits.

What comes out is the designer's work, and may say anything. That it carries the token, and nothing
beside, is for the caller to check.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from signedcert.documents.confined import Cause, Child, ChildFailed, Limits, Measure, Task
from signedcert.documents.errors import DocumentError, TemplateError
from signedcert.documents.own_svg import check_own_svg
from signedcert.documents.own_template_faults import template_fault
from signedcert.documents.own_template_files import copy_template
from signedcert.documents.typesetting import MAIN, STANDARDS, Format

#: Where the template is, in the folder that Typst sees.
FOLDER = "own"
PAGES_MAX = 200
#: By these a file of each kind begins.
_MAGIC = {Format.PDF: b"%PDF-", Format.PNG: b"\x89PNG\r\n\x1a\n", Format.SVG: b"<svg "}
_FONTS = (".otf", ".ttf", ".ttc", ".otc")


class OwnTemplate:
    """Sets documents as :class:`~signedcert.documents.typesetting.Typesetter` does, confined.

    :param template: the designer's folder, with a file ``design.typ``.
    :param root: a folder with our designs, for Typst to see. The template is copied into it.
    :param fonts: folders of fonts. No other font is used.
    :param limits: of one run.
    :raises TemplateError: when the folder cannot be taken.
    """

    def __init__(
        self, template: Path, root: Path, fonts: tuple[Path, ...], limits: Limits | None = None
    ) -> None:
        copy_template(template, root / FOLDER)
        self._root = root.resolve()
        self._fonts = [str(each) for each in fonts]
        self._limits = limits or Limits()
        readable = (self._root, *fonts, *_targets(fonts))
        self._child = Child(Task.OWN_TEMPLATE, self._limits, readable)

    def compile(
        self, inputs: str, output: Format, ppi: int = 144, main: str = MAIN
    ) -> tuple[bytes, ...]:
        """The pages, or the whole document as the only item where it is a PDF.

        :param inputs: the data, as JSON.
        :param ppi: pixels an inch, of PNG.
        :param main: the file in the folder to begin with.
        :raises MissingGlyphError: when no font has a character, which is told of PDF alone.
        :raises TemplateError: when the template has a fault, takes too long, or needs too much.
        """
        options: dict[str, Any] = {"format": output.value}
        if output is Format.PDF:
            options["pdf_standards"] = list(STANDARDS)
        if output is Format.PNG:
            options["ppi"] = float(ppi)
        request = {
            "root": str(self._root),
            "main": str(self._root / main),
            "fonts": self._fonts,
            "packages": str(self._root / "no-packages"),
            "data": inputs,
            "options": options,
        }
        try:
            answer = self._child.ask(json.dumps(request).encode())
        except ChildFailed as failed:
            raise self._fault(failed) from None
        pages = tuple(_pages(answer))
        _check(pages, output)
        return pages

    def confinement(self) -> frozenset[Measure]:
        """What the process is confined by, on this machine.

        :raises ChildFailed: when it does not start.
        """
        return self._child.confinement()

    def close(self) -> None:
        """Ends the process."""
        self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _fault(self, failed: ChildFailed) -> DocumentError:
        match failed.cause:
            case Cause.REFUSED:
                return template_fault(str(failed), str(self._root), FOLDER)
            case Cause.TIMEOUT:
                return TemplateError(
                    f"the template took longer than {self._limits.seconds:g} s; look for a loop "
                    "that does not end"
                )
            case Cause.MEMORY:
                return TemplateError(
                    f"the template needed more than {self._limits.memory // 1_000_000} MB; look "
                    "for large pages, pictures or loops"
                )
            case Cause.CRASHED:
                return TemplateError(
                    "the process that sets the template ended: it needed too much memory, or Typst "
                    "has a fault; make the template simpler until it works"
                )


def _pages(answer: bytes) -> Iterator[bytes]:
    """The pages, each after eight bytes of its length; one more than are taken at most."""
    place = count = 0
    while place < len(answer) and count <= PAGES_MAX:
        start = place + 8
        place = start + int.from_bytes(answer[place:start])
        count += 1
        yield answer[start:place]


def _check(pages: tuple[bytes, ...], output: Format) -> None:
    """The answer comes from a process that the template may have taken over."""
    if not pages or not all(page.startswith(_MAGIC[output]) for page in pages):
        raise TemplateError(f"the template made no {output.value.upper()}")
    if len(pages) > PAGES_MAX:
        raise TemplateError(f"the template made more than {PAGES_MAX} pages")
    if output is Format.SVG:
        for page in pages:
            check_own_svg(page)


def _targets(fonts: tuple[Path, ...]) -> Iterator[Path]:
    """The files that links in the folders lead to: a folder's readers must read those too."""
    for folder in fonts:
        for path in folder.iterdir():
            if path.is_symlink() and path.suffix.lower() in _FONTS:
                yield path.resolve()
