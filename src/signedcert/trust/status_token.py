"""Status List Tokens (draft-ietf-oauth-status-list-21, CWT form), taken apart in two stages.

:func:`parse_envelope` finds what verification needs and leaves the payload alone;
:func:`parse_claims` reads the payload once the signature is verified. Other people's tokens need
not be deterministic CBOR: keys may be in any order and heads longer than needed. What is decoded is
otherwise held to what a reader can rely on: definite lengths, distinct keys, no tags, nothing after
it, integers or text as keys, at most 4,096 items, 8 deep.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from signedcert.codec import cbor
from signedcert.codec.framing import ALG, KID, TYP
from signedcert.codec.scan import ITEMS_MAX, extent
from signedcert.errors import DecodeError, Reason
from signedcert.model.text import compiled
from signedcert.model.times import MOMENT_MAX
from signedcert.trust.status_list import BITS

#: How many bytes a token may have.
TOKEN_MAX: Final = 16 << 20
#: The type (COSE header 16, RFC 9596) of a token.
STATUS_LIST_TYPE: Final = "application/statuslist+cwt"
#: CWT claims (RFC 8392, section 4; the draft's section "CBOR Web Token Claims Registration").
SUBJECT, EXPIRES_AT, NOT_BEFORE, ISSUED_AT, STATUS_LIST, TTL = 2, 4, 5, 6, 65533, 65534

_CRIT = 2
#: Tag 18 (COSE_Sign1) in each length of head, and how tag 61 (CWT) begins.
_SIGN1 = tuple(map(bytes.fromhex, ("d2", "d812", "d90012", "da00000012", "db0000000000000012")))
_CWT = b"\xd8\x3d"
#: A URI (RFC 3986, section 3): a scheme, and the characters that may follow it.
_URI = r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+"


class Envelope(NamedTuple):
    """A token taken apart, its payload unread: nothing in it is verified.

    :ivar protected: the protected header as received, which the signature covers.
    :ivar algorithm: what it says the signature is made with (RFC 9053); the caller refuses all but
        -19 (Ed25519, RFC 9864).
    :ivar kid: a hint which key to try, of any length, from the protected header or else from the
        unprotected one; None where neither has it.
    :ivar payload: the claims, for :func:`parse_claims`.
    :ivar signature: as received, of any length.
    """

    protected: bytes
    algorithm: int
    kid: bytes | None
    payload: bytes
    signature: bytes

    def to_be_signed(self) -> bytes:
        """The Sig_structure (RFC 9052, section 4.4), which is what the signature covers."""
        return cbor.encode(("Signature1", self.protected, b"", self.payload))


class StatusToken(NamedTuple):
    """What a token claims. It counts for nothing unless the signature was verified before.

    :ivar subject: the URI of the list. The reader checks that it is the one asked for.
    :ivar issued_at: when its statuses were true, in UTC, to the second.
    :ivar expires_at: from when on it must not be used, or None.
    :ivar not_before: until when it must not be used (RFC 8392, section 3.1.5), or None.
    :ivar ttl: how long it may be used before a fresh one should be fetched, a positive number of
        seconds, or None. ``issued_at + ttl`` is never beyond the year 9999.
    :ivar bits: 1, 2, 4 or 8 for each entry.
    :ivar lst: the compressed array, for :func:`signedcert.trust.status_list.inflate_list`.
    """

    subject: str
    issued_at: datetime
    expires_at: datetime | None
    not_before: datetime | None
    ttl: timedelta | None
    bits: int
    lst: bytes


def parse_envelope(token: bytes) -> Envelope:
    """Takes a token apart without looking into its payload.

    :param token: a COSE_Sign1 message with tag 18 (RFC 9052, section 4.2) and no other tag, of the
        type in text; the draft's CoAP number for it is not assigned yet.
    :raises DecodeError: ``empty_input``, ``too_large`` (16 MiB), ``not_a_token``,
        ``not_deterministic`` for CBOR that is not as this module demands, ``missing_header`` and
        ``wrong_algorithm`` where there is no number of an algorithm, ``wrong_type``, or
        ``extra_header`` for a header that must be understood (crit).
    """
    if not token:
        raise DecodeError(Reason.EMPTY_INPUT, "there is no status list token")
    if len(token) > TOKEN_MAX:
        raise DecodeError(Reason.TOO_LARGE, f"a status list token has at most {TOKEN_MAX} bytes")
    tag = next((head for head in _SIGN1 if token.startswith(head)), None)
    if tag is None:
        detail = "it has the CWT tag (61)" if token.startswith(_CWT) else "it does not have tag 18"
        raise _not_a_token(detail)
    match _decode(token[len(tag) :], "content"):
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)]:
            pass
        case _:
            raise _not_a_token("it is not two headers, a payload and a signature (COSE_Sign1)")
    header = _decode(protected, "protected header") if protected else {}
    if not isinstance(header, dict):
        raise _not_a_token("its protected header is not a map")
    headers = _by_label(header), _by_label(unprotected)
    if ALG not in headers[0]:
        raise _refused(Reason.MISSING_HEADER, "its protected header has no algorithm")
    algorithm = headers[0][ALG]
    if type(algorithm) is not int:
        raise _refused(Reason.WRONG_ALGORITHM, "its algorithm is not a number")
    if headers[0].get(TYP) != STATUS_LIST_TYPE:
        raise _refused(Reason.WRONG_TYPE, f"its protected type is not {STATUS_LIST_TYPE}")
    if any(_CRIT in labels for labels in headers):
        raise _refused(Reason.EXTRA_HEADER, "it has headers that must be understood (crit)")
    kids = [labels[KID] for labels in headers if KID in labels]
    if kids and not isinstance(kids[0], bytes):
        raise _not_a_token("its key id is not a byte string")
    return Envelope(protected, algorithm, kids[0] if kids else None, payload, signature)


def parse_claims(payload: bytes) -> StatusToken:
    """Reads the payload of a token whose signature is verified. Unknown claims are ignored.

    :raises DecodeError: ``not_deterministic`` for CBOR that is not as this module demands,
        ``schema_violation`` for claims that are missing or not of the draft's types. Times must be
        whole seconds from 1970 to 9999; RFC 8392 would allow fractions.
    """
    claims = _by_label(_expect_map(_decode(payload, "payload"), "payload"))
    subject = claims.get(SUBJECT)
    if not isinstance(subject, str) or not compiled(_URI).fullmatch(subject):
        raise _violation("it does not name the URI of its list (claim 2)")
    issued_at = _moment(claims, ISSUED_AT)
    if issued_at is None:
        raise _violation("it does not say when it was issued (claim 6)")
    entries = _expect_map(claims.get(STATUS_LIST), "status list (claim 65533)")
    bits, lst = entries.get("bits"), entries.get("lst")
    if type(bits) is not int or bits not in BITS:
        raise _violation("its entries do not have 1, 2, 4 or 8 bits")
    if not isinstance(lst, bytes):
        raise _violation("its list is not a byte string")
    if not isinstance(entries.get("aggregation_uri", ""), str):
        raise _violation("its aggregation_uri is not text")
    expires_at, not_before = _moment(claims, EXPIRES_AT), _moment(claims, NOT_BEFORE)
    ttl = _seconds(claims, TTL, 1, MOMENT_MAX - claims[ISSUED_AT])
    lifetime = None if ttl is None else timedelta(seconds=ttl)
    return StatusToken(subject, issued_at, expires_at, not_before, lifetime, bits, lst)


def _decode(data: bytes, what: str) -> Any:
    # Decoding ignores what comes after the first item, so the look before it must reach the end.
    try:
        if extent(data) == len(data):
            value = cbor.parse(data, unseen=len(data))
            if _has_plain_keys(value):
                return value
    except DecodeError:
        pass
    raise _refused(
        Reason.NOT_DETERMINISTIC,
        f"its {what} is not one item of well-formed CBOR with definite lengths, distinct keys, "
        f"no tags, at most {ITEMS_MAX} items and {cbor.MAX_DEPTH} levels",
    )


def _has_plain_keys(value: Any) -> bool:
    """Whether the keys of every map are integers or text: 1.0 and true would be taken for 1."""
    pending: list[Any] = [value]
    for item in pending:  # grows while it is walked
        if isinstance(item, dict):
            if any(type(key) not in (int, str) for key in item):
                return False
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return True


def _by_label(entries: dict[Any, Any]) -> dict[int, Any]:
    """The entries under integers."""
    return {label: value for label, value in entries.items() if type(label) is int}


def _moment(claims: dict[int, Any], label: int) -> datetime | None:
    seconds = _seconds(claims, label, 0, MOMENT_MAX)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _seconds(claims: dict[int, Any], label: int, least: int, most: int) -> int | None:
    if label not in claims:
        return None
    seconds = claims[label]
    if type(seconds) is not int or not least <= seconds <= most:
        raise _violation(f"its claim {label} is not a whole number from {least} to {most}")
    return seconds


def _expect_map(value: Any, what: str) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise _violation(f"its {what} is not a map")
    return value


def _not_a_token(detail: str) -> DecodeError:
    return _refused(Reason.NOT_A_TOKEN, detail)


def _violation(detail: str) -> DecodeError:
    return _refused(Reason.SCHEMA_VIOLATION, detail)


def _refused(reason: Reason, detail: str) -> DecodeError:
    return DecodeError(reason, f"the status list token cannot be used: {detail}")
