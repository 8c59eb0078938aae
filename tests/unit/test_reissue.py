"""Signing anew: same statement, same place, another key; what is withdrawn stays withdrawn."""

from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from issuing import HOLDER, minimal, record
from signedcert import share
from signedcert.share.disclosures import SALT_SIZE, content_at
from signedcert.workspace.issuing import issue_recorded
from signedcert.workspace.ledger import DuplicateIdError, Issued, Ledger, Recording
from signedcert.workspace.record_issuing import issue_record_recorded
from signedcert.workspace.reissue import Passed, Reissued, reissue, reissue_key, statement_of
from signedcert.workspace.settings import WorkspaceError

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
OLD, NEW = sc.SoftwareSigner.generate(), sc.SoftwareSigner.generate()


@pytest.fixture
def ledger(tmp_path):
    with Ledger.create(tmp_path / "ledger.sqlite", list_size=64) as made:
        yield made


def issued(ledger, statement=None, **options):
    """A statement as it was signed by the old key, and what the ledger knows of it."""
    given = minimal(id=sc.new_id(), issued_at=NOW) if statement is None else statement
    signed, _ = issue_recorded(ledger, given, OLD, NOW, **options)
    found = ledger.find(given.id)
    assert isinstance(found, Issued)
    return signed, found


def issued_record(ledger, **options):
    """Likewise a course record, which its holder can share."""
    given = record(issued_at=NOW)
    done = issue_record_recorded(ledger, given, OLD, HOLDER.public_key, NOW, **options)
    return done.record, ledger.find(given.id)


def holder_part(token):
    """Who may share a record, and where resets of shares are published."""
    visible = share.HeldRecord.open(token).visible
    return visible.holder_key, visible.share_places


@pytest.mark.parametrize("withdrawable", [True, False])
def test_whoever_shares_a_record_goes_on_sharing_it(ledger, withdrawable):
    _, found = issued_record(ledger, withdrawable=withdrawable)
    done = reissue(ledger, found, NEW, LATER)
    assert holder_part(done.token) == holder_part(found.token)
    assert holder_part(done.token)[0] == HOLDER.public_key.raw
    assert (holder_part(done.token)[1] is None) is not withdrawable
    before, after = (salts(token) for token in (found.token, done.token))
    assert not before & after


def salts(token):
    return {
        disclosure[content_at(disclosure) + 2 :][:SALT_SIZE]
        for disclosure in share.HeldRecord.open(token).frame.disclosures
    }


@pytest.mark.parametrize("withdrawable", [True, False])
@pytest.mark.parametrize("make", [issued, issued_record])
def test_all_but_the_moment_and_the_key_stays(ledger, make, withdrawable):
    statement, found = make(ledger, withdrawable=withdrawable)
    assert statement_of(found) == statement
    done = reissue(ledger, found, NEW, LATER)
    assert isinstance(done, Reissued)
    assert done.statement == statement.model_copy(update={"issued_at": LATER})
    kept = ledger.find(statement.id)
    assert kept.token == done.token != found.token
    assert (kept.kid, kept.reference) == (NEW.public_key.kid, found.reference)
    assert (kept.reference is None) is not withdrawable
    assert statement_of(kept) == done.statement


def test_the_ledger_vouches_for_both_tokens(ledger):
    _, found = issued(ledger)
    reissue(ledger, found, NEW, LATER)
    assert ledger.digests(OLD.public_key.kid) == found.digest
    assert len(ledger.digests(NEW.public_key.kid)) == 16


def test_what_is_revoked_or_past_its_end_is_left(ledger):
    _, revoked = issued(ledger)
    ledger.revoke(revoked.reference, revoked.id, "reason", NOW)
    _, expired = issued(
        ledger, minimal(id=sc.new_id(), issued_at=NOW, expires_at=NOW + timedelta(hours=1))
    )
    _, suspended = issued(ledger)
    ledger.suspend(suspended.reference, suspended.id, "reason", NOW)
    results = [*reissue_key(ledger, OLD.public_key.kid, NEW, LATER)]
    assert results[:2] == [
        Passed(revoked.id, "it is revoked"),
        Passed(expired.id, "it has expired"),
    ]
    assert isinstance(results[2], Reissued)
    assert ledger.find(revoked.id) == revoked
    assert ledger.find(expired.id) == expired


def test_what_was_done_before_a_failure_stays_done_and_the_rest_is_done_later(ledger):
    for _ in range(5):
        issued(ledger)
    running = reissue_key(ledger, OLD.public_key.kid, NEW, LATER)
    done = [next(running) for _ in range(2)]
    running.close()
    rest = [*reissue_key(ledger, OLD.public_key.kid, NEW, LATER)]
    assert rest[:2] == done
    assert len({each.statement.id for each in rest}) == len(rest) == 5
    tokens = {each.token for each in rest}
    again = [*reissue_key(ledger, OLD.public_key.kid, NEW, LATER + timedelta(days=1))]
    # Signed once, and given again: perhaps their files were not written.
    assert {each.token for each in again} == tokens


def test_a_key_does_not_replace_itself(ledger):
    issued(ledger)
    with pytest.raises(WorkspaceError, match="make another first"):
        next(reissue_key(ledger, OLD.public_key.kid, OLD, LATER))


def test_a_token_that_was_not_kept_or_is_damaged_is_named(ledger):
    identifier = sc.new_id()
    recording = Recording(identifier, b"\xd2", OLD.public_key.kid, "x", NOW, None)
    ledger.record_many([recording], keep_tokens=False)
    with pytest.raises(WorkspaceError, match="did not keep the token"):
        statement_of(ledger.find(identifier))
    with pytest.raises(WorkspaceError, match="damaged"):
        statement_of(ledger.find(identifier)._replace(token=b"\xd2"))


class TestIssuing:
    def test_an_id_is_signed_once(self, ledger):
        statement, _ = issued(ledger)
        for withdrawable in (True, False):
            with pytest.raises(DuplicateIdError):
                issue_recorded(ledger, minimal(id=statement.id, issued_at=NOW), OLD, NOW,
                               withdrawable=withdrawable)  # fmt: skip

    def test_what_is_too_large_costs_no_place(self, ledger):
        course = sc.Course(
            title="T", institution="I",
            syllabus=tuple(sc.Module(title=str(n).zfill(300)) for n in range(90)),
        )  # fmt: skip
        with pytest.raises(sc.EncodeError):
            issue_recorded(ledger, minimal(course=course, issued_at=NOW), OLD, NOW)
        assert ledger.lists() == []
        assert ledger.counts() == (0, 0, 0)

    def test_a_signer_that_fails_leaves_the_id_free(self, ledger):
        class Broken:
            public_key = OLD.public_key

            def sign(self, _: bytes) -> bytes:
                return bytes(64)

        statement = minimal(id=sc.new_id(), issued_at=NOW)
        with pytest.raises(sc.SignerError):
            issue_recorded(ledger, statement, Broken(), NOW)
        assert ledger.find(statement.id).digest is None
        signed, _ = issued(ledger, statement)
        assert signed.status is not None
