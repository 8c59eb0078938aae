"""``trust add``: the first contact, its fingerprint, and every site that is no good."""

import functools
import ipaddress
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from published_issuers import finding, printed, signedcert
from written_sites import AT, DOCUMENT, FINGERPRINT, LISTS, add, files, write

import loopback_site
import signedcert as sc
import trusting
from issuing import ISSUER, OTHER_ISSUER, SIGNER, minimal
from loopback_site import Answer, for_a_while, ok, response, serving
from signedcert.fetch import Fetcher
from signedcert.model.issuer_document import DOCUMENT_MAX
from trusting import (
    DAY,
    PUBLISHED_AT,
    ROOT,
    ROOTS,
    SPARE,
    STRANGER,
    content,
    document,
    handover,
    handovers,
    referring,
    signed_document,
    status_list,
)

USAGE = 2
TOO_LARGE = f"HTTP/1.1 200 OK\r\nContent-Length: {DOCUMENT_MAX + 1}\r\n\r\n".encode()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "config" / "trust.bundle"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", files())


def refused(site: object, store: Path, *options: object) -> str:
    """What ``trust add`` says on standard error where it adds nothing."""
    arguments = ("trust", "add", ISSUER, "--site", site, "--trust", store, *options)
    before = store.read_bytes() if store.exists() else None
    done = signedcert(*arguments, exit_code=USAGE)
    assert (store.read_bytes() if store.exists() else None) == before
    assert done.stdout == ""
    return done.stderr


def test_the_first_contact_shows_the_fingerprint_and_what_it_is_worth(
    site: Path, store: Path
) -> None:
    output = signedcert("trust", "add", ISSUER, "--site", site, "--trust", store).stdout
    assert FINGERPRINT in output
    assert "This is trust on first use" in output
    assert "--root" in output
    assert str(store) in output


def test_the_first_contact_in_json(site: Path, store: Path) -> None:
    found = add(store, site)
    assert found["trust_on_first_use"] is True
    assert (found["issuer"], found["epoch"], found["roots"]) == (ISSUER, 1, [FINGERPRINT])
    assert found["store"] == str(store)
    assert [each["number"] for each in found["status_lists"]] == [1]


@pytest.mark.parametrize(
    "root",
    [
        FINGERPRINT,
        FINGERPRINT.upper(),
        " ".join(FINGERPRINT[at : at + 4] for at in range(0, 64, 4)),
        ":".join(FINGERPRINT[at : at + 2] for at in range(0, 64, 2)),
        ROOT.public_key.raw.hex(),
    ],
)
def test_a_root_that_was_learned_elsewhere_is_no_trust_on_first_use(
    root: str, site: Path, store: Path
) -> None:
    assert add(store, site, "--root", root)["trust_on_first_use"] is False
    output = signedcert(
        "trust", "add", ISSUER, "--site", site, "--trust", store, "--root", root
    ).stdout
    assert "first use" not in output


def test_another_root_than_the_document_has_is_refused_and_both_are_named(
    site: Path, store: Path
) -> None:
    other = STRANGER.public_key.thumbprint.hex()
    message = refused(site, store, "--root", other)
    assert other in message
    assert FINGERPRINT in message


@pytest.mark.parametrize("root", ["", "abc", FINGERPRINT[:-1], FINGERPRINT + "0", "g" * 64])
def test_a_garbled_fingerprint_is_named(root: str, site: Path, store: Path) -> None:
    assert "--root: expected a fingerprint of 64" in refused(site, store, "--root", root)


def test_the_root_that_signed_is_pinned_with_the_spare_beside_it(
    tmp_path: Path, store: Path
) -> None:
    both = [SPARE, ROOTS[1]]
    chain = (*handovers(1), handover(2, both, ROOTS[0]))
    data = signed_document(content(2, 2, both, handovers=chain), ROOTS[1])
    found = add(store, write(tmp_path / "two", files(data)))
    assert found["roots"] == [each.public_key.thumbprint.hex() for each in both]


def test_adding_again_takes_the_newer_and_is_no_first_use(
    site: Path, tmp_path: Path, store: Path
) -> None:
    add(store, site)
    found = add(store, write(tmp_path / "newer", files(document(2))))
    assert (found["version"], found["trust_on_first_use"]) == (2, False)


def test_another_root_for_a_pinned_issuer_is_refused(
    site: Path, tmp_path: Path, store: Path
) -> None:
    add(store, site)
    thief = signed_document(
        content(2, roots=[STRANGER], handovers=(handover(1, [STRANGER], STRANGER),)), STRANGER
    )
    fake = write(tmp_path / "fake", files(thief))
    assert refused(fake, store)
    message = refused(fake, store, "--root", STRANGER.public_key.thumbprint.hex())
    assert "pinned to another root already" in message


def test_the_site_of_another_issuer_is_refused(tmp_path: Path, store: Path) -> None:
    other = write(tmp_path / "other", files(document(issuer=OTHER_ISSUER), issuer=OTHER_ISSUER))
    assert f"the site has {OTHER_ISSUER}'s document, not {ISSUER}'s" in refused(other, store)


@pytest.mark.parametrize("issuer", ["", "Learn Example", "http://learn.example.edu", "a/../b"])
def test_what_is_no_issuer_is_refused(issuer: str, site: Path, store: Path) -> None:
    arguments = ("trust", "add", issuer, "--site", site, "--trust", store)
    assert "issuer" in signedcert(*arguments, exit_code=USAGE).stderr
    assert not store.exists()


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("http://127.0.0.1:8765", "only https is fetched"),
        ("http://learn.example.edu", "only https is fetched"),
        ("https://127.0.0.1", "is not on the public internet"),
        ("https://10.0.0.1", "is not on the public internet"),
        ("https://192.168.1.20/site/", "is not on the public internet"),
        ("https://[fd00::1]", "is not on the public internet"),
        ("https://169.254.169.254", "is not on the public internet"),
        ("https://learn.example.edu:8443", "port 8443 is not contacted"),
        ("https://me:secret@learn.example.edu", "user name or password"),
        ("ftp://learn.example.edu", "only https is fetched"),
        ("learn.example.edu", "neither a URL nor a folder"),
        ("", "neither a URL nor a folder"),
    ],
)
def test_a_site_that_may_not_be_read_is_refused(option: str, expected: str, store: Path) -> None:
    message = refused(option, store)
    assert expected in message
    assert "secret" not in message


@pytest.mark.parametrize("option", ["https://10.0.0.1", "http://10.0.0.1", "http://93.184.216.34"])
def test_allowing_loopback_allows_no_other_address(option: str, store: Path) -> None:
    assert "could not fetch" in refused(option, store, "--allow-loopback")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same fetcher, but for how long it waits."""
    quick = functools.partial(Fetcher, timeout=0.3, deadline=0.8, attempts=2, sleep=lambda _: None)
    monkeypatch.setattr("signedcert.fetch.Fetcher", quick)


def answering(content: dict[str, bytes]) -> dict[str, Answer]:
    return {f"/{path}": ok(data) for path, data in content.items()}


def never() -> Iterator[bytes]:
    for _ in for_a_while():
        yield b""


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("path", "answer", "expected"),
    [
        (DOCUMENT, response("404 Not Found"), "no such file"),
        (DOCUMENT, response("500 Oops"), "cannot answer now (status 500)"),
        (DOCUMENT, response("403 Forbidden"), "status 403"),
        (DOCUMENT, TOO_LARGE, f"larger than {DOCUMENT_MAX} bytes"),
        (DOCUMENT, never, "no answer within"),
        (DOCUMENT, loopback_site.redirect("https://evil.example/"), "redirects to another server"),
        (DOCUMENT, ok(b"<html>Please log in</html>"), "not an issuer document"),
        (DOCUMENT, ok(b""), "not an issuer document"),
        (DOCUMENT, ok(document()[:-1]), "not an issuer document"),
        (LISTS, ok(b"<html>"), "not a list of status lists"),
        (LISTS, ok(b'{"status_lists": [1]}'), "not a list of status lists"),
        (LISTS, response("503 Later"), "status 503"),
        ("status/1.cwt", response("404 Not Found"), "no such file"),
        ("status/1.cwt", ok(b"no token"), "status list"),
        ("status/1.cwt", never, "no answer within"),
    ],
)
def test_a_server_that_does_not_deliver_is_named_and_nothing_is_trusted(
    path: str, answer: Answer, expected: str, store: Path
) -> None:
    with serving(answering(files()) | {f"/{path}": answer}) as server:
        message = refused(server.url(), store, "--allow-loopback")
    assert expected in message
    assert not store.exists()


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_down_is_named(store: Path) -> None:
    with serving({}) as server:
        url = server.url()
    message = refused(url, store, "--allow-loopback")
    assert "no connection" in message
    assert "try again later" in message
    assert "(attempt 2)" in message


def test_a_site_over_loopback_says_what_it_fetches_on_standard_error(store: Path) -> None:
    with serving(answering(files())) as server:
        arguments = ("trust", "add", ISSUER, "--site", server.url(), "--allow-loopback", "--json")
        done = signedcert(*arguments, "--trust", store)
    assert json.loads(done.stdout)["version"] == 1
    assert [line.rpartition("/")[2] for line in done.stderr.splitlines()] == [
        "issuer.cbor",
        "lists.json",
        "1.cwt",
    ]


def test_https_to_loopback_is_verified_like_any_other(tmp_path: Path, store: Path) -> None:
    """A certificate that no authority vouches for is refused, also on this machine."""
    authority = loopback_site.Authority(tmp_path)
    with serving(answering(files()), authority.self_signed()) as server:
        message = refused(server.url(), store, "--allow-loopback")
    assert "certificate" in message


def test_https_to_loopback_with_an_accepted_certificate(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = loopback_site.Authority(tmp_path)
    (tmp_path / "authority.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    name = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    with serving(answering(files()), authority.server(name)) as server:
        assert add(store, server.url(), "--allow-loopback")["version"] == 1


@pytest.mark.parametrize("named", [f"https://{ISSUER}", f"https://{ISSUER}/", f"{ISSUER}/"])
def test_an_issuer_may_be_given_as_its_url(named: str, site: Path, store: Path) -> None:
    assert add(store, site, issuer=named)["issuer"] == ISSUER


def test_a_folder_without_a_site_in_it_is_named(tmp_path: Path, store: Path) -> None:
    message = refused(tmp_path, store)
    assert f"{tmp_path / DOCUMENT}: there is no such file" in message


def test_without_the_extra_it_says_what_to_install(site: Path, store: Path) -> None:
    code = "import sys; sys.modules['httpx'] = None; from signedcert.cli.app import app; app()"
    command = [sys.executable, "-c", code, "trust", "add", ISSUER, "--site", site, "--trust", store]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == USAGE
    assert b"pip install 'signedcert[fetch]'" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert not store.exists()


def test_what_was_added_is_what_verify_trusts(site: Path, store: Path, tmp_path: Path) -> None:
    token = tmp_path / "token.cose"
    token.write_bytes(referring())
    add(store, site)
    verdict = printed("verify", token, "--trust", store, *AT)
    assert verdict["status"] == "VALID"
    assert finding(verdict, "STATUS")["as_of"] == "2026-11-01T00:00:00Z"


def test_an_issuer_without_status_lists_can_be_added(tmp_path: Path, store: Path) -> None:
    site = write(tmp_path / "plain", {DOCUMENT: document(status_lists=None)})
    assert add(store, site)["status_lists"] == []
    token = tmp_path / "token.cose"
    token.write_bytes(sc.issue(minimal(), SIGNER))
    assert printed("verify", token, "--trust", store, *AT)["status"] == "VALID"


# What a list of lists, which nobody signs, can make the command fetch.


@pytest.mark.parametrize(
    "uri",
    [
        "http://10.0.0.1/1.cwt",
        "https://evil.example/status/1.cwt",
        f"https://{ISSUER}/status/01.cwt",
        f"https://{ISSUER}/status/one.cwt",
        f"https://{ISSUER}/files/large",
    ],
)
def test_what_is_none_of_the_issuers_lists_is_not_fetched(uri: str, store: Path) -> None:
    uris = [uri, f"https://{ISSUER}/status/1.cwt"]
    content = files() | {LISTS: json.dumps({"status_lists": uris}).encode()}
    with serving(answering(content)) as server:
        arguments = ("trust", "add", ISSUER, "--site", server.url(), "--allow-loopback", "--json")
        done = signedcert(*arguments, "--trust", store)
    assert "none of its status lists; they are not fetched: 1 in number" in done.stderr
    assert [each["number"] for each in json.loads(done.stdout)["status_lists"]] == [1]
    assert [request.split()[1] for request in server.requests] == [
        f"/{path}".encode() for path in (DOCUMENT, LISTS, "status/1.cwt")
    ]


def test_a_list_named_many_times_is_fetched_once(store: Path) -> None:
    uris = [f"https://{ISSUER}/status/1.cwt"] * 10_000
    content = files() | {LISTS: json.dumps({"status_lists": uris}).encode()}
    with serving(answering(content)) as server:
        assert len(add(store, server.url(), "--allow-loopback")["status_lists"]) == 1
    assert len(server.requests) == 3


def test_lists_elsewhere_are_fetched_from_where_the_document_says(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = loopback_site.Authority(tmp_path)
    (tmp_path / "authority.pem").write_bytes(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    name = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    with serving({}, authority.server(name)) as server:
        template = server.url("/elsewhere/{number}.cwt")
        uri = server.url("/elsewhere/3.cwt")
        server.answers = answering(
            {
                DOCUMENT: document(status_lists=template),
                LISTS: json.dumps({"status_lists": [uri]}).encode(),
                "elsewhere/3.cwt": status_list(subject=uri),
            }
        )
        found = add(store, server.url(), "--allow-loopback")
    assert [each["number"] for each in found["status_lists"]] == [3]


def test_one_list_in_place_of_another_is_refused(tmp_path: Path, store: Path) -> None:
    site = write(tmp_path / "doubled", files(document(), status_list(1), status_list(1)))
    message = refused(site, store)
    assert "status list 2: the site has status list 1 in its place" in message


def test_every_list_that_is_no_good_is_named(tmp_path: Path, store: Path) -> None:
    content = files(document(), b"no token", status_list(2), b"lost")
    del content["status/3.cwt"]
    message = refused(write(tmp_path / "broken", content), store)
    assert "status list 1: " in message
    assert "status list 2" not in message
    assert "status list 3: could not fetch" in message


# What is dated later than now would bar all that the issuer publishes until then.


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is ten minutes behind the moment of publication."""
    moment = PUBLISHED_AT - timedelta(minutes=10)
    monkeypatch.setattr("signedcert.cli.trust.taking_in.clock", lambda: moment)


@pytest.mark.usefixtures("early")
def test_a_document_dated_later_than_now_is_refused(site: Path, store: Path) -> None:
    message = refused(site, store)
    assert "the issuer document is dated 2026-11-01 00:00:00 UTC, later than now" in message
    assert "check the clocks, and tell the issuer" in message
    assert not store.exists()


@pytest.mark.parametrize(("ahead", "exit_code"), [(300, 0), (301, USAGE)])
def test_clocks_may_differ_by_five_minutes(
    ahead: int, exit_code: int, site: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = PUBLISHED_AT - timedelta(seconds=ahead)
    monkeypatch.setattr("signedcert.cli.trust.taking_in.clock", lambda: moment)
    signedcert("trust", "add", ISSUER, "--site", site, "--trust", store, exit_code=exit_code)


def test_a_list_dated_later_than_now_is_refused(tmp_path: Path, store: Path) -> None:
    """By the machine's own clock: the key may sign for a century."""
    later = PUBLISHED_AT + 36_000 * DAY
    keys = (trusting.key(), trusting.key(trusting.STATUS_SIGNER, "status", valid_until=later + DAY))
    data = signed_document(content(keys=keys), ROOT)
    site = write(tmp_path / "ahead", files(data, status_list(issued_at=later)))
    message = refused(site, store)
    assert f"status list 1: it is dated {later:%Y-%m-%d} 00:00:00 UTC, later than now" in message
    assert not store.exists()


def test_an_older_list_is_refused_when_an_issuer_is_added_again(
    tmp_path: Path, store: Path
) -> None:
    add(
        store, write(tmp_path / "new", files(document(), status_list(issued_at=PUBLISHED_AT + DAY)))
    )
    old = write(tmp_path / "old", files(document(2), status_list(issued_at=PUBLISHED_AT)))
    assert "the newer one stays" in refused(old, store)
