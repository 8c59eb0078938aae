"""What is declared beside a field: its label, how many items, and the shapes made of others."""

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from signedcert.model.leaf import Leaf, Text

if TYPE_CHECKING:
    from signedcert.model.labelled import Labelled


class Label:
    """The field's integer label in its model's map, and what the field means."""

    __slots__ = ("meaning", "number")

    def __init__(self, number: int, meaning: str) -> None:
        self.number = number
        self.meaning = meaning


class Claim(Label):
    """The field's CWT claim (RFC 8392, section 3): it stands in the claims set, not in the body."""

    __slots__ = ()


class Many:
    """An array of 1 to ``maximum`` items. An empty one is left out on the wire."""

    __slots__ = __match_args__ = ("item", "maximum")

    def __init__(self, item: "Shape", maximum: int) -> None:
        self.item = item
        self.maximum = maximum


class Nested:
    """A map of its own, or its bare text where the model allows that."""

    __slots__ = __match_args__ = ("model",)

    def __init__(self, model: "type[Labelled]") -> None:
        self.model = model


class Row:
    """A fixed array of the model's fields in label order."""

    __slots__ = __match_args__ = ("model",)

    def __init__(self, model: "type[Labelled]") -> None:
        self.model = model


class TextOr:
    """Text, or a map where there is more to say than the text."""

    __slots__ = __match_args__ = ("text", "model")

    def __init__(self, text: Text, model: "type[Labelled]") -> None:
        self.text = text
        self.model = model

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        # Told apart by type, so that an error speaks of one alternative, not of both.
        return core_schema.tagged_union_schema(
            {
                "text": self.text.__get_pydantic_core_schema__(str, handler),
                "map": handler.generate_schema(self.model),
            },
            discriminator=lambda value: "text" if isinstance(value, str) else "map",
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [self.text.json_schema(), handler(self.model.__pydantic_core_schema__)]}


Shape = Leaf | Many | Nested | Row | TextOr


class AtMost:
    """How many items a tuple field may have, checked by constructors."""

    __slots__ = ("maximum",)

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(value) > self.maximum:
            raise ValueError(f"there are {len(value)} items, at most {self.maximum} are allowed")
        return value

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) | {"maxItems": self.maximum}


class Field(NamedTuple):
    """One row of a model's table: what the codec needs to know about a field."""

    name: str
    number: int
    in_claims: bool
    meaning: str
    shape: Shape
    required: bool
    #: What the model holds when the wire has nothing.
    default: Any
