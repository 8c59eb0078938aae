"""No connections from this process, for as long as it takes to show that none are needed."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Any, NoReturn


class NetworkIsOffError(RuntimeError):
    """Something tried to use the network while it was off."""


@contextlib.contextmanager
def network_off() -> Iterator[None]:
    """While this lasts, opening a socket or looking up a host raises."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise NetworkIsOffError("a connection was tried with the network off")

    # Classes and functions through which Python code reaches the network.
    names = ("socket", "create_connection", "getaddrinfo", "gethostbyname", "socketpair")
    originals = {name: getattr(socket, name) for name in names}
    try:
        for name in names:
            setattr(socket, name, refuse)
        yield
    finally:
        for name, original in originals.items():
            setattr(socket, name, original)
