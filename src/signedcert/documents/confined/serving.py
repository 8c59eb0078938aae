"""The child's side: it loads its task, gives up its rights, and answers requests until the end."""

import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from signedcert.documents.confined.frames import Kind, PipeEnded, receive, send
from signedcert.documents.confined.lock_down import lock_down
from signedcert.documents.confined.task import TaskRefused

#: Seconds after its parent should have ended it.
_GRACE = 2.0
_MESSAGE_MAX = 20_000


def serve(start: dict[str, Any]) -> None:
    """Answers the parent's requests. Returns when the parent has closed its pipe.

    :param start: ``task`` ("module:function"), ``readable``, ``memory``, ``seconds``.
    """
    requests, answers = _pipes()
    module, _, function = start["task"].partition(":")
    answer = getattr(importlib.import_module(module), function)
    in_force = lock_down(start["memory"], [Path(each) for each in start["readable"]])
    try:
        send(answers, Kind.READY, json.dumps(sorted(in_force)).encode())
        while True:
            try:
                _, request = receive(requests)
            except MemoryError:
                send(answers, Kind.NO_MEMORY, b"")
                return
            # An alarm that nobody handles ends the process, whatever code is running.
            _alarm(start["seconds"] + _GRACE)
            kind, content = _answered(answer, request)
            _alarm(0.0)
            send(answers, kind, content)
            if kind in (Kind.NO_MEMORY, Kind.FAULT):
                return
    except PipeEnded:
        return


def _pipes() -> tuple[int, int]:
    """Moves the pipes away from where libraries print to."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    # The parent looks there for the last words of libraries, and for no others.
    sys.stderr = sys.stdout
    return requests, answers


def _answered(answer: Callable[[bytes], bytes], request: bytes) -> tuple[Kind, bytes]:
    try:
        return Kind.ANSWER, answer(request)
    except TaskRefused as refused:
        return Kind.REFUSED, str(refused)[:_MESSAGE_MAX].encode(errors="replace")
    except MemoryError:
        return Kind.NO_MEMORY, b""
    except BaseException:  # noqa: BLE001  # panics of Rust are not even an Exception
        return Kind.FAULT, b""


def _alarm(seconds: float) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
