"""Certificates that are hard to lay out: long, full, of other scripts, hostile."""

import itertools

from on_paper import full

import signedcert as sc
from signedcert.documents.pictures import Picture, checked

NAME = (
    "Alexandrína Wilhelmína Þorbjörg-Sigríður de la Concepción y Fernández-Guerra von und zu "
    "Hohenlohe-Waldenburg-Schillingsfürst Nguyễn Thị Minh Khai Łukaszewicz-Brzęczyszczykiewicz "
    "Ó Súilleabháin Öztürk"
)[:200]
TITLE = (
    "Foundations of Computational Social Science, Responsible Data Governance and Reproducible "
    "Statistical Inference for Public Health Administrators, Epidemiologists, and Policy Analysts "
    "Working Across Federal, Regional and Municipal Institutions in Comparative International "
    "Perspective, Part Two of Seven"
)[:300]
WORDS = ("process", "flow", "stock", "quality", "capacity", "demand", "waiting", "supply")


def sentence(length: int, seed: int) -> str:
    """Words, no two sentences alike."""
    found = f"No. {seed}"
    for n in itertools.count(seed):
        if len(found) >= length - 1:
            return found[: length - 1].strip() + "."
        found += f" {WORDS[n * 7 % len(WORDS)]} {n}"
    raise AssertionError


def logo() -> Picture:
    head = b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='40'>"
    return checked(head + b"<path d='M0 0h40v40z'/></svg>", "A triangle")


def wide() -> sc.Certificate:
    """Long names, as long as its QR code allows."""
    return full(
        learner=sc.Person(name=NAME, latin_name=NAME),
        awarded_title=sentence(200, 1),
        course=sc.Course(
            title=TITLE,
            institution=sentence(300, 2),
            workload=sc.Workload(weeks=1000, hours_per_week=(5, 7), total_hours=5000),
        ),
        result=sc.Result(score="92.5", grade="W" * 100, with_distinction=True),
        signatories=tuple(
            sc.Signatory(name=sentence(100, n), title=sentence(100, n + 1)) for n in range(3)
        ),
    )


def everything() -> sc.Certificate:
    """As much as can be signed, of everything."""
    return full(
        learner=sc.Person(name=NAME, latin_name=NAME),
        course=sc.Course(
            title=TITLE,
            institution=sentence(300, 2),
            partner_institutions=tuple(sentence(60, n) for n in range(100, 120)),
            code="OPS-101",
            description="\n".join(sentence(100, n) for n in range(20)),
            syllabus=tuple(
                sc.Module(
                    title=sentence(20 + n, n),
                    topics=tuple(f"Topic {n}.{m}" for m in range(3)),
                    hours=n,
                )
                for n in range(1, 41)
            ),
            credits=sc.Credits(amount=3, system=sc.CreditSystem.ECTS),
            url="https://learn.example.edu/courses/" + "operations-" * 20,
        ),
        signatories=tuple(
            sc.Signatory(
                name=f"Signatory {n}", title=sentence(30, n), organisation=sentence(40, n + 50)
            )
            for n in range(20)
        ),
        skills=tuple(sentence(20, n) for n in range(50)),
        awarding_body=sc.Organisation(name=sentence(300, 9), url="https://body.example.org/"),
        identity_checks=tuple(
            sc.IdentityCheck(method=sentence(40, n), performed_by=sentence(40, n + 1))
            for n in range(20)
        ),
        limitations=tuple(sentence(100, n) for n in range(20)),
    )


def arabic() -> sc.Certificate:
    return full(
        language="ar",
        learner=sc.Person(name="ليلى بنت أحمد الهاشمي", latin_name="Layla bint Ahmad al-Hashimi"),
        course=sc.Course(title="مقدمة في تعلّم الآلة", institution="جامعة القاهرة"),
        signatories=(
            sc.Signatory(name="محمود سامي", title="أستاذ"),
            sc.Signatory(name="Andrew Ng"),
        ),
    )


def chinese() -> sc.Certificate:
    return full(
        language="zh",
        learner=sc.Person(name="欧阳思远", latin_name="Ouyang Siyuan"),
        course=sc.Course(title="人工智能导论：从搜索到深度学习", institution="清华大学"),
        signatories=(sc.Signatory(name="王小明", title="教授"),),
    )


def hostile() -> sc.Certificate:
    """Code of Typst, SVG and HTML; a word that is longer than the sheet."""
    return full(
        learner=sc.Person(name='#import "x": * $x^2$ *b* </svg> \\u{41} "q"', latin_name="W" * 200),
        awarded_title="#panic()[*award*]",
        course=sc.Course(title="`raw` #{1 + 1} @label <tag> /* c */ \\ ~", institution="X" * 300),
        signatories=(sc.Signatory(name="$ sum $", title="Q" * 200, organisation="\\\\"),),
        skills=("#", "$", "*", "S" * 200),
        limitations=("https://evil.example/#x", "- list", "+ enum", "L" * 500),
    )


CASES = {
    "plain": full,
    "wide": wide,
    "everything": everything,
    "arabic": arabic,
    "chinese": chinese,
    "hostile": hostile,
}
