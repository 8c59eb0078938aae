"""Connections to checked addresses, each step within one deadline."""

import contextlib
import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from signedcert.fetch.address import Resolve, addresses_of
from signedcert.fetch.deadline import Deadline
from signedcert.fetch.errors import FetchError
from signedcert.fetch.target import Target


class CheckedTransport(httpx.BaseTransport):
    """Sends requests to one target, over one connection to an address that was checked.

    The check stands where the socket is opened. A name that points elsewhere a moment later (DNS
    rebinding) changes nothing: no name is looked up between the check and the connection, and TLS
    still compares the certificate with the host's name.

    :param ssl_context: how TLS verifies, or None for a target that is plain http.
    :param deadline: when every operation ends, however little at a time it takes.
    """

    def __init__(
        self,
        target: Target,
        *,
        ssl_context: ssl.SSLContext | None,
        resolve: Resolve,
        deadline: Deadline,
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_connections=1,
            network_backend=_CheckedBackend(target, resolve, deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends it.

        :raises FetchError: when no address may be contacted, or the certificate is refused.
        :raises httpx.TransportError: when the connection fails or the response is none.
        """
        url = request.url
        with _as_httpx_errors():
            response = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=response.status, headers=response.headers, stream=_Body(response)
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors():
            yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@contextlib.contextmanager
def _as_httpx_errors() -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.ReadTimeout(str(error)) from error
    except httpcore.ProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from error
    except httpcore.NetworkError as error:
        raise httpx.NetworkError(str(error)) from error


class _CheckedBackend(httpcore.NetworkBackend):
    """The only way by which a connection is opened."""

    def __init__(self, target: Target, resolve: Resolve, deadline: Deadline) -> None:
        self._target = target
        self._resolve = resolve
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        assert (host, port) == (self._target.host, self._target.port), "a transport has one target"
        failure: Exception | None = None
        for address in addresses_of(self._target, self._resolve, self._deadline.left()):
            seconds = _within(self._deadline, timeout)
            try:
                stream = self._sockets.connect_tcp(
                    address, port, seconds, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _BoundedStream(stream, str(self._target.url), self._deadline)
        assert failure is not None, "a host has at least one address"
        raise failure


class _BoundedStream(httpcore.NetworkStream):
    """A stream that ends at the deadline.

    A timeout alone does not: each byte of a header or body that drips in would begin it anew.
    """

    def __init__(self, stream: httpcore.NetworkStream, url: str, deadline: Deadline) -> None:
        self._stream = stream
        self._url = url
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(self._deadline, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(
                ssl_context, server_hostname, _within(self._deadline, timeout)
            )
        except Exception as error:
            self._stream.close()  # nobody else has it yet, not even when the time is up
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                problem = f"the server's certificate was refused: {error.__cause__.verify_message}"
                raise FetchError(self._url, problem) from error
            raise
        return _BoundedStream(stream, self._url, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _within(deadline: Deadline, timeout: float | None) -> float:
    left = deadline.left()
    if not left:  # to a socket, a timeout of 0 means not to wait, rather than no time
        raise httpcore.ReadTimeout("the deadline has passed")
    return left if timeout is None else min(left, timeout)
