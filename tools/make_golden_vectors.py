"""Writes tests/vectors/golden/*.json: tokens that every later version must read as this one does.

Run once before the first release. A vector that exists is never overwritten: a changed label,
number or dictionary is a new format version, not a new vector. New vectors may be added at any
time, by adding a statement below.

``--replace`` writes all of them again. It is forbidden after the first release.

Course records have vectors of their own, which ``make_golden_records.py`` writes.
"""

import argparse
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import signedcert as sc
from signedcert.codec.base64url import to_base64url
from signedcert.codec.digits import to_digits

FOLDER = Path(__file__).parents[1] / "tests" / "vectors" / "golden"
PAGE = "https://learn.example.edu/c/"
#: The private key of RFC 8032, section 7.1, test 1, which everybody knows.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
ISSUED_AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


def certificate(**fields: Any) -> sc.Certificate:
    """The least that a certificate holds, and the fields given."""
    least: dict[str, Any] = {
        "id": bytes(range(10)),
        "issuer": "learn.example.edu",
        "issued_at": ISSUED_AT,
        "learner": sc.Person(name="Ada Lovelace"),
        "course": sc.Course(title="Analytical Engines", institution="University of Example"),
        "completed_on": date(2026, 11, 2),
    }
    return sc.Certificate(**least | fields)


def in_script(name: str, title: str, language: str, latin: str | None = None) -> sc.Certificate:
    """A certificate whose texts are in one script."""
    return certificate(
        learner=sc.Person(name=name, latin_name=latin),
        course=sc.Course(title=title, institution=title, language=language),
        skills=(title,),
        signatories=(sc.Signatory(name=name),),
        language=language,
    )


EVERY_FIELD = certificate(
    id=bytes.fromhex("0123456789abcdeffedc"),
    issuer="learn.example.edu/department-1",
    valid_from=datetime(2026, 11, 3, tzinfo=UTC),
    expires_at=datetime(2036, 11, 3, tzinfo=UTC),
    learner=sc.Person(name="Григорий Перельман", latin_name="Grigori Perelman"),
    course=sc.Course(
        title="Introduction to Operations Management",
        institution="University of Pennsylvania",
        partner_institutions=("University of Example", "Example College"),
        code="OPIM-101",
        description="How firms turn inputs into outputs.\nWith cases.",
        syllabus=(
            sc.Module(title="Process analysis"),
            sc.Module(title="Productivity", topics=("Waste", "Overall effectiveness"), hours=5),
            sc.Module(title="Quality", hours=Decimal("2.5")),
        ),
        workload=sc.Workload(weeks=8, hours_per_week=(5, 7), total_hours=Decimal("47.5")),
        level=sc.Level.INTERMEDIATE,
        language="en-US",
        delivery=sc.Delivery.BLENDED,
        credits=sc.Credits(amount=6, system=sc.CreditSystem.ECTS),
        url="https://learn.example.edu/courses/opim-101?lang=en",
    ),
    awarded_title=sc.CertificateKind.PROFESSIONAL_CERTIFICATE,
    result=sc.Result(score=Decimal("87.5"), maximum=100, grade="B+", with_distinction=True),
    signatories=(
        sc.Signatory(name="Christian Terwiesch"),
        sc.Signatory(name="Jane Doe", title="Professor", organisation="University of Example"),
    ),
    skills=("Process Analysis", sc.Skill(name="Lean", url="https://skills.example/lean")),
    awarding_body=sc.Organisation(name="Example Awards", url="https://awards.example/"),
    identity_checks=(
        sc.IdentityCheck(
            method=sc.IdentityMethod.PHOTO_MATCH,
            performed_by="Example Proctoring",
            performed_on=date(2026, 10, 30),
            assurance=sc.Assurance.SUBSTANTIAL,
            portrait_digest=bytes(range(32)),
        ),
    ),
    limitations=(sc.Limitation.NO_DEGREE_CREDIT, "Not a licence to practise."),
    language="en",
    record_id=bytes(range(10, 20)),
    status=sc.StatusReference(list=3, index=123456),
)

ADDITIONAL = {128: True, 200: -1, 65536: (b"bytes", {0: "text\nmore", -1: ()}), 2**53 - 1: {}}

STATEMENTS: dict[str, tuple[str, sc.Certificate]] = {
    "minimal": ("nothing but what no certificate can lack", certificate()),
    "every-field": ("every field of a certificate", EVERY_FIELD),
    "script-arabic": ("Arabic", in_script("فاطمة الزهراء", "مقدمة في الجبر", "ar", "Fatima")),
    "script-hebrew": ("Hebrew", in_script("דוד לוי", "מבוא למדעי המחשב", "he")),
    "script-han": ("Chinese", in_script("王小明", "数据科学导论", "zh-Hans", "Wang Xiaoming")),
    "script-japanese": ("Japanese", in_script("山田 太郎", "プログラミング入門", "ja")),
    "script-hangul": ("Korean", in_script("김민준", "통계학 입문", "ko")),
    "script-devanagari": ("Devanagari", in_script("अनन्या शर्मा", "अर्थशास्त्र परिचय", "hi")),
    "script-thai": ("Thai", in_script("สมชาย ใจดี", "การจัดการ", "th")),
    "script-cyrillic": ("Cyrillic", in_script("Олена Коваль", "Вступ до фізики", "uk")),
    "script-greek": ("Greek", in_script("Ελένη Παπαδοπούλου", "Εισαγωγή στη λογική", "el")),
    "script-latin": ("Latin with marks", in_script("Łukasz Ångström", "Kạ̈ Ñandú ß", "pl")),
    "script-emoji": ("beyond the first plane", in_script("𐐷 👩‍🎓", "🏽 𝔸", "en")),
    "negative-date": ("a day before 1970", certificate(completed_on=date(1834, 6, 5))),
    "first-and-last": (
        "the first day there is, and the last second",
        certificate(
            completed_on=date.min, expires_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
        ),
    ),
    "decimals": (
        "fractions, a negative one, and the largest and smallest there are",
        certificate(
            course=sc.Course(
                title="T",
                institution="I",
                workload=sc.Workload(
                    hours_per_week=(Decimal("0.5"), Decimal("1.25")), total_hours=2**53 - 1
                ),
                credits=sc.Credits(amount=Decimal("0.000000001"), system="Leistungspunkte"),
            ),
            result=sc.Result(score=Decimal("-0.25"), maximum=Decimal("9007199.254740991")),
        ),
    ),
    "additional": (
        "labels of 128 and above, which this version does not know, in claims, body and below",
        certificate(
            additional=ADDITIONAL,
            additional_claims=ADDITIONAL,
            learner=sc.Person.model_validate(
                {"name": "Ada Lovelace", "additional": {128: "later"}}
            ),
        ),
    ),
}
for _kind in sc.CertificateKind:
    STATEMENTS[f"kind-{_kind.value}"] = (_kind.json_name, certificate(awarded_title=_kind))
STATEMENTS["kind-text"] = ("a title", certificate(awarded_title="Master of Lifelong Learning"))
STATEMENTS["limitations"] = ("every limitation", certificate(limitations=tuple(sc.Limitation)))
STATEMENTS["identity-checks"] = (
    "every method, every level of assurance, and others in words",
    certificate(
        identity_checks=(
            *(sc.IdentityCheck(method=method) for method in sc.IdentityMethod),
            *(sc.IdentityCheck(method="voice", assurance=level) for level in sc.Assurance),
            sc.IdentityCheck(method="gait", assurance="IAL2"),
        )
    ),
)
for _level in (*sc.Level, "Bachelor, second year"):
    _name = _level.value if isinstance(_level, sc.Level) else "text"
    STATEMENTS[f"level-{_name}"] = (
        f"level: {_level}",
        certificate(course=sc.Course(title="T", institution="I", level=_level)),
    )
for _delivery in sc.Delivery:
    STATEMENTS[f"delivery-{_delivery.value}"] = (
        _delivery.json_name,
        certificate(course=sc.Course(title="T", institution="I", delivery=_delivery)),
    )
for _system in sc.CreditSystem:
    STATEMENTS[f"credits-{_system.value}"] = (
        _system.json_name,
        certificate(
            course=sc.Course(
                title="T",
                institution="I",
                credits=sc.Credits(amount=Decimal("1.5"), system=_system),
            )
        ),
    )


def vector(description: str, statement: sc.Certificate) -> dict[str, Any]:
    """Everything that a verifier must make of one token, and how an issuer makes it."""
    token = sc.issue(statement, sc.SoftwareSigner(SEED))
    # One accepted packed form of several: what counts is the token that it unpacks to.
    packed = sc.pack(token)
    return {
        "description": description,
        "seed": SEED.hex(),
        "statement": json.loads(statement.model_dump_json()),
        "token": token.hex(),
        "packed": packed.hex(),
        "digits": to_digits(packed),
        "url": f"{PAGE}#{to_base64url(packed)}",
    }


def write(folder: Path, description: str, vectors: Mapping[str, dict[str, Any]]) -> None:
    """Writes what is missing in a folder, and with ``--replace`` all of it.

    :param description: what the command line's help says.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--replace",
        action="store_true",
        help="write existing vectors again. FORBIDDEN after the first release",
    )
    replace = parser.parse_args().replace
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in vectors.items():
        file = folder / f"{name}.json"
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        if file.exists() and not replace:
            same = json.loads(file.read_text("utf-8")) == content
            kept = "as it is" if same else "although it would differ now"
            print(f"{file.name}: exists, kept {kept}")
            continue
        file.write_text(text, "utf-8")
        print(f"{file.name}: written")


def main() -> None:
    """Writes the vectors of certificates."""
    vectors = {name: vector(*parts) for name, parts in STATEMENTS.items()}
    write(FOLDER, __doc__.splitlines()[0], vectors)


if __name__ == "__main__":
    main()
