"""Certificates of servers: checked against the host's name, though the connection is to an IP."""

import ipaddress
import ssl
import time

import pytest
from cryptography import x509

from loopback_site import Authority, for_a_while, ok, redirect, serving
from signedcert.fetch import Fetcher, FetchError, UnavailableError

BODY = b'{"keys":[]}'
HOST = "learn.example.test"
NAME = x509.DNSName(HOST)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def fetcher(authority, **settings):
    defaults = {
        "allow_loopback": True,
        "timeout": 5,
        "deadline": 20,
        "ssl_context": authority.trusting(),
        "resolve": lambda *_: ["127.0.0.1"],
        "sleep": lambda _: None,
    }
    return Fetcher(**defaults | settings)


def refusal(site, fetch):
    with pytest.raises(FetchError) as caught:
        fetch.get(site.url(host=HOST), limit=100)
    assert type(caught.value) is FetchError
    assert "certificate was refused" in str(caught.value)
    # Trying again would change nothing, and nothing was asked for.
    assert site.connections == 1
    assert site.requests == []
    return str(caught.value)


def test_a_file_is_fetched_and_the_server_is_told_the_hosts_name(authority):
    names = []
    context = authority.server(NAME)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with serving(ok(BODY), context) as site:
        assert fetcher(authority).get(site.url(host=HOST), limit=100) == BODY
    assert names == [HOST]
    assert f"Host: {HOST}:{site.port}\r\n".encode() in site.requests[0]


def test_redirects_stay_under_tls(authority):
    answers = {"/": redirect("/a"), "/a": ok(BODY), "/b": redirect("http://" + HOST + "/a")}
    with serving(answers, authority.server(NAME)) as site:
        assert fetcher(authority).get(site.url(host=HOST), limit=100) == BODY
        with pytest.raises(FetchError, match=f"another server, http://{HOST}:80"):
            fetcher(authority).get(site.url("/b", host=HOST), limit=100)


@pytest.mark.parametrize("name", ["xn--bcher-kva.example.test", "wild.example.test"])
def test_names_that_a_certificate_covers(authority, name):
    covered = [x509.DNSName("xn--bcher-kva.example.test"), x509.DNSName("*.example.test")]
    with serving(ok(BODY), authority.server(*covered)) as site:
        assert fetcher(authority).get(site.url(host=name), limit=100) == BODY


@pytest.mark.parametrize(
    "names",
    [
        [x509.DNSName("other.example.test")],
        [x509.DNSName("example.test")],
        [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))],
        [],
    ],
    ids=["another", "its parent", "its address", "none"],
)
def test_a_certificate_for_another_name_is_refused(authority, names):
    with serving(ok(BODY), authority.server(*names)) as site:
        assert f"not valid for '{HOST}'" in refusal(site, fetcher(authority))


def test_a_certificate_for_an_address(authority):
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    with serving(ok(BODY), authority.server(address)) as site:
        assert fetcher(authority).get(site.url(), limit=100) == BODY
    with (
        serving(ok(BODY), authority.server(NAME)) as site,
        pytest.raises(FetchError, match=r"not valid for '127\.0\.0\.1'"),
    ):
        fetcher(authority).get(site.url(), limit=100)


def test_an_expired_certificate_is_refused(authority):
    with serving(ok(BODY), authority.server(NAME, days=-1)) as site:
        assert "expired" in refusal(site, fetcher(authority))


def test_a_certificate_by_nobody_we_know_is_refused(authority, tmp_path):
    stranger = Authority(tmp_path)
    with serving(ok(BODY), stranger.server(NAME)) as site:
        assert "certificate" in refusal(site, fetcher(authority))
    with serving(ok(BODY), stranger.server(NAME)) as site:
        refusal(site, fetcher(authority, ssl_context=None))


def test_a_self_signed_certificate_is_refused(authority, tmp_path):
    with serving(ok(BODY), Authority(tmp_path).self_signed(NAME)) as site:
        assert "self-signed" in refusal(site, fetcher(authority))


def test_another_authority_can_be_named_by_the_environment(authority, monkeypatch, tmp_path):
    file = tmp_path / "authority.pem"
    file.write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with serving(ok(BODY), authority.server(NAME)) as site:
        assert fetcher(authority, ssl_context=None).get(site.url(host=HOST), limit=9999) == BODY


def test_verification_cannot_be_switched_off(authority):
    for change in ("check_hostname", "verify_mode"):
        context = authority.trusting()
        context.check_hostname = False
        if change == "verify_mode":
            context.verify_mode = ssl.CERT_NONE
        with pytest.raises(ValueError, match="must verify"):
            Fetcher(ssl_context=context)


def test_a_context_weakened_later_is_refused_too(authority):
    context = authority.trusting()
    fetch = fetcher(authority, ssl_context=context)
    context.check_hostname = False
    with (
        serving(ok(BODY), authority.server(x509.DNSName("other.example.test"))) as site,
        pytest.raises(ValueError, match="must verify"),
    ):
        fetch.get(site.url(host=HOST), limit=100)
    assert site.connections == 0


def test_a_server_that_does_not_speak_tls(authority):
    class Plain:
        """In place of a TLS context: an answer that is none."""

        def wrap_socket(self, connection, **_):
            connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
            return connection

    with (
        serving(ok(BODY), Plain()) as site,
        pytest.raises(UnavailableError, match=r"no connection.*tried 3 times"),
    ):
        fetcher(authority).get(site.url(host=HOST), limit=100)
    assert site.requests == []


def test_a_handshake_that_drips_ends_at_the_deadline(authority):
    ended = []

    class Dripping:
        """In place of a TLS context: the head of a record of 16 KiB, and then a byte at a time."""

        def wrap_socket(self, connection, **_):
            connection.sendall(b"\x16\x03\x03\x40\x00")
            for _ in for_a_while():
                time.sleep(0.02)
                connection.sendall(b"\x02")
            ended.append("drip")
            return connection

    with (
        serving(ok(BODY), Dripping()) as site,
        pytest.raises(UnavailableError, match=r"longer than 0\.3 seconds"),
    ):
        fetcher(authority, deadline=0.3).get(site.url(host=HOST), limit=100)
    assert not ended, "the client listened to the end"


def test_a_drip_feed_under_tls_ends_at_the_deadline(authority):
    def drip():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        for _ in for_a_while():
            time.sleep(0.02)
            yield b"x"

    with (
        serving(drip, authority.server(NAME)) as site,
        pytest.raises(UnavailableError, match=r"longer than 0\.5 seconds"),
    ):
        fetcher(authority, deadline=0.5).get(site.url(host=HOST), limit=100_000)
