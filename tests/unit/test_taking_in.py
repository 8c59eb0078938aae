"""What a trust store takes in, where the rules of section 13.2 are easily read otherwise."""

from datetime import timedelta
from typing import Any

import pytest

import signedcert as sc
from issuing import ISSUER, OTHER_ISSUER, SIGNER
from signedcert.trust.bundle import Bundle
from signedcert.trust.chain import Pin
from signedcert.trust.holding import Holding
from trusting import (
    PUBLISHED_AT,
    ROOT,
    STATUS_KEY,
    STATUS_SIGNER,
    STRANGER,
    document,
    key,
    status_list,
    trust_in,
)

TRUST = trust_in()


def _with(trust: sc.Trust, issuer: str = ISSUER, **fields: Any) -> sc.Trust:
    """A store that a bundle can hold, and no taking in can make."""
    bundle: Bundle = trust._bundle
    changed: Holding = bundle.holdings[ISSUER]._replace(issuer=issuer, **fields)
    holdings = {name: held for name, held in bundle.holdings.items() if name != ISSUER}
    return sc.Trust(bundle._replace(holdings={**holdings, issuer: changed}))


def _hidden(trust: sc.Trust, kid: bytes) -> sc.Trust:
    bundle = trust._bundle
    return sc.Trust(bundle._replace(kids={k: v for k, v in bundle.kids.items() if k != kid}))


def _refused(call: Any) -> sc.Reason | None:
    with pytest.raises(sc.TrustError) as refused:
        call()
    reason = refused.value.reason
    assert reason is None or isinstance(reason, sc.Reason)
    return reason


def test_the_index_of_a_final_document_names_its_status_keys_and_its_roots():
    final = trust_in(document(final=True, keys=(key(), STATUS_KEY)))
    signers = (SIGNER, STATUS_SIGNER, ROOT)
    assert set(final._bundle.kids) == {each.public_key.kid for each in signers}


def test_the_same_document_again_changes_nothing():
    """Nor does it show what a bundle's index hides: that is its maker's word."""
    hiding = _hidden(TRUST, SIGNER.public_key.kid)
    again = hiding.with_issuer_document(document())
    assert again == hiding
    assert again.to_bundle() == hiding.to_bundle()
    newer = hiding.with_issuer_document(document(2))
    assert SIGNER.public_key.kid in newer._bundle.kids


def test_the_same_document_keeps_the_pin_of_an_earlier_epoch():
    late = trust_in(document(epoch=3), ROOT.public_key)
    early = _with(late, pin=Pin(1, (ROOT.public_key.raw,)))
    assert early.with_issuer_document(document(epoch=3)) == early


def test_a_list_is_asked_of_the_issuer_that_is_named_whatever_the_index_hides():
    hiding = _hidden(TRUST, STATUS_SIGNER.public_key.kid)
    assert _refused(lambda: hiding.with_status_list(status_list())) is (
        sc.Reason.STATUS_LIST_REFUSED
    )
    taken = hiding.with_status_list(status_list(), issuer=ISSUER)
    assert [number for number, _ in taken._bundle.holdings[ISSUER].lists] == [1]
    assert _refused(lambda: hiding.with_status_list(status_list(), issuer=OTHER_ISSUER)) is (
        sc.Reason.STATUS_LIST_REFUSED
    )


@pytest.mark.parametrize("days", [0, 1])
def test_another_list_in_its_place_does_not_stand_in_the_way(days: int):
    """A bundle may hold list 2 under the number 1. It says nothing about list 1."""
    other = status_list(2, issued_at=PUBLISHED_AT + timedelta(days=days))
    held = _with(TRUST, lists=((1, other),))
    taken = held.with_status_list(status_list(1))
    assert dict(taken._bundle.holdings[ISSUER].lists)[1] == status_list(1)


def test_stores_that_hold_the_same_of_an_issuer_agree_even_where_it_cannot_be_used():
    broken = _with(TRUST, pin=Pin(1, (STRANGER.public_key.raw,)))
    assert broken.with_trust(broken) == broken


def test_where_the_pins_differ_both_must_lead_to_the_document():
    broken = _with(TRUST, pin=Pin(1, (STRANGER.public_key.raw,)))
    for one, other in ((broken, TRUST), (TRUST, broken)):
        assert _refused(lambda one=one, other=other: one.with_trust(other)) is (
            sc.Reason.UNTRUSTED_ROOT
        )


def test_a_pin_that_is_ahead_of_the_document_is_no_contradiction():
    """Taking the document in would be a rollback; the other's pin leads to what stays."""
    ahead = _with(TRUST, pin=Pin(2, (ROOT.public_key.raw,)))
    assert ahead.with_trust(TRUST)._bundle.holdings[ISSUER].published == document()


def test_a_document_of_another_issuer_is_not_taken_in_for_that_one():
    """A bundle may hold any document under any name."""
    foreign = _with(trust_in(document(2)), OTHER_ISSUER)
    theirs = document(issuer=OTHER_ISSUER)
    mine = TRUST.with_issuer_document(theirs, ROOT.public_key)
    assert _refused(lambda: mine.with_trust(foreign)) is sc.Reason.OTHER_ISSUER
