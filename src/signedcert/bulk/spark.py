"""The kernel on Apache Spark: ``DataFrame.mapInArrow``. Needs the extra ``spark``.

::

    placed = spark.with_positions(roster, "hdfs:///runs/2026-11/roster")
    plan = plan_for(workspace, ledger, placed.rows, now)
    issued = spark.issue(placed, plan, KeyFile(path, public_key, PassphraseFile(secret)))
    issued.write.parquet("hdfs:///runs/2026-11/issued")

What a worker does depends on its rows and the plan alone, so it does not matter how often Spark
does it: after a worker was lost, beside one that is slow, or for a second look at the result.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache

import pyarrow as pa

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
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql import functions as sf
    from pyspark.sql.types import StructType, TimestampNTZType

    from signedcert.bulk.spark_types import spark_schema, to_spark
except ModuleNotFoundError as error:
    if error.name != "pyspark":
        raise
    raise ImportError(
        "signedcert.bulk.spark needs a package that is not installed: "
        "pip install 'signedcert[spark]'",
        name="pyspark",
    ) from error

#: The row's number in the files: that of the task that wrote it, and within it that of the row, in
#: the lower 33 bits (monotonically_increasing_id).
_STORED = "_stored"
_ROW_BITS = 33
_ROW_MASK = (1 << _ROW_BITS) - 1
#: Some seconds of work: enough tasks to share out, and little to do again for a lost worker.
_TASK_ROWS = 20_000


def with_positions(
    roster: DataFrame, folder: str, *, task_rows: int = _TASK_ROWS
) -> Placed[DataFrame]:
    """Writes a roster to files, once, and gives each row its position.

    :param roster: columns of ROSTER, nested as there.
    :param folder: where to; any URL that Spark writes. It must not exist. It holds personal data,
        as the roster does: remove it after the run.
    :param task_rows: how many rows a task has to issue, or less.
    :raises ValueError: for a column that no certificate has, or a moment without a time zone.
    :raises PositionsError: as :func:`positions_in` does.
    """
    _check(roster)
    numbered = roster.withColumn(_STORED, sf.monotonically_increasing_id())
    numbered.write.parquet(folder)
    return positions_in(roster.sparkSession, folder, task_rows=task_rows)


def positions_in(
    session: SparkSession, folder: str, *, task_rows: int = _TASK_ROWS
) -> Placed[DataFrame]:
    """The roster that :func:`with_positions` wrote, with the same positions as then.

    :raises PositionsError: when the files are not those that were written.
    """
    stored = session.read.parquet(folder)
    part, row = sf.shiftright(_STORED, _ROW_BITS), sf.col(_STORED).bitwiseAND(sf.lit(_ROW_MASK))
    counted = stored.groupBy(part.alias("part")).agg(sf.count("*"), sf.max(row), sf.sum(row))
    parts = [Part(*each) for each in counted.collect()]
    firsts = session.createDataFrame(
        list(first_positions(parts, folder).items()), "_part long, _first long"
    )
    frame = stored.join(sf.broadcast(firsts), part == sf.col("_part")).select(
        *(each for each in stored.columns if each != _STORED),
        (sf.col("_first") + row).alias("position"),
    )
    count = sum(each.rows for each in parts)
    # Not by size, as Spark shares files out: a small file may be long to sign.
    tasks = max(1, -(-count // task_rows))
    return Placed(frame.repartition(tasks, "position"), count)


def issue(
    roster: Placed[DataFrame] | DataFrame, plan: IssuePlan, signer: SignerFactory
) -> DataFrame:
    """Issues a certificate for each row: columns of ISSUED, with the row's error where it has one.

    Lazy, as all of Spark is. The same rows and plan give the same bytes, however often, and on
    however many workers. Write the result to files; record it in the ledger before anything of it
    leaves (``signedcert bulk record``).

    :param roster: with places in status lists, what :func:`with_positions` gives; without, rows.
    :param signer: opens the key on the workers, once in each of their processes. No key is in what
        the driver sends them.
    :raises ValueError: for a column that no certificate has, a moment without a time zone, or a
        plan without a place for each row.
    :raises TypeError: for a signer in place of a signer factory.
    """
    if isinstance(roster, Placed):
        check_job(plan, signer, roster.rows)
        frame = roster.frame
    else:
        _check(roster)
        check_job(plan, signer, None)
        frame = roster
    return frame.mapInArrow(_Issuing(plan, signer), spark_schema(ISSUED))


def verify(  # noqa: PLR0913 - as verify_batch, and what to keep
    presented: DataFrame,
    bundle: bytes,
    now: datetime,
    policy: Policy | None = None,
    *,
    details: bool = False,
    keep: Sequence[str] = (),
) -> DataFrame:
    """Verifies what each row presents: columns of VERDICTS.

    :param presented: with a column ``token`` or ``link``, or both. Its partitions are the tasks.
    :param bundle: the trust store (:meth:`signedcert.Trust.to_bundle`). Whoever calls this vouches
        for the bytes. It travels with the job: a megabyte for each million certificates or so.
    :param now: the moment of verification, with its time zone.
    :param details: whether to add the column ``statement``, all that a certificate says.
    :param keep: columns of the rows to put before the verdict, so that it is known whose it is.
    :raises TrustError: when the bundle is none.
    :raises ValueError: for a moment without a time zone, or a kept column that a verdict has, too.
    """
    check_verification(bundle, now, keep)
    offered = [each for each in ("token", "link") if each in presented.columns]
    frame = presented.select(*keep, *(each for each in offered if each not in keep))
    verdicts = spark_schema(DETAILED_VERDICTS if details else VERDICTS)
    columns = StructType([*presented.select(*keep).schema.fields, *verdicts.fields])
    work = _Verifying(bundle, now, policy or Policy(), details=details, keep=tuple(keep))
    return frame.mapInArrow(work, columns)


class _Issuing:
    """What a worker does to be sent its rows: module-level, so that it is pickled by its name."""

    def __init__(self, plan: IssuePlan, signer: SignerFactory) -> None:
        self._plan, self._signer = plan, signer

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        signer = opened(self._signer)
        for batch in batches:
            yield to_spark(issue_batch(batch, self._plan, signer))


class _Verifying:
    """Likewise."""

    def __init__(
        self, bundle: bytes, now: datetime, policy: Policy, *, details: bool, keep: tuple[str, ...]
    ) -> None:
        self._bundle, self._now, self._policy = bundle, now, policy
        self._details, self._keep = details, keep

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        trust = _trust(self._bundle)
        for batch in batches:
            verdicts = verify_batch(batch, trust, self._now, self._policy, details=self._details)
            yield beside(batch.select(list(self._keep)), to_spark(verdicts))


@lru_cache(maxsize=2)
def _trust(bundle: bytes) -> Trust:
    """The trust of a bundle: opened once in a process, however many tasks run in it."""
    return Trust.from_bundle(bundle)


def _check(roster: DataFrame) -> None:
    check_roster(roster.columns)
    for field in roster.schema.fields:
        if isinstance(field.dataType, TimestampNTZType):
            raise ValueError(
                f"the moments of {field.name} have no time zone (TIMESTAMP_NTZ): cast the column "
                "to TIMESTAMP, under the time zone that they were written in"
            )
