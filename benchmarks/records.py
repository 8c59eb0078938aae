"""Course records and shares: how large, and how much slower than the two signature checks in them.

The course is a real one with 14 assessments: the eight programming assignments and six of the
quizzes of Machine Learning, by Andrew Ng.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import segno
from nacl.signing import VerifyKey

import signedcert as sc
from benchmarks.content import ISSUER, NOW, PAGE
from benchmarks.speed import ratios, trust_in
from signedcert import qr, share
from signedcert.codec.frames import parse_frame
from signedcert.codec.packed import pack_smallest
from signedcert.codec.record_framing import ShareFrame

RECORD_PAGE = "https://learn.example.edu/r/"
_PROGRAMMING = (
    "Linear Regression", "Logistic Regression", "Multi-class Classification and Neural Networks",
    "Neural Network Learning", "Regularized Linear Regression and Bias/Variance",
    "Support Vector Machines", "K-Means Clustering and PCA",
    "Anomaly Detection and Recommender Systems",
)  # fmt: skip
_QUIZZES = (
    "Introduction", "Linear Regression with One Variable", "Linear Algebra",
    "Linear Regression with Multiple Variables", "Octave/Matlab Tutorial", "Regularization",
)  # fmt: skip
_COURSE = sc.Course(
    title="Machine Learning",
    institution="Stanford University",
    workload=sc.Workload(weeks=11, total_hours=60),
    level=sc.Level.MIXED,
    language="en",
    delivery=sc.Delivery.ONLINE,
)
_LEARNER = sc.Person(name="Jacob Ångström")
_ISSUED_AT = datetime(2026, 11, 2, 10, tzinfo=UTC)


def _assessments() -> tuple[sc.Assessment, ...]:
    kinds = [(title, sc.AssessmentKind.QUIZ) for title in _QUIZZES]
    kinds += [(title, sc.AssessmentKind.PROGRAMMING_ASSIGNMENT) for title in _PROGRAMMING]
    return tuple(
        sc.Assessment(
            title=title,
            kind=kind,
            score=80 + number,
            maximum=100,
            submitted_on=date(2026, 8, 3) + timedelta(days=6 * number),
            attempts=1 + number % 3,
            late=number == 5,
        )
        for number, (title, kind) in enumerate(kinds)
    )


def _record() -> sc.CourseRecord:
    return sc.CourseRecord(
        id=bytes.fromhex("8d1f5c0a66e29b7340f1"),
        issuer=ISSUER,
        issued_at=_ISSUED_AT,
        learner=_LEARNER,
        course=_COURSE,
        started_on=date(2026, 8, 3),
        ended_on=date(2026, 10, 30),
        course_format=sc.CourseFormat(
            components=(
                sc.Component(kind=sc.AssessmentKind.QUIZ, count=6, weight=30),
                sc.Component(kind=sc.AssessmentKind.PROGRAMMING_ASSIGNMENT, count=8, weight=70),
            ),
            passing_score=80,
        ),
        final_score=sc.Result(score=Decimal("87.25")),
        assessments=_assessments(),
        identity_checks=(sc.IdentityCheck(method=sc.IdentityMethod.PHOTO_MATCH),),
        status=sc.StatusReference(list=1, index=70_000),
    )


def _certificate() -> sc.Certificate:
    return sc.Certificate(
        id=bytes.fromhex("15c3f0a97b204de86b12"),
        issuer=ISSUER,
        issued_at=_ISSUED_AT,
        learner=_LEARNER,
        course=_COURSE,
        completed_on=date(2026, 10, 30),
        signatories=(sc.Signatory(name="Andrew Ng", title="Associate Professor"),),
        status=sc.StatusReference(list=1, index=70_001),
    )


class _Parties:
    """An issuer, a learner, the learner's record, and shares of it."""

    def __init__(self) -> None:
        self.issuer, self.holder = (sc.SoftwareSigner(bytes([number]) * 32) for number in (1, 2))
        self.token = self.issue()

    def issue(self) -> bytes:
        return share.issue_record(
            _record(),
            self.issuer,
            holder_key=self.holder.public_key,
            random_bytes=secrets.token_bytes,
            share_places=share.SharePlaces(list=2, first=4096),
        )

    def share(self, wanted: share.Preset | list[str]) -> bytes:
        return share.create(
            self.token,
            disclosures=wanted,
            holder_signer=self.holder,
            audience="Acme HR",
            issued_at=NOW,
            expires_at=NOW + timedelta(days=30),
            share_id=secrets.token_bytes(10),
            slot=5,
        )


def measure() -> list[str]:
    """Rows of Markdown tables."""
    parties = _Parties()
    return [*_sizes(parties), "", *_speed(parties)]


def _sizes(parties: _Parties) -> list[str]:
    certificate = _certificate()
    linked = certificate.model_copy(update={"record_id": _record().id})
    plain, with_link = (sc.issue(each, parties.issuer) for each in (certificate, linked))
    cost = len(pack_smallest(with_link)) - len(pack_smallest(plain))
    shares: dict[str, share.Preset | list[str]] = {
        "share of the final score": share.Preset.FINAL_SCORE,
        "share of the 14 assessments": ["assessments"],
        "share of everything": share.Preset.EVERYTHING,
    }
    rows = [
        ("certificate alone", PAGE, plain, ""),
        ("certificate with its record's id", PAGE, with_link, f"14 bytes more; is {cost}"),
        *((name, RECORD_PAGE, parties.share(wanted), "") for name, wanted in shares.items()),
    ]
    lines = [
        "| of a course with 14 assessments | token, bytes | packed | link | QR code | goal |",
        "|---|---|---|---|---|---|",
    ]
    for name, page, token, goal in rows:
        packed, link = pack_smallest(token), sc.verify_url(page, token)
        code = _version(partial(qr.encode, page, token))
        lines.append(f"| {name} | {len(token)} | {len(packed)} | {len(link)} | {code} | {goal} |")
    secret = secrets.token_bytes(32)
    link = share.sealed_url(RECORD_PAGE, secret)
    code = _version(partial(qr.encode_sealed, RECORD_PAGE, secret))
    lines.append(f"| link of a sealed share | — | 33 | {len(link)} | {code} | 6-M |")
    for name, wanted in shares.items():
        size = len(share.seal(parties.share(wanted), secret).file)
        lines.append(f"| its file, {name} | {size} | — | — | — | |")
    return lines


def _version(encode: Callable[[], segno.QRCode]) -> str:
    try:
        code = encode()
    except sc.EncodeError:
        return "too large"
    return f"{code.version}-{code.error}"


def _speed(parties: _Parties) -> list[str]:
    trust = trust_in(parties.issuer)
    lines = ["| what | against | ratio (quartiles) | at most |", "|---|---|---|---|"]
    shares: dict[str, tuple[share.Preset | list[str], str]] = {
        "final score": (share.Preset.FINAL_SCORE, "goal 2"),
        "14 rows": ([f"assessments[{row}]" for row in range(14)], "goal 2"),
        "14 rows, and that there are no more": (["assessments"], "—"),
        "everything": (share.Preset.EVERYTHING, "—"),
    }
    for name, (wanted, limit) in shares.items():
        token = parties.share(wanted)
        frame = parse_frame(token)
        assert isinstance(frame, ShareFrame)
        issuer, holder = (
            VerifyKey(each.public_key.raw) for each in (parties.issuer, parties.holder)
        )
        signed = frame.signed
        messages = signed.to_be_signed(), frame.to_be_signed()

        def bare(
            issuer: VerifyKey = issuer,
            holder: VerifyKey = holder,
            messages: tuple[bytes, bytes] = messages,
            signatures: tuple[bytes, bytes] = (signed.signature, frame.signature),
        ) -> None:
            issuer.verify(messages[0], signatures[0])
            holder.verify(messages[1], signatures[1])

        verdict = sc.verify(token, trust, now=NOW)
        assert not [each for each in verdict.findings if each.outcome is sc.Outcome.FAILED]
        call = partial(sc.verify, token, trust, now=NOW)
        found = ratios(bare, {name: call})[name]
        lines.append(f"| verify(share), {name} | two bare PyNaCl verify | {found} | {limit} |")
    return lines
