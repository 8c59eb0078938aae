"""The verdict's columns of the sheet that ``bulk verify`` writes."""

from collections.abc import Mapping, Sequence
from functools import cache

import pyarrow as pa

from signedcert.bulk.kernel.schemas import MOMENT, STATEMENT
from signedcert.cli import words
from signedcert.cli.document_check import Fault
from signedcert.errors import Reason
from signedcert.verify.verdict import Check, Finding, Outcome, Status

#: The check that faults of documents stand under, beside those of :class:`Check`.
DOCUMENT = "DOCUMENT"
#: What a row has that could be read: a status, and where that is not VALID, why. Any other row has
#: an error, and no status.
SHEET: pa.Schema = pa.schema(
    [
        ("status", pa.string()),
        ("why", pa.string()),
        ("check", pa.string()),
        ("reason", pa.string()),
        ("as_of", MOMENT),
        ("kind", pa.string()),
        ("code", pa.string()),
        ("learner", pa.string()),
        ("latin_name", pa.string()),
        ("course", pa.string()),
        ("institution", pa.string()),
        ("completed_on", pa.date32()),
        ("result", pa.string()),
        ("issuer", pa.string()),
        ("issued_at", MOMENT),
        ("expires_at", MOMENT),
        ("error", pa.string()),
    ]
)
#: Of documents: what came of holding the printed text against what was signed, in words.
PRINTED_TEXT = pa.field("printed_text", pa.string())
_FAULTS: Mapping[Fault, str] = {
    Fault.SOURCES_DISAGREE: "The document holds different certificates: check each by itself.",
    Fault.CONTRADICTION: "The document shows something else than what was signed.",
    Fault.OTHER_PORTRAIT: "The photo attached to it is not the portrait that was signed.",
}
_STATEMENT = pa.field("statement", STATEMENT)
_OF_RECORDS = ("course_record", "share")


def sheet_schema(*, of_documents: bool, details: bool) -> pa.Schema:
    """The columns, in their order.

    :param of_documents: whether printed text was compared.
    :param details: whether all that certificates say goes with them.
    """
    schema = SHEET
    if of_documents:
        schema = schema.insert(schema.get_field_index("error"), PRINTED_TEXT)
    return schema.append(_STATEMENT) if details else schema


def sheet_batch(
    verdicts: pa.RecordBatch, notes: Sequence[str | None] = (), faults: Sequence[Fault | None] = ()
) -> pa.RecordBatch:
    """The verdicts with the reasons in words. Columns that the sheet does not have are left out.

    :param verdicts: what :func:`signedcert.bulk.verify_batch` says of each row.
    :param notes: of each row, what its owner may want to know of how it was read; or nothing.
    :param faults: of each row, what makes it INVALID as a document; or nothing.
    """
    columns = {name: verdicts.column(name) for name in SHEET.names if name != "why"}
    if any(faults):
        columns |= _with_faults(columns, faults)
    why = [
        None
        if status is None or reason is None
        else reason_words(check, reason, kind in _OF_RECORDS)
        for status, check, reason, kind in zip(
            *(columns[name].to_pylist() for name in ("status", "check", "reason", "kind")),
            strict=True,
        )
    ]
    if any(notes):
        why = [
            f"{said} {_as_sentence(note)}" if said and note else said
            for said, note in zip(why, notes, strict=True)
        ]
    columns["why"] = pa.array(why, pa.string())
    if "statement" in verdicts.schema.names:
        columns["statement"] = verdicts.column("statement")
    schema = sheet_schema(of_documents=False, details="statement" in columns)
    return pa.record_batch([columns[name] for name in schema.names], schema=schema)


def _with_faults(
    columns: dict[str, pa.Array], faults: Sequence[Fault | None]
) -> dict[str, pa.Array]:
    """What is different about documents with faults: they are INVALID, whatever their tokens are.

    What makes the token itself INVALID comes before what the document adds to it.
    """
    status, check, reason, error = (
        columns[name].to_pylist() for name in ("status", "check", "reason", "error")
    )
    for row, fault in enumerate(faults):
        if fault is None:
            continue
        if status[row] != Status.INVALID.value:
            status[row], check[row], reason[row] = Status.INVALID.value, DOCUMENT, fault.value
        error[row] = None
    return {
        name: pa.array(values, pa.string())
        for name, values in (
            ("status", status), ("check", check), ("reason", reason), ("error", error)
        )
    }  # fmt: skip


@cache
def reason_words(check: str, reason: str, of_record: bool = False) -> str:
    """What a reason means, in one sentence.

    :param check: of :class:`Check`, or DOCUMENT.
    :param of_record: whether it is about a course record or a share of one.
    """
    if check == DOCUMENT:
        return _FAULTS[Fault(reason)]
    # The outcome is not looked at: no reason but "ok" means something else with another.
    finding = Finding(Check(check), Outcome.FAILED, Reason(reason))
    return words.sentence(finding, of_record=of_record)


def _as_sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}."
