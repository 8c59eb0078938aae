"""Standard streams that are closed, full or missing: never a traceback, never exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="shell redirections")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def shell(redirections, *arguments):
    """Runs a command with its standard streams redirected as a shell does it."""
    command = [sys.executable, "-m", "signedcert", *map(str, arguments)]
    program = f'exec "$@" {redirections}'
    return subprocess.run(
        ["/bin/sh", "-c", program, "sh", *command], capture_output=True, timeout=60, check=False
    )


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("demo", "--help")])
@pytest.mark.parametrize("redirections", [">&-", pytest.param(">/dev/full", marks=needs_full)])
def test_output_that_goes_nowhere(redirections, arguments):
    result = shell(redirections, *arguments)
    assert result.returncode == 2
    (line,) = result.stderr.decode().splitlines()
    assert line in {
        "signedcert: standard output is closed",
        "signedcert: No space left on device",
    }


def test_a_closed_output_is_no_verdict(issued, trust_file):
    for redirections in (">&-", ">&- 2>&-"):
        result = shell(redirections, "verify", issued["url"], "--trust", trust_file)
        assert result.returncode == 2
        assert b"Traceback" not in result.stderr


def test_without_standard_error_the_exit_code_still_tells(issued, trust_file, tmp_path):
    for given, code in ((issued["url"], 0), (tmp_path / "missing", 4)):
        assert shell("2>&-", "verify", given, "--trust", trust_file).returncode == code
    assert shell("2>&-", "nonsense").returncode == 2


@needs_full
def test_a_full_standard_error(issued, trust_file, tmp_path):
    assert shell("2>/dev/full", "nonsense").returncode == 2
    missing = tmp_path / "missing"
    assert shell("2>/dev/full", "verify", missing, "--trust", trust_file).returncode == 2


def test_a_closed_standard_input_is_nothing_read(trust_file):
    for redirections in ("<&-", "0>/dev/null"):
        result = shell(redirections, "verify", "-", "--trust", trust_file)
        assert result.returncode == 4
        assert b"standard input: " in result.stderr
        assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("demo", "--help"), ("--version",)])
def test_a_closed_pipe_under_help(process, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    result = process(*arguments, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert result.returncode == 141
    assert result.stderr == b""
