"""Verdicts, one by one → columns."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import repeat
from typing import Any

import pyarrow as pa

from signedcert.bulk.kernel.accepting import Accepted
from signedcert.bulk.kernel.said import Said, said_by, said_by_record
from signedcert.bulk.kernel.schemas import DETAILED_VERDICTS, VERDICTS
from signedcert.bulk.kernel.shown import statement_cell
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.verify.verdict import Finding, Outcome, Status, Verdict

_UNDECIDED = (Outcome.UNKNOWN, Outcome.NOT_RUN)
_HEADS = ("status", "check", "reason", "findings", "as_of")
_SIGNED = (
    "kind",
    "code",
    "issuer",
    "issued_at",
    "expires_at",
    "learner",
    "latin_name",
    "course",
    "institution",
    "completed_on",
    "result",
    "status_list",
    "status_index",
)
_NOTHING_SIGNED: tuple[Any, ...] = (None,) * len(_SIGNED)


class VerdictRows:
    """The rows of :data:`VERDICTS`, which are added in order.

    Most verdicts of a batch have one of a few statuses and lists of findings, so these are kept
    once: heads.
    """

    def __init__(self, *, details: bool) -> None:
        self._details = details
        self._heads: dict[Hashable, int] = {}
        self._head_rows: list[tuple[Any, ...]] = []
        self._by_standing: dict[Hashable, int] = {}
        self._head_of: list[int | None] = []
        self._signed: list[tuple[Any, ...]] = []
        # By the number of the row, for the few that have one, or where details are wanted.
        self._statements: dict[int, dict[str, Any]] = {}
        self._errors: dict[int, str] = {}

    def add_error(self, error: str) -> None:
        """Adds a row of which there is no verdict."""
        self._errors[len(self._head_of)] = error
        self._head_of.append(None)
        self._signed.append(_NOTHING_SIGNED)

    def add_accepted(self, accepted: Accepted) -> bool:
        """Adds a certificate to which no check objects, if one of its standing was added before.

        :returns: whether it was.
        """
        head = self._by_standing.get(accepted.standing)
        if head is None:
            return False
        self._head_of.append(head)
        self._signed.append(_signed("certificate", accepted.issuer, accepted.said))
        if accepted.certificate is not None:
            self._statements[len(self._head_of) - 1] = statement_cell(accepted.certificate)
        return True

    def add(self, verdict: Verdict, accepted: Accepted | None) -> None:
        """Adds a verdict.

        :param accepted: the certificate, if no check objected to it.
        """
        asked = (verdict.status, verdict.findings, verdict.as_of)
        head = self._heads.get(asked)
        if head is None:
            head = self._heads[asked] = len(self._head_rows)
            self._head_rows.append(_head(verdict))
        if accepted is not None and verdict.status is Status.VALID:
            self._by_standing[accepted.standing] = head
        statement = verdict.statement
        if statement is None:
            signed = _NOTHING_SIGNED
        elif isinstance(statement, Certificate):
            signed = _signed("certificate", statement.issuer, said_by(statement))
            if self._details:
                self._statements[len(self._head_of)] = statement_cell(statement)
        else:
            kind = "course_record" if statement.share is None else "share"
            signed = _signed(kind, statement.issuer, said_by_record(statement))
        self._head_of.append(head)
        self._signed.append(signed)

    def batch(self) -> pa.RecordBatch:
        """All rows."""
        heads = pa.array(self._head_of, pa.int64())
        found = {
            name: pa.array(column, VERDICTS.field(name).type).take(heads)
            for name, column in _columns(_HEADS, self._head_rows)
        }
        found |= {
            name: pa.array(column, VERDICTS.field(name).type)
            for name, column in _columns(_SIGNED, self._signed)
        }
        rows = range(len(self._head_of))
        found["error"] = pa.array([self._errors.get(row) for row in rows], pa.string())
        if not self._details:
            return pa.RecordBatch.from_arrays(list(found.values()), schema=VERDICTS)
        kind = DETAILED_VERDICTS.field("statement").type
        found["statement"] = pa.array([self._statements.get(row) for row in rows], kind)
        return pa.RecordBatch.from_arrays(list(found.values()), schema=DETAILED_VERDICTS)


def _columns(
    names: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> Iterable[tuple[str, Sequence[Any]]]:
    return zip(names, zip(*rows, strict=True) if rows else repeat(()), strict=False)


def _signed(kind: str, issuer: str, said: Said) -> tuple[Any, ...]:
    issued_at, _, expires_at = said.moments
    number, index = said.place or (None, None)
    return (
        kind,
        code_from_id(said.id),
        issuer,
        issued_at,
        expires_at,
        said.learner,
        said.latin_name,
        said.course,
        said.institution,
        said.completed_on,
        said.result,
        number,
        index,
    )


def _head(verdict: Verdict) -> tuple[Any, ...]:
    decided = _deciding(verdict)
    return (
        verdict.status.value,
        decided and decided.check.value,
        decided and decided.reason.value,
        [
            {"check": each.check.value, "outcome": each.outcome.value, "reason": each.reason.value}
            for each in verdict.findings
        ],
        verdict.as_of,
    )


def _deciding(verdict: Verdict) -> Finding | None:
    """The first finding for which it is not VALID; None where it is."""
    if verdict.status is Status.VALID:
        return None
    wanted = (Outcome.FAILED,) if verdict.status is Status.INVALID else _UNDECIDED
    return next(finding for finding in verdict.findings if finding.outcome in wanted)
