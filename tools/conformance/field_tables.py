"""The fields of a certificate (section 6.2): where they stand, and what bounds their values."""

from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where a field stands.

    :ivar labels: the labels that lead there; -1 is the one element of an array.
    :ivar names: the names that lead there in JSON; 0 is the one element of an array.
    :ivar around: what else has to stand beside it, at each label on the way, as labels and JSON.
    """

    labels: tuple[int, ...]
    names: tuple[str | int, ...]
    around: "_Around"


_Around = dict[tuple[int, ...], tuple[dict[int, Any], dict[str, Any]]]
_COURSE: _Around = {(1,): ({0: "Analytical Engines", 1: "University of Example"}, {
    "title": "Analytical Engines", "institution": "University of Example",
})}  # fmt: skip


def _in_course(label: int, name: str) -> Place:
    return Place((1, label), ("course", name), _COURSE)


def _beside(
    labels: tuple[int, ...], names: tuple[str | int, ...], wire: dict[int, Any], shown: Any
) -> Place:
    around = dict(_COURSE) if labels[0] == 1 else {}
    return Place(labels, names, around | {labels[:-1]: (wire, shown)})


def _plain(label: int, name: str) -> Place:
    return Place((label,), (name,), {})


_NAMED = ({0: "N"}, {"name": "N"})
#: Every field of text, with its bound, and whether line feeds are allowed.
TEXTS: dict[str, tuple[Place, int, bool]] = {
    "learner.name": (_beside((0, 0),
    ("learner", "name"), {1: "L"}, {"latin_name": "L"}), 200, False),
    "learner.latin_name": (_beside((0, 1), ("learner", "latin_name"), *_NAMED), 200, False),
    "course.title": (_in_course(0, "title"), 300, False),
    "course.institution": (_in_course(1, "institution"), 300, False),
    "course.partner_institutions": (
        Place((1, 2, -1), ("course", "partner_institutions", 0), _COURSE), 300, False,
    ),
    "course.code": (_in_course(3, "code"), 50, False),
    "course.description": (_in_course(4, "description"), 4000, True),
    "course.syllabus": (
        _beside((1, 5, -1, 0),
        ("course", "syllabus", 0, "title"), {2: 5}, {"hours": 5}), 300, False,
    ),
    "module.topics": (
        _beside(
            (1, 5, -1, 1, -1), ("course", "syllabus", 0, "topics", 0), {}, {}
        )._replace(around=_COURSE | {(1, 5, -1): ({0: "T"}, {"title": "T"})}),
        300, False,
    ),
    "course.level": (_in_course(7, "level"), 100, False),
    "credits.system": (
        _beside((1, 10, 1), ("course", "credits", "system"), {0: 6}, {"amount": 6}), 100, False,
    ),
    "awarded_title": (_plain(3, "awarded_title"), 200, False),
    "result.grade": (Place((4, 2), ("result", "grade"), {}), 100, False),
    "signatory.name": (
        _beside((5, -1, 0), ("signatories", 0, "name"), {1: "T"}, {"title": "T"}), 200, False,
    ),
    "signatory.title": (_beside((5, -1, 1), ("signatories", 0, "title"), *_NAMED), 200, False),
    "signatory.organisation": (
        _beside((5, -1, 2), ("signatories", 0, "organisation"), *_NAMED), 300, False,
    ),
    "skills": (Place((6, -1), ("skills", 0), {}), 200, False),
    "skill.name": (
        _beside((6, -1, 0),
        ("skills", 0, "name"), {1: "http://a"}, {"url": "http://a"}), 200, False,
    ),
    "awarding_body.name": (
        _beside((7, 0),
        ("awarding_body", "name"), {1: "http://a"}, {"url": "http://a"}), 300, False,
    ),
    "identity_check.method": (Place((8, -1, 0), ("identity_checks", 0, "method"), {}), 100, False),
    "identity_check.performed_by": (
        _beside((8, -1, 1), ("identity_checks", 0, "performed_by"), {0: "m"}, {"method": "m"}),
        300, False,
    ),
    "identity_check.assurance": (
        _beside((8, -1, 3), ("identity_checks", 0, "assurance"), {0: "m"}, {"method": "m"}),
        100, False,
    ),
    "limitations": (Place((9, -1), ("limitations", 0), {}), 500, False),
}  # fmt: skip

#: Every field of an enumeration, how many names it has, and the first and the last.
CHOICES: dict[str, tuple[Place, int, str, str, bool]] = {
    "awarded_title": (
        TEXTS["awarded_title"][0], 4, "course_certificate", "statement_of_participation", True,
    ),
    "limitations": (TEXTS["limitations"][0], 2, "no_degree_credit", "no_enrolment", True),
    "course.level": (TEXTS["course.level"][0], 4, "beginner", "mixed", True),
    "course.delivery": (_in_course(9, "delivery"), 3, "online", "blended", False),
    "credits.system": (TEXTS["credits.system"][0], 4, "ects", "continuing_education_units", True),
    "identity_check.method": (
        TEXTS["identity_check.method"][0], 4, "photo_match", "proctored_session", True,
    ),
    "identity_check.assurance": (
        TEXTS["identity_check.assurance"][0], 3, "low", "high", True,
    ),
}  # fmt: skip

#: Every field of a URL, of a language, and of decimals.
URLS: dict[str, Place] = {
    "course.url": _in_course(11, "url"),
    "skill.url": _beside((6, -1, 1), ("skills", 0, "url"), *_NAMED),
    "awarding_body.url": _beside((7, 1), ("awarding_body", "url"), *_NAMED),
}
LANGUAGES: dict[str, Place] = {
    "course.language": _in_course(8, "language"),
    "language": _plain(10, "language"),
}
DECIMALS: dict[str, tuple[Place, bool]] = {
    "module.hours": (
        _beside((1, 5, -1, 2), ("course", "syllabus", 0, "hours"), {0: "T"}, {"title": "T"}),
        False,
    ),
    "workload.total_hours": (
        Place((1, 6, 2), ("course", "workload", "total_hours"), _COURSE),
        False,
    ),
    "credits.amount": (
        _beside((1, 10, 0), ("course", "credits", "amount"), {1: "s"}, {"system": "s"}),
        False,
    ),
    "result.score": (Place((4, 0), ("result", "score"), {}), True),
    "result.maximum": (Place((4, 1), ("result", "maximum"), {}), False),
}
#: Every array, how many items it may have, an item, and the item in JSON.
ARRAYS: dict[str, tuple[Place, int, Any, Any]] = {
    "course.partner_institutions": (_in_course(2, "partner_institutions"), 20, "I", "I"),
    "course.syllabus": (_in_course(5, "syllabus"), 100, "M", {"title": "M"}),
    "module.topics": (
        _beside((1, 5, -1, 1), ("course", "syllabus", 0, "topics"), {0: "T"}, {"title": "T"}),
        50, "t", "t",
    ),
    "signatories": (_plain(5, "signatories"), 20, "S", {"name": "S"}),
    "skills": (_plain(6, "skills"), 50, "S", "S"),
    "identity_checks": (_plain(8, "identity_checks"), 20, {0: 0}, {"method": "photo_match"}),
    "limitations": (_plain(9, "limitations"), 20, 0, "no_degree_credit"),
}  # fmt: skip
WEEKS = Place((1, 6, 0), ("course", "workload", "weeks"), _COURSE)
HOURS_PER_WEEK = Place((1, 6, 1), ("course", "workload", "hours_per_week"), _COURSE)
DISTINCTION = Place((4, 3), ("result", "with_distinction"), {})
COMPLETED_ON = _plain(2, "completed_on")
PERFORMED_ON = _beside(
    (8, -1, 2), ("identity_checks", 0, "performed_on"), {0: "m"}, {"method": "m"}
)
PORTRAIT = _beside((8, -1, 4), ("identity_checks", 0, "portrait_digest"), {0: "m"}, {"method": "m"})
RECORD_ID, STATUS = _plain(11, "record_id"), _plain(12, "status")


def wire_entry(place: Place, value: Any) -> dict[int, Any]:
    """The entry of the body in which the field has a value."""
    return {place.labels[0]: _wire(place, 1, value)}


def _wire(place: Place, depth: int, value: Any) -> Any:
    path = place.labels[:depth]
    if depth == len(place.labels):
        return value
    inner = _wire(place, depth + 1, value)
    if place.labels[depth] == -1:
        return [inner]
    beside = place.around.get(path, ({}, {}))[0]
    return {**beside, place.labels[depth]: inner}


def shown_entry(place: Place, value: Any) -> dict[str, Any]:
    """What of the statement then reads otherwise, in JSON."""
    return {str(place.names[0]): _shown(place, 1, value)}


def _shown(place: Place, depth: int, value: Any) -> Any:
    path = place.labels[:depth]
    if depth == len(place.names):
        return value
    inner = _shown(place, depth + 1, value)
    if place.names[depth] == 0:
        return [inner]
    beside = place.around.get(path, ({}, {}))[1]
    return {**beside, str(place.names[depth]): inner}
