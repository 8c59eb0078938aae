"""What the issuer of a course record signs in the open, and what a learner signs in a share."""

from datetime import datetime
from typing import Annotated, ClassVar

from signedcert.model.course_record import RecordBasis
from signedcert.model.declarations import Claim, Label
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import CODE, Identifier, Text
from signedcert.model.numbers import INTEGER_MAX, Integer
from signedcert.model.octets import ConfirmationKey
from signedcert.model.statement import Signed
from signedcert.model.times import Moment

#: How many shares of one record can be reset one by one.
SHARE_PLACES = 16
AUDIENCE_MAX = 200


class SharePlaces(Labelled):
    """Where the issuer says which shares of a record were reset: 16 indices in a row."""

    wire_form = "array"

    list: Annotated[int, Integer(0, INTEGER_MAX), Label(0, "number of the issuer's status list")]
    first: Annotated[
        int, Integer(0, INTEGER_MAX - SHARE_PLACES), Label(1, "the first of the 16 indices")
    ]


class VisibleRecord(RecordBasis):
    """The part of a course record that is always visible, with the key of its holder.

    What the holder may withhold stands in the token as digests (docs/spec.md, section 15).
    """

    media_type: ClassVar[str] = "application/vnd.signedcert.record+sd-cwt"

    subject: Annotated[str, CODE, Claim(2, "the id once more, as its printed code")]
    holder_key: Annotated[
        bytes, ConfirmationKey(), Claim(8, "the share key, which signs shares (cnf, RFC 8747)")
    ]
    share_places: Annotated[
        SharePlaces | None, Label(10, "where resets of shares would be published")
    ] = None


class ShareClaims(Signed):
    """What a learner signs in a share: for whom, from when to when."""

    media_type: ClassVar[str] = "application/kb+cwt"
    payload_max: ClassVar[int] = 2048

    audience: Annotated[str, Text(AUDIENCE_MAX), Claim(3, "for whom the share was made")]
    expires_at: Annotated[
        datetime, Moment(), Claim(4, "the share is not good at and after this moment, in UTC")
    ]
    issued_at: Annotated[datetime, Moment(), Claim(6, "moment of sharing, in UTC")]
    id: Annotated[bytes, Identifier(), Claim(7, "10 random bytes that name the share")]
    slot: Annotated[
        int,
        Integer(0, SHARE_PLACES - 1),
        Label(0, "which of the record's share places is the share's"),
    ]

    @property
    def ends_before_it_begins(self) -> bool:
        """Whether there is no moment at which the share could be good."""
        return self.expires_at <= self.issued_at
