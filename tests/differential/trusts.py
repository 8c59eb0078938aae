"""Bundles and key sets, changed in what they hold, mostly signed again."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from random import Random
from typing import Any

from cbor_oracle import dumps
from differential.tokens import KEYS, parts_of, remade, resigned
from differential.trees import OTHERWISE, changed, encoded, spoilt, tree_of

Held = Mapping[str, str]
_ENTRIES = (0, 0, 0, 1, 2, 3, 15)
_VALUES = (None, 0, 1, -1, 1.5, "x", "sig", "verify", "Ed25519", "EdDSA", True, [], {}, 1793613600)
_MEMBERS = ("kty", "crv", "x", "alg", "use", "key_ops", "nbf", "exp", "revoked", "iss", "iat", "d")


def remade_trust(held: Held, others: list[Held], random: Random) -> Held:
    """The trust with a change in it."""
    if "key_set" in held:
        data = _key_set(b64decode(held["key_set"]), random)
        return {"issuer": held["issuer"], "key_set": b64encode(data).decode()}
    data = b64decode(held["bundle"])
    if random.random() < 0.05:
        return _bundle(spoilt(data, random))
    try:
        content = tree_of(data)
        for _ in range(random.choice((1, 1, 2))):
            _change(content, random.choice(others), random)
        if random.random() < 0.1:
            content = changed(content, random)
    except OTHERWISE:
        return _bundle(spoilt(data, random))
    return _bundle(encoded(content, random))


def _bundle(data: bytes) -> Held:
    return {"bundle": b64encode(data).decode()}


def _change(content: dict[Any, Any], other: Held, random: Random) -> None:
    """One change in what a bundle holds."""
    issuers = content[3]
    where = random.random()
    if not issuers or where < 0.08:
        _join(content, other, random)
        return
    place = random.randrange(len(issuers))
    issuer = list(issuers[place])
    pinned = len(issuer) >= 5
    if where < 0.4:
        issuer[1] = remade_document(issuer[1], random) if pinned else _key_set(issuer[1], random)
    elif where < 0.7 and pinned and issuer[4]:
        lists = [list(each) for each in issuer[4]]
        chosen = random.choice(lists)
        chosen[1] = remade_list(chosen[1], random)
        issuer[4] = lists
    elif where < 0.78:
        _moments(content, issuer, random)
    elif where < 0.86 and pinned:
        issuer[2] = random.choice((0, 1, 2, 3, 7, issuer[2]))
        roots = [key.public_key.raw for key in KEYS]
        issuer[3] = random.sample(roots, random.choice((0, 1, 1, 2, 3)))
    elif where < 0.92:
        content[4] = _index(content[4], len(issuers), random)
    elif where < 0.96:
        issuer = changed(issuer, random)
    else:
        del issuers[place]
        return
    issuers[place] = issuer


def _moments(content: dict[Any, Any], issuer: list[Any], random: Random) -> None:
    moments = (0, 1793491200, 1793613600, 1796205600, 1801267200, 253402300799)
    pair = [random.choice(moments), random.choice(moments)]
    if random.random() < 0.5:
        content[1], content[2] = pair
    else:
        issuer[:] = [*issuer[: 5 if len(issuer) >= 5 else 2], *pair]


def _index(index: bytes, count: int, random: Random) -> bytes:
    records = {index[at : at + 12] for at in range(0, len(index), 12)}
    if records and random.random() < 0.4:
        records.discard(random.choice(sorted(records)))
    kid = random.choice(KEYS).public_key.kid
    records.add(kid + random.randrange(count).to_bytes(4, "big"))
    return b"".join(sorted(records))


def _join(content: dict[Any, Any], other: Held, random: Random) -> None:
    """The issuers of another bundle as well, with an index that knows every key."""
    if "bundle" not in other:
        return
    more = tree_of(b64decode(other["bundle"]))[3]
    named = {each[0]: each for each in (*content[3], *more) if isinstance(each[0], str)}
    content[3] = [named[name] for name in sorted(named, key=str.encode)]
    records = {
        key.public_key.kid + place.to_bytes(4, "big")
        for place in range(len(content[3]))
        for key in KEYS
        if random.random() < 0.8
    }
    content[4] = b"".join(sorted(records))


def remade_document(token: bytes, random: Random) -> bytes:
    """An issuer document with a change in it, mostly in a handover or a key."""
    if random.random() < 0.6:
        return remade(token, random)
    try:
        protected, unprotected, payload, _ = parts_of(token)
        claims = tree_of(payload)
        body = claims[-65_537]
        if random.random() < 0.4:
            place = random.randrange(len(body[7]))
            body[7][place] = remade(body[7][place], random)
        else:
            _change_key(random.choice(body[8]), random)
    except OTHERWISE:
        return remade(token, random)
    return resigned(protected, unprotected, dumps(claims), random)


def _change_key(key: dict[int, Any], random: Random) -> None:
    """Another period, another use, or an end."""
    moments = (0, 1793491200, 1793613599, 1793613600, 1793613601, 253402300799)
    match random.randrange(5):
        case 0:
            key[2] = random.choice(moments)
        case 1:
            key[3] = random.choice(moments)
        case 2:
            key[1] = 1 - key[1]
        case _:
            key[4] = {0: random.choice((0, 1)), 1: random.choice(moments)}
            if random.random() < 0.3:
                key[4][3] = bytes(16) + random.randbytes(16)


def remade_list(token: bytes, random: Random) -> bytes:
    """A status list with other entries, or with a change in it."""
    if random.random() < 0.5:
        return remade(token, random)
    try:
        protected, unprotected, payload, _ = parts_of(token)
        claims = tree_of(payload)
        listed = claims[65533]
        bits = random.choice((1, 2, 4, 8))
        array = bytes(
            random.choice(_ENTRIES) * 17 & 0xFF for _ in range(random.choice((1, 9, 200)))
        )
        listed["bits"], listed["lst"] = bits, zlib.compress(array, random.choice((0, 1, 9)))
        if random.random() < 0.3:
            listed["lst"] = spoilt(listed["lst"], random)
    except OTHERWISE:
        return remade(token, random)
    return resigned(protected, unprotected, dumps(claims), random)


def _key_set(data: bytes, random: Random) -> bytes:
    if random.random() < 0.15:
        return spoilt(data, random)
    try:
        content = json.loads(data)
        target = random.choice((content, random.choice(content["keys"])))
        member = random.choice(_MEMBERS)
        match random.randrange(4):
            case 0:
                target.pop(member, None)
            case 1:
                target["revoked"] = {
                    "revoked_at": random.choice((0, 1793613600, 1793613601, -1, 1.5)),
                    "reason": random.choice(("superseded", "compromised", "x", None)),
                }
            case 2:
                content["keys"].append(dict(random.choice(content["keys"])) | {"use": "enc"})
            case _:
                target[member] = random.choice(_VALUES)
        return json.dumps(content, ensure_ascii=random.random() < 0.5).encode()
    except OTHERWISE:
        return spoilt(data, random)
