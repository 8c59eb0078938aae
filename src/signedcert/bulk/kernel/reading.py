"""A payload's content, read by comparing it with what was read before.

Where anything is out of the ordinary, it is :class:`Unfamiliar`, and goes the ordinary way
(:func:`signedcert.codec.lift.lift`), whose answer always is the one that counts.
"""

from signedcert.bulk.kernel.familiar import courses_of, rest_of, result_of
from signedcert.bulk.kernel.pieces import LABELS
from signedcert.bulk.kernel.said import Said
from signedcert.codec.cbor import encode
from signedcert.codec.scan import ITEMS_MAX, extent, is_cheap
from signedcert.model.leaf import Text
from signedcert.model.numbers import INTEGER_MAX
from signedcert.model.people import Person
from signedcert.model.statement import BODY
from signedcert.model.text import refused_character
from signedcert.model.times import DAY_MAX, MOMENT_MAX

_EXPIRES_AT, _VALID_FROM, _ISSUED_AT = (
    LABELS[name] for name in ("expires_at", "valid_from", "issued_at")
)
_LEARNER, _COURSE, _DAY, _RESULT = (
    LABELS[name] for name in ("learner", "course", "completed_on", "result")
)
_ID_SIZE = 10
#: Heads of maps (RFC 8949, section 3); maps of fewer than 24 entries have one byte.
_MAP, _MAP_MAX = 0xA0, 0xB7
_BEFORE_ID = encode(LABELS["id"]) + bytes((0x40 | _ID_SIZE,))
_BEFORE_RECORD_ID = encode(LABELS["record_id"]) + bytes((0x40 | _ID_SIZE,))
_BEFORE_BODY = encode(BODY)
_BEFORE_PLACE = encode(LABELS["status"]) + b"\x82"
#: The longest entry of a place: its head, and two integers of nine bytes.
_PLACE_MAX = len(_BEFORE_PLACE) + 18
_RECORD_ID_SIZE = len(_BEFORE_RECORD_ID) + _ID_SIZE
#: ``{0: name, 1: name}``, up to the first name; labels of names.
_TWO_NAMES = b"\xa2\x00"
_NAME = Person.fields_by_label[0].shape
assert isinstance(_NAME, Text)
_NAME_MAX = _NAME.maximum
#: Of heads of integers of 24 and more: how many bytes follow, and the least that needs so many.
_WIDE = {24: (1, 24), 25: (2, 1 << 8), 26: (4, 1 << 16), 27: (8, 1 << 32)}
_NONE = (0, 1)
#: Results have few entries; more than that is not familiar anyway.
_RESULT_ITEMS = 16


_Moments = tuple[int, int | None, int | None]


class Unfamiliar(Exception):
    """Something in the payload was not read before, or is not in order."""


#: What :func:`read` raises.
UNFAMILIAR = (Unfamiliar, IndexError, UnicodeDecodeError)


class Reader:
    """Reads the certificates of one issuer."""

    def __init__(self, issuer: str) -> None:
        self._issuer = encode(LABELS["issuer"]) + encode(issuer)
        # Certificates that were signed together have the same claims but for their ids.
        self._last: tuple[bytes, _Moments] | None = None

    def read(self, payload: bytes) -> Said:
        """What a certificate says.

        :raises UNFAMILIAR: where this cannot tell.
        """
        # All that is asked of the whole and not of its parts. An item takes a byte at least.
        if len(payload) > ITEMS_MAX and not is_cheap(payload):
            raise Unfamiliar
        last = self._last
        if last is None or not payload.startswith(last[0]):
            last = self._last = self._claims(payload)
        claims, moments = last
        identifier_at = len(claims)
        after_id = identifier_at + _ID_SIZE
        body = after_id + len(_BEFORE_BODY)
        if not payload.startswith(_BEFORE_BODY, after_id):
            raise Unfamiliar
        _expect(payload[body + 1], _LEARNER)
        learner, latin_name, at = _learner(payload, body + 2)
        _expect(payload[at], _COURSE)
        # Label and head of the map, label of the title.
        _, title_end = _text_at(payload, at + 3)
        for course in courses_of(payload[at:title_end]) or ():
            if payload.startswith(course.entry, at):
                break
        else:
            raise Unfamiliar
        at += len(course.entry)
        _expect(payload[at], _DAY)
        day, at = _unsigned(payload, at + 1, DAY_MAX)
        entries, result, place = _rest(payload, at)
        # Learner, course and day are the other three.
        if payload[body] != _MAP | entries + 3 or payload[body] > _MAP_MAX:
            raise Unfamiliar
        return Said(
            payload[identifier_at:after_id],
            moments,
            learner,
            latin_name,
            course.title,
            course.institution,
            day,
            result,
            place,
        )

    def _claims(self, payload: bytes) -> tuple[bytes, _Moments]:
        """What stands before the id, and the moments in it."""
        at = 1 + len(self._issuer)
        claims = 4
        expires_at = valid_from = None
        if payload[at] == _EXPIRES_AT:
            expires_at, at = _unsigned(payload, at + 1, MOMENT_MAX)
            claims += 1
        if payload[at] == _VALID_FROM:
            valid_from, at = _unsigned(payload, at + 1, MOMENT_MAX)
            claims += 1
        _expect(payload[at], _ISSUED_AT)
        issued_at, at = _unsigned(payload, at + 1, MOMENT_MAX)
        begins = issued_at if valid_from is None else valid_from
        if (
            payload[0] != _MAP | claims
            or not payload.startswith(self._issuer, 1)
            or not payload.startswith(_BEFORE_ID, at)
            or (expires_at is not None and expires_at <= begins)
        ):
            raise Unfamiliar
        return payload[: at + len(_BEFORE_ID)], (issued_at, valid_from, expires_at)


def _learner(payload: bytes, at: int) -> tuple[str, str | None, int]:
    if not payload.startswith(_TWO_NAMES, at):
        name, at = _name(payload, at)
        return name, None, at
    name, at = _name(payload, at + len(_TWO_NAMES))
    _expect(payload[at], 1)
    latin_name, at = _name(payload, at + 1)
    return name, latin_name, at


def _name(payload: bytes, at: int) -> tuple[str, int]:
    start, end = _text_at(payload, at)
    name = payload[start:end].decode()
    if not 0 < len(name) <= _NAME_MAX or (
        not (name.isascii() and name.isprintable()) and refused_character(name)
    ):
        raise Unfamiliar
    return name, end


def _rest(payload: bytes, at: int) -> tuple[int, str | None, tuple[int, int] | None]:
    """What stands behind the day: how many entries, the result, and the place in a list."""
    end = len(payload)
    count = 0
    result = place = None
    found = payload.rfind(_BEFORE_PLACE, max(at, end - _PLACE_MAX))
    if found >= 0:
        number, next_at = _unsigned(payload, found + len(_BEFORE_PLACE), INTEGER_MAX)
        index, next_at = _unsigned(payload, next_at, INTEGER_MAX)
        if next_at != end:
            raise Unfamiliar
        place, end, count = (number, index), found, count + 1
    before = end - _RECORD_ID_SIZE
    if before >= at and payload.startswith(_BEFORE_RECORD_ID, before):
        end, count = before, count + 1
    has_result = at < end and payload[at] == _RESULT
    if has_result:
        size = extent(payload[at + 1 : end], _RESULT_ITEMS)
        if size is None:
            raise Unfamiliar
        result_end = at + 1 + size
        result = result_of(payload[at:result_end])
        if result is None:
            raise Unfamiliar
        at, count = result_end, count + 1
    rest = rest_of(payload[at:end])
    if rest is None or (has_result and not rest.after_result):
        raise Unfamiliar
    return count + rest.entries, result if has_result else rest.result, place


def _unsigned(payload: bytes, at: int, most: int) -> tuple[int, int]:
    """An integer in its shortest encoding (RFC 8949, section 3), and what is behind it."""
    first = payload[at]
    if first < 24:
        return first, at + 1
    size, least = _WIDE.get(first, _NONE)
    end = at + 1 + size
    value = int.from_bytes(payload[at + 1 : end])
    if not least <= value <= most or end > len(payload):
        raise Unfamiliar
    return value, end


def _text_at(payload: bytes, at: int) -> tuple[int, int]:
    """Where a text begins and ends whose head, the shortest, is at a place."""
    first = payload[at]
    if 0x60 <= first < 0x78:
        return at + 1, at + first - 0x5F
    if first == 0x78 and payload[at + 1] > 23:
        return at + 2, at + 2 + payload[at + 1]
    if first == 0x79 and payload[at + 1]:
        return at + 3, at + 3 + int.from_bytes(payload[at + 1 : at + 3], "big")
    raise Unfamiliar


def _expect(found: int, label: int) -> None:
    if found != label:
        raise Unfamiliar
