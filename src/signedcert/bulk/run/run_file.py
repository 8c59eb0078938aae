"""What a run under way depends on, and what it began with: ``run.json`` in its folder."""

import json
from collections.abc import Mapping
from pathlib import Path

from signedcert.bulk.run.errors import RunError

VERSION = 1
RUN_FILE = "run.json"
_RUN_MAX = 1_000_000


def run_content(fingerprint: Mapping[str, str], begin: Mapping[str, str]) -> bytes:
    """What the file says."""
    content = {"version": VERSION, "fingerprint": dict(fingerprint), "begun": dict(begin)}
    return json.dumps(content, indent=2).encode()


def read_run(folder: Path) -> tuple[dict[str, str], dict[str, str]] | None:
    """What the run of a folder depends on, and what it began with; None where there is none.

    :raises RunError: when the file is damaged, or of a newer version.
    """
    path = folder / RUN_FILE
    try:
        with path.open("rb") as file:
            data = file.read(_RUN_MAX)
        # Where there are no hard links, a kill can leave it empty.
        if not data:
            return None
        content = json.loads(data)
    except FileNotFoundError:
        return None
    except ValueError:
        content = None
    match content:
        case {"version": 1, "fingerprint": dict(fingerprint), "begun": dict(begun)}:
            return fingerprint, begun
        case {"version": int(version)} if version > VERSION:
            raise RunError(
                f"{folder} was begun by a newer signedcert; go on with that one, or remove the "
                "folder"
            )
    raise RunError(
        f"{path} is damaged; remove the folder {folder}, and run the same command again: what was "
        "issued stays issued"
    )


def check_same(folder: Path, found: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Refuses to go on with a run that depends on anything else.

    :raises RunError: when it does.
    """
    if found == wanted:
        return
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    raise RunError(
        f"{folder} has the parts of a run that was not finished, and that depends on something "
        f"else: {', '.join(names)}. Go on with that one by the command that began it; or remove "
        "the folder, or name another --out, and begin anew"
    )
