"""``trust export``, ``import`` and ``sign``: a trust store as a file that is handed on."""

import json
from pathlib import Path
from typing import Any

import pytest
from published_issuers import finding, printed, signedcert
from written_sites import AT, add, files, other_document, write

from issuing import ISSUER
from trusting import (
    DAY,
    OPERATOR,
    PUBLISHED_AT,
    ROOT,
    STRANGER,
    content,
    document,
    handover,
    referring,
    signed_document,
    status_list,
)

USAGE, INDETERMINATE = 2, 3
OTHER = "other.example.org"
KEY = OPERATOR.public_key.raw.hex()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "trust.bundle"
    add(path, write(tmp_path / "site", files(document(2))))
    add(path, write(tmp_path / "other", files(other_document(OTHER), issuer=OTHER)), issuer=OTHER)
    return path


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token.cose"
    path.write_bytes(referring())
    return path


@pytest.fixture
def operator_key(tmp_path: Path) -> Path:
    return key_file(tmp_path / "operator.pem", None)


def key_file(path: Path, passphrase: bytes | None) -> Path:
    path.write_bytes(OPERATOR.to_pem(passphrase))
    path.chmod(0o600)
    return path


@pytest.fixture
def signed(store: Path, operator_key: Path, tmp_path: Path) -> Path:
    path = tmp_path / "list.bundle"
    found = sign(store, operator_key, path)
    assert found == {"file": str(path), "operator": KEY, "issuers": [ISSUER, OTHER]}
    return path


def sign(store: Path, key: Path, out: Path, *options: object) -> Any:
    arguments = ("trust", "sign", "--key", key, "--out", out, "--trust", store, *AT, *options)
    return printed(*arguments)


# Export


def test_what_is_exported_gives_the_same_verdict(store: Path, token: Path, tmp_path: Path) -> None:
    out = tmp_path / "carried.bundle"
    found = printed("trust", "export", out, "--trust", store)
    size = out.stat().st_size
    assert found == {"file": str(out), "bytes": size, "issuers": [ISSUER, OTHER]}
    assert out.read_bytes() == store.read_bytes()
    here = printed("verify", token, "--trust", store, *AT)
    assert printed("verify", token, "--trust", out, *AT) == here


def test_some_issuers_can_be_exported(store: Path, tmp_path: Path) -> None:
    out = tmp_path / "one.bundle"
    assert printed("trust", "export", out, OTHER, "--trust", store)["issuers"] == [OTHER]
    arguments = ("trust", "export", tmp_path / "none.bundle", "third.example.net")
    message = signedcert(*arguments, "--trust", store, exit_code=USAGE).stderr
    assert "not among the trusted issuers: third.example.net" in message
    assert not (tmp_path / "none.bundle").exists()


def test_past_its_end_an_export_decides_nothing_and_says_its_date(
    store: Path, token: Path, tmp_path: Path
) -> None:
    out = tmp_path / "ends.bundle"
    signedcert("trust", "export", out, "--good-for", "10d", "--trust", store, *AT)
    before, after = ("--now", "2026-12-12T09:59:59Z"), ("--now", "2026-12-12T10:00:00Z")
    printed("verify", token, "--trust", out, *before)
    verdict = printed("verify", token, "--trust", out, *after, exit_code=INDETERMINATE)
    stale = {"outcome": "UNKNOWN", "reason": "bundle_stale", "as_of": "2026-12-02T10:00:00Z"}
    assert finding(verdict, "ISSUER_TRUSTED") == stale
    assert verdict["status"] == "INDETERMINATE"
    assert verdict["statement"] is None
    text = signedcert("verify", token, "--trust", out, *after, exit_code=INDETERMINATE).stdout
    assert "out of date: get a newer one. (As of 2026-12-02T10:00:00Z.)" in text
    printed("verify", token, "--trust", out, *after, "--max-staleness", "1d")


@pytest.mark.parametrize("time", ["", "10", "ten days", "-1d", "10y", "0d", "0s"])
def test_an_end_that_is_none_is_named(time: str, store: Path, tmp_path: Path) -> None:
    arguments = ("trust", "export", tmp_path / "out", f"--good-for={time}", "--trust", store)
    assert "--good-for" in signedcert(*arguments, exit_code=USAGE).stderr
    assert not (tmp_path / "out").exists()


def test_an_end_after_the_last_year_is_named(store: Path, tmp_path: Path) -> None:
    late = ("--good-for", "90d", "--now", "9999-12-01T00:00:00Z")
    arguments = ("trust", "export", tmp_path / "out", *late, "--trust", store)
    assert "--good-for: that ends after" in signedcert(*arguments, exit_code=USAGE).stderr


def test_the_store_is_not_exported_over_itself(store: Path, operator_key: Path) -> None:
    before = store.read_bytes()
    for arguments in (("export", store), ("sign", "--key", operator_key, "--out", store)):
        done = signedcert("trust", *arguments, "--trust", store, exit_code=USAGE)
        assert "is the trust store itself" in done.stderr
    assert store.read_bytes() == before


# Import


def test_an_import_brings_new_issuers_and_newer_documents(
    store: Path, token: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.bundle"
    add(mine, write(tmp_path / "old", files(document(1))))
    found = printed("trust", "import", store, "--trust", mine)
    assert found == {"store": str(mine), "imported": [ISSUER, OTHER]}
    known = {each["issuer"]: each for each in printed("trust", "show", "--trust", mine)["issuers"]}
    assert (known[ISSUER]["version"], known[OTHER]["version"]) == (2, 1)
    printed("verify", token, "--trust", mine, *AT)


def test_an_import_of_older_documents_changes_nothing(store: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.bundle"
    add(old, write(tmp_path / "old", files(document(1))))
    before = store.read_bytes()
    signedcert("trust", "import", old, "--trust", store)
    assert store.read_bytes() == before


def test_an_import_with_other_roots_is_refused_and_nothing_changes(
    store: Path, tmp_path: Path
) -> None:
    theirs = (handover(1, [STRANGER], STRANGER),)
    thief = signed_document(content(9, roots=[STRANGER], handovers=theirs), STRANGER)
    fake, before = tmp_path / "fake.bundle", store.read_bytes()
    add(fake, write(tmp_path / "fake", files(thief)))
    message = signedcert("trust", "import", fake, "--trust", store, exit_code=USAGE).stderr
    assert message.startswith(f"signedcert: {ISSUER}: ")
    assert store.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "it is empty"),
        (b"\xa2\x00\x01", "truncated or damaged"),
        (b"<html>", "key set"),
        (document(), f"signedcert trust add {ISSUER} --site FOLDER"),
        (status_list(), "signed by a list operator"),
    ],
    ids=["empty", "truncated", "html", "issuer document", "status list"],
)
def test_what_is_no_bundle_is_named(
    data: bytes, expected: str, store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    before = store.read_bytes()
    message = signedcert("trust", "import", path, "--trust", store, exit_code=USAGE).stderr
    assert str(path) in message
    assert expected in message
    assert store.read_bytes() == before


def test_a_file_that_is_not_there_is_named(store: Path, tmp_path: Path) -> None:
    arguments = ("trust", "import", tmp_path / "nothing", "--trust", store)
    assert "No such file" in signedcert(*arguments, exit_code=USAGE).stderr


# Signed by a list operator


def test_a_signed_list_counts_for_whoever_names_its_operator(signed: Path, token: Path) -> None:
    verdict = printed("verify", token, "--trust", signed, "--operator", KEY, *AT)
    assert verdict["status"] == "VALID"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), "say by whom, with --operator"),
        (("--operator", STRANGER.public_key.raw.hex()), "not signed by the list operator"),
        (("--operator", ROOT.public_key.raw.hex()), "not signed by the list operator"),
        (("--operator", KEY[:-1]), "--operator: expected a public key of 64"),
    ],
)
def test_a_signed_list_without_its_operator_counts_for_nobody(
    options: tuple[str, ...], expected: str, signed: Path, token: Path, tmp_path: Path
) -> None:
    for arguments in (("verify", token, "--trust", signed, *AT), ("trust", "import", signed)):
        own = () if arguments[0] == "verify" else ("--trust", tmp_path / "new.bundle")
        done = signedcert(*arguments, *own, *options, exit_code=USAGE)
        assert expected in done.stderr
    assert not (tmp_path / "new.bundle").exists()


def test_a_signed_list_that_was_changed_counts_for_nobody(signed: Path, token: Path) -> None:
    data = bytearray(signed.read_bytes())
    data[len(data) // 2] ^= 1
    signed.write_bytes(data)
    arguments = ("verify", token, "--trust", signed, "--operator", KEY, *AT)
    assert "signed" in signedcert(*arguments, exit_code=USAGE).stderr


def listed_until(store: Path) -> list[str | None]:
    """Until when each issuer is listed, by name."""
    return [each["listed_until"] for each in printed("trust", "show", "--trust", store)["issuers"]]


def test_a_signed_list_is_good_for_90_days_unless_said_otherwise(
    signed: Path, store: Path, operator_key: Path, tmp_path: Path
) -> None:
    mine, short = tmp_path / "mine.bundle", tmp_path / "short.bundle"
    printed("trust", "import", signed, "--operator", KEY, "--trust", mine)
    assert listed_until(mine) == ["2027-03-02T10:00:00Z"] * 2
    output = signedcert("trust", "show", "--trust", mine).stdout
    assert output.count("in the list until  2027-03-02T10:00:00Z") == 2
    sign(store, operator_key, short, "--good-for", "7d")
    printed("trust", "import", short, "--operator", KEY, "--trust", tmp_path / "second")
    assert listed_until(tmp_path / "second") == ["2026-12-09T10:00:00Z"] * 2


def test_past_its_end_an_imported_list_decides_nothing(
    signed: Path, token: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.bundle"
    printed("trust", "import", signed, "--operator", KEY, "--trust", mine)
    late = ("--now", "2027-03-02T10:00:00Z", "--trust", mine)
    verdict = printed("verify", token, *late, exit_code=INDETERMINATE)
    assert finding(verdict, "ISSUER_TRUSTED")["reason"] == "bundle_stale"


def test_the_next_edition_of_a_list_lasts_until_its_own_end(
    signed: Path, store: Path, operator_key: Path, tmp_path: Path
) -> None:
    mine, next_edition = tmp_path / "mine.bundle", tmp_path / "next.bundle"
    imported = ("--operator", KEY, "--trust", mine)
    printed("trust", "import", signed, *imported)
    signedcert("trust", "export", tmp_path / "part", OTHER, "--trust", store)
    later = ("--now", "2027-02-01T00:00:00Z")
    sign(tmp_path / "part", operator_key, next_edition, *later)
    printed("trust", "import", next_edition, *imported)
    assert listed_until(mine) == ["2027-03-02T10:00:00Z", "2027-05-02T00:00:00Z"]


def test_a_list_sets_no_end_for_whom_i_trusted_before(signed: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.bundle"
    add(mine, tmp_path / "site")
    printed("trust", "import", signed, "--operator", KEY, "--trust", mine)
    assert listed_until(mine) == [None, "2027-03-02T10:00:00Z"]


def test_the_operator_key_may_be_encrypted(store: Path, signed: Path, tmp_path: Path) -> None:
    key, out = key_file(tmp_path / "encrypted.pem", b"of the operator"), tmp_path / "out"
    arguments = ("trust", "sign", "--key", key, "--out", out, "--trust", store, *AT)
    for passphrase, expected in (
        ({"SIGNEDCERT_PASSPHRASE": "another"}, "wrong passphrase"),
        ({}, "set SIGNEDCERT_PASSPHRASE"),
    ):
        message = signedcert(*arguments, exit_code=USAGE, **passphrase).stderr
        assert expected in message
        assert "another" not in message
        assert not out.exists()
    signedcert(*arguments, SIGNEDCERT_PASSPHRASE="of the operator")
    assert out.read_bytes() == signed.read_bytes()


def test_a_key_that_others_may_read_is_refused_with_what_mends_it(
    store: Path, operator_key: Path, tmp_path: Path
) -> None:
    operator_key.chmod(0o644)
    arguments = ("trust", "sign", "--key", operator_key, "--out", tmp_path / "out")
    assert "chmod 600" in signedcert(*arguments, "--trust", store, exit_code=USAGE).stderr


def test_the_list_is_not_written_over_the_key(store: Path, operator_key: Path) -> None:
    before = operator_key.read_bytes()
    arguments = ("trust", "sign", "--key", operator_key, "--out", operator_key)
    assert "overwrite the key" in signedcert(*arguments, "--trust", store, exit_code=USAGE).stderr
    assert operator_key.read_bytes() == before


def test_nor_over_the_key_under_another_name(
    store: Path, operator_key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = operator_key.read_bytes()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(operator_key)
    (tmp_path / "hard").hardlink_to(operator_key)
    for out in (operator_key.name, f"./x/../{operator_key.name}", "link", "hard"):
        (tmp_path / "x").mkdir(exist_ok=True)
        arguments = ("trust", "sign", "--key", operator_key, "--out", out, "--trust", store)
        assert "overwrite the key" in signedcert(*arguments, exit_code=USAGE).stderr
    assert operator_key.read_bytes() == before
    assert (tmp_path / "link").is_symlink()


@pytest.mark.parametrize("time", ["0d", "0s", "000000m"])
def test_a_list_that_never_holds_is_not_signed(
    time: str, store: Path, operator_key: Path, tmp_path: Path
) -> None:
    arguments = ("trust", "sign", "--key", operator_key, "--out", tmp_path / "out")
    message = signedcert(*arguments, "--good-for", time, "--trust", store, exit_code=USAGE).stderr
    assert "--good-for: expected more than nothing" in message
    assert not (tmp_path / "out").exists()


def test_only_older_files_of_its_kind_are_replaced(
    store: Path, signed: Path, operator_key: Path, tmp_path: Path
) -> None:
    exported, empty, notes = (tmp_path / name for name in ("old.bundle", "empty", "notes.txt"))
    signedcert("trust", "export", exported, OTHER, "--trust", store)
    empty.touch()
    notes.write_text("mine")
    cut = tmp_path / "cut"
    cut.write_bytes(signed.read_bytes()[:-100])
    refused = {notes: notes.read_bytes(), cut: cut.read_bytes()} | {
        operator_key: operator_key.read_bytes()
    }
    ways = (("export",), ("sign", "--key", operator_key, "--out"))
    for *way, out in ((*way, out) for way in ways for out in (exported, signed, empty)):
        signedcert("trust", *way, out, "--trust", store, *AT)
        assert out.stat().st_size > 100
    for way in ways:
        for out in refused.keys() - ({operator_key} if "sign" in way else set()):
            done = signedcert("trust", *way, out, "--trust", store, *AT, exit_code=USAGE)
            assert "no trust bundle, so it is not replaced" in done.stderr
    assert {path: path.read_bytes() for path in refused} == refused


@pytest.mark.parametrize("out", [".", "..", "folder", "dangling", "/dev/null"])
def test_what_is_no_regular_file_is_never_replaced(
    out: str, store: Path, operator_key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = {path.name for path in tmp_path.iterdir()}
    for way in (("export",), ("sign", "--key", operator_key, "--out")):
        done = signedcert("trust", *way, out, "--trust", store, *AT, exit_code=USAGE)
        assert "is there already and no regular file" in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_store_that_is_signed_itself_is_refused(signed: Path, operator_key: Path) -> None:
    for arguments in (("show",), ("refresh",), ("remove", ISSUER)):
        done = signedcert("trust", *arguments, "--trust", signed, exit_code=USAGE)
        assert "signed by a list operator" in done.stderr


# Several files


def test_several_files_are_one_trust(store: Path, token: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.bundle", tmp_path / "two.bundle"
    signedcert("trust", "export", one, OTHER, "--trust", store)
    signedcert("trust", "export", two, ISSUER, "--trust", store)
    printed("verify", token, "--trust", one, *AT, exit_code=INDETERMINATE)
    printed("verify", token, "--trust", one, "--trust", two, *AT)


def test_several_files_that_contradict_each_other_are_refused(
    store: Path, token: Path, tmp_path: Path
) -> None:
    theirs = (handover(1, [STRANGER], STRANGER),)
    fake = tmp_path / "fake.bundle"
    thief = signed_document(content(9, roots=[STRANGER], handovers=theirs), STRANGER)
    add(fake, write(tmp_path / "fake", files(thief)))
    arguments = ("verify", token, "--trust", store, "--trust", fake, *AT, "--json")
    done = signedcert(*arguments, exit_code=USAGE)
    assert f"{fake}: {ISSUER}" in done.stderr
    assert done.stdout == ""


def test_a_bundle_and_a_signed_one_and_a_newer_list_go_together(
    signed: Path, token: Path, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.bundle"
    listed = status_list(values=[(7, 1)], issued_at=PUBLISHED_AT + DAY)
    add(newer, write(tmp_path / "newer", files(document(3), listed)))
    options = ("--trust", signed, "--trust", newer, "--operator", KEY)
    verdict = printed("verify", token, *options, *AT, exit_code=1)
    assert finding(verdict, "STATUS")["reason"] == "revoked"
    assert json.dumps(verdict).count("2026-11-02T00:00:00Z") == 1
