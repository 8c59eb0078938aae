"""How much room the same certificate takes: as a token, in a link, in a QR code."""

import statistics
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import segno

import signedcert as sc
from benchmarks.content import PAGE
from benchmarks.size import base45
from benchmarks.token_peers.contestants import ONE, PEERS
from signedcert import qr
from signedcert.codec.base64url import to_base64url

T = TypeVar("T")
#: As many QR codes are made of each kind; large ones take long.
_CODES = 20


@dataclass(frozen=True, slots=True)
class Sizes:
    """Means.

    :ivar token: bytes; None where it is that of another row.
    :ivar link: characters; None where the form knows no links.
    :ivar version: of QR codes at level M; None: none is large enough.
    """

    name: str
    token: float | None
    link: float | None
    version: float | None


def sizes(tokens: Mapping[str, list[bytes]]) -> list[Sizes]:
    """Of each form, given tokens by the names of those who issued them."""
    found = []
    if own := tokens.get(ONE):
        links = [sc.verify_url(PAGE, each) for each in own]
        version = _version(own, lambda token: qr.encode(PAGE, token))
        found.append(Sizes("signedcert", _mean(own), _mean(links), version))
        found.append(Sizes("EU pipeline with our token", None, None, _version(own, _eu)))
    for peer in PEERS:
        if issued := tokens.get(peer.name):
            links = [_link(each, peer.binary) for each in issued]
            version = _version(links, _in_qr)
            found.append(Sizes(peer.name, _mean(issued), _mean(links), version))
            if peer.binary:
                name = f"EU pipeline with the token of {peer.name}"
                found.append(Sizes(name, None, None, _version(issued, _eu)))
    return found


def _mean(values: list[bytes] | list[str]) -> float:
    return statistics.mean(len(each) for each in values)


def _link(token: bytes, binary: bool) -> str:
    return f"{PAGE}#{to_base64url(token) if binary else token.decode()}"


def _eu(token: bytes) -> segno.QRCode:
    """As the EU digital COVID certificate: zlib, base 45, alphanumeric mode."""
    return _in_qr("HC1:" + base45(zlib.compress(token, 9)))


def _in_qr(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m", boost_error=False)


def _version(given: list[T], make: Callable[[T], segno.QRCode]) -> float | None:
    try:
        return statistics.mean(int(make(each).version) for each in given[:_CODES])
    except segno.DataOverflowError:
        return None
