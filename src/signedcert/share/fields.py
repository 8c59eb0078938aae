"""Which fields of a course record its holder may withhold, and what they hold."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from signedcert.model.course_record import Assessment, CourseRecord
from signedcert.model.declarations import Many, Nested
from signedcert.model.identity import IdentityCheck
from signedcert.model.issued_record import VisibleRecord
from signedcert.model.labelled import Labelled


class Withholdable(NamedTuple):
    """A field that may be withheld.

    :ivar name: its name in :class:`signedcert.CourseRecord`.
    :ivar label: its label there.
    :ivar model: what it holds, or what each of its rows holds.
    :ivar rows: the least number of rows, decoys included; 0 where it is no list.
    :ivar rows_max: how many rows it has at most, decoys not included; 0 likewise.
    """

    name: str
    label: int
    model: type[Labelled]
    rows: int
    rows_max: int

    @property
    def is_list(self) -> bool:
        """Whether its rows may be withheld one by one."""
        return self.rows > 0


#: Fewer rows than these are filled up with decoys; see :func:`padded`.
_LEAST_ROWS = {Assessment: 8, IdentityCheck: 4}


def _withholdable() -> dict[int, Withholdable]:
    visible = {field.name for field in VisibleRecord.fields_by_label}
    found = {}
    for field in CourseRecord.fields_by_label:
        if field.name in visible:
            continue
        shape = field.shape.item if isinstance(field.shape, Many) else field.shape
        assert isinstance(shape, Nested)  # no other kind of field may be withheld
        rows = rows_max = 0
        if isinstance(field.shape, Many):
            rows, rows_max = _LEAST_ROWS[shape.model], field.shape.maximum
        found[field.number] = Withholdable(field.name, field.number, shape.model, rows, rows_max)
    return found


#: By label.
WITHHOLDABLE: Mapping[int, Withholdable] = MappingProxyType(_withholdable())


def padded(count: int, least: int) -> int:
    """How many rows a list of so many has with its decoys: a power of two.

    So whoever sees one row learns of the number of the others no more than its order of magnitude.
    """
    return max(least, 1 << (count - 1).bit_length())
