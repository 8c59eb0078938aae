"""Sections 6 and 11.2 of the specification: one table for each model and vocabulary."""

from collections.abc import Sequence

from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.kinds import DOCUMENTS
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Digest, Flag, Identifier, Leaf, Pattern, Text
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, NumberRange
from signedcert.model.octets import ConfirmationKey, CoseKey, Octets
from signedcert.model.statement import BODY, Signed, Statement
from signedcert.model.times import Day, Moment
from signedcert.model.vocabulary import Choice, Vocabulary
from signedcert.share.fields import WITHHOLDABLE
from specification.models import kebab, nested_models, vocabularies

_FORMS = {
    "map": "A map.",
    "map_or_bare": "A map, or bare text where label 0 alone is present (section 4.2).",
    "array": "An array of exactly these items in this order, not a map (section 4.2).",
}


def claims_table() -> str:
    """Section 6.1: the claims of every statement."""
    claims = [field for field in Statement.fields_by_label if field.in_claims]
    rows = [_row(f"{field.number}", field) for field in claims]
    body = (
        f"| {BODY} | `body` | map, as the token's `typ` says (section 6.2) | yes | what is stated |"
    )
    return "\n".join(
        ["| Claim | Field | Value | Required | Meaning |", "|---|---|---|---|---|", *rows, body]
    )


def bodies_tables() -> str:
    """Section 6.2: the body of a certificate, then what it holds."""
    return _tables(nested_models(Certificate))


def documents_tables() -> str:
    """Section 11.2: issuer document and handover, then what they hold."""
    models: list[type[Labelled]] = []
    for document in DOCUMENTS.values():
        models += [model for model in nested_models(document) if model not in models]
    return _tables(models)


def record_tables() -> str:
    """Section 15.2: what is visible of a record, then what section 6.2 does not have."""
    return _tables(nested_models(VisibleRecord), shown=nested_models(Certificate))


def withholdable_tables() -> str:
    """Section 15.2: what may be withheld, then what neither it nor section 6.2 has a table for."""
    lines = ["| Label | Field | Value | Meaning |", "|---|---|---|---|"]
    for field in CourseRecord.fields_by_label:
        if not field.in_claims and field.number in WITHHOLDABLE:
            held = value(field.shape)
            held = held.replace("array", "list", 1) if isinstance(field.shape, Many) else held
            lines.append(f"| {field.number} | `{field.name}` | {held} | {field.meaning} |")
    shown = nested_models(Certificate) + nested_models(VisibleRecord) + [CourseRecord]
    return "\n".join([*lines, "", _tables(nested_models(CourseRecord), shown=shown)])


def share_tables() -> str:
    """Section 15.6: the payload of a share."""
    return _tables(nested_models(ShareClaims))


def _tables(models: list[type[Labelled]], shown: Sequence[type[Labelled]] = ()) -> str:
    parts = [_model_table(model) for model in models if model not in shown]
    known = vocabularies(shown)
    parts += [_vocabulary_table(each) for each in vocabularies(models) if each not in known]
    return "\n\n".join(parts)


def _model_table(model: type[Labelled]) -> str:
    kind = f" (`{model.media_type}`)" if issubclass(model, Signed) else ""
    lines = [
        f"#### {model.__name__}{kind}",
        "",
        f"{_first_line(model)} {_FORMS[model.wire_form]}",
        "",
        "| Label | Field | Value | Required | Meaning |",
        "|---|---|---|---|---|",
    ]
    fields = model.fields_by_label
    # The claims that every statement has stand in a table of their own.
    common = Statement.fields_by_label if issubclass(model, Statement) else ()
    claims = [field for field in fields if field.in_claims and field not in common]
    lines += [_row(f"claim {field.number}", field) for field in claims]
    lines += [_row(f"{field.number}", field) for field in fields if not field.in_claims]
    return "\n".join(lines)


def _vocabulary_table(vocabulary: type[Vocabulary]) -> str:
    lines = [f"#### {vocabulary.__name__}", "", f"{_first_line(vocabulary)} An enumeration."]
    lines += ["", "| Number | Name |", "|---|---|"]
    lines += [f"| {member.value} | `{member.json_name}` |" for member in vocabulary]
    return "\n".join(lines)


def _row(number: str, field: Field) -> str:
    required = "yes" if field.required else "no"
    return f"| {number} | `{field.name}` | {value(field.shape)} | {required} | {field.meaning} |"


def _first_line(thing: type) -> str:
    return (thing.__doc__ or "").strip().split("\n")[0]


def value(shape: Shape) -> str:
    """What a field holds, in the words of section 4.2."""
    match shape:
        case Many(item, maximum):
            return f"array of 1 to {maximum}: {value(item)}"
        case Nested(model) | Row(model):
            return _link(model)
        case TextOr(text, model):
            return f"{value(text)}, or {_link(model)}"
        case Leaf():
            return _leaf(shape)


def _leaf(leaf: Leaf) -> str:
    match leaf:
        case Text(maximum, paragraphs):
            kind = "paragraphs" if paragraphs else "line"
            return f"{kind} of 1 to {_grouped(maximum)}"
        case Pattern(name, _, maximum):
            return f"{name} of at most {_grouped(maximum)}"
        case Integer(minimum, maximum):
            top = "2^53 − 1" if maximum == INTEGER_MAX else _grouped(maximum)
            return f"integer {minimum} to {top}"
        case Choice(vocabulary, other):
            free = f", or line of 1 to {other}" if other else ""
            return f"enumeration {_link(vocabulary)}{free}"
        case Number(signed):
            return "signed decimal" if signed else "decimal"
        case NumberRange():
            return "range"
        case Day():
            return "date"
        case Moment():
            return "moment"
        case Flag():
            return "flag"
        case Octets(minimum, maximum, group):
            groups = f", in groups of {group}" if group > 1 else ""
            return f"byte string of {minimum} to {_grouped(maximum)}{groups}"
        case CoseKey():
            return "COSE_Key"
        case ConfirmationKey():
            return "{1: COSE_Key}"
        case Identifier():
            return "byte string of 10"
        case Digest():
            return "byte string of 32"
    raise TypeError(f"{leaf!r} has no words")


def _link(thing: type) -> str:
    return f"[{thing.__name__}](#{kebab(thing.__name__).replace('-', '')})"


def _grouped(number: int) -> str:
    return f"{number:,}"
