"""A certificate with something everywhere, to be printed."""

from datetime import date
from decimal import Decimal
from typing import Any

import signedcert as sc
from issuing import SIGNER, minimal
from signedcert.documents import Printed

PAGE = "https://learn.example.edu/c/"


def full(**fields: Any) -> sc.Certificate:
    """A certificate with something in every place of its face."""
    return minimal(
        **{
            "course": sc.Course(
                title="Introduction to Operations Management",
                institution="University of Pennsylvania",
                syllabus=(
                    sc.Module(title="Process analysis", hours=5),
                    sc.Module(title="Productivity", hours=6, topics=("Flow rate", "Labour")),
                ),
                workload=sc.Workload(weeks=8, hours_per_week=(5, 7)),
                level=sc.Level.BEGINNER,
                language="en",
                delivery=sc.Delivery.ONLINE,
            ),
            "awarded_title": sc.CertificateKind.COURSE_CERTIFICATE,
            "result": sc.Result(score=Decimal("92.5")),
            "signatories": (sc.Signatory(name="Christian Terwiesch", title="Professor"),),
            "skills": ("Process Analysis", "Quality Control"),
            "identity_checks": (
                sc.IdentityCheck(
                    method=sc.IdentityMethod.PHOTO_MATCH,
                    performed_by="Example Proctors",
                    performed_on=date(2026, 11, 1),
                    assurance=sc.Assurance.SUBSTANTIAL,
                ),
            ),
            "limitations": (sc.Limitation.NO_DEGREE_CREDIT, sc.Limitation.NO_ENROLMENT),
            "language": "en",
        }
        | fields
    )


def printed_of(certificate: sc.Certificate) -> Printed:
    return Printed.of_token(sc.issue(certificate, SIGNER), PAGE)
