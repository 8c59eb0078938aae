"""What is shown of a record: WITHHELD, which is no value, and the record around it."""

import copy
import dataclasses
import json
import pickle

import pytest

import signedcert as sc
from issuing import (
    HOLDER,
    ISSUED_AT,
    NOW,
    check,
    issue,
    record,
    shared,
)
from record_forging import confirmation, disclosure, listing, record_of
from signedcert import share
from signedcert.codec.base64url import to_base64url
from trusting import DAY

WITHHELD = sc.WITHHELD
WHOLE = record(
    started_on="2026-09-01",
    course_format=sc.CourseFormat(passing_score=50),
    identity_checks=(sc.IdentityCheck(method="photo_match"),),
    status=sc.StatusReference(list=1, index=7),
    valid_from=ISSUED_AT,
    expires_at=NOW + 9 * DAY,
    additional={200: (1, {2: b"x"})},
    additional_claims={300: "y"},
)
TOKEN = issue(WHOLE, places=share.SharePlaces(list=2, first=32))


def shown(*paths: str) -> sc.SharedRecord:
    return check(shared(TOKEN, list(paths))).statement


def test_withheld_is_neither_true_nor_false():
    for ask in (
        bool,
        lambda value: not value,
        lambda value: value and 1,
        lambda value: value or 1,
        lambda value: 1 if value else 2,
        lambda value: [each for each in [value] if each],
        lambda value: any([value]),
    ):
        with pytest.raises(TypeError, match="neither true nor false; ask: is WITHHELD"):
            ask(WITHHELD)


@pytest.mark.parametrize("other", [None, 0, "", "withheld", (), False, True, [], object()])
def test_withheld_equals_nothing_but_itself(other):
    assert other != WITHHELD
    assert (other == WITHHELD) is False
    assert WITHHELD == WITHHELD  # noqa: PLR0124  # that is what is asked
    assert WITHHELD not in [other]


def test_withheld_has_no_order_and_no_size():
    for ask in (len, int, float, iter, sum, sorted, lambda value: value < value):  # noqa: PLR0124
        with pytest.raises(TypeError):
            ask(WITHHELD)
    with pytest.raises(TypeError):
        WITHHELD + 0


def test_withheld_stays_itself():
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(WITHHELD, protocol)) is WITHHELD
    assert copy.copy(WITHHELD) is WITHHELD
    assert copy.deepcopy([WITHHELD])[0] is WITHHELD
    assert sc.Withheld() is WITHHELD
    assert isinstance(WITHHELD, sc.Withheld)
    assert len({WITHHELD, WITHHELD}) == 1


@pytest.mark.parametrize("name", ["name", "value", "score", "title", "_name_", "anything"])
def test_withheld_has_no_name_and_no_score(name):
    with pytest.raises(AttributeError, match=f"withheld, so it has no '{name}'; ask first"):
        getattr(WITHHELD, name)
    with pytest.raises(AttributeError):
        setattr(WITHHELD, name, "x")


def test_withheld_as_text():
    assert repr(WITHHELD) == "WITHHELD"
    assert str(WITHHELD) == f"{WITHHELD}" == "withheld"
    assert repr((1, WITHHELD)) == "(1, WITHHELD)"


def test_withheld_is_the_same_everywhere():
    assert share.WITHHELD is sc.WITHHELD
    assert shown().learner is sc.WITHHELD


def test_what_stands_where_something_is_withheld():
    found = shown("final_score", "assessments[1]")
    assert found.learner is WITHHELD
    assert found.identity_checks is WITHHELD
    assert found.final_score == WHOLE.final_score
    rows = [row for row in found.assessments if row is not WITHHELD]
    assert rows == [WHOLE.assessments[1]]
    assert len(found.assessments) == 8
    assert found.code == WHOLE.code


def test_complete_only_where_nothing_can_be_withheld():
    everything = check(shared(TOKEN)).statement
    assert everything.is_complete
    assert shown("learner", "final_score", "assessments", "identity_checks").is_complete
    for left_out in ("learner", "final_score", "assessments", "identity_checks"):
        paths = {"learner", "final_score", "assessments", "identity_checks"} - {left_out}
        assert not shown(*paths).is_complete
    rows = ["assessments[0]", "assessments[1]"]
    assert not shown("learner", "final_score", "identity_checks", *rows).is_complete
    # A row of which nothing is known but that it may be there.
    forged = record_of(disclosure("A", 0))
    assert check(forged.token()).statement.is_complete
    assert not check(forged.revealing(*forged.disclosures[:-1]).token()).statement.is_complete


def test_what_only_a_later_version_knows_is_withheld_as_well():
    rows = [disclosure({0: "T", 1: 0}), disclosure({0: 0})]
    known = [disclosure("A", 0), disclosure({0: 92}, 5), listing(6, rows[0]), listing(7, rows[1])]
    forged = record_of(*known, disclosure("later", 200), rows=rows)
    whole = check(forged.token()).statement
    assert (whole.is_complete, whole.withholds_entries) == (True, False)
    found = check(forged.revealing(*known, *rows).token()).statement
    for name in ("learner", "final_score", "assessments", "identity_checks"):
        assert getattr(found, name) is not WITHHELD
    assert (found.is_complete, found.withholds_entries) == (False, True)
    assert found.to_json()["withholds_entries"] is True


def test_it_does_not_change():
    found = shown("learner")
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.learner = None
    with pytest.raises((AttributeError, TypeError)):
        found.anything = 1


def test_copies_are_equal():
    found = shown("learner", "assessments[0]")
    for twin in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert twin == found
        assert hash(twin) == hash(found)
        assert twin.identity_checks is WITHHELD
        assert twin.assessments.count(WITHHELD) == 7
    assert found != shown("learner")
    assert found != shown("learner", "assessments[1]")


# JSON


def test_everything_in_json():
    found = check(shared(TOKEN)).statement.to_json()
    x = to_base64url(HOLDER.public_key.raw)
    assert found == {
        "id": WHOLE.code,
        "issuer": "learn.example.edu",
        "issued_at": "2026-11-02T10:00:00Z",
        "valid_from": "2026-11-02T10:00:00Z",
        "expires_at": "2026-12-11T10:00:00Z",
        "learner": {"name": "Jacob Ångström"},
        "course": {"title": "Operations Management", "institution": "University of Example"},
        "started_on": "2026-09-01",
        "course_format": {"passing_score": 50},
        "final_score": {"score": 92.5},
        "assessments": [
            {"title": "Week 1", "kind": "quiz", "score": 9, "maximum": 10},
            {"title": "Case", "kind": "field report", "late": True},
        ],
        "identity_checks": [{"method": "photo_match"}],
        "status": {"list": 1, "index": 7},
        "holder_key": {"kty": "OKP", "crv": "Ed25519", "x": x},
        "share_places": {"list": 2, "first": 32},
        "withholds_entries": False,
        "share": {
            "audience": "Acme Hiring",
            "expires_at": "2026-12-03T10:00:00Z",
            "issued_at": "2026-12-01T10:00:00Z",
            "id": "ADM6-2WK5-40R3-0C1H",
            "slot": 0,
        },
        "additional": {"200": [1, {"2": {"base64url": "eA"}}]},
        "additional_claims": {"300": "y"},
    }
    assert json.loads(json.dumps(found)) == found


def test_what_is_withheld_in_json():
    found = shown("final_score", "assessments[0]").to_json()
    withheld = {"withheld": True}
    assert found["learner"] == found["identity_checks"] == withheld
    assert found["assessments"].count(withheld) == 7
    assert [row for row in found["assessments"] if row != withheld] == [
        {"title": "Week 1", "kind": "quiz", "score": 9, "maximum": 10}
    ]


def test_what_is_absent_is_left_out_in_json():
    bare = check(record_of(disclosure("A", 0)).token()).statement.to_json()
    assert list(bare) == [
        "id", "issuer", "issued_at", "learner", "course", "holder_key", "withholds_entries",
    ]  # fmt: skip
    nothing = check(record_of().token()).statement
    assert nothing.learner is None
    assert nothing.is_complete
    assert "learner" not in nothing.to_json()


def test_the_holders_key_is_the_records():
    x = confirmation(HOLDER)[1][-2]
    assert shown().holder_key == x
