"""One fault each in what a course record discloses, whose digests its issuer correctly signed."""

from dataclasses import replace

import pytest

import signedcert as sc
from cbor_oracle import Raw, Simple, Tagged, dumps, head
from forging import BODY
from issuing import check, outcomes
from record_forging import (
    ROW_DIGEST,
    Forged,
    decoy,
    digest,
    disclosure,
    listing,
    record_of,
)
from signedcert.codec.frames import parse_frame
from signedcert.share.reading import read
from signedcert.share.record_payload import lift_payload

FAILED, UNKNOWN = sc.Outcome.FAILED, sc.Outcome.UNKNOWN
VIOLATION, MISMATCH = sc.Reason.SCHEMA_VIOLATION, sc.Reason.DISCLOSURE_MISMATCH
SALT = bytes(range(16))
NAME = disclosure("Jacob Ångström", 0)
SCORE = disclosure({0: 90}, 5)
ROWS = [disclosure({0: f"Week {number}", 1: 0}) for number in range(3)]
LIST = listing(6, *ROWS)
WHOLE = record_of(NAME, SCORE, LIST, rows=ROWS)


def assert_refused(forged: Forged, reason: sc.Reason) -> None:
    verdict = check(forged.token())
    is_open = reason in (sc.Reason.UNKNOWN_FIELD, sc.Reason.UNKNOWN_VALUE)
    assert outcomes(verdict)[sc.Check.SIGNATURE][0] is sc.Outcome.PASSED
    assert outcomes(verdict)[sc.Check.SCHEMA] == (UNKNOWN if is_open else FAILED, reason)
    assert verdict.status is (sc.Status.INDETERMINATE if is_open else sc.Status.INVALID)
    assert verdict.statement is None


def shown(forged: Forged) -> sc.SharedRecord:
    verdict = check(forged.token())
    assert outcomes(verdict)[sc.Check.SCHEMA] == (sc.Outcome.PASSED, sc.Reason.OK)
    return verdict.statement


def test_all_of_it():
    found = shown(WHOLE)
    assert found.learner == sc.Person(name="Jacob Ångström")
    assert found.final_score == sc.Result(score=90)
    assert [row.title for row in found.assessments] == ["Week 0", "Week 1", "Week 2"]
    assert found.identity_checks == ()
    assert found.is_complete


def test_nothing_of_it():
    found = shown(WHOLE.revealing())
    values = (found.learner, found.final_score, found.assessments, found.identity_checks)
    assert values == (sc.WITHHELD,) * 4
    assert not found.is_complete


# What the issuer did not sign


OTHERS = {
    "an entry": disclosure("Somebody Else", 0),
    "an entry under another salt": disclosure("Jacob Ångström", 0, salt=SALT),
    "a row": disclosure({0: "Week 9", 1: 0}),
    "a decoy": decoy(99),
    "no array": b"x",
    "nothing of CBOR": b"\xff\xff",
    "a salt alone": dumps(SALT),
    "an entry of 16 KiB": bytes(16_384),
    "a list": listing(7, disclosure({0: 0})),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_disclosures_that_the_issuer_did_not_sign(other):
    for forged in (WHOLE, WHOLE.revealing(), WHOLE.revealing(NAME)):
        assert_refused(forged.revealing(*forged.disclosures, other), MISMATCH)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_without_its_list(row):
    assert_refused(WHOLE.revealing(row), MISMATCH)
    assert_refused(WHOLE.revealing(row, NAME, SCORE), MISMATCH)


def test_a_row_of_a_list_that_is_not_the_records():
    assert_refused(WHOLE.revealing(listing(6, ROWS[0]), ROWS[0]), MISMATCH)


# Entries


def encoded(*parts: bytes) -> bytes:
    return b"".join(parts)


SALTED = b"\x50" + SALT
FAULTY_ENTRIES = {
    "an empty array": b"\x80",
    "no salt": dumps([]),
    "a map": dumps({0: SALT}),
    "text": dumps("Jacob"),
    "an array of four": dumps([SALT, "Jacob", 0, 0]),
    "a row": disclosure("Jacob"),
    "a short salt": disclosure("Jacob", 0, salt=SALT[:15]),
    "a long salt": disclosure("Jacob", 0, salt=SALT + b"\0"),
    "a salt of 32 bytes": disclosure("Jacob", 0, salt=SALT * 2),
    "an empty salt": disclosure("Jacob", 0, salt=b""),
    "a salt of text": dumps(["x" * 16, "Jacob", 0]),
    "a decoy of a short salt": disclosure(salt=SALT[:15]),
    "a decoy of a long salt": disclosure(salt=SALT + b"\0"),
    "a decoy with a byte behind it": encoded(b"\x81", SALTED, b"\0"),
    "a decoy and an entry": encoded(b"\x81", SALTED, dumps("Jacob"), b"\0"),
    "a byte behind it": disclosure("Jacob", 0) + b"\0",
    "cut off": disclosure("Jacob", 0)[:-1],
    "no label": encoded(b"\x83", SALTED, dumps("Jacob")),
    "no value": encoded(b"\x83", SALTED),
    "a long head": encoded(b"\x98\x03", SALTED, dumps("Jacob"), b"\0"),
    "a long head of the salt": encoded(b"\x83\x58\x10", SALT, dumps("Jacob"), b"\0"),
    "a long label": encoded(b"\x83", SALTED, dumps("Jacob"), b"\x18\x00"),
    "a label of indefinite length": encoded(b"\x9f", SALTED, dumps("Jacob"), b"\0\xff"),
    "a label as text": disclosure("Jacob", "0"),
    "a label as a float": disclosure("Jacob", 0.0),
    "false as a label": disclosure("Jacob", False),  # noqa: FBT003
    "a simple value as a label": disclosure("Jacob", Simple(0)),
    "no integer as a label": disclosure("Jacob", None),
    "a list as a label": disclosure("Jacob", [0]),
    "a long text": encoded(b"\x83", SALTED, b"\x78\x05Jacob", b"\0"),
    "a tagged value": disclosure(Tagged(0, "Jacob"), 0),
    "null": disclosure(None, 0),
    "4,097 bytes": disclosure({128: bytes(4043), 129: "x" * 25}, 0),
    "nested too deep": disclosure({0: "A", 128: [[[[[[[1]]]]]]]}, 0),
    "digests where a name stands": listing(0, ROWS[0]),
    "a row in the body": ROWS[0],
}


@pytest.mark.parametrize("entry", FAULTY_ENTRIES.values(), ids=FAULTY_ENTRIES)
def test_entries_that_are_none(entry):
    assert_refused(record_of(entry), VIOLATION)
    assert_refused(record_of(entry, SCORE, LIST, rows=ROWS), VIOLATION)
    # Whoever withholds it shows no fault, and nobody can tell.
    assert shown(record_of(entry).revealing()).learner is sc.WITHHELD


FAULTY_VALUES = {
    "empty name": (disclosure("", 0), VIOLATION),
    "a name that is no text": (disclosure(5, 0), VIOLATION),
    "a name alone in a map": (disclosure({0: "A"}, 0), VIOLATION),
    "a refused character": (disclosure("A\0", 0), VIOLATION),
    "a person's unknown label": (disclosure({0: "A", 20: 1}, 0), sc.Reason.UNKNOWN_FIELD),
    "an empty score": (disclosure({}, 5), VIOLATION),
    "a score that is no map": (disclosure(90, 5), VIOLATION),
    "a score's unknown label": (disclosure({0: 90, 20: 1}, 5), sc.Reason.UNKNOWN_FIELD),
    "a score written long": (disclosure({0: [900, 1]}, 5), VIOLATION),
    "label 1": (disclosure({0: "T", 1: "I"}, 1), VIOLATION),
    "label 2": (disclosure(20_000, 2), VIOLATION),
    "label 3": (disclosure(20_000, 3), VIOLATION),
    "label 4": (disclosure({1: 50}, 4), VIOLATION),
    "label 8": (disclosure("en", 8), VIOLATION),
    "label 9": (disclosure([1, 2], 9), VIOLATION),
    "label 10": (disclosure([1, 2], 10), VIOLATION),
    "label 20": (disclosure("A", 20), sc.Reason.UNKNOWN_FIELD),
    "label 24": (disclosure("A", 24), sc.Reason.UNKNOWN_FIELD),
    "label 127": (disclosure("A", 127), sc.Reason.UNKNOWN_FIELD),
    "a negative label": (disclosure("A", -1), sc.Reason.UNKNOWN_FIELD),
    "a refused character in a field to come": (disclosure(["\0"], 200), VIOLATION),
}


@pytest.mark.parametrize(("entry", "reason"), FAULTY_VALUES.values(), ids=FAULTY_VALUES)
def test_entries_with_faulty_values(entry, reason):
    assert_refused(record_of(entry), reason)
    assert_refused(record_of(entry, LIST, rows=ROWS), reason)


@pytest.mark.parametrize(
    "entry",
    [disclosure({128: "x" * 4020}, 5), disclosure({0: 90, 128: [[[[[[1]]]]]]}, 5)],
)
def test_the_longest_and_the_deepest_entries(entry):
    assert len(entry) <= 4096
    assert shown(record_of(entry)).final_score.additional


@pytest.mark.parametrize("label", [128, 255, 256, 2**53 - 1])
def test_entries_of_a_later_version(label):
    forged = record_of(disclosure([1, {2: b"x"}], label), NAME)
    assert shown(forged).additional == {label: (1, {2: b"x"})}
    # Beside what is visible, in the order of labels.
    both = shown(forged.with_body({130: 1, 2**53 - 2: 2})).additional
    assert both == {label: (1, {2: b"x"}), 130: 1, 2**53 - 2: 2}
    assert list(both) == sorted(both)
    # Whoever shows only the name may be hiding it, or not.
    assert shown(forged.revealing(NAME)).additional == {}


SECOND = disclosure("Somebody Else", 0)
TWICE = {
    "the learner": (NAME, SECOND),
    "the learner with one salt": (NAME, disclosure("Else", 0, salt=NAME[2:18])),
    "a list": (LIST, listing(6, disclosure({0: "Other", 1: 1}))),
    "a field to come": (disclosure("A", 200), disclosure("B", 200)),
}


@pytest.mark.parametrize("entries", TWICE.values(), ids=TWICE)
def test_labels_that_are_disclosed_twice(entries):
    assert_refused(record_of(*entries), VIOLATION)
    # One of them at a time, and nobody can know.
    for each in entries:
        shown(record_of(*entries).revealing(each))


def test_a_label_that_is_visible_and_disclosed():
    forged = record_of(disclosure("A", 200)).with_body({200: "A"})
    assert_refused(forged, VIOLATION)
    assert shown(forged.revealing()).additional == {200: "A"}


# Lists


def list_of(content: object) -> bytes:
    return disclosure(content, 6)


DIGEST = Tagged(ROW_DIGEST, digest(ROWS[0]))
FAULTY_LISTS = {
    "no rows": list_of([]),
    "rows in the open": list_of([{0: "Week 1", 1: 0}]),
    "a row in the open among digests": list_of([DIGEST, {0: "Week 1", 1: 0}]),
    "digests without a tag": list_of([digest(ROWS[0])]),
    "digests under another tag": list_of([Tagged(61, digest(ROWS[0]))]),
    "one of them under another tag": list_of([DIGEST, Tagged(61, digest(ROWS[1])), DIGEST]),
    "a short digest": list_of([Tagged(ROW_DIGEST, digest(ROWS[0])[:31])]),
    "a long digest": list_of([Tagged(ROW_DIGEST, digest(ROWS[0]) + b"\0")]),
    "a short and a long digest": list_of([Tagged(60, bytes(31)), Tagged(60, bytes(33))]),
    "a digest as text": list_of([Tagged(ROW_DIGEST, "x" * 32)]),
    "257 rows": listing(6, *(disclosure({0: f"Week {n}", 1: 0}) for n in range(257))),
    "no list": list_of({0: DIGEST}),
    "one digest": list_of(DIGEST),
    "text": list_of("rows"),
    "one digest in two lists": list_of([[DIGEST]]),
    "a long head": list_of(Raw(b"\x98\x01" + dumps(DIGEST))),
    "a longer head": list_of(Raw(b"\x99\x00\x01" + dumps(DIGEST))),
    "of indefinite length": list_of(Raw(b"\x9f" + dumps(DIGEST) + b"\xff")),
    "a count too low": list_of(Raw(b"\x81" + dumps(DIGEST) * 2)),
    "a count too high": list_of(Raw(b"\x83" + dumps(DIGEST) * 2)),
    "a byte behind it": listing(6, ROWS[0]) + b"\x06",
    "a long label": disclosure([DIGEST], Raw(b"\x18\x06")),
    "a long head of a digest": list_of([Raw(b"\xd8\x3c\x59\x00\x20" + digest(ROWS[0]))]),
    "a short tag": list_of([Raw(b"\xd9\x00\x3c\x58\x20" + digest(ROWS[0]))]),
    "a short salt": disclosure([DIGEST], 6, salt=SALT[:15]),
    "a row that says it is a list": disclosure([DIGEST]),
}


@pytest.mark.parametrize("entry", FAULTY_LISTS.values(), ids=FAULTY_LISTS)
def test_lists_that_are_none(entry):
    assert_refused(record_of(entry), VIOLATION)
    assert_refused(record_of(entry, NAME), VIOLATION)


@pytest.mark.parametrize("count", [1, 2, 23, 24, 25, 255, 256])
@pytest.mark.parametrize("label", [6, 7])
def test_lists_of_every_head_size(label, count):
    most = {6: 200, 7: 20}[label]
    rows = [disclosure({0: f"Week {n}", 1: 0} if label == 6 else {0: n % 4, 1: f"{n}"})
            for n in range(min(count, most))]  # fmt: skip
    rows += [decoy(1000 + n) for n in range(count - len(rows))]
    forged = record_of(listing(label, *rows), rows=rows)
    found = shown(forged)
    values = found.assessments if label == 6 else found.identity_checks
    assert len(values) == min(count, most)
    middle = min(count, most) // 2
    some = shown(forged.revealing(listing(label, *rows), rows[middle]))
    values = some.assessments if label == 6 else some.identity_checks
    assert [value is not sc.WITHHELD for value in values] == [n == middle for n in range(count)]


@pytest.mark.parametrize(("label", "most"), [(6, 200), (7, 20)])
def test_more_rows_than_a_record_has(label, most):
    rows = [disclosure({0: f"Week {n}", 1: 0} if label == 6 else {0: n % 4, 1: f"{n}"})
            for n in range(most + 1)]  # fmt: skip
    forged = record_of(listing(label, *rows), rows=rows)
    assert_refused(forged, VIOLATION)
    unknown = disclosure({0: "Week", 1: 99} if label == 6 else {0: 99})
    newer = [*rows[1:], unknown]
    assert_refused(record_of(listing(label, *newer), rows=newer), VIOLATION)
    assert_refused(record_of(listing(label, *newer[1:]), rows=newer[1:]), sc.Reason.UNKNOWN_VALUE)
    # One of them withheld, it cannot be told from a decoy.
    assert shown(forged.revealing(listing(label, *rows), *rows[1:])) is not None


def unheaded(label: int, rows: list[bytes]) -> bytes:
    """What would reveal a list, but that its array has no head."""
    items = b"".join(dumps(Tagged(60, digest(row))) for row in rows)
    return encoded(b"\x83", SALTED, items, dumps(label))


@pytest.mark.parametrize("count", [0, 1, 256, 257, 258, 400])
@pytest.mark.parametrize("label", [6, 7])
def test_lists_without_a_head(label, count):
    rows = [disclosure({0: f"Week {n}", 1: 0}) for n in range(min(count, 20))]
    rows += [decoy(1000 + n) for n in range(count - len(rows))]
    faulty = unheaded(label, rows)
    assert_refused(record_of(NAME, faulty), VIOLATION)
    assert_refused(record_of(NAME, faulty, rows=rows), VIOLATION)


@pytest.mark.parametrize("label", [20, 127, 128, 200, -1])
def test_a_label_that_is_disclosed_twice(label):
    assert_refused(record_of(NAME, disclosure(1, label), disclosure(2, label)), VIOLATION)


FAULTY_ROWS = {
    "an entry": disclosure({0: "Week 1", 1: 0}, 6),
    "an empty array": b"\x80",
    "an array of four": dumps([SALT, {0: "Week 1", 1: 0}, 6, 6]),
    "text": dumps("Week 1"),
    "a short salt": disclosure({0: "Week 1", 1: 0}, salt=SALT[:15]),
    "a long salt": disclosure({0: "Week 1", 1: 0}, salt=SALT + b"\0"),
    "a salt of text": dumps(["x" * 16, {0: "Week 1", 1: 0}]),
    "no value": encoded(b"\x82", SALTED),
    "cut off within its salt": encoded(b"\x82", SALTED)[:10],
    "a decoy of a short salt": disclosure(salt=SALT[:15]),
    "a decoy with a byte behind it": encoded(b"\x81", SALTED, b"\0"),
    "a byte behind it": ROWS[0] + b"\0",
    "two values": ROWS[0] + dumps({0: "Week 1", 1: 0}),
    "cut off": ROWS[0][:-1],
    "a list of rows": dumps([SALT, [Tagged(ROW_DIGEST, digest(ROWS[0]))]]),
    "a long head": encoded(b"\x98\x02", SALTED, dumps({0: "Week 1", 1: 0})),
    "a long text": encoded(b"\x82", SALTED, b"\xa2\x00\x78\x01A\x01\x00"),
    "labels descending": encoded(b"\x82", SALTED, b"\xa2\x01\x00\x00\x61A"),
    "a tagged value": disclosure(Tagged(61, {0: "Week 1", 1: 0})),
    "null": disclosure(None),
    "an empty map": disclosure({}),
    "no kind": disclosure({0: "Week 1"}),
    "an empty title": disclosure({0: "", 1: 0}),
    "bare text": disclosure("Week 1"),
    "false": disclosure({0: "Week 1", 1: 0, 7: False}),
    "4,097 bytes": disclosure({0: "Week 1", 1: 0, 128: bytes(4063)}),
    "nested too deep": disclosure({0: "Week 1", 1: 0, 128: [[[[[[[1]]]]]]]}),
    "a refused character": disclosure({0: "Week 1", 1: 0, 128: "\0"}),
}


@pytest.mark.parametrize("row", FAULTY_ROWS.values(), ids=FAULTY_ROWS)
def test_rows_that_are_none(row):
    for rows in ([row], [*ROWS, row], [row, *ROWS]):
        assert_refused(record_of(listing(6, *rows), rows=rows), VIOLATION)
        # Not shown, it is no fault.
        forged = record_of(listing(6, *rows), rows=rows)
        found = shown(forged.revealing(*(each for each in forged.disclosures if each != row)))
        assert found.assessments.count(sc.WITHHELD) == 1


def test_sizes_of_the_longest_faults():
    assert len(FAULTY_ROWS["4,097 bytes"]) == len(FAULTY_ENTRIES["4,097 bytes"]) == 4097


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (disclosure({0: "Week 1", 1: 0, 20: 1}), sc.Reason.UNKNOWN_FIELD),
        (disclosure({0: "Week 1", 1: 99}), sc.Reason.UNKNOWN_VALUE),
    ],
)
def test_rows_of_a_later_version(row, reason):
    assert_refused(record_of(listing(6, row, *ROWS), rows=[row, *ROWS]), reason)
    found = shown(record_of(listing(6, row, *ROWS), rows=ROWS))
    assert found.assessments[0] is sc.WITHHELD


REPEATED = {
    "in one list": ([listing(6, ROWS[0], ROWS[0])], ROWS[:1]),
    "in two lists": (
        [listing(6, disclosure({0: "T", 1: 0})), listing(7, disclosure({0: "T", 1: 0}))],
        [disclosure({0: "T", 1: 0})],
    ),
    "in the body and in a list": ([NAME, listing(6, NAME)], []),
    "a decoy's, in one list": ([listing(6, decoy(50), ROWS[0], decoy(50))], [decoy(50), ROWS[0]]),
    "a decoy's, in the body and in a list": ([listing(6, decoy(0))], []),
    "of something withheld": ([listing(6, ROWS[0], ROWS[0])], []),
    "a list in itself": ([LIST, listing(7, LIST)], ROWS),
}


@pytest.mark.parametrize(("entries", "rows"), REPEATED.values(), ids=REPEATED)
def test_digests_that_stand_twice(entries, rows):
    assert_refused(record_of(*entries, rows=rows), VIOLATION)


def test_decoys_are_left_out():
    rows = [decoy(10), ROWS[0], decoy(11), decoy(12), ROWS[1]]
    found = shown(record_of(listing(6, *rows), rows=rows))
    assert [row.title for row in found.assessments] == ["Week 0", "Week 1"]
    assert found.is_complete
    # A decoy that is not shown may be a row for all anybody knows.
    found = shown(record_of(listing(6, *rows), rows=[decoy(10), *ROWS[:2]]))
    first, *middle, last = found.assessments
    assert (first.title, last.title) == ("Week 0", "Week 1")
    assert middle == [sc.WITHHELD, sc.WITHHELD]
    assert not found.is_complete


def test_what_is_shown_to_be_nothing():
    forged = record_of(NAME)
    # All four entries: one is the learner, three are decoys.
    found = shown(forged)
    assert (found.final_score, found.assessments, found.identity_checks) == (None, (), ())
    assert found.is_complete
    # With one decoy withheld, each of the others may be what it hides.
    found = shown(forged.revealing(*(each for each in forged.disclosures if each != decoy(1))))
    values = (found.final_score, found.assessments, found.identity_checks)
    assert values == (sc.WITHHELD,) * 3
    assert found.learner == sc.Person(name="Jacob Ångström")


def test_a_list_of_nothing_but_decoys():
    rows = [decoy(10), decoy(11)]
    assert shown(record_of(listing(6, *rows), rows=rows)).assessments == ()


# Which of several


def test_a_violation_outweighs_a_mismatch_and_that_what_may_be_newer():
    newer = disclosure("A", 20)
    other = decoy(99)
    forged = record_of(newer)
    assert_refused(forged, sc.Reason.UNKNOWN_FIELD)
    assert_refused(replace(forged, disclosures=(*forged.disclosures, other)), MISMATCH)
    faulty = record_of(newer, disclosure("", 0))
    assert_refused(replace(faulty, disclosures=(*faulty.disclosures, other)), VIOLATION)
    value = disclosure({0: "Week 1", 1: 99})
    assert_refused(record_of(newer, listing(6, value), rows=[value]), sc.Reason.UNKNOWN_FIELD)


def test_the_payload_comes_before_what_is_disclosed():
    forged = WHOLE.revealing(*WHOLE.disclosures, decoy(99))
    assert_refused(forged.with_body({20: 1}), sc.Reason.UNKNOWN_FIELD)
    assert_refused(forged.with_claims({BODY: {}}), VIOLATION)


def test_errors_name_the_place_and_quote_nothing():
    rows = [*ROWS, disclosure({0: "secret\0", 1: 0})]
    frame = parse_frame(record_of(listing(6, *rows), rows=rows).token())
    with pytest.raises(sc.DecodeError, match=r"assessments\[3\]\.title") as caught:
        read(lift_payload(frame.signed.payload), frame.disclosures)
    assert "secret" not in str(caught.value)


def test_heads_of_disclosures_are_hashed_with_them():
    # Of disclosures of every head size, the digest is that of the byte string.
    for size in (1, 10, 200, 230, 300, 4000):
        entry = disclosure({0: "A", 128: "x" * size}, 0)
        assert dumps(entry).startswith(head(2, len(entry)))
        assert shown(record_of(entry)).learner.additional == {128: "x" * size}
