"""Makes keys/: the README's example certificate, and the public key that verifies it.

The private key is made, signs once, and is gone when this script ends: it is never written.
Running it again makes another key, and all three files anew.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from signedcert import (
    Certificate,
    Course,
    Limitation,
    Module,
    Person,
    Signatory,
    SoftwareSigner,
    Status,
    Trust,
    Workload,
    issue,
    new_id,
    qr,
    verify_text,
    verify_url,
)
from signedcert.workspace.key_set import KEY_PERIOD, jwk, jwk_set

ROOT = Path(__file__).resolve().parent.parent
ISSUER = "learn.example.edu"
PAGE = f"https://{ISSUER}/c/"
#: Pixels a module: README shows the image as it is.
SCALE = 4


def certificate(issued_at: datetime) -> Certificate:
    """The certificate of the README."""
    return Certificate(
        id=new_id(),
        issuer=ISSUER,
        issued_at=issued_at,
        learner=Person(name="Jacob Ångström"),
        course=Course(
            title="Introduction to Operations Management",
            institution="University of Pennsylvania",
            syllabus=(Module(title="Process analysis", hours=5),),
            workload=Workload(weeks=8, hours_per_week=(5, 7)),
        ),
        completed_on=date(2026, 11, 2),
        signatories=(Signatory(name="Christian Terwiesch", title="Professor"),),
        skills=("Process Analysis",),
        limitations=(Limitation.NO_DEGREE_CREDIT, Limitation.NO_ENROLMENT),
    )


def main() -> None:
    """Makes the three files, and verifies what they hold before it writes any."""
    now = datetime.now(UTC).replace(microsecond=0)
    signer = SoftwareSigner.generate()
    token = issue(certificate(now), signer)
    published = jwk_set(ISSUER, [jwk(signer.public_key, now, KEY_PERIOD)], now)
    url = verify_url(PAGE, token)
    code = qr.encode(PAGE, token)
    verdict = verify_text(url, Trust.from_jwks(ISSUER, published), now=now)
    assert verdict.status is Status.VALID, verdict
    images = ROOT / "docs" / "images"
    images.mkdir(parents=True, exist_ok=True)
    (ROOT / "keys").mkdir(exist_ok=True)
    (ROOT / "keys" / f"{ISSUER}.jwks.json").write_bytes(published)
    (ROOT / "keys" / "example-certificate.txt").write_text(f"{url}\n", encoding="ascii")
    (images / "example-qr.png").write_bytes(qr.png(code, scale=SCALE))
    print(f"wrote keys/ and docs/images/example-qr.png: QR code version {code.version}")


if __name__ == "__main__":
    main()
