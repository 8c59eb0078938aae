"""What stands where in a sheet: the input's own columns, then the verdict's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

#: Before the name of a column of the input that has the name of one of the verdict's.
_INPUT = "input_"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a sheet.

    :ivar place: what says where a row came from: ``line``, ``row`` or ``file``.
    :ivar own: the input's own columns, as it names them. Names may be empty and come twice.
    :ivar verdict: the verdict's columns.
    :ivar shows_place: whether the sheet has a column for the place, too.
    :ivar guards_own: whether the input's own text is kept from being taken for a formula. That of
        a spreadsheet stays as it is.
    :ivar says_lines: whether errors say in which line they are. Line numbers have no other place in
        the sheet of a table.
    :ivar delimiter: between the cells of a CSV file.
    """

    place: pa.Field
    own: pa.Schema
    verdict: pa.Schema
    shows_place: bool = False
    guards_own: bool = True
    says_lines: bool = False
    delimiter: str = ","

    @property
    def part(self) -> pa.Schema:
        """The columns of the batches that a sheet is made of; each name is there once."""
        numbered = [each.with_name(f"own {at}") for at, each in enumerate(self.own)]
        place = self.place.with_name("place")
        return pa.schema([place, *(each.with_metadata(None) for each in numbered), *self.verdict])

    def batch(
        self, place: pa.Array, own: Sequence[pa.Array], verdict: pa.RecordBatch
    ) -> pa.RecordBatch:
        """One batch of these columns."""
        columns = [place, *own, *(verdict.column(name) for name in self.verdict.names)]
        return pa.record_batch(columns, schema=self.part)

    def names(self, *, unique: bool) -> list[str]:
        """The names over the sheet's columns.

        No column of the input has the name of one of the verdict's: nobody's own column may pass
        for a verdict.

        :param unique: whether names that come twice are numbered.
        """
        ours = self.verdict.names
        taken = {name.casefold() for name in ours}
        if self.shows_place:
            ours = [self.place.name, *ours]
            taken.add(self.place.name.casefold())
        own = [_renamed(name, taken, self.own.names) for name in self.own.names]
        if unique:
            own = list(_numbered(own, taken))
        return [*ours[:1], *own, *ours[1:]] if self.shows_place else [*own, *ours]

    def columns(self, batch: pa.RecordBatch) -> list[pa.Array]:
        """A batch's columns as the sheet has them."""
        columns = list(batch.columns[0 if self.shows_place else 1 :])
        if self.says_lines:
            at = self.verdict.get_field_index("error") - len(self.verdict)
            lines = pc.binary_join_element_wise(
                "line ", batch.column("place").cast(pa.string()), ""
            )
            columns[at] = pc.binary_join_element_wise(lines, columns[at], ": ")
        return columns


def _renamed(name: str, taken: set[str], own: Sequence[str]) -> str:
    if name.strip().casefold() not in taken:
        return name
    renamed = f"{_INPUT}{name.strip()}"
    while renamed in own:
        renamed = f"{_INPUT}{renamed}"
    return renamed


def _numbered(names: Sequence[str], taken: set[str]) -> Iterator[str]:
    used = set(taken)
    for at, name in enumerate(names, 1):
        given, number = name or f"column_{at}", 1
        chosen = given
        while chosen.casefold() in used:
            number += 1
            chosen = f"{given}_{number}"
        used.add(chosen.casefold())
        yield chosen
