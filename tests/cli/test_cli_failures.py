"""What goes wrong is one clear line and the right exit code, never a traceback."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import signedcert as sc
from signedcert.cli import verify as verify_module
from signedcert.cli import words
from signedcert.cli.exit_codes import ExitCode, worst
from signedcert.cli.screen import visible


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (PermissionError(13, "Permission denied", "/x/y"), 2, "/x/y: Permission denied"),
        (IsADirectoryError(21, "Is a directory", "/x"), 2, "/x: Is a directory"),
        (OSError(28, "No space left on device"), 2, "No space left on device"),
        (OSError("strange"), 2, "OSError"),
        (KeyboardInterrupt(), 130, "stopped"),
        (MemoryError(), 2, "out of memory"),
        (OverflowError("date value out of range"), 2, "from the year 1 to the year 9999"),
        (OverflowError("secret"), 70, "OverflowError"),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (RuntimeError("secret"), 70, "RuntimeError"),
        (RecursionError("secret"), 70, "RecursionError"),
        (sc.SignerError("the signer failed"), 2, "the signer failed"),
        (sc.EncodeError("too large\x1b[2J"), 2, "too large\\u{001B}[2J"),
        (sc.DecodeError(sc.Reason.NOT_A_TOKEN, "no token"), 1, "no token (not_a_token)"),
    ],
)
def test_every_exception_becomes_a_line(run, monkeypatch, *, trust_file, error, code, text):
    def fails(*_):
        raise error

    monkeypatch.setattr(verify_module, "trust_from", fails)
    result = run("verify", "x", "--trust", trust_file)
    assert result.exit_code == code
    assert text in result.stderr
    assert "secret" not in result.output
    assert len(result.stderr.splitlines()) == bool(text)


def test_a_validation_error_quotes_no_values(run, monkeypatch, trust_file):
    def fails(*_):
        sc.Person(name="\x00secret")

    monkeypatch.setattr(verify_module, "trust_from", fails)
    result = run("verify", "x", "--trust", trust_file)
    assert result.exit_code == 2
    assert "secret" not in result.output


def test_version_and_help(process):
    assert process("--version").stdout.decode() == f"signedcert {sc.__version__}\n"
    text = process("--help").stdout.decode()
    for command in ("init", "keys", "issue", "verify", "inspect", "qr", "demo"):
        assert command in text
        assert process(command, "--help").returncode == 0


@pytest.mark.parametrize("arguments", [("nonsense",), ("verify", "--nonsense"), ()])
def test_wrong_usage_in_a_process_of_its_own(process, arguments):
    result = process(*arguments)
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr


def test_the_exit_codes_of_a_process(process, issued, token, *, trust_file, other_trust, tmp_path):
    bad = tmp_path / "bad"
    bad.write_bytes(token[:-1] + bytes((token[-1] ^ 1,)))
    url = issued["url"]
    assert process("verify", url, "--trust", trust_file).returncode == 0
    assert process("verify", bad, "--trust", trust_file).returncode == 1
    assert process("verify", url).returncode == 2
    assert process("verify", url, "--trust", other_trust).returncode == 3
    assert process("verify", tmp_path / "none", "--trust", trust_file).returncode == 4


def test_the_worst_code():
    assert worst([ExitCode.DONE, ExitCode.INDETERMINATE]) == 3
    assert worst([ExitCode.INVALID, ExitCode.INDETERMINATE]) == 1
    assert worst(ExitCode(code) for code in (0, 1, 3, 4)) == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_full_disk_under_the_output(process, issued, trust_file, more):
    arguments = ("verify", issued["url"], "--trust", trust_file, *more)
    with Path("/dev/full").open("wb") as full:
        result = process(*arguments, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 2
    assert result.stderr.decode().splitlines() == ["signedcert: No space left on device"]


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_closed_pipe_is_neither_valid_nor_invalid(process, issued, trust_file, more):
    reading, writing = os.pipe()
    os.close(reading)
    result = process(
        "verify", issued["url"], "--trust", trust_file, *more, stdout=writing,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(writing)
    assert result.returncode == 141
    assert result.stderr == b""


def test_a_terminal_of_another_encoding(process, issued, trust_file):
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    result = process("verify", issued["url"], "--trust", trust_file, env=env)
    assert result.returncode == 0, result.stderr
    assert b"Jacob \\xc5ngstr\\xf6m" in result.stdout


def _opened_once_read(fifo):
    """The writing end, as soon as somebody has the other one open."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > deadline:
                raise
        time.sleep(0.02)


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_while_waiting_for_input(trust_file, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(
        [sys.executable, "-m", "signedcert", "verify", fifo, "--trust", trust_file],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # A background job's children inherit that it is ignored.
        preexec_fn=lambda: signal.signal(  # noqa: PLW1509 - no threads here
            signal.SIGINT, signal.SIG_DFL
        ),
    ) as child:  # fmt: skip
        try:
            writing = _opened_once_read(fifo)
            try:
                child.send_signal(signal.SIGINT)
            finally:
                # A signal between two reads is noticed only when the next one ends.
                os.close(writing)
            output, errors = child.communicate(timeout=30)
        finally:
            child.kill()
    assert child.returncode == 130
    assert output == b""
    assert b"Traceback" not in errors


@pytest.mark.parametrize("missing", ["typer", "rich", "segno", "zxingcpp", "PIL"])
def test_without_the_extra_it_says_what_to_install(missing):
    program = f"""
        import importlib.util, sys
        real = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *a: None if name == {missing!r} else real(name, *a)
        sys.modules[{missing!r}] = None
        import signedcert.cli
        signedcert.cli.main()
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, check=False
    )
    assert result.returncode == 2
    assert b"pip install 'signedcert[cli]'" in result.stderr
    assert b"Traceback" not in result.stderr


def test_importing_the_package_loads_no_extra():
    program = "import sys, signedcert.cli; print([m for m in ('typer', 'rich', 'segno', 'PIL') " \
        "if m in sys.modules])"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_the_installed_command(issued, trust_file):
    command = shutil.which("signedcert", path=str(Path(sys.executable).parent))
    assert command is not None, "the package is not installed"
    done = subprocess.run(
        [command, "verify", issued["url"], "--trust", trust_file], capture_output=True, check=False
    )
    assert done.returncode == 0


def test_every_reason_check_and_outcome_has_its_own_words():
    assert set(words.REASONS) == set(sc.Reason)
    assert set(words.PASSED) == set(words.CHECKS) == set(sc.Check)
    assert set(words.MARKS) == set(sc.Outcome)
    assert set(words.STATUS) == set(sc.Status)
    for table in (words.REASONS, words.PASSED, words.CHECKS, words.MARKS, words.STATUS):
        assert len(set(table.values())) == len(table)
    for text in (*words.REASONS.values(), *words.PASSED.values()):
        assert text.endswith((".", "?"))


def test_visible_leaves_scripts_alone_and_nothing_that_steers():
    text = "ليلى Ångström 李 👩‍🎓"
    assert visible(text) == text
    assert visible("a\x1b[2Jb\u202ec\ud800\n\x9b") == (
        "a\\u{001B}[2Jb\\u{202E}c\\u{D800}\\u{000A}\\u{009B}"
    )


def test_a_moment_beyond_the_calendar_is_wrong_usage(run, tmp_path, workspace):
    command = ("publish", "--workspace", workspace, "--out", tmp_path / "site", "--now")
    for moment in ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"):
        assert run(*command, moment).exit_code == 2


@pytest.mark.parametrize(
    "command",
    [
        ("keys", "--workspace", ""),
        ("init", "--workspace", "", "--issuer", "learn.example.edu"),
        ("init", "--workspace", "w", "--issuer", "learn.example.edu", "--spare-root", ""),
        ("rotate", "--workspace", "w", "--root-key", ""),
        ("trust", "export", ""),
        ("trust", "import", ""),
        ("trust", "sign", "--out", "", "--key", "k"),
        ("trust", "sign", "--out", "o", "--key", ""),
        ("trust", "show", "--trust", ""),
    ],
)
def test_an_empty_path_is_no_name_for_the_current_folder(run, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    result = run(*command, COLUMNS="200")
    assert result.exit_code == 2
    assert "the path is empty" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--passphrase-fd", "--root-passphrase-fd"])
@pytest.mark.parametrize("descriptor", [2**31, 99999999999, 2**64])
def test_a_descriptor_that_can_be_none_is_wrong_usage(run, tmp_path, option, descriptor):
    command = ("init", "--workspace", tmp_path / "w", "--issuer", "learn.example.edu")
    result = run(*command, option, descriptor)
    assert result.exit_code == 2
    assert option in result.stderr
    assert list(tmp_path.iterdir()) == []
