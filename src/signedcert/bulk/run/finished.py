"""A result says which run made it, so that the same command finds it done."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.run.errors import EndedResultError, RunError
from signedcert.bulk.run.issue_run import Summary
from signedcert.bulk.run.parts import discard_left, is_begun
from signedcert.bulk.run.result import Counted, finished_by
from signedcert.bulk.run.signing import disowned_keys
from signedcert.bulk.run.standing import fallen
from signedcert.workspace.ledger import LedgerReader
from signedcert.workspace.workspace import Workspace

_COUNTS = ("rows", "issued", "known", "repeats", "failed", "unprinted")
_ROWS = 8192


def note(digest: str, counted: Counted, lists: tuple[int, ...]) -> Mapping[str, Any]:
    """What a result is told to say.

    :param digest: of all that the run depends on.
    """
    counts = {name: getattr(counted, name) for name in _COUNTS}
    return {"run": digest, "lists": list(lists), **counts}


def is_left_empty(out: Path) -> bool:
    """Whether OUT is what a kill left where there are no hard links: its name, and nothing in it.

    Only where the run that makes it is not finished. Of anybody else's files, only an empty one
    could be taken for it.
    """
    return out.is_file() and out.stat().st_size == 0 and is_begun(out)


def finished_before(out: Path, digest: str, owner: Workspace) -> Summary | None:
    """The summary of the run with this digest, where OUT is its result; None where there is no OUT.

    :raises EndedResultError: when some of its certificates are no longer to be handed out.
    :raises RunError: when OUT is anything else; likewise LedgerError, WorkspaceError.
    """
    if not out.exists() or is_left_empty(out):
        return None
    found = finished_by(out)
    if found is None or found.get("run") != digest:
        what = "the result of another run" if found else "another file"
        raise RunError(f"{out} is there already, and is {what}; name another --out")
    discard_left(out)  # which is there where it was killed between its last two steps
    _check_standing(out, owner)
    counted = Counted()
    for name in _COUNTS:
        setattr(counted, name, int(found[name]))
    return Summary(
        counted,
        skipped=counted.rows,
        seconds=0.0,
        issued_at=None,
        finished_before=True,
        lists=tuple(found["lists"]),
    )


def _check_standing(out: Path, owner: Workspace) -> None:
    """Refuses to call a result done that has certificates which are no longer good.

    :raises EndedResultError: when it has.
    """
    disowned = disowned_keys(owner)
    ended = missing = 0
    try:
        with LedgerReader(owner.ledger_file) as reader, arrow_file(out) as file:
            for batch in parquet.ParquetFile(file).iter_batches(_ROWS, columns=["code", "token"]):
                found = fallen(reader, batch, disowned)
                ended, missing = ended + found.ended, missing + found.missing
    except pa.ArrowException as error:
        raise RunError(f"{out} is damaged; move it away, and give the command again") from error
    if missing:
        raise EndedResultError(
            f"{out} was made by this very run, and the ledger does not have {missing} of its "
            "certificates: was the workspace restored from a backup? Put the newer ledger back, if "
            "there is one. If not, and nothing of the file was handed out, move it away and give "
            "the command again. What was handed out stays valid and can be withdrawn by its link "
            "or token; issued again, it would have two tokens under one code"
        )
    if ended:
        raise EndedResultError(
            f"{out} was made by this very run, and {ended} of its certificates were withdrawn, "
            "superseded or written anew since, or their key was declared compromised. Move it "
            "away and give the command again: it makes one with what counts today"
        )
