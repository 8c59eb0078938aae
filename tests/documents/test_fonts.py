"""Which fonts documents are set in, and what is said where a character is in none."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typst
from names_in_scripts import Setting, by_pdfium, by_pdftotext

from signedcert.documents import DocumentError, MissingGlyphError, fonts

OURS = {
    "Amiri",
    "EB Garamond",
    "Frank Ruhl Libre",
    "Heebo",
    "Inter",
    "Noto Sans Devanagari",
    "Sarabun",
}
FURTHER = {"Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Khmer", "Hind Siliguri"}
EAST_ASIAN = re.compile(r"(Noto (Sans|Serif)( Mono)? (CJK )?(SC|TC|HK|JP|KR)|Source Han .*)")
GEORGIAN = Path("/usr/share/fonts/truetype/noto/NotoSansGeorgian-Regular.ttf")
ARMENIAN = Path("/usr/share/fonts/truetype/noto/NotoSerifArmenian-Regular.ttf")
needs_noto_core = pytest.mark.skipif(
    not (GEORGIAN.exists() and ARMENIAN.exists()), reason="needs Debian's fonts-noto-core"
)


def refusal(setting: Setting, text: str) -> str:
    with pytest.raises(typst.TypstError) as raised:
        setting.pdf((text,), "en")
    error = fonts.missing(raised.value.diagnostic)
    assert isinstance(error, MissingGlyphError)
    # The message alone names the first one, and leads to the same kind of error.
    assert isinstance(fonts.missing(str(raised.value)), MissingGlyphError)
    return str(error)


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    return Setting(tmp_path_factory.mktemp("names"))


def test_only_our_families_and_known_ones_are_at_hand():
    at_hand = set(fonts.read(fonts.folders()).families())
    assert at_hand >= OURS
    others = at_hand - OURS - FURTHER
    assert [family for family in others if not EAST_ASIAN.fullmatch(family)] == []
    assert set(fonts.families()) == at_hand - OURS


def test_a_missing_package_is_told_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(fonts, "_OURS", ("fontpkg_of_nobody",))
    with pytest.raises(DocumentError, match=re.escape("pip install 'signedcert[pdf]'")):
        fonts.folders()


def test_fonts_are_found_without_importing_their_packages():
    code = (
        "import sys; from signedcert.documents import fonts; fonts.folders();"
        "print([name for name in sys.modules if name.startswith('fontpkg')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_folders_that_cannot_be_used_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fonts, "_MOST_FILES", 99)
    with pytest.raises(DocumentError, match="there is no folder"):
        fonts.folders((tmp_path / "absent",))
    with pytest.raises(DocumentError, match="holds no font"):
        fonts.families((tmp_path,))
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "again").symlink_to(tmp_path)
    with pytest.raises(DocumentError, match="holds no font"):
        fonts.families((tmp_path,))
    for number in range(100):
        (tmp_path / "deep" / str(number)).touch()
    with pytest.raises(DocumentError, match="more than 99 files"):
        fonts.folders((tmp_path,))


def test_of_a_folder_with_other_fonts_only_known_ones_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ours = Path(fonts.folders()[0])
    font = next(ours.glob("*.ttf"))
    mixed, pure = tmp_path / "mixed", tmp_path / "pure"
    for folder in (mixed, pure):
        folder.mkdir()
        shutil.copy(font, folder / "NotoSansCJK-Regular.ttf")
    shutil.copy(font, mixed / "Comic.ttf")
    monkeypatch.setattr(fonts, "_usual_folders", lambda: iter((mixed, tmp_path / "none", pure)))
    found = fonts._east_asian.__wrapped__()
    assert found[0] == pure
    assert len(found) == 2
    assert [(path.name, path.resolve()) for path in found[1].iterdir()] == [
        ("NotoSansCJK-Regular.ttf", mixed / "NotoSansCJK-Regular.ttf")
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Նարե Գրիգորյան", ("“Ն” (ARMENIAN CAPITAL LETTER NOW)", "Noto Serif Armenian", "--fonts")),
        (
            "გიორგი ბერიძე",
            ("GEORGIAN LETTER GAN", "Noto Sans Georgian", "apt install fonts-noto-core"),
        ),
        ("தமிழ்", ("TAMIL LETTER TA", "pip install fontpkg-noto-sans-tamil")),
        ("ሰላም", ("Noto Sans Ethiopic", "[fonts] of the theme")),
        ("ᐃᓄᒃᑎᑐᑦ", ("Noto Sans Canadian Aboriginal",)),
        ("\u0378", ("U+0378", "leave out what is not a character")),
        ("Ada 😀", ("GRINNING FACE", "leave symbols and rare letters out", "Noto Emoji")),
        ("👨‍👩‍👧", ("“👨” (MAN)", "“👧” (GIRL)")),
    ],
)
def test_a_character_that_no_font_has_is_told_with_what_to_do(
    setting: Setting, text: str, parts: tuple[str, ...]
):
    message = refusal(setting, text)
    assert message.startswith("no font at hand has ")
    for part in parts:
        assert part in message


def test_advice_is_given_once_for_each_script(setting: Setting):
    message = refusal(setting, "გიორგი Գրիգորյան ბერიძე 😀")
    assert message.count("Noto Sans Georgian") == message.count("Noto Sans Armenian") == 1
    assert message.count("fonts-noto-core") == 1
    assert re.search(r" and \d+ more: ", message)


def test_without_east_asian_fonts_it_says_which_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fonts, "_east_asian", lambda: ())
    setting = Setting(tmp_path)
    for text in ("王小明", "鈴木ひかり", "カタカナ", "김민준"):
        message = refusal(setting, text)
        assert "apt install fonts-noto-cjk" in message
        assert "fonts-noto-core" not in message


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (r'the text `"\u{7}"` could not be displayed with font `"Inter"`', "U+0007"),
        (r'the text `"\""` could not be displayed with font `"Inter"`', "QUOTATION MARK"),
        (r'the text `"\\"` could not be displayed with font `"Inter"`', "REVERSE SOLIDUS"),
    ],
)
def test_texts_are_read_as_rust_writes_them(said: str, named: str):
    assert named in str(fonts.missing(said))


def test_other_messages_are_of_something_else():
    assert fonts.missing("PDF/UA-1 error: missing document title") is None


@needs_noto_core
def test_fonts_in_given_folders_help_out(tmp_path: Path, setting: Setting):
    folder = tmp_path / "given fonts"
    folder.mkdir()
    for font in (GEORGIAN, ARMENIAN):
        shutil.copy(font, folder)
    (tmp_path / "designs").mkdir()
    helped = Setting(tmp_path / "designs", (folder,))
    assert set(fonts.families((folder,))) - set(fonts.families()) == {
        "Noto Sans Georgian",
        "Noto Serif Armenian",
    }
    lines = ("Գրիգորյան Հարությունյան", "გიორგი ბერიძე", "Jacob Ångström")
    for kind in ("serif", "sans"):
        pdf = helped.pdf(lines, "en", kind)
        assert set(lines) <= set(by_pdftotext(pdf))
        assert set(lines) <= set(by_pdfium(pdf))
    refusal(setting, lines[0])


def lists(folder: Path, language: str, kind: str, extra: tuple[str, ...]) -> list[str]:
    names = ", ".join(f'"{each}"' for each in extra)
    main = folder / "query.typ"
    main.write_text(
        f'#import "/fonts.typ": {kind}\n#metadata({kind}("{language}", ({names},))) <list>',
        encoding="utf-8",
    )
    found = typst.query(main, "<list>", field="value", one=True, root=folder)
    families = json.loads(found)
    return [each if isinstance(each, str) else each["name"] for each in families]


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("zh", "SC"),
        ("zh-Hans", "SC"),
        ("zh-Hant", "TC"),
        ("zh-TW", "TC"),
        ("zh-HK", "HK"),
        ("ja", "JP"),
        ("ko", "KR"),
        ("en", "SC"),
        ("ar", "SC"),
    ],
)
@pytest.mark.parametrize("kind", ["serif", "sans"])
def test_each_language_has_its_regional_forms_first(
    setting: Setting, tmp_path: Path, language: str, first: str, kind: str
):
    Setting(tmp_path)
    regions = ("SC", "TC", "HK", "JP", "KR")
    extra = tuple(f"Noto {style} CJK {region}" for style in ("Sans", "Serif") for region in regions)
    listed = lists(tmp_path, language, kind, (*extra, "Noto Sans Georgian", "Noto Serif Armenian"))
    east_asian = [family for family in listed if "CJK" in family]
    assert east_asian[0] == f"Noto {kind.capitalize()} CJK {first}"
    assert len(east_asian) == len(set(east_asian)) == 10
    assert listed[0] == {"serif": "EB Garamond", "sans": "Inter"}[kind]
    best = {"serif": "Noto Serif Armenian", "sans": "Noto Sans Georgian"}[kind]
    assert listed[-2] == best
    assert set(listed) >= OURS


def test_families_that_are_not_at_hand_are_not_asked_for(tmp_path: Path):
    Setting(tmp_path)
    assert set(lists(tmp_path, "ja", "serif", ("Source Han Serif",))) == OURS | {"Source Han Serif"}
