"""What is disclosed, read twice: fast, all at once, and slowly, one by one. Both find the same.

The fast way only says yes or leaves it to the slow one, which names the fault.
"""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption
from test_lift import _break, _pairs

import cbor_oracle
import signedcert as sc
from cbor_oracle import Pairs, Raw
from forging import BODY, claims
from issuing import check, issue, record
from record_forging import (
    ENTRIES,
    LISTS,
    Forged,
    decoy,
    disclosure,
    listing,
    record_from,
    record_of,
)
from signedcert import DecodeError, EncodeError, Reason
from signedcert.codec.frames import parse_frame
from signedcert.codec.lift import Refused
from signedcert.share.reading import read
from signedcert.share.record_payload import SignedRecord, lift_payload
from signedcert.share.revealing import Revealed, _fast, _of_reading, reveal
from strategies import records

OPEN = (Reason.UNKNOWN_FIELD, Reason.UNKNOWN_VALUE)


def fast(signed: SignedRecord, disclosures: tuple[bytes, ...]) -> Revealed | None:
    try:
        return _fast(signed.redacted, disclosures)
    except (Refused, DecodeError):
        return None


def slow(signed: SignedRecord, disclosures: tuple[bytes, ...]) -> Revealed | Reason:
    try:
        return _of_reading(read(signed, disclosures))
    except DecodeError as error:
        return error.reason


def both(signed: SignedRecord, disclosures: tuple[bytes, ...]) -> tuple[Revealed | Reason, bool]:
    """What the slow way finds, and whether the fast one found it, too."""
    slowly, quickly = slow(signed, disclosures), fast(signed, disclosures)
    if quickly is not None:
        assert isinstance(slowly, Revealed)
        assert quickly == slowly
        assert repr(quickly) == repr(slowly)
    try:
        revealed: Revealed | Reason = reveal(signed, disclosures)
    except DecodeError as error:
        revealed = error.reason
    assert revealed == slowly
    return slowly, quickly is not None


def opened(token: bytes) -> tuple[SignedRecord, tuple[bytes, ...]]:
    frame = parse_frame(token)
    return lift_payload(frame.signed.payload), frame.disclosures


@st.composite
def tokens(draw: Any) -> bytes:
    statement = draw(records() | st.just(record()))
    try:
        return issue(statement, seed=draw(st.integers(0, 2**32)))
    except EncodeError:
        raise UnsatisfiedAssumption from None


@given(tokens(), st.data())
@settings(max_examples=settings.default.max_examples * 3)
def test_any_disclosures_of_any_record(token, data):
    signed, disclosures = opened(token)
    some = data.draw(st.sets(st.sampled_from(disclosures)))
    found, quickly = both(signed, tuple(sorted(some)))
    # Of what an honest issuer made, at most a row has no place; everything else is read fast,
    # unless it is long.
    if found is Reason.DISCLOSURE_MISMATCH:
        assert not quickly
    else:
        assert isinstance(found, Revealed)
        assert quickly or max(map(len, some)) > 1024
    everything, quickly = both(signed, disclosures)
    assert isinstance(everything, Revealed)
    assert quickly or max(map(len, disclosures)) > 1024


def test_honest_records_are_read_fast():
    rows = tuple(sc.Assessment(title=f"Week {n}", kind="quiz", score=n) for n in range(200))
    for statement in (record(), record(assessments=rows), record(assessments=())):
        signed, disclosures = opened(issue(statement))
        for shown in (disclosures, disclosures[:0]):
            assert fast(signed, shown) is not None


# Disclosures that an issuer made, right or wrong


@st.composite
def forgeries(draw: Any) -> Forged:
    """A record of which disclosures were broken before their digests were signed."""
    statement = draw(records() | st.just(record()))
    body = claims(statement)[BODY]
    entries = {label: body[label] for label in ENTRIES if label in body}
    lists = {label: [decoy(label), *body[label]] for label in LISTS if label in body}
    made, rows = [], []
    for label, value in entries.items():
        made.append(broken(draw, [bytes(16), _pairs(value), label]))
    for label, values in lists.items():
        inner = [
            broken(draw, [bytes([number] * 16), _pairs(value)])
            if number
            else draw(st.sampled_from([value, value[:-1], value + b"\0"]))
            for number, value in enumerate(values, 0)
        ]
        rows += inner
        made.append(bent(draw, listing(label, *inner)))
    if draw(st.booleans()):
        made.append(broken(draw, [b"x" * 16, "later", draw(st.integers(-2, 400))]))
    if draw(st.integers(0, 9)) == 9 and made:
        made.append(draw(st.sampled_from([*made, *rows])))
    return record_of(*dict.fromkeys(made), rows=rows)


def broken(draw: Any, items: list[Any]) -> bytes:
    """A disclosure of these items; now and then one place in it is another."""
    kind = draw(st.sampled_from(["whole"] * 6 + ["tree", "tree", "bytes", "cut", "more"]))
    if kind == "tree":
        return cbor_oracle.dumps(_break(draw, items))[:4500] or b"\0"
    data = cbor_oracle.dumps(items)
    if kind == "cut":
        return data[: draw(st.integers(1, len(data)))]
    if kind == "more":
        return data + draw(st.binary(max_size=2))
    return bent(draw, data) if kind == "bytes" else data


def bent(draw: Any, data: bytes) -> bytes:
    """The bytes, one of which is another now and then."""
    if draw(st.integers(0, 5)) < 5:
        return data
    place = draw(st.integers(0, len(data) - 1) | st.integers(0, 45) | st.just(len(data) - 1))
    place = min(place, len(data) - 1)
    return data[:place] + bytes([data[place] ^ draw(st.integers(1, 255))]) + data[place + 1 :]


def signed_of(forged: Forged) -> tuple[SignedRecord, tuple[bytes, ...]]:
    shown = {cbor_oracle.dumps(each) for each in forged.disclosures}
    try:
        return lift_payload(forged.payload()), tuple(sorted(shown))
    except DecodeError:
        # Two entries that are one: then there is a digest twice.
        raise UnsatisfiedAssumption from None


@given(forgeries(), st.data())
@settings(max_examples=settings.default.max_examples * 5)
def test_what_any_issuer_made(forged, data):
    signed, disclosures = signed_of(forged)
    found, _ = both(signed, disclosures)
    some = data.draw(st.sets(st.sampled_from(disclosures)))
    part, _ = both(signed, tuple(sorted(some)))
    # What is shown alone is no better or worse than in company, but for a missing list.
    if isinstance(found, Revealed):
        assert isinstance(part, Revealed) or part is Reason.DISCLOSURE_MISMATCH
    verdict = check(forged.token())
    schema = verdict.finding(sc.Check.SCHEMA)
    if isinstance(found, Reason):
        outcome = sc.Outcome.UNKNOWN if found in OPEN else sc.Outcome.FAILED
        assert (schema.outcome, schema.reason) == (outcome, found)
    else:
        assert schema.outcome is sc.Outcome.PASSED


@given(st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=4, unique=True))
@example([b"\x81\x50" + bytes(16)])
@example([b"\x81\x50" + bytes(15), b"\x82\x50" + bytes(16)])
@example([b"\x83\x50" + bytes(16), b"\x83\x50" + bytes(16) + b"\x06", b"\x05"])
def test_any_bytes_at_all(items):
    both(*signed_of(record_of(*items)))
    both(*signed_of(record_of(listing(6, *items), rows=items)))
    both(*signed_of(record_of(b"\x83\x50" + bytes(16) + items[0] + b"\0")))


NAMES = {"a": "A", "b": Raw(b"\x61"), "c": Raw(b"\x62C"), "d": Raw(b"\x61DE"), "e": Pairs(())}


@given(st.permutations([*NAMES]), st.sets(st.sampled_from([*NAMES]), min_size=2))
def test_pieces_that_borrow_from_one_another(order, chosen):
    # Decoded in one go, what is too long in one could make up for what is too short in the next.
    rows = [
        disclosure({0: NAMES[name], 1: 0}, salt=name.encode() * 16)
        for name in order
        if name in chosen
    ]
    found, quickly = both(*signed_of(record_of(listing(6, *rows), rows=rows)))
    assert isinstance(found, Reason)
    assert not quickly


@given(st.integers(1, 60), st.integers(1, 60))
def test_values_split_at_any_place(one, other):
    # Two rows whose bytes, one behind the other, are those of two good ones.
    good = [disclosure({0: f"Title {n}" * 6, 1: n}, salt=bytes([n]) * 16) for n in (1, 2)]
    whole = b"".join(row[18:] for row in good)
    cut = (one + other) % len(whole)
    rows = [good[0][:18] + whole[:cut], good[1][:18] + whole[cut:]]
    found, quickly = both(*signed_of(record_of(listing(6, *rows), rows=rows)))
    fits = rows == good
    assert isinstance(found, Revealed) is fits
    assert quickly is fits


def test_the_forger_is_honest_where_nothing_is_broken():
    for statement in (record(), record(final_score=None)):
        found, quickly = both(*signed_of(record_from(claims(statement))))
        assert quickly
        assert found.values["assessments"] == statement.assessments
