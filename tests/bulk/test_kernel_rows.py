"""Rows that are wrong, and columns of whatever types: each row by itself, and never a traceback."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_rows import MANY, PLAN, WITHDRAWABLE, cells, roster, row

import signedcert as sc
from issuing import ISSUED_AT, SIGNER
from signedcert.bulk import ROSTER, issue_batch
from signedcert.bulk.kernel.schemas import ROSTER_FIELDS

GOOD = row(learner={"name": "Ada Lovelace"})
COURSE = row()["course"]


def column(name, values, batch=None):
    """A batch with one column replaced by another one of whatever type."""
    batch = roster(*[row()] * len(values)) if batch is None else batch
    place = batch.schema.get_field_index(name)
    return batch.set_column(place, name, values)


def errors(batch, plan=PLAN):
    return issue_batch(batch, plan, SIGNER).column("error").to_pylist()


def statements(batch, plan=PLAN):
    """The certificates of a batch, in which nothing is wrong."""
    out = issue_batch(batch, plan, SIGNER)
    assert out.column("error").to_pylist() == [None] * batch.num_rows
    return [
        sc.codec.lift.lift(sc.codec.frames.parse_frame(token).payload, sc.Certificate)
        for token in out.column("token").to_pylist()
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"learner": None}, "learner: it is missing; expected: who completed the course"),
        ({"learner": {"name": None}}, "learner: it is missing; expected: who completed the course"),
        ({"learner": {"name": "a\x07b"}}, "learner.name: character U+0007 at position 1 is not"),
        ({"learner": {"name": " "}}, "learner.name: the text is blank; leave the field out"),
        ({"learner": {"name": "x" * 201}}, "learner.name: the text has 201 characters, at most"),
        ({"learner": {"name": "é", "latin_name": "\n"}}, "learner.latin_name: character U+000A"),
        ({"learner": {"latin_name": "E"}}, "learner.name: it is missing; expected: the name as"),
        ({"course": None}, "course: it is missing; expected: what was completed"),
        ({"course": COURSE | {"url": "ftp://a"}}, "course.url: expected an http(s) URL"),
        ({"course": COURSE | {"level": "hard_one"}}, "course.level: expected one of beginner, "),
        ({"course": COURSE | {"syllabus": [{"hours": "5"}]}}, "course.syllabus[0].title: it is mi"),
        ({"course": COURSE | {"syllabus": [None]}}, "course.syllabus[0]: expected an object with"),
        ({"course": COURSE | {"workload": {"weeks": 0}}}, "course.workload.weeks: expected an int"),
        (
            {"course": COURSE | {"workload": {"hours_per_week": ["7", "5"]}}},
            "course.workload.hours_per_week: expected the lower number first",
        ),
        (
            {"course": COURSE | {"workload": {"hours_per_week": ["7", None]}}},
            "course.workload.hours_per_week: expected a decimal number, got null",
        ),
        ({"skills": [{"name": "a", "url": "b"}]}, "skills[0].url: expected an http(s) URL"),
        ({"skills": [None]}, "skills[0]: "),
        ({"signatories": [{"title": "Dean"}]}, "signatories[0].name: it is missing; expected: na"),
        ({"limitations": ["no_visa_at_all"]}, "limitations[0]: expected one of no_degree_credit"),
        ({"identity_checks": [{"method": "photo_match", "portrait_digest": "12"}]}, "identity_ch"),
        ({"result": {"score": "87,5"}}, "result.score: expected a decimal number such as 87.5"),
        ({"result": {"score": "1" * 16 + "." + "1" * 9}}, "result.score: expected at most 9 dec"),
        ({"result": {"grade": ""}}, "result.grade: the text is empty; leave the field out"),
        ({"record_id": "0000"}, "record_id: expected a code of 16 Crockford base32 characters"),
        ({"language": "English"}, "language: expected a BCP 47 language tag"),
        ({"completed_on": None}, "completed_on: it is missing; expected: the day it was"),
        ({"expires_at": ISSUED_AT}, "the statement: expires_at is not after valid_from or issued"),
        (
            {"valid_from": datetime(1969, 1, 1, tzinfo=UTC)},
            "valid_from: expected a moment from 1970 to 9999",
        ),
        ({"reading_error": "line 3 has 4 cells"}, "line 3 has 4 cells"),
        (
            {"learner": None, "completed_on": None, "language": "E"},
            "learner: it is missing; expected: who completed the course; completed_on: it is m",
        ),
    ],
)
def test_a_wrong_row_is_a_row_with_its_error_and_stops_no_other(fields, said):
    found = errors(roster(GOOD, row(**fields, line=7), GOOD))
    assert found[0] is found[2] is None
    assert found[1].startswith(said)
    out = issue_batch(roster(row(**fields, line=7, key="seven")), PLAN, SIGNER).to_pylist()[0]
    assert (out["line"], out["key"]) == (7, "seven")


def test_a_row_names_everything_that_is_wrong_with_it():
    wrong = row(learner={"name": ""}, language="E", course={"title": "T"})
    assert [part.split(": ")[0] for part in errors(roster(wrong))[0].split("; ")[::2]] == [
        "learner.name",
        "course.institution",
        "language",
    ]


@pytest.mark.parametrize(
    "size", [{"description": "字" * 4000}, {"syllabus": [{"title": "t" * 300}] * 60}]
)
def test_what_is_too_large_for_a_token_is_an_error_of_its_row(size):
    modules = [{"title": "m" * 300, "topics": ["t" * 300] * 10}] * 4
    large = row(course=COURSE | {"syllabus": modules} | size)
    found = errors(roster(GOOD, large, GOOD))
    assert found[0] is found[2] is None
    assert "at most 16384 are allowed; shorten" in found[1]


def test_what_has_too_many_items_is_an_error_of_its_row():
    many = row(course=COURSE | {"syllabus": [{"title": "m", "topics": ["t"] * 50}] * 100})
    assert "more than 4096 items" in errors(roster(many))[0]
    some = row(course=COURSE | {"syllabus": [{"title": "m", "topics": ["t"] * 35}] * 100})
    assert errors(roster(some)) == [None]


def test_whether_a_row_fits_does_not_depend_on_its_place():
    """With the longest place of the run it has to fit."""
    lengths = range(1, 301, 3)
    rows = [
        row(
            course=COURSE | {"description": "é" * 4000, "syllabus": [{"title": "t" * 300}] * 27},
            awarding_body={"name": "a" * length},
        )
        for length in lengths
    ]
    placed = [each | {"position": number} for number, each in enumerate(rows)]
    fits = [error is None for error in errors(roster(*placed), WITHDRAWABLE)]
    without = [error is None for error in errors(roster(*rows))]
    assert fits == sorted(fits, reverse=True)
    # The longest takes some bytes, so that some fit without a place alone.
    assert 0 < sum(fits) < sum(without) < len(rows)


def as_bytes(values):
    return pa.array([each if isinstance(each, bytes | None) else each.encode() for each in values])


NOT_UTF8 = as_bytes([b"fine", b"\xff\xfe", None, b"\xed\xa0\x80", "é"])


def test_texts_that_are_not_in_utf8_are_errors_of_their_rows():
    texts = NOT_UTF8.view(pa.string())
    learners = pa.StructArray.from_arrays([texts], ["name"])
    found = errors(column("learner", learners))
    assert [error and error.split(";")[0] for error in found] == [
        None,
        "learner: there is text in it that is not in UTF-8",
        "learner: it is missing",
        "learner: there is text in it that is not in UTF-8",
        None,
    ]
    skills = pa.ListArray.from_arrays(pa.array([0, 1, 3, 3, 4, 5], pa.int32()), texts)
    found = errors(column("skills", skills))
    assert [error is None for error in found] == [True, False, True, False, True]
    found = errors(column("language", texts).slice(1, 2))
    assert [error and error.split(";")[0] for error in found] == [
        "language: there is text in it that is not in UTF-8",
        None,
    ]


KINDS = [pa.large_string(), pa.string_view(), "dictionary"]
LISTS = [pa.large_list(pa.large_string()), pa.list_(pa.string_view(), 1)]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_so_are_those_in_columns_of_other_kinds_of_text(kind):
    texts = NOT_UTF8.view(pa.string())
    texts = texts.dictionary_encode() if kind == "dictionary" else texts.cast(kind)
    out = issue_batch(column("key", texts), PLAN, SIGNER)
    found = [error is None for error in out.column("error").to_pylist()]
    assert found == [True, False, True, False, True]
    # What is no text is not passed on.
    assert out.column("key").to_pylist() == ["fine", None, None, None, "é"]
    out.validate(full=True)


@pytest.mark.parametrize("kind", LISTS, ids=str)
def test_so_are_those_in_lists_of_other_kinds(kind):
    texts = as_bytes([b"no_enrolment", b"\xff\xfe", "é"]).view(pa.string())
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), texts)
    found = errors(column("limitations", lists.cast(kind)))
    assert [error is None for error in found] == [True, False, True]


def test_so_are_those_beside_dates_that_nobody_has():
    checks = pa.StructArray.from_arrays(
        [
            as_bytes([b"photo_match", b"photo_match", b"\xff"]).view(pa.string()),
            pa.array([0, 2**31 - 1, 0], pa.int32()).cast(pa.date32()),
        ],
        ["method", "performed_on"],
    )
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), checks)
    assert [error and error[15:50] for error in errors(column("identity_checks", lists))] == [
        None,
        ": there is a date or a moment in it",
        ": there is text in it that is not i",
    ]


def test_a_column_of_nothing_is_no_column():
    for name in ROSTER.names:
        found = errors(column(name, pa.nulls(2)))
        missing = name in {"learner", "course", "completed_on"}
        assert [error is not None for error in found] == [missing] * 2


def test_a_hostile_parquet_file_is_read_row_by_row(tmp_path):
    pq.write_table(pa.table({"key": NOT_UTF8.view(pa.string())}), tmp_path / "roster.parquet")
    keys = pq.read_table(tmp_path / "roster.parquet").column("key").combine_chunks()
    assert keys.type == pa.string()
    assert [error is None for error in errors(column("key", keys))] == [1, 0, 1, 0, 1]


def test_buffers_that_contradict_one_another_are_refused():
    offsets = pa.py_buffer(pa.array([0, 2, 90, 1000], pa.int32()).buffers()[1].to_pybytes())
    good = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(bytes(1000))])
    back = pa.py_buffer(pa.array([0, 900, 90, 1000], pa.int32()).buffers()[1].to_pybytes())
    bad = pa.Array.from_buffers(pa.string(), 3, [None, back, pa.py_buffer(b"x" * 1000)])
    assert len(errors(column("key", good))) == 3
    with pytest.raises(ValueError, match="the column key is damaged"):
        errors(column("key", bad))
    beyond = pa.DictionaryArray.from_arrays(pa.array([0, 1, 99]), pa.array(["a", "b"]), safe=False)
    with pytest.raises(ValueError, match="the column key is damaged"):
        errors(column("key", beyond))


def test_dates_that_nobody_has_are_errors_of_their_rows():
    days = pa.array([0, 2**31 - 1, -(2**31), 20_000], pa.int32()).cast(pa.date32())
    found = errors(column("completed_on", days))
    assert found[0] is found[3] is None
    assert found[1] == found[2]
    assert found[1].startswith("completed_on: there is a date or a moment in it that is beyond")
    moments = pa.array([2**62, 2_000_000_000], pa.int64()).cast(pa.timestamp("s", "UTC"))
    found = errors(column("expires_at", moments))
    assert found[0].startswith("expires_at: there is a date or a moment in it")
    assert found[1] is None


def test_numbers_that_are_none_are_errors_of_their_rows():
    scores = pa.array([4.5, float("nan"), float("inf"), 0.1 + 0.2, 1e300, None])
    found = errors(column("result", pa.StructArray.from_arrays([scores], ["score"])))
    assert found[0] is found[5] is None
    assert [error.split(": ")[0] for error in found[1:5]] == ["result.score"] * 4
    assert "finite" in found[1]


#: Columns of other types that say the same as the roster's own.
SAME = {
    "learner": pa.array([{"latin_name": None, "name": "Ada Lovelace"}]),
    "completed_on": pa.array(["2026-11-02"]),
    "expires_at": pa.array([datetime(2027, 1, 1, tzinfo=UTC)], pa.timestamp("ns", "Europe/Paris")),
    "valid_from": pa.array(["2026-12-01T00:00:00+01:00"]),
    "skills": pa.array([["Process Analysis"]], pa.large_list(pa.large_string())),
    "limitations": pa.array([["no_enrolment"]], pa.list_(pa.string_view(), 1)),
    "language": pa.array(["en"]).dictionary_encode(),
    "record_id": pa.array([b"0123456789"], pa.large_binary()),
    "identity_checks": pa.array(
        [[{"method": "photo_match", "portrait_digest": bytes(32)}]],
        pa.list_(pa.struct([("method", pa.string()), ("portrait_digest", pa.binary())])),
    ),
    "awarding_body": pa.nulls(1),
    "result": pa.array([{"score": Decimal("87.50"), "maximum": 100, "with_distinction": "true"}]),
    "course": pa.array(
        [
            COURSE
            | {
                "syllabus": [{"title": "Quality", "hours": 5}],
                "workload": {"weeks": "8", "hours_per_week": [5.0, 7.5], "total_hours": 40},
            }
        ]
    ),
}


def test_names_alone_say_who_it_is():
    usual = row(
        learner={"name": "Ada Lovelace"},
        signatories=[{"name": "A. Dean"}, {"name": " B "}],
        awarding_body={"name": "University of Example"},
    )
    batch = roster(usual)
    found = column("learner", pa.array(["Ada Lovelace"]), batch)
    found = column("signatories", pa.array([["A. Dean", " B "]]), found)
    found = column("awarding_body", pa.array(["University of Example"]).dictionary_encode(), found)
    assert statements(found) == statements(batch)
    wrong = column("signatories", pa.array([["A"], [None], [""], None]))
    assert [error and error.split(":")[0] for error in errors(wrong)] == [
        None,
        "signatories[0]",
        "signatories[0].name",
        None,
    ]
    wrong = column("learner", pa.array(["A", None, "\n"]))
    assert [error and error.split(":")[0] for error in errors(wrong)] == [
        None,
        "learner",
        "learner.name",
    ]


@pytest.mark.parametrize("name", SAME)
def test_columns_of_other_types_say_the_same(name):
    usual = row(
        learner={"name": "Ada Lovelace"},
        valid_from=datetime(2026, 11, 30, 23, tzinfo=UTC),
        expires_at=datetime(2027, 1, 1, tzinfo=UTC),
        skills=[{"name": "Process Analysis"}],
        limitations=["no_enrolment"],
        language="en",
        record_id="60RK-4CSM-6MV3-EE1S",
        identity_checks=[{"method": "photo_match", "portrait_digest": "00" * 32}],
        result={"score": "87.5", "maximum": "100", "with_distinction": True},
        course=COURSE
        | {
            "syllabus": [{"title": "Quality", "topics": [], "hours": "5"}],
            "workload": {"weeks": 8, "hours_per_week": ["5", "7.5"], "total_hours": "40"},
        },
    )
    batch = roster(usual)
    assert statements(column(name, SAME[name], batch)) == statements(batch)


def test_what_says_nothing_is_not_there():
    empty = row(
        result={"score": None, "with_distinction": False},
        skills=[],
        signatories=None,
        awarding_body={"name": None, "url": None},
        course=COURSE | {"workload": {"hours_per_week": []}, "syllabus": [], "credits": {}},
    )
    assert statements(roster(empty)) == statements(roster(row()))


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("course", pa.array(["Statistics"]), "the column course has the type string; expected str"),
        ("learner", pa.array([{"nom": "x"}]), "the column learner has a field nom that it may not"),
        ("learner", pa.array([["x"]]), "the column learner has the type list"),
        ("completed_on", pa.array([20260101]), "completed_on has the type int64; expected date32"),
        ("expires_at", pa.array([datetime(2027, 1, 1)]), "expires_at has the type timestamp"),
        ("identity_checks", pa.array([["x"]]), "the column identity_checks[] has the type string"),
        ("skills", pa.array([[5]]), "the column skills[] has the type int64; expected struct"),
        ("language", pa.array([b"en"]), "the column language has the type binary; expected string"),
        ("position", pa.array(["1"]), "the column position has the type string; expected int64"),
        ("key", pa.array([1]), "the column key has the type int64; expected string"),
        (
            "course",
            pa.array([{"title": "T", "institution": "I", "workload": {"weeks": True}}]),
            "the column course.workload.weeks has the type bool; expected int64",
        ),
        ("limitations", pa.array([["x"]], pa.list_view(pa.string())), "has the type list_view"),
        (
            "limitations",
            pa.DictionaryArray.from_arrays([0], pa.array([["x"]], pa.list_(pa.string_view()))),
            "the column limitations of the type dictionary",
        ),
        ("result", pa.array([{"score": True}]), "the column result.score has the type bool; expec"),
        (
            "limitations",
            pa.StructArray.from_arrays([pa.array(["x"])], ["x"]),
            "the column limitations has the type struct",
        ),
        (
            "learner",
            pa.StructArray.from_arrays([pa.array(["x"])] * 2, ["name", "name"]),
            "the column learner has a field name that it may not have",
        ),
        (
            "learner",
            pa.StructArray.from_arrays([pa.array(["x"]).dictionary_encode()], ["name"]),
            None,
        ),
    ],
)
def test_other_types_are_the_callers_mistake_and_are_named(name, values, said):
    batch = column(name, values)
    if said is None:
        assert errors(batch) == [None]
        return
    with pytest.raises(ValueError) as caught:
        errors(batch)
    assert said in str(caught.value)


def test_unknown_and_missing_and_repeated_columns_are_the_callers_mistake():
    batch = roster(row())
    for name in ("issuer", "id", "status", "grade"):
        with pytest.raises(ValueError, match=f"a roster has no column {name}; it may have line, "):
            errors(batch.append_column(name, pa.array(["x"])))
    for name in ("learner", "course", "completed_on"):
        with pytest.raises(ValueError, match=f"a roster has a column {name}: "):
            errors(batch.drop_columns(name))
    with pytest.raises(ValueError, match="the column key is there 2 times"):
        errors(batch.append_column("key", pa.array(["x"])))
    required = batch.select(["completed_on", "learner", "course"])
    assert statements(required) == statements(batch)


def test_the_columns_are_in_the_order_of_the_model():
    assert ROSTER.names[4:7] == ["learner", "course", "completed_on"]
    assert ROSTER.field("course").type.field("syllabus").type == pa.list_(
        pa.struct(
            [("title", pa.string()), ("topics", pa.list_(pa.string())), ("hours", pa.string())]
        )
    )


CELLS = {
    "position": st.none() | st.integers(0, 1002),
    "reading_error": st.none() | st.just("unreadable"),
    "completed_on": st.none() | st.dates(),
    "language": st.none() | st.text(max_size=3),
    "limitations": st.none() | st.lists(st.none() | st.text(max_size=20), max_size=3),
}


@settings(max_examples=30)
@given(MANY, st.data())
def test_whatever_is_in_the_rows_nothing_is_raised_and_good_rows_are_good(certificates, data):
    rows = [cells(each) for each in certificates]
    for each in rows:
        if data.draw(st.booleans()):
            name = data.draw(st.sampled_from(sorted(CELLS)))
            each[name] = data.draw(CELLS[name])
    batch = roster(*rows)
    alone = [issue_batch(batch.slice(number, 1), PLAN, SIGNER) for number in range(len(rows))]
    together = issue_batch(batch, PLAN, SIGNER)
    assert together.to_pylist() == [each.to_pylist()[0] for each in alone]
    for found in together.to_pylist():
        assert (found["error"] is None) != (found["token"] is None)


def test_what_is_under_a_null_is_nowhere_to_be_seen():
    """Arrow keeps what stood there before, and so may a file."""
    names = pa.array(["hidden", "seen"])
    learners = pa.StructArray.from_arrays([names], ["name"], mask=pa.array([True, False]))
    found = errors(column("learner", learners))
    assert found[0].startswith("learner: it is missing")
    assert found[1] is None
    skills = pa.ListArray.from_arrays(
        pa.array([0, 1, 2], pa.int32()), pa.array(["a", "b"]), mask=pa.array([True, False])
    )
    first, second = statements(column("skills", skills))
    assert (first.skills, second.skills) == ((), ("b",))


def test_lists_of_nothing_are_told_from_lists_of_nulls():
    found = errors(roster(row(limitations=[]), row(limitations=[None]), row()))
    assert [error is None for error in found] == [True, False, True]


def test_rows_that_differ_in_nothing_but_the_place_of_a_text_are_told_apart():
    """Their bytes, one behind the other, are the same."""
    rows = [
        row(skills=[{"name": "ab"}, {"name": "c"}]),
        row(skills=[{"name": "a"}, {"name": "bc"}]),
        row(skills=[{"name": "abc"}]),
        row(awarded_title="abc"),
        row(language="abc"),
        row(awarded_title="ab", language="abc"),
        row(signatories=[{"name": "a", "title": "b"}]),
        row(signatories=[{"name": "a", "organisation": "b"}]),
        row(signatories=[{"name": "a"}, {"name": "b"}]),
    ]
    whole = statements(roster(*rows))
    assert whole == [statements(roster(each))[0] for each in rows]
    assert len({each.model_dump_json(exclude={"id"}) for each in whole}) == len(rows)
    # Also where each is in a batch of its own, with no more columns than it needs.
    names = [field.name for field in ROSTER_FIELDS]
    for each, found in zip(rows, whole, strict=True):
        needed = [name for name in names if name in each]
        assert statements(roster(each).select(needed)) == [found]
    assert date(2026, 11, 2) == whole[0].completed_on
