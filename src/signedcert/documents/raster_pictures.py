"""Whether a PNG or JPEG file is plainly one still picture, whole, and of the size it claims.

The structure is read here and only then are the pixels decoded, in Pillow.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator

from PIL import Image

from signedcert.documents.errors import PictureRefused
from signedcert.documents.jpeg_structure import jpeg_size

PIXELS_MAX = 16_000_000
SIDE_MAX = 12_000
#: Of a colour profile or text inside, unpacked.
_UNPACKED_MAX = 4_000_000
_STEP = 1 << 20
_EXIF_ORIENTATION = 0x0112
_UPRIGHT = 1
#: Colour type (https://www.w3.org/TR/png-3/#11IHDR): samples a pixel, and bits a sample.
_PNG_COLOURS = {0: (1, {1, 2, 4, 8, 16}), 2: (3, {8, 16}), 3: (1, {1, 2, 4, 8}), 4: (2, {8, 16}),
                6: (4, {8, 16})}  # fmt: skip
#: Interlaced pictures are stored in seven passes: first column, first row, and steps between.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
           (0, 1, 1, 2))  # fmt: skip


def checked_png(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG file.

    :raises PictureRefused: when it is damaged, animated, lies, or has anything after its end.
    """
    chunks = _chunks(data)
    name, header = next(chunks, (b"", b""))
    if name != b"IHDR" or len(header) != 13:
        raise _damaged()
    width, height, bits, colour, compression, filtering, interlace = struct.unpack(
        ">IIBBBBB", header
    )
    samples, depths = _PNG_COLOURS.get(colour, (0, set()))
    if bits not in depths or (compression, filtering) != (0, 0) or interlace not in (0, 1):
        raise _damaged()
    check_size(width, height)
    pixels = zlib.decompressobj()
    expected = _unpacked_size(width, height, samples * bits, interlaced=interlace == 1)
    unpacked = 0
    for name, content in chunks:
        if name in (b"acTL", b"fcTL", b"fdAT"):
            raise PictureRefused("it is animated; save a single picture")
        if name == b"IDAT":
            unpacked += _inflated(pixels, content, expected - unpacked)
            if unpacked > expected:
                break
        elif name in (b"iCCP", b"zTXt", b"iTXt"):
            _check_packed(name, content)
        elif name[:1].isupper() and name not in (b"PLTE", b"IEND"):
            raise _damaged()  # a part that must be understood, and is not
    if unpacked != expected or not pixels.eof or pixels.unused_data:
        raise PictureRefused("its pixels are fewer or more than its header says; save it again")
    _decode(data, "PNG", (width, height))
    return width, height


def checked_jpeg(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG file.

    :raises PictureRefused: when it is damaged, in colours for printing presses, turned by a note
        in its metadata, or has anything after its end.
    """
    width, height = jpeg_size(data)
    check_size(width, height)
    _decode(data, "JPEG", (width, height))
    return width, height


def check_size(width: int, height: int) -> None:
    """:raises PictureRefused: when a picture has no pixels, or too many."""
    if not width or not height:
        raise PictureRefused("it has no pixels")
    if width * height > PIXELS_MAX or max(width, height) > SIDE_MAX:
        raise PictureRefused(
            f"it has {width} × {height} pixels; {PIXELS_MAX // 1_000_000} million are the most, "
            f"and {SIDE_MAX} a side. Make it smaller"
        )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG file, of which the last is IEND, at the end of the file."""
    place = 8
    name = b""
    while name != b"IEND":
        if place + 12 > len(data):
            raise PictureRefused("it is cut off; get the whole file")
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if end + 4 > len(data):
            raise PictureRefused("it is cut off; get the whole file")
        if zlib.crc32(data[place + 4 : end]) != int.from_bytes(data[end : end + 4]):
            raise _damaged()
        yield name, data[place + 8 : end]
        place = end + 4
    if place != len(data):
        raise PictureRefused("something follows after the end of the picture; save it again")


def _unpacked_size(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """Bytes of all rows, each with the byte that names its filter."""
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    size = 0
    for first_column, first_row, columns, rows in passes:
        across = -((first_column - width) // columns)
        down = -((first_row - height) // rows)
        if across > 0 and down > 0:
            size += down * (1 + (across * bits + 7) // 8)
    return size


def _inflated(stream: "zlib._Decompress", content: bytes, room: int) -> int:
    """How much a part of a stream unpacks to. It stops beyond the room there is."""
    size = 0
    while content and size <= room:
        try:
            size += len(stream.decompress(content, _STEP))
        except zlib.error:
            raise _damaged() from None
        content = stream.unconsumed_tail
    return size


def _check_packed(name: bytes, content: bytes) -> None:
    """Colour profiles and texts may be packed, and unpack to anything."""
    _, _, rest = content.partition(b"\0")
    if name == b"iTXt":
        if rest[:1] != b"\1":
            return
        # Two bytes of flags, then a language and a translated keyword.
        rest = b"\0".join(rest[2:].split(b"\0", 2)[2:])
    else:
        rest = rest[1:]
    stream = zlib.decompressobj()
    if _inflated(stream, rest, _UNPACKED_MAX) > _UNPACKED_MAX:
        raise PictureRefused("it has a colour profile or text of more than 4 MB; save it without")


def _decode(data: bytes, kind: str, size: tuple[int, int]) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=(kind,)) as image:
                image.load()
                agrees = image.size == size and getattr(image, "n_frames", 1) == 1
                orientation = image.getexif().get(_EXIF_ORIENTATION, _UPRIGHT)
    # Pillow's decoders raise a dozen kinds of exception on damaged files.
    except Exception:  # noqa: BLE001  # likewise
        raise _damaged() from None
    if not agrees:
        raise PictureRefused("it holds several pictures, or lies about its size; save it again")
    if orientation != _UPRIGHT:
        raise PictureRefused(
            "it is turned by a note in its metadata, which not every program follows; open it in "
            "an image program and save it upright"
        )


def _damaged() -> PictureRefused:
    return PictureRefused("it is damaged; save it again")
