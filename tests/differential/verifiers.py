"""The two verifiers, asked the same."""

import json
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import signedcert as sc
from conformance_cases import TrustRefusedError, trust_of, written
from differential.inputs import Input, moment

_ROOT = Path(__file__).parents[2]
_PROGRAM = _ROOT / "web" / "tools" / "verify_lines.ts"
#: Answers are waited for so long, in seconds: a loop that does not end is a difference, too.
_PATIENCE = 120


def node() -> str | None:
    """Node.js: the one beside this interpreter, or any other."""
    beside = str(Path(sys.executable).parent)
    return shutil.which("node", path=beside) or shutil.which("node")


@lru_cache(500)
def _trust(items: tuple[tuple[str, str], ...]) -> sc.Trust | TrustRefusedError:
    try:
        return trust_of(dict(items))
    except TrustRefusedError as refusal:
        return refusal


def by_python(given: Input) -> Any:
    """What this library answers, as the vectors write it; an exception is an answer, too."""
    try:
        trust = _trust(tuple(sorted(given.trust.items())))
        if isinstance(trust, TrustRefusedError):
            return {"trust_refused": trust.reason}
        policy = sc.Policy(timedelta(microseconds=given.max_staleness), given.audience)
        options: dict[str, Any] = {"now": moment(given.now), "policy": policy}
        if given.token is not None:
            return written(sc.verify(given.token, trust, **options))
        assert given.text is not None
        options["sealed_file"] = given.sealed_file
        return written(sc.verify_text(given.text, trust, **options))
    except Exception as error:  # noqa: BLE001  # no input may cause any
        return {"exception": f"{type(error).__name__}: {error}"}


class ByPage:
    """The verify page's verifier in a process of its own; answers come in order."""

    def __init__(self) -> None:
        program = node()
        if program is None:
            raise RuntimeError("there is no Node.js")
        self._process = subprocess.Popen(
            [program, str(_PROGRAM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, given: Sequence[Input]) -> None:
        """Asks; the answers are fetched later."""
        assert self._process.stdin is not None
        lines = "".join(json.dumps(each.to_line()) + "\n" for each in given)
        threading.Thread(target=self._write, args=(lines,), daemon=True).start()

    def answer(self) -> Any:
        """The next answer, as the vectors write it."""
        try:
            line = self._answers.get(timeout=_PATIENCE)
        except queue.Empty:
            return {"exception": f"no answer for {_PATIENCE} seconds"}
        if line is None:
            assert self._process.stderr is not None
            return {"exception": self._process.stderr.read()}
        found = json.loads(line)
        return found if "trust_refused" in found else _as_vector(found)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put(None)

    def _write(self, lines: str) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(lines)
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass  # it has ended, which its answers show


def _as_vector(found: dict[str, Any]) -> dict[str, Any]:
    findings = [list(finding.values()) for finding in found["findings"]]
    run = len(findings)
    while findings[run - 1][1] == "NOT_RUN":
        run -= 1
    return found | {"findings": findings[:run], "not_run": len(findings) - run}


def agree(one: Any, other: Any) -> bool:
    """Whether both answers are the same; section 10 names no reasons."""
    if "trust_refused" in one and "trust_refused" in other:
        return one["trust_refused"] in (None, other["trust_refused"])
    return bool(one == other) and "exception" not in one
