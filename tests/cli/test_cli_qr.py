"""qr: a certificate as a QR code, in a file or in the terminal."""

import io
import json

import pytest
import zxingcpp
from PIL import Image

import signedcert as sc
from signedcert import qr
from signedcert.cli import qr_output
from signedcert.cli.screen import Screen

PAGE = "https://learn.example.edu/c/"


def read_codes(image):
    """The QR codes in a picture: among so many modules, some look like a code of another kind."""
    return zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)


@pytest.mark.parametrize("level", ["l", "m", "q", "h", "Q"])
def test_a_png_holds_the_token_at_the_level_wanted(run, token, issued, tmp_path, level):
    path = tmp_path / "code.png"
    result = run("qr", issued["url"], "--page", PAGE, "--error", level, "--out", path, "--json")
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    (code,) = read_codes(Image.open(path).convert("L"))
    assert sc.token_from_text(code.text) == token
    assert code.text.startswith(f"{PAGE}#")
    assert "LMQH".index(printed["error"]) >= "LMQH".index(level.upper())
    assert printed["modules"] == 17 + 4 * printed["version"]
    assert printed["file"] == str(path)


def test_svg_and_replacing(run, issued, tmp_path):
    path = tmp_path / "code.SVG"
    path.write_text("old")
    result = run("qr", issued["token_file"], "--page", PAGE, "--out", path)
    assert result.exit_code == 0
    assert path.read_bytes().startswith(b"<svg")
    assert f"QR version {issued['qr_version']}, error correction M" in result.stdout


def test_the_terminal_shows_a_code_that_scans(run, issued, token):
    result = run("qr", "-", "--page", PAGE, stdin=issued["url"])
    assert result.exit_code == 0
    *lines, last = result.stdout.splitlines()
    assert last.startswith(f"QR version {issued['qr_version']}, error correction")
    start, end = "\x1b[38;5;16;48;5;231m", "\x1b[0m"
    rows: list[str] = []
    for line in lines:
        assert line.startswith(start)
        cells = line.removeprefix(start).removesuffix(end)
        rows += ["".join("#" if c in "▀█" else " " for c in cells)]
        rows += ["".join("#" if c in "▄█" else " " for c in cells)]
    image = Image.new("L", (len(rows[0]), len(rows)), 255)
    image.putdata([0 if cell == "#" else 255 for row in rows for cell in row])
    image = image.resize((image.width * 4, image.height * 4), Image.Resampling.NEAREST)
    (code,) = read_codes(image)
    assert sc.token_from_text(code.text) == token


def test_a_narrow_terminal_gets_advice_instead_of_a_broken_code(token):
    buffer = io.StringIO()
    code = qr.encode(PAGE, token)
    qr_output.print_qr(Screen(file=buffer, width=40, force_terminal=True), code)
    assert "--out" in buffer.getvalue()


@pytest.mark.parametrize(
    ("given", "options", "exit_code", "words"),
    [
        ("URL", ("--page", PAGE, "--out", "code.gif"), 2, ".png or .svg"),
        ("URL", ("--page", "learn.example.edu"), 2, "http"),
        ("URL", ("--page", PAGE, "--error", "x"), 2, "error"),
        ("URL", (), 2, "--page"),
        ("URL", ("--page", PAGE, "--out", "/nonexistent/code.png"), 2, "/nonexistent"),
        ("garbage", ("--page", PAGE), 1, "signedcert"),
        ("missing.cose", ("--page", PAGE), 4, "no such file"),
    ],
)
def test_what_goes_wrong(run, issued, *, given, options, exit_code, words):
    result = run("qr", issued["url"] if given == "URL" else given, *options)
    assert result.exit_code == exit_code
    assert words in result.stderr


def test_a_folder_that_is_missing_is_said_of_the_file_wanted(run, issued, tmp_path):
    path = tmp_path / "nodir" / "q.png"
    result = run("qr", issued["url"], "--page", PAGE, "--out", path)
    assert result.exit_code == 2
    assert result.stderr == f"signedcert: {path}: No such file or directory\n"


def test_an_encoding_without_half_blocks_gets_advice_and_no_code(process, issued):
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    result = process("qr", issued["url"], "--page", PAGE, env=env)
    assert result.returncode == 2
    assert b"ascii, has no half blocks" in result.stderr
    assert b"--out" in result.stderr
    assert result.stdout == b""
