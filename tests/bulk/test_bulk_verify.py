"""``bulk verify`` of tables and lists: the sheet, the summary, the exit codes."""

import csv
import io
import json
import os
from collections import Counter
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk_verifying import (
    changed_link,
    command,
    foreign_link,
    link,
    sheet,
    statuses,
    token,
    trust_options,
)
from hypothesis import given, settings
from hypothesis import strategies as st

import signedcert as sc
from issuing import NOW, SIGNER, TRUST, issue, minimal, record, shared
from signedcert.cli.bulk import duplicates, verify_asked, verify_run
from signedcert.model.code import code_from_id

#: One of each kind of answer, and why.
ANSWERS = (
    (link(0), "VALID", ""),
    (foreign_link(), "INDETERMINATE", "unknown_key"),
    (changed_link(), "INVALID", "signature_mismatch"),
    (link(3, expires_at=datetime(2026, 11, 3, tzinfo=UTC)), "INVALID", "expired"),
    ("https://learn.example.edu/c/", "INVALID", "no_fragment"),
    ("n/a", "INVALID", "damaged_text"),
    ("", "ERROR", ""),
    ("   ", "ERROR", ""),
    ("0000-0000-0000-0000", "ERROR", ""),
)


@pytest.fixture
def verify(tmp_path, monkeypatch):
    """Runs the command in a folder of its own, on a file of these contents."""
    monkeypatch.chdir(tmp_path)
    trust = trust_options(tmp_path)

    def run(data, *options, name="given.csv", trust=trust):
        if isinstance(data, pa.Table):
            pq.write_table(data, name)
        elif data is not None:
            (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return command(name, *trust, *options)

    return run


def table(links):
    return "".join(["who,url\n", *(f"p{at},{each}\n" for at, each in enumerate(links))])


class TestAnswers:
    def test_one_of_each(self, verify, tmp_path):
        result = verify(table(each for each, _, _ in ANSWERS))
        assert result.exit_code == 4
        rows = sheet(tmp_path / "given.verdicts.csv")
        assert [(a, b) for _, a, b in ANSWERS] == [
            (row["status"] or "ERROR", row["reason"]) for row in rows
        ]
        assert [row["who"] for row in rows] == [f"p{at}" for at in range(len(ANSWERS))]
        assert [row["url"] for row in rows] == [each.strip() for each, _, _ in ANSWERS]
        assert rows[0]["learner"] == "Jacob Ångström"
        assert (rows[0]["issued_at"], rows[0]["completed_on"]) == (
            "2026-11-02T10:00:00Z", "2026-11-02",
        )  # fmt: skip
        # What nobody whom we trust signed is not shown.
        assert not any(rows[at][each] for at in (1, 2, 4, 5, 6) for each in ("learner", "code"))
        assert rows[2]["why"] == "It was changed after signing, or signed with another key."
        assert "the printed code" in rows[8]["error"]
        for row in rows:
            assert bool(row["error"]) is (row["status"] == "")
            assert bool(row["why"]) is (row["status"] in ("INVALID", "INDETERMINATE"))

    @pytest.mark.parametrize(
        ("which", "code"), [([0], 0), ([0, 1], 3), ([0, 1, 2], 1), ([0, 1, 2, 6], 4), ([6], 4)]
    )
    def test_the_exit_code_is_the_worst(self, verify, which, code):
        assert verify(table(ANSWERS[at][0] for at in which)).exit_code == code

    def test_no_rows_at_all(self, verify):
        assert verify("who,url\n").exit_code == 4

    @settings(max_examples=25)
    @given(st.lists(st.binary(max_size=40) | st.integers(0, 255), min_size=1, max_size=8))
    def test_as_verify_says_of_each_token(self, tmp_path_factory, what):
        folder = tmp_path_factory.mktemp("tokens")
        good = token()
        tokens = [
            good[: at % len(good)] + bytes([at]) + good[at % len(good) + 1 :]
            if isinstance(at, int)
            else at
            for at in what
        ]
        pq.write_table(pa.table({"token": pa.array(tokens, pa.binary())}), folder / "t.parquet")
        out = folder / "out.parquet"
        command(folder / "t.parquet", *trust_options(folder), "--out", out)
        for found, given_ in zip(pq.read_table(out).to_pylist(), tokens, strict=True):
            if not given_:
                assert (found["status"], found["error"]) == (None, "there is nothing to check")
                continue
            # As of a file: what is no more than ASCII is text.
            text = given_.decode() if given_.isascii() else None
            if text is not None and not text.strip():
                assert found["status"] is None
                continue
            verdict = (
                sc.verify(given_, TRUST, now=NOW)
                if text is None
                else sc.verify_text(text, TRUST, now=NOW)
            )
            assert found["status"] == verdict.status.value
            assert (found["code"] is None) is (verdict.statement is None)

    def test_links_as_people_paste_them(self, verify, tmp_path):
        made = link()
        cells = [f"<{made}>.", f"“{made}”", f" {made}, ", f"{made[:90]}\r\n {made[90:]}",
                 f"{made[:90]}=\n{made[90:]}", made.partition("#")[2]]  # fmt: skip
        text = io.StringIO(newline="")
        csv.writer(text).writerows([["url"], *([each] for each in cells)])
        assert verify(text.getvalue()).exit_code == 0
        rows = sheet(tmp_path / "given.verdicts.csv")
        assert [row["url"].strip() for row in rows] == [each.strip() for each in cells]

    def test_what_a_link_went_through_is_said(self, verify, tmp_path):
        assert verify(table([link().replace("#", "%23")])).exit_code == 1
        (row,) = sheet(tmp_path / "given.verdicts.csv")
        assert "ask for it again" in row["why"]

    def test_a_share_for_somebody(self, verify, tmp_path):
        made = shared(issue(record()), audience="Example Corp")
        data = table([sc.verify_url("https://learn.example.edu/c/", made)])
        assert verify(data, "--audience", "Example Corp").exit_code == 0
        (row,) = sheet(tmp_path / "given.verdicts.csv")
        assert (row["kind"], row["result"]) == ("share", "92.5%")
        assert verify(data, "--audience", "Other", "--out", "other.csv").exit_code == 1
        (row,) = sheet(tmp_path / "other.csv")
        assert row["why"] == "It was prepared for somebody else."


class TestSheet:
    def test_the_input_decides_what_is_between_cells(self, verify, tmp_path):
        data = '﻿Name;Link\r\n"Müller; A";' + link() + "\r\n"
        assert verify(data.encode("utf-16-le")).exit_code == 0
        (row,) = sheet(tmp_path / "given.verdicts.csv", ";")
        assert (row["Name"], row["status"]) == ("Müller; A", "VALID")

    def test_a_list_has_its_lines(self, verify, tmp_path):
        assert verify(f"{link()}\n\n{changed_link()}\n", name="links.txt").exit_code == 1
        rows = sheet(tmp_path / "links.verdicts.csv")
        assert list(rows[0])[:3] == ["line", "link", "status"]
        assert [(row["line"], row["status"]) for row in rows] == [("1", "VALID"), ("3", "INVALID")]

    def test_nobodys_column_passes_for_a_verdict(self, verify, tmp_path):
        data = f"Status,url,code,input_code\nVALID,{changed_link()},x,y\n"
        assert verify(data).exit_code == 1
        (row,) = sheet(tmp_path / "given.verdicts.csv")
        assert (row["status"], row["input_Status"]) == ("INVALID", "VALID")
        assert (row["input_input_code"], row["input_code"]) == ("x", "y")
        assert list(row)[:4] == ["input_Status", "url", "input_input_code", "input_code"]
        pq_out = verify(data, "--out", "out.parquet")
        assert pq_out.exit_code == 1
        names = pq.read_table(tmp_path / "out.parquet").schema.names
        assert names[:4] == ["input_Status", "url", "input_input_code", "input_code"]

    @pytest.mark.parametrize("start", ["=", "+", "-", "@"])
    def test_what_was_signed_is_no_formula(self, verify, tmp_path, start):
        name = f"{start}HYPERLINK(0)"
        made = link(learner=sc.Person(name=name))
        assert verify(f"note,url\n{name},{made}\n").exit_code == 0
        (row,) = sheet(tmp_path / "given.verdicts.csv")
        assert row["learner"] == f"'{name}"
        # It was in his own spreadsheet before.
        assert row["note"] == name

    def test_what_was_in_parquet_is_no_formula_either(self, verify, tmp_path):
        data = pa.table(
            {
                "=n": ["=1+1", "a"],
                "m": [-1, 2],
                "token": [token(), token()],
                "list": [[1], [2]],
                "when": pa.array([0, 1], pa.timestamp("s", "X/Y")),
            }
        )
        assert verify(data, name="g.parquet").exit_code == 0
        rows = sheet(tmp_path / "g.verdicts.csv")
        assert list(rows[0])[:4] == ["'=n", "m", "when", "status"]
        assert [rows[0][each] for each in ("'=n", "m", "when")] == [
            "'=1+1", "-1", "1970-01-01T00:00:00.000Z",
        ]  # fmt: skip

    def test_signed_text_is_no_formula_with_another_separator_either(self, verify, tmp_path):
        made = link(learner=sc.Person(name="Bo; =1+1,＝2"))
        assert verify(f"url\n{made}\n").exit_code == 0
        (row,) = sheet(tmp_path / "given.verdicts.csv")
        assert (row["learner"], row["completed_on"]) == ("Bo; '=1+1,'＝2", "2026-11-02")

    def test_rows_with_errors_can_be_traced(self, verify, tmp_path):
        data = f"who,url\nAnn,{link()}\nBo,{link()},x\nCy\nDi,\n"
        result = verify(data)
        assert result.exit_code == 4
        assert "line 3  the row has 3 cells, the header has 2" in result.stdout
        rows = sheet(tmp_path / "given.verdicts.csv")
        assert [(row["who"], row["status"], row["error"]) for row in rows] == [
            ("Ann", "VALID", ""),
            ("Bo", "", "line 3: the row has 3 cells, the header has 2"),
            ("Cy", "", "line 4: the row has 1 cell, the header has 2"),
            ("Di", "", "line 5: there is nothing to check"),
        ]
        assert [row["url"] for row in rows[1:]] == [link(), "", ""]
        verify(data, "--out", "out.parquet")
        errors = pq.read_table(tmp_path / "out.parquet").column("error").to_pylist()
        assert errors == [row["error"] or None for row in rows]

    def test_parquet_with_all_that_was_signed(self, verify, tmp_path):
        made = minimal(skills=("=Law",), expires_at=datetime(2030, 1, 1, tzinfo=UTC))
        data = pa.table({"n": [1, 2], "token": [sc.issue(made, SIGNER), b"x"]})
        out = tmp_path / "out.parquet"
        assert verify(data, "--out", out, "--details", name="g.parquet").exit_code == 1
        first, second = pq.read_table(out).to_pylist()
        assert first["n"] == 1
        assert first["learner"] == "Jacob Ångström"
        assert first["completed_on"] == date(2026, 11, 2)
        assert first["expires_at"] == datetime(2030, 1, 1, tzinfo=UTC)
        assert first["statement"]["skills"][0]["name"] == "=Law"
        assert (second["status"], second["statement"]) == ("INVALID", None)

    def test_the_sheet_is_for_its_owner(self, verify, tmp_path):
        verify(table([link()]))
        assert (tmp_path / "given.verdicts.csv").stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "given.verdicts.csv.partial").exists()


class TestSummary:
    def test_for_people(self, verify):
        printed = verify(table([link(), *[changed_link()] * 7, "", "a\x1b[2J"])).stdout
        assert "INVALID  8: do not rely on it" in printed
        assert "7  INVALID: It was changed after signing, or signed with another key." in printed
        assert "INVALID, the first:" in printed
        assert printed.count("  line ") == 6
        assert "line 10  there is nothing to check" in printed
        assert "The sheet: given.verdicts.csv" in printed
        assert "\x1b" not in printed

    def test_for_programs(self, verify):
        result = verify(table([link(1), link(2), link(1), changed_link(), "", link(1)]), "--json")
        found = json.loads(result.stdout)
        assert found["out"] == "given.verdicts.csv"
        assert found["counts"] == {"VALID": 4, "INVALID": 1, "INDETERMINATE": 0, "ERROR": 1}
        assert found["reasons"] == [
            {"status": "INVALID", "check": "SIGNATURE", "reason": "signature_mismatch", "rows": 1}
        ]
        assert found["first"]["ERROR"] == [{"place": 6, "why": "there is nothing to check"}]
        code = minimal(id=(1).to_bytes(10, "big")).code
        assert found["duplicates"] == {
            "codes": 1, "rows": 3, "examples": [{"code": code, "rows": 3}],
        }  # fmt: skip
        assert (found["resumed"], found["rows_kept"], found["now"]) == (
            False, 0, "2026-12-02T10:00:00Z",
        )  # fmt: skip

    def test_duplicates_are_told_to_people(self, verify):
        printed = verify(table([link(1), link(1)])).stdout
        assert "Presented more than once: 1 certificate in 2 rows" in printed


class TestUsage:
    def test_nothing_is_written_over(self, verify, tmp_path):
        (tmp_path / "given.verdicts.csv").write_text("mine")
        result = verify(table([link()]))
        assert (result.exit_code, "is there already" in result.stderr) == (2, True)
        assert (tmp_path / "given.verdicts.csv").read_text() == "mine"
        (tmp_path / "dangling.csv").symlink_to(tmp_path / "elsewhere.csv")
        assert verify(table([link()]), "--out", "dangling.csv").exit_code == 2
        assert not (tmp_path / "elsewhere.csv").exists()

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (["--details"], "--out FILE.parquet"),
            (["--out", "x.xlsx"], "neither"),
            (["--out", "no/x.csv"], "there is no folder no"),
            (["--column", "nobody"], 'there is no column "nobody"'),
            (["--max-staleness", "soon"], "--max-staleness takes"),
            (["--now", "2026"], "--now takes"),
            (["--audience", " "], "--audience"),
            (["--workers", "0"], "--workers"),
            (["--out", ""], "the path is empty"),
        ],
    )
    def test_wrong_options(self, verify, tmp_path, options, said):
        result = verify(table([link()]), *options)
        assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
        assert sorted(each.name for each in tmp_path.iterdir()) == [
            "given.csv",
            "trusted.jwks.json",
        ]

    def test_whom_to_trust(self, verify, monkeypatch, tmp_path):
        monkeypatch.setenv("SIGNEDCERT_TRUST", "/nonexistent/store.bundle")
        data = table([link()])
        assert "say whom to trust" in verify(data, trust=[]).stderr
        (tmp_path / "bad").write_bytes(b"{}")
        for trust in (["--trust", "bad"], ["--trust", "none"]):
            assert verify(data, trust=trust).exit_code == 2

    def test_no_such_input_and_no_regular_file(self, verify):
        assert verify(None, name="nothing").exit_code == 4
        assert verify(None, name="/dev/null").exit_code == 4
        assert verify("", name="empty.csv").exit_code == 4
        assert verify("\n\n", name="lines.csv").exit_code == 4

    def test_one_document_is_no_table(self, verify):
        for data in (token(), b"%PDF-1.7 ...", b"\x89PNG...."):
            result = verify(data)
            assert (result.exit_code, "signedcert verify" in result.stderr) == (2, True)

    @pytest.mark.parametrize(
        "data",
        [
            b'who,url\n"a,b\n' + b"x,y\n" * 400_000,
            b"who,url\n" + b"a" * 3_000_000,
            b"PK\x03\x04" + bytes(100),
            b"who,url\n\xff\xfe,x\n",
            b"\0" * 1000,
            b"PAR1" + bytes(100) + b"\xff\xff\xff\x7fPAR1",
        ],
    )
    def test_hostile_files(self, verify, tmp_path, data):
        result = verify(data)
        assert result.exit_code in (2, 4)
        assert result.stderr.startswith("signedcert: given.csv")
        assert not (tmp_path / "given.verdicts.csv").exists()

    def test_the_input_changes_meanwhile(self, verify, tmp_path, monkeypatch):
        given_ = tmp_path / "given.csv"
        opened = verify_asked.content_digest

        def changed(path):
            digest = opened(path)
            given_.write_text(table([link(), link()]))
            return digest

        monkeypatch.setattr(verify_asked, "content_digest", changed)
        result = verify(table([link()]))
        assert (result.exit_code, "was changed while" in result.stderr) == (2, True)
        assert not (tmp_path / "given.verdicts.csv").exists()

    def test_a_mapping_says_how_the_file_is_written(self, verify, tmp_path):
        (tmp_path / "m.toml").write_text('[csv]\nencoding = "cp1252"')
        data = f"Name;URL\nMüller;{link()}\n".encode("cp1252")
        assert verify(data).exit_code == 2
        assert verify(data, "--mapping", "m.toml").exit_code == 0
        assert sheet(tmp_path / "given.verdicts.csv", ";")[0]["Name"] == "Müller"


def test_processes_change_nothing(verify, tmp_path):
    some = [token(at) for at in range(50)] + [b"x", b"", token(51)[:-1]]
    data = pa.table({"n": range(9_000), "token": (some * 200)[:9_000]})
    codes = {verify(data, "--workers", n, "--out", f"{n}.csv", name="g.parquet").exit_code
             for n in (1, 2)}  # fmt: skip
    assert codes == {4}
    one, two = ((tmp_path / f"{n}.csv").read_bytes() for n in (1, 2))
    assert one == two
    assert [row["n"] for row in sheet(tmp_path / "1.csv")] == [str(at) for at in range(9_000)]
    assert statuses(sheet(tmp_path / "1.csv"))[:54] == ["VALID"] * 50 + [
        "INVALID", "ERROR", "INVALID", "VALID",
    ]  # fmt: skip


@settings(max_examples=20)
@given(st.lists(st.integers(0, 40), max_size=120), st.integers(1, 60))
def test_duplicates_are_counted_in_pieces(tmp_path_factory, numbers, at_once):
    codes = [code_from_id((number * 2**74).to_bytes(10, "big")) for number in numbers]
    path = tmp_path_factory.mktemp("codes") / "codes"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(duplicates, "_AT_ONCE", at_once)
        with duplicates.DuplicateCount(path) as count:
            for first in range(0, len(codes), 7):
                count.add(pa.array([*codes[first : first + 7], None]))
            found = count.found()
    repeated = {code: rows for code, rows in Counter(codes).items() if rows > 1}
    assert (found.codes, found.rows) == (len(repeated), sum(repeated.values()))
    assert len(found.examples) == min(5, len(repeated))
    assert all(repeated[code] == rows for code, rows in found.examples)
    assert not path.exists()


def test_processes_that_it_starts_inherit_no_passphrase(tmp_path, monkeypatch):
    seen = []
    verify_all = verify_run.verify_all

    def looking(asked, show):
        seen.append(os.environ.get("SIGNEDCERT_PASSPHRASE"))
        return verify_all(asked, show)

    monkeypatch.setattr(verify_run, "verify_all", looking)
    monkeypatch.setenv("SIGNEDCERT_PASSPHRASE", "correct horse")
    (tmp_path / "links.txt").write_text(f"{link()}\n")
    done = command(tmp_path / "links.txt", "--out", tmp_path / "out.csv", *trust_options(tmp_path))
    assert done.exit_code == 0
    assert seen == [None]
    assert os.environ["SIGNEDCERT_PASSPHRASE"] == "correct horse"
