"""What is printed: a token, what it states, and the page that checks it."""

import enum
from dataclasses import dataclass
from typing import Self

from signedcert.codec.frames import AnyFrame, parse_frame
from signedcert.codec.framing import Frame
from signedcert.codec.lift import lift
from signedcert.codec.record_framing import RecordFrame
from signedcert.documents.errors import DocumentError
from signedcert.model.certificate import Certificate
from signedcert.model.issued_record import ShareClaims
from signedcert.model.people import Person
from signedcert.share.record_payload import lift_payload
from signedcert.share.revealing import reveal
from signedcert.share.shared_record import SharedRecord, shared_record

Statement = Certificate | SharedRecord


class Paper(enum.StrEnum):
    """Sheets of paper. Certificates are printed across them, transcripts along them."""

    A4 = "a4"
    US_LETTER = "us-letter"


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photo of the learner, whose digest stands in the certificate.

    :ivar photo: a PNG or JPEG file.
    :ivar salt: the 16 bytes that were hashed before it.
    """

    photo: bytes
    salt: bytes

    def __repr__(self) -> str:
        # With the salt, whoever has a photo can tell whether it is the one.
        return f"Portrait({len(self.photo)} bytes)"


@dataclass(frozen=True, slots=True)
class Printed:
    """What a document shows and carries.

    :ivar token: the token, which goes into the document as it is.
    :ivar statement: what the token states.
    :ivar page: the http(s) URL of a verify page, without a fragment.
    :ivar portrait: the learner's photo, where it is to be printed and attached.
    """

    token: bytes
    statement: Statement
    page: str
    portrait: Portrait | None = None

    @classmethod
    def of_token(cls, token: bytes, page: str, portrait: Portrait | None = None) -> Self:
        """What a token states, taken apart. **Nothing is verified**: the caller issued it, or did.

        :raises DecodeError: when it is no token, or what it states breaks the format.
        :raises DocumentError: when it is of a kind that is not printed.
        """
        return cls(token, _statement(parse_frame(token)), page, portrait)

    @property
    def is_certificate(self) -> bool:
        """Whether it is a certificate; else it is a course record or a share of one."""
        return isinstance(self.statement, Certificate)

    @property
    def is_private(self) -> bool:
        """Whether it is for the learner's eyes alone: a record, or with a photo and its salt."""
        return not self.is_certificate or self.portrait is not None

    @property
    def token_name(self) -> str:
        """What the token's file in a PDF is called."""
        if isinstance(self.statement, Certificate):
            return "certificate.cose"
        return "record.cose" if self.statement.share is None else "share.cose"

    @property
    def learner_name(self) -> str | None:
        """Whose it is; None where that is withheld."""
        learner = self.statement.learner
        return learner.name if isinstance(learner, Person) else None


def _statement(frame: AnyFrame) -> Statement:
    if isinstance(frame, Frame):
        if frame.media_type != Certificate.media_type:
            raise DocumentError(f"a token of the kind {frame.media_type} is not printed")
        return lift(frame.payload, Certificate)
    signed = lift_payload(frame.signed.payload)
    if isinstance(frame, RecordFrame):
        return shared_record(signed.visible, reveal(signed, frame.disclosures), None)
    revealed = reveal(signed, frame.record.disclosures)
    return shared_record(signed.visible, revealed, lift(frame.payload, ShareClaims))
