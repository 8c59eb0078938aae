"""Payload bytes → typed statement, in one pass, by code that is generated once for each model.

Verification at the speed of the signature check leaves some twenty microseconds for all the rest,
and to validate a second time with pydantic what the issuer's constructor validated takes longer
than that. So each model's table of fields is turned into straight-line code that takes the decoded
map apart, checks every rule of the wire format, and adds up the shortest lengths (see
:mod:`signedcert.codec.cbor`). That code only says yes or no; :mod:`signedcert.codec.diagnose` says
why, and a property test holds the two together.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from signedcert.codec.cbor import encode, encoded_length, head_length, parse
from signedcert.codec.diagnose import diagnose, has_refused_text
from signedcert.codec.lift_leaves import CONFIRMATION_SIZE, SMALL
from signedcert.codec.lift_source import Source
from signedcert.codec.scan import SMALL as SMALL_INPUT
from signedcert.errors import DecodeError
from signedcert.model.additional import FIRST_ADDITIONAL, FrozenMap
from signedcert.model.labelled import Labelled
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.octets import X, is_ed25519_key, is_other_key
from signedcert.model.statement import BODY, Signed
from signedcert.model.text import refused_character

S = TypeVar("S", bound=Signed)

#: ``{1: {1: 1, -1: 6, -2: x}}`` up to x.
_CONFIRMATION = bytes.fromhex("a101a301012006215820")


class Refused(Exception):
    """A value breaks a rule; :mod:`signedcert.codec.diagnose` says which."""


def lift(payload: bytes, model: type[S]) -> S:
    """The statement that a payload encodes.

    The signature over the payload must have been verified before: this is where parsing begins.

    :raises DecodeError: with ``not_deterministic``, ``schema_violation``, ``unknown_field`` or
        ``unknown_value`` (spec, section 6).
    """
    try:
        statement, length = lifter(model)(parse(payload, unseen=SMALL_INPUT))
        if length == len(payload) and not statement.ends_before_it_begins:
            return statement  # type: ignore[no-any-return]  # what the generated code made
    except (Refused, DecodeError):
        pass
    raise diagnose(payload, model).error()


@cache
def lifter(model: type[Labelled]) -> Callable[[Any], tuple[Any, int]]:
    """What turns a decoded value into the model and the length of its deterministic encoding.

    It takes the value apart, which is of no use afterwards, and raises :class:`Refused`.
    """
    source = Source(model, lifter)
    names: dict[str, Any] = _NAMES | source.names | {"FIELDS": frozenset(model.model_fields)}
    # The source comes from our own tables alone; no input has a part in it.
    exec(compile(source.text, f"<lift {model.__name__}>", "exec"), names)  # noqa: S102
    return names["lift"]  # type: ignore[no-any-return]  # the function just defined


def _number(value: Any, minimum: int) -> tuple[Decimal, int]:
    """A decimal quantity: an integer, or [mantissa, scale] (spec, section 4.2)."""
    if value.__class__ is int:
        if not minimum <= value <= INTEGER_MAX:
            raise Refused
        return Decimal(value), head_length(value if value >= 0 else ~value)
    if value.__class__ is not list or len(value) != 2:
        raise Refused
    mantissa, scale = value
    if (
        mantissa.__class__ is not int
        or scale.__class__ is not int
        or not minimum <= mantissa <= INTEGER_MAX
        or not 1 <= scale <= 9
        or mantissa % 10 == 0
    ):
        raise Refused
    length = head_length(mantissa if mantissa >= 0 else ~mantissa)
    return Decimal(f"{mantissa}E-{scale}"), 2 + length


def _additional(entries: dict[Any, Any], known: frozenset[int]) -> tuple[Any, int]:
    """The entries that this version does not know, and the length of their keys and values.

    What comes here is a map with entries that the fields in order did not use up.
    """
    length = 0
    found = {}
    previous = -1
    for label, value in entries.items():
        if label.__class__ is not int or label <= previous:
            raise Refused
        previous = label
        if label in known:
            continue
        if label < FIRST_ADDITIONAL or label > INTEGER_MAX or has_refused_text(value):
            raise Refused
        length += head_length(label) + encoded_length(value)
        found[label] = value
    return _frozen(found), length


def _cose_key(value: Any) -> tuple[Any, int]:
    """A COSE_Key: the bytes of an Ed25519 key, or the map of another kind."""
    if value.__class__ is not dict:
        raise Refused
    length = encoded_length(value)
    if is_other_key(value) and not has_refused_text(value):
        return _frozen(value), length
    if not is_ed25519_key(value):
        raise Refused
    return value[X], length


def _confirmed(value: Any) -> bytes:
    """The key of a confirmation (RFC 8747)."""
    # Only one value has this encoding, whatever true and 1.0 equal to Python.
    encoded = encode(value)
    if len(encoded) != CONFIRMATION_SIZE or not encoded.startswith(_CONFIRMATION):
        raise Refused
    return encoded[len(_CONFIRMATION) :]


def _frozen(value: Any) -> Any:
    if value.__class__ is list:
        return tuple([_frozen(item) for item in value])
    if value.__class__ is dict:
        return FrozenMap({key: _frozen(item) for key, item in value.items()})
    return value


def _slot(name: str) -> Any:
    return BaseModel.__dict__[name].__set__


#: What generated code may name besides its own model's objects. The four slots are all the state
#: that a pydantic model has; filling them is what model_construct does, without its bookkeeping.
_NAMES: dict[str, Any] = {
    "__builtins__": {"iter": iter, "len": len, "next": next, "tuple": tuple},
    "BODY": BODY,
    "END": (None, None),
    "Refused": Refused,
    "SMALL": SMALL,
    "UTC": UTC,
    "additional": _additional,
    "day": date.fromordinal,
    "dict": dict,
    "int": int,
    "list": list,
    "str": str,
    "bytes": bytes,
    "confirmed": _confirmed,
    "cose_key": _cose_key,
    "moment": datetime.fromtimestamp,
    "new": object.__new__,
    "number": _number,
    "refused": refused_character,
    "set_values": _slot("__dict__"),
    "set_fields": _slot("__pydantic_fields_set__"),
    "set_extra": _slot("__pydantic_extra__"),
    "set_private": _slot("__pydantic_private__"),
}
