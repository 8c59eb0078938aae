"""Marks: of a chunk that has no part, the digests of the tokens that the run made for it."""

import pyarrow as pa

from signedcert.bulk.run.columns import ISSUED_NOW
from signedcert.model.issuer_document import DIGEST_SIZE
from signedcert.trust.key_entry import signed_digest


def mark_of(part: pa.RecordBatch) -> bytes:
    """The digests of what the run signed for a part, one after another."""
    columns = (part.column(name).to_pylist() for name in ("outcome", "token"))
    signed = (token for outcome, token in zip(*columns, strict=True) if outcome == ISSUED_NOW)
    return b"".join(map(signed_digest, signed))


def digests_in(mark: bytes) -> frozenset[bytes]:
    """The digests that a mark has."""
    starts = range(0, len(mark), DIGEST_SIZE)
    return frozenset(mark[start : start + DIGEST_SIZE] for start in starts)
