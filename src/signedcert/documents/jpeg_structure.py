"""The parts of a JPEG file (ITU-T T.81, annex B), read up to its end."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from signedcert.documents.errors import PictureRefused

_SOI, _EOI, _SOS, _DNL = 0xD8, 0xD9, 0xDA, 0xDC
#: Baseline, extended and progressive, all with Huffman codes.
_FRAMES = (0xC0, 0xC1, 0xC2)
_PROGRESSIVE = 0xC2
#: Frames of other kinds: lossless, hierarchical, arithmetic.
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
#: Every scan of a progressive picture goes over all its pixels once more.
_SCANS_MAX = 64


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    height: int
    #: Bits that the pixels take at the very least.
    bits: int


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height, where the structure is whole and its pixels can be what it claims.

    :raises PictureRefused: when it is none of the usual kinds, is cut off, or something follows.
    """
    frame: _Frame | None = None
    scans = coded = 0
    for marker, content, after in _segments(data):
        if marker in _OTHER_FRAMES or marker == _DNL:
            raise PictureRefused("it is an unusual kind of JPEG; save it again")
        if marker in _FRAMES:
            if frame is not None:
                raise _damaged()
            frame = _frame(marker, content)
        if marker == _SOS:
            scans += 1
            coded += after
    if frame is None or not scans:
        raise _damaged()
    if scans > _SCANS_MAX:
        raise PictureRefused("it is an unusual kind of JPEG; save it again")
    if coded * 8 < frame.bits:
        raise PictureRefused("its pixels are fewer than its header says; get the whole file")
    return frame.width, frame.height


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, content, and how many bytes of coded pixels follow."""
    place = 2
    while True:
        marker, place = _marker(data, place)
        if marker == _EOI:
            break
        if marker == _SOI or marker in _WITHOUT_LENGTH:
            raise _damaged()
        length = int.from_bytes(data[place : place + 2])
        content = data[place + 2 : place + length]
        if length < 2 or len(content) != length - 2:
            raise _cut_off()
        place += length
        end = _end_of_coded(data, place) if marker == _SOS else place
        yield marker, content, end - place
        place = end
    if place != len(data):
        raise PictureRefused(
            "something follows after the end of the picture, as phones add; save it again"
        )


def _marker(data: bytes, place: int) -> tuple[int, int]:
    if place + 2 > len(data):
        raise _cut_off()
    if data[place] != 0xFF:
        raise _damaged()
    # Any number of bytes FF may stand before a marker.
    while data[place : place + 1] == b"\xff":
        place += 1
    if place == len(data):
        raise _cut_off()
    return data[place], place + 1


def _end_of_coded(data: bytes, place: int) -> int:
    """Where the next marker is that does not belong to coded pixels, as FF 00 and restarts do."""
    while True:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            raise _cut_off()
        following = data[place + 1]
        if following == 0xFF:
            place += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            place += 2
        else:
            return place


def _frame(marker: int, content: bytes) -> _Frame:
    if len(content) < 6:
        raise _damaged()
    bits, height, width, components = struct.unpack_from(">BHHB", content)
    if bits != 8 or len(content) != 6 + 3 * components or not width or not height:
        raise _damaged()
    if components not in (1, 3):
        raise PictureRefused("it has the colours of printing presses (CMYK); save it as RGB")
    factors = [divmod(content[7 + 3 * each], 16) for each in range(components)]
    if not all(1 <= across <= 4 and 1 <= down <= 4 for across, down in factors):
        raise _damaged()
    widest, highest = (max(each) for each in zip(*factors, strict=True))
    blocks = sum(
        -(-width * across // (8 * widest)) * -(-height * down // (8 * highest))
        for across, down in factors
    )
    # A code for the mean, and one that says that no more comes; both of one bit at least.
    return _Frame(width, height, blocks if marker == _PROGRESSIVE else 2 * blocks)


def _damaged() -> PictureRefused:
    return PictureRefused("it is damaged; save it again")


def _cut_off() -> PictureRefused:
    return PictureRefused("it is cut off; get the whole file")
