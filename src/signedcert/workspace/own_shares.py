"""The list of the shares that a learner made without a workspace: a file beside the record.

It keeps one slot for each share, so that each can be reset by itself. Nobody else needs it.
"""

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from signedcert.model.code import code_from_id, id_from_code
from signedcert.model.issued_record import SHARE_PLACES
from signedcert.model.times import Moment
from signedcert.workspace.atomic_files import replace
from signedcert.workspace.folder_lock import locked
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.ledger.values import StatusIndex, place
from signedcert.workspace.settings import WorkspaceError

_FORMAT = 1
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
            content = json.loads(file.read(_SIZE_MAX))
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            raise ValueError("of another format")
        return [_read(each) for each in content["shares"]]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WorkspaceError(
            f"{path} is damaged ({error}); move it away, and reset what you shared, all of it"
        ) from None


def keep_own_share(
    record_file: Path, share: RecordedShare, first: StatusIndex | None
) -> RecordedShare:
    """Puts a share on the list, with a slot that none on it has; chance chooses it.

    :param share: without slot and place.
    :param first: the first of its record's 16 places, which are others when the record is issued
        anew; None where the record has none, and then the share gets neither slot nor place.
    :raises WorkspaceError: when all 16 slots are taken, the list is damaged, or another process is
        changing it.
    :raises OSError: when it cannot be written; it is as it was.
    """
    path = own_shares_file(record_file)
    with locked(path):
        present = read_own_shares(record_file)
        kept = share if first is None else _placed(share, first, present)
        content = {"format": _FORMAT, "shares": [_written(each) for each in (*present, kept)]}
        data = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        replace(path, data.encode(), mode=_MODE)
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
    taken = {each.slot for each in present if is_among(each, first)}
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


def _read(each: dict[str, Any]) -> RecordedShare:
    slot, reference = each["slot"], None
    if slot is not None:
        number, index = each["place"]
        reference = StatusIndex(int(number), int(index))
        if type(slot) is not int or not 0 <= slot < SHARE_PLACES:
            raise ValueError("a slot is none")
    issued_at: datetime = Moment().check(each["issued_at"])
    expires_at: datetime = Moment().check(each["expires_at"])
    return RecordedShare(
        id=id_from_code(str(each["id"])),
        record=id_from_code(str(each["record"])),
        slot=slot,
        reference=reference,
        audience=str(each["audience"]),
        rows=tuple(str(row) for row in each["rows"]),
        issued_at=issued_at,
        expires_at=expires_at,
        sealed_name=each["sealed_name"],
    )
