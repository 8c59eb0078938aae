"""Sections 15.4 and 15.6: shares, from their frame to their end."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from conformance.carriers import carried, form2, link
from conformance.expectations import VALID, Answer, Finding, fails, passes, undecided
from conformance.layout import MICROSECONDS, Case, topic_of
from conformance.record_tokens import (
    ALL_WITHHELD,
    ASSESSMENTS,
    AUDIENCE,
    BY_NOBODY,
    COMPLETE,
    EXAM,
    OF_RECORD,
    OF_SHARE,
    SCORE,
    SHARED,
    SHOWN,
    WITHHELD,
    record,
    share,
    share_claims,
)
from conformance.share_frames import order, record_frames, share_frames
from conformance.share_signing import signatures, signed_claims
from conformance.share_times import times
from conformance.tokens import (
    BODY,
    DAY,
    NOW,
)
from conformance.trust import (
    PUBLISHED_AT,
    Held,
    document,
    in_document,
    in_keys,
    in_list,
    key,
    packed_entries,
    status_list,
    trusting,
)

TOKEN, SHARE = COMPLETE.token(), share()
DOCUMENT = in_document()
Pair = tuple[Case, dict[str, str]]


def _audiences() -> Iterator[tuple[str, str, str, str, Answer]]:
    other = fails("AUDIENCE", "other_audience")
    for name, made, asked, same in (
        ("the same", AUDIENCE, AUDIENCE, True),
        ("another", AUDIENCE, "Other Ltd", False),
        ("in other case", AUDIENCE, AUDIENCE.lower(), False),
        ("a part", AUDIENCE, "Acme", False),
        ("more", AUDIENCE, f"{AUDIENCE} Ltd", False),
        ("look-alike", AUDIENCE, AUDIENCE.replace("A", "\u0410"), False),
        ("made decomposed", "A\u030a", "\u00c5", False),
        ("made with space around", f" {AUDIENCE}", AUDIENCE, False),
        ("beyond the BMP", "𝔸", "𝔸", True),
        ("compatible form", "\uff21cme", "Acme", False),
        ("Angstrom sign", "\u212b", "\u00c5", False),
    ):
        finding = passes("AUDIENCE") if same else other
        expected = OF_SHARE.but(finding).showing({"share": {**SHARED, "audience": made}})
        yield f"audience: {name}", "compared code point for code point", made, asked, expected


def _places() -> Iterator[tuple[str, str, bytes, dict[str, str], int, Answer]]:
    """Step 12, and step 8 of records."""
    entries = {100: 0, 101: 1, 102: 2, 103: 3, 115: 1, 90: 1}
    array = packed_entries(entries, 2, 29)
    held = in_list(status_list(array=array, bits=2))
    now = NOW * MICROSECONDS
    for slot, finding in (
        (0, passes("SHARE_STATUS", as_of=PUBLISHED_AT)),
        (1, fails("SHARE_STATUS", "revoked", PUBLISHED_AT)),
        (2, fails("SHARE_STATUS", "suspended", PUBLISHED_AT)),
        (3, undecided("SHARE_STATUS", "status_unknown", PUBLISHED_AT)),
        (15, fails("SHARE_STATUS", "revoked", PUBLISHED_AT)),
    ):
        yield f"slot {slot}", "the place of the slot", *_placed(100, slot, held, now, finding)
    out = fails("SHARE_STATUS", "status_out_of_range", PUBLISHED_AT)
    good = passes("SHARE_STATUS", as_of=PUBLISHED_AT)
    revoked = fails("SHARE_STATUS", "revoked", PUBLISHED_AT)
    yield "last entry", "the last entry of the list", *_placed(115, 0, held, now, revoked)
    yield "beyond the list", "116 entries", *_placed(101, 15, held, now, out)
    yield "largest place", "far beyond", *_placed(2**53 - 17, 15, held, now, out)
    missing = undecided("SHARE_STATUS", "status_list_missing")
    yield "no list", "none at hand", *_placed(100, 0, DOCUMENT, now, missing)
    refused = undecided("SHARE_STATUS", "status_list_refused")
    yield "damaged list", "no list", *_placed(100, 0, in_list(b"\xff"), now, refused)
    stale = undecided("SHARE_STATUS", "status_list_stale", PUBLISHED_AT)
    ended = in_list(status_list(array=array, bits=2, changed={4: NOW}))
    yield "stale list", "the list's end", *_placed(100, 0, ended, now, stale)
    before = _placed(100, 0, ended, now - 1, good)
    yield "list before its end", "a microsecond", *before
    ahead = in_list(status_list(array=array, bits=2, changed={6: NOW + 301}))
    future = undecided("SHARE_STATUS", "dated_in_future", NOW + 301)
    yield "list ahead", "dated in the future", *_placed(100, 0, ahead, now, future)
    yield from _two_lists(array)


def _placed(
    first: int, slot: int, held: dict[str, str], now: int, finding: Finding
) -> tuple[bytes, dict[str, str], int, Answer]:
    token = COMPLETE.with_body({10: [1, first]}).token()
    shown = {
        "share_places": {"list": 1, "first": first},
        "share": {**SHARED, "slot": slot},
    }
    given = share(token, share_claims({BODY: {0: slot}}))
    return given, held, now, OF_SHARE.but(finding).showing(shown)


def _two_lists(array: bytes) -> Iterator[tuple[str, str, bytes, dict[str, str], int, Answer]]:
    """The record's own place, and the oldest of the dates."""
    older = status_list(array=array, bits=2, number=2, changed={6: PUBLISHED_AT + 5})
    recent = status_list(array=array, bits=2, changed={6: PUBLISHED_AT + 9})
    published = document(claims={6: PUBLISHED_AT + 7})
    held = trusting(Held(published, lists=[(1, recent), (2, older)]))
    trusted = passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT + 7)
    shown: dict[str, Any] = {
        "status": {"list": 1, "index": 0},
        "share_places": {"list": 2, "first": 100},
    }
    token = COMPLETE.with_body({9: [1, 0], 10: [2, 100]}).token()
    good = passes("SHARE_STATUS", as_of=PUBLISHED_AT + 5)
    now = NOW * MICROSECONDS
    expected = OF_SHARE.but(trusted, passes("STATUS", as_of=PUBLISHED_AT + 9), good).showing(shown)
    yield "two lists", "as_of is the oldest", share(token), held, now, expected
    withdrawn = COMPLETE.with_body({9: [1, 101], 10: [2, 100]}).token()
    revoked = fails("STATUS", "revoked", PUBLISHED_AT + 9)
    shown["status"] = {"list": 1, "index": 101}
    expected = OF_SHARE.but(trusted, revoked, good).showing(shown)
    yield "record withdrawn", "the share is not", share(withdrawn), held, now, expected
    of_record = OF_RECORD.but(trusted, revoked).showing(shown)
    yield "record withdrawn, no share", "a record", withdrawn, held, now, of_record


def _compromised() -> Iterator[Pair]:
    bare = COMPLETE.showing().token()
    mine = sha256(bare).digest()[:16]
    vouched = in_keys(key(revocation={0: 1, 1: 0, 3: mine}))
    finding = passes("KEY_PERIOD", "key_compromised_vouched")
    fault = "the digest of the record that discloses nothing"
    yield Case("vouched share", fault, SHARE, OF_SHARE.but(finding)), vouched
    yield Case("vouched record", fault, TOKEN, OF_RECORD.but(finding)), vouched
    wrong = in_keys(key(revocation={0: 1, 1: 0, 3: sha256(TOKEN).digest()[:16]}))
    lost = fails("KEY_PERIOD", "key_compromised")
    fault = "the digest of the record with its disclosures"
    yield Case("vouched with disclosures", fault, TOKEN, OF_RECORD.but(lost)), wrong
    yield Case("compromised, share", "nothing is shown", SHARE, OF_SHARE.but(lost)), wrong


def _stopped() -> Iterator[Pair]:
    later = NOW + 400 * DAY
    stale = undecided("ISSUER_TRUSTED", "issuer_document_stale", PUBLISHED_AT)
    expected = OF_SHARE.but(stale, fails("SHARE_VALIDITY", "share_expired"))
    yield Case("stale document", "steps 9 to 12 are asked all the same", SHARE, (
        expected
    ), now=later * MICROSECONDS), DOCUMENT  # fmt: skip
    empty = trusting()
    unknown = OF_SHARE.but(undecided("ISSUER_TRUSTED", "unknown_key"))
    yield Case("nobody trusted", "twelve findings", SHARE, unknown), empty
    some = COMPLETE.showing(ASSESSMENTS, EXAM).token()
    shown = {**ALL_WITHHELD, "assessments": [WITHHELD, WITHHELD, SHOWN["assessments"][1]]}
    yield Case("one row", "most is withheld", share(some), OF_SHARE.showing(shown)), DOCUMENT
    nothing = share(COMPLETE.showing().token())
    yield Case("course alone", "all is withheld", nothing, OF_SHARE.showing(ALL_WITHHELD)), DOCUMENT


def _cases() -> Iterator[Pair]:
    yield Case("share", "a share", SHARE, OF_SHARE), DOCUMENT
    yield Case("in a link", "form 02", link(form2(SHARE)), OF_SHARE), DOCUMENT
    for rows in (record_frames, share_frames, order):
        for name, fault, finding, token in rows():
            base = OF_RECORD if name.startswith("record") else OF_SHARE
            if name == "record under typ certificate":
                base = VALID  # eight findings
            yield Case(name, fault, carried(token), base.but(finding)), DOCUMENT
    # Where it is about the share alone, the record is a small one.
    small, fields = record(SCORE).token(), ("learner", "assessments", "identity_checks")
    for name, fault, claims, expected in signed_claims():
        of_small = expected.showing(dict.fromkeys(fields))
        yield Case(f"holder: {name}", fault, share(small, claims), of_small), DOCUMENT
    mismatch = BY_NOBODY.but(fails("HOLDER", "holder_mismatch"))
    less = {**ALL_WITHHELD, "assessments": [WITHHELD] * 3}
    for name, fault, token in signatures():
        expected = mismatch.showing(less if name == "less disclosed" else {})
        yield Case(f"holder: {name}", fault, token, expected), DOCUMENT
    for name, fault, made, asked, expected in _audiences():
        given, of_small = (
            share(small, share_claims({3: made})),
            expected.showing(dict.fromkeys(fields)),
        )
        yield Case(name, fault, given, of_small, audience=asked), DOCUMENT
    yield Case("audience: of a record", "no share", TOKEN, OF_RECORD, audience="x"), DOCUMENT
    for name, fault, token, now, expected in times():
        yield Case(name, fault, token, expected, now=now), DOCUMENT
    for name, fault, token, held, now, expected in _places():
        yield Case(name, fault, token, expected, now=now), held
    for pairs in (_compromised(), _stopped()):
        yield from pairs


TOPIC = topic_of(
    "shares", "Sections 15.4 and 15.6: shares, from their frame to their end.", _cases()
)
