"""Leaves that hold numbers: integers, and decimal quantities without rounding."""

from decimal import Decimal
from typing import Any

from signedcert.model.leaf import Leaf
from signedcert.model.text import compiled, kind_of

#: Integers beyond this cannot be told apart by an implementation whose numbers are doubles.
INTEGER_MAX = 2**53 - 1
#: What a decimal quantity is for a type checker: constructors take either, models hold a Decimal.
Quantity = Decimal | int
_NUMBER = r"-?[0-9]{1,16}(?:\.[0-9]{1,9})?"


class Integer(Leaf):
    """An integer from ``minimum`` to ``maximum``, both included."""

    __slots__ = __match_args__ = ("minimum", "maximum")

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def check(self, value: object) -> int:
        # JSON has one kind of number, so 8.0 is an integer there.
        if isinstance(value, float | Decimal) and value == value // 1:
            value = int(value)
        if type(value) is not int:  # bool is a subclass of int and not a number here
            raise ValueError(f"expected an integer, got {kind_of(value)}")
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"expected an integer from {self.minimum} to {self.maximum}")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.minimum, "maximum": self.maximum}


class Number(Leaf):
    """A decimal number, exact: at most 9 places after the point, and 2**53 - 1 without it.

    Constructors take ``int``, ``Decimal``, decimal text, and ``float`` (read as it prints: 4.5 is
    four and a half). JSON shows a number, or text where a double would not hold it exactly.
    """

    __slots__ = __match_args__ = ("signed",)

    def __init__(self, *, signed: bool = False) -> None:
        self.signed = signed

    def check(self, value: object) -> Decimal:
        if isinstance(value, float):
            value = Decimal(repr(value))
        if isinstance(value, str) and not compiled(_NUMBER).fullmatch(value):
            raise ValueError("expected a decimal number such as 87.5")
        if type(value) is bool or not isinstance(value, int | str | Decimal):
            raise ValueError(f"expected a decimal number, got {kind_of(value)}")
        number = Decimal(value)
        if not number.is_finite():
            raise ValueError("expected a finite number")
        if number < 0 and not self.signed:
            raise ValueError("expected a number that is not negative")
        mantissa, scale = decimal_parts(number)
        if scale > 9 or abs(mantissa) > INTEGER_MAX:
            raise ValueError("expected at most 9 decimal places, and 15 digits in all")
        # One representation for one quantity: 5.00 and 5 are equal and print alike.
        return Decimal(f"{mantissa}E-{scale}") if scale else Decimal(mantissa)

    def to_json(self, value: Decimal) -> int | float | str:
        if value == (whole := int(value)):
            return whole
        number = float(value)
        return number if Decimal(repr(number)) == value else f"{value:f}"

    def json_schema(self) -> dict[str, Any]:
        sign = "-?" if self.signed else ""
        number: dict[str, Any] = {"type": "number"} | ({} if self.signed else {"minimum": 0})
        pattern = rf"^{sign}[0-9]{{1,16}}(\.[0-9]{{1,9}})?$"
        return {"anyOf": [number, {"type": "string", "pattern": pattern}]}


def decimal_parts(number: Decimal) -> tuple[int, int]:
    """``(mantissa, scale)`` with number = mantissa / 10**scale, scale >= 0 as small as it can be.

    A number too large to matter comes back with a mantissa beyond ``INTEGER_MAX``.
    """
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # finite, as the callers made sure
    mantissa = int("".join(map(str, digits)) or "0")
    if mantissa == 0:
        return 0, 0
    while exponent < 0 and mantissa % 10 == 0:
        mantissa, exponent = mantissa // 10, exponent + 1
    if exponent > 0:
        mantissa, exponent = mantissa * 10 ** min(exponent, 17), 0
    return (-mantissa if sign else mantissa), -exponent


class NumberRange(Leaf):
    """Two numbers that are not negative, the lower one first; they may be equal."""

    __slots__ = ()

    def check(self, value: object) -> tuple[Decimal, Decimal]:
        if not isinstance(value, tuple | list) or len(value) != 2:
            raise ValueError("expected two numbers, the lower one first")
        low, high = Number().check(value[0]), Number().check(value[1])
        if low > high:
            raise ValueError("expected the lower number first")
        return low, high

    def to_json(self, value: tuple[Decimal, Decimal]) -> list[int | float | str]:
        return [Number().to_json(value[0]), Number().to_json(value[1])]

    def json_schema(self) -> dict[str, Any]:
        item = Number().json_schema()
        return {"type": "array", "items": item, "minItems": 2, "maxItems": 2}
