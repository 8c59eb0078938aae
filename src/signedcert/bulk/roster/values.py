"""Values as JSON and TOML have them → values of a batch, checked by the model's own rules."""

from typing import Any

from pydantic import ValidationError

from signedcert.model.declarations import Many, Nested, Row, Shape, TextOr
from signedcert.model.field_errors import field_errors
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Leaf
from signedcert.model.numbers import Integer, Number, NumberRange
from signedcert.model.times import Day, Moment


def batch_value(shape: Shape, value: Any) -> Any:
    """The value as a batch holds it, whatever of its lists and objects is complete.

    :param value: what :func:`wrong_fields` found nothing wrong with.
    :raises ValueError: for additional fields, which a roster has no place for.
    """
    match shape:
        case Many(item, _):
            return [batch_value(item, each) for each in value]
        case TextOr(_, model) if isinstance(value, str):
            return {model.fields_by_label[0].name: shape.text.check(value)}
        case Nested(model) | Row(model) | TextOr(_, model):
            return _members(model, value)
        case Number():
            return f"{shape.check(value):f}"
        case NumberRange():
            return [f"{each:f}" for each in shape.check(value)]
        case Integer() | Day() | Moment():
            return shape.check(value)
        case Leaf():
            return shape.to_json(shape.check(value))


def _members(model: type[Labelled], value: dict[str, Any]) -> dict[str, Any]:
    fields = {each.name: each.shape for each in model.fields_by_label}
    if extra := sorted(value.keys() - fields.keys()):
        raise ValueError(f"{extra[0]}: there is no such field in a roster")
    return {
        name: batch_value(fields[name], each) for name, each in value.items() if each is not None
    }


def wrong_fields(model: type[Labelled], value: object, *, complete: bool) -> list[str]:
    """What is wrong with a value of a model: a line a fault, none where all is well.

    :param complete: whether required fields must be there. Where not, those within items of lists
        must nevertheless.
    """
    try:
        model.model_validate(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        lines = zip(faults, field_errors(error, model), strict=True)
        return [line for fault, line in lines if complete or not _left_out(fault)]
    return []


def _left_out(fault: Any) -> bool:
    return fault["type"] == "missing" and all(isinstance(part, str) for part in fault["loc"])
