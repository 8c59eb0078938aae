"""An issuer of course records, its learners' shares, and whoever they are shown to."""

import json
from pathlib import Path
from typing import Any, NamedTuple, Self

from own_issuer import OwnIssuer

AUDIENCE = "Acme HR"
RECORD: dict[str, Any] = {
    "learner": {"name": "Jacob Ångström"},
    "course": {"title": "Operations Management", "institution": "University of Pennsylvania"},
    "started_on": "2026-09-01",
    "final_score": {"score": 91.5, "maximum": 100},
    "assessments": [
        {"title": "Week 1 quiz", "kind": "quiz", "score": 9, "maximum": 10},
        {"title": "Essay on Toyota", "kind": "essay", "score": 88, "late": True},
        {"title": "Final exam", "kind": "exam", "score": 93.25, "attempts": 2},
    ],
    "identity_checks": [{"method": "identity_document"}],
}
WITHHELD = {"withheld": True}
#: Its lists are small, so that publishing takes no time.
_OPTIONS = ("--status-list-size", "1024")
_EXIT_CODES = {"VALID": 0, "INVALID": 1, "INDETERMINATE": 3}


class RecordIssuer(OwnIssuer):
    """A workspace with records; shares are opened with what the verifier last fetched."""

    def __init__(self, run: Any, folder: Path, **env: str) -> None:
        super().__init__(run, folder, *_OPTIONS, **env)

    def record(self, *options: object, **fields: Any) -> dict[str, Any]:
        """What ``issue --record --json`` prints."""
        text = json.dumps(RECORD | fields)
        arguments = ("issue", "-", "--record", "--out", self.out, *options)
        printed: dict[str, Any] = self.do(*arguments, stdin=text)
        return printed

    def share(self, record: str, *options: object, **more: str) -> Any:
        """What ``share create --json`` prints, for Acme HR."""
        return self.do("share", "create", record, "--audience", AUDIENCE, *options, **more)

    def share_alone(self, record: object, *options: object, **env: str) -> Any:
        """The same by the learner, who has no workspace."""
        arguments = ("share", "create", record, "--audience", AUDIENCE, *options, "--json")
        result = self.run(*arguments, **env)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def shares(self, *record: object) -> Any:
        """What ``share list --json`` prints."""
        return self.do("share", "list", *record)

    def publish_and_fetch(self) -> None:
        self.publish()
        self.fetch()

    def opened(self, given: object, *options: object) -> Any:
        """What ``share open --json`` prints; the exit code must be that of the verdict."""
        arguments = ("share", "open", given, "--trust", self.store, "--offline", *options)
        result = self.run(*arguments, "--json")
        verdict = json.loads(result.stdout)
        assert result.exit_code == _EXIT_CODES[verdict["status"]], result.output
        return verdict

    def seen(self, given: object, *options: object) -> str:
        """What ``share open`` prints for people."""
        arguments = ("share", "open", given, "--trust", self.store, "--offline", *options)
        return str(self.run(*arguments).stdout)

    @property
    def sealed(self) -> Path:
        """Where the workspace keeps sealed files."""
        return self.workspace / "sealed"


class Shown(NamedTuple):
    """An issuer with a record, and two shares of it that the verifier knows the list of."""

    school: RecordIssuer
    record: dict[str, Any]
    link: dict[str, Any]
    sealed: dict[str, Any]

    @classmethod
    def made(cls, run: Any, folder: Path) -> Self:
        """The shares end before the status lists do, which last 30 days."""
        school = RecordIssuer(run, folder)
        record = school.record()
        exam = ("--show", "assessments[kind=exam]", "--days", "3")
        link = school.share(record["code"], *exam, "--show", "final_score", "--out", folder / "qr")
        sealed = school.share(record["code"], *exam, "--sealed")
        school.publish_and_fetch()
        return cls(school, record, link, sealed)


def reasons(verdict: dict[str, Any]) -> dict[str, str]:
    """The reason of every finding that is neither passed nor of no interest."""
    fine = ("PASSED", "NOT_APPLICABLE")
    return {f["check"]: f["reason"] for f in verdict["findings"] if f["outcome"] not in fine}


def withheld(verdict: dict[str, Any]) -> set[str]:
    """The fields of a shared record that are withheld as a whole."""
    return {name for name, value in verdict["statement"].items() if value == WITHHELD}


def titles(verdict: dict[str, Any]) -> list[str]:
    """The titles of the assessments that are shown."""
    return [each["title"] for each in verdict["statement"]["assessments"] if each != WITHHELD]
