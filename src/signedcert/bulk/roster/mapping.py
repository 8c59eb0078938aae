"""The mapping: a TOML file that says which column is which field, and what all rows share."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from signedcert.bulk.roster.constants import Constants, course_constants, fixed
from signedcert.bulk.roster.csv_options import CsvOptions, csv_options
from signedcert.bulk.roster.errors import RosterError
from signedcert.bulk.roster.fields import COURSE_REF, SHORT_NAMES, TARGETS, nearest, same_name
from signedcert.bulk.roster.toml_file import Table, read_toml

_TABLES = ("columns", "ignore", "certificate", "courses", "csv")


@dataclass(frozen=True, slots=True)
class RosterMapping:
    """How a roster is read. Without a file, columns are called what the fields are called.

    :ivar name: what messages call the file.
    :ivar digest: SHA-256 of the file, in hexadecimal; of nothing where there is none.
    :ivar columns: the column of each field that the file names.
    :ivar ignored: names of columns that are left out, in the form of :func:`same_name`.
    :ivar ignore_all: whether every column is left out that is no field's.
    :ivar constants: fields by their paths, the same for every row.
    :ivar courses: the same for each course, by the code that rows name it by.
    """

    name: str = "the mapping"
    digest: str = field(default_factory=lambda: hashlib.sha256().hexdigest())
    columns: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    ignore_all: bool = False
    constants: Constants = field(default_factory=dict)
    courses: Mapping[str, Constants] = field(default_factory=dict)
    csv: CsvOptions = field(default_factory=CsvOptions)


NO_MAPPING = RosterMapping()


def read_mapping(data: bytes, name: str) -> RosterMapping:
    """The mapping in a TOML file.

    :param name: what to call the file in messages.
    :raises RosterError: for whatever is not a mapping: the message names file, table and key.
    """
    whole = Table(name, "", read_toml(data, name))
    whole.refuse_others(_TABLES)
    columns = _columns(whole.table("columns"))
    ignored, ignore_all = _ignored(whole.table("ignore"))
    by_form = {same_name(column): path for path, column in columns.items()}
    for each in ignored & by_form.keys():
        raise RosterError(
            f"{name}: the column of {by_form[each]} stands under [ignore], too: take it out there"
        )
    courses = {
        code: course_constants(entry) for code, entry in whole.table("courses").tables().items()
    }
    if COURSE_REF in columns and not courses:
        raise RosterError(
            f"{name}: [columns] {COURSE_REF} finds nothing without courses: list them as "
            '[courses."CODE"]'
        )
    return RosterMapping(
        name=name,
        digest=hashlib.sha256(data).hexdigest(),
        columns=columns,
        ignored=ignored,
        ignore_all=ignore_all,
        constants=fixed(whole.table("certificate")),
        courses=courses,
        csv=csv_options(whole.table("csv")),
    )


def _columns(table: Table) -> dict[str, str]:
    columns: dict[str, str] = {}
    for given, value in _dotted(table.values):
        path = SHORT_NAMES.get(given, given)
        where = table.place(given)
        if path in columns:
            raise RosterError(f"{where}: {path} is given twice; leave one of them out")
        if path not in TARGETS:
            meant = nearest(path, TARGETS)
            hint = f"; did you mean {meant}?" if meant else f"; fields are {', '.join(TARGETS)}"
            raise RosterError(f"{where}: there is no such field{hint}")
        if not isinstance(value, str) or not value.strip():
            raise RosterError(f'{where}: expected the name of a column, such as {path} = "Student"')
        columns[path] = value
    return columns


def _dotted(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """What the table gives, with ``learner.name = …`` and ``"learner.name" = …`` alike."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _ignored(table: Table) -> tuple[frozenset[str], bool]:
    table.refuse_others(("columns", "all"))
    every = table.values.get("all", False)
    if not isinstance(every, bool):
        raise RosterError(f"{table.place('all')}: expected true or false")
    names = table.values.get("columns", [])
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise RosterError(f'{table.place("columns")}: expected names, such as ["Email", "Notes"]')
    return frozenset(same_name(each) for each in names), every
