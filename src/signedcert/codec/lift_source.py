"""Writes the source of a model's lifting function from its table of fields.

The function has the signature ``lift(m) -> (model, length)``: ``m`` is a decoded map, and
``length`` the length in bytes of its deterministic encoding. The code steps through the map's
entries and the model's fields side by side, both in the order of labels, so that an entry out of
order is left over at the end. In the code ``n`` is the length so far, ``k, v`` the entry in hand,
``d`` the fields' values. Anything against the rules raises ``Refused``.
"""

from collections.abc import Callable

from signedcert.codec.lift_leaves import HEAD, SHORT_HEAD, Lines, indented, leaf_lines
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.labelled import Labelled
from signedcert.model.statement import Signed

_NEXT = "k, v = next(t, END)"
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
            lines += ["if m.__class__ is str:", *indented(self._bare(model))]
        if issubclass(model, Signed):
            claims = [field for field in fields if field.in_claims]
            lines += [
                "if m.__class__ is not dict or not m: raise Refused",
                # The body's key is negative, so it stands last; it takes five bytes.
                "e, b = m.popitem()",
                "if e != BODY or e.__class__ is not int: raise Refused",
                f"n = 5 + ({HEAD.format('(len(m) + 1)')})",
                *self._entries(claims, "additional_claims"),
                "m = b",
            ]
        lines += ["if m.__class__ is not dict: raise Refused"]
        # Maps are never empty, and bare text is the only encoding of label 0 alone.
        least = 2 if model.wire_form == "map_or_bare" else 1
        lines += [f"if len(m) < {least}: raise Refused", f"n += {HEAD.format('len(m)')}"]
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
                *indented(self._shape(field.shape, f"d[{field.name!r}]")),
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
                    f"n += {SHORT_HEAD.format('len(v)')}",
                    "w = []",
                    "for v in v:",
                    *indented(self._shape(item, "i")),
                    "    w.append(i)",
                    f"{out} = tuple(w)",
                ]
            case Nested(model) | Row(model):
                return [f"{out}, q = {self._name(self._lifter_of(model))}(v)", "n += q"]
            case TextOr(text, model):
                return [
                    "if v.__class__ is str:",
                    *indented(self._shape(text, out)),
                    "else:",
                    *indented(self._shape(Nested(model), out)),
                ]
            case _:
                return leaf_lines(shape, out, self._name)
