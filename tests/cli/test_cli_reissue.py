"""reissue: files again from the ledger, or everything that a key signed, signed anew."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from own_issuer import in_days

from signedcert.cli.trust import taking_in

VALID = ("VALID", "")


@pytest.fixture
def fetched_in_two_years(monkeypatch):
    """Verifiers fetch when what the test publishes for later days is not dated in the future."""
    monkeypatch.setattr(taking_in, "clock", lambda: datetime.now(UTC) + timedelta(days=730))


def files_of(printed):
    return [Path(name) for name in (printed["token_file"], *printed["qr_files"])]


def test_by_code_the_same_bytes_again(own):
    printed, other = own.issue(), own.issue()
    again = own.do("reissue", printed["code"], other["code"], "--out", own.folder / "again")
    assert [each["url"] for each in again] == [printed["url"], other["url"]]
    for old, new in zip((printed, other), again, strict=True):
        for path, written in zip(files_of(old), files_of(new), strict=True):
            assert written.parent == own.folder / "again"
            assert written.read_bytes() == path.read_bytes()


def test_lost_files_come_back_and_changed_ones_are_put_right(own):
    printed = own.issue()
    first, second, third = files_of(printed)
    before = [path.read_bytes() for path in (first, second, third)]
    first.unlink()
    second.write_bytes(b"changed")
    told = own.told("reissue", printed["code"], "--out", own.out)
    assert f"wrote  {first}" in told
    assert "1 written, 0 left as they were" in told
    assert [path.read_bytes() for path in (first, second, third)] == before


def test_a_code_may_be_typed_in_any_case(own):
    code = own.issue()["code"]
    typed = own.do("reissue", code.lower().replace("-", " "), "--out", own.out)
    assert [each["code"] for each in typed] == [code]


def test_no_key_and_no_passphrase_is_needed_for_it(own):
    printed = own.issue()
    for path in (own.workspace / "keys").iterdir():
        path.unlink()
    (again,) = own.do("reissue", printed["code"], "--out", own.folder / "again")
    assert again["url"] == printed["url"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "CODE..., or --key KID"),
        (("0000-0000-0000-0000", "--key", "0" * 16), "CODE..., or --key KID"),
        (("0000-0000-0000-0000",), "no token of this code is in the ledger"),
        (("nonsense",), "nonsense: "),
        (("--key", "12"), "16 hexadecimal digits"),
        (("--key", "0" * 16), "there is no signing key"),
    ],
)
def test_what_cannot_be_reissued(own, arguments, words):
    own.issue()
    assert words in own.refused("reissue", *arguments, "--out", own.folder / "again")
    assert not (own.folder / "again").exists()


@pytest.mark.usefixtures("fetched_in_two_years")
def test_signed_anew_it_keeps_its_code_and_its_place(own):
    printed = own.issue()
    own.do("rotate", "--no-passphrase")
    later = ("--now", in_days(1))
    (anew,) = own.do("reissue", "--anew", printed["code"], "--out", own.folder / "new", *later)
    assert anew["code"] == printed["code"]
    assert anew["url"] != printed["url"]
    assert own.place(anew) == own.place(printed)
    shown = [json.loads(own.run("inspect", each["url"], "--json").stdout)["statement"]
             for each in (printed, anew)]  # fmt: skip
    assert shown[1].pop("issued_at") > shown[0].pop("issued_at")
    assert shown[0] == shown[1]
    own.publish(*later)
    own.fetch()
    for each in (printed, anew):
        assert own.verdict(each["url"], *later) == VALID
    # One place: withdrawn are both.
    own.do("revoke", printed["code"], *later)
    own.publish(*later)
    own.fetch()
    for each in (printed, anew):
        assert own.verdict(each["url"], *later) == ("INVALID", "revoked")


@pytest.mark.usefixtures("fetched_in_two_years")
def test_after_a_key_was_stolen_everything_it_signed_is_signed_anew(own):
    old = own.key
    printed = [own.issue() for _ in range(3)]
    cannot = own.issue("--no-status")
    expired = own.issue(issued_at=in_days(0), expires_at=in_days(0.5))
    own.do("revoke", printed[1]["code"])
    own.do("suspend", printed[2]["code"])
    assert "make another first: signedcert rotate" in own.refused("reissue", "--key", old)
    own.do("rotate", "--no-passphrase")
    others = own.issue()
    own.do("compromise", old, "--reason", "stolen")
    again = ("reissue", "--key", old, "--out", own.folder / "new", "--now", in_days(1))
    done = {each["code"]: each for each in own.do(*again)}
    assert len(done) == 5
    assert others["code"] not in done
    assert done[printed[1]["code"]]["left"] == "it is revoked"
    assert done[expired["code"]]["left"] == "it has expired"
    later = ("--now", in_days(1))
    own.publish(*later)
    own.fetch()
    assert own.verdict(printed[0]["url"], *later) == ("INVALID", "key_compromised")
    assert own.verdict(done[printed[0]["code"]]["url"], *later) == VALID
    assert own.verdict(done[cannot["code"]]["url"], *later) == VALID
    assert own.verdict(done[printed[2]["code"]]["url"], *later) == ("INVALID", "suspended")
    assert own.verdict(others["url"], *later) == VALID
    assert own.place(done[printed[0]["code"]]) == own.place(printed[0])
    # Done once, the same files are written again: whoever killed it may lack some.
    token = Path(done[printed[0]["code"]]["token_file"])
    signed = token.read_bytes()
    token.unlink()
    again = (*again[:-1], in_days(2))
    repeated = {each["code"]: each for each in own.do(*again)}
    assert repeated == done
    assert token.read_bytes() == signed
    told = own.told(*again)
    assert "3 written, 2 left as they were" in told
    assert f"left   {printed[1]['code']}: it is revoked" in told


def test_the_ledger_vouches_for_tokens_from_before_they_were_signed_anew(own):
    printed, old = own.issue(), own.key
    own.do("rotate", "--no-passphrase")
    own.do("reissue", "--key", old, "--out", own.folder / "new")
    assert "vouched for 1 tokens" in own.told("compromise", old, "--vouch-ledger")
    assert own.published_verdict(printed["url"])[0] == "VALID"
