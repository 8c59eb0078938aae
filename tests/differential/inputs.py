"""Inputs of the fuzzer: a conformance vector with changes, by a seed and a number."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from conformance_cases import topics
from differential.carriers import in_text, remade_file, remade_text, token_in
from differential.tokens import remade
from differential.trusts import remade_trust

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_SECOND = 10**6
_STALENESS = (0, 1, _SECOND, 60 * _SECOND, 86_400 * _SECOND, 10**9 * _SECOND, 10**13 * _SECOND)
_AUDIENCES = ("Acme Hiring", "Acme", "acme hiring", "Åcme HR", "𝔸", "\u00c5", "a\nb")
#: An integer of four bytes in CBOR: where a moment of our days stands.
_MOMENT = re.compile(b"\x1a([\x60-\x7f]...)", re.DOTALL)
_LARGE = 20_000


@dataclass(frozen=True)
class Input:
    """One question to both verifiers.

    :ivar text: None where it is a token.
    :ivar now: in microseconds since 1970, as is ``max_staleness``.
    """

    text: str | None
    token: bytes | None
    trust: Mapping[str, str]
    now: int
    max_staleness: int = 0
    audience: str | None = None
    sealed_file: bytes | None = None

    def to_line(self) -> dict[str, Any]:
        """As the other verifier takes it."""
        line: dict[str, Any] = {"trust": self.trust, "now": str(self.now)}
        if self.token is not None:
            line["token"] = b64encode(self.token).decode()
        else:
            line["text"] = self.text
        if self.sealed_file is not None:
            line["sealed_file"] = b64encode(self.sealed_file).decode()
        if self.max_staleness:
            line["max_staleness"] = str(self.max_staleness)
        if self.audience is not None:
            line["audience"] = self.audience
        return line


def moment(now: int) -> datetime:
    """A moment of checking."""
    return _EPOCH + timedelta(microseconds=now)


@cache
def _seeds() -> tuple[list[Input], list[Input]]:
    """The vectors whose answer is deep, and the others."""
    deep, shallow = [], []
    for topic in topics().values():
        for case in topic["cases"]:
            if "certificate" in case:
                continue
            found = _of_vector(case, topic["trust"][case["trust"]])
            answer = case.get("expect")
            is_deep = answer is not None and answer["not_run"] < 4
            if len(found.text or found.token or b"") > _LARGE:
                continue
            (deep if is_deep else shallow).append(found)
    return deep, shallow


def _of_vector(case: Mapping[str, Any], held: Mapping[str, str]) -> Input:
    return Input(
        case.get("text"),
        b64decode(case["token"]) if "token" in case else None,
        held,
        (datetime.fromisoformat(case["now"]) - _EPOCH) // timedelta(microseconds=1),
        case.get("max_staleness", 0) * _SECOND,
        case.get("audience"),
        b64decode(case["sealed_file"]) if "sealed_file" in case else None,
    )


def inputs(seed: int, first: int, count: int) -> Iterator[tuple[int, Input]]:
    """So many inputs of a seed, from a number on."""
    for number in range(first, first + count):
        yield number, made(seed, number)


def made(seed: int, number: int) -> Input:
    """The input of a number: the same every time."""
    random = Random(f"{seed}:{number}")
    deep, shallow = _seeds()
    found = random.choice(deep if random.random() < 0.8 else shallow)
    changes = random.random()
    if changes < 0.7:
        found = _presented(found, random)
    if changes > 0.45:
        found = _trusted(found, random)
    if random.random() < 0.35:
        found = replace(found, now=_clock(found, random))
    if random.random() < 0.1:
        found = replace(found, max_staleness=random.choice(_STALENESS))
    if random.random() < 0.1:
        found = replace(found, audience=random.choice(_AUDIENCES))
    return found


def _presented(found: Input, random: Random) -> Input:
    if found.sealed_file is not None and found.text is not None and random.random() < 0.8:
        file = remade_file(found.text, found.sealed_file, random)
        return replace(found, sealed_file=file if random.random() < 0.97 else None)
    if found.text is not None:
        return replace(found, text=remade_text(found.text, random))
    assert found.token is not None
    token = found.token
    for _ in range(random.choice((1, 1, 1, 2))):
        token = remade(token, random)
    if random.random() < 0.25:
        return replace(found, text=in_text(token, random), token=None)
    return replace(found, token=token)


def _trusted(found: Input, random: Random) -> Input:
    deep, _ = _seeds()
    if random.random() < 0.1:
        return replace(found, trust=random.choice(deep).trust)
    others = [random.choice(deep).trust for _ in range(3)]
    return replace(found, trust=remade_trust(found.trust, others, random))


def _clock(found: Input, random: Random) -> int:
    """A moment at an edge of something, or anywhere."""
    moments = [1796205600, 1793613600, 1793491200, 0, 253402300799]
    token = found.token if found.token is not None else token_in(found.text or "")
    for data in (token or b"", *map(b64decode, found.trust.values() if (
        "bundle" in found.trust
    ) else ())):  # fmt: skip
        moments += [int.from_bytes(each, "big") for each in _MOMENT.findall(data)]
    at = random.choice(moments) * _SECOND
    at += random.choice((0, 0, -300, 300, 43_200, 604_800, 60)) * _SECOND
    at += random.choice((0, found.max_staleness, -found.max_staleness))
    at += random.choice((0, 1, -1, _SECOND // 2, _SECOND, -_SECOND))
    return max(_FIRST, min(_LAST, at))
