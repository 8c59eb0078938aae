"""A result says which run made it, so that the same command finds it done."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from signedcert.bulk.run.errors import RunError
from signedcert.bulk.run.issue_run import Summary
from signedcert.bulk.run.parts import discard_left
from signedcert.bulk.run.result import Counted, finished_by

_COUNTS = ("rows", "issued", "known", "repeats", "failed", "unprinted")


def note(digest: str, counted: Counted, lists: tuple[int, ...]) -> Mapping[str, Any]:
    """What a result is told to say.

    :param digest: of all that the run depends on.
    """
    counts = {name: getattr(counted, name) for name in _COUNTS}
    return {"run": digest, "lists": list(lists), **counts}


def finished_before(out: Path, digest: str) -> Summary | None:
    """The summary of the run with this digest, where OUT is its result; None where there is no OUT.

    :raises RunError: when OUT is anything else.
    """
    if not out.exists():
        return None
    found = finished_by(out)
    if found is None or found.get("run") != digest:
        what = "the result of another run" if found else "another file"
        raise RunError(f"{out} is there already, and is {what}; name another --out")
    discard_left(out)  # which is there where it was killed between its last two steps
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
