"""Course records and shares that nobody honest would make, correctly signed by the test keys.

Written from draft-ietf-spice-sd-cwt and docs/spec.md, section 15, with the tests' own encoder. It
shares no code with the library's records and shares.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Self

from cbor_oracle import Raw, Simple, Tagged, dumps
from forging import BODY, RECORD, header, signed
from issuing import HOLDER, ISSUED_AT, ISSUER, NOW, SIGNER
from signedcert import SoftwareSigner

#: The key under which the digests of a body stand, and the tag of a row's digest.
REDACTED, ROW_DIGEST = Simple(59), 60
#: Header labels and the content type of a key-binding token.
SD_CLAIMS, KCWT, KB_CWT = 17, 13, 294
#: Labels of what is disclosed as a whole, and of what is disclosed row by row.
ENTRIES, LISTS = (0, 5), (6, 7)
AUDIENCE = "Acme Hiring"
SHARE_ID = b"Share 0001"
RECORD_ID = bytes(range(10, 20))
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def digest(disclosure: bytes) -> bytes:
    """The Redacted Claim Hash of a disclosure: of its byte string, head included."""
    return sha256(dumps(disclosure)).digest()


def ascending(disclosures: Iterable[bytes]) -> list[bytes]:
    """Disclosures in the order of their encodings, each once."""
    return sorted({*disclosures}, key=dumps)


def disclosure(*items: Any, salt: bytes | None = None) -> bytes:
    """``[salt, value, label]``, ``[salt, value]`` or ``[salt]``, encoded."""
    return dumps([_salt(items) if salt is None else salt, *items])


def decoy(number: int = 0) -> bytes:
    return disclosure(salt=_salt(("decoy", number)))


def listing(label: int, *rows: bytes) -> bytes:
    """What reveals a list: the digests of the disclosures of its rows."""
    return disclosure([Tagged(ROW_DIGEST, digest(row)) for row in rows], label)


def confirmation(signer: SoftwareSigner = HOLDER) -> dict[int, Any]:
    """The claim cnf (RFC 8747): the COSE_Key of an Ed25519 key."""
    return {1: {1: 1, -1: 6, -2: signer.public_key.raw}}


def printed_code(identifier: object) -> str:
    """The bits of 10 bytes, five by five, in Crockford's letters; of anything else, some code."""
    number = int.from_bytes(identifier, "big") if isinstance(identifier, bytes) else 0
    bits = f"{number % 2**80:080b}"
    letters = "".join(_CODE_LETTERS[int(bits[at : at + 5], 2)] for at in range(0, 80, 5))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))


def _salt(items: object) -> bytes:
    return sha256(repr(items).encode()).digest()[:16]


@dataclass(frozen=True)
class Forged:
    """A record that is not signed yet.

    :ivar claims: the payload without the digests.
    :ivar redacted: what stands under simple(59); None leaves it out.
    :ivar disclosures: what the token reveals, without heads.
    """

    claims: dict[Any, Any]
    redacted: Any
    disclosures: tuple[bytes, ...]

    def payload(self) -> bytes:
        claims = dict(self.claims)
        if self.redacted is not None:
            claims[BODY] = {**claims[BODY], REDACTED: self.redacted}
        return dumps(claims)

    def token(self, unprotected: Any = None, signer: SoftwareSigner = SIGNER) -> bytes:
        """The record with its disclosures, or with another unprotected header."""
        if unprotected is None:
            unprotected = {SD_CLAIMS: ascending(self.disclosures)} if self.disclosures else {}
        return signed(self.payload(), header(signer, RECORD), unprotected, signer)

    def revealing(self, *disclosures: bytes) -> Self:
        return replace(self, disclosures=disclosures)

    def with_claims(self, changed: dict[Any, Any]) -> Self:
        """Other claims; None takes one away."""
        return replace(self, claims=_without_none({**self.claims, **changed}))

    def with_body(self, changed: dict[Any, Any]) -> Self:
        """Other entries of the visible body; None takes one away."""
        return self.with_claims({BODY: _without_none({**self.claims[BODY], **changed})})


def _without_none(entries: dict[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in entries.items() if value is not None}


def record_of(*entries: bytes, rows: Iterable[bytes] = (), redacted: Any = None) -> Forged:
    """A record that discloses these entries and rows; decoys fill its body up."""
    decoys = [decoy(number) for number in range(4 - len(entries))]
    hidden = sorted(digest(entry) for entry in (*entries, *decoys))
    claims = {
        1: ISSUER,
        2: printed_code(RECORD_ID),
        6: int(ISSUED_AT.timestamp()),
        7: RECORD_ID,
        8: confirmation(),
        BODY: {1: {0: "Operations Management", 1: "University of Example"}},
    }
    shown = (*entries, *rows, *decoys)
    return Forged(claims, hidden if redacted is None else redacted, shown)


def record_from(content: dict[int, Any], holder: SoftwareSigner = HOLDER) -> Forged:
    """The record of the claims of a whole course record, everything disclosed.

    :param content: what may be withheld stands in its body, right or wrong, and is moved out of it.
    """
    body, entries, rows = dict(content[BODY]), [], list[bytes]()
    for label in (*ENTRIES, *LISTS):
        if label not in body:
            continue
        value = body.pop(label)
        if label in LISTS and isinstance(value, list):
            # Equal rows have salts of their own.
            made = [disclosure(row, salt=_salt((label, at))) for at, row in enumerate(value)]
            rows += made
            entries.append(listing(label, *made))
        else:
            entries.append(disclosure(value, label))
    found = record_of(*entries, rows=rows)
    added = {2: printed_code(content.get(7)), 8: confirmation(holder), BODY: body}
    return replace(found, claims={**content, **added})


def entries_in(forged: Forged) -> Iterator[bytes]:
    """Of what is disclosed, what stands in the body."""
    return (each for each in forged.disclosures if digest(each) in forged.redacted)


def share_claims(changed: dict[Any, Any] | None = None) -> dict[Any, Any]:
    """What an honest learner signs, with other claims; None takes one away."""
    honest = {
        3: AUDIENCE,
        4: int(NOW.timestamp()) + 86_400,
        6: int(NOW.timestamp()) - 86_400,
        7: SHARE_ID,
        BODY: {0: 0},
    }
    return _without_none({**honest, **(changed or {})})


def share_header(record: bytes) -> dict[int, Any]:
    """The protected header of a share: what it has in it is the record as it stands."""
    return {1: -19, KCWT: Raw(record), 16: KB_CWT}


def share_of(
    record: bytes,
    payload: Any = None,
    protected: Any = None,
    unprotected: Any = None,
    holder: SoftwareSigner = HOLDER,
) -> bytes:
    """A key-binding token around a record, signed by the holder over what it holds."""
    claims = share_claims() if payload is None else payload
    return signed(
        claims, share_header(record) if protected is None else protected, unprotected, holder
    )
