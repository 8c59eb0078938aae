"""Making our own Status List Tokens (draft-ietf-oauth-status-list-21, CWT form)."""

from datetime import datetime, timedelta

from signedcert.codec.cbor import encode
from signedcert.codec.framing import ED25519, protected_header
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.signer import Signer
from signedcert.errors import DecodeError, EncodeError, SignerError
from signedcert.model.times import Moment
from signedcert.trust.status_list import LIST_MAX, StatusList, deflate_list
from signedcert.trust.status_token import (
    EXPIRES_AT,
    ISSUED_AT,
    STATUS_LIST,
    STATUS_LIST_TYPE,
    SUBJECT,
    TOKEN_MAX,
    TTL,
    Envelope,
    parse_claims,
)

#: Frame, header and signature take about 130 bytes.
_PAYLOAD_MAX = TOKEN_MAX - 256
_SIGN1 = b"\xd2"


def sign_status_list(  # noqa: PLR0913  # each by its name
    *,
    subject: str,
    issued_at: datetime,
    expires_at: datetime | None,
    ttl: timedelta | None,
    bits: int,
    array: bytes,
    signer: Signer,
) -> bytes:
    """A signed token in deterministic CBOR (RFC 8949, section 4.2.1).

    The signature is verified before it is released, as a certificate's is.

    :param subject: the URI under which the list will be found.
    :param issued_at: an aware moment, floored to the second.
    :param expires_at: likewise, later, or None for a list that only its ttl makes stale.
    :param ttl: whole seconds, at least one, or None.
    :param bits: 1, 2, 4 or 8 for each entry.
    :param array: the packed entries (:func:`signedcert.trust.status_list.pack_statuses`).
    :raises ValueError: for any of them that is not as said here.
    :raises EncodeError: when the token would be larger than 16 MiB.
    :raises SignerError: when the signature does not verify under the signer's public key.
    """
    payload = _payload(subject, issued_at, expires_at, ttl, StatusList(bits, array))
    public_key = signer.public_key
    protected = protected_header(STATUS_LIST_TYPE, public_key.kid)
    message = Envelope(protected, ED25519, public_key.kid, payload, b"").to_be_signed()
    signature = signer.sign(message)
    if not isinstance(signature, bytes) or not ed25519_verify(public_key.raw, message, signature):
        raise SignerError(
            "the signer returned a signature that does not verify under its public key; "
            "no status list was issued"
        )
    return _SIGN1 + encode((protected, {}, payload, signature))


def _payload(
    subject: str,
    issued_at: datetime,
    expires_at: datetime | None,
    ttl: timedelta | None,
    statuses: StatusList,
) -> bytes:
    if len(statuses.array) > LIST_MAX:
        raise ValueError(f"the array of a status list has at most {LIST_MAX} bytes")
    # Keys in the bytewise order of their encodings: the shorter text and the smaller number first.
    claims: dict[int, object] = {SUBJECT: subject}
    if expires_at is not None:
        claims[EXPIRES_AT] = _seconds(expires_at)
    claims[ISSUED_AT] = _seconds(issued_at)
    claims[STATUS_LIST] = {"lst": deflate_list(statuses.array), "bits": statuses.bits}
    if ttl is not None:
        claims[TTL], rest = divmod(ttl, timedelta(seconds=1))
        if rest:
            raise ValueError("the ttl of a status list has whole seconds")
    payload = encode(claims)
    if len(payload) > _PAYLOAD_MAX:
        raise EncodeError(
            f"the status list would be larger than a token of {TOKEN_MAX} bytes; "
            "spread its certificates over several lists"
        )
    # Whatever readers would refuse is not signed.
    try:
        token = parse_claims(payload)
    except DecodeError as error:
        raise ValueError(str(error)) from error
    if token.expires_at is not None and token.expires_at <= token.issued_at:
        raise ValueError("the status list would expire before it is issued")
    return payload


def _seconds(moment: datetime) -> int:
    return int(Moment().check(moment).timestamp())
