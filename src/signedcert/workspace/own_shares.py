"""The list of the shares that a learner made without a workspace: a file beside the record.

It keeps one slot for each share, so that each can be reset by itself. Nobody else needs it.
"""

import json
import secrets
from datetime import UTC
from pathlib import Path
from typing import Any

from signedcert.model.code import code_from_id
from signedcert.model.issued_record import SHARE_PLACES
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.folder_lock import locked
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.ledger.values import StatusIndex, place
from signedcert.workspace.own_share_list import FORMAT, parsed_list
from signedcert.workspace.settings import WorkspaceError

_SIZE_MAX = 1_000_000
_MODE = 0o600


def own_shares_file(record_file: Path) -> Path:
    """Where the list is: ``RECORD.shares.json``."""
    return record_file.with_name(f"{record_file.name}.shares.json")


def read_own_shares(record_file: Path) -> list[RecordedShare]:
    """The shares that were made of the record in a file, oldest first.

    :raises WorkspaceError: when the list is damaged.
    :raises OSError: when it cannot be read.
    """
    path = own_shares_file(record_file)
    try:
        with path.open("rb") as file:
            data = file.read(_SIZE_MAX + 1)
        if len(data) > _SIZE_MAX:
            raise ValueError(f"it has more than {_SIZE_MAX:,} bytes")
        return parsed_list(data)
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise _damaged(path, str(error)) from None


def check_own_shares(
    record_file: Path, shares: list[RecordedShare], record: bytes, first: StatusIndex | None
) -> None:
    """Sees that shares of the record as it is now have the places that their slots say.

    :param record: its id. Another one's file may have had the same name.
    :param first: the first of its record's 16 places; None where the record has none.
    :raises WorkspaceError: when one has another.
    """
    for position, each in enumerate(shares, 1):
        if first is None or each.reference is None:
            continue
        if each.record != record or not is_among(each, first):
            continue
        if each.slot != each.reference.index - first.index:
            path = own_shares_file(record_file)
            raise _damaged(path, f"share {position} on it: its slot does not match its place")


def keep_own_share(
    record_file: Path, share: RecordedShare, first: StatusIndex | None
) -> RecordedShare:
    """Puts a share on the list, with a slot that none on it has; chance chooses it.

    :param share: without slot and place.
    :param first: the first of its record's 16 places, which are others when the record is issued
        anew; None where the record has none, and then the share gets neither slot nor place.
    :raises WorkspaceError: when all 16 slots are taken, the list is damaged or full, or another
        process is changing it.
    :raises OSError: when it cannot be written; it is as it was.
    """
    path = own_shares_file(record_file)
    with locked(path):
        present = read_own_shares(record_file)
        check_own_shares(record_file, present, share.record, first)
        kept = share if first is None else _placed(share, first, present)
        content = {"format": FORMAT, "shares": [_written(each) for each in (*present, kept)]}
        data = f"{json.dumps(content, indent=1, ensure_ascii=False)}\n".encode()
        if len(data) > _SIZE_MAX:
            raise _full(path, first)
        replace(path, data, mode=_MODE)
    return kept


def is_among(share: RecordedShare, first: StatusIndex | None) -> bool:
    """Whether a share has one of the 16 places: otherwise it was made of an earlier edition."""
    if share.reference is None or first is None:
        return share.reference is None and first is None
    offset = share.reference.index - first.index
    return share.reference.list == first.list and 0 <= offset < SHARE_PLACES


def _placed(
    share: RecordedShare, first: StatusIndex, present: list[RecordedShare]
) -> RecordedShare:
    of_record = [each for each in present if each.record == share.record]
    taken = {each.slot for each in of_record if is_among(each, first)}
    free = [slot for slot in range(SHARE_PLACES) if slot not in taken]
    if not free:
        raise WorkspaceError(
            f"all {SHARE_PLACES} shares that can be reset one by one were made; ask the issuer "
            "to issue the record anew, which ends them all"
        )
    slot = secrets.choice(free)
    return share._replace(slot=slot, reference=StatusIndex(first.list, first.index + slot))


def _written(share: RecordedShare) -> dict[str, Any]:
    return {
        "id": code_from_id(share.id),
        "record": code_from_id(share.record),
        "slot": share.slot,
        "place": None if share.reference is None else [*place(share.reference)],
        "audience": share.audience,
        "rows": list(share.rows),
        "issued_at": share.issued_at.astimezone(UTC).isoformat(),
        "expires_at": share.expires_at.astimezone(UTC).isoformat(),
        "sealed_name": share.sealed_name,
    }


def _damaged(path: Path, why: str) -> WorkspaceError:
    return WorkspaceError(
        f"{path} is damaged ({why}); move it away, and reset what you shared, all of it"
    )


def _full(path: Path, first: StatusIndex | None) -> WorkspaceError:
    # Where there are places, a new list would give a slot that another share has.
    what_to_do = (
        "no share of this record can be reset by itself, so move the list away and go on; "
        "what you shared stays good"
        if first is None
        else "ask the issuer to issue the record anew, which ends what you shared, all of it; then "
        "move the list away"
    )
    return WorkspaceError(
        f"{path} is full: with this share it would have more than {_SIZE_MAX:,} bytes. Nothing was "
        f"shared; {what_to_do}"
    )
