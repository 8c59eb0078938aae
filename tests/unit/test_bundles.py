"""Trust stores as files: what is in them, what is refused, and what a list operator signs."""

from datetime import UTC, datetime, timedelta, timezone

import cbor2
import pytest
from cbor2 import frozendict

import signedcert as sc
from cbor_oracle import Pairs, Raw, dumps
from issuing import (
    ISSUED_AT,
    ISSUER,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    SIGNER,
    check,
    jwk,
    jwks,
    minimal,
)
from signedcert.codec.framing import parse_document_frame
from signedcert.crypto.sign1 import sign
from signedcert.model.kinds import SIGNED_BUNDLE
from signedcert.trust import bundle as bundle_module
from signedcert.trust.bundle import sign_bundle
from signedcert.trust.holding import Holding
from trusting import (
    DAY,
    NEXT_UPDATE,
    OPERATOR,
    PUBLISHED_AT,
    ROOT,
    STRANGER,
    document,
    finding,
    key,
    referring,
    status_list,
    trust_in,
)

SECOND = timedelta(seconds=1)
PASSED, UNKNOWN = sc.Outcome.PASSED, sc.Outcome.UNKNOWN
TOKEN = sc.issue(minimal(), SIGNER)
THIRD = "third.example.net"
SMALL = trust_in()
FULL = (
    trust_in()
    .with_status_list(status_list())
    .with_status_list(status_list(2))
    .with_issuer_document(document(issuer=OTHER_ISSUER, keys=(key(OTHER_SIGNER),)), ROOT.public_key)
    .with_jwks(THIRD, jwks(jwk(OTHER_SIGNER), jwk()))
)
THEIRS = sc.issue(minimal(issuer=OTHER_ISSUER), OTHER_SIGNER)


def refusal(data: bytes) -> sc.Reason | None:
    with pytest.raises(sc.TrustError) as caught:
        sc.Trust.from_bundle(data)
    assert str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize("trust", [sc.Trust.empty(), SMALL, FULL])
def test_there_and_back(trust):
    data = trust.to_bundle()
    again = sc.Trust.from_bundle(data)
    assert again == trust
    assert hash(again) == hash(trust)
    assert again.to_bundle() == data
    assert again.problems() == ()
    assert dict(again.published) == dict(trust.published)
    for token in (TOKEN, THEIRS, referring(), referring(number=2), b""):
        assert check(token, again) == check(token, trust)


def test_what_a_bundle_is():
    data = FULL.to_bundle(issued_at=NOW, next_update=NOW + DAY)
    content = cbor2.loads(data)
    assert dumps(content) == data
    assert list(content) == [0, 1, 2, 3, 4]
    assert content[0] == 1
    assert (content[1], content[2]) == (int(NOW.timestamp()), int((NOW + DAY).timestamp()))
    assert [issuer for issuer, *_ in content[3]] == sorted([ISSUER, OTHER_ISSUER, THIRD])
    mine = content[3][0]
    assert mine[1:] == [
        document(), 1, [ROOT.public_key.raw], [[1, status_list()], [2, status_list(2)]],
    ]  # fmt: skip
    assert content[3][2] == [THIRD, jwks(jwk(OTHER_SIGNER), jwk())]
    assert len(content[4]) % 12 == 0
    assert SIGNER.public_key.kid + bytes(4) in content[4]
    assert cbor2.loads(sc.Trust.empty().to_bundle()) == {0: 1, 3: [], 4: b""}


@pytest.mark.parametrize("trust", [sc.Trust.empty(), SMALL])
def test_every_truncation_is_refused(trust):
    data = trust.to_bundle(issued_at=NOW, next_update=NOW + DAY)
    for end in range(len(data)):
        assert refusal(data[:end]) is not None
    assert refusal(data + b"\0") is not None


def test_bundles_are_bytes():
    for data in (None, "text", 5, bytearray(b"x"), memoryview(b"x")):
        with pytest.raises(TypeError, match="bytes"):
            sc.Trust.from_bundle(data)
        with pytest.raises(TypeError, match="bytes"):
            sc.Trust.from_signed_bundle(data, OPERATOR.public_key)


def changed(**labels: object) -> bytes:
    content = cbor2.loads(FULL.to_bundle())
    content |= {int(label[1:]): value for label, value in labels.items()}
    return dumps({label: value for label, value in content.items() if value is not None})


CONTENT = cbor2.loads(FULL.to_bundle())
MINE, OTHERS, BY_SET = CONTENT[3]
INDEX = CONTENT[4]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", sc.Reason.NOT_DETERMINISTIC),
        (b"\xf6", sc.Reason.NOT_DETERMINISTIC),
        (b"{}", sc.Reason.NOT_DETERMINISTIC),
        (jwks(), sc.Reason.NOT_DETERMINISTIC),
        (dumps([]), sc.Reason.SCHEMA_VIOLATION),
        (dumps({}), sc.Reason.SCHEMA_VIOLATION),
        (dumps({0: True}), sc.Reason.SCHEMA_VIOLATION),
        (dumps({0: 1}), sc.Reason.SCHEMA_VIOLATION),
        (dumps({0: 2}), sc.Reason.NEWER_FORMAT),
        (changed(_0=2, _5="new"), sc.Reason.NEWER_FORMAT),
        (dumps(Pairs(((3, []), (0, 1), (4, b"")))), sc.Reason.NOT_DETERMINISTIC),
        (dumps(Pairs(((0, 1), (3, []), (3, []), (4, b"")))), sc.Reason.NOT_DETERMINISTIC),
        (dumps({0: Raw(b"\x18\x01"), 3: [], 4: b""}), sc.Reason.NOT_DETERMINISTIC),
        *((changed(**change), sc.Reason.SCHEMA_VIOLATION) for change in [
            {"_5": 1},
            {"_128": 1},
            {"_3": None},
            {"_4": None},
            {"_1": -1},
            {"_1": True},
            {"_1": 253_402_300_800},
            {"_2": "tomorrow"},
            {"_2": b""},
            {"_3": b""},
            {"_3": {}},
            {"_3": [OTHERS, MINE, BY_SET]},
            {"_3": [MINE, MINE, BY_SET]},
            {"_3": [MINE, OTHERS, []]},
            {"_3": [MINE, OTHERS, 5]},
            {"_3": [MINE, OTHERS, BY_SET[:1]]},
            {"_3": [MINE, OTHERS, [*BY_SET, 1]]},
            {"_3": [MINE, OTHERS, ["Third.example.net", BY_SET[1]]]},
            {"_3": [["localhost", *MINE[1:]], OTHERS, BY_SET]},
            {"_3": [[ISSUER, "text", *MINE[2:]], OTHERS, BY_SET]},
            *({"_3": [[*MINE[:2], epoch, *MINE[3:]], OTHERS, BY_SET]}
              for epoch in (0, -1, -2, -9, True, "1")),
            *({"_3": [[*MINE[:3], roots, MINE[4]], OTHERS, BY_SET]}
              for roots in (5, [5], [bytes(31)], [["x"]], b"")),
            *({"_3": [[*MINE[:4], lists], OTHERS, BY_SET]}
              for lists in (5, [5], [[1]], [[1, b"", 1]], [[-1, b""]], [[True, b""]], [[1, "x"]],
                            [[2, b""], [1, b""]], [[1, b""], [1, b""]])),
            {"_4": "text"},
            {"_4": INDEX[:-1]},
            {"_4": INDEX + INDEX[-12:]},
            {"_4": INDEX[12:24] + INDEX[:12]},
            {"_4": b"\xff" * 8 + (3).to_bytes(4, "big")},
        ]),
    ],
)  # fmt: skip
def test_damaged_bundles(data, reason):
    assert refusal(data) is reason


def test_a_bundle_without_an_index_hides_its_issuers_and_lends_nothing():
    trust = sc.Trust.from_bundle(changed(_4=b""))
    verdict = check(TOKEN, trust)
    assert verdict.finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.UNKNOWN_KEY
    lies = b"".join(
        kid + place.to_bytes(4, "big")
        for kid in sorted([SIGNER.public_key.kid, STRANGER.public_key.kid])
        for place in range(3)
    )
    trust = sc.Trust.from_bundle(changed(_4=lies))
    assert check(TOKEN, trust).status is sc.Status.VALID
    forged = check(sc.issue(minimal(), STRANGER), trust)
    assert forged.finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.UNKNOWN_KEY


def test_bundles_have_a_bound(monkeypatch):
    data = SMALL.to_bundle()
    monkeypatch.setattr(bundle_module, "BUNDLE_MAX", len(data))
    assert SMALL.to_bundle() == data
    assert refusal(data + b"\0") is sc.Reason.TOO_LARGE
    with pytest.raises(sc.EncodeError, match="at most"):
        FULL.to_bundle()


# Dates


def test_dates_are_floored_kept_and_changed():
    zone = timezone(timedelta(hours=5, minutes=30))
    moment = (NOW + timedelta(microseconds=999_999)).astimezone(zone)
    trust = sc.Trust.from_bundle(SMALL.to_bundle(issued_at=moment, next_update=NOW + 9 * DAY))
    assert (trust.issued_at, trust.next_update) == (NOW, NOW + 9 * DAY)
    assert trust.to_bundle() == SMALL.to_bundle(issued_at=NOW, next_update=NOW + 9 * DAY)
    again = sc.Trust.from_bundle(trust.to_bundle(next_update=NOW + 10 * DAY))
    assert (again.issued_at, again.next_update) == (NOW, NOW + 10 * DAY)
    assert trust.with_status_list(status_list()).next_update == NOW + 9 * DAY
    assert (SMALL.issued_at, SMALL.next_update) == (None, None)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 2),
        datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        5,
    ],
)
def test_dates_that_no_bundle_can_have(moment):
    for name in ("issued_at", "next_update"):
        with pytest.raises(ValueError, match="moment"):
            SMALL.to_bundle(**{name: moment})


def test_a_stale_bundle_is_unknown_with_its_date():
    end = NOW + 5 * DAY
    trust = sc.Trust.from_bundle(SMALL.to_bundle(issued_at=ISSUED_AT, next_update=end))
    assert check(TOKEN, trust, end - SECOND).status is sc.Status.VALID
    for now in (end, end + SECOND, end + 9999 * DAY):
        verdict = check(TOKEN, trust, now)
        expected = (UNKNOWN, sc.Reason.BUNDLE_STALE)
        assert finding(verdict, sc.Check.ISSUER_TRUSTED) == expected
        assert verdict.finding(sc.Check.ISSUER_TRUSTED).as_of == ISSUED_AT
        assert verdict.as_of == ISSUED_AT
        assert verdict.status is sc.Status.INDETERMINATE
        assert verdict.statement is None
    policy = sc.Policy(max_staleness=DAY)
    covered = sc.verify(TOKEN, trust, now=end + DAY - SECOND, policy=policy)
    assert covered.status is sc.Status.VALID
    assert sc.verify(TOKEN, trust, now=end + DAY, policy=policy).statement is None


def test_an_end_needs_its_date():
    with pytest.raises(ValueError, match="needs issued_at"):
        SMALL.to_bundle(next_update=NOW)
    dated = dict(cbor2.loads(SMALL.to_bundle(issued_at=NOW, next_update=NOW)))
    del dated[1]
    with pytest.raises(sc.TrustError, match="not since when"):
        sc.Trust.from_bundle(cbor2.dumps(dated))


def test_a_bundle_may_outlive_its_documents_but_not_refresh_them():
    trust = sc.Trust.from_bundle(
        SMALL.to_bundle(issued_at=NOW, next_update=NEXT_UPDATE + 999 * DAY)
    )
    reason = check(TOKEN, trust, NEXT_UPDATE).finding(sc.Check.ISSUER_TRUSTED).reason
    assert reason is sc.Reason.ISSUER_DOCUMENT_STALE


def test_a_bundle_with_chosen_keys_costs_nothing():
    """Python hashes integers without a secret: maps with keys that collide take long to make."""
    entries = b"".join(cbor2.dumps(key) + b"\0" for key in range(5, 100_005))
    with pytest.raises(sc.TrustError, match="not deterministic CBOR"):
        sc.Trust.from_bundle(b"\xba" + (100_000).to_bytes(4, "big") + entries)


@pytest.mark.parametrize("roots", [[bytes(32)] * 2, [bytes([n]) * 32 for n in range(17)]])
def test_pins_are_few_and_each_once(roots):
    bundle = dict(cbor2.loads(SMALL.to_bundle()))
    name, published, epoch, _, lists = bundle[3][0]
    bundle[3] = [[name, published, epoch, roots, lists]]
    with pytest.raises(sc.TrustError, match="not written as the format says"):
        sc.Trust.from_bundle(cbor2.dumps(bundle))


@pytest.mark.parametrize("count", [1, 16, 17, 10_000])
def test_what_is_no_root_is_not_hashed(monkeypatch, count):
    """Python hashes arrays of integers without a secret: a set of many that collide is slow."""
    roots = tuple(NotHashed((place, 0)) for place in range(count))
    content = frozendict({0: 1, 3: ((ISSUER, b"", 1, roots, ()),), 4: b""})
    monkeypatch.setattr(bundle_module, "decode", lambda *_, **__: content)
    assert refusal(b"any") is sc.Reason.SCHEMA_VIOLATION


class NotHashed(tuple):
    """An array within an array."""

    __slots__ = ()
    __hash__ = None


def test_an_issuer_that_the_index_hides_behind_another():
    """Another issuer lists the same key; the index names that one alone."""
    other = trust_in(document(issuer=OTHER_ISSUER))
    bundle = SMALL.with_trust(other)._bundle
    kids = dict.fromkeys(bundle.kids, (OTHER_ISSUER,))
    hidden = sc.Trust(bundle._replace(kids=kids))
    assert check(TOKEN, hidden).status is sc.Status.VALID


def test_where_two_stores_hold_the_same_what_one_index_hides_the_other_shows():
    bundle = SMALL._bundle
    hidden = sc.Trust(bundle._replace(kids={}))
    assert check(TOKEN, hidden).finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.UNKNOWN_KEY
    for both in (hidden.with_trust(SMALL), SMALL.with_trust(hidden)):
        assert check(TOKEN, both).status is sc.Status.VALID


def test_an_index_that_hides_an_issuer_is_a_problem():
    bundle = SMALL._bundle
    hidden = sc.Trust(bundle._replace(kids=dict(list(bundle.kids.items())[1:])))
    assert [str(each.error) for each in hidden.problems()] == [
        "the index of the bundle hides one of its keys"
    ]


# One bad issuer among good ones


def with_bad(issuer: str, published: bytes, pin: bool) -> sc.Trust:
    bundle = FULL._bundle
    holding = bundle.holdings[issuer]
    bad = holding._replace(published=published, pin=holding.pin if pin else None)
    trust = sc.Trust(bundle._replace(holdings={**bundle.holdings, issuer: bad}))
    return sc.Trust.from_bundle(trust.to_bundle())


BAD = {
    "damaged": (document()[:-1] + b"\0", True),
    "cut off": (document()[:-9], True),
    "nothing": (b"", True),
    "garbage": (b"\xd2\x84\x58\x31", True),
    "another root's": (document(2, signer=STRANGER, roots=[STRANGER]), True),
    "another issuer's": (document(issuer=OTHER_ISSUER), True),
    "a key set": (jwks(), True),
    "no key set": (document(), False),
    "another issuer's key set": (jwks(iss=f"https://{OTHER_ISSUER}"), False),
    "a key set with a key twice": (
        jwks(jwk(), jwk(revoked={"revoked_at": 1, "reason": "compromised"})), False),
    "a private key": (jwks(jwk(d="x")), False),
}  # fmt: skip


@pytest.mark.parametrize(("published", "pin"), BAD.values(), ids=BAD)
def test_one_bad_issuer_among_good_ones(published, pin):
    trust = with_bad(ISSUER, published, pin)
    assert check(THEIRS, trust).status is sc.Status.VALID
    (problem,) = trust.problems()
    assert (problem.issuer, problem.status_list) == (ISSUER, None)
    assert isinstance(problem.error, sc.TrustError)
    # Its key is listed by a key set too, which is no answer for it.
    for token in (TOKEN, referring()):
        verdict = check(token, trust)
        assert verdict.status is sc.Status.INDETERMINATE
        expected = (UNKNOWN, sc.Reason.ISSUER_DOCUMENT_REFUSED)
        assert finding(verdict, sc.Check.ISSUER_TRUSTED) == expected
        assert verdict.statement is None
    alone = trust.without(THIRD)
    verdict = check(TOKEN, alone)
    assert verdict.finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.ISSUER_DOCUMENT_REFUSED
    assert check(TOKEN, trust.without(ISSUER)).status is sc.Status.INVALID


def test_a_document_under_another_issuers_name():
    # Whoever edits an unsigned bundle cannot pass one issuer's document off as another's.
    trust = with_bad(OTHER_ISSUER, document(), pin=True)
    assert trust.open_issuer(OTHER_ISSUER).reason is sc.Reason.OTHER_ISSUER
    assert check(TOKEN, trust).status is sc.Status.VALID


def test_what_a_holding_is():
    assert Holding(ISSUER, None, b"").lists == ()


# Signed bundles


SIGNED = sign_bundle(FULL.to_bundle(), OPERATOR)


def signed_refusal(data: bytes, operator: object = OPERATOR.public_key) -> sc.Reason | None:
    with pytest.raises(sc.TrustError) as caught:
        sc.Trust.from_signed_bundle(data, operator)
    assert str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize("operator", [OPERATOR.public_key, OPERATOR.public_key.raw])
def test_a_bundle_that_a_list_operator_signed(operator):
    assert sc.Trust.from_signed_bundle(SIGNED, operator) == FULL
    assert parse_document_frame(SIGNED, SIGNED_BUNDLE, 1 << 20).payload == FULL.to_bundle()


def test_a_bundle_of_another_operator():
    mismatch = sc.Reason.SIGNATURE_MISMATCH
    assert signed_refusal(SIGNED, STRANGER.public_key) is mismatch
    assert signed_refusal(SIGNED, bytes(32)) is mismatch
    for place in range(0, len(SIGNED), 11):
        tampered = SIGNED[:place] + bytes([SIGNED[place] ^ 4]) + SIGNED[place + 1 :]
        signed_refusal(tampered)
    for end in range(0, len(SIGNED), 11):
        signed_refusal(SIGNED[:end])
    assert signed_refusal(SIGNED + b"\0") is not None


def test_signed_and_unsigned_bundles_are_not_mistaken_for_each_other():
    with pytest.raises(sc.TrustError, match="signed by a list operator"):
        sc.Trust.from_bundle(SIGNED)
    assert signed_refusal(FULL.to_bundle()) is sc.Reason.NOT_A_TOKEN
    assert signed_refusal(document(), ROOT.public_key) is sc.Reason.WRONG_TYPE
    assert signed_refusal(TOKEN, SIGNER.public_key) is sc.Reason.WRONG_TYPE
    # A bundle within a bundle is none.
    twice = sign(SIGNED_BUNDLE, SIGNED, OPERATOR).to_bytes()
    assert signed_refusal(twice) is None
    damaged = sign(SIGNED_BUNDLE, b"\xa0", OPERATOR).to_bytes()
    assert signed_refusal(damaged) is sc.Reason.SCHEMA_VIOLATION


def test_what_an_operator_signs_is_a_bundle():
    for data in (b"", b"\xa0", SIGNED, document()):
        with pytest.raises(sc.TrustError):
            sign_bundle(data, OPERATOR)


@pytest.mark.parametrize("operator", [b"", bytes(31), "ab" * 32, None, OPERATOR])
def test_the_key_of_an_operator(operator):
    with pytest.raises(ValueError, match="32 bytes"):
        sc.Trust.from_signed_bundle(SIGNED, operator)


def test_a_signed_bundle_too_grows_stale():
    data = sign_bundle(FULL.to_bundle(issued_at=PUBLISHED_AT, next_update=NOW), OPERATOR)
    trust = sc.Trust.from_signed_bundle(data, OPERATOR.public_key)
    verdict = check(TOKEN, trust, NOW)
    assert verdict.finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.BUNDLE_STALE


@pytest.mark.parametrize("length", [1, 23, 24, 255, 256, 65_535, 65_536, 70_000])
def test_frames_of_any_length(length):
    frame = sign(SIGNED_BUNDLE, bytes(length), OPERATOR)
    assert parse_document_frame(frame.to_bytes(), SIGNED_BUNDLE, 70_000) == frame
