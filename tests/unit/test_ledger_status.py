"""Changes of status in the ledger: what may follow what, and for whom the ledger forgot."""

import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from signedcert.model.code import code_from_id
from signedcert.workspace.ledger import Ledger, LedgerError, StatusIndex, StatusValue

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
LATER = AT + timedelta(days=1)
ID, NEW_ID, THIRD_ID = bytes(10), bytes(9) + b"\1", bytes(9) + b"\2"
KID, TYPE = b"kid-one.", "application/vnd.signedcert.certificate"
SIZE = 100
#: Of a list that lost history opened: it may have been one of shares, in groups of 16.
LOST_SIZE = 112
RANDOM_MIN = 2**24


@pytest.fixture
def ledger(tmp_path):
    with Ledger.create(tmp_path / "ledger.sqlite", list_size=SIZE) as created:
        yield created


def issue(ledger, identifier):
    (reference,) = ledger.reserve([identifier], AT)
    ledger.record(identifier, b"token" + identifier, KID, TYPE, AT, reference)
    return reference


def test_a_revocation_is_final(ledger):
    reference = issue(ledger, ID)
    assert ledger.status(reference) == (StatusValue.VALID, None, None)
    ledger.revoke(reference, ID, "issued by mistake", AT)
    assert ledger.status(reference) == (StatusValue.REVOKED, AT, "issued by mistake")
    for change in (ledger.revoke, ledger.suspend, ledger.reinstate):
        with pytest.raises(LedgerError, match="final") as caught:
            change(reference, ID, "another reason", LATER)
        assert "2026-11-02 10:00:00 UTC (reason: issued by mistake)" in str(caught.value)
    assert [each.action for each in ledger.history(reference)] == ["revoke"]


def test_suspended_reinstated_and_revoked_after_all(ledger):
    reference = issue(ledger, ID)
    with pytest.raises(LedgerError, match="not suspended"):
        ledger.reinstate(reference, ID, "never was", AT)
    ledger.suspend(reference, ID, "under review", AT)
    assert ledger.status(reference).value == 2
    with pytest.raises(LedgerError, match=r"since 2026-11-02.*under review"):
        ledger.suspend(reference, ID, "again", AT)
    ledger.reinstate(reference, ID, "all is well", LATER)
    assert ledger.status(reference) == (StatusValue.VALID, LATER, "all is well")
    with pytest.raises(LedgerError, match="not suspended"):
        ledger.reinstate(reference, ID, "again", LATER)
    ledger.suspend(reference, None, "under review again", LATER)
    ledger.revoke(reference, ID, "fraud", LATER)
    history = ledger.history(reference)
    assert [each.action for each in history] == ["suspend", "reinstate", "suspend", "revoke"]
    assert history[1] == (LATER, reference, ID, "reinstate", "all is well")
    assert ledger.history_by_id(ID) == history
    assert ledger.counts().events == 4


def test_a_moment_without_a_time_zone_changes_nothing(ledger):
    reference = issue(ledger, ID)
    with pytest.raises(ValueError, match="time zone"):
        ledger.revoke(reference, ID, "reason", AT.replace(tzinfo=None))
    assert ledger.history(reference) == []


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_reasons_are_given_and_short(ledger, reason):
    with pytest.raises(ValueError, match="1 to 500"):
        ledger.revoke(issue(ledger, ID), ID, reason, AT)


def test_what_to_publish(ledger):
    taken = ledger.allocate(20)
    for each in taken[:3]:
        ledger.revoke(each, None, "reason", AT)
    for each in taken[3:6]:
        ledger.suspend(each, None, "reason", AT)
    ledger.reinstate(taken[3], None, "reason", AT)
    expected = {
        **{each.index: StatusValue.REVOKED for each in taken[:3]},
        **{each.index: StatusValue.SUSPENDED for each in taken[4:6]},
    }
    assert ledger.changed(1) == sorted(expected.items())
    assert ledger.changed(2) == []


def test_what_happened_is_never_altered(tmp_path, ledger):
    ledger.revoke(issue(ledger, ID), ID, "reason", AT)
    connection = sqlite3.connect(tmp_path / "ledger.sqlite")
    for statement in ("DELETE FROM events", "UPDATE events SET action = 'reinstate'"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            connection.execute(statement)
    connection.close()


class TestForgotten:
    def test_a_list_that_the_ledger_never_opened(self, ledger):
        (before,) = ledger.allocate()
        foreign = StatusIndex(4711, 7)
        ledger.revoke(foreign, ID, "reason", AT)
        assert ledger.status(foreign).value is StatusValue.REVOKED
        assert ledger.changed(4711) == [(7, StatusValue.REVOKED)]
        assert ledger.history_by_id(ID) == ledger.history(foreign)
        assert ledger.find(ID) is None
        # History was lost, so nothing more is taken from the list that was open, either.
        (after,) = ledger.allocate()
        assert after.list >= RANDOM_MIN
        assert [tuple(each) for each in ledger.lists()] == [
            (before.list, SIZE, 1, True, 1),
            (4711, LOST_SIZE, 0, True, 1),
            (after.list, SIZE, 1, False, 1),
        ]
        (restore,) = ledger.restores()
        assert restore.at == AT
        assert "4711" in restore.evidence

    def test_once_a_loss_is_known_further_lists_are_only_adopted(self, ledger):
        ledger.adopt_list(5, AT)
        (first,) = ledger.allocate()
        ledger.adopt_list(6, AT)
        ledger.adopt_list(6, AT)
        ledger.suspend(StatusIndex(7, 0), None, "reason", AT)
        assert {each.list for each in ledger.allocate(3)} == {first.list}
        assert len(ledger.restores()) == 1
        assert [each.number for each in ledger.lists()] == [5, 6, 7, first.list]

    def test_an_index_that_the_ledger_did_not_hand_out(self, ledger):
        taken = {each.index for each in ledger.allocate(SIZE // 2)}
        other = StatusIndex(1, next(index for index in range(SIZE) if index not in taken))
        ledger.revoke(StatusIndex(1, min(taken)), None, "reason", AT)
        assert ledger.restores() == []
        ledger.revoke(other, None, "reason", AT)
        assert "did not hand it out" in ledger.restores()[0].evidence
        assert all(each.list >= RANDOM_MIN for each in ledger.allocate(SIZE))

    @pytest.mark.parametrize("number", [-1, 0, 2**32])
    def test_numbers_that_no_list_has(self, ledger, number):
        with pytest.raises(LedgerError, match="no number of a status list"):
            ledger.adopt_list(number)
        with pytest.raises(LedgerError, match="no number of a status list"):
            ledger.revoke(StatusIndex(number, 0), None, "reason", AT)
        assert ledger.restores() == []

    @pytest.mark.parametrize(("number", "index"), [(4711, -1), (1, -1), (4711, LOST_SIZE)])
    def test_indices_that_no_list_has(self, ledger, number, index):
        with pytest.raises(LedgerError, match=f"no index {index}"):
            ledger.revoke(StatusIndex(number, index), None, "reason", AT)
        assert ledger.restores() == ledger.lists() == []

    def test_an_index_behind_the_end_of_a_known_list(self, ledger):
        ledger.allocate()
        with pytest.raises(LedgerError, match=f"no index {SIZE}"):
            ledger.revoke(StatusIndex(1, SIZE), None, "reason", AT)
        assert ledger.restores() == []


class TestSuperseded:
    def test_revoked_and_linked_in_one_go(self, ledger):
        old, new = issue(ledger, ID), issue(ledger, NEW_ID)
        assert ledger.supersede(ID, NEW_ID, LATER) is True
        assert ledger.status(old) == (StatusValue.REVOKED, LATER, "superseded")
        assert ledger.status(new).value is StatusValue.VALID
        assert ledger.find(ID).superseded_by == NEW_ID
        assert ledger.find(NEW_ID).supersedes == ID

    def test_neither_where_the_new_one_was_not_issued(self, ledger):
        old = issue(ledger, ID)
        ledger.reserve([THIRD_ID], AT)
        for new in (NEW_ID, THIRD_ID, ID):
            with pytest.raises(LedgerError, match="was not issued as another"):
                ledger.supersede(ID, new, AT)
        assert ledger.status(old).value is StatusValue.VALID
        assert ledger.find(ID).superseded_by is None

    def test_one_replacement_for_each(self, ledger):
        for each in (ID, NEW_ID, THIRD_ID):
            issue(ledger, each)
        ledger.supersede(ID, NEW_ID, AT)
        for old, new in ((ID, THIRD_ID), (THIRD_ID, NEW_ID)):
            with pytest.raises(LedgerError, match="another replacement"):
                ledger.supersede(old, new, AT)
        # A chain is fine.
        assert ledger.supersede(NEW_ID, THIRD_ID, AT) is True

    def test_what_cannot_be_withdrawn_is_linked_alone(self, ledger):
        ledger.record(ID, b"token", KID, TYPE, AT, None)
        issue(ledger, NEW_ID)
        assert ledger.supersede(ID, NEW_ID, AT) is False
        assert ledger.find(ID).superseded_by == NEW_ID
        assert ledger.counts().events == 0

    def test_what_was_revoked_before_is_not_revoked_again(self, ledger):
        old = issue(ledger, ID)
        issue(ledger, NEW_ID)
        ledger.revoke(old, ID, "name misspelt", AT)
        assert ledger.supersede(ID, NEW_ID, LATER) is True
        assert ledger.status(old) == (StatusValue.REVOKED, AT, "name misspelt")

    def test_an_old_one_that_the_ledger_forgot(self, ledger):
        issue(ledger, NEW_ID)
        old = StatusIndex(99, 3)
        assert ledger.supersede(ID, NEW_ID, AT, reference=old) is True
        assert ledger.status(old).reason == "superseded"
        assert ledger.find(NEW_ID).supersedes == ID


def test_what_is_refused_is_named_by_its_code(ledger):
    reference = issue(ledger, ID)
    code = code_from_id(ID)
    place = f"{code} (index {reference.index} of status list {reference.list})"
    with pytest.raises(LedgerError, match=re.escape(f"{place} is not suspended")):
        ledger.reinstate(reference, ID, "reason", AT)
    ledger.revoke(reference, ID, "mistake", AT)
    with pytest.raises(LedgerError, match=re.escape(f"{place} has been revoked")):
        ledger.revoke(reference, ID, "mistake", AT)
    with pytest.raises(LedgerError, match=r"^index [0-9]+ of status list 1 has been revoked"):
        ledger.revoke(reference, None, "mistake", AT)
