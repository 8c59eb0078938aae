"""Rows → ids and encodings: all of issuing that needs no key."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import normalize

import pyarrow as pa
from pydantic import ValidationError

from signedcert.bulk.kernel.columns import Columns, roster_columns
from signedcert.bulk.kernel.groups import OWN_GROUPS, PERIOD, SHARED
from signedcert.bulk.kernel.learners import learner_entries
from signedcert.bulk.kernel.pieces import Pieces, check_size, encoded_place, pieces_of
from signedcert.bulk.kernel.plan import IssuePlan, ids_by_content, ids_by_key
from signedcert.bulk.kernel.schemas import BESIDES
from signedcert.bulk.kernel.values import UnreadableError, cells
from signedcert.codec.lower import encoded_entries
from signedcert.crypto.sign1 import sign
from signedcert.crypto.signer import Signer
from signedcert.errors import EncodeError
from signedcert.model.certificate import Certificate
from signedcert.model.field_errors import field_errors
from signedcert.workspace.ledger import StatusIndex

_PLACEHOLDER = bytes(10)
_ByName = dict[str, pa.Array]


class Prepared(NamedTuple):
    """The rows of a batch, of which some can be signed.

    :ivar ids: the id of each row's certificate; None where the row has an error.
    :ivar errors: what is wrong with each row; None where nothing is.
    :ivar pieces: what is to be signed of each row; None where the row has an error.
    """

    ids: list[bytes | None]
    errors: list[str | None]
    pieces: list[Pieces | None]


def prepare(batch: pa.RecordBatch, plan: IssuePlan) -> Prepared:
    """The ids of a roster's rows, and all that can be done before signing them.

    :raises ValueError: when the batch has other columns or types than a roster has.
    """
    return prepare_columns(roster_columns(batch), batch.num_rows, plan)


def prepare_columns(columns: Columns, size: int, plan: IssuePlan) -> Prepared:
    """Like :func:`prepare`.

    :param size: how many rows there are.
    """
    errors = list(columns.unreadable)
    found = columns.by_name
    if "reading_error" in found:
        for row, error in enumerate(found["reading_error"].to_pylist()):
            errors[row] = error or errors[row]
    prepared = Prepared([None] * size, errors, [None] * size)
    rows = [row for row, error in enumerate(errors) if error is None]
    if len(rows) < size:
        taken = pa.array(rows, pa.int64())
        found = {name: column.take(taken) for name, column in found.items()}
    _prepare(found, rows, plan, prepared)
    return prepared


def _prepare(columns: _ByName, rows: list[int], plan: IssuePlan, prepared: Prepared) -> None:
    """:param rows: the numbers in the batch of the rows that the columns have."""
    keys = columns["key"].to_pylist() if "key" in columns else [None] * len(rows)
    columns = {name: column for name, column in columns.items() if name not in BESIDES.names}
    longest = encoded_place(plan.last_place)
    by_key, by_content = ids_by_key(plan.id_key), ids_by_content(plan.id_key)
    for place, pieces in enumerate(_encoded(columns, len(rows), plan)):
        row = rows[place]
        try:
            found = pieces or _one_by_one(columns, place, plan)
            check_size(found, longest)
        except (UnreadableError, EncodeError) as error:
            prepared.errors[row] = str(error)
        except ValidationError as error:
            prepared.errors[row] = "; ".join(field_errors(error, Certificate))
        else:
            # Programs write one and the same letter in two ways: with its accent, or beside it.
            key = normalize("NFC", (keys[place] or "").strip())
            prepared.ids[row] = by_key(key.encode()) if key else by_content(found.content())
            prepared.pieces[row] = found


def _encoded(columns: _ByName, rows: int, plan: IssuePlan) -> Iterator[Pieces | None]:
    """The pieces of each row; None where something is wrong with it."""
    of_rows = zip(
        PERIOD.of_rows(columns, rows, plan),
        SHARED.of_rows(columns, rows),
        learner_entries(columns["learner"]),
        *(group.of_rows(columns, rows) for group in OWN_GROUPS.values()),
        strict=True,
    )
    for parts in of_rows:
        if None in parts:
            yield None
            continue
        claims, shared, learner, day, result, checks, record_id = parts
        count, (second, third, fourth, fifth, last) = shared
        body = b"".join(
            (learner, second, day, third, result, fourth, checks, fifth, record_id, last)
        )
        # Learner and day are always there.
        count += 2 + (result != b"") + (checks != b"") + (record_id != b"")
        yield Pieces(claims, count, body)


def _one_by_one(columns: _ByName, row: int, plan: IssuePlan) -> Pieces:
    """What is encoded of a row, the ordinary way, which finds all that is wrong with it."""
    given = cells(columns, row)
    given |= {"id": _PLACEHOLDER, "issuer": plan.issuer, "issued_at": plan.issued_at}
    return pieces_of(*encoded_entries(Certificate.model_validate(given)))


def sign_prepared(
    prepared: Prepared,
    signer: Signer,
    places: Sequence[StatusIndex | None],
    rows: Sequence[int],
) -> list[bytes]:
    """The tokens of some rows, in their order. Each signature is verified before it is released.

    :param places: the place in a status list of each of these rows, or None.
    :param rows: their numbers in the batch, all without an error.
    :raises SignerError: when the signer fails, or its signature does not verify.
    :raises ValueError: for a row with an error.
    """
    tokens = []
    for row, place in zip(rows, places, strict=True):
        pieces, identifier = prepared.pieces[row], prepared.ids[row]
        if pieces is None or identifier is None:
            raise ValueError(f"row {row} has an error, so that it cannot be signed")
        payload = pieces.payload(identifier, encoded_place(place))
        tokens.append(sign(Certificate.media_type, payload, signer).to_bytes())
    return tokens
