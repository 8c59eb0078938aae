"""What every signed statement has: who signs it, when, under which id, valid from when to when."""

from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import model_validator

from signedcert.model.additional import NOTHING_ADDITIONAL, AdditionalFields, FrozenMap
from signedcert.model.code import code_from_id
from signedcert.model.declarations import Claim, Label
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import ISSUER, Flag, Identifier, Text
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, Quantity
from signedcert.model.times import Moment

#: The claim that holds the body (private use, RFC 8392 section 9.1).
BODY = -65537
#: The longest payload of a statement, in bytes.
PAYLOAD_MAX = 16_384


class Signed(Labelled):
    """A model that is signed as CWT claims (RFC 8392) with a body."""

    #: The media type in the token's protected header, which says what is signed.
    media_type: ClassVar[str]
    #: The longest payload that a verifier accepts, in bytes.
    payload_max: ClassVar[int] = PAYLOAD_MAX

    #: Claims of 128 and above, which this version does not know, as they were signed.
    additional_claims: Annotated[FrozenMap, AdditionalFields()] = NOTHING_ADDITIONAL

    @property
    def ends_before_it_begins(self) -> bool:
        """Whether there is no moment at which it could be valid."""
        return False


class StatusReference(Labelled):
    """Where the issuer says whether the statement was withdrawn."""

    wire_form = "array"

    list: Annotated[int, Integer(0, INTEGER_MAX), Label(0, "number of the issuer's status list")]
    index: Annotated[int, Integer(0, INTEGER_MAX), Label(1, "index in that list")]


class Result(Labelled):
    """How well it was done. At least one field is set."""

    score: Annotated[
        Annotated[Quantity, Number(signed=True)] | None,
        Label(0, "points reached; a percentage where no maximum is given"),
    ] = None
    maximum: Annotated[
        Annotated[Quantity, Number()] | None, Label(1, "points that could be reached")
    ] = None
    grade: Annotated[Annotated[str, Text(100)] | None, Label(2, "grade, as text")] = None
    with_distinction: Annotated[bool, Flag(), Label(3, "passed with distinction")] = False


class Statement(Signed):
    """The claims that certificates and records share (RFC 8392, section 3.1)."""

    id: Annotated[bytes, Identifier(), Claim(7, "10 random bytes; printed as the code")]
    issuer: Annotated[str, ISSUER, Claim(1, "host of the issuer, then optional path segments")]
    issued_at: Annotated[datetime, Moment(), Claim(6, "moment of signing, in UTC")]
    valid_from: Annotated[
        Annotated[datetime, Moment()] | None, Claim(5, "not valid before this moment, in UTC")
    ] = None
    expires_at: Annotated[
        Annotated[datetime, Moment()] | None, Claim(4, "not valid at and after this moment, in UTC")
    ] = None

    @property
    def code(self) -> str:
        """The id as it is printed: 16 Crockford base32 characters in groups of four."""
        return code_from_id(self.id)

    @property
    def ends_before_it_begins(self) -> bool:
        """Whether there is no moment at which the statement could be valid."""
        return self.expires_at is not None and self.expires_at <= (
            self.valid_from or self.issued_at
        )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends_before_it_begins:
            raise ValueError("expires_at is not after valid_from or issued_at: never valid")
        return self
