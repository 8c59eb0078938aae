"""Publishing from a workspace: fresh lists, sealed shares, and what a verifier has."""

import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

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
from signedcert.workspace.ledger import LedgerError, RecordedShare, StatusIndex
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


def test_a_list_of_shares_is_published_whole(owner, tmp_path):
    with owner.open_ledger(NOW) as ledger:
        first = ledger.allocate_share_places()
        ledger.revoke(StatusIndex(first.list, first.index + 15), None, "reset", NOW)
    done = publish(owner, tmp_path / "site", never, NOW)
    assert done.lists == (1, first.list)
    trust = site_trust(owner, tmp_path / "site")
    found = trust.status_list(owner.issuer, first.list)
    values = [found.statuses.value(index) for index in range(32)]
    assert values == [int(index == first.index + 15) for index in range(32)]


class TestSealed:
    NAMES = tuple(f"{number:032x}" for number in range(0xABC0, 0xABC5))
    END = NOW + timedelta(days=10)

    @staticmethod
    def put(owner, *names):
        for name in names:
            path = owner.make_sealed_folder() / f"{name}.cose"
            path.write_bytes(b"sealed " + name.encode())
            path.chmod(0o600)

    def share(self, owner, name, end=END, **fields):
        """A share in the ledger that a sealed file belongs to; its id."""
        identifier = sc.new_id()
        made = RecordedShare(
            identifier, bytes(10), None, None, "Example AG", (), NOW, end, name, **fields
        )
        with owner.open_ledger(NOW) as ledger:
            ledger.reserve_share(made, ledger.allocate_share_places())
        return identifier

    @staticmethod
    def there(site):
        return {path.stem for path in (site / "r" / "sealed").glob("*")}

    @staticmethod
    def kept(owner):
        return {path.stem for path in owner.sealed_folder.iterdir()}

    def test_they_are_published_as_they_are(self, owner, tmp_path):
        self.put(owner, *self.NAMES[:2])
        told = []
        done = publish(owner, tmp_path / "site", never, NOW, tell=told.append)
        assert (done.sealed, told) == (2, [])
        for name in self.NAMES[:2]:
            path = tmp_path / "site" / "r" / "sealed" / f"{name}.cose"
            assert path.read_bytes() == b"sealed " + name.encode()
            assert stat.S_IMODE(path.stat().st_mode) == 0o644
            assert f"r/sealed/{name}.cose" in done.files
        assert "\n/r/sealed/*\n" in (tmp_path / "site" / "_headers").read_text()
        # Whoever knew the names could fetch the files, and wait for a link.
        listed = (tmp_path / "site" / ".well-known" / "signedcert" / "files.txt").read_text()
        assert "_headers" in listed
        assert "sealed" not in listed

    def test_none_of_them_needs_no_rule(self, owner, tmp_path):
        done = publish(owner, tmp_path / "site", never, NOW)
        assert done.sealed == 0
        assert "sealed" not in (tmp_path / "site" / "_headers").read_text()
        assert not (tmp_path / "site" / "r" / "sealed").exists()
        assert not owner.sealed_folder.exists()

    def test_what_is_gone_from_the_workspace_goes_from_the_site(self, owner, tmp_path):
        site = tmp_path / "site"
        self.put(owner, *self.NAMES[:3])
        publish(owner, site, never, NOW)
        (site / "r" / "sealed" / "mine.txt").write_text("the user's own")
        for gone, left in (self.NAMES[0], self.NAMES[1:3]), (self.NAMES[1], self.NAMES[2:3]):
            (owner.sealed_folder / f"{gone}.cose").unlink()
            publish(owner, site, never, NOW)
            assert self.there(site) == {*left, "mine"}
        (site / "r" / "sealed" / "mine.txt").unlink()
        shutil.rmtree(owner.sealed_folder)
        assert publish(owner, site, never, NOW).sealed == 0
        assert not (site / "r" / "sealed").exists()

    def test_what_is_no_sealed_share_is_told_of(self, owner, tmp_path):
        good, folder = self.NAMES[0], owner.make_sealed_folder()
        self.put(owner, good)
        (tmp_path / "key.pem").write_text("private")
        (folder / f"{self.NAMES[1]}.cose").symlink_to(tmp_path / "key.pem")
        (folder / f"{self.NAMES[2]}.cose").mkdir()
        os.mkfifo(folder / f"{self.NAMES[3]}.cose")
        others = ["notes.txt", f"{good[:-1]}.cose", f"{good.upper()}.cose", f".{good}.cose.01"]
        for name in others:
            (folder / name).write_bytes(b"x")
        told = []
        done = publish(owner, tmp_path / "site", never, NOW, tell=told.append)
        assert self.there(tmp_path / "site") == {good}
        assert done.sealed == 1
        ignored = {Path(each.split(" is ignored: ")[0]).name for each in told}
        assert ignored == {*others, *(f"{name}.cose" for name in self.NAMES[1:4])}
        assert len(told) == len(ignored)
        assert {each.name for each in folder.iterdir()} == ignored | {f"{good}.cose"}

    def test_they_end_with_their_shares(self, owner, tmp_path):
        site = tmp_path / "site"
        expiring, reset, revoked, living, unknown = self.NAMES
        self.put(owner, *self.NAMES)
        self.share(owner, expiring)
        ended, place = self.share(owner, reset), self.share(owner, revoked)
        self.share(owner, living, self.END + timedelta(days=1))
        assert publish(owner, site, never, NOW).sealed == 5
        with owner.open_ledger(NOW) as ledger:
            ledger.reset_share(ended, NOW)
            ledger.revoke(ledger.find_share(place).reference, None, "by its place", NOW)
        assert publish(owner, site, never, self.END - timedelta(seconds=1)).sealed == 3
        assert self.there(site) == self.kept(owner) == {expiring, living, unknown}
        assert publish(owner, site, never, self.END).sealed == 2
        assert self.there(site) == self.kept(owner) == {living, unknown}

    def test_a_publication_that_fails_removes_nothing(self, owner, tmp_path):
        self.put(owner, self.NAMES[0])
        self.share(owner, self.NAMES[0], NOW)
        with changing(owner), pytest.raises(WorkspaceError, match="try again"):
            publish(owner, tmp_path / "site", never, NOW)
        (tmp_path / "site").touch()
        with pytest.raises(WorkspaceError, match="is a file"):
            publish(owner, tmp_path / "site", never, NOW)
        assert self.kept(owner) == {self.NAMES[0]}

    def test_one_that_cannot_be_removed_is_told_of(self, owner, tmp_path, monkeypatch):
        self.put(owner, self.NAMES[0])
        self.share(owner, self.NAMES[0], NOW)
        told, unlink = [], type(tmp_path).unlink

        def refuse(path, *arguments, **options):
            if path.suffix == ".cose":
                raise PermissionError(13, "Permission denied", str(path))
            unlink(path, *arguments, **options)

        monkeypatch.setattr(type(tmp_path), "unlink", refuse)
        done = publish(owner, tmp_path / "site", never, NOW, tell=told.append)
        assert done.sealed == 0
        assert told == [
            f"{owner.sealed_folder / self.NAMES[0]}.cose has ended and cannot be removed: "
            "Permission denied"
        ]
        assert not (tmp_path / "site" / "r" / "sealed").exists()

    def test_a_closed_issuer_goes_on_publishing_them(self, owner, tmp_path):
        site, (expiring, living, *_) = tmp_path / "site", self.NAMES
        self.put(owner, expiring, living)
        self.share(owner, expiring)
        share = self.share(owner, living, self.END + timedelta(days=1))
        close(owner, lambda: owner.root_signer(never), NOW)
        with owner.open_ledger(NOW) as ledger, pytest.raises(LedgerError, match="closed"):
            ledger.reset_share(share, NOW)
        assert publish(owner, site, never, NOW).sealed == 2
        assert self.there(site) == {expiring, living}
        assert publish(owner, site, never, self.END).sealed == 1
        assert self.there(site) == self.kept(owner) == {living}
        for path in owner.folder.glob("ledger.*"):
            path.unlink()
        # Without its ledger nobody knows when they end.
        assert publish(owner, site, never, self.END + timedelta(days=9)).sealed == 1
        (owner.sealed_folder / f"{living}.cose").unlink()
        assert publish(owner, site, never, self.END + timedelta(days=9)).sealed == 0
        assert not (site / "r" / "sealed").exists()
