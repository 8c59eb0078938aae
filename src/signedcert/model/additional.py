"""Fields that a later version added and this one may ignore: labels of 128 and above."""

import base64
from typing import Any, NoReturn, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from signedcert.model.leaf import Leaf
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.text import compiled, kind_of, refused_character

FIRST_ADDITIONAL = 128
#: No token nests deeper (spec, section 4), wherever in it the value stands.
_DEEPEST = 8


class FrozenMap(dict[int, Any]):
    """A map of labels to values that does not change, so that statements can be hashed.

    (cbor2's frozendict can be neither copied nor pickled, and statements travel between processes.)
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        # True == 1 in Python, but they are two values on the wire.
        return dict.__eq__(self, other) is True and (
            not isinstance(other, FrozenMap) or repr(self) == repr(other)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:  # type: ignore[override]  # dict says None: it changes
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type[Self], tuple[dict[int, Any]]]:
        return type(self), (dict(self),)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.dict_schema()  # for the default in JSON Schemas

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("the map is frozen")

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse


NOTHING_ADDITIONAL = FrozenMap()


class AdditionalFields(Leaf):
    """A map of labels to CBOR values: int, bool, str, bytes, tuple or FrozenMap of these.

    JSON writes labels in decimal, and byte strings as ``{"base64url": "…"}``, which is no map of
    the wire: its key is no integer.
    """

    __slots__ = ()

    def check(self, value: object) -> FrozenMap:
        if not isinstance(value, dict):
            raise ValueError("expected a map of labels to values")
        fields: FrozenMap = frozen(value)
        if any(label < FIRST_ADDITIONAL for label in fields):
            raise ValueError(f"additional labels are {FIRST_ADDITIONAL} and above")
        return fields

    def to_json(self, value: FrozenMap) -> dict[str, Any]:
        return {str(label): shown(item) for label, item in value.items()}

    def json_schema(self) -> dict[str, Any]:
        # 128 and above; at most 16 digits, as 2**53 - 1 has.
        labels = "^(12[89]|1[3-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3,15})$"
        return {"type": "object", "propertyNames": {"pattern": labels}}


def frozen(value: object, depth: int = _DEEPEST) -> Any:
    """The value with every array a tuple and every map a FrozenMap, keys in encoded order.

    :param depth: how many arrays and maps may still be around an item.
    :raises ValueError: for what the wire format has no value for (spec, section 4).
    """
    match value:
        case bool() | bytes():
            return value
        case int() if abs(value) <= INTEGER_MAX:
            return value
        case str() if not refused_character(value, paragraphs=True):
            return value
        case {"base64url": str(text), **rest} if not rest:
            return _bytes(text)
        case list() | tuple() | dict() if value and not depth:
            raise ValueError(f"at most {_DEEPEST} arrays and maps may be around an item")
        case list() | tuple():
            return tuple(frozen(item, depth - 1) for item in value)
        case dict():
            items = {_label(key): frozen(item, depth - 1) for key, item in value.items()}
            # Encoded order: keys that are not negative ascending, then negative ones descending.
            return FrozenMap(
                (key, items[key]) for key in sorted(items, key=lambda key: (key < 0, abs(key)))
            )
    raise ValueError(f"{kind_of(value)} like this cannot be signed")


def _label(key: object) -> int:
    if isinstance(key, str) and compiled("0|-?[1-9][0-9]{0,15}").fullmatch(key):
        key = int(key)
    if type(key) is not int or abs(key) > INTEGER_MAX:
        raise ValueError("expected integers as keys of a map")
    return key


def _bytes(text: str) -> bytes:
    if not compiled("[A-Za-z0-9_-]*").fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("expected base64url without padding")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def shown(value: Any) -> Any:
    """The JSON form of a value that :func:`frozen` returned."""
    match value:
        case bytes():
            return {"base64url": base64.urlsafe_b64encode(value).rstrip(b"=").decode()}
        case tuple():
            return [shown(item) for item in value]
        case dict():
            return {str(key): shown(item) for key, item in value.items()}
    return value
