"""Fetching from a server on this machine that answers well, badly, slowly, or not at all."""

import gzip
import itertools
import socket
import time
from datetime import UTC, datetime

import pytest

import signedcert
from loopback_site import for_a_while, ok, redirect, response, serving
from signedcert.fetch import (
    Fetcher,
    FetchError,
    NotFoundError,
    Progress,
    Response,
    UnavailableError,
)

BODY = b'{"keys":[]}'


def fetcher(**settings):
    """Waits for nothing between attempts; what a test does not expect it fails on soon enough."""
    defaults = {"allow_loopback": True, "timeout": 5, "deadline": 20, "sleep": lambda _: None}
    return Fetcher(**defaults | settings)


def failure(site, kind=FetchError, limit=1000, path="/", **settings):
    with pytest.raises(FetchError) as caught:
        fetcher(**settings).get(site.url(path), limit=limit)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(f"could not fetch {caught.value.url}: ")
    return caught.value.problem


def test_a_file_is_fetched():
    with serving(ok(BODY)) as site:
        assert fetcher().get(site.url("/.well-known/jwks.json?x=1"), limit=len(BODY)) == BODY
    head, *headers = site.requests[0].decode().rstrip().split("\r\n")
    assert head == "GET /.well-known/jwks.json?x=1 HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Accept: */*",
        "Connection: close",
        f"Host: 127.0.0.1:{site.port}",
        f"User-Agent: signedcert/{signedcert.__version__}",
    ]


def test_an_empty_file_is_fetched():
    with serving(ok(b"")) as site:
        assert fetcher().get(site.url(), limit=1) == b""


def test_headers_and_the_servers_date_come_back():
    headers = ("Date: Mon, 02 Nov 2026 10:00:00 GMT", "X-A: 1", "ETag: e", "x-a: 2")
    with serving(ok(BODY, *headers)) as site:
        got = fetcher().get_with_headers(site.url(), limit=100)
    assert got == Response(BODY, got.headers, datetime(2026, 11, 2, 10, tzinfo=UTC))
    assert got.headers["x-a"] == "1, 2"
    assert got.headers["etag"] == "e"
    with pytest.raises(TypeError):
        got.headers["etag"] = "f"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Mon, 02 Nov 2026 12:00:00 +0200", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 10:00:00 -0000", datetime(2026, 11, 2, 10, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 25:00:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("yesterday", None),
        ("", None),
        ("1", None),
    ],
)
def test_dates_that_servers_send(text, date):
    with serving(ok(BODY, f"Date: {text}")) as site:
        assert fetcher().get_with_headers(site.url(), limit=100).date == date


def chunked(*pieces):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return head + body + b"0\r\n\r\n"


@pytest.mark.parametrize(
    "answer", [ok(BODY * 2), chunked(BODY, BODY), b"HTTP/1.0 200 OK\r\n\r\n" + BODY * 2]
)
def test_a_body_may_have_as_many_bytes_as_the_limit_and_no_more(answer):
    with serving(answer) as site:
        assert fetcher().get(site.url(), limit=22) == BODY * 2
        assert "larger than 21 bytes" in failure(site, limit=21)


def test_a_body_that_says_it_is_too_large_is_not_read():
    def promise():
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
        time.sleep(30)

    with serving(promise) as site:
        assert "larger than 1000 bytes" in failure(site, timeout=15)


def test_a_body_without_end_is_cut_off():
    sent = itertools.count()

    def endless():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        for _ in for_a_while():
            next(sent)
            yield b"x" * 65536

    with serving(endless) as site:
        assert "larger than 100000 bytes" in failure(site, limit=100_000)
    assert site.connections == 1
    assert next(sent) < 1000


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_is_positive(limit):
    with pytest.raises(ValueError, match="limit"):
        fetcher().get("https://learn.example.test/", limit=limit)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "x, identity", "\x1b[2J"])
def test_compressed_bodies_are_refused(encoding):
    bomb = gzip.compress(bytes(1_000_000))
    with serving(ok(bomb, f"Content-Encoding: {encoding}")) as site:
        problem = failure(site, limit=10_000_000)
    assert "compressed" in problem
    assert "\x1b" not in problem
    assert site.connections == 1


def test_an_encoding_that_changes_nothing_is_fine():
    with serving(ok(BODY, "Content-Encoding: Identity")) as site:
        assert fetcher().get(site.url(), limit=100) == BODY


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_nothing_there(status):
    with serving(response(status, b"sorry")) as site:
        assert f"no such file (status {status[:3]})" in failure(site, NotFoundError)
    assert site.connections == 1


@pytest.mark.parametrize("status", [201, 204, 206, 300, 302, 304, 305, 400, 401, 403, 408, 418])
def test_other_answers_are_final(status):
    with serving(response(f"{status} Whatever")) as site:
        assert f"status {status} instead of the file" in failure(site)
    assert site.connections == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_an_answer_that_may_get_better_is_asked_for_again(status):
    waits, told = [], []
    with serving([response(f"{status} x"), response(f"{status} x"), ok(BODY)]) as site:
        got = fetcher(sleep=waits.append, report=told.append).get(site.url(), limit=100)
    assert got == BODY
    assert 0.25 <= waits[0] <= 0.75
    assert 0.5 <= waits[1] <= 1.5
    url = site.url()
    assert told == [
        *(Progress(url, 0, None, attempt) for attempt in (1, 2, 3)),
        Progress(url, len(BODY), len(BODY), 3),
    ]


@pytest.mark.parametrize(("attempts", "words"), [(1, "tried once"), (4, "tried 4 times")])
def test_attempts_run_out(attempts, words):
    with serving(response("503 Busy")) as site:
        problem = failure(site, UnavailableError, attempts=attempts)
    assert "status 503" in problem
    assert words in problem
    assert site.connections == attempts


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (["Retry-After: 7"], 7),
        (
            ["Date: Mon, 02 Nov 2026 10:00:00 GMT", "Retry-After: Mon, 02 Nov 2026 10:00:09 GMT"],
            9,
        ),
    ],
)
def test_a_server_may_say_how_long_to_wait(headers, wait):
    waits = []
    with serving([response("503 Busy", b"", *headers), ok(BODY)]) as site:
        assert fetcher(sleep=waits.append).get(site.url(), limit=100) == BODY
    assert waits == [wait]


@pytest.mark.parametrize(
    "text", ["-7", "0", "soon", "", "٣", "1.5e3", "Mon, 02 Nov 2020 10:00:00 GMT"]
)
def test_waits_that_make_no_sense_are_not_honoured(text):
    waits = []
    headers = ("Date: Mon, 02 Nov 2026 10:00:00 GMT", f"Retry-After: {text}")
    with serving([response("503 Busy", b"", *headers), ok(BODY)]) as site:
        assert fetcher(sleep=waits.append).get(site.url(), limit=100) == BODY
    assert 0.25 <= waits[0] <= 0.75


@pytest.mark.parametrize(("seconds", "deadline"), [("21", 60), ("5", 4), ("9" * 5000, 60)])
def test_who_asks_to_wait_too_long_is_left_alone(seconds, deadline):
    waits = []
    with (
        serving(response("429 Slow", b"", f"Retry-After: {seconds}")) as site,
        pytest.raises(UnavailableError, match=f"again in {seconds[:10]} seconds") as caught,
    ):
        fetcher(sleep=waits.append, deadline=deadline).get(site.url(), limit=100)
    assert caught.value.retry_after == float(seconds[:10])
    assert waits == []


def test_redirects_within_the_server_are_followed():
    answers = {"/a/b": redirect("/c?d#e"), "/c?d": redirect("f"), "/f": ok(BODY)}
    told = []
    with serving(answers) as site:
        assert fetcher(report=told.append).get(site.url("/a/b"), limit=100) == BODY
    assert told[-1] == Progress(site.url("/f"), len(BODY), len(BODY), 1)
    with serving({"/": b""}) as site:
        site.answers = {"/": redirect(site.url("/x")), "/x": ok(BODY)}
        assert fetcher().get(site.url(), limit=100) == BODY


def test_redirects_carry_no_cookies():
    first = response("302 Found", b"", "Set-Cookie: a=b; Path=/", "Location: /x")
    with serving({"/": first, "/x": ok(BODY)}) as site:
        fetcher().get(site.url(), limit=100)
    assert len(site.requests) == 2
    assert b"cookie" not in b"".join(site.requests).lower()


def test_redirects_end():
    steps = {f"/{n}": redirect(f"/{n + 1}") for n in range(4)}
    with serving({**steps, "/4": ok(BODY)}) as site:
        assert fetcher().get(site.url("/1"), limit=100) == BODY
        assert "redirects more than 3 times" in failure(site, path="/0")
    with serving(redirect("/")) as site:
        assert "redirects more than 3 times" in failure(site)
    assert site.connections == 4


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_to_other_servers_are_not_followed(status):
    with serving(ok(BODY)) as other:
        port = other.port
        for location, origin in (
            (f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}"),
            (f"//127.0.0.1:{port}/", f"http://127.0.0.1:{port}"),
            (f"http://localhost:{port}/x", f"http://localhost:{port}"),
            (f"https://127.0.0.1:{port}/x", f"https://127.0.0.1:{port}"),
            ("https://learn.example.test", "https://learn.example.test:443"),
            ("http://169.254.169.254/latest", "http://169.254.169.254:80"),
            ("http://[::1]/", "http://[::1]:80"),
        ):
            answer = response(f"{status} Moved", b"", f"Location: {location}")
            with serving(answer) as site:
                problem = failure(site)
            assert f"redirects to another server, {origin};" in problem
            assert site.connections == 1
    assert other.connections == 0


@pytest.mark.parametrize(
    "location",
    ["http://[", "file:///etc/passwd", "http://a@127.0.0.1/", "http://0x7f.1/", "\\"],
)
def test_redirects_to_nowhere(location):
    with serving(redirect(location)) as site:
        assert "redirects to something that is not fetched" in failure(site)
    assert site.connections == 1


def dripping(head, ended):
    def drip():
        yield head
        for _ in for_a_while():
            time.sleep(0.02)
            yield b"x"
        ended.append(head)

    return drip


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Header: ",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n",
    ],
)
def test_a_drip_feed_ends_at_the_deadline(head):
    ended = []
    with serving(dripping(head, ended)) as site:
        problem = failure(site, UnavailableError, timeout=5, deadline=0.3)
    assert "longer than 0.3 seconds" in problem
    assert site.connections == 1
    assert not ended, "the client listened to the end"


def test_a_flood_of_interim_responses_ends_at_the_deadline():
    ended = []

    def flood():
        for _ in for_a_while():
            yield b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20
        ended.append("flood")

    with serving(flood) as site:
        assert "longer than 0.3" in failure(site, UnavailableError, deadline=0.3)
    assert not ended, "the client listened to the end"


def test_a_server_that_says_nothing_is_asked_again():
    def silence():
        time.sleep(3)
        yield b""

    with serving(silence) as site:
        problem = failure(site, UnavailableError, timeout=0.1, attempts=2)
    assert "no answer within 0.1 seconds; tried 2 times" in problem
    assert site.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nContent-Length: 12\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nContent-Length: %b\r\n\r\n" % (b"1" * 5000) + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n" + BODY,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n" + BODY + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"\0" * 1000,
    ],
)
def test_broken_responses(answer):
    with serving([answer]) as site:
        problem = failure(site, UnavailableError)
        assert "broken response" in problem or "no connection" in problem
        assert "tried 3 times" in problem
        assert site.connections == 3
    with serving([answer, ok(BODY)]) as site:
        assert fetcher().get(site.url(), limit=100) == BODY


def test_nobody_listens():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        with pytest.raises(UnavailableError, match=r"no connection.*refused.*tried 3 times"):
            fetcher().get(url, limit=100)


def test_the_next_address_is_tried_where_one_does_not_answer():
    with serving(ok(BODY)) as site:
        found = ["::1", "127.0.0.1"]  # the server listens on the second only
        url = site.url(host="learn.example.test")
        assert fetcher(resolve=lambda *_: found, attempts=1).get(url, limit=100) == BODY


def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked():
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked = []

    def rebinding(host, port):
        asked.append((host, port))
        return next(answers)

    with serving(ok(BODY)) as site:
        url = site.url(host="learn.example.test")
        assert fetcher(resolve=rebinding).get(url, limit=100) == BODY
        assert asked == [("learn.example.test", site.port)]
        assert f"Host: learn.example.test:{site.port}\r\n".encode() in site.requests[0]
        with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
            fetcher(resolve=rebinding).get(url, limit=100)
    assert site.connections == 1


def test_the_environments_proxies_are_not_used(monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login jane password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(ok(b"from the proxy")) as proxy, serving(ok(BODY)) as site:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        assert fetcher().get(site.url(), limit=100) == BODY
    assert proxy.connections == 0
    assert b"uthorization" not in site.requests[0]


def test_plain_http_needs_the_flag():
    with serving(ok(BODY)) as site, pytest.raises(FetchError, match="only https"):
        Fetcher().get(site.url(), limit=100)
    assert site.connections == 0


def test_progress_is_told_as_it_comes():
    told = []

    def slowly():
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
        for _ in range(3):
            time.sleep(0.05)
            yield b"x"

    with serving(slowly) as site:
        fetcher(report=told.append).get(site.url(), limit=100)
    received = [progress.received for progress in told]
    assert received[0] == 0
    assert received[-1] == 3
    assert received == sorted(received)
    assert {progress.total for progress in told[1:]} == {3}


def test_a_report_can_stop_the_fetch():
    def stop(progress):
        if progress.received:
            raise KeyboardInterrupt

    with serving(ok(BODY)) as site, pytest.raises(KeyboardInterrupt):
        fetcher(report=stop).get(site.url(), limit=100)


@pytest.mark.parametrize(
    "settings",
    [{"timeout": 0}, {"deadline": -1}, {"attempts": 0}, {"timeout": float("nan")}],
)
def test_bounds_are_positive(settings):
    with pytest.raises(ValueError, match="positive"):
        Fetcher(**settings)
