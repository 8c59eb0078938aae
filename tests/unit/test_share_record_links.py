"""Whether a certificate and a course record belong together, whatever of the record is shown."""

import pytest

import signedcert as sc
from issuing import (
    ISSUED_AT,
    ISSUER,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    SIGNER,
    TRUST,
    check,
    issue,
    jwk,
    jwks,
    minimal,
    record,
    shared,
)

TOKEN = issue(record())
CERTIFICATE = check(issue(minimal(record_id=record().id)))
SHARE = check(shared(TOKEN, []))
PASSED, FAILED = sc.Outcome.PASSED, sc.Outcome.FAILED


def link(certificate: sc.Verdict, other: sc.Verdict) -> tuple[sc.Outcome, sc.Reason]:
    found = sc.record_link(certificate, other)
    assert found.check is sc.Check.RECORD_LINK
    assert found.as_of is None
    return found.outcome, found.reason


@pytest.mark.parametrize("disclosures", [[], ["final_score"], ["learner", "assessments"]])
def test_they_belong_together_whatever_is_shown(disclosures):
    assert link(CERTIFICATE, check(shared(TOKEN, disclosures))) == (PASSED, sc.Reason.OK)


def test_a_record_that_is_in_no_share():
    assert link(CERTIFICATE, check(TOKEN)) == (PASSED, sc.Reason.OK)


def test_a_record_that_was_issued_anew():
    # Its id stays, so the certificate names the new one as well.
    again = issue(record(issued_at=ISSUED_AT.replace(hour=20)), seed=5)
    assert link(CERTIFICATE, check(shared(again))) == (PASSED, sc.Reason.OK)


def test_another_record():
    other = check(shared(issue(record(id=bytes(10)))))
    assert link(CERTIFICATE, other) == (FAILED, sc.Reason.OTHER_RECORD)


def test_another_issuers_record_with_the_same_id():
    trust = TRUST.with_jwks(OTHER_ISSUER, jwks(jwk(OTHER_SIGNER)))
    token = issue(record(issuer=OTHER_ISSUER), OTHER_SIGNER)
    other = check(shared(token), trust)
    assert other.status is sc.Status.VALID
    assert other.statement.id == CERTIFICATE.statement.record_id
    assert link(CERTIFICATE, other) == (FAILED, sc.Reason.OTHER_RECORD)
    # And one key that two issuers list is no link either.
    both = TRUST.with_jwks(OTHER_ISSUER, jwks())
    theirs = check(shared(issue(record(issuer=OTHER_ISSUER))), both)
    assert link(CERTIFICATE, theirs) == (FAILED, sc.Reason.OTHER_RECORD)


def test_a_certificate_that_names_no_record():
    found = link(check(issue(minimal())), SHARE)
    assert found == (sc.Outcome.NOT_APPLICABLE, sc.Reason.NO_RECORD_ID)
    # Not even the certificate's own id counts.
    same = check(issue(minimal(id=record().id)))
    assert link(same, SHARE) == found


def test_what_was_not_verified():
    not_run = (sc.Outcome.NOT_RUN, sc.Reason.NOT_REACHED)
    nobody = sc.Trust.empty()
    unknown_certificate = check(issue(minimal(record_id=record().id)), nobody)
    unknown_share = check(shared(TOKEN), nobody)
    assert link(unknown_certificate, SHARE) == not_run
    assert link(CERTIFICATE, unknown_share) == not_run
    assert link(unknown_certificate, unknown_share) == not_run
    assert link(check(b""), check(b"")) == not_run
    stolen = sc.Trust.from_jwks(
        ISSUER, jwks(jwk(SIGNER, revoked={"revoked_at": 1, "reason": "compromised"}))
    )
    assert link(CERTIFICATE, check(shared(TOKEN), stolen)) == not_run


def test_a_link_is_no_verdict():
    # What has expired, or is in another's hands, still is that record.
    expired = check(shared(TOKEN, expires_at=NOW))
    assert expired.status is sc.Status.INVALID
    assert link(CERTIFICATE, expired) == (PASSED, sc.Reason.OK)


def test_each_in_its_place():
    for pair in ((SHARE, CERTIFICATE), (SHARE, SHARE), (CERTIFICATE, CERTIFICATE)):
        with pytest.raises(TypeError, match="the certificate, then that of the course record"):
            sc.record_link(*pair)
    with pytest.raises(TypeError):
        sc.record_link(check(b""), CERTIFICATE)
    with pytest.raises(TypeError):
        sc.record_link(SHARE, check(b""))
