"""``signedcert serve`` in a process of its own, which can be stopped as a network can fail."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Self


class Server:
    """Serves a site until it is stopped; started again, on the same port."""

    def __init__(self, site: Path) -> None:
        self._site = site
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        arguments = ["serve", str(self._site), "--port", str(self.port), "--json"]
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "signedcert", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        said = ""
        while True:
            line = self._process.stdout.readline()
            assert line, f"signedcert serve ended: {said}"
            said += line
            if line.rstrip() == "}":
                break
        self.port = int(json.loads(said)["url"].rsplit(":", 1)[1].rstrip("/"))

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def url(self, rest: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{rest}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
