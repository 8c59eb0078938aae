"""What a certificate or course record says of itself, as columns have it."""

from datetime import datetime
from typing import NamedTuple

from signedcert.bulk.kernel.shown import result_text
from signedcert.model.certificate import Certificate
from signedcert.model.people import Person
from signedcert.model.statement import Result
from signedcert.model.times import EPOCH_ORDINAL
from signedcert.share.shared_record import SharedRecord


class Said(NamedTuple):
    """What a statement says, apart from its issuer.

    :ivar learner: None where the holder of a record withholds it.
    :ivar completed_on: in days since 1970; None of a record.
    :ivar moments: of signing, and of the beginning and the end of its validity, in seconds since
        1970; None where there is none.
    :ivar place: number of the status list and index in it; None where there is none.
    """

    id: bytes
    moments: tuple[int, int | None, int | None]
    learner: str | None
    latin_name: str | None
    course: str
    institution: str
    completed_on: int | None
    result: str | None
    place: tuple[int, int] | None


def said_by(certificate: Certificate) -> Said:
    """What a certificate says."""
    day = certificate.completed_on.toordinal() - EPOCH_ORDINAL
    return _said(certificate, certificate.learner, day, certificate.result)


def said_by_record(record: SharedRecord) -> Said:
    """What a course record says, as far as its holder reveals it."""
    learner = record.learner if isinstance(record.learner, Person) else None
    result = record.final_score if isinstance(record.final_score, Result) else None
    return _said(record, learner, None, result)


def _said(
    statement: Certificate | SharedRecord,
    learner: Person | None,
    completed_on: int | None,
    result: Result | None,
) -> Said:
    status = statement.status
    return Said(
        statement.id,
        (
            int(statement.issued_at.timestamp()),
            _seconds(statement.valid_from),
            _seconds(statement.expires_at),
        ),
        None if learner is None else learner.name,
        None if learner is None else learner.latin_name,
        statement.course.title,
        statement.course.institution,
        completed_on,
        None if result is None else result_text(result),
        None if status is None else (status.list, status.index),
    )


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
