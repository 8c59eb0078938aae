"""Which glyphs are one letter, where a line of text is in several runs."""

import pytest

from signedcert.documents.text_layer.clusters import joined_pieces
from signedcert.documents.text_layer.encodings import Encoding
from signedcert.documents.text_layer.marks import told_singly
from signedcert.documents.text_layer.pieces import Glyph, Marked, Piece, Style
from signedcert.documents.text_layer.runs import Run, find_runs, fonts_elsewhere, rewritten
from signedcert.documents.text_layer.tidying import tidied

STYLE = Style(b"0", "f0", 10.0)
BASELINE, RAISED = 100.0, 104.0


def piece(text: str, *glyphs: tuple[int, float, float], y: float = 0.0) -> Piece:
    """Glyphs as code, place and width."""
    placed = tuple(Glyph(code, x, y, width) for code, x, width in glyphs)
    return Piece(text, placed, STYLE, (glyphs[0][1], y), Marked.BY_FONT)


def run(height: float, *pieces: Piece, x: float = 0.0, setting: bytes = b"/c0 cs") -> Run:
    return Run(0, 0, (1, 0, 0, -1, x, height), setting, follows=True, pieces=pieces)


def texts(joined: list[list[Piece]]) -> list[list[str]]:
    return [[piece.text for piece in pieces] for pieces in joined]


def codes(pieces: list[Piece]) -> list[list[int]]:
    return [[glyph.code for glyph in piece.glyphs] for piece in pieces]


def test_a_letter_and_its_raised_mark_are_put_together_where_they_stand():
    runs = [
        run(BASELINE, piece("ก", (1, 0, 5)), piece("ชั", (2, 5, 5))),
        run(RAISED, piece("ชั", (3, 9, 0)), x=1),
    ]
    (first, second) = joined_pieces(runs)
    assert [each.text for each in first] == ["ก", "ชั"]
    assert second == []
    assert first[1].marked is Marked.ACTUAL_TEXT
    assert first[1].glyphs == (Glyph(2, 5, 0, 5), Glyph(3, 10, -4, 0))


def test_the_same_letter_twice_is_two():
    runs = [
        run(BASELINE, piece("ชั", (2, 0, 5))),
        run(RAISED, piece("ชั", (3, 5, 0))),
        run(BASELINE, piece("ชั", (2, 5, 5))),
        run(RAISED, piece("ชั", (3, 10, 0))),
    ]
    assert texts(joined_pieces(runs)) == [["ชั", "ชั"], [], [], []]


def test_whole_letters_in_two_runs_stay_there():
    for same in ((2, 2), (2, 7)):
        runs = [
            run(BASELINE, piece("น", (same[0], 0, 5))),
            run(RAISED, piece("น", (same[1], 5, 5))),
        ]
        assert texts(joined_pieces(runs)) == [["น"], ["น"]]


def test_arabic_letters_of_other_shape_in_the_word_are_two_each_with_the_mark_before_it():
    runs = [
        run(RAISED, piece("بَ", (3, 2, 0))),
        run(BASELINE, piece("بَ", (4, 0, 8))),
        run(RAISED, piece("بَ", (3, 9, 0))),
        run(BASELINE, piece("بَ", (5, 8, 4))),
    ]
    joined = [piece for pieces in joined_pieces(runs) for piece in pieces]
    assert codes(joined) == [[4, 3], [5, 3]]


def test_a_conjunct_of_several_letters_is_one():
    runs = [
        run(BASELINE, piece("न्दु", (1, 0, 4)), piece("न्दु", (2, 4, 4))),
        run(RAISED, piece("न्दु", (3, 7, 0))),
    ]
    assert codes(joined_pieces(runs)[0]) == [[1, 2, 3]]


def test_the_same_conjunct_twice_is_two():
    begun = [
        run(BASELINE, piece("न्दु", (1, 0, 4)), piece("न्दु", (2, 4, 4))),
        run(RAISED, piece("न्दु", (3, 7, 0))),
    ]
    again = [
        run(BASELINE, piece("न्दु", (1, 0, 4)), piece("न्दु", (2, 4, 4)), x=20),
        run(RAISED, piece("न्दु", (3, 7, 0)), x=20),
    ]
    joined = [piece for pieces in joined_pieces([*begun, *again]) for piece in pieces]
    assert codes(joined) == [[1, 2, 3], [1, 2, 3]]


def test_runs_that_are_set_otherwise_are_left_alone():
    mark = (piece("ชั", (3, 5, 0)),)
    for other in (
        run(RAISED, piece("ชั", (3, 5, 0)), setting=b"/c1 cs"),
        Run(0, 0, (1, 0, 0, -1, 0, RAISED), b"/c0 cs", follows=False, pieces=mark),
        Run(0, 0, (2, 0, 0, -2, 0, RAISED), b"/c0 cs", follows=True, pieces=mark),
    ):
        runs = [run(BASELINE, piece("ชั", (2, 0, 5))), other]
        assert texts(joined_pieces(runs)) == [["ชั"], ["ชั"]]


def test_the_run_in_which_the_line_goes_on_belongs_to_it():
    begun = [
        run(BASELINE, piece("ชั", (2, 0, 5))),
        run(RAISED, piece("ชั", (3, 6, 0))),
    ]
    goes_on = run(BASELINE, piece("ก", (1, 5, 5)), piece("น", (4, 10, 5)))
    assert texts(joined_pieces([*begun, goes_on])) == [["ชั", "ก", "น"], [], []]
    elsewhere = run(BASELINE, piece("ก", (1, 7, 5)))
    assert texts(joined_pieces([*begun, elsewhere])) == [["ชั"], [], ["ก"]]
    next_line = run(BASELINE - 20, piece("ก", (1, 5, 5)))
    assert texts(joined_pieces([*begun, next_line])) == [["ชั"], [], ["ก"]]


def test_a_mark_beyond_its_letter_takes_the_next_letter_along():
    letter = Piece("ชั", (Glyph(2, 0, 0, 5), Glyph(3, 6, -4, 0)), STYLE, (0, 0), Marked.ACTUAL_TEXT)
    encoding = Encoding(1, b"", {1: "ก"}, {}, 500.0, intricate=True)
    for x, expected in ((5.0, ["ชัก"]), (6.5, ["ชั", "ก"])):
        pieces = tidied([letter, piece("ก", (1, x, 5))], {"f0": encoding}, {})
        assert [each.text for each in pieces] == expected


def test_marks_are_given_to_glyphs_in_the_order_of_shapers():
    # Shadda stands nearest to the letter, although it comes second in NFC.
    word = piece("مَّ", (2, 1, 0), (3, 2, 0), (4, 0, 5))
    told = [(each.text, each.glyphs[0].code) for each in told_singly([word])]
    assert told == [("\u064e", 2), ("\u0651", 3), ("م", 4)]


def test_a_mark_without_a_glyph_of_its_own_is_told_with_another():
    word = piece("שָׁ", (2, 1, 0), (4, 0, 5))
    assert [each.text for each in told_singly([word])] == ["\u05c1\u05b8", "ש"]


def test_letters_that_cannot_be_told_singly_stay_whole():
    for whole in (
        piece("ชั", (2, 0, 5), (3, 5, 0)),
        piece("لا", (2, 0, 5), (3, 5, 0)),
        piece("بَ", (2, 0, 5)),
        piece("بَ", (2, 0, 5), (3, 5, 5)),
        Piece("بَ", (Glyph(2, 0, -4, 0), Glyph(3, 0, 0, 5)), STYLE, (0, 0), Marked.BY_FONT),
    ):
        assert told_singly([whole]) == [whole]


CONTENT = b"""q 1 0 0 -1 70 100 cm/c0 cs 0 scn
BT 0 Tr/f0 10 Tf 1 0 0 -1 0 0 Tm[(\\000\\001)-5(\\000\\002)]TJ
ET
Q
q 1 0 0 -1 90 100 cm/c0 cs 0 scn
BT %s
ET
Q
"""
THAI = Encoding(1, b"", {1: "ก", 2: "น"}, {1: 600.0}, 500.0, intricate=True)


@pytest.mark.parametrize(
    "text",
    [
        b"0 Tr/f0 10 Tf 1 0 .2 -1 0 0 Tm(\\000\\001)Tj",
        b"0 Tr/f0 10 Tf 1 0 0 -1 0 0 Tm 80 Tz(\\000\\001)Tj",
        b"0 Tr/f0 10 Tf 1 0 0 -1 0 0 Tm(\\000\\001)Tj\nEMC",
        b"0 Tr/f0 10 Tf 1 0 0 -1 0 0 Tm(\\000\\001\\000)Tj",
        b"0 Tr/f0 10 Tf 1 0 0 -1 0 0 Tm(\\000\\001)Tj 0 Tr/f1 10 Tf 1 0 0 -1 9 0 Tm(\\001)Tj",
    ],
)
def test_what_is_not_written_as_typst_does_it_is_passed_over_and_its_font_is_known(text: bytes):
    content = CONTENT % text
    runs = find_runs(content, {"f0": THAI})
    assert [[each.text for each in found.pieces] for found in runs] == [["ก", "น"]]
    assert [each.glyphs[0].x for each in runs[0].pieces] == pytest.approx([0, 6.05])
    assert "f0" in fonts_elsewhere(content, runs)
    understood = CONTENT % b"0 Tr/f0 10 Tf 1 0 0 -1 0 0 Tm<0001>Tj"
    both = find_runs(understood, {"f0": THAI})
    assert len(both) == 2
    assert fonts_elsewhere(understood, both) == set()
    assert rewritten(understood, both, [run.pieces for run in both]) == understood
    assert b"<0001>" not in rewritten(understood, both, [both[0].pieces, ()])
