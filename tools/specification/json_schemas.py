"""JSON Schema (2020-12) of what is signed, as JSON shows it, from the models."""

import re
from typing import Any

from signedcert.model.additional import AdditionalFields
from signedcert.model.course_record import CourseRecord
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Leaf
from signedcert.model.statement import Signed, Statement
from signedcert.share.disclosures import ROWS_MAX
from signedcert.share.fields import WITHHOLDABLE
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


def shared_record_schema() -> dict[str, Any]:
    """The schema of a record as verification shows it, with what is withheld as such."""
    whole = json_schema(CourseRecord, issue_input=False)
    others = [*nested_models(VisibleRecord)[1:], *nested_models(ShareClaims)]
    for model in others:
        if model.__name__ not in whole["$defs"]:
            whole["$defs"][model.__name__] = _object(model, issue_input=False, filled_in=False)
    whole["$defs"]["Withheld"] = _WITHHELD
    visible = {field.name: field for field in VisibleRecord.fields_by_label}
    properties = whole["properties"]
    withheld = {field.name for field in WITHHOLDABLE.values()}
    for field in WITHHOLDABLE.values():
        properties[field.name] = _or_withheld(properties[field.name], is_list=field.is_list)
    for name in ("holder_key", "share_places"):
        properties[name] = _property(visible[name], issue_input=False, filled_in=False)
    properties["withholds_entries"] = {
        "description": "Whether the holder left something unrevealed that is not a row: a field "
        "that is withheld, one that only a later version knows, or a decoy",
        "type": "boolean",
    }
    properties["share"] = {
        "description": "What the holder signed; left out where nobody did",
        **_reference(ShareClaims),
    }
    return {
        **whole,
        "title": "Shared record",
        "description": "A course record as its holder shows it. What is neither here nor withheld "
        "is not in the record, if withholds_entries is false.",
        # The learner, too, may be shown to be absent.
        "required": [
            *(each for each in whole["required"] if each not in withheld),
            "holder_key",
            "withholds_entries",
        ],
        "$defs": dict(sorted(whole["$defs"].items())),
    }


_WITHHELD = {
    "description": "The holder did not reveal it, or there is nothing: that is not known",
    "type": "object",
    "properties": {"withheld": {"description": "Always true", "const": True}},
    "required": ["withheld"],
    "additionalProperties": False,
}


def _or_withheld(schema: dict[str, Any], *, is_list: bool) -> dict[str, Any]:
    """A field that may be withheld: as a whole and, of a list, row by row."""
    withheld = {"$ref": "#/$defs/Withheld"}
    held = {key: value for key, value in schema.items() if key in {"$ref", "type", "maxItems"}}
    if is_list:
        # Decoys that are withheld look like rows.
        held |= {"maxItems": ROWS_MAX, "items": {"anyOf": [schema["items"], withheld]}}
    elif "anyOf" in schema:
        held = next(each for each in schema["anyOf"] if "$ref" in each)
    return {"description": schema["description"], "anyOf": [held, withheld]}


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
        "description": re.sub(r"\s+", " ", (model.__doc__ or "").strip().split("\n\n")[0]),
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
