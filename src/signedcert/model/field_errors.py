"""What is wrong with the fields of a statement: every fault, its place, what was expected there."""

import difflib
from collections.abc import Iterable

from pydantic import ValidationError

from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.labelled import Labelled

_Place = tuple[int | str, ...]
#: pydantic names the alternative of a union in its paths; JSON has no such thing.
_ALTERNATIVES = frozenset({"text", "map"})


def field_errors(error: ValidationError, model: type[Labelled]) -> list[str]:
    """One line a fault: the field's path, then what was expected."""
    lines = []
    for fault in error.errors(include_url=False, include_input=False):
        place = tuple(part for part in fault["loc"] if part not in _ALTERNATIVES)
        expected = _expected(fault["type"], fault["msg"], place, model)
        lines.append(f"{path_of(place)}: {expected}")
    return lines


def path_of(place: Iterable[int | str]) -> str:
    """A place in a statement as people write it: ``course.syllabus[0].hours``."""
    path = ""
    for part in place:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.lstrip(".") or "the statement"


def _expected(kind: str, message: str, place: _Place, model: type[Labelled]) -> str:
    match kind:
        case "missing":
            field = _field(place, model)
            return "it is missing" + (f"; expected: {field.meaning}" if field else "")
        case "extra_forbidden":
            return f"there is no such field{_nearest(place, model)}"
        case "model_type" | "model_attributes_type":
            names = ", ".join(_names(_model(place, model)))
            return f"expected an object with the fields {names}"
        case "tuple_type":
            return "expected a list"
    return message.removeprefix("Value error, ")


def _nearest(place: _Place, model: type[Labelled]) -> str:
    owner = _model(place[:-1], model)
    names = _names(owner)
    near = difflib.get_close_matches(str(place[-1]), names, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(names)}"


def _names(model: type[Labelled] | None) -> list[str]:
    return [] if model is None else [field.name for field in model.fields_by_label]


def _field(place: _Place, model: type[Labelled]) -> Field | None:
    owner = _model(place[:-1], model)
    fields = () if owner is None else owner.fields_by_label
    return next((field for field in fields if field.name == place[-1]), None)


def _model(place: _Place, model: type[Labelled]) -> type[Labelled] | None:
    """The model that a place holds."""
    shape: Shape = Nested(model)
    for part in place:
        if isinstance(shape, Many):
            shape = shape.item
            continue
        owner = shape.model if isinstance(shape, Nested | Row | TextOr) else None
        fields = () if owner is None else owner.fields_by_label
        found = next((field for field in fields if field.name == part), None)
        if found is None:
            return None
        shape = found.shape
    return shape.model if isinstance(shape, Nested | Row | TextOr) else None
