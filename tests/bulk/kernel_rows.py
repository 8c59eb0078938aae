"""What the tests of the kernel share: plans, rosters, and certificates that a roster can state."""

from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st
from pydantic import ValidationError

import signedcert as sc
from issuing import ISSUED_AT, ISSUER
from signedcert.bulk import ROSTER, IssuePlan
from signedcert.bulk.kernel.shown import statement_cell
from signedcert.model.labelled import Labelled
from signedcert.workspace.ledger import Block
from signedcert.workspace.ledger.permutation import Permutation
from strategies import instances

PAGE = "https://learn.example.edu/c/"
ID_KEY = b"k" * 32
#: Places in two lists, the second of which has large numbers.
BLOCKS = (
    Block(1, 5, 3, Permutation(b"p" * 32, 1000)),
    Block(70_000, 0, 1000, Permutation(b"q" * 32, 2**30)),
)
PLAN = IssuePlan(ISSUER, ISSUED_AT, ID_KEY)
WITHDRAWABLE = IssuePlan(ISSUER, ISSUED_AT, ID_KEY, BLOCKS, PAGE)


def row(**fields: Any) -> dict[str, Any]:
    """What no row can lack, and the fields given."""
    return {
        "learner": {"name": "Jacob Ångström"},
        "course": {"title": "Operations Management", "institution": "University of Example"},
        "completed_on": date(2026, 11, 2),
    } | fields


def roster(*rows: dict[str, Any], schema: pa.Schema = ROSTER) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(rows), schema)


def without_additional(value: Any) -> Any:
    """The same without fields that only later versions know, which no roster can have."""
    if isinstance(value, tuple):
        return tuple(without_additional(each) for each in value)
    if not isinstance(value, Labelled):
        return value
    fields = {field.name: getattr(value, field.name) for field in value.fields_by_label}
    return type(value)(**{name: without_additional(each) for name, each in fields.items()})


def _in_roster(certificate: sc.Certificate) -> sc.Certificate | None:
    try:
        return without_additional(certificate)
    except ValidationError:
        return None  # something had additional fields and nothing else


#: Certificates that a roster can state.
CERTIFICATES = instances(sc.Certificate).map(_in_roster).filter(lambda each: each is not None)
#: Several in a batch, of which some have the course and all else from others.
MANY = st.lists(CERTIFICATES, min_size=1, max_size=4).flatmap(
    lambda some: st.lists(
        st.builds(
            lambda one, other: one.model_copy(
                update={"learner": other.learner, "completed_on": other.completed_on}
            ),
            st.sampled_from(some),
            st.sampled_from(some),
        ),
        min_size=1,
        max_size=6,
    )
)


def cells(certificate: sc.Certificate) -> dict[str, Any]:
    return statement_cell(certificate)
