"""Writes tests/vectors/golden-records/*.json: records and shares that later versions must read.

As ``make_golden_vectors.py`` does for certificates: run once, a vector that exists is never
overwritten, and ``--replace`` is forbidden after the first release. Salts come from a counter, so
that the same statement gives the same bytes.
"""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import signedcert as sc
from make_golden_vectors import ADDITIONAL, EVERY_FIELD, SEED, certificate, write
from signedcert import share
from signedcert.codec.base64url import to_base64url
from signedcert.codec.digits import to_digits

FOLDER = Path(__file__).parents[1] / "tests" / "vectors" / "golden-records"
PAGE = "https://learn.example.edu/r/"
#: The private key of RFC 8032, section 7.1, test 2, which everybody knows.
HOLDER_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
SECRET = bytes(range(32))
SHARED_AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ENDS_AT = datetime(2026, 12, 20, 9, 30, tzinfo=UTC)


def record(**fields: Any) -> sc.CourseRecord:
    """The least that a record holds, and the fields given."""
    least: dict[str, Any] = {
        "id": bytes(range(10, 20)),
        "issuer": "learn.example.edu",
        "issued_at": datetime(2026, 11, 2, 10, tzinfo=UTC),
        "learner": sc.Person(name="Ada Lovelace"),
        "course": sc.Course(title="Analytical Engines", institution="University of Example"),
    }
    return sc.CourseRecord(**least | fields)


COMPLETE = record(
    issuer="learn.example.edu/department-1",
    valid_from=datetime(2026, 11, 3, tzinfo=UTC),
    expires_at=datetime(2036, 11, 3, tzinfo=UTC),
    learner=EVERY_FIELD.learner,
    course=EVERY_FIELD.course,
    started_on=date(2026, 9, 7),
    ended_on=date(2026, 11, 2),
    course_format=sc.CourseFormat(
        components=(
            sc.Component(kind=sc.AssessmentKind.QUIZ, count=8, weight=Decimal("62.5")),
            sc.Component(kind="Portfolio", weight=Decimal("37.5")),
        ),
        passing_score=60,
        passing_rule="No quiz below 40.",
    ),
    final_score=EVERY_FIELD.result,
    assessments=(
        *(
            sc.Assessment(
                title=f"Piece {kind.value}", kind=kind, score=80 + kind.value, maximum=100
            )
            for kind in sc.AssessmentKind
        ),
        sc.Assessment(
            title="Portfolio",
            kind="Portfolio",
            score=Decimal("8.5"),
            maximum=10,
            weight=Decimal("37.5"),
            submitted_on=date(2026, 11, 1),
            attempts=2,
            late=True,
        ),
    ),
    identity_checks=EVERY_FIELD.identity_checks,
    language="en",
    status=sc.StatusReference(list=3, index=123456),
    additional={128: True},
    additional_claims={200: -1},
)
PLACES = share.SharePlaces(list=4, first=65_536)

#: What it is, the record, where its shares are reset, and what is shared of it.
RECORDS: dict[
    str, tuple[str, sc.CourseRecord, share.SharePlaces | None, share.Preset | list[str]]
] = {
    "nothing": ("the course alone", record(), None, []),
    "final-score": ("the final score", COMPLETE, PLACES, share.Preset.FINAL_SCORE),
    "summary": ("without one row", COMPLETE, PLACES, share.Preset.SUMMARY),
    "everything": ("nothing withheld", COMPLETE, PLACES, share.Preset.EVERYTHING),
    "rows": (
        "some rows",
        COMPLETE,
        PLACES,
        ["assessments[kind=exam]", "assessments[0]", "learner"],
    ),
    "additional": (
        "labels of 128 and above, which this version does not know, wherever there may be some",
        record(
            learner=sc.Person.model_validate({"name": "Νίκη", "additional": ADDITIONAL}),
            final_score=sc.Result.model_validate({"grade": "A", "additional": {128: "later"}}),
            additional={130: 1},
        ),
        share.SharePlaces(list=0, first=0),
        ["learner"],
    ),
}


class Salts:
    """Salts that come out the same each time."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, size: int) -> bytes:
        """The next one."""
        self._count += 1
        return hashlib.sha256(b"salt%d" % self._count).digest()[:size]


def vector(
    description: str,
    stated: sc.CourseRecord,
    places: share.SharePlaces | None,
    wanted: share.Preset | list[str],
) -> dict[str, Any]:
    """Everything that a verifier must make of a record and a share, and how they are made."""
    issuer, holder = sc.SoftwareSigner(SEED), sc.SoftwareSigner(HOLDER_SEED)
    token = share.issue_record(
        stated, issuer, holder_key=holder.public_key, random_bytes=Salts(), share_places=places
    )
    paths = list(share.HeldRecord.open(token).choose(wanted).paths)
    shared = share.create(
        token,
        disclosures=paths,
        holder_signer=holder,
        audience="Åcme HR",
        issued_at=SHARED_AT,
        expires_at=ENDS_AT,
        share_id=bytes(range(20, 30)),
        slot=None if places is None else 15,
    )
    keys = {"kty": "OKP", "crv": "Ed25519", "x": to_base64url(issuer.public_key.raw)}
    trust = sc.Trust.from_jwks(stated.issuer, json.dumps({"keys": [keys]}).encode())
    verdict = sc.verify(shared, trust, now=SHARED_AT)
    assert isinstance(verdict.statement, sc.SharedRecord)
    packed = sc.pack(shared)
    sealed = share.seal(shared, SECRET)
    return {
        "description": description,
        "seed": SEED.hex(),
        "holder_seed": HOLDER_SEED.hex(),
        "record": json.loads(stated.model_dump_json()),
        "share_places": None if places is None else [places.list, places.first],
        "token": token.hex(),
        "disclosures": paths,
        "audience": "Åcme HR",
        "issued_at": SHARED_AT.isoformat(),
        "expires_at": ENDS_AT.isoformat(),
        "share_id": bytes(range(20, 30)).hex(),
        "slot": None if places is None else 15,
        "share": shared.hex(),
        "shown": verdict.statement.to_json(),
        "digits": to_digits(packed),
        "url": f"{PAGE}#{to_base64url(packed)}",
        "secret": SECRET.hex(),
        "sealed_url": share.sealed_url(PAGE, SECRET),
        "sealed_name": sealed.name,
        "sealed_file": to_base64url(sealed.file),
        "certificate": sc.issue(
            certificate(issuer=stated.issuer, record_id=stated.id), issuer
        ).hex(),
    }


def main() -> None:
    """Writes the vectors of records."""
    vectors = {name: vector(*parts) for name, parts in RECORDS.items()}
    write(FOLDER, __doc__.splitlines()[0], vectors)


if __name__ == "__main__":
    main()
