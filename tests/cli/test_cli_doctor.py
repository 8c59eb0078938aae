"""doctor: a real published site, whole at first, then with one thing wrong at a time."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from sample_certificate import CERTIFICATE

from loopback_site import ok, response, serving
from signedcert.cli.doctor import _place
from signedcert.codec.base64url import to_base64url
from signedcert.fetch.doctor import snapshot
from signedcert.trust.chain import look_into
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.site.headers import expected_headers

START = datetime(2026, 11, 2, 10, tzinfo=UTC)
DAY = timedelta(days=1)
ISSUER_FILE, LISTS = ".well-known/signedcert/issuer.cbor", "status/lists.json"
JWKS, DID, LIST = ".well-known/jwks.json", ".well-known/did.json", "status/1.cwt"
HOST = "learn.example.edu"


def at(moment):
    return ("--now", f"{moment:%Y-%m-%dT%H:%M:%SZ}")


def make_workspace(folder, issuer=HOST):
    """As ``init`` does, which takes no moment."""
    plan = Plan(issuer, f"https://{issuer}/c/", START)
    create_workspace(folder, plan, lambda: Secrets(None, None))


def make_site(run, folder, issuer=HOST):
    """A workspace that issued one certificate, and its site."""
    owner, site = folder / "workspace", folder / "site"
    make_workspace(owner, issuer)
    command = ("issue", "-", "--workspace", owner, "--out", folder / "out", *at(START))
    assert run(*command, stdin=json.dumps(CERTIFICATE)).exit_code == 0
    publish(run, owner, site)
    return owner, site


def publish(run, owner, site, moment=START):
    done = run("publish", "--workspace", owner, "--out", site, *at(moment))
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def made(run, tmp_path_factory):
    return make_site(run, tmp_path_factory.mktemp("doctor"))


@pytest.fixture
def site(made, tmp_path):
    """A copy to be broken."""
    return Path(shutil.copytree(made[1], tmp_path / "site"))


@pytest.fixture
def owner(run, tmp_path):
    """A workspace to be changed, with its site beside it. A copy would be taken for a backup."""
    return make_site(run, tmp_path / "own")[0]


@pytest.fixture
def examine(run):
    """The JSON report; the exit code must fit it."""

    def examine_site(place, *options, now=START):
        result = run("doctor", place, "--json", *at(now), *options)
        report = json.loads(result.stdout)
        unread = (found := report["findings"][0])["check"] == "issuer_document" and (
            "cannot be read" in found["says"]
        )
        assert result.exit_code == (2 if unread else 1 if report["faults"] else 0)
        for level in ("fault", "warning"):
            count = sum(each["level"] == level for each in report["findings"])
            assert count == report[f"{level}s"]
        for each in report["findings"]:
            assert each["says"].endswith(".")
            if each["level"] in ("fault", "warning"):
                assert each["advice"]
        return report

    return examine_site


def graver(report):
    """What is not in order: level and check of each finding."""
    kept = ("fault", "warning")
    return [(each["level"], each["check"]) for each in report["findings"] if each["level"] in kept]


def only(report, check, level=None):
    """The one finding of a check, or of a level of it."""
    [found] = [
        each
        for each in report["findings"]
        if each["check"] == check and level in (None, each["level"])
    ]
    return found


def change(path, **members):
    """Sets members of a JSON file; None takes one away."""
    content = json.loads(path.read_bytes()) | members
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))


def flip(path, place=-1):
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


class TestWhole:
    def test_a_fresh_site_is_well(self, run, made, examine):
        report = examine(made[1])
        assert (report["faults"], report["warnings"]) == (0, 0)
        assert (report["issuer"], report["version"]) == (HOST, 1)
        keys = json.loads(run("keys", "--workspace", made[0], "--json").stdout)
        assert report["roots"] == [keys["fingerprint"]]
        assert keys["fingerprint"] in only(report, "fingerprint")["says"]
        checks = {each["check"] for each in report["findings"]}
        assert checks >= {
            "issuer_document", "handovers", "issuer", "next_update", "verify_page", "jwks", "did",
            "statement_keys", "status_keys", "status_lists", "status_list", "headers",
        }  # fmt: skip

    def test_people_read_marks_sentences_and_an_end(self, run, site):
        whole = run("doctor", site, *at(START))
        assert whole.exit_code == 0
        assert whole.stdout.startswith("✓ The issuer document is signed by a root key of learn.")
        assert whole.stdout.endswith("All is well.\n")
        (site / JWKS).unlink()
        (site / "_headers").unlink()
        broken = run("doctor", site, *at(START))
        assert broken.exit_code == 1
        assert "✗ fault: .well-known/jwks.json is missing." in broken.stdout
        assert "  → Upload it with the rest of the site; or: signedcert publish" in broken.stdout
        assert "Something has to be done. Faults: 1. Warnings: 1." in broken.stdout

    def test_rotations_of_keys_and_roots_stay_well(self, run, owner, tmp_path, examine):
        for option in ((), ("--root",), ("--status",), ("--root",)):
            command = ("rotate", "--workspace", owner, "--no-passphrase", *option, *at(START))
            assert run(*command).exit_code == 0
        publish(run, owner, tmp_path / "site")
        report = examine(tmp_path / "site")
        assert graver(report) == []
        assert "epoch 3" in only(report, "handovers")["says"]

    def test_a_closed_issuer_is_well_for_ever(self, run, owner, tmp_path, examine):
        assert run("close", "--workspace", owner, "--yes", *at(START)).exit_code == 0
        publish(run, owner, tmp_path / "site")
        report = examine(tmp_path / "site", now=START + 9000 * DAY)
        assert graver(report) == []
        assert "final" in only(report, "next_update")["says"]
        assert report["next_update"] is None

    def test_an_issuer_with_a_path_is_well(self, run, tmp_path, examine):
        _, site = make_site(run, tmp_path, "example.edu/learn")
        report = examine(site, "--issuer", "example.edu/learn")
        assert graver(report) == []
        assert [each["check"] for each in report["findings"]].count("did") == 2
        (site / "did.json").unlink()
        assert graver(examine(site)) == [("warning", "did")]

    def test_a_site_before_anything_is_issued_is_well(self, run, tmp_path, examine):
        owner = tmp_path / "workspace"
        make_workspace(owner)
        publish(run, owner, tmp_path / "site")
        report = examine(tmp_path / "site")
        assert graver(report) == []
        assert only(report, "status_list")["level"] == "ok"


class TestTime:
    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (0, []),
            (22, []),
            (23, [("warning", "status_list")]),
            (30, [("fault", "status_list")]),
        ],
    )
    def test_lists_grow_stale(self, site, examine, days, expected):
        assert graver(examine(site, now=START + days * DAY)) == expected

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (334, []),
            (335, [("warning", "statement_keys"), ("warning", "status_keys")]),
            (
                355,
                [
                    ("warning", "next_update"),
                    ("warning", "statement_keys"),
                    ("warning", "status_keys"),
                ],
            ),
            (
                365,
                [("warning", "next_update"), ("fault", "statement_keys"), ("fault", "status_keys")],
            ),
            (
                400,
                [("fault", "next_update"), ("fault", "statement_keys"), ("fault", "status_keys")],
            ),
        ],
    )
    def test_keys_and_the_document_end(self, run, owner, tmp_path, examine, days, expected):
        moment = START + days * DAY
        # Beyond its key's end no list can be signed: those of before are what is left.
        publish(run, owner, tmp_path / "site", min(moment, START + 364 * DAY))
        report = examine(tmp_path / "site", now=moment)
        assert [each for each in graver(report) if each[1] != "status_list"] == expected
        if days == 355:
            assert "in 45 days" in only(report, "next_update")["says"]
            assert "--renew" in only(report, "next_update")["advice"]

    def test_before_it_was_published_the_clock_is_asked_about(self, site, examine):
        assert graver(examine(site, now=START - timedelta(minutes=5))) == [
            ("fault", "statement_keys"), ("fault", "status_keys"),
        ]  # fmt: skip
        report = examine(site, now=START - timedelta(minutes=6))
        assert graver(report) == [
            ("warning", "issuer_document"), ("fault", "statement_keys"), ("fault", "status_keys"),
            ("warning", "status_list"),
        ]  # fmt: skip
        assert "2026-11-02 10:00 UTC" in only(report, "issuer_document", "warning")["says"]
        assert "clock" in only(report, "issuer_document", "warning")["advice"]

    def test_a_key_that_begins_too_late_leaves_a_gap(self, run, owner, tmp_path, examine):
        site = tmp_path / "site"
        command = ("rotate", "--workspace", owner, "--no-passphrase", "--starts-in", "370d")
        assert run(*command, *at(START)).exit_code == 0
        publish(run, owner, site)
        report = examine(site)
        assert graver(report) == [("warning", "statement_keys")]
        says = only(report, "statement_keys", "warning")["says"]
        assert "From 2027-11-02 10:00 UTC until 2027-11-07 10:00 UTC no key" in says
        publish(run, owner, site, START + 340 * DAY)
        later = examine(site, now=START + 340 * DAY)
        assert graver(later) == [("fault", "statement_keys"), ("warning", "status_keys")]


class TestDocument:
    def test_missing(self, site, examine):
        (site / ISSUER_FILE).unlink()
        report = examine(site)
        assert graver(report) == [("fault", "issuer_document")]
        assert (report["issuer"], report["roots"]) == (None, [])
        assert ".well-known" in report["findings"][0]["advice"]

    def test_not_readable(self, run, site):
        (site / ISSUER_FILE).unlink()
        (site / ISSUER_FILE).mkdir()
        result = run("doctor", site, *at(START))
        assert result.exit_code == 2
        assert "cannot be read: Is a directory" in result.stdout

    @pytest.mark.parametrize("place", [0, 5, 300, -1])
    def test_damaged(self, site, examine, place):
        flip(site / ISSUER_FILE, place)
        report = examine(site)
        assert [each["check"] for each in report["findings"]] == ["issuer_document"]
        assert "cannot be used" in report["findings"][0]["says"]

    def test_of_another_issuer(self, site, examine):
        report = examine(site, "--issuer", "other.example.org")
        assert graver(report) == [("fault", "issuer")]
        assert "--issuer learn.example.edu" in only(report, "issuer")["advice"]


class TestKeySet:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "not plain JSON"),
            (b"[]", "not a JWK Set"),
            (b'{"keys": [], "keys": []}', "a member is repeated"),
            (b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AA"}]}', "key 1"),
        ],
    )
    def test_damaged(self, site, examine, content, says):
        (site / JWKS).write_bytes(content)
        report = examine(site)
        assert graver(report) == [("fault", "jwks")]
        assert says in only(report, "jwks")["says"]

    def test_a_private_key(self, site, examine):
        key = json.loads((site / JWKS).read_bytes())["keys"][0]
        change(site / JWKS, keys=[key | {"d": "secretsecret"}])
        report = examine(site)
        assert graver(report) == [("fault", "private_key")]
        found = only(report, "private_key")
        assert key["kid"] in found["says"]
        assert f"signedcert compromise {key['kid']}" in found["advice"]
        assert "secretsecret" not in json.dumps(report)

    def test_a_private_key_of_which_nothing_else_is_known(self, site, examine):
        change(site / JWKS, keys=[{"d": "secretsecret", "x": "?"}])
        assert "compromise KID" in only(examine(site), "private_key")["advice"]

    @pytest.mark.parametrize(
        ("use", "says"),
        [("status_keys", "is for status lists"), ("roots", "is a root key")],
    )
    def test_a_key_for_something_else(self, run, made, site, examine, use, says):
        did = json.loads((site / DID).read_bytes())
        keys = json.loads((site / JWKS).read_bytes())["keys"]
        shown = json.loads(run("keys", "--workspace", made[0], "--json").stdout)
        if use == "roots":
            raw = look_into((site / ISSUER_FILE).read_bytes()).roots[0]
        else:
            kid = shown["status_keys"][0]["kid"]
            [method] = [m for m in did["verificationMethod"] if m["id"].endswith(kid)]
            raw = from_multikey(method["publicKeyMultibase"])
        extra = {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(raw)}
        change(site / JWKS, keys=[*keys, extra])
        report = examine(site)
        assert graver(report) == [("fault", "jwks")]
        assert says in only(report, "jwks")["says"]

    @pytest.mark.parametrize(
        ("members", "says"),
        [
            ({"exp": 4102444800}, "another period"),
            ({"nbf": 0}, "another period"),
            ({"revoked": {"revoked_at": 1793613600}}, "another revocation"),
            ({"x": "AA" * 21 + "A"}, "is not in the document"),
        ],
    )
    def test_a_key_that_says_something_else(self, site, examine, members, says):
        key = json.loads((site / JWKS).read_bytes())["keys"][0]
        change(site / JWKS, keys=[key | members])
        report = examine(site)
        assert graver(report) == [("fault", "jwks")]
        assert says in only(report, "jwks")["says"]

    def test_missing_twice_and_anothers(self, site, examine):
        keys = json.loads((site / JWKS).read_bytes())["keys"]
        change(site / JWKS, keys=[])
        assert "is missing" in only(examine(site), "jwks")["says"]
        change(site / JWKS, keys=keys * 2, iss="other.example.org")
        says = only(examine(site), "jwks")["says"]
        assert "stands in it twice" in says
        assert "it says that it is other.example.org's" in says

    def test_of_the_document_before(self, run, owner, examine):
        site = owner.with_name("site")
        before = (site / JWKS).read_bytes()
        publish_renewed = ("publish", "--workspace", owner, "--out", site, "--renew")
        assert run(*publish_renewed, *at(START + DAY)).exit_code == 0
        (site / JWKS).write_bytes(before)
        report = examine(site, now=START + DAY)
        assert graver(report) == [("warning", "jwks")]

    def test_a_compromised_key(self, run, owner, examine):
        site = owner.with_name("site")
        before = (site / JWKS).read_bytes()
        kid = json.loads(before)["keys"][0]["kid"]
        for command in (
            ("rotate", "--workspace", owner, "--no-passphrase"),
            ("compromise", kid, "--workspace", owner),
        ):
            assert run(*command, *at(START)).exit_code == 0
        publish(run, owner, site)
        report = examine(site)
        assert graver(report) == []
        assert f"reissue --key {kid}" in only(report, "compromised_keys")["advice"]
        (site / JWKS).write_bytes(before)
        assert "another revocation" in only(examine(site), "jwks")["says"]
        vouch = ("compromise", kid, "--workspace", owner, "--vouch-ledger")
        assert run(*vouch, *at(START)).exit_code == 0
        publish(run, owner, site)
        assert (
            "vouches for is accepted, 1 in number"
            in only(examine(site), "compromised_keys")["says"]
        )


def from_multikey(text):
    """The raw key of a ``z6Mk…``, decoded from base58 here on its own."""
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    number = 0
    for letter in text.removeprefix("z"):
        number = number * 58 + alphabet.index(letter)
    return number.to_bytes(34, "big")[2:]


class TestDid:
    @pytest.mark.parametrize(
        ("members", "says"),
        [
            ({"id": "did:web:other.example.org"}, "its id"),
            ({"assertionMethod": []}, "assertionMethod"),
            ({"assertionMethod": None}, "assertionMethod"),
            ({"verificationMethod": []}, "is missing"),
            ({"verificationMethod": "none"}, "is missing"),
        ],
    )
    def test_contradictions(self, site, examine, members, says):
        change(site / DID, **members)
        report = examine(site)
        assert graver(report) == [("fault", "did")]
        assert says in only(report, "did")["says"]

    def test_methods(self, site, examine):
        methods = json.loads((site / DID).read_bytes())["verificationMethod"]
        stranger = methods[0] | {"id": "did:web:learn.example.edu#0000000000000000"}
        change(site / DID, verificationMethod=[*methods, stranger])
        assert "is not in the document" in only(examine(site), "did")["says"]
        for members in ({"publicKeyMultibase": "z6Mk"}, {"revoked": "2026-11-02T10:00:00Z"}):
            change(site / DID, verificationMethod=[methods[0] | members, methods[1]])
            report = examine(site)
            assert graver(report) == [("fault", "did")]
            assert "says something else" in only(report, "did")["says"]

    def test_more_than_keys_may_stand_in_it(self, site, examine):
        change(site / DID, service=[{"id": "#home", "type": "LinkedDomains"}])
        assert graver(examine(site)) == []

    @pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
    def test_damaged(self, site, examine, content):
        (site / DID).write_bytes(content)
        assert graver(examine(site)) == [("fault", "did")]

    def test_missing(self, site, examine):
        (site / DID).unlink()
        assert graver(examine(site)) == [("warning", "did")]


class TestLists:
    def test_the_list_of_lists_is_missing(self, site, examine):
        (site / LISTS).unlink()
        report = examine(site)
        assert graver(report) == [("fault", "status_lists"), ("warning", "status_lists")]
        assert LIST in only(report, "status_lists", "warning")["says"]

    @pytest.mark.parametrize("content", [b"", b"[]", b'{"status_lists": [1]}'])
    def test_the_list_of_lists_is_damaged(self, site, examine, content):
        (site / LISTS).write_bytes(content)
        assert ("fault", "status_lists") in graver(examine(site))

    def test_a_list_is_missing(self, site, examine):
        (site / LIST).unlink()
        report = examine(site)
        assert graver(report) == [("fault", "status_list")]
        assert (
            "named in status/lists.json, but it is missing" in only(report, "status_list")["says"]
        )

    def test_a_list_is_damaged(self, site, examine):
        flip(site / LIST)
        report = examine(site)
        assert graver(report) == [("fault", "status_list")]
        assert "not signed" in only(report, "status_list")["says"]

    def test_a_list_in_the_place_of_another(self, site, examine):
        shutil.copy(site / LIST, site / "status/2.cwt")
        uris = [f"https://{HOST}/status/{number}.cwt" for number in (1, 2)]
        change(site / LISTS, status_lists=uris)
        report = examine(site)
        assert graver(report) == [("fault", "status_list")]
        assert "belongs at" in only(report, "status_list", "fault")["says"]

    def test_a_list_that_nothing_names(self, site, examine):
        shutil.copy(site / LIST, site / "status/7.cwt")
        report = examine(site)
        assert graver(report) == [("warning", "status_lists")]
        assert "status/7.cwt" in only(report, "status_lists", "warning")["says"]

    def test_lists_elsewhere_are_not_fetched_for_a_folder(self, site, examine, tmp_path):
        (tmp_path / "secret.cwt").write_bytes(b"x")
        uris = ["https://elsewhere.example/1.cwt", f"https://{HOST}/../secret.cwt"]
        change(site / LISTS, status_lists=[f"https://{HOST}/{LIST}", *uris])
        report = examine(site)
        assert graver(report) == [("warning", "status_list")] * 2
        assert [
            uri in each["says"]
            for uri, each in zip(
                uris, [e for e in report["findings"] if e["level"] == "warning"], strict=True
            )
        ] == [True, True]

    def test_more_lists_than_are_read_at_once(self, site, examine, monkeypatch):
        monkeypatch.setattr(snapshot, "_LISTS_TOTAL", (site / LIST).stat().st_size)
        shutil.copy(site / LIST, site / "status/2.cwt")
        uris = [f"https://{HOST}/status/{number}.cwt" for number in (1, 1, 2)]
        change(site / LISTS, status_lists=uris)
        report = examine(site)
        assert graver(report) == [("fault", "status_list")]
        assert "more than are read at once" in only(report, "status_list", "fault")["says"]


class TestFolder:
    @pytest.mark.parametrize(
        ("path", "expected"), [(JWKS, ("fault", "jwks")), (DID, ("warning", "did"))]
    )
    def test_what_cannot_be_read_is_a_finding(self, site, examine, path, expected):
        (site / path).unlink()
        (site / path).mkdir()
        assert graver(examine(site)) == [expected]
        (site / path).rmdir()
        (site / path).write_bytes(bytes(1_048_577))
        report = examine(site)
        assert graver(report) == [expected]
        assert "more than 1048576 bytes" in only(report, expected[1])["says"]

    def test_without_its_headers_file(self, site, examine):
        (site / "_headers").unlink()
        assert graver(examine(site)) == [("warning", "headers")]

    @pytest.mark.parametrize("name", ["workspace.json", "ledger.sqlite", "keys/1.pem"])
    def test_with_a_workspace_in_it(self, site, examine, name):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).touch()
        report = examine(site)
        assert graver(report) == [("fault", "private_files")]
        assert name in report["findings"][0]["says"]

    @pytest.mark.parametrize("name", ["spare.pem", "a/b/c/stick.pem", "assets/no-end"])
    def test_with_a_private_key_anywhere_in_it(self, site, examine, made, name):
        [key] = (made[0] / "roots").iterdir()
        (site / name).parent.mkdir(exist_ok=True, parents=True)
        (site / name).write_bytes(key.read_bytes())
        (site / "chain.pem").write_text("-----BEGIN CERTIFICATE-----")
        report = examine(site)
        assert graver(report) == [("fault", "private_files")]
        assert f"{name}." in report["findings"][0]["says"]
        assert "compromise" in report["findings"][0]["advice"]

    def test_of_many_private_files_three_are_named(self, site, examine):
        for number in range(5):
            (site / str(number) / "keys").mkdir(parents=True)
            (site / str(number) / "keys" / "k.pem").touch()
        says = examine(site)["findings"][0]["says"]
        assert says.endswith("0/keys/k.pem, 1/keys/k.pem, 2/keys/k.pem and 2 more.")

    def test_a_workspace_is_no_site(self, run, made):
        result = run("doctor", made[0])
        assert result.exit_code == 2
        assert "is a workspace, which is never published" in result.stderr

    @pytest.mark.parametrize(
        ("place", "says"),
        [
            ("nowhere", "neither a folder, nor a URL, nor an issuer's host"),
            ("", "the site to check is empty"),
            ("http://learn.example.edu", "only https is fetched"),
            ("http://127.0.0.1:8000/", "only https is fetched"),
            ("https://user:secret@learn.example.edu/", "leave them out"),
            ("ftp://learn.example.edu", "only https is fetched"),
        ],
    )
    def test_what_cannot_be_checked(self, run, place, says):
        result = run("doctor", place)
        assert result.exit_code == 2
        assert says in result.stderr
        assert "secret" not in result.stderr
        assert result.stdout == ""

    def test_the_address_says_whose_site_it_is(self):
        for text in (HOST, f"https://{HOST}", f"https://{HOST}:443/", f"https://{HOST.upper()}/"):
            assert _place(text).issuer == HOST
        assert _place("https://example.edu/learn/").issuer == "example.edu/learn"
        for text in ("http://127.0.0.1:1/", f"https://{HOST}:8443/", "https://[::1/"):
            assert _place(text).issuer is None


@pytest.fixture
def serve(made):
    """Serves the site's files as they should be, with some headers or answers changed."""

    def serving_site(headers=None, answers=None, date=None):
        changed = {"Date": format_datetime(date or datetime.now(UTC), usegmt=True)}
        changed |= headers or {}
        found = {}
        for path in made[1].rglob("*"):
            if path.is_file():
                name = path.relative_to(made[1]).as_posix()
                sent = dict(expected_headers(name, ttl=timedelta(hours=12))) | changed
                lines = [f"{key}: {value}" for key, value in sent.items() if value is not None]
                # A page is sent for its folder.
                found[f"/{name.removesuffix('index.html')}"] = ok(path.read_bytes(), *lines)
        return serving(found | (answers or {}))

    return serving_site


class TestWeb:
    def test_a_server_that_answers_as_it_should(self, serve, examine):
        with serve() as server:
            report = examine(server.url(), "--allow-loopback")
        assert graver(report) == []
        levels = {each["check"]: each["level"] for each in report["findings"]}
        assert [levels[name] for name in ("cors", "content_type", "cache", "clock")] == ["ok"] * 4
        assert "headers" not in levels
        assert "nosniff" not in levels

    def test_a_plain_file_server(self, serve, examine):
        plain = {
            "Access-Control-Allow-Origin": None,
            "X-Content-Type-Options": None,
            "Cache-Control": None,
            "Content-Type": "application/octet-stream",
            "Date": None,
        }
        with serve(plain) as server:
            report = examine(server.url(), "--allow-loopback")
        assert graver(report) == [
            ("warning", "cors"), ("warning", "content_type"), ("warning", "page_type"),
        ]  # fmt: skip
        assert "a verify page on another site cannot read" in only(report, "cors")["says"]
        assert only(report, "nosniff")["level"] == only(report, "clock")["level"] == "note"

    @pytest.mark.parametrize("value", ["https://learn.example.edu", "*, *"])
    def test_another_origin_than_all(self, serve, examine, value):
        with serve({"Access-Control-Allow-Origin": value}) as server:
            report = examine(server.url(), "--allow-loopback")
        assert graver(report) == [("warning", "cors")]
        assert f'"{value}" instead of *' in only(report, "cors")["says"]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("max-age=43200", []),
            ("max-age=43201", [("warning", "cache")]),
            ("public, s-maxage=86400, max-age=60", [("warning", "cache")]),
            ("no-store, max-age=86400", []),
        ],
    )
    def test_caches(self, serve, examine, value, expected):
        with serve({"Cache-Control": value}) as server:
            assert graver(examine(server.url(), "--allow-loopback")) == expected

    @pytest.mark.parametrize(("minutes", "side"), [(-20, "ahead of"), (20, "behind")])
    def test_clocks_that_differ(self, serve, examine, minutes, side):
        with serve(date=datetime.now(UTC) + timedelta(minutes=minutes)) as server:
            report = examine(server.url(), "--allow-loopback")
        assert graver(report) == [("warning", "clock")]
        assert f"20 minutes {side} the server's" in only(report, "clock")["says"]

    def test_an_answer_that_waited_in_a_cache_is_no_wrong_clock(self, serve, examine):
        with serve({"Age": "1200"}, date=datetime.now(UTC) - timedelta(minutes=20)) as server:
            assert graver(examine(server.url(), "--allow-loopback")) == []

    def test_files_that_are_missing_or_forbidden(self, serve, examine):
        answers = {f"/{JWKS}": response("404 Not Found"), f"/{LIST}": response("403 Forbidden")}
        with serve(answers=answers) as server:
            report = examine(server.url(), "--allow-loopback")
        assert graver(report) == [("fault", "jwks"), ("fault", "status_list")]
        assert "status 403" in only(report, "status_list")["says"]

    @pytest.mark.parametrize(
        ("answer", "code", "says"),
        [
            (response("404 Not Found"), 1, "There is no issuer document"),
            (response("403 Forbidden"), 2, "cannot be read: the server answered with status 403"),
            (ok(b"<html>"), 1, "cannot be used: not an issuer document"),
            (ok(b"x" * 9, "Content-Encoding: gzip"), 2, "the server sent it compressed"),
        ],
    )
    def test_no_document(self, run, serve, answer, code, says):
        with serve(answers={f"/{ISSUER_FILE}": answer}) as server:
            result = run("doctor", server.url(), "--allow-loopback", *at(START))
        assert result.exit_code == code
        assert says in result.stdout

    def test_no_server(self, run, serve):
        with serve() as server:
            url = server.url()
        result = run("doctor", url, "--allow-loopback", *at(START))
        assert result.exit_code == 2
        assert "no connection" in result.stdout


def test_what_a_site_says_does_not_steer_the_terminal(run, site):
    change(site / DID, id="did:\x1b[2J\u202e" + "x" * 500)
    result = run("doctor", site, *at(START))
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    assert "\\u{001B}[2J\\u{202E}" in result.stdout
    assert "x" * 200 not in result.stdout


def test_the_command_line_does_not_load_what_only_fetching_needs():
    code = "import sys, signedcert.cli.app; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
