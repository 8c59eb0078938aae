"""The commands for many give memory back: nothing of theirs is in an allocator that keeps it."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bulk_verifying import token, trust_options

#: Runs the command as the program does, and tells how much its process had in mimalloc at most.
_TOLD = """
import sys
from signedcert.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
import pyarrow as pa
print(pa.mimalloc_memory_pool().max_memory(), "pandas" in sys.modules)
"""


def _kept(folder: Path, chosen: str | None) -> str:
    rows = pa.table({"token": [token(number) for number in range(3)]})
    pq.write_table(rows, folder / "tokens.parquet")
    arguments = ["bulk", "verify", "tokens.parquet", "--out", "verdicts.parquet"]
    env = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    done = subprocess.run(
        [sys.executable, "-c", _TOLD, *arguments, *trust_options(folder)],
        cwd=folder,
        env=env if chosen is None else env | {"ARROW_DEFAULT_MEMORY_POOL": chosen},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


@pytest.fixture(autouse=True)
def _with_mimalloc() -> None:
    try:
        pa.mimalloc_memory_pool()
    except NotImplementedError:
        pytest.skip("this pyarrow was built without mimalloc")


def test_pyarrow_takes_memory_from_the_system_and_leaves_pandas_out(tmp_path: Path) -> None:
    # Its pool of the Python side alone can be changed later; Parquet is read and written by C++.
    assert _kept(tmp_path, None) == "0 False"


def test_the_allocator_that_the_user_chose_stays(tmp_path: Path) -> None:
    kept, _ = _kept(tmp_path, "mimalloc").split()

    assert int(kept) > 0
