"""The learner's own list of shares: a slot for each, of each edition of the record."""

import json
import re
import stat
from datetime import UTC, datetime

import pytest

from signedcert.model.code import code_from_id
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


def test_chance_chooses_the_slot(tmp_path):
    orders = {
        tuple(keep_own_share(tmp_path / name, share(number), FIRST).slot for number in range(16))
        for name in ("one.cose", "two.cose", "three.cose")
    }
    # Once in 16! (2 · 10^13) runs, two of them are equal, or one is in order.
    assert len(orders) == 3
    assert tuple(range(16)) not in orders


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


def changed(record, change, at=0):
    """The list, after somebody changed a share on it."""
    path = own_shares_file(record)
    content = json.loads(path.read_text("utf-8"))
    content["shares"][at] |= change
    # As it stands: no library would write a number that is too large.
    path.write_text(json.dumps(content).replace('"1e400"', "1e400"), "utf-8")
    return path


def refusal(record):
    """Why a list is not read, and not written to either; it stays as it is."""
    path = own_shares_file(record)
    damaged = path.read_bytes()
    with pytest.raises(WorkspaceError, match="is damaged") as read:
        read_own_shares(record)
    with pytest.raises(WorkspaceError, match="is damaged"):
        keep_own_share(record, share(99), FIRST)
    assert path.read_bytes() == damaged
    for word in ("object", "NoneType", "Input", "tuple", "str ", "dict"):
        assert word not in str(read.value).replace(str(path), "")
    return str(read.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slot": 16}, "slot has to be a number from 0 to 15"),
        ({"slot": -1}, "slot has to be"),
        ({"slot": True}, "slot has to be"),
        ({"slot": "1"}, "slot has to be"),
        ({"slot": None}, "a place without a slot"),
        ({"place": None}, "a slot without a place"),
        ({"place": [1]}, "place has to be two numbers"),
        ({"place": [1, 2, 3]}, "place has to be"),
        ({"place": ["x", 1]}, "place has to be"),
        ({"place": ["1e400", 3]}, "place has to be"),
        ({"place": [2, -1]}, "place has to be"),
        ({"place": [2, 2**63]}, "place has to be"),
        ({"place": [2, 4096.5]}, "place has to be"),
        ({"place": [2, 0], "slot": 1}, "its slot does not match its place"),
        ({"id": "nothing"}, "id has to be the share's printed code"),
        ({"record": 5}, "record has to be the record's printed code"),
        ({"audience": 7}, "audience has to be"),
        ({"audience": ""}, "audience has to be"),
        ({"audience": "\ud800"}, "is not JSON"),
        ({"issued_at": "yesterday"}, "issued_at has to be a moment"),
        ({"issued_at": 5}, "issued_at has to be a moment"),
        ({"expires_at": None}, "expires_at has to be a moment"),
        ({"rows": None}, "rows has to be a list of texts"),
        ({"rows": "abc"}, "rows has to be a list of texts"),
        ({"rows": [1]}, "rows has to be a list of texts"),
        ({"sealed_name": {"a": 1}}, "sealed_name has to be 32 lower-case"),
        ({"sealed_name": "../" * 10 + "ab"}, "sealed_name has to be"),
        ({"more": 1}, "a member that this version does not know"),
    ],
)
def test_a_damaged_list_is_not_guessed_at(record, change, words):
    keep_own_share(record, share(1), FIRST)
    keep_own_share(record, share(2), FIRST)
    changed(record, change, 1)
    said = refusal(record)
    assert words in said
    assert "share 2 on it" in said or words == "is not JSON"


def test_a_member_that_is_missing(record):
    path = keep_own_share(record, share(), FIRST) and own_shares_file(record)
    content = json.loads(path.read_text("utf-8"))
    del content["shares"][0]["rows"]
    path.write_text(json.dumps(content), "utf-8")
    assert "share 1 on it: rows is missing" in refusal(record)


def test_what_is_no_share(record):
    own_shares_file(record).write_text('{"format": 1, "shares": [7]}')
    assert "share 1 on it: it is no share" in refusal(record)


def test_a_share_that_stands_there_twice(record):
    kept = [keep_own_share(record, share(number), FIRST) for number in range(2)]
    changed(record, {"id": code_from_id(kept[0].id)}, 1)
    assert "share 2 on it stands there twice" in refusal(record)


def test_two_shares_in_one_place(record):
    first, _ = [keep_own_share(record, share(number), ODD) for number in range(2)]
    place = [first.reference.list, first.reference.index]
    changed(record, {"slot": first.slot, "place": place}, 1)
    assert "share 2 on it has the place of another" in refusal(record)


@pytest.mark.parametrize("first", [FIRST, ODD])
def test_a_slot_beside_the_place_of_another(record, first):
    kept = [keep_own_share(record, share(number), first) for number in range(3)]
    changed(record, {"slot": (kept[1].slot + 1) % 16}, 1)
    assert re.search("share [23] on it: its slot does not match its place", refusal(record))


def test_one_slot_that_its_record_contradicts(record):
    kept = keep_own_share(record, share(), FIRST)
    path = changed(record, {"slot": kept.slot - 1 if kept.slot else 1})
    damaged = path.read_bytes()
    with pytest.raises(WorkspaceError, match="share 1 on it: its slot does not match its place"):
        keep_own_share(record, share(2), FIRST)
    assert path.read_bytes() == damaged


def test_the_places_of_another_issuers_record_are_others(record):
    keep_own_share(record, share(1), FIRST)
    other = keep_own_share(record, share(2)._replace(record=b"record two"), ODD)
    assert read_own_shares(record)[1] == other


@pytest.mark.parametrize(
    ("first", "words"), [(None, "move the list away and go on"), (FIRST, "ask the issuer")]
)
def test_a_full_list_is_left_as_it_is(record, first, words):
    large = share()._replace(rows=tuple(f"assessments[{at}]" for at in range(25_000)))
    keep_own_share(record, large, first)
    before = own_shares_file(record).read_bytes()
    with pytest.raises(WorkspaceError, match="is full") as caught:
        keep_own_share(record, large._replace(id=bytes(10)), first)
    assert words in str(caught.value)
    assert "1,000,000 bytes" in str(caught.value)
    assert own_shares_file(record).read_bytes() == before
    assert len(read_own_shares(record)) == 1


def test_a_list_that_is_too_large_to_be_ours(record):
    own_shares_file(record).write_bytes(b'{"format": 1, "shares": []}' + b" " * 1_000_000)
    assert "it has more than 1,000,000 bytes" in refusal(record)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "it is no list of shares"),
        (b"{}", "it is of another format"),
        (b'{"format": 2}', "it is of another format"),
        (b'{"format": true}', "it is of another format"),
        (b'{"format": 1}', "it has no list of shares"),
        (b'{"format": 1, "shares": {}}', "it has no list of shares"),
        (b'{"format": 1, "shares": null}', "it has no list of shares"),
        (b'{"format": 1, "shares": [], "more": 1}', "it is no list of shares"),
        (b'{"format": ' + b"1" * 5000 + b"}", "it is not JSON"),
    ],
)
def test_what_is_no_list(record, content, words):
    own_shares_file(record).write_bytes(content)
    assert words in refusal(record)
