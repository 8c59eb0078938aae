"""Shares in the ledger: places in groups of their own lists, a slot for each, and their end."""

import collections
import itertools
import re
import shutil
import sqlite3
import subprocess
import sys
import textwrap
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signedcert.model.code import code_from_id
from signedcert.trust.status_list import StatusList, pack_statuses
from signedcert.workspace.ledger import (
    SLOTS,
    Ledger,
    LedgerError,
    PublishedList,
    RecordedShare,
    Recording,
    StatusIndex,
    StatusValue,
)
from signedcert.workspace.ledger.shares import RESET

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
LATER, END = AT + timedelta(days=1), AT + timedelta(days=30)
RECORD, OTHER_RECORD = b"record one", b"record two"
KID, TYPE = b"kid-one.", "application/vnd.signedcert.record"
SIZE, SHARE_SIZE = 100, 112
NAME = "0123456789abcdef" * 2


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    with Ledger.create(path, list_size=SIZE) as created:
        yield created


def identifier(number):
    return number.to_bytes(10, "big")


def share(number=1, record=RECORD, reference=None, **fields):
    slot = None if reference is None else reference.index % SLOTS
    values = {"audience": "Example AG", "rows": ("final_score", "assessments[3]"),
              "issued_at": AT, "expires_at": END} | fields  # fmt: skip
    return RecordedShare(identifier(number), record, slot, reference, **values)


def after(first, slot):
    return StatusIndex(first.list, first.index + slot)


def group(first):
    """All 16 places."""
    return [after(first, slot) for slot in range(SLOTS)]


def revoked(ledger):
    return {
        StatusIndex(each.number, index)
        for each in ledger.lists()
        for index, value in ledger.changed(each.number)
        if value is StatusValue.REVOKED
    }


class TestPlaces:
    @pytest.mark.parametrize(
        ("list_size", "size"), [(2, 32), (31, 32), (33, 48), (SIZE, SHARE_SIZE), (64, 64)]
    )
    def test_whole_groups_of_lists_of_their_own_each_once(self, path, list_size, size):
        with Ledger.create(path, list_size=list_size) as ledger:
            groups = size // SLOTS
            firsts = [ledger.allocate_share_places() for _ in range(3 * groups)]
            taken = collections.Counter(each for first in firsts for each in group(first))
            assert taken == {StatusIndex(n, i): 1 for n in (1, 2, 3) for i in range(size)}
            assert [tuple(each) for each in ledger.lists()] == [
                (number, size, size, False, SLOTS) for number in (1, 2, 3)
            ]

    def test_their_order_is_a_secret(self, path):
        with Ledger.create(path, list_size=1024) as ledger:
            taken = [ledger.allocate_share_places().index for _ in range(64)]
        assert taken != sorted(taken)
        assert len({second - first for first, second in itertools.pairwise(taken)}) > 5

    @given(
        size=st.integers(2, 70),
        wanted=st.lists(st.one_of(st.none(), st.integers(1, 40)), max_size=12),
    )
    def test_nothing_is_handed_out_twice_whatever_is_asked_for(
        self, tmp_path_factory, size, wanted
    ):
        path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
        statements, shares = [], []
        with Ledger.create(path, list_size=size) as ledger:
            for count in wanted:
                if count is None:
                    shares += group(ledger.allocate_share_places())
                else:
                    statements += ledger.allocate(count)
            lists = {each.number: each for each in ledger.lists()}
        assert len({*statements, *shares}) == len(statements) + len(shares)
        for taken, grain in ((statements, 1), (shares, SLOTS)):
            counts = collections.Counter(each.list for each in taken)
            assert counts == {n: x.allocated for n, x in lists.items() if x.grain == grain}
            assert all(0 <= each.index < lists[each.list].size for each in taken)
            unfinished = [
                each for each in lists.values()
                if each.grain == grain and each.allocated < each.size
            ]  # fmt: skip
            assert len(unfinished) <= 1

    def test_a_statement_never_gets_one_of_them(self, ledger):
        first = ledger.allocate_share_places()
        taken = ledger.reserve([identifier(1)], AT) + ledger.allocate(20)
        assert {each.list for each in taken}.isdisjoint({first.list})
        assert {each.list for each in ledger.allocate_block(200)[0].indices()} == {taken[0].list}

    def test_a_first_list_of_statements_is_there_besides(self, ledger):
        ledger.allocate_share_places()
        ledger.open_first_list()
        assert [each.grain for each in ledger.lists()] == [SLOTS, 1]

    def test_what_was_taken_stays_taken(self, path, ledger):
        taken = [ledger.allocate_share_places() for _ in range(3)]
        ledger.close()
        with Ledger.open(path) as again:
            assert not again.restored_at_open
            taken += [again.allocate_share_places() for _ in range(4)]
            assert len({*taken}) == SHARE_SIZE // SLOTS
            assert len(again.lists()) == 1

    def test_a_closed_issuer_takes_none(self, ledger):
        ledger.end()
        with pytest.raises(LedgerError, match="closed"):
            ledger.allocate_share_places()
        assert ledger.lists() == []


class TestLostHistory:
    def test_a_restored_backup_opens_other_lists_of_both_kinds(self, tmp_path):
        folder, backup = tmp_path / "w", tmp_path / "b"
        folder.mkdir()
        path = folder / "ledger.sqlite"
        with Ledger.create(path, list_size=SIZE) as ledger:
            taken = ledger.allocate(5) + group(ledger.allocate_share_places())
        shutil.copytree(folder, backup)
        with Ledger.open(path) as ledger:
            taken += group(ledger.allocate_share_places())
        shutil.copytree(backup, folder, dirs_exist_ok=True)
        with Ledger.open(path) as ledger:
            assert ledger.restored_at_open
            assert [each.closed for each in ledger.lists()] == [True, True]
            fresh = ledger.allocate(5) + group(ledger.allocate_share_places())
            assert {each.list for each in fresh}.isdisjoint(each.list for each in taken)
            assert [(each.closed, each.grain) for each in ledger.lists()] == [
                (True, 1), (True, SLOTS), (False, 1), (False, SLOTS),
            ]  # fmt: skip
            assert min(each.list for each in fresh) >= 2**24

    def test_a_new_list_closes_those_of_shares_too(self, ledger):
        first = ledger.allocate_share_places()
        number = ledger.open_new_list(AT)
        assert {each.number: each.closed for each in ledger.lists()} == {
            first.list: True, number: False,
        }  # fmt: skip
        assert ledger.allocate_share_places().list not in (first.list, number)

    def test_every_index_of_a_group_that_was_handed_out_is_known(self, ledger):
        firsts = [ledger.allocate_share_places() for _ in range(4)]
        for each in (index for first in firsts for index in group(first)):
            ledger.revoke(each, None, "made elsewhere", AT)
        assert ledger.restores() == []
        assert revoked(ledger) == {index for first in firsts for index in group(first)}

    @pytest.mark.parametrize("slot", [0, 7, 15])
    def test_an_index_of_a_group_that_was_not(self, ledger, slot):
        firsts = {ledger.allocate_share_places() for _ in range(3)}
        starts = {each.index for each in firsts}
        lost = next(index for index in range(0, SHARE_SIZE, SLOTS) if index not in starts)
        ledger.revoke(StatusIndex(1, lost + slot), None, "made elsewhere", AT)
        assert "did not hand it out" in ledger.restores()[0].evidence
        assert ledger.allocate_share_places().list >= 2**24

    def test_a_share_list_that_the_ledger_never_opened(self, ledger):
        ledger.revoke(StatusIndex(4711, SHARE_SIZE - 1), None, "made elsewhere", AT)
        assert ledger.lists() == [(4711, SHARE_SIZE, 0, True, 1)]

    @pytest.mark.parametrize("known", [True, False])
    def test_what_a_published_share_list_says_is_taken_over(self, ledger, known):
        number = ledger.allocate_share_places().list if known else 4711
        array = pack_statuses(SHARE_SIZE + 4, 2, [(SHARE_SIZE - 1, 1), (SHARE_SIZE, 1)])
        published = [PublishedList(number, AT, StatusList(2, array))]
        for found in (ledger.missing(published), ledger.adopt(published, LATER)):
            place = StatusIndex(number, SHARE_SIZE - 1)
            assert found == ([(place, StatusValue.REVOKED)], 1)
        assert revoked(ledger) == {place}

    @pytest.mark.parametrize("with_place", [True, False])
    @pytest.mark.parametrize("lost", ["a share", "its reset"])
    def test_a_share_that_a_backup_forgot_is_noticed(self, path, ledger, with_place, lost):
        first = ledger.allocate_share_places() if with_place else None
        if lost == "its reset":
            ledger.reserve_share(share(), first)
        ledger.close()
        shutil.copy(path, path.with_name("backup"))
        with Ledger.open(path) as later:
            if lost == "its reset":
                later.reset_share(identifier(1), AT)
            else:
                later.reserve_share(share(), first)
        shutil.copy(path.with_name("backup"), path)
        with Ledger.open(path) as restored:
            assert restored.restored_at_open
            assert "older than ledger.mark" in restored.restores()[0].evidence


class TestShares:
    def test_added_and_found(self, path, ledger):
        first = ledger.allocate_share_places()
        made = share(1, reference=after(first, 5), rows=("name", "Ümlaut[2]"), sealed_name=NAME,
                     issued_at=AT + timedelta(microseconds=7))  # fmt: skip
        plain = share(2, OTHER_RECORD, rows=())
        for each in (made, plain):
            ledger.add_share(each)
        kept = made._replace(issued_at=AT)
        ledger.close()
        with Ledger.open(path) as again:
            assert again.find_share(made.id) == kept
            assert again.find_share_by_place(made.reference) == kept
            assert again.find_share(identifier(3)) is None
            assert again.find_share_by_place(first) is None
            assert again.shares() == [kept, plain]
            assert again.shares(RECORD) == [kept]
            assert again.shares(b"record six") == []

    def test_in_the_order_of_their_making(self, ledger):
        first = ledger.allocate_share_places()
        for number in (9, 3, 7):
            ledger.reserve_share(share(number), first)
        assert [each.id for each in ledger.shares()] == [identifier(n) for n in (9, 3, 7)]

    def test_an_id_or_a_place_that_another_has(self, ledger):
        first = ledger.allocate_share_places()
        ledger.add_share(share(1, reference=first))
        for add in (
            lambda: ledger.add_share(share(1, reference=after(first, 1))),
            lambda: ledger.reserve_share(share(1), first),
        ):
            with pytest.raises(LedgerError, match=r"a share 0000-.*-0001 already; nothing was"):
                add()
        with pytest.raises(LedgerError, match=r"is the place of the share 0000-0000-0000-0001"):
            ledger.add_share(share(2, reference=first))
        assert len(ledger.shares()) == 1

    def test_a_place_of_a_statement(self, ledger):
        (taken,) = ledger.reserve([identifier(1)], AT)
        for index in (taken.index, taken.index // SLOTS * SLOTS):
            with pytest.raises(LedgerError, match="has places of statements, not of shares"):
                ledger.add_share(share(reference=StatusIndex(taken.list, index)))
        with pytest.raises(LedgerError, match="has places of statements"):
            ledger.reserve_share(share(), StatusIndex(taken.list, 0))
        assert ledger.shares() == []

    def test_a_place_that_lost_history_handed_out(self, ledger):
        (before,) = ledger.allocate()
        made = ledger.reserve_share(share(), StatusIndex(4711, 32))
        assert made.reference == StatusIndex(4711, 32 + made.slot)
        assert "4711" in ledger.restores()[0].evidence
        assert ledger.allocate()[0].list != before.list

    @pytest.mark.parametrize(
        "wrong",
        [
            {"id": bytes(9)}, {"record": bytes(11)}, {"slot": 3}, {"slot": None}, {"slot": 16},
            {"sealed_name": "A" * 32}, {"sealed_name": "a" * 31}, {"sealed_name": "../" + "a" * 29},
            {"issued_at": AT.replace(tzinfo=None)}, {"expires_at": END.replace(tzinfo=None)},
        ],
    )  # fmt: skip
    def test_what_is_no_share(self, ledger, wrong):
        first = ledger.allocate_share_places()
        with pytest.raises(ValueError, match=r"."):
            ledger.add_share(share(reference=first)._replace(**wrong))
        assert ledger.shares() == []

    def test_a_share_is_never_deleted(self, path, ledger):
        ledger.add_share(share())
        connection = sqlite3.connect(path)
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            connection.execute("DELETE FROM shares")
        connection.close()

    def test_a_closed_issuer_makes_and_resets_none(self, ledger):
        first = ledger.allocate_share_places()
        ledger.reserve_share(share(1), first)
        ledger.end()
        for act in (
            lambda: ledger.add_share(share(2)),
            lambda: ledger.reserve_share(share(2), first),
            lambda: ledger.reset_share(identifier(1), AT),
        ):
            with pytest.raises(LedgerError, match="the issuer is closed"):
                act()
        assert [each.reset_at for each in ledger.shares()] == [None]


class TestSlots:
    def test_one_that_no_share_of_the_record_has(self, ledger):
        first, other = ledger.allocate_share_places(), ledger.allocate_share_places()
        ledger.add_share(share(1, reference=after(first, 1)))
        ledger.reserve_share(share(2, OTHER_RECORD), other)
        made = [ledger.reserve_share(share(number), first) for number in range(3, 18)]
        assert {each.slot for each in made} == {*range(SLOTS)} - {1}
        assert [each.reference for each in made] == [after(first, each.slot) for each in made]
        assert ledger.find_share(identifier(4)) == made[1]

    def test_chance_chooses_it(self, ledger):
        orders = set()
        for record in range(3):
            first = ledger.allocate_share_places()
            numbers = range(100 * record, 100 * record + SLOTS)
            orders.add(tuple(ledger.reserve_share(share(n), first).slot for n in numbers))
        # Once in 16! (2 · 10^13) runs, two of them are equal, or one is in order.
        assert len(orders) == 3
        assert tuple(range(SLOTS)) not in orders

    def test_one_whose_status_was_spoken_of_is_used(self, ledger):
        first = ledger.allocate_share_places()
        ledger.revoke(first, None, "made by the learner", AT)
        ledger.suspend(after(first, 1), None, "doubt", AT)
        ledger.reinstate(after(first, 1), None, "settled", AT)
        # Reset and past their end, they stay used.
        made = [ledger.reserve_share(share(1), first)]
        ledger.reset_share(identifier(1), AT)
        made += [ledger.reserve_share(share(number), first) for number in range(3, 15)]
        late = share(2, issued_at=END + timedelta(days=9), expires_at=END + timedelta(days=10))
        made.append(ledger.reserve_share(late, first))
        assert {each.slot for each in made} == {*range(2, SLOTS)}

    def test_all_of_them_used(self, ledger):
        first = ledger.allocate_share_places()
        made = [ledger.reserve_share(share(number), first) for number in range(SLOTS)]
        assert {each.slot for each in made} == {*range(SLOTS)}
        code = re.escape(code_from_id(RECORD))
        said = f"all 16 places for shares of {code} are used.*signedcert share reset --all {code}$"
        with pytest.raises(LedgerError, match=said):
            ledger.reserve_share(share(SLOTS), first)
        assert len(ledger.shares()) == SLOTS
        # Signed anew, the record has other places.
        anew = ledger.allocate_share_places()
        made = ledger.reserve_share(share(SLOTS), anew)
        assert made.reference == after(anew, made.slot)

    def test_instead_of_another_both_or_neither(self, ledger):
        first = ledger.allocate_share_places()
        old = ledger.reserve_share(share(1), first)
        new = ledger.reserve_share(share(2), first, instead=old.id)
        assert ledger.find_share(old.id) == old._replace(reset_at=AT, replaced_by=new.id)
        assert ledger.status(old.reference).value is StatusValue.REVOKED
        # Of two at once, one comes too late, and leaves nothing behind.
        for number, instead in ((3, old.id), (4, identifier(4)), (5, identifier(99))):
            with pytest.raises(LedgerError, match=r"nothing was changed|as another share"):
                ledger.reserve_share(share(number), first, instead=instead)
        assert ledger.shares() == [ledger.find_share(old.id), new]
        assert revoked(ledger) == {old.reference}

    def test_of_a_record_that_is_withdrawn(self, ledger):
        (place,) = ledger.reserve([RECORD], AT)
        first = ledger.allocate_share_places()
        made = ledger.reserve_share(share(1), first, of=place)
        ledger.suspend(place, None, "doubt", AT)
        ledger.reserve_share(share(2), first, of=place)
        ledger.revoke(place, None, "mistake", AT)
        with pytest.raises(LedgerError, match="withdrawn or issued anew"):
            ledger.reserve_share(share(3), first, of=place, instead=made.id)
        assert [each.reset_at for each in ledger.shares()] == [None, None]

    def test_a_record_without_places(self, ledger):
        made = [ledger.reserve_share(share(number), None) for number in range(SLOTS + 2)]
        assert {(each.slot, each.reference) for each in made} == {(None, None)}

    def test_what_has_a_slot_or_is_no_first_place(self, ledger):
        first = ledger.allocate_share_places()
        with pytest.raises(ValueError, match="gives a share its slot"):
            ledger.reserve_share(share(reference=first), first)
        with pytest.raises(ValueError, match="multiple of 16"):
            ledger.reserve_share(share(), after(first, 1))

    def test_two_processes_at_once(self, path, ledger):
        script = """
            import sys
            from datetime import UTC, datetime
            from pathlib import Path
            from signedcert.workspace.ledger import (
                Ledger, LedgerError, RecordedShare, StatusIndex
            )
            at, end = (datetime(year, 1, 1, tzinfo=UTC) for year in (2027, 2028))
            with Ledger.open(Path(sys.argv[1])) as ledger:
                assert not ledger.restored_at_open
                print("ready", flush=True)
                sys.stdin.readline()
                number = 0
                for first in sys.argv[3:]:
                    first = StatusIndex(*map(int, first.split(":")))
                    while True:
                        number += 1
                        identifier = f"{sys.argv[2]}{number:09}".encode()
                        share = RecordedShare(
                            identifier, bytes(10), None, None, "who", (), at, end
                        )
                        try:
                            made = ledger.reserve_share(share, first)
                        except LedgerError as error:
                            assert "all 16 places" in str(error)
                            break
                        print(made.reference.list, made.reference.index, made.slot)
        """
        firsts = [ledger.allocate_share_places() for _ in range(6)]
        named = [f"{each.list}:{each.index}" for each in firsts]
        command = [sys.executable, "-c", textwrap.dedent(script), str(path)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        processes = [subprocess.Popen([*command, name, *named], **pipes) for name in "ab"]
        for process in processes:
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            process.stdin.write("go\n")
            process.stdin.flush()
        outputs = [process.communicate()[0].splitlines() for process in processes]
        assert [process.returncode for process in processes] == [0, 0]
        lines = [tuple(map(int, line.split())) for output in outputs for line in output]
        assert sorted(lines) == sorted(
            (first.list, first.index + slot, slot) for first in firsts for slot in range(SLOTS)
        )
        assert len(ledger.shares()) == len(lines)


class TestResetting:
    def test_marked_and_revoked_in_one_go(self, ledger):
        first = ledger.allocate_share_places()
        made = [ledger.reserve_share(share(number), first) for number in (1, 2)]
        done = ledger.reset_share(identifier(1), LATER, replaced_by=identifier(2))
        assert done == made[0]._replace(reset_at=LATER, replaced_by=identifier(2))
        assert ledger.shares() == [done, made[1]]
        assert ledger.status(made[0].reference) == (StatusValue.REVOKED, LATER, RESET)
        assert revoked(ledger) == {made[0].reference}
        # Of the record itself, nothing was said.
        [event] = ledger.history_by_id(identifier(1))
        assert event.reference == made[0].reference
        assert ledger.history_by_id(RECORD) == []

    def test_once(self, ledger):
        ledger.reserve_share(share(1), ledger.allocate_share_places())
        ledger.reset_share(identifier(1), AT)
        with pytest.raises(LedgerError, match=r"has been reset since 2026-11-02 10:00:00 UTC"):
            ledger.reset_share(identifier(1), LATER)
        assert ledger.find_share(identifier(1)).reset_at == AT
        assert ledger.counts().events == 1

    def test_one_that_was_revoked_by_its_place(self, ledger):
        place = ledger.reserve_share(share(1), ledger.allocate_share_places()).reference
        ledger.revoke(place, None, "by its place", AT)
        ledger.reset_share(identifier(1), LATER)
        assert ledger.status(place) == (StatusValue.REVOKED, AT, "by its place")
        assert ledger.find_share(identifier(1)).reset_at == LATER
        assert ledger.counts().events == 1

    def test_one_that_is_suspended(self, ledger):
        place = ledger.reserve_share(share(1), ledger.allocate_share_places()).reference
        ledger.suspend(place, None, "doubt", AT)
        ledger.reset_share(identifier(1), LATER)
        assert ledger.status(place).value is StatusValue.REVOKED

    def test_one_without_a_place(self, ledger):
        ledger.reserve_share(share(1), None)
        assert ledger.reset_share(identifier(1), LATER).reset_at == LATER
        assert ledger.counts().events == 0

    def test_what_is_not_there(self, ledger):
        with pytest.raises(LedgerError, match="has no share 0000-0000-0000-0001"):
            ledger.reset_share(identifier(1), AT)
        first = ledger.allocate_share_places()
        ledger.reserve_share(share(1), first)
        for other in (identifier(1), identifier(2)):
            with pytest.raises(LedgerError, match="was not made as another share"):
                ledger.reset_share(identifier(1), AT, replaced_by=other)
        assert ledger.find_share(identifier(1)).reset_at is None
        assert revoked(ledger) == set()


class TestSealedNames:
    def test_those_whose_shares_ended(self, ledger):
        first = ledger.allocate_share_places()
        names, places = {number: f"{number:032x}" for number in range(6)}, []
        for number, name in names.items():
            end = AT + timedelta(days=number + 1)
            asked = share(number, sealed_name=name, expires_at=end)
            places.append(ledger.reserve_share(asked, first).reference)
        ledger.reserve_share(share(7, expires_at=LATER), first)
        assert ledger.ended_sealed_names(AT) == frozenset()
        ledger.reset_share(identifier(5), AT)
        ledger.revoke(places[4], None, "taken over", AT)
        ledger.suspend(places[3], None, "doubt", AT)
        for moment, ended in ((AT, {4, 5}), (AT + timedelta(days=2), {0, 1, 4, 5})):
            assert ledger.ended_sealed_names(moment) == {names[each] for each in ended}

    def test_those_of_a_record_that_was_revoked(self, ledger):
        (place,) = ledger.reserve([RECORD], AT)
        ledger.record_many([Recording(RECORD, b"token", KID, TYPE, AT, place)])
        first = ledger.allocate_share_places()
        ledger.reserve_share(share(1, sealed_name=NAME), first)
        ledger.reserve_share(share(2, OTHER_RECORD, sealed_name=NAME[::-1]), None)
        ledger.suspend(place, RECORD, "doubt", AT)
        assert ledger.ended_sealed_names(AT) == frozenset()
        ledger.revoke(place, RECORD, "mistake", AT)
        assert ledger.ended_sealed_names(AT) == {NAME}

    def test_one_that_a_share_still_has(self, ledger):
        for number, end in ((1, LATER), (2, END)):
            ledger.reserve_share(share(number, sealed_name=NAME, expires_at=end), None)
        assert ledger.ended_sealed_names(LATER) == frozenset()
        assert ledger.ended_sealed_names(END) == {NAME}


class TestRecordReplaced:
    @staticmethod
    def issue(ledger, record=RECORD, reference=None):
        recording = Recording(record, b"first " + record, KID, TYPE, AT, reference)
        ledger.record_many([recording])
        return recording

    @staticmethod
    def anew(ledger, recording, **fields):
        values = {"token": b"second token", "issued_at": LATER} | fields
        if "reference" not in values:
            (values["reference"],) = ledger.allocate()
        return recording._replace(**values)

    @pytest.fixture
    def issued(self, ledger):
        (old,) = ledger.reserve([RECORD], AT)
        return self.issue(ledger, reference=old)

    def test_another_token_at_another_place_and_the_old_place_revoked(self, ledger, issued):
        first = ledger.allocate_share_places()
        for number in (1, 2):
            ledger.reserve_share(share(number), first)
        ledger.reset_share(identifier(1), AT)
        ledger.reserve_share(share(3, OTHER_RECORD), ledger.allocate_share_places())
        digests = ledger.digests(KID)
        new = self.anew(ledger, issued)
        ledger.replace_record(new, LATER, "all shares were reset")
        assert new.reference != issued.reference
        found = ledger.find(RECORD)
        assert (found.reference, found.token) == (new.reference, b"second token")
        assert found.issued_at == LATER
        assert ledger.find_by_index(new.reference) == found
        assert len(ledger.digests(KID)) == 32
        assert digests in ledger.digests(KID)
        assert ledger.status(issued.reference) == (
            StatusValue.REVOKED, LATER, "all shares were reset",
        )  # fmt: skip
        assert ledger.status(new.reference).value is StatusValue.VALID
        (event,) = ledger.history_by_id(RECORD)
        assert (event.reference, event.action) == (issued.reference, "revoke")
        assert [each.reset_at for each in ledger.shares()] == [AT, LATER, None]
        assert ledger.restores() == []

    def test_again_and_again(self, ledger, issued):
        places = [issued.reference]
        for number in range(3):
            new = self.anew(ledger, issued, token=b"token %d" % number)
            ledger.replace_record(new, LATER, "reset")
            places.append(new.reference)
        assert len({*places}) == 4
        assert revoked(ledger) == {*places[:3]}
        assert [each.reference for each in ledger.history_by_id(RECORD)] == places[:3]
        assert len(ledger.digests(KID)) == 64

    def test_what_is_withdrawn_does_not_come_back(self, ledger, issued):
        ledger.suspend(issued.reference, RECORD, "doubt", AT)
        for said in ("is suspended; reinstate it first", "has been revoked since"):
            with pytest.raises(LedgerError, match=said):
                ledger.replace_record(self.anew(ledger, issued), LATER, "reset")
            if "suspended" in said:
                ledger.revoke(issued.reference, RECORD, "mistake", AT)
        assert ledger.find(RECORD).token == issued.token
        assert ledger.counts().events == 2

    def test_a_place_that_was_used(self, ledger, issued):
        ledger.reserve_share(share(), ledger.allocate_share_places())
        (other,) = ledger.reserve([OTHER_RECORD], AT)
        (spoken_of,) = ledger.allocate()
        ledger.suspend(spoken_of, None, "doubt", AT)
        ledger.reinstate(spoken_of, None, "settled", AT)
        for reference in (issued.reference, other, spoken_of):
            with pytest.raises(LedgerError, match="has been used; nothing was changed"):
                ledger.replace_record(self.anew(ledger, issued, reference=reference), AT, "reset")
        places = ledger.allocate_share_places()
        with pytest.raises(LedgerError, match="has places of shares, not of statements"):
            ledger.replace_record(self.anew(ledger, issued, reference=places), AT, "reset")
        with pytest.raises(ValueError, match="needs a place"):
            ledger.replace_record(self.anew(ledger, issued, reference=None), AT, "reset")
        assert ledger.find(RECORD).reference == issued.reference
        assert ledger.status(issued.reference).value is StatusValue.VALID
        assert ledger.shares()[0].reset_at is None

    def test_a_place_that_the_ledger_did_not_hand_out(self, ledger, issued):
        taken = {issued.reference.index, *(each.index for each in ledger.allocate(30))}
        index = next(each for each in range(SIZE) if each not in taken)
        lost = StatusIndex(issued.reference.list, index)
        ledger.replace_record(self.anew(ledger, issued, reference=lost), LATER, "reset")
        assert "did not hand it out" in ledger.restores()[0].evidence
        assert lost not in ledger.allocate(SIZE)

    def test_what_was_never_issued_or_has_no_place(self, ledger):
        (reference,) = ledger.reserve([RECORD], AT)
        new = Recording(RECORD, b"token", KID, TYPE, AT, ledger.allocate()[0])
        with pytest.raises(LedgerError, match="was not issued"):
            ledger.replace_record(new, AT, "reset")
        self.issue(ledger, OTHER_RECORD)
        with pytest.raises(LedgerError, match="has no place in a status list"):
            ledger.replace_record(new._replace(id=OTHER_RECORD), AT, "reset")
        assert revoked(ledger) == set()
        assert ledger.find(RECORD).reference == reference

    @pytest.mark.parametrize("reason", ["", " ", "x" * 501])
    def test_without_a_reason(self, ledger, issued, reason):
        with pytest.raises(ValueError, match="1 to 500"):
            ledger.replace_record(self.anew(ledger, issued), AT, reason)

    def test_by_a_key_that_signs_nothing_more(self, ledger, issued):
        new = self.anew(ledger, issued)
        ledger.end_key(KID)
        with pytest.raises(LedgerError, match="declared compromised"):
            ledger.replace_record(new, AT, "reset")
        assert revoked(ledger) == set()

    def test_a_backup_that_forgot_it_is_noticed(self, path, ledger, issued):
        new = self.anew(ledger, issued)
        ledger.close()
        shutil.copy(path, path.with_name("backup"))
        with Ledger.open(path) as later:
            later.replace_record(new, LATER, "reset")
        shutil.copy(path.with_name("backup"), path)
        with Ledger.open(path) as restored:
            assert restored.restored_at_open
