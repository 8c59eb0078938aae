"""What models and vocabularies a statement or document is made of, in order of first mention."""

from collections.abc import Iterable, Iterator

from signedcert.model.declarations import Many, Nested, Row, Shape, TextOr
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.labelled import Labelled
from signedcert.model.vocabulary import Choice, Vocabulary

#: What a reader knows them as, where that is not the name of the class.
_NAMES: dict[type[Labelled], str] = {VisibleRecord: "course-record", ShareClaims: "share"}


def nested_models(model: type[Labelled]) -> list[type[Labelled]]:
    """The model, then every model inside it, each once."""
    found = [model]
    for each in found:
        for field in each.fields_by_label:
            inner = _model_of(field.shape)
            if inner is not None and inner not in found:
                found.append(inner)
    return found


def vocabularies(models: Iterable[type[Labelled]]) -> list[type[Vocabulary]]:
    """Every vocabulary that the models use, each once."""
    found: dict[type[Vocabulary], None] = {}
    for model in models:
        for field in model.fields_by_label:
            for shape in _and_items(field.shape):
                if isinstance(shape, Choice):
                    found[shape.vocabulary] = None
    return list(found)


def _model_of(shape: Shape) -> type[Labelled] | None:
    for each in _and_items(shape):
        if isinstance(each, Nested | Row | TextOr):
            return each.model
    return None


def _and_items(shape: Shape) -> Iterator[Shape]:
    yield shape
    if isinstance(shape, Many):
        yield from _and_items(shape.item)


def kebab(name: str) -> str:
    """A class or field name in the hyphenated lower case of CDDL names and anchors."""
    parts = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
    return parts.strip("-").replace("_", "-")


def rule_name(model: type[Labelled]) -> str:
    """What a model is called in CDDL, and a signed one in the name of its file."""
    return _NAMES.get(model) or kebab(model.__name__)
