"""The pictures of ``docs/performance.md``."""

from benchmarks.growth import MEMORY_GOAL, Growth
from benchmarks.peers import Peers
from benchmarks.plots import Bar, Curve, Panel, bars, panels
from benchmarks.token_peers.contestants import BARE, BARE_OPENSSL, OURS

_OWN = {each.name for each in OURS}
_LIMITS = {BARE.name, BARE_OPENSSL.name}


def of_peers(measured: Peers) -> str:
    """Bars of who verifies how many certificates a second."""
    given = [
        Bar(
            each.name, each.verified.low, each.verified.middle, each.verified.high, _kind(each.name)
        )
        for each in measured.speeds
    ]
    note = "Medians, with lines from quartile to quartile. Green: ours. Pale: bare signatures."
    return bars("Certificates verified a second, on one core", note, given)


def of_growth(found: Growth) -> str:
    """Time and memory over the number of rows."""
    commands = list(dict.fromkeys(each.command for each in found.found))
    kinds = dict(zip(commands, "op", strict=True))
    time, memory = [], []
    for command in commands:
        of_it = [each for each in found.found if each.command == command]
        seconds = {each.rows: each.seconds.middle for each in of_it}
        used = {each.rows: each.pss for each in of_it if each.pss is not None}
        time.append(Curve(command, seconds, kinds[command]))
        memory += [Curve(command, used, kinds[command])] if used else []
    given = [Panel("Time", "seconds", time, tenfold=True)]
    if memory:
        limit = (MEMORY_GOAL, f"goal: at most {MEMORY_GOAL}")
        given.append(Panel("Memory of all processes", "MB (PSS)", memory, limit=limit))
    return panels("Whole commands over the number of rows", f"On {found.cores} cores.", given)


def _kind(name: str) -> str:
    if name in _LIMITS:
        return "l"
    return "o" if name in _OWN else "p"
