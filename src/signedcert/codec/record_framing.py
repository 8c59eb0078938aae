"""The frames of course records and shares: a closed profile of draft-ietf-spice-sd-cwt-09.

A record is the COSE_Sign1 of an SD-CWT, whose unprotected header holds the disclosures. A share is
a key-binding token, the COSE_Sign1 that has such a record in its protected header.
"""

from typing import NamedTuple

from signedcert.codec.framing import (
    FRAME_MAX,
    Frame,
    bytes_head,
    protected_header,
    sig_structure,
)

#: Header labels of the draft: the disclosures (sd_claims), and the record in a share (kcwt).
SD_CLAIMS, KCWT = 17, 13
RECORD_MAX = 40_960
SHARE_MAX = RECORD_MAX + FRAME_MAX
DISCLOSURE_MAX, DISCLOSURES_MAX = 16_384, 512
SHARE_PAYLOAD_MAX = 2048

_EMPTY_MAP, _WITH_DISCLOSURES = b"\xa0", bytes((0xA1, SD_CLAIMS))
_BEFORE_SIGNATURE = b"\x58\x40"
#: A share's protected header ``{1: -19, 13: record, 16: 294}`` before and after the record.
BEFORE_RECORD, AFTER_RECORD = bytes.fromhex("a301320d"), bytes.fromhex("10190126")
_SIGN1 = b"\xd2\x84"


class RecordFrame(NamedTuple):
    """The token of a course record taken apart: nothing in it is verified.

    :ivar signed: what the issuer's signature covers, with that signature.
    :ivar disclosures: what the token reveals: byte strings, each with its head, ascending. So they
        are hashed.
    """

    signed: Frame
    disclosures: tuple[bytes, ...]

    def to_bytes(self) -> bytes:
        """The token."""
        signed = self.signed
        header = protected_header(signed.media_type, signed.kid)
        unprotected = _EMPTY_MAP
        if self.disclosures:
            listed = b"".join(self.disclosures)
            unprotected = _WITH_DISCLOSURES + array_head(len(self.disclosures)) + listed
        return b"".join(
            (
                _SIGN1,
                bytes_head(len(header)),
                header,
                unprotected,
                bytes_head(len(signed.payload)),
                signed.payload,
                _BEFORE_SIGNATURE,
                signed.signature,
            )
        )


class ShareFrame(NamedTuple):
    """The token of a share taken apart: nothing in it is verified.

    :ivar record: the course record, with the disclosures that the learner chose.
    :ivar protected: the protected header, which has the record in it.
    :ivar payload: what the learner states: 1 to 2,048 bytes.
    :ivar signature: the learner's, 64 bytes.
    """

    record: RecordFrame
    protected: bytes
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> Frame:
        """What the issuer signed."""
        return self.record.signed

    def to_be_signed(self) -> bytes:
        """The Sig_structure (RFC 9052, section 4.4), which the learner's signature covers."""
        return share_sig_structure(self.protected, self.payload)

    def to_bytes(self) -> bytes:
        """The token."""
        return b"".join(
            (
                _SIGN1,
                bytes_head(len(self.protected)),
                self.protected,
                _EMPTY_MAP,
                bytes_head(len(self.payload)),
                self.payload,
                _BEFORE_SIGNATURE,
                self.signature,
            )
        )


def share_header(record: bytes) -> bytes:
    """The protected header of a share of a record: ``{1: -19, 13: record, 16: 294}``."""
    return BEFORE_RECORD + record + AFTER_RECORD


def share_sig_structure(protected: bytes, payload: bytes) -> bytes:
    """``["Signature1", protected, h'', payload]``, encoded, for a header of any length."""
    if len(protected) < 256:
        return sig_structure(protected, payload)
    return b"\x84\x6aSignature1%b%b\x40%b%b" % (
        bytes_head(len(protected)),
        protected,
        bytes_head(len(payload)),
        payload,
    )


def array_head(length: int) -> bytes:
    """The shortest head of an array of fewer than 65,536 items (RFC 8949, section 3)."""
    if length < 24:
        return bytes((0x80 | length,))
    return b"\x98%c" % length if length < 256 else b"\x99" + length.to_bytes(2, "big")
