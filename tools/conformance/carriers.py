"""Packed forms and the texts that carry them, right and wrong (docs/spec.md, sections 7 and 8)."""

import zlib
from base64 import urlsafe_b64encode
from pathlib import Path

from cbor_oracle import dumps
from conformance.tokens import SIGNER, claims, header, to_be_signed
from signedcert import SoftwareSigner

PAGE = "https://learn.example.edu/c/"
DICTIONARY = (
    Path(__file__).parents[2] / "src" / "signedcert" / "codec" / "dictionary1.bin"
).read_bytes()
PAYLOAD = dumps(claims())
#: How many digits a group of so many bytes has.
_DIGITS = (0, 3, 5, 8, 10, 13, 15, 17)


def base64url(data: bytes) -> str:
    """RFC 4648, section 5, without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def digits(data: bytes) -> str:
    """Groups of seven bytes as decimal numbers."""
    groups = (data[at : at + 7] for at in range(0, len(data), 7))
    return "".join(f"{int.from_bytes(each, 'big'):0{_DIGITS[len(each)]}}" for each in groups)


def deflated(data: bytes) -> bytes:
    """A DEFLATE stream with dictionary 1, as zlib makes it."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=DICTIONARY)
    return stream.compress(data) + stream.flush()


def form1_of(stream: bytes, payload: bytes = PAYLOAD, signer: SoftwareSigner = SIGNER) -> bytes:
    """Form 01 around any stream, signed over the payload that should come out."""
    signature = signer.sign(to_be_signed(dumps(header(signer)), payload))
    return b"\x01" + signer.public_key.kid + signature + stream


def form1(payload: bytes = PAYLOAD) -> bytes:
    """A certificate in form 01."""
    return form1_of(deflated(payload), payload)


def form2(token: bytes) -> bytes:
    """Any token in form 02."""
    return b"\x02" + deflated(token)


def link(packed: bytes, page: str = PAGE) -> str:
    """The link of a packed form."""
    return f"{page}#{base64url(packed)}"


def carried(token: bytes) -> str | bytes:
    """A token as it is; one that is long and mostly zeros, in a link."""
    return link(form2(token)) if 4_000 < len(token) <= 41_216 else token
