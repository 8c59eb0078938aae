"""The learner's own list of shares: a slot for each, of each edition of the record."""

import json
import stat
from datetime import UTC, datetime

import pytest

from signedcert.workspace.ledger import RecordedShare, StatusIndex
from signedcert.workspace.own_shares import (
    is_among,
    keep_own_share,
    own_shares_file,
    read_own_shares,
)
from signedcert.workspace.settings import WorkspaceError

AT, END = datetime(2026, 11, 2, 10, tzinfo=UTC), datetime(2026, 12, 2, 10, tzinfo=UTC)
FIRST, ANEW = StatusIndex(2, 4096), StatusIndex(2, 4112)
#: Where another issuer's records may have their places.
ODD = StatusIndex(2, 4099)


@pytest.fixture
def record(tmp_path):
    return tmp_path / "record.cose"


def share(number=1):
    return RecordedShare(
        number.to_bytes(10), b"record one", None, None, "Åcme", ("final_score",), AT, END
    )


@pytest.mark.parametrize("first", [FIRST, ODD])
def test_sixteen_shares_have_sixteen_slots(record, first):
    kept = [keep_own_share(record, share(number), first) for number in range(16)]
    assert {each.slot for each in kept} == {*range(16)}
    for each in kept:
        assert each.reference == StatusIndex(first.list, first.index + each.slot)
    assert read_own_shares(record) == kept
    with pytest.raises(WorkspaceError, match="all 16 shares"):
        keep_own_share(record, share(16), first)
    assert read_own_shares(record) == kept


def test_a_record_that_is_issued_anew_has_all_slots_again(record):
    old = [keep_own_share(record, share(number), FIRST) for number in range(16)]
    new = [keep_own_share(record, share(100 + number), ANEW) for number in range(16)]
    assert {each.slot for each in new} == {*range(16)}
    assert not any(is_among(each, ANEW) for each in old)
    assert all(is_among(each, ANEW) for each in new)


def test_a_record_without_places_gives_no_slots(record):
    kept = [keep_own_share(record, share(number), None) for number in range(20)]
    assert {(each.slot, each.reference) for each in kept} == {(None, None)}
    assert read_own_shares(record) == kept
    assert is_among(kept[0], None)
    assert not is_among(kept[0], FIRST)


def test_the_list_is_the_learners_alone(record):
    keep_own_share(record, share(), FIRST)
    assert stat.S_IMODE(own_shares_file(record).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "change",
    [
        {"slot": 16}, {"slot": -1}, {"slot": True}, {"slot": "1"}, {"place": None}, {"place": [1]},
        {"place": ["x", 1]}, {"id": "nothing"}, {"record": 5}, {"issued_at": "yesterday"},
        {"rows": None},
    ],
)  # fmt: skip
def test_a_damaged_list_is_not_guessed_at(record, change):
    keep_own_share(record, share(), FIRST)
    path = own_shares_file(record)
    content = json.loads(path.read_text("utf-8"))
    content["shares"][0] |= change
    path.write_text(json.dumps(content), "utf-8")
    damaged = path.read_bytes()
    with pytest.raises(WorkspaceError, match="is damaged"):
        read_own_shares(record)
    with pytest.raises(WorkspaceError, match="is damaged"):
        keep_own_share(record, share(2), FIRST)
    assert path.read_bytes() == damaged


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"format": 2}', b"[" * 100_000])
def test_what_is_no_list(record, content):
    own_shares_file(record).write_bytes(content)
    with pytest.raises(WorkspaceError, match="is damaged"):
        read_own_shares(record)
