"""Trust as a value: adding, merging, taking away, comparing, and carrying it about."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from itertools import permutations

import pytest

import signedcert as sc
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
from signedcert.trust.chain import Pin
from signedcert.trust.holding import Opened
from trusting import (
    DAY,
    PUBLISHED_AT,
    ROOT,
    ROOTS,
    SPARE,
    STATUS_SIGNER,
    STRANGER,
    document,
    finding,
    handover,
    key,
    referring,
    status_list,
    trust_in,
)

THIRD = "third.example.net"
TOKEN = sc.issue(minimal(), SIGNER)
LIST = status_list()
TRUST = trust_in().with_status_list(LIST)
UNTRUSTED, BROKEN = sc.Reason.UNTRUSTED_ROOT, sc.Reason.BROKEN_HANDOVER


def other_document(**fields: object) -> bytes:
    return document(issuer=OTHER_ISSUER, keys=(key(OTHER_SIGNER),), **fields)


OTHERS = trust_in(other_document())


def refusal(one: sc.Trust, other: sc.Trust) -> sc.Reason | None:
    with pytest.raises(sc.TrustError) as caught:
        one.with_trust(other)
    assert ISSUER in str(caught.value)
    return caught.value.reason


# As a value


def test_trust_does_not_change():
    for name in ("keys_for", "_bundle", "_opened", "new"):
        with pytest.raises(FrozenInstanceError):
            setattr(TRUST, name, None)
        with pytest.raises(FrozenInstanceError):
            delattr(TRUST, name)
    with pytest.raises(TypeError):
        TRUST.published[ISSUER] = None


def test_adding_leaves_the_old_value_as_it_was():
    trust = trust_in()
    before = trust.to_bundle()
    trust.with_status_list(LIST)
    trust.with_issuer_document(document(2))
    trust.with_trust(OTHERS)
    trust.with_jwks(OTHER_ISSUER, jwks())
    trust.without(ISSUER)
    assert trust.to_bundle() == before


@pytest.mark.parametrize("trust", [sc.Trust.empty(), TRUST, TRUST.with_jwks(OTHER_ISSUER, jwks())])
def test_trust_is_pickled_and_copied(trust):
    check(TOKEN, trust)
    for twin in (copy.copy(trust), copy.deepcopy(trust), pickle.loads(pickle.dumps(trust))):
        assert twin == trust
        assert hash(twin) == hash(trust)
        assert repr(twin) == repr(trust)
        assert check(TOKEN, twin) == check(TOKEN, trust)
        assert check(referring(), twin) == check(referring(), trust)


def test_the_order_of_additions_does_not_matter():
    def add_mine(trust):
        return trust.with_issuer_document(document(), ROOT.public_key)

    def add_other(trust):
        return trust.with_issuer_document(other_document(), ROOT.public_key)

    def add_set(trust):
        return trust.with_jwks(THIRD, jwks())

    made = []
    for order in permutations([add_mine, add_other, add_set]):
        trust = sc.Trust.empty()
        for add in order:
            trust = add(trust)
        for numbers in permutations([0, 1, 2]):
            each = trust
            for number in numbers:
                each = each.with_status_list(status_list(number))
            made.append(each)
    assert len({trust.to_bundle() for trust in made}) == 1
    assert len(set(made)) == 1
    assert all(trust == made[0] for trust in made)
    assert made[0].issuers == (ISSUER, OTHER_ISSUER, THIRD)
    assert repr(made[0]) == "Trust(3 issuers)"


def test_different_trust_is_different():
    values = [sc.Trust.empty(), trust_in(), TRUST, OTHERS, trust_in(document(2))]
    for one, other in permutations(values, 2):
        assert one != other
    assert TRUST != "trust"


def test_without():
    both = TRUST.with_trust(OTHERS)
    assert both.without(OTHER_ISSUER) == TRUST
    assert both.without(ISSUER) == OTHERS
    assert both.without(ISSUER).without(OTHER_ISSUER) == sc.Trust.empty()
    verdict = check(TOKEN, both.without(ISSUER))
    assert verdict.finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.UNKNOWN_KEY
    with pytest.raises(sc.TrustError, match="not among"):
        TRUST.without(OTHER_ISSUER)


def test_threads_that_ask_at_once_get_one_answer():
    bundle = TRUST.with_trust(OTHERS).to_bundle()
    expected = check(referring(), TRUST)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            trust = sc.Trust.from_bundle(bundle)
            answers = list(pool.map(lambda _, trust=trust: check(referring(), trust), range(16)))
            assert answers == [expected] * 16


def test_an_issuer_that_nobody_knows():
    with pytest.raises(KeyError):
        TRUST.open_issuer(OTHER_ISSUER)


# Together


def test_together():
    both = TRUST.with_trust(OTHERS)
    assert both == OTHERS.with_trust(TRUST)
    assert both.issuers == (ISSUER, OTHER_ISSUER)
    assert check(TOKEN, both).status is sc.Status.VALID
    assert check(referring(), both).status is sc.Status.VALID
    theirs = sc.issue(minimal(issuer=OTHER_ISSUER), OTHER_SIGNER)
    assert check(theirs, both).status is sc.Status.VALID
    assert both.with_trust(both) == both.with_trust(sc.Trust.empty()) == both
    assert sc.Trust.empty().with_trust(both) == both


def test_issuers_that_share_a_key_stay_apart():
    shared = trust_in(document(issuer=OTHER_ISSUER))
    for both in (TRUST.with_trust(shared), shared.with_trust(TRUST)):
        assert len(both.keys_for(SIGNER.public_key.kid)) == 2
        assert both.without(OTHER_ISSUER) == TRUST


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("epoch", [1, 2, 7])
def test_the_newer_document_wins(turn, epoch):
    newer = trust_in(document(8, epoch=epoch, keys=(key(OTHER_SIGNER),)))
    one, other = [trust_in(document(3)), newer][::turn]
    assert one.with_trust(other) == newer


@pytest.mark.parametrize("turn", [1, -1])
def test_the_newer_list_wins(turn):
    newer = trust_in().with_status_list(status_list(issued_at=ISSUED_AT, values=[(7, 1)]))
    second = TRUST.with_status_list(status_list(2))
    one, other = [second, newer][::turn]
    both = one.with_trust(other)
    assert check(referring(), both).status is sc.Status.INVALID
    assert check(referring(number=2), both).status is sc.Status.VALID


def test_the_document_of_one_and_the_list_of_the_other():
    newer = trust_in(document(2))
    assert newer.with_trust(TRUST) == TRUST.with_trust(newer) == newer.with_status_list(LIST)


def test_a_list_whose_key_the_newer_document_ended_is_left_behind():
    newer = trust_in(document(2, keys=(key(), key(SPARE, "status"))))
    both = newer.with_trust(TRUST)
    assert both == newer
    assert check(referring(), both).finding(sc.Check.STATUS).reason is (
        sc.Reason.STATUS_LIST_MISSING
    )


def test_a_fork_between_two_stores():
    other = trust_in(document(home_page="https://www.example.edu/"))
    assert refusal(TRUST, other) is sc.Reason.FORK
    assert refusal(other, TRUST) is sc.Reason.FORK


def strangers(version: int, epoch: int = 1) -> sc.Trust:
    """Trust in somebody else's roots for the same issuer."""
    links = [handover(roots=[STRANGER], signer=STRANGER)]
    links += [handover(n, [STRANGER], STRANGER) for n in range(2, epoch + 1)]
    data = document(version, signer=STRANGER, roots=[STRANGER], handovers=tuple(links))
    return trust_in(data, STRANGER.public_key)


@pytest.mark.parametrize("version", [1, 5, 9])
@pytest.mark.parametrize("epoch", [1, 3, 5])
def test_other_roots_are_refused_however_old_their_document_is(version, epoch):
    mine = trust_in(document(5, epoch=3), ROOT.public_key)
    theirs = strangers(version, epoch)
    before = mine.to_bundle()
    assert refusal(mine, theirs) in (UNTRUSTED, BROKEN)
    assert refusal(theirs, mine) in (UNTRUSTED, BROKEN)
    assert mine.to_bundle() == before


def test_an_older_document_of_other_roots_is_not_merely_older():
    # It has fewer handovers, so that the first thing to be seen is its age.
    assert refusal(trust_in(document(5, epoch=3)), strangers(1, 1)) in (UNTRUSTED, BROKEN)


def test_key_sets_are_not_mixed_with_documents_or_other_key_sets():
    by_set = sc.Trust.from_jwks(ISSUER, jwks())
    assert refusal(TRUST, by_set) is None
    assert refusal(by_set, TRUST) is None
    assert refusal(by_set, sc.Trust.from_jwks(ISSUER, jwks(jwk(OTHER_SIGNER)))) is None
    assert by_set.with_trust(by_set) == by_set


def dated(trust: sc.Trust, days: int) -> sc.Trust:
    """The trust as a bundle of a moment, good for some days."""
    end = PUBLISHED_AT + days * DAY
    return sc.Trust.from_bundle(trust.to_bundle(issued_at=PUBLISHED_AT, next_update=end))


def listed_until(trust: sc.Trust, issuer: str) -> int | None:
    opened = trust.open_issuer(issuer)
    assert isinstance(opened, Opened)
    return None if opened.listed is None else (opened.listed.next_update - PUBLISHED_AT).days


def test_the_end_of_a_bundle_goes_with_its_own_issuers():
    for both in (dated(TRUST, 5).with_trust(OTHERS), OTHERS.with_trust(dated(TRUST, 5))):
        again = sc.Trust.from_bundle(both.to_bundle())
        for trust in (both, again):
            assert trust.next_update is None
            assert listed_until(trust, ISSUER) == 5
            assert listed_until(trust, OTHER_ISSUER) is None
    # The end of the whole comes on top.
    assert listed_until(dated(dated(TRUST, 5).with_trust(OTHERS), 3), ISSUER) == 3
    assert listed_until(dated(dated(TRUST, 5).with_trust(OTHERS), 9), ISSUER) == 5


@pytest.mark.parametrize("trust", [TRUST, sc.Trust.from_jwks(ISSUER, jwks())])
def test_of_two_bundles_that_list_an_issuer_the_longer_word_counts(trust):
    for one, other in ((5, 9), (9, 5)):
        assert listed_until(dated(trust, one).with_trust(dated(trust, other)), ISSUER) == 9
    # Who pinned an issuer without an end goes on trusting it.
    assert listed_until(trust.with_trust(dated(trust, 5)), ISSUER) is None
    assert listed_until(dated(trust, 5).with_trust(trust), ISSUER) is None


# What cannot be used


def test_another_issuers_listing_is_no_answer_for_one_that_cannot_be_asked():
    # Both list the key; the document of the one that is named is damaged.
    both = TRUST.with_trust(trust_in(document(issuer=OTHER_ISSUER)))
    good = document()
    damaged = both.to_bundle().replace(good, good[:-1] + bytes([good[-1] ^ 1]))
    trust = sc.Trust.from_bundle(damaged)
    refused = (sc.Outcome.UNKNOWN, sc.Reason.ISSUER_DOCUMENT_REFUSED)
    verdict = check(TOKEN, trust)
    assert verdict.status is sc.Status.INDETERMINATE
    assert finding(verdict, sc.Check.ISSUER_TRUSTED) == refused
    assert verdict.statement is None
    # The other one is not spoilt by it.
    assert check(sc.issue(minimal(issuer=OTHER_ISSUER), SIGNER), trust).status is sc.Status.VALID
    third = check(sc.issue(minimal(issuer=THIRD), SIGNER), trust)
    assert third.finding(sc.Check.ISSUER_MATCHES_KEY).reason is sc.Reason.OTHER_ISSUER
    # Nor is a signature disproved where a key may be missing.
    verdict = check(TOKEN[:-1] + bytes([TOKEN[-1] ^ 1]), trust)
    assert finding(verdict, sc.Check.ISSUER_TRUSTED) == refused
    assert check(referring(), trust).status is sc.Status.INDETERMINATE


def test_what_is_known_of_an_issuer_that_cannot_be_used():
    good = document()
    damaged = TRUST.to_bundle().replace(good, good[:-1] + bytes([good[-1] ^ 1]))
    trust = sc.Trust.from_bundle(damaged)
    assert isinstance(trust.open_issuer(ISSUER), sc.TrustError)
    assert trust.open_issuer(ISSUER) is trust.open_issuer(ISSUER)
    assert trust.keys == ()
    assert dict(trust.published) == {ISSUER: None}
    assert trust.status_list(ISSUER, 1) is None
    assert trust.is_refused(SIGNER.public_key.kid)
    assert not trust.is_refused(bytes(8))
    assert trust.is_unusable(ISSUER)
    assert not trust.is_unusable(OTHER_ISSUER)
    with pytest.raises(sc.TrustError):
        trust.with_status_list(status_list(issued_at=ISSUED_AT))
    # A merge with a store in which it is whole heals it.
    assert trust.with_trust(TRUST).problems() == ()
    with pytest.raises(sc.TrustError, match=ISSUER):
        TRUST.with_trust(trust)
    # Its older documents do not prove that anything is amiss with what is known.
    assert ROOTS[0] is ROOT


def test_keys_of_every_kind_of_issuer():
    trust = TRUST.with_jwks(OTHER_ISSUER, jwks(jwk(OTHER_SIGNER), iat=int(NOW.timestamp())))
    assert {entry.public_key for entry in trust.keys} == {
        SIGNER.public_key,
        OTHER_SIGNER.public_key,
    }
    assert STATUS_SIGNER.public_key not in {entry.public_key for entry in trust.keys}
    assert dict(trust.published) == {ISSUER: PUBLISHED_AT, OTHER_ISSUER: NOW}
    assert trust.problems() == ()


def test_other_pins_of_the_same_document_must_lead_to_it():
    bundle = TRUST._bundle
    held = bundle.holdings[ISSUER]
    stranger = held._replace(pin=Pin(1, (STRANGER.public_key.raw,)))
    foreign = sc.Trust(bundle._replace(holdings={**bundle.holdings, ISSUER: stranger}))
    with pytest.raises(sc.TrustError) as refused:
        TRUST.with_trust(foreign)
    assert refused.value.reason is sc.Reason.UNTRUSTED_ROOT
