"""Section 11: issuer documents, handovers, and the walk from a pin to today's document."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Raw, Tagged, dumps
from conformance.document_bodies import bodies, cose_key_of, good, of_items
from conformance.expectations import VALID, Answer, passes, undecided
from conformance.layout import Case, topic_of
from conformance.tokens import (
    BODY,
    INTEGER_MAX,
    ISSUER,
    MOMENT_MAX,
    OTHER_ISSUER,
    SIGNER,
    certificate,
    header,
    sign1,
    with_entries,
)
from conformance.trust import (
    DOCUMENT,
    HANDOVER,
    NEXT_UPDATE,
    P256,
    PUBLISHED_AT,
    ROOT,
    ROOTS,
    STRANGER,
    Held,
    cose_key,
    document,
    document_claims,
    handover,
    handovers,
    trusting,
)

TOKEN = certificate()
REFUSED = VALID.but(undecided("ISSUER_TRUSTED", "issuer_document_refused"))
_FAMILY = "application/vnd.signedcert."
Row = tuple[str, str, bytes]


def signed(payload: Any, protected: Any = None, unprotected: Any = None) -> bytes:
    """Anything signed by the root as an issuer document."""
    first = header(ROOT, DOCUMENT) if protected is None else protected
    return sign1(payload, first, unprotected, ROOT)


def _frames() -> Iterator[Row]:
    """The table of section 5.2 for a document."""
    good = document()
    claims = document_claims()
    for name, fault, data in (
        ("empty", "no bytes", b""), ("text", "no token", b"issuer.cbor"),
        ("no tag", "an untagged COSE_Sign1", good[1:]), ("byte more", "after it", good + b"\0"),
        ("cut off", "cut off", good[:-1]),
        ("bit of the signature", "an altered document", good[:-1] + bytes([good[-1] ^ 1])),
        ("bit of the payload", "an altered document", good.replace(b"status/", b"statut/")),
        ("certificate", "another type", certificate()),
        ("handover alone", "another type", handover()),
        ("unprotected header", "not the empty map", signed(claims, None, {4: b""})),
        ("empty payload", "no payload", signed(b"")),
        ("EdDSA", "another algorithm", signed(claims, {**header(ROOT, DOCUMENT), 1: -8})),
        ("ES256", "a later version", signed(claims, {**header(ROOT, DOCUMENT), 1: -7})),
        ("no kid", "a label is missing", signed(claims, {1: -19, 16: DOCUMENT})),
        ("label more", "a header too many", signed(claims, {**header(ROOT, DOCUMENT), 3: 0})),
        ("kid of 7 bytes", "no kid", signed(claims, {**header(ROOT, DOCUMENT), 4: bytes(7)})),
        ("kid of another", "the kid of no root", signed(claims, {**header(ROOT, DOCUMENT), 4: (
            SIGNER.public_key.kid
        )})),
        ("typ of a record", "another type", signed(claims, header(
            ROOT, f"{_FAMILY}record+sd-cwt"
        ))),
        ("typ of a later version", "another type", signed(claims, header(ROOT, f"{_FAMILY}x"))),
        ("typ of a status list", "another type", signed(claims, header(
            ROOT, "application/statuslist+cwt"
        ))),
        ("long head", "a head longer than needed", b"\xd2\x98\x04" + good[2:]),
    ):  # fmt: skip
        yield f"frame: {name}", fault, data


def _payloads() -> Iterator[Row]:
    claims = document_claims()
    for name, fault, payload in (
        ("array", "no map", []),
        ("no issuer", "a claim is missing", with_entries(claims, {1: None})),
        ("issuer: bytes", "no text", {**claims, 1: b"x"}),
        ("issuer: upper case", "no issuer", {**claims, 1: ISSUER.upper()}),
        ("no issued_at", "a claim is missing", with_entries(claims, {6: None})),
        ("issued_at: -1", "no moment", {**claims, 6: -1}),
        ("issued_at: too late", "no moment", {**claims, 6: MOMENT_MAX + 1}),
        ("no body", "a claim is missing", with_entries(claims, {BODY: None})),
        ("body: array", "no map", {**claims, BODY: []}),
        ("claim 7", "a claim that the table does not list", {**claims, 7: bytes(10)}),
        ("claim 4", "likewise", {**claims, 4: NEXT_UPDATE}),
        ("later claim with NUL", "a refused code point", {**claims, 128: "\0"}),
        ("float", "outside the profile", {**claims, 128: 1.5}),
        ("tag", "outside the profile", {**claims, 128: Tagged(1, 0)}),
        ("out of order", "outside the profile", Pairs(tuple(reversed(list(claims.items()))))),
        ("with more", "something after it", Raw(dumps(claims) + b"\0")),
        ("4,097 items", "an item too many", of_items(4_097)),
    ):  # fmt: skip
        yield f"payload: {name}", fault, signed(payload)


def _handovers() -> Iterator[tuple[str, str, bytes, int, list[bytes]]]:
    """Walks that fail: name, fault, document, pinned epoch and roots."""
    first, second, third = handovers(3)
    raw = [[root.public_key.raw] for root in ROOTS]

    def walk(*made: bytes, body: dict[int, Any] | None = None) -> bytes:
        return document({7: list(made), **(body or {})}, epoch=3)

    yield "older than the pin", "fewer handovers than the pin's epoch", document(), 2, raw[1]
    yield "far ahead", "an epoch that it does not reach", document(), INTEGER_MAX, raw[0]
    yield "another pin", "roots of another issuer", document(), 1, [STRANGER.public_key.raw]
    pair = [ROOT.public_key.raw, STRANGER.public_key.raw]
    yield "a root more pinned", "it lists one of them alone", document(), 1, pair
    yield "no root pinned", "nothing to rely on", document(), 1, []
    yield "root of epoch 2 pinned at 1", "another epoch", document(epoch=2), 1, raw[1]
    for name, fault, made in (
        ("of a stranger", "not signed by the epoch before", handover(2, [ROOTS[1]], STRANGER)),
        ("signed by its own root", "not by one of the epoch before", handover(
            2, [ROOTS[1]], ROOTS[1]
        )),
        ("epoch 3", "another epoch", handover(3, [ROOTS[1]], ROOT)),
        ("of another issuer", "another issuer", handover(2, [ROOTS[1]], ROOT, OTHER_ISSUER)),
        ("the first again", "out of order", first), ("the third", "out of order", third),
        ("cut off", "cut off", second[:-1]), ("text", "no token", b"x"),
        ("a certificate", "another type", TOKEN), ("a document", "another type", document()),
        ("without roots", "a field is missing", handover(2, [], ROOT, body={1: None})),
        ("of no roots", "an empty array", handover(2, [], ROOT, body={1: []})),
        ("with label 2", "a label not listed", handover(2, [ROOTS[1]], ROOT, body={2: 0})),
        ("of a foreign root", "no root of a kind known", handover(2, [], ROOT, body={1: [P256]})),
        ("of 17 roots", "one too many", handover(2, [ROOTS[1]], ROOT, body={1: [
            cose_key_of(bytes([n]) * 32) for n in range(17)
        ]})),
        ("bit of the signature", "altered", second[:-1] + bytes([second[-1] ^ 1])),
        ("kid of another", "another kid", sign1(
            {1: ISSUER, 6: 0, BODY: {0: 2, 1: [cose_key(ROOTS[1])]}},
            header(STRANGER, HANDOVER), signer=ROOT,
        )),
    ):  # fmt: skip
        yield f"handover {name}", fault, walk(first, made, third), 1, raw[0]
    yield "handover missing", "one too few", walk(first, third), 1, raw[0]
    former = document({7: [first, second, third]}, epoch=3, signer=ROOTS[1])
    yield "signed by a former root", "a root of epoch 2", former, 1, raw[0]
    listed = walk(first, second, third, body={6: [cose_key(ROOTS[1])]})
    yield "roots of another epoch", "not those of the last handover", listed, 1, raw[0]
    two = [ROOTS[1], ROOTS[2]]
    swapped = document({
        6: [cose_key(root) for root in reversed(two)], 7: [first, handover(2, two, ROOT)],
    }, signer=ROOTS[1])  # fmt: skip
    yield "roots in another order", "the order of the handover", swapped, 1, raw[0]


def _walks() -> Iterator[tuple[str, str, bytes, int, list[bytes]]]:
    """Walks that arrive."""
    raw = [[root.public_key.raw] for root in ROOTS]
    for epoch in (1, 2, 3, 7):
        made = document(epoch=epoch)
        yield f"epoch {epoch} from 1", "a verifier that slept", made, 1, raw[0]
        if epoch > 1:
            yield f"epoch {epoch} from {epoch}", "no walk", made, epoch, raw[epoch - 1]
    yield "epoch 7 from 4", "half of the way", document(epoch=7), 4, raw[3]
    first, second, third = handovers(3)
    odd = document({7: [b"\xff", second, third]}, epoch=3)
    yield "handover before the pin", "it is not looked into", odd, 2, raw[1]
    two = [ROOTS[1], ROOTS[2]]
    both = {6: [cose_key(root) for root in two], 7: [first, handover(2, two, ROOT)]}
    for number, root in enumerate(two, 1):
        made = document(both, signer=root)
        yield f"signed by root {number} of 2", "any root suffices", made, 1, raw[0]
    pair = [root.public_key.raw for root in two]
    yield "two roots pinned", "as in the handover", document(both, signer=two[1]), 2, pair
    mixed = {6: [P256, cose_key(ROOTS[1])], 7: [first, handover(2, [], ROOT, body={
        1: [P256, cose_key(ROOTS[1])],
    })]}  # fmt: skip
    yield "a foreign root beside it", "it is skipped", document(mixed, epoch=2), 1, raw[0]
    more = [root.public_key.raw for root in (STRANGER, ROOT)]
    yield "more roots pinned", "the walk goes from any of them", document(epoch=2), 1, more


def _answer(claims: dict[Any, Any]) -> Answer:
    return VALID.but(passes("ISSUER_TRUSTED", as_of=claims.get(6, PUBLISHED_AT)))


def _cases() -> Iterator[tuple[Case, dict[str, str]]]:
    for name, fault, body, claims in good():
        held = trusting(Held(document(body, claims=claims)))
        yield Case(name, fault, TOKEN, _answer(claims)), held
    for name, fault, data, epoch, roots in _walks():
        held = trusting(Held(data, epoch=epoch, roots=roots))
        yield Case(f"walk: {name}", fault, TOKEN, VALID), held
    for name, fault, data, epoch, roots in _handovers():
        held = trusting(Held(data, epoch=epoch, roots=roots))
        yield Case(name, fault, TOKEN, REFUSED), held
    for name, fault, data in (*_frames(), *_payloads()):
        yield Case(name, fault, TOKEN, REFUSED), trusting(Held(data))
    for name, fault, changed in bodies():
        yield Case(name, fault, TOKEN, REFUSED), trusting(Held(document(changed)))


TOPIC = topic_of(
    "documents",
    "Section 11: issuer documents, handovers, and the walk from a pin to today's document.",
    _cases(),
)
