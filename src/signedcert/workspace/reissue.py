"""Signing issued statements anew, with another key: same id, same place in the status list."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.codec.lift import lift
from signedcert.crypto.signer import Signer
from signedcert.errors import DecodeError, ShareError
from signedcert.issue import issue
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.share.held_record import HeldRecord
from signedcert.workspace.ledger import Issued, Ledger, Recording, StatusValue
from signedcert.workspace.record_issuing import reissued_record
from signedcert.workspace.settings import WorkspaceError


class Reissued(NamedTuple):
    """A statement signed anew.

    :ivar statement: as it is now: another moment of signing, all else the same.
    :ivar token: its new token.
    """

    statement: Certificate | CourseRecord
    token: bytes


class Passed(NamedTuple):
    """A statement that was not signed anew.

    :ivar id: its 10 bytes.
    :ivar why: a sentence.
    """

    id: bytes
    why: str


def statement_of(issued: Issued) -> Certificate | CourseRecord:
    """What a token in the ledger states. Its own ledger vouches for it, so no key is asked.

    :raises WorkspaceError: when the ledger did not keep the token.
    """
    if issued.token is None:
        raise WorkspaceError("the ledger did not keep the token")
    try:
        frame = parse_frame(issued.token)
        if isinstance(frame, Frame):
            return lift(frame.payload, Certificate)
        return HeldRecord.open(issued.token).record()
    except (DecodeError, ShareError) as error:
        raise WorkspaceError(f"the ledger's token is damaged: {error}") from error


def reissue(ledger: Ledger, issued: Issued, signer: Signer, now: datetime) -> Reissued | Passed:
    """Signs one statement anew and keeps the new token in the ledger.

    :returns: the new token; or why there is none: withdrawn for good, or past its end.
    :raises WorkspaceError: when the ledger did not keep the token.
    :raises SignerError: when the signature does not verify.
    :raises LedgerError: when the ledger cannot be written.
    """
    statement = statement_of(issued)
    reference = issued.reference
    if reference is not None and ledger.status(reference).value is StatusValue.REVOKED:
        return Passed(issued.id, "it is revoked")
    if statement.expires_at is not None and statement.expires_at <= now:
        return Passed(issued.id, "it has expired")
    done = _signed_anew(issued, statement, signer, now)
    recording = Recording(
        issued.id, done.token, signer.public_key.kid, issued.media_type or "", now, reference
    )
    ledger.replace(recording)
    return done


def reissue_key(
    ledger: Ledger, kid: bytes, signer: Signer, now: datetime
) -> Iterator[Reissued | Passed]:
    """Signs everything anew that one key signed. What was done before a failure stays done.

    What was signed anew before comes first, as it is: its files may not have been written then.

    :raises WorkspaceError: when the key is the one that would sign.
    """
    if signer.public_key.kid == kid:
        raise WorkspaceError(
            f"{kid.hex()} is the key that signs now; make another first: signedcert rotate"
        )
    for issued in ledger.signed_anew(kid):
        yield Reissued(statement_of(issued), issued.token or b"")
    for issued in ledger.tokens(kid):
        yield reissue(ledger, issued, signer, now)


def _signed_anew(
    issued: Issued, statement: Certificate | CourseRecord, signer: Signer, now: datetime
) -> Reissued:
    if isinstance(statement, CourseRecord):
        return Reissued(*reissued_record(issued.token or b"", signer, now))
    anew = statement.model_copy(update={"issued_at": now})
    return Reissued(anew, issue(anew, signer))
