"""A token taken apart for looking at. Nothing in here is verified."""

from dataclasses import dataclass, field
from typing import Any

from cbor2 import frozendict

from signedcert.codec.cbor import decode
from signedcert.codec.diagnose import diagnose
from signedcert.codec.framing import ALG, KID, TYP, Frame
from signedcert.codec.lift import lift
from signedcert.errors import DecodeError
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.kinds import MODELS
from signedcert.model.statement import BODY, Statement

_HEADERS = {ALG: "alg", KID: "kid", TYP: "typ"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What breaks the format's rules, and where."""

    reason: str
    path: str
    expected: str

    def to_dict(self) -> dict[str, str]:
        """By name, for JSON."""
        return {"reason": self.reason, "path": self.path, "expected": self.expected}


@dataclass(frozen=True, slots=True)
class Content:
    """A payload taken apart.

    :ivar statement: the statement, where the payload follows the format.
    :ivar named: otherwise its values, with the names of those that are known.
    :ivar faults: why it does not follow the format.
    """

    statement: Statement | None
    named: Any = None
    faults: list[Fault] = field(default_factory=list)

    def to_json(self) -> Any:
        """What it says, in JSON's types."""
        if self.statement is None:
            return self.named
        return self.statement.model_dump(mode="json", exclude_defaults=True)


def content_of(frame: Frame) -> Content:
    """What the payload of a token says."""
    model = MODELS[frame.media_type]
    try:
        return Content(lift(frame.payload, model))
    except DecodeError as error:
        refusal = error
    try:
        found = diagnose(frame.payload, model).faults
    except DecodeError:
        # Not even deterministic CBOR: there is nothing to name.
        fault = Fault(refusal.reason.value, "payload", str(refusal))
        return Content(None, {"payload": frame.payload.hex()}, [fault])
    faults = [Fault(reason.value, path, expected) for reason, path, expected in found]
    return Content(None, _payload(decode(frame.payload), model), faults)


def header_of(token: bytes) -> dict[str, Any] | None:
    """The protected header of a COSE_Sign1 that is no token of ours, where it has one."""
    try:
        item = decode(token[1:])
        header = decode(item[0]) if isinstance(item, tuple) and item else None
    except (DecodeError, TypeError):
        return None
    if not isinstance(header, frozendict):
        return None
    return {_HEADERS.get(label, f"label {label}"): _plain(item) for label, item in header.items()}


def _payload(value: Any, model: type[Statement]) -> Any:
    if not isinstance(value, frozendict):
        return _plain(value)
    claims = [field for field in model.fields_by_label if field.in_claims]
    body = [field for field in model.fields_by_label if not field.in_claims]
    named = _entries(frozendict({k: v for k, v in value.items() if k != BODY}), claims)
    if BODY in value:
        inner = value[BODY]
        named["body"] = _entries(inner, body) if isinstance(inner, frozendict) else _plain(inner)
    return named


def _entries(value: Any, fields: list[Field]) -> dict[str, Any]:
    known = {field.number: field for field in fields}
    return {
        known[label].name if label in known else f"label {label}": (
            _named(item, known[label].shape) if label in known else _plain(item)
        )
        for label, item in value.items()
    }


def _named(value: Any, shape: Shape) -> Any:
    match shape, value:
        case Many(item), tuple():
            return [_named(each, item) for each in value]
        case ((Nested(model) | TextOr(_, model)), frozendict()):
            return _entries(value, list(model.fields_by_label))
        case Row(model), tuple() if len(value) == len(model.fields_by_label):
            pairs = zip(model.fields_by_label, value, strict=True)
            return {column.name: _named(each, column.shape) for column, each in pairs}
    return _plain(value)


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return value.hex()
        case tuple():
            return [_plain(item) for item in value]
        case frozendict():
            return {f"label {key}": _plain(item) for key, item in value.items()}
    return value
