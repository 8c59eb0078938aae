"""What a cluster issued goes into the workspace's ledger."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from signedcert.bulk.kernel.columns import chosen_columns
from signedcert.bulk.run.contents import certificate_in
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.errors import DecodeError
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.trust.key_entry import token_digest
from signedcert.workspace.ledger import Ledger, Row, StatusIndex
from signedcert.workspace.ledger.values import seconds

#: Of what is refused, how much is told one by one.
_REFUSED_MAX = 1000
#: Columns, all but the first of which may be missing. Bytes of fixed width are bytes, too.
_LOOKED_AT = pa.schema(
    [
        ("token", pa.binary()),
        ("line", pa.int64()),
        ("code", pa.string()),
        ("id", pa.binary()),
        ("digest", pa.binary()),
        ("status_list", pa.int64()),
        ("status_index", pa.int64()),
    ]
)
#: Those of them that say what was signed.
_SAID = tuple(_LOOKED_AT.names[2:])


class Refused(NamedTuple):
    """A certificate that is not recorded, and why.

    :ivar line: as the batch has it, or None.
    :ivar code: as the batch has it, or None.
    """

    line: int | None
    code: str | None
    reason: str


class Claimed(NamedTuple):
    """A certificate that is to be recorded."""

    line: int | None
    row: Row


@dataclass(slots=True)
class Recorded:
    """What was recorded.

    :ivar recorded: certificates that the ledger did not have.
    :ivar known: those that it had, the same.
    :ivar without: rows that have an error instead of a certificate.
    :ivar refused: certificates that were not recorded.
    :ivar reasons: why not, of the first ones.
    """

    recorded: int = 0
    known: int = 0
    without: int = 0
    refused: int = 0
    reasons: list[Refused] = field(default_factory=list)

    def refuse(self, refused: Iterable[Refused]) -> None:
        """Counts what is refused, and remembers the first ones."""
        for each in refused:
            self.refused += 1
            if len(self.reasons) < _REFUSED_MAX:
                self.reasons.append(each)


def record_issued(ledger: Ledger, batches: Iterable[pa.RecordBatch]) -> Recorded:
    """Records certificates that were signed with a plan of this ledger's. Again changes nothing.

    Whose signatures they have is not looked at: only give it what your own workers returned, or
    use ``signedcert bulk record``, which verifies each. Id, digest and place must be those of the
    token, and the place one that this ledger handed out and nobody else has.

    :param batches: columns of :data:`signedcert.bulk.ISSUED`.
    :raises ValueError: when a batch has no column token, or one of another type.
    :raises LedgerError: when the ledger cannot be written, or a key signs nothing more; what was
        recorded before stays recorded.
    """
    recorded = Recorded()
    ledger.widen()
    for batch in batches:
        claimed: list[Claimed] = []
        for each in claims(batch):
            if each is None:
                recorded.without += 1
            elif isinstance(each, Refused):
                recorded.refuse([each])
            else:
                claimed.append(each)
        record_claimed(ledger, claimed, recorded)
    return recorded


def claims(batch: pa.RecordBatch) -> Iterator[Claimed | Refused | None]:
    """What each row of a batch claims; None where it has no certificate.

    :raises ValueError: when the batch has no column token, or one that cannot be read.
    """
    columns = chosen_columns(batch, _LOOKED_AT)
    if "token" not in columns.by_name:
        raise ValueError("there is no column token: expected what issue_batch returns")
    if any(columns.unreadable):
        raise ValueError("the column code has text in it that is not in UTF-8")
    nothing = [None] * batch.num_rows
    lists = [
        columns.by_name[name].to_pylist() if name in columns.by_name else nothing
        for name in _LOOKED_AT.names
    ]
    for token, line, *said in zip(*lists, strict=True):
        if token is None:
            yield None
            continue
        try:
            claim = _claim(token, said)
        except DecodeError as error:
            claim = str(error)
        yield Refused(line, said[0], claim) if isinstance(claim, str) else Claimed(line, claim)


def _claim(token: bytes, said: Sequence[object]) -> Row | str:
    """The ledger's row of a token, or what contradicts it.

    :param said: the columns of _SAID.

    :raises DecodeError: when the token is no certificate's.
    """
    certificate, frame = certificate_in(token), parse_frame(token)
    assert isinstance(frame, Frame)  # a certificate's
    place = certificate.status
    own = token_digest(token)
    signed = (
        certificate.code,
        certificate.id,
        own,
        None if place is None else place.list,
        None if place is None else place.index,
    )
    for name, claimed, value in zip(_SAID, said, signed, strict=True):
        if claimed is not None and claimed != value:
            return f"the column {name} is not what was signed"
    return (
        certificate.id,
        None if place is None else place.list,
        None if place is None else place.index,
        frame.kid,
        Certificate.media_type,
        seconds(certificate.issued_at),
        own,
        token,
    )


def record_claimed(ledger: Ledger, claimed: Sequence[Claimed], recorded: Recorded) -> None:
    """Records what has a place of its own and an id that has no other token; counts all.

    :raises LedgerError: when the ledger cannot be written, or a key signs nothing more.
    """
    known = ledger.known({each.row[0] for each in claimed})
    fresh: dict[bytes, Claimed] = {}
    places: dict[StatusIndex, bytes] = {}
    for each in sorted(claimed, key=lambda one: one.row[0]):
        identifier, number, index, *_, digest, _ = each.row
        before = known.get(identifier)
        taken = fresh.get(identifier)
        if (before and before.digest == digest) or (taken and taken.row[6] == digest):
            recorded.known += 1
            continue
        if before or taken:
            recorded.refuse([_refused(each, "its id was issued before with another token")])
            continue
        if number is not None and index is not None:
            place = StatusIndex(number, index)
            if places.setdefault(place, identifier) != identifier:
                recorded.refuse([_refused(each, "its place is that of another certificate here")])
                continue
        fresh[identifier] = each
    for place in ledger.not_its_own(places):
        refused = fresh.pop(places[place])
        recorded.refuse(
            [_refused(refused, "its place in a status list is not one that it may have: this "
                      "ledger never handed it out, or it is another certificate's")]
        )  # fmt: skip
    others = ledger.record_new([each.row for each in fresh.values()])
    recorded.recorded += len(fresh) - len(others)
    recorded.refuse(
        _refused(fresh[each], "its id was issued meanwhile with another token") for each in others
    )


def _refused(claimed: Claimed, reason: str) -> Refused:
    return Refused(claimed.line, code_from_id(claimed.row[0]), reason)
