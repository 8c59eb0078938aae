"""How an issuer document becomes the next one. Pure: documents in, documents out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import (
    DIGEST_SIZE,
    IssuerDocument,
    KeyEnd,
    KeyRevocation,
    KeyUse,
    SigningKey,
)
from signedcert.workspace.settings import WorkspaceError

#: How long a document counts. Longer than a year: the root may stay offline between yearly drills.
DOCUMENT_LIFETIME = timedelta(days=400)
_LAST = datetime(9999, 12, 31, 23, 59, 58, tzinfo=UTC)
_NO_MORE = "the issuer is closed: its final document can never change"


def next_document(
    document: IssuerDocument,
    now: datetime,
    *,
    lifetime: timedelta = DOCUMENT_LIFETIME,
    **changes: Any,
) -> IssuerDocument:
    """The next version, with some fields changed.

    :param lifetime: after which it grows stale.
    :raises WorkspaceError: when the document is final, or the clock behind its date, or the next
        one would break the format: too many keys or handovers, moments after the year 9999.
    """
    if document.final:
        raise WorkspaceError(_NO_MORE)
    if now < document.issued_at:
        raise WorkspaceError(
            f"the present document is dated {document.issued_at:%Y-%m-%d %H:%M:%S} UTC, which is "
            "later than now; check the clock. Nothing was changed"
        )
    fixed: dict[str, Any] = {
        "version": document.version + 1,
        "issued_at": now,
        "next_update": None if "next_update" in changes else _end(now, lifetime, "the document"),
    }
    fields = {name: getattr(document, name) for name in IssuerDocument.model_fields}
    with _in_words("the issuer document"):
        return IssuerDocument(**fields | fixed | changes)


def with_key(
    document: IssuerDocument,
    key: PublicKey,
    use: KeyUse,
    begin: datetime,
    period: timedelta,
) -> tuple[SigningKey, ...]:
    """The signing keys with a new one.

    :raises WorkspaceError: when its period is none, or reaches beyond the year 9999.
    """
    end = _end(begin, period, "the key's period")
    with _in_words("the new key"):
        new = SigningKey(key=key.raw, use=use, valid_from=begin, valid_until=end)
    return (*document.keys, new)


def with_revocation(
    document: IssuerDocument, kid: bytes, revocation: KeyRevocation
) -> tuple[SigningKey, ...]:
    """The signing keys with one of them retired or compromised.

    :param kid: which one: 8 bytes.
    :raises WorkspaceError: when there is no such key, or what is said of it already is graver.
    """
    found = key_of(document, kid)
    present = found.revocation
    if present is not None and present.end is KeyEnd.COMPROMISED is not revocation.end:
        raise WorkspaceError(f"the key {kid.hex()} is compromised; it cannot be retired any more")
    changed = found.model_copy(update={"revocation": revocation})
    return tuple(changed if key == found else key for key in document.keys)


def joined(one: bytes, other: bytes) -> bytes:
    """The digests of two lists of vouched tokens in one: ascending, each once."""
    digests = {
        each[start : start + DIGEST_SIZE]
        for each in (one, other)
        for start in range(0, len(each), DIGEST_SIZE)
    }
    return b"".join(sorted(digests))


def key_of(document: IssuerDocument, kid: bytes) -> SigningKey:
    """The signing key of a kid.

    :raises WorkspaceError: when there is none.
    """
    for key in document.keys:
        if isinstance(key.key, bytes) and PublicKey(key.key).kid == kid:
            return key
    raise WorkspaceError(f"there is no signing key {kid.hex()}; see: signedcert keys")


def final_document(document: IssuerDocument, now: datetime) -> IssuerDocument:
    """The last version ever. It retires every key: nothing may be signed after it.

    :raises WorkspaceError: as :func:`next_document` does.
    """
    # What was signed in this very second was signed before. The last second there is has no next.
    since = now if now > _LAST else now + timedelta(seconds=1)
    retired = KeyRevocation(end=KeyEnd.RETIRED, since=since, why="the issuer closed")
    keys = tuple(
        key.model_copy(update={"revocation": retired})
        if key.revocation is None and key.valid_until > since
        else key
        for key in document.keys
    )
    return next_document(document, now, final=True, next_update=None, keys=keys)


def _end(begin: datetime, lifetime: timedelta, what: str) -> datetime:
    try:
        return begin + lifetime
    except OverflowError:
        raise WorkspaceError(f"{what} would end after the year 9999; nothing was changed") from None


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    """Says what a model refuses.

    :raises WorkspaceError: instead of the model's own error.
    """
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        where = f" ({field})" if field else ""
        why = first["msg"].removeprefix("Value error, ")
        raise WorkspaceError(f"{what} cannot be made{where}: {why}; nothing was changed") from None
