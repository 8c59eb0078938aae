"""Which addresses may be contacted: public ones, never those inside private networks."""

import ipaddress
import queue
import socket
import threading
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network

from signedcert.fetch.errors import FetchError, UnavailableError
from signedcert.fetch.target import Reach, Target, is_address

#: From a host name and a port to IP addresses, as text. Raises OSError where there are none.
Resolve = Callable[[str, int], list[str]]

#: All that is routed between IPv6 networks (RFC 4291, section 2.5.4; IANA has given out no more).
_GLOBAL_UNICAST = IPv6Network("2000::/3")
#: Tunnels, no longer in use, whose addresses carry an IPv4 address: Teredo, 6to4 (RFC 7526).
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
#: Stands for an IPv4 address in networks that have IPv6 only (RFC 6052, section 2.1).
_NAT64 = IPv6Network("64:ff9b::/96")
_LOOPBACK_6 = IPv6Address("::1")


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses that this machine's resolver gives.

    :raises OSError: when it gives none (:class:`socket.gaierror`).
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def addresses_of(target: Target, resolve: Resolve, seconds: float) -> tuple[str, ...]:
    """The addresses of the host, in the resolver's order: those to connect to, and no others.

    Every one of them must be within the target's reach. One that is not spoils them all: a name
    that has a public address and a private one is a mistake or an attack, and nobody could say
    which of them a connection would get.

    :param seconds: for how long to wait for the resolver.
    :raises FetchError: for a host without addresses, or with one that may not be contacted.
    :raises UnavailableError: when the resolver does not answer, or cannot now.
    """
    url = str(target.url)
    try:
        found = [target.host] if is_address(target.host) else _resolved(resolve, target, seconds)
    except TimeoutError:
        raise UnavailableError(url, f"looking up {target.host} took too long") from None
    except OSError as error:
        problem = f"the host {target.host} was not found ({error.strerror or error})"
        if error.errno == socket.EAI_AGAIN:
            raise UnavailableError(url, f"{problem}; is this machine online?") from error
        raise FetchError(url, f"{problem}; check its spelling") from error
    if not found:
        raise FetchError(url, f"the host {target.host} has no address; check its spelling")
    for address in found:
        if not _within(address, target.reach):
            raise FetchError(url, _refusal(target, address))
    return tuple(found)


def _resolved(resolve: Resolve, target: Target, seconds: float) -> list[str]:
    """What the resolver says, in time. getaddrinfo has no time limit, hence the thread."""
    answers: queue.SimpleQueue[list[str] | BaseException] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(resolve(target.host, target.port))
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked for
            answers.put(error)

    # A daemon: a resolver that hangs keeps neither this call nor the end of the program waiting.
    threading.Thread(target=look_up, name=f"resolve {target.host}", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _within(text: str, reach: Reach) -> bool:
    if not is_address(text):
        return False
    address = ipaddress.ip_address(text)
    if _is_loopback(address):
        return reach is not Reach.PUBLIC
    return reach is not Reach.LOOPBACK and _is_public(address)


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_loopback
    # Versions of Python differ on ::ffff:127.0.0.1; here it is no loopback address.
    return address == _LOOPBACK_6


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anyone, anywhere, is meant to reach this address (IANA's special-purpose registries).

    An IPv6 address that stands for an IPv4 address is as public as that one.
    """
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if address in _NAT64:
            return _is_public(IPv4Address(address.packed[-4:]))
        if address not in _GLOBAL_UNICAST or any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def _refusal(target: Target, address: str) -> str:
    host = (
        "its host" if address == target.host else f"{target.host} has the address {address}, which"
    )
    if target.reach is Reach.LOOPBACK:
        return f"{host} is not this machine; elsewhere only https on port 443 is fetched"
    return f"{host} is not on the public internet; publish the file at a public address"
