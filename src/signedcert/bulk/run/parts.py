"""What a run has done so far, in a folder beside its result: ``OUT.partial``.

::

    run.json            version, what the run depends on, what it began with; no secrets
    part-000000.arrow   what came of the first chunk, and so on; there whole or not at all;
                        it says which run it is of, and another run takes no notice of it
    mark-000000         what was about to be kept of the chunk that has no part yet
    .run.lock           held by the process that works on it

All of it is for its owner alone. A run that was killed finds the folder again and goes on; one that
depends on anything else is refused.
"""

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Self

import pyarrow as pa
from pyarrow import ipc

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.run.errors import RunError
from signedcert.bulk.run.run_file import RUN_FILE, check_same, read_run, run_content
from signedcert.workspace.atomic_files import replace, replace_from, write_new
from signedcert.workspace.folder_lock import locked
from signedcert.workspace.settings import WorkspaceError

_FILE_MODE, _FOLDER_MODE = 0o600, 0o700
_PARTS = "part-*.arrow"
#: All that a run over a roster leaves in its folder but its lock and what says whose it is,
#: temporary names too.
_LEFT = ("part-*", "mark-*", ".part-*", ".mark-*", ".run.json.*", "result.parquet", "errors.csv")
#: Where a part says which run it is of, in the metadata of its schema.
_NOTE = b"signedcert.run"
#: Fast rather than small: parts live as long as the run. Certificates of a course have much in
#: common, so that even this halves them.
_OPTIONS = ipc.IpcWriteOptions(compression="lz4", use_threads=False)


class Parts:
    """The folder of a run that is under way, locked for this process.

    :ivar folder: where it is.
    :ivar begun: what the run began with, said when it began.
    :ivar resumed: whether an earlier process began it.
    """

    def __init__(
        self, folder: Path, begun: Mapping[str, str], *, resumed: bool, note: bytes
    ) -> None:
        """:param note: which run its parts say they are of."""
        self.folder = folder
        self.begun = dict(begun)
        self.resumed = resumed
        self._note = note

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
            found = read_run(folder)
            if found is None:
                # Of a folder that was half removed: it may be any run's.
                _clear(folder)
                (folder / RUN_FILE).unlink(missing_ok=True)
                write_new({folder / RUN_FILE: run_content(fingerprint, begin)}, mode=_FILE_MODE)
                yield cls(folder, begin, resumed=False, note=_note(fingerprint, begin))
            else:
                check_same(folder, found[0], fingerprint)
                yield cls(folder, found[1], resumed=True, note=_note(*found))

    def has(self, number: int) -> bool:
        """Whether the part is there. Another run's counts as not there; a damaged one does."""
        path = self._part(number)
        try:
            with arrow_file(path) as file, ipc.open_file(file) as reader:
                return bool((reader.schema.metadata or {}).get(_NOTE) == self._note)
        except (pa.ArrowInvalid, OSError):
            return path.exists()

    def count(self) -> int:
        """How many parts there are from the first one on, without a gap."""
        number = 0
        while self.has(number):
            number += 1
        return number

    def has_kept(self) -> bool:
        """Whether there is anything of the run: a part, or a mark of what the ledger may have."""
        return self.has(0) or self.marked(0) != b""

    def write(self, number: int, batch: pa.RecordBatch) -> None:
        """Keeps what came of a chunk, durably.

        :raises OSError: when it cannot be written; it is not there then.
        """
        batch = batch.replace_schema_metadata({_NOTE: self._note})

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
            with arrow_file(path) as file, ipc.open_file(file) as reader:
                return reader.get_batch(0).replace_schema_metadata(None)
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

    def undo(self, number: int, mark: bytes) -> None:
        """Removes a part, whose chunk is to be done anew.

        :param mark: noted of the chunk first, as :meth:`mark` does.
        :raises OSError: when it cannot be done; the part is there then.
        """
        self.mark(number, mark)
        self._part(number).unlink()

    def discard(self) -> None:
        """Removes the folder, once all that is in it stands elsewhere."""
        _remove(self.folder)

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
            _remove(folder)


def is_begun(out: Path) -> bool:
    """Whether there is the folder of a run that makes this file, and is not finished."""
    path = partial_folder(out) / RUN_FILE
    return path.is_file() and path.stat().st_size > 0


def rows_kept(out: Path, told: int) -> int:
    """How many rows of the run that makes this file have their parts, while nobody works on it.

    :param told: as many as are known of, in case the parts cannot be read.
    """
    # The first column is enough; the others stay compressed.
    first, rows = ipc.IpcReadOptions(included_fields=[0]), 0
    try:
        for path in partial_folder(out).glob(_PARTS):
            with arrow_file(path) as file, ipc.open_file(file, options=first) as reader:
                rows += reader.get_batch(0).num_rows
    except (pa.ArrowInvalid, OSError, IndexError):
        return told
    return rows


def _remove(folder: Path) -> None:
    """Removes a folder; what says whose it is goes last."""
    _clear(folder)
    shutil.rmtree(folder)


def _note(fingerprint: Mapping[str, str], begun: Mapping[str, str]) -> bytes:
    return hashlib.sha256(run_content(fingerprint, begun)).hexdigest().encode()


def _clear(folder: Path) -> None:
    for pattern in _LEFT:
        for path in folder.glob(pattern):
            path.unlink()


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
