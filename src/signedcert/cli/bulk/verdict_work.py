"""What a process of ``bulk verify`` does with rows of links or tokens."""

import re
from collections.abc import Callable
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from signedcert.bulk.kernel.verifying import verify_batch
from signedcert.cli.bulk.sheet_columns import sheet_batch
from signedcert.cli.pasted import cleaned, is_printed_code, note_on
from signedcert.codec.text import TEXT_MAX
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Policy

_PRINTED_CODE = "this is the printed code; the link or the QR code is needed"
#: Where mail programs and spreadsheets break lines within a link; "=" is quoted-printable's.
_BREAK = re.compile(r"=?[\r\n]+[ \t]*")

Work = Callable[[pa.RecordBatch], pa.RecordBatch]


class _Prepared:
    """What this process works with, once it is told."""

    work: Work | None = None


def start(bundle: bytes, now: datetime, policy: Policy, details: bool) -> None:
    """Prepares a process of a pool; see :func:`verdict_work`."""
    _Prepared.work = verdict_work(bundle, now, policy, details=details)


def work_on(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Gives rows their columns in the sheet, in a process that :func:`start` prepared."""
    assert _Prepared.work is not None  # the pool calls start first
    return _Prepared.work(batch)


def verdict_work(bundle: bytes, now: datetime, policy: Policy, *, details: bool) -> Work:
    """What gives rows as they were read their columns in the sheet.

    Made once in each process; it holds the trust store ready.

    :param bundle: whom to trust, as :meth:`Trust.to_bundle` writes it.
    """
    trust = Trust.from_bundle(bundle)

    def work(batch: pa.RecordBatch) -> pa.RecordBatch:
        errors = _column(batch, "reading_error")
        notes: list[str | None] = []
        if "link" in batch.schema.names:
            links = _column(batch, "link")
            notes = _clean(links, errors)
            batch = _with(batch, "link", pa.array(links, pa.string()))
        sheet = sheet_batch(verify_batch(batch, trust, now, policy, details=details), notes)
        if not any(errors):
            return sheet
        return _with(sheet, "error", pc.coalesce(pa.array(errors, pa.string()), sheet["error"]))

    return work


def cell_text(cell: str) -> str:
    """A link as it was meant: on one line, without the quotes around it and what follows it."""
    text = cleaned(cell)
    return _BREAK.sub("", text) if "\n" in text or "\r" in text else text


def _clean(links: list[str | None], errors: list[str | None]) -> list[str | None]:
    """Makes the links those that were meant, and adds why there is nothing to check.

    :returns: notes on them.
    """
    notes: list[str | None] = [None] * len(links)
    for row, link in enumerate(links):
        # Longer ones are refused for their length.
        if link is None or len(link) > TEXT_MAX:
            continue
        text = cell_text(link)
        if is_printed_code(text):
            errors[row] = errors[row] or _PRINTED_CODE
        links[row] = None if errors[row] or not text.strip() else text
        notes[row] = note_on(text)
    return notes


def _column(batch: pa.RecordBatch, name: str) -> list[str | None]:
    if name not in batch.schema.names:
        return [None] * batch.num_rows
    found: list[str | None] = batch.column(name).to_pylist()
    return found


def _with(batch: pa.RecordBatch, name: str, column: pa.Array) -> pa.RecordBatch:
    return batch.set_column(batch.schema.get_field_index(name), name, column)
