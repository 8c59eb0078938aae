"""A course record in its holder's hands: everything in it, each by a readable path."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple, Self

from signedcert.codec.frames import parse_frame
from signedcert.codec.record_framing import RecordFrame
from signedcert.errors import DecodeError, Reason, ShareError
from signedcert.model.course_record import CourseRecord
from signedcert.model.issued_record import VisibleRecord
from signedcert.model.labelled import Labelled
from signedcert.share.fields import WITHHOLDABLE
from signedcert.share.reading import Entry, read
from signedcert.share.record_payload import lift_payload

_PATH = re.compile(r"([a-z_]+)(?:\[(?:([0-9]{1,3})|([a-z_]+)=(.{1,300}))\])?")
_LEARNER = next(label for label, field in WITHHOLDABLE.items() if field.name == "learner")
_NAMES = {field.name: field for field in WITHHOLDABLE.values()}


class Preset(StrEnum):
    """What is usually shared. What a record does not have is left out of a preset."""

    #: The final score, and nothing else: not even the learner's name.
    FINAL_SCORE = "final-score"
    #: The learner's name, the final score, and how the learner's identity was checked.
    SUMMARY = "summary"
    #: All of it, and the proof that there is no more.
    EVERYTHING = "everything"


_PRESETS = {
    Preset.FINAL_SCORE: ("final_score",),
    Preset.SUMMARY: ("learner", "final_score", "identity_checks"),
}


class Choice(NamedTuple):
    """What a holder chose to reveal.

    :ivar disclosures: what reveals it, ascending.
    :ivar paths: what that is: paths that choose the same again.
    """

    disclosures: tuple[bytes, ...]
    paths: tuple[str, ...]


class HeldRecord:
    """A record's token taken apart, with all of its disclosures.

    The issuer's signature is not verified here: the holder does that when the record arrives, with
    :func:`signedcert.verify`.
    """

    __slots__ = ("_entries", "frame", "visible")

    #: The token.
    frame: RecordFrame
    #: What is always visible.
    visible: VisibleRecord
    _entries: dict[str, Entry]

    @classmethod
    def open(cls, token: bytes) -> Self:
        """The record in a token as the issuer gave it out.

        :raises DecodeError: when it is no record, or breaks the format.
        :raises ShareError: when not everything in it is disclosed: then it was made from a share,
            or its issuer hides something from its holder. Also when it says more than this version
            knows, which its holder could not choose.
        """
        frame = parse_frame(token)
        if not isinstance(frame, RecordFrame):
            raise DecodeError(Reason.WRONG_TYPE, "this is not the token of a course record")
        signed = lift_payload(frame.signed.payload)
        reading = read(signed, frame.disclosures)
        rows = [row for entry in reading.entries.values() for row in entry.rows]
        if reading.hidden or any(row.disclosure is None for row in rows):
            raise ShareError(
                "the record is not complete: something in it is not disclosed, so it cannot be "
                "shared from. Use the token as its issuer gave it out"
            )
        if reading.additional:
            labels = ", ".join(str(label) for label in reading.additional)
            raise ShareError(
                f"the record has fields that this version does not know (label {labels}), so it "
                "cannot show what is shared; use a newer signedcert"
            )
        if _LEARNER not in reading.entries:
            raise ShareError("the record does not say whose it is; ask its issuer for another")
        held = cls()
        held.frame, held.visible = frame, signed.visible
        held._entries = {
            WITHHOLDABLE[label].name: reading.entries[label] for label in sorted(reading.entries)
        }
        return held

    def record(self) -> CourseRecord:
        """The record as the issuer states it."""
        values: dict[str, Any] = {
            name: getattr(self.visible, name)
            for name in VisibleRecord.model_fields
            if name in CourseRecord.model_fields
        }
        for name, entry in self._entries.items():
            rows = tuple(row.value for row in entry.rows if row.value is not None)
            values[name] = rows if _NAMES[name].is_list else entry.value
        return CourseRecord(**values)

    @property
    def paths(self) -> tuple[str, ...]:
        """Everything that can be chosen, one path for each field or row."""
        return tuple(path for name in self._entries for path in self._paths_of(name))

    def choose(self, wanted: Preset | Iterable[str]) -> Choice:
        """What reveals what is asked for.

        :param wanted: a preset, or paths: ``final_score``, ``assessments`` (all of them, and the
            proof that there are no more), ``assessments[3]`` (counted from 0),
            ``assessments[kind=exam]``.
        :raises ShareError: for a path that means nothing in this record.
        """
        if isinstance(wanted, Preset):
            wanted = self._of_preset(wanted)
        elif isinstance(wanted, str):
            raise TypeError("disclosures is a Preset, or a list of paths such as ['final_score']")
        wanted = list(wanted)
        if Preset.EVERYTHING in wanted:
            return Choice(self.frame.disclosures, (Preset.EVERYTHING.value,))
        disclosures: set[bytes] = set()
        paths: set[str] = set()
        for path in wanted:
            for disclosure, named in self._chosen(path):
                disclosures.add(disclosure)
                paths.add(named)
        # A list as a whole says all that its rows say.
        ordered = [
            path
            for name in self._entries
            for path in ((name,) if name in paths else self._paths_of(name))
            if path in paths
        ]
        return Choice(tuple(sorted(disclosures)), tuple(ordered))

    def _of_preset(self, preset: Preset) -> list[str]:
        if preset is Preset.EVERYTHING:
            return [preset.value]
        found = [name for name in _PRESETS[preset] if name in self._entries]
        if not found:
            raise ShareError("the record has none of what this preset reveals")
        return found

    def _chosen(self, path: str) -> Iterator[tuple[bytes, str]]:
        """Each disclosure that a path asks for, with the path of what it is part of."""
        found = _PATH.fullmatch(path) if isinstance(path, str) else None
        if found is None or found[1] not in _NAMES:
            raise ShareError(
                f"{path!r} is no path; choose among {', '.join(_NAMES)}, as final_score, "
                "assessments[3] or assessments[kind=exam]; or everything"
            )
        name, number, key, value = found.groups()
        if name not in self._entries:
            raise ShareError(f"{path}: the record has no {name}")
        entry = self._entries[name]
        if number is None and key is None:
            yield entry.disclosure, name
            for row in entry.rows:
                assert row.disclosure is not None  # open() saw to it
                yield row.disclosure, name
            return
        if not _NAMES[name].is_list:
            raise ShareError(f"{path}: {name} is one, and has no rows to choose from")
        for place, disclosure in self._rows(path, name, number, key, value):
            yield entry.disclosure, f"{name}[{place}]"
            yield disclosure, f"{name}[{place}]"

    def _rows(
        self, path: str, name: str, number: str | None, key: str | None, value: str
    ) -> list[tuple[int, bytes]]:
        """The rows of a list that a path asks for."""
        rows = [row for row in self._entries[name].rows if row.value is not None]
        if number is not None and int(number) >= len(rows):
            raise ShareError(f"{path}: the record has {len(rows)} {name}, counted from 0")
        fields = [each.name for each in _NAMES[name].model.fields_by_label]
        if key is not None and key not in fields:
            raise ShareError(f"{path}: {name} have no {key}; there are {', '.join(fields)}")
        chosen = []
        for place, row in enumerate(rows):
            assert row.disclosure is not None  # open() saw to it
            assert row.value is not None  # it is no decoy
            if place == int(number) if number is not None else _has(row.value, key, value):
                chosen.append((place, row.disclosure))
        if not chosen:
            raise ShareError(f"{path}: none of the {name} is so")
        return chosen

    def _paths_of(self, name: str) -> list[str]:
        if not _NAMES[name].is_list:
            return [name]
        count = sum(row.value is not None for row in self._entries[name].rows)
        return [f"{name}[{place}]" for place in range(count)]


def _has(row: Labelled, key: str | None, value: str) -> bool:
    """Whether a field of a row has a value, as JSON writes it."""
    shown = row.model_dump(mode="json", exclude_defaults=True).get(key or "")
    if isinstance(shown, bool):
        shown = str(shown).lower()
    return shown is not None and str(shown) == value
