"""Status lists in a trust store: whose they are, when they count, and what their values mean."""

import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta

import pytest

import signedcert as sc
from cbor_oracle import Tagged, dumps
from issuing import ISSUED_AT, ISSUER, NOW, OTHER_ISSUER, OTHER_SIGNER, check, jwks, minimal
from signedcert.model.issuer_document import KeyRevocation
from signedcert.model.numbers import INTEGER_MAX
from signedcert.trust import opened_bundle
from signedcert.trust.opened_bundle import Problem
from signedcert.trust.status_at_hand import LIFETIME
from signedcert.trust.status_list import pack_statuses
from trusting import (
    DAY,
    PUBLISHED_AT,
    ROOT,
    STATUS_KEY,
    STATUS_SIGNER,
    STRANGER,
    content,
    document,
    finding,
    key,
    referring,
    status_list,
    trust_in,
)

PASSED, FAILED, UNKNOWN = sc.Outcome.PASSED, sc.Outcome.FAILED, sc.Outcome.UNKNOWN
SECOND = timedelta(seconds=1)
REFUSED = sc.Reason.STATUS_LIST_REFUSED
TRUST = trust_in()


def refusal(data: bytes, trust: sc.Trust = TRUST) -> sc.Reason | None:
    with pytest.raises(sc.TrustError) as caught:
        trust.with_status_list(data)
    assert str(caught.value)
    return caught.value.reason


def status(trust: sc.Trust, token: bytes | None = None, now: datetime = NOW, **policy: object):
    """The finding of STATUS; whatever it is but PASSED, the verdict is not VALID."""
    verdict = sc.verify(token or referring(), trust, now=now, policy=sc.Policy(**policy))
    found = finding(verdict, sc.Check.STATUS)
    assert (verdict.status is sc.Status.VALID) is (found[0] is PASSED)
    assert (verdict.status is sc.Status.INVALID) is (found[0] is FAILED)
    return found


def with_list(**fields: object) -> sc.Trust:
    return TRUST.with_status_list(status_list(**fields))


def replaced(trust: sc.Trust, data: bytes, other: bytes) -> sc.Trust:
    """A store in which a list was exchanged for another, as no method would."""
    holding = trust.holding(ISSUER)
    lists = tuple((number, other if each == data else each) for number, each in holding.lists)
    bundle = trust._bundle
    return sc.Trust(bundle._replace(holdings={ISSUER: holding._replace(lists=lists)}))


@pytest.mark.parametrize("value", range(16))
def test_values(value):
    trust = with_list(values=[(7, value), (6, 1), (8, 2)])
    expected = {
        0: (PASSED, sc.Reason.OK),
        1: (FAILED, sc.Reason.REVOKED),
        2: (FAILED, sc.Reason.SUSPENDED),
    }.get(value, (UNKNOWN, sc.Reason.STATUS_UNKNOWN))
    assert status(trust) == expected
    verdict = check(referring(), trust)
    assert verdict.finding(sc.Check.STATUS).as_of == PUBLISHED_AT
    # What was withdrawn is still what the issuer said once.
    assert verdict.statement is not None


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_indices_out_of_range(bits):
    array = pack_statuses(16, bits, [])
    trust = with_list(bits=bits, array=array)
    last = len(array) * 8 // bits - 1
    assert status(trust, referring(last)) == (PASSED, sc.Reason.OK)
    for index in (last + 1, 10**6, INTEGER_MAX):
        found = status(trust, referring(index))
        assert found == (FAILED, sc.Reason.STATUS_OUT_OF_RANGE)


def test_no_reference_is_not_applicable():
    token = sc.issue(minimal(), sc.SoftwareSigner(b"k" * 32))
    trust = trust_in(document(keys=(key(sc.SoftwareSigner(b"k" * 32)),)))
    found = finding(check(token, trust), sc.Check.STATUS)
    assert found == (sc.Outcome.NOT_APPLICABLE, sc.Reason.NO_STATUS_REFERENCE)
    assert check(token, trust).status is sc.Status.VALID


def test_missing_lists():
    assert status(TRUST) == (UNKNOWN, sc.Reason.STATUS_LIST_MISSING)
    assert TRUST.status_list(ISSUER, 1) is None
    assert TRUST.status_list(OTHER_ISSUER, 1) is None
    # List 2 says nothing of what is in list 1.
    other = with_list(number=2)
    assert status(other) == (UNKNOWN, sc.Reason.STATUS_LIST_MISSING)
    assert status(other, referring(number=2)) == (PASSED, sc.Reason.OK)


def test_a_list_of_another_number_in_its_place():
    two = status_list(2)
    swapped = replaced(with_list(), status_list(), two)
    assert status(swapped) == (UNKNOWN, REFUSED)
    (problem,) = swapped.problems()
    assert isinstance(problem, Problem)
    assert problem[:2] == (ISSUER, 1)
    assert problem.error.reason is REFUSED


@pytest.mark.parametrize("field", ["issuer document", "list"])
def test_a_key_set_has_no_lists(field):
    trust = sc.Trust.from_jwks(ISSUER, jwks())
    assert refusal(status_list(), trust) is REFUSED
    assert refusal(status_list(signer=OTHER_SIGNER), trust) is REFUSED
    assert status(trust) == (UNKNOWN, sc.Reason.STATUS_LIST_MISSING)


# When lists count


def test_an_old_but_unexpired_list_shows_its_date():
    # A freeze: whoever withholds newer lists cannot hide how old this one is.
    trust = trust_in(document(issued_at=PUBLISHED_AT + 20 * DAY))
    trust = trust.with_status_list(status_list(expires_at=NOW + 999 * DAY))
    verdict = check(referring(), trust)
    assert verdict.status is sc.Status.VALID
    assert verdict.finding(sc.Check.STATUS).as_of == PUBLISHED_AT
    assert verdict.finding(sc.Check.ISSUER_TRUSTED).as_of == PUBLISHED_AT + 20 * DAY
    assert verdict.as_of == PUBLISHED_AT


@pytest.mark.parametrize(
    ("fields", "end"),
    [
        ({"expires_at": ISSUED_AT + 9 * DAY, "ttl": None}, ISSUED_AT + 9 * DAY),
        ({"expires_at": ISSUED_AT + 9 * DAY, "ttl": DAY}, ISSUED_AT + 9 * DAY),
        ({"expires_at": ISSUED_AT + DAY, "ttl": 9 * DAY}, ISSUED_AT + DAY),
        ({"expires_at": None, "ttl": timedelta(hours=12)}, ISSUED_AT + timedelta(hours=12)),
        ({"expires_at": None, "ttl": None}, ISSUED_AT + 7 * DAY),
    ],
)
def test_lists_grow_stale(fields, end):
    trust = with_list(issued_at=ISSUED_AT, **fields)
    stale = (UNKNOWN, sc.Reason.STATUS_LIST_STALE)
    assert status(trust, now=end - SECOND) == (PASSED, sc.Reason.OK)
    assert status(trust, now=end) == stale
    assert status(trust, now=end, max_staleness=SECOND) == (PASSED, sc.Reason.OK)
    assert status(trust, now=end + SECOND, max_staleness=SECOND) == stale
    verdict = check(referring(), trust, end + DAY)
    assert verdict.finding(sc.Check.STATUS).as_of == ISSUED_AT
    # Its own words are no longer relied on, whatever they are.
    revoked = with_list(issued_at=ISSUED_AT, values=[(7, 1)], **fields)
    assert status(revoked, now=end) == stale
    assert timedelta(days=7) == LIFETIME


def test_a_list_at_the_end_of_time():
    last = datetime(9999, 12, 31, tzinfo=UTC)
    long = document(
        next_update=last,
        keys=(key(valid_until=last), key(STATUS_SIGNER, "status", valid_until=last)),
    )
    listed = status_list(issued_at=last - DAY, expires_at=None, ttl=None)
    trust = trust_in(long).with_status_list(listed)
    assert status(trust, now=last)[1] is sc.Reason.STATUS_LIST_STALE
    found = trust.status_list(ISSUER, 1)
    assert found.fresh_until == found.issued_at


LATER = int(PUBLISHED_AT.timestamp()) + 1


def claims_of(**changes: object) -> bytes:
    """A token of one's own making, whose claims no builder would write."""
    seconds = int(PUBLISHED_AT.timestamp())
    lst = changes.pop("lst", zlib.compress(bytes(100)))
    claims = {
        2: f"https://{ISSUER}/status/1.cwt",
        4: seconds + 90 * 86400,
        6: seconds,
        65533: {"bits": 4, "lst": lst},
    }
    claims |= {int(label[1:]): value for label, value in changes.items()}
    return signed_list(dumps(claims))


def signed_list(payload: bytes, signer: sc.SoftwareSigner = STATUS_SIGNER, **header: object):
    labels = {1: -19, 4: signer.public_key.kid, 16: "application/statuslist+cwt"}
    labels |= {int(label[1:]): value for label, value in header.items()}
    protected = dumps({label: value for label, value in labels.items() if value is not None})
    signature = signer.sign(dumps(["Signature1", protected, b"", payload]))
    return dumps(Tagged(18, [protected, {}, payload, signature]))


def test_not_before():
    start = ISSUED_AT + 40 * DAY
    trust = TRUST.with_status_list(claims_of(_5=int(start.timestamp())))
    skew = timedelta(minutes=5)
    assert status(trust, now=start) == (PASSED, sc.Reason.OK)
    assert status(trust, now=start - skew) == (PASSED, sc.Reason.OK)
    assert status(trust, now=start - skew - SECOND) == (UNKNOWN, REFUSED)


# What is not taken in


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"\xd2",
        status_list()[:-1],
        status_list() + b"\0",
        status_list()[:-1] + bytes([status_list()[-1] ^ 1]),
        document(),
        referring(),
        signed_list(b"\xff"),
        signed_list(dumps({2: "x"})),
        signed_list(dumps([1])),
    ],
)
def test_what_is_no_status_list(data):
    assert refusal(data) is not None


def test_lists_are_bytes():
    for data in (None, "text", bytearray(status_list())):
        with pytest.raises(TypeError, match="bytes"):
            TRUST.with_status_list(data)


@pytest.mark.parametrize(
    "subject",
    [
        f"https://{OTHER_ISSUER}/status/1.cwt",
        f"https://{ISSUER}/status/1.cwt/",
        f"https://{ISSUER}/status/01.cwt",
        f"https://{ISSUER}/status/-1.cwt",
        f"https://{ISSUER}/status/.cwt",
        f"https://{ISSUER}/status/1.5.cwt",
        f"https://{ISSUER}/status/%31.cwt",
        f"https://{ISSUER}/status/1",
        f"https://{ISSUER}/1.cwt",
        f"http://{ISSUER}/status/1.cwt",
        f"https://{ISSUER}/status/{2**53}.cwt",
        f"https://{ISSUER}/status/{'9' * 17}.cwt",
        "1",
        "urn:1",
    ],
)
def test_a_list_that_is_none_of_the_issuers(subject):
    if ":" in subject:
        assert refusal(status_list(subject=subject)) is REFUSED
    else:
        assert refusal(claims_of(_2=subject)) is sc.Reason.SCHEMA_VIOLATION
    without = trust_in(document(status_lists=None))
    assert refusal(claims_of(_2="urn:1"), without) is REFUSED


@pytest.mark.parametrize("number", [0, 9, 10, 10**9, INTEGER_MAX])
def test_every_number_survives_a_bundle(number):
    trust = with_list(number=number)
    again = sc.Trust.from_bundle(trust.to_bundle())
    assert again == trust
    assert status(again, referring(number=number)) == (PASSED, sc.Reason.OK)
    assert again.problems() == ()


def test_a_list_of_another_issuer():
    theirs = sc.SoftwareSigner(b"u" * 32)
    keys = (key(theirs), key(STRANGER, "status"))
    other = document(
        issuer=OTHER_ISSUER, keys=keys, status_lists=f"https://{ISSUER}/status/{{number}}.cwt"
    )
    trust = TRUST.with_issuer_document(other, ROOT.public_key)
    # It says that it is this issuer's list 1, but only counts for whose key signed it.
    trust = trust.with_status_list(status_list(signer=STRANGER, values=[(7, 1)]))
    assert status(trust) == (UNKNOWN, sc.Reason.STATUS_LIST_MISSING)
    reference = sc.StatusReference(list=1, index=7)
    certificate = sc.issue(minimal(issuer=OTHER_ISSUER, status=reference), theirs)
    assert status(trust, certificate) == (FAILED, sc.Reason.REVOKED)
    good = trust.with_status_list(status_list())
    assert status(good) == (PASSED, sc.Reason.OK)
    assert refusal(status_list(signer=STRANGER)) is REFUSED


def test_two_issuers_with_one_status_key():
    # A service that signs lists for both: each list goes to whose it is.
    other = document(issuer=OTHER_ISSUER, keys=(STATUS_KEY,))
    trust = TRUST.with_issuer_document(other, ROOT.public_key)
    theirs = status_list(subject=f"https://{OTHER_ISSUER}/status/4.cwt")
    trust = trust.with_status_list(theirs).with_status_list(status_list())
    assert trust.holding(OTHER_ISSUER).lists == ((4, theirs),)
    assert trust.holding(ISSUER).lists == ((1, status_list()),)


@pytest.mark.parametrize("thief", ["a.example.org", "z.example.org"])
def test_another_issuer_that_names_our_lists_and_lists_our_key_takes_nothing(thief):
    """It needs no private key for that: the public half, and our URIs."""
    template = f"https://{ISSUER}/status/{{number}}.cwt"
    theirs = document(issuer=thief, keys=(STATUS_KEY,), status_lists=template)
    trust = TRUST.with_issuer_document(theirs, ROOT.public_key).with_status_list(status_list())
    withdrawn = status_list(values=[(7, 1)], issued_at=PUBLISHED_AT + DAY)
    revoked = (FAILED, sc.Reason.REVOKED)
    assert status(trust.with_status_list(withdrawn)) == revoked
    assert status(trust.with_status_list(withdrawn, ISSUER)) == revoked
    # Nor does it matter which lists it already has, or in which order stores are merged.
    bundle = trust._bundle
    later = status_list(issued_at=PUBLISHED_AT + 9 * DAY)
    held = bundle.holdings[thief]._replace(lists=((1, later),))
    ahead = sc.Trust(bundle._replace(holdings={**bundle.holdings, thief: held}))
    assert status(ahead.with_status_list(withdrawn)) == revoked
    assert status(ahead.with_trust(TRUST.with_status_list(withdrawn))) == revoked
    with pytest.raises(sc.TrustError) as refused:
        ahead.with_status_list(withdrawn, thief)
    assert refused.value.reason is sc.Reason.ROLLBACK


def test_lists_without_a_kid_and_with_other_algorithms():
    payload = dumps({2: f"https://{ISSUER}/status/1.cwt", 6: int(PUBLISHED_AT.timestamp()),
                     65533: {"bits": 1, "lst": zlib.compress(b"\0")}})  # fmt: skip
    trust = TRUST.with_status_list(signed_list(payload))
    assert status(trust, now=ISSUED_AT) == (PASSED, sc.Reason.OK)
    # Every key would have to be tried on it.
    assert refusal(signed_list(payload, _4=None)) is REFUSED
    for algorithm in (-8, -7, 19):
        assert refusal(signed_list(payload, _1=algorithm)) is REFUSED
    for kid in (bytes(8), b"", STATUS_SIGNER.public_key.kid + b"x"):
        assert refusal(signed_list(payload, _4=kid)) is REFUSED


def test_two_lists_of_one_moment():
    """Whoever replays the other one must not undo a withdrawal."""
    first, second = status_list(values=[(7, 1)]), status_list()
    for one, other in ((first, second), (second, first)):
        trust = TRUST.with_status_list(one)
        assert trust.with_status_list(one) == trust
        with pytest.raises(sc.TrustError, match="two different status lists") as refused:
            trust.with_status_list(other)
        assert refused.value.reason is sc.Reason.FORK


def test_a_list_or_document_dated_in_the_future_is_not_known_yet():
    later = NOW + 6 * timedelta(minutes=1)
    trust = TRUST.with_status_list(status_list(issued_at=later))
    verdict = sc.verify(referring(), trust, now=NOW)
    assert verdict.status is sc.Status.INDETERMINATE
    assert status(trust) == (UNKNOWN, sc.Reason.DATED_IN_FUTURE)
    assert verdict.finding(sc.Check.STATUS).as_of == later
    assert status(trust, now=NOW + timedelta(minutes=1)) == (PASSED, sc.Reason.OK)
    ahead = trust_in(document(issued_at=later))
    found = sc.verify(referring(), ahead, now=NOW).finding(sc.Check.ISSUER_TRUSTED)
    assert (found.outcome, found.reason) == (UNKNOWN, sc.Reason.DATED_IN_FUTURE)


def test_inflated_lists_are_let_go_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(opened_bundle, "INFLATED_MAX", 1500)  # three lists of 500 bytes
    trust = TRUST
    for number in range(1, 6):
        trust = trust.with_status_list(status_list(number))
    first = [trust.status_list(ISSUER, number) for number in range(1, 6)]
    assert trust.status_list(ISSUER, 5) is first[4]
    assert trust.status_list(ISSUER, 1) is not first[0]
    assert trust.status_list(ISSUER, 1) == first[0]
    monkeypatch.setattr(opened_bundle, "INFLATED_MAX", 1)
    assert status(trust, referring(7, 2)) == (PASSED, sc.Reason.OK)


def test_rollback_to_an_older_list():
    newer = with_list(issued_at=ISSUED_AT, values=[(7, 1)])
    assert refusal(status_list(issued_at=ISSUED_AT - SECOND), newer) is sc.Reason.ROLLBACK
    assert status(newer) == (FAILED, sc.Reason.REVOKED)
    assert newer.with_status_list(status_list(issued_at=ISSUED_AT, values=[(7, 1)])) == newer
    reinstated = newer.with_status_list(status_list(issued_at=ISSUED_AT + SECOND))
    assert status(reinstated) == (PASSED, sc.Reason.OK)
    assert len(reinstated.holding(ISSUER).lists) == 1


def test_a_list_that_is_of_no_use_gives_way():
    broken = replaced(with_list(), status_list(), b"\xd2damaged")
    assert status(broken) == (UNKNOWN, REFUSED)
    older = status_list(issued_at=PUBLISHED_AT)
    assert status(broken.with_status_list(older)) == (PASSED, sc.Reason.OK)


# Keys of lists


def with_status_key(**fields: object) -> sc.Trust:
    return trust_in(document(keys=(key(), key(STATUS_SIGNER, "status", **fields))))


def test_a_list_dated_outside_its_keys_period():
    data = status_list(issued_at=ISSUED_AT)
    for fields in (
        {"valid_from": ISSUED_AT + SECOND},
        {"valid_until": ISSUED_AT},
        {"revocation": KeyRevocation(end="retired", since=ISSUED_AT)},
        {"revocation": KeyRevocation(end="compromised", since=NOW)},
    ):
        assert refusal(data, with_status_key(**fields)) is REFUSED
        # And where it was taken in before that was known.
        newer = document(2, keys=(key(), key(STATUS_SIGNER, "status", **fields)))
        trust = TRUST.with_status_list(data).with_issuer_document(newer)
        assert status(trust) == (UNKNOWN, REFUSED)
        assert [problem.status_list for problem in trust.problems()] == [1]
    for fields in (
        {"valid_from": ISSUED_AT},
        {"valid_until": ISSUED_AT + SECOND},
        {"revocation": KeyRevocation(end="retired", since=ISSUED_AT + SECOND)},
    ):
        trust = with_status_key(**fields).with_status_list(data)
        assert status(trust) == (PASSED, sc.Reason.OK)


def test_a_list_by_a_key_that_is_gone():
    trust = with_list().with_issuer_document(document(2, keys=(key(), key(STRANGER, "status"))))
    assert status(trust) == (UNKNOWN, REFUSED)
    fresh = trust.with_status_list(status_list(signer=STRANGER, issued_at=PUBLISHED_AT))
    assert status(fresh) == (PASSED, sc.Reason.OK)


def test_a_root_signs_lists_only_of_a_closed_issuer():
    data = status_list(signer=ROOT)
    assert refusal(data) is REFUSED
    closed = trust_in(document(2, final=True))
    assert status(closed.with_status_list(data)) == (PASSED, sc.Reason.OK)
    assert closed.with_status_list(data).status_list(ISSUER, 1).fresh_until is not None
    assert content(final=True).next_update is None


# Compression


def bomb(size: int = 300 << 20) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.flush()


def holding_list(lst: bytes) -> sc.Trust:
    """A store into which a list came that cannot be unpacked: in a bundle."""
    bundle = TRUST._bundle
    held = bundle.holdings[ISSUER]._replace(lists=((1, claims_of(lst=lst)),))
    return sc.Trust(bundle._replace(holdings={**bundle.holdings, ISSUER: held}))


def test_a_list_that_cannot_be_unpacked_does_not_take_the_place_of_another():
    trust = with_list()
    with pytest.raises(sc.TrustError, match="damaged"):
        trust.with_status_list(claims_of(lst=b"x", _6=LATER))
    with pytest.raises(sc.TrustError, match="unpacks to more"):
        trust.with_status_list(claims_of(lst=bomb(), _6=LATER))


def test_an_inflate_bomb_takes_little_memory_and_is_refused():
    trust = holding_list(bomb())
    tracemalloc.start()
    try:
        assert status(trust) == (UNKNOWN, REFUSED)
        left, most = tracemalloc.get_traced_memory()
        assert most < 100 << 20
        # Nor does the refusal that is remembered hold on to what was unpacked.
        assert left < 1 << 20
    finally:
        tracemalloc.stop()
    (problem,) = trust.problems()
    assert problem.error.reason is sc.Reason.TOO_LARGE


@pytest.mark.parametrize("lst", [b"", b"x", zlib.compress(b""), zlib.compress(b"x")[:-1]])
def test_a_list_that_cannot_be_unpacked(lst):
    trust = holding_list(lst)
    assert status(trust) == (UNKNOWN, REFUSED)
    assert trust.status_list(ISSUER, 1) is trust.status_list(ISSUER, 1)


def test_a_list_is_unpacked_once():
    trust = with_list()
    assert trust.status_list(ISSUER, 1) is trust.status_list(ISSUER, 1)


def test_a_list_of_ten_million_entries():
    size = 10_000_000
    array = pack_statuses(size, 1, [(index, 1) for index in range(0, size, 99_999)])
    trust = with_list(bits=1, array=array)
    assert status(trust, referring(99_999)) == (FAILED, sc.Reason.REVOKED)
    assert status(trust, referring(size - 1)) == (PASSED, sc.Reason.OK)
    assert status(trust, referring(size)) == (FAILED, sc.Reason.STATUS_OUT_OF_RANGE)
