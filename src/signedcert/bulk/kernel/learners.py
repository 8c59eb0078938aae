"""The learners of a batch, whose names differ from row to row."""

import pyarrow as pa
from pydantic import ValidationError

from signedcert.bulk.kernel.pieces import LABELS
from signedcert.codec.cbor import encode
from signedcert.codec.lower import lowered_part
from signedcert.model.leaf import Leaf
from signedcert.model.people import Person

_LEARNER = encode(LABELS["learner"])
_NAME = Person.fields_by_label[0]
assert isinstance(_NAME.shape, Leaf)
assert (_NAME.name, Person.wire_form) == ("name", "map_or_bare")
_check_name = _NAME.shape.check


def learner_entries(column: pa.Array) -> list[bytes | None]:
    """The encoded entry of each row's learner; None where the rules do not allow it.

    :param column: structures, names, or nothing but nulls.
    """
    if pa.types.is_null(column.type):
        return [None] * len(column)
    if pa.types.is_string(column.type):
        return [_bare(name) for name in column.to_pylist()]
    # Flattened, each field is null where the structure is.
    fields = {
        field.name: values for field, values in zip(column.type, column.flatten(), strict=True)
    }
    nothing = pa.nulls(len(column))
    names = fields.get("name", nothing).to_pylist()
    latin_names = fields.get("latin_name", nothing)
    if latin_names.null_count == len(column):
        return [_bare(name) for name in names]
    return [
        _bare(name) if latin_name is None else _both(name, latin_name)
        for name, latin_name in zip(names, latin_names.to_pylist(), strict=True)
    ]


def _bare(name: str | None) -> bytes | None:
    """A learner with one name is written as the bare name."""
    try:
        return _LEARNER + encode(_check_name(name))
    except ValueError:
        return None


def _both(name: str | None, latin_name: str) -> bytes | None:
    try:
        person = Person.model_validate({"name": name, "latin_name": latin_name})
    except ValidationError:
        return None
    return _LEARNER + encode(lowered_part(person))
