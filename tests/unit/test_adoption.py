"""A ledger restored from a backup takes over what the published site says is withdrawn."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import signedcert as sc
from issuing import minimal
from signedcert.model.issuer_document import KeyUse
from signedcert.trust.status_list import pack_statuses
from signedcert.trust.status_signing import sign_status_list
from signedcert.workspace.adoption import REASON
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.ledger import StatusIndex, StatusValue
from signedcert.workspace.publication import own_trust, publish
from signedcert.workspace.workspace import Workspace

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
