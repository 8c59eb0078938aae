"""A ledger restored from a backup takes over what the published site says is withdrawn."""

import shutil
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import signedcert as sc
from issuing import minimal
from signedcert.model.issuer_document import KeyEnd, KeyRevocation, KeyUse
from signedcert.trust.status_list import StatusList, pack_statuses
from signedcert.trust.status_signing import sign_status_list
from signedcert.workspace.adoption import Answers
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.key_changes import NewKey, end_key, rotate
from signedcert.workspace.ledger import LedgerError, PublishedList, StatusIndex, StatusValue
from signedcert.workspace.ledger.publications import REASON
from signedcert.workspace.publication import own_trust, publish
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.workspace import Workspace, keys_in_order, public_key_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "learn.example.edu"


def no_passphrase(_: Path) -> bytes:
    raise AssertionError("the keys are in the clear")


@pytest.fixture
def owner(tmp_path: Path) -> Workspace:
    plan = Plan(issuer=ISSUER, page=f"https://{ISSUER}/c/", now=NOW, list_size=1000)
    return create_workspace(tmp_path / "ws", plan, lambda: Secrets(None, None))


def issued(owner: Workspace, number: int) -> sc.Certificate:
    signer = owner.signer(KeyUse.STATEMENTS, NOW, no_passphrase)
    certificate = minimal(id=bytes([number]) * 10, issued_at=NOW)
    with owner.open_ledger(NOW) as ledger:
        signed, _ = issue_recorded(ledger, certificate, signer, NOW)
    assert isinstance(signed, sc.Certificate)
    return signed


def place(certificate: sc.Certificate) -> StatusIndex:
    assert certificate.status is not None
    return StatusIndex(certificate.status.list, certificate.status.index)


def restore(owner: Workspace, backup: Path) -> None:
    shutil.rmtree(owner.folder)
    shutil.copytree(backup, owner.folder)


def status_in(owner: Workspace, certificate: sc.Certificate, at: datetime) -> sc.Reason:
    trust = own_trust(owner, no_passphrase, at)
    signer = owner.signer(KeyUse.STATEMENTS, NOW, no_passphrase)
    verdict = sc.verify(sc.issue(certificate, signer), trust, now=at)
    return verdict.finding(sc.Check.STATUS).reason


def test_what_a_backup_forgot_stays_withdrawn(owner: Workspace, tmp_path: Path) -> None:
    first, later = issued(owner, 1), NOW + timedelta(hours=1)
    shutil.copytree(owner.folder, tmp_path / "backup")
    second, third = issued(owner, 2), issued(owner, 3)
    with owner.open_ledger(NOW) as ledger:
        ledger.revoke(place(second), second.id, "mistake", NOW)
        ledger.suspend(place(third), third.id, "doubt", NOW)
        ledger.revoke(place(first), first.id, "mistake", NOW)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    restore(owner, tmp_path / "backup")
    done = publish(owner, tmp_path / "site", no_passphrase, later)
    assert done.adopted == 3
    assert status_in(owner, first, later) is sc.Reason.REVOKED
    assert status_in(owner, second, later) is sc.Reason.REVOKED
    assert status_in(owner, third, later) is sc.Reason.SUSPENDED
    with owner.open_ledger(later) as ledger:
        assert ledger.status(place(second)).reason == REASON
    assert publish(owner, tmp_path / "site", no_passphrase, later).adopted == 0


def test_a_list_that_the_backup_never_knew_is_kept(owner: Workspace, tmp_path: Path) -> None:
    issued(owner, 1)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    shutil.copytree(owner.folder, tmp_path / "backup")
    with owner.open_ledger(NOW) as ledger:
        ledger.open_new_list(NOW)
    lost = issued(owner, 2)
    with owner.open_ledger(NOW) as ledger:
        ledger.revoke(place(lost), lost.id, "mistake", NOW)
    assert place(lost).list != 1
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    restore(owner, tmp_path / "backup")
    done = publish(owner, tmp_path / "site", no_passphrase, NOW)
    assert place(lost).list in done.lists
    assert status_in(owner, lost, NOW) is sc.Reason.REVOKED
    # No index of a list that others may have been given is given out.
    assert place(issued(owner, 3)).list not in (1, place(lost).list)


def test_what_the_ledger_reinstated_itself_stays_reinstated(
    owner: Workspace, tmp_path: Path
) -> None:
    certificate = issued(owner, 1)
    with owner.open_ledger(NOW) as ledger:
        ledger.suspend(place(certificate), certificate.id, "doubt", NOW)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    with owner.open_ledger(NOW) as ledger:
        ledger.reinstate(place(certificate), certificate.id, "settled", NOW)
    assert publish(owner, tmp_path / "site", no_passphrase, NOW).adopted == 0
    assert status_in(owner, certificate, NOW) is sc.Reason.OK


def test_lists_of_others_and_damaged_ones_say_nothing(owner: Workspace, tmp_path: Path) -> None:
    certificate = issued(owner, 1)
    site = tmp_path / "site"
    publish(owner, site, no_passphrase, NOW)
    forged = sign_status_list(
        subject=f"https://{ISSUER}/status/1.cwt",
        issued_at=NOW,
        expires_at=None,
        ttl=None,
        bits=2,
        array=pack_statuses(1000, 2, [(place(certificate).index, 1)]),
        signer=sc.SoftwareSigner.generate(),
    )
    (site / "status" / "1.cwt").write_bytes(forged)
    (site / "status" / "2.cwt").write_bytes(b"\xd2 no list")
    assert publish(owner, site, no_passphrase, NOW).adopted == 0
    assert status_in(owner, certificate, NOW) is sc.Reason.OK
    with owner.open_ledger(NOW) as ledger:
        assert ledger.status(place(certificate)).value is StatusValue.VALID


def signed_list(
    owner: Workspace, values: list[tuple[int, int]], at: datetime, size: int = 1000
) -> bytes:
    return sign_status_list(
        subject=f"https://{ISSUER}/status/1.cwt",
        issued_at=at,
        expires_at=None,
        ttl=None,
        bits=2,
        array=pack_statuses(size, 2, values),
        signer=owner.signer(KeyUse.STATUS, NOW, no_passphrase),
    )


def end_status_key(owner: Workspace, end: KeyEnd, at: datetime) -> None:
    """Ends the status key, and makes another."""
    (key,) = keys_in_order(owner.document(), KeyUse.STATUS)
    revocation = KeyRevocation(end=end, since=at)
    root = partial(owner.root_signer, no_passphrase)
    end_key(owner, public_key_of(key).kid, lambda _: revocation, root, at)
    rotate(owner, NewKey(KeyUse.STATUS, at), root, at)


@pytest.fixture
def forgetful(owner: Workspace, tmp_path: Path) -> tuple[Workspace, sc.Certificate]:
    """A workspace restored from a backup that does not know of a published revocation."""
    certificate = issued(owner, 1)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    shutil.copytree(owner.folder, tmp_path / "backup")
    with owner.open_ledger(NOW) as ledger:
        ledger.revoke(place(certificate), certificate.id, "mistake", NOW)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    restore(owner, tmp_path / "backup")
    return owner, certificate


LATER = NOW + timedelta(hours=1)


def test_a_list_whose_key_was_retired_since_is_heard(
    forgetful: tuple[Workspace, sc.Certificate], tmp_path: Path
) -> None:
    owner, certificate = forgetful
    end_status_key(owner, KeyEnd.RETIRED, NOW)
    assert publish(owner, tmp_path / "site", no_passphrase, LATER).adopted == 1
    assert status_in(owner, certificate, LATER) is sc.Reason.REVOKED


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        (Answers(adopt=True), sc.Reason.REVOKED),
        (Answers(ignore_site_lists=True), sc.Reason.OK),
    ],
)
def test_a_list_by_a_compromised_key_is_not_decided_in_silence(
    forgetful: tuple[Workspace, sc.Certificate],
    tmp_path: Path,
    answers: Answers,
    reason: sc.Reason,
) -> None:
    owner, certificate = forgetful
    site = tmp_path / "site"
    end_status_key(owner, KeyEnd.COMPROMISED, NOW)
    before = (site / "status" / "1.cwt").read_bytes()
    with pytest.raises(WorkspaceError, match=r"--adopt.*--ignore-site-lists") as caught:
        publish(owner, site, no_passphrase, LATER)
    assert "1 more are withdrawn than the ledger knows" in str(caught.value)
    assert (site / "status" / "1.cwt").read_bytes() == before
    both = Answers(adopt=True, ignore_site_lists=True)
    with pytest.raises(WorkspaceError, match="contradict"):
        publish(owner, site, no_passphrase, LATER, answers=both)
    publish(owner, site, no_passphrase, LATER, answers=answers)
    assert status_in(owner, certificate, LATER) is reason
    # Once is enough.
    publish(owner, site, no_passphrase, LATER)


def test_nothing_is_asked_where_the_ledger_knows_what_it_published(
    owner: Workspace, tmp_path: Path
) -> None:
    certificate = issued(owner, 1)
    with owner.open_ledger(NOW) as ledger:
        ledger.suspend(place(certificate), certificate.id, "doubt", NOW)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    with owner.open_ledger(NOW) as ledger:
        ledger.reinstate(place(certificate), certificate.id, "settled", NOW)
    end_status_key(owner, KeyEnd.COMPROMISED, NOW)
    assert publish(owner, tmp_path / "site", no_passphrase, LATER).adopted == 0
    assert status_in(owner, certificate, LATER) is sc.Reason.OK


@pytest.mark.parametrize(
    ("minutes", "reason"), [(-1, sc.Reason.OK), (0, sc.Reason.OK), (1, sc.Reason.SUSPENDED)]
)
def test_a_second_suspension_counts_where_it_is_newer_than_the_reinstatement(
    owner: Workspace, tmp_path: Path, minutes: int, reason: sc.Reason
) -> None:
    certificate = issued(owner, 1)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    with owner.open_ledger(NOW) as ledger:
        ledger.suspend(place(certificate), certificate.id, "doubt", NOW)
        ledger.reinstate(place(certificate), certificate.id, "settled", LATER)
    at = LATER + timedelta(minutes=minutes)
    token = signed_list(owner, [(place(certificate).index, 2)], at)
    (tmp_path / "site" / "status" / "1.cwt").write_bytes(token)
    done = publish(owner, tmp_path / "site", no_passphrase, LATER + timedelta(hours=1))
    assert done.adopted == (reason is sc.Reason.SUSPENDED)
    assert status_in(owner, certificate, LATER + timedelta(hours=1)) is reason


def test_a_restored_backup_loses_no_second_suspension(owner: Workspace, tmp_path: Path) -> None:
    certificate, site = issued(owner, 1), tmp_path / "site"
    with owner.open_ledger(NOW) as ledger:
        ledger.suspend(place(certificate), certificate.id, "doubt", NOW)
        ledger.reinstate(place(certificate), certificate.id, "settled", NOW)
    shutil.copytree(owner.folder, tmp_path / "backup")
    with owner.open_ledger(LATER) as ledger:
        ledger.suspend(place(certificate), certificate.id, "doubt again", LATER)
    publish(owner, site, no_passphrase, LATER)
    restore(owner, tmp_path / "backup")
    at = LATER + timedelta(hours=1)
    assert publish(owner, site, no_passphrase, at).adopted == 1
    assert status_in(owner, certificate, at) is sc.Reason.SUSPENDED


def test_a_restored_workspace_publishes_only_where_its_site_is(
    forgetful: tuple[Workspace, sc.Certificate], tmp_path: Path
) -> None:
    owner, certificate = forgetful
    for folder in (tmp_path / "elsewhere", tmp_path / "empty"):
        with pytest.raises(WorkspaceError, match=r"last published with --out.*nothing-was-pub"):
            publish(owner, folder, no_passphrase, LATER)
        assert not folder.exists()
    # Being refused settles nothing.
    with owner.open_ledger(LATER) as ledger:
        assert ledger.unsettled_restore() is not None
    assert publish(owner, tmp_path / "site", no_passphrase, LATER).adopted == 1
    with owner.open_ledger(LATER) as ledger:
        assert ledger.unsettled_restore() is None
        assert len(ledger.restores()) == 1
    publish(owner, tmp_path / "elsewhere", no_passphrase, LATER)
    assert status_in(owner, certificate, LATER) is sc.Reason.REVOKED


def test_a_restored_workspace_that_never_published(owner: Workspace, tmp_path: Path) -> None:
    shutil.copytree(owner.folder, tmp_path / "backup")
    issued(owner, 1)
    restore(owner, tmp_path / "backup")
    answers = Answers(nothing_was_published=True)
    publish(owner, tmp_path / "site", no_passphrase, NOW, answers=answers)
    with owner.open_ledger(NOW) as ledger:
        assert ledger.unsettled_restore() is None


def test_what_cannot_be_used_is_named(owner: Workspace, tmp_path: Path) -> None:
    issued(owner, 1)
    status = tmp_path / "site" / "status"
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    other = signed_list(owner, [(7, 1)], NOW)
    for name in ("0", "01", "4294967296", "2"):
        (status / f"{name}.cwt").write_bytes(other)
    (status / "3.cwt").write_bytes(b"\xd2 no list")
    (status / "9.cwt").mkdir()
    (status / "notes.txt").write_text("mine")
    told: list[str] = []
    done = publish(owner, tmp_path / "site", no_passphrase, NOW, tell=told.append)
    assert (done.adopted, done.lists) == (0, (1,))
    assert sorted(Path(each.split(" is ignored: ")[0]).name for each in told) == [
        "0.cwt", "01.cwt", "2.cwt", "3.cwt", "4294967296.cwt", "9.cwt",
    ]  # fmt: skip


def test_an_index_that_cannot_be_is_passed_over(owner: Workspace, tmp_path: Path) -> None:
    certificate = issued(owner, 1)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    own = place(certificate).index
    token = signed_list(owner, [(own, 1), (1000, 1), (3999, 2)], NOW, size=4000)
    (tmp_path / "site" / "status" / "1.cwt").write_bytes(token)
    told: list[str] = []
    done = publish(owner, tmp_path / "site", no_passphrase, LATER, tell=told.append)
    assert done.adopted == 1
    assert told == [
        "2 entries of the published status lists are ignored: this ledger's lists have no such "
        "index"
    ]
    assert status_in(owner, certificate, LATER) is sc.Reason.REVOKED


def test_many_withdrawals_are_taken_over_in_one_go(owner: Workspace, tmp_path: Path) -> None:
    issued(owner, 1)
    publish(owner, tmp_path / "site", no_passphrase, NOW)
    token = signed_list(owner, [(index, 1) for index in range(1000)], NOW)
    (tmp_path / "site" / "status" / "1.cwt").write_bytes(token)
    shutil.copytree(owner.folder, tmp_path / "backup")
    broken = StatusList(2, pack_statuses(1000, 2, [(5, 1)]))
    with owner.open_ledger(NOW) as ledger:
        lists = [PublishedList(1, LATER, broken), PublishedList(2**32, LATER, broken)]
        with pytest.raises(LedgerError, match="no number of a status list"):
            ledger.adopt(lists, NOW)
        assert ledger.changed(1) == []
    assert publish(owner, tmp_path / "site", no_passphrase, LATER).adopted == 1000
