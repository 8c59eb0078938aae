"""Values for every field of every model, made from the models' own tables of fields."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import signedcert as sc
from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.model.issuer_document import (
    DIGEST_SIZE,
    TEMPLATE,
    Handover,
    IssuerDocument,
    KeyEnd,
    KeyRevocation,
    KeyUse,
    SigningKey,
)
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import (
    CODE,
    ISSUER,
    LANGUAGE,
    URL,
    Digest,
    Flag,
    Identifier,
    Pattern,
    Text,
)
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, NumberRange
from signedcert.model.octets import ConfirmationKey, CoseKey, Octets
from signedcert.model.statement import Signed
from signedcert.model.times import Day, Moment
from signedcert.model.vocabulary import Choice

STATEMENTS = (sc.Certificate, sc.CourseRecord)
#: What of a record its issuer signs in the open, and what a learner signs in a share.
SHARED = (VisibleRecord, ShareClaims)
DOCUMENTS = (IssuerDocument, Handover)
SIGNED = STATEMENTS + SHARED + DOCUMENTS
FIRST, LAST = (
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)
#: A COSE_Key of a kind that this version does not know (P-256).
P256 = {1: 2, -1: 1, -2: b"x" * 32, -3: b"y" * 32}


def models_in(shape: Shape) -> tuple[type[Labelled], ...]:
    match shape:
        case Many(item, _):
            return models_in(item)
        case Nested(model) | Row(model) | TextOr(_, model):
            return (model,)
    return ()


def _models_of(roots: tuple[type[Signed], ...]) -> Iterator[type[Labelled]]:
    waiting: list[type[Labelled]] = list(roots)
    seen = set()
    while waiting:
        model = waiting.pop(0)
        if model not in seen:
            seen.add(model)
            yield model
            for field in model.fields_by_label:
                waiting += models_in(field.shape)


MODELS: tuple[type[Labelled], ...] = tuple(_models_of(SIGNED))
FIELDS = [(model, field) for model in MODELS for field in model.fields_by_label]
#: Those that a token for :func:`verify` can have in it, and those of documents.
STATEMENT_MODELS = tuple(_models_of(STATEMENTS))
DOCUMENT_MODELS = tuple(_models_of(DOCUMENTS))


def field_id(value: object) -> str | None:
    if isinstance(value, Field):
        return value.name
    return value.__name__ if isinstance(value, type) else None


def instance(model: type[Labelled], **fields: Any) -> Labelled:
    """A model with its required fields and those given; with one more where it needs one."""
    table = model.fields_by_label
    needed = [field for field in table if field.required] or ([] if fields else [table[0]])
    return model(**consistent(model, {field.name: plain(field.shape) for field in needed} | fields))


def consistent(model: type[Labelled], fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a document, key or share, changed where they would contradict one another."""
    fields = dict(fields)
    if model is ShareClaims:
        _in_order(fields, "issued_at", "expires_at")
    if model is KeyRevocation and isinstance(fields.get("vouched"), bytes):
        fields["end"] = KeyEnd.COMPROMISED
    if model is SigningKey:
        fields["key"] = fields["key"] if fields["key"] != plain(CoseKey()) else b"k" * 31 + b"!"
        _in_order(fields, "valid_from", "valid_until")
        if getattr(fields.get("revocation"), "vouched", None) is not None:
            fields["use"] = KeyUse.STATEMENTS
    if model is IssuerDocument:
        keys = fields.get("keys", ())
        if all(isinstance(each, SigningKey) for each in keys):
            roots = {repr(root) for root in fields["roots"]}
            fields["keys"] = tuple(each for each in keys if repr(each.key) not in roots)
        if fields.get("final") is True:
            fields.pop("next_update", None)
        else:
            fields.setdefault("next_update", LAST)
            _in_order(fields, "issued_at", "next_update")
    return fields


def _in_order(fields: dict[str, Any], first: str, second: str) -> None:
    """Two moments, made to follow each other."""
    one, other = fields[first], fields[second]
    if not all(
        isinstance(each, datetime) and each.tzinfo and each >= FIRST for each in (one, other)
    ):
        return  # wrong types are what the test is about
    if one == other:
        one, other = (FIRST, other) if other > FIRST else (one, LAST)
    fields[first], fields[second] = min(one, other), max(one, other)


def several(item: Shape, count: int) -> tuple[Any, ...]:
    """So many ordinary values; keys differ from one another."""
    match item:
        case CoseKey():
            return tuple(bytes([number]) * 32 for number in range(count))
        case Nested(model) if model is SigningKey:
            return tuple(instance(SigningKey, key=key) for key in several(CoseKey(), count))
    return (plain(item),) * count


def plain(shape: Shape) -> Any:
    """An ordinary value of a shape."""
    match shape:
        case Many(item, _):
            return (plain(item),)
        case Nested(model) | Row(model):
            return instance(model)
        case TextOr() | Text():
            return "Some text"
        case Pattern():
            return {
                CODE: "04HM-ASW9-NF6Y-Y093",
                ISSUER: "learn.example.edu",
                LANGUAGE: "en",
                URL: "https://example.edu/",
                TEMPLATE: "https://example.edu/status/{number}.cwt",
            }[shape]
        case Integer(minimum, _):
            return minimum
        case Number() | NumberRange():
            return Decimal(5) if isinstance(shape, Number) else (Decimal(5), Decimal(7))
        case Day():
            return date(2026, 11, 2)
        case Moment():
            return datetime(2026, 11, 2, 10, tzinfo=UTC)
        case Flag():
            return True
        case Identifier() | Digest():
            return bytes(10 if isinstance(shape, Identifier) else 32)
        case Octets(minimum):
            return bytes(minimum)
        case CoseKey() | ConfirmationKey():
            return b"\x11" * 32
        case Choice(vocabulary, _):
            return next(iter(vocabulary))
    raise AssertionError(shape)


def extremes(shape: Shape) -> list[Any]:
    """Values at the bounds of a shape."""
    match shape:
        case Many(item, maximum):
            return [several(item, maximum), *((value,) for value in extremes(item))]
        case Nested(model) | Row(model):
            return [instance(model)]
        case TextOr(text, model):
            return [*extremes(text), instance(model)]
        case Text(maximum):
            # One, two, three and four bytes of UTF-8 for each code point.
            return ["x", *(letter * maximum for letter in ("x", "é", "字", "𝔸"))]
        case Pattern(_, _, maximum):
            return {
                CODE: ["0000-0000-0000-0000", "ZZZZ-ZZZZ-ZZZZ-ZZZZ"],
                ISSUER: ["a.b", f"{'a' * 63}.{'b' * 63}.{'c' * 63}/p-1/0"[:maximum]],
                LANGUAGE: ["de", "zh-Hant-TW-x-" + "a" * 8 + "-" + "b" * 8],
                URL: ["http://a", "https://a/" + "%41" * ((maximum - 10) // 3)],
                TEMPLATE: ["https://a/{number}", "https://a/{number}".ljust(maximum, "x")],
            }[shape]
        case Integer(minimum, maximum):
            return [minimum, maximum]
        case Number(signed):
            numbers = [Decimal(0), Decimal(INTEGER_MAX), Decimal("0.000000001")]
            numbers += [Decimal(INTEGER_MAX).scaleb(-9), Decimal("4.5")]
            return numbers + ([-number for number in numbers[1:]] if signed else [])
        case NumberRange():
            least, most = Decimal("0.000000001"), Decimal(INTEGER_MAX)
            return [(Decimal(0), Decimal(0)), (least, most), (most, most)]
        case Day():
            return [date.min, date(1969, 12, 31), date(1970, 1, 1), date.max]
        case Moment():
            return [FIRST, LAST]
        case Flag():
            return [True, False]
        case Identifier() | Digest():
            size = 10 if isinstance(shape, Identifier) else 32
            return [bytes(size), b"\xff" * size]
        case Octets(minimum, maximum, group):
            # Groups in ascending order, as digests stand; the longest would take a second.
            size = min(maximum, 16_384)
            return [bytes(minimum), _counting(size, group), b"\xff" * minimum]
        case ConfirmationKey():
            return [bytes(32), b"\xff" * 32]
        case CoseKey():
            return [bytes(32), b"\xff" * 32, P256, {1: 1, -1: 7}, {1: -1, 5: (1, {2: "é"})}]
        case Choice(vocabulary, other):
            return [*vocabulary, *(extremes(Text(other)) if other else [])]
    raise AssertionError(shape)


def beyond(shape: Shape) -> list[Any]:
    """Values just outside a shape, of the right type."""
    match shape:
        case Many(item, maximum):
            return [several(item, maximum + 1), *((value,) for value in beyond(item))]
        case Nested() | Row():
            return [5, "" if isinstance(shape, Row) or shape.model.wire_form == "map" else b"name"]
        case TextOr(text, _):
            return beyond(text)
        case Text(maximum, paragraphs):
            return ["", "x" * (maximum + 1), "a\0b", "a\tb", *([] if paragraphs else ["a\nb"])]
        case Pattern(_, _, maximum):
            return {
                CODE: ["04HMASW9NF6YY093", "04hm-asw9-nf6y-y093", "04HM-ASW9-NF6Y-Y09U", "0000"],
                ISSUER: ["localhost", "Learn.example.edu", "a.b/", "a.b:1", "a." + "b" * 64],
                LANGUAGE: ["EN", "e", "en-us", "i-klingon", "en-" + "a" * 33],
                URL: ["ftp://a", "https://ä.example", "https://a b", "https://a/" + "a" * maximum],
                TEMPLATE: ["https://a/", "https://{number}/", "https://a/{number}{number}"],
            }[shape]
        case Integer(minimum, maximum):
            return [minimum - 1, maximum + 1, True]
        case Number(signed):
            wrong = [Decimal(INTEGER_MAX + 1), Decimal("1E-10"), Decimal("NaN"), True, "1e3"]
            return wrong + ([] if signed else [Decimal(-1), Decimal("-0.5")])
        case NumberRange():
            return [(Decimal(7), Decimal(5)), (Decimal(1),), Decimal(1), (Decimal(-1), Decimal(1))]
        case Day():
            return [datetime(2026, 11, 2, tzinfo=UTC), "2026-13-01", "0000-01-01", 20000]
        case Moment():
            naive, first = datetime(2026, 11, 2), datetime(1970, 1, 1, tzinfo=UTC)
            return [naive, first - timedelta(microseconds=1), "2026-11-02T10:00:00", 1793613600]
        case Flag():
            return [1, "true"]
        case Identifier() | Digest():
            size = 10 if isinstance(shape, Identifier) else 32
            return [bytes(size - 1), bytes(size + 1), "U" * 16, "0" * 63]
        case Octets(minimum, maximum, group):
            wrong = [bytes(minimum + 1)] if group > 1 else []
            return [*wrong, bytes(minimum - 1), bytes(maximum + group), "!", "A", 5]
        case ConfirmationKey():
            return [bytes(31), bytes(33), "A" * 43, P256, {1: 1, -1: 6, -2: bytes(32)}, {}, None]
        case CoseKey():
            return [bytes(31), "A" * 43, {1: 1, -1: 6, -2: bytes(32)}, {1: 2, -1: 1.5}, {}, None]
        case Choice(vocabulary, other):
            wrong = [len(vocabulary), True, "no_such_value", b"x"]
            return wrong + (["x" * (other + 1)] if other else ["free text"])
    raise AssertionError(shape)


def _counting(size: int, group: int) -> bytes:
    return (
        b"".join(number.to_bytes(group, "big") for number in range(size // group))
        if (group == DIGEST_SIZE)
        else b"x" * size
    )


@cache
def _holder(model: type[Labelled]) -> tuple[type[Labelled], Field]:
    return next((m, f) for m, f in FIELDS if model in models_in(f.shape))


def in_statement(inner: Labelled) -> Any:
    """A statement or document with the model somewhere in it, everything else being ordinary."""
    while not isinstance(inner, Signed):
        model, field = _holder(type(inner))
        value = (inner,) if isinstance(field.shape, Many) else inner
        inner = instance(model, **{field.name: value})
    return inner


def wire_path(model: type[Labelled]) -> tuple[int, ...]:
    """The labels and indices that lead to the model in what :func:`in_statement` makes."""
    if issubclass(model, Signed):
        return (-65537,)
    holder, field = _holder(model)
    return (*wire_path(holder), field.number, *((0,) if isinstance(field.shape, Many) else ()))
