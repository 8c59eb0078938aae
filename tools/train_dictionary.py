"""Train the preset dictionary of the certificate codec: phrases chosen by the bits they save.

Promise: the same course list, word lists and size give the same bytes. The dictionary holds
vocabulary, not rows: a phrase of the course list enters only when rows of at least three
training institutions hold it, and it has at most forty characters.

Method: every text of a training row (title, institution, skill) is parsed with the codec's own
exact fixed-code parser. A candidate phrase is worth the bits it would take off those parses.
Phrases enter greedily by bits saved per dictionary byte, the dictionary is packed with overlaps
merged and the most used phrases last (RFC 1951, section 3.2.5: far distances cost more bits),
the texts are parsed again, what turned out useless leaves, and so on.
"""

import argparse
import heapq
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

from dictionary_texts import (  # noqa: E402
    Candidate,
    Row,
    Text,
    candidates,
    read_courses,
    read_curated,
    split_institutions,
    training_texts,
)
from signedcert.codec.lz77 import cheapest_parse, find_matches, fixed_costs  # noqa: E402

SIZE = 8192
# Where in a payload a text typically stands: that much is added to its distances.
OFFSET = 250
UNIT = 16


def match_cost(length: int, distance: int) -> int:
    """Return the cost of a match in the fixed code, in sixteenths of a bit."""
    length_bits = 7 if length <= 10 else 5 + (length - 3).bit_length() if length < 115 else 13
    return UNIT * (length_bits + 5 + max(0, (distance - 1).bit_length() - 2))


def reparse(texts: list[Text], dictionary: bytes) -> tuple[float, list[float]]:
    """Parse all texts; return their weighted cost and how much each dictionary byte is used."""
    prices = fixed_costs()
    used = [0.0] * len(dictionary)
    total = 0.0
    for text in texts:
        tokens, costs = cheapest_parse(text.data, find_matches(text.data, dictionary), *prices)
        text.costs = costs
        text.edges.clear()
        total += text.weight * costs[0]
        position = len(dictionary)
        for value, distance in tokens:
            length = value if distance else 1
            source = position - distance
            if distance and source < len(dictionary):
                for k in range(source, min(source + length, len(dictionary))):
                    used[k] += text.weight
            position += length
    return total, used


def extend(texts: list[Text], candidate: Candidate, cost: int) -> None:
    """Take a phrase into account where it occurs, without a full parse."""
    length = len(candidate.phrase)
    for number, start in candidate.places:
        text = texts[number]
        text.edges[start].append((length, cost))
        costs = text.costs
        for i in range(start, -1, -1):
            # The old cost of a step stays possible: keep the difference to the next position.
            options = [costs[i]]
            options += [price + costs[i + size] for size, price in text.edges.get(i, ())]
            if i < start:
                literal = 9 if text.data[i] > 143 else 8
                options.append(literal * UNIT + costs[i + 1])
            costs[i] = min(options)


def choose(
    texts: list[Text], pool: list[Candidate], chosen: set[bytes], room: int, size: int
) -> list[bytes]:
    """Return the phrases that save most per byte, about `room` bytes of them."""

    def density(candidate: Candidate) -> float:
        cost = match_cost(len(candidate.phrase), size + OFFSET)
        length = len(candidate.phrase)
        saved = 0.0
        for number, start in candidate.places:
            text = texts[number]
            saving = text.costs[start] - text.costs[start + length] - cost
            if saving > 0:
                saved += saving * text.weight
        # Phrases already in the dictionary that this one contains will need no own place.
        gone = sum(len(phrase) for phrase in chosen if phrase in candidate.phrase)
        return saved * candidate.trust / max(length - gone, 1 + length // 8)

    heap = [(-density(c), k) for k, c in enumerate(pool) if c.phrase not in chosen]
    heap = [entry for entry in heap if entry[0] < 0]
    heapq.heapify(heap)
    added: list[bytes] = []
    while heap and room > 0:
        _, k = heapq.heappop(heap)
        fresh = -density(pool[k])
        if heap and fresh > heap[0][0]:
            if fresh < 0:
                heapq.heappush(heap, (fresh, k))
            continue
        phrase = pool[k].phrase
        inside = [other for other in chosen if other in phrase]
        room -= len(phrase) - sum(map(len, inside))
        chosen.difference_update(inside)
        chosen.add(phrase)
        added.append(phrase)
        extend(texts, pool[k], match_cost(len(phrase), size + OFFSET))
    return added


def overlap(left: bytes, right: bytes) -> int:
    """Return how many bytes the end of `left` shares with the beginning of `right`."""
    for size in range(min(len(left), len(right)), 0, -1):
        if left.endswith(right[:size]):
            return size
    return 0


def pack(ranked: list[bytes], tail: bytes) -> bytes:
    """Return the phrases, most used last, with overlaps merged, followed by the tail.

    Within a range of distances that cost the same bits, order is free: there each phrase is
    followed by the one it overlaps most.
    """
    result = tail
    rest = [p for p in ranked if p not in tail]
    while rest:
        distance = len(result) + OFFSET
        bracket = 1 << (distance.bit_length() - 1)
        limit = next(b for b in (bracket * 3 // 2, bracket * 2) if b > distance) - distance
        group: list[bytes] = []
        used = 0
        while rest and used < limit:
            phrase = rest.pop()
            if phrase not in result and not any(phrase in other for other in group):
                group = [other for other in group if other not in phrase]
                group.append(phrase)
                used = sum(map(len, group))
        while group:
            best = max(group, key=lambda p: (overlap(p, result), len(p), p))
            group.remove(best)
            if best not in result:
                result = best + result[overlap(best, result) :]
    return result


def rank(chosen: set[bytes], dictionary: bytes, used: list[float]) -> list[bytes]:
    """Return the phrases, least used per byte first."""

    def use(phrase: bytes) -> tuple[float, bytes]:
        start = dictionary.find(phrase)
        if start < 0:
            return (0.0, phrase)
        return (sum(used[start : start + len(phrase)]) / len(phrase), phrase)

    return sorted(chosen, key=use)


def train(rows: list[Row], size: int = SIZE, rounds: int = 12) -> bytes:
    """Return a dictionary of at most `size` bytes, trained on these rows."""
    curated, head, tail = read_curated()
    size -= len(head)
    texts = training_texts(rows, curated)
    pool = candidates(texts, curated)
    chosen: set[bytes] = set()
    dictionary = tail
    ranked: list[bytes] = []
    best: tuple[float, bytes] | None = None
    for step in range(rounds + 6):
        target = min(size, len(tail) + (size - len(tail)) * (step + 1) // rounds)
        _, used = reparse(texts, dictionary)
        ranked = rank(chosen, dictionary, used)
        if step >= rounds:
            # Refinement: the least used phrases make room for better ones.
            ranked = ranked[len(ranked) // 12 :]
            chosen = set(ranked)
            dictionary = pack(ranked, tail)
            reparse(texts, dictionary)
        new = choose(texts, pool, chosen, target - len(dictionary), len(dictionary))
        ranked = [p for p in ranked if p in chosen]
        dictionary = pack([p for p in new[::-1] if p in chosen] + ranked, tail)
        total, used = reparse(texts, dictionary)
        ranked = rank(chosen, dictionary, used)
        dictionary = pack(ranked, tail)
        while len(dictionary) > size:
            chosen.discard(ranked.pop(0))
            dictionary = pack(ranked, tail)
        total, used = reparse(texts, dictionary)
        print(f"round {step}: {len(chosen)} phrases, {len(dictionary)} bytes, cost {total:.0f}")
        if step >= rounds - 1 and (best is None or total < best[0]):
            best = (total, head + dictionary)
    assert best is not None
    return best[1]


def kept(trained: bytes) -> bytes:
    """Return the phrases that stand in the dictionary whatever the training says of them."""
    path = Path(__file__).parent / "dictionary" / "kept.phrases"
    lines = path.read_text(encoding="utf-8").split("\n")
    phrases = [
        line.removesuffix("|").encode() for line in lines if line and not line.startswith("#")
    ]
    return b"".join(phrase for phrase in phrases if phrase not in trained)


def main() -> None:
    """Read the options, train, write."""
    parser = argparse.ArgumentParser(description="Train the preset dictionary of the codec.")
    parser.add_argument("--courses", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", type=int, default=SIZE)
    options = parser.parse_args()
    rows = read_courses(options.courses)
    trains, _ = split_institutions(rows)
    trained = train([row for row in rows if row["Institution"] in trains], options.size)
    options.out.write_bytes(kept(trained) + trained)


if __name__ == "__main__":
    main()
