"""Writes the source of a model's lifting function from its table of fields.

The function has the signature ``lift(m) -> (model, length)``: ``m`` is a decoded map, and
``length`` the length in bytes of its deterministic encoding. The code steps through the map's
entries and the model's fields side by side, both in the order of labels, so that an entry out of
order is left over at the end. In the code ``n`` is the length so far, ``k, v`` the entry in hand,
``d`` the fields' values. Anything against the rules raises ``Refused``.
"""

from collections.abc import Callable
from decimal import Decimal

from signedcert.model.labelled import Field, Labelled, Many, Nested, Row, Shape, TextOr
from signedcert.model.leaf import Digest, Flag, Identifier, Leaf, Pattern, Text
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, NumberRange
from signedcert.model.statement import Statement
from signedcert.model.text import compiled
from signedcert.model.times import DAY_MAX, DAY_MIN, EPOCH_ORDINAL, MOMENT_MAX, Day, Moment
from signedcert.model.vocabulary import Choice

#: The claim that holds a statement's body (private use, RFC 8392 section 9.1).
BODY = -65537
#: The length of the shortest head for an argument, as an expression.
_HEAD = "1 if {0} < 24 else 2 if {0} < 256 else 3 if {0} < 65536 else 5 if {0} < 4294967296 else 9"
_SHORT_HEAD = "1 if {0} < 24 else 2 if {0} < 256 else 3"  # a payload is at most 16 KiB long

_NEXT = "k, v = next(t, END)"
#: Decimals of small integers, which most quantities are.
SMALL = tuple(Decimal(number) for number in range(256))


Lines = list[str]
_BUILD: Lines = [
    "o = new(MODEL)",
    "set_values(o, d)",
    "set_fields(o, FIELDS)",
    "set_extra(o, None)",
    "set_private(o, None)",
    "return o, n",
]


class Source:
    """The source of one model's function, and the objects that its code names."""

    def __init__(
        self, model: type[Labelled], lifter_of: Callable[[type[Labelled]], object]
    ) -> None:
        # In the order of declaration, which is the order in which pydantic shows fields.
        defaults = {name: info.default for name, info in model.model_fields.items()}
        self.names: dict[str, object] = {"MODEL": model, "defaults": defaults.copy}
        self._lifter_of = lifter_of
        body = self._row(model) if model.wire_form == "array" else self._map(model)
        self.text = "\n    ".join(["def lift(m):", *body]) + "\n"

    def _name(self, thing: object) -> str:
        name = f"x{len(self.names)}"
        self.names[name] = thing
        return name

    # One model

    def _map(self, model: type[Labelled]) -> Lines:
        fields = model.fields_by_label
        lines: Lines = ["n = 0", "d = defaults()"]
        if model.wire_form == "map_or_bare":
            lines += ["if m.__class__ is str:", *_indented(self._bare(model))]
        if issubclass(model, Statement):
            claims = [field for field in fields if field.in_claims]
            lines += [
                "if m.__class__ is not dict or not m: raise Refused",
                # The body's key is negative, so it stands last; it takes five bytes.
                "e, b = m.popitem()",
                "if e != BODY or e.__class__ is not int: raise Refused",
                f"n = 5 + ({_HEAD.format('(len(m) + 1)')})",
                *self._entries(claims, "additional_claims"),
                "m = b",
            ]
        lines += ["if m.__class__ is not dict: raise Refused"]
        # Maps are never empty, and bare text is the only encoding of label 0 alone.
        least = 2 if model.wire_form == "map_or_bare" else 1
        lines += [f"if len(m) < {least}: raise Refused", f"n += {_HEAD.format('len(m)')}"]
        lines += self._entries([field for field in fields if not field.in_claims], "additional")
        return lines + _BUILD

    def _bare(self, model: type[Labelled]) -> Lines:
        field = model.fields_by_label[0]
        return ["v = m", *self._shape(field.shape, f"d[{field.name!r}]"), *_BUILD]

    def _row(self, model: type[Labelled]) -> Lines:
        fields = model.fields_by_label
        lines = [
            f"if m.__class__ is not list or len(m) != {len(fields)}: raise Refused",
            "n = 1",
            "d = defaults()",
        ]
        for i, field in enumerate(fields):
            lines += [f"v = m[{i}]", *self._shape(field.shape, f"d[{field.name!r}]")]
        return lines + _BUILD

    def _entries(self, fields: list[Field], extra: str) -> Lines:
        """Each known field in order, then what is left over into the field ``extra``."""
        lines = ["t = iter(m.items())", _NEXT]
        for field in fields:
            # True == 1, and a simple value or float equals its number, also as keys.
            lines += [
                f"if k == {field.number} and k.__class__ is int:",
                *_indented(self._shape(field.shape, f"d[{field.name!r}]")),
                "    n += 1",  # known labels are below 24: one byte each
                f"    {_NEXT}",
            ]
            if field.required:
                lines += ["else: raise Refused"]
        known = self._name(frozenset(field.number for field in fields))
        return [
            *lines,
            f"if k is not None: d[{extra!r}], q = additional(m, {known}); n += q",
        ]

    # One value: checks v, adds its length to n, and puts the model's value into out

    def _shape(self, shape: Shape, out: str) -> Lines:
        match shape:
            case Many(item, maximum):
                return [
                    f"if v.__class__ is not list or not 0 < len(v) <= {maximum}: raise Refused",
                    f"n += {_SHORT_HEAD.format('len(v)')}",
                    "w = []",
                    "for v in v:",
                    *_indented(self._shape(item, "i")),
                    "    w.append(i)",
                    f"{out} = tuple(w)",
                ]
            case Nested(model) | Row(model):
                return [f"{out}, q = {self._name(self._lifter_of(model))}(v)", "n += q"]
            case TextOr(text, model):
                return [
                    "if v.__class__ is str:",
                    *_indented(self._shape(text, out)),
                    "else:",
                    *_indented(self._shape(Nested(model), out)),
                ]
            case _:
                return self._leaf(shape, out)

    def _leaf(self, leaf: Leaf, out: str) -> Lines:
        match leaf:
            case Text(maximum, paragraphs):
                return [
                    "if v.__class__ is not str: raise Refused",
                    "z = len(v)",
                    f"if not 0 < z <= {maximum}: raise Refused",
                    # Printable ASCII, by far the most frequent, needs no regular expression.
                    "if not (v.isascii() and v.isprintable()):",
                    f"    if refused(v, paragraphs={paragraphs}): raise Refused",
                    "    z = len(v.encode())",
                    f"n += z + ({_SHORT_HEAD.format('z')})",
                    f"{out} = v",
                ]
            case Pattern(_, source, maximum):
                fullmatch = self._name(compiled(source).fullmatch)
                return [
                    f"if v.__class__ is not str or len(v) > {maximum} "
                    f"or not {fullmatch}(v): raise Refused",
                    f"n += len(v) + ({_SHORT_HEAD.format('len(v)')})",
                    f"{out} = v",
                ]
            case Integer(minimum, maximum):
                return [*_integer(minimum, maximum), f"{out} = v"]
            case Moment():
                return [*_integer(0, MOMENT_MAX), f"{out} = moment(v, UTC)"]
            case Day():
                return [*_integer(DAY_MIN, DAY_MAX), f"{out} = day(v + {EPOCH_ORDINAL})"]
            case Flag():
                return ["if v is not True: raise Refused", "n += 1", f"{out} = True"]
            case Identifier() | Digest():
                size = 10 if isinstance(leaf, Identifier) else 32
                return [
                    f"if v.__class__ is not bytes or len(v) != {size}: raise Refused",
                    f"n += {size + (1 if size < 24 else 2)}",
                    f"{out} = v",
                ]
            case Choice(vocabulary, other):
                table = self._name({member.value: member for member in vocabulary})
                number = [
                    f"if v.__class__ is not int or v not in {table}: raise Refused",
                    f"{out} = {table}[v]",
                    "n += 1",
                ]
                if not other:
                    return number
                free = self._leaf(Text(other), out)
                return [
                    "if v.__class__ is str:",
                    *_indented(free),
                    "else:",
                    *_indented(number),
                ]
            case Number(signed):
                return [
                    "if v.__class__ is int and 0 <= v < 256:",
                    f"    {out} = SMALL[v]",
                    "    n += 1 if v < 24 else 2",
                    "else:",
                    f"    {out}, q = number(v, {-INTEGER_MAX if signed else 0})",
                    "    n += q",
                ]
            case NumberRange():
                return [
                    "if v.__class__ is not list or len(v) != 2: raise Refused",
                    "g, h = v",
                    "n += 1",
                    *(line for end in "gh" for line in ["v = " + end, *self._leaf(Number(), end)]),
                    "if g > h: raise Refused",
                    f"{out} = (g, h)",
                ]
        raise TypeError(f"{leaf!r} has no form on the wire")


def _integer(minimum: int, maximum: int) -> Lines:
    lines = [f"if v.__class__ is not int or not {minimum} <= v <= {maximum}: raise Refused"]
    if minimum >= 0:
        return [*lines, f"n += {_HEAD.format('v')}"]
    return [*lines, "z = v if v >= 0 else ~v", f"n += {_HEAD.format('z')}"]


def _indented(lines: Lines) -> Lines:
    return ["    " + line for line in lines]
