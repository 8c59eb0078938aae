"""What the mapping says once for all rows, or for all rows of a course: checked at the start."""

from typing import Any

from signedcert.bulk.kernel.schemas import ROSTER_FIELDS
from signedcert.bulk.roster.errors import RosterError, shown
from signedcert.bulk.roster.fields import FIELDS, nearest
from signedcert.bulk.roster.toml_file import Table
from signedcert.bulk.roster.values import batch_value, wrong_fields
from signedcert.model.certificate import Certificate
from signedcert.model.course import Course

#: Values of a batch by the paths of their fields.
Constants = dict[str, Any]

#: What the run gives every certificate anew.
_GIVEN = ("id", "issuer", "issued_at", "status")


def fixed(table: Table) -> Constants:
    """The fields that ``[certificate]`` gives every row.

    :raises RosterError: naming every wrong field.
    """
    for each in _GIVEN:
        if each in table.values:
            raise RosterError(f"{table.place(each)}: the run gives it; leave it out")
    table.refuse_others(each.name for each in ROSTER_FIELDS)
    # The model wants what the run gives, which is left out here on purpose.
    return _checked(table, wrong_fields(Certificate, dict(table.values), complete=False), "")


def course_constants(table: Table) -> Constants:
    """The fields that an entry of ``[courses]`` gives the rows that name it.

    :raises RosterError: naming every wrong field.
    """
    table.refuse_others(each.name for each in Course.fields_by_label)
    return _checked(table, wrong_fields(Course, dict(table.values), complete=False), "course.")


def _checked(table: Table, wrong: list[str], prefix: str) -> Constants:
    if not wrong:
        try:
            return _flat(table.values, prefix)
        except ValueError as error:
            wrong = [str(error)]
    faults = "\n".join(f"  {shown(each, 500)}" for each in wrong)
    raise RosterError(f"{table.name}: [{table.path}]:\n{faults}")


def _flat(values: Any, prefix: str) -> Constants:
    flat: Constants = {}
    for name, value in values.items():
        path = prefix + name
        if path in FIELDS:
            flat[path] = batch_value(FIELDS[path].shape, value)
        elif any(each.startswith(f"{path}.") for each in FIELDS):
            flat |= _flat(value, f"{path}.")
        else:
            near = nearest(path, FIELDS)
            hint = f"; did you mean {near}?" if near else ""
            raise ValueError(f"{path}: there is no such field in a roster{hint}")
    return flat
