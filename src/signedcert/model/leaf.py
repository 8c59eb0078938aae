"""What a field can hold: what Python has, what JSON shows, what a constructor accepts.

A leaf is its bounds and :meth:`Leaf.check`, which a constructor calls; how a leaf looks on the wire
is told in :mod:`signedcert.codec`. Each is put beside its field with ``Annotated``, which is the
only place where the field's bounds are written down. (These are plain classes because data classes
take several times as long to make, which ``import signedcert`` would pay thirty times.)

This module has the leaves of text and bytes; numbers, times and vocabularies have their own.
"""

from abc import ABC, abstractmethod
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from signedcert.model import text
from signedcert.model.code import code_from_id, id_from_code
from signedcert.model.text import compiled, kind_of


class Leaf(ABC):
    """A field's shape that holds no other model."""

    __slots__ = ()

    @abstractmethod
    def check(self, value: object) -> Any:
        """The value as the model keeps it. Accepts the Python type and its JSON form.

        :raises ValueError: saying what was expected.
        """

    def to_json(self, value: Any) -> Any:
        """The JSON form of a value that :meth:`check` returned."""
        return value

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema (2020-12) of :meth:`to_json`'s result and of what JSON input may be."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.check,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self.to_json, when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return self.json_schema()


class Text(Leaf):
    """Text of 1 to ``maximum`` code points (see :mod:`signedcert.model.text`)."""

    __slots__ = __match_args__ = ("maximum", "paragraphs")

    def __init__(self, maximum: int, *, paragraphs: bool = False) -> None:
        self.maximum = maximum
        self.paragraphs = paragraphs

    def check(self, value: object) -> str:
        return text.normalised(value, self.maximum, paragraphs=self.paragraphs)

    def json_schema(self) -> dict[str, Any]:
        # What else is refused (blank text, control characters) cannot be said portably.
        return {"type": "string", "minLength": 1, "maxLength": self.maximum, "pattern": r"\S"}


class Pattern(Leaf):
    """ASCII text of one syntax: an issuer, a URL, a language tag."""

    __slots__ = __match_args__ = ("name", "source", "maximum", "expected")

    def __init__(self, name: str, source: str, maximum: int, expected: str) -> None:
        self.name = name
        self.source = source
        self.maximum = maximum
        self.expected = expected

    def fits(self, value: str) -> bool:
        """Whether the text has the syntax and is no longer than the maximum."""
        return len(value) <= self.maximum and compiled(self.source).fullmatch(value) is not None

    def check(self, value: object) -> str:
        if not isinstance(value, str):
            raise ValueError(f"expected {self.expected}, got {kind_of(value)}")
        if not self.fits(value):
            raise ValueError(f"expected {self.expected} of at most {self.maximum} characters")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "maxLength": self.maximum,
            "pattern": f"^(?:{self.source})$",
        }


ISSUER = Pattern(
    "issuer",
    text.ISSUER,
    text.ISSUER_MAX,
    "a lower-case host without scheme or port, such as learn.example.edu, in A-label (xn--) form",
)
URL = Pattern("url", text.URL, text.URL_MAX, "an http(s) URL with other characters percent-encoded")
CODE = Pattern("code", text.CODE, text.CODE_LENGTH, "a printed code such as 04HM-ASW9-NF6Y-Y093")
LANGUAGE = Pattern(
    "language", text.LANGUAGE, text.LANGUAGE_MAX, "a BCP 47 language tag such as en or pt-BR"
)


class Flag(Leaf):
    """True, or left out. On the wire, false is the field's absence."""

    __slots__ = ()

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"expected true or false, got {kind_of(value)}")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Identifier(Leaf):
    """Ten bytes, shown as the printed code: 16 Crockford base32 characters in groups of four."""

    __slots__ = ()

    def check(self, value: object) -> bytes:
        if isinstance(value, str):
            return id_from_code(value)
        if not isinstance(value, bytes) or len(value) != 10:
            raise ValueError("expected 10 bytes, or their code of 16 Crockford base32 characters")
        return value

    def to_json(self, value: bytes) -> str:
        return code_from_id(value)

    def json_schema(self) -> dict[str, Any]:
        group = "[0-9A-HJKMNP-TV-Z]{4}"
        return {"type": "string", "pattern": f"^{group}(-{group}){{3}}$"}


class Digest(Leaf):
    """32 bytes of SHA-256, shown in hexadecimal."""

    __slots__ = ()

    def check(self, value: object) -> bytes:
        if isinstance(value, str):
            try:
                value = bytes.fromhex(value)
            except ValueError:
                value = None
        if not isinstance(value, bytes) or len(value) != 32:
            raise ValueError("expected 32 bytes, or 64 hexadecimal digits")
        return value

    def to_json(self, value: bytes) -> str:
        return value.hex()

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9a-f]{64}$"}
