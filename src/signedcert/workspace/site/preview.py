"""A web server for one site on this machine alone, to look at it before it is uploaded."""

import http.server
import urllib.parse
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from signedcert.web import media_type
from signedcert.workspace.site.paths import HEADERS_FILE
from signedcert.workspace.site.sent_headers import SentHeaders
from signedcert.workspace.site.served_files import MovedError, served_file

#: Nobody else reaches it.
HOST = "127.0.0.1"
#: Seconds that a connection may be silent.
_PATIENCE = 60
_HEADERS_MAX = 1_000_000
_METHODS = "GET, HEAD"

#: Is told of each answer: method, path without its query, status.
TellAnswer = Callable[[str, str, int], None]


class Preview(http.server.ThreadingHTTPServer):
    """Serves a folder as a static host does: GET and HEAD, and the headers that its file names.

    The folder is looked at anew for each request, so it may be published into meanwhile.

    :ivar top: the folder.
    :ivar issuer: whose site it is; empty for nobody's.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, top: Path, port: int, *, issuer: str = "", tell: TellAnswer) -> None:
        """Takes the port, and answers once :meth:`serve_forever` runs.

        :param port: 0: any that is free.
        :param issuer: whose site it is, whose rules name paths below that.
        :param tell: is told of each answer.
        :raises OSError: when the port cannot be had.
        """
        self.top, self.issuer, self.tell = top, issuer, tell
        super().__init__((HOST, port), _Answers)

    def handle_error(self, *_: Any) -> None:
        """Whoever asked may go away at any moment."""

    @property
    def url(self) -> str:
        """Its own address, with a slash at the end."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def headers_for(self, path: str, name: str) -> Mapping[str, str]:
        """What to send with a file besides its length.

        :param path: what was asked for.
        :param name: the file's path.
        """
        try:
            with (self.top / HEADERS_FILE).open("rb") as file:
                rules = SentHeaders(file.read(_HEADERS_MAX), self.issuer)
        except OSError:
            rules = SentHeaders(b"")
        usual = {"Content-Type": media_type(name), "Cache-Control": "no-cache"}
        return {**usual, **rules.of(path)}


class _Answers(http.server.BaseHTTPRequestHandler):
    server: Preview
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def version_string(self) -> str:
        return "signedcert"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Says nothing: the answers are told of without their queries."""

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        try:
            found = served_file(self.server.top, self.path)
        except MovedError as moved:
            self._send(HTTPStatus.TEMPORARY_REDIRECT, {"Location": moved.location})
            return
        if found is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        headers = self.server.headers_for(found.path, found.name)
        self._send(HTTPStatus.OK, headers, found.data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuses in plain text: :class:`http.server.BaseHTTPRequestHandler` would in HTML."""
        del message, explain  # may quote what was asked
        headers = {"Content-Type": media_type("said.txt"), "X-Content-Type-Options": "nosniff"}
        # What the library calls not implemented is any method but ours.
        if code == HTTPStatus.NOT_IMPLEMENTED:
            code, headers = HTTPStatus.METHOD_NOT_ALLOWED, headers | {"Allow": _METHODS}
        if code != HTTPStatus.NOT_FOUND:
            self.close_connection = True
            headers["Connection"] = "close"
        status = HTTPStatus(code)
        self._send(status, headers, f"{status.value} {status.phrase}\n".encode())

    def _send(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> None:
        self.send_response_only(status)
        self.send_header("Date", self.date_time_string())
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.server.tell(self.command or "", _path_of(getattr(self, "path", "")), status.value)


def _path_of(target: str) -> str:
    return urllib.parse.unquote(target.partition("#")[0].partition("?")[0], errors="replace")
