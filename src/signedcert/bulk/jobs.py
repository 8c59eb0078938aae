"""What jobs on clusters have in common, whatever the engine."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import pyarrow as pa

from signedcert.bulk.kernel.plan import IssuePlan
from signedcert.bulk.kernel.schemas import DETAILED_VERDICTS, ROSTER
from signedcert.crypto.signer import Signer
from signedcert.model.times import Moment
from signedcert.trust.trust import Trust


def check_roster(columns: Iterable[str]) -> None:
    """Refuses, before any worker starts, a column that no certificate has.

    :raises ValueError: for such a column, or ``position``, which is made of files.
    """
    for name in columns:
        if name == "position":
            raise ValueError("positions are made by with_positions, from files: drop the column")
        if name not in ROSTER.names:
            raise ValueError(f"no certificate has the column {name}: drop or rename it")


def check_job(plan: IssuePlan, signer: object, rows: int | None) -> None:
    """Refuses, before any worker starts, a job that could not be done.

    :param rows: how many rows have positions; None for rows without.
    :raises ValueError: when the plan has places, and rows have no position, or too few places.
    :raises TypeError: for a signer in place of a signer factory, or one that cannot be hashed.
    """
    if isinstance(signer, Signer) or not callable(signer):
        raise TypeError(
            "give a signer factory, such as KeyFile: it says where the key is, and no key travels"
        )
    hash(signer)
    if rows is None and plan.blocks:
        raise ValueError("the plan has places in status lists: give rows with_positions")
    if rows is not None and plan.blocks and plan.capacity < rows:
        raise ValueError(f"the plan has {plan.capacity} places for {rows} rows")


def check_verification(bundle: bytes, now: datetime, keep: Sequence[str]) -> None:
    """Refuses, before any worker starts, a verification that could not be done.

    :raises TrustError: when the bundle is none.
    :raises ValueError: for a moment without a time zone, or a kept column that a verdict has, too.
    """
    Trust.from_bundle(bundle)
    Moment().check(now)
    for name in keep:
        if name in DETAILED_VERDICTS.names:
            raise ValueError(f"a verdict has a column {name}, too: rename the one to keep")


def beside(left: pa.RecordBatch, right: pa.RecordBatch) -> pa.RecordBatch:
    """The columns of both, of as many rows."""
    return pa.RecordBatch.from_arrays(
        [*left.columns, *right.columns], schema=pa.schema([*left.schema, *right.schema])
    )
