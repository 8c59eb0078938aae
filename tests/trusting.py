"""An issuer for tests that publishes documents, hands its roots over, and signs status lists."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2

import signedcert as sc
from cbor_oracle import dumps
from forging import header, signed
from issuing import ISSUER, SIGNER, minimal
from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.model.issuer_document import Handover, IssuerDocument, SigningKey
from signedcert.model.statement import Signed
from signedcert.trust.status_list import pack_statuses
from signedcert.trust.status_signing import sign_status_list

DAY = timedelta(days=1)
PUBLISHED_AT = datetime(2026, 11, 1, tzinfo=UTC)
NEXT_UPDATE = PUBLISHED_AT + 90 * DAY
#: The roots, one for each epoch; the key for status lists; and a spare root.
ROOTS = [sc.SoftwareSigner(bytes([number]) * 32) for number in range(1, 9)]
ROOT, SPARE = ROOTS[0], sc.SoftwareSigner(b"s" * 32)
STATUS_SIGNER = sc.SoftwareSigner(b"t" * 32)
#: A list operator, and a root that is nobody's.
OPERATOR, STRANGER = sc.SoftwareSigner(b"o" * 32), sc.SoftwareSigner(b"x" * 32)
#: A COSE_Key of a kind that this version does not know (P-256, with an x of 32 bytes).
P256 = {1: 2, -1: 1, -2: b"x" * 32, -3: b"y" * 32}
Signers = Sequence[sc.SoftwareSigner]


def key(
    signer: sc.SoftwareSigner = SIGNER,
    use: str = "statements",
    valid_from: datetime = PUBLISHED_AT,
    valid_until: datetime = PUBLISHED_AT + 365 * DAY,
    **fields: Any,
) -> SigningKey:
    return SigningKey(
        key=signer.public_key.raw, use=use, valid_from=valid_from, valid_until=valid_until, **fields
    )


STATUS_KEY = key(STATUS_SIGNER, "status")


def signed_document(document: Signed, signer: sc.SoftwareSigner) -> bytes:
    return sign(document.media_type, lower(document), signer).to_bytes()


def handover(
    epoch: int = 1,
    roots: Signers = (ROOT,),
    signer: sc.SoftwareSigner = ROOT,
    issuer: str = ISSUER,
) -> bytes:
    content = Handover(
        issuer=issuer,
        issued_at=PUBLISHED_AT,
        epoch=epoch,
        roots=tuple(root.public_key.raw for root in roots),
    )
    return signed_document(content, signer)


def handovers(epoch: int, issuer: str = ISSUER) -> list[bytes]:
    """Every handover up to an epoch, whose one root is ``ROOTS[epoch - 1]``."""
    before = [ROOTS[0], *ROOTS]
    return [handover(n, [ROOTS[n - 1]], before[n - 1], issuer) for n in range(1, epoch + 1)]


def content(
    version: int = 1, epoch: int = 1, roots: Signers | None = None, **fields: Any
) -> IssuerDocument:
    """What an issuer document says; ``roots`` are those of the epoch unless given."""
    issuer = fields.get("issuer", ISSUER)
    ends = {} if fields.get("final") else {"next_update": NEXT_UPDATE}
    listed = [ROOTS[epoch - 1]] if roots is None else roots
    return IssuerDocument(
        **{
            "issuer": issuer,
            "issued_at": PUBLISHED_AT,
            "version": version,
            "roots": tuple(root.public_key.raw for root in listed),
            "handovers": tuple(handovers(epoch, issuer)),
            "keys": (key(), STATUS_KEY),
            "status_lists": f"https://{issuer}/status/{{number}}.cwt",
        }
        | ends
        | fields
    )


def document(
    version: int = 1, epoch: int = 1, signer: sc.SoftwareSigner | None = None, **fields: Any
) -> bytes:
    """An issuer document, signed by the root of its epoch unless said otherwise."""
    return signed_document(content(version, epoch, **fields), signer or ROOTS[epoch - 1])


def trust_in(data: bytes | None = None, root: Any = ROOT.public_key) -> sc.Trust:
    """Trust in one issuer by its document."""
    return sc.Trust.empty().with_issuer_document(document() if data is None else data, root)


def forged_document(
    changes: dict[int, Any], signer: sc.SoftwareSigner = ROOT, **claims: Any
) -> bytes:
    """A document that no constructor would make; a change to None takes the label away."""
    found = cbor2.loads(lower(content()))
    return _forged(found, changes, signer, IssuerDocument.media_type)


def forged_handover(changes: dict[int, Any], signer: sc.SoftwareSigner = ROOT) -> bytes:
    """A handover that no constructor would make."""
    made = Handover(issuer=ISSUER, issued_at=PUBLISHED_AT, epoch=1, roots=(ROOT.public_key.raw,))
    return _forged(cbor2.loads(lower(made)), changes, signer, Handover.media_type)


def _forged(
    claims: dict[int, Any], changes: dict[int, Any], signer: sc.SoftwareSigner, media_type: str
) -> bytes:
    body = {**claims[-65537], **changes}
    body = {label: value for label, value in sorted(body.items()) if value is not None}
    return signed(dumps({**claims, -65537: body}), header(signer, media_type), signer=signer)


def status_list(
    number: int | str = 1,
    values: Sequence[tuple[int, int]] = (),
    signer: sc.SoftwareSigner = STATUS_SIGNER,
    issued_at: datetime = PUBLISHED_AT,
    **fields: Any,
) -> bytes:
    """A status list of a thousand entries of four bits, good for 60 days unless said otherwise."""
    ends = {} if "expires_at" in fields else {"expires_at": issued_at + 60 * DAY}
    return sign_status_list(
        **{
            "subject": f"https://{ISSUER}/status/{number}.cwt",
            "issued_at": issued_at,
            "ttl": timedelta(hours=12),
            "bits": 4,
            "array": pack_statuses(1000, 4, values),
            "signer": signer,
        }
        | ends
        | fields
    )


def referring(index: int = 7, number: int = 1, **fields: Any) -> bytes:
    """A certificate that can be withdrawn."""
    reference = sc.StatusReference(list=number, index=index)
    return sc.issue(minimal(status=reference, **fields), SIGNER)


def finding(verdict: sc.Verdict, check: sc.Check) -> tuple[sc.Outcome, sc.Reason]:
    found = verdict.finding(check)
    return found.outcome, found.reason
