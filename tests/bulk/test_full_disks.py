"""Files that cannot be written to their end: the message says which, and room lets it go on."""

import errno
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from random import randbytes

import pyarrow as pa
import pytest
from bulk_verifying import link, sheet, statuses, trust_options

from signedcert.bulk.run.writing import naming

_FULL = Path("/dev/full")  # where every write finds no room
#: The program, whose files cannot grow beyond a number of bytes.
_LIMITED = """
import resource, sys
size = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
from signedcert.cli import main
main()
"""


def test_a_file_that_is_open_already_is_named_whoever_writes_it() -> None:
    def by_python() -> None:
        with _FULL.open("wb") as file:
            file.write(b"x")

    def by_arrow() -> None:
        with pa.OSFile(str(_FULL), "wb") as file:
            file.write(b"x")

    for write in (by_python, by_arrow):
        with pytest.raises(OSError, match="No space left on device") as caught, naming(Path("a")):
            write()
        assert caught.value.errno == errno.ENOSPC
        assert caught.value.filename == "a"
        assert caught.value.strerror == "No space left on device"


def test_a_name_that_is_known_stays(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, naming(tmp_path):
        (tmp_path / "missing").read_bytes()
    assert caught.value.filename == str(tmp_path / "missing")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_sheet_without_room_is_named_and_nothing_is_lost(tmp_path: Path, suffix: str) -> None:
    # Nothing that could be compressed: the sheet is larger than any of the three parts.
    table, out = tmp_path / "table.csv", tmp_path / f"out.{suffix}"
    noise = (urlsafe_b64encode(randbytes(60)).decode() for _ in range(12_000))
    table.write_text("link,noise\n" + "".join(f"{link()},{each}\n" for each in noise))
    arguments = ["bulk", "verify", table, "--out", out, "--workers", 1, *trust_options(tmp_path)]

    def limited(size: int) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", _LIMITED, str(size), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
        )

    done = limited(650_000)
    assert done.returncode == 2
    assert done.stderr == f"signedcert: {out}.partial/sheet: File too large\n"
    assert not Path(f"{out}.partial/codes").exists()
    assert not out.exists()
    assert limited(10**9).returncode == 0
    if suffix == "csv":
        assert statuses(sheet(out)) == ["VALID"] * 12_000
