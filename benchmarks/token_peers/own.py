"""Our own, one certificate a call: tokens, or links with ``--links``."""

import sys
from datetime import UTC, date, datetime

import signedcert as sc
from benchmarks.content import NOW, PAGE
from benchmarks.speed import trust_in
from benchmarks.token_peers.serving import ISSUER, SEED, Content, one_by_one, serve


def main() -> None:
    """Answers the lines on standard input."""
    signer = sc.SoftwareSigner(SEED)
    trust = trust_in(signer)

    def issue(content: Content) -> bytes:
        return sc.issue(certificate(content), signer)

    def issue_link(content: Content) -> str:
        return sc.verify_url(PAGE, issue(content))

    def verify(token: bytes) -> object:
        return _stated(sc.verify(token, trust, now=NOW))

    def verify_link(link: str) -> object:
        return _stated(sc.verify_text(link, trust, now=NOW))

    if "--links" in sys.argv:
        serve(one_by_one(issue_link, verify_link))
    else:
        serve(one_by_one(issue, verify))


def _stated(verdict: sc.Verdict) -> object:
    if verdict.status is not sc.Status.VALID:
        raise ValueError(f"{verdict.status}")
    return verdict.statement


def certificate(content: Content) -> sc.Certificate:
    """One, of the words that all get."""
    course = content["course"]
    return sc.Certificate(
        id=bytes.fromhex(content["id"]),
        issuer=ISSUER,
        issued_at=datetime.fromtimestamp(content["issued_at"], UTC),
        learner=sc.Person(**content["learner"]),
        course=sc.Course(
            title=course["title"],
            institution=course["institution"],
            level=sc.Level[course["level"].upper()],
            workload=sc.Workload(**course["workload"]),
        ),
        completed_on=date.fromisoformat(content["completed_on"]),
        signatories=tuple(sc.Signatory(**each) for each in content["signatories"]),
        skills=tuple(content["skills"]),
        limitations=tuple(sc.Limitation[each.upper()] for each in content["limitations"]),
    )


if __name__ == "__main__":
    main()
