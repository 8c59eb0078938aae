from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from signedcert.bulk.roster import NO_MAPPING, RosterError, open_roster, read_mapping
from signedcert.bulk.roster.errors import RowErrors
from signedcert.bulk.roster.fields import FIELDS
from signedcert.bulk.roster.parquet_values import field_values

DAY = date(2026, 11, 2)


def table(rows=2, **columns):
    given = {
        "learner": pa.array(["Ann", "Bo"] * rows)[:rows],
        "course": pa.array(["Ops"] * rows),
        "institution": pa.array(["Penn"] * rows),
        "completed_on": pa.array([DAY] * rows),
    }
    return pa.table(given | columns)


@pytest.fixture
def read(tmp_path):
    def read_table(given, mapping="", batch_rows=1000, **options):
        path = tmp_path / "roster.parquet"
        if isinstance(given, bytes):
            path.write_bytes(given)
        else:
            pq.write_table(given, path, **options)
        known = read_mapping(mapping.encode(), "m.toml") if mapping else NO_MAPPING
        with open_roster(path, known, batch_rows=batch_rows) as roster:
            return [row for batch in roster.batches() for row in batch.to_pylist()]

    return read_table


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int8(), pa.string()),
    ],
)
@pytest.mark.parametrize("use_dictionary", [True, False])
def test_text_of_every_kind_is_read_trimmed(read, kind, use_dictionary):
    learner = pa.array([" Ωmega ", "", None]).cast(kind)
    rows = read(table(3, learner=learner), use_dictionary=use_dictionary)
    assert [row["learner"] for row in rows] == [{"name": "Ωmega", "latin_name": None}, None, None]
    assert [row["line"] for row in rows] == [1, 2, 3]
    assert rows[0]["completed_on"] == DAY


def test_structs_and_flat_names_and_a_mapping_lead_to_the_same(read):
    nested = pa.table(
        {
            "learner": pa.array([{"name": "Ann"}, None]),
            "course": pa.array([{"title": "Ops", "institution": "Penn"}] * 2),
            "completed_on": pa.array([DAY, DAY]),
        }
    )
    named = pa.table(
        {
            "Who": pa.array([{"Full": {"Name": "Ann"}}, {"Full": None}]),
            "course.title": pa.array(["Ops", "Ops"]),
            "Course.Institution": pa.array(["Penn", "Penn"]),
            "completed_on": pa.array([DAY, DAY]),
        }
    )
    mapping = '[columns]\n"learner.name" = "Who.Full.Name"'
    assert read(nested) == read(named, mapping)
    assert [row["learner"] for row in read(nested)] == [{"name": "Ann", "latin_name": None}, None]


def test_numbers_dates_moments_and_lists_of_every_kind_are_read(read):
    rows = read(
        table(
            **{
                "key": pa.array([7, None], pa.uint32()),
                "completed_on": pa.array([DAY, DAY]).cast(pa.date64()),
                "result.score": pa.array([87.5, 90.0]),
                "result.maximum": pa.array([Decimal("100.00"), None]),
                "result.with_distinction": pa.array([True, None]),
                "course.workload.weeks": pa.array([8.0, None]),
                "course.workload.hours_per_week": pa.array([[5, 7], None], pa.list_(pa.int8(), 2)),
                "skills": pa.array([["a", "b"], None], pa.large_list(pa.large_string())),
                "limitations": pa.array(["no_enrolment|x", None]),
                "signatories": pa.array([[{"title": "Professor", "name": "S"}], []]),
                "course.syllabus": pa.array([[{"title": "T", "hours": 4.5}], None]),
                "expires_at": pa.array([datetime(2030, 1, 1, tzinfo=UTC), None]),
                "identity_checks": pa.array(
                    ['[{"method": "photo_match"}]', None], pa.dictionary(pa.int32(), pa.string())
                ),
            }
        )
    )
    row = rows[0]
    assert [each["reading_error"] for each in rows] == [None, None]
    assert [each["key"] for each in rows] == ["7", None]
    assert row["completed_on"] == DAY
    assert row["result"]["score"] == "87.5"
    assert rows[1]["result"]["score"] == "90"
    assert row["result"]["maximum"] == "100.00"
    assert row["course"]["workload"]["weeks"] == 8
    assert row["course"]["workload"]["hours_per_week"] == ["5", "7"]
    assert row["skills"] == [{"name": "a", "url": None}, {"name": "b", "url": None}]
    assert row["limitations"] == ["no_enrolment", "x"]
    assert row["signatories"] == [{"name": "S", "title": "Professor", "organisation": None}]
    assert row["course"]["syllabus"] == [{"title": "T", "topics": None, "hours": "4.5"}]
    assert row["expires_at"] == datetime(2030, 1, 1, tzinfo=UTC)
    assert row["identity_checks"][0]["method"] == "photo_match"
    assert rows[1]["skills"] is None


def test_numbers_are_text_in_plain_form_however_small_or_large(read):
    numbers = pa.array([[1e-7, 4.5, None], [1e10, 0.1]])
    rows = read(
        table(
            **{
                "result.score": pa.array([1e-7, None]),
                "course.workload.hours_per_week": pa.array([[1e-7, 1e10], None]),
                "course.syllabus": pa.array(
                    [
                        [{"hours": hours, "title": "T"} for hours in module]
                        for module in numbers.to_pylist()
                    ]
                ),
                "course.workload.weeks": pa.array([8.0, 1e2]),
            }
        )
    )
    assert [row["reading_error"] for row in rows] == [None, None]
    assert rows[0]["result"]["score"] == "0.0000001"
    assert rows[1]["result"] is None
    assert rows[0]["course"]["workload"]["hours_per_week"] == ["0.0000001", "10000000000"]
    assert [row["course"]["workload"]["weeks"] for row in rows] == [8, 100]
    assert [[each["hours"] for each in row["course"]["syllabus"]] for row in rows] == [
        ["0.0000001", "4.5", None],
        ["10000000000", "0.1"],
    ]


def test_items_of_lists_are_trimmed_and_names_alone_are_enough(read):
    rows = read(
        table(
            skills=pa.array([["SQL", " R "], None]),
            limitations=pa.array([[" no_enrolment"], []]),
            signatories=pa.array([None, ["A. Dean ", "B"]]),
        )
    )
    assert [each["name"] for each in rows[0]["skills"]] == ["SQL", "R"]
    assert rows[0]["limitations"] == ["no_enrolment"]
    assert rows[0]["signatories"] is rows[1]["skills"] is None
    assert rows[1]["limitations"] == []
    assert rows[1]["signatories"] == [
        {"name": name, "title": None, "organisation": None} for name in ("A. Dean", "B")
    ]


def test_columns_without_any_value_are_read(read):
    rows = read(table(key=pa.nulls(2), skills=pa.nulls(2), valid_from=pa.nulls(2)))
    assert rows[0]["key"] is rows[0]["skills"] is rows[0]["valid_from"] is None


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("completed_on", pa.array([datetime(2026, 1, 1)] * 2), "depends on the time zone"),
        ("completed_on", pa.array([46056] * 2), "expected dates"),
        ("learner", pa.array([1, 2]), "expected text; the column has the type int64"),
        ("learner", pa.array([b"A", b"B"]), "expected text; the column has the type binary"),
        ("key", pa.array([1.0, 2.0]), "expected text or integers"),
        ("expires_at", pa.array([datetime(2030, 1, 1)] * 2), "with a time zone"),
        ("result.with_distinction", pa.array([1, 0]), "expected true and false"),
        ("course.workload.weeks", pa.array([True, False]), "expected integers"),
        ("skills", pa.array([[1], [2]]), "expected a struct"),
        ("identity_checks", pa.array([["A"], ["B"]]), "expected a struct"),
        ("signatories", pa.array([[{"name": "A", "nme": "B"}]] * 2), "it has nme; there are name"),
        ("signatories", pa.array([[{"name": 1}]] * 2), "name: expected text"),
        ("course.workload.hours_per_week", pa.array([5, 6]), "list of two numbers"),
    ],
)
def test_types_that_do_not_fit_are_refused_before_any_row(tmp_path, column, values, words):
    path = tmp_path / "roster.parquet"
    pq.write_table(table(**{column: values}), path)
    with pytest.raises(RosterError, match=words) as error:
        open_roster(path)
    assert f"the column {column} cannot be" in str(error.value)


def test_columns_are_refused_as_in_csv(read):
    with pytest.raises(RosterError, match="not used: Email"):
        read(table(Email=pa.array(["a", "b"])))
    with pytest.raises(RosterError, match="needs:\n  completed_on"):
        read(table().drop_columns(["completed_on"]))
    with pytest.raises(RosterError, match="two columns have one name"):
        read(table(Learner=pa.array(["a", "b"])))
    twice = pa.table([pa.array(["a"])] * 2, names=["learner", "learner"])
    with pytest.raises(RosterError, match="two columns have one name"):
        read(twice)


def test_text_dates_follow_the_same_rule(read):
    rows = read(table(completed_on=pa.array(["02/03/2026", "2026-02-03"])))
    assert "must be written YYYY-MM-DD; this could be two days" in rows[0]["reading_error"]
    assert rows[1]["completed_on"] == date(2026, 2, 3)


def test_values_that_do_not_fit_are_errors_of_their_rows(read):
    rows = read(
        table(
            3,
            **{
                "completed_on": pa.array([2_932_896, 2_932_897, -800_000], pa.int32()).cast(
                    pa.date32()
                ),
                "course.workload.weeks": pa.array([1.5, 2.0, float("nan")]),
                "valid_from": pa.array([0, -1, 253_402_300_800], pa.timestamp("s", "UTC")),
            },
        )
    )
    assert rows[0]["completed_on"] == date(9999, 12, 31)
    assert "course.workload.weeks: " in rows[0]["reading_error"]
    assert rows[1]["reading_error"] == (
        "completed_on: the date is out of range; valid_from: the date is out of range"
    ) or rows[1]["reading_error"] == (
        "valid_from: the date is out of range; completed_on: the date is out of range"
    )
    assert rows[2]["completed_on"] is rows[2]["valid_from"] is None
    assert "weeks" in rows[2]["reading_error"]


@pytest.mark.parametrize("use_dictionary", [True, False])
def test_text_that_is_not_utf_8_is_the_error_of_its_row(read, use_dictionary):
    raw = [b"Ann", b"\xff\xfe", b"Cy"]
    bad = pa.Array.from_buffers(pa.string(), 3, pa.array(raw).buffers())
    offsets = pa.array([0, 2, 3, 3], pa.int32())
    skills = pa.ListArray.from_arrays(offsets, bad)
    rows = read(table(3, learner=bad, skills=skills), use_dictionary=use_dictionary)
    assert [row["reading_error"] for row in rows] == [
        "skills: the text is not UTF-8",
        "learner.name: the text is not UTF-8",
        None,
    ]
    assert rows[1]["learner"] is None
    assert rows[1]["skills"] == [{"name": "Cy", "url": None}]
    assert rows[2]["learner"]["name"] == "Cy"


@pytest.mark.parametrize("group", [1, 7, 100])
def test_rows_keep_their_numbers_whatever_the_row_groups_are(tmp_path, group):
    path = tmp_path / "r.parquet"
    keys = [f"k{number}" for number in range(1, 51)]
    pq.write_table(table(50, key=pa.array(keys)), path, row_group_size=group)
    with open_roster(path, batch_rows=8) as roster:
        assert roster.rows_total == 50
        batches = list(roster.batches())
        again = list(roster.batches())
        assert roster.bytes_read == roster.bytes_total
    rows = [row for batch in batches for row in batch.to_pylist()]
    assert [row["key"] for row in rows] == keys
    assert [row["line"] for row in rows] == list(range(1, 51))
    assert max(batch.num_rows for batch in batches) <= 8
    assert batches == again


def test_lists_stay_with_their_rows_where_batches_are_cut(tmp_path):
    path = tmp_path / "r.parquet"
    rows = 512
    lists = [None if row % 5 == 0 else [f"{row}"] * (row % 3) for row in range(rows)]
    pq.write_table(table(rows, skills=pa.array(lists)), path)
    with open_roster(path, batch_rows=300) as roster:
        batches = list(roster.batches())
    assert [batch.num_rows for batch in batches] == [300, 212]
    read = [row["skills"] for batch in batches for row in batch.to_pylist()]
    assert [each and [item["name"] for item in each] for each in read] == lists


def test_a_slice_of_lists_is_read_like_any_other_column():
    lists = pa.array([["a"], ["b", "c"], None, [], ["d"]]).slice(1)
    read = field_values(lists, FIELDS["skills"], "|", RowErrors()).to_pylist()
    names = [each and [item["name"] for item in each] for each in read]
    assert names == [["b", "c"], None, [], ["d"]]


def test_a_small_file_that_stands_for_much_text_comes_in_small_batches(tmp_path):
    path = tmp_path / "r.parquet"
    rows = 2000
    pq.write_table(table(rows, key=pa.array(["x" * 60_000] * rows)), path)
    assert path.stat().st_size < 200_000
    before = pa.total_allocated_bytes()
    most = 0
    with open_roster(path, batch_rows=100_000) as roster:
        count = 0
        for batch in roster.batches():
            count += batch.num_rows
            most = max(most, pa.total_allocated_bytes() - before)
    assert count == rows
    assert most < 60_000_000  # all together it is 120 million


def damaged_files():
    sink = pa.BufferOutputStream()
    pq.write_table(table(100), sink)
    whole = sink.getvalue().to_pybytes()
    yield "cut", whole[:-20]
    yield "head", whole[:50]
    yield "magic", b"PAR1"
    yield "footer", whole[:-200] + bytes(150) + whole[-50:]
    yield "length", whole[:-8] + b"\xff\xff\xff\x7f" + whole[-4:]


@pytest.mark.parametrize(("name", "data"), list(damaged_files()))
def test_damaged_files_are_refused_without_a_traceback(read, name, data):
    with pytest.raises(RosterError, match=r"roster\.parquet: the Parquet file cannot be read"):
        read(data)


def test_a_damaged_page_is_noticed_when_it_is_reached(tmp_path):
    path = tmp_path / "roster.parquet"
    pq.write_table(table(5000), path, write_page_checksum=True, compression="none")
    data = path.read_bytes()
    at = data.index(b"\x03\x00\x00\x00Ops")  # in the dictionary
    path.write_bytes(data[: at + 4] + b"Apt" + data[at + 7 :])
    with open_roster(path) as roster, pytest.raises(RosterError, match="cannot be read"):
        list(roster.batches())


def test_encrypted_files_and_other_files_are_refused(read):
    with pytest.raises(RosterError, match="is encrypted"):
        read(b"PARE" + bytes(100) + b"PARE")
    with pytest.raises(RosterError, match="no Parquet file, whatever its name says"):
        read(b"learner,course\n")


def test_a_parquet_file_is_known_by_its_content(tmp_path):
    path = tmp_path / "roster.csv"
    pq.write_table(table(), path)
    with open_roster(path) as roster:
        assert roster.rows_total == 2
