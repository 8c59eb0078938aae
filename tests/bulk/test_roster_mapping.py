from datetime import UTC, date, datetime

import pytest

from signedcert.bulk import IssuePlan
from signedcert.bulk.kernel.schemas import ROSTER, ROSTER_FIELDS
from signedcert.bulk.roster import RosterError, open_roster, read_mapping
from signedcert.bulk.roster.fields import FIELDS

FULL = """
[columns]
key = "Enrolment ID"
"learner.name" = "Student"
completed_on = "Finished"
course_ref = "Course code"
course.code = "Course code"
result.score = "Points"
[ignore]
columns = ["E-mail"]
[certificate]
limitations = ["no_degree_credit"]
signatories = [{ name = "Christian Terwiesch", title = "Professor" }]
skills = ["Plain", { name = "Defined", url = "https://skills.example.org/1" }]
expires_at = 2030-01-01T02:00:00+02:00
result = { maximum = 100 }
[certificate.course]
institution = "University of Pennsylvania"
level = "beginner"
[certificate.course.workload]
hours_per_week = [4.5, 7]
[courses."OPS-101"]
title = "Operations"
level = "advanced"
syllabus = [{ title = "Process analysis", hours = 4.50, topics = ["Flow"] }, { title = "End" }]
[courses.ART]
title = "Art"
institution = "Academy"
"""
CSV = (
    "Enrolment ID;Student;Finished;Course code;Points;E-mail\n"
    "1;Ann;2026-11-02;OPS-101;87.5;a@example.org\n"
    "2;Bo;2026-11-03;ART;;\n"
    "3;Cy;2026-11-03;NONE;1;\n"
    "4;Di;2026-11-03;;1;\n"
)


@pytest.fixture
def read(tmp_path):
    def read_data(text, mapping):
        path = tmp_path / "roster.csv"
        path.write_text(text, newline="")
        with open_roster(path, read_mapping(mapping.encode(), "m.toml")) as roster:
            return [row for batch in roster.batches() for row in batch.to_pylist()]

    return read_data


def test_cells_go_before_courses_and_those_before_the_certificate(read):
    ops, art, unknown, without = read(CSV, FULL)
    assert ops["key"] == "1"
    assert ops["course"]["title"] == "Operations"
    assert ops["course"]["institution"] == "University of Pennsylvania"
    assert ops["course"]["level"] == "advanced"
    assert ops["course"]["code"] == "OPS-101"
    assert ops["course"]["workload"] == {
        "weeks": None,
        "hours_per_week": ["4.5", "7"],
        "total_hours": None,
    }
    assert ops["course"]["syllabus"] == [
        {"title": "Process analysis", "topics": ["Flow"], "hours": "4.5"},
        {"title": "End", "topics": None, "hours": None},
    ]
    assert ops["course"]["credits"] is None
    assert ops["result"]["score"] == "87.5"
    assert ops["result"]["maximum"] == "100"
    assert ops["limitations"] == ["no_degree_credit"]
    assert ops["skills"][0] == {"name": "Plain", "url": None}
    assert ops["expires_at"] == datetime(2030, 1, 1, tzinfo=UTC)
    assert art["course"]["institution"] == "Academy"
    assert art["course"]["level"] == "beginner"
    assert art["course"]["syllabus"] is None
    assert art["result"] == {
        "score": None,
        "maximum": "100",
        "grade": None,
        "with_distinction": None,
    }
    assert unknown["reading_error"] == "course_ref: m.toml lists no course NONE under [courses]"
    assert without["reading_error"] == "course_ref: the row has no course code"
    assert without["course"]["title"] is None


def test_a_row_without_a_code_needs_a_title_of_its_own(read):
    mapping = '[courses.A]\ntitle = "T"\n[certificate.course]\ntitle = "Else"\ninstitution = "I"\n'
    rows = read(
        "learner,course,completed_on,course_ref\nA,,2026-01-02,A\nB,Own,2026-01-02,\n"
        "C,,2026-01-02,\nD,,2/3/2026,\nE\n",
        mapping,
    )
    assert [row["course"]["title"] for row in rows[:2]] == ["T", "Own"]
    assert [row["reading_error"] for row in rows[:3]] == [
        None,
        None,
        "course_ref: the row has no course code",
    ]
    assert rows[3]["reading_error"].endswith("two days; course_ref: the row has no course code")
    assert rows[4]["reading_error"] == "the row has 1 cell, the header has 4"


def test_short_names_stand_for_fields_in_the_mapping_too(read):
    mapping = '[columns]\nlearner = "Who"\nlatin_name = "L"\ncourse = "What"\ninstitution = "By"\n'
    row = read("Who,L,What,By,completed_on\nΩ,O,C,I,2026-01-02\n", mapping)[0]
    assert row["learner"] == {"name": "Ω", "latin_name": "O"}
    assert (row["course"]["title"], row["course"]["institution"]) == ("C", "I")


def test_a_struct_with_nothing_in_it_is_not_there(read):
    header = "learner,course,institution,completed_on,result.score,awarding_body.name\n"
    row = read(header + "A,C,I,2026-01-01,,\n", "")[0]
    assert row["result"] is None
    assert row["awarding_body"] is None


def test_each_kind_of_cell_is_read(read):
    cells = {
        "learner": "Ann",
        "course": "C",
        "institution": "I",
        "completed_on": "2026-01-31",
        "skills": "One | Two||",
        "limitations": "no_enrolment|Other limits",
        "course.partner_institutions": "P|Q",
        "course.workload.weeks": "8",
        "course.workload.hours_per_week": "5|7.5",
        "result.with_distinction": "TRUE",
        "expires_at": "2030-01-01T00:00:00Z",
        "signatories": '[{""name"": ""S"", ""title"": null}]',
        "course.syllabus": '[{""title"": ""T"", ""hours"": 4.5}]',
        "identity_checks": '[{""method"": ""photo_match"", ""performed_on"": ""2026-01-02""}]',
        "record_id": "04HM-ASW9-NF6Y-Y093",
    }
    text = ",".join(cells) + "\n" + ",".join(f'"{each}"' for each in cells.values()) + "\n"
    row = read(text, "")[0]
    assert row["reading_error"] is None
    assert row["skills"] == [{"name": "One", "url": None}, {"name": "Two", "url": None}]
    assert row["limitations"] == ["no_enrolment", "Other limits"]
    assert row["course"]["partner_institutions"] == ["P", "Q"]
    assert row["course"]["workload"]["weeks"] == 8
    assert row["course"]["workload"]["hours_per_week"] == ["5", "7.5"]
    assert row["result"]["with_distinction"] is True
    assert row["expires_at"] == datetime(2030, 1, 1, tzinfo=UTC)
    assert row["signatories"] == [{"name": "S", "title": None, "organisation": None}]
    assert row["course"]["syllabus"][0]["hours"] == "4.5"
    assert row["identity_checks"][0]["performed_on"] == date(2026, 1, 2)
    assert row["record_id"] == "04HM-ASW9-NF6Y-Y093"


def test_lists_are_split_at_the_separator_of_the_mapping(read):
    header = "learner,course,institution,completed_on,skills\n"
    row = read(header + "A,C,I,2026-01-01,a|b; c\n", '[csv]\nlist_separator = ";"')[0]
    assert [each["name"] for each in row["skills"]] == ["a|b", "c"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("02/03/2026", "02/03/2026: dates must be written YYYY-MM-DD; this could be two"),
        ("31.12.2026", "31.12.2026: dates must be written YYYY-MM-DD"),
        ("2026-2-3", "2026-2-3: dates must be written YYYY-MM-DD"),
        ("20260203", "dates must be written YYYY-MM-DD"),
        ("2026-W05-2", "dates must be written YYYY-MM-DD"),
        ("3 Feb 2026", "dates must be written YYYY-MM-DD"),
        ("2026-02-03T00:00:00Z", "dates must be written YYYY-MM-DD"),
        ("2026-02-03 00:00", "dates must be written YYYY-MM-DD"),
        ("46056", "spreadsheet"),
        ("0000-01-01", "there is no such day"),
        ("2026-02-30", "2026-02-30: there is no such day"),
        ("10000-01-01", "dates must be written YYYY-MM-DD"),
        ("-2026-01-01", "dates must be written YYYY-MM-DD"),
        ("٢٠٢٦-٠٢-٠٣", "dates must be written YYYY-MM-DD"),
        ("2026\x1b[2J" + "9" * 500, "2026\\u{001B}[2J9"),
    ],
)
def test_dates_that_are_not_iso_are_errors_of_their_rows(read, given, words):
    header = "learner,course,institution,completed_on\n"
    bad, good = read(f"{header}A,C,I,{given}\nB,C,I,2026-02-28\n", "")
    assert words in bad["reading_error"]
    assert bad["reading_error"].startswith("completed_on: ")
    assert len(bad["reading_error"]) < 200
    assert bad["completed_on"] is None
    assert good["reading_error"] is None
    assert good["completed_on"] == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("signatories", "Ann", "signatories: expected JSON"),
        ("signatories", "{}", "expected a JSON list"),
        ("signatories", '[""Ann""]', "item 1: expected an object"),
        ("signatories", '[{""nme"":1}]', "item 1: name: it is missing"),
        ("signatories", '[{""name"":""A"",""nme"":1}]', "item 1: nme: there is no such field; did"),
        ("signatories", '[{""name"":""A"",""additional"":{""200"":1}}]', "additional: there is no"),
        ("signatories", '[{""name"":""A"",""name"":""B""}]', "repeated"),
        ("signatories", "[" * 20_000, "expected JSON"),
        ("signatories", '[{""name"":NaN}]', "expected JSON"),
        ("signatories", "[" + ",".join(['{""name"":""A""}'] * 21) + "]", "there are 21 items"),
        ("course.workload.weeks", "8.5", "8.5: expected an integer"),
        ("course.workload.weeks", "٨", "expected an integer"),
        ("course.workload.hours_per_week", "5", "expected two numbers, such as 5|7"),
        ("result.with_distinction", "yes", "yes: expected true or false"),
        ("expires_at", "2030-01-01", "expected a moment"),
        ("expires_at", "2030-01-01T00:00:00", "expected a moment"),
    ],
)
def test_cells_that_do_not_fit_are_errors_of_their_rows(read, column, cell, words):
    header = f"learner,course,institution,completed_on,{column}\n"
    bad, good = read(f'{header}A,C,I,2026-01-01,"{cell}"\nA,C,I,2026-01-01,\n', "")
    assert bad["reading_error"].startswith(f"{column}: ")
    assert words in bad["reading_error"]
    assert good["reading_error"] is None


def test_a_row_has_all_its_reasons(read):
    header = "learner,course,institution,completed_on,result.with_distinction\n"
    row = read(header + "A,C,I,1/2/2026,no\n", "")[0]
    assert "1/2/2026" in row["reading_error"]
    assert "; result.with_distinction: no" in row["reading_error"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("[colums]", r"m\.toml: \[colums\]: there is no such table; did you mean columns"),
        ("x = 1", "there is no such table"),
        ("columns = 1", r"expected a table \[columns\]"),
        ('[columns]\n"learner.nme" = "A"', r"learner\.nme: .* did you mean learner\.name"),
        (
            '[columns]\n"learner.name" = "A"\nlearner.name = "B"',
            r"m\.toml: \[columns\] learner\.name: learner\.name is given twice",
        ),
        ('[columns]\ncourse = "A"\n"course.title" = "B"', "course.title is given twice"),
        ('[columns]\nid = "A"', "id: there is no such field"),
        ("[columns]\nkey = 1", "key: expected the name of a column"),
        ('[columns]\nkey = " "', "key: expected the name of a column"),
        ('[columns]\ncourse_ref = "A"', "finds nothing without courses"),
        ('[columns]\nkey = "Mail"\n[ignore]\ncolumns = ["mail"]', "the column of key stands under"),
        ("[ignore]\nal = true", r"\[ignore\] al: there is no such key; did you mean all"),
        ('[ignore]\nall = "yes"', "all: expected true or false"),
        ('[ignore]\ncolumns = "Mail"', "columns: expected names"),
        ("[certificate]\nid = 1", r"\[certificate\] id: the run gives it"),
        ("[certificate]\nstatus = 1", "status: the run gives it"),
        ("[certificate]\nskils = []", "skils: there is no such key; did you mean skills"),
        ('[certificate]\nlimitations = ["no_degre_credit"]', r"limitations\[0\]: expected one of"),
        ('[certificate.course]\ntitel = "A"', "course.titel: there is no such field; did you mean"),
        ("[certificate]\nsignatories = [{}]", r"signatories\[0\]\.name: it is missing"),
        ("[certificate.course]\nworkload = {weeks = 0}", "course.workload.weeks: expected an int"),
        ("[certificate.course]\nworkload = {}", "course.workload: set at least one"),
        ("[certificate.course.additional]\n200 = 1", "course.additional: there is no such field"),
        ("[certificate]\nexpires_at = 2030-01-01T00:00:00", "expires_at: .* time zone"),
        ("[certificate]\ncompleted_on = 2030-01-01T00:00:00Z", "completed_on: expected a calendar"),
        ('[courses.A]\ntitel = "A"', r"\[courses\.A\] titel: .* did you mean title"),
        ('[courses."A B"]\nsyllabus = [{title = ""}]', r'\[courses\."A B"\]:\n  syllabus\[0\]\.ti'),
        ("[courses.A]\nsyllabus = [{title = 'x', hours = -1}]", "hours: expected a number that"),
        ("[courses]\nA = 1", r"expected a table \[courses\.A\]"),
        ('[csv]\ndelimiter = "ab"', "delimiter: expected one sign"),
        ("[csv]\ndelimiter = '\"'", "delimiter: expected one sign"),
        ('[csv]\nencoding = "klingon"', "encoding: it is no encoding"),
        ('[csv]\nencoding = "unicode_escape"', "encoding: it is no encoding"),
        ('[csv]\nencoding = "a\\u0000b"', "encoding: it is no encoding"),
        ('[csv]\nlist_separator = ""', "list_separator: expected text"),
        ('[csv]\nlist_seperator = "|"', "did you mean list_separator"),
        ("[a\n", r"m\.toml: .*line 1"),
        ("a = " + "[" * 5000, "nested too deeply|Invalid"),
        ("a = " + "1" * 5000, "m.toml"),
        ("[certificate.result]\nscore = nan", "result.score: expected a finite"),
    ],
)
def test_mappings_that_are_wrong_are_refused_at_the_start(mapping, words):
    with pytest.raises(RosterError, match=words) as error:
        read_mapping(mapping.encode(), "m.toml")
    assert str(error.value).startswith("m.toml")


def test_a_mapping_that_is_not_utf_8_or_too_large_is_refused():
    with pytest.raises(RosterError, match=r"m\.toml, line 2"):
        read_mapping(b"# a\n# \xff", "m.toml")
    with pytest.raises(RosterError, match="more than"):
        read_mapping(b" " * (2**24 + 1), "m.toml")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ('[columns]\nkey = "ID"', "there is no column ID, which m.toml names for key"),
        ('[columns]\n"learner.latin_name" = "lerner"', "did you mean learner"),
        ('[courses.A]\ntitle = "T"', r"lists \[courses\], but no column"),
        ("[certificate.course.credits]\nsystem = 'ects'", "needs:\n  course.credits.amount"),
    ],
)
def test_mappings_that_do_not_fit_the_file_are_refused(read, mapping, words):
    with pytest.raises(RosterError, match=words):
        read("learner,course,institution,completed_on\n", mapping)


def test_courses_without_a_title_are_named(read):
    mapping = "[courses.A]\ntitle = 'T'\n[courses.B]\ncode = 'B'\n"
    with pytest.raises(RosterError, match="do not either: B"):
        read("learner,institution,completed_on,course_ref\n", mapping)


def test_every_field_of_the_batch_schema_can_be_filled():
    tops = {path.partition(".")[0] for path in FIELDS}
    assert tops == {each.name for each in ROSTER_FIELDS}
    assert {"line", "reading_error", "key", "position"} | tops == set(ROSTER.names)


def test_the_kernel_takes_the_batches(tmp_path):
    import signedcert as sc
    from signedcert.bulk import issue_batch

    path = tmp_path / "roster.csv"
    path.write_text(CSV)
    plan = IssuePlan("learn.example.edu", datetime(2026, 12, 1, tzinfo=UTC), bytes(32))
    with open_roster(path, read_mapping(FULL.encode(), "m.toml")) as roster:
        (batch,) = roster.batches()
    assert batch.schema == roster.schema
    issued = issue_batch(batch, plan, sc.SoftwareSigner.generate()).to_pylist()
    assert [row["line"] for row in issued] == [2, 3, 4, 5]
    assert [row["error"] is None for row in issued] == [True, True, False, False]
    assert "no course NONE" in issued[2]["error"]
    assert "no course code" in issued[3]["error"]
