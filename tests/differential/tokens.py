"""Tokens taken apart, changed within, and signed again by the key that their kid names."""

from hashlib import sha256
from random import Random
from typing import Any

from cbor_oracle import Raw, Tagged, dumps
from differential.trees import OTHERWISE, Tree, changed, encoded, spoilt, tree_of
from forging import signed
from issuing import HOLDER, OTHER_HOLDER, OTHER_SIGNER, SIGNER
from record_forging import REDACTED
from signedcert import SoftwareSigner
from trusting import OPERATOR, ROOTS, SPARE, STATUS_SIGNER, STRANGER

KEYS = (
    *(SIGNER, OTHER_SIGNER, STATUS_SIGNER, HOLDER, OTHER_HOLDER, STRANGER, SPARE, OPERATOR),
    *ROOTS,
)
_BY_KID = {signer.public_key.kid: signer for signer in KEYS}
_SHARE = b"\xa3\x01\x32\x0d"
_SHARE_END = b"\x10\x19\x01\x26"
_BODY = -65_537


def remade(token: bytes, random: Random) -> bytes:
    """The token with a change in it, mostly signed again; what is no token, spoilt."""
    try:
        protected, unprotected, payload, signature = parts_of(token)
    except ValueError:
        return spoilt(token, random)
    if random.random() < 0.08:
        return spoilt(token, random)
    if random.random() < 0.04:
        return dumps(changed(Tagged(18, [protected, unprotected, payload, signature]), random))
    if protected.startswith(_SHARE) and protected.endswith(_SHARE_END):
        return _share(protected, unprotected, payload, random)
    if isinstance(unprotected, dict) and _is_record(protected):
        return _record(protected, unprotected, payload, random)
    return _plain(protected, unprotected, payload, random)


def parts_of(token: bytes) -> tuple[bytes, Tree, bytes, bytes]:
    """Header, unprotected header, payload and signature.

    :raises ValueError: when it is no COSE_Sign1.
    """
    match tree_of(token):
        case Tagged(18, [bytes(protected), unprotected, bytes(payload), bytes(signature)]):
            return protected, unprotected, payload, signature
    raise ValueError("no token")


def signer_of(protected: bytes) -> SoftwareSigner:
    """Whose kid is in a header."""
    try:
        header = tree_of(protected)
    except ValueError:
        return SIGNER
    kid = header.get(4) if isinstance(header, dict) else None
    return _BY_KID.get(kid, SIGNER) if isinstance(kid, bytes) else SIGNER


def resigned(protected: bytes, unprotected: Any, payload: bytes, random: Random) -> bytes:
    """A token of these parts; seldom signed by another key."""
    signer = random.choice(KEYS) if random.random() < 0.03 else signer_of(protected)
    return signed(payload, Raw(protected), unprotected, signer)


def _plain(protected: bytes, unprotected: Tree, payload: bytes, random: Random) -> bytes:
    where = random.random()
    if where < 0.12:
        protected = changed_bytes(protected, random)
    elif where < 0.17:
        unprotected = changed(unprotected, random)
    else:
        payload = changed_bytes(payload, random)
    return resigned(protected, unprotected, payload, random)


def changed_bytes(data: bytes, random: Random) -> bytes:
    """The CBOR in bytes with changes in it; what is none, spoilt."""
    try:
        tree = tree_of(data)
    except ValueError:
        return spoilt(data, random)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        try:
            tree = changed(tree, random)
        except OTHERWISE:
            break  # keys of a map that were shuffled are not walked into
    return encoded(tree, random)


def _is_record(protected: bytes) -> bool:
    return b"record+sd-cwt" in protected


def _share(protected: bytes, unprotected: Tree, payload: bytes, random: Random) -> bytes:
    where = random.random()
    record = protected[len(_SHARE) : -len(_SHARE_END)]
    if where < 0.45:
        record = remade(record, random)
    elif where < 0.9:
        payload = changed_bytes(payload, random)
    elif where < 0.95:
        unprotected = changed(unprotected, random)
    header = _SHARE + record + _SHARE_END
    if where >= 0.95:
        header = spoilt(header, random)
    signer = random.choice(KEYS) if random.random() < 0.03 else HOLDER
    return signed(payload, Raw(header), unprotected, signer)


def _record(
    protected: bytes, unprotected: dict[Any, Tree], payload: bytes, random: Random
) -> bytes:
    disclosures = unprotected.get(17)
    where = random.random()
    if where < 0.35 or not isinstance(disclosures, list) or not disclosures:
        return _plain(protected, unprotected, payload, random)
    if where < 0.5:
        # What is disclosed, without the issuer.
        return resigned(protected, changed(unprotected, random), payload, random)
    if where < 0.6:
        kept = [each for each in disclosures if random.random() < 0.6]
        return resigned(protected, {17: kept} if kept else {}, payload, random)
    place = random.randrange(len(disclosures))
    old = disclosures[place]
    if not isinstance(old, bytes):
        return _plain(protected, unprotected, payload, random)
    payload, disclosures = _replaced(payload, disclosures, old, changed_bytes(old, random))
    return resigned(protected, {17: disclosures}, payload, random)


def _replaced(
    payload: bytes, disclosures: list[Any], old: bytes, new: bytes
) -> tuple[bytes, list[Any]]:
    """The record in which a disclosure is another one, and every digest on the way is right."""
    waiting = [(old, new)]
    found = list(disclosures)
    while waiting:
        before, after = waiting.pop()
        found[found.index(before)] = after
        one, other = (sha256(dumps(each)).digest() for each in (before, after))
        payload = payload.replace(one, other)
        waiting += [
            (each, each.replace(one, other))
            for each in found
            if isinstance(each, bytes) and one in each and each != after
        ]
    ordered = sorted({each for each in found if isinstance(each, bytes)}, key=dumps)
    return _sorted_digests(payload), ordered


def _sorted_digests(payload: bytes) -> bytes:
    try:
        claims = tree_of(payload)
        hidden = claims[_BODY][REDACTED]
        claims[_BODY][REDACTED] = sorted(hidden)
        return dumps(claims)
    except OTHERWISE:
        return payload
