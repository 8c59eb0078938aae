"""Trust, key periods and validity: each outcome, its reason, and what is shown."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

import signedcert as sc
from forging import claims, signed
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
    outcomes,
    record,
    typical,
)
from signedcert.trust.key_entry import KeyEntry, Revocation

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PASSED, FAILED = sc.Outcome.PASSED, sc.Outcome.FAILED
UNKNOWN, NOT_APPLICABLE = sc.Outcome.UNKNOWN, sc.Outcome.NOT_APPLICABLE
TOKEN = sc.issue(minimal(), SIGNER)


def key_trust(**members: object) -> sc.Trust:
    return sc.Trust.from_jwks(ISSUER, jwks(jwk(**members)))


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


@pytest.mark.parametrize("statement", [minimal(), typical()])
def test_all_findings_of_a_valid_statement(statement):
    verdict = check(sc.issue(statement, SIGNER))
    assert verdict.status is sc.Status.VALID
    assert verdict.statement == statement
    assert verdict.as_of is None
    assert [str(finding.check) for finding in verdict.findings] == [
        "FORMAT", "ISSUER_TRUSTED", "SIGNATURE", "SCHEMA",
        "ISSUER_MATCHES_KEY", "KEY_PERIOD", "VALIDITY", "STATUS",
    ]  # fmt: skip
    assert list(outcomes(verdict).values()) == [
        *[(PASSED, sc.Reason.OK)] * 5,
        (NOT_APPLICABLE, sc.Reason.NO_KEY_PERIOD),
        (PASSED, sc.Reason.OK),
        (NOT_APPLICABLE, sc.Reason.NO_STATUS_REFERENCE),
    ]


def test_a_verdict_has_no_truth_value():
    with pytest.raises(TypeError, match="three states"):
        bool(check(TOKEN))
    with pytest.raises(TypeError, match="three states"):
        assert not check(b"")


def test_a_finding_by_its_check():
    for token, count in ((TOKEN, 8), (issue(record()), 12), (b"", 8)):
        verdict = check(token)
        for number, each in enumerate(sc.Check):
            if number < count:
                assert verdict.finding(each) is verdict.findings[number]
            else:
                with pytest.raises(KeyError):
                    verdict.finding(each)


def test_as_of_is_when_the_key_set_was_published():
    trust = sc.Trust.from_jwks(ISSUER, jwks(iat=seconds(NOW)))
    assert check(TOKEN, trust).as_of == NOW
    # Of an issuer whose keys were not used, nothing follows.
    assert check(b"", trust).as_of is None


@pytest.mark.parametrize("turn", [1, -1])
def test_as_of_is_of_the_issuer_that_the_statement_names(turn):
    trust = sc.Trust.empty()
    for issuer, iat in [(ISSUER, 1_700_000_000), (OTHER_ISSUER, 1_600_000_000)][::turn]:
        trust = trust.with_jwks(issuer, jwks(iat=iat))
    assert check(sc.issue(minimal(), SIGNER), trust).as_of == datetime.fromtimestamp(
        1_700_000_000, UTC
    )


@pytest.mark.parametrize("policy", [None, "strict", 0, sc.Policy])
def test_a_policy_is_a_policy(policy):
    with pytest.raises(TypeError, match="Policy"):
        sc.verify(b"", TRUST, now=NOW, policy=policy)


def test_an_unknown_key_is_indeterminate():
    verdict = check(sc.issue(minimal(), OTHER_SIGNER))
    assert verdict.status is sc.Status.INDETERMINATE
    assert outcomes(verdict)[sc.Check.ISSUER_TRUSTED] == (UNKNOWN, sc.Reason.UNKNOWN_KEY)
    assert verdict.statement is None


def test_another_host_than_the_keys_issuer():
    verdict = check(sc.issue(minimal(issuer="learn.example.com"), SIGNER))
    assert verdict.status is sc.Status.INVALID
    expected = (FAILED, sc.Reason.OTHER_ISSUER)
    assert outcomes(verdict)[sc.Check.ISSUER_MATCHES_KEY] == expected
    assert verdict.statement is None
    # Not asked: whose key it was, so neither its period nor anything else.
    assert {o for o, _ in list(outcomes(verdict).values())[5:]} == {sc.Outcome.NOT_RUN}


@pytest.mark.parametrize("issuer", ["learn.example.edu/dept", "example.edu", "a.learn.example.edu"])
def test_issuers_match_whole_or_not_at_all(issuer):
    verdict = check(sc.issue(minimal(issuer=issuer), SIGNER))
    assert verdict.finding(sc.Check.ISSUER_MATCHES_KEY).reason is sc.Reason.OTHER_ISSUER


def both(**members: object) -> sc.Trust:
    """This issuer's key, and another issuer that lists the very same key."""
    other = jwks(jwk(**members))
    first = sc.Trust.from_jwks(OTHER_ISSUER, other).with_jwks(ISSUER, jwks())
    second = sc.Trust.from_jwks(ISSUER, jwks()).with_jwks(OTHER_ISSUER, other)
    assert first.published == second.published
    assert len(first.keys_for(SIGNER.public_key.kid)) == 2
    assert check(TOKEN, first) == check(TOKEN, second)
    return first


REVOKED = {"revoked_at": 1, "reason": "compromised"}


@pytest.mark.parametrize("members", [{}, {"revoked": REVOKED}, {"exp": 1}, {"nbf": 4_000_000_000}])
def test_another_issuer_that_lists_the_key_can_neither_lend_nor_spoil_it(members):
    trust = both(**members)
    assert check(TOKEN, trust).status is sc.Status.VALID
    # What names the other issuer is judged by the other issuer's entry.
    theirs = check(sc.issue(minimal(issuer=OTHER_ISSUER), SIGNER), trust)
    assert theirs.status is (sc.Status.INVALID if members else sc.Status.VALID)
    nobodys = check(sc.issue(minimal(issuer="third.example.net"), SIGNER), trust)
    assert nobodys.finding(sc.Check.ISSUER_MATCHES_KEY).reason is sc.Reason.OTHER_ISSUER


def forged_kids(*entries: KeyEntry) -> sc.Trust:
    """Trust in which both signers' keys share one kid, as two keys in 2**64 do."""
    trust = sc.Trust.empty()
    for issuer in {entry.issuer for entry in entries}:
        trust = trust.with_jwks(issuer, jwks())
    object.__setattr__(trust, "keys_for", lambda _: entries)
    return trust


@pytest.mark.parametrize("signer", [SIGNER, OTHER_SIGNER])
@pytest.mark.parametrize("turn", [1, -1])
def test_two_keys_that_share_a_kid_are_both_tried(signer, turn):
    entries = [KeyEntry(ISSUER, each.public_key) for each in (SIGNER, OTHER_SIGNER)][::turn]
    assert check(sc.issue(minimal(), signer), forged_kids(*entries)).status is sc.Status.VALID


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_keys_that_share_a_kid_the_one_that_verifies_counts(turn):
    mine = KeyEntry(ISSUER, SIGNER.public_key)
    theirs = KeyEntry(OTHER_ISSUER, OTHER_SIGNER.public_key)
    trust = forged_kids(*[mine, theirs][::turn])
    assert check(TOKEN, trust).status is sc.Status.VALID
    verdict = check(sc.issue(minimal(), OTHER_SIGNER), trust)
    assert verdict.finding(sc.Check.ISSUER_MATCHES_KEY).reason is sc.Reason.OTHER_ISSUER
    # One issuer's two keys: the compromised one does not spoil the other.
    spoiled = KeyEntry(ISSUER, OTHER_SIGNER.public_key, revocation=Revocation.COMPROMISED)
    assert check(TOKEN, forged_kids(*[mine, spoiled][::turn])).status is sc.Status.VALID


def test_a_wrong_signature_under_a_known_key():
    verdict = check(TOKEN[:-1] + bytes([TOKEN[-1] ^ 1]))
    assert verdict.status is sc.Status.INVALID
    assert outcomes(verdict)[sc.Check.SIGNATURE] == (FAILED, sc.Reason.SIGNATURE_MISMATCH)


def period(trust: sc.Trust, status: sc.Status = sc.Status.VALID) -> tuple[sc.Outcome, sc.Reason]:
    verdict = check(TOKEN, trust)
    assert verdict.status is status
    return outcomes(verdict)[sc.Check.KEY_PERIOD]


def test_key_periods():
    good = (PASSED, sc.Reason.OK)
    assert period(key_trust(nbf=seconds(ISSUED_AT))) == good
    assert period(key_trust(exp=seconds(ISSUED_AT) + 1)) == good
    assert period(key_trust(nbf=seconds(ISSUED_AT), exp=seconds(ISSUED_AT) + 1)) == good
    # A period that is over is no fault of what was signed in it.
    assert ISSUED_AT + timedelta(days=1) < NOW
    assert period(key_trust(exp=seconds(ISSUED_AT + timedelta(days=1)))) == good
    early = period(key_trust(nbf=seconds(ISSUED_AT) + 1), sc.Status.INVALID)
    assert early == (FAILED, sc.Reason.BEFORE_KEY_PERIOD)
    late = period(key_trust(exp=seconds(ISSUED_AT)), sc.Status.INVALID)
    assert late == (FAILED, sc.Reason.AFTER_KEY_PERIOD)


def test_a_statement_outside_its_keys_period_is_shown_but_not_valid():
    # FORMAT through ISSUER_MATCHES_KEY passed: the issuer said it, if at the wrong time.
    verdict = check(TOKEN, key_trust(exp=1))
    assert verdict.status is sc.Status.INVALID
    assert verdict.statement == minimal()


def revoked(at: datetime, reason: object = None) -> sc.Trust:
    member = {"revoked_at": seconds(at)} | ({} if reason is None else {"reason": reason})
    return key_trust(revoked=member)


@pytest.mark.parametrize("at", [ISSUED_AT - SECOND, ISSUED_AT, NOW, NOW + timedelta(days=9)])
def test_nothing_by_a_compromised_key_is_good_or_shown(at):
    verdict = check(TOKEN, revoked(at, "compromised"))
    assert verdict.status is sc.Status.INVALID
    assert outcomes(verdict)[sc.Check.KEY_PERIOD] == (FAILED, sc.Reason.KEY_COMPROMISED)
    assert verdict.statement is None


@pytest.mark.parametrize("reason", [None, "unspecified", "expired", "", 5, ["superseded"], {}])
def test_a_key_revoked_without_a_known_reason_may_be_compromised(reason):
    verdict = check(TOKEN, revoked(NOW, reason))
    assert verdict.status is sc.Status.INVALID
    assert outcomes(verdict)[sc.Check.KEY_PERIOD] == (FAILED, sc.Reason.KEY_REVOKED)
    assert verdict.statement is None


def test_what_a_superseded_key_signed_before_stays_good():
    assert period(revoked(ISSUED_AT + SECOND, "superseded")) == (PASSED, sc.Reason.OK)
    verdict = check(TOKEN, revoked(ISSUED_AT, "superseded"))
    assert verdict.status is sc.Status.INVALID
    assert outcomes(verdict)[sc.Check.KEY_PERIOD] == (FAILED, sc.Reason.KEY_RETIRED)
    assert verdict.statement == minimal()


def validity(now: datetime, **fields: datetime) -> tuple[sc.Outcome, sc.Reason]:
    verdict = check(sc.issue(minimal(**fields), SIGNER), now=now)
    finding = outcomes(verdict)[sc.Check.VALIDITY]
    assert verdict.status is (sc.Status.VALID if finding[0] is PASSED else sc.Status.INVALID)
    # An expired certificate is still what the issuer said.
    assert verdict.statement is not None
    return finding


GOOD = (PASSED, sc.Reason.OK)


def test_issued_in_the_future_beyond_a_skew_of_five_minutes():
    assert validity(ISSUED_AT) == GOOD
    assert validity(ISSUED_AT - 5 * MINUTE) == GOOD
    early = validity(ISSUED_AT - 5 * MINUTE - SECOND)
    assert early == (FAILED, sc.Reason.ISSUED_IN_FUTURE)
    assert validity(ISSUED_AT - 5 * MINUTE - timedelta(microseconds=1)) == early


def test_not_yet_valid_beyond_a_skew_of_five_minutes():
    start = ISSUED_AT + timedelta(days=3)
    assert validity(start, valid_from=start) == GOOD
    assert validity(start - 5 * MINUTE, valid_from=start) == GOOD
    early = validity(start - 5 * MINUTE - SECOND, valid_from=start)
    assert early == (FAILED, sc.Reason.NOT_YET_VALID)


def test_expired_from_the_very_second_of_its_end():
    end = ISSUED_AT + timedelta(days=3)
    assert validity(end - SECOND, expires_at=end) == GOOD
    assert validity(end - timedelta(microseconds=1), expires_at=end) == GOOD
    assert validity(end, expires_at=end) == (FAILED, sc.Reason.EXPIRED)
    assert validity(end + timedelta(days=999), expires_at=end) == (FAILED, sc.Reason.EXPIRED)


def test_the_moment_may_be_in_any_time_zone():
    end = ISSUED_AT + timedelta(days=3)
    zone = timezone(timedelta(hours=-11))
    assert validity((end - SECOND).astimezone(zone), expires_at=end) == GOOD
    assert validity(end.astimezone(zone), expires_at=end)[1] is sc.Reason.EXPIRED


@pytest.mark.parametrize("year", [1, 9999])
def test_the_ends_of_time(year):
    now = (datetime.min if year == 1 else datetime.max).replace(tzinfo=UTC)
    verdict = check(TOKEN, now=now)
    assert verdict.status is (sc.Status.INVALID if year == 1 else sc.Status.VALID)


def test_a_status_reference_without_a_list_is_unknown_and_never_not_revoked():
    statement = minimal(status=sc.StatusReference(list=3, index=5))
    verdict = check(sc.issue(statement, SIGNER))
    assert verdict.status is sc.Status.INDETERMINATE
    assert outcomes(verdict)[sc.Check.STATUS] == (UNKNOWN, sc.Reason.STATUS_LIST_MISSING)
    assert verdict.statement == statement


def test_a_failure_outweighs_an_open_question():
    end = ISSUED_AT + timedelta(days=3)
    statement = minimal(status=sc.StatusReference(list=3, index=5), expires_at=end)
    assert check(sc.issue(statement, SIGNER)).status is sc.Status.INVALID


NAIVE = datetime(2026, 11, 2)


@pytest.mark.parametrize("now", [NAIVE, None, 1793613600, "2026-11-02T10:00:00Z", NOW.date()])
def test_now_is_a_moment_with_a_time_zone(now):
    for token in (TOKEN, b""):
        with pytest.raises(ValueError, match="time zone"):
            sc.verify(token, TRUST, now=now)
    with pytest.raises(ValueError, match="time zone"):
        sc.verify_text("#", TRUST, now=now)


def test_now_has_no_default():
    with pytest.raises(TypeError, match="now"):
        sc.verify(TOKEN, TRUST)


@pytest.mark.parametrize("token", ["text", None, 5, ["x"], minimal()])
def test_tokens_are_bytes(token):
    with pytest.raises(TypeError, match="verify_text"):
        sc.verify(token, TRUST, now=NOW)


@pytest.mark.parametrize("text", [b"bytes", None, 5, bytearray(b"x")])
def test_texts_are_text(text):
    with pytest.raises(TypeError, match="see verify"):
        sc.verify_text(text, TRUST, now=NOW)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_bytes_will_do(kind):
    assert check(kind(TOKEN)) == check(TOKEN)


def test_policies():
    assert sc.Policy() == sc.Policy(max_staleness=timedelta(0), audience=None)
    with pytest.raises(ValueError, match="negative"):
        sc.Policy(max_staleness=timedelta(seconds=-1))
    generous = sc.Policy(max_staleness=timedelta(days=9), audience="Example Ltd")
    assert sc.verify(TOKEN, TRUST, now=NOW, policy=generous) == check(TOKEN)
    text = sc.verify_url("https://learn.example.edu/c/", TOKEN)
    assert sc.verify_text(text, TRUST, now=NOW, policy=generous) == check(TOKEN)


def test_beginning_after_the_end_is_never_valid():
    # No honest issuer signs it, and within the skew it must not become valid either.
    content = claims(minimal())
    start = ISSUED_AT + timedelta(days=3)
    token = signed({**content, 4: seconds(start), 5: seconds(start)})
    for now in (start - MINUTE, start - SECOND, start, start + SECOND):
        assert check(token, now=now).status is sc.Status.INVALID
