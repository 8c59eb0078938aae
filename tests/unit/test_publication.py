"""Publishing from a workspace: fresh lists, one publication at a time, and what a verifier has."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import minimal
from signedcert.model.issuer_document import KeyUse
from signedcert.trust.status_token import parse_claims, parse_envelope
from signedcert.workspace.closing import close
from signedcert.workspace.creation import Plan, Secrets, create_workspace
from signedcert.workspace.document_file import changing
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.key_changes import NewKey, rotate
from signedcert.workspace.publication import LIST_LIFETIME, own_trust, publish
from signedcert.workspace.settings import WorkspaceError

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def never(_):
    raise AssertionError("a key in the clear needs no passphrase")


def create(folder, **options):
    fields = {"issuer": "learn.example.edu", "page": "https://learn.example.edu/c/", "now": NOW}
    return create_workspace(folder, Plan(**fields | options), lambda: Secrets(None, None))


@pytest.fixture
def owner(tmp_path):
    return create(tmp_path / "w", list_size=4)


def issued(owner, count=1):
    """Tokens, and the statements in them."""
    signer = owner.signer(KeyUse.STATEMENTS, NOW, never)
    with owner.open_ledger(NOW) as ledger:
        return [
            issue_recorded(ledger, minimal(id=sc.new_id(), issued_at=NOW), signer, NOW)
            for _ in range(count)
        ]


def site_trust(owner, site):
    trust = sc.Trust.empty().with_issuer_document(
        (site / ".well-known/signedcert/issuer.cbor").read_bytes(), owner.settings.first_root
    )
    for path in sorted((site / "status").glob("*.cwt")):
        trust = trust.with_status_list(path.read_bytes())
    return trust


def test_own_trust_is_what_a_verifier_fetches(owner, tmp_path):
    made = issued(owner, 9)
    done = publish(owner, tmp_path / "site", never, NOW)
    assert done.lists == (1, 2, 3)
    assert done.lists_until == NOW + LIST_LIFETIME
    fetched, own = site_trust(owner, tmp_path / "site"), own_trust(owner, never, NOW)
    assert fetched.problems() == own.problems() == ()
    for _, token in made:
        for trust in (fetched, own):
            assert sc.verify(token, trust, now=NOW).status is sc.Status.VALID


def test_a_list_counts_until_it_is_stale(owner, tmp_path):
    ((_, token),) = issued(owner)
    publish(owner, tmp_path / "site", never, NOW, lifetime=timedelta(days=2))
    trust = site_trust(owner, tmp_path / "site")
    for days, status in ((1, sc.Status.VALID), (2.01, sc.Status.INDETERMINATE)):
        found = sc.verify(token, trust, now=NOW + timedelta(days=days))
        assert found.status is status


def test_every_change_of_status_is_in_the_next_lists(owner, tmp_path):
    made = issued(owner, 4)
    site = tmp_path / "site"
    with owner.open_ledger(NOW) as ledger:
        for (statement, _), change in zip(made, (ledger.revoke, ledger.suspend), strict=False):
            place = next(each for each in [ledger.find(statement.id)] if each).reference
            change(place, statement.id, "reason", NOW)
    publish(owner, site, never, NOW)
    reasons = [
        sc.verify(token, site_trust(owner, site), now=NOW).finding(sc.Check.STATUS).reason
        for _, token in made
    ]
    assert reasons == [sc.Reason.REVOKED, sc.Reason.SUSPENDED, sc.Reason.OK, sc.Reason.OK]


def test_of_two_publications_one_waits_for_the_other(owner, tmp_path):
    with changing(owner), pytest.raises(WorkspaceError, match="try again"):
        publish(owner, tmp_path / "site", never, NOW)
    assert not (tmp_path / "site").exists()
    publish(owner, tmp_path / "site", never, NOW)


def test_what_nobody_can_use_may_be_replaced(owner, tmp_path):
    place = tmp_path / "site" / ".well-known" / "signedcert" / "issuer.cbor"
    publish(owner, tmp_path / "site", never, NOW)
    place.write_bytes(b"garbage")
    publish(owner, tmp_path / "site", never, NOW)
    assert place.read_bytes() == owner.document_file.read_bytes()


def test_an_older_workspace_does_not_publish_over_a_newer_one(owner, tmp_path):
    old = owner.document_file.read_bytes()
    rotate(owner, NewKey(KeyUse.STATEMENTS, NOW), lambda: owner.root_signer(never), NOW)
    publish(owner, tmp_path / "site", never, NOW)
    owner.document_file.write_bytes(old)
    with pytest.raises(WorkspaceError, match="Nothing was published"):
        publish(owner, tmp_path / "site", never, NOW)


def test_the_final_lists_are_published_as_they_were_kept(owner, tmp_path):
    ((statement, token), _) = issued(owner, 2)
    with owner.open_ledger(NOW) as ledger:
        found = ledger.find(statement.id)
        ledger.revoke(found.reference, statement.id, "reason", NOW)
    close(owner, lambda: owner.root_signer(never), NOW)
    for path in (*owner.keys_folder.iterdir(), *owner.root_folder.iterdir()):
        path.unlink()
    for path in owner.folder.glob("ledger.*"):
        path.unlink()
    years = NOW + timedelta(days=20 * 365)
    done = publish(owner, tmp_path / "site", never, years)
    assert (done.lists, done.lists_until) == ((1,), None)
    for trust in (site_trust(owner, tmp_path / "site"), own_trust(owner, never, years)):
        finding = sc.verify(token, trust, now=years).finding(sc.Check.STATUS)
        assert finding.reason is sc.Reason.REVOKED


def list_date(site):
    token = (site / "status" / "1.cwt").read_bytes()
    return parse_claims(parse_envelope(token).payload).issued_at


def test_a_list_is_always_newer_than_the_one_before(owner, tmp_path):
    site, trust = tmp_path / "site", owner.trust()
    moments = (NOW, NOW, NOW - timedelta(minutes=2), NOW, NOW + timedelta(hours=1))
    for moment, expected in zip(moments, (0, 1, 2, 3, 3600), strict=True):
        publish(owner, site, never, moment)
        assert list_date(site) == NOW + timedelta(seconds=expected)
        # Verifiers take no list that is not newer.
        trust = trust.with_status_list((site / "status" / "1.cwt").read_bytes())


@pytest.mark.parametrize("known", [True, False])
def test_a_clock_far_behind_is_said(owner, tmp_path, known):
    site = tmp_path / "site"
    shutil.copytree(owner.folder, tmp_path / "backup")
    publish(owner, site, never, NOW + timedelta(minutes=5))
    if not known:
        # From a backup that does not know of that publication.
        shutil.rmtree(owner.folder)
        shutil.copytree(tmp_path / "backup", owner.folder)
    publish(owner, site, never, NOW)
    assert list_date(site) == NOW + timedelta(minutes=5, seconds=1)
    before = (site / "status" / "1.cwt").read_bytes()
    with pytest.raises(WorkspaceError, match=r"dated 2026-11-02 10:05:01 UTC, later than now; che"):
        publish(owner, site, never, NOW)
    assert (site / "status" / "1.cwt").read_bytes() == before
    publish(owner, site, never, NOW + timedelta(seconds=1))


def test_lists_that_would_end_after_the_year_9999(owner, tmp_path):
    last = datetime(9999, 12, 31, tzinfo=UTC)
    plan = {"now": last - timedelta(days=2), "lifetime": timedelta(days=2)}
    plan["key_period"] = plan["lifetime"]
    late = create(tmp_path / "late", **plan)
    for lifetime in (timedelta(days=30), timedelta(days=3)):
        with pytest.raises(WorkspaceError, match=r"after the year 9999|cannot be made"):
            publish(late, tmp_path / "s", never, plan["now"], lifetime=lifetime, ttl=lifetime)
    publish(late, tmp_path / "s", never, plan["now"], lifetime=timedelta(days=2))
