"""Rows that have a certificate already: the one that counts, or why there is none to hand out."""

from collections.abc import Mapping
from typing import NamedTuple

from signedcert.bulk.kernel.pieces import Pieces
from signedcert.bulk.run.contents import certificate_in, certificate_of, content_of, differing
from signedcert.errors import DecodeError
from signedcert.model.certificate import Certificate
from signedcert.model.code import code_from_id
from signedcert.trust.key_entry import KeyEntry
from signedcert.workspace.ledger import (
    CurrentStatus,
    Known,
    LedgerReader,
    StatusValue,
)

#: Longer chains of corrected certificates are somebody's mistake.
_CHAIN_MAX = 100


class Answer(NamedTuple):
    """What is known of a row.

    :ivar found: the certificate that counts: what superseded the row's own, where that happened.
    :ivar error: why it is not handed out; None where it is.
    """

    found: Known
    error: str | None


class KnownRows:
    """The certificates of rows whose ids the ledger knows.

    :ivar own: those that were issued for the rows themselves, by id.
    """

    def __init__(
        self, reader: LedgerReader, own: Mapping[bytes, Known], disowned: Mapping[bytes, KeyEntry]
    ) -> None:
        """:param disowned: the keys that were declared compromised, by kid."""
        self.own = own
        self._disowned = disowned
        self._last = _last_ones(reader, own)
        references = {each.reference for each in self._last.values()} - {None}
        self._withdrawn = reader.withdrawn(
            reference for reference in references if reference is not None
        )

    def answer(self, identifier: bytes, pieces: Pieces, key: str | None) -> Answer:
        """What to hand out for a row.

        :param key: the row's own, where it has one: the certificate that was issued under it must
            say what the row says. Of other rows it does, because their ids are made of that.
        """
        own, last = self.own[identifier], self._last[identifier]
        code = code_from_id(last.id)
        if own.media_type != Certificate.media_type or last.media_type != Certificate.media_type:
            return Answer(last, f"{code} is in the ledger, and is no certificate")
        if own.token is None or last.token is None:
            return Answer(last, f"it was issued as {code}, but the ledger did not keep its token")
        if key and (other := _contradiction(pieces, own.token, last.token)):
            return Answer(
                last,
                f"key {key} was issued before with another {other}: as {code}; use another key, "
                f"or correct that one: signedcert supersede {code}",
            )
        key_of_it = self._disowned.get(last.kid)
        if key_of_it is not None and not key_of_it.vouches_for(last.token):
            return Answer(
                last,
                f"it was issued as {code} with a key that was declared compromised since; sign it "
                f"anew: signedcert reissue {code} --anew",
            )
        status = None if last.reference is None else self._withdrawn.get(last.reference)
        return Answer(last, None if status is None else _withdrawal(code, status))


def _last_ones(reader: LedgerReader, own: Mapping[bytes, Known]) -> dict[bytes, Known]:
    """Of each id what counts today: where it was superseded, what came last in its place."""
    last = dict(own)
    for _ in range(_CHAIN_MAX):
        following = {
            id_: each.superseded_by for id_, each in last.items() if each.superseded_by is not None
        }
        if not following:
            break
        found = reader.known({*following.values()})
        moved = {id_: found[after] for id_, after in following.items() if after in found}
        if not moved:
            break
        last |= moved
    return last


def _contradiction(pieces: Pieces, own: bytes, last: bytes) -> str:
    """The fields in which a row says another thing than what was issued; nothing where it does not.

    A row may say what was issued for it first, or what superseded that.
    """
    content = pieces.content()
    try:
        certificates = [certificate_in(token) for token in ([own] if own == last else [own, last])]
    except DecodeError:
        return "kind of token"
    if any(content_of(each) == content for each in certificates):
        return ""
    return differing(certificate_of(pieces), certificates[-1])


def _withdrawal(code: str, status: CurrentStatus) -> str:
    what = "revoked" if status.value is StatusValue.REVOKED else "suspended"
    when = "" if status.at is None else f" on {status.at:%Y-%m-%d}"
    return (
        f"it was issued as {code}, which was {what}{when} (reason: {status.reason}); to issue it "
        "anew all the same, give the row another key"
    )
