"""What a bulk verification reads: tables and lists in all their dialects, and hostile files."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk_verifying import link, token
from hypothesis import given
from hypothesis import strategies as st

from signedcert.bulk.presented.contract import PresentedError
from signedcert.bulk.presented.reading import open_presented
from signedcert.bulk.roster.errors import RosterError
from signedcert.bulk.roster.mapping import read_mapping

LINKS = [link(at) for at in range(3)]
TOKENS = [token(at) for at in range(3)]


@pytest.fixture
def read(tmp_path):
    def read_data(data, column=None, *, batch_rows=100, **options):
        path = tmp_path / "given"
        if isinstance(data, pa.Table):
            pq.write_table(data, path)
        else:
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        with open_presented(path, column, batch_rows=batch_rows, **options) as source:
            found = list(source.batches())
            places = [place for each in found for place in each.place.to_pylist()]
            rows = [row for each in found for row in each.rows.to_pylist()]
            own = [
                row
                for each in found
                for row in zip(*(c.to_pylist() for c in each.own), strict=True)
            ]
            return source, places, rows, own

    return read_data


def links(rows):
    return [row["link"] for row in rows]


class TestText:
    def test_a_list_without_a_header(self, read):
        source, places, rows, own = read("\n".join([LINKS[0], "", f"  {LINKS[1]} ", LINKS[2]]))
        assert source.is_list
        assert (places, links(rows)) == ([1, 3, 4], LINKS)
        assert own == [(each,) for each in LINKS]

    @pytest.mark.parametrize("before", ["<", '"', ""])
    def test_a_list_as_mail_programs_and_spreadsheets_write_it(self, read, before):
        after = {"<": ">.", '"': '"', "": ","}[before]
        source, _, rows, _ = read("".join(f"{before}{each}{after}\r\n" for each in LINKS))
        assert source.is_list
        assert links(rows) == [f"{before}{each}{after}" for each in LINKS]

    def test_a_list_of_links_with_signs_that_separate_cells(self, read):
        odd = LINKS[0].replace("/c/", "/c;a,b|c/")
        source, _, rows, _ = read(f"{odd}\n{odd}\n")
        assert source.is_list
        assert links(rows) == [odd, odd]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("end", ["\r\n", "\n"])
    def test_tables(self, read, encoding, delimiter, end):
        lines = ["Name,Certificate link,Note", f'"Müller, A.",{LINKS[0]},"a\n""b"""', "",
                 f"Ωmega,{LINKS[1]},"]  # fmt: skip
        text = end.join(lines)
        text = (
            text.replace('"Müller, A."', "@").replace(",", delimiter).replace("@", '"Müller, A."')
        )
        source, places, rows, own = read((text + end).encode(encoding))
        assert source.own.names == ["Name", "Certificate link", "Note"]
        assert source.delimiter == delimiter
        assert links(rows) == LINKS[:2]
        assert own == [("Müller, A.", LINKS[0], 'a\n"b"'), ("Ωmega", LINKS[1], "")]
        assert places == [2, 5]

    def test_another_encoding_is_said_in_a_mapping(self, read):
        data = f"Name;URL\nMüller;{LINKS[0]}\n".encode("cp1252")
        with pytest.raises(RosterError, match="line 2, column 2"):
            read(data)
        mapping = read_mapping(b'[csv]\nencoding = "cp1252"', "m.toml")
        assert read(data, mapping=mapping)[3] == [("Müller", LINKS[0])]

    def test_rows_of_another_width_have_an_error_and_stay(self, read):
        _, places, rows, own = read(f"a,url\n1,{LINKS[0]}\n1,{LINKS[1]},3\nJacob\n")
        assert places == [2, 3, 4]
        assert own[1:] == [("1", LINKS[1]), ("Jacob", "")]
        assert rows[2]["link"] == ""
        assert rows[0]["reading_error"] is None
        assert (rows[1]["link"], rows[1]["reading_error"]) == (
            "", "the row has 3 cells, the header has 2",
        )  # fmt: skip

    def test_a_row_with_nul_has_an_error_and_stays(self, read):
        data = "a,url\n" + f"{'x' * 99},y\n" * 3_000 + f"N\0,{LINKS[0]}\n"
        _, _, rows, own = read(data, "url")
        assert own[-1] == ("N\ufffd", LINKS[0])
        assert (rows[-1]["link"], "NUL" in rows[-1]["reading_error"]) == ("", True)

    def test_cells_that_spreadsheets_add_are_no_columns(self, read):
        source, _, rows, own = read(f"a,url,,\n1,{LINKS[0]}\n2,{LINKS[1]},x,,,\n3,{LINKS[2]},,,y\n")
        assert source.own.names == ["a", "url", "", ""]
        assert own == [
            ("1", LINKS[0], "", ""), ("2", LINKS[1], "x", ""), ("3", LINKS[2], "", ""),
        ]  # fmt: skip
        assert links(rows) == [*LINKS[:2], ""]
        assert [row["reading_error"] for row in rows] == [
            None, None, "the row has 5 cells, the header has 4",
        ]  # fmt: skip

    def test_a_quote_that_leaves_rows_in_doubt_ends_the_reading(self, read):
        with pytest.raises(RosterError, match="line 2: a backslash"):
            read(f'a,url\n"x\\",{LINKS[0]}\ny,{LINKS[1]}",{LINKS[2]}\n')

    def test_a_table_without_a_header_loses_no_row_silently(self, read):
        with pytest.raises(PresentedError, match="the first line has a link in it"):
            read(f"Jacob,{LINKS[0]}\nMia,{LINKS[1]}\n")

    @pytest.mark.parametrize("data", [b"PK\x03\x04....", b"%PDF-1.7 ..", b"", b"a,url\n\xff,x\n"])
    def test_what_is_no_text(self, read, data):
        with pytest.raises((PresentedError, RosterError)):
            read(data)

    @given(st.integers(1, 7), st.lists(st.sampled_from([*LINKS, "", "x"]), max_size=30))
    def test_batches_change_nothing(self, tmp_path_factory, size, cells):
        path = tmp_path_factory.mktemp("batches") / "given.csv"
        path.write_text("".join(["n,url\n", *(f"{at},{each}\n" for at, each in enumerate(cells))]))
        with open_presented(path, batch_rows=size) as source:
            batches = list(source.batches())
        assert all(each.rows.num_rows == size for each in batches[:-1])
        assert [row for each in batches for row in links(each.rows.to_pylist())] == cells


class TestColumns:
    def test_the_usual_names_come_before_what_is_in_the_cells(self, read):
        other = LINKS[::-1]
        rows = "".join(f"{a},{b}\n" for a, b in zip(other, LINKS, strict=True))
        assert links(read("Homepage,Verify-URL\n" + rows)[2]) == LINKS

    def test_the_only_column_with_links(self, read):
        assert links(read(f"Who,What\nJacob,\nMia,<{LINKS[1]}>\n")[2]) == ["", f"<{LINKS[1]}>"]

    def test_several_may_be_meant(self, read):
        data = f"a,b\x1b[31m,c\n{LINKS[0]},{LINKS[1]},x\n"
        with pytest.raises(PresentedError) as caught:
            read(data)
        assert 'say with --column which one it is: "a", "b\\u{001B}[31m"' in str(caught.value)
        assert links(read(data, "b\x1b[31m")[2]) == [LINKS[1]]

    def test_none_may_be_meant(self, read):
        with pytest.raises(PresentedError, match="none of its columns has links"):
            read("a,b\n1,2\n")

    def test_a_name_that_is_not_there_or_there_twice(self, read):
        with pytest.raises(PresentedError, match='there is no column "c"; there are: "a", "a"'):
            read("a,a\n1,2\n", "c")
        with pytest.raises(PresentedError, match="more than one column"):
            read("a,a\n1,2\n", "a")

    def test_a_name_is_found_in_capitals_too(self, read):
        assert (
            links(read(f"Certificate  Link,url\n{LINKS[0]},x\n", "certificate-link")[2])
            == LINKS[:1]
        )


class TestParquet:
    @pytest.mark.parametrize(
        "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(),
                 pa.dictionary(pa.int32(), pa.string())],
    )  # fmt: skip
    def test_links_of_any_type(self, read, kind):
        column = pa.array([*LINKS, None, ""], pa.string()).cast(kind)
        source, places, rows, own = read(pa.table({"n": [1, 2, 3, 4, 5], "url": column}))
        assert (places, links(rows)) == ([1, 2, 3, 4, 5], [*LINKS, None, ""])
        assert source.own.names == ["n", "url"]
        assert [each[0] for each in own] == [1, 2, 3, 4, 5]

    @pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
    def test_tokens_of_any_type(self, read, kind):
        column = pa.array([*TOKENS, None, b""], kind)
        _, _, rows, _ = read(pa.table({"link": ["x"] * 5, "token": column}), batch_rows=2)
        assert [row["token"] or None for row in rows] == [*TOKENS, None, None]

    def test_only_the_own_columns_that_are_wanted(self, read):
        table = pa.table({"n": ["a"], "raw": [b"a"], "token": TOKENS[:1]})
        source, _, rows, own = read(table, keeps=pa.types.is_string)
        assert (source.own.names, own) == (["n"], [("a",)])
        assert rows == [{"token": TOKENS[0]}]

    def test_what_calls_itself_text_and_is_none(self, read):
        hostile = pa.array([b"\xff", LINKS[0].encode(), b"#\xff"], pa.binary()).view(pa.string())
        _, _, rows, own = read(pa.table({"note": hostile, "url": hostile}))
        assert [row["link"] for row in rows] == [None, LINKS[0], None]
        assert [row["reading_error"] for row in rows] == [
            "the link is not text in UTF-8", None, "the link is not text in UTF-8",
        ]  # fmt: skip
        assert [each[0] for each in own] == ["\ufffd", LINKS[0], "#\ufffd"]

    def test_a_column_that_is_neither_text_nor_bytes(self, read):
        with pytest.raises(PresentedError, match="neither text nor bytes"):
            read(pa.table({"n": [1], "url": ["x"]}), "n")

    def test_names_with_dots_and_nested_columns(self, read):
        table = pa.table({"url.b": ["x"], "s": [{"url": LINKS[0]}], "url": LINKS[:1]})
        source, _, rows, _ = read(table)
        assert source.own.names == ["url.b", "s", "url"]
        assert links(rows) == LINKS[:1]

    def test_damaged_at_any_byte(self, read, tmp_path):
        path = tmp_path / "whole"
        pq.write_table(pa.table({"url": LINKS, "n": [1, 2, 3]}), path)
        whole = path.read_bytes()
        for at in range(0, len(whole), 41):
            for damaged in (whole[:at] + b"\xff\xff\xff" + whole[at + 3 :], whole[:at]):
                try:
                    _, _, rows, _ = read(damaged)
                except (PresentedError, RosterError):
                    continue
                assert len(rows) <= 3

    def test_encrypted(self, read):
        with pytest.raises(PresentedError, match="encrypted"):
            read(b"PARE" + bytes(20) + b"PARE")

    def test_a_long_value_that_is_named_again_and_again(self, read, tmp_path):
        big = pa.DictionaryArray.from_arrays(pa.array([0] * 10_000, pa.int32()), ["x" * 500_000])
        table = pa.table({"note": big, "url": ["x"] * 10_000})
        with pytest.raises(PresentedError, match="too large to be held"):
            read(table, batch_rows=4096)
        assert (tmp_path / "given").stat().st_size < 100_000
