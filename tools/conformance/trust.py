"""What verifiers rely on in the vectors: documents, handovers, status lists, key sets, bundles."""

import json
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cbor_oracle import dumps
from conformance.tokens import BODY, DAY, ISSUER, SIGNER, header, sign1, with_entries
from signedcert import SoftwareSigner

DOCUMENT = "application/vnd.signedcert.issuer"
HANDOVER = "application/vnd.signedcert.handover"
SIGNED_BUNDLE = "application/vnd.signedcert.bundle"
STATUS_LIST = "application/statuslist+cwt"
#: 2026-11-01T00:00:00Z; a document is good for 90 days, a list for 60, a key for a year.
PUBLISHED_AT = 1793491200
NEXT_UPDATE = PUBLISHED_AT + 90 * DAY
LIST_END = PUBLISHED_AT + 60 * DAY
KEY_END = PUBLISHED_AT + 365 * DAY
#: The roots, one for each epoch; the key for status lists; somebody else.
ROOTS = [SoftwareSigner(bytes([number]) * 32) for number in range(1, 9)]
ROOT = ROOTS[0]
STATUS_SIGNER, STRANGER = SoftwareSigner(b"t" * 32), SoftwareSigner(b"x" * 32)
#: A COSE_Key of a kind that this version does not know (P-256).
P256 = {1: 2, -1: 1, -2: b"x" * 32, -3: b"y" * 32}
TEMPLATE = f"https://{ISSUER}/status/{{number}}.cwt"
Signers = Sequence[SoftwareSigner]


def cose_key(signer: SoftwareSigner) -> dict[int, Any]:
    """An Ed25519 key as documents have it."""
    return {1: 1, -1: 6, -2: signer.public_key.raw}


def key(
    signer: SoftwareSigner = SIGNER,
    use: int = 0,
    since: int = PUBLISHED_AT,
    until: int = KEY_END,
    revocation: dict[int, Any] | None = None,
) -> dict[int, Any]:
    """An element of a document's keys."""
    content = {0: cose_key(signer), 1: use, 2: since, 3: until, 4: revocation}
    return with_entries({}, content)


def handover(
    epoch: int = 1,
    roots: Signers = (ROOT,),
    signer: SoftwareSigner = ROOT,
    issuer: str = ISSUER,
    body: dict[int, Any] | None = None,
) -> bytes:
    """The handover to an epoch, with other entries of its body."""
    content = {0: epoch, 1: [cose_key(root) for root in roots]}
    claims = {1: issuer, 6: PUBLISHED_AT, BODY: with_entries(content, body or {})}
    return sign1(claims, header(signer, HANDOVER), signer=signer)


def handovers(epoch: int, issuer: str = ISSUER) -> list[bytes]:
    """Every handover up to an epoch, whose one root is ``ROOTS[epoch - 1]``."""
    before = [ROOTS[0], *ROOTS]
    return [handover(n, [ROOTS[n - 1]], before[n - 1], issuer) for n in range(1, epoch + 1)]


def document_claims(
    body: dict[int, Any] | None = None, epoch: int = 1, issuer: str = ISSUER
) -> dict[Any, Any]:
    """The claims of an issuer document, with other entries of its body; None takes one away."""
    content = {
        0: 1,
        1: NEXT_UPDATE,
        6: [cose_key(ROOTS[epoch - 1])],
        7: handovers(epoch, issuer),
        8: [key(), key(STATUS_SIGNER, 1)],
        9: f"https://{issuer}/status/{{number}}.cwt",
    }
    return {1: issuer, 6: PUBLISHED_AT, BODY: with_entries(content, body or {})}


def document(
    body: dict[int, Any] | None = None,
    *,
    epoch: int = 1,
    issuer: str = ISSUER,
    signer: SoftwareSigner | None = None,
    claims: dict[Any, Any] | None = None,
) -> bytes:
    """An issuer document, with other entries of its body and other claims."""
    root = signer or ROOTS[epoch - 1]
    content = with_entries(document_claims(body, epoch, issuer), claims or {})
    return sign1(content, header(root, DOCUMENT), signer=root)


def packed_entries(values: dict[int, int], bits: int = 4, size: int = 500) -> bytes:
    """The array of a status list: so many bytes, with these entries."""
    array = bytearray(size)
    for index, value in values.items():
        array[index * bits // 8] |= value << index * bits % 8
    return bytes(array)


#: What list 1 says: entry n is n for the first sixteen.
ENTRIES = packed_entries({number: number for number in range(16)})


def list_claims(
    array: bytes | None = ENTRIES,
    bits: Any = 4,
    number: int | str = 1,
    changed: dict[Any, Any] | None = None,
) -> dict[Any, Any]:
    """The claims of a status list, with others; None takes one away."""
    content = {
        2: f"https://{ISSUER}/status/{number}.cwt",
        4: LIST_END,
        6: PUBLISHED_AT,
        65533: {"bits": bits, "lst": zlib.compress(array or b"", 9)},
        65534: 43_200,
    }
    return with_entries(content, changed or {})


def status_list(
    claims: Any = None,
    signer: SoftwareSigner = STATUS_SIGNER,
    protected: Any = None,
    unprotected: Any = None,
    **options: Any,
) -> bytes:
    """A status list; without claims, that of :data:`ENTRIES`."""
    content = list_claims(**options) if claims is None else claims
    first = header(signer, STATUS_LIST) if protected is None else protected
    return sign1(content, first, unprotected, signer)


@dataclass(frozen=True)
class Held:
    """An issuer in a bundle, as it stands there.

    :ivar epoch: None where it is held by its key set.
    :ivar kids: what the index says of it.
    """

    published: bytes
    name: Any = ISSUER
    epoch: Any = 1
    roots: Any = field(default_factory=lambda: [ROOT.public_key.raw])
    lists: Any = field(default_factory=list)
    end: tuple[Any, ...] = ()
    kids: tuple[bytes, ...] = (SIGNER.public_key.kid, STATUS_SIGNER.public_key.kid)

    def item(self) -> list[Any]:
        """Its array."""
        if self.epoch is None:
            return [self.name, self.published, *self.end]
        lists = [[number, token] for number, token in self.lists]
        return [self.name, self.published, self.epoch, self.roots, lists, *self.end]


def index_of(issuers: Sequence[Held]) -> bytes:
    """The index of a bundle that holds these, in their order."""
    records = (
        kid + place.to_bytes(4, "big") for place, held in enumerate(issuers) for kid in held.kids
    )
    return b"".join(sorted(records))


def bundle(*issuers: Held, changed: dict[Any, Any] | None = None) -> bytes:
    """A bundle of issuers, in their order, with other entries; None takes one away."""
    content = {0: 1, 3: [held.item() for held in issuers], 4: index_of(issuers)}
    return dumps(with_entries(content, changed or {}))


def trusting(*issuers: Held, changed: dict[Any, Any] | None = None) -> dict[str, str]:
    """Trust in a bundle of issuers, as the vectors write it."""
    return in_bundle(bundle(*issuers, changed=changed))


def in_bundle(data: bytes) -> dict[str, str]:
    """Trust in what is, or is not, a bundle."""
    return {"bundle": b64encode(data).decode()}


def in_document(body: dict[int, Any] | None = None, **options: Any) -> dict[str, str]:
    """Trust in the issuer by a document with other entries of its body."""
    return trusting(Held(document(body, **options)))


def in_keys(*keys: dict[int, Any]) -> dict[str, str]:
    """Trust in the issuer by a document with other keys."""
    return in_document({8: list(keys)})


def in_list(*tokens: bytes, document_: bytes | None = None, **options: Any) -> dict[str, str]:
    """Trust in the issuer with status lists, numbered from 1."""
    published = document() if document_ is None else document_
    return trusting(Held(published, lists=list(enumerate(tokens, 1)), **options))


def x_of(signer: SoftwareSigner) -> str:
    """A public key in base64url."""
    return urlsafe_b64encode(signer.public_key.raw).decode().rstrip("=")


def jwk(signer: SoftwareSigner = SIGNER, **members: Any) -> dict[str, Any]:
    """A public key as a JWK."""
    return {"kty": "OKP", "crv": "Ed25519", "x": x_of(signer), **members}


def jwks(*keys: Any, **members: Any) -> bytes:
    """A key set, of the signer's key unless said otherwise."""
    return json.dumps({"keys": list(keys) if keys else [jwk()], **members}).encode()


def in_key_set(data: bytes | None = None, issuer: str = ISSUER) -> dict[str, str]:
    """Trust in an issuer by its key set."""
    published = jwks() if data is None else data
    return {"issuer": issuer, "key_set": b64encode(published).decode()}


def numbered(values: Iterable[int]) -> dict[int, int]:
    """Entries from index 0 on."""
    return dict(enumerate(values))


#: What most cases rely on: the issuer by its document, with list 1.
WITH_LIST = in_list(status_list())
