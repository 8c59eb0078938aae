"""What a verifier must answer, said by how it deviates from the answer to an honest statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from conformance.tokens import STATEMENT
from conformance.trust import PUBLISHED_AT

CHECKS = (
    *("FORMAT", "ISSUER_TRUSTED", "SIGNATURE", "SCHEMA", "ISSUER_MATCHES_KEY"),
    *("KEY_PERIOD", "VALIDITY", "STATUS"),
)
SHARE_CHECKS = ("AUDIENCE", "HOLDER", "SHARE_VALIDITY", "SHARE_STATUS")
#: The steps after which nothing is run unless they pass (section 9.2).
_STOPPING = CHECKS[:5]
_DATED = ("ISSUER_TRUSTED", "STATUS", "SHARE_STATUS")
_STATUS_OF = {
    "FAILED": "INVALID",
    "UNKNOWN": "INDETERMINATE",
    "NOT_RUN": "INDETERMINATE",
    "PASSED": "VALID",
    "NOT_APPLICABLE": "VALID",
}
#: With these, nothing is shown (section 9.4).
_HIDING = ("key_compromised", "key_revoked")


@dataclass(frozen=True)
class Finding:
    """One finding.

    :ivar stops: whether it is the last that is run.
    """

    check: str
    outcome: str
    reason: str
    as_of: int | None = None
    stops: bool = False


def fails(check: str, reason: str, as_of: int | None = None) -> Finding:
    """The check fails: INVALID."""
    return Finding(check, "FAILED", reason, as_of, check in _STOPPING)


def undecided(check: str, reason: str, as_of: int | None = None) -> Finding:
    """The check cannot be answered: INDETERMINATE. Step 2 stops unless it has a date."""
    stops = check in _STOPPING and (check != "ISSUER_TRUSTED" or as_of is None)
    return Finding(check, "UNKNOWN", reason, as_of, stops)


def passes(check: str, reason: str = "ok", as_of: int | None = None) -> Finding:
    """The check passes, with a reason or date of its own."""
    return Finding(check, "PASSED", reason, as_of)


def not_asked(check: str, reason: str) -> Finding:
    """The question does not arise."""
    return Finding(check, "NOT_APPLICABLE", reason)


@dataclass(frozen=True)
class Answer:
    """A verdict in the making.

    :ivar findings: all of them, in order.
    :ivar statement: what would be shown.
    """

    findings: tuple[Finding, ...]
    statement: dict[str, Any]

    def but(self, *deviations: Finding) -> Self:
        """The answer with other findings; nothing after one that stops is run."""
        found = {finding.check: finding for finding in (*self.findings, *deviations)}
        findings = [found[finding.check] for finding in self.findings]
        for place, finding in enumerate(findings):
            if finding.stops:
                before = [passes(each.check) for each in findings[:place]]
                after = [_not_run(each.check) for each in findings[place + 1 :]]
                findings = [*before, finding, *after]
                if finding.check == "FORMAT":
                    findings = findings[: len(CHECKS)]
                break
            if finding.check == "HOLDER" and finding.outcome != "PASSED":
                if finding.reason != "not_presented":
                    findings = [
                        _not_run(each.check)
                        if each.check in SHARE_CHECKS and each.check != "HOLDER"
                        else each
                        for each in findings
                    ]
                break
        return replace(self, findings=tuple(findings))

    def showing(self, changed: dict[str, Any]) -> Self:
        """The answer with other fields of the statement; None takes one away."""
        merged = {**self.statement, **changed}
        shown = {name: value for name, value in merged.items() if value is not None}
        return replace(self, statement=shown)

    def to_json(self) -> dict[str, Any]:
        """As the vectors write it."""
        statuses = {_STATUS_OF[finding.outcome] for finding in self.findings}
        status = next(s for s in ("INVALID", "INDETERMINATE", "VALID") if s in statuses)
        dates = [f.as_of for f in self.findings if f.check in _DATED and f.as_of is not None]
        run = len(self.findings)
        while self.findings[run - 1].outcome == "NOT_RUN":
            run -= 1
        return {
            "status": status,
            "as_of": utc(min(dates)) if dates else None,
            "findings": [
                [f.check, f.outcome, f.reason, *([] if f.as_of is None else [utc(f.as_of)])]
                for f in self.findings[:run]
            ],
            "not_run": len(self.findings) - run,
            "statement": None if self._hides() else self.statement,
        }

    def _hides(self) -> bool:
        return any(
            finding.stops
            or (finding.check == "ISSUER_TRUSTED" and finding.outcome != "PASSED")
            or finding.reason in _HIDING
            for finding in self.findings
        )


def _not_run(check: str) -> Finding:
    return Finding(check, "NOT_RUN", "not_reached")


def utc(seconds: int) -> str:
    """A moment as RFC 3339 writes it."""
    return f"{datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None).isoformat()}Z"


def answer(
    checks: Sequence[str], *deviations: Finding, statement: dict[str, Any] | None = None
) -> Answer:
    """An answer that all checks pass, but for the deviations."""
    shown = STATEMENT if statement is None else statement
    return Answer(tuple(passes(check) for check in checks), shown).but(*deviations)


#: Of the honest certificate: by the issuer's document, and by a key set without periods.
VALID = answer(
    CHECKS,
    passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT),
    not_asked("STATUS", "no_status_reference"),
)
BY_KEY_SET = VALID.but(passes("ISSUER_TRUSTED"), not_asked("KEY_PERIOD", "no_key_period"))
