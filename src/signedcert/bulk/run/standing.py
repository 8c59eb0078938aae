"""Whether certificates that were made earlier may still be handed out, as the ledger knows today.

Between two processes of a run, or after its end, certificates can be withdrawn or superseded, their
key can be declared compromised, and the ledger can be replaced by an older copy of it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from signedcert.model.code import id_from_code
from signedcert.trust.key_entry import KeyEntry, signed_digest
from signedcert.workspace.ledger import Known, LedgerReader, StatusIndex


class Fallen(NamedTuple):
    """How many certificates are not to be handed out as they are.

    :ivar ended: withdrawn, superseded, written anew, or signed with a key that was declared
        compromised, and not vouched for.
    :ivar missing: the ledger does not have them.
    """

    ended: int
    missing: int


def fallen(
    reader: LedgerReader, rows: pa.RecordBatch, disowned: Mapping[bytes, KeyEntry]
) -> Fallen:
    """How many of some certificates are not to be handed out as they are; none twice.

    :param rows: with the columns code and token, both null where a row has no certificate.
    :param disowned: the keys that were declared compromised, by kid.
    :raises LedgerError: when the ledger cannot be read.
    """
    columns = (rows.column(name).to_pylist() for name in ("code", "token"))
    tokens = {id_from_code(code): token for code, token in zip(*columns, strict=True) if code}
    known = reader.known(tokens)
    places = {each.reference for each in known.values() if each.reference is not None}
    withdrawn = reader.withdrawn(places)
    ended = sum(_ended(each, tokens[id_], withdrawn, disowned) for id_, each in known.items())
    return Fallen(ended, len(tokens) - len(known))


def _ended(
    known: Known,
    token: bytes,
    withdrawn: Mapping[StatusIndex, object],
    disowned: Mapping[bytes, KeyEntry],
) -> bool:
    key = disowned.get(known.kid)
    return (
        known.digest != signed_digest(token)
        or known.superseded_by is not None
        or (known.reference is not None and known.reference in withdrawn)
        or (key is not None and not key.vouches_for(token))
    )
