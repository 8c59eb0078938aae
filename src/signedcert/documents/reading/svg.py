"""The links in the metadata of an SVG picture. What is drawn is not looked at."""

from typing import Final
from xml.parsers import expat

from signedcert.documents.errors import DocumentUnreadable

_METADATA: Final = "http://www.w3.org/2000/svg metadata"
_SVG: Final = "http://www.w3.org/2000/svg svg"
_START = 4096
_DEPTH_MAX = 200
_TEXT_MAX = 262_144


def is_svg(data: bytes) -> bool:
    """Whether the bytes begin as an SVG file does."""
    start = data[:_START].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in start


class _Declares(Exception):
    """It has a document type, with which entities come."""


class _Reader:
    """Collects the words in metadata."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.root: str | None = None
        self._depth = 0
        self._within = 0
        self._length = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        self.root = self.root or name
        if self._depth > _DEPTH_MAX:
            raise DocumentUnreadable("the SVG is nested too deeply")
        if name == _METADATA or self._within:
            self._within += 1
            self.texts.append(" ")

    def end(self, _name: str) -> None:
        self._depth -= 1
        if self._within:
            self._within -= 1
            self.texts.append(" ")

    def text(self, text: str) -> None:
        if self._within:
            self._length += len(text)
            if self._length > _TEXT_MAX:
                raise DocumentUnreadable("the SVG has too much metadata")
            self.texts.append(text)

    def declares(self, *_declaration: object) -> None:
        raise _Declares


def metadata_words(svg: bytes) -> list[str]:
    """The words in the metadata of an SVG file; a link is one word.

    :raises DocumentUnreadable: when it is no well-formed XML, has a document type, or is no SVG.
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    # Without entities of its own, a file cannot become larger than it is.
    parser.StartDoctypeDeclHandler = reader.declares
    try:
        parser.Parse(svg, True)  # noqa: FBT003  # expat names it no better
    except _Declares:
        raise DocumentUnreadable(
            "the SVG has a document type (DOCTYPE), which is not read"
        ) from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DocumentUnreadable("the SVG is damaged, or no SVG") from error
    if reader.root != _SVG:
        raise DocumentUnreadable("the file is XML, but no SVG")
    return "".join(reader.texts).split()
