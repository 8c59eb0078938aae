"""What users hold that is no certificate, or one that changed on its way to them."""

import io
import os

import pytest
import segno
from PIL import Image

PAGE = "https://learn.example.edu/c/"


def _picture(kind, **options):
    buffer = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(buffer, format=kind, **options)
    return buffer.getvalue()


def _qr(text):
    buffer = io.BytesIO()
    segno.make_qr(text).save(buffer, kind="png", scale=8, border=4)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_picture("gif"), "cannot read GIF pictures; save it as PNG or JPEG"),
        (_picture("bmp"), "cannot read BMP pictures"),
        (_picture("tiff"), "cannot read TIFF pictures"),
        (b"MM\x00*" + bytes(20), "cannot read TIFF pictures"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "cannot read WebP pictures"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(20), "cannot read HEIC pictures"),
        (b"\x00\x00\x00\x18ftypmif1" + bytes(20), "cannot read HEIC pictures"),
        (b"\x00\x00\x00\x18ftypavif" + bytes(20), "cannot read AVIF pictures"),
        (b"%PDF-1.7\n", "the PDF is damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "its QR code is not read: pass a PNG"),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?>\n<svg/>", "the SVG is damaged"),
        (b"\xff\xfe" + PAGE.encode("utf-16-le"), "UTF-16 text; save it as UTF-8"),
        (b"\xfe\xff" + PAGE.encode("utf-16-be"), "UTF-16 text; save it as UTF-8"),
    ],
)
@pytest.mark.parametrize("command", ["verify", "inspect"])
def test_files_of_other_kinds_are_nothing_read(run, trust_file, tmp_path, data, words, command):
    path = tmp_path / "file"
    path.write_bytes(data)
    options = ("--trust", trust_file) if command == "verify" else ()
    result = run(command, path, *options)
    assert result.exit_code == 4
    assert f"{path}: " in result.stderr
    assert words in result.stderr
    assert result.stdout == ""


@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
@pytest.mark.parametrize("target", ["missing", "link"])
def test_a_symbolic_link_to_nothing_is_nothing_read(run, trust_file, tmp_path, monkeypatch, target):
    (tmp_path / "link").symlink_to(target)
    monkeypatch.chdir(tmp_path)
    for given in ("link", tmp_path / "link"):
        result = run("verify", given, "--trust", trust_file)
        assert result.exit_code == 4
        assert f"{given}: " in result.stderr


@pytest.mark.parametrize("text", ["https://shop.example/", "WIFI:S:school;P:x;;", "A B#C"])
def test_a_picture_with_other_codes_alone(run, trust_file, text):
    result = run("verify", "-", "--trust", trust_file, stdin=_qr(text))
    assert result.exit_code == 4
    assert "no certificate's QR code in the picture" in result.stderr


@pytest.mark.parametrize("text", [f"{PAGE}#AAAA", "AAAA", "123"])
def test_a_picture_with_a_damaged_link_is_invalid(run, trust_file, text):
    assert run("verify", "-", "--trust", trust_file, stdin=_qr(text)).exit_code == 1


@pytest.mark.parametrize(
    "around",
    ["<{}>", "“{}”", '"{}"', "'{}'", "{}.", "{},", "{};", "{}:", "{}!", "({})", '"{}".', '"{}."',
     " <{}>, ", "{}).\n"],
)  # fmt: skip
def test_a_link_with_what_stood_around_it(run, trust_file, issued, tmp_path, around):
    text = around.format(issued["url"])
    assert run("verify", text, "--trust", trust_file).exit_code == 0
    assert run("verify", "-", "--trust", trust_file, stdin=text).exit_code == 0


def test_what_base64url_may_end_with_is_left_alone(run, trust_file, issued):
    for end in "-_A0":
        assert run("verify", issued["url"] + end, "--trust", trust_file).exit_code == 1


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_link_whose_number_sign_was_escaped(run, trust_file, issued, more):
    for text in (issued["url"], issued["url"].removeprefix("https://")):
        escaped = text.replace("#", "%23")
        result = run("verify", escaped, "--trust", trust_file, *more)
        assert result.exit_code == 1
        assert "has %23 where it should have #" in result.stderr


@pytest.mark.parametrize("more", [False, True])
def test_a_printed_code_is_no_link(run, trust_file, issued, more):
    # The second one would read as the beginning of a link from a later version.
    code = "BCDE-FGHJ-KMNP-QRST" if more else issued["code"]
    for text in (code, code.lower(), code.replace("-", " "), f"'{code}'"):
        for command in (("verify", text, "--trust", trust_file), ("inspect", text),
                        ("qr", text, "--page", PAGE)):  # fmt: skip
            result = run(*command)
            assert result.exit_code == 4
            assert "this is the printed code" in result.stderr
            assert "this is the printed code" not in result.stdout
    other = run("verify", "UUUU-UUUU-UUUU-UUUU", "--trust", trust_file)
    assert "printed code" not in other.stderr
