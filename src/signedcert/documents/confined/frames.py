"""Messages on a pipe: one byte of kind, eight of length, then the content."""

import enum
import os
import struct

_HEADER = struct.Struct(">BQ")
#: Of requests and of answers. More is refused before room is made for it.
CONTENT_MAX = 128 * 1024 * 1024


class Kind(enum.IntEnum):
    """What a message is."""

    REQUEST = 0
    READY = 1
    ANSWER = 2
    REFUSED = 3
    NO_MEMORY = 4
    FAULT = 5


class PipeEnded(Exception):
    """The other side is gone, or does not keep to the format."""


def send(descriptor: int, kind: Kind, content: bytes) -> None:
    """Writes one message, and blocks until it is taken.

    :raises PipeEnded: when nobody reads.
    """
    try:
        for part in (_HEADER.pack(kind, len(content)), content):
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise PipeEnded from error


def receive(descriptor: int) -> tuple[Kind, bytes]:
    """Reads one message, and blocks until it is there.

    :raises PipeEnded: when it ends before, is of no known kind, or too large.
    """
    number, length = _HEADER.unpack(_exactly(descriptor, _HEADER.size))
    if length > CONTENT_MAX:
        raise PipeEnded
    try:
        kind = Kind(number)
    except ValueError as error:
        raise PipeEnded from error
    return kind, _exactly(descriptor, length)


def _exactly(descriptor: int, size: int) -> bytes:
    # It grows with what comes, so that a length alone takes no memory.
    content = bytearray()
    while len(content) < size:
        try:
            part = os.read(descriptor, min(size - len(content), 1 << 20))
        except OSError as error:
            raise PipeEnded from error
        if not part:
            raise PipeEnded
        content += part
    return bytes(content)
