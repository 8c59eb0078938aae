"""The packed form of a token, for links and QR codes (docs/spec.md, section 7)."""

import zlib
from collections.abc import Callable
from functools import cache

from signedcert.codec.dictionary import dictionary1
from signedcert.codec.frames import AnyFrame, parse_frame
from signedcert.codec.framing import KID_SIZE, SIGNATURE_SIZE, Frame
from signedcert.codec.inflate import inflate
from signedcert.codec.record_framing import SHARE_MAX
from signedcert.errors import DecodeError, Reason
from signedcert.model.certificate import Certificate
from signedcert.model.statement import PAYLOAD_MAX

#: A certificate, whose frame the receiver rebuilds; any other token, whole; and the secret of a
#: sealed share, whose token is in a file.
CERTIFICATE_FORM, TOKEN_FORM, SEALED_FORM = 1, 2, 4
SECRET_SIZE = 32
#: Format bytes that later versions may use. All others never begin a packed token.
_LATER_FORMS = range(3, 16)
_PAYLOAD_START = 1 + KID_SIZE + SIGNATURE_SIZE
#: Longer than any packed token: DEFLATE adds at most 5 bytes for each block of 65,535.
PACKED_MAX = SHARE_MAX + 16


def pack(token: bytes) -> bytes:
    """The packed form of a token, made fast, by zlib.

    :raises DecodeError: when it is not a token of this profile.
    """
    return _pack(token, _deflate)


def pack_smallest(token: bytes) -> bytes:
    """The packed form of a token, made as small as we can: some milliseconds, for QR codes.

    It unpacks to the same token as that of :func:`pack`.

    :raises DecodeError: when it is not a token of this profile.
    """
    from signedcert.codec.deflate import deflate_smallest  # here: most processes make no QR code

    return _pack(token, lambda data: deflate_smallest(data, dictionary1()))


def unpack(packed: bytes) -> bytes:
    """The token of a packed form, byte for byte what was packed.

    :raises DecodeError: naming the rule that the packed form breaks (spec, section 7).
    """
    return unpack_frame(packed).to_bytes()


def unpack_frame(packed: bytes) -> AnyFrame:
    """Like :func:`unpack`, taken apart. Nothing in it is verified."""
    if not packed:
        raise DecodeError(Reason.EMPTY_INPUT, "there is nothing to check")
    if len(packed) > PACKED_MAX:
        raise DecodeError(Reason.TOO_LARGE, f"a packed token has at most {PACKED_MAX} bytes")
    form = packed[0]
    if form == CERTIFICATE_FORM:
        return Frame(
            Certificate.media_type,
            packed[1 : 1 + KID_SIZE],
            _payload(packed),
            packed[1 + KID_SIZE : _PAYLOAD_START],
        )
    if form == TOKEN_FORM:
        frame = parse_frame(inflate(packed[1:], SHARE_MAX))
        if isinstance(frame, Frame):
            raise DecodeError(Reason.WRONG_PACKING, "a certificate is packed in form 01 alone")
        return frame
    if form == SEALED_FORM:
        check_sealed(packed)
        raise DecodeError(
            Reason.SEALED_FILE_MISSING, "this link opens a sealed share, whose file is needed"
        )
    if form in _LATER_FORMS:
        raise DecodeError(Reason.NEWER_FORMAT, f"this version does not know format {form:02d}")
    raise DecodeError(Reason.UNKNOWN_FORMAT, "this is not a signedcert link or code")


def check_secret(secret: bytes) -> None:
    """Sees that it can be the secret of a sealed share.

    :raises ValueError: when it has not 32 bytes.
    """
    if not isinstance(secret, bytes) or len(secret) != SECRET_SIZE:
        raise ValueError(f"the secret of a sealed share has {SECRET_SIZE} bytes")


def check_sealed(packed: bytes) -> None:
    """Sees that this is the packed form of a sealed share: the form's number and a secret.

    :raises DecodeError: when it is not.
    """
    if packed[:1] != bytes((SEALED_FORM,)):
        raise DecodeError(Reason.UNKNOWN_FORMAT, "this is not the link of a sealed share")
    if len(packed) != 1 + SECRET_SIZE:
        raise DecodeError(
            Reason.DAMAGED_TEXT, "the link of the sealed share is cut off, or has too much in it"
        )


def _payload(packed: bytes) -> bytes:
    if len(packed) <= _PAYLOAD_START:
        raise DecodeError(Reason.DAMAGED_COMPRESSION, "the link or code is cut off")
    payload = inflate(packed[_PAYLOAD_START:], PAYLOAD_MAX)
    if not payload:
        raise DecodeError(Reason.NOT_A_TOKEN, "the packed certificate has no payload")
    return payload


def _pack(token: bytes, deflate: Callable[[bytes], bytes]) -> bytes:
    if not isinstance(token, bytes):
        raise TypeError("token must be bytes")
    frame = parse_frame(token)
    if isinstance(frame, Frame):
        form = bytes((CERTIFICATE_FORM,))
        return form + frame.kid + frame.signature + deflate(frame.payload)
    return bytes((TOKEN_FORM,)) + deflate(token)


def _deflate(data: bytes) -> bytes:
    stream = _primed().copy()
    return stream.compress(data) + stream.flush()


@cache
def _primed() -> "zlib._Compress":
    """A stream that has taken in the dictionary, to be copied: that halves the time."""
    return zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=dictionary1())
