"""rotate, retire, compromise: keys come and go, certificates stay what they are."""

import json
import shutil
import stat
from datetime import UTC, datetime, timedelta

import pytest
from own_issuer import contents, in_days
from sample_certificate import CERTIFICATE

import signedcert as sc
from signedcert.cli.trust import taking_in
from signedcert.model.issuer_document import KeyUse
from signedcert.workspace.workspace import Workspace

VALID = ("VALID", "")


@pytest.fixture
def fetched_in_two_years(monkeypatch):
    """Verifiers fetch when what the test publishes for later days is not dated in the future."""
    monkeypatch.setattr(taking_in, "clock", lambda: datetime.now(UTC) + timedelta(days=730))


def rotate(own, *options):
    return own.do("rotate", "--no-passphrase", *options)


def test_rotated_twice_every_certificate_is_still_valid(own):
    printed = [own.issue()]
    for count in (2, 3):
        shown = rotate(own)
        assert len(shown["keys"]) == count
        assert shown["version"] == count
        printed.append(own.issue())
    assert len({sc.token_from_text(each["url"])[8:60] for each in printed}) == 3
    own.publish()
    own.fetch()
    assert [own.verdict(each["url"]) for each in printed] == [VALID] * 3
    for path in (own.workspace / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_new_key_signs(own):
    old = own.key
    assert rotate(own)["keys"][-1]["kid"] == own.key != old
    header = json.loads(own.run("inspect", own.issue()["url"], "--json").stdout)["header"]
    assert header["kid"] == own.key
    told = own.told("rotate", "--no-passphrase")
    assert f"new key    {own.key}, signs from " in told
    assert "signedcert publish" in told


def test_a_key_for_status_lists_of_its_own(own):
    printed = own.issue()
    before = own.keys()
    shown = rotate(own, "--status")
    assert shown["keys"] == before["keys"]
    assert len(shown["status_keys"]) == 2
    assert own.published_verdict(printed["url"]) == VALID
    # The published list is signed by the new one.
    token = next((own.site / "status").glob("*.cwt")).read_bytes()
    assert bytes.fromhex(shown["status_keys"][-1]["kid"]) in token[:60]


def test_a_key_that_starts_later_leaves_time_to_fetch_it(own):
    old = own.key
    shown = rotate(own, "--starts-in", "7d", "--key-days", 30)
    new = shown["keys"][-1]["kid"]
    assert shown["keys"][-1]["not_before"] > in_days(6.9)
    for days, kid in ((0, old), (6.9, old), (7.1, new), (36.9, new), (37.2, old)):
        at = in_days(days)
        header = json.loads(own.run("inspect", own.issue("--now", at)["url"], "--json").stdout)
        assert header["header"]["kid"] == kid


def test_new_roots_and_a_verifier_that_slept(own):
    printed = own.issue()
    assert own.published_verdict(printed["url"]) == VALID
    first = own.keys()["fingerprint"]
    for epoch in (2, 3, 4):
        shown = own.do("rotate", "--root", "--no-passphrase")
        assert shown["epoch"] == epoch
        assert shown["fingerprint"] != first
        rotate(own)
    assert json.loads((own.workspace / "workspace.json").read_text())["first_root"] == first
    assert own.published_verdict(printed["url"]) == VALID
    assert own.verdict(own.issue()["url"]) == VALID
    told = own.told("rotate", "--root", "--no-passphrase")
    shown = own.keys()
    assert f"fingerprint {shown['fingerprint']}" in told
    assert shown["roots"][0]["private_key_file"] in told


def test_a_retired_root_signs_nothing_more(own):
    (old,) = (own.workspace / "roots").iterdir()
    own.do("rotate", "--root", "--no-passphrase")
    refused = own.refused("rotate", "--no-passphrase", "--root-key", old)
    assert f"{old} holds the key" in refused
    assert "no root of the present epoch" in refused


def test_new_roots_with_a_spare_one(own):
    spare = own.folder / "safe.pem"
    shown = own.do("rotate", "--root", "--no-passphrase", "--spare-root", spare)
    assert len(shown["roots"]) == 2
    assert stat.S_IMODE(spare.stat().st_mode) == 0o600
    shutil.rmtree(own.workspace / "roots")
    printed = own.issue()
    assert rotate(own, "--root-key", spare)["version"] == 3
    assert own.published_verdict(printed["url"]) == VALID
    before = contents(own.workspace)
    refused = own.refused(
        "rotate", "--root", "--no-passphrase", "--root-key", spare, "--spare-root", spare
    )
    assert "exists already" in refused
    assert contents(own.workspace) == before


def test_with_the_root_offline_only_what_needs_it_waits(own):
    away = own.folder / "stick"
    shutil.move(own.workspace / "roots", away)
    (root,) = away.iterdir()
    kid = own.key
    printed = [own.issue() for _ in range(4)]
    own.do("revoke", printed[0]["code"])
    own.do("suspend", printed[1]["code"])
    own.do("reinstate", printed[1]["code"])
    text = json.dumps(CERTIFICATE)
    own.do("supersede", printed[2]["code"], "-", stdin=text)
    own.do("reissue", printed[3]["code"])
    own.do("reissue", "--anew", printed[3]["code"])
    assert own.keys()["roots"][0]["private_key_file"] is None
    assert own.published_verdict(printed[1]["url"]) == VALID
    before = contents(own.workspace)
    needing = (
        ("rotate", "--no-passphrase"),
        ("rotate", "--no-passphrase", "--status"),
        ("rotate", "--no-passphrase", "--root"),
        ("retire", kid),
        ("compromise", kid),
        ("publish", "--out", own.site, "--renew"),
        ("close", "--yes"),
    )
    for command in needing:
        refused = own.refused(*command)
        assert "--root-key FILE" in refused
        assert str(own.workspace / "roots") in refused
    assert contents(own.workspace) == before
    for command in needing:
        # The root is another one after --root.
        key = root if own.keys()["epoch"] == 1 else next((own.workspace / "roots").iterdir())
        own.do(*command, "--root-key", key)
    assert own.keys()["final"] is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--root", "--status"), "--root"),
        (("--root", "--starts-in", "7d"), "--root"),
        (("--root", "--pkcs11", "pkcs11:x"), "--root"),
        (("--status", "--pkcs11", "pkcs11:x"), "--pkcs11"),
        (("--spare-root", "x"), "--root"),
        (("--starts-in", "soon"), "--starts-in"),
        (("--pkcs11-new",), "--pkcs11 URI"),
        (("--root-key", "missing.pem"), "missing.pem"),
    ],
)
def test_what_does_not_go_together(own, options, words):
    before = contents(own.workspace)
    assert words in own.refused("rotate", "--no-passphrase", *options)
    assert contents(own.workspace) == before


def test_a_clock_that_went_back(own):
    before = contents(own.workspace)
    assert "check the clock" in own.refused("rotate", "--no-passphrase", "--now", in_days(-1))
    assert contents(own.workspace) == before


def test_a_rotation_after_years_lists_every_key(own):
    kids = [own.key]
    for year in range(1, 6):
        rotate(own, "--now", in_days(364 * year))
        kids.append(own.key)
    assert [key["kid"] for key in own.keys()["keys"]] == kids
    owner = Workspace.open(own.workspace)
    assert sum(key.use is KeyUse.STATEMENTS for key in owner.document().keys) == 6


class TestRetire:
    @pytest.mark.usefixtures("fetched_in_two_years")
    def test_what_it_signed_stays_good(self, own):
        printed, old = own.issue(), own.key
        rotate(own)
        shown = own.do("retire", old, "--reason", "yearly rotation", "--now", in_days(1))
        assert shown["keys"][0]["revocation"] == "retired"
        assert shown["keys"][0]["why"] == "yearly rotation"
        own.publish("--now", in_days(1))
        own.fetch()
        assert own.verdict(printed["url"], "--now", in_days(2)) == VALID

    @pytest.mark.usefixtures("fetched_in_two_years")
    def test_what_it_signs_after_its_end_is_not(self, own):
        old = own.key
        later = own.issue("--now", in_days(3))
        own.do("retire", old, "--since", in_days(2), "--now", in_days(4))
        own.publish("--now", in_days(4))
        own.fetch()
        verdict = own.verdict(later["url"], "--now", in_days(5))
        assert verdict == ("INVALID", "key_retired")

    def test_without_another_key_nothing_can_be_issued(self, own):
        own.do("retire", own.key)
        refused = own.refused("issue", "-", stdin=json.dumps(CERTIFICATE))
        assert "no signing key" in refused
        assert "signedcert rotate" in refused
        rotate(own)
        assert own.published_verdict(own.issue()["url"]) == VALID

    @pytest.mark.parametrize("kid", ["", "12", "x" * 16, "0" * 17])
    def test_what_is_no_kid(self, own, kid):
        for command in (("retire", kid), ("compromise", kid)):
            assert "16 hexadecimal digits" in own.refused(*command)

    def test_a_key_that_there_is_not(self, own):
        for command in ("retire", "compromise"):
            refused = own.refused(command, "0" * 16)
            assert "there is no signing key 0000000000000000" in refused
        assert own.keys()["version"] == 1

    def test_options_that_say_nothing(self, own):
        assert "--reason" in own.refused("retire", own.key, "--reason", " ")
        assert "--since" in own.refused("retire", own.key, "--since", "yesterday")

    @pytest.mark.parametrize("reason", ["x" * 501, "a\x00b", "a\nb", "\u202eevil"])
    @pytest.mark.parametrize("command", ["retire", "compromise"])
    def test_a_reason_that_cannot_be_published(self, own, command, reason):
        assert "--reason: " in own.refused(command, own.key, "--reason", reason)
        assert own.keys()["version"] == 1

    def test_a_key_retired_from_next_week_on_signs_until_then(self, own):
        own.do("retire", own.key, "--since", in_days(7))
        assert own.published_verdict(own.issue()["url"]) == VALID
        late = ("issue", "-", "--now", in_days(8))
        assert "no signing key" in own.refused(*late, stdin=json.dumps(CERTIFICATE))


@pytest.mark.parametrize(
    "options",
    [
        ("--now", "9999-12-30T00:00:00Z"),
        ("--root", "--now", "9999-12-30T00:00:00Z"),
        ("--starts-in", "7d", "--now", "9999-12-30T00:00:00Z"),
        ("--status", "--key-days", "1", "--now", "9999-12-31T12:00:00Z"),
    ],
)
def test_at_the_end_of_time_no_key_is_made(own, options):
    before = contents(own.workspace)
    assert "after the year 9999" in own.refused("rotate", "--no-passphrase", *options)
    assert contents(own.workspace) == before


def test_a_compromise_that_fails_leaves_the_key_as_it_was(own):
    missing = own.folder / "missing.pem"
    for _ in range(2):
        own.run("compromise", own.key, "--vouch-ledger", "--root-key", missing,
                "--workspace", own.workspace)  # fmt: skip
        assert own.published_verdict(own.issue()["url"]) == VALID


def test_vouching_after_a_restore_says_that_the_ledger_has_gaps(own):
    own.issue()
    backup = {path: path.read_bytes() for path in own.workspace.glob("ledger.sqlite*")}
    own.issue()
    for path, data in backup.items():
        path.write_bytes(data)
    own.do("compromise", own.key, "--vouch-ledger")
    assert "restored from a backup" in own.notes


class TestCompromise:
    def test_all_that_it_signed_is_bad_but_what_the_ledger_vouches_for(self, own):
        printed, old = own.issue(), own.key
        rotate(own)
        newer = own.issue()
        shown = own.do("compromise", old, "--reason", "stolen")
        assert shown["keys"][0]["revocation"] == "compromised"
        assert own.published_verdict(printed["url"]) == ("INVALID", "key_compromised")
        assert own.verdict(newer["url"]) == VALID
        told = own.told("compromise", old, "--reason", "stolen", "--vouch-ledger")
        assert "vouched for 1 tokens" in told
        assert own.published_verdict(printed["url"])[0] == "VALID"
        # The thief's own work stays bad.
        key = next((own.workspace / "keys").glob(f"{old}.pem"))
        thief = sc.SoftwareSigner.from_pem(key.read_bytes())
        statement = json.loads(own.run("inspect", printed["url"], "--json").stdout)["statement"]
        forged = sc.issue(sc.Certificate.model_validate_json(
            json.dumps(statement | {"learner": {"name": "Thief"}})), thief)  # fmt: skip
        path = own.folder / "forged.cose"
        path.write_bytes(forged)
        assert own.verdict(path) == ("INVALID", "key_compromised")

    def test_a_vouched_one_can_still_be_revoked(self, own):
        printed, old = own.issue(), own.key
        own.do("compromise", old, "--vouch-ledger")
        own.do("revoke", printed["code"])
        assert own.published_verdict(printed["url"]) == ("INVALID", "revoked")

    def test_said_again_it_still_vouches_unless_that_is_taken_back(self, own):
        printed, old = own.issue(), own.key
        own.do("compromise", old, "--vouch-ledger")
        own.do("compromise", old, "--reason", "stolen in May")
        assert own.keys()["keys"][0]["why"] == "stolen in May"
        assert own.published_verdict(printed["url"])[0] == "VALID"
        both = ("--vouch-ledger", "--drop-vouched")
        assert "contradict each other" in own.refused("compromise", old, *both)
        own.do("compromise", old, "--drop-vouched")
        assert own.published_verdict(printed["url"]) == ("INVALID", "key_compromised")

    def test_it_is_never_taken_back_to_retired(self, own):
        old = own.key
        own.do("compromise", old)
        assert "cannot be retired any more" in own.refused("retire", old)

    def test_a_retired_one_can_be_compromised(self, own):
        printed, old = own.issue(), own.key
        own.do("retire", old)
        own.do("compromise", old)
        assert own.published_verdict(printed["url"]) == ("INVALID", "key_compromised")

    def test_a_key_for_status_lists(self, own):
        printed = own.issue()
        assert own.published_verdict(printed["url"]) == VALID
        kid = own.keys()["status_keys"][0]["kid"]
        assert "--vouch-ledger" in own.refused("compromise", kid, "--vouch-ledger")
        own.do("compromise", kid)
        # Nothing may sign the lists now, and that is said.
        assert "no signing key" in own.refused("publish", "--out", own.site)
        rotate(own, "--status")
        assert own.published_verdict(printed["url"]) == VALID

    def test_an_unneeded_vouching_for_nothing(self, own):
        assert "vouched for 0 tokens" in own.told("compromise", own.key, "--vouch-ledger")
        assert own.keys()["keys"][0]["revocation"] == "compromised"
