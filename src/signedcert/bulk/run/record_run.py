"""A cluster's files: every certificate verified, then recorded."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from signedcert.bulk.arrow_file import arrow_file
from signedcert.bulk.kernel.verifying import verify_batch
from signedcert.bulk.run.errors import NothingIssuedError, RunError
from signedcert.bulk.run.pool import Processes
from signedcert.bulk.run.recording import Claimed, Recorded, Refused, claims, record_claimed
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Check, Outcome, Policy
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.workspace import Workspace

_ROWS = 8192
#: What must have passed: that it is one of the issuer's own, by a key that could sign it.
_NEEDED = frozenset(
    each.name
    for each in (
        Check.FORMAT,
        Check.ISSUER_TRUSTED,
        Check.SIGNATURE,
        Check.SCHEMA,
        Check.ISSUER_MATCHES_KEY,
        Check.KEY_PERIOD,
    )
)
#: The workspace's own document says which keys are the issuer's, however old it is.
_POLICY = Policy(max_staleness=timedelta(days=36_500))


@dataclass(frozen=True, slots=True)
class RecordRun:
    """What is to be recorded.

    :ivar issued: a Parquet file, or a folder of them.
    :ivar workers: how many processes verify.
    """

    issued: Path
    now: datetime
    workers: int


def record_files(
    run: RecordRun, owner: Workspace, ledger: Ledger, tell: Callable[[int, float], None]
) -> Recorded:
    """Records the certificates in a Parquet file, or in all of a folder's, as Spark writes them.

    Each is verified under the keys of the workspace's own issuer document. Again changes nothing.

    :param tell: called with the rows that were looked at, and with which share of all they are.
    :raises RunError: when it is no such file; likewise LedgerError, WorkspaceError.
    """
    recorded, rows = Recorded(), 0
    files = _files(run.issued)
    total = sum(files.values())
    ledger.widen()
    asked = (owner.trust().to_bundle(), owner.issuer, run.now)
    with Processes(run.workers, _start, asked) as processes:
        for checked in processes.map(_check, _batches(files)):
            rows += len(checked)
            recorded.without += checked.count(None)
            recorded.refuse(each for each in checked if isinstance(each, Refused))
            record_claimed(
                ledger, [each for each in checked if isinstance(each, Claimed)], recorded
            )
            tell(rows, rows / max(1, total))
    return recorded


def _files(issued: Path) -> dict[Path, int]:
    """The file, or the files in the folder; of each, how many rows it has.

    :raises NothingIssuedError: when there is none.
    :raises RunError: when it is no Parquet file with a column token.
    """
    found = [issued]
    if issued.is_dir():
        # A folder may have such a name, too: Spark makes one.
        found = sorted(each for each in issued.rglob("*.parquet") if each.is_file())
    if not found:
        raise NothingIssuedError(f"{issued}: there is no Parquet file in it")
    rows = {}
    for path in found:
        try:
            with arrow_file(path) as file:
                metadata = parquet.read_metadata(file)
        except (pa.ArrowException, OSError) as error:
            raise RunError(f"{path}: it cannot be read as Parquet") from error
        if "token" not in metadata.schema.to_arrow_schema().names:
            raise RunError(f"{path}: there is no column token; expected what a cluster issued")
        rows[path] = int(metadata.num_rows)
    return rows


def _batches(files: Iterable[Path]) -> Iterator[pa.RecordBatch]:
    for path in files:
        try:
            with arrow_file(path) as file:
                yield from parquet.ParquetFile(file).iter_batches(_ROWS)
        except (pa.ArrowException, OSError) as error:
            raise RunError(f"{path}: it cannot be read any further; is it damaged?") from error


class _Here:
    """Of a process that verifies: whom to trust."""

    trust: Trust
    issuer: str
    now: datetime


def _start(bundle: bytes, issuer: str, now: datetime) -> None:
    _Here.trust, _Here.issuer, _Here.now = Trust.from_bundle(bundle), issuer, now


def _check(batch: pa.RecordBatch) -> list[Claimed | Refused | None]:
    """What each row claims, where its signature is one of the issuer's."""
    try:
        claimed = list(claims(batch))
        verdicts = verify_batch(batch, _Here.trust, _Here.now, _POLICY)
    except ValueError as error:
        raise RunError(str(error)) from error
    issuers = verdicts.column("issuer").to_pylist()
    findings = verdicts.column("findings").to_pylist()
    return [
        _verified(claim, issuer, finding)
        for claim, issuer, finding in zip(claimed, issuers, findings, strict=True)
    ]


def _verified(
    claim: Claimed | Refused | None, issuer: str | None, findings: list[dict[str, str]] | None
) -> Claimed | Refused | None:
    if not isinstance(claim, Claimed):
        return claim
    passed = {each["check"] for each in findings or () if each["outcome"] == Outcome.PASSED.name}
    if issuer == _Here.issuer and passed >= _NEEDED:
        return claim
    why = next(
        (each["reason"] for each in findings or () if each["check"] in _NEEDED - passed), "unknown"
    )
    return Refused(claim.line, None, f"it is not a certificate of {_Here.issuer}: {why}")
