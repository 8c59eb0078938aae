"""Section 15.5: records as shown, whatever of them is disclosed."""

from collections.abc import Iterator

from cbor_oracle import dumps
from conformance.carriers import base64url
from conformance.record_answers import BARE, SALT, VIOLATION, Row
from conformance.record_tokens import (
    ALL_WITHHELD,
    ASSESSMENTS,
    COMPLETE,
    EXAM,
    IDENTITY_CHECKS,
    LEARNER,
    OF_RECORD,
    QUIZ,
    SCORE,
    SHOWN,
    WITHHELD,
    decoy,
    digest,
    disclosure,
    listing,
    record,
    rows,
)


def shown() -> Iterator[Row]:
    """Name, what is special, token, and answer."""
    whole = COMPLETE.token()
    yield "complete", "everything is disclosed", whole, OF_RECORD
    nothing = OF_RECORD.showing(ALL_WITHHELD)
    yield "nothing", "nothing is disclosed", COMPLETE.showing().token(), nothing
    one = {**ALL_WITHHELD, "learner": SHOWN["learner"]}
    yield "learner", "one entry", COMPLETE.showing(LEARNER).token(), OF_RECORD.showing(one)
    some = {**ALL_WITHHELD, "assessments": [WITHHELD, WITHHELD, SHOWN["assessments"][1]]}
    yield (
        "one row",
        "one row of a list",
        COMPLETE.showing(ASSESSMENTS, EXAM).token(),
        OF_RECORD.showing(some),
    )
    no_rows = {**ALL_WITHHELD, "identity_checks": [WITHHELD, WITHHELD]}
    yield (
        "no row",
        "a list without its rows",
        COMPLETE.showing(IDENTITY_CHECKS).token(),
        OF_RECORD.showing(no_rows),
    )
    odd = {**ALL_WITHHELD, "assessments": [WITHHELD, WITHHELD]}
    yield (
        "decoy among rows",
        "a row that is none",
        COMPLETE.showing(ASSESSMENTS, decoy(9)).token(),
        OF_RECORD.showing(odd),
    )
    yield "decoys alone", "nothing is there", record().token(), BARE
    three = record(LEARNER, SCORE, ASSESSMENTS, more=(QUIZ, EXAM, decoy(9)))
    hidden = three.showing(LEARNER, SCORE, ASSESSMENTS, QUIZ, EXAM, decoy(9))
    yield (
        "identity checks withheld or none",
        "one digest is not disclosed",
        hidden.token(),
        OF_RECORD.showing({"identity_checks": WITHHELD, "withholds_entries": True}),
    )
    five = record(LEARNER, SCORE, ASSESSMENTS, IDENTITY_CHECKS, redacted=sorted(
        map(digest, (LEARNER, SCORE, ASSESSMENTS, IDENTITY_CHECKS, decoy(1)))
    )).showing(*COMPLETE.shown)  # fmt: skip
    yield (
        "a fifth digest withheld",
        "something without a name",
        five.token(),
        OF_RECORD.showing({"withholds_entries": True}),
    )
    only = listing(6, decoy(99))
    yield "list of decoys", "a list without rows", record(only, more=(decoy(99),)).token(), BARE
    most = [disclosure({0: 0}, salt=bytes([number]) * 16) for number in range(20)]
    checks = record(listing(7, *most), more=most).token()
    many = BARE.showing({"identity_checks": [{"method": "photo_match"}] * 20})
    yield "20 identity checks", "as many rows as there may be", checks, many
    twenty_one = [*most, disclosure({0: 0}, salt=b"x" * 16)]
    over = record(listing(7, *twenty_one), more=twenty_one)
    yield "21 identity checks", "a row too many", over.token(), VIOLATION
    all_but = over.showing(*(each for each in over.shown if each != twenty_one[20]))
    rows_ = [{"method": "photo_match"}] * 20 + [WITHHELD]
    yield (
        "21, one withheld",
        "20 are disclosed",
        all_but.token(),
        BARE.showing({"identity_checks": rows_}),
    )
    large = record(rows(6, (digest(decoy(number)) for number in range(100, 356)))).token()
    yield (
        "256 digests of rows",
        "as many as there may be",
        large,
        BARE.showing({"assessments": [WITHHELD] * 256}),
    )
    larger = record(rows(6, (digest(decoy(number)) for number in range(100, 357)))).token()
    yield "257 digests of rows", "one too many", larger, VIOLATION
    later = record(disclosure({0: "\n", -1: []}, 200)).token()
    yield (
        "later label",
        "a label of 128 or more",
        later,
        BARE.showing({"additional": {"200": {"0": "\n", "-1": []}}}),
    )
    every = disclosure({0: "T", 1: 8, 2: [-5, 1], 3: 10, 4: [25, 1], 5: -1, 6: 1000, 7: True})
    shown = {
        "title": "T", "kind": "oral_exam", "score": -0.5, "maximum": 10, "weight": 2.5,
        "submitted_on": "1969-12-31", "attempts": 1000, "late": True,
    }  # fmt: skip
    yield (
        "every field of a row",
        "an assessment",
        record(listing(6, every), more=[every]).token(),
        BARE.showing({"assessments": [shown]}),
    )
    size = 4_096 - len(dumps([SALT, {0: {0: "N", 128: b""}}, 0])) - 5
    fat = disclosure({0: "N", 128: bytes(size)}, 0, salt=SALT)
    while len(fat) < 4_096:
        size += 1
        fat = disclosure({0: "N", 128: bytes(size)}, 0, salt=SALT)
    learner = {"name": "N", "additional": {"128": {"base64url": base64url(bytes(size))}}}
    yield (
        "disclosure of 4,096 bytes",
        "as large as a value may be",
        record(fat).token(),
        BARE.showing({"learner": learner}),
    )
    fatter = disclosure({0: "N", 128: bytes(size + 1)}, 0, salt=SALT)
    yield "disclosure of 4,097 bytes", "a byte too many", record(fatter).token(), VIOLATION
