"""Fetching over HTTPS, with bounds on everything."""

import contextlib
import importlib.metadata
import random
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from signedcert.fetch.address import Resolve, resolve_host
from signedcert.fetch.connecting import CheckedTransport
from signedcert.fetch.deadline import Deadline
from signedcert.fetch.errors import FetchError, UnavailableError
from signedcert.fetch.response import Progress, Response, read_response
from signedcert.fetch.target import Target, redirected, target_of

MAX_REDIRECTS = 3
#: Seconds before the second attempt, doubled before each further one; half of it more or less, so
#: that many who failed together do not come back together.
BACK_OFF = 0.5
#: For how many seconds a server may ask to be left alone before the fetch is given up instead.
MAX_RETRY_AFTER = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches files from the public internet. Reads no setting but its own, and keeps nothing.

    Connections go straight to checked addresses: proxies and ``.netrc`` files that the environment
    names are not used, and no cookies are kept. TLS verification cannot be switched off.

    :ivar allow_loopback: whether this machine itself may be contacted, on any port and in plain
        http too. For tests. No other private address becomes allowed.
    :ivar timeout: seconds to wait for a connection, and each time for more of a response.
    :ivar deadline: seconds for one whole fetch: all attempts, redirects and waits between.
    :ivar attempts: how often to try where a fault may pass by itself; at least 1.
    :ivar ssl_context: which certificates to accept; None for the authorities of ``certifi``, or of
        the file or folder that SSL_CERT_FILE or SSL_CERT_DIR names.
    :ivar report: is called as each attempt begins, and whenever more has arrived.
    :ivar resolve: from host names to addresses.
    :ivar sleep: waits between attempts.
    :raises ValueError: for a context that does not verify, and for bounds that are not positive.
    """

    allow_loopback: bool = False
    timeout: float = 10.0
    deadline: float = 60.0
    attempts: int = 3
    ssl_context: ssl.SSLContext | None = None
    report: Callable[[Progress], None] | None = None
    resolve: Resolve = resolve_host
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if not (self.timeout > 0 and self.deadline > 0 and self.attempts >= 1):
            raise ValueError("timeout and deadline must be positive, and attempts at least 1")
        self._verifying()

    def _verifying(self) -> ssl.SSLContext | None:
        """The context, which must verify, also after somebody changed it."""
        context = self.ssl_context
        if context and not (context.check_hostname and context.verify_mode is ssl.CERT_REQUIRED):
            raise ValueError("the TLS context must verify certificates and host names")
        return context

    def get(self, url: str, *, limit: int) -> bytes:
        """The bytes at a URL. As :meth:`get_with_headers`, of which this is the body."""
        return self.get_with_headers(url, limit=limit).body

    def get_with_headers(self, url: str, *, limit: int) -> Response:
        """The bytes at a URL, and what the server says of them.

        :param url: https, without user name or fragment. Redirects are followed up to three times,
            and within the same scheme, host and port only.
        :param limit: how many bytes the body may have.
        :raises NotFoundError: when there is nothing there.
        :raises UnavailableError: when attempts, or the time, ran out.
        :raises FetchError: when it is larger, compressed, elsewhere, or may not be contacted.
        """
        if limit < 1:
            raise ValueError("the limit must be at least one byte")
        target = target_of(url, allow_loopback=self.allow_loopback)
        deadline = Deadline.after(self.deadline)
        attempt = 1
        while True:
            try:
                return self._attempt(target, limit, attempt, deadline)
            except UnavailableError as error:
                self.sleep(self._wait(error, attempt, deadline))
            attempt += 1

    def _wait(self, error: UnavailableError, attempt: int, deadline: Deadline) -> float:
        """Seconds until the next attempt, where there is one. Otherwise raises."""
        problem, asked = error.problem, error.retry_after
        if not deadline.left():
            problem = f"it took longer than {self.deadline:g} seconds; try again later"
            raise UnavailableError(error.url, problem, asked) from error
        if attempt >= self.attempts:
            times = "once" if attempt == 1 else f"{attempt} times"
            problem = f"{problem}; tried {times}, try again later"
            raise UnavailableError(error.url, problem, asked) from error
        wait = BACK_OFF * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
        wait = max(wait, asked or 0.0)
        if wait > min(MAX_RETRY_AFTER, deadline.left()):
            problem = f"{problem}; try again in {wait:.0f} seconds"
            raise UnavailableError(error.url, problem, asked) from error
        return wait

    def _attempt(self, target: Target, limit: int, attempt: int, deadline: Deadline) -> Response:
        asked_for = str(target.url)
        report = self.report or (lambda _: None)
        report(Progress(asked_for, 0, None, attempt))
        for _ in range(MAX_REDIRECTS + 1):
            with self._response(target, deadline) as response:
                if not response.has_redirect_location:
                    return read_response(response, str(target.url), limit, attempt, report)
                target = redirected(target, response.headers["location"])
        raise FetchError(
            asked_for, f"it redirects more than {MAX_REDIRECTS} times; use the last URL"
        )

    @contextlib.contextmanager
    def _response(self, target: Target, deadline: Deadline) -> Iterator[httpx.Response]:
        """Status and headers; the body is still to be read. No client: it would keep cookies."""
        secure = target.url.scheme == "https"
        context = (self._verifying() or httpx.create_ssl_context()) if secure else None
        headers = {
            "Accept": "*/*",
            "Accept-Encoding": "identity",  # what unpacks to more than the limit is not unpacked
            "Connection": "close",
            "User-Agent": f"signedcert/{importlib.metadata.version('signedcert')}",
        }
        request = httpx.Request(
            "GET",
            target.url,
            headers=headers,
            extensions={"timeout": httpx.Timeout(self.timeout).as_dict()},
        )
        transport = CheckedTransport(
            target, ssl_context=context, resolve=self.resolve, deadline=deadline
        )
        try:
            with transport, contextlib.closing(transport.handle_request(request)) as response:
                yield response
        except httpx.TimeoutException as error:
            problem = f"no answer within {self.timeout:g} seconds"
            raise UnavailableError(str(target.url), problem) from error
        except httpx.ProtocolError as error:
            raise UnavailableError(str(target.url), f"a broken response ({error})") from error
        except httpx.TransportError as error:
            raise UnavailableError(str(target.url), f"no connection ({error})") from error
