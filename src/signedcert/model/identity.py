"""How the work was tied to a person: the outcome of a check, never the biometrics."""

from datetime import date
from typing import Annotated

from signedcert.model.declarations import Label
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Digest, Text
from signedcert.model.times import Day
from signedcert.model.vocabulary import Choice, Vocabulary


class IdentityMethod(Vocabulary):
    """What was compared."""

    PHOTO_MATCH = 0
    TYPING_PATTERN = 1
    IDENTITY_DOCUMENT = 2
    PROCTORED_SESSION = 3


class Assurance(Vocabulary):
    """How sure the check makes, in the levels of eIDAS (Regulation (EU) 910/2014, article 8)."""

    LOW = 0
    SUBSTANTIAL = 1
    HIGH = 2


class IdentityCheck(Labelled):
    """One check of who did the work: method, by whom, when, and how sure it makes."""

    method: Annotated[
        IdentityMethod | str, Choice(IdentityMethod, 100), Label(0, "what was compared")
    ]
    performed_by: Annotated[
        Annotated[str, Text(300)] | None, Label(1, "the organisation that performed the check")
    ] = None
    performed_on: Annotated[
        Annotated[date, Day()] | None, Label(2, "the day of the check, or of the last of several")
    ] = None
    assurance: Annotated[
        Annotated[Assurance | str, Choice(Assurance, 100)] | None, Label(3, "how sure it makes")
    ] = None
    portrait_digest: Annotated[
        Annotated[bytes, Digest()] | None,
        Label(4, "SHA-256 of a 16-byte salt followed by the bytes of the portrait's file"),
    ] = None
