"""The frame of a token: COSE_Sign1 (RFC 9052, section 4.2) with exactly one protected header.

Only bytes are put together and taken apart here. Signatures are made and checked in
:mod:`signedcert.crypto`.
"""

from typing import Any, NamedTuple, TypeGuard

from cbor2 import frozendict

from signedcert.codec.cbor import decode
from signedcert.codec.lower import PAYLOAD_MAX
from signedcert.errors import DecodeError, Reason
from signedcert.model.kinds import DOCUMENTS, MODELS

#: COSE header labels (RFC 9052, section 3.1; RFC 9596) and the one algorithm (RFC 9864).
ALG, KID, TYP = 1, 4, 16
ED25519 = -19
_EDDSA = -8
KID_SIZE, SIGNATURE_SIZE = 8, 64
_NAMESPACE = "application/vnd.signedcert."

#: 256 bytes more than the longest payload: frame, header and signature take about 140.
TOKEN_MAX = PAYLOAD_MAX + 256

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


def sig_structure(protected: bytes, payload: bytes) -> bytes:
    """``["Signature1", protected, h'', payload]``, encoded (RFC 9052, section 4.4)."""
    return b"\x84\x6aSignature1\x58%c%b\x40%b%b" % (
        len(protected),
        protected,
        bytes_head(len(payload)),
        payload,
    )


def bytes_head(length: int) -> bytes:
    """The shortest head of a byte string of fewer than 65,536 bytes."""
    if length < 24:
        return bytes((0x40 | length,))
    return b"\x58%c" % length if length < 256 else b"\x59" + length.to_bytes(2, "big")


def parse_frame(token: bytes) -> Frame:
    """Takes a token apart.

    :raises DecodeError: naming the first of the frame's rules that the token breaks, in the order
        of docs/spec.md, section 5.2.
    """
    if not token:
        raise DecodeError(Reason.EMPTY_INPUT, "there is nothing to check")
    if len(token) > TOKEN_MAX:
        raise DecodeError(Reason.TOO_LARGE, f"a token has at most {TOKEN_MAX} bytes")
    frame = _guess(token)
    # There is one encoding of a frame, so a guess that encodes to the token is right.
    return frame if frame is not None and frame.to_bytes() == token else _parse(token)


def _guess(token: bytes) -> Frame | None:
    """The frame of a well-formed token, by position. The caller confirms it."""
    header_end = 4 + token[3] if len(token) > 4 else 0
    payload_end = len(token) - len(_BEFORE_SIGNATURE) - SIGNATURE_SIZE
    media_type = token[20:header_end].decode("ascii", "replace")
    if media_type not in MODELS:
        return None
    # After the empty map and the payload's head, which has 2 bytes or 3 where it is not tiny.
    start = header_end + (3 if token[header_end + 1 : header_end + 2] == b"\x58" else 4)
    payload = token[start:payload_end]
    if not 0 < len(payload) <= PAYLOAD_MAX:
        return None
    return Frame(media_type, token[9:17], payload, token[-SIGNATURE_SIZE:])


def _parse(token: bytes) -> Frame:
    if token[0] != _BEFORE_HEADER[0]:
        raise _not_a_token()
    item = decode(token[1:])
    if not isinstance(item, tuple) or len(item) != 4:
        raise _not_a_token()
    protected, unprotected, payload, signature = item
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        raise _not_a_token()
    kid, media_type = _parse_header(protected)
    if not isinstance(unprotected, frozendict) or unprotected:
        raise DecodeError(Reason.UNPROTECTED_HEADER, "the unprotected header is not an empty map")
    if len(payload) > PAYLOAD_MAX:
        raise DecodeError(Reason.TOO_LARGE, f"a payload has at most {PAYLOAD_MAX} bytes")
    if not payload or len(signature) != SIGNATURE_SIZE:
        raise _not_a_token()
    return Frame(media_type, kid, payload, signature)


def _parse_header(protected: bytes) -> tuple[bytes, str]:
    header = decode(protected) if protected else frozendict()
    if not isinstance(header, frozendict):
        raise _not_a_token()
    if ALG not in header:
        raise DecodeError(Reason.MISSING_HEADER, "the protected header has no algorithm")
    algorithm = header[ALG]
    if type(algorithm) is not int or algorithm == _EDDSA:
        raise DecodeError(Reason.WRONG_ALGORITHM, "the algorithm is not Ed25519 (-19, RFC 9864)")
    if KID not in header or TYP not in header:
        raise DecodeError(Reason.MISSING_HEADER, "the protected header lacks key id or type")
    kid, media_type = header[KID], header[TYP]
    # Only what says that it is ours gets the benefit of being newer than this version.
    if not _is_statement(media_type):
        raise DecodeError(Reason.WRONG_TYPE, "the type is not that of a certificate or record")
    if algorithm != ED25519:
        raise DecodeError(Reason.NEWER_FORMAT, "this version does not know the algorithm")
    if len(header) != 3:
        raise DecodeError(Reason.EXTRA_HEADER, "the protected header has more than three entries")
    if not isinstance(kid, bytes) or len(kid) != KID_SIZE:
        raise _not_a_token()
    if media_type not in MODELS:
        raise DecodeError(Reason.NEWER_FORMAT, "this version does not know the kind of statement")
    return kid, media_type


def _is_statement(media_type: Any) -> TypeGuard[str]:
    return (
        isinstance(media_type, str)
        and media_type.startswith(_NAMESPACE)
        and media_type not in DOCUMENTS
    )


def _not_a_token() -> DecodeError:
    return DecodeError(
        Reason.NOT_A_TOKEN, "not a COSE_Sign1 token (tag 18, RFC 9052) of this profile"
    )
