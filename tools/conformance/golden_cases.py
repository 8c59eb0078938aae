"""Honest statements: the golden vectors, and hostile names, which are only names."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance.expectations import BY_KEY_SET, VALID, Answer, fails, not_asked, passes, undecided
from conformance.layout import MICROSECONDS, Case, topic_of
from conformance.record_tokens import OF_SHARE
from conformance.tokens import certificate_body
from conformance.trust import in_document, in_key_set

_VECTORS = Path(__file__).parents[2] / "tests" / "vectors"
#: Code points that no line may have (section 4.3).
_REFUSED = (
    *((0x00, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029), (0x202A, 0x202E), (0x2066, 0x2069)),
    (0xE0000, 0xE007F),
)


def _vectors(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((_VECTORS / folder).glob("*.json")):
        yield file.stem, json.loads(file.read_text("utf-8"))


def _said(value: Any, name: str = "") -> Any:
    """What is said, without what is absent."""
    if name.startswith("additional"):
        return value
    if isinstance(value, dict):
        found = {key: _said(each, key) for key, each in value.items()}
        return {
            key: each
            for key, each in found.items()
            if each is not None and each is not False and each not in ([], {})
        }
    return [_said(each) for each in value] if isinstance(value, list) else value


def certificates() -> Iterator[tuple[Case, dict[str, str]]]:
    """The golden certificates: each as a link, as digits, or as a token."""
    for number, (name, vector) in enumerate(_vectors("golden")):
        said = _said(vector["statement"])
        carriers = (vector["url"], vector["digits"], bytes.fromhex(vector["token"]))
        expected = BY_KEY_SET.showing(dict.fromkeys(BY_KEY_SET.statement)).showing(said)
        if "status" in said:
            expected = expected.but(undecided("STATUS", "status_list_missing"))
        now = _microseconds("2026-12-02T10:00:00+00:00")
        made = Case(name, vector["description"], carriers[number % 3], expected, now=now)
        yield made, in_key_set(issuer=said["issuer"])


def records() -> Iterator[tuple[Case, dict[str, str]]]:
    """The golden shares, as links and sealed."""
    for name, vector in _vectors("golden-records"):
        shown = vector["shown"]
        expected = OF_SHARE.but(
            passes("ISSUER_TRUSTED"), not_asked("KEY_PERIOD", "no_key_period"), passes("AUDIENCE")
        )
        expected = expected.showing(dict.fromkeys(expected.statement)).showing(shown)
        for field, check in (("status", "STATUS"), ("share_places", "SHARE_STATUS")):
            if field in shown:
                expected = expected.but(undecided(check, "status_list_missing"))
        held = in_key_set(issuer=shown["issuer"])
        now = _microseconds(vector["issued_at"])
        for title, text, file in (
            ("share", vector["url"], None),
            ("sealed", vector["sealed_url"], _bytes(vector["sealed_file"])),
        ):
            if file is not None and name not in {"everything", "nothing"}:
                continue
            yield Case(
                f"{title}: {name}", vector["description"], text, expected, now=now,
                audience=vector["audience"], sealed_file=file,
            ), held  # fmt: skip


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _microseconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp()) * MICROSECONDS


def _is_line(text: str) -> bool:
    return 1 <= len(text) <= 200 and not any(
        first <= ord(letter) <= last for letter in text for first, last in _REFUSED
    )


def hostile() -> Iterator[tuple[Case, dict[str, str]]]:
    """Every eighth of the strings that may be a name, as the learner's; every one that may not."""
    texts = json.loads((_VECTORS / "naughty-strings" / "blns.json").read_text("utf-8"))
    lines = [text for text in texts if _is_line(text)]
    others = [text for text in texts if not _is_line(text) and len(text) < 1_000]
    for number, text in enumerate(lines[::8]):
        shown = VALID.showing({"learner": {"name": text}})
        fault = "a hostile name is a name"
        yield Case(f"name {number}", fault, certificate_body({0: text}), shown), in_document()
    wrong: Answer = VALID.but(fails("SCHEMA", "schema_violation"))
    for number, text in enumerate(others):
        fault = "a refused code point, or no text"
        yield Case(f"no name {number}", fault, certificate_body({0: text}), wrong), in_document()


def _cases() -> Iterator[tuple[Case, dict[str, str]]]:
    yield from certificates()
    yield from records()
    yield from hostile()


TOPIC = topic_of(
    "golden", "Honest statements, every field, many scripts, and hostile names.", _cases()
)
