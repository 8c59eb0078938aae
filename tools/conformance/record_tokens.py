"""Course records and shares of the test issuer, honest or not (docs/spec.md, section 15)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Self

from cbor_oracle import Raw, Simple, Tagged, dumps
from conformance.expectations import (
    CHECKS,
    SHARE_CHECKS,
    answer,
    not_asked,
    passes,
    undecided,
    utc,
)
from conformance.tokens import (
    BODY,
    DAY,
    ISSUED_AT,
    ISSUER,
    NOW,
    SIGNER,
    header,
    sign1,
    with_entries,
)
from conformance.trust import PUBLISHED_AT, cose_key, x_of
from signedcert import SoftwareSigner

RECORD = "application/vnd.signedcert.record+sd-cwt"
#: The key under which the digests of a body stand, and header labels.
REDACTED, SD_CLAIMS, KCWT, KB_CWT = Simple(59), 17, 13, 294
HOLDER = SoftwareSigner(b"h" * 32)
RECORD_ID, RECORD_CODE = bytes(range(10, 20)), "185G-R38E-1W81-24GK"
SHARE_ID, SHARE_CODE = bytes(range(20, 30)), "2GAH-C5RR-34D1-P70X"
AUDIENCE = "Acme Hiring"
SHARED_AT, SHARE_END = NOW - DAY, NOW + DAY
COURSE = {0: "Analytical Engines", 1: "University of Example"}


def disclosure(*items: Any, salt: bytes | None = None) -> bytes:
    """``[salt, value, label]``, ``[salt, value]`` or ``[salt]``, encoded."""
    return dumps([sha256(repr(items).encode()).digest()[:16] if salt is None else salt, *items])


def decoy(number: int = 0) -> bytes:
    """A disclosure of nothing."""
    return disclosure(salt=sha256(b"decoy%d" % number).digest()[:16])


def digest(content: bytes) -> bytes:
    """What the issuer signs of a disclosure: its byte string's SHA-256, head included."""
    return sha256(dumps(content)).digest()


def rows(label: int, digests: Iterable[bytes]) -> bytes:
    """What discloses a list: digests of its rows, each under tag 60."""
    return disclosure([Tagged(60, each) for each in digests], label)


def listing(label: int, *contents: bytes) -> bytes:
    """Likewise, of the rows' disclosures."""
    return rows(label, map(digest, contents))


LEARNER, SCORE = disclosure("Ada Lovelace", 0), disclosure({0: 92}, 5)
QUIZ, EXAM = disclosure({0: "Week 1", 1: 0, 2: 9}), disclosure({0: "Case", 1: 3})
ASSESSMENTS = listing(6, QUIZ, decoy(9), EXAM)
PHOTO = disclosure({0: 0})
IDENTITY_CHECKS = listing(7, PHOTO, decoy(8))


@dataclass(frozen=True)
class Record:
    """A record that is not signed yet.

    :ivar claims: the payload without the digests.
    :ivar redacted: what stands under simple(59); None leaves it out.
    :ivar shown: what the token discloses.
    """

    claims: dict[Any, Any]
    redacted: Any
    shown: tuple[bytes, ...]

    def payload(self) -> bytes:
        """What the issuer signs."""
        if self.redacted is None:
            return dumps(self.claims)
        return dumps({**self.claims, BODY: {**self.claims[BODY], REDACTED: self.redacted}})

    def token(self, unprotected: Any = None, protected: Any = None) -> bytes:
        """The record with what it discloses, or with other headers."""
        first = header(SIGNER, RECORD) if protected is None else protected
        return sign1(
            self.payload(), first, self._disclosed() if unprotected is None else unprotected
        )

    def _disclosed(self) -> dict[int, Any]:
        ordered = sorted({*self.shown}, key=dumps)
        return {SD_CLAIMS: ordered} if ordered else {}

    def showing(self, *shown: bytes) -> Self:
        """The record with other disclosures."""
        return replace(self, shown=shown)

    def with_claims(self, changed: dict[Any, Any]) -> Self:
        """The record with other claims; None takes one away."""
        return replace(self, claims=with_entries(self.claims, changed))

    def with_body(self, changed: dict[Any, Any]) -> Self:
        """The record with other entries of its visible body."""
        return self.with_claims({BODY: with_entries(self.claims[BODY], changed)})


def record(*entries: bytes, more: Iterable[bytes] = (), redacted: Any = None) -> Record:
    """A record of these entries, filled up with decoys to four; it shows all of them, and more."""
    decoys = [decoy(number) for number in range(4 - len(entries))]
    hidden = sorted(digest(entry) for entry in (*entries, *decoys))
    claims = {
        1: ISSUER,
        2: RECORD_CODE,
        6: ISSUED_AT,
        7: RECORD_ID,
        8: {1: cose_key(HOLDER)},
        BODY: {1: COURSE},
    }
    return Record(claims, hidden if redacted is None else redacted, (*entries, *decoys, *more))


COMPLETE = record(
    LEARNER, SCORE, ASSESSMENTS, IDENTITY_CHECKS, more=(QUIZ, EXAM, decoy(9), PHOTO, decoy(8))
)


def share_claims(changed: dict[Any, Any] | None = None) -> dict[Any, Any]:
    """What an honest learner signs, with other claims; None takes one away."""
    honest = {3: AUDIENCE, 4: SHARE_END, 6: SHARED_AT, 7: SHARE_ID, BODY: {0: 0}}
    return with_entries(honest, changed or {})


def share_header(token: bytes) -> dict[int, Any]:
    """The protected header of a share: the record stands in it as it is."""
    return {1: -19, KCWT: Raw(token), 16: KB_CWT}


def share(
    token: bytes | None = None,
    claims: Any = None,
    protected: Any = None,
    unprotected: Any = None,
    holder: SoftwareSigner = HOLDER,
) -> bytes:
    """A share of a record, signed by its holder."""
    inner = COMPLETE.token() if token is None else token
    first = share_header(inner) if protected is None else protected
    return sign1(share_claims() if claims is None else claims, first, unprotected, holder)


#: What the complete record says, in JSON; and of a record that shows nothing.
SHOWN: dict[str, Any] = {
    "id": RECORD_CODE,
    "issuer": ISSUER,
    "issued_at": utc(ISSUED_AT),
    "learner": {"name": "Ada Lovelace"},
    "course": {"title": "Analytical Engines", "institution": "University of Example"},
    "final_score": {"score": 92},
    "assessments": [
        {"title": "Week 1", "kind": "quiz", "score": 9},
        {"title": "Case", "kind": "exam"},
    ],
    "identity_checks": [{"method": "photo_match"}],
    "holder_key": {"kty": "OKP", "crv": "Ed25519", "x": x_of(HOLDER)},
    "withholds_entries": False,
}
WITHHELD = {"withheld": True}
ALL_WITHHELD = SHOWN | {
    "learner": WITHHELD,
    "final_score": WITHHELD,
    "assessments": WITHHELD,
    "identity_checks": WITHHELD,
    "withholds_entries": True,
}
#: What else a share shows.
SHARED: dict[str, Any] = {
    "audience": AUDIENCE,
    "expires_at": utc(SHARE_END),
    "issued_at": utc(SHARED_AT),
    "id": SHARE_CODE,
    "slot": 0,
}
OF_RECORD = answer(
    (*CHECKS, *SHARE_CHECKS),
    passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT),
    not_asked("STATUS", "no_status_reference"),
    undecided("HOLDER", "not_presented"),
    *(not_asked(check, "no_share") for check in SHARE_CHECKS if check != "HOLDER"),
    statement=SHOWN,
)
OF_SHARE = answer(
    (*CHECKS, *SHARE_CHECKS),
    passes("ISSUER_TRUSTED", as_of=PUBLISHED_AT),
    not_asked("STATUS", "no_status_reference"),
    not_asked("AUDIENCE", "audience_not_asked"),
    not_asked("SHARE_STATUS", "no_status_reference"),
    statement={**SHOWN, "share": SHARED},
)
#: Where the holder's part is refused, nothing of it is shown.
BY_NOBODY = OF_SHARE.showing({"share": None})
