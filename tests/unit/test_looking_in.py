"""Of more than 16 listed roots, none is looked at (docs/spec.md, section 11.3, looking in)."""

from typing import Any

import pytest

import signedcert as sc
from trusting import ROOT, STRANGER, forged_document, forged_handover, handover

OTHERS = [sc.SoftwareSigner(bytes([number]) * 32) for number in range(100, 115)]


def keys(*signers: sc.SoftwareSigner) -> list[dict[int, Any]]:
    return [{1: 1, -1: 6, -2: signer.public_key.raw} for signer in signers]


def refusal(data: bytes, root: sc.SoftwareSigner) -> sc.Reason | None:
    with pytest.raises(sc.TrustError) as caught:
        sc.Trust.empty().with_issuer_document(data, root.public_key)
    return caught.value.reason


def test_a_root_that_a_document_lists_among_17_is_unknown():
    # It is listed nowhere else, and has signed the first handover.
    first = handover(signer=STRANGER)
    for roots, reason in (
        (keys(ROOT, STRANGER, *OTHERS[1:]), sc.Reason.BROKEN_HANDOVER),
        (keys(ROOT, STRANGER, *OTHERS), sc.Reason.UNTRUSTED_ROOT),
    ):
        assert refusal(forged_document({6: roots, 7: [first]}), STRANGER) is reason


def of_epoch_2(*roots: sc.SoftwareSigner) -> bytes:
    second = forged_handover({0: 2, 1: keys(*roots)})
    return forged_document({6: keys(*roots), 7: [handover(), second]}, STRANGER)


def test_a_root_that_a_handover_lists_among_17_is_unknown():
    sixteen = of_epoch_2(STRANGER, *OTHERS)
    trust = sc.Trust.empty().with_issuer_document(sixteen, STRANGER.public_key)
    assert trust.problems() == ()
    seventeen = of_epoch_2(STRANGER, ROOT, *OTHERS)
    assert refusal(seventeen, STRANGER) is sc.Reason.UNTRUSTED_ROOT
