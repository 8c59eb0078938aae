import codecs
import contextlib
import csv
import io
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signedcert.bulk.roster import NO_MAPPING, RosterError, open_roster, read_mapping
from signedcert.bulk.roster.text_lines import BLOCK

HEADER = "key,learner,course,institution,completed_on"
ROW = "E1,Nīlä Ωmega,Operations,Penn,2026-11-02"


@pytest.fixture
def read(tmp_path):
    def read_data(data, mapping="", batch_rows=1000, name="roster.csv"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        known = read_mapping(mapping.encode(), "mapping.toml") if mapping else NO_MAPPING
        with open_roster(path, known, batch_rows=batch_rows) as roster:
            return [row for batch in roster.batches() for row in batch.to_pylist()]

    return read_data


def flat(row):
    return (
        row["key"],
        row["learner"]["name"],
        row["course"]["title"],
        row["course"]["institution"],
        row["completed_on"],
    )


THE_ROW = ("E1", "Nīlä Ωmega", "Operations", "Penn", date(2026, 11, 2))


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_dialect_reads_alike(read, sign, end, encoding):
    text = end.join(line.replace(",", sign) for line in (HEADER, ROW, "", ROW, "", ""))
    rows = read(text.encode(encoding))
    assert [flat(row) for row in rows] == [THE_ROW, THE_ROW]
    assert [row["line"] for row in rows] == [2, 4]
    assert all(row["reading_error"] is None for row in rows)


def test_big_endian_utf_16_is_read_by_its_mark(read):
    data = codecs.BOM_UTF16_BE + f"{HEADER}\n{ROW}\n".encode("utf-16-be")
    assert flat(read(data)[0]) == THE_ROW


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "iso-8859-15"])
def test_other_encodings_are_read_where_the_mapping_names_them(read, encoding):
    data = f"{HEADER}\nE1,José Åse,Ops,Penn,2026-11-02\n".encode(encoding)
    rows = read(data, f'[csv]\nencoding = "{encoding}"\n')
    assert rows[0]["learner"]["name"] == "José Åse"


@pytest.mark.parametrize("ascii_rows", [0, 20_000])
@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "José"),
        ("latin-1", "Ω"),
        ("koi8-r", "Ж"),
        ("gbk", "王小明"),
        ("shift_jis", "あ"),
        ("cp874", "ก"),
    ],
)
def test_utf_8_is_not_read_as_what_the_mapping_says(read, encoding, name, ascii_rows):
    data = f"{HEADER}\n" + f"{'x' * 20},A,C,I,2026-11-02\n" * ascii_rows
    data = (f"{data}E1,{name},Ops,Penn,2026-11-02\n").encode()
    with pytest.raises(RosterError, match=r"it is UTF-8, but .* encoding = .*; remove that line"):
        read(data, f'[csv]\nencoding = "{encoding}"\n')


@pytest.mark.parametrize("shift", range(3))
def test_utf_8_is_seen_where_two_blocks_share_a_character(read, shift):
    head = f"{HEADER}\n{ROW}\n".encode("ascii", "replace")
    line = b"E1,A,C,I,2026-11-02\n"
    head += b"\n" * (BLOCK - len(head) - shift) + "王".encode() + line
    with pytest.raises(RosterError, match="it is UTF-8"):
        read(head, '[csv]\nencoding = "cp1252"\n')


@pytest.mark.parametrize(
    ("encoding", "name"),
    # The name in GBK is, taken alone, a character of two bytes in UTF-8.
    [("gbk", b"\xc4\xa3".decode("gbk")), ("gbk", "王小明"), ("shift_jis", "ﾃｱ"), ("cp1252", "Ã")],
)
def test_what_is_no_utf_8_is_read_as_the_mapping_says(read, encoding, name):
    data = f"{HEADER}\nE1,{name},Ops,Penn,2026-11-02\n".encode(encoding)
    assert read(data, f'[csv]\nencoding = "{encoding}"\n')[0]["learner"]["name"] == name


def test_a_byte_that_is_not_utf_8_is_refused_with_its_place(read):
    data = f"{HEADER}\n{ROW}\nE2,".encode() + b"Jos\xe9,Ops,Penn,2026-11-02\n"
    with pytest.raises(RosterError, match=r"roster.csv, line 3, column 7: the byte 0xE9") as error:
        read(data)
    assert 'encoding = "cp1252"' in str(error.value)


def test_a_bad_byte_far_into_the_file_is_found_in_its_line(read):
    many = 20_000
    data = (f"{HEADER}\r\n" + f"{ROW}\r\n" * many).encode() + b"E2,\xff\r\n"
    with pytest.raises(RosterError, match=f"line {many + 2}, column 4"):
        read(data)


def test_a_file_cut_off_within_a_character_is_refused(read):
    with pytest.raises(RosterError, match="line 2, column 3: the byte 0xCE"):
        read(f"{HEADER}\nE1".encode() + "Ω".encode()[:1])


def test_utf_16_without_mark_is_refused_with_what_to_write(read):
    data = f"{HEADER}\n{ROW}\n".encode("utf-16-le")
    with pytest.raises(RosterError, match='encoding = "utf-16-le"'):
        read(data)
    assert flat(read(data, '[csv]\nencoding = "utf-16-le"\n')[0]) == THE_ROW
    with pytest.raises(RosterError, match="no byte order mark"):
        read(data, '[csv]\nencoding = "utf-16"\n')


def test_a_mark_that_contradicts_the_mapping_is_refused(read):
    with pytest.raises(RosterError, match="mark of utf-8"):
        read(f"{HEADER}\n{ROW}".encode("utf-8-sig"), '[csv]\nencoding = "cp1252"\n')


def test_quotes_and_line_breaks_within_quotes_are_part_of_the_cell(read):
    text = f'"key","learner", "course" ,institution,completed_on\n{ROW}\n'.replace('" ,', '",')
    text += 'E2,"Ann ""Bo"" Cy", "a,b\r\nc\nd",Penn,2026-11-02\r\n' + ROW
    rows = read(text)
    assert rows[1]["learner"]["name"] == 'Ann "Bo" Cy'
    assert rows[1]["course"]["title"] == "a,b\r\nc\nd"
    assert [row["line"] for row in rows] == [2, 3, 6]


def test_surrounding_space_is_cut_off_and_formulas_are_data(read):
    row = read(f"{HEADER}\n  E1 ,\u00a0 =1+1 ,-Ops, Penn\t, 2026-11-02 \n")[0]
    assert flat(row) == ("E1", "=1+1", "-Ops", "Penn", date(2026, 11, 2))


def test_the_line_for_excel_says_what_stands_between_cells(read):
    text = f"sep=;\r\n{HEADER}\r\n{ROW}\r\n".replace(",", ";")
    rows = read(text)
    assert flat(rows[0]) == THE_ROW
    assert rows[0]["line"] == 3


def test_rows_without_any_cell_are_left_out(read):
    rows = read(f"\n\xa0,\n{HEADER}\n,,,,\n   \n{ROW}\n,,,,\n\u3000,\xa0,,,\n\n")
    assert [row["line"] for row in rows] == [6]


def test_too_many_and_too_few_cells_are_errors_of_their_rows(read):
    rows = read(f"{HEADER}\nE0\n{ROW},x\n{ROW}\n")
    assert [row["reading_error"] for row in rows] == [
        "the row has 1 cell, the header has 5",
        "the row has 6 cells, the header has 5",
        None,
    ]
    assert rows[0]["key"] is None
    assert flat(rows[2]) == THE_ROW


def test_what_spreadsheets_add_to_rows_is_no_error(read):
    rows = read(f"{HEADER},,\n{ROW}\n{ROW},\n{ROW},, ,,\n{ROW},,x\n{ROW},,,x\nE1,Ann\n")
    assert [row["reading_error"] for row in rows] == [
        None,
        None,
        None,
        "column 7 has no name in the header, but this row has x in it",
        "the row has 8 cells, the header has 7",
        "the row has 2 cells, the header has 7",
    ]
    assert [flat(row) for row in rows[:3]] == [THE_ROW] * 3
    assert rows[5]["key"] is None
    assert flat(read(f"{HEADER}\n{ROW},,\n")[0]) == THE_ROW
    assert flat(read(f"{HEADER},\n{ROW},x\n", "[ignore]\nall = true")[0]) == THE_ROW


def test_columns_that_are_ignored_may_share_a_name(read):
    text = f"{HEADER},Note,note\n{ROW},a,b\n"
    for ignore in ('columns = ["Note"]', "all = true"):
        assert flat(read(text, f"[ignore]\n{ignore}\n")[0]) == THE_ROW
    with pytest.raises(RosterError, match="two columns have one name: learner, Learner"):
        read(f"{HEADER},Learner\n{ROW},a\n", "[ignore]\nall = true\n")
    with pytest.raises(RosterError, match="two columns have one name: Note, note"):
        read(text, '[ignore]\nall = true\n[columns]\nlatin_name = "Note"\n')


def test_nul_is_an_error_of_its_row(read):
    text = f"{HEADER}\n" + f"{ROW}\n" * 6000 + "E2,a\0b,Ops,Penn,2026-11-02\n" + ROW
    rows = read(text)
    assert "NUL" in rows[6000]["reading_error"]
    assert rows[6001]["reading_error"] is None
    with pytest.raises(RosterError, match="NUL"):
        read(f"{HEADER}\nE2,a\0b,Ops,Penn,2026-11-02\n")


def test_a_quote_that_is_not_closed_is_the_error_of_the_row_where_it_begins(read):
    rows = read(f'{HEADER}\n{ROW}\nE2,"Ann,Ops,Penn,2026-11-02\n{ROW}\n{ROW}\n')
    assert [row["line"] for row in rows] == [2, 3]
    assert rows[1]["reading_error"] == (
        "a quote in the row of line 3 is not closed until the file ends; "
        "lines 3 to 5 were taken for one row"
    )


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('E2,"Ann" B,Ops,Penn,2026-11-02', 3),
        ('E2,"Ann" ,Ops,Penn,2026-11-02', 3),
        ('E2,"Ann,Ops,Penn,2026-11-02\nE3,"Bo",Ops,Penn,2026-11-02', 4),
        ('E2,Ann "Bo" Cy,Ops,Penn,2026-11-02', 3),
        (f'="E2\n{ROW}\nx",Ann,Ops,Penn,2026-11-02', 3),
        (f'\ufeff"E2\n{ROW}\nx",Ann,Ops,Penn,2026-11-02', 3),
        (f'E2,\t"Ann,Ops,Penn,2026-11-02\n{ROW}\n",Ops,Penn,2026-11-02', 3),
        # The line that is given up may open a quote, too.
        (f'E2,"Ann" B,"Ops\n{ROW}\n",Penn,2026-11-02', 3),
        (f'E2,"Ann\n" B,"Ops\n{ROW}\n",Penn,2026-11-02', 4),
    ],
)
def test_a_quote_where_none_can_stand_ends_the_reading(read, rows, line):
    with pytest.raises(RosterError, match=rf"roster\.csv, line {line}: a quote is .*RFC 4180"):
        read(f"{HEADER}\n{ROW}\n{rows}\n{ROW}\n")


EVE = "E9,Eve Never Enrolled,Ops,Penn,2026-11-02"


def as_php(cell):
    """A quote after a backslash is not doubled."""
    out, after = "", False
    for sign in cell:
        out += '""' if sign == '"' and not after else sign
        after = sign == "\\" or (after and sign != '"')
    return f'"{out}"'


def as_mysql(cell):
    escaped = cell.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def unquoted(cell):
    return re.sub(r'([\\,"\n])', r"\\\1", cell)


@pytest.mark.parametrize("written", [as_php, as_mysql, unquoted])
@pytest.mark.parametrize(
    "name",
    [
        f'Ann\\",Ops,Penn,2026-11-02\n{EVE}\nE3,"Zed',
        f'Ann "Bo"\n{EVE}\n',
        f'Ann\\"\n{EVE}\n\\"',
        f'"\n{EVE}\n"',
        f"\\\n{EVE}\n\\",
        "Ann\\",
    ],
)
def test_where_quotes_are_escaped_by_backslashes_no_text_becomes_a_row(read, written, name):
    cells = ["E2", name, "Ops", "Penn", "2026-11-02"]
    text = f"{HEADER}\n{ROW}\n{','.join(map(written, cells))}\n{ROW}\n"
    with contextlib.suppress(RosterError):
        assert "E9" not in [row["key"] for row in read(text)]


def test_a_backslash_before_a_quote_is_refused_with_what_to_do(read):
    text = f'{HEADER}\n{ROW}\nE2,"Ann \\"M\\" B",Ops,Penn,2026-11-02\n'
    with pytest.raises(RosterError, match=r"line 3: a backslash .* have them doubled when saving"):
        read(text)
    with pytest.raises(RosterError, match=r"line 2: a backslash"):
        read(f"{HEADER}\nE2,Ann,Ops,Penn,\\\n{ROW}\n")


def test_a_backslash_before_a_doubled_quote_within_text_is_certain(read):
    text = r'E2,"The ""\""best\"" of ""\""""s",a\b,Penn,2026-11-02'
    row = read(f"{HEADER}\n{text}\n")[0]
    assert row["learner"]["name"] == r'The "\"best\" of "\""s'
    assert row["course"]["title"] == r"a\b"
    with pytest.raises(RosterError, match="line 2: a backslash"):
        read(f'{HEADER}\nE2,"so \\"", he said",Ops,Penn,2026-11-02\n')


def test_a_line_break_of_another_kind_in_a_cell_without_quotes_makes_no_row(read):
    mapping = (
        "[certificate]\ncompleted_on = 2026-11-02\n[certificate.course]\n"
        'title = "Ops"\ninstitution = "Penn"\n'
    )
    with pytest.raises(RosterError, match="line 2: some lines end in CR, and others in LF"):
        read("learner\nAnn\rEve\nBo\n", mapping)
    rows = read('learner\rAnn\r"Bo\nCy\r\nDi"\r', mapping)
    assert [row["learner"]["name"] for row in rows] == ["Ann", "Bo\nCy\r\nDi"]
    # As programs on Windows write that end lines twice.
    assert [row["line"] for row in read("learner\r\r\nAnn\r\r\nBo\r\r\n", mapping)] == [3, 5]


@pytest.mark.parametrize("filler", ["x\n", "\n", '""\n', ",,\r\n"])
def test_a_quote_never_closed_in_a_large_file_ends_the_reading_where_it_begins(read, filler):
    text = f'{HEADER}\n{ROW}\nE2,"{filler * 1_000_000}\n'
    with pytest.raises(RosterError, match="line 3: the row that begins here is too large"):
        read(text)


def test_a_row_of_quoted_lines_without_end_ends_the_reading(read):
    text = f"{HEADER}\n{ROW}\n" + '"\n",' * 500_000
    with pytest.raises(RosterError, match="line 3: the row that begins here is too large"):
        read(text)


def test_text_of_a_large_cell_never_becomes_a_row(read):
    forged = "\nE9,Mallory,Ops,Penn,2026-11-02" * 5000
    with pytest.raises(RosterError, match="line 2: the row that begins here is too large"):
        read(f'{HEADER}\nE1,"{forged}",Ops,Penn,2026-11-02\n')


def test_many_blank_lines_are_no_large_row(read):
    assert read(f"{HEADER}\n" + "\n" * 2_000_000 + ROW)[0]["line"] == 2_000_002


def test_a_line_without_end_is_refused(read):
    with pytest.raises(RosterError, match=r"line 2.*more than 1,048,576 characters"):
        read(f"{HEADER}\nE1," + "x" * 2_000_000)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("shift", range(-1, 4))
def test_lines_and_characters_that_two_blocks_share_are_whole(read, end, shift):
    head = f"{HEADER}{end}".encode()
    line = f"E1,x,C,I,2026-11-02{end}".encode()
    count, short = divmod(BLOCK - shift - len(head), len(line))
    head += (line * count)[: -len(end)] + b" " * short + end.encode()
    assert len(head) == BLOCK - shift
    rows = read(head + f"ΩΩ,Ω,C,I,2026-11-02{end}".encode() + line)
    assert [row["line"] for row in rows] == list(range(2, count + 4))
    assert flat(rows[-2])[:2] == ("ΩΩ", "Ω")
    assert not any(row["reading_error"] for row in rows)


def test_a_large_cell_is_the_error_of_its_row(read):
    rows = read(f"{HEADER}\nE1,{'é' * 33_000},Ops,Penn,2026-11-02\n{ROW}\n")
    assert rows[0]["reading_error"] == "learner.name: the cell has more than 65,536 bytes"
    assert rows[0]["learner"] is None
    assert flat(rows[1]) == THE_ROW


def test_batches_are_cut_by_rows_and_by_text(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(f"{HEADER}\n" + f"{ROW}\n" * 25)
    with open_roster(path, batch_rows=10) as roster:
        assert [batch.num_rows for batch in roster.batches()] == [10, 10, 5]
        assert [batch.num_rows for batch in roster.batches()] == [10, 10, 5]
        assert roster.bytes_read == roster.bytes_total == path.stat().st_size
    path.write_text(f"{HEADER}\n" + f"E1,{'x' * 60_000},Ops,Penn,2026-11-02\n" * 700)
    with open_roster(path, batch_rows=100_000) as roster:
        sizes = [batch.num_rows for batch in roster.batches()]
    assert len(sizes) > 2
    assert sum(sizes) == 700


def test_a_header_alone_has_no_rows(read):
    assert read(HEADER) == []
    assert read(f"{HEADER}\r\n\r\n") == []


@pytest.mark.parametrize("data", [b"", b"\n\n", codecs.BOM_UTF8, b"sep=;\n", b" \r\n"])
def test_an_empty_file_is_refused(read, data):
    with pytest.raises(RosterError, match=r"roster\.csv: it is empty"):
        read(data)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("learner,Learner ,course", "two columns have one name: learner, Learner"),
        ("learner_name,learner name,course", "two columns have one name"),
        ("learner,learner.name,course", "are both learner.name"),
        ("learner,course,institution", "needs:\n  completed_on: the day"),
        ("lerner,course,institution,completed_on", "learner.name or learner: .*; is it lerner"),
        (f"{HEADER},Email,Notes", "not used: Email, Notes; say in a mapping"),
        (f"{HEADER},result.maximum,status", "not used: status"),
        (f"{HEADER},credits.system", "not used: credits.system"),
        (f"{HEADER},course.credits.system", "needs:\n  course.credits.amount: how"),
        ('"learner,course', "header cannot be read"),
        ("x,y;z", "separated by comma or semicolon"),
        ("\x1b[2J" + "x" * 500, r"\\u\{001B\}"),
    ],
)
def test_headers_that_do_not_fit_are_refused_with_what_to_do(read, header, words):
    with pytest.raises(RosterError, match=words) as error:
        read(f"{header}\n")
    assert "roster.csv" in str(error.value)
    assert "\x1b" not in str(error.value)


def test_an_ambiguous_header_is_read_where_names_or_the_mapping_tell(read):
    text = f"{HEADER},a;b\n{ROW},x\n".replace(",", "|")
    assert flat(read(text, "[ignore]\nall = true\n")[0]) == THE_ROW
    mapping = '[csv]\ndelimiter = "pipe"\n[columns]\n'
    fields = ("key", "learner.name", "course.title", "course.institution")
    mapping += "".join(
        f'"{field}" = "{name}"\n' for name, field in zip("abcd", fields, strict=True)
    )
    text = "a|b|c|d|completed_on|f,g;h\n" + f"{ROW},x".replace(",", "|")
    assert flat(read(text, mapping + '[ignore]\ncolumns = ["f,g;h"]')[0]) == THE_ROW


def test_names_are_compared_without_case_space_and_underscore(read):
    header = " KEY ,Learner,Learner.Latin Name,COURSE, Institution,Completed On"
    row = read(f"{header}\nE1,Ω,O,Ops,Penn,2026-11-02\n")[0]
    assert row["learner"] == {"name": "Ω", "latin_name": "O"}


@pytest.mark.parametrize(
    ("magic", "what"),
    [
        (b"PK\x03\x04", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
    ],
)
def test_other_kinds_of_file_are_refused_by_name(read, magic, what):
    with pytest.raises(RosterError, match=f"{what}.*save it as CSV UTF-8"):
        read(magic + b"\0" * 100)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(RosterError, match="No such file"):
        open_roster(tmp_path / "none.csv")
    with pytest.raises(RosterError, match="it is a folder"):
        open_roster(tmp_path)
    with pytest.raises(RosterError, match="no ordinary file"):
        open_roster(tmp_path.__class__("/dev/zero"))


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(f"{HEADER}\n{ROW}\n")
    with open_roster(path) as roster:
        roster.fingerprint()
        with path.open("a") as file:
            file.write(f"{ROW}\n")
        with pytest.raises(RosterError, match="was changed"):
            list(roster.batches())
        with pytest.raises(RosterError, match="was changed"):
            roster.fingerprint()


def test_the_fingerprint_is_of_content_and_mapping(tmp_path):
    prints = set()
    for number, (text, mapping) in enumerate(
        [(ROW, ""), (ROW, "#"), (ROW + " ", ""), (ROW, "[ignore]\nall = true")]
    ):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"{HEADER}\n{text}\n")
        with open_roster(path, read_mapping(mapping.encode(), "m")) as roster:
            prints.add(roster.fingerprint())
    assert len(prints) == 4
    again = tmp_path / "again.csv"
    again.write_text(f"{HEADER}\n{ROW}\n")
    with open_roster(again) as roster:
        assert roster.fingerprint() in prints


#: Backslashes may be refused; they have tests of their own.
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\\"), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=12),
    sign=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quote_all=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    batch_rows=st.integers(1, 5),
)
def test_what_the_csv_module_writes_comes_back(
    tmp_path_factory, rows, sign, end, quote_all, encoding, batch_rows
):
    # Where rows end in LF alone, the csv module does not quote CR, and the other way round.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" and not quote_all else csv.QUOTE_ALL
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sign, lineterminator=end, quoting=quoting)
    writer.writerow(["key", "learner", "course"])
    begins = []
    for row in rows:
        written = io.StringIO(out.getvalue(), newline="")
        begins.append(len(written.readlines()) + 1)
        writer.writerow(row)
    path = tmp_path_factory.mktemp("round") / "r.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    mapping = read_mapping(
        b'[certificate]\ncompleted_on = 2026-11-02\ncourse = {institution = "Penn"}', "m"
    )
    with open_roster(path, mapping, batch_rows=batch_rows) as roster:
        got = [row for batch in roster.batches() for row in batch.to_pylist()]
    assert not any(row["reading_error"] for row in got)
    expected = [
        (line, *(cell.strip() or None for cell in row))
        for line, row in zip(begins, rows, strict=True)
        if any(cell.strip() for cell in row)
    ]
    assert [
        (
            row["line"],
            row["key"],
            row["learner"] and row["learner"]["name"],
            row["course"]["title"],
        )
        for row in got
    ] == expected


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", HEADER + "\n", f'{HEADER}\n{ROW}\n"']))
def test_whatever_the_bytes_there_are_rows_or_one_clear_error(tmp_path_factory, data, head):
    path = tmp_path_factory.mktemp("any") / "r.csv"
    path.write_bytes(head.encode() + data)
    with contextlib.suppress(RosterError), open_roster(path, batch_rows=2) as roster:
        for batch in roster.batches():
            batch.validate(full=True)
