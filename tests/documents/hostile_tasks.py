"""What runs in a confined child under test: it tries what it must not do, and says how it went."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from signedcert.documents.confined.task import TaskRefused


def answer(request: bytes) -> bytes:
    what, *arguments = json.loads(request)
    return json.dumps(_TASKS[what](*arguments)).encode()


def _tried(function: Callable[..., object], *arguments: object) -> str:
    try:
        function(*arguments)
    except OSError as error:
        return type(error).__name__
    return "done"


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _raw(number: int, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)


def _environment() -> dict[str, str]:
    return dict(os.environ)


def _say(text: str) -> str:
    sys.stdout.write(text * 100_000)
    sys.stdout.flush()
    os.write(1, text.encode())
    sys.stderr.write(text * 100_000)
    return text


def _refuse(why: str) -> None:
    raise TaskRefused(why)


def _in_thread() -> list[int]:
    done: list[int] = []
    thread = threading.Thread(target=done.append, args=(1,))
    thread.start()
    thread.join()
    return done


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _last_words() -> None:
    os.write(2, b"memory allocation of 99 bytes failed")
    os.abort()


def _spin() -> None:
    while True:
        pass


def _lazily() -> str:
    import decimal
    import sqlite3
    import wsgiref.util

    return f"{decimal.Decimal(1)}{sqlite3.sqlite_version}{wsgiref.util.__name__}"[:1]


_TASKS: dict[str, Callable[..., object]] = {
    "echo": lambda text: text,
    "large": lambda size: "x" * size,
    "open_files": lambda: [each for each in range(64) if _is_open(each)],
    "pid": os.getpid,
    "environment": _environment,
    "socket": lambda kind: _tried(socket.socket, getattr(socket, kind)),
    "connect": lambda port: _tried(socket.create_connection, ("127.0.0.1", port), 1),
    "pair": lambda: _tried(socket.socketpair),
    "read": lambda path: _tried(Path(path).read_bytes),
    "list": lambda path: _tried(os.listdir, path),
    "write": lambda path: _tried(Path(path).write_bytes, b"x"),
    "append": lambda path: _tried(os.open, path, os.O_APPEND | os.O_WRONLY),
    "mkdir": lambda path: _tried(os.mkdir, path),
    "unlink": lambda path: _tried(os.unlink, path),
    "chmod": lambda path: _tried(os.chmod, path, 0o777),
    "fork": lambda: _tried(_fork),
    "run": lambda: _tried(subprocess.run, ["/bin/true"]),
    "exec": lambda: _tried(os.execv, "/bin/true", ["/bin/true"]),
    "kill": lambda pid: _tried(_kill, pid),
    "raw": lambda number, *rest: _tried(_raw, number, *rest),
    "say": _say,
    "refuse": _refuse,
    "thread": _in_thread,
    "lazily": _lazily,
    "spin": _spin,
    "sleep": time.sleep,
    "memory": lambda size: len(bytearray(size)),
    "last_words": _last_words,
    "forge": lambda: os.write(4, b"\xff" * 9) and time.sleep(60),
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "fault": lambda: 1 // 0,
}
