"""Which URLs and addresses are contacted at all. None of these tests opens a connection."""

import pickle
import socket
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signedcert.fetch import Fetcher, FetchError, UnavailableError
from signedcert.fetch.address import addresses_of, resolve_host
from signedcert.fetch.errors import NotFoundError
from signedcert.fetch.target import target_of

PRIVATE = [
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "233.252.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "ff0e::1",
    "2001:db8::1",
    "100::1",
    "4000::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:0:0a00:1:0:0:0:0",
    "not an address",
    "",
]
LOOPBACK = ["127.0.0.1", "127.8.9.10", "::1"]
PUBLIC = [
    "8.8.8.8",
    "93.184.215.14",
    "2606:4700::6810:84e5",
    "2a00:1450:4001:80b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


def addresses(url, *found, allow_loopback=False):
    target = target_of(url, allow_loopback=allow_loopback)
    return addresses_of(target, lambda *_: list(found), 5)


def refusal(url, **settings):
    def no_resolver(host, port):
        raise AssertionError("a name was looked up")

    with pytest.raises(FetchError) as caught:
        Fetcher(resolve=no_resolver, sleep=no_resolver, **settings).get(url, limit=10)
    return str(caught.value)


@pytest.mark.parametrize("address", PUBLIC)
@pytest.mark.parametrize("allow_loopback", [False, True])
def test_public_addresses_are_contacted(address, allow_loopback):
    found = addresses("https://learn.example.test/", address, allow_loopback=allow_loopback)
    assert found == (address,)


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("allow_loopback", [False, True])
def test_private_addresses_are_never_contacted(address, allow_loopback):
    with pytest.raises(FetchError, match=r"learn\.example\.test.*not on the public internet"):
        addresses("https://learn.example.test/", address, allow_loopback=allow_loopback)


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_is_contacted_behind_the_flag_only(address):
    with pytest.raises(FetchError, match="not on the public internet"):
        addresses("https://learn.example.test/", address)
    for url in ("https://learn.example.test/", "http://learn.example.test:8000/"):
        assert addresses(url, address, allow_loopback=True) == (address,)


@pytest.mark.parametrize("url", ["http://learn.example.test/", "https://learn.example.test:8443/"])
@pytest.mark.parametrize("address", PUBLIC + PRIVATE)
def test_plain_http_and_other_ports_reach_loopback_only(url, address):
    with pytest.raises(FetchError, match="not this machine"):
        addresses(url, address, allow_loopback=True)


@pytest.mark.parametrize("other", ["10.0.0.1", "127.0.0.1", "::1"])
def test_one_private_address_spoils_the_name(other):
    for found in (("8.8.8.8", other), (other, "8.8.8.8")):
        with pytest.raises(FetchError, match="has the address " + other):
            addresses("https://learn.example.test/", *found)


def test_all_public_addresses_are_kept_in_order():
    found = ("2606:4700::6810:84e5", "8.8.8.8", "8.8.4.4")
    assert addresses("https://learn.example.test/", *found) == found


@pytest.mark.parametrize("address", [*PRIVATE[:-2], *LOOPBACK])
def test_addresses_in_urls_are_checked_without_a_resolver(address):
    host = f"[{address}]" if ":" in address else address
    assert ("host name" if "%" in host else "public internet") in refusal(f"https://{host}/")


@pytest.mark.parametrize("allow_loopback", [False, True])
@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f.1", "0x7f000001", "127.1", "0177.0.0.1", "1.2.3.4.5", "0x"]
)
def test_ipv4_addresses_in_disguise(host, allow_loopback):
    text = refusal(f"https://{host}/", allow_loopback=allow_loopback)
    assert "four decimal parts" in text or "not a URL" in text


def test_the_systems_resolver():
    for host in ("localhost", "127.0.0.1"):
        assert set(resolve_host(host, 443)) <= {"127.0.0.1", "::1"}
    with pytest.raises(FetchError, match="localhost has the address"):
        Fetcher().get("https://localhost/", limit=10)


def test_a_name_that_does_not_exist_is_not_tried_again():
    def unknown(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(FetchError, match=r"was not found.*spelling") as caught:
        Fetcher(resolve=unknown, sleep=unknown).get("https://learn.example.test/", limit=1)
    assert not isinstance(caught.value, UnavailableError)
    with pytest.raises(FetchError, match="has no address"):
        addresses("https://learn.example.test/")


def test_a_resolver_that_has_a_bad_moment_is_asked_again():
    waits = []

    def busy(host, port):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(UnavailableError, match=r"Temporary failure.*online.*tried 3 times"):
        Fetcher(resolve=busy, sleep=waits.append).get("https://learn.example.test/", limit=1)
    assert len(waits) == 2


def test_a_resolver_that_hangs_does_not_hang_the_fetch():
    done = threading.Event()
    try:
        with pytest.raises(UnavailableError, match=r"longer than 0\.2 seconds"):
            Fetcher(resolve=lambda *_: done.wait(30), deadline=0.2).get("https://a.test/", limit=1)
    finally:
        done.set()


def test_a_fault_in_the_resolver_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        Fetcher(resolve=lambda *_: 1 / 0).get("https://a.test/", limit=1)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://learn.example.test/", "only https"),
        ("http://127.0.0.1/", "only https"),
        ("ftp://learn.example.test/", "only https"),
        ("file:///etc/passwd", "only https"),
        ("learn.example.test/jwks.json", "only https"),
        ("//learn.example.test/", "only https"),
        ("https:learn.example.test", "host"),
        ("https:///x", "host"),
        ("https://", "host"),
        ("", "ASCII"),
        (" https://learn.example.test/", "ASCII"),
        ("https://learn.example.test/\n", "ASCII"),
        ("https://learn.example.test\\@other.test/", "ASCII"),
        ("https://bücher.example.test/", "A-labels"),
        ("https://learn.example.test/" + "x" * 2048, "ASCII"),
        ("https://jane@learn.example.test/", "user name"),
        ("https://@learn.example.test/", "user name"),
        ("https://learn.example.test/#AQ", "fragment"),
        ("https://learn.example.test/#", "fragment"),
        ("https://learn.example.test:8443/", "only 443"),
        ("https://learn.example.test:80/", "only 443"),
        ("https://learn.example.test:x/", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https://[fe80::1%25eth0]/", "host name"),
        ("https://learn..example.test/", "host name"),
        ("https://learn.example.test./", "host name"),
        ("https://-learn.example.test/", "host name"),
        ("https://learn_.example.test/", "host name"),
        ("https://le%61rn.example.test/", "host name"),
        ("https://" + "a" * 64 + ".test/", "host name"),
        ("https://" + "a." * 130 + "test/", "host name"),
    ],
)
def test_urls_that_are_not_fetched(url, problem):
    assert problem in refusal(url)


@pytest.mark.parametrize("port", [0, 65536, 99999999])
def test_ports_that_are_none(port):
    url = f"https://127.0.0.1:{port}/"
    assert f"port {port} is not contacted" in refusal(url, allow_loopback=True)


@pytest.mark.parametrize(
    "url",
    ["https://jane:hunter2@learn.example.test/", "https://jane:hun/ter2@x.test", "jane:hunter2@x"],
)
def test_passwords_in_urls_are_not_repeated(url):
    text = refusal(url)
    assert "hun" not in text
    assert "ter2" not in text


def test_control_characters_in_urls_are_not_repeated():
    assert "\x1b" not in refusal("https://learn.example.test/\x1b[2J")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://learn.example.test", "learn.example.test"),
        ("https://LEARN.Example.test/", "learn.example.test"),
        ("https://xn--bcher-kva.example.test/", "xn--bcher-kva.example.test"),
        ("https://xn--0000.test/", "xn--0000.test"),
        ("https://example.test:443/a?b=c@d", "example.test"),
        ("https://7.example.test/", "7.example.test"),
        ("https://example.7a/", "example.7a"),
        ("https://[2606:4700::6810:84e5]/", "2606:4700::6810:84e5"),
    ],
)
def test_urls_that_are_fetched(url, host):
    target = target_of(url, allow_loopback=False)
    assert (target.host, target.port) == (host, 443)
    assert addresses_of(target, lambda *_: ["8.8.8.8"], 5)


@given(
    st.lists(
        st.sampled_from(
            [
                "https:",
                "http:",
                "//",
                "/",
                "@",
                ":",
                "#",
                "?",
                "[",
                "]",
                "::1",
                "%",
                ".",
                "1",
                "-",
                "xn--",
                "a",
                "A",
                "é",
                "\\",
                "\t",
                "443",
                "127.0.0.1",
                "�",
                "％",
                "。",
            ]
        )
    ).map("".join),
    st.booleans(),
)
def test_any_text_is_a_target_or_refused(url, allow_loopback):
    try:
        target = target_of("https://" + url, allow_loopback=allow_loopback)
    except FetchError:
        return
    # What was checked is what the client will connect to.
    assert target.url.raw_host.decode() == target.host
    assert target.port == target.url.port or target.url.port is None
    assert target.port == 443 or allow_loopback
    assert not target.url.userinfo


@pytest.mark.parametrize("url", [None, b"https://learn.example.test/"])
def test_a_url_is_text(url):
    with pytest.raises(TypeError, match="text"):
        Fetcher().get(url, limit=1)


@pytest.mark.parametrize(
    "error",
    [FetchError("https://a.test/", "p"), NotFoundError("u", "p"), UnavailableError("u", "p", 3.0)],
)
def test_errors_survive_other_processes(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


@pytest.mark.parametrize("package", ["httpx", "httpcore"])
def test_a_missing_extra_says_what_to_install(package):
    program = f"import sys; sys.modules[{package!r}] = None; import signedcert.fetch"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "pip install 'signedcert[fetch]'" in done.stderr
