"""What may be fetched, judged by its URL alone."""

import enum
import ipaddress
import re
from dataclasses import dataclass

import httpx

from signedcert.fetch.errors import FetchError

_DEFAULT_PORTS = {"https": 443, "http": 80}
#: Printable ASCII, which is all that a URL is made of (RFC 3986, section 2), less the backslash,
#: which some readers take for a slash.
_URL = re.compile(r"[!-\[\]-~]{1,2048}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
#: A last label like these makes resolvers read the host as an IPv4 address, in decimal, octal or
#: hexadecimal, of one to four parts.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


class Reach(enum.Enum):
    """Which addresses a host may have."""

    PUBLIC = enum.auto()
    PUBLIC_OR_LOOPBACK = enum.auto()
    LOOPBACK = enum.auto()


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be fetched, if its host's addresses are within reach.

    :ivar url: the URL.
    :ivar host: a lower-case host name in A-labels, or an IP address without brackets.
    :ivar port: where to connect.
    :ivar reach: which addresses the host may have.
    """

    url: httpx.URL
    host: str
    port: int
    reach: Reach

    @property
    def origin(self) -> str:
        """Scheme, host and port (RFC 6454), as text that shows them all."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.url.scheme}://{host}:{self.port}"


def target_of(url: str, *, allow_loopback: bool) -> Target:
    """Reads a URL.

    It is https, on port 443, with neither user name nor fragment. Where loopback is allowed, other
    ports and plain http are too, and such a URL then reaches loopback addresses only.

    :raises FetchError: for any other URL.
    """
    if not isinstance(url, str):
        raise TypeError("a URL must be text")
    shown = _without_secrets(url)
    if not _URL.fullmatch(url):
        problem = "a URL has 1 to 2048 ASCII characters and neither spaces nor backslashes; write "
        raise FetchError(shown, problem + "other letters of a host in A-labels (xn--…)")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:  # its message may quote what was meant as a password
        raise FetchError(shown, "not a URL that can be read; check its host and port") from None
    if parsed.scheme not in _DEFAULT_PORTS or (parsed.scheme == "http" and not allow_loopback):
        raise FetchError(shown, "only https is fetched; write a URL that begins with https://")
    if "@" in re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]:
        raise FetchError(shown, "a URL with a user name or password is not fetched; leave them out")
    if "#" in url:
        raise FetchError(
            shown, "a fragment is never sent to a server; leave out # and what follows"
        )
    port = _DEFAULT_PORTS[parsed.scheme] if parsed.port is None else parsed.port
    if not 1 <= port <= 65535 or (port != 443 and not allow_loopback):
        raise FetchError(shown, f"port {port} is not contacted, only 443; leave the port out")
    if not allow_loopback:
        reach = Reach.PUBLIC
    elif parsed.scheme == "http" or port != 443:
        reach = Reach.LOOPBACK
    else:
        reach = Reach.PUBLIC_OR_LOOPBACK
    return Target(parsed, _host_of(parsed, shown), port, reach)


def redirected(target: Target, location: str) -> Target:
    """Where a response to a target redirects to: the same scheme, host and port, another path.

    :raises FetchError: for any other place.
    """
    url = str(target.url)
    try:
        # A fragment is meant for whoever shows the page (RFC 9110, section 10.2.2).
        joined = str(target.url.join(location).copy_with(fragment=None))
        to = target_of(joined, allow_loopback=True)
    except (httpx.InvalidURL, FetchError):
        raise FetchError(url, "it redirects to something that is not fetched") from None
    if to.origin != target.origin:
        problem = f"it redirects to another server, {to.origin}; fetch from there if you trust it"
        raise FetchError(url, problem)
    return Target(to.url, target.host, target.port, target.reach)


def is_address(host: str) -> bool:
    """Whether it is an IP address: an IPv4 address in four decimal parts, or an IPv6 address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host  # a zone means something on this machine only (RFC 4007, section 6)


def _host_of(parsed: httpx.URL, shown: str) -> str:
    host = parsed.raw_host.decode("ascii").lower()
    if is_address(host):
        return host
    if not _HOST_NAME.fullmatch(host):
        raise FetchError(shown, "its host is neither a host name in A-labels nor an IP address")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise FetchError(shown, "its host is a number; write an IPv4 address in four decimal parts")
    return host


def _without_secrets(url: str) -> str:
    """The URL for people: on one line, not too long, and with nothing that stood before an ``@``.

    It is used before the URL is understood, so any ``@`` may end a password.
    """
    _, at, rest = url.rpartition("@")
    text = f"…@{rest}" if at else url
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:300]
    )
