"""The trust store: where it is, what damages it, who changes it, and what ``trust show`` tells."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest
from published_issuers import printed, signedcert
from written_sites import AT, DOCUMENT, FINGERPRINT, add, files, other_document, write

from cbor_oracle import dumps
from issuing import ISSUER, jwk, jwks
from loopback_site import ok, serving
from trusting import document, referring, status_list

INVALID, USAGE, INDETERMINATE = 1, 2, 3
OTHER = "other.example.org"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write(tmp_path / "site", files())


@pytest.fixture
def other_site(tmp_path: Path) -> Path:
    return write(tmp_path / "other", files(other_document(OTHER), issuer=OTHER))


@pytest.fixture
def store(tmp_path: Path, site: Path, other_site: Path) -> Path:
    path = tmp_path / "trust.bundle"
    add(path, site)
    add(path, other_site, issuer=OTHER)
    return path


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token.cose"
    path.write_bytes(referring())
    return path


# Where it is


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without a trust store."""
    for name in ("SIGNEDCERT_TRUST", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


def test_without_anything_said_it_is_in_the_configuration_folder(home: Path, site: Path) -> None:
    found = printed("trust", "add", ISSUER, "--site", site)
    assert found["store"] == str(home / ".config" / "signedcert" / "trust.bundle")


@pytest.mark.usefixtures("home")
def test_the_configuration_folder_may_be_elsewhere(tmp_path: Path, site: Path) -> None:
    elsewhere = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    found = printed("trust", "add", ISSUER, "--site", site, **elsewhere)
    assert found["store"] == str(tmp_path / "xdg" / "signedcert" / "trust.bundle")


@pytest.mark.usefixtures("home")
def test_the_variable_goes_before_the_folder_and_the_option_before_both(
    tmp_path: Path, site: Path
) -> None:
    named = {"SIGNEDCERT_TRUST": str(tmp_path / "named"), "XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    assert printed("trust", "add", ISSUER, "--site", site, **named)["store"] == str(
        tmp_path / "named"
    )
    option = ("--trust", tmp_path / "option")
    found = printed("trust", "add", ISSUER, "--site", site, *option, **named)
    assert found["store"] == str(tmp_path / "option")
    assert not (tmp_path / "xdg").exists()


@pytest.mark.usefixtures("home")
def test_verify_uses_the_store_where_nobody_is_named(site: Path, token: Path) -> None:
    printed("trust", "add", ISSUER, "--site", site)
    assert printed("verify", token, *AT)["status"] == "VALID"


def test_verify_without_a_store_says_what_to_do(home: Path, token: Path) -> None:
    message = signedcert("verify", token, *AT, exit_code=USAGE).stderr
    assert "--trust FILE" in message
    assert "signedcert trust add ISSUER" in message
    assert str(home / ".config" / "signedcert" / "trust.bundle") in message


@pytest.mark.parametrize(
    "arguments",
    [("show",), ("refresh",), ("refresh", ISSUER), ("remove", ISSUER), ("export", "out")],
)
def test_without_a_store_the_other_commands_say_how_to_begin_and_make_none(
    arguments: tuple[str, ...], home: Path
) -> None:
    message = signedcert("trust", *arguments, exit_code=USAGE).stderr
    assert "there is no trust store yet; make one with: signedcert trust add ISSUER" in message
    assert list(home.iterdir()) == []


# Damage


def changed(store: Path, change: Any) -> None:
    content = cbor2.loads(store.read_bytes())
    change(content)
    store.write_bytes(dumps(content))


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("refresh",),
        ("remove", ISSUER),
        ("export", "never.bundle"),
        ("add", ISSUER, "--site", "."),
    ],
)
def test_a_truncated_store_is_named_and_left_alone(
    arguments: tuple[str, ...], store: Path, token: Path
) -> None:
    data = store.read_bytes()[:-20]
    store.write_bytes(data)
    message = signedcert("trust", *arguments, "--trust", store, exit_code=USAGE).stderr
    assert message.startswith(f"signedcert: {store}: ")
    assert "truncated or damaged" in message
    assert store.read_bytes() == data
    assert str(store) in signedcert("verify", token, "--trust", store, exit_code=USAGE).stderr


def test_a_store_of_a_newer_format_is_named_and_left_alone(
    store: Path, site: Path, token: Path
) -> None:
    changed(store, lambda content: content.update({0: 2}))
    data = store.read_bytes()
    arguments = ("trust", "add", ISSUER, "--site", site, "--trust", store)
    assert "of a newer format" in signedcert(*arguments, exit_code=USAGE).stderr
    assert store.read_bytes() == data
    assert "newer format" in signedcert("verify", token, "--trust", store, exit_code=USAGE).stderr


def spoil(store: Path, issuer: str, field: int, replacement: Any) -> None:
    def change(content: dict[int, Any]) -> None:
        (row,) = (row for row in content[3] if row[0] == issuer)
        row[field] = replacement

    changed(store, change)


def test_a_bad_issuer_among_good_ones_is_named_and_the_good_ones_count(
    store: Path, token: Path
) -> None:
    spoil(store, OTHER, 1, other_document(OTHER)[:-1] + b"\0")
    shown = printed("trust", "show", "--trust", store)
    assert shown["problems"] == []
    found = printed("trust", "show", "--check", "--trust", store, exit_code=INVALID)
    (problem,) = found["problems"]
    assert problem.startswith(f"{OTHER}: ")
    known = {each["issuer"]: each for each in found["issuers"]}
    assert "error" in known[OTHER]
    assert known[ISSUER]["version"] == 1
    done = signedcert("trust", "show", "--check", "--trust", store, exit_code=INVALID)
    assert f"signedcert: {OTHER}: " in done.stderr
    assert "cannot be used" in done.stdout
    assert printed("verify", token, "--trust", store, *AT)["status"] == "VALID"


def test_a_bad_status_list_is_named_with_its_number(store: Path, token: Path) -> None:
    spoil(store, ISSUER, 4, [[1, status_list()[:-1] + b"\0"]])
    found = printed("trust", "show", "--check", "--trust", store, exit_code=INVALID)
    (problem,) = found["problems"]
    assert problem.startswith(f"{ISSUER}: status list 1: ")
    verdict = printed("verify", token, "--trust", store, *AT, exit_code=INDETERMINATE)
    assert verdict["findings"][-1]["reason"] == "status_list_refused"


def test_a_bad_issuer_can_be_mended_by_adding_it_again(store: Path, other_site: Path) -> None:
    good = store.read_bytes()
    spoil(store, OTHER, 1, other_document(OTHER)[:-1] + b"\0")
    add(store, other_site, issuer=OTHER)
    assert store.read_bytes() == good
    signedcert("trust", "show", "--check", "--trust", store)


# Show and remove


def test_show_tells_roots_dates_and_lists(store: Path) -> None:
    output = signedcert("trust", "show", "--check", "--trust", store).stdout
    assert output.count(FINGERPRINT) == 2
    for part in (ISSUER, OTHER, "version 1, of 2026-11-01T00:00:00Z", "2 issuers"):
        assert part in output
    assert "status list 1  of 2026-11-01T00:00:00Z, good until 2026-12-31T00:00:00Z" in output


def test_show_in_json(store: Path) -> None:
    found = printed("trust", "show", "--trust", store)
    assert found["store"] == str(store)
    assert (found["issued_at"], found["next_update"], found["problems"]) == (None, None, [])
    (mine, _) = found["issuers"]
    assert mine == {
        "issuer": ISSUER,
        "epoch": 1,
        "roots": [FINGERPRINT],
        "version": 1,
        "names": [],
        "issued_at": "2026-11-01T00:00:00Z",
        "next_update": "2027-01-30T00:00:00Z",
        "final": False,
        "listed_until": None,
        "keys": 1,
        "status_lists": [
            {
                "number": 1,
                "issued_at": "2026-11-01T00:00:00Z",
                "fresh_until": "2026-12-31T00:00:00Z",
                "entries": 1000,
            }
        ],
    }


def test_a_key_set_can_be_imported_but_not_refreshed(tmp_path: Path, site: Path) -> None:
    store, key_set = tmp_path / "mine", tmp_path / "jwks.json"
    key_set.write_bytes(jwks(jwk(), iss=ISSUER))
    printed("trust", "import", key_set, "--trust", store)
    assert "none: a key set alone" in signedcert("trust", "show", "--trust", store).stdout
    for command in ("refresh", "add"):
        arguments = ("trust", command, ISSUER, "--site", site, "--trust", store)
        assert "remove it" in signedcert(*arguments, exit_code=USAGE).stderr


def test_who_is_removed_counts_no_more(store: Path, token: Path) -> None:
    assert printed("trust", "remove", ISSUER, "--trust", store) == {
        "removed": ISSUER,
        "store": str(store),
    }
    shown = printed("trust", "show", "--trust", store)
    assert [each["issuer"] for each in shown["issuers"]] == [OTHER]
    verdict = printed("verify", token, "--trust", store, *AT, exit_code=INDETERMINATE)
    assert verdict["findings"][1]["reason"] == "unknown_key"
    before = store.read_bytes()
    arguments = ("trust", "remove", ISSUER, "--trust", store)
    assert "is not among the trusted issuers" in signedcert(*arguments, exit_code=USAGE).stderr
    assert store.read_bytes() == before


# Two processes


def test_of_two_changes_at_once_one_waits_its_turn_and_none_is_lost(
    tmp_path: Path, site: Path, other_site: Path
) -> None:
    """The first holds the store while its server takes its time."""
    store = tmp_path / "trust.bundle"
    asked, released = threading.Event(), threading.Event()

    def slowly() -> Iterator[bytes]:
        asked.set()
        released.wait(10)
        yield ok(document())

    answers = {f"/{path}": ok(data) for path, data in files().items()}
    with serving(answers | {f"/{DOCUMENT}": slowly}) as server:
        options = ("--site", server.url(), "--allow-loopback", "--trust", str(store), "--json")
        first = subprocess.Popen(
            [sys.executable, "-m", "signedcert", "trust", "add", ISSUER, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            assert asked.wait(30)
            second = ("trust", "add", OTHER, "--site", other_site, "--trust", store)
            message = signedcert(*second, exit_code=USAGE).stderr
            assert f"another process is changing {store}; nothing was changed, try again" in message
        finally:
            released.set()
            output, errors = first.communicate(timeout=30)
    assert first.returncode == 0, errors
    assert json.loads(output)["issuer"] == ISSUER
    signedcert(*second)
    shown = printed("trust", "show", "--check", "--trust", store)
    assert [each["issuer"] for each in shown["issuers"]] == [ISSUER, OTHER]
