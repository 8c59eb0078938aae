"""Whatever comes in, trust is refused with one kind of error, and nothing forged is believed."""

import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import signedcert as sc
from cbor_oracle import dumps
from field_values import DOCUMENT_MODELS, field_id, in_statement, instance, wire_path
from forging import claims
from issuing import ISSUED_AT, ISSUER, NOW, OTHER_ISSUER, OTHER_SIGNER, SIGNER, check, jwks, minimal
from signedcert.codec.lift import lift
from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.errors import DecodeError, EncodeError
from signedcert.model.issuer_document import Handover, IssuerDocument, KeyRevocation
from signedcert.trust.bundle import sign_bundle
from signedcert.trust.key_entry import token_digest
from strategies import instances
from trusting import (
    DAY,
    OPERATOR,
    PUBLISHED_AT,
    ROOT,
    STRANGER,
    content,
    document,
    handover,
    key,
    referring,
    signed_document,
    status_list,
    trust_in,
)

DOCUMENT = document(2, keys=(key(),), status_lists=None)
FULL = document(5, epoch=3)
LIST = status_list(values=[(5, 1)])
TRUST = trust_in(document()).with_status_list(LIST)
SMALL = trust_in(document(keys=(key(),), status_lists=None))
ENTIRE = TRUST.with_jwks(OTHER_ISSUER, jwks())
HONEST = sc.issue(minimal(), SIGNER)
WITHDRAWN, GOOD = referring(5), referring(7)
FORGED = sc.issue(minimal(), STRANGER)
#: What VALID may be said of, if anything; and what never.
TOKENS = [HONEST, GOOD, WITHDRAWN, FORGED, sc.issue(minimal(issuer=OTHER_ISSUER), OTHER_SIGNER)]
NEVER = [WITHDRAWN, FORGED]


def flips(data: bytes, masks: tuple[int, ...] = (0x01, 0x20, 0x80, 0xFF)) -> list[bytes]:
    """The data with each byte changed, by these masks."""
    return [
        data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
        for place in range(len(data))
        for mask in masks
    ]


def use(trust: sc.Trust, allowed: list[bytes]) -> None:
    """Asks everything of a store; only what is allowed may come out VALID."""
    for token in TOKENS:
        verdict = check(token, trust)
        assert verdict.status is not sc.Status.VALID or token in allowed
    assert isinstance(trust.problems(), tuple)
    assert len(trust.keys) < 20
    assert set(trust.published) == set(trust.issuers)
    assert sc.Trust.from_bundle(trust.to_bundle()) == trust


def refused_or_used(make: Callable[[], sc.Trust], allowed: list[bytes]) -> bool:
    """Whether it was taken in. Nothing but TrustError may come of any bytes."""
    try:
        trust = make()
    except sc.TrustError:
        return False
    use(trust, allowed)
    return True


# Flips: every byte of everything


@pytest.mark.parametrize(
    ("data", "masks"),
    [(DOCUMENT, (0x01, 0x20, 0x80, 0xFF)), (FULL, (0x04,))],
    ids=["first", "third"],
)
def test_every_changed_byte_of_a_document(data, masks):
    for changed in flips(data, masks):
        for trust, root in ((sc.Trust.empty(), ROOT.public_key), (TRUST, None)):
            with pytest.raises(sc.TrustError):
                trust.with_issuer_document(changed, root)


def test_every_changed_byte_of_a_status_list():
    for changed in flips(LIST):
        with pytest.raises(sc.TrustError):
            trust_in().with_status_list(changed)


def test_every_changed_byte_of_a_handover():
    first = handover()
    for changed in flips(first):
        data = document(handovers=(changed,))
        with pytest.raises(sc.TrustError) as caught:
            trust_in(data)
        assert caught.value.reason is not None


@pytest.mark.parametrize("trust", [SMALL, ENTIRE], ids=["small", "entire"])
def test_every_changed_byte_of_a_bundle(trust):
    # It is not signed: a changed name, date or key set is another one. But it crashes nothing, and
    # what its issuers signed stays theirs.
    taken = 0
    data = trust.to_bundle(issued_at=NOW, next_update=NOW + DAY)
    allowed = [HONEST] if trust is SMALL else [HONEST, GOOD]
    for changed in flips(data, (0x01, 0x20, 0xFF)):
        taken += refused_or_used(lambda changed=changed: sc.Trust.from_bundle(changed), allowed)
    assert 0 < taken < 3 * len(data)


def test_every_changed_byte_of_a_signed_bundle():
    data = sign_bundle(SMALL.to_bundle(), OPERATOR)
    for changed in flips(data):
        with pytest.raises(sc.TrustError):
            sc.Trust.from_signed_bundle(changed, OPERATOR.public_key)


@pytest.mark.parametrize("data", [DOCUMENT, LIST, handover(), SMALL.to_bundle()])
def test_every_truncation(data):
    for end in range(len(data)):
        for method in (
            lambda part: TRUST.with_issuer_document(part, ROOT.public_key),
            TRUST.with_status_list,
            sc.Trust.from_bundle,
        ):
            with pytest.raises(sc.TrustError):
                method(data[:end])


# Anything at all


@given(
    st.sampled_from([b"", b"\xd2", b"\xa3\x00\x01\x03", DOCUMENT[:60], LIST[:40], b'{"keys":[']),
    st.binary(max_size=200),
)
@example(b"", b"")
def test_arbitrary_bytes(start, data):
    data = start + data
    for make in (
        lambda: sc.Trust.from_bundle(data),
        lambda: sc.Trust.from_signed_bundle(data, OPERATOR.public_key),
        lambda: sc.Trust.empty().with_issuer_document(data, ROOT.public_key),
        lambda: TRUST.with_issuer_document(data),
        lambda: TRUST.with_issuer_document(data, bytes(32)),
        lambda: TRUST.with_status_list(data),
        lambda: sc.Trust.from_jwks(ISSUER, data),
    ):
        refused_or_used(make, [HONEST, GOOD])
    bundle = TRUST._bundle
    for pin, lists in ((None, ()), (bundle.holdings[ISSUER].pin, ((1, data),))):
        holding = bundle.holdings[ISSUER]._replace(published=data, pin=pin, lists=lists)
        use(sc.Trust(bundle._replace(holdings={ISSUER: holding})), [])


@st.composite
def mutated(draw, data: bytes) -> bytes:
    """Bytes cut, doubled, moved and changed."""
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        piece = draw(st.sampled_from([b"", data[start:end], data[start:end] * 2]) | st.binary())
        place = draw(st.integers(0, len(data)))
        kind = draw(st.sampled_from(["replace", "insert", "flip"]))
        if kind == "replace":
            data = data[:start] + piece + data[end:]
        elif kind == "insert":
            data = data[:place] + piece + data[place:]
        elif place < len(data):
            data = (
                data[:place] + bytes([data[place] ^ draw(st.integers(1, 255))]) + data[place + 1 :]
            )
    return data


@given(mutated(DOCUMENT), mutated(LIST), mutated(ENTIRE.to_bundle()))
def test_mutations(document, status_list, bundle):
    refused_or_used(lambda: sc.Trust.from_bundle(bundle), [HONEST, GOOD])
    if document != DOCUMENT:
        with pytest.raises(sc.TrustError):
            TRUST.with_issuer_document(document)
    if status_list != LIST:
        with pytest.raises(sc.TrustError):
            TRUST.with_status_list(status_list)


@given(st.data())
def test_mutated_contents_that_a_root_signed(data):
    # An issuer that errs, or means ill, spoils its own entry and nothing else.
    payload = data.draw(mutated(lower(content())))
    signed = _signed(IssuerDocument.media_type, payload)
    refused_or_used(lambda: trust_in(signed), [HONEST])
    link = _signed(Handover.media_type, data.draw(mutated(payload)))
    chained = document(3, epoch=1, handovers=(link,))
    refused_or_used(lambda: trust_in(chained), [HONEST])


def _signed(media_type: str, payload: bytes) -> bytes:
    return sign(media_type, payload or b"\0", ROOT).to_bytes()


@given(instances(IssuerDocument), st.sampled_from([ROOT, STRANGER]))
def test_any_document_that_a_root_signs(made, signer):
    # With the roots and handovers that lead to it, whatever else it says is taken in and kept.
    link = handover(signer=signer, roots=[signer], issuer=made.issuer)
    keys = tuple(each for each in made.keys if each.key != signer.public_key.raw)
    changes = {"roots": (signer.public_key.raw,), "handovers": (link,), "keys": keys}
    changed = made.model_copy(update=changes)
    with contextlib.suppress(EncodeError):
        trust = trust_in(signed_document(changed, signer), signer.public_key)
        assert trust.issuers == (made.issuer,)
        assert trust.open_issuer(made.issuer).document == changed
        assert trust.problems() == ()
        use(trust, [])


# Roots


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True), min_size=1,
                max_size=6), st.data())  # fmt: skip
def test_whoever_was_a_root_and_signed_leads_to_the_same_pins(epochs, data):
    signers = [sc.SoftwareSigner(bytes([0x40 + number]) * 32) for number in range(6)]
    links, before, signed_by = [], epochs[0], []
    for number, roots in enumerate(epochs, 1):
        signer = data.draw(st.sampled_from(before))
        links.append(handover(number, [signers[root] for root in roots], signers[signer]))
        signed_by.append(signer)
        before = roots
    last = data.draw(st.sampled_from(before))
    made = document(
        9,
        signer=signers[last],
        roots=[signers[root] for root in before],
        handovers=tuple(links),
    )
    pin = (len(epochs), tuple(signers[root].public_key.raw for root in before))
    for number in range(6):
        root = signers[number].public_key
        if number in signed_by or number == last:
            assert trust_in(made, root).holding(ISSUER).pin == pin
        else:
            with pytest.raises(sc.TrustError) as caught:
                trust_in(made, root)
            assert caught.value.reason is sc.Reason.UNTRUSTED_ROOT


# Order and merging


@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
@settings(max_examples=settings.default.max_examples // 2)
def test_stores_merge_in_any_order_to_the_same(order, older):
    parts = [
        trust_in(document(2 if 0 in older else 3)).with_status_list(LIST),
        trust_in(document(3)).with_status_list(status_list(issued_at=ISSUED_AT)),
        trust_in(document(3)).with_status_list(status_list(2)),
        trust_in(document(7, issuer=OTHER_ISSUER)),
    ]
    merged = sc.Trust.empty()
    for number in order:
        merged = merged.with_trust(parts[number])
    in_turn = sc.Trust.empty()
    for part in parts:
        in_turn = in_turn.with_trust(part)
    assert merged == in_turn
    assert merged.to_bundle() == in_turn.to_bundle()
    assert check(GOOD, merged).status is sc.Status.VALID
    assert check(GOOD, merged).as_of == PUBLISHED_AT


# Compromise: nothing but what is vouched for


@given(st.sets(st.integers(0, 9)), st.integers(0, 400))
@settings(max_examples=settings.default.max_examples // 2)
def test_only_what_is_vouched_for(numbers, days):
    at = ISSUED_AT + timedelta(days=-days)
    tokens = [sc.issue(minimal(id=bytes([n]) * 10, issued_at=at), SIGNER) for n in range(10)]
    vouched = b"".join(sorted(token_digest(tokens[number]) for number in numbers)) or None
    ended = KeyRevocation(end="compromised", since=NOW, vouched=vouched)
    trust = trust_in(document(keys=(key(revocation=ended),)))
    for number, token in enumerate(tokens):
        verdict = check(token, trust)
        assert (verdict.status is sc.Status.VALID) is (number in numbers)
        assert (verdict.statement is not None) is (number in numbers)


# What later versions may add


MAPS = [model for model in DOCUMENT_MODELS if model.wire_form != "array"]


def put(tree: object, path: tuple[int, ...], label: int, value: object) -> object:
    if not path:
        return {**(tree if isinstance(tree, dict) else {0: tree}), label: value}
    first, *rest = path
    inner = put(tree[first], tuple(rest), label, value)
    return [inner] if isinstance(tree, list) else {**tree, first: inner}


@pytest.mark.parametrize("label", [20, 24, 127, -1])
@pytest.mark.parametrize("model", MAPS, ids=field_id)
def test_unknown_labels_below_128_at_every_depth(model, label):
    made = in_statement(instance(model))
    payload = dumps(put(claims(made), wire_path(model), label, "from the future"))
    with pytest.raises(DecodeError) as caught:
        lift(payload, type(made))
    assert caught.value.reason is sc.Reason.UNKNOWN_FIELD


@pytest.mark.parametrize("label", [128, 2**53 - 1])
@pytest.mark.parametrize("model", MAPS, ids=field_id)
def test_unknown_labels_from_128_at_every_depth(model, label):
    made = in_statement(instance(model))
    payload = dumps(put(claims(made), wire_path(model), label, "from the future"))
    lifted = lift(payload, type(made))
    assert lower(lifted) == payload
    assert "from the future" in lifted.model_dump_json()
