"""What a share reveals of a record, at the speed of the digests.

Everything that is revealed is decoded in one go. What is anyhow out of the ordinary goes to
:mod:`signedcert.share.reading`, which names the fault, or finds that there is none.
"""

from hashlib import sha256
from typing import Any, NamedTuple

from signedcert.codec.cbor import parse
from signedcert.codec.lift import Refused, lifter
from signedcert.codec.record_framing import array_head
from signedcert.codec.scan import SMALL
from signedcert.errors import DecodeError
from signedcert.model.additional import NOTHING_ADDITIONAL, FrozenMap
from signedcert.share.disclosures import (
    DECOY_SIZE,
    DECOY_START,
    ENTRY,
    ROW,
    VALUE_AT,
    content_at,
    listed,
)
from signedcert.share.fields import WITHHOLDABLE
from signedcert.share.reading import Reading, read
from signedcert.share.record_payload import SignedRecord
from signedcert.share.withheld import WITHHELD

_PLAIN = {label: field for label, field in WITHHOLDABLE.items() if not field.is_list}
_LISTS = {label: field for label, field in WITHHOLDABLE.items() if field.is_list}


class Revealed(NamedTuple):
    """The fields that may be withheld, as far as a share reveals them.

    :ivar values: by field name: what it holds, WITHHELD, or None (no rows: an empty tuple) where it
        is revealed that there is nothing. Rows that are withheld are WITHHELD in their place.
    :ivar additional: entries that this version does not know.
    :ivar hidden: whether an entry, or a decoy in its place, is not revealed.
    """

    values: dict[str, Any]
    additional: FrozenMap
    hidden: bool


def reveal(record: SignedRecord, disclosures: tuple[bytes, ...]) -> Revealed:
    """What the disclosures reveal of a record.

    :param record: its payload, whose signature was verified.
    :raises DecodeError: as :func:`signedcert.share.reading.read` does.
    """
    try:
        found = _fast(record.redacted, disclosures)
    except (Refused, DecodeError):
        found = None
    return found if found is not None else _of_reading(read(record, disclosures))


def _fast(redacted: tuple[bytes, ...], disclosures: tuple[bytes, ...]) -> Revealed | None:
    left = {sha256(each).digest(): each for each in disclosures}
    pieces: list[bytes] = []
    models: list[Any] = []
    values: dict[str, Any] = {}
    lists: list[tuple[str, list[Any]]] = []
    count, distinct = len(redacted), set(redacted)
    hidden = False
    for digest in redacted:
        disclosure = left.pop(digest, None)
        if disclosure is None:
            hidden = True
            continue
        if disclosure.startswith(DECOY_START) and len(disclosure) == DECOY_SIZE:
            continue
        start = content_at(disclosure)
        field = WITHHOLDABLE.get(disclosure[-1])
        if field is None or field.name in values or not disclosure.startswith(ENTRY, start):
            return None
        if field.rows == 0:
            values[field.name] = len(pieces)
            pieces.append(disclosure[start + VALUE_AT : -1])
            models.append(field.model)
            continue
        digests = listed(disclosure)
        if digests is None:
            return None
        count += len(digests)
        distinct.update(digests)
        rows: list[Any] = []
        for each in digests:
            content = left.pop(each, None)
            if content is None:
                rows.append(WITHHELD)
            elif content.startswith(ROW, start := content_at(content)):
                rows.append(len(pieces))
                pieces.append(content[start + VALUE_AT :])
                models.append(field.model)
            elif not content.startswith(DECOY_START) or len(content) != DECOY_SIZE:
                return None
        if len(rows) - rows.count(WITHHELD) > field.rows_max:
            return None
        values[field.name] = None
        lists.append((field.name, rows))
    if left or len(distinct) != count:
        return None
    lifted = _lifted(pieces, models)
    if lifted is None:
        return None
    for name, place in values.items():
        if place is not None:
            values[name] = lifted[place]
    for name, rows in lists:
        values[name] = tuple([lifted[each] if each.__class__ is int else each for each in rows])
    return Revealed(_completed(values, hidden=hidden), NOTHING_ADDITIONAL, hidden)


def _lifted(pieces: list[bytes], models: list[Any]) -> list[Any] | None:
    """The values of all pieces; None unless each piece is exactly one value."""
    # Larger ones are looked at before they are decoded.
    if not pieces or max(map(len, pieces)) > SMALL:
        return None if pieces else []
    whole = array_head(len(pieces)) + b"".join(pieces)
    found = []
    for value, model, piece in zip(parse(whole, unseen=len(whole)), models, pieces, strict=True):
        lifted, length = lifter(model)(value)
        # Where one is longer than its piece, the next ones are not theirs: some length differs.
        if length != len(piece):
            return None
        found.append(lifted)
    return found


def _of_reading(reading: Reading) -> Revealed:
    values: dict[str, Any] = {}
    for label, entry in reading.entries.items():
        field = WITHHOLDABLE[label]
        values[field.name] = entry.value
        if field.is_list:
            values[field.name] = tuple(
                WITHHELD if row.disclosure is None else row.value
                for row in entry.rows
                if row.disclosure is None or row.value is not None
            )
    hidden = reading.hidden > 0
    return Revealed(_completed(values, hidden=hidden), reading.additional, hidden)


def _completed(values: dict[str, Any], *, hidden: bool) -> dict[str, Any]:
    """Every field, those that are not revealed included."""
    for field in _PLAIN.values():
        values.setdefault(field.name, WITHHELD if hidden else None)
    for field in _LISTS.values():
        values.setdefault(field.name, WITHHELD if hidden else ())
    return values
