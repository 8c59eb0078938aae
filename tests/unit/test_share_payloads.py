"""One fault each in the payload of a course record: its digests, its subject, its holder's key."""

from dataclasses import replace

import pytest

import signedcert as sc
from cbor_oracle import Pairs, Raw, Simple, Tagged, dumps
from forging import BODY, RECORD, header, signed
from issuing import HOLDER, check, outcomes
from record_forging import (
    REDACTED,
    Forged,
    confirmation,
    decoy,
    digest,
    disclosure,
    printed_code,
    record_of,
)
from signedcert.codec.frames import parse_frame
from signedcert.share.record_payload import lift_payload, lower_payload

FAILED, UNKNOWN = sc.Outcome.FAILED, sc.Outcome.UNKNOWN
VIOLATION, NOT_DETERMINISTIC = sc.Reason.SCHEMA_VIOLATION, sc.Reason.NOT_DETERMINISTIC
FORGED = record_of(disclosure("Jacob Ångström", 0))
DIGESTS = FORGED.redacted


def assert_refused(token: Forged | bytes, reason: sc.Reason) -> None:
    verdict = check(token if isinstance(token, bytes) else token.token())
    is_open = reason in (sc.Reason.UNKNOWN_FIELD, sc.Reason.UNKNOWN_VALUE)
    assert outcomes(verdict)[sc.Check.SIGNATURE][0] is sc.Outcome.PASSED
    assert outcomes(verdict)[sc.Check.SCHEMA] == (UNKNOWN if is_open else FAILED, reason)
    assert verdict.status is (sc.Status.INDETERMINATE if is_open else sc.Status.INVALID)
    assert verdict.statement is None
    later = list(outcomes(verdict).values())[4:]
    assert later == [(sc.Outcome.NOT_RUN, sc.Reason.NOT_REACHED)] * 8


def with_digests(redacted: object) -> Forged:
    return replace(FORGED, redacted=redacted, disclosures=())


def with_payload(content: object) -> bytes:
    return signed(content, header(media_type=RECORD))


def test_the_honest_payload():
    assert check(FORGED.token()).statement.learner == sc.Person(name="Jacob Ångström")
    lifted = lift_payload(FORGED.payload())
    assert list(lifted.redacted) == DIGESTS
    assert lower_payload(lifted) == FORGED.payload()


def test_errors_quote_nothing_of_the_payload():
    for forged in (FORGED.with_body({1: {0: "secret\0", 1: "x"}}), with_digests([b"secret"] * 4)):
        with pytest.raises(sc.DecodeError) as caught:
            lift_payload(forged.payload())
        assert "secret" not in str(caught.value)


def many(count: int) -> list[bytes]:
    return sorted(digest(decoy(number)) for number in range(count))


WRONG_DIGESTS = {
    "none": None,
    "an empty list": [],
    "three": many(3),
    "sixty-five": many(65),
    "descending": DIGESTS[::-1],
    "two exchanged": [DIGESTS[1], DIGESTS[0], *DIGESTS[2:]],
    "one twice": [DIGESTS[0], *DIGESTS],
    "one twice in place of another": [DIGESTS[0], DIGESTS[0], *DIGESTS[2:]],
    "one of 31 bytes": [*DIGESTS[:3], DIGESTS[3][:31]],
    "one of 33 bytes": [*DIGESTS[:3], DIGESTS[3] + b"\0"],
    "all of 48 bytes": [each + bytes(16) for each in DIGESTS],
    "one as text": [*DIGESTS[:3], "f" * 32],
    "one as a number": [1, *DIGESTS],
    "an array in it": [*DIGESTS, [DIGESTS[0]]],
    "a map": dict.fromkeys(range(4), DIGESTS[0]),
    "one byte string": b"".join(DIGESTS),
    "text": "digests",
    "true": True,
    "a number": 4,
}


@pytest.mark.parametrize("redacted", WRONG_DIGESTS.values(), ids=WRONG_DIGESTS)
def test_digests_that_are_none(redacted):
    assert_refused(with_digests(redacted), VIOLATION)


@pytest.mark.parametrize("count", [4, 5, 23, 24, 25, 63, 64])
def test_as_many_digests_as_there_may_be(count):
    verdict = check(with_digests(many(count)).token())
    assert outcomes(verdict)[sc.Check.SCHEMA][0] is sc.Outcome.PASSED
    assert verdict.statement.learner is sc.WITHHELD


@pytest.mark.parametrize(
    "redacted",
    [
        [Tagged(60, each) for each in DIGESTS],
        Tagged(59, DIGESTS),
        [None, *DIGESTS],
        [1.5, *DIGESTS],
        Raw(b"\x9f" + b"".join(map(dumps, DIGESTS)) + b"\xff"),
        Raw(b"\x98\x04" + b"".join(map(dumps, DIGESTS))),
    ],
)
def test_digests_that_are_not_deterministic(redacted):
    assert_refused(with_digests(redacted), NOT_DETERMINISTIC)


BODY_HONEST = FORGED.claims[BODY]


def with_entries(*entries: tuple[object, object]) -> bytes:
    return with_payload({**FORGED.claims, BODY: Pairs(entries)})


PLACES = {
    "first in the body": with_entries((REDACTED, DIGESTS), *BODY_HONEST.items()),
    "twice": with_entries(*BODY_HONEST.items(), (REDACTED, DIGESTS), (REDACTED, DIGESTS)),
    "before an additional field": with_entries(
        *BODY_HONEST.items(), (REDACTED, DIGESTS), (200, 1)
    ),
    "under a float": with_entries(*BODY_HONEST.items(), (Raw(b"\xf9\x00\x3b"), DIGESTS)),
    "under simple(58)": with_entries(*BODY_HONEST.items(), (Simple(58), DIGESTS)),
    "under simple(60)": with_entries(*BODY_HONEST.items(), (Simple(60), DIGESTS)),
    "under two simple values": with_entries(
        *BODY_HONEST.items(), (Simple(58), DIGESTS), (REDACTED, DIGESTS)
    ),
    "among the claims": with_payload({**FORGED.claims, REDACTED: DIGESTS}),
    "among the claims, too": with_payload(
        {**FORGED.claims, BODY: {**BODY_HONEST, REDACTED: DIGESTS}, REDACTED: DIGESTS}
    ),
    "in the course": with_entries(
        (1, {0: "T", 1: "I", REDACTED: DIGESTS}), (REDACTED, DIGESTS)
    ),
    "in a field to come": with_entries(
        *BODY_HONEST.items(), (200, {REDACTED: DIGESTS}), (REDACTED, DIGESTS)
    ),
    "as a value": with_entries(*BODY_HONEST.items(), (200, REDACTED), (REDACTED, DIGESTS)),
    "in a tagged map": with_payload(
        {**FORGED.claims, BODY: Tagged(61, {**BODY_HONEST, REDACTED: DIGESTS})}
    ),
}  # fmt: skip


@pytest.mark.parametrize("token", PLACES.values(), ids=PLACES)
def test_digests_in_other_places(token):
    assert_refused(token, NOT_DETERMINISTIC)


@pytest.mark.parametrize("key", [59, "59", b"\x3b"])
def test_digests_under_another_key(key):
    token = with_payload({**FORGED.claims, BODY: {**BODY_HONEST, key: DIGESTS}})
    assert_refused(token, VIOLATION if key == 59 else NOT_DETERMINISTIC)


@pytest.mark.parametrize("body", [{}, [], "x", 0, True, b"", [{REDACTED.number: DIGESTS}]])
def test_bodies_that_are_no_map(body):
    assert_refused(with_payload({**FORGED.claims, BODY: body}), VIOLATION)


@pytest.mark.parametrize("content", [{}, [], 1, "x", True, {1: "learn.example.edu"}])
def test_payloads_that_are_no_claims(content):
    assert_refused(with_payload(content), VIOLATION)


def test_nothing_but_digests():
    body = {**FORGED.claims, BODY: {REDACTED: DIGESTS}}
    assert_refused(with_payload(body), VIOLATION)


def test_payloads_that_are_not_deterministic():
    payload = FORGED.payload()
    for other in (payload + b"\0", payload[:-1], b"\xb8" + payload[:1] + payload[1:]):
        assert_refused(with_payload(other), NOT_DETERMINISTIC)


# What is visible


@pytest.mark.parametrize("claim", [1, 2, 6, 7, 8, BODY])
def test_missing_claims(claim):
    claims = {key: value for key, value in FORGED.claims.items() if key != claim}
    body = {} if claim == BODY else {BODY: {**BODY_HONEST, REDACTED: DIGESTS}}
    assert_refused(with_payload(claims | body), VIOLATION)


SUBJECTS = [
    printed_code(bytes(10)),
    FORGED.claims[2].lower(),
    FORGED.claims[2].replace("-", ""),
    FORGED.claims[2][:-1],
    FORGED.claims[2] + "0",
    f" {FORGED.claims[2]}",
    "",
    FORGED.claims[7],
    5,
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subjects_that_are_not_the_code_of_the_id(subject):
    assert_refused(FORGED.with_claims({2: subject}), VIOLATION)


def test_another_id_than_the_subjects():
    assert_refused(FORGED.with_claims({7: bytes(10)}), VIOLATION)
    other = FORGED.with_claims({7: bytes(10), 2: printed_code(bytes(10))})
    assert check(other.token()).statement.id == bytes(10)


X = HOLDER.public_key.raw
CONFIRMATIONS = {
    "a key beside its method": {1: 1, -1: 6, -2: X},
    "the bare key": X,
    "text": "key",
    "a list": [{1: 1, -1: 6, -2: X}],
    "nothing": {},
    "an encrypted key": {2: b"x"},
    "a key's id": {3: X},
    "a thumbprint": {5: X},
    "a key and its id": {**confirmation(), 3: b"x"},
    "a key with its algorithm": {1: {1: 1, 3: -19, -1: 6, -2: X}},
    "a key with its id": {1: {1: 1, 2: b"x", -1: 6, -2: X}},
    "a private key": {1: {1: 1, -1: 6, -2: X, -4: bytes(32)}},
    "a short key": {1: {1: 1, -1: 6, -2: X[:31]}},
    "a long key": {1: {1: 1, -1: 6, -2: X + b"\0"}},
    "a key as text": {1: {1: 1, -1: 6, -2: "x" * 32}},
    "X25519": {1: {1: 1, -1: 4, -2: X}},
    "P-256": {1: {1: 2, -1: 1, -2: X, -3: X}},
    "no curve": {1: {1: 1, -2: X}},
    "no x": {1: {1: 1, -1: 6}},
    "true as a type": {1: {1: True, -1: 6, -2: X}},
    "a list as the key": {1: [1, 6, X]},
}


@pytest.mark.parametrize("confirmed", CONFIRMATIONS.values(), ids=CONFIRMATIONS)
def test_confirmations_that_are_no_ed25519_key(confirmed):
    assert_refused(FORGED.with_claims({8: confirmed}), VIOLATION)


@pytest.mark.parametrize(
    "confirmed",
    [
        Pairs(((True, {1: 1, -1: 6, -2: X}),)),
        Pairs(((Simple(1), {1: 1, -1: 6, -2: X}),)),
        Pairs(((1.0, {1: 1, -1: 6, -2: X}),)),
        {1: Pairs(((-1, 6), (1, 1), (-2, X)))},
        {1: {1: 1.0, -1: 6, -2: X}},
        {1: {1: 1, -1: 6, -2: Raw(b"\x59\x00\x20" + X)}},
        {1: Tagged(61, {1: 1, -1: 6, -2: X})},
    ],
)
def test_confirmations_that_are_not_deterministic(confirmed):
    assert_refused(FORGED.with_claims({8: confirmed}), NOT_DETERMINISTIC)


@pytest.mark.parametrize("claim", [0, 3, 9, 39, 127, -1])
def test_unknown_claims(claim):
    assert_refused(FORGED.with_claims({claim: 1}), sc.Reason.UNKNOWN_FIELD)


@pytest.mark.parametrize("label", [11, 23, 24, 58, 60, 127, -1])
def test_unknown_labels(label):
    assert_refused(FORGED.with_body({label: 1}), sc.Reason.UNKNOWN_FIELD)


def test_label_59_is_never_given_out():
    # To Python, it equals simple(59): what has both is refused, as a key that is there twice.
    assert_refused(FORGED.with_body({59: 1}), NOT_DETERMINISTIC)


@pytest.mark.parametrize("label", [0, 5, 6, 7])
def test_what_may_be_withheld_is_never_visible(label):
    value = {0: "Jacob Ångström", 5: {0: 90}, 6: [{0: "T", 1: 0}], 7: [{0: 0}]}[label]
    assert_refused(FORGED.revealing().with_body({label: value}), sc.Reason.UNKNOWN_FIELD)


def test_additional_fields_and_claims_are_kept():
    verdict = check(FORGED.with_body({200: [1, {2: b"x"}]}).with_claims({300: "later"}).token())
    assert verdict.statement.additional == {200: (1, {2: b"x"})}
    assert verdict.statement.additional_claims == {300: "later"}


@pytest.mark.parametrize(
    "places",
    [[], [1], [1, 2, 3], {0: 1, 1: 2}, [-1, 0], [0, -1], [0, 2**53 - 16], ["0", 0], [0, True]],
)
def test_share_places_that_are_none(places):
    assert_refused(FORGED.with_body({10: places}), VIOLATION)


@pytest.mark.parametrize("places", [[0, 0], [2**53 - 1, 2**53 - 17], [3, 4096]])
def test_share_places(places):
    found = check(FORGED.with_body({10: places}).token()).statement.share_places
    assert [found.list, found.first] == places


def test_a_violation_outweighs_what_a_later_version_may_know():
    unknown = FORGED.with_body({20: 1})
    assert_refused(unknown, sc.Reason.UNKNOWN_FIELD)
    assert_refused(replace(unknown, redacted=DIGESTS[:3], disclosures=()), VIOLATION)
    assert_refused(unknown.with_claims({8: {3: X}}), VIOLATION)
    assert_refused(unknown.with_claims({2: printed_code(bytes(10))}), VIOLATION)


def test_an_integer_that_some_decoders_take_for_the_key_of_the_digests():
    assert_refused(FORGED.with_body({58: 1}), sc.Reason.UNKNOWN_FIELD)
    assert_refused(FORGED.with_body({59: 1}), sc.Reason.NOT_DETERMINISTIC)
    assert_refused(replace(FORGED.with_body({59: 1}), redacted=None, disclosures=()), VIOLATION)


def test_ends_before_it_begins():
    start = FORGED.claims[6]
    assert_refused(FORGED.with_claims({4: start}), VIOLATION)
    assert_refused(FORGED.with_claims({4: start + 5, 5: start + 5}), VIOLATION)
    assert outcomes(check(FORGED.with_claims({4: start + 1}).token()))[sc.Check.SCHEMA] == (
        sc.Outcome.PASSED,
        sc.Reason.OK,
    )


def test_the_payload_alone_is_signed():
    frame = parse_frame(FORGED.token())
    assert frame.signed.payload == FORGED.payload()
    assert parse_frame(FORGED.revealing().token()).signed == frame.signed
