"""How roots change: from whichever root a verifier knows to the document of today."""

import cbor2
import pytest

import signedcert as sc
from forging import BODY, header, signed
from issuing import ISSUER, OTHER_ISSUER, SIGNER, check, minimal
from signedcert.codec.framing import parse_document_frame
from signedcert.codec.lift import lift
from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.model.issuer_document import Handover
from signedcert.trust.chain import look_into
from trusting import (
    P256,
    PUBLISHED_AT,
    ROOT,
    ROOTS,
    SPARE,
    STRANGER,
    document,
    forged_document,
    forged_handover,
    handover,
    handovers,
    trust_in,
)

TOKEN = sc.issue(minimal(), SIGNER)
BROKEN, UNTRUSTED = sc.Reason.BROKEN_HANDOVER, sc.Reason.UNTRUSTED_ROOT
SEVENTH = document(9, epoch=7)

MEDIA_TYPE = "application/vnd.signedcert.issuer"


def refusal(data: bytes, root: object = ROOT.public_key, trust: sc.Trust | None = None):
    with pytest.raises(sc.TrustError) as caught:
        (trust or sc.Trust.empty()).with_issuer_document(data, root)
    return caught.value.reason


@pytest.mark.parametrize("known", range(1, 8))
def test_a_verifier_that_slept_arrives_at_epoch_seven(known):
    asleep = trust_in(document(known, epoch=known), ROOTS[known - 1].public_key)
    assert asleep.holding(ISSUER).pin == (known, (ROOTS[known - 1].public_key.raw,))
    awake = asleep.with_issuer_document(SEVENTH)
    assert awake.holding(ISSUER).pin == (7, (ROOTS[6].public_key.raw,))
    assert check(TOKEN, awake).status is sc.Status.VALID
    assert awake == trust_in(SEVENTH, ROOT.public_key)
    assert sc.Trust.from_bundle(awake.to_bundle()) == awake
    # There is no way back.
    if known < 7:
        old = document(99, epoch=known)
        assert refusal(old, None, awake) is sc.Reason.ROLLBACK


@pytest.mark.parametrize("epoch", range(1, 8))
@pytest.mark.parametrize("form", ["key", "raw", "thumbprint"])
def test_first_contact_by_any_root_that_ever_was(epoch, form):
    key = ROOTS[epoch - 1].public_key
    root = {"key": key, "raw": key.raw, "thumbprint": key.thumbprint}[form]
    trust = trust_in(SEVENTH, root)
    assert trust.holding(ISSUER).pin == (7, (ROOTS[6].public_key.raw,))
    assert check(TOKEN, trust).status is sc.Status.VALID
    # The same root again, in any form, changes nothing.
    assert trust.with_issuer_document(SEVENTH, root) == trust
    assert trust.with_issuer_document(SEVENTH, ROOTS[0].public_key.thumbprint) == trust


@pytest.mark.parametrize("form", ["raw", "thumbprint"])
def test_a_root_that_the_document_does_not_know(form):
    assert refusal(SEVENTH, getattr(STRANGER.public_key, form)) is UNTRUSTED
    # The message tells what to compare.
    with pytest.raises(sc.TrustError, match=ROOTS[6].public_key.thumbprint.hex()):
        sc.Trust.empty().with_issuer_document(SEVENTH, STRANGER.public_key)


def test_a_root_of_the_next_epoch_is_not_one_yet():
    assert refusal(document(6, epoch=6), ROOTS[6].public_key) is UNTRUSTED


def test_another_root_for_a_pinned_issuer():
    trust = trust_in()
    theirs = document(2, signer=STRANGER, roots=[STRANGER],
                      handovers=(handover(roots=[STRANGER], signer=STRANGER),))  # fmt: skip
    assert trust_in(theirs, STRANGER.public_key).issuers == (ISSUER,)
    with pytest.raises(sc.TrustError, match="pinned to another root already"):
        trust.with_issuer_document(theirs, STRANGER.public_key)
    assert refusal(theirs, None, trust) is UNTRUSTED
    assert refusal(theirs, ROOT.public_key, trust) is UNTRUSTED
    # Nor does a good document bring another root in.
    assert refusal(document(2), STRANGER.public_key, trust) is UNTRUSTED


def test_roots_that_lead_elsewhere():
    # Epoch 2 twice: one pinned the first, and is shown the second with a root of its own.
    first = handover(2, [ROOTS[1]], ROOT)
    second = handover(2, [STRANGER], ROOT)
    pinned = trust_in(document(2, signer=ROOTS[1], roots=[ROOTS[1]],
                               handovers=(handover(), first)))  # fmt: skip
    other = document(3, signer=STRANGER, roots=[STRANGER], handovers=(handover(), second))
    assert trust_in(other).holding(ISSUER).pin == (2, (STRANGER.public_key.raw,))
    assert refusal(other, None, pinned) is UNTRUSTED
    assert refusal(other, ROOT.public_key, pinned) is UNTRUSTED
    # What is older is older, whoever asks.
    assert refusal(document(1), ROOT.public_key, pinned) is sc.Reason.ROLLBACK


def test_a_root_given_again_that_leads_to_other_roots():
    # A spare root may sign a document of its own epoch; what it leads to is not what is pinned.
    first = handover(roots=[ROOT, SPARE])
    trust = trust_in(document(1, roots=[ROOT, SPARE], handovers=(first,)))
    second = handover(2, [ROOTS[1], STRANGER], STRANGER)
    mixed = document(2, signer=ROOTS[1], roots=[ROOTS[1], STRANGER],
                     handovers=(first, second))  # fmt: skip
    assert refusal(mixed, None, trust) is BROKEN
    # The chain is broken for everybody, though the last root signed the document.
    assert refusal(mixed, ROOTS[1].public_key, trust) is BROKEN
    assert refusal(mixed, ROOTS[1].public_key) is BROKEN


def test_a_new_root_without_a_handover():
    alone = document(2, signer=ROOTS[1], roots=[ROOTS[1]])
    assert refusal(alone, None, trust_in()) is UNTRUSTED
    assert refusal(alone) is UNTRUSTED
    # Listed by a document that the old root signed, but never handed over to.
    smuggled = document(2, signer=ROOT, roots=[ROOT, ROOTS[1]])
    assert refusal(smuggled, None, trust_in()) is BROKEN
    assert refusal(smuggled) is BROKEN


def test_a_handover_by_a_retired_root():
    trust = trust_in(document(2, epoch=2))
    first, second = handovers(2)
    stolen = handover(3, [STRANGER], ROOT)
    forged = document(3, signer=STRANGER, roots=[STRANGER], handovers=(first, second, stolen))
    assert refusal(forged, None, trust) is BROKEN
    # Nor does it help to rewrite what was handed over before.
    rewritten = handover(2, [STRANGER], ROOT)
    third = handover(3, [STRANGER], STRANGER)
    for chain in ((first, rewritten), (first, rewritten, third)):
        forged = document(3, signer=STRANGER, roots=[STRANGER], handovers=chain)
        assert refusal(forged, None, trust) in (UNTRUSTED, BROKEN)
    # The retired root signs no documents either.
    assert refusal(document(3, epoch=2, signer=ROOT), None, trust) is UNTRUSTED


def chain(*links: bytes, epoch: int | None = None) -> bytes:
    """A document with handovers of one's own making, signed and listed as its epoch demands."""
    last = ROOTS[(epoch or len(links)) - 1]
    return document(9, signer=last, roots=[last], handovers=links)


FIRST, SECOND_, THIRD = handovers(3)


@pytest.mark.parametrize(
    "links",
    [
        (FIRST, THIRD, SECOND_),
        (FIRST, SECOND_, SECOND_),
        (FIRST, FIRST, THIRD),
        (FIRST, handover(3, [ROOTS[1]], ROOT), handover(3, [ROOTS[2]], ROOTS[1])),
        (FIRST, handover(2, [ROOTS[1]], ROOT, issuer=OTHER_ISSUER), THIRD),
        (FIRST, handover(2, [ROOTS[1]], ROOTS[1]), THIRD),
        (FIRST, SECOND_, handover(3, [ROOTS[2]], ROOTS[2])),
        (FIRST, SECOND_, b"x"),
        (FIRST, SECOND_, THIRD[:-1]),
        (FIRST, SECOND_, TOKEN),
        (FIRST, SECOND_, document()),
        (FIRST, SECOND_, THIRD[:-1] + bytes([THIRD[-1] ^ 1])),
        (FIRST, forged_handover({0: 2, 1: None}), THIRD),
        (FIRST, forged_handover({0: 2, 20: 1}), THIRD),
        (FIRST, forged_handover({0: 2, 1: [{1: 2}]}), THIRD),
    ],
)
def test_broken_chains(links):
    data = chain(*links)
    assert refusal(data, None, trust_in()) is BROKEN
    assert refusal(data, ROOT.public_key, trust_in()) is BROKEN
    assert refusal(data) in (BROKEN, UNTRUSTED)


def test_a_first_handover_of_another_issuer():
    data = document(1, handovers=(handover(issuer=OTHER_ISSUER),))
    assert refusal(data) is BROKEN


def test_a_first_handover_that_is_not_of_the_first_epoch():
    assert refusal(document(1, handovers=(handover(2),))) is BROKEN


def test_a_handover_that_was_signed_but_says_nothing():
    frame = forged_handover({1: 5})
    assert refusal(document(1, handovers=(frame,))) is BROKEN
    not_cbor = sc.Trust.empty()
    assert refusal(document(1, handovers=(_signed(b"\xff"),)), None, not_cbor) is UNTRUSTED
    assert refusal(document(1, handovers=(_signed(b"\xff"),))) is BROKEN
    assert refusal(document(1, handovers=(_signed(b"\x05"),))) is BROKEN


def _signed(payload: bytes) -> bytes:
    return sign(Handover.media_type, payload, ROOT).to_bytes()


# Spare roots


FIRST_OF_TWO = handover(roots=[ROOT, SPARE])
OF_TWO = {"roots": [ROOT, SPARE], "handovers": (FIRST_OF_TWO,)}


@pytest.mark.parametrize("signer", [ROOT, SPARE])
def test_any_one_root_suffices(signer):
    trust = trust_in(document(**OF_TWO))
    assert check(TOKEN, trust).status is sc.Status.VALID
    newer = trust.with_issuer_document(document(2, signer=signer, **OF_TWO))
    second = handover(2, [ROOTS[1]], signer)
    moved = document(3, signer=ROOTS[1], roots=[ROOTS[1]], handovers=(FIRST_OF_TWO, second))
    for each in (trust, newer, sc.Trust.empty()):
        known = each.with_issuer_document(moved, signer.public_key.thumbprint)
        assert known.holding(ISSUER).pin == (2, (ROOTS[1].public_key.raw,))


def test_first_contact_with_a_spare_root():
    # It signed the document, so what it lists is what it stands for.
    data = document(signer=SPARE, **OF_TWO)
    by_spare = trust_in(data, SPARE.public_key)
    assert by_spare.holding(ISSUER).pin == (1, (ROOT.public_key.raw, SPARE.public_key.raw))
    assert by_spare == trust_in(data, ROOT.public_key)
    assert by_spare.with_issuer_document(document(2, **OF_TWO)).problems() == ()


def test_first_contact_with_a_spare_root_of_a_broken_chain():
    # What others would refuse is not taken in by those who happen to know the last root.
    for signer in (STRANGER, ROOTS[1]):
        link = handover(1, [ROOT, SPARE], signer)
        assert refusal(document(signer=SPARE, roots=[ROOT, SPARE], handovers=(link,)),
                       SPARE.public_key) is BROKEN  # fmt: skip


def test_first_contact_with_a_root_that_signed_nothing():
    # That another key says it belongs to the issuer is no reason to trust the other key.
    assert refusal(document(**OF_TWO), SPARE.public_key) is UNTRUSTED
    second = handover(2, [ROOTS[1]], ROOT)
    moved = document(3, signer=ROOTS[1], roots=[ROOTS[1]], handovers=(FIRST_OF_TWO, second))
    assert refusal(moved, SPARE.public_key) is UNTRUSTED


def test_roots_of_unknown_kinds_are_skipped():
    ours = {1: 1, -1: 6, -2: ROOT.public_key.raw}
    for roots in ([ours, P256], [P256, ours], [{1: 1, -1: 7}, ours, P256]):
        first = forged_handover({1: roots})
        data = forged_document({6: roots, 7: [first]})
        trust = trust_in(data)
        assert trust.holding(ISSUER).pin == (1, (ROOT.public_key.raw,))
        assert check(TOKEN, trust).status is sc.Status.VALID
        # The x of another curve is no Ed25519 key.
        assert refusal(data, b"x" * 32) is UNTRUSTED


def test_roots_in_another_order_or_number_than_handed_over():
    for roots in ([SPARE, ROOT], [ROOT], [ROOT, SPARE, STRANGER]):
        data = document(roots=roots, handovers=(FIRST_OF_TWO,))
        assert refusal(data) is BROKEN


def test_a_root_that_stays_through_several_epochs():
    links = (handover(), handover(2, [ROOT, ROOTS[1]], ROOT), handover(3, [ROOT], ROOTS[1]))
    data = document(5, signer=ROOT, roots=[ROOT], handovers=links)
    for root in (ROOT, ROOTS[1]):
        assert trust_in(data, root.public_key).holding(ISSUER).pin == (3, (ROOT.public_key.raw,))


def test_handovers_survive():
    made = Handover(
        issuer=ISSUER, issued_at=PUBLISHED_AT, epoch=3, roots=(bytes(32), ROOT.public_key.raw)
    )
    assert lift(lower(made), Handover) == made
    assert Handover.model_validate_json(made.model_dump_json()) == made


def test_the_root_that_a_document_says_it_is_signed_by():
    found = look_into(document())
    assert found.signing_root == found.roots[0]
    stranger = found._replace(frame=found.frame._replace(kid=bytes(8)))
    assert stranger.signing_root == found.roots[0]
    with pytest.raises(sc.TrustError, match="no root key of a kind"):
        _ = found._replace(roots=()).signing_root


def test_more_handovers_than_any_document_may_have():
    """Nothing of a document is verified yet when they are looked at, so they must be few."""
    claims = cbor2.loads(parse_document_frame(document(), MEDIA_TYPE, 1 << 20).payload)
    claims[BODY][7] = claims[BODY][7] * 101
    with pytest.raises(sc.TrustError, match="more than 100 handovers") as refused:
        sc.Trust.empty().with_issuer_document(
            signed(claims, header(ROOT, MEDIA_TYPE), signer=ROOT), ROOT.public_key
        )
    assert refused.value.reason is sc.Reason.SCHEMA_VIOLATION
