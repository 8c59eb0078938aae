"""Certificates to print: real course titles, invented names, each signed with a software key."""

import base64
import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import signedcert as sc
from benchmarks.content import PAGE, ROOT, SEED, certificates
from benchmarks.documents_peers.timing import Content
from signedcert import qr
from signedcert.documents.inputs import SIDE_MAX, SIDE_MIN
from signedcert.documents.printed import Printed
from signedcert.documents.variables import variables
from signedcert.qr.render import QUIET_ZONE

COUNT = 500
SKILLS, MODULES = 5, 5
_NAMES = ROOT / "tests" / "vectors" / "names-by-country"
#: Countries that write names in Latin, Greek or Cyrillic letters, all of which EB Garamond has.
_COUNTRIES = ("BG", "CZ", "DE", "DK", "ES", "FR", "GB", "GR", "HU", "IS", "PL", "PT", "RO", "TR")
#: By language tag: forenames, surnames, and what stands between them.
_OTHER_SCRIPTS = {
    "ar": (("محمد", "ليلى", "فاطمة", "يوسف"), ("منصور", "الحسن", "حداد", "قاسم"), " "),
    "he": (("נועה", "דוד", "תמר", "איתי"), ("כהן", "לוי", "מזרחי", "פרץ"), " "),
    "hi": (("प्रिया", "अर्जुन", "दीक्षा", "कृष्ण"), ("शर्मा", "त्रिपाठी", "वर्मा", "सिंह"), " "),
    "th": (("สมชาย", "ณัฐวุฒิ", "ปิ่นแก้ว", "ชลธิชา"), ("ใจดี", "ศรีสุข", "ทองคำ", "วงศ์ใหญ่"), " "),
    "zh": (("王", "李", "张", "陈"), ("小明", "若汐", "浩然", "雨桐"), ""),
    "ja": (("佐藤", "鈴木", "高橋", "渡辺"), ("蒼", "陽菜", "結衣", "大翔"), " "),
    "ko": (("김", "이", "박", "최"), ("지안", "서준", "하윤", "도현"), ""),
}


@dataclass(frozen=True, slots=True)
class Issued:
    """One certificate, and its token."""

    certificate: sc.Certificate
    token: bytes


def issued(count: int = COUNT) -> list[Issued]:
    """With names in Latin, Greek and Cyrillic letters, for which one font is enough."""
    people = {kind: _by_country(kind) for kind in ("forenames", "surnames")}

    def name(chance: random.Random) -> tuple[str, str | None]:
        country = chance.choice(_COUNTRIES)
        return " ".join(chance.choice(each[country]) for each in people.values()), None

    return _signed(count, name)


def in_other_scripts(count: int = COUNT) -> list[Issued]:
    """With names in seven other scripts; in the learner's language, where we have its words."""

    def name(chance: random.Random) -> tuple[str, str | None]:
        language = chance.choice(list(_OTHER_SCRIPTS))
        first, second, between = _OTHER_SCRIPTS[language]
        return between.join((chance.choice(first), chance.choice(second))), language

    return _signed(count, name)


def specimen(name: str, language: str | None) -> Issued:
    """One certificate of this name, to look at."""
    return _signed(1, lambda _: (name, language))[0]


def handed_over(issued: list[Issued]) -> list[Content]:
    """What peers print: the words and the QR codes of our own pages, made for them."""
    found = []
    for each in issued:
        printed = Printed(each.token, each.certificate, PAGE)
        code = qr.encode(PAGE, each.token)
        rows = ["".join(map(str, row)) for row in code.matrix_iter(border=QUIET_ZONE)]
        found.append(
            {
                **handed_to_us([each])[0],
                "token_name": printed.token_name,
                "variables": variables(printed),
                "qr": {
                    "svg": qr.svg(code, scale=1).decode(),
                    "rows": rows,
                    "side": min(SIDE_MAX, max(SIDE_MIN, len(rows) / 2)),
                    "alt": f"QR code: {PAGE}",
                },
            }
        )
    return found


def handed_to_us(issued: list[Issued]) -> list[Content]:
    """Tokens are all that we print from."""
    return [{"token": base64.b64encode(each.token).decode()} for each in issued]


def _signed(count: int, name: Callable[[random.Random], tuple[str, str | None]]) -> list[Issued]:
    chance, signer = random.Random(SEED), sc.SoftwareSigner(bytes(range(32)))
    found = []
    for plain in certificates(None, skills=SKILLS, modules=MODULES, count=count):
        learner, language = name(chance)
        changes = {
            "learner": sc.Person(name=learner),
            "signatories": (sc.Signatory(name="Maria Lindqvist", title="Professor"),),
            "result": sc.Result(score=chance.randrange(700, 1001), maximum=1000),
            "identity_checks": (sc.IdentityCheck(method=sc.IdentityMethod.PHOTO_MATCH),),
            "language": language,
        }
        certificate = sc.Certificate.model_validate(dict(plain) | changes)
        found.append(Issued(certificate, sc.issue(certificate, signer)))
    return found


def _by_country(kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows(kind):
        if row["Localized Name"]:
            found.setdefault(row["Country"], []).append(row["Localized Name"])
    return found


def _rows(kind: str) -> Iterator[dict[str, str]]:
    with (_NAMES / f"common-{kind}-by-country.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)
