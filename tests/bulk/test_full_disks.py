"""Files that cannot be written to their end: the message says which, and room lets it go on."""

import errno
import subprocess
import sys
from pathlib import Path

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
    links, out = tmp_path / "links.txt", tmp_path / f"out.{suffix}"
    links.write_text("".join(f"{link(number)}\n" for number in range(40)))
    arguments = ["bulk", "verify", str(links), "--out", str(out), *trust_options(tmp_path)]

    def limited(size: int) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", _LIMITED, str(size), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )

    size, named = 1_000, set()
    while (done := limited(size)).returncode:
        assert done.returncode == 2
        assert done.stderr.startswith(f"signedcert: {out}.partial/")
        assert done.stderr.endswith(": File too large\n")
        assert not out.exists()
        named.add(done.stderr.partition(".partial/")[2].partition(":")[0])
        size += 3_000
    assert "sheet" in named
    if suffix == "csv":
        assert statuses(sheet(out)) == ["VALID"] * 40
