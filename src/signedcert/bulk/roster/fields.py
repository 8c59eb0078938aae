"""The fields that a roster can fill, by their paths: ``learner.name``, ``course.title`` and so on.

They are the certificate's own declarations; nothing is listed here a second time.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from signedcert.bulk.kernel.schemas import ROSTER_FIELDS, arrow_type
from signedcert.model.declarations import Field, Nested, Shape

#: The roster's own key of a row, and the code by which a row finds its course in the mapping.
KEY: Final = "key"
COURSE_REF: Final = "course_ref"
#: Names for people, beside the paths.
SHORT_NAMES = {
    "learner": "learner.name",
    "latin_name": "learner.latin_name",
    "course": "course.title",
    "institution": "course.institution",
}
#: Longer names are compared with no others: that takes time with the square of the length.
_NAME_MAX = 100
#: What every certificate has.
_ALWAYS = ("learner", "course")


@dataclass(frozen=True, slots=True)
class RosterField:
    """A field that one cell fills.

    :ivar path: its place in a certificate.
    :ivar type: the type of its values in a batch.
    :ivar required: whether what it is part of cannot be without it.
    """

    path: str
    shape: Shape
    type: pa.DataType
    required: bool
    meaning: str

    @property
    def owner(self) -> str:
        """The path of what it is part of; empty where that is the certificate."""
        return self.path.rpartition(".")[0]


def _expanded(fields: Iterable[Field], prefix: str = "") -> Iterator[RosterField]:
    for each in fields:
        path = prefix + each.name
        if isinstance(each.shape, Nested):
            yield from _expanded(each.shape.model.fields_by_label, f"{path}.")
        else:
            kind = arrow_type(each.shape)
            yield RosterField(path, each.shape, kind, each.required, each.meaning)


FIELDS: dict[str, RosterField] = {each.path: each for each in _expanded(ROSTER_FIELDS)}
#: All that a column can be mapped to.
TARGETS: tuple[str, ...] = (KEY, COURSE_REF, *FIELDS)


def required_for(given: Iterable[str]) -> Iterator[RosterField]:
    """The fields that must come from somewhere, where ``given`` are those that do."""
    owners = {"", *_ALWAYS}
    for path in given:
        parts = path.split(".")
        owners.update(".".join(parts[:count]) for count in range(1, len(parts)))
    return (each for each in FIELDS.values() if each.required and each.owner in owners)


def same_name(name: str) -> str:
    """A name in the form in which names are compared: case, spaces and underscores do not count."""
    plain = unicodedata.normalize("NFC", name).strip().casefold()
    return re.sub(r"[\s_]+", "_", plain)


_BY_NAME = {same_name(each): each for each in TARGETS} | SHORT_NAMES


def target_named(name: str) -> str | None:
    """What a column of this name is, where no mapping says so."""
    return _BY_NAME.get(same_name(name))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Which of the names was probably meant."""
    if len(name) > _NAME_MAX:
        return None
    by_form = {same_name(each): each for each in names if len(each) <= _NAME_MAX}
    near = difflib.get_close_matches(same_name(name), by_form, 1, 0.6)
    return by_form[near[0]] if near else None
