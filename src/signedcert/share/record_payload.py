"""The payload of a course record: what is visible, and the digests of what may be withheld.

It is the payload of a statement (docs/spec.md, section 6) but for one entry: the body has the key
``simple(59)``, under which the digests stand (docs/spec.md, section 15.2).
"""

from typing import Any, Final, NamedTuple

from cbor2 import CBORSimpleValue

from signedcert.codec.cbor import encode, encoded_length, head_length, not_deterministic, parse
from signedcert.codec.diagnose import Diagnosis, diagnose_claims
from signedcert.codec.lift import Refused, lifter
from signedcert.codec.lower import check_payload, entries_of
from signedcert.codec.scan import SMALL
from signedcert.errors import DecodeError, Reason
from signedcert.model.code import code_from_id
from signedcert.model.issued_record import VisibleRecord
from signedcert.model.statement import BODY
from signedcert.share.digests import DIGEST_SIZE

#: How many redacted entries the body of a record has: as many as there are fields that may be
#: withheld, each of them or a decoy in its place.
REDACTED_ENTRIES = 4
#: As many as a verifier puts up with: later versions may have more such fields.
_REDACTED_MAX = 64
_REDACTED: Final = CBORSimpleValue(59)
_NUMBERS = {field.name: field.number for field in VisibleRecord.fields_by_label}
_SUBJECT_AND_ID: Final = (_NUMBERS["subject"], _NUMBERS["id"])
_ID_SIZE: Final = 10
#: Of the key, ``f8 3b``.
_KEY_LENGTH = 2


class SignedRecord(NamedTuple):
    """What the issuer signed.

    :ivar visible: what everybody sees.
    :ivar redacted: the digests of the entries that may be withheld, ascending.
    """

    visible: VisibleRecord
    redacted: tuple[bytes, ...]


def lift_payload(payload: bytes) -> SignedRecord:
    """What the payload of a record encodes; its signature must have been verified before.

    :raises DecodeError: with ``not_deterministic``, ``schema_violation``, ``unknown_field`` or
        ``unknown_value`` (spec, section 15.2).
    """
    try:
        value = parse(payload, unseen=SMALL)
        redacted, length = _taken(value)
        visible, rest = lifter(VisibleRecord)(value)
        if (
            rest + length == len(payload)
            and _are_digests(redacted)
            and not visible.ends_before_it_begins
            and visible.subject == visible.code
        ):
            return SignedRecord(visible, tuple(redacted))
    except (Refused, DecodeError):
        pass
    raise _diagnosed(payload).error()


def lower_payload(record: SignedRecord) -> bytes:
    """The payload of a record.

    :raises EncodeError: when it is longer than 16 KiB.
    """
    entries = entries_of(record.visible)
    entries[BODY][_REDACTED] = list(record.redacted)
    payload = encode(entries)
    check_payload(payload, record.visible)
    return payload


def _taken(value: Any) -> tuple[Any, int]:
    """What stands under simple(59), taken out of the body, and by how much that shortened it.

    In encoded order, that key stands behind all others.
    """
    body = value.get(BODY) if value.__class__ is dict else None
    if body.__class__ is not dict or not body:
        raise Refused
    key, redacted = body.popitem()
    # To Python, a simple value equals its number.
    if key.__class__ is not CBORSimpleValue or key.value != _REDACTED.value:
        raise Refused
    head = head_length(len(body) + 1) - head_length(len(body))
    return redacted, head + _KEY_LENGTH + encoded_length(redacted)


def _are_digests(redacted: Any) -> bool:
    return (
        redacted.__class__ is list
        and REDACTED_ENTRIES <= len(redacted) <= _REDACTED_MAX
        and {*map(type, redacted)} == {bytes}
        and {*map(len, redacted)} == {DIGEST_SIZE}
        and sorted(set(redacted)) == redacted
    )


def _diagnosed(payload: bytes) -> Diagnosis:
    value = parse(payload)
    try:
        redacted, length = _taken(value)
    except Refused:
        value = parse(payload)  # as it was
        redacted, length = None, 0
    # Simple values and keys that are none of ours are refused here.
    if encoded_length(value) + length != len(payload):
        raise not_deterministic()
    found = diagnose_claims(value, VisibleRecord)
    if not _are_digests(redacted):
        expected = f"expected {REDACTED_ENTRIES} to {_REDACTED_MAX} digests, ascending"
        found.add(Reason.SCHEMA_VIOLATION, "simple(59)", expected)
    if not _names_its_id(value):
        found.add(Reason.SCHEMA_VIOLATION, "subject", "expected the printed code of the id")
    return found


def _names_its_id(claims: Any) -> bool:
    """Whether the subject is the id once more; True where one of them is no such thing."""
    if not isinstance(claims, dict):
        return True
    subject, identifier = (claims.get(number) for number in _SUBJECT_AND_ID)
    if type(subject) is not str or type(identifier) is not bytes or len(identifier) != _ID_SIZE:
        return True
    return subject == code_from_id(identifier)
