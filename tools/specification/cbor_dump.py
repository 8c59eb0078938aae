"""Deterministic CBOR as hexadecimal, one item a line, with what each item is beside it."""

from collections.abc import Iterator, Mapping

from signedcert.model.declarations import Field, Many, Nested, Row, Shape, TextOr
from signedcert.model.labelled import Labelled
from signedcert.model.numbers import Number, NumberRange
from signedcert.model.octets import KEY_SIZE, ConfirmationKey, CoseKey
from signedcert.model.statement import BODY, Signed
from signedcert.model.times import EPOCH_ORDINAL, Day, Moment
from signedcert.model.vocabulary import Choice

_WIDTH = 16
#: ``simple(59)``, the key of the digests in a course record.
REDACTED_KEY = b"\xf8\x3b"

#: (bytes, depth, what they are)
Line = tuple[bytes, int, str]


def annotated(data: bytes, lines: Iterator[Line]) -> str:
    """The lines as text; together they are the whole of ``data``."""
    rows = []
    covered = b""
    for part, depth, words in lines:
        covered += part
        for start in range(0, len(part), _WIDTH):
            code = "  " * depth + part[start : start + _WIDTH].hex(" ")
            rows.append((code, "" if start else words))
    assert covered == data, "the dump leaves something out"
    column = max(len(code) for code, _ in rows) + 2
    return "\n".join(f"{code:<{column}}# {words}" if words else code for code, words in rows)


def payload_lines(payload: bytes, model: type[Signed]) -> Iterator[Line]:
    """A payload: claims with their body, each field named."""
    fields = model.fields_by_label
    claims = {field.number: field for field in fields if field.in_claims}
    body = {field.number: field for field in fields if not field.in_claims}
    count, at = _head(payload, 0)[1:]
    yield payload[:at], 0, f"claims: map of {count}"
    for _ in range(count):
        end = _item_end(payload, at)
        label = _integer(payload[at:end])
        if label == BODY:
            yield payload[at:end], 1, f"claim {label}: body"
            yield from _map(payload[end:], body, 1)
            return
        field = claims[label]
        yield payload[at:end], 1, f"claim {label}: {field.name}"
        at = _item_end(payload, end)
        yield from value_lines(payload[end:at], field.shape, 1)


def value_lines(data: bytes, shape: Shape | None, depth: int) -> Iterator[Line]:
    """One item of a shape, or of none that is known."""
    major, argument, start = _head(data, 0)
    words = _words(data, shape)
    if major == 4 and not isinstance(shape, Number):
        yield data[:start], depth, words or f"array of {argument}"
        for position, item in enumerate(_items(data, start, argument)):
            yield from value_lines(item, _item_shape(shape, position), depth + 1)
    elif isinstance(shape, CoseKey | ConfirmationKey):
        label = "label 1: " if isinstance(shape, ConfirmationKey) else ""
        yield data[:-KEY_SIZE], depth, f"{label}COSE_Key: kty OKP, crv Ed25519, x"
        yield data[-KEY_SIZE:], depth + 1, "bytes"
    elif major == 5 and isinstance(shape, Nested | TextOr):
        fields = {field.number: field for field in shape.model.fields_by_label}
        yield from _map(data, fields, depth)
    elif major in (2, 3) and len(data) > start:
        kind = f"text of {argument} bytes" if major == 3 else f"byte string of {argument}"
        yield data[:start], depth, kind
        yield data[start:], depth + 1, words
    else:
        yield data, depth, words


def _map(data: bytes, fields: Mapping[int, Field], depth: int) -> Iterator[Line]:
    _, count, at = _head(data, 0)
    yield data[:at], depth, f"map of {count}"
    for _ in range(count):
        end = _item_end(data, at)
        key, at = data[at:end], _item_end(data, end)
        if key == REDACTED_KEY:
            yield key, depth + 1, "simple(59): digests"
            yield from value_lines(data[end:at], None, depth + 1)
            continue
        field = fields[_integer(key)]
        yield key, depth + 1, f"label {field.number}: {field.name}"
        yield from value_lines(data[end:at], field.shape, depth + 1)


def _words(data: bytes, shape: Shape | None) -> str:
    major, argument, start = _head(data, 0)
    if major == 3:
        return f'"{data[start:].decode()}"'
    if major == 2:
        return "bytes"
    if isinstance(shape, Number) and major == 4:
        mantissa, scale = (_integer(item) for item in _items(data, start, argument))
        return f"{mantissa} · 10^-{scale}"
    if data in (b"\xf4", b"\xf5"):
        return "true" if data == b"\xf5" else "false"
    if major > 1:
        return ""
    number = _integer(data)
    match shape:
        case Day():
            return f"{number} days after 1970-01-01: {_date(number)}"
        case Moment():
            day, second = divmod(number, 86_400)
            clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
            return f"{number} s: {_date(day)}T{clock}Z"
        case Choice(vocabulary):
            return f"{number}: {vocabulary(number).json_name}"
    return f"{number}"


def _date(days: int) -> str:
    return Day().to_json(type(Day().check("1970-01-01")).fromordinal(days + EPOCH_ORDINAL))


def _item_shape(shape: Shape | None, position: int) -> Shape | None:
    match shape:
        case Many(item):
            return item
        case NumberRange():
            return Number()
        case Row(model):
            return _columns(model)[position].shape
    return None


def _columns(model: type[Labelled]) -> tuple[Field, ...]:
    return model.fields_by_label


def _items(data: bytes, at: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        end = _item_end(data, at)
        yield data[at:end]
        at = end


def _item_end(data: bytes, at: int) -> int:
    major, argument, at = _head(data, at)
    if major in (2, 3):
        return at + argument
    for _ in range({4: argument, 5: 2 * argument}.get(major, 0)):
        at = _item_end(data, at)
    return at


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Major type, argument, and where the head ends (RFC 8949, section 3)."""
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    size = 1 << low - 24
    return major, int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size


def _integer(data: bytes) -> int:
    major, argument, _ = _head(data, 0)
    return argument if major == 0 else ~argument
