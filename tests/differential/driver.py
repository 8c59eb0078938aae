"""Asks both verifiers until they differ, or until there were enough inputs."""

import json
import sys
import time
from base64 import b64encode
from collections import Counter
from typing import Any, NamedTuple

from differential.inputs import Input, inputs, moment
from differential.verifiers import ByPage, agree, by_python

#: So many are asked at once; the page's process, which remembers every trust, is made anew.
_BATCH, _RENEWED = 200, 20_000


class Difference(NamedTuple):
    """An input on which the two differ."""

    number: int
    given: Input
    python: Any
    page: Any


def first_difference(
    seed: int, first: int, count: int, reached: Counter[str], *, progress: bool = False
) -> Difference | None:
    """Asks both of so many inputs, and stops at the first on which they differ.

    :param reached: counts the reasons of the deciding findings.
    """
    began, end = time.monotonic(), first + count
    for start in range(first, end, _RENEWED):
        with ByPage() as page:
            for at in range(start, min(start + _RENEWED, end), _BATCH):
                batch = list(inputs(seed, at, min(_BATCH, end - at)))
                page.ask([given for _, given in batch])
                for (number, given), said in [(each, by_python(each[1])) for each in batch]:
                    other = page.answer()
                    if not agree(said, other):
                        return Difference(number, given, said, other)
                    reached.update(_reasons(said))
                if progress:
                    _show(at + len(batch) - first, count, time.monotonic() - began)
    return None


def _reasons(answer: Any) -> set[str]:
    if "trust_refused" in answer:
        return {f"trust: {answer['trust_refused'] or 'refused'}"}
    return {reason for _, _, reason, *_ in answer["findings"]}


def _show(done: int, count: int, seconds: float) -> None:
    if sys.stderr.isatty() or done % _RENEWED == 0:
        end = "\r" if sys.stderr.isatty() else "\n"
        rate = done / seconds
        sys.stderr.write(f"{done:,} of {count:,} inputs, {rate:,.0f} a second{end}")
        sys.stderr.flush()


def as_vector(difference: Difference) -> str:
    """The difference in the layout of the vectors, with both answers."""
    given = difference.given
    content: dict[str, Any] = {"name": f"found by the fuzzer: {difference.number}", "fault": "?"}
    if given.token is not None:
        content["token"] = b64encode(given.token).decode()
    else:
        content["text"] = given.text
    if given.sealed_file is not None:
        content["sealed_file"] = b64encode(given.sealed_file).decode()
    content |= {"trust": given.trust, "now": moment(given.now).isoformat().replace("+00:00", "Z")}
    if given.max_staleness:
        content["max_staleness"] = given.max_staleness / 10**6
    if given.audience is not None:
        content["audience"] = given.audience
    return json.dumps(content | {"python": difference.python, "page": difference.page}, indent=1)
