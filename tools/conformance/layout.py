"""How the vectors are written down: one file for each topic, one line for each case."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from conformance.expectations import Answer, Finding
from conformance.tokens import NOW

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS = 10**6
#: Control and format characters, surrogates and noncharacters, private use, tags.
_UNSEEN = re.compile(
    "[\x7f-\xa0\xad\u0300-\u036f\u200b-\u200f\u2028-\u202f\u205f-\u206f\ud800-\uf8ff"
    "\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff0-\uffff\U000d0000-\U0010ffff]"
)


@dataclass(frozen=True)
class Refused:
    """That the trust itself is refused.

    :ivar reason: None where the format names none.
    """

    reason: str | None


@dataclass(frozen=True)
class Case:
    """One input, and what every verifier must answer.

    :ivar fault: what is wrong with it, in words; or what is special about it.
    :ivar given: text, or a token.
    :ivar now: in microseconds since 1970.
    """

    name: str
    fault: str
    given: str | bytes
    expect: Answer | Refused
    trust: str = "document"
    now: int = NOW * MICROSECONDS
    max_staleness: int | None = None
    audience: str | None = None
    sealed_file: bytes | None = None

    def to_json(self) -> dict[str, Any]:
        """As the vectors write it."""
        content: dict[str, Any] = {"name": self.name, "fault": self.fault}
        if isinstance(self.given, str):
            content["text"] = self.given
        else:
            content["token"] = b64encode(self.given).decode()
        if self.sealed_file is not None:
            content["sealed_file"] = b64encode(self.sealed_file).decode()
        content |= {"trust": self.trust, "now": rfc3339(self.now)}
        for name in ("max_staleness", "audience"):
            if (value := getattr(self, name)) is not None:
                content[name] = value
        if isinstance(self.expect, Refused):
            return content | {"trust_refused": self.expect.reason}
        return content | {"expect": self.expect.to_json()}


@dataclass(frozen=True)
class LinkCase:
    """A certificate and a record, and whether they belong together (section 15.9)."""

    name: str
    fault: str
    certificate: bytes
    record: bytes
    finding: Finding
    trust: str = "document"
    now: int = NOW * MICROSECONDS

    def to_json(self) -> dict[str, Any]:
        """As the vectors write it."""
        return {
            "name": self.name,
            "fault": self.fault,
            "certificate": b64encode(self.certificate).decode(),
            "record": b64encode(self.record).decode(),
            "trust": self.trust,
            "now": rfc3339(self.now),
            "record_link": [self.finding.check, self.finding.outcome, self.finding.reason],
        }


@dataclass(frozen=True)
class Topic:
    """The cases of one file.

    :ivar trust: what they rely on, by name.
    """

    file: str
    description: str
    trust: Mapping[str, Mapping[str, str]]
    cases: Sequence[Case | LinkCase]


def table(*rows: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    """Rows whose values are of many types."""
    return rows


def topic_of(file: str, description: str, cases: Iterable[tuple[Case, Mapping[str, str]]]) -> Topic:
    """A topic whose cases come with their trust; what several have stands there once."""
    names: dict[str, str] = {}
    trust: dict[str, Mapping[str, str]] = {}
    named = []
    for case, held in cases:
        name = names.setdefault(json.dumps(held), case.name)
        trust[name] = held
        named.append(replace(case, trust=name))
    return Topic(file, description, trust, named)


def rfc3339(now: int) -> str:
    """A moment of checking, with its fraction of a second where it has one."""
    at = (_EPOCH + timedelta(microseconds=now)).replace(tzinfo=None)
    return f"{at.isoformat()}Z"


def topic_text(topic: Topic) -> str:
    """The text of a topic's file."""
    names = [case.name for case in topic.cases]
    assert len({*names}) == len(names), [name for name in names if names.count(name) > 1]
    used = {case.trust for case in topic.cases}
    assert used == {*topic.trust}, used ^ {*topic.trust}
    trust = [f"{_written(name)}: {_written(held)}" for name, held in topic.trust.items()]
    cases = [_written(case.to_json()) for case in topic.cases]
    return "\n".join(
        (
            "{",
            f'"description": {_written(topic.description)},',
            f'"trust": {{\n{_lines(trust)}\n}},',
            f'"cases": [\n{_lines(cases)}\n]',
            "}",
            "",
        )
    )


def _written(value: Any) -> str:
    """JSON in which what cannot be seen, or has no UTF-8, is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _lines(items: Sequence[str]) -> str:
    return ",\n".join(items)


def written(topics: Sequence[Topic], folder: Path) -> Iterator[Path]:
    """Writes the files, and takes away those of topics that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    for topic in topics:
        file = folder / f"{topic.file}.json"
        file.write_text(topic_text(topic), "utf-8")
        yield file
    for file in folder.glob("*.json"):
        if file.stem not in {topic.file for topic in topics}:
            file.unlink()
