"""Disclosures matched with the digests of a record: each looked at by itself, every fault named.

Slow and plain where :mod:`signedcert.share.revealing` is fast and mute. It runs for whoever holds a
record, and for verifiers only where that one refused something.
"""

from typing import Any, NamedTuple

from signedcert.codec.cbor import decode, parse
from signedcert.codec.diagnose import Diagnosis, diagnose_part, has_refused_text
from signedcert.codec.lift import lifter
from signedcert.errors import DecodeError, Reason
from signedcert.model.additional import FIRST_ADDITIONAL, FrozenMap, frozen
from signedcert.model.issued_record import VisibleRecord
from signedcert.model.labelled import Labelled
from signedcert.share.digests import redacted_claim_hash
from signedcert.share.disclosures import (
    DECOY_SIZE,
    DECOY_START,
    ENTRY,
    ROW,
    SALT_SIZE,
    content_at,
    listed,
)
from signedcert.share.fields import WITHHOLDABLE, Withholdable
from signedcert.share.record_payload import SignedRecord

#: Longer ones are refused, but for those that hold the digests of a list.
VALUE_DISCLOSURE_MAX = 4096
_ALWAYS_VISIBLE = frozenset(
    field.number for field in VisibleRecord.fields_by_label if not field.in_claims
)


class Row(NamedTuple):
    """One row of a list.

    :ivar disclosure: what reveals it; None where it is withheld.
    :ivar value: what it holds; None where it is withheld or a decoy.
    """

    disclosure: bytes | None
    value: Labelled | None


class Entry(NamedTuple):
    """An entry of the body that is revealed.

    :ivar disclosure: what reveals it.
    :ivar value: what it holds; None for a list.
    :ivar rows: the rows of a list, in order, decoys among them.
    """

    disclosure: bytes
    value: Labelled | None
    rows: tuple[Row, ...]


class Reading(NamedTuple):
    """What disclosures reveal.

    :ivar entries: by label.
    :ivar decoys: the disclosures of entries that are none.
    :ivar hidden: how many entries of the body are not revealed, decoys or not.
    :ivar additional: entries that this version does not know, as they were signed.
    """

    entries: dict[int, Entry]
    decoys: tuple[bytes, ...]
    hidden: int
    additional: FrozenMap


def read(record: SignedRecord, disclosures: tuple[bytes, ...]) -> Reading:
    """What the disclosures reveal of a record.

    :param record: its payload, whose signature was verified.
    :param disclosures: each once.
    :raises DecodeError: the first of ``schema_violation``, ``disclosure_mismatch``,
        ``unknown_field`` and ``unknown_value`` that applies to any of them (spec, section 15.5).
    """
    return _Reader(record, disclosures).read()


class _Reader:
    def __init__(self, record: SignedRecord, disclosures: tuple[bytes, ...]) -> None:
        self._left = {redacted_claim_hash(each): each for each in disclosures}
        self._redacted = record.redacted
        self._digests = set(record.redacted)
        self._visible = _ALWAYS_VISIBLE | record.visible.additional.keys()
        self._labels: set[int] = set()
        self._found = Diagnosis()

    def read(self) -> Reading:
        entries: dict[int, Entry] = {}
        additional: dict[int, Any] = {}
        decoys: list[bytes] = []
        hidden = 0
        for digest in self._redacted:
            disclosure = self._left.pop(digest, None)
            if disclosure is None:
                hidden += 1
            elif _is_decoy(disclosure):
                decoys.append(disclosure)
            else:
                self._entry(disclosure, entries, additional)
        self._raise_fault()
        kept = FrozenMap({label: frozen(additional[label]) for label in sorted(additional)})
        return Reading(entries, tuple(decoys), hidden, kept)

    def _raise_fault(self) -> None:
        faults = self._found.faults
        violated = any(reason is Reason.SCHEMA_VIOLATION for reason, *_ in faults)
        if self._left and not violated:
            raise DecodeError(
                Reason.DISCLOSURE_MISMATCH,
                "something is disclosed that the issuer did not sign as part of this record",
            )
        if faults:
            raise self._found.error()

    def _entry(
        self, disclosure: bytes, entries: dict[int, Entry], additional: dict[int, Any]
    ) -> None:
        label, value = self._label_and_value(disclosure)
        if label is None:
            return
        if label in self._labels or label in self._visible:
            self._violation(f"label {label}", "it stands in the record twice")
            return
        self._labels.add(label)
        if label in WITHHOLDABLE:
            field = WITHHOLDABLE[label]
            if field.is_list:
                entries[label] = Entry(disclosure, None, self._rows(disclosure, field))
            else:
                entries[label] = Entry(disclosure, self._part(value, field.model, field.name), ())
        elif label < FIRST_ADDITIONAL:
            self._found.add(
                Reason.UNKNOWN_FIELD, "body", f"this version does not know label {label}"
            )
        elif has_refused_text(value):
            self._violation(f"[{label}]", "a text has a refused character")
        else:
            additional[label] = value

    def _label_and_value(self, disclosure: bytes) -> tuple[int | None, Any]:
        """What an entry's disclosure says; no label where it is faulty."""
        last = disclosure[-1]
        field = WITHHOLDABLE.get(last)
        if field is not None and field.is_list and listed_in(disclosure) is not None:
            return last, None
        value = self._decoded(disclosure, ENTRY, 3)
        if value is None:
            return None, None
        _, content, label = value
        if type(label) is not int:
            self._violation("body", "expected an integer as the label of what is disclosed")
            return None, None
        if label in WITHHOLDABLE and WITHHOLDABLE[label].is_list:
            self._violation(WITHHOLDABLE[label].name, "expected the digests of its rows")
            return None, None
        return label, content

    def _rows(self, disclosure: bytes, field: Withholdable) -> tuple[Row, ...]:
        rows = []
        for place, digest in enumerate(listed_in(disclosure) or ()):
            path = f"{field.name}[{place}]"
            if digest in self._digests:
                self._violation(path, "its digest stands twice in the record")
            self._digests.add(digest)
            content = self._left.pop(digest, None)
            if content is None or _is_decoy(content):
                rows.append(Row(content, None))
                continue
            value = self._decoded(content, ROW, 2)
            part = None if value is None else self._part(value[1], field.model, path)
            rows.append(Row(content, part))
        # Faulty ones count as well.
        shown = (row.disclosure for row in rows if row.disclosure is not None)
        if sum(not _is_decoy(each) for each in shown) > field.rows_max:
            self._violation(field.name, f"expected at most {field.rows_max} rows")
        return tuple(rows)

    def _decoded(self, disclosure: bytes, head: bytes, size: int) -> tuple[Any, ...] | None:
        """The items of a disclosure that has to be an array of so many, salt first."""
        value = None
        content = disclosure[content_at(disclosure) :]
        if content.startswith(head) and len(content) <= VALUE_DISCLOSURE_MAX:
            try:
                decode(content)
                value = parse(content)
            except DecodeError:
                value = None
        if value is None or len(value) != size or len(value[0]) != SALT_SIZE:
            self._violation("disclosure", "expected an array of a salt of 16 bytes and a value")
            return None
        return tuple(value)

    def _part(self, value: Any, model: type[Labelled], path: str) -> Labelled | None:
        found = diagnose_part(value, model, path)
        self._found.faults += found.faults
        if found.faults:
            return None
        lifted, _ = lifter(model)(value)
        return lifted  # type: ignore[no-any-return]  # what the generated code made

    def _violation(self, path: str, expected: str) -> None:
        self._found.add(Reason.SCHEMA_VIOLATION, path, expected)


def listed_in(disclosure: bytes) -> list[bytes] | None:
    """The digests of the rows of a list that a disclosure reveals; None where it reveals none."""
    is_entry = disclosure.startswith(ENTRY, content_at(disclosure))
    return listed(disclosure) if is_entry else None


def _is_decoy(disclosure: bytes) -> bool:
    return disclosure.startswith(DECOY_START) and len(disclosure) == DECOY_SIZE
