"""The kernel on Ray Data: ``Dataset.map_batches``. Needs the extra ``ray``.

::

    placed = ray.with_positions(roster, "s3://runs/2026-11/roster")
    plan = plan_for(workspace, ledger, placed.rows, now)
    issued = ray.issue(placed, plan, KeyFile(path, public_key, PassphraseFile(secret)))
    issued.write_parquet("s3://runs/2026-11/issued")

What an actor does depends on its rows and the plan alone, so it does not matter how often Ray does
it. An actor that dies is started again, and opens the key again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc

from signedcert.bulk.jobs import beside, check_job, check_roster, check_verification
from signedcert.bulk.kernel.issuing import issue_batch
from signedcert.bulk.kernel.plan import IssuePlan, SignerFactory
from signedcert.bulk.kernel.schemas import DETAILED_VERDICTS, ISSUED, VERDICTS
from signedcert.bulk.kernel.verifying import verify_batch
from signedcert.bulk.positions import Part, Placed, first_positions
from signedcert.bulk.signers import opened
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Policy

try:
    from ray.data import ActorPoolStrategy, Dataset, read_parquet
except ModuleNotFoundError as error:
    if error.name not in {"ray", "ray.data"}:
        raise
    raise ImportError(
        "signedcert.bulk.ray needs a package that is not installed: pip install 'signedcert[ray]'",
        name="ray",
    ) from error

#: Where a row is in the files: the batch that it was written in, and its number there.
_PART, _ROW = "_part", "_row"
_BATCH_ROWS = 10_000
#: Some seconds of work: enough tasks to share out, and little to do again for a lost worker.
_TASK_ROWS = 20_000


def with_positions(roster: Dataset, folder: str, *, task_rows: int = _TASK_ROWS) -> Placed[Dataset]:
    """Writes a roster to files, once, and gives each row its position.

    :param roster: columns of ROSTER, nested as there.
    :param folder: where to; any path or URL that Ray writes. It must not exist. It holds personal
        data, as the roster does: remove it after the run.
    :param task_rows: how many rows a task has to issue, or less.
    :raises PositionsError: as :func:`positions_in` does.
    """
    numbered = roster.map_batches(_numbered, batch_format="pyarrow", batch_size=None)
    numbered.write_parquet(folder, mode="error")
    return positions_in(folder, task_rows=task_rows)


def positions_in(folder: str, *, task_rows: int = _TASK_ROWS) -> Placed[Dataset]:
    """The roster that :func:`with_positions` wrote, with the same positions as then.

    :raises PositionsError: when the files are not those that were written.
    """
    counted = read_parquet(folder, columns=[_PART, _ROW]).map_batches(
        _counted, batch_format="pyarrow", batch_size=None
    )
    found: dict[str, Part[str]] = {}
    # A file may be read in several pieces.
    for name, rows, last, total in (each.values() for each in counted.iter_rows()):
        before = found.get(name, Part(name, 0, 0, 0))
        found[name] = Part(name, before.rows + rows, max(before.last, last), before.total + total)
    firsts = first_positions(found.values(), folder)
    frame = read_parquet(folder).map_batches(
        _placed, batch_format="pyarrow", batch_size=None, fn_args=(firsts,)
    )
    # Not by size, as Ray makes blocks: a small one may be long to sign.
    frame = frame.repartition(target_num_rows_per_block=task_rows)
    return Placed(frame, sum(each.rows for each in found.values()))


def issue(
    roster: Placed[Dataset] | Dataset, plan: IssuePlan, signer: SignerFactory, **options: Any
) -> Dataset:
    """Issues a certificate for each row: columns of ISSUED, with the row's error where it has one.

    Lazy, as all of Ray Data is. The same rows and plan give the same bytes, however often, and on
    however many workers. Write the result to files; record it in the ledger before anything of it
    leaves (``signedcert bulk record``).

    :param roster: with places in status lists, what :func:`with_positions` gives; without, rows.
    :param signer: opens the key on the workers, once in each actor. No key is in what they are
        sent.
    :param options: of ``map_batches``, such as ``compute=ActorPoolStrategy(size=8)``.
    :raises ValueError: for a plan without a place for each row.
    :raises TypeError: for a signer in place of a signer factory.
    """
    rows = roster.rows if isinstance(roster, Placed) else None
    check_job(plan, signer, rows)
    frame = roster.frame if isinstance(roster, Placed) else roster
    return _mapped(frame, _Issuing, (plan, signer), options)


def verify(  # noqa: PLR0913 - those of verify_batch and of Ray, as users know them
    presented: Dataset,
    bundle: bytes,
    now: datetime,
    policy: Policy | None = None,
    *,
    details: bool = False,
    keep: Sequence[str] = (),
    **options: Any,
) -> Dataset:
    """Verifies what each row presents: columns of VERDICTS.

    :param presented: with a column ``token`` or ``link``, or both. Its blocks are the tasks.
    :param bundle: the trust store (:meth:`signedcert.Trust.to_bundle`). Whoever calls this vouches
        for the bytes. It travels to each actor.
    :param now: the moment of verification, with its time zone.
    :param details: whether to add the column ``statement``, all that a certificate says.
    :param keep: columns of the rows to put before the verdict, so that it is known whose it is.
    :param options: of ``map_batches``.
    :raises TrustError: when the bundle is none.
    :raises ValueError: for a moment without a time zone, or a kept column that a verdict has, too.
    """
    check_verification(bundle, now, keep)
    given = (bundle, now, policy or Policy(), details, tuple(keep))
    return _mapped(presented, _Verifying, given, options)


def _mapped(
    frame: Dataset, work: type, given: tuple[object, ...], options: dict[str, Any]
) -> Dataset:
    chosen = {"compute": ActorPoolStrategy(), "batch_size": _BATCH_ROWS, **options}
    return frame.map_batches(work, batch_format="pyarrow", fn_constructor_args=given, **chosen)


class _Issuing:
    """An actor that issues: module-level, so that it is pickled by its name."""

    def __init__(self, plan: IssuePlan, signer: SignerFactory) -> None:
        self._plan, self._signer = plan, opened(signer)

    def __call__(self, table: pa.Table) -> pa.Table:
        issued = (issue_batch(each, self._plan, self._signer) for each in table.to_batches())
        return pa.Table.from_batches(issued, ISSUED)


class _Verifying:
    """An actor that verifies."""

    def __init__(
        self, bundle: bytes, now: datetime, policy: Policy, details: bool, keep: tuple[str, ...]
    ) -> None:
        self._trust, self._now, self._policy = Trust.from_bundle(bundle), now, policy
        self._details, self._keep = details, list(keep)

    def __call__(self, table: pa.Table) -> pa.Table:
        kept = pa.schema([table.schema.field(name) for name in self._keep])
        schema = pa.schema([*kept, *(DETAILED_VERDICTS if self._details else VERDICTS)])
        return pa.Table.from_batches((self._one(each) for each in table.to_batches()), schema)

    def _one(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        verdicts = verify_batch(batch, self._trust, self._now, self._policy, details=self._details)
        return beside(batch.select(self._keep), verdicts)


def _numbered(table: pa.Table) -> pa.Table:
    """The rows with a name for them together, which no other task will take, and their numbers."""
    check_roster(table.schema.names)
    part = pa.repeat(pa.scalar(uuid4().hex), len(table))
    return table.append_column(_PART, part).append_column(_ROW, pa.array(range(len(table))))


def _counted(table: pa.Table) -> pa.Table:
    asked = ("count", "max", "sum")
    rows = table.group_by(_PART).aggregate([(_ROW, each) for each in asked])
    return rows.select([_PART, *(f"{_ROW}_{each}" for each in asked)])


def _placed(table: pa.Table, firsts: dict[str, int]) -> pa.Table:
    first = pa.array([firsts[name] for name in table.column(_PART).to_pylist()], pa.int64())
    position = pc.add(first, table.column(_ROW))
    return table.drop_columns([_PART, _ROW]).append_column("position", position)
