"""Processes for one command each: forks of one that has loaded the command line, which takes long.

That one is this file, run as a script. It has no other threads, so forking it is safe.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self


class Forks:
    """What starts the processes, until it is closed."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(60)
        with theirs:
            # What is no pipe is written in another way than what is.
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        assert self._process.communicate(timeout=60) == (b"", b"")
        assert self._process.returncode == 0

    def run(
        self,
        *arguments: object,
        env: Mapping[str, str],
        input: bytes = b"",  # noqa: A002 - as subprocess.run has it
        file_size: int | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """Runs a command to its end.

        :param file_size: beyond this, no file may grow: what a full disk does, for one process.
        """
        words = [str(each) for each in arguments]
        # As it stands in the environment: not all of it need be text.
        text = {name: os.fsencode(value).hex() for name, value in env.items()}
        asked = json.dumps([words, text, str(Path.cwd()), file_size]).encode()
        out, err = os.pipe(), os.pipe()
        with (
            tempfile.TemporaryFile() as given,
            os.fdopen(out[0], "rb") as said,
            os.fdopen(err[0], "rb") as complained,
        ):
            given.write(input)
            given.seek(0)
            try:
                head = len(asked).to_bytes(4)
                socket.send_fds(self._socket, [head], [given.fileno(), out[1], err[1]])
                self._socket.sendall(asked)
            finally:
                os.close(out[1])
                os.close(err[1])
            # No command says more on standard error than a pipe holds.
            printed = said.read(), complained.read()
        code = int.from_bytes(_exactly(self._socket, 4), signed=True)
        return subprocess.CompletedProcess(words, code, *printed)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def _serve(connection: socket.socket) -> list[Any]:
    """Forks for each request. It returns in the forks, with what they are asked, and at the end."""
    while True:
        head, descriptors, *_ = socket.recv_fds(connection, 4, 3)
        if not head:
            return []
        asked = json.loads(_exactly(connection, int.from_bytes(head)))
        if (child := os.fork()) == 0:
            for number, descriptor in enumerate(descriptors):
                os.dup2(descriptor, number)
                os.close(descriptor)
            connection.close()
            return list(asked)
        for descriptor in descriptors:
            os.close(descriptor)
        _, status = os.waitpid(child, 0)
        connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, signed=True))


def _become(words: list[str], env: dict[str, str], folder: str, file_size: int | None) -> None:
    """Makes this process what a user's would be."""
    os.environ.clear()
    os.environb.update({name.encode(): bytes.fromhex(value) for name, value in env.items()})
    os.chdir(folder)
    if file_size is not None:
        import resource  # not on every system

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    sys.argv[1:] = words


if __name__ == "__main__":
    import signedcert.cli.app

    gc.freeze()  # what the forks have in common stays so
    with socket.socket(fileno=int(sys.argv[1])) as channel:
        asked_for = _serve(channel)
    if asked_for:
        _become(*asked_for)
        signedcert.cli.main()
