"""Names in many scripts, set as the designs set them, and the text that two programs read back.

Names from ``tests/vectors/names-by-country`` (CC0) are put together by chance, which makes people
that nobody is. Those in :data:`MADE_UP`, and those with vowel signs, were made up for these tests.
"""

import csv
import json
import shutil
import subprocess
import unicodedata
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pypdfium2
import typst

from signedcert.documents import fonts
from vector_files import VECTORS

#: How the characters' names begin, and the language that words around the name are in.
SCRIPTS = {
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "THAI": "th",
    "CJK": "zh",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "GREEK": "el",
}
LANGUAGES = {"japanese": "ja", "vietnamese": "vi", "latin": "en"}
MADE_UP = {
    "THAI": (
        *("วิชัย ศรีสุข", "ปิ่นบุญญา ถาวรวรณ์", "น้ำผึ้ง ตั้งเผ่า", "ชัชนันท์ งามพิเชษฐ์", "กำธร ใจดี"),
        *("สุภาลินี ตันเยี่ยม", "ธัญญามาศ นำธวัช", "รูไกยะฮ์ เณรานุสนธิ์", "หลักทรัพย์ ดีตพันธุ์", "อชิตะวีร์ ด้วงโสน"),
        *("ปิยวัจน์ ธูปหอม", "เมทนี บุนยาภิสนท์", "จิฬาภรณ์ ศิวะวรเวท", "ยศพงศ์ นามขำ", "วันฉัตร นักรบ"),
        *("ซูไรดา แน่นดุจป้อม", "ก้องเกียรติ์ พึ่งฉิ่ง", "เปี่ยมสุข ซื่อสัตย์", "ชัชชัย ชื่นชูชื่น", "ผู้ใหญ่ กู้เกียรติ"),
    ),
    "DEVANAGARI": (
        *("प्रिया शर्मा", "कृष्णमूर्ति अय्यर", "शकुन्तला कलिता", "क्षत्रिय सर्वश्री", "इन्दु रंगराजन"),
        *("कुंती टंडन", "अरुंधती हजारिका", "पुरुषोत्तम षड्यंत्री", "विट्ठल दत्तात्रेय", "मधु मुख़र्जी"),
    ),
    "vietnamese": (
        *("Nguyễn Thị Hường", "Trần Đức Thắng", "Lê Quốc Bảo", "Phạm Hồng Ngọc", "Hoàng Văn Dũng"),
        *(
            "Huỳnh Thị Mỹ Lệ",
            "Phan Đình Phùng",
            "Vũ Thị Tuyết",
            "Võ Minh Trí",
            "Đặng Thùy Trâm Anh",
        ),
        *("Bùi Xuân Khuê", "Đỗ Kiều Oanh", "Hồ Ngọc Ẩn", "Ngô Bá Khải", "Dương Ỷ Lan"),
        *("Lý Thường Ưu", "Đinh Bộ Ẩm", "Trịnh Thị Ở", "Mai Quỳnh Ngữ", "Tô Hữu Ửng"),
    ),
    "latin": (
        *(
            "Jacob Ångström",
            "Łukasz Źdźbło",
            "İpek Şahingöz",
            "Ẹ́bùn Ọlátúnjí",
            "Zoë O’Brien-Ferreira",
        ),
        *("Þórunn Æsa", "Ğülşah Çığ", "Ștefan Țăranu", "Nǃxau ǂToma", "ŋaare Ɓammo"),
        *("Jānis Ķēniņš", "Győző Űrhegyi", "Ħal Ġużè", "Ā̈nna x̌aaʔ", "Ṽera Ọ̀pọ̀lọ́"),
        *("fi ffi fl affluent", "Sœur Œdipe", "Mc’Donald-Ó Súilleabháin", "Ǩiĺḷ Š́", "Ýmir ß ẞ"),
    ),
}
#: With vowel signs: Arabic harakat and shadda, Hebrew niqqud.
VOCALISED = {
    "ARABIC": (
        *("مُحَمَّد", "فَاطِمَة الزَّهْرَاء", "عَبْدُ اللهِ بْنُ عُمَر", "سُلَيْمَان", "يُوسُف بْن إِبْرَاهِيم"),
        *("عَائِشَة بِنْت أَحْمَد", "مؤيّد", "عبد التّواب", "مُنجد الحكير", "عبد الرّحمن"),
    ),
    "HEBREW": (
        *("שָׁלוֹם", "מֹשֶׁה בֶּן־עַמְרָם", "דָּוִד", "רִבְקָה", "שׁוּלַמִּית"),
        *("יוֹסֵף", "חַיִּים כֹּהֵן", "אַבְרָהָם", "יִצְחָק לֵוִי", "רָחֵל"),
    ),
}
#: Bidirectional controls, which pdftotext puts around lines that run from right to left.
_CONTROLS = str.maketrans("", "", "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\r")
_DOCUMENT = """
#import "/fonts.typ": readable, sans, serif
#let data = json(bytes(sys.inputs.data))
#set document(title: "Names", date: datetime(year: 2026, month: 11, day: 2))
#set page(width: 400mm, height: auto)
#set text(
  font: (if data.kind == "serif" { serif } else { sans })(data.language, data.extra),
  fallback: false,
  lang: data.language,
  size: 20pt,
)
#show: readable
#for name in data.names [#name \\ ]
"""


@cache
def names(script: str) -> tuple[str, ...]:
    """Twenty-four names in a script at most, and at least twenty."""
    made_up = MADE_UP.get(script, ())
    words = _words(script)
    between = "" if script in ("CJK", "HANGUL") else " "
    pairs = tuple(
        f"{one}{between}{other}"
        for one, other in zip(words, reversed(words), strict=True)
        if one != other
    )
    return (made_up + pairs)[:24]


def _words(script: str) -> list[str]:
    """Forenames and surnames that are in one script, in an order that mixes them."""
    if script in LANGUAGES and script != "japanese":
        return []
    found = []
    folder = VECTORS / "names-by-country"
    for kind in ("forenames", "surnames"):
        path = folder / f"common-{kind}-by-country.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            found += [(row["Country"], row["Localized Name"]) for row in csv.DictReader(file)]
    if script == "japanese":
        # Where all words of a line have a single character, pdftotext takes it for spaced out.
        words = {name for country, name in found if country == "JP" and _in("CJK", name)}
        return sorted(word for word in words if len(word) > 1)
    return sorted({name for country, name in found if country != "JP" and _in(script, name)})


def _in(script: str, name: str) -> bool:
    letters = [letter for letter in name if letter.isalpha()]
    return bool(letters) and all(unicodedata.name(each, "").startswith(script) for each in letters)


class Setting:
    """Sets names, one a line, in the fonts of the designs."""

    def __init__(self, folder: Path, extra: tuple[Path, ...] = ()) -> None:
        with as_file(files("signedcert.documents") / "designs" / "fonts.typ") as lists:
            shutil.copy(lists, folder / "fonts.typ")
        (folder / "main.typ").write_text(_DOCUMENT, encoding="utf-8")
        self._extra = fonts.families(extra)
        self._compiler = typst.Compiler(
            input=str(folder / "main.typ"),
            root=str(folder),
            font_paths=fonts.read(fonts.folders(extra)),
            ignore_system_fonts=True,
        )

    def pdf(self, lines: tuple[str, ...], language: str, kind: str = "serif") -> bytes:
        data = {"names": lines, "language": language, "kind": kind, "extra": self._extra}
        made = self._compiler.compile(
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["a-3b", "ua-1"],
        )
        assert isinstance(made, bytes)
        return made


def by_pdftotext(pdf: bytes) -> list[str]:
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return _lines(read.stdout.decode())


def by_pdfium(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
    return _lines("\n".join(texts))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.translate(_CONTROLS).replace("\f", "\n").split("\n")]
