"""Course records from a workspace: in the ledger before they leave the process, as certificates."""

import secrets
from datetime import datetime
from typing import NamedTuple

from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.model.course_record import CourseRecord
from signedcert.model.issued_record import SharePlaces, VisibleRecord
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.statement import StatusReference
from signedcert.share.held_record import HeldRecord
from signedcert.share.issuing import issue_record
from signedcert.signers.software import SoftwareSigner
from signedcert.workspace.issuing import check_unreferenced
from signedcert.workspace.ledger import Issued, Ledger, LedgerError, Recording, StatusIndex
from signedcert.workspace.ledger.values import SLOTS
from signedcert.workspace.settings import WorkspaceError

#: What is too large with the longest places is refused before any are spent.
_LONGEST = StatusReference(list=2**32 - 1, index=2**32 - 1)
_LONGEST_PLACES = SharePlaces(list=2**32 - 1, first=INTEGER_MAX - SLOTS)


class IssuedRecord(NamedTuple):
    """A course record as it was signed.

    :ivar record: what it states, with its place in a status list.
    :ivar token: everything in it, for its learner.
    """

    record: CourseRecord
    token: bytes


def issue_record_recorded(  # noqa: PLR0913 - what is issued, by whom, for which key
    ledger: Ledger,
    record: CourseRecord,
    signer: Signer,
    holder_key: PublicKey,
    now: datetime,
    *,
    withdrawable: bool = True,
) -> IssuedRecord:
    """Signs a course record, with its places in status lists, and keeps the token in the ledger.

    :param record: without a status reference; the ledger gives it one.
    :param holder_key: the public half of the learner's share key.
    :param withdrawable: False: it gets no places. It can never be withdrawn, nor a share of it
        reset.
    :raises WorkspaceError: when the record has a status reference already.
    :raises DuplicateIdError: when its id was issued before.
    :raises EncodeError: when it is too large for a token.
    :raises SignerError: when the signature does not verify.
    :raises LedgerError: when the ledger cannot be written.
    """
    check_unreferenced(record)
    check_size(record, holder_key)
    index, places = None, None
    if withdrawable:
        (index,) = ledger.reserve([record.id], now)
        places = share_places(ledger)
        record = _at(record, index)
    issued = IssuedRecord(record, _signed(record, signer, holder_key, places))
    ledger.record(
        record.id,
        issued.token,
        signer.public_key.kid,
        VisibleRecord.media_type,
        record.issued_at,
        index,
    )
    return issued


def check_size(record: CourseRecord, holder_key: PublicKey) -> None:
    """Sees that a record fits into a token, whatever places it gets.

    :raises EncodeError: when it does not.
    """
    longest = record.model_copy(update={"status": _LONGEST})
    _signed(longest, SoftwareSigner.generate(), holder_key, _LONGEST_PLACES)


def reissued_record(token: bytes, signer: Signer, now: datetime) -> IssuedRecord:
    """A record signed anew: another moment of signing, all else the same, its holder's key too.

    :param token: the record as it was issued.
    :raises SignerError: when the signature does not verify.
    """
    held = HeldRecord.open(token)
    anew = held.record().model_copy(update={"issued_at": now})
    visible = held.visible
    return IssuedRecord(
        anew, _signed(anew, signer, PublicKey(visible.holder_key), visible.share_places)
    )


def replace_record(  # noqa: PLR0913, PLR0917 - what is replaced, by what
    ledger: Ledger,
    issued: Issued,
    signer: Signer,
    holder_key: PublicKey,
    now: datetime,
    reason: str,
) -> IssuedRecord:
    """The same record with another holder's key and places; the one before is revoked.

    Everything that was shared of the one before ends with the next publication. The record's id
    stays, so certificates that name it go on naming it.

    :param issued: what the ledger knows of it.
    :param reason: why, for the ledger.
    :raises WorkspaceError: when it is no record, or the ledger did not keep its token.
    :raises SignerError: when the signature does not verify.
    :raises LedgerError: when it is withdrawn or has no place, or the ledger cannot be written.
    """
    held = held_record(issued)
    (index,) = ledger.allocate()
    record = _at(held.record().model_copy(update={"issued_at": now, "status": None}), index)
    token = _signed(record, signer, holder_key, share_places(ledger))
    recording = Recording(
        record.id, token, signer.public_key.kid, VisibleRecord.media_type, now, index
    )
    ledger.replace_record(recording, now, reason)
    return IssuedRecord(record, token)


def held_record(issued: Issued) -> HeldRecord:
    """The record that the ledger kept.

    :raises WorkspaceError: when it is no record, or the ledger did not keep its token.
    """
    if issued.token is None:
        raise WorkspaceError("the ledger did not keep the token")
    if issued.media_type != VisibleRecord.media_type:
        raise WorkspaceError("this is no course record, but a certificate; records are shared")
    return HeldRecord.open(issued.token)


def share_places(ledger: Ledger) -> SharePlaces:
    """Sixteen places for the shares of one record.

    :raises LedgerError: when the ledger cannot be written.
    """
    first = ledger.allocate_share_places()
    return SharePlaces(list=first.list, first=first.index)


def first_share_place(visible: VisibleRecord) -> StatusIndex | None:
    """The first of a record's share places, or None where it has none."""
    places = visible.share_places
    return None if places is None else StatusIndex(places.list, places.first)


def own_place(visible: VisibleRecord) -> StatusIndex | None:
    """Where a withdrawal of the record itself would be published, or None."""
    status = visible.status
    return None if status is None else StatusIndex(status.list, status.index)


def own_first_share_place(visible: VisibleRecord) -> StatusIndex | None:
    """The first of the share places of a record of this ledger, or None where it has none.

    :raises LedgerError: for places that no ledger hands out.
    """
    first = first_share_place(visible)
    if first is not None and first.index % SLOTS:
        raise LedgerError("the record's share places are not this ledger's")
    return first


def _at(record: CourseRecord, index: StatusIndex) -> CourseRecord:
    reference = StatusReference(list=index.list, index=index.index)
    return record.model_copy(update={"status": reference})


def _signed(
    record: CourseRecord, signer: Signer, holder_key: PublicKey, places: SharePlaces | None
) -> bytes:
    return issue_record(
        record,
        signer,
        holder_key=holder_key,
        random_bytes=secrets.token_bytes,
        share_places=places,
    )
