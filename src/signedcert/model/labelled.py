"""Models whose fields carry their wire labels, and the table of fields that the codec reads.

A label is declared once, beside its field. Labels are append-only for ever: a label that was ever
published goes to ``retired_labels`` when its field goes, and is never given to another field.
Faulty declarations fail when the module is imported.
"""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, Literal, Self, Union, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    model_validator,
)
from pydantic.fields import FieldInfo

from signedcert.model.additional import NOTHING_ADDITIONAL, AdditionalFields, FrozenMap
from signedcert.model.declarations import (
    AtMost,
    Claim,
    Field,
    Label,
    Many,
    Nested,
    Row,
    Shape,
    TextOr,
)
from signedcert.model.leaf import Leaf


class Labelled(BaseModel):
    """A frozen model with a label beside every field."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    #: Labels of fields that are gone.
    retired_labels: ClassVar[frozenset[int]] = frozenset()
    #: How the model is written: as a map, as the bare text of label 0 where nothing else is set,
    #: or as a fixed array.
    wire_form: ClassVar[Literal["map", "map_or_bare", "array"]] = "map"
    #: The fields in label order; made when the class is.
    fields_by_label: ClassVar[tuple[Field, ...]] = ()

    #: Fields with labels of 128 and above, which this version does not know, as they were signed.
    additional: Annotated[FrozenMap, AdditionalFields()] = NOTHING_ADDITIONAL

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls.fields_by_label = _table(cls)

    @classmethod
    def model_construct(cls, _fields_set: set[str] | None = None, **_values: Any) -> Self:
        """Refused: there is no way to a model around its checks.

        :raises TypeError: always.
        """
        raise TypeError(f"{cls.__name__} is always validated; call it instead of model_construct")

    def copy(self, **_options: Any) -> Self:
        """Refused: pydantic's ``copy`` checks nothing; use :meth:`model_copy`.

        :raises TypeError: always.
        """
        raise TypeError("use model_copy, which validates what is changed")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields changed; unlike pydantic's own, the changes are validated.

        :raises pydantic.ValidationError: when the new values are not allowed.
        """
        if not update:
            return super().model_copy(deep=deep)
        return self.model_validate({**self.__dict__, **update})

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.additional and self.wire_form == "array":
            raise ValueError("an array of fixed length has no place for additional fields")
        # The wire has no empty maps, so a model without required fields needs one that is set.
        if not self.additional and all(
            getattr(self, field.name) == field.default and not field.required
            for field in self.fields_by_label
        ):
            raise ValueError("set at least one field, or leave the whole out")
        return self


def _table(cls: type[Labelled]) -> tuple[Field, ...]:
    fields = [
        _row(cls, name, info)
        for name, info in cls.model_fields.items()
        if name not in ("additional", "additional_claims")
    ]
    for in_claims in (True, False):
        seen: dict[int, str] = {}
        for field in fields:
            if field.in_claims is not in_claims:
                continue
            if field.number in seen:
                raise TypeError(
                    f"{cls.__name__}.{field.name} repeats label {field.number} "
                    f"of {cls.__name__}.{seen[field.number]}"
                )
            seen[field.number] = field.name
    return tuple(sorted(fields, key=lambda field: (not field.in_claims, field.number)))


def _row(cls: type[Labelled], name: str, info: FieldInfo) -> Field:
    labels = [meta for meta in info.metadata if isinstance(meta, Label)]
    where = f"{cls.__name__}.{name}"
    if len(labels) != 1:
        raise TypeError(f"{where} needs exactly one Label or Claim, it has {len(labels)}")
    label = labels[0]
    # 24 and more would need a second byte each; 128 and more are what old verifiers ignore.
    in_claims = isinstance(label, Claim)
    if not 0 <= label.number < 24:
        raise TypeError(f"{where}: label {label.number} is outside 0 to 23")
    if not in_claims and label.number in cls.retired_labels:
        raise TypeError(f"{where} reuses label {label.number}, which is retired")
    return Field(
        name=name,
        number=label.number,
        in_claims=in_claims,
        meaning=label.meaning,
        shape=shape_of(info.annotation, tuple(info.metadata)),
        required=info.is_required(),
        default=None if info.is_required() else info.default,
    )


def shape_of(annotation: Any, metadata: tuple[Any, ...] = ()) -> Shape:
    """The wire shape that a field's annotation declares.

    :raises TypeError: for an annotation that declares none.
    """
    for meta in metadata:
        if isinstance(meta, Leaf | TextOr):
            return meta
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(arguments[0], arguments[1:])
    if origin in (Union, UnionType) and NoneType in arguments:
        return shape_of(next(argument for argument in arguments if argument is not NoneType))
    if origin is tuple:
        sizes = [meta.maximum for meta in metadata if isinstance(meta, AtMost)]
        if len(sizes) != 1:
            raise TypeError(f"{annotation!r} needs exactly one AtMost")
        return Many(shape_of(arguments[0]), sizes[0])
    if isinstance(annotation, type) and issubclass(annotation, Labelled):
        if annotation.wire_form == "array":
            return Row(annotation)
        return Nested(annotation)
    raise TypeError(f"{annotation!r} declares no wire shape")
