"""What a run has done so far, in a folder beside its result: ``OUT.partial``.

::

    run.json            version, what the run depends on, what it began with; no secrets
    part-000000.arrow   what came of the first chunk, and so on; there whole or not at all
    mark-000000         what was about to be kept of the chunk that has no part yet
    .run.lock           held by the process that works on it

All of it is for its owner alone. A run that was killed finds the folder again and goes on; one that
depends on anything else is refused.
"""

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Self

import pyarrow as pa
from pyarrow import ipc

from signedcert.bulk.run.errors import RunError
from signedcert.workspace.atomic_files import replace, replace_from, write_new
from signedcert.workspace.folder_lock import locked
from signedcert.workspace.settings import WorkspaceError

VERSION = 1
_RUN_FILE = "run.json"
_RUN_MAX = 1_000_000
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
#: Fast rather than small: parts live as long as the run. Certificates of a course have much in
#: common, so that even this halves them.
_OPTIONS = ipc.IpcWriteOptions(compression="lz4", use_threads=False)


class Parts:
    """The folder of a run that is under way, locked for this process.

    :ivar folder: where it is.
    :ivar begun: what the run began with, said when it began.
    :ivar resumed: whether an earlier process began it.
    """

    def __init__(self, folder: Path, begun: Mapping[str, str], *, resumed: bool) -> None:
        self.folder = folder
        self.begun = dict(begun)
        self.resumed = resumed

    @classmethod
    @contextlib.contextmanager
    def open(
        cls, out: Path, fingerprint: Mapping[str, str], begin: Mapping[str, str]
    ) -> Iterator[Self]:
        """The folder of the run that makes OUT: found where it was begun, or made.

        :param fingerprint: all that the run depends on, by names that people understand.
        :param begin: what is noted where the run begins now, and found again when it goes on.
        :raises RunError: when another process works on it, it is another run's, or damaged.
        :raises OSError: when it cannot be made.
        """
        folder = partial_folder(out)
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        _check_folder(folder)
        with contextlib.ExitStack() as stack:
            stack.enter_context(_lock(folder, out))
            found = _read(folder)
            if found is None:
                write_new({folder / _RUN_FILE: _run(fingerprint, begin)}, mode=_FILE_MODE)
                yield cls(folder, begin, resumed=False)
            else:
                _check_same(out, found[0], fingerprint)
                yield cls(folder, found[1], resumed=True)

    def has(self, number: int) -> bool:
        """Whether the part is there."""
        return self._part(number).exists()

    def count(self) -> int:
        """How many parts there are from the first one on, without a gap."""
        number = 0
        while self.has(number):
            number += 1
        return number

    def write(self, number: int, batch: pa.RecordBatch) -> None:
        """Keeps what came of a chunk, durably.

        :raises OSError: when it cannot be written; it is not there then.
        """

        def write(file: BinaryIO) -> None:
            with ipc.new_file(file, batch.schema, options=_OPTIONS) as writer:
                writer.write_batch(batch)

        replace_from(self._part(number), write, mode=_FILE_MODE)
        self._mark(number).unlink(missing_ok=True)

    def read(self, number: int) -> pa.RecordBatch:
        """What came of a chunk.

        :raises RunError: when the part is damaged or missing.
        """
        path = self._part(number)
        try:
            with pa.OSFile(str(path)) as file, ipc.open_file(file) as reader:
                return reader.get_batch(0)
        except (pa.ArrowInvalid, OSError, IndexError) as error:
            raise RunError(
                f"{path} is damaged; remove the folder {self.folder}, and run the same command "
                "again: what was issued stays issued"
            ) from error

    def mark(self, number: int, data: bytes) -> None:
        """Notes, durably, what is about to be kept of a chunk elsewhere, before its part is there.

        :raises OSError: when it cannot be written.
        """
        replace(self._mark(number), data, mode=_FILE_MODE)

    def marked(self, number: int) -> bytes:
        """What was noted of a chunk that has no part; nothing where nothing was."""
        try:
            return self._mark(number).read_bytes()
        except FileNotFoundError:
            return b""

    def discard(self) -> None:
        """Removes the folder, once all that is in it stands elsewhere."""
        shutil.rmtree(self.folder)

    def _part(self, number: int) -> Path:
        return self.folder / f"part-{number:06d}.arrow"

    def _mark(self, number: int) -> Path:
        return self.folder / f"mark-{number:06d}"


def discard_left(out: Path) -> None:
    """Removes the folder that a run left which was killed between its last two steps.

    :raises RunError: when another process works on it.
    """
    folder = partial_folder(out)
    if folder.exists():
        _check_folder(folder)
        with _lock(folder, out):
            shutil.rmtree(folder)


def partial_folder(out: Path) -> Path:
    """The folder of the run that makes this file."""
    return out.with_name(f"{out.name}.partial")


@contextlib.contextmanager
def _lock(folder: Path, out: Path) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(locked(folder / "run"))
        except WorkspaceError as error:
            raise RunError(
                f"another process is working on {out} at this moment; wait for it, or name "
                "another --out"
            ) from error
        yield


def _check_folder(folder: Path) -> None:
    """Refuses what others may read or have put there: certificates of everybody will be in it."""
    if os.name == "nt":
        return
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise RunError(f"{folder} is no folder of yours; remove it, or name another --out")
    if stat.S_IMODE(found.st_mode) & 0o077:
        folder.chmod(_FOLDER_MODE)


def _run(fingerprint: Mapping[str, str], begin: Mapping[str, str]) -> bytes:
    content = {"version": VERSION, "fingerprint": dict(fingerprint), "begun": dict(begin)}
    return json.dumps(content, indent=2).encode()


def _read(folder: Path) -> tuple[dict[str, str], dict[str, str]] | None:
    path = folder / _RUN_FILE
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_RUN_MAX))
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


def _check_same(out: Path, found: dict[str, str], wanted: Mapping[str, str]) -> None:
    if found == wanted:
        return
    names = [name for name in {**found, **wanted} if found.get(name) != wanted.get(name)]
    folder = partial_folder(out)
    raise RunError(
        f"{folder} has the parts of a run that was not finished, and that depends on something "
        f"else: {', '.join(names)}. Go on with that one by the command that began it; or remove "
        "the folder, or name another --out, and begin anew"
    )
