"""Step 2 of section 9.2, asked again: whether what is known of an issuer counts still."""

from collections.abc import Iterator

from conformance.expectations import (
    Finding,
    passes,
    undecided,
)
from conformance.layout import MICROSECONDS
from conformance.tokens import (
    DAY,
    ISSUED_AT,
    NOW,
    SIGNER,
    certificate,
)
from conformance.trust import (
    NEXT_UPDATE,
    PUBLISHED_AT,
    Held,
    document,
    in_document,
    in_key_set,
    jwk,
    jwks,
    trusting,
)

TOKEN = certificate()


#: Name, fault, trust, now in microseconds, staleness, and finding.
Row = tuple[str, str, dict[str, str], int, int, Finding]


def stale() -> Iterator[Row]:
    """Step 2, again, with documents that grow stale."""
    second = MICROSECONDS
    good = passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT)
    stale = undecided("ISSUER_TRUSTED", "issuer_document_stale", PUBLISHED_AT)
    end = NEXT_UPDATE * second
    plain = in_document()
    yield "before next_update", "a microsecond before", plain, end - 1, 0, good
    yield "at next_update", "the end itself", plain, end, 0, stale
    yield "after next_update", "a microsecond after", plain, end + 1, 0, stale
    yield "within staleness", "a microsecond before", plain, end + DAY * second - 1, DAY, good
    yield "at the end of staleness", "the end", plain, end + DAY * second, DAY, stale
    century = 100 * 365 * DAY
    yield "much staleness", "a century", plain, end + DAY * second, century, good
    last = 253402300799 * second + 999_999
    yield "last moment", "the year 9999", plain, last, 0, stale
    late = in_document(claims={6: ISSUED_AT + 1000})
    dated = ISSUED_AT + 1000
    future = undecided("ISSUER_TRUSTED", "dated_in_future", dated)
    edge = (dated - 300) * second
    yield (
        "dated 300 s ahead",
        "the allowance itself",
        late,
        edge,
        0,
        passes("ISSUER_TRUSTED", as_of=dated),
    )
    yield "dated 300 s and more ahead", "a microsecond more", late, edge - 1, 0, future
    both = in_document({1: dated + 1}, claims={6: dated})
    yield "future comes first", "dated in the future, and stale never", both, edge - 1, 0, future
    final = in_document({1: None, 2: True})
    yield "final document", "it never grows stale", final, last, 0, good


def ended() -> Iterator[Row]:
    """Step 2, again, with bundles and issuers that have an end."""
    second, end = MICROSECONDS, NEXT_UPDATE * MICROSECONDS
    good = passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT)
    listed = trusting(Held(document()), changed={1: ISSUED_AT, 2: NOW})
    bundle = undecided("ISSUER_TRUSTED", "bundle_stale", ISSUED_AT)
    yield "before the bundle's end", "a microsecond", listed, NOW * second - 1, 0, good
    yield "at the bundle's end", "the end itself", listed, NOW * second, 0, bundle
    yield "bundle within staleness", "a microsecond", listed, (NOW + 9) * second - 1, 9, good
    yield "bundle at the end of staleness", "the end", listed, (NOW + 9) * second, 9, bundle
    yield "bundle comes first", "both are stale", listed, end, 0, bundle
    own = trusting(Held(document(), end=(ISSUED_AT, NOW)))
    yield "at the issuer's end", "an end of its own", own, NOW * second, 0, bundle
    yield "before the issuer's end", "an end of its own", own, NOW * second - 1, 0, good
    for name, one, other, date in (
        ("issuer's first", (ISSUED_AT + 1, NOW), (ISSUED_AT, NOW + 1), ISSUED_AT + 1),
        ("bundle's first", (ISSUED_AT + 1, NOW + 1), (ISSUED_AT, NOW), ISSUED_AT),
    ):
        held = trusting(Held(document(), end=one), changed={1: other[0], 2: other[1]})
        finding = undecided("ISSUER_TRUSTED", "bundle_stale", date)
        yield f"two ends, {name}", "the earlier counts", held, NOW * second, 0, finding
    undated = trusting(Held(document()), changed={1: NOW})
    yield "bundle without an end", "a date alone", undated, NOW * second, 0, good
    backwards = trusting(Held(document(), end=(NOW, ISSUED_AT)))
    finding = undecided("ISSUER_TRUSTED", "bundle_stale", NOW)
    yield "end before its date", "moments in any order", backwards, NOW * second, 0, finding
    before = trusting(Held(document(claims={6: NOW + 301})), changed={1: ISSUED_AT, 2: NOW})
    yield "bundle before the future", "stale, and a document ahead", before, NOW * second, 0, bundle
    nothing = passes("ISSUER_TRUSTED")
    future_set = in_key_set(jwks(jwk(), iat=NOW + 1000))
    yield (
        "key set dated ahead",
        "key sets are not compared",
        future_set,
        NOW * second,
        0,
        passes("ISSUER_TRUSTED", as_of=NOW + 1000),
    )
    ended = trusting(Held(jwks(), epoch=None, end=(ISSUED_AT, NOW), kids=(SIGNER.public_key.kid,)))
    yield "key set at its end", "an end of its own", ended, NOW * second, 0, bundle
    yield "key set before its end", "likewise", ended, NOW * second - 1, 0, nothing
