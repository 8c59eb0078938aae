"""Rows in, certificates out: one row for each, in order."""

from collections import Counter
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from signedcert.bulk.kernel.columns import Columns, roster_columns
from signedcert.bulk.kernel.plan import IssuePlan
from signedcert.bulk.kernel.preparing import prepare_columns, sign_prepared
from signedcert.bulk.kernel.schemas import ISSUED
from signedcert.codec.text import verify_url
from signedcert.crypto.signer import Signer
from signedcert.model.code import code_from_id
from signedcert.trust.key_entry import signed_digest
from signedcert.workspace.ledger import StatusIndex


def issue_batch(batch: pa.RecordBatch, plan: IssuePlan, signer: Signer) -> pa.RecordBatch:
    """Signs a certificate for each row. The same rows, plan and key give the same bytes, always.

    :param batch: columns of :data:`ROSTER`, in any order.
    :param plan: what all certificates of the run have in common.
    :param signer: the issuer's signing key.
    :returns: columns of :data:`ISSUED`, one row for each row. A row of which no certificate can be
        made has an error that names each wrong field, and stops no other.
    :raises ValueError: when the batch has other columns or types than a roster has, or positions
        that the plan does not have or that two rows have: a mistake of whoever calls this.
    :raises SignerError: when the signer fails, or its signature does not verify.
    """
    columns = roster_columns(batch)
    prepared = prepare_columns(columns, batch.num_rows, plan)
    rows = [row for row, error in enumerate(prepared.errors) if error is None]
    places = _places(plan, columns.by_name.get("position"), rows)
    tokens = sign_prepared(prepared, signer, places, rows)
    found: dict[str, list[Any]] = {name: [None] * batch.num_rows for name in ISSUED.names}
    for row, place, token in zip(rows, places, tokens, strict=True):
        identifier = prepared.ids[row]
        assert identifier is not None  # the row has no error
        found["code"][row] = code_from_id(identifier)
        found["token"][row] = token
        found["digest"][row] = signed_digest(token)
        if place is not None:
            found["status_list"][row], found["status_index"][row] = place.list, place.index
        if plan.page is not None:
            found["link"][row] = verify_url(plan.page, token)
    found["id"], found["error"] = prepared.ids, prepared.errors
    made = {name: pa.array(found[name], ISSUED.field(name).type) for name in ISSUED.names}
    for name in ("line", "key", "position"):
        if name in columns.by_name:
            made[name] = _passed_on(columns, name)
    return pa.RecordBatch.from_arrays(list(made.values()), schema=ISSUED)


def _places(
    plan: IssuePlan, column: pa.Array | None, rows: list[int]
) -> list[StatusIndex] | list[None]:
    if not plan.blocks:
        return [None] * len(rows)
    if column is None:
        raise ValueError("the plan has places in status lists, so a roster has a column position")
    positions = column.to_pylist()
    taken = [positions[row] for row in rows]
    if None in taken:
        raise ValueError("the plan has places in status lists, and a row has no position")
    if len(set(taken)) < len(taken):
        position, times = Counter(taken).most_common(1)[0]
        raise ValueError(f"{times} rows have the position {position}; each place is one row's")
    try:
        return plan.places(taken)
    except IndexError as error:
        raise ValueError(str(error)) from error


def _passed_on(columns: Columns, name: str) -> pa.Array:
    column = columns.by_name[name].cast(ISSUED.field(name).type)
    if any(columns.unreadable):
        # What cannot be read is not passed on.
        read = pa.array([error is None for error in columns.unreadable])
        return pc.if_else(read, column, None)
    return column
