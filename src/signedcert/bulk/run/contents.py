"""What a certificate says, whenever it was issued and wherever its status is: what rows repeat."""

from typing import Any

from pydantic import BaseModel

from signedcert.bulk.kernel.pieces import Pieces, pieces_of
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.codec.lift import lift
from signedcert.codec.lower import encoded_entries
from signedcert.errors import DecodeError, Reason
from signedcert.model.certificate import Certificate

_ID = bytes(10)
#: Fields that the run gives, and not the row.
_GIVEN = frozenset({"id", "issued_at", "status"})
_NAMED_MAX = 5


def certificate_in(token: bytes) -> Certificate:
    """The certificate of a token from the workspace's own ledger.

    :raises DecodeError: when it is none.
    """
    frame = parse_frame(token)
    if not isinstance(frame, Frame) or frame.media_type != Certificate.media_type:
        raise DecodeError(Reason.WRONG_TYPE, "the token is no certificate's")
    return lift(frame.payload, Certificate)


def certificate_of(pieces: Pieces) -> Certificate:
    """The certificate of a prepared row, with whatever id."""
    return lift(pieces.payload(_ID, b""), Certificate)


def content_of(certificate: Certificate) -> bytes:
    """What ids of rows without a key are made of; equal where two certificates say the same."""
    plain = certificate.model_copy(update={"status": None})
    return pieces_of(*encoded_entries(plain)).content()


def differing(one: Certificate, other: Certificate) -> str:
    """The names of the fields that two certificates say different things in."""
    names = [
        name
        for field in Certificate.model_fields
        if field not in _GIVEN
        for name in _differing(field, getattr(one, field), getattr(other, field))
    ]
    more = "" if len(names) <= _NAMED_MAX else f" and {len(names) - _NAMED_MAX} more"
    return ", ".join(names[:_NAMED_MAX]) + more


def _differing(name: str, one: Any, other: Any) -> list[str]:
    if one == other:
        return []
    if type(one) is type(other) and isinstance(one, BaseModel):
        return [
            found
            for field in type(one).model_fields
            for found in _differing(f"{name}.{field}", getattr(one, field), getattr(other, field))
        ]
    return [name]
