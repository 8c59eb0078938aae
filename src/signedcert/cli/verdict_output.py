"""A verdict as JSON for programs, and for people: the answer first, then why, then what it says."""

from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from signedcert.cli import words
from signedcert.cli.record_output import print_record
from signedcert.cli.screen import print_rows, visible
from signedcert.cli.statement_rows import statement_rows
from signedcert.errors import Reason
from signedcert.model.certificate import Certificate
from signedcert.share.shared_record import SharedRecord
from signedcert.verify.verdict import Finding, Outcome, Status, Verdict

COLOURS = {
    Status.VALID: "bold green",
    Status.INVALID: "bold red",
    Status.INDETERMINATE: "bold yellow",
}
_MARK_COLOURS = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "red",
    Outcome.UNKNOWN: "yellow",
    Outcome.NOT_APPLICABLE: "dim",
    Outcome.NOT_RUN: "dim",
}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The verdict in JSON's types: ``status``, ``as_of``, ``findings``, ``statement``."""
    statement = verdict.statement
    return {
        "status": verdict.status.value,
        "as_of": None if verdict.as_of is None else rfc3339(verdict.as_of),
        "findings": [finding_json(finding) for finding in verdict.findings],
        "statement": None if statement is None else statement_json(statement),
    }


def statement_json(statement: Certificate | SharedRecord) -> dict[str, Any]:
    """What was signed, in JSON's types."""
    if isinstance(statement, SharedRecord):
        return statement.to_json()
    return statement.model_dump(mode="json", exclude_defaults=True)


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding in JSON's types."""
    return {
        "check": finding.check.value,
        "outcome": finding.outcome.value,
        "reason": finding.reason.value,
    } | ({} if finding.as_of is None else {"as_of": rfc3339(finding.as_of)})


def _sentence(verdict: Verdict, finding: Finding, now: datetime | None) -> str:
    of_record = isinstance(verdict.statement, SharedRecord)
    words_ = words.sentence(finding, of_record=of_record)
    if finding.reason is Reason.AUDIENCE_NOT_ASKED and isinstance(verdict.statement, SharedRecord):
        share = verdict.statement.share
        assert share is not None  # the question of the audience arises for shares alone
        words_ = words.prepared_for(visible(share.audience))
    if finding.as_of is None:
        return words_
    return f"{words_} (As of {_dated(finding.as_of, now)}.)"


def _dated(at: datetime, now: datetime | None) -> str:
    ahead = now is not None and at > now
    return f"{rfc3339(at)}{', dated later than your clock' if ahead else ''}"


def rfc3339(at: datetime) -> str:
    """A UTC moment as the JSON forms of statements write it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def print_verdict(
    console: Console,
    verdict: Verdict,
    now: datetime | None = None,
    more: tuple[Finding, ...] = (),
) -> None:
    """Prints a verdict for people.

    :param now: the moment of checking; what is dated later is said to be. None: it is not compared.
    :param more: findings beyond the verdict's own.
    """
    status = verdict.status
    console.print(Text.assemble((status.value, COLOURS[status]), f": {words.STATUS[status]}."))
    console.print()
    print_said(console, verdict, now, more)
    if status is Status.VALID:
        console.print(Text(words.NOT_PROVED, style="dim"))


def print_said(
    console: Console,
    verdict: Verdict,
    now: datetime | None = None,
    more: tuple[Finding, ...] = (),
) -> None:
    """Prints what was checked and what was signed, without the answer as a whole.

    :param now: as of :func:`print_verdict`.
    :param more: likewise.
    """
    print_findings(console, verdict, now, more)
    console.print()
    if verdict.statement is None:
        console.print("What it says is not shown: nobody that you trust vouches for it.")
    elif isinstance(verdict.statement, SharedRecord):
        print_record(console, verdict.statement)
    else:
        print_rows(console, statement_rows(verdict.statement))
    if verdict.as_of is not None:
        console.print()
        dated = _dated(verdict.as_of, now)
        console.print(Text(f"As of {dated}: the oldest list or document used."))


def print_findings(
    console: Console, verdict: Verdict, now: datetime | None, more: tuple[Finding, ...] = ()
) -> None:
    """Prints what was checked, and what came out.

    :param more: findings beyond the verdict's own.
    """
    print_rows(
        console,
        (
            (
                Text.assemble(
                    (words.MARKS[finding.outcome], _MARK_COLOURS[finding.outcome]),
                    f" {words.CHECKS[finding.check]}",
                ),
                Text(_sentence(verdict, finding, now)),
            )
            for finding in (*verdict.findings, *more)
        ),
    )


def print_heading(console: Console, name: str) -> None:
    """Names the input that what follows is about."""
    console.print(Text(visible(name), style="bold"))
