"""Pictures that are printed: logos, signature images, portraits. Hostile ones are refused.

Typst reads them in this process, and whoever is given the document reads them again. So only what
is plainly a still picture of one known kind is taken, and nothing is repaired: a portrait's very
bytes are signed.
"""

import enum
import functools
from collections.abc import Set
from dataclasses import dataclass
from pathlib import PurePath

from signedcert.documents.errors import PictureRefused
from signedcert.documents.raster_pictures import checked_jpeg, checked_png
from signedcert.documents.vector_pictures import checked_svg

#: Bytes of a logo or signature image.
PICTURE_SIZE_MAX = 2_000_000
#: Bytes of a portrait: it travels in every document.
PORTRAIT_SIZE_MAX = 1_000_000
_DESCRIPTION_MAX = 300


class PictureFormat(enum.StrEnum):
    """The kinds of pictures."""

    PNG = "png"
    JPEG = "jpeg"
    SVG = "svg"


RASTER = frozenset({PictureFormat.PNG, PictureFormat.JPEG})
ANY = frozenset(PictureFormat)
_SUFFIXES = {
    ".png": PictureFormat.PNG,
    ".jpg": PictureFormat.JPEG,
    ".jpeg": PictureFormat.JPEG,
    ".svg": PictureFormat.SVG,
}
#: What people have that is not taken: where it shows, and by which bytes.
_OTHERS = (
    (0, b"GIF8", "a GIF"),
    (0, b"BM", "a BMP"),
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (0, b"%PDF", "a PDF"),
    (0, b"\x1f\x8b", "a compressed (SVGZ)"),
    (8, b"WEBP", "a WebP"),
    (4, b"ftypavif", "an AVIF"),
    (4, b"ftyp", "a HEIC"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was checked.

    :ivar data: the file as it is.
    :ivar width: pixels; of SVG, which has none, the longer side is 1,000.
    :ivar height: likewise.
    :ivar description: what is on it, for those who cannot see it.
    """

    data: bytes
    format: PictureFormat
    width: int
    height: int
    description: str


def checked(
    data: bytes, description: str, allowed: Set[PictureFormat] = ANY, name: str | None = None
) -> Picture:
    """The picture in a file, which may be anything.

    :param description: what is on it, for those who cannot see it.
    :param allowed: the kinds that may be.
    :param name: the file's name, whose ending must tell the truth.
    :raises PictureRefused: when it is no such picture, or not plainly one.
    """
    if len(data) > PICTURE_SIZE_MAX:
        raise PictureRefused(
            f"it has more than {PICTURE_SIZE_MAX // 1_000_000} MB; save it with fewer pixels"
        )
    if not description.strip():
        raise PictureRefused("it needs a description, for those who cannot see it")
    if len(description) > _DESCRIPTION_MAX or not description.isprintable():
        raise PictureRefused(f"its description must be one line of {_DESCRIPTION_MAX} characters")
    kind = _kind(data, allowed)
    suffix = PurePath(name).suffix.lower() if name is not None else ""
    if suffix and _SUFFIXES.get(suffix) is not kind:
        raise PictureRefused(f"its name ends in {suffix}, and it is {_an(kind)} picture; rename it")
    match kind:
        case PictureFormat.PNG:
            width, height = checked_png(data)
        case PictureFormat.JPEG:
            width, height = checked_jpeg(data)
        case PictureFormat.SVG:
            width, height = checked_svg(data)
    return Picture(data, kind, width, height, description)


# One document asks for its portrait more than once.
@functools.lru_cache(maxsize=1)
def checked_portrait(data: bytes) -> Picture:
    """The portrait in a file, PNG or JPEG.

    :raises PictureRefused: as :func:`checked` does, and when it has more than 1 MB.
    """
    if len(data) > PORTRAIT_SIZE_MAX:
        raise PictureRefused(
            f"a portrait has {PORTRAIT_SIZE_MAX // 1_000_000} MB at most; save it with fewer pixels"
        )
    return checked(data, "Portrait", RASTER)


def _kind(data: bytes, allowed: Set[PictureFormat]) -> PictureFormat:
    found = _recognised(data)
    if isinstance(found, PictureFormat) and found in allowed:
        return found
    wanted = " or ".join(each.value.upper() for each in PictureFormat if each in allowed)
    what = f"it is {_an(found)} picture" if isinstance(found, PictureFormat) else f"it is {found}"
    raise PictureRefused(f"{what}; save it as {wanted}")


def _recognised(data: bytes) -> PictureFormat | str:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureFormat.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return PictureFormat.JPEG
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return PictureFormat.SVG
    for at, magic, name in _OTHERS:
        if data.startswith(magic, at):
            return f"{name} file"
    return "no picture" if data else "empty"


def _an(kind: PictureFormat) -> str:
    return f"a {kind.value.upper()}" if kind is not PictureFormat.SVG else "an SVG"
