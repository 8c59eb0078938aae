"""revoke, suspend, reinstate, supersede: by code, link, token file and picture."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from own_issuer import OwnIssuer
from sample_certificate import CERTIFICATE

from signedcert.model.code import id_from_code
from signedcert.workspace.workspace import Workspace

VALID = ("VALID", "")


def history(own, code):
    with Workspace.open(own.workspace).open_ledger(datetime.now(UTC)) as ledger:
        return [(e.action, e.reason) for e in ledger.history_by_id(id_from_code(code))]


def given(printed, how):
    if how == "code":
        return printed["code"]
    if how == "typed":
        return printed["code"].lower().replace("-", " ")
    if how == "link":
        return printed["url"]
    if how == "fragment":
        return printed["url"].partition("#")[2]
    if how == "token":
        return printed["token_file"]
    return next(name for name in printed["qr_files"] if name.endswith(".png"))


@pytest.mark.parametrize("how", ["code", "typed", "link", "fragment", "token", "picture"])
def test_what_is_withdrawn_can_be_named_in_every_way(own, how):
    printed, other = own.issue(), own.issue()
    done = own.do("revoke", given(printed, how), "--reason", "issued by mistake")
    assert done["code"] == printed["code"]
    assert (done["list"], done["index"]) == own.place(printed)
    assert (done["status"], done["reason"]) == ("revoked", "issued by mistake")
    assert history(own, printed["code"]) == [("revoke", "issued by mistake")]
    assert own.published_verdict(printed["url"]) == ("INVALID", "revoked")
    assert own.verdict(other["url"]) == VALID


def test_it_takes_effect_when_it_is_published_and_that_is_said(own):
    printed = own.issue()
    assert own.published_verdict(printed["url"]) == VALID
    told = own.told("revoke", printed["code"], "--reason", "x")
    assert "revoked" in told
    assert printed["code"] in told
    assert f"signedcert publish --workspace {own.workspace} --out SITE" in told
    own.fetch()
    assert own.verdict(printed["url"]) == VALID
    assert own.published_verdict(printed["url"]) == ("INVALID", "revoked")


def test_suspended_reinstated_and_revoked(own):
    printed = own.issue()
    url, code = printed["url"], printed["code"]
    assert own.published_verdict(url) == VALID
    assert "is not suspended" in own.refused("reinstate", code)
    own.do("suspend", code)
    assert own.published_verdict(url) == ("INVALID", "suspended")
    assert "has been suspended" in own.refused("suspend", code)
    own.do("reinstate", url)
    assert own.published_verdict(url) == VALID
    own.do("suspend", code)
    own.do("revoke", code, "--reason", "for good")
    assert own.published_verdict(url) == ("INVALID", "revoked")
    for command in ("revoke", "suspend", "reinstate"):
        refused = own.refused(command, code)
        assert "for good" in refused
        assert code in refused
        assert "final" in refused
    assert [action for action, _ in history(own, code)] == [
        "suspend", "reinstate", "suspend", "revoke",
    ]  # fmt: skip


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_reason_that_cannot_be_kept(own, reason):
    printed = own.issue()
    assert "--reason: " in own.refused("revoke", printed["code"], "--reason", reason)
    assert history(own, printed["code"]) == []


def test_what_the_workspace_never_issued(run, own, tmp_path):
    printed = own.issue()
    assert "no statement of this code" in own.refused("revoke", "0000-0000-0000-0000")
    other = OwnIssuer(run, tmp_path / "other")
    foreign = other.issue()
    for how in ("link", "token", "picture"):
        refused = own.refused("revoke", given(foreign, how))
        assert "was not signed by a key of learn.example.edu" in refused
    assert "no statement of this code" in own.refused("revoke", foreign["code"])
    changed = tmp_path / "changed.cose"
    changed.write_bytes(Path(printed["token_file"]).read_bytes().replace(b"Jacob", b"Jakob"))
    assert "was not signed by" in own.refused("revoke", changed)
    assert own.published_verdict(printed["url"]) == VALID


@pytest.mark.parametrize("argument", ["nonsense", "missing.cose", "", "https://a.example/"])
def test_what_is_no_code_and_no_token(own, run, argument):
    own.issue()
    result = run("revoke", argument, "--workspace", own.workspace, "--json")
    assert result.exit_code in {1, 2, 4}
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_without_a_place_in_a_list_it_stays_valid_for_ever(own):
    printed = own.issue("--no-status")
    for how in ("code", "link", "picture"):
        for command in ("revoke", "suspend", "reinstate"):
            refused = own.refused(command, given(printed, how))
            assert "without a place in a status list" in refused
    assert own.published_verdict(printed["url"]) == VALID


def test_one_that_the_ledger_lost_is_withdrawn_by_its_link(own, tmp_path):
    first = own.issue()
    own.publish()
    backup = contents_of_ledger(own)
    lost = own.issue()
    restore(own, backup)
    assert "no statement of this code" in own.refused("revoke", lost["code"])
    assert "link" in own.refused("revoke", lost["code"])
    own.do("revoke", lost["url"], "--reason", "lost and found")
    assert own.published_verdict(lost["url"]) == ("INVALID", "revoked")
    assert own.verdict(first["url"]) == VALID


def contents_of_ledger(own):
    return {path: path.read_bytes() for path in own.workspace.glob("ledger.sqlite*")}


def restore(own, backup):
    for path in own.workspace.glob("ledger.sqlite*"):
        path.unlink()
    for path, data in backup.items():
        path.write_bytes(data)


def corrected(**fields):
    return json.dumps(CERTIFICATE | {"learner": {"name": "Jakob Ångström"}} | fields)


@pytest.mark.parametrize("how", ["code", "link"])
def test_a_correction_is_valid_and_what_it_corrects_is_not(own, how):
    old = own.issue()
    new = own.do("supersede", given(old, how), "-", "--out", own.out, stdin=corrected())
    assert new["supersedes"] == old["code"] != new["code"]
    assert history(own, old["code"]) == [("revoke", "superseded")]
    assert own.place(new) != own.place(old)
    assert own.published_verdict(old["url"]) == ("INVALID", "revoked")
    assert own.verdict(new["url"]) == VALID
    again = own.refused("supersede", old["code"], "-", "--out", own.out, stdin=corrected())
    assert "superseded already" in again
    assert len(list(own.out.glob("*.cose"))) == 2
    # What replaced it can be replaced, in turn.
    newer = own.do("supersede", new["code"], "-", "--out", own.out, stdin=corrected())
    assert newer["supersedes"] == new["code"]
    assert own.published_verdict(newer["url"]) == VALID
    assert own.verdict(new["url"]) == ("INVALID", "revoked")


def test_people_are_told_what_was_superseded(own):
    old = own.issue()
    told = own.told("supersede", old["code"], "-", stdin=corrected())
    assert f"revoked {old['code']}: superseded" in told
    assert "signedcert publish" in told


@pytest.mark.parametrize("how", ["same", "used"])
def test_a_correction_needs_an_id_of_its_own(own, how):
    old, other = own.issue(), own.issue()
    text = corrected(id=(old if how == "same" else other)["code"])
    refused = own.refused("supersede", old["code"], "-", "--out", own.folder / "new", stdin=text)
    assert ("an id of its own" if how == "same" else "issued already") in refused
    assert history(own, old["code"]) == []
    assert own.published_verdict(old["url"]) == VALID


def test_a_faulty_correction_changes_nothing(own):
    old = own.issue()
    for text, words in (
        ("{", "line 1"),
        (corrected(status={"list": 1, "index": 1}), "leave out the field status"),
    ):
        assert words in own.refused("supersede", old["code"], "-", stdin=text)
    assert own.published_verdict(old["url"]) == VALID


def test_a_correction_whose_files_cannot_be_written_is_made_all_the_same(own, run):
    old = own.issue()
    own.folder.joinpath("full").mkdir()
    code = "0123-4567-89AB-CDEF"
    own.folder.joinpath("full", f"{code}.png").write_text("mine")
    refused = run("supersede", old["code"], "-", "--workspace", own.workspace, "--out",
                  own.folder / "full", stdin=corrected(id=code))  # fmt: skip
    assert refused.exit_code == 2
    assert f"signedcert reissue {code} --out DIR" in refused.stderr
    # Else the faulty one would stay valid, and a second try issue a second correction.
    assert history(own, old["code"]) == [("revoke", "superseded")]
    (written,) = own.do("reissue", code, "--out", own.out)
    assert own.published_verdict(written["url"]) == VALID


def test_a_revoked_one_can_be_corrected_and_keeps_its_reason(own):
    old = own.issue()
    own.do("revoke", old["code"], "--reason", "wrong name")
    new = own.do("supersede", old["code"], "-", stdin=corrected())
    assert history(own, old["code"]) == [("revoke", "wrong name")]
    assert own.published_verdict(new["url"]) == VALID
