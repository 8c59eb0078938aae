"""An issuer with a published site, made once with the command line, and links for every verdict."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import signedcert as sc
from command_line import run_here
from signedcert.cli import issue as issue_module
from signedcert.codec.text import verify_url
from signedcert.workspace.publication import own_trust
from signedcert.workspace.workspace import Workspace

ISSUER = "learn.example.edu"
AUDIENCE = "Acme HR"
LEARNER, COURSE = "Jacob Ångström", "Introduction to Operations Management"
CERTIFICATE: dict[str, Any] = {
    "learner": {"name": LEARNER},
    "course": {
        "title": COURSE,
        "institution": "University of Pennsylvania",
        "partner_institutions": ["University of Example"],
        "code": "OPIM-101",
        "description": "How firms turn inputs into outputs.\nWith cases from three continents.",
        "syllabus": [
            {"title": "Process analysis", "hours": 5, "topics": ["Little's law", "Bottlenecks"]},
            {"title": "Productivity", "hours": 6},
            {"title": "Responsiveness", "hours": 6},
            {"title": "Quality and final exam", "hours": 7},
        ],
        "workload": {"weeks": 4, "hours_per_week": [5, 7]},
        "level": "beginner",
        "language": "en",
        "delivery": "online",
        "credits": {"amount": 6, "system": "ects"},
        "url": "https://learn.example.edu/courses/opim-101",
    },
    "completed_on": "2026-11-02",
    "awarded_title": "course_certificate",
    "result": {"score": 92.5, "maximum": 100, "with_distinction": True},
    "signatories": [
        {"name": "Christian Terwiesch", "title": "Professor"},
        {"name": "Jane Doe", "organisation": "University of Example"},
    ],
    "skills": [
        "Process Analysis",
        {"name": "Lean", "url": "https://skills.example/lean"},
        "Quality Control",
    ],
    "identity_checks": [
        {
            "method": "photo_match",
            "performed_by": "Example Proctoring",
            "performed_on": "2026-10-30",
            "assurance": "substantial",
        }
    ],
    "limitations": ["no_degree_credit", "no_enrolment"],
    "language": "en",
}
_QUIZ = {"kind": "quiz", "maximum": 10, "weight": 15}
RECORD: dict[str, Any] = {
    "learner": {"name": LEARNER},
    "course": CERTIFICATE["course"],
    "started_on": "2026-09-01",
    "ended_on": "2026-11-02",
    "course_format": {
        "components": [
            {"kind": "quiz", "count": 4, "weight": 60},
            {"kind": "exam", "count": 1, "weight": 40},
        ],
        "passing_score": 60,
    },
    "final_score": {"score": 91.5, "maximum": 100},
    "assessments": [
        {
            "title": "Quiz on process analysis",
            "kind": "quiz",
            "score": 9,
            "maximum": 10,
            "weight": 15,
        },
        {
            "title": "Quiz on productivity",
            "kind": "quiz",
            "score": 8.5,
            "maximum": 10,
            "weight": 15,
        },
        {"title": "Essay on Toyota", "kind": "essay", "score": 88, "weight": 30, "late": True},
        {"title": "Final exam", "kind": "exam", "score": 93.25, "weight": 40, "attempts": 2},
    ],
    "identity_checks": [{"method": "identity_document", "assurance": "high"}],
}


def command(*arguments: object, stdin: str = "") -> Any:
    """Runs a command with ``--json``, and gives what it prints."""
    # To find what would make a code smaller takes most of the time, and no test here reads it.
    with mock.patch.object(issue_module, "savings", return_value=()):
        result = run_here([*arguments, "--json"], stdin)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@dataclass(frozen=True)
class School:
    """One issuer's workspace and site."""

    folder: Path
    issuer: str = ISSUER

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    def set_up(self, *, now: datetime | None = None) -> None:
        self.run(
            "init", "--issuer", self.issuer, "--no-passphrase", "--status-list-size", 1024, now=now
        )

    def run(self, *arguments: object, stdin: str = "", now: datetime | None = None) -> Any:
        at = () if now is None else ("--now", now.strftime("%Y-%m-%dT%H:%M:%SZ"))
        return command(*arguments, "--workspace", self.workspace, *at, stdin=stdin)

    def issue(self, *options: object, now: datetime | None = None, **fields: Any) -> Any:
        """What ``issue --json`` prints, of the certificate above with other fields."""
        text = json.dumps(CERTIFICATE | fields)
        return self.run(
            "issue", "-", "--out", self.folder / "issued", *options, stdin=text, now=now
        )

    def record(self, **fields: Any) -> Any:
        text = json.dumps(RECORD | fields)
        return self.run("issue", "-", "--record", "--out", self.folder / "issued", stdin=text)

    def share(self, code: str, *options: object) -> Any:
        return self.run("share", "create", code, "--audience", AUDIENCE, *options)

    def publish(self, *options: object, now: datetime | None = None) -> None:
        self.run("publish", "--out", self.site, *options, now=now)


@dataclass(frozen=True)
class Published:
    """A school's site, with a link for each thing that can come of checking one."""

    school: School
    links: dict[str, str]
    codes: dict[str, str]
    trust: Path
    other_trust: Path

    def __getitem__(self, name: str) -> str:
        """The link, without the page: ``c/#…`` or ``r/#…``."""
        return self.links[name].split("/", 3)[3]


def tampered(url: str) -> str:
    """The same link with another learner, under the old signature."""
    token = sc.token_from_text(url)
    changed = token.replace("Ångström".encode(), "Ångstrøm".encode())
    assert changed != token
    return verify_url(url.partition("#")[0], changed)


def _ask(path: Path) -> bytes:
    raise AssertionError(f"{path} is encrypted")


def trust_of(school: School) -> bytes:
    """A bundle with the issuer's document and lists as they are now."""
    return own_trust(Workspace.open(school.workspace), _ask, datetime.now(UTC)).to_bundle()


def published(folder: Path) -> Published:
    """Issues one of each, and publishes."""
    school, other = School(folder / "school"), School(folder / "other", "other.example.org")
    now = datetime.now(UTC)
    for each in (school, other):
        each.set_up()
    by_code = school.issue("--by-code")
    valid, withdrawn = school.issue(), school.issue()
    expired = school.issue(expires_at=(now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    school.run("revoke", withdrawn["code"])
    record = school.record()
    rows = ("--show", "learner", "--show", "final_score", "--show", "assessments[kind=quiz]")
    share = school.share(record["code"], *rows)
    sealed = school.share(record["code"], "--preset", "everything", "--sealed")
    reset = school.share(record["code"], "--preset", "final-score")
    command("share", "reset", reset["url"], "--no-new-link", "--workspace", school.workspace)
    foreign = other.issue()
    school.publish()
    other.publish()
    trusts = [folder / "trust.bundle", folder / "other.bundle"]
    for path, each in zip(trusts, (school, other), strict=True):
        path.write_bytes(
            own_trust(Workspace.open(each.workspace), _ask, datetime.now(UTC)).to_bundle()
        )
    links = {
        "valid": valid["url"],
        "tampered": tampered(valid["url"]),
        "withdrawn": withdrawn["url"],
        "expired": expired["url"],
        "foreign": foreign["url"],
        "share": share["url"],
        "sealed": sealed["url"],
        "reset": reset["url"],
        "by_code": by_code["url"],
    }
    codes = {"by_code": by_code["code"], "valid": valid["code"]}
    return Published(school, links, codes, *trusts)
