"""Steps 2, 3 and 5 of section 9.2: whose key it is, and whether its issuer is known."""

from collections.abc import Iterator

from conformance.expectations import (
    BY_KEY_SET,
    VALID,
    Answer,
    fails,
    passes,
    undecided,
)
from conformance.issuer_ends import TOKEN, ended, stale
from conformance.layout import Case, topic_of
from conformance.tokens import (
    CERTIFICATE,
    ISSUER,
    OTHER_ISSUER,
    OTHER_SIGNER,
    SIGNER,
    certificate,
    claims,
    sign1,
)
from conformance.trust import (
    PUBLISHED_AT,
    ROOT,
    STATUS_SIGNER,
    STRANGER,
    Held,
    document,
    in_bundle,
    in_document,
    in_key_set,
    in_keys,
    jwk,
    jwks,
    key,
    trusting,
)

BY_OTHER = certificate({1: OTHER_ISSUER})
UNKNOWN = VALID.but(undecided("ISSUER_TRUSTED", "unknown_key"))
REFUSED = VALID.but(undecided("ISSUER_TRUSTED", "issuer_document_refused"))
MISMATCH = VALID.but(fails("SIGNATURE", "signature_mismatch"))
OTHER = VALID.but(fails("ISSUER_MATCHES_KEY", "other_issuer"))
KID, OTHER_KID = SIGNER.public_key.kid, OTHER_SIGNER.public_key.kid
#: The shortest empty bundle.
EMPTY = b"\xa3\x00\x01\x03\x80\x04\x40"


def _held(issuer: str = ISSUER, kids: tuple[bytes, ...] = (KID,), **options: object) -> Held:
    """An issuer by its document; with its keys, or others."""
    keys = options.pop("keys", None)
    made = document({8: keys} if keys else None, issuer=issuer)
    return Held(made, name=issuer, kids=kids)


def _broken(held: Held) -> Held:
    """The same, with a document whose signature is broken."""
    data = held.published
    return Held(data[:-1] + bytes([data[-1] ^ 1]), name=held.name, kids=held.kids)


_KEY_SET = Held(jwks(), epoch=None, kids=(KID,))
_OTHERS = [key(OTHER_SIGNER)]
TRUST = {
    "document": in_document(),
    "nobody": in_bundle(EMPTY),
    "key set in a bundle": trusting(_KEY_SET),
    "another's key": in_keys(key(OTHER_SIGNER)),
    "key for lists": in_keys(key(SIGNER, 1)),
    "key for lists, indexed": trusting(_held(keys=[key(SIGNER, 1)])),
    "indexed without the key": trusting(_held(keys=_OTHERS)),
    "hidden": trusting(_held(kids=())),
    "broken": trusting(_broken(_held())),
    "broken, hidden": trusting(_broken(_held(kids=()))),
    "broken key set": trusting(Held(b"{", epoch=None, kids=(KID,))),
    "both": trusting(_held(), _held(OTHER_ISSUER)),
    "two, one key": trusting(_held(), _held(OTHER_ISSUER, keys=_OTHERS, kids=(OTHER_KID,))),
    "other alone": trusting(_held(OTHER_ISSUER)),
    "other, one hidden": trusting(_held(kids=()), _held(OTHER_ISSUER)),
    "other, one broken and hidden": trusting(_broken(_held(kids=())), _held(OTHER_ISSUER)),
    "one broken": trusting(_broken(_held()), _held(OTHER_ISSUER)),
    "other broken": trusting(_held(), _broken(_held(OTHER_ISSUER))),
    "other key under the kid, one broken": trusting(
        _broken(_held()), _held(OTHER_ISSUER, keys=_OTHERS, kids=(KID, OTHER_KID))
    ),
    "document of another": trusting(Held(document(issuer=OTHER_ISSUER), kids=(KID,))),
    "key set of another": trusting(Held(jwks(iss=OTHER_ISSUER), epoch=None, kids=(KID,))),
    "by key set, other by document": trusting(_KEY_SET, _held(OTHER_ISSUER)),
    "key set alone": in_key_set(jwks(jwk(), iss=ISSUER, iat=PUBLISHED_AT)),
    "other's key set": in_key_set(issuer=OTHER_ISSUER),
    "P-256 beside it": in_keys({0: {1: 2, -1: 1}, 1: 0, 2: 0, 3: 1}, key()),
    "key in both uses' order": in_keys(key(STATUS_SIGNER, 1), key(OTHER_SIGNER), key()),
}


def _whose() -> Iterator[tuple[str, str, str, bytes, Answer]]:
    key_set = BY_KEY_SET
    other = VALID.showing({"issuer": OTHER_ISSUER})
    yield "document", "document", "an honest issuer", TOKEN, VALID
    yield "nobody", "nobody", "nobody is trusted", TOKEN, UNKNOWN
    yield "key set in a bundle", "key set in a bundle", "no document", TOKEN, key_set
    yield "another's key", "another's key", "the issuer has another key", TOKEN, UNKNOWN
    yield "key for lists", "key for lists", "a key for lists signs no statements", TOKEN, UNKNOWN
    yield "key for lists, indexed", "key for lists, indexed", "likewise", TOKEN, UNKNOWN
    fault = "an index that names an issuer without the key"
    yield "lent key", "indexed without the key", fault, TOKEN, UNKNOWN
    yield "hidden key", "hidden", "an index that hides the key", TOKEN, UNKNOWN
    yield "broken document", "broken", "the document's signature is broken", TOKEN, REFUSED
    yield "broken, hidden", "broken, hidden", "an index that hides it as well", TOKEN, UNKNOWN
    yield "broken key set", "broken key set", "no JSON", TOKEN, REFUSED
    yield "of the first", "both", "two issuers list the same key", TOKEN, VALID
    yield "of the second", "both", "two issuers list the same key", BY_OTHER, other
    yield "of neither", "both", "the key is another issuer's", certificate({1: "a.b"}), OTHER
    yield "of another", "document", "the key is another issuer's", BY_OTHER, OTHER
    yield "of another who is trusted", "two, one key", "likewise", BY_OTHER, OTHER
    yield "of one that is not trusted", "other alone", "likewise", TOKEN, OTHER
    fault = "the index hides the issuer that is named, which has the key"
    yield "found by its name", "other, one hidden", fault, TOKEN, VALID
    fault = "the issuer that is named is refused, and hidden"
    yield "refused by its name", "other, one broken and hidden", fault, TOKEN, REFUSED
    yield "one broken", "one broken", "the issuer that is named is refused", TOKEN, REFUSED
    yield "one broken, other named", "one broken", "another one is refused", BY_OTHER, other
    yield "other broken", "other broken", "another one is refused", TOKEN, VALID
    yield "broken one named", "other broken", "the one named is refused", BY_OTHER, REFUSED
    fault = "no key of the kid, and one issuer refused"
    yield "no key, one broken", "other key under the kid, one broken", fault, TOKEN, REFUSED
    eve = sign1(claims(), signature=bytes(64))
    yield "no signature, one broken", "one broken", "the key may be its", eve, REFUSED
    yield "no signature", "both", "two issuers, one key, no signature", eve, MISMATCH
    fault = "the document is another issuer's"
    yield "document of another", "document of another", fault, TOKEN, REFUSED
    yield "key set of another", "key set of another", "its iss is another", TOKEN, REFUSED
    pair = "by key set, other by document"
    yield "by the key set", pair, "one key, two issuers", TOKEN, key_set
    yield "by the document", pair, "one key, two issuers", BY_OTHER, other
    dated = key_set.but(passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT))
    yield "dated key set", "key set alone", "as_of is its iat", TOKEN, dated
    others = key_set.but(fails("ISSUER_MATCHES_KEY", "other_issuer"))
    yield "key set of another issuer", "other's key set", "another issuer's", TOKEN, others
    yield "key of another kind", "P-256 beside it", "a key that is skipped", TOKEN, VALID
    yield "third key", "key in both uses' order", "the order of keys", TOKEN, VALID
    by_status = sign1(claims(), {1: -19, 4: STATUS_SIGNER.public_key.kid, 16: CERTIFICATE}, (
        None
    ), STATUS_SIGNER)  # fmt: skip
    yield "by the key for lists", "document", "no key for statements", by_status, UNKNOWN
    yield "by the root", "document", "roots sign no statements", certificate(signer=ROOT), UNKNOWN
    yield (
        "by a stranger",
        "document",
        "a key that nobody has",
        certificate(signer=STRANGER),
        UNKNOWN,
    )


def _cases() -> Iterator[tuple[Case, dict[str, str]]]:
    for name, trust, fault, token, expected in _whose():
        yield Case(name, fault, token, expected), TRUST[trust]
    for name, fault, held, now, staleness, finding in (*stale(), *ended()):
        base = BY_KEY_SET if "key set" in name else VALID
        answer = base.but(finding)
        yield Case(name, fault, TOKEN, answer, now=now, max_staleness=staleness or None), held


TOPIC = topic_of(
    "issuers",
    "Steps 2, 3 and 5: whose key it is, and whether what is known of its issuer counts still.",
    _cases(),
)
