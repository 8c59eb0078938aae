"""What came back, and how far it has come."""

import email.utils
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

import httpx

from signedcert.fetch.errors import FetchError, NotFoundError, UnavailableError


class Response(NamedTuple):
    """A whole response with status 200.

    :ivar body: its bytes, as sent.
    :ivar headers: by lower-case name; the values of a repeated one are joined by ``", "``.
    :ivar date: when the server says that it answered (RFC 9110, section 6.6.1), in UTC. None where
        it does not say, or says something that is no time.
    """

    body: bytes
    headers: Mapping[str, str]
    date: datetime | None


class Progress(NamedTuple):
    """How far a fetch has come.

    :ivar url: what is being read: the URL asked for, or where it redirected to.
    :ivar received: bytes of the body so far.
    :ivar total: bytes of the whole body, or None where the server does not say.
    :ivar attempt: 1 for the first.
    """

    url: str
    received: int
    total: int | None
    attempt: int


def read_response(
    response: httpx.Response,
    url: str,
    limit: int,
    attempt: int,
    report: Callable[[Progress], None],
) -> Response:
    """Reads the body of a response of which status and headers are there.

    :param limit: how many bytes the body may have. No more are kept, and little more is read.
    :raises FetchError: when there is no body to read, or too much of it.
    """
    _check(response, url, limit)
    stated = response.headers.get("content-length")
    progress = Progress(url, 0, int(stated) if stated else None, attempt)
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > limit:
            raise _too_large(url, limit)
        report(progress._replace(received=len(body)))
    headers = MappingProxyType(dict(response.headers))
    return Response(bytes(body), headers, _http_date(headers.get("date")))


def _check(response: httpx.Response, url: str, limit: int) -> None:
    """Status and headers promise a body that may be read. Otherwise raises."""
    status = response.status_code
    if status in (404, 410):
        raise NotFoundError(url, f"the server has no such file (status {status})")
    if status == 429 or status >= 500:
        problem = f"the server cannot answer now (status {status})"
        raise UnavailableError(url, problem, _retry_after(response.headers))
    if status != 200:
        raise FetchError(url, f"the server answered with status {status} instead of the file")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise FetchError(url, "the server sent it compressed; it must send the file as it is")
    if int(response.headers.get("content-length", 0)) > limit:
        raise _too_large(url, limit)


def _too_large(url: str, limit: int) -> FetchError:
    return FetchError(url, f"it is larger than {limit} bytes, which is all it may have")


def _http_date(text: str | None) -> datetime | None:
    """A time in a header (RFC 9110, section 5.6.7) in UTC, or None where it is none."""
    if text is None:
        return None
    try:
        moment = email.utils.parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds for which the server asks to be left alone (RFC 9110, section 10.2.3), or None.

    A time is taken relative to the response's own date: the two clocks may differ.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    moment, date = _http_date(text), _http_date(headers.get("date"))
    return max(0.0, (moment - date).total_seconds()) if moment and date else None
