"""One process of the confined kind, from its start to its end."""

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import IO

import signedcert.documents
from signedcert.documents.confined.clock import Clock

#: What Rust and C++ say before they give up.
_OUT_OF_MEMORY = (b"memory allocation of", b"bad_alloc")
_LAST_WORDS_MAX = 65_536
# -I keeps PYTHONPATH and the current folder out. What this process finds its modules by is given
# on, so that an installation of any kind works. Our own front doors stay empty there: they would
# load the whole library, which the task does not need, and take four times as long.
_START = """
import importlib.machinery, importlib.util, json, sys
start = json.loads(sys.argv[1])
sys.path[:] = start["path"]
for name, path in start["packages"].items():
    spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
    spec.submodule_search_locations = path
    sys.modules[name] = importlib.util.module_from_spec(spec)
from signedcert.documents.confined.serving import serve
serve(start)
"""
#: Whoever reaches for the network where the system does not refuse it finds a closed door.
_NO_PROXY = "http://127.0.0.1:9"
#: What some installations need to find their own libraries.
_KEPT = ("LD_LIBRARY_PATH", "SYSTEMROOT")


class Process:
    """A running child. It ends when this process does, and when nobody holds this object.

    :param task: "module:function" in the child.
    :param readable: what it may read beside Python.
    :param memory: bytes.
    :param seconds: for one request.
    :raises OSError: when the system starts no process.
    """

    def __init__(self, task: str, readable: Sequence[Path], memory: int, seconds: float) -> None:
        start = {
            "task": task,
            "readable": [str(each) for each in readable],
            "memory": memory,
            "seconds": seconds,
            "path": [each for each in sys.path if Path(each).is_absolute()],
            "packages": {
                each.__name__: list(each.__path__) for each in (signedcert, signedcert.documents)
            },
        }
        self.owner = os.getpid()
        started: Future[tuple[subprocess.Popen[bytes], int]] = Future()
        self.clock = Clock(seconds)
        command = [sys.executable, "-I", "-c", _START, json.dumps(start)]
        # The kernel ends the child with the *thread* that started it, so one is kept for it.
        keeper = threading.Thread(target=_keep, args=(command, started, self.clock), daemon=True)
        keeper.start()
        self._process, self._errors = started.result()
        self.requests = _descriptor(self._process.stdin)
        self.answers = _descriptor(self._process.stdout)
        self._end = weakref.finalize(self, _end, self._process, self._errors, self.clock)

    def end(self) -> bool:
        """Ends it and frees what it held. Tells whether its last words were of lack of memory."""
        _kill(self._process)
        self._process.wait()
        words = b""
        with suppress(BlockingIOError):
            words = os.read(self._errors, _LAST_WORDS_MAX)
        self._end()
        return any(each in words for each in _OUT_OF_MEMORY)


def _keep(
    command: list[str], started: Future[tuple[subprocess.Popen[bytes], int]], clock: Clock
) -> None:
    """Starts the process, and ends it whenever a request takes too long."""
    try:
        read_errors, write_errors = os.pipe()
        # Whoever writes much there must not wait for us.
        os.set_blocking(write_errors, False)
        os.set_blocking(read_errors, False)
        try:
            process = subprocess.Popen(  # noqa: S603  # our own Python with our own code
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=write_errors,
                bufsize=0,
                cwd=Path(os.sep).absolute(),
                env=_environment(),
                start_new_session=True,
            )
        except OSError:
            os.close(read_errors)
            raise
        finally:
            os.close(write_errors)
    except OSError as error:
        started.set_exception(error)
        return
    started.set_result((process, read_errors))
    clock.watch(lambda: _kill(process))


def _environment() -> dict[str, str]:
    proxies = ("http_proxy", "https_proxy", "all_proxy")
    dead = {name: _NO_PROXY for each in proxies for name in (each, each.upper())}
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # Every thread takes address space, and a machine may have a hundred cores.
    threads = {"RAYON_NUM_THREADS": "2", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
    return {"LC_ALL": "C.UTF-8", **dead, **kept, **threads}


def _descriptor(pipe: IO[bytes] | None) -> int:
    assert pipe is not None
    return pipe.fileno()


def _kill(process: subprocess.Popen[bytes]) -> None:
    # In a forked copy of this process it is not a child, and poll() says that it has ended.
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes], errors: int, clock: Clock) -> None:
    os.close(errors)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    _kill(process)
    process.wait()
    clock.end()
