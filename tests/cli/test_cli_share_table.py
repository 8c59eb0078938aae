"""Tables in a terminal: nothing of what is to be copied or compared is cut off, however narrow."""

import io
import itertools
import re

import pytest
from rich.text import Text

from signedcert.cli.record_output import print_table
from signedcert.cli.screen import Screen, print_rows

TITLES = ["share", "record", "audience", "until", "state", "carried by", "shows"]
LINES = [
    ["R7ZT-JXR1-SKFB-7CTE", "NQZZ-DNYC-8WNR-GT92", "Acme HR", "2026-12-25T19:44:38Z", "active",
     "link", "everything"],
    ["N0RH-4D1J-Z8YJ-8XB3", "NQZZ-DNYC-8WNR-GT92",
     "Personalabteilung der Donaudampfschifffahrtsgesellschaft", "2026-12-25T19:44:39Z",
     "suspended", "sealed", "learner, assessments[1], assessments[12]"],
]  # fmt: skip


def printed(width, print_it):
    """What a terminal of some width shows, without colours."""
    file = io.StringIO()
    console = Screen(file=file, force_terminal=True, width=width, markup=False, highlight=False,
                     emoji=False, soft_wrap=True)  # fmt: skip
    print_it(console)
    text = re.sub("\x1b\\[[0-9;]*m", "", file.getvalue())
    assert "…" not in text
    assert all(Text(line).cell_len <= width for line in text.splitlines())
    return text


def letters(text):
    """Everything but white space, in any order: how often there is what."""
    return sorted(re.sub(r"\s", "", text))


@pytest.mark.parametrize("width", [40, 50, 79, 80, 100, 120, 132, 200])
def test_the_list_of_shares(width):
    text = printed(width, lambda console: print_table(console, TITLES, LINES))
    words = {word for line in LINES for cell in line for word in cell.split() if len(word) <= 20}
    for word in words:
        assert word in text
    times = 2 if "\n\n" in text else 1
    assert letters(text) == letters("".join(itertools.chain(*LINES, TITLES * times)))


def test_wide_it_is_a_table_and_narrow_there_are_rows():
    wide = printed(200, lambda console: print_table(console, TITLES, LINES))
    assert len(wide.splitlines()) == 3
    narrow = printed(80, lambda console: print_table(console, TITLES, LINES)).splitlines()
    assert narrow[0].split() == ["share", "R7ZT-JXR1-SKFB-7CTE"]
    assert narrow[7].strip() == ""


@pytest.mark.parametrize("width", [50, 80])
def test_long_titles(width):
    title = "生產管理與持續改善期末考試" * 4
    lines = [[title, "exam", "93.25"], ["up to 3 withheld: how many there are is not known"]]
    text = printed(width, lambda c: print_table(c, ["assessment", "kind", "score"], lines))
    assert letters(text) == letters("assessmentkindscore" + "".join(itertools.chain(*lines)))


@pytest.mark.parametrize("width", [20, 40, 80])
def test_rows_with_long_words(width):
    link = f"https://learn.example.edu/r/{'x' * 200}"
    rows = [(Text("identity_checks[0]"), Text(link)), (Text("learner"), Text(""))]
    text = printed(width, lambda console: print_rows(console, rows))
    assert letters(text) == letters(f"identity_checks[0]learner{link}")
    assert width < 40 or "identity_checks[0]" in text


def test_elsewhere_a_line_is_a_line():
    file = io.StringIO()
    print_table(Screen(file=file, width=20, soft_wrap=True), TITLES, LINES)
    assert len(file.getvalue().splitlines()) == 3
