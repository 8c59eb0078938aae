"""Strict, bounded inflation of raw DEFLATE (RFC 1951) with dictionary 1."""

import zlib

from signedcert.codec.dictionary import dictionary1
from signedcert.errors import DecodeError, Reason


def inflate(data: bytes, limit: int) -> bytes:
    """What a whole raw DEFLATE stream unpacks to, at most ``limit`` bytes of it.

    Never allocates more than the limit, whatever the stream claims.

    :raises DecodeError: with ``too_large`` beyond the limit; with ``damaged_compression`` for a
        malformed or truncated stream, or bytes after its final block.
    """
    stream = zlib.decompressobj(-zlib.MAX_WBITS, zdict=dictionary1())
    try:
        inflated = stream.decompress(data, limit + 1)
    except zlib.error as error:
        raise _damaged() from error
    if len(inflated) > limit:
        raise DecodeError(Reason.TOO_LARGE, f"it unpacks to more than {limit} bytes")
    if not stream.eof or stream.unused_data:
        raise _damaged()
    return inflated


def _damaged() -> DecodeError:
    return DecodeError(
        Reason.DAMAGED_COMPRESSION, "the compressed part is damaged, cut off or has bytes after it"
    )
