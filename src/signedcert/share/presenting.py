"""A record, a choice of what to reveal, and the holder's signature → a share."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from signedcert.codec.lower import lower
from signedcert.codec.record_framing import (
    RECORD_MAX,
    SHARE_MAX,
    RecordFrame,
    ShareFrame,
    share_header,
    share_sig_structure,
)
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.signer import Signer
from signedcert.errors import ShareError, SignerError
from signedcert.model.issued_record import SHARE_PLACES, ShareClaims, SharePlaces
from signedcert.model.times import Moment
from signedcert.share.held_record import HeldRecord, Preset

#: What Unicode calls White_Space, which no later version of it changes.
_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def normalised_audience(audience: str) -> str:
    """An audience as shares name it: in NFC, without white space around it."""
    return unicodedata.normalize("NFC", audience).strip(_SPACE)


def create(  # noqa: PLR0913  # what a share says, each by its name
    record_token: bytes,
    *,
    disclosures: Preset | Iterable[str],
    holder_signer: Signer,
    audience: str,
    issued_at: datetime,
    expires_at: datetime,
    share_id: bytes,
    slot: int | None = None,
) -> bytes:
    """A share of a course record: what its holder chose, for one audience, until an end.

    :param record_token: the record as its issuer gave it out.
    :param disclosures: what to reveal: a :class:`Preset`, or paths such as ``final_score``,
        ``assessments[3]``, ``assessments[kind=exam]``. An empty list reveals the course alone.
    :param holder_signer: the share key, whose public half the record names.
    :param audience: who it is for, as they call themselves.
    :param issued_at: the moment of sharing. One that lies before the record's becomes the record's.
    :param expires_at: when the share ends.
    :param share_id: 10 random bytes, as ``signedcert.new_id()`` gives them.
    :param slot: which of the record's 16 share places it takes, 0 to 15. Shares in one slot are
        reset together, so each is to have its own; chosen by chance, it does not tell how many
        there were before. None for a record without such places, of which no share can be reset.
    :returns: a key-binding token (draft-ietf-spice-sd-cwt-09), at most 41,216 bytes.
    :raises ShareError: when the key is not the record's, a path means nothing in it, it would end
        before it begins or after the record, or ``slot`` and the record's places do not go
        together.
    :raises DecodeError: when the token is no record.
    :raises ValueError: when a moment has no time zone.
    :raises SignerError: when the signer's signature does not verify.
    """
    held = HeldRecord.open(record_token)
    visible, made_at, end = held.visible, Moment().check(issued_at), Moment().check(expires_at)
    _check_slot(slot, visible.share_places)
    if holder_signer.public_key.raw != visible.holder_key:
        raise ShareError(
            "this is not the share key of the record: shares are signed with the key that the "
            "record names"
        )
    named = normalised_audience(audience)
    if not _is_visible(named):
        raise ShareError("the audience is blank: say for whom the share is")
    claims = _claims(
        id=share_id,
        audience=named,
        issued_at=max(made_at, visible.issued_at, visible.valid_from or made_at),
        expires_at=end,
        slot=slot or 0,
    )
    if claims.ends_before_it_begins and claims.issued_at > made_at:
        raise ShareError(
            "the share would end before the record begins, which is dated "
            f"{claims.issued_at:%Y-%m-%d %H:%M:%S} UTC: is your clock right?"
        )
    if claims.ends_before_it_begins:
        raise ShareError("the share would end before it begins; choose a later end")
    if visible.expires_at is not None and claims.expires_at > visible.expires_at:
        raise ShareError(
            "the share would end after the record, which is valid until "
            f"{visible.expires_at:%Y-%m-%d %H:%M:%S} UTC; choose an earlier end"
        )
    record = RecordFrame(held.frame.signed, held.choose(disclosures).disclosures).to_bytes()
    assert len(record) <= RECORD_MAX  # it is no larger than what was given
    protected, payload = share_header(record), lower(claims)
    message = share_sig_structure(protected, payload)
    signature = holder_signer.sign(message)
    if not isinstance(signature, bytes) or not ed25519_verify(
        visible.holder_key, message, signature
    ):
        raise SignerError(
            "the signer returned a signature that does not verify under its public key; nothing "
            "was shared"
        )
    token = ShareFrame(held.frame, protected, payload, signature).to_bytes()
    if len(token) > SHARE_MAX:
        raise ShareError(
            f"the share takes {len(token)} bytes, at most {SHARE_MAX} are allowed; reveal less"
        )
    return token


def _check_slot(slot: int | None, places: SharePlaces | None) -> None:
    """Sees that a share takes a place where there are some, and only there.

    :raises ShareError: when it does not.
    """
    if places is not None and slot is None:
        raise ShareError(
            f"say which of the record's {SHARE_PLACES} share places this share takes (slot): each "
            "share needs its own, or one reset ends several"
        )
    if places is None and slot is not None:
        raise ShareError("the record has no share places, so none of its shares has a slot")


def _is_visible(text: str) -> bool:
    """Whether anything of a text is seen: neither space nor format characters alone."""
    return any(unicodedata.category(each)[0] not in "CZ" for each in text)


def _claims(**fields: object) -> ShareClaims:
    """What the holder signs.

    :raises ShareError: for a field that cannot be signed.
    """
    try:
        return ShareClaims.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise ShareError(f"{where}: {problem['msg'].removeprefix('Value error, ')}") from None
