"""Any model, from its table of fields: every field, every shape, with its extremes."""

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from field_values import P256, consistent, extremes
from issuing import ISSUED_AT, ISSUER
from signedcert.model.additional import frozen
from signedcert.model.code import code_from_id
from signedcert.model.course_record import CourseRecord
from signedcert.model.declarations import Many, Nested, Row, Shape, TextOr
from signedcert.model.labelled import Labelled
from signedcert.model.leaf import Digest, Flag, Identifier, Leaf, Pattern, Text
from signedcert.model.numbers import INTEGER_MAX, Integer, Number, NumberRange
from signedcert.model.octets import ConfirmationKey, CoseKey, Octets
from signedcert.model.statement import Signed
from signedcert.model.times import MOMENT_MAX, Day, Moment
from signedcert.model.vocabulary import Choice

#: Scripts from left to right and right to left, marks that combine and reorder, emoji with joiners
#: and variation selectors, letters that change under NFC, and the two harmless direction marks.
SCRIPTS = (
    "abcXYZ 019-'.",
    "éßøŁ",
    "ΑΩЖя",
    "אבגדשלום",
    "محمد عربي",
    "नमस्ते",
    "ภาษาไทย",
    "漢字かなカナ한글",
    "e\u0301\u0323a\u0308",
    "\u212b\u2126\u0958\ufb1d",
    "👩\u200d🎓🏽✍\ufe0f🇩🇪",
    "𐐷𝔸𞤀",
    "\u200e\u200f\u200c\u00ad\ufeff",
)
_CHARACTERS = st.sampled_from("".join(SCRIPTS)) | st.characters(
    blacklist_categories=("Cs", "Cc"),
    blacklist_characters="".join(
        map(chr, (0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
    )
    + "".join(map(chr, range(0xE0000, 0xE0080))),
)


@cache
def texts(maximum: int, *, paragraphs: bool = False) -> SearchStrategy[str]:
    """Text that a field of this bound takes, in NFC as the field keeps it."""
    characters = _CHARACTERS | st.just("\n") if paragraphs else _CHARACTERS
    words = st.text(characters, min_size=1, max_size=min(maximum, 24))
    return (
        words.map(lambda text: unicodedata.normalize("NFC", text))
        .filter(lambda text: text.strip() and len(text) <= maximum)
        .map(str)
    )


_LABEL = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
PATTERNS = {
    "issuer": st.builds(
        lambda labels, last, path: ".".join((*labels, last)) + "".join(f"/{part}" for part in path),
        st.lists(_LABEL, min_size=1, max_size=3),
        st.from_regex(r"[a-z]{2,8}", fullmatch=True),
        st.lists(st.from_regex(r"[a-z0-9-]{1,10}", fullmatch=True), max_size=2),
    ),
    "code": st.binary(min_size=10, max_size=10).map(code_from_id),
    "url": st.from_regex(r"https?://[a-z0-9.-]{1,20}(/[A-Za-z0-9%?&=._~]{0,20})?", fullmatch=True),
    "template": st.from_regex(
        r"https://[a-z0-9.-]{1,20}(:[0-9]{1,5})?/[A-Za-z0-9._~/-]{0,9}\{number\}[a-z./]{0,9}",
        fullmatch=True,
    ),
    "language": st.sampled_from(
        [
            "en",
            "de-AT",
            "zh-Hant-TW",
            "sr-Latn",
            "es-419",
            "sl-rozaj-biske",
            "de-a-foo-bar",
            "ar-x-a",
        ]
    ),
}

_INTEGERS = st.integers(0, INTEGER_MAX) | st.sampled_from(
    [0, 1, 23, 24, 255, 256, 2**32, 2**53 - 1]
)


def _without_trailing_zeros(mantissa: int, scale: int) -> Decimal:
    whole = Decimal(mantissa)
    return whole if not scale else Decimal(f"{mantissa}E-{scale}").normalize() + 0


@cache
def numbers(*, signed: bool) -> SearchStrategy[Decimal]:
    """Decimal quantities that the wire can hold."""
    mantissas = _INTEGERS | _INTEGERS.map(lambda n: -n) if signed else _INTEGERS
    return st.builds(_without_trailing_zeros, mantissas, st.integers(0, 9))


def _free_text(choice: Choice) -> SearchStrategy[str]:
    names = {member.json_name for member in choice.vocabulary}
    return texts(choice.other).filter(lambda text: text not in names and "_" not in text)


@cache
def values(shape: Shape) -> SearchStrategy[Any]:
    """Whatever a field of this shape holds: at its bounds, or between them."""
    match shape:
        case Many(item, maximum):
            items = values(item)
            several = st.lists(items, min_size=1, max_size=min(maximum, 4), unique_by=_key_in)
            return several.map(tuple)
        case Nested(model) | Row(model):
            return instances(model)
        case TextOr(text, model):
            return values(text) | instances(model)
        case Leaf():
            usual = _leaf(shape)
            bounds = [v for v in extremes(shape) if not isinstance(v, str | bytes) or len(v) < 500]
            return st.one_of(usual, usual, usual, st.sampled_from(bounds))
    raise AssertionError(shape)


def _leaf(leaf: Leaf) -> SearchStrategy[Any]:
    match leaf:
        case Text(maximum, paragraphs):
            return texts(maximum, paragraphs=paragraphs)
        case Pattern(name):
            return PATTERNS[name]
        case Integer(minimum, maximum):
            return st.integers(minimum, maximum)
        case Number(signed):
            return numbers(signed=signed)
        case NumberRange():
            unsigned = numbers(signed=False)
            return st.tuples(unsigned, unsigned).map(lambda pair: tuple(sorted(pair)))
        case Day():
            return st.dates()
        case Moment():
            seconds = st.integers(0, MOMENT_MAX)
            return seconds.map(lambda number: datetime.fromtimestamp(number, UTC))
        case Flag():
            return st.booleans()
        case Identifier() | Digest():
            size = 10 if isinstance(leaf, Identifier) else 32
            return st.binary(min_size=size, max_size=size)
        case Octets(minimum, maximum, group):
            most = min(maximum, 5 * group) if group > 1 else min(maximum, 99)
            return st.binary(min_size=minimum, max_size=most).map(
                lambda data: _ascending(data, group)
            )
        case ConfirmationKey():
            return st.binary(min_size=32, max_size=32)
        case CoseKey():
            return st.binary(min_size=32, max_size=32) | _OTHER_KEYS
        case Choice(vocabulary, other):
            known = st.sampled_from(list(vocabulary))
            return known | _free_text(leaf) if other else known
    raise AssertionError(leaf)


#: What later versions might put under labels of 128 and above.
_ADDITIONAL_VALUES = st.recursive(
    st.booleans()
    | st.integers(-INTEGER_MAX, INTEGER_MAX)
    | st.binary(max_size=8)
    | st.text(_CHARACTERS | st.just("\n"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(st.integers(-INTEGER_MAX, INTEGER_MAX), inner, max_size=2)
    ),
    max_leaves=3,
)
ADDITIONAL = st.dictionaries(st.integers(128, INTEGER_MAX), _ADDITIONAL_VALUES, max_size=2)


@cache
def instances(model: type[Labelled]) -> SearchStrategy[Any]:
    """Any instance of a model that its own constructor takes."""
    return st.deferred(lambda: _instances(model))


_OTHER_KEYS = st.builds(
    # Frozen, so that what is equal looks alike, in whatever order it was drawn.
    lambda kty, members: frozen({1: kty} | {-label: each for label, each in members.items()}),
    st.integers(2, INTEGER_MAX) | st.integers(-INTEGER_MAX, 0),
    st.dictionaries(st.integers(1, 9), _ADDITIONAL_VALUES, max_size=3),
) | st.just(P256)


def _key_in(value: Any) -> Any:
    """What must differ between the items of an array: public keys; all else may repeat."""
    key = getattr(value, "key", value)
    return repr(key) if isinstance(key, bytes | dict) and len(key) != 10 else object()


def _ascending(data: bytes, group: int) -> bytes:
    """Whole groups in ascending order without repeats."""
    if group == 1:
        return data
    return b"".join(
        sorted({data[place : place + group] for place in range(0, len(data) - group + 1, group)})
    )


def _instances(model: type[Labelled]) -> SearchStrategy[Any]:
    required = {f.name: values(f.shape) for f in model.fields_by_label if f.required}
    optional = {f.name: values(f.shape) for f in model.fields_by_label if not f.required}
    # Most of the time nothing is additional: then there is a round trip through JSON as well.
    if model.wire_form != "array":
        optional |= {"additional": st.just({}) | st.just({}) | ADDITIONAL}
    if issubclass(model, Signed):
        optional |= {"additional_claims": st.just({}) | ADDITIONAL}

    def build(fields: dict[str, Any]) -> Any:
        fields = dict(fields)
        expires = fields.get("expires_at")
        if (
            "expires_at" in optional
            and expires is not None
            and expires <= (fields.get("valid_from") or fields["issued_at"])
        ):
            del fields["expires_at"]
        fields = consistent(model, fields)
        first = model.fields_by_label[0]
        if all(fields.get(f.name, f.default) == f.default for f in model.fields_by_label):
            fields[first.name] = extremes(first.shape)[0]
        return model(**fields)

    return st.fixed_dictionaries(required, optional=optional).map(build)


@cache
def records() -> SearchStrategy[CourseRecord]:
    """Course records of the test issuer, of which shares are good now, whatever else is in them."""
    good = {
        "issuer": ISSUER,
        "issued_at": ISSUED_AT,
        "valid_from": None,
        "expires_at": None,
        "status": None,
    }
    return instances(CourseRecord).map(lambda each: each.model_copy(update=good))
