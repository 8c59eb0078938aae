"""What a document of a statement prints: each signed value, in every form that it may have."""

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from signedcert.documents.comparing.dates import dates_of
from signedcert.documents.comparing.scores import scores_of
from signedcert.documents.languages.words import LANGUAGES
from signedcert.documents.printed import Printed, Statement
from signedcert.documents.variables import variables

#: Keys that hold no signed value, or one that is compared elsewhere: of the whole, and of parts.
_LEFT_OUT = frozenset(
    {"words", "title", "authors", "date_iso", "verify_url", "verify_short", "direction", "language",
     "kind", "version"}
)  # fmt: skip
_LEFT_OUT_WITHIN = frozenset({"direction", "label"})
#: Every design has to print these.
_CORE = re.compile(
    r"learner\.name|course\.title|institution|completed_on|result\.(text|grade)"
    r"|record\.final_score\.(text|grade)|record\.assessments\[\d+\]\.(title|score)"
)


class Weight(enum.IntEnum):
    """How much it says when a value is not printed.

    :cvar CORE: every design prints it: without it, the document contradicts what was signed.
    :cvar VERBATIM: the same text in every language. Designs may leave it out, but not change it.
    :cvar WORDED: in words of its language, which other designs may choose otherwise.
    :cvar TOGETHER: what our own designs print side by side.
    """

    CORE = 0
    VERBATIM = 1
    WORDED = 2
    TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """One signed value.

    :ivar field: where it is, such as ``signatories[0].title``.
    :ivar signed: the value in the statement's language.
    :ivar forms: how it may be printed; any of them will do.
    """

    field: str
    signed: str
    forms: frozenset[str]
    weight: Weight


@dataclass(frozen=True, slots=True)
class Printable:
    """What there is to print of a statement.

    :ivar values: the signed values.
    :ivar words: by language, the labels and other words of our designs.
    :ivar others: what our designs print besides: numbers of pages and modules, short addresses.
    :ivar numbers: those beside the bars of a chart.
    """

    values: tuple[Expected, ...]
    words: Mapping[str, Mapping[str, str]]
    others: frozenset[str]
    numbers: frozenset[str]


def printable(token: bytes, statement: Statement, pages: int, links: list[str]) -> Printable:
    """What there is to print of a statement.

    :param token: its token.
    :param pages: how many pages the document has.
    :param links: the pages that the document's links open.
    """
    own = f"https://{statement.issuer}/c/"
    printed = Printed(token, statement, own)
    spoken = variables(printed)
    by_language = {each: variables(printed, language=each) for each in LANGUAGES}
    paths = dict(_values(spoken))
    forms: dict[str, set[str]] = {path: {value} for path, value in paths.items()}
    for each in by_language.values():
        for path, value in _values(each):
            forms.setdefault(path, set()).add(value)
    for path, others in (dates_of(statement) | scores_of(statement)).items():
        if path in forms:
            forms[path] |= others
    values = [
        Expected(path, value, frozenset(forms[path]), _weight(path, forms[path]))
        for path, value in paths.items()
    ]
    together: dict[str, set[str]] = {}
    for found in (spoken, *by_language.values()):
        for field, beside in _together(found):
            if beside:
                together.setdefault(field, set()).update(beside)
    values += [
        Expected(field, paths.get(field, field), frozenset(beside), Weight.TOGETHER)
        for field, beside in together.items()
    ]
    words = {each: found["words"] for each, found in by_language.items()}
    rows = len(_rows(spoken["record"] or {}))
    numbers = frozenset({"0", "50", "100"} | {str(at) for at in range(1, rows + 1)})
    others = frozenset(_others(words, spoken, pages, links))
    return Printable(tuple(values), words, others, numbers if rows else frozenset())


def _weight(path: str, forms: set[str]) -> Weight:
    if _CORE.fullmatch(path):
        return Weight.CORE
    return Weight.VERBATIM if len(forms) == 1 else Weight.WORDED


def _values(found: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text with its path."""
    if isinstance(found, str) and found.strip():
        yield path, found
    elif isinstance(found, list):
        for at, each in enumerate(found):
            yield from _values(each, f"{path}[{at}]")
    elif isinstance(found, dict):
        for name, each in found.items():
            if name not in (_LEFT_OUT_WITHIN if path else _LEFT_OUT):
                yield from _values(each, f"{path}.{name}" if path else name)


def _together(found: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """Labels and values that stand side by side, in either order."""
    words = found["words"]
    pairs = {
        "completed_on": (words["completed_on"], found["completed_on"]),
        "expires_at": (words["expires_on"], found["expires_at"]),
    }
    for at, each in enumerate(found["details"]):
        pairs[f"details[{at}].value"] = (each["label"], each["value"])
    record = found["record"] or {}
    for field, result, label in (
        ("result.text", found["result"], words["result"]),
        ("record.final_score.text", record.get("final_score"), words["final_score"]),
    ):
        if isinstance(result, dict):
            pairs[field] = (label, result["text"])
    for field, (label, value) in pairs.items():
        if value:
            yield field, {f"{label} {value}", f"{value} {label}"}
    for at, each in enumerate(found["signatories"]):
        yield f"signatories[{at}].name", _row(each, "name", "title", "organisation")
    for at, each in enumerate(_rows(record)):
        row = each | {
            "late": words["late"] if each.get("late") else None,
            "no_score": words["no_score"] if each.get("score") is None else None,
        }
        names = ("title", "late", "no_score", "kind", "score")
        yield f"record.assessments[{at}].score", _row(row, *names)


def _row(row: dict[str, Any], *names: str) -> set[str]:
    """These parts of a row, one after the other."""
    parts = [row[name] for name in names if row.get(name)]
    return {" ".join(parts)} if len(parts) > 1 else set()


def _rows(record: dict[str, Any]) -> list[dict[str, Any]]:
    rows = record.get("assessments")
    return rows if isinstance(rows, list) else []


def _others(
    words: Mapping[str, Mapping[str, str]], spoken: dict[str, Any], pages: int, links: list[str]
) -> Iterator[str]:
    for each in words.values():
        for page in range(1, pages + 1):
            yield each["page_of"].replace("{page}", str(page)).replace("{pages}", str(pages))
    for at, module in enumerate(spoken["syllabus"], 1):
        yield f"{at} {module['title']}"
    titles = [each["title"] for each in _rows(spoken["record"] or {}) if "title" in each]
    for at, title in enumerate(titles, 1):
        yield f"{at} {title}"
    for link in links:
        yield link
        yield link.removeprefix("https://").removeprefix("http://")
