"""A JSON file that follows the published schema → a statement ready to be signed."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from signedcert.cli.failures import CommandError
from signedcert.cli.json_document import parse_json
from signedcert.cli.verdict_output import rfc3339
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.model.course_record import CourseRecord
from signedcert.model.field_errors import field_errors
from signedcert.verify.freshness import SKEW
from signedcert.workspace.identifiers import new_id

#: A statement's JSON is some times larger than its token, which has at most 16 KiB.
_JSON_MAX = 1_000_000

S = TypeVar("S", Certificate, CourseRecord)


def read_statement(name: str, data: bytes, model: type[S], issuer: str, now: datetime) -> S:
    """The statement of a JSON text. Id, issuer and moment of signing are filled in if absent.

    :param name: what to call the text in messages.
    :param issuer: the only issuer that is accepted.
    :raises CommandError: naming every wrong field, and what was expected there.
    """
    document = parse_json(name, data)
    if not isinstance(document, dict):
        raise CommandError(f"{name}: expected a JSON object with the fields of a statement")
    # Editors put it there, to check what is typed.
    document = {name: value for name, value in document.items() if name != "$schema"}
    given = {"id": code_from_id(new_id()), "issuer": issuer, "issued_at": rfc3339(now)} | document
    wrong = []
    if isinstance(given["issuer"], str) and given["issuer"] != issuer:
        wrong.append(f"issuer: this workspace signs for {issuer} alone; leave the field out")
    try:
        statement = model.model_validate(given)
    except ValidationError as error:
        wrong += field_errors(error, model)
    else:
        if statement.issued_at > now + SKEW:
            wrong.append("issued_at: it lies in the future; use valid_from for what begins later")
        if not wrong:
            return statement
    faults = "\n".join(f"  {line}" for line in wrong)
    hint = _other_kind(document, model)
    raise CommandError(f"{name}: {_count(len(wrong))}, nothing was signed:\n{faults}{hint}")


def _other_kind(document: dict[str, object], model: type[S]) -> str:
    """What to say of a document that reads like the other kind of statement."""
    certificate, record = (set(each.model_fields) for each in (Certificate, CourseRecord))
    if model is Certificate and document.keys() & (record - certificate):
        return "\nIt reads like a course record, which is issued with --record."
    if model is CourseRecord and document.keys() & (certificate - record):
        return "\nIt reads like a certificate, which is issued without --record."
    return ""


def _count(number: int) -> str:
    return "1 wrong field" if number == 1 else f"{number} wrong fields"


def statement_in(file: str, model: type[S], issuer: str, now: datetime) -> S:
    """The statement in a file.

    :param file: its path, or ``-`` for standard input.
    :raises CommandError: as :func:`read_statement` does, and for an empty or too large file.
    :raises OSError: when it cannot be read.
    """
    if file == "-":
        name, data = "standard input", sys.stdin.buffer.read(_JSON_MAX + 1)
    else:
        name = file
        with Path(file).open("rb") as opened:
            data = opened.read(_JSON_MAX + 1)
    if len(data) > _JSON_MAX:
        raise CommandError(f"{name}: it has more than {_JSON_MAX} bytes")
    if not data.strip():
        raise CommandError(f"{name}: it is empty; expected a certificate as JSON")
    return read_statement(name, data, model, issuer, now)
