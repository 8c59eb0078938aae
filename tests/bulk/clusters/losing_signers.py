"""Signers that lose the worker which they sign in: what a cluster does to jobs, on purpose.

They are imported by the workers, too.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from signedcert.bulk.signers import KeyFile
from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer


@dataclass(frozen=True)
class LosingWorkers:
    """A factory whose signer, here and there, once each, kills a process instead of signing.

    :ivar key: of the signer that signs.
    :ivar folder: shared by the workers: a marker for each kill.
    :ivar after: how many signatures a process makes before it is killed.
    :ivar times: how many processes are killed.
    :ivar whole_executor: whether the process above the worker's parent goes, a JVM of Spark.
    """

    key: KeyFile
    folder: Path
    after: int
    times: int = 1
    whole_executor: bool = False

    def __call__(self) -> Signer:
        return _Losing(self)


class _Losing:
    def __init__(self, how: LosingWorkers) -> None:
        self._how, self._signer, self._signed = how, how.key(), 0
        (how.folder / f"opened-{os.getpid()}").touch()

    @property
    def public_key(self) -> PublicKey:
        return self._signer.public_key

    def sign(self, message: bytes) -> bytes:
        self._signed += 1
        if self._signed > self._how.after and marked(self._how.folder, self._how.times):
            worker = os.getpid()
            os.kill(
                _parent(_parent(worker)) if self._how.whole_executor else worker, signal.SIGKILL
            )
            time.sleep(60)  # until the process below notices that the one above is gone
        return self._signer.sign(message)


def marked(folder: Path, times: int) -> bool:
    """Whether one of so many markers was still to be set, and was set by this very call."""
    for number in range(times):
        try:
            (folder / f"marker-{number}").touch(exist_ok=False)
        except FileExistsError:
            continue
        return True
    return False


def markers(folder: Path) -> int:
    return len(list(folder.glob("marker-*")))


def _parent(process: int) -> int:
    """Of Linux: the fourth word, after a name in brackets."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
