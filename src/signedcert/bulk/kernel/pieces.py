"""The payload of a certificate from the encodings of its entries.

What is put together here is what :func:`signedcert.codec.lower.lower` makes of the certificate,
byte for byte.
"""

from collections.abc import Mapping
from typing import NamedTuple

from signedcert.codec.cbor import encode
from signedcert.codec.lower import check_payload
from signedcert.codec.scan import ITEMS_MAX
from signedcert.model.certificate import Certificate
from signedcert.model.statement import BODY
from signedcert.workspace.ledger import StatusIndex

_FIELDS = Certificate.fields_by_label
LABELS: Mapping[str, int] = {field.name: field.number for field in _FIELDS}
#: The id ends the claims, and the place in a status list the body, so that both are put to the end.
_LAST_CLAIM = max(field.number for field in _FIELDS if field.in_claims)
_LAST_ENTRY = max(field.number for field in _FIELDS if not field.in_claims)
assert (LABELS["id"], LABELS["status"]) == (_LAST_CLAIM, _LAST_ENTRY)

_ID_SIZE = 10
_ID = encode(LABELS["id"]) + bytes((0x40 | _ID_SIZE,))
_STATUS = encode(LABELS["status"])
_BODY = encode(BODY)
#: Heads of maps of fewer than 24 entries (RFC 8949, section 3).
_MAPS = tuple(bytes((0xA0 | size,)) for size in range(24))


class Claims(NamedTuple):
    """The claims of certificates that differ in their ids alone.

    :ivar before_id: what comes before the id.
    :ivar undated: the same as far as it belongs to the content of a row: neither id nor moment.
    """

    before_id: bytes
    undated: bytes


class Pieces(NamedTuple):
    """A certificate but for its id and its place in a status list.

    :ivar claims: its claims.
    :ivar entries: how many entries its body has.
    :ivar body: their encodings, in order.
    """

    claims: Claims
    entries: int
    body: bytes

    def content(self) -> bytes:
        """The encoding of the certificate without id, moment of signing and place."""
        return self.claims.undated + _MAPS[self.entries] + self.body

    def payload(self, identifier: bytes, place: bytes) -> bytes:
        """The payload.

        :param place: what :func:`encoded_place` returned; empty where there is none.
        """
        size = _MAPS[self.entries + 1 if place else self.entries]
        return self.claims.before_id + identifier + _BODY + size + self.body + place


def pieces_of(claims: Mapping[int, bytes], body: Mapping[int, bytes]) -> Pieces:
    """The pieces of a certificate whose entries are encoded.

    :param claims: those of a certificate with whatever id.
    :param body: those of a certificate without a place in a status list.
    """
    return Pieces(claims_of(claims), len(body), b"".join(body.values()))


def claims_of(claims: Mapping[int, bytes]) -> Claims:
    """The claims of a certificate with whatever id."""
    dated = [entry for label, entry in claims.items() if label != LABELS["id"]]
    undated = [
        entry for label, entry in claims.items() if label not in (LABELS["id"], LABELS["issued_at"])
    ]
    return Claims(
        _MAPS[len(dated) + 2] + b"".join(dated) + _ID,
        _MAPS[len(undated) + 1] + b"".join(undated) + _BODY,
    )


def encoded_place(place: StatusIndex | None) -> bytes:
    """The entry of a place in a status list; nothing for None."""
    return b"" if place is None else _STATUS + encode([place.list, place.index])


def check_size(pieces: Pieces, longest_place: bytes) -> None:
    """Sees that verifiers take the payload, whatever its place in the run's lists.

    :raises EncodeError: when it is too long, or has too many items.
    """
    payload = pieces.payload(bytes(_ID_SIZE), longest_place)
    # An item takes a byte at least.
    if len(payload) > ITEMS_MAX:
        check_payload(payload, Certificate)
