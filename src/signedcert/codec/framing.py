"""The frame of a token: COSE_Sign1 (RFC 9052, section 4.2) with exactly one protected header.

Only bytes are put together and taken apart here. Signatures are made and checked in
:mod:`signedcert.crypto`.
"""

from collections.abc import Container
from typing import Any, NamedTuple, TypeGuard

from cbor2 import frozendict

from signedcert.codec.cbor import decode
from signedcert.errors import DecodeError, Reason
from signedcert.model.kinds import CERTIFICATE, MEDIA_TYPES
from signedcert.model.statement import PAYLOAD_MAX

#: COSE header labels (RFC 9052, section 3.1; RFC 9596) and the one algorithm (RFC 9864).
ALG, KID, TYP = 1, 4, 16
ED25519 = -19
_EDDSA = -8
KID_SIZE, SIGNATURE_SIZE = 8, 64
_NAMESPACE = "application/vnd.signedcert."

#: What a token may be longer than its payload: frame, header and signature take about 140 bytes.
FRAME_MAX = 256

#: Tag 18, an array of 4, and the head of a protected header shorter than 256 bytes.
_BEFORE_HEADER = bytes.fromhex("d28458")
_BEFORE_KID = bytes((0xA3, ALG, 0x20 | -1 - ED25519, KID, 0x40 | KID_SIZE))
_EMPTY_MAP = b"\xa0"
_BEFORE_SIGNATURE = bytes((0x58, SIGNATURE_SIZE))


class Frame(NamedTuple):
    """A token taken apart: nothing in it is verified.

    :ivar media_type: what the payload states (typ, RFC 9596).
    :ivar kid: 8 bytes, a hint which key to try.
    :ivar payload: 1 to 16,384 bytes.
    :ivar signature: 64 bytes.
    """

    media_type: str
    kid: bytes
    payload: bytes
    signature: bytes

    def to_be_signed(self) -> bytes:
        """The Sig_structure (RFC 9052, section 4.4), which is what the signature covers."""
        return sig_structure(protected_header(self.media_type, self.kid), self.payload)

    def to_bytes(self) -> bytes:
        """The token."""
        header = protected_header(self.media_type, self.kid)
        return b"".join(
            (
                _BEFORE_HEADER,
                bytes((len(header),)),
                header,
                _EMPTY_MAP,
                bytes_head(len(self.payload)),
                self.payload,
                _BEFORE_SIGNATURE,
                self.signature,
            )
        )


def protected_header(media_type: str, kid: bytes) -> bytes:
    """``{1: -19, 4: kid, 16: typ}``, encoded. Media types have 24 to 100 characters."""
    typ = media_type.encode()
    return b"%b%b\x10\x78%c%b" % (_BEFORE_KID, kid, len(typ), typ)


_HEADER = protected_header(CERTIFICATE, bytes(KID_SIZE))
_START = b"%b%c%b" % (_BEFORE_HEADER, len(_HEADER), _BEFORE_KID)
_KID_AT, _KID_END = len(_START), len(_START) + KID_SIZE
#: What stands between a certificate's kid and the head of its payload.
_AFTER_KID = _HEADER[len(_BEFORE_KID) + KID_SIZE :] + _EMPTY_MAP
_HEADER_END = _KID_END + len(_AFTER_KID)


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """``["Signature1", protected, h'', payload]``, encoded (RFC 9052, section 4.4)."""
    return b"\x84\x6aSignature1\x58%c%b\x40%b%b" % (
        len(protected),
        protected,
        bytes_head(len(payload)),
        payload,
    )


def bytes_head(length: int) -> bytes:
    """The shortest head of a byte string of fewer than 2**32 bytes (RFC 8949, section 3)."""
    if length < 24:
        return bytes((0x40 | length,))
    if length < 256:
        return b"\x58%c" % length
    return b"\x59" + length.to_bytes(2, "big") if length < 65536 else _long_head(length)


def _long_head(length: int) -> bytes:
    return b"\x5a" + length.to_bytes(4, "big")


def parse_document_frame(token: bytes, media_type: str, payload_max: int) -> Frame:
    """Takes a signed document of one kind apart: an issuer document, a handover, a bundle.

    :param payload_max: how long its payload may be, in bytes.
    :raises DecodeError: by docs/spec.md, section 11.1.
    """
    if not token:
        raise DecodeError(Reason.EMPTY_INPUT, "there is nothing to check")
    if len(token) > payload_max + FRAME_MAX:
        raise too_large("it", payload_max + FRAME_MAX)
    return _parse(token, (media_type,), payload_max)


def guess_certificate(token: bytes) -> Frame | None:
    """The frame of a certificate's token; None where it is none, or breaks a rule."""
    if not token.startswith(_START) or not token.startswith(_AFTER_KID, _KID_END):
        return None
    payload_end = len(token) - len(_BEFORE_SIGNATURE) - SIGNATURE_SIZE
    # The payload's head has 2 bytes or 3 where it is not tiny.
    start = _HEADER_END + (2 if token[_HEADER_END : _HEADER_END + 1] == b"\x58" else 3)
    payload = token[start:payload_end]
    # There is one encoding of a frame, so what stands around the payload has to be exactly this.
    if (
        not 0 < len(payload) <= PAYLOAD_MAX
        or token[_HEADER_END:start] != bytes_head(len(payload))
        or not token.startswith(_BEFORE_SIGNATURE, payload_end)
    ):
        return None
    return Frame(CERTIFICATE, token[_KID_AT:_KID_END], payload, token[-SIGNATURE_SIZE:])


def parts_of(token: bytes) -> tuple[bytes, Any, bytes, bytes]:
    """Protected and unprotected header, payload and signature of a COSE_Sign1.

    :param token: not empty.
    :raises DecodeError: by steps 3 to 6 of docs/spec.md, section 5.2.
    """
    if token[0] != _BEFORE_HEADER[0]:
        raise not_a_token()
    item = decode(token[1:])
    if not isinstance(item, tuple) or len(item) != 4:
        raise not_a_token()
    protected, unprotected, payload, signature = item
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise not_a_token()
    return protected, unprotected, payload, signature


def _parse(token: bytes, kinds: Container[str], payload_max: int) -> Frame:
    protected, unprotected, payload, signature = parts_of(token)
    kid, media_type = parse_header(protected, kinds)
    if not isinstance(unprotected, frozendict) or unprotected:
        raise DecodeError(Reason.UNPROTECTED_HEADER, "the unprotected header is not an empty map")
    if len(payload) > payload_max:
        raise too_large("a payload", payload_max)
    if not payload or len(signature) != SIGNATURE_SIZE:
        raise not_a_token()
    return Frame(media_type, kid, payload, signature)


def parse_header(protected: bytes, kinds: Container[str]) -> tuple[bytes, str]:
    """Kid and type of a protected header.

    :param kinds: the types that are expected.
    :raises DecodeError: by steps 7 to 16 of docs/spec.md, section 5.2.
    """
    header = decode(protected) if protected else frozendict()
    if not isinstance(header, frozendict):
        raise not_a_token()
    if ALG not in header:
        raise DecodeError(Reason.MISSING_HEADER, "the protected header has no algorithm")
    algorithm = header[ALG]
    if type(algorithm) is not int or algorithm == _EDDSA:
        raise DecodeError(Reason.WRONG_ALGORITHM, "the algorithm is not Ed25519 (-19, RFC 9864)")
    if KID not in header or TYP not in header:
        raise DecodeError(Reason.MISSING_HEADER, "the protected header lacks key id or type")
    kid, media_type = header[KID], header[TYP]
    # Only what says that it is ours gets the benefit of being newer than this version.
    if not _may_be_one_of(kinds, media_type):
        raise DecodeError(Reason.WRONG_TYPE, "the type is not one of those expected here")
    if algorithm != ED25519:
        raise DecodeError(Reason.NEWER_FORMAT, "this version does not know the algorithm")
    if len(header) != 3:
        raise DecodeError(Reason.EXTRA_HEADER, "the protected header has more than three entries")
    if not isinstance(kid, bytes) or len(kid) != KID_SIZE:
        raise not_a_token()
    if media_type not in kinds:
        raise DecodeError(Reason.NEWER_FORMAT, "this version does not know the kind of statement")
    return kid, media_type


def _may_be_one_of(kinds: Container[str], media_type: Any) -> TypeGuard[str]:
    """Whether it is of the family, and no kind that this version knows to be another."""
    return (
        isinstance(media_type, str)
        and media_type.startswith(_NAMESPACE)
        and (media_type in kinds or media_type not in MEDIA_TYPES)
    )


def too_large(what: str, most: int) -> DecodeError:
    """The error for what has more bytes than it may have."""
    return DecodeError(Reason.TOO_LARGE, f"{what} has at most {most} bytes")


def not_a_token() -> DecodeError:
    """The error for what is no token."""
    return DecodeError(
        Reason.NOT_A_TOKEN, "not a COSE_Sign1 token (tag 18, RFC 9052) of this profile"
    )
