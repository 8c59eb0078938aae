import contextlib
import io
import os
import shutil
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from signedcert.documents import theme as theme_module
from signedcert.documents.colours import contrast_to_white
from signedcert.documents.errors import PictureRefused, ThemeError
from signedcert.documents.pictures import PictureFormat
from signedcert.documents.printed import Paper
from signedcert.documents.theme import Design, Theme, read_theme

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>'
WHOLE = """
design = "modern"
paper = "us-letter"

[colours]
primary = "#1B365D"
accent = "#d0a040"

[logo]
file = "pictures/seal.svg"
description = "Seal of the University"

[signatures]
"Jacob Ångström" = "signature.png"
"王小明" = "signature.png"

[fonts]
folders = ["fonts"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "theme"
    for each in ("pictures", "fonts", "design"):
        (inside / each).mkdir(parents=True)
    (inside / "pictures" / "seal.svg").write_text(SVG)
    buffer = io.BytesIO()
    Image.new("RGBA", (40, 10)).save(buffer, "PNG")
    (inside / "signature.png").write_bytes(buffer.getvalue())
    (tmp_path / "outside.svg").write_text(SVG)
    (tmp_path / "outside").mkdir()
    return inside


def theme(folder: Path, text: str) -> Theme:
    (folder / "theme.toml").write_text(text, encoding="utf-8")
    return read_theme(folder / "theme.toml")


def fault(folder: Path, text: str) -> str:
    with pytest.raises(ThemeError) as error:
        theme(folder, text)
    return str(error.value)


def test_a_whole_theme_is_read(folder):
    found = theme(folder, WHOLE)
    assert (found.design, found.paper) == (Design.MODERN, Paper.US_LETTER)
    assert (found.primary, found.accent) == ("#1b365d", "#d0a040")
    assert found.logo is not None
    assert found.logo.format is PictureFormat.SVG
    assert found.logo.description == "Seal of the University"
    assert list(found.signatures) == ["Jacob Ångström", "王小明"]
    assert found.signatures["王小明"].description == "王小明"
    assert found.font_folders == (folder / "fonts",)
    assert found.template is None


def test_the_documented_example_is_a_theme(folder):
    example = textwrap.dedent((theme_module.__doc__ or "").partition("::")[2])
    (folder / "logo.svg").write_text(SVG)
    shutil.copy(folder / "signature.png", folder / "severance.png")
    assert theme(folder, example).font_folders == (folder / "fonts",)


def test_an_empty_file_is_the_plain_theme(folder):
    assert theme(folder, "") == Theme()


def test_the_plain_themes_own_colours_pass():
    plain = Theme()
    assert (contrast_to_white(plain.primary) or 0) >= 4.5
    assert (contrast_to_white(plain.accent) or 0) >= 1.5


def test_a_template_is_a_folder_and_stands_for_the_design(folder):
    assert theme(folder, 'template = "design"').template == folder / "design"
    assert "not both" in fault(folder, 'template = "design"\ndesign = "classic"')
    assert "no folder" in fault(folder, 'template = "signature.png"')


def test_the_contrast_is_that_of_the_guidelines():
    # Known pairs: https://webaim.org/resources/contrastchecker/
    assert contrast_to_white("#000000") == pytest.approx(21)
    assert contrast_to_white("#FFFFFF") == pytest.approx(1)
    assert contrast_to_white("#767676") == pytest.approx(4.54, abs=0.005)
    assert contrast_to_white("#777777") == pytest.approx(4.48, abs=0.005)
    assert contrast_to_white("#0000ff") == pytest.approx(8.59, abs=0.005)
    assert contrast_to_white("#ff0000") == pytest.approx(4.0, abs=0.005)


def test_colours_that_cannot_be_read_are_refused_with_their_contrast(folder):
    message = fault(folder, '[colours]\nprimary = "#777777"')
    assert "theme.toml: colours.primary: #777777 has a contrast of 4.47 : 1" in message
    assert "needs 4.5 : 1 to be read" in message
    assert theme(folder, '[colours]\nprimary = "#767676"').primary == "#767676"
    assert "needs 1.5 : 1 to be seen" in fault(folder, '[colours]\naccent = "#eeeeee"')


@pytest.mark.parametrize("text", ["red", "#12345", "#1234567", "#12345g", "123456", "#１23456"])
def test_what_is_no_colour_is_refused(folder, text):
    assert "is no colour like" in fault(folder, f'[colours]\nprimary = "{text}"')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('desing = "modern"', "theme.toml: desing means nothing here; did you mean design?"),
        ('[colors]\nprimary = "#000000"', "did you mean colours?"),
        ('[colours]\nprimry = "#000000"', "colours.primry means nothing here; did you mean primar"),
        ('[logo]\nalt = "x"', "logo.alt means nothing here; known are file, description"),
        ('[fonts]\nfolder = ["x"]', "did you mean folders?"),
        ("qqq = 1", "known are design, paper"),
    ],
)
def test_unknown_keys_are_refused_with_the_one_that_was_meant(folder, text, message):
    assert message in fault(folder, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("design = 1", "design must be a text"),
        ('design = "baroque"', "'baroque' is none of classic, modern"),
        ('paper = "a3"', "'a3' is none of a4, us-letter"),
        ("colours = 5", "colours must be a table: write [colours]"),
        ('logo = "seal.svg"', "logo must be a table"),
        ("[colours.primary]\nx = 1", "colours.primary must be a text"),
        ('[fonts]\nfolders = "fonts"', "must be a list"),
        ("[fonts]\nfolders = [1]", "must be a text"),
        (f"[fonts]\nfolders = {['fonts'] * 17}", "must be a list of up to 16"),
        ('[logo]\nfile = "pictures/seal.svg"', "a file and a description"),
        ('[logo]\nfile = ""\ndescription = "x"', "not empty"),
        ('[logo]\nfile = "a\\nb.svg"\ndescription = "x"', "one line"),
        ('[logo]\nfile = "missing.svg"\ndescription = "x"', "missing.svg cannot be read"),
        ('[logo]\nfile = "pictures"\ndescription = "x"', "cannot be read|no regular file"),
        ('[signatures]\n"A" = 5', "signatures.A must be a text"),
        ("[signatures]\n" + "".join(f'"P{n}" = "x"\n' for n in range(33)), "32 signatures"),
        ("design = ", "is no TOML"),
        ("a = [" * 5000, "is no TOML|nested too deeply"),
        ("#" * 100_001, "more than 100 KB"),
    ],
)
def test_faults_are_told_with_their_place_and_what_to_do(folder, text, message):
    with pytest.raises(ThemeError, match=message.replace("[", r"\[")):
        theme(folder, text)


def test_a_file_that_is_not_there_or_not_text_is_refused(folder):
    with pytest.raises(ThemeError, match="cannot be read"):
        read_theme(folder / "missing.toml")
    (folder / "theme.toml").write_bytes(b'design = "\xff"')
    with pytest.raises(ThemeError, match="not in UTF-8"):
        read_theme(folder / "theme.toml")
    with pytest.raises(ThemeError, match="cannot be read"):
        read_theme(folder)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.svg",
        "pictures/../../outside.svg",
        "/etc/passwd",
        "C:\\\\Windows\\\\win.ini",
        "..\\\\outside.svg",
        "\\\\\\\\server\\\\share\\\\x.svg",
        "C:x.svg",
    ],
)
def test_files_elsewhere_are_refused_however_they_are_named(folder, name):
    for text in (
        f'[logo]\nfile = "{name}"\ndescription = "x"',
        f'[signatures]\n"A" = "{name}"',
        f'template = "{name}"',
        f'[fonts]\nfolders = ["{name}"]',
    ):
        assert "must be in the folder of the theme file" in fault(folder, text)


def test_links_out_of_the_folder_are_refused_and_links_within_are_followed(folder):
    (folder / "out.svg").symlink_to(folder.parent / "outside.svg")
    (folder / "out").symlink_to(folder.parent / "outside")
    (folder / "ring").symlink_to(folder / "ring")
    (folder / "in.svg").symlink_to("pictures/seal.svg")
    logo = '[logo]\nfile = "{}"\ndescription = "x"'
    assert "a link out of the folder" in fault(folder, logo.format("out.svg"))
    assert "a link out of the folder" in fault(folder, 'template = "out"')
    assert "a link out of the folder" in fault(folder, '[fonts]\nfolders = ["out"]')
    assert "cannot be read" in fault(folder, logo.format("ring"))
    assert theme(folder, logo.format("in.svg")).logo is not None


def test_a_pipe_is_refused_without_waiting_for_it(folder):
    os.mkfifo(folder / "pipe.png")
    assert "no regular file" in fault(folder, '[signatures]\n"A" = "pipe.png"')


def test_a_wrong_picture_is_refused_with_its_place(folder):
    (folder / "seal.png").write_text(SVG)
    with pytest.raises(PictureRefused, match=r"theme.toml: logo.file: seal.png: its name ends in"):
        theme(folder, '[logo]\nfile = "seal.png"\ndescription = "x"')
    (folder / "large.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(3_000_000))
    with pytest.raises(PictureRefused, match="more than 2 MB"):
        theme(folder, '[signatures]\n"A" = "large.png"')


@given(text=st.text(max_size=200))
def test_any_text_is_a_theme_or_a_fault(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp()
    (folder / "theme.toml").write_text(text, encoding="utf-8", newline="")
    with contextlib.suppress(ThemeError):
        assert isinstance(read_theme(folder / "theme.toml"), Theme)
