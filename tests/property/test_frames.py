"""The frame's checks against a second reading of the specification's tables (sections 5.2, 15).

The oracle decodes with cbor2's lenient defaults, encodes with the tests' own encoder, and asks the
table's questions in the table's order. Where a token has several faults, both must name the same.
"""

from typing import Any

import cbor2
from hypothesis import given, settings
from hypothesis import strategies as st
from test_lift import deterministic

from cbor_oracle import Pairs, Raw, Simple, Tagged, dumps
from forging import CERTIFICATE, RECORD, header
from issuing import SIGNER, minimal
from signedcert import DecodeError, Reason
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.codec.lower import lower

FAMILY = "application/vnd.signedcert."
#: What stands in a share's protected header before and after the record.
BEFORE, AFTER = bytes.fromhex("a301320d"), bytes.fromhex("10190126")
PAYLOAD = lower(minimal())
SIGNATURE = SIGNER.sign(b"anything")


def refusal_of_header(header: bytes) -> Reason | None:
    """Steps 7 to 16."""
    if header and not deterministic(header):
        return Reason.NOT_DETERMINISTIC
    labels = cbor2.loads(header) if header else {}
    if not isinstance(labels, dict):
        return Reason.NOT_A_TOKEN
    if 1 not in labels:
        return Reason.MISSING_HEADER
    algorithm, kid, typ = labels[1], labels.get(4), labels.get(16)
    if type(algorithm) is not int or algorithm == -8:
        return Reason.WRONG_ALGORITHM
    if 4 not in labels or 16 not in labels:
        return Reason.MISSING_HEADER
    documents = [FAMILY + name for name in ("issuer", "handover", "bundle")]
    if not isinstance(typ, str) or not typ.startswith(FAMILY) or typ in documents:
        return Reason.WRONG_TYPE
    if algorithm != -19:
        return Reason.NEWER_FORMAT
    if len(labels) > 3:
        return Reason.EXTRA_HEADER
    if not isinstance(kid, bytes) or len(kid) != 8:
        return Reason.NOT_A_TOKEN
    return None if typ in (CERTIFICATE, RECORD) else Reason.NEWER_FORMAT


def refusal_by_the_table(token: bytes, *, in_share: bool = False) -> Reason | None:
    if not token:
        return Reason.EMPTY_INPUT
    if len(token) > 41_216 and not in_share:
        return Reason.TOO_LARGE
    if token[0] != 0xD2:
        return Reason.NOT_A_TOKEN
    if not deterministic(token[1:]):
        return Reason.NOT_DETERMINISTIC
    item = cbor2.loads(token[1:])
    if not isinstance(item, list) or len(item) != 4:
        return Reason.NOT_A_TOKEN
    protected, unprotected, payload, signature = item
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)):
        return Reason.NOT_A_TOKEN
    is_share = protected.startswith(BEFORE)
    if is_share:
        if in_share:
            return Reason.WRONG_TYPE
        if len(protected) <= 8 or protected[-4:] != AFTER:
            return Reason.NOT_A_TOKEN
        record = protected[4:-4]
        if reason := refusal_by_the_table(record, in_share=True):
            return reason
        if RECORD not in kinds_in(record):
            return Reason.WRONG_TYPE
    elif reason := refusal_of_header(protected):
        return reason
    if not isinstance(unprotected, dict):
        return Reason.UNPROTECTED_HEADER
    is_record = not is_share and cbor2.loads(protected)[16] == RECORD
    if unprotected and not (is_record and are_disclosures(unprotected)):
        return Reason.UNPROTECTED_HEADER
    if is_record and len(token) > 40_960:
        return Reason.TOO_LARGE
    if len(payload) > (2048 if is_share else 16_384):
        return Reason.TOO_LARGE
    return Reason.NOT_A_TOKEN if not payload or len(signature) != 64 else None


def kinds_in(token: bytes) -> set[object]:
    """What a token that was found in order has under typ."""
    return {cbor2.loads(cbor2.loads(token[1:])[0])[16]}


def are_disclosures(unprotected: dict[int, Any]) -> bool:
    """Byte strings, each once, in the order of their encodings, none too long, not too many."""
    found = unprotected.get(17)
    if len(unprotected) > 1 or not isinstance(found, list) or not 0 < len(found) <= 512:
        return False
    if not all(isinstance(each, bytes) and 0 < len(each) <= 16_384 for each in found):
        return False
    encoded = [dumps(each) for each in found]
    return encoded == sorted({*encoded})


def refusal(token: bytes) -> Reason | None:
    try:
        frame = parse_frame(token)
    except DecodeError as error:
        return error.reason
    assert frame.to_bytes() == token
    return None


ALGORITHMS = st.sampled_from([-19, -19, -19, -8, -7, "EdDSA", 19, True, b"", 2**53])
KIDS = st.binary(min_size=8, max_size=8) | st.sampled_from([b"", bytes(9), "x" * 8, 8, [8]])
TYPES = st.sampled_from(
    [
        *(CERTIFICATE, CERTIFICATE, RECORD, RECORD),
        *(FAMILY + name for name in ("issuer", "handover", "bundle", "other", "")),
        *("application/cwt", "", 16, True, CERTIFICATE.encode(), {1: 2}),
    ]
)
EXTRAS = st.dictionaries(
    st.sampled_from([0, 2, 3, 15, 33, -1, 2**53 - 1]) | st.integers(-3, 200),
    st.sampled_from([0, "x", b"x", [], {}, [[]], Simple(22), 1.5, Raw(b"\x18\x01"), Tagged(1, 1)]),
    max_size=2,
)


@st.composite
def headers(draw: Any) -> Any:
    """Mostly three labels, each of them possibly odd, missing, or in company."""
    fields = {1: draw(ALGORITHMS), 4: draw(KIDS), 16: draw(TYPES)}
    for label in draw(st.sets(st.sampled_from([1, 4, 16]), max_size=1)):
        del fields[label]
    if draw(st.booleans()):
        fields |= draw(EXTRAS)
    shape = draw(st.sampled_from(["map"] * 6 + ["pairs", "list", "empty", "trailing"]))
    return {
        "map": dumps(fields),
        "pairs": dumps(Pairs(tuple(reversed(fields.items())))),
        "list": dumps(list(fields.values())),
        "empty": b"",
        "trailing": dumps(fields) + b"\0",
    }[shape]


PARTS = (
    headers()
    | st.sampled_from([dumps(header()), dumps(header(media_type=RECORD))])
    | st.sampled_from([1, "x", [], {}]),
    st.just({})
    | st.sampled_from([{1: -19}, [], b"", {4: b"x"}, False, Simple(22), {17: [b"x"]}, {17: []}]),
    st.sampled_from(
        [PAYLOAD, b"", b"x", bytes(23), bytes(24), bytes(16_384), bytes(16_385), 1, None]
    ),
    st.just(SIGNATURE) | st.sampled_from([b"", bytes(63), bytes(65), "x" * 64, []]),
)


@given(st.tuples(*PARTS), st.sampled_from([18] * 8 + [0, 17, 19, 61, 98]), st.integers(0, 20))
@settings(max_examples=settings.default.max_examples * 5)
def test_the_first_fault_of_the_table_is_named(parts, tag, chance):
    items = {0: list(parts[:3]), 1: [*parts, 0], 2: {1: parts[0]}}.get(chance, list(parts))
    token = dumps(Tagged(tag, items)) + (b"\0" if chance == 3 else b"")
    assert refusal(token) is refusal_by_the_table(token)


@given(st.integers(0, 200), st.integers(1, 255), st.binary(max_size=2))
def test_honest_tokens_with_a_changed_byte(position, flips, rest):
    token = bytearray(Frame(CERTIFICATE, bytes(8), b"payload", SIGNATURE).to_bytes() + rest)
    token[position % len(token)] ^= flips
    assert refusal(bytes(token)) is refusal_by_the_table(bytes(token))


@given(
    st.binary(max_size=80),
    st.sampled_from([b"", b"\xd2", b"\xd2\x84", b"\xd2\x84\x43\xa1\x01\x26\xa0"]),
)
def test_arbitrary_bytes(data, start):
    assert refusal(start + data) is refusal_by_the_table(start + data)
