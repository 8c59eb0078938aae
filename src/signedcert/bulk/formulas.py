"""Text for CSV files, so that no spreadsheet takes it for a formula.

An apostrophe stands before what a cell would begin a formula with: at the beginning of the text,
and after what might separate cells in it, for the file may be opened with another separator than
ours. A spreadsheet takes it for text then.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

#: Some spreadsheets take the full-width signs for the others.
_SIGNS = "[=+\\-@＝＋－＠]"
_BEGINS = re.compile(f"^({_SIGNS}|[\t\r])")
_WITHIN = re.compile(f'([,;|\t\r\n][ "]*)({_SIGNS})')


def guarded(column: pa.Array) -> pa.Array:
    """A column of text, each as :func:`guarded_text` has it."""
    # Arrow reads these expressions as Python does.
    column = pc.replace_substring_regex(column, _WITHIN.pattern, r"\1'\2")
    return pc.replace_substring_regex(column, _BEGINS.pattern, r"'\1")


def guarded_text(text: str) -> str:
    """The text as it may stand in a cell."""
    return _BEGINS.sub(r"'\1", _WITHIN.sub(r"\1'\2", text))
