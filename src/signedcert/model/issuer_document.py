"""What an issuer publishes about itself, signed by a root key: its keys, and how roots change."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import model_validator

from signedcert.model.additional import FrozenMap
from signedcert.model.declarations import AtMost, Claim, Label
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import ISSUER, LANGUAGE, URL, Flag, Pattern, Text
from signedcert.model.numbers import INTEGER_MAX, Integer
from signedcert.model.octets import CoseKey, Octets
from signedcert.model.statement import PAYLOAD_MAX, Signed
from signedcert.model.text import URI_TEMPLATE, URL_MAX, compiled
from signedcert.model.times import Moment
from signedcert.model.vocabulary import Choice, Vocabulary

#: Bytes of SHA-256 by which a vouched token is named.
DIGEST_SIZE = 16
#: Room for the digests of four million certificates.
DOCUMENT_MAX = 67_108_864
TEMPLATE = Pattern(
    "template", URI_TEMPLATE, URL_MAX, "an https URL with {number} in it, once, after its host"
)

PublicKeyField = Annotated[bytes | FrozenMap, CoseKey()]


class KeyUse(Vocabulary):
    """What a signing key signs. A key has one use."""

    STATEMENTS = 0
    STATUS = 1


class KeyEnd(Vocabulary):
    """How a signing key ended before its time."""

    RETIRED = 0
    COMPROMISED = 1


class KeyRevocation(Labelled):
    """That a key was taken out of use before its time."""

    end: Annotated[KeyEnd, Choice(KeyEnd), Label(0, "retired in good order, or compromised")]
    since: Annotated[
        datetime,
        Moment(),
        Label(1, "the moment; a retired key's signatures dated from then on are not good"),
    ]
    why: Annotated[Annotated[str, Text(500)] | None, Label(2, "why, in words")] = None
    vouched: Annotated[
        Annotated[bytes, Octets(DIGEST_SIZE, DOCUMENT_MAX, DIGEST_SIZE)] | None,
        Label(
            3,
            "of a compromised key: the first 16 bytes of the SHA-256 of each token that the "
            "issuer did sign with it, ascending, without repeats",
        ),
    ] = None


class SigningKey(Labelled):
    """A key that signs statements or status lists."""

    key: Annotated[PublicKeyField, Label(0, "the public key")]
    use: Annotated[KeyUse, Choice(KeyUse), Label(1, "what it signs")]
    valid_from: Annotated[datetime, Moment(), Label(2, "what it signs is dated from here on")]
    valid_until: Annotated[datetime, Moment(), Label(3, "and before this moment")]
    revocation: Annotated[
        KeyRevocation | None, Label(4, "that it was taken out of use before its time")
    ] = None


class LocalName(Labelled):
    """A name in one language."""

    wire_form = "map_or_bare"

    name: Annotated[str, Text(300), Label(0, "name")]
    language: Annotated[Annotated[str, LANGUAGE] | None, Label(1, "language of the name")] = None


class Handover(Signed):
    """The roots of one epoch, signed by a root of the epoch before; the first by one of its own."""

    media_type = "application/vnd.signedcert.handover"

    issuer: Annotated[str, ISSUER, Claim(1, "whose roots they are")]
    issued_at: Annotated[datetime, Moment(), Claim(6, "moment of signing, in UTC")]
    epoch: Annotated[int, Integer(1, INTEGER_MAX), Label(0, "number of the epoch, from 1")]
    roots: Annotated[
        tuple[PublicKeyField, ...], AtMost(16), Label(1, "the root keys; any one of them suffices")
    ]


class IssuerDocument(Signed):
    """What an issuer publishes about itself: its keys, root keys and status lists."""

    media_type = "application/vnd.signedcert.issuer"
    payload_max = DOCUMENT_MAX

    issuer: Annotated[str, ISSUER, Claim(1, "whose document it is")]
    issued_at: Annotated[datetime, Moment(), Claim(6, "moment of signing, in UTC")]
    version: Annotated[int, Integer(1, INTEGER_MAX), Label(0, "rises with every document")]
    next_update: Annotated[
        Annotated[datetime, Moment()] | None,
        Label(1, "when it grows stale; absent in a final document, and in no other"),
    ] = None
    final: Annotated[bool, Flag(), Label(2, "the last one ever: it never grows stale")] = False
    names: Annotated[
        tuple[LocalName, ...], AtMost(50), Label(3, "the issuer's name, in its languages")
    ] = ()
    home_page: Annotated[Annotated[str, URL] | None, Label(4, "home page")] = None
    verify_url: Annotated[
        Annotated[str, URL] | None, Label(5, "the page that its links open, up to the #")
    ] = None
    roots: Annotated[
        tuple[PublicKeyField, ...], AtMost(16), Label(6, "the root keys of the present epoch")
    ]
    handovers: Annotated[
        tuple[Annotated[bytes, Octets(1, PAYLOAD_MAX)], ...],
        AtMost(100),
        Label(7, "every handover, as a token: the one of epoch n at place n"),
    ]
    keys: Annotated[tuple[SigningKey, ...], AtMost(150), Label(8, "the signing keys")] = ()
    status_lists: Annotated[
        Annotated[str, TEMPLATE] | None,
        Label(9, "URI of status list {number}: an RFC 6570 template, level 1"),
    ] = None

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if contradiction := self.contradiction():
            raise ValueError(contradiction)
        return self

    def contradiction(self) -> str | None:
        """Which rule between fields it breaks (spec, section 11.2), or None."""
        if self.final is (self.next_update is not None):
            return "next_update is set unless the document is final"
        if self.next_update is not None and self.next_update <= self.issued_at:
            return "next_update is not after issued_at"
        keys = [*self.roots, *(each.key for each in self.keys)]
        if len(keys) != len(set(keys)):
            return "a key is listed twice; every key has one use"
        for each in self.keys:
            if each.valid_until <= each.valid_from:
                return "a key's valid_until is not after its valid_from"
            ended = each.revocation
            if ended is None or ended.vouched is None:
                continue
            if ended.end is not KeyEnd.COMPROMISED or each.use is not KeyUse.STATEMENTS:
                return "vouched digests are for compromised keys that signed statements"
            if not ascending(ended.vouched):
                return "vouched digests are not in ascending order, each once"
        return None

    @property
    def epoch(self) -> int:
        """The epoch of the present roots."""
        return len(self.handovers)

    def status_list_uri(self, number: int) -> str | None:
        """The URI of a status list, which is the subject of its token; None without a template."""
        return status_list_uri(self.status_lists, number)

    def status_list_number(self, uri: str) -> int | None:
        """The number of the status list at a URI; None where it is none of the issuer's."""
        if self.status_lists is None:
            return None
        before, _, after = self.status_lists.partition("{number}")
        digits = uri.removeprefix(before).removesuffix(after)
        if not compiled("0|[1-9][0-9]{0,15}").fullmatch(digits):
            return None
        number = int(digits)
        return number if number <= INTEGER_MAX and self.status_list_uri(number) == uri else None


def status_list_uri(template: str | None, number: int) -> str | None:
    """A status list's URI."""
    return None if template is None else template.replace("{number}", str(number))


def ascending(digests: bytes) -> bool:
    """Whether the digests stand in ascending order, each once."""
    places = range(DIGEST_SIZE, len(digests), DIGEST_SIZE)
    return all(
        digests[place - DIGEST_SIZE : place] < digests[place : place + DIGEST_SIZE]
        for place in places
    )
