"""The columns of batches. Those of statements are made from the model's own declarations."""

from collections.abc import Iterable

import pyarrow as pa

from signedcert.model.certificate import Certificate
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.leaf import Flag
from signedcert.model.numbers import Integer, NumberRange
from signedcert.model.times import Day, Moment

#: What the run gives each certificate, so that no row can.
_GIVEN = frozenset({"id", "issuer", "issued_at", "status"})
#: The fields of a certificate that a row can have: what it says first, its period last.
ROSTER_FIELDS: tuple[Field, ...] = tuple(
    sorted(
        (each for each in Certificate.fields_by_label if each.name not in _GIVEN),
        key=lambda each: each.in_claims,
    )
)
MOMENT = pa.timestamp("s", "UTC")


def arrow_type(shape: Shape) -> pa.DataType:
    """The type of a column that holds such values.

    Quantities are decimal text, and what JSON writes as text is text.
    """
    match shape:
        case Many(item, _):
            return pa.list_(arrow_type(item))
        case Nested(model) | Row(model) | TextOr(_, model):
            return pa.struct(_fields(model.fields_by_label))
        case NumberRange():
            return pa.list_(pa.string())
        case Integer():
            return pa.int64()
        case Flag():
            return pa.bool_()
        case Day():
            return pa.date32()
        case Moment():
            return MOMENT
        case _:
            return pa.string()


def _fields(fields: Iterable[Field]) -> list[pa.Field]:
    return [pa.field(each.name, arrow_type(each.shape)) for each in fields]


#: What rosters have of a certificate.
STATEMENT: pa.DataType = pa.struct(_fields(ROSTER_FIELDS))

#: Columns of a roster besides the certificate's: the line in the roster's file, why the row could
#: not be read, the roster's own key of the row, and its position in the plan's blocks, which no
#: other row has. White space around a key does not count; where there is nothing else, there is no
#: key.
BESIDES = pa.schema(
    [
        ("line", pa.int64()),
        ("reading_error", pa.string()),
        ("key", pa.string()),
        ("position", pa.int64()),
    ]
)

#: What goes in to be issued. All columns but learner, course and completed_on may be missing.
ROSTER: pa.Schema = pa.schema([*BESIDES, *STATEMENT])

#: What comes out. A row has an error, or code, id, token and digest.
ISSUED: pa.Schema = pa.schema(
    [
        ("line", pa.int64()),
        ("key", pa.string()),
        ("position", pa.int64()),
        ("code", pa.string()),
        ("id", pa.binary(10)),
        ("token", pa.binary()),
        ("link", pa.string()),
        ("status_list", pa.int64()),
        ("status_index", pa.int64()),
        ("digest", pa.binary(16)),
        ("error", pa.string()),
    ]
)

FINDING: pa.DataType = pa.struct(
    [("check", pa.string()), ("outcome", pa.string()), ("reason", pa.string())]
)

#: What is said of each token.
VERDICTS: pa.Schema = pa.schema(
    [
        ("status", pa.string()),
        ("check", pa.string()),
        ("reason", pa.string()),
        ("findings", pa.list_(FINDING)),
        ("as_of", MOMENT),
        ("kind", pa.string()),
        ("code", pa.string()),
        ("issuer", pa.string()),
        ("issued_at", MOMENT),
        ("expires_at", MOMENT),
        ("learner", pa.string()),
        ("latin_name", pa.string()),
        ("course", pa.string()),
        ("institution", pa.string()),
        ("completed_on", pa.date32()),
        ("result", pa.string()),
        ("status_list", pa.int64()),
        ("status_index", pa.int64()),
        ("error", pa.string()),
    ]
)

#: The same with all that a certificate says.
DETAILED_VERDICTS: pa.Schema = VERDICTS.append(pa.field("statement", STATEMENT))
