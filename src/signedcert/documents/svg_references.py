"""What an SVG file refers to within itself: gradients, clips and masks, and clones."""

import re
from dataclasses import dataclass

from signedcert.documents.errors import PictureRefused

#: Elements that are drawn because of clones, in all.
_CLONED_MAX = 20_000
#: Clips and masks: each is drawn apart.
_CUT_MAX = 200
#: Attributes that may name another element, and which kinds.
_NAMING = {
    "fill": ("linearGradient", "radialGradient"),
    "stroke": ("linearGradient", "radialGradient"),
    "clip-path": ("clipPath",),
    "mask": ("mask",),
}
_GRADIENTS = ("linearGradient", "radialGradient")
_URL = re.compile(r"\s*url\(\s*(['\"]?)#([\w.-]+)\1\s*\)\s*(none|#[0-9a-fA-F]{3,8}|\w+)?\s*")
#: Within these nothing may be clipped, masked or cloned again: it would multiply.
_DRAWN_AGAIN = ("clipPath", "mask", "symbol")


@dataclass(slots=True)
class _Element:
    kind: str
    #: Itself and all within.
    size: int = 1
    #: It, or something within, is cloned, clipped or masked.
    refers: bool = False
    name: str | None = None


class References:
    """Collects them, in the order of the file, and checks them at its end."""

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._named: dict[str, _Element] = {}
        self._uses: list[str] = []
        self._wanted: list[tuple[str, tuple[str, ...]]] = []
        self._cut = 0

    def start(self, kind: str) -> None:
        """An element begins."""
        self._open.append(_Element(kind))

    def end(self) -> None:
        """The element that began last ends."""
        element = self._open.pop()
        if self._open:
            self._open[-1].size += element.size
            self._open[-1].refers |= element.refers
        if element.refers and element.kind in _DRAWN_AGAIN:
            raise PictureRefused(
                f"it has clones, clips or masks within <{element.kind}>; unlink clones and flatten "
                "it, or give a PNG"
            )

    def name(self, name: str) -> None:
        """The element has a name.

        :raises PictureRefused: when another has it already.
        """
        if name in self._named:
            raise PictureRefused(f"two of its elements have the id {name[:40]!r}; save it again")
        self._named[name] = self._open[-1]

    def href(self, kind: str, name: str) -> None:
        """The element refers to another one: a clone, or a gradient with the stops of another.

        :raises PictureRefused: when it is of a kind that does not.
        """
        if kind == "use":
            self._open[-1].refers = True
            self._uses.append(name)
        elif kind in _GRADIENTS:
            self._wanted.append((name, _GRADIENTS))
        else:
            raise PictureRefused(f"it has a link on <{kind}>; a picture must not lead anywhere")

    def url(self, attribute: str, value: str) -> None:
        """An attribute has something of a URL in it.

        :raises PictureRefused: when it leads outside, or that attribute has no business with it.
        """
        match = _URL.fullmatch(value)
        if match is None or attribute not in _NAMING:
            raise PictureRefused("it refers to something outside it; a picture must be whole")
        self._wanted.append((match[2], _NAMING[attribute]))
        if attribute in ("clip-path", "mask"):
            self._open[-1].refers = True
            self._cut += 1

    def check(self) -> None:
        """:raises PictureRefused: when one leads nowhere, or clones are too many."""
        for name, kinds in self._wanted:
            if name not in self._named or self._named[name].kind not in kinds:
                raise PictureRefused(
                    f"it refers to #{name[:40]}, which is not there; save it again"
                )
        if self._cut > _CUT_MAX:
            raise PictureRefused("it has too many clips and masks; flatten it, or give a PNG")
        cloned = 0
        for name in self._uses:
            original = self._named.get(name)
            if original is None:
                raise PictureRefused(
                    f"it refers to #{name[:40]}, which is not there; save it again"
                )
            if original.refers:
                raise PictureRefused("it has clones of clones; unlink clones and save it again")
            cloned += original.size
        if cloned > _CLONED_MAX:
            raise PictureRefused("its clones are too many; simplify it, or give a PNG")
