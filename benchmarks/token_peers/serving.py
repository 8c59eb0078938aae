"""How a script is asked to issue and to verify, in turn with the others.

Of the standard library alone. A script is started with a file of contents. For each line that it
reads it prints one, in JSON: ``issue`` and ``verify`` give the seconds of processor time that one
round took over all contents, ``tokens`` gives them in base64, ``memory`` the peak in megabytes.
"""

import base64
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

#: One certificate: see ``benchmarks.peers.contents``.
Content = dict[str, Any]
Token = TypeVar("Token", str, bytes)
#: Of the key that signs all of them.
SEED = bytes(range(32))
ISSUER = "learn.example.edu"


@dataclass(frozen=True, slots=True)
class Calls(Generic[Token]):
    """What is measured.

    :ivar issue: contents to tokens.
    :ivar verify: checks the tokens, raises on any that is not valid, and returns their contents.
    """

    issue: Callable[[list[Content]], list[Token]]
    verify: Callable[[list[Token]], Iterable[object]]


def one_by_one(
    issue: Callable[[Content], Token], verify: Callable[[Token], object]
) -> Calls[Token]:
    """Calls that take one certificate each."""
    return Calls(
        lambda contents: [issue(each) for each in contents],
        lambda tokens: [verify(each) for each in tokens],
    )


def serve(calls: Calls[Token]) -> None:
    """Answers the lines on standard input, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    contents: list[Content] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    tokens = calls.issue(contents)
    for line in sys.stdin:
        print(json.dumps(_answer(line.strip(), calls, contents, tokens)), flush=True)


def _answer(
    asked: str, calls: Calls[Token], contents: list[Content], tokens: list[Token]
) -> float | list[str]:
    if asked == "tokens":
        raw = (each.encode() if isinstance(each, str) else each for each in tokens)
        return [base64.b64encode(each).decode() for each in raw]
    if asked == "memory":
        return _peak()
    start = time.process_time()
    if asked == "issue":
        calls.issue(contents)
    else:
        calls.verify(tokens)
    return time.process_time() - start


def _peak() -> float:
    """Megabytes that the process had in use at most."""
    try:
        # Not ru_maxrss, which on Linux begins with that of the process that started this one.
        status = Path("/proc/self/status").read_text().splitlines()
        peak = next(line for line in status if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1000
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def body(content: Content) -> dict[str, Any]:
    """The certificate as our own JSON has it: the natural claim of a CWT or JWT."""
    return {name: content[name] for name in content if name not in ("id", "issued_at", "issuer")}
