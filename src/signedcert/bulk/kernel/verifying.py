"""Tokens and links in, verdicts out: one row for each, in order."""

from datetime import datetime

import pyarrow as pa

from signedcert.bulk.kernel.accepting import Accepting
from signedcert.bulk.kernel.columns import Columns, chosen_columns
from signedcert.bulk.kernel.verdict_rows import VerdictRows
from signedcert.codec.framing import Frame, guess_certificate
from signedcert.codec.text import frame_from_text
from signedcert.errors import DecodeError
from signedcert.trust.trust import Trust
from signedcert.verify.verdict import Policy
from signedcert.verify.verify import check_caller, verify, verify_text

_NO_POLICY = Policy()
_PRESENTED = pa.schema([("token", pa.binary()), ("link", pa.string())])
_NOTHING = "there is nothing to check"
_NOT_TEXT = "the link is not text in UTF-8"


def verify_batch(
    batch: pa.RecordBatch,
    trust: Trust,
    now: datetime,
    policy: Policy = _NO_POLICY,
    *,
    details: bool = False,
) -> pa.RecordBatch:
    """Checks a token or link in each row, as :func:`signedcert.verify` does it one by one.

    :param batch: a column ``token`` of bytes, or ``link`` of text (a verify URL, its fragment, or
        the text of a QR code), or both: then the link counts where there is no token. Other columns
        are not looked at.
    :param trust: whose keys count.
    :param now: the moment of checking, with its time zone.
    :param policy: what the verifier decided beforehand.
    :param details: whether to add all that each certificate says, as the column ``statement``.
    :returns: columns of :data:`VERDICTS`, one row for each row. A row with nothing in it has an
        error and no status. Only ``VALID`` in the column ``status`` means valid.
    :raises ValueError: when ``now`` has no time zone, or the batch has neither of the two columns,
        or they have other types.
    """
    check_caller(now, policy)
    columns = chosen_columns(batch, _PRESENTED)
    if not columns.by_name:
        raise ValueError("expected a column token of bytes, or a column link of text")
    accepting = Accepting(trust, now, policy)
    found = VerdictRows(details=details)
    for row, (token, link) in enumerate(zip(*_presented(columns, batch.num_rows), strict=True)):
        if token:
            frame = guess_certificate(token)
        elif link:
            frame = _frame_in(link)
        else:
            found.add_error(_NOT_TEXT if columns.unreadable[row] else _NOTHING)
            continue
        accepted = None if frame is None else accepting.accept(frame, whole=details)
        if accepted is not None and found.add_accepted(accepted):
            continue
        if token:
            verdict = verify(token, trust, now=now, policy=policy)
        else:
            verdict = verify_text(link or "", trust, now=now, policy=policy)
        found.add(verdict, accepted)
    return found.batch()


def _presented(columns: Columns, rows: int) -> tuple[list[bytes | None], list[str | None]]:
    """The tokens, and the links as far as they can be read."""
    nothing = pa.nulls(rows)
    tokens = columns.by_name.get("token", nothing)
    links = columns.by_name.get("link", nothing)
    if any(columns.unreadable):
        read = [row for row, error in enumerate(columns.unreadable) if error is None]
        kept: list[str | None] = [None] * rows
        for row, link in zip(read, links.take(pa.array(read, pa.int64())).to_pylist(), strict=True):
            kept[row] = link
        return tokens.to_pylist(), kept
    return tokens.to_pylist(), links.to_pylist()


def _frame_in(link: str) -> Frame | None:
    """The frame of the certificate in a link; None where there is none."""
    try:
        frame = frame_from_text(link)
    except DecodeError:
        return None
    return frame if isinstance(frame, Frame) else None
