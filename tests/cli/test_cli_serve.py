"""serve: a published site on this machine, asked over a real socket."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest
from own_issuer import OwnIssuer

from signedcert.web import page_files, page_headers
from signedcert.workspace.site.preview import Preview


@pytest.fixture(scope="module")
def site(run, tmp_path_factory):
    """A site with everything in it: page, keys, lists, a page by code, a sealed share."""
    own = OwnIssuer(run, tmp_path_factory.mktemp("serve"))
    own.issue("--by-code")
    sealed = own.workspace / "sealed" / f"{'a' * 32}.cose"
    sealed.parent.mkdir()
    sealed.write_bytes(b"sealed")
    own.publish()
    return own.site


@pytest.fixture(scope="module")
def preview(site):
    answers = []
    with serving(site, lambda *answer: answers.append(answer), "learn.example.edu") as server:
        server.answers = answers
        yield server


@contextlib.contextmanager
def serving(site, tell, issuer=""):
    with Preview(site, 0, issuer=issuer, tell=tell) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def ask(preview, target, method="GET", **headers):
    """Status, headers in lower case, and body."""
    connection = http.client.HTTPConnection("127.0.0.1", preview.server_address[1], timeout=10)
    with contextlib.closing(connection):
        connection.putrequest(method, target, skip_host=False)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def says(preview, data):
    """All that is answered to these bytes."""
    with socket.create_connection(("127.0.0.1", preview.server_address[1]), timeout=10) as speaking:
        speaking.sendall(data)
        speaking.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: speaking.recv(65536), b""))


class TestAnswers:
    @pytest.mark.parametrize(
        ("path", "media_type"),
        [
            ("c/", "text/html; charset=utf-8"),
            ("r/", "text/html; charset=utf-8"),
            ("c/index.html", "text/html; charset=utf-8"),
            ("c/sw.js", "text/javascript; charset=utf-8"),
            ("r/manifest.webmanifest", "application/manifest+json"),
            ("c/languages/en.json", "application/json"),
            ("c/zxing_reader.wasm", "application/wasm"),
            (".well-known/signedcert/issuer.cbor", 'application/cose; cose-type="cose-sign1"'),
            (".well-known/jwks.json", "application/jwk-set+json"),
            ("status/1.cwt", "application/statuslist+cwt"),
            ("status/lists.json", "application/json"),
            (f"r/sealed/{'a' * 32}.cose", 'application/cose; cose-type="cose-encrypt0"'),
            (".well-known/signedcert/files.txt", "text/plain; charset=utf-8"),
            ("v/", "text/html; charset=utf-8"),
        ],
    )
    def test_every_file_as_what_it_is(self, preview, site, path, media_type):
        status, headers, body = ask(preview, f"/{path}")
        file = site / path / "index.html" if path.endswith("/") else site / path
        assert (status, headers["content-type"]) == (200, media_type)
        assert body == file.read_bytes()
        assert headers["content-length"] == str(len(body))

    def test_all_files_of_the_page_with_the_headers_of_a_host(self, preview):
        for name, data in page_files().items():
            for folder in ("c", "r"):
                status, headers, body = ask(preview, f"/{folder}/{name}")
                assert (status, body) == (200, data)
                expected = {key.lower(): value for key, value in page_headers(name).items()}
                assert expected.items() <= headers.items()
                assert "access-control-allow-origin" not in headers
        assert ask(preview, "/c/")[1]["content-security-policy"].startswith("default-src 'none'")
        assert "wasm-unsafe-eval" in ask(preview, "/r/decoder.js")[1]["content-security-policy"]

    def test_keys_and_lists_with_theirs(self, preview):
        for path in ("status/1.cwt", ".well-known/signedcert/issuer.cbor"):
            headers = ask(preview, f"/{path}")[1]
            assert headers["access-control-allow-origin"] == "*"
            assert headers["cache-control"] == "public, max-age=21600"
        assert ask(preview, f"/r/sealed/{'a' * 32}.cose")[1]["cache-control"] == "no-cache"

    def test_pages_by_code_with_theirs(self, preview, site):
        (code,) = (path.name for path in (site / "v").iterdir() if path.is_dir())
        status, headers, body = ask(preview, f"/v/{code}/")
        assert (status, headers["x-robots-tag"]) == (200, "noindex")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'; ")
        assert code.encode() in body

    def test_a_folder_without_its_slash_is_sent_on_within_the_site(self, preview):
        status, headers, _ = ask(preview, "/c?x=//outside.example")
        assert (status, headers["location"]) == (307, "/c/")
        assert b"\r\nLocation: /c/\r\n" in says(preview, b"GET //c HTTP/1.0\r\n\r\n")

    def test_head_answers_without_a_body(self, preview, site):
        answer = says(preview, b"HEAD /c/ HTTP/1.0\r\n\r\n")
        head, _, body = answer.partition(b"\r\n\r\n")
        assert body == b""
        size = (site / "c" / "index.html").stat().st_size
        assert f"Content-Length: {size}".encode() in head
        assert says(preview, b"HEAD /missing HTTP/1.0\r\n\r\n").endswith(b"\r\n\r\n")

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "NONSENSE"])
    def test_no_other_method(self, preview, method):
        status, headers, body = ask(preview, "/c/", method)
        assert (status, headers["allow"], body) == (405, "GET, HEAD", b"405 Method Not Allowed\n")

    @pytest.mark.parametrize(
        "target",
        ["/", "/missing", "/status/", "/r/sealed/", "/v/0000-0000-0000-0000/", "/.lock",
         "/../workspace/workspace.json", "/%2e%2e/workspace/workspace.json",
         "/c/..%2f..%2f..%2fworkspace/workspace.json", "/c/<script>"],
    )  # fmt: skip
    def test_what_is_not_there_is_said_in_plain_text(self, preview, target):
        status, headers, body = ask(preview, target)
        assert (status, body) == (404, b"404 Not Found\n")
        assert headers["content-type"] == "text/plain; charset=utf-8"
        assert headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize(
        "data",
        [b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"x" * 70_000, b"\x00\xff\r\n"],
    )
    def test_what_is_no_request_is_answered_without_quoting_it(self, preview, data):
        answer = says(preview, data)
        assert b"nonsense" not in answer
        assert b"<" not in answer
        assert ask(preview, "/c/")[0] == 200

    def test_one_connection_for_many_requests(self, preview):
        request = b"GET /c/missing HTTP/1.1\r\nHost: a\r\n\r\n"
        assert says(preview, request * 3).count(b"404 Not Found\n") == 3

    def test_neither_queries_nor_fragments_are_told_of(self, preview):
        ask(preview, "/c/missing?secret=1")
        ask(preview, "/c/missing%3Fseen")
        says(preview, b"GET /c/missing#secret HTTP/1.0\r\n\r\n")
        told = preview.answers[-3:]
        assert told == [
            ("GET", "/c/missing", 404), ("GET", "/c/missing?seen", 404), ("GET", "/c/missing", 404),
        ]  # fmt: skip

    def test_only_this_machine_reaches_it(self, preview):
        assert preview.server_address[0] == "127.0.0.1"
        assert preview.url == f"http://127.0.0.1:{preview.server_address[1]}/"


def test_what_is_published_meanwhile_is_served(run, tmp_path):
    own = OwnIssuer(run, tmp_path)
    own.publish("--no-page")
    with serving(own.site, lambda *_: None) as server:
        assert ask(server, "/c/")[0] == 404
        own.publish()
        assert ask(server, "/c/")[0] == 200
        (own.site / "_headers").unlink()
        # Without the file, the files are still what they are.
        assert ask(server, "/c/sw.js")[1]["content-type"] == "text/javascript; charset=utf-8"


def test_an_issuer_with_a_path(run, tmp_path):
    command = ("init", "--workspace", tmp_path / "w", "--issuer", "example.edu/learn")
    assert run(*command, "--no-passphrase").exit_code == 0
    site = tmp_path / "site"
    assert run("publish", "--workspace", tmp_path / "w", "--out", site).exit_code == 0
    with serving(site, lambda *_: None, "example.edu/learn") as server:
        assert "content-security-policy" in ask(server, "/c/")[1]
        assert ask(server, "/did.json")[1]["content-type"] == "application/did+json"


@contextlib.contextmanager
def command(*arguments):
    """The command as people start it; stopped at the end, if it is not by then."""
    words = [sys.executable, "-m", "signedcert", "serve", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


class TestCommand:
    def test_it_says_where_to_look_and_stops_at_a_word(self, site):
        with command(site, "--port", 0) as process:
            lines = [process.stdout.readline().decode().strip() for _ in range(5)]
            url = lines[1].split()[1]
            assert lines == [
                f"serving  {site} on this machine alone; stop with Ctrl-C",
                f"site     {url}",
                f"page     {url}c/",
                f"page     {url}r/",
                f"A link that begins with https://learn.example.edu/ opens here when it begins "
                f"with {url}",
            ]
            port = urlsplit(url).port
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
                connection.request("GET", "/c/?secret")
                assert connection.getresponse().read() == page_files()["index.html"]
            assert process.stderr.readline() == b"signedcert: GET /c/ 200\n"
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=20) == (b"", b"")
        assert process.returncode == 0

    def test_programs_learn_the_port(self, site):
        with command(site, "--port", 0, "--json") as process:
            text = ""
            while not text.endswith("}\n"):
                text += process.stdout.readline().decode()
            printed = json.loads(text)
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        url = printed["url"]
        assert printed == {
            "site": str(site),
            "issuer": "learn.example.edu",
            "url": url,
            "pages": [f"{url}c/", f"{url}r/"],
        }

    def test_the_page_alone_is_served_too(self, run, tmp_path):
        assert run("page", "--out", tmp_path / "page").exit_code == 0
        with command(tmp_path / "page", "--port", 0, "--json") as process:
            text = ""
            while not text.endswith("}\n"):
                text += process.stdout.readline().decode()
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0
        assert json.loads(text)["issuer"] is None
        assert len(json.loads(text)["pages"]) == 2

    def test_a_port_in_use(self, run, site, preview):
        port = preview.server_address[1]
        result = run("serve", site, "--port", port)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == (
            f"signedcert: port {port} is in use; name another one: --port N, or 0 for any that is "
            "free\n"
        )

    @pytest.mark.parametrize("port", [-1, 65536, "http"])
    def test_what_is_no_port(self, run, site, port):
        assert run("serve", site, "--port", port).exit_code == 2

    @pytest.mark.parametrize(
        ("made", "words"),
        [
            (None, "no such folder"),
            ([], "is no site"),
            (["index.html"], "is no site: it has neither .well-known/signedcert/issuer.cbor nor"),
        ],
    )
    def test_what_is_no_site(self, run, tmp_path, made, words):
        folder = tmp_path / "folder"
        if made is not None:
            folder.mkdir()
        for name in made or ():
            (folder / name).touch()
        result = run("serve", folder)
        assert (result.exit_code, result.stdout) == (4, "")
        assert words in result.stderr

    def test_a_workspace_is_never_served(self, run, workspace, tmp_path):
        result = run("serve", workspace)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "is a workspace, which is never published" in result.stderr
        assert run("page", "--out", tmp_path / "page").exit_code == 0
        (tmp_path / "page" / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\n")
        result = run("serve", tmp_path / "page")
        assert result.exit_code == 2
        assert f"{tmp_path / 'page' / 'key.pem'} looks like a private key" in result.stderr
