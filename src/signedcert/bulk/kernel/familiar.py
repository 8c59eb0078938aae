"""Parts of payloads that were read before, and what they say.

In CBOR, no encoding begins with another one. So where the bytes of an item that was read before
stand at a place, that item stands there, and need not be read again. What is kept here came out of
:func:`signedcert.codec.lift.lift`, so it is in order, whoever signed it.
"""

from typing import NamedTuple

from signedcert.bulk.kernel.memory import Memory
from signedcert.bulk.kernel.pieces import LABELS
from signedcert.bulk.kernel.shown import result_text
from signedcert.codec.cbor import encode
from signedcert.codec.lower import encoded_entries
from signedcert.model.certificate import Certificate

_BYTES_MAX = 16 << 20
#: How many courses of one title are told apart.
_SAME_TITLE = 8
_COURSE, _DAY, _RESULT = LABELS["course"], LABELS["completed_on"], LABELS["result"]
#: What ends a body, and differs from certificate to certificate.
_LAST = frozenset({LABELS["record_id"], LABELS["status"]})
_LAST_LABEL = max(_LAST)


class KnownCourse(NamedTuple):
    """A course that was read before.

    :ivar entry: the encoding of the entry of the body, key and value.
    """

    entry: bytes
    title: str
    institution: str


class Rest(NamedTuple):
    """What stands between the day or the result, and the record's id or the place.

    :ivar entries: how many it has.
    :ivar after_result: whether it may stand behind a result.
    :ivar result: the result in it, or None.
    """

    entries: int
    after_result: bool
    result: str | None


_NOTHING = Rest(0, after_result=True, result=None)
_courses: Memory[tuple[KnownCourse, ...]] = Memory(_BYTES_MAX)
_results: Memory[str] = Memory(_BYTES_MAX)
_rests: Memory[Rest] = Memory(_BYTES_MAX)

#: The courses whose entry begins with these bytes, up to the end of the title.
courses_of = _courses.get
#: The result of an entry.
result_of = _results.get


def rest_of(data: bytes) -> Rest | None:
    """What such bytes are; None where they are not familiar."""
    return _rests.get(data) if data else _NOTHING


def remember(certificate: Certificate) -> None:
    """Makes the parts of a certificate familiar."""
    if certificate.additional:
        return  # they stand behind the place, where nobody looks for them
    _, body = encoded_entries(certificate)
    _remember_course(certificate, body[_COURSE])
    rest = {label: entry for label, entry in body.items() if label > _DAY and label not in _LAST}
    result = None if certificate.result is None else result_text(certificate.result)
    if result is not None and min(rest) == _RESULT:
        entry = rest.pop(_RESULT)
        _results.put(entry, result, len(entry))
        result = None
    data = b"".join(rest.values())
    behind = min(rest, default=_LAST_LABEL) > _RESULT
    _rests.put(data, Rest(len(rest), behind, result), len(data))


def _remember_course(certificate: Certificate, entry: bytes) -> None:
    course = certificate.course
    title = encode(course.title)
    # Label of the entry, head of the map, label of the title: a byte each; then the title.
    start = entry[: 3 + len(title)]
    known = KnownCourse(entry, course.title, course.institution)
    others = _courses.get(start) or ()
    if known not in others:
        found = (known, *others[: _SAME_TITLE - 1])
        _courses.put(start, found, sum(len(each.entry) for each in found))
