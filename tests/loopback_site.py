"""A web server on this machine that sends exactly the bytes it is told to, and its certificates."""

import contextlib
import datetime
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: The bytes of a response; one such for each request, the last for all further ones; or pieces,
#: which are sent one after the other.
Answer = bytes | list[bytes] | Callable[[], Iterable[bytes]]


def for_a_while() -> Iterator[None]:
    """Long enough to seem endless; a client that never gives up fails its test all the same."""
    end = time.monotonic() + 4
    while time.monotonic() < end:
        yield


def ok(body: bytes, *headers: str) -> bytes:
    return response("200 OK", body, *headers)


def response(status: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def redirect(location: str) -> bytes:
    return response("302 Found", b"", f"Location: {location}")


class Site(socketserver.ThreadingTCPServer):
    """Answers each path with what ``answers`` has for it, and keeps the requests it got."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, answers: dict[str, Answer] | Answer, context: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.answers = answers
        self.context = context
        self.requests: list[bytes] = []
        self.connections = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        scheme = "https" if self.context else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def answer(self, path: str) -> Iterable[bytes]:
        answer = self.answers[path] if isinstance(self.answers, dict) else self.answers
        if isinstance(answer, list):
            return [answer.pop(0) if len(answer) > 1 else answer[0]]
        return [answer] if isinstance(answer, bytes) else answer()


class _Connection(socketserver.BaseRequestHandler):
    server: Site

    def handle(self) -> None:
        self.server.connections += 1
        # Whoever asked may go away at any moment, and mostly does.
        with contextlib.suppress(OSError):
            self.request.settimeout(10)
            if self.server.context is None:
                self.converse(self.request)
            else:
                with self.server.context.wrap_socket(self.request, server_side=True) as secure:
                    self.converse(secure)

    def converse(self, connection: socket.socket) -> None:
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            piece = connection.recv(65536)
            if not piece:
                return
            asked += piece
        self.server.requests.append(asked)
        for piece in self.server.answer(asked.split(b" ")[1].decode()):
            connection.sendall(piece)


@contextlib.contextmanager
def serving(
    answers: dict[str, Answer] | Answer, context: ssl.SSLContext | None = None
) -> Iterator[Site]:
    with Site(answers, context) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


class Authority:
    """Signs certificates of servers, and is trusted by :meth:`trusting`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        certificate = self._signed(self._name, self._key, [], days=1, is_authority=True)
        self.pem = certificate.public_bytes(serialization.Encoding.PEM)

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.pem.decode())

    def server(self, *names: x509.GeneralName, days: int = 1) -> ssl.SSLContext:
        """What a server of these names needs. Expired, where the days are negative."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test server")])
        return self._context(self._signed(subject, key, list(names), days=days), key)

    def self_signed(self, *names: x509.GeneralName) -> ssl.SSLContext:
        certificate = self._signed(self._name, self._key, list(names), days=1)
        return self._context(certificate, self._key)

    def _context(
        self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> ssl.SSLContext:
        file = self._folder / f"{certificate.serial_number}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        names: list[x509.GeneralName],
        *,
        days: int,
        is_authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        constraints = x509.BasicConstraints(ca=is_authority, path_length=None)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=10))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(constraints, critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())
