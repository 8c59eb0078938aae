"""Step 8 of section 9.2, and section 12: status lists."""

from collections.abc import Iterator

from conformance.expectations import BY_KEY_SET, VALID, Answer, Finding, fails, undecided
from conformance.layout import MICROSECONDS, Case, table, topic_of
from conformance.list_frames import GOOD, wrong_frames
from conformance.list_tokens import WIDTHS, lenient, wrong_arrays, wrong_claims
from conformance.status_ends import MISSING, OK, REFUSED, ends, keys
from conformance.tokens import (
    INTEGER_MAX,
    ISSUER,
    SIGNER,
    certificate_body,
)
from conformance.trust import (
    NEXT_UPDATE,
    PUBLISHED_AT,
    WITH_LIST,
    Held,
    document,
    in_key_set,
    in_list,
    status_list,
    trusting,
)

_VALUES = {
    0: OK,
    1: fails("STATUS", "revoked", PUBLISHED_AT),
    2: fails("STATUS", "suspended", PUBLISHED_AT),
}
OUT_OF_RANGE = fails("STATUS", "status_out_of_range", PUBLISHED_AT)


def referring(index: int = 0, number: int = 1) -> bytes:
    """The certificate with a status reference."""
    return certificate_body({12: [number, index]})


def expected(finding: Finding, index: int = 0, number: int = 1, base: Answer = VALID) -> Answer:
    """Its answer."""
    return base.but(finding).showing({"status": {"list": number, "index": index}})


def _value(value: int) -> Finding:
    return _VALUES.get(value, undecided("STATUS", "status_unknown", PUBLISHED_AT))


def _entries() -> Iterator[tuple[str, str, dict[str, str], int, Finding]]:
    for index in range(17):
        value = index if index < 16 else 0
        yield f"entry {value} at {index}", "an entry of four bits", WITH_LIST, index, _value(value)
    for index in (999, 1_000, INTEGER_MAX):
        finding = OK if index < 1_000 else OUT_OF_RANGE
        yield f"index {index}", "the last index is 999", WITH_LIST, index, finding
    for bits, array in WIDTHS.items():
        held = in_list(status_list(array=array, bits=bits))
        last = len(array) * 8 // bits - 1
        for index, value in table(
            (0, 0),
            (1, 1),
            (2, min(2, 2**bits - 1)),
            (3, 2**bits - 1),
            (last, None),
        ):
            found = _value(array[index * bits // 8] >> index * bits % 8 & 2**bits - 1)
            if value is not None:
                assert found == _value(value)
            name = f"{bits} bits, index {index}{' (last)' if index == last else ''}"
            yield name, f"{bits} bits for each entry", held, index, found
        yield f"{bits} bits, index {last + 1}", "beyond the end", held, last + 1, OUT_OF_RANGE
    large = in_list(status_list(array=bytes(33_554_432), bits=8))
    yield "33,554,432 bytes", "as large as it may be", large, 33_554_431, OK
    yield "beyond 33,554,432 bytes", "an index too far", large, 33_554_432, OUT_OF_RANGE


def _numbers() -> Iterator[tuple[str, str, dict[str, str], int, Finding]]:
    yield "no list", "the store holds none", trusting(Held(document())), 1, MISSING
    yield "list 2", "the store holds another", WITH_LIST, 2, MISSING
    yield "list 0", "the store holds another", WITH_LIST, 0, MISSING
    largest = status_list(number=INTEGER_MAX)
    held = trusting(Held(document(), lists=[(INTEGER_MAX, largest)]))
    yield "largest number", "2^53 - 1", held, INTEGER_MAX, OK
    zero = trusting(Held(document(), lists=[(0, status_list(number=0))]))
    yield "number 0", "the smallest", zero, 0, OK
    wrong = trusting(Held(document(), lists=[(2, GOOD)]))
    yield "list 1 under number 2", "it is another list", wrong, 2, REFUSED
    bare = in_list(GOOD, document_=document({9: None}))
    yield "no template", "no list is the issuer's", bare, 1, REFUSED
    other = in_list(GOOD, document_=document({9: f"https://{ISSUER}/lists/{{number}}"}))
    yield "another template", "another URI", other, 1, REFUSED
    hidden = trusting(Held(document(), lists=[(1, GOOD)], kids=(SIGNER.public_key.kid,)))
    yield "key for lists not indexed", "the index does not matter here", hidden, 1, OK
    several = in_list(GOOD, b"", status_list(number=3))
    yield "third list", "another list is damaged", several, 3, OK
    yield "second of three", "a list that is damaged", several, 2, REFUSED


def _cases() -> Iterator[tuple[Case, dict[str, str]]]:
    token = referring()
    for name, fault, trust, index, finding in _entries():
        made = Case(name, fault, referring(index), expected(finding, index))
        yield made, trust
    for name, fault, trust, number, finding in _numbers():
        made = Case(name, fault, referring(0, number), expected(finding, 0, number))
        yield made, trust
    for rows in (ends, keys):
        for name, fault, trust, at, staleness, finding in rows():
            answer = expected(finding)
            if at >= NEXT_UPDATE * MICROSECONDS and not name.startswith("final"):
                stale = undecided("ISSUER_TRUSTED", "issuer_document_stale", PUBLISHED_AT)
                answer = answer.but(stale)
            yield Case(name, fault, token, answer, now=at, max_staleness=staleness or None), trust
    for rows_ in (wrong_frames, wrong_claims, wrong_arrays):
        for name, fault, data in rows_():
            yield Case(name, fault, token, expected(REFUSED)), in_list(data)
    for name, fault, data in lenient():
        yield Case(f"read: {name}", fault, token, expected(OK)), in_list(data)
    by_keys = in_key_set()
    answer = expected(MISSING, base=BY_KEY_SET)
    yield Case("by a key set", "a key set has no lists", token, answer), by_keys


TOPIC = topic_of(
    "status",
    "Step 8 and section 12: status lists, and what they say.",
    _cases(),
)
