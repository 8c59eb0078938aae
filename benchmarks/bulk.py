"""The bulk kernel against the limit: bare signatures over the same messages, on as many cores.

Everything takes turns in each round. Ratios are of rates of one round; the limit is the rate of
one core's bare calls, times the cores. Processor times say where the time goes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bulk_issuer import Issuer
from benchmarks.bulk_work import CORES, Given, Took, Workers, rounds
from benchmarks.spread import Goal, Spread, ratios

ROWS, ROUNDS = 16_384, 15
VERIFY, ISSUE = "bare verify", "bare sign and verify"
_SINGLY, _PREPARE = "verify one by one", "prepare"
#: What each is measured against.
_LIMITS = {
    VERIFY: VERIFY,
    "verify": VERIFY,
    "verify links": VERIFY,
    "verify, threads": VERIFY,
    _SINGLY: VERIFY,
    ISSUE: ISSUE,
    "issue": ISSUE,
    "issue, threads": ISSUE,
    _PREPARE: ISSUE,
}
#: On one core only, to see where the time goes.
_STEPS = (_SINGLY, _PREPARE)
_NAMES = {
    VERIFY: "bare PyNaCl verify",
    "verify": "verify_batch, tokens",
    "verify links": "verify_batch, links",
    ISSUE: "bare PyNaCl sign + verify",
    "issue": "issue_batch, with links",
}
_ALONE = "1 process"
_THREADS = ", threads"
#: The least that was asked for, and what was hoped for.
GOALS_VERIFY, GOALS_ISSUE = (0.60, 0.80), (0.60,)


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast one thing is.

    :ivar what: what is done.
    :ivar on: how many processes or threads.
    :ivar rate: rows a second.
    :ivar limit: what it is measured against.
    :ivar ratio: rate against cores × the rate of the limit on one core.
    :ivar share: of its processor time, what the limit would take on one core.
    """

    what: str
    on: str
    rate: Spread
    limit: str
    ratio: Spread
    share: Spread


@dataclass(frozen=True, slots=True)
class Bulk:
    """All of it.

    :ivar steps: microseconds of one core for a row, of each step.
    """

    cores: int
    rows: int
    rounds: int
    rates: list[Rate]
    steps: dict[str, Spread]

    def goals(self) -> list[Goal]:
        """Of what uses all cores; of threads and processes the better one counts."""
        goals = []
        for what, limits in (
            ("verify", GOALS_VERIFY),
            ("verify links", GOALS_VERIFY),
            ("issue", GOALS_ISSUE),
        ):
            name = _NAMES[what]
            on_all = [each for each in self.rates if each.what == name and each.on != _ALONE]
            best = max(on_all, key=lambda each: each.ratio.middle, default=None)
            if best is not None:
                against = f"{self.cores} × {best.limit}"
                goals += limits_reached(
                    f"{name}, {best.on}, of {against}", best.ratio.middle, limits
                )
        return goals

    def lines(self) -> list[str]:
        """Markdown."""
        lines = [
            f"| what | on | rows a second | of {self.cores} × bare, or 1 × | bare's share of its "
            "processor time |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {each.what} | {each.on} | {each.rate.text(0)} | {each.ratio.text()} "
            f"| {each.share.text()} |"
            for each in self.rates
        ]
        lines += ["", "| of one core's time | microseconds a row |", "|---|---|"]
        lines += [f"| {step} | {value.text(1)} |" for step, value in self.steps.items()]
        return lines


def limits_reached(what: str, found: float, limits: Sequence[float]) -> list[Goal]:
    """A goal for the least that was asked for, and for what was hoped for, where that is more."""
    names = ("", ", hoped for")
    return [Goal(what + name, found, limit) for name, limit in zip(names, limits, strict=False)]


def measure(rows: int = ROWS, count: int = ROUNDS) -> Bulk:
    """Everything, in one run."""
    with TemporaryDirectory() as folder:
        issuer = Issuer.new(Path(folder) / "workspace")
        given = Given(issuer, issuer.plan(rows), issuer.bundle(), rows)
        with Workers(given, 1) as one, Workers(given, CORES) as every:
            calls: dict[tuple[str, str], Callable[[], Took]] = {}
            for what in _LIMITS:
                if what.endswith(_THREADS):
                    calls[what, f"{CORES} threads"] = partial(one.run, what)
                    continue
                calls[what, _ALONE] = partial(one.run, what)
                if what not in _STEPS:
                    calls[what, f"{CORES} processes"] = partial(every.run, what)
            found = rounds(calls, count)
    return Bulk(
        cores=CORES,
        rows=rows,
        rounds=count,
        rates=[_rate(what, on, found) for what, on in found if what not in _STEPS],
        steps=_steps({what: found[what, on] for what, on in found if on == _ALONE}),
    )


def _steps(took: dict[str, Sequence[Took]]) -> dict[str, Spread]:
    """What each step adds: the differences of each round."""

    def added(what: str, *less: str) -> Spread:
        return Spread.of(
            [
                whole.processor - sum(each.processor for each in parts)
                for whole, *parts in zip(took[what], *(took[each] for each in less), strict=True)
            ]
        )

    return {
        "verifying: the bare signature": added(VERIFY),
        "verifying: the other checks, and the statement (`sc.verify`)": added(_SINGLY, VERIFY),
        "verifying: many in a batch instead, in columns": added("verify", _SINGLY),
        "verifying: unpacking links": added("verify links", "verify"),
        "issuing: the bare signature and its verification": added(ISSUE),
        "issuing: rows to payloads": added(_PREPARE),
        "issuing: places, tokens, links, digests, columns": added("issue", ISSUE, _PREPARE),
    }


def _rate(what: str, on: str, found: dict[tuple[str, str], Sequence[Took]]) -> Rate:
    own, bare = found[what, on], found[_LIMITS[what], _ALONE]
    cores = 1 if on == _ALONE else CORES
    return Rate(
        what=_NAMES[what.removesuffix(_THREADS)],
        on=on,
        rate=Spread.of([each.rate for each in own]),
        limit=_NAMES[_LIMITS[what]],
        ratio=ratios([each.rate / cores for each in own], [each.rate for each in bare]),
        share=ratios([each.processor for each in bare], [each.processor for each in own]),
    )


if __name__ == "__main__":
    measured = measure()
    print("\n".join([*measured.lines(), "", *(goal.row() for goal in measured.goals())]))
