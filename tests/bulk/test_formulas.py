"""No spreadsheet takes text in our CSV files for a formula."""

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signedcert.bulk.formulas import guarded, guarded_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t'=1"),
        ("Bo;=1", "Bo;'=1"),
        ('Bo, "@x', "Bo, \"'@x"),
        ("a|＋1\n=2", "a|'＋1\n'=2"),
        ("=a;;-b", "'=a;;'-b"),
        ("Jean-Luc, Ω + 1 = 2 @ x", "Jean-Luc, Ω + 1 = 2 @ x"),
        ("", ""),
    ],
)
def test_an_apostrophe_stands_before_what_begins_a_formula(text, expected):
    assert guarded_text(text) == expected
    assert guarded(pa.array([text, None])).to_pylist() == [expected, None]


@given(st.text(st.sampled_from("=+-@＝＋－＠,;|\t\r\n \"'aΩ"), max_size=12))
def test_whatever_separates_cells_none_begins_with_a_sign(text):
    got = guarded_text(text)
    assert guarded(pa.array([text])).to_pylist() == [got]
    assert not any(cell[:1] in tuple("=+-@＝＋－＠") for cell in re.split('[,;|\t\r\n][ "]*', got))
    assert guarded_text(got) == got or got.startswith(("'\t", "'\r"))
