"""The texts a preset dictionary is trained on, and the phrases that may enter it.

Promise: institutions are split by a fixed lot, so that training and measuring never share one;
a phrase of the course list is a candidate only when at least three training institutions use it.
"""

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = 20261122
LEAST_INSTITUTIONS = 3
LONGEST = 40
SHORTEST = 4
# What one use of a text weighs: a title stands in every certificate and, as a stand-in for
# modules, in every syllabus; skills stand in many certificates.
TITLE_WEIGHT, INSTITUTION_WEIGHT, SKILL_WEIGHT = 6.0, 5.0, 1.5
# More than a certificate usually holds: which of them it will hold is anyone's guess.
SKILLS = 20
# Found by cross-validation inside the training half, between 0 (rows count) and 1.
DAMPING = 0.25
TEMPLATE = HERE / "dictionary" / "structure.hex"

Row = dict[str, str]


def split_institutions(rows: list[Row], seed: int = SEED) -> tuple[set[str], set[str]]:
    """Return the institutions that train and those that measure, two halves by lot."""
    names = sorted({row["Institution"] for row in rows})
    random.Random(seed).shuffle(names)
    half = len(names) // 2
    return set(names[:half]), set(names[half:])


def text_item(text: str) -> bytes:
    """Return a text as deterministic CBOR (RFC 8949, section 3.1, major type 3)."""
    raw = text.encode()
    if len(raw) < 24:
        return bytes([0x60 + len(raw)]) + raw
    if len(raw) < 256:
        return bytes([0x78, len(raw)]) + raw
    return b"\x79" + len(raw).to_bytes(2, "big") + raw


@dataclass
class Text:
    """One distinct text of the training half, and what is known about it."""

    data: bytes
    # Where the readable text begins and ends.
    begin: int
    end: int
    shares: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    weight: float = 0.0
    costs: list[int] = field(default_factory=list)
    # Phrases chosen since the last full parse: start -> (length, cost).
    edges: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class Candidate:
    """A phrase that may enter the dictionary, and where it occurs."""

    phrase: bytes
    places: list[tuple[int, int]]
    # Share of its weight that does not hang on the one institution using it most.
    trust: float


def training_texts(rows: list[Row], curated: dict[bytes, float]) -> list[Text]:
    """Return the distinct texts of the rows and word lists, sorted, with their weights."""
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["Institution"]] += 1
    texts: dict[bytes, Text] = {}

    def add(
        data: bytes, institution: str, weight: float, before: bytes = b"", after: bytes = b""
    ) -> None:
        whole = before + data + after
        begin = len(before) + (2 if data[:1] == b"\x78" else data[0] >> 5 == 3)
        text = texts.setdefault(whole, Text(whole, begin, len(before + data)))
        text.shares[institution] += weight
        text.weight += weight

    for row in rows:
        # Damped, so that an institution of a hundred courses does not speak for everyone.
        weight = counts[row["Institution"]] ** -DAMPING
        add(text_item(row["Title"]), row["Institution"], TITLE_WEIGHT * weight)
        for skill in [s.strip() for s in row["Gained Skills"].split(",")][:SKILLS]:
            if skill:
                add(text_item(skill), row["Institution"], SKILL_WEIGHT * weight)
    for name in sorted(counts):
        weight = INSTITUTION_WEIGHT * counts[name] ** (1 - DAMPING)
        # Key 1 of the course comes before it; the workload map usually follows.
        add(text_item(name), name, weight, b"\x01", b"\x06\xa2\x00")
    for phrase in sorted(curated):
        texts.setdefault(phrase, Text(phrase, 0, len(phrase)))
        texts[phrase].shares[""] += curated[phrase]
        texts[phrase].weight += curated[phrase]
    return [texts[data] for data in sorted(texts)]


def spans(text: Text) -> set[tuple[int, int]]:
    """Return where phrases may start and end: at boundaries of words, or one end inside one."""
    data = text.data
    starts, ends = {0, max(0, text.begin - 1), text.begin}, {text.end, len(data)}
    for i in range(text.begin, text.end):
        if data[i] in b" (-/&:,.":
            starts |= {i, i + 1}
            ends |= {i, i + 1}
    found = {(i, j) for i in starts for j in ends}
    found |= {(i, j) for i in starts for j in range(i + SHORTEST, i + 12)}
    found |= {(i, j) for j in ends for i in range(max(0, j - 12), j)}
    return {
        (i, j)
        for i, j in found
        if SHORTEST <= j - i <= LONGEST
        and j <= len(data)
        # Never inside a character of several bytes.
        and not (text.begin < i < text.end and data[i] >> 6 == 2)
        and not (text.begin < j < text.end and data[j] >> 6 == 2)
    }


def candidates(texts: list[Text], curated: dict[bytes, float]) -> list[Candidate]:
    """Return every phrase general enough to enter, sorted."""
    places: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for number, text in enumerate(texts):
        for i, j in sorted(spans(text)):
            places[text.data[i:j]].append((number, i))
    found = []
    for phrase in sorted(places):
        shares: dict[str, float] = defaultdict(float)
        for number, _ in places[phrase]:
            for institution, share in texts[number].shares.items():
                shares[institution] += share
        if len(shares.keys() - {""}) < LEAST_INSTITUTIONS and phrase not in curated:
            continue
        total = sum(shares.values())
        prior = shares.pop("", 0.0)
        trust = (total - max(shares.values(), default=0.0)) / total if total > prior else 1.0
        found.append(Candidate(phrase, places[phrase], trust))
    return found


def _sections(path: Path) -> list[list[str]]:
    sections: list[list[str]] = [[]]
    for line in path.read_text("utf-8").splitlines():
        if line == "===":
            sections.append([])
        elif not line.startswith("#"):
            sections[-1].append(line)
    return sections


def _sequence(line: str) -> bytes:
    """Return the bytes of a line of hexadecimal and 'quoted text'."""
    parts = line.split("'")
    return b"".join(p.encode() if k % 2 else bytes.fromhex(p) for k, p in enumerate(parts))


def read_curated() -> tuple[dict[bytes, float], bytes, bytes]:
    """Return the curated phrases with their prior weights, and the constant far and near ends."""
    curated: dict[bytes, float] = {}
    for path in sorted((HERE / "dictionary").glob("*.txt")):
        weight = 1.0
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("# weight "):
                weight = float(line.split()[2])
            elif line and not line.startswith("#"):
                # A vertical bar shows where a phrase ends in a space.
                curated[line.removesuffix("|").encode()] = weight
    far, near = (b"".join(map(_sequence, part)) for part in _sections(TEMPLATE))
    return curated, far, near


def read_courses(path: Path) -> list[Row]:
    """Return the rows of the course list."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
