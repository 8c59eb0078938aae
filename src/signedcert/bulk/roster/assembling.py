"""Fields' values → a batch: each from its cell, else the course's, else the same for all rows."""

from collections.abc import Iterable, Mapping
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from signedcert.bulk.kernel.schemas import ROSTER, ROSTER_FIELDS
from signedcert.bulk.roster.errors import RowErrors, shown
from signedcert.bulk.roster.fields import COURSE_REF, FIELDS, KEY
from signedcert.bulk.roster.mapping import RosterMapping
from signedcert.model.declarations import Nested, Shape

_TITLE = "course.title"
#: Values by the paths of their fields.
Values = Mapping[str, pa.Array]


class Assembly:
    """Puts batches together.

    :ivar schema: the columns of every batch, in the order of the ROSTER schema.
    """

    def __init__(self, columns: Iterable[str], mapping: RosterMapping) -> None:
        """``columns`` are the paths of the fields that have a column, :data:`KEY` among them."""
        paths = {*columns, *mapping.constants}.union(*mapping.courses.values())
        tops = {each.partition(".")[0] for each in paths} - {COURSE_REF}
        wanted = {"line", "reading_error"} | tops
        self.schema = pa.schema([each for each in ROSTER if each.name in wanted])
        self._shapes = [(each.name, each.shape) for each in ROSTER_FIELDS if each.name in tops]
        self._keyed = KEY in tops
        self._constants = {
            path: pa.scalar(value, FIELDS[path].type) for path, value in mapping.constants.items()
        }
        self._codes = pa.array(mapping.courses, pa.string())
        given = set[str]().union(*mapping.courses.values())
        self._courses = {
            path: pa.array([each.get(path) for each in mapping.courses.values()], FIELDS[path].type)
            for path in given
        }
        self._where = mapping.name

    def batch(self, lines: pa.Array, values: Values, errors: RowErrors) -> pa.RecordBatch:
        """The batch of some rows.

        :param values: of each field that has a column; null where its cell is empty.
        :param errors: gets those of rows whose course is not known, or not said.
        """
        rows = len(lines)
        course = self._course_of(values, errors)
        columns = [self._column(shape, name, values, course, rows) for name, shape in self._shapes]
        key = [values[KEY]] if self._keyed else []
        return pa.RecordBatch.from_arrays(
            [lines, errors.column(rows), *key, *columns], schema=self.schema
        )

    def _course_of(self, values: Values, errors: RowErrors) -> pa.Array | None:
        """The number of each row's course in the mapping."""
        codes = values.get(COURSE_REF)
        if codes is None:
            return None
        numbers = pc.index_in(codes, value_set=self._codes)
        unknown = pc.and_(pc.is_null(numbers), pc.is_valid(codes))
        for row in pc.indices_nonzero(unknown).to_pylist():
            code = shown(codes[row].as_py())
            errors.add(row, f"{COURSE_REF}: {self._where} lists no course {code} under [courses]")
        # What [certificate] gives is not meant for a row that only lacks its code.
        titles = values.get(_TITLE)
        nameless = pc.is_null(codes)
        if titles is not None:
            nameless = pc.and_(nameless, pc.is_null(titles))
        for row in pc.indices_nonzero(nameless).to_pylist():
            # Of a row that could not be read, there is nothing.
            if row not in errors or any(each[row].is_valid for each in values.values()):
                errors.add(row, f"{COURSE_REF}: the row has no course code")
        return numbers

    def _column(
        self, shape: Shape, path: str, values: Values, course: pa.Array | None, rows: int
    ) -> pa.Array:
        if not isinstance(shape, Nested):
            return self._values(path, values, course, rows)
        fields = shape.model.fields_by_label
        parts = [
            self._column(each.shape, f"{path}.{each.name}", values, course, rows) for each in fields
        ]
        # What has nothing in it is not there: an empty result would be refused.
        absent = reduce(pc.and_, (pc.is_null(each) for each in parts))
        return pa.StructArray.from_arrays(parts, [each.name for each in fields], mask=absent)

    def _values(self, path: str, values: Values, course: pa.Array | None, rows: int) -> pa.Array:
        kind = FIELDS[path].type
        sources = []
        if path in values:
            sources.append(values[path])
        if course is not None and path in self._courses:
            sources.append(self._courses[path].take(course))
        if path in self._constants:
            if not sources:
                return pa.repeat(self._constants[path], rows)
            sources.append(self._constants[path])
        if not sources:
            return pa.nulls(rows, kind)
        return sources[0] if len(sources) == 1 else pc.coalesce(*sources)
