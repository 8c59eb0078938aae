"""Files that Arrow reads and writes, whatever their names are."""

import os
from pathlib import Path
from typing import Literal

import pyarrow as pa


def arrow_file(path: Path, mode: Literal["rb", "wb"] = "rb") -> pa.OSFile:
    """Opens a file for Arrow, by the bytes of its name: as text, Arrow wants names in UTF-8.

    Whoever opens it closes it: Arrow's readers and writers leave what they are given open.

    :raises OSError: when it cannot be opened.
    """
    return pa.OSFile(os.fsencode(path), mode)
