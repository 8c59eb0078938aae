"""The ledger of runs over rosters: many recorded at once, looked up beside, places given back."""

import sqlite3
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signedcert.workspace.ledger import (
    Ledger,
    LedgerError,
    LedgerReader,
    StatusIndex,
    StatusValue,
)
from signedcert.workspace.ledger.identity import mark_file

AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
SECONDS = int(AT.timestamp())
KID, TYPE = b"kid-one.", "application/vnd.signedcert.certificate"


def identifier(number):
    return number.to_bytes(10, "big")


def row(number, place=None, *, token=None, kid=KID):
    token = token or b"token %d" % number
    where = (None, None) if place is None else (place.list, place.index)
    return (identifier(number), *where, kid, TYPE, SECONDS, token.ljust(16, b".")[:16], token)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    with Ledger.create(path, list_size=100) as created:
        created.widen()
        yield created


class TestRecording:
    def test_new_ones_are_kept(self, ledger):
        places = ledger.allocate(3)
        assert ledger.record_new([row(n, places[n]) for n in range(3)]) == {}
        found = ledger.find(identifier(1))
        assert (found.token, found.reference, found.kid) == (b"token 1", places[1], KID)
        assert found.issued_at == AT
        assert ledger.counts() == (3, 0, 0)

    def test_of_an_id_that_has_a_token_that_one_counts(self, ledger):
        ledger.record_new([row(1, token=b"the first")])
        others = ledger.record_new([row(1, token=b"the second"), row(2)])
        assert [*others] == [identifier(1)]
        assert others[identifier(1)].token == b"the first"
        assert ledger.find(identifier(1)).token == b"the first"
        assert ledger.find(identifier(2)).token == b"token 2"

    def test_the_same_again_is_nothing_new(self, ledger):
        ledger.record_new([row(1), row(2)])
        assert ledger.record_new([row(1), row(2)]) == {}
        assert ledger.counts().issued == 2

    def test_an_id_that_was_only_reserved_is_taken_over(self, ledger):
        (reserved,) = ledger.reserve([identifier(1)], AT)
        (place,) = ledger.allocate()
        assert ledger.record_new([row(1, place)]) == {}
        assert ledger.find(identifier(1)).reference == place
        with pytest.raises(LedgerError, match="again meanwhile"):
            ledger.record(identifier(1), b"late", KID, TYPE, AT, reserved)

    def test_a_place_that_is_taken_stops_all(self, ledger):
        (place,) = ledger.allocate()
        ledger.record_new([row(1, place)])
        with pytest.raises(LedgerError, match="share an id or a place"):
            ledger.record_new([row(2), row(3, place)])
        assert ledger.counts().issued == 1

    def test_a_key_that_ended(self, ledger):
        ledger.end_key(KID)
        with pytest.raises(LedgerError, match="declared compromised"):
            ledger.record_new([row(1)])
        assert ledger.counts().issued == 0


class TestLookingUp:
    def test_many_at_once_beside_who_records(self, path, ledger):
        ledger.record_new([row(n) for n in range(0, 1200, 2)])
        ledger.reserve([identifier(1)], AT)
        with LedgerReader(path) as reader:
            found = reader.known([identifier(n) for n in range(1200)])
            assert {*found} == {identifier(n) for n in range(0, 1200, 2)}
            assert found[identifier(8)].token == b"token 8"
            assert found == ledger.known([identifier(n) for n in range(1200)])
            before = ledger.last_sequence()
            ledger.record_new([row(3)])
            assert reader.known([identifier(3)])[identifier(3)].sequence == before + 1

    def test_what_is_withdrawn(self, path, ledger):
        places = ledger.allocate(3)
        with LedgerReader(path) as reader:
            assert reader.withdrawn(places) == {}
            ledger.revoke(places[1], identifier(1), "why not", AT)
            ledger.suspend(places[2], None, "for now", AT)
            ledger.reinstate(places[2], None, "again", AT)
            assert [*reader.withdrawn(places)] == [places[1]]
            assert reader.withdrawn(places)[places[1]].value is StatusValue.REVOKED

    def test_places_that_are_not_for_an_id(self, ledger):
        mine, taken, free = ledger.allocate(3)
        ledger.record_new([row(1, mine), row(2, taken)])
        unused = next(
            StatusIndex(1, n) for n in range(100) if n not in (mine.index, taken.index, free.index)
        )
        claims = {
            mine: identifier(1), taken: identifier(9), free: identifier(3),
            unused: identifier(4), StatusIndex(7, 1): identifier(5),
            StatusIndex(1, 100): identifier(6), ledger.allocate_share_places(): identifier(7),
        }  # fmt: skip
        assert ledger.not_its_own(claims) == {*claims} - {mine, free}


class TestGivingBack:
    def test_the_last_places_are_handed_out_again(self, ledger):
        (block,) = ledger.allocate_block(10)
        assert ledger.give_back([block]) == 10
        assert ledger.allocate_block(10) == [block]

    def test_where_others_came_after_they_stay_taken(self, ledger):
        (block,) = ledger.allocate_block(10)
        others = ledger.allocate(5)
        assert ledger.give_back([block]) == 0
        assert not {*others} & {*ledger.allocate(85)}
        assert ledger.lists()[0].allocated == 100

    def test_over_the_end_of_a_list(self, ledger):
        ledger.allocate(95)
        blocks = ledger.allocate_block(20)
        assert len(blocks) == 2
        assert ledger.give_back(blocks) == 20
        assert ledger.allocate_block(20) == blocks

    def test_a_closed_list_takes_nothing_back(self, ledger):
        blocks = ledger.allocate_block(10)
        ledger.open_new_list()
        assert ledger.give_back(blocks) == 0

    def test_it_is_taken_for_no_restore_and_hides_none(self, path, ledger):
        blocks = ledger.allocate_block(50)
        marked = mark_file(path).read_bytes()
        ledger.give_back(blocks)
        assert mark_file(path).read_bytes() == marked
        with Ledger.open(path) as again:
            assert not again.restored_at_open
        ledger.allocate(1)
        assert mark_file(path).read_bytes() > marked

    @given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 40)), max_size=12))
    @settings(max_examples=30, deadline=None)
    def test_no_place_is_used_twice(self, tmp_path_factory, steps):
        path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
        used = []
        with Ledger.create(path, list_size=64) as one, Ledger.open(path) as other:
            for count, kept in steps:
                blocks = one.allocate_block(count)
                if kept % 3 == 0:
                    used += other.allocate(1)
                from signedcert.bulk.run.places import split

                first, rest = split(blocks, min(kept, count))
                used += [index for block in first for index in block.indices()]
                if rest:
                    one.give_back(rest)
            generation = int(mark_file(path).read_bytes().split()[1])
            assert generation >= len(used)
        assert len(used) == len({*used})


def test_its_key_of_ids_is_its_own_and_stays(path, tmp_path):
    with Ledger.create(path, list_size=100) as ledger:
        key = ledger.id_key()
        assert key.hex() not in repr(ledger)
    with Ledger.open(path) as again:
        assert again.id_key() == key
    with Ledger.create(tmp_path / "other.sqlite", list_size=100) as other:
        assert other.id_key() != key
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE ledger SET id_key = NULL")
    connection.close()
    with Ledger.open(path) as damaged, pytest.raises(LedgerError, match="damaged"):
        damaged.id_key()
