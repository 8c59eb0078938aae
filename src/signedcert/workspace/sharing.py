"""Making shares: what is in the ledger or in a learner's own list before the link is out."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from signedcert.codec.packed import SECRET_SIZE
from signedcert.codec.text import sealed_url, verify_url
from signedcert.crypto.signer import Signer
from signedcert.share.held_record import HeldRecord, Preset
from signedcert.share.presenting import create, normalised_audience
from signedcert.share.sealing import Sealed, seal, sealed_name
from signedcert.workspace.identifiers import new_id
from signedcert.workspace.ledger.recorded_share import RecordedShare

#: Gives a share its slot and keeps it, durably.
Keep = Callable[[RecordedShare], RecordedShare]


class Wish(NamedTuple):
    """What is to be shared, with whom, until when.

    :ivar disclosures: a preset or paths, as :func:`signedcert.share.create` takes them.
    :ivar sealed: whether it is to be a sealed share.
    """

    disclosures: Preset | Iterable[str]
    audience: str
    expires_at: datetime
    sealed: bool


class MadeShare(NamedTuple):
    """A share that was made.

    :ivar kept: as it is kept.
    :ivar token: the share itself.
    :ivar url: its link.
    :ivar sealed: its sealed file, or None.
    """

    kept: RecordedShare
    token: bytes
    url: str
    sealed: Sealed | None


def make_share(  # noqa: PLR0913, PLR0917 - what is shared, by whom, how
    record_token: bytes, wish: Wish, holder_signer: Signer, page: str, keep: Keep, now: datetime
) -> MadeShare:
    """A share of a record.

    :param record_token: the record with everything in it.
    :param page: the page that the link opens.
    :param keep: called once it is certain that the share can be made.
    :raises ShareError: as :func:`signedcert.share.create` does.
    :raises EncodeError: when the page is no URL.
    :raises LedgerError: when it cannot be kept.
    """
    held = HeldRecord.open(record_token)
    chosen = held.choose(wish.disclosures).paths
    secret = secrets.token_bytes(SECRET_SIZE) if wish.sealed else None
    asked = RecordedShare(
        id=new_id(),
        record=held.visible.id,
        slot=None,
        reference=None,
        audience=normalised_audience(wish.audience),
        rows=chosen,
        issued_at=now,
        expires_at=wish.expires_at,
        sealed_name=None if secret is None else sealed_name(secret),
    )

    def made(slot: int | None) -> bytes:
        return create(
            record_token,
            disclosures=chosen,
            holder_signer=holder_signer,
            audience=wish.audience,
            issued_at=now,
            expires_at=wish.expires_at,
            share_id=asked.id,
            slot=slot,
        )

    # What cannot be shared costs no slot; nor does a page that is none.
    _link(page, made(None if held.visible.share_places is None else 0), secret)
    kept = keep(asked)
    token = made(kept.slot)
    sealed = None if secret is None else seal(token, secret)
    return MadeShare(kept, token, _link(page, token, secret), sealed)


def _link(page: str, token: bytes, secret: bytes | None) -> str:
    return verify_url(page, token) if secret is None else sealed_url(page, secret)


def record_page(page: str) -> str:
    """The page for records that belongs to the page for certificates: ``…/r/`` for ``…/c/``."""
    return f"{page.removesuffix('/c/')}/r/" if page.endswith("/c/") else page
