"""Closing an issuer loses no withdrawal: neither a forgotten one nor one made at the same time."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import minimal
from signedcert.model.issuer_document import KeyEnd, KeyRevocation, KeyUse
from signedcert.workspace import closing
from signedcert.workspace.adoption import Answers
from signedcert.workspace.closing import close
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.key_changes import NewKey, end_key, rotate
from signedcert.workspace.key_ends import check_still_signs
from signedcert.workspace.ledger import LedgerError
from signedcert.workspace.publication import own_trust, publish
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.workspace import keys_in_order, public_key_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def never(_):
    raise AssertionError("a key in the clear needs no passphrase")


@pytest.fixture
def owner(tmp_path):
    plan = Plan(issuer="learn.example.edu", page="https://learn.example.edu/c/", now=NOW,
                list_size=1000)  # fmt: skip
    return create_workspace(tmp_path / "w", plan, lambda: Secrets(None, None))


def root_of(owner):
    return lambda: owner.root_signer(never)


def issued(owner):
    signer = owner.signer(KeyUse.STATEMENTS, NOW, never)
    with owner.open_ledger(NOW) as ledger:
        return issue_recorded(ledger, minimal(id=sc.new_id(), issued_at=NOW), signer, NOW)


def revoke(owner, statement, at=NOW):
    with owner.open_ledger(at) as ledger:
        ledger.revoke(ledger.find(statement.id).reference, statement.id, "mistake", at)


def reason(owner, token, at=LATER):
    verdict = sc.verify(token, own_trust(owner, never, at), now=at)
    return verdict.finding(sc.Check.STATUS).reason


@pytest.fixture
def forgetful(owner, tmp_path):
    """A workspace restored from a backup that does not know of a published revocation."""
    statement, token = issued(owner)
    publish(owner, tmp_path / "site", never, NOW)
    shutil.copytree(owner.folder, tmp_path / "backup")
    revoke(owner, statement)
    publish(owner, tmp_path / "site", never, NOW)
    shutil.rmtree(owner.folder)
    shutil.copytree(tmp_path / "backup", owner.folder)
    return owner, token


def test_a_restored_workspace_is_not_closed_without_its_site(forgetful, tmp_path):
    owner, token = forgetful
    before = owner.document_file.read_bytes()
    with pytest.raises(WorkspaceError, match=r"last published with --site"):
        close(owner, root_of(owner), LATER)
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(WorkspaceError, match=r"is no site of learn\.example\.edu"):
            close(owner, root_of(owner), LATER, site=folder)
    assert owner.document_file.read_bytes() == before
    assert close(owner, root_of(owner), LATER, site=tmp_path / "site") == 1
    assert owner.document().final
    assert reason(owner, token) is sc.Reason.REVOKED
    publish(owner, tmp_path / "site", never, LATER)


def test_final_lists_that_say_less_are_not_published_and_can_be_mended(forgetful, tmp_path):
    owner, token = forgetful
    site = tmp_path / "site"
    close(owner, root_of(owner), LATER, answers=Answers(nothing_was_published=True))
    before = (site / "status" / "1.cwt").read_bytes()
    with pytest.raises(WorkspaceError, match="would become valid for ever") as caught:
        publish(owner, site, never, LATER)
    assert (site / "status" / "1.cwt").read_bytes() == before
    # The remedy that it names.
    published = site / ".well-known" / "signedcert" / "issuer.cbor"
    assert f"copy {published} to {owner.document_file}, and close again" in str(caught.value)
    assert f"--site {site}" in str(caught.value)
    shutil.copy(published, owner.document_file)
    assert close(owner, root_of(owner), LATER, site=site) == 1
    publish(owner, site, never, LATER)
    assert reason(owner, token) is sc.Reason.REVOKED
    # Once more is as good.
    publish(owner, site, never, LATER)


def test_what_a_thief_says_does_not_close_or_publish(forgetful, tmp_path):
    owner, token = forgetful
    (key,) = keys_in_order(owner.document(), KeyUse.STATUS)
    stolen = KeyRevocation(end=KeyEnd.COMPROMISED, since=NOW)
    end_key(owner, public_key_of(key).kid, lambda _: stolen, root_of(owner), NOW)
    site = tmp_path / "site"
    with pytest.raises(WorkspaceError, match=r"--adopt.*--ignore-site-lists"):
        close(owner, root_of(owner), LATER, site=site)
    ignoring = Answers(ignore_site_lists=True)
    close(owner, root_of(owner), LATER, site=site, answers=ignoring)
    with pytest.raises(WorkspaceError, match="would become valid for ever"):
        publish(owner, site, never, LATER)
    publish(owner, site, never, LATER, answers=ignoring)
    assert reason(owner, token) is sc.Reason.OK


def test_what_is_revoked_while_it_closes_is_refused_or_in_the_final_lists(
    owner, tmp_path, monkeypatch
):
    (statement, token), (other, _) = issued(owner), issued(owner)
    real, signer = closing.signed_lists, owner.signer(KeyUse.STATEMENTS, NOW, never)

    def signing(*arguments, **more):
        # The final lists were read, the document is not final yet.
        assert not owner.document().final
        with owner.open_ledger(NOW) as ledger:
            place = ledger.find(other.id).reference
            for change in (ledger.revoke, ledger.suspend, ledger.reinstate):
                with pytest.raises(LedgerError, match="the issuer is closed"):
                    change(place, other.id, "too late", NOW)
            with pytest.raises(LedgerError, match="the issuer is closed"):
                ledger.supersede(other.id, statement.id, NOW)
            with pytest.raises(LedgerError, match="the issuer is closed"):
                issue_recorded(ledger, minimal(issued_at=NOW), signer, NOW)
            with pytest.raises(LedgerError, match="the issuer is closed"):
                issue_recorded(ledger, minimal(issued_at=NOW), signer, NOW, withdrawable=False)
        return real(*arguments, **more)

    revoke(owner, statement)
    monkeypatch.setattr(closing, "signed_lists", signing)
    close(owner, root_of(owner), LATER)
    assert reason(owner, token) is sc.Reason.REVOKED
    with owner.open_ledger(LATER) as ledger, pytest.raises(LedgerError, match="is closed"):
        ledger.revoke(ledger.find(other.id).reference, other.id, "too late", LATER)


def test_a_close_that_fails_ends_nothing(owner, monkeypatch):
    statement, token = issued(owner)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(closing, "write_document", full)
        with pytest.raises(OSError, match="No space"):
            close(owner, root_of(owner), NOW)
    revoke(owner, statement)
    close(owner, root_of(owner), LATER)
    assert reason(owner, token) is sc.Reason.REVOKED


def test_a_close_that_was_killed_can_be_done_again_or_taken_back(owner, tmp_path):
    statement, token = issued(owner)
    with owner.open_ledger(NOW) as ledger:
        ledger.end()
    with pytest.raises(LedgerError, match="close it again, or publish, which takes that back"):
        revoke(owner, statement)
    publish(owner, tmp_path / "site", never, NOW)
    revoke(owner, statement)
    with owner.open_ledger(NOW) as ledger:
        ledger.end()
    close(owner, root_of(owner), LATER)
    assert reason(owner, token) is sc.Reason.REVOKED


def test_final_lists_are_newer_than_those_published_in_the_same_second(owner, tmp_path):
    _, token = issued(owner)
    trust = owner.trust()
    for _ in range(3):
        publish(owner, tmp_path / "site", never, NOW)
    for made in (lambda: None, lambda: close(owner, root_of(owner), NOW)):
        made()
        publish(owner, tmp_path / "site", never, NOW)
        document = (tmp_path / "site/.well-known/signedcert/issuer.cbor").read_bytes()
        trust = trust.with_issuer_document(document)
        trust = trust.with_status_list((tmp_path / "site/status/1.cwt").read_bytes())
    assert sc.verify(token, trust, now=NOW).status is sc.Status.VALID


class TestCompromised:
    """A key is declared compromised while something is being signed with it."""

    @staticmethod
    def compromise(owner, kid, while_it_is_written=lambda: None):
        """As ``compromise --vouch-ledger`` does it; returns how many tokens it vouches for."""

        def revocation(_):
            with owner.open_ledger(NOW) as ledger:
                vouched = ledger.end_key(kid)
            while_it_is_written()
            return KeyRevocation(end=KeyEnd.COMPROMISED, since=NOW, vouched=vouched or None)

        end_key(owner, kid, revocation, root_of(owner), NOW)

    def test_what_is_issued_meanwhile_is_thrown_away(self, owner):
        signer = owner.signer(KeyUse.STATEMENTS, NOW, never)
        _, token = issued(owner)

        def issuing():
            with owner.open_ledger(NOW) as ledger:
                for withdrawable in (True, False):
                    with pytest.raises(LedgerError, match="declared compromised meanwhile"):
                        issue_recorded(ledger, minimal(id=sc.new_id(), issued_at=NOW), signer, NOW,
                                       withdrawable=withdrawable)  # fmt: skip

        self.compromise(owner, signer.public_key.kid, issuing)
        verdict = sc.verify(token, own_trust(owner, never, NOW), now=NOW)
        assert verdict.status is sc.Status.VALID
        rotate(owner, NewKey(KeyUse.STATEMENTS, NOW), root_of(owner), NOW)
        issued(owner)

    def test_what_was_never_declared_is_taken_back_by_publishing(self, owner, tmp_path):
        kid = owner.signer(KeyUse.STATEMENTS, NOW, never).public_key.kid
        with owner.open_ledger(NOW) as ledger:
            ledger.end_key(kid)
        with pytest.raises(LedgerError, match="or publish, which takes it back"):
            issued(owner)
        publish(owner, tmp_path / "site", never, NOW)
        issued(owner)
        self.compromise(owner, kid)
        publish(owner, tmp_path / "site", never, NOW)
        with owner.open_ledger(NOW) as ledger, pytest.raises(LedgerError, match="meanwhile"):
            ledger.record(sc.new_id(), b"late", kid, "x", NOW, None)

    def test_nothing_by_it_is_handed_out(self, owner):
        key = owner.signer(KeyUse.STATEMENTS, NOW, never).public_key
        check_still_signs(owner, key, "CODE")
        self.compromise(owner, key.kid)
        with pytest.raises(WorkspaceError, match="signedcert reissue CODE --anew"):
            check_still_signs(owner, key, "CODE")
        close(owner, root_of(owner), NOW)
        with pytest.raises(WorkspaceError, match="closed meanwhile"):
            check_still_signs(owner, key, "CODE")


def test_nothing_is_signed_after_the_final_document(owner):
    close(owner, root_of(owner), NOW)
    for key in owner.document().keys:
        assert key.revocation is not None
        assert key.revocation.end is KeyEnd.RETIRED
        assert key.revocation.since == NOW + timedelta(seconds=1)
