"""Writes tests/vectors/conformance/*.json: what every implementation must answer to what input.

What a case must come to is said beside it, by hand, from docs/spec.md. This library has to agree
before anything is written: where it does not, the specification decides which of the two is wrong.
Running it again writes the same bytes.
"""

import sys
from pathlib import Path
from typing import Any

_TESTS = Path(__file__).parents[1] / "tests"
sys.path.append(str(_TESTS))  # the tests' own encoder

from conformance import topics  # noqa: E402
from conformance.layout import Topic, written  # noqa: E402
from conformance_cases import ANSWERS, FOLDER, answer  # noqa: E402


def disagreements(topic: Topic) -> list[str]:
    """Where this library answers otherwise than a topic says."""
    found = []
    for case in topic.cases:
        said = case.to_json()
        expected = next(said[name] for name in ANSWERS if name in said)
        got = answer(said, topic.trust[case.trust])
        if got != expected:
            found.append(f"{topic.file}: {case.name}: {case.fault}\n{_difference(expected, got)}")
    return found


def _difference(said: Any, got: Any) -> str:
    """Where two answers differ, in few words."""
    if "findings" in said and "findings" in got:
        pairs = zip(said["findings"], got["findings"], strict=False)
        findings = [f"{one} {other}" for one, other in pairs if one != other]
        others = [f"{said[name]}\n  {got[name]}" for name in said if said[name] != got[name]]
        return "\n".join(f"  {each}" for each in findings or others)
    return f"  said {said}\n  got  {got}"


def main() -> None:
    """Writes the vectors, unless one of them is wrong."""
    made = topics.made()
    wrong = [each for topic in made for each in disagreements(topic)]
    if wrong:
        sys.exit("\n".join(wrong))
    for file in written(made, FOLDER):
        print(f"{file.name}: {file.stat().st_size:,} bytes")
    print(f"{sum(len(topic.cases) for topic in made)} cases")


if __name__ == "__main__":
    main()
