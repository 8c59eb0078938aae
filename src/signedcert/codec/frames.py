"""Any token → its frame: a certificate, a course record, or a share (docs/spec.md, section 5.2)."""

from itertools import pairwise
from typing import Any, TypeAlias

from cbor2 import frozendict

from signedcert.codec.framing import (
    SIGNATURE_SIZE,
    Frame,
    bytes_head,
    guess_certificate,
    not_a_token,
    parse_header,
    parts_of,
    too_large,
)
from signedcert.codec.record_framing import (
    AFTER_RECORD,
    BEFORE_RECORD,
    DISCLOSURE_MAX,
    DISCLOSURES_MAX,
    RECORD_MAX,
    SD_CLAIMS,
    SHARE_MAX,
    SHARE_PAYLOAD_MAX,
    RecordFrame,
    ShareFrame,
)
from signedcert.codec.record_guess import guess_record, guess_share
from signedcert.errors import DecodeError, Reason
from signedcert.model.kinds import MODELS, RECORD
from signedcert.model.statement import PAYLOAD_MAX

AnyFrame: TypeAlias = Frame | RecordFrame | ShareFrame


def parse_frame(token: bytes) -> AnyFrame:
    """Takes a token apart.

    :raises DecodeError: naming the first of the frame's rules that the token breaks, in the order
        of docs/spec.md, section 5.2.
    """
    # There is one encoding of each frame, so a guess that is confirmed needs no further check.
    frame = guess_certificate(token) or guess_share(token) or guess_record(token)
    if frame is not None:
        return frame
    if not token:
        raise DecodeError(Reason.EMPTY_INPUT, "there is nothing to check")
    if len(token) > SHARE_MAX:
        raise too_large("a token", SHARE_MAX)
    return _parse(token, in_share=False)


def signed_part(token: bytes) -> bytes:
    """What issuers and ledgers know a token by: of a record, the token that reveals nothing.

    Whoever holds a record reveals of it what he wants; what the issuer signed stays the same.

    :param token: whatever is no course record or share comes back as it is.
    """
    try:
        frame = parse_frame(token)
    except DecodeError:
        return token
    return token if isinstance(frame, Frame) else RecordFrame(frame.signed, ()).to_bytes()


def _parse(token: bytes, *, in_share: bool) -> AnyFrame:
    protected, unprotected, payload, signature = parts_of(token)
    if protected.startswith(BEFORE_RECORD):
        if in_share:
            raise DecodeError(Reason.WRONG_TYPE, "a share has a course record in it, not a share")
        return _share(protected, unprotected, payload, signature)
    kid, media_type = parse_header(protected, MODELS)
    disclosures: tuple[bytes, ...] = ()
    if media_type == RECORD:
        disclosures = _disclosures(unprotected)
        if len(token) > RECORD_MAX:
            raise too_large("a course record", RECORD_MAX)
    else:
        _check_empty(unprotected)
    if len(payload) > PAYLOAD_MAX:
        raise too_large("a payload", PAYLOAD_MAX)
    if not payload or len(signature) != SIGNATURE_SIZE:
        raise not_a_token()
    frame = Frame(media_type, kid, payload, signature)
    return RecordFrame(frame, disclosures) if media_type == RECORD else frame


def _share(protected: bytes, unprotected: Any, payload: bytes, signature: bytes) -> ShareFrame:
    if not protected.endswith(AFTER_RECORD) or len(protected) <= len(BEFORE_RECORD + AFTER_RECORD):
        raise not_a_token()
    inner = protected[len(BEFORE_RECORD) : -len(AFTER_RECORD)]
    record = guess_record(inner) or _parse(inner, in_share=True)
    if not isinstance(record, RecordFrame):
        raise DecodeError(Reason.WRONG_TYPE, "what the share has in it is no course record")
    _check_empty(unprotected)
    if len(payload) > SHARE_PAYLOAD_MAX:
        raise too_large("the payload of a share", SHARE_PAYLOAD_MAX)
    if not payload or len(signature) != SIGNATURE_SIZE:
        raise not_a_token()
    return ShareFrame(record, protected, payload, signature)


def _check_empty(unprotected: Any) -> None:
    if not isinstance(unprotected, frozendict) or unprotected:
        raise DecodeError(Reason.UNPROTECTED_HEADER, "the unprotected header is not an empty map")


def _disclosures(unprotected: Any) -> tuple[bytes, ...]:
    if isinstance(unprotected, frozendict):
        if not unprotected:
            return ()
        found = unprotected.get(SD_CLAIMS)
        if len(unprotected) == 1 and isinstance(found, tuple):
            disclosures = tuple(
                bytes_head(len(each)) + each
                for each in found
                if isinstance(each, bytes) and 0 < len(each) <= DISCLOSURE_MAX
            )
            if len(disclosures) == len(found) and _are_ascending(disclosures):
                return disclosures
    raise DecodeError(
        Reason.UNPROTECTED_HEADER,
        "the unprotected header of a course record has something else in it than disclosures, each "
        "once and ascending",
    )


def _are_ascending(items: tuple[bytes, ...]) -> bool:
    return 0 < len(items) <= DISCLOSURES_MAX and all(one < other for one, other in pairwise(items))
