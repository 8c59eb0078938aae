"""Findings of shares: for whom, by whom, until when, and whether they were reset."""

from datetime import timedelta, timezone

import pytest

import signedcert as sc
from cbor_oracle import Pairs, Raw, dumps
from forging import BODY, claims
from issuing import (
    HOLDER,
    ISSUED_AT,
    NOW,
    OTHER_HOLDER,
    OTHER_SIGNER,
    SIGNER,
    TRUST,
    check,
    issue,
    minimal,
    outcomes,
    record,
    shared,
)
from record_forging import (
    SHARE_ID,
    disclosure,
    record_from,
    record_of,
    share_claims,
    share_of,
)
from signedcert import share
from signedcert.codec.frames import parse_frame
from signedcert.model.issuer_document import KeyRevocation
from signedcert.trust.key_entry import token_digest
from trusting import (
    DAY,
    PUBLISHED_AT,
    ROOT,
    STATUS_KEY,
    document,
    finding,
    key,
    status_list,
    trust_in,
)

PASSED, FAILED, UNKNOWN = sc.Outcome.PASSED, sc.Outcome.FAILED, sc.Outcome.UNKNOWN
NOT_RUN = (sc.Outcome.NOT_RUN, sc.Reason.NOT_REACHED)
GOOD = (PASSED, sc.Reason.OK)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AUDIENCE, HOLDS = sc.Check.AUDIENCE, sc.Check.HOLDER
VALIDITY, STATUS = sc.Check.SHARE_VALIDITY, sc.Check.SHARE_STATUS
TOKEN = issue(record())
SHARE = shared(TOKEN, ["final_score"])
BEGIN, END = NOW - DAY, NOW + DAY


def verified(token: bytes, trust: sc.Trust = TRUST, **policy: object) -> sc.Verdict:
    return sc.verify(token, trust, now=NOW, policy=sc.Policy(**policy))


def seconds(moment) -> int:
    return int(moment.timestamp())


def test_all_findings_of_a_valid_share():
    verdict = check(SHARE)
    assert verdict.status is sc.Status.VALID
    assert verdict.as_of is None
    assert [str(finding.check) for finding in verdict.findings] == [
        "FORMAT", "ISSUER_TRUSTED", "SIGNATURE", "SCHEMA",
        "ISSUER_MATCHES_KEY", "KEY_PERIOD", "VALIDITY", "STATUS",
        "AUDIENCE", "HOLDER", "SHARE_VALIDITY", "SHARE_STATUS",
    ]  # fmt: skip
    assert list(outcomes(verdict).values()) == [
        *[GOOD] * 5,
        (sc.Outcome.NOT_APPLICABLE, sc.Reason.NO_KEY_PERIOD),
        GOOD,
        (sc.Outcome.NOT_APPLICABLE, sc.Reason.NO_STATUS_REFERENCE),
        (sc.Outcome.NOT_APPLICABLE, sc.Reason.AUDIENCE_NOT_ASKED),
        GOOD,
        GOOD,
        (sc.Outcome.NOT_APPLICABLE, sc.Reason.NO_STATUS_REFERENCE),
    ]
    assert verdict.statement.share.id == SHARE_ID
    assert verdict.statement.final_score == record().final_score
    with pytest.raises(KeyError):
        verdict.finding(sc.Check.RECORD_LINK)


def test_the_forger_forges_the_same_findings():
    forged = share_of(record_from(claims(record())).token())
    assert check(forged).findings == check(SHARE).findings
    assert check(forged).statement.share.audience == "Acme Hiring"


# For whom


AUDIENCES = {
    "the same": ("Acme Hiring", "Acme Hiring", True),
    "with space around it": ("Acme Hiring", " \tAcme Hiring\n", True),
    "with other space around it": ("Acme Hiring", "\u00a0\u2003Acme Hiring\u3000", True),
    "made with space around it": ("\u2003Acme Hiring ", "Acme Hiring", True),
    "composed and decomposed": ("Ångström", "A\u030angstro\u0308m", True),
    "decomposed and composed": ("A\u030angstro\u0308m", "Ångström", True),
    "another": ("Acme Hiring", "Other Ltd", False),
    "in other case": ("Acme Hiring", "acme hiring", False),
    "a part": ("Acme Hiring", "Acme", False),
    "more": ("Acme Hiring", "Acme Hiring Ltd", False),
    "other space within": ("Acme Hiring", "Acme  Hiring", False),
    "a look-alike": ("Acme Hiring", "Аcme Hiring", False),
    "a compatible form": ("Acme", "Ａcme", False),
}


@pytest.mark.parametrize(("made", "asked", "same"), AUDIENCES.values(), ids=AUDIENCES)
def test_audiences(made, asked, same):
    verdict = verified(shared(TOKEN, audience=made), audience=asked)
    assert verdict.status is (sc.Status.VALID if same else sc.Status.INVALID)
    expected = GOOD if same else (FAILED, sc.Reason.OTHER_AUDIENCE)
    assert finding(verdict, AUDIENCE) == expected
    # Nothing else depends on it, and what was signed is shown.
    assert outcomes(verdict) == outcomes(check(SHARE)) | {AUDIENCE: expected}
    signed = check(shared(TOKEN, audience=made)).statement
    assert verdict.statement == signed


def test_nobody_is_asked_for():
    assert verified(SHARE) == check(SHARE)
    assert verified(SHARE, audience=None) == check(SHARE)
    text = sc.verify_url("https://learn.example.edu/c/", SHARE)
    policy = sc.Policy(audience="Other Ltd")
    verdict = sc.verify_text(text, TRUST, now=NOW, policy=policy)
    assert finding(verdict, AUDIENCE) == (FAILED, sc.Reason.OTHER_AUDIENCE)


def test_audiences_are_compared_as_they_were_signed():
    # Honest holders write NFC without space around it; what others write is only itself.
    record_token = record_of(disclosure("A", 0)).token()
    for odd in ("A\u030angstro\u0308m", " Acme Hiring", "Acme Hiring "):
        verdict = verified(share_of(record_token, share_claims({3: odd})), audience=odd)
        assert finding(verdict, HOLDS) == GOOD
        assert finding(verdict, AUDIENCE) == (FAILED, sc.Reason.OTHER_AUDIENCE)


def test_policies_name_somebody_or_nobody():
    assert sc.Policy(audience=" A\u030a ").audience == "Å"
    assert sc.Policy(audience=" A\u030a ") == sc.Policy(audience="Å")
    for blank in ("", " ", "\t\n\u3000"):
        with pytest.raises(ValueError, match="blank"):
            sc.Policy(audience=blank)


def test_audiences_mean_nothing_to_certificates():
    assert verified(issue(minimal()), audience="Acme Hiring") == check(issue(minimal()))
    assert verified(TOKEN, audience="Acme Hiring") == check(TOKEN)


# By whom


def assert_no_holder(verdict: sc.Verdict, reason: sc.Reason, outcome: sc.Outcome = FAILED) -> None:
    assert finding(verdict, HOLDS) == (outcome, reason)
    assert {finding(verdict, each) for each in (AUDIENCE, VALIDITY, STATUS)} == {NOT_RUN}
    assert verdict.status is (sc.Status.INVALID if outcome is FAILED else sc.Status.INDETERMINATE)
    # The issuer's part stands, and what the holder says is not shown.
    assert list(verdict.findings[:8]) == list(check(SHARE).findings[:8])
    assert verdict.statement.share is None
    assert verdict.statement.id == record().id


@pytest.mark.parametrize("holder", [OTHER_HOLDER, SIGNER, OTHER_SIGNER])
def test_another_holder_than_the_records(holder):
    for token in (TOKEN, record_of(disclosure("A", 0)).token()):
        assert_no_holder(check(share_of(token, holder=holder)), sc.Reason.HOLDER_MISMATCH)


def test_a_record_of_another_holder():
    token = issue(record(), holder=OTHER_HOLDER)
    assert_no_holder(check(share_of(token)), sc.Reason.HOLDER_MISMATCH)
    assert check(share_of(token, holder=OTHER_HOLDER)).status is sc.Status.VALID


def test_a_share_is_of_one_record_alone():
    other = issue(record(id=bytes(10)), seed=2)
    again = issue(record(), seed=3)
    for token in (other, again):
        # The holder's signature of one share around another record, under the same key.
        mine, theirs = parse_frame(SHARE), parse_frame(shared(token, ["final_score"]))
        mixed = theirs._replace(payload=mine.payload, signature=mine.signature)
        assert_mismatch_of_anything(mixed.to_bytes())
        assert_mismatch_of_anything(mine._replace(protected=theirs.protected).to_bytes())
        assert_mismatch_of_anything(theirs._replace(signature=mine.signature).to_bytes())


def assert_mismatch_of_anything(token: bytes) -> None:
    verdict = check(token)
    assert verdict.status is sc.Status.INVALID
    assert finding(verdict, HOLDS) == (FAILED, sc.Reason.HOLDER_MISMATCH)
    assert verdict.statement.share is None


def test_what_is_revealed_is_signed_by_the_holder():
    # Nobody else can add what the holder left out, though the issuer signed it, or take it away.
    more, less = parse_frame(shared(TOKEN)), parse_frame(SHARE)
    for one, other in ((more, less), (less, more)):
        assert_mismatch_of_anything(one._replace(protected=other.protected).to_bytes())


# RFC 8032's group has eight points of small order; with such a key, anybody could sign.
SMALL_ORDER = [bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"]


@pytest.mark.parametrize("x", SMALL_ORDER)
def test_keys_that_anybody_has(x):
    forged = record_of(disclosure("A", 0)).with_claims({8: {1: {1: 1, -1: 6, -2: x}}})
    frame = parse_frame(share_of(forged.token()))
    for signature in (frame.signature, b"\1" + bytes(63), bytes(64), x + bytes(32)):
        verdict = check(frame._replace(signature=signature).to_bytes())
        assert finding(verdict, HOLDS) == (FAILED, sc.Reason.HOLDER_MISMATCH)


TOO_LATE = seconds(NOW) + 86_400
FAULTY_CLAIMS = {
    "no audience": {3: None},
    "an empty audience": {3: ""},
    "a long audience": {3: "x" * 201},
    "a refused character": {3: "a\0"},
    "an audience as bytes": {3: b"Acme"},
    "several audiences": {3: ["Acme", "Other"]},
    "no end": {4: None},
    "no moment": {6: None},
    "no id": {7: None},
    "a short id": {7: bytes(9)},
    "an end that is no moment": {4: "tomorrow"},
    "an end before the beginning": {4: seconds(NOW) - 86_400},
    "an end before the beginning, and a claim that shares do not have": {
        4: seconds(NOW) - 86_400,
        5: 1,
    },
    "an end after the year 9999": {4: 253_402_300_800},
    "a negative moment": {6: -1},
    "no body": {BODY: None},
    "an empty body": {BODY: {}},
    "a body that is no map": {BODY: [0]},
    "no slot": {BODY: {128: 0}},
    "slot 16": {BODY: {0: 16}},
    "slot -1": {BODY: {0: -1}},
    "true as a slot": {BODY: {0: True}},
    "a refused character in a field to come": {BODY: {0: 0, 128: "\0"}},
}


@pytest.mark.parametrize("changed", FAULTY_CLAIMS.values(), ids=FAULTY_CLAIMS)
def test_shares_that_break_the_schema(changed):
    verdict = check(share_of(TOKEN, share_claims(changed)))
    assert_no_holder(verdict, sc.Reason.SCHEMA_VIOLATION)


HONEST = share_claims()
NOT_DETERMINISTIC = {
    "a float": share_claims({4: float(TOO_LATE)}),
    "null": {**HONEST, BODY: {0: 0, 128: Raw(b"\xf6")}},
    "out of order": Pairs(tuple(HONEST.items())[::-1]),
    "a byte behind it": Raw(dumps(HONEST) + b"\0"),
    "cut off": Raw(dumps(HONEST)[:-1]),
    "text keys": share_claims({"aud": "Acme"}),
    "no CBOR": Raw(b"\xff"),
}


@pytest.mark.parametrize("payload", NOT_DETERMINISTIC.values(), ids=NOT_DETERMINISTIC)
def test_shares_that_are_not_deterministic(payload):
    assert_no_holder(check(share_of(TOKEN, dumps(payload))), sc.Reason.NOT_DETERMINISTIC)


@pytest.mark.parametrize(
    "changed",
    [
        {1: "x"},
        {2: "x"},
        {5: 1},
        {5: TOO_LATE * 2},
        {8: {}},
        {39: b"nonce"},
        {127: 1},
        {-1: 1},
        {BODY: {0: 0, 1: 1}},
    ],
)
def test_shares_of_a_later_version(changed):
    verdict = check(share_of(TOKEN, share_claims(changed)))
    assert_no_holder(verdict, sc.Reason.UNKNOWN_FIELD, UNKNOWN)


def test_additional_fields_of_a_share_are_kept():
    verdict = check(share_of(TOKEN, share_claims({300: "x", BODY: {0: 3, 200: (1, 2)}})))
    assert verdict.status is sc.Status.VALID
    claims_found = verdict.statement.share
    assert (claims_found.slot, claims_found.additional) == (3, {200: (1, 2)})
    assert claims_found.additional_claims == {300: "x"}


def test_a_fault_of_the_record_comes_before_the_holder():
    faulty = record_of(disclosure("", 0)).token()
    for holder in (HOLDER, OTHER_HOLDER):
        verdict = check(share_of(faulty, holder=holder))
        assert finding(verdict, sc.Check.SCHEMA) == (FAILED, sc.Reason.SCHEMA_VIOLATION)
        assert [finding(verdict, each) for each in (AUDIENCE, HOLDS, VALIDITY, STATUS)] == [
            NOT_RUN
        ] * 4
        assert verdict.statement is None


# Whose record


def test_shares_of_records_whose_issuer_is_unknown():
    verdict = check(SHARE, sc.Trust.empty())
    assert verdict.status is sc.Status.INDETERMINATE
    assert finding(verdict, sc.Check.ISSUER_TRUSTED) == (UNKNOWN, sc.Reason.UNKNOWN_KEY)
    assert list(outcomes(verdict).values())[2:] == [NOT_RUN] * 10
    assert verdict.statement is None


def test_shares_of_records_that_their_issuer_did_not_sign():
    frame = parse_frame(TOKEN)
    forged = frame._replace(signed=frame.signed._replace(signature=bytes(64)))
    verdict = check(share_of(forged.to_bytes()))
    assert finding(verdict, sc.Check.SIGNATURE) == (FAILED, sc.Reason.SIGNATURE_MISMATCH)
    assert list(outcomes(verdict).values())[3:] == [NOT_RUN] * 9


def test_shares_of_records_of_another_issuer():
    verdict = check(shared(issue(record(issuer="other.example.org"))))
    expected = (FAILED, sc.Reason.OTHER_ISSUER)
    assert finding(verdict, sc.Check.ISSUER_MATCHES_KEY) == expected
    assert list(outcomes(verdict).values())[5:] == [NOT_RUN] * 7
    assert verdict.statement is None


# Until when


def validity(now, token: bytes = SHARE) -> tuple[sc.Outcome, sc.Reason]:
    verdict = check(token, now=now)
    found = finding(verdict, VALIDITY)
    assert finding(verdict, sc.Check.VALIDITY) == GOOD
    assert verdict.status is (sc.Status.VALID if found == GOOD else sc.Status.INVALID)
    assert verdict.statement.share is not None
    return found


def test_from_the_moment_of_sharing_with_a_skew_of_five_minutes():
    assert validity(BEGIN) == GOOD
    assert validity(BEGIN - 5 * MINUTE) == GOOD
    early = (FAILED, sc.Reason.SHARE_ISSUED_IN_FUTURE)
    assert validity(BEGIN - 5 * MINUTE - timedelta(microseconds=1)) == early
    assert validity(BEGIN - 9 * DAY) == early


def test_until_the_very_second_of_its_end():
    assert validity(END - timedelta(microseconds=1)) == GOOD
    expired = (FAILED, sc.Reason.SHARE_EXPIRED)
    assert validity(END) == expired
    assert validity(END + 999 * DAY) == expired
    zone = timezone(timedelta(hours=-11))
    assert validity((END - SECOND).astimezone(zone)) == GOOD
    assert validity(END.astimezone(zone)) == expired


def test_an_expired_link_of_a_valid_record():
    verdict = check(SHARE, now=END)
    assert finding(verdict, sc.Check.VALIDITY) == GOOD
    assert finding(verdict, VALIDITY) == (FAILED, sc.Reason.SHARE_EXPIRED)
    assert verdict.status is sc.Status.INVALID


def test_a_valid_link_of_an_expired_record():
    # Honest software makes none: then the share lies outside of its record.
    token = record_of(disclosure("A", 0)).with_claims({4: seconds(NOW)}).token()
    verdict = check(share_of(token))
    assert finding(verdict, sc.Check.VALIDITY) == (FAILED, sc.Reason.EXPIRED)
    assert finding(verdict, VALIDITY) == (FAILED, sc.Reason.SHARE_OUTSIDE_RECORD)
    assert verdict.status is sc.Status.INVALID
    # Where both end at once, both have expired.
    both = check(share_of(token, share_claims({4: seconds(NOW)})))
    assert finding(both, sc.Check.VALIDITY) == (FAILED, sc.Reason.EXPIRED)
    assert finding(both, VALIDITY) == (FAILED, sc.Reason.SHARE_EXPIRED)


def outside(changed: dict[int, int], **record_claims: int) -> tuple[sc.Outcome, sc.Reason]:
    numbers = {int(name[1:]): value for name, value in record_claims.items()}
    token = record_of(disclosure("A", 0)).with_claims(numbers).token()
    return finding(check(share_of(token, share_claims(changed))), VALIDITY)


def test_shares_lie_within_their_record():
    out = (FAILED, sc.Reason.SHARE_OUTSIDE_RECORD)
    issued, begin, end = seconds(ISSUED_AT), seconds(BEGIN), seconds(END)
    assert outside({6: issued}) == GOOD
    assert outside({6: issued - 1}) == out
    assert outside({}, _5=begin) == GOOD
    assert outside({}, _5=begin + 1) == out
    assert outside({}, _4=end) == GOOD
    assert outside({}, _4=end - 1) == out
    # That comes before what the clock says.
    assert outside({6: issued - 1, 4: issued + 1}) == out
    assert outside({6: seconds(NOW) + 9999}, _5=seconds(NOW) + 99_999) == out


# Whether it was reset


PLACES = share.SharePlaces(list=1, first=100)
WITHDRAWABLE = record(status=sc.StatusReference(list=1, index=7))
PLACED = issue(WITHDRAWABLE, places=PLACES)
PUBLISHED = trust_in()


def with_list(**fields: object) -> sc.Trust:
    return PUBLISHED.with_status_list(status_list(**fields))


def in_slot(slot: int) -> bytes:
    return shared(PLACED, ["final_score"], slot=slot)


def test_nothing_was_reset_or_withdrawn():
    verdict = check(in_slot(0), with_list())
    assert verdict.status is sc.Status.VALID
    assert finding(verdict, STATUS) == finding(verdict, sc.Check.STATUS) == GOOD
    assert verdict.finding(STATUS).as_of == PUBLISHED_AT
    assert verdict.as_of == PUBLISHED_AT
    assert verdict.statement.share_places == PLACES


@pytest.mark.parametrize("slot", [0, 1, 15])
@pytest.mark.parametrize(("value", "reason"), [(1, sc.Reason.REVOKED), (2, sc.Reason.SUSPENDED)])
def test_a_reset_is_of_one_slot(slot, value, reason):
    trust = with_list(values=[(100 + slot, value)])
    for other in range(16):
        verdict = check(in_slot(other), trust)
        expected = (FAILED, reason) if other == slot else GOOD
        assert finding(verdict, STATUS) == expected
        # The record itself stays good, and so does every other share.
        assert finding(verdict, sc.Check.STATUS) == GOOD
        assert verdict.status is (sc.Status.INVALID if other == slot else sc.Status.VALID)


def test_a_withdrawn_record():
    trust = with_list(values=[(7, 1)])
    verdict = check(in_slot(3), trust)
    assert finding(verdict, sc.Check.STATUS) == (FAILED, sc.Reason.REVOKED)
    assert finding(verdict, STATUS) == GOOD
    assert verdict.status is sc.Status.INVALID
    assert finding(check(PLACED, trust), sc.Check.STATUS) == (FAILED, sc.Reason.REVOKED)


def test_places_of_two_lists():
    places = share.SharePlaces(list=2, first=100)
    token = shared(issue(WITHDRAWABLE, places=places))
    verdict = check(token, with_list())
    assert finding(verdict, STATUS) == (UNKNOWN, sc.Reason.STATUS_LIST_MISSING)
    assert finding(verdict, sc.Check.STATUS) == GOOD
    assert verdict.status is sc.Status.INDETERMINATE
    later = PUBLISHED_AT + DAY
    trust = with_list(issued_at=later).with_status_list(status_list(2))
    verdict = check(token, trust)
    assert verdict.status is sc.Status.VALID
    assert verdict.finding(sc.Check.STATUS).as_of == later
    assert verdict.finding(STATUS).as_of == verdict.as_of == PUBLISHED_AT


def test_unknown_lists_and_values():
    for trust, reason in [
        (PUBLISHED, sc.Reason.STATUS_LIST_MISSING),
        (with_list(values=[(100, 9)]), sc.Reason.STATUS_UNKNOWN),
    ]:
        verdict = check(in_slot(0), trust)
        assert finding(verdict, STATUS) == (UNKNOWN, reason)
        assert verdict.status is sc.Status.INDETERMINATE
    beyond = shared(issue(record(), places=share.SharePlaces(list=1, first=990)), slot=15)
    verdict = check(beyond, with_list())
    assert finding(verdict, STATUS) == (FAILED, sc.Reason.STATUS_OUT_OF_RANGE)


def test_a_list_from_before_the_reset():
    # The verifier holds the list of before; the link was reset since, and a newer list says so.
    ends = PUBLISHED_AT + 60 * DAY
    old = with_list(expires_at=ends)
    new = old.with_status_list(status_list(values=[(100, 1)], issued_at=PUBLISHED_AT + 20 * DAY))
    token = shared(PLACED, expires_at=NOW + 300 * DAY)
    before = sc.verify(token, old, now=NOW)
    assert before.status is sc.Status.VALID
    # But it says up to when it knows.
    assert before.as_of == before.finding(STATUS).as_of == PUBLISHED_AT
    assert sc.verify(token, new, now=NOW).status is sc.Status.INVALID
    for now, status in ((ends - SECOND, sc.Status.VALID), (ends, sc.Status.INDETERMINATE)):
        assert sc.verify(token, old, now=now).status is status
    stale = sc.verify(token, old, now=ends)
    assert finding(stale, STATUS) == (UNKNOWN, sc.Reason.STATUS_LIST_STALE)
    assert stale.as_of == PUBLISHED_AT
    patient = sc.Policy(max_staleness=2 * DAY)
    assert sc.verify(token, old, now=ends + DAY, policy=patient).status is sc.Status.VALID
    assert sc.verify(token, old, now=ends + 2 * DAY, policy=patient).status is not sc.Status.VALID


def test_a_list_of_another_issuer_says_nothing():
    trust = trust_in(document(issuer="other.example.org", keys=(key(), STATUS_KEY)))
    listing = status_list(subject="https://other.example.org/status/1.cwt", values=[(100, 1)])
    both = trust.with_status_list(listing).with_issuer_document(document(), ROOT.public_key)
    verdict = check(in_slot(0), both)
    assert finding(verdict, STATUS) == (UNKNOWN, sc.Reason.STATUS_LIST_MISSING)


def test_without_places_no_share_is_reset():
    token = shared(issue(WITHDRAWABLE))
    verdict = check(token, with_list(values=[(n, 1) for n in range(100, 116)]))
    assert verdict.status is sc.Status.VALID
    expected = (sc.Outcome.NOT_APPLICABLE, sc.Reason.NO_STATUS_REFERENCE)
    assert finding(verdict, STATUS) == expected


# When the issuer's key is lost


def compromised(*tokens: bytes) -> sc.Trust:
    digests = b"".join(sorted({token_digest(token) for token in tokens}))
    fields = {"vouched": digests} if digests else {}
    end = KeyRevocation(end="compromised", since=NOW, **fields)
    return trust_in(document(keys=(key(revocation=end), STATUS_KEY)))


def test_records_of_a_compromised_key():
    for token in (TOKEN, SHARE):
        verdict = check(token, compromised())
        assert verdict.status is sc.Status.INVALID
        assert finding(verdict, sc.Check.KEY_PERIOD) == (FAILED, sc.Reason.KEY_COMPROMISED)
        assert verdict.statement is None
    # The holder is asked all the same: one finding does not hide another.
    assert finding(check(SHARE, compromised()), HOLDS) == GOOD


def test_records_that_their_issuer_vouches_for():
    # Whatever is revealed, and to whom: what the issuer signed is one thing.
    other = shared(TOKEN, [], audience="Other Ltd", share_id=bytes(10))
    for vouched in (TOKEN, SHARE, other):
        trust = compromised(vouched)
        for token in (SHARE, other, shared(TOKEN)):
            verdict = check(token, trust)
            assert verdict.status is sc.Status.VALID
            expected = (PASSED, sc.Reason.KEY_COMPROMISED_VOUCHED)
            assert finding(verdict, sc.Check.KEY_PERIOD) == expected
            assert verdict.statement.share is not None
        assert check(TOKEN, trust).statement is not None
        # Another record, or the same content signed anew, is another thing.
        for seed, fields in ((1, {"id": bytes(10)}), (2, {})):
            again = shared(issue(record(**fields), seed=seed))
            assert check(again, trust).statement is None


def test_digests_of_records_do_not_depend_on_what_is_revealed():
    digests = {token_digest(token) for token in (TOKEN, SHARE, shared(TOKEN), shared(TOKEN, []))}
    assert len(digests) == 1
    assert token_digest(issue(record(), seed=2)) not in digests


# Through text


def test_shares_as_links_and_digits():
    for token in (SHARE, TOKEN, shared(TOKEN)):
        url = sc.verify_url("https://learn.example.edu/c/", token)
        assert sc.verify_text(url, TRUST, now=NOW) == check(token)
        assert sc.token_from_text(url) == token


def test_a_file_beside_another_link_is_not_looked_at():
    url = sc.verify_url("https://learn.example.edu/c/", SHARE)
    assert sc.verify_text(url, TRUST, now=NOW, sealed_file=b"anything") == check(SHARE)
    for wrong in ("text", 5, bytearray(1)):
        with pytest.raises(TypeError, match="sealed_file"):
            sc.verify_text(url, TRUST, now=NOW, sealed_file=wrong)
