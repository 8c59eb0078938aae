"""The status lists in a published site that one of the issuer's keys signed.

Verifiers honour a list as long as its key is good. Here it counts whatever became of its key since:
what it says was withdrawn was withdrawn. Only of a key that is compromised nobody knows who signed.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from signedcert.codec.framing import ED25519
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.keys import PublicKey
from signedcert.errors import DecodeError
from signedcert.model.issuer_document import IssuerDocument, KeyEnd, KeyUse
from signedcert.trust.status_list import inflate_list
from signedcert.trust.status_token import TOKEN_MAX, Envelope, parse_claims, parse_envelope
from signedcert.workspace.ledger import PublishedList

#: Says something to whoever runs this.
Tell = Callable[[str], None]
#: The digests of what was published of a list, and their dates.
Published = Callable[[int], Mapping[bytes, datetime]]

_NUMBER_MAX = 2**32 - 1


def keep_quiet(_: str) -> None:
    """Says nothing."""


class SiteLists(NamedTuple):
    """The lists of a site.

    :ivar dates: number → date, of all that no thief made: also of those in no other field.
    :ivar genuine: signed by a key that was never compromised, and not known to the ledger.
    :ivar doubtful: signed by a key that is compromised now, and not known to the ledger.
    """

    dates: dict[int, datetime]
    genuine: list[PublishedList]
    doubtful: list[PublishedList]


def read_site_lists(
    document: IssuerDocument, site: Path, published: Published, tell: Tell
) -> SiteLists:
    """The lists in a site's folder.

    :param published: what the ledger published itself says nothing new.
    :param tell: is told of each list that says nothing because nobody can use it.
    :raises OSError: when a file cannot be read.
    """
    found = SiteLists({}, [], [])
    for path in sorted((site / "status").glob("[0-9]*.cwt")):
        number = int(path.stem) if path.stem.isascii() and path.stem.isdecimal() else 0
        if not 1 <= number <= _NUMBER_MAX or path.stem != str(number):
            tell(f"{path} is ignored: {path.stem} is no number of a status list")
            continue
        if not path.is_file():
            tell(f"{path} is ignored: it is no file")
            continue
        with path.open("rb") as file:
            token = file.read(TOKEN_MAX + 1)
        known = published(number).get(hashlib.sha256(token).digest())
        if known is not None:
            found.dates[number] = known
            continue
        try:
            each, compromised = _opened(document, number, token)
        except DecodeError as error:
            tell(f"{path} is ignored: {error}")
            continue
        if each is None:
            tell(f"{path} is ignored: it is not {document.issuer}'s status list {number}")
        elif compromised:
            found.doubtful.append(each)
        else:
            found.genuine.append(each)
            found.dates[number] = each.issued_at
    return found


def _opened(
    document: IssuerDocument, number: int, token: bytes
) -> tuple[PublishedList | None, bool]:
    """The list, where it is one of the issuer's, and whether its key is compromised."""
    envelope = parse_envelope(token)
    compromised = _signer_is_compromised(document, envelope)
    if compromised is None:
        return None, False
    claims = parse_claims(envelope.payload)
    if claims.subject != document.status_list_uri(number):
        return None, compromised
    statuses = inflate_list(claims.lst, claims.bits)
    return PublishedList(number, claims.issued_at, statuses), compromised


def _signer_is_compromised(document: IssuerDocument, envelope: Envelope) -> bool | None:
    """Of the key that signed, whether it is compromised; None where it is none of the issuer's."""
    keys = {root: False for root in document.roots if isinstance(root, bytes)}
    for each in document.keys:
        if each.use is KeyUse.STATUS and isinstance(each.key, bytes):
            ended = each.revocation
            keys[each.key] = ended is not None and ended.end is not KeyEnd.RETIRED
    if envelope.algorithm != ED25519:
        return None
    for key, compromised in keys.items():
        if PublicKey(key).kid == envelope.kid and ed25519_verify(
            key, envelope.to_be_signed(), envelope.signature
        ):
            return compromised
    return None
