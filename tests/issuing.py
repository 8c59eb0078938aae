"""An issuer for tests: public test keys, its published key set, and statements it signs."""

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import signedcert as sc
from signedcert import share
from signedcert.codec.base64url import to_base64url

ISSUER = "learn.example.edu"
OTHER_ISSUER = "other.example.org"
ISSUED_AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
NOW = ISSUED_AT + timedelta(days=30)

#: RFC 8032, section 7.1, tests 1 and 2: keys that everybody knows.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
OTHER_SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
SIGNER = sc.SoftwareSigner(SEED)
OTHER_SIGNER = sc.SoftwareSigner(OTHER_SEED)
#: The learner's share key, and somebody else's.
HOLDER, OTHER_HOLDER = sc.SoftwareSigner(b"h" * 32), sc.SoftwareSigner(b"i" * 32)


def jwk(signer: sc.SoftwareSigner = SIGNER, **members: Any) -> dict[str, Any]:
    x = to_base64url(signer.public_key.raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": x} | members


def jwks(*keys: dict[str, Any], **members: Any) -> bytes:
    return json.dumps({"keys": list(keys or (jwk(),))} | members).encode()


TRUST = sc.Trust.from_jwks(ISSUER, jwks())


def minimal(**fields: Any) -> sc.Certificate:
    """A certificate with what no certificate can lack, and the fields given."""
    return sc.Certificate(
        **{
            "id": bytes(range(10)),
            "issuer": ISSUER,
            "issued_at": ISSUED_AT,
            "learner": sc.Person(name="Jacob Ångström"),
            "course": sc.Course(title="Operations Management", institution="University of Example"),
            "completed_on": date(2026, 11, 2),
        }
        | fields
    )


def typical(**fields: Any) -> sc.Certificate:
    """The certificate of the design's own example."""
    return minimal(
        **{
            "course": sc.Course(
                title="Introduction to Operations Management",
                institution="University of Pennsylvania",
                syllabus=(sc.Module(title="Process analysis", hours=5),),
                workload=sc.Workload(weeks=8, hours_per_week=(5, 7)),
            ),
            "signatories": (sc.Signatory(name="Christian Terwiesch", title="Professor"),),
            "skills": ("Process Analysis",),
            "limitations": (sc.Limitation.NO_DEGREE_CREDIT, sc.Limitation.NO_ENROLMENT),
        }
        | fields
    )


def record(**fields: Any) -> sc.CourseRecord:
    """A course record with some assessments."""
    return sc.CourseRecord(
        **{
            "id": bytes(range(10, 20)),
            "issuer": ISSUER,
            "issued_at": ISSUED_AT,
            "learner": sc.Person(name="Jacob Ångström"),
            "course": sc.Course(title="Operations Management", institution="University of Example"),
            "final_score": sc.Result(score="92.5"),
            "assessments": (
                sc.Assessment(title="Week 1", kind=sc.AssessmentKind.QUIZ, score=9, maximum=10),
                sc.Assessment(title="Case", kind="field report", late=True),
            ),
        }
        | fields
    )


def issue(
    statement: sc.Certificate | sc.CourseRecord,
    signer: sc.SoftwareSigner = SIGNER,
    holder: sc.SoftwareSigner = HOLDER,
    places: share.SharePlaces | None = None,
    seed: int = 1,
) -> bytes:
    """A certificate or a course record, signed; with one seed, records have the same salts."""
    if isinstance(statement, sc.Certificate):
        return sc.issue(statement, signer)
    return share.issue_record(
        statement,
        signer,
        holder_key=holder.public_key,
        random_bytes=random.Random(seed).randbytes,
        share_places=places,
    )


def shared(
    token: bytes,
    disclosures: share.Preset | list[str] = share.Preset.EVERYTHING,
    holder: sc.SoftwareSigner = HOLDER,
    **fields: Any,
) -> bytes:
    """A share of a record that is good now."""
    return share.create(
        token,
        disclosures=disclosures,
        holder_signer=holder,
        **{
            "audience": "Acme Hiring",
            "issued_at": NOW - timedelta(days=1),
            "expires_at": NOW + timedelta(days=1),
            "share_id": b"Share 0001",
            "slot": _first_slot(token),
        }
        | fields,
    )


def _first_slot(token: bytes) -> int | None:
    """The first of a record's share places, where it has any."""
    try:
        return None if share.HeldRecord.open(token).visible.share_places is None else 0
    except sc.SignedCertError:
        return None


def check(token: bytes, trust: sc.Trust = TRUST, now: datetime = NOW) -> sc.Verdict:
    return sc.verify(token, trust, now=now)


def outcomes(verdict: sc.Verdict) -> dict[sc.Check, tuple[sc.Outcome, sc.Reason]]:
    return {finding.check: (finding.outcome, finding.reason) for finding in verdict.findings}
