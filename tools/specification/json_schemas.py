"""JSON Schema (2020-12) of statements and documents as JSON shows them, from their models."""

import re
from typing import Any

from signedcert.model.additional import AdditionalFields
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Leaf
from signedcert.model.statement import Signed, Statement
from specification.models import nested_models

#: What ``signedcert issue`` fills in where it is left out.
FILLED_IN = {
    "id": "Ten new random bytes where it is left out",
    "issuer": "The workspace's issuer where it is left out",
    "issued_at": "The moment of issuing where it is left out",
}
_ADDITIONAL = {
    "additional": "Fields of later versions, by label, as they were signed",
    "additional_claims": "Claims of later versions, by number, as they were signed",
}


def json_schema(model: type[Signed], *, issue_input: bool) -> dict[str, Any]:
    """The schema of one kind of statement or document.

    :param issue_input: of what an issuer writes for ``signedcert issue``, instead of what
        verification shows: some fields are filled in, and fields of later versions do not exist.
    """
    inner = [each for each in nested_models(model) if each is not model]
    definitions = {each.__name__: _object(each, issue_input, filled_in=False) for each in inner}
    filled_in = issubclass(model, Statement)
    title = _words(model.__name__)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{title}, as input of signedcert issue" if issue_input else title,
        **_object(model, issue_input, filled_in=filled_in),
        "$defs": dict(sorted(definitions.items())),
    }


def _object(model: type[Labelled], issue_input: bool, *, filled_in: bool) -> dict[str, Any]:
    fields = {field.name: field for field in model.fields_by_label}
    properties = {}
    required = []
    for name in model.model_fields:
        if name in fields:
            properties[name] = _property(fields[name], issue_input, filled_in=filled_in)
            if fields[name].required and not (issue_input and name in FILLED_IN):
                required.append(name)
    if not issue_input:
        for name, words in _ADDITIONAL.items():
            if name in model.model_fields:
                properties[name] = {"description": words, **AdditionalFields().json_schema()}
    schema = {
        "description": re.sub(r"\s+", " ", (model.__doc__ or "").strip()),
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        return schema | {"required": required}
    return schema if issubclass(model, Signed) else schema | {"minProperties": 1}


def _property(field: Field, issue_input: bool, *, filled_in: bool) -> dict[str, Any]:
    words = field.meaning[0].upper() + field.meaning[1:]
    if filled_in and field.name in FILLED_IN:
        words += f". {FILLED_IN[field.name]}" + ("" if issue_input else " of the input")
    schema = _shape(field.shape)
    if field.required:
        return {"description": words, **schema}
    if field.default is None:
        alternatives = schema["anyOf"] if list(schema) == ["anyOf"] else [schema]
        return {"description": words, "anyOf": [*alternatives, {"type": "null"}], "default": None}
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return {"description": words, **schema, "default": default}


def _shape(shape: Shape) -> dict[str, Any]:
    match shape:
        case Many(item, maximum):
            return {"type": "array", "items": _shape(item), "maxItems": maximum}
        case Nested(model) | Row(model):
            return _reference(model)
        case TextOr(text, model):
            return {"anyOf": [text.json_schema(), _reference(model)]}
        case Leaf():
            return shape.json_schema()


def _reference(model: type[Labelled]) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{model.__name__}"}


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
