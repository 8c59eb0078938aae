"""A strict subset of SVG: shapes, gradients, clips. Nothing that runs, loads, or looks different.

Text is refused, since it is set in whatever font is at hand. So is everything by which a small file
makes a renderer do a lot: filters, patterns, clones of clones.
"""

import io
import re
from xml.parsers import expat

from signedcert.documents.errors import PictureRefused
from signedcert.documents.svg_references import References
from signedcert.documents.svg_size import svg_size

SIZE_MAX = 1_000_000
_ELEMENTS_MAX = 5_000
_DEPTH_MAX = 32
_ATTRIBUTES_MAX = 64
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use")
_GROUPS = ("svg", "g", "defs", "symbol", "clipPath", "mask", "linearGradient", "radialGradient")
_TEXTS = ("title", "desc", "style")
_KNOWN = frozenset((*_SHAPES, *_GROUPS, *_TEXTS, "stop"))
#: What to do about elements that people really have.
_ADVICE = {
    "text": "turn text into paths (outlines), which look the same everywhere",
    "tspan": "turn text into paths (outlines), which look the same everywhere",
    "image": "pictures inside are not taken; give a PNG or JPEG instead",
    "metadata": "save it as plain or optimised SVG",
    "namedview": "save it as plain or optimised SVG",
    "filter": "filters are not taken; flatten it, or give a PNG",
    "pattern": "patterns are not taken; flatten it, or give a PNG",
    "script": "a picture must not run anything",
    "foreignObject": "a picture must not hold web pages",
}
#: The one way of naming something from a property: a gradient that paints.
_PAINT = re.compile(r"\b(fill|stroke)\s*:\s*url\(\s*(['\"]?)#[\w.-]+\2\s*\)")


def checked_svg(data: bytes) -> tuple[int, int]:
    """Width and height in proportion; the longer one is 1,000.

    :raises PictureRefused: when it is damaged, too large, or has anything beyond the subset.
    """
    if len(data) > SIZE_MAX:
        raise PictureRefused("an SVG has 1 MB at most; simplify it, or give a PNG")
    reader = _Reader()
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.XmlDeclHandler = _declaration
    parser.StartDoctypeDeclHandler = _doctype
    parser.ProcessingInstructionHandler = _instruction
    try:
        parser.ParseFile(io.BytesIO(data))
    except expat.ExpatError as error:
        raise PictureRefused(
            f"it is damaged: {expat.ErrorString(error.code)}, in line {error.lineno}"
        ) from None
    reader.references.check()
    return svg_size(reader.root)


class _Reader:
    """Takes an SVG file apart as expat reads it."""

    def __init__(self) -> None:
        self.root: dict[str, str] = {}
        self.references = References()
        self._open: list[str] = []
        self._style = ""
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, element = name.rpartition(" ")
        if namespace != _SVG or element not in _KNOWN:
            short = element[:40]
            raise PictureRefused(f"it has <{short}>: {_ADVICE.get(short, 'that is not taken')}")
        if (element == "svg") != (not self._open):
            raise PictureRefused("it must be one <svg>, with no other inside")
        self._count += 1
        if self._count > _ELEMENTS_MAX or len(self._open) >= _DEPTH_MAX:
            raise PictureRefused("it has too many parts; simplify it, or give a PNG")
        if self._open and self._open[-1] in _TEXTS:
            raise PictureRefused(f"<{self._open[-1]}> must hold text alone")
        if len(attributes) > _ATTRIBUTES_MAX:
            raise PictureRefused(f"<{element}> has too many attributes")
        if not self._open:
            self.root = attributes
        self._open.append(element)
        self.references.start(element)
        for attribute, value in attributes.items():
            self._attribute(element, attribute, value)

    def end(self, _name: str) -> None:
        if self._open.pop() == "style":
            _check_style(self._style)
            self._style = ""
        self.references.end()

    def text(self, text: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "style":
            self._style += text
        elif inside not in _TEXTS and text.strip():
            raise PictureRefused("it has text between its elements; turn text into paths")

    def _attribute(self, element: str, name: str, value: str) -> None:
        namespace, _, short = name.rpartition(" ")
        if short.lower().startswith("on") or (namespace == _XML and short == "base"):
            raise PictureRefused(f"it has the attribute {short[:40]}; a picture must not run code")
        if short in ("href", "src") and namespace in ("", _XLINK, _SVG):
            if short == "src" or not value.startswith("#"):
                raise PictureRefused("it refers to something outside it; a picture must be whole")
            self.references.href(element, value[1:])
        elif namespace:
            return  # of a drawing program, which renderers pass over
        elif short == "style":
            _check_style(value)
        elif short == "id":
            self.references.name(value)
        elif "url" in value.lower() or "\\" in value:
            self.references.url(short, value)


def _check_style(text: str) -> None:
    """Properties as such are harmless. What loads, hides or escapes is not taken."""
    rest = _PAINT.sub("", text).lower()
    if any(each in rest for each in ("url", "@", "\\", "/*", "expression", "<!--")):
        raise PictureRefused(
            "its style has rules that load something, or comments; save it with presentation "
            "attributes instead of CSS"
        )


def _declaration(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise PictureRefused("it is not in UTF-8; save it in UTF-8")


def _doctype(_name: str, _system: str | None, _public: str | None, _internal: int) -> None:
    raise PictureRefused("it has a DOCTYPE; save it as plain SVG, or delete that line")


def _instruction(_target: str, _data: str) -> None:
    raise PictureRefused("it has a processing instruction (<?…?>); delete it")
