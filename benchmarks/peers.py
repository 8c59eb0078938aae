"""Peers with the same certificates: size, QR code, speed, import time, memory.

Each has a process in an environment of its own, with its keys made and warm, on one core. They
take turns: in each round every one of them issues all certificates, and verifies them. What counts
is processor time, so that whatever else the machine does counts little.
"""

import json
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.content import ROOT
from benchmarks.environments import PeerMissing
from benchmarks.process_tree import children_seconds
from benchmarks.roster import certificates
from benchmarks.spread import Goal, Spread, ratios
from benchmarks.token_peers.contestants import (
    BARE,
    BARE_OPENSSL,
    OURS,
    PEERS,
    Contestant,
    Process,
)
from benchmarks.token_peers.serving import Content
from benchmarks.token_peers.sizes import Sizes, sizes

COUNT, ROUNDS, IMPORTS = 400, 25, 11
GOAL = 2.0
_ALL = (BARE, BARE_OPENSSL, *OURS, *PEERS)


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one is.

    :ivar issued: certificates a second.
    :ivar verified: certificates a second.
    :ivar import_ms: of processor time, in a new process, without Python's own start.
    :ivar memory: peak of the whole process, in megabytes.
    """

    name: str
    issued: Spread
    verified: Spread
    import_ms: Spread
    memory: float


@dataclass(frozen=True, slots=True)
class Peers:
    """All of it.

    :ivar faster: how many times as fast one of ours (first) verifies as a peer (second).
    :ivar missing: who could not be measured, and why.
    """

    count: int
    rounds: int
    sizes: list[Sizes]
    speeds: list[Speed]
    faster: dict[str, dict[str, Spread]]
    missing: dict[str, str]

    def goals(self) -> list[Goal]:
        """Faster than every peer by 2 × in verification."""
        return [
            Goal(f"{own}, times as fast as {peer}, one core", found.middle, GOAL)
            for own, each in self.faster.items()
            for peer, found in each.items()
            if own != BARE.name
        ]

    def lines(self) -> list[str]:
        """Markdown."""
        return [
            *self._size_table(),
            "",
            *self._speed_table(),
            "",
            *self._faster_table(),
            "",
            *self._notes(),
        ]

    def _size_table(self) -> list[str]:
        lines = [
            "| the same certificate | token, bytes | link, characters | QR version at M |",
            "|---|---|---|---|",
        ]
        for each in self.sizes:
            token = "—" if each.token is None else f"{each.token:.0f}"
            link = "—" if each.link is None else f"{each.link:.0f}"
            version = "none is large enough" if each.version is None else f"{each.version:.1f}"
            lines.append(f"| {each.name} | {token} | {link} | {version} |")
        return lines

    def _speed_table(self) -> list[str]:
        lines = [
            "| one core | issued, 1/s | verified, 1/s | import, ms | peak memory, MB |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {each.name} | {each.issued.text(0)} | {each.verified.text(0)} "
            f"| {each.import_ms.text(0)} | {each.memory:.0f} |"
            for each in self.speeds
        ]
        return lines

    def _faster_table(self) -> list[str]:
        peers = list(dict.fromkeys(peer for each in self.faster.values() for peer in each))
        lines = [
            f"| verification, times as fast as | {' | '.join(peers)} |",
            f"|---|{'---|' * len(peers)}",
        ]
        for own, each in self.faster.items():
            cells = " | ".join(each[peer].text() for peer in peers)
            lines.append(f"| {own} | {cells} |")
        return lines

    def _notes(self) -> list[str]:
        known = [f"- {each.title}: {each.note}." for each in _ALL]
        return [*known, *(f"- Not measured: {reason}." for reason in self.missing.values())]


def contents(count: int = COUNT) -> list[Content]:
    """The certificates of a roster, as JSON that any library can put into its tokens."""
    return [
        each.model_dump(mode="json", exclude_defaults=True)
        | {"id": each.id.hex(), "issued_at": int(each.issued_at.timestamp())}
        for each in certificates(count)
    ]


def measure(count: int = COUNT, rounds: int = ROUNDS) -> Peers:
    """Everything, in one run."""
    missing: dict[str, str] = {}
    with TemporaryDirectory() as folder, ExitStack() as ends:
        given = Path(folder) / "contents.json"
        given.write_text(json.dumps(contents(count), ensure_ascii=False), encoding="utf-8")
        processes: dict[Contestant, Process] = {}
        for each in _ALL:
            try:
                process = ends.enter_context(Process(each, given))
                process.ask("verify")  # known to work, and warm
                processes[each] = process
            except PeerMissing as reason:
                missing[each.name] = str(reason)
        seconds: dict[str, dict[Contestant, list[float]]] = {
            what: {each: [] for each in processes} for what in ("issue", "verify")
        }
        for _ in range(rounds):
            for each, process in processes.items():
                for what, found in seconds.items():
                    found[each].append(process.ask(what))
        tokens = {each.name: process.tokens() for each, process in processes.items()}
        memory = {each: process.ask("memory") for each, process in processes.items()}
    imports = _import_times(list(processes))
    return Peers(
        count=count,
        rounds=rounds,
        sizes=sizes(tokens),
        speeds=[
            Speed(
                each.name,
                _rate(count, seconds["issue"][each]),
                _rate(count, seconds["verify"][each]),
                imports[each],
                memory[each],
            )
            for each in processes
        ],
        faster={
            own.name: {
                peer.name: ratios(seconds["verify"][peer], seconds["verify"][own])
                for peer in PEERS
                if peer in processes
            }
            for own in (BARE, *OURS)
            if own in processes
        },
        missing=missing,
    )


def _rate(count: int, seconds: Sequence[float]) -> Spread:
    return Spread.of([count / each for each in seconds])


def _import_times(contestants: list[Contestant]) -> dict[Contestant, Spread]:
    """Milliseconds more than a Python that imports nothing; they take turns, too."""
    found: dict[Contestant, list[float]] = {each: [] for each in contestants}
    for number in range(IMPORTS + 1):
        for each, times in found.items():
            bare, whole = (_start_ms(each.python(), code) for code in ("pass", each.imports))
            if number:  # the first round compiles
                times.append(whole - bare)
    return {each: Spread.of(times) for each, times in found.items()}


def _start_ms(python: Path, code: str) -> float:
    start = children_seconds()
    subprocess.run([python, "-c", code], check=True, cwd=ROOT)
    return 1000 * (children_seconds() - start)


if __name__ == "__main__":
    print("\n".join(measure().lines()))
