"""Signing records and shares: what is made, what is refused, and with which words."""

import secrets
from datetime import datetime, timedelta

import pytest

import signedcert as sc
from cbor_oracle import dumps
from issuing import (
    HOLDER,
    ISSUED_AT,
    NOW,
    OTHER_HOLDER,
    OTHER_SIGNER,
    SIGNER,
    check,
    issue,
    minimal,
    outcomes,
    record,
    shared,
)
from record_forging import digest
from sd_cwt_reader import Sign1, decode, disclosed_claims, hashes_in
from signedcert import share
from signedcert.codec.frames import parse_frame
from signedcert.codec.lower import lower
from signedcert.model.issued_record import SHARE_PLACES

TOKEN = issue(record())
PLACES = share.SharePlaces(list=2, first=100)
PLACED = issue(record(), places=PLACES)
NAIVE = datetime(2026, 12, 1)
DAY = timedelta(days=1)


def rows(count: int, title: str = "Week") -> tuple[sc.Assessment, ...]:
    return tuple(sc.Assessment(title=f"{title} {n}", kind="quiz") for n in range(count))


def listed(token: bytes, label: int = 6) -> int:
    """How many rows a list has, decoys included, by the tests' own reader."""
    entries = [decode(each) for each in Sign1.read(token).disclosures]
    (found,) = (entry[1] for entry in entries if entry[2:] == [label])
    return len(found)


# Records


@pytest.mark.parametrize("seed", range(5))
def test_another_reader_reads_our_records(seed):
    token = issue(record(identity_checks=(sc.IdentityCheck(method="photo_match"),)), seed=seed)
    signed = Sign1.read(token)
    claims = disclosed_claims(signed)
    # The payload and all that it discloses is the whole record, and the claims of its holder.
    assert claims.pop(2) == record().code
    assert claims.pop(8) == {1: {1: 1, -1: 6, -2: HOLDER.public_key.raw}}
    whole = record(identity_checks=(sc.IdentityCheck(method="photo_match"),))
    assert dumps(claims) == lower(whole)
    assert sc.ed25519_verify(SIGNER.public_key.raw, signed.to_be_signed(), signed.signature)
    # Every digest has its disclosure: the holder can open all of them.
    disclosed = [decode(each) for each in signed.disclosures]
    digests = sorted(hashes_in([signed.claims, *disclosed]))
    assert digests == sorted(digest(each) for each in signed.disclosures)


def test_another_reader_reads_our_shares():
    token = shared(TOKEN, ["final_score", "assessments[1]"])
    kbt = Sign1.read(token)
    assert {**kbt.header, 13: None} == {1: -19, 13: None, 16: 294}
    assert kbt.claims[3] == "Acme Hiring"
    assert kbt.claims[7] == b"Share 0001"
    body = disclosed_claims(kbt.sd_cwt)[-65537]
    assert set(body) == {1, 5, 6}
    assert [row[0] for row in body[6]] == ["Case"]
    assert sc.ed25519_verify(HOLDER.public_key.raw, kbt.to_be_signed(), kbt.signature)
    assert kbt.sd_cwt._replace(unprotected={}) == Sign1.read(TOKEN)._replace(unprotected={})


@pytest.mark.parametrize(
    ("count", "size"), [(1, 8), (2, 8), (8, 8), (9, 16), (16, 16), (17, 32), (128, 128), (129, 256)]
)
def test_lists_are_filled_up_to_a_power_of_two(count, size):
    token = issue(record(assessments=rows(count)))
    assert listed(token) == size
    shown = check(shared(token, share.Preset.EVERYTHING)).statement
    assert shown.assessments == rows(count)


@pytest.mark.parametrize(("count", "size"), [(1, 4), (4, 4), (5, 8), (20, 32)])
def test_identity_checks_are_filled_up_from_four(count, size):
    checks = tuple(sc.IdentityCheck(method=f"Method {n}") for n in range(count))
    assert listed(issue(record(identity_checks=checks)), 7) == size


def test_the_most_rows_fit():
    checks = tuple(sc.IdentityCheck(method=f"Method {n}") for n in range(20))
    whole = record(assessments=rows(200), identity_checks=checks)
    shown = check(shared(issue(whole))).statement
    assert (shown.assessments, shown.identity_checks) == (rows(200), checks)
    assert shown.is_complete


def test_rows_keep_their_order_among_decoys_at_places_of_chance():
    places = set()
    for seed in range(20):
        token = issue(record(assessments=rows(3)), seed=seed)
        found = check(shared(token, [f"assessments[{n}]" for n in range(3)])).statement.assessments
        assert [row for row in found if row is not sc.WITHHELD] == list(rows(3))
        places.add(tuple(row is not sc.WITHHELD for row in found))
    assert len(places) > 10


@pytest.mark.parametrize("statement", [minimal(), None, {}, "x", sc.Person(name="A")])
def test_only_records_are_issued_as_records(statement):
    with pytest.raises(TypeError, match=f"expected a CourseRecord, got {type(statement).__name__}"):
        share.issue_record(
            statement, SIGNER, holder_key=HOLDER.public_key, random_bytes=secrets.token_bytes
        )


def repeating(period: int):
    salts = [bytes([number]) * 16 for number in range(period)] * 99
    return lambda _: salts.pop(0)


SOURCES = {
    "always the same": lambda _: bytes(16),
    "the same after a while": repeating(3),
    "too short": lambda size: secrets.token_bytes(size - 1),
    "too long": lambda size: secrets.token_bytes(size + 1),
    "none": lambda _: None,
    "text": lambda size: secrets.token_hex(size // 2),
    "a bytearray": lambda size: bytearray(secrets.token_bytes(size)),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_salts_that_do_not_hide(source):
    with pytest.raises(sc.ShareError, match="others at every call"):
        share.issue_record(
            record(assessments=()), SIGNER, holder_key=HOLDER.public_key, random_bytes=source
        )


def test_salts_differ_within_a_record_and_between_records():
    salts = []
    for _ in range(20):
        token = share.issue_record(
            record(), SIGNER, holder_key=HOLDER.public_key, random_bytes=secrets.token_bytes
        )
        salts += [decode(each)[0] for each in Sign1.read(token).disclosures]
    assert {len(salt) for salt in salts} == {16}
    assert len(set(salts)) == len(salts)


def deep(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = (value,)
    return value


def with_more(model: type, *values: object) -> object:
    """A part of a record with fields that a later version may have added."""
    needed = {
        sc.Assessment: {"title": "T", "kind": "x"},
        sc.IdentityCheck: {"method": "x"},
        sc.Person: {"name": "A"},
        sc.Result: {"score": 1},
    }
    return model(**needed[model], additional=dict(enumerate(values, 128)))


TOO_MUCH = {
    "a long row": {"assessments": (with_more(sc.Assessment, "x" * 4096),)},
    # What ends in the label of a list is still no list.
    "a long row that ends in 6": {"assessments": (with_more(sc.Assessment, "x" * 4096, 6),)},
    "a long name": {"learner": with_more(sc.Person, "x" * 4096)},
    "a deep row": {"assessments": (with_more(sc.Assessment, deep(7)),)},
    "a deep check": {"identity_checks": (with_more(sc.IdentityCheck, deep(7)),)},
    "a deep name": {"learner": with_more(sc.Person, deep(7))},
    "a deep score": {"final_score": with_more(sc.Result, deep(7))},
    "a large payload": {"additional": {128: "x" * 16_384}},
    "a large record": {"assessments": rows(200, "字" * 100)},
}


@pytest.mark.parametrize("fields", TOO_MUCH.values(), ids=TOO_MUCH)
def test_records_that_no_verifier_would_take(fields):
    with pytest.raises(sc.EncodeError, match=r"at most \d+ are allowed|too deep"):
        issue(record(**fields))


def test_the_deepest_and_longest_rows_are_taken():
    row = with_more(sc.Assessment, deep(6), "x" * 4030)
    shown = check(shared(issue(record(assessments=(row,))))).statement
    assert shown.assessments == (row,)


def largest(more: int = 0) -> sc.CourseRecord:
    """A record whose token has as many bytes as a record's may, and so many more."""
    titles = rows(200, "Week after week after week, of which this is week")
    taken = len(issue(record(assessments=titles, additional={128: "x" * 300})))
    return record(assessments=titles, additional={128: "x" * (300 + 40_960 - taken + more)})


def test_the_largest_record():
    # Up to the very byte, the token is one that verifiers take.
    token = issue(largest())
    assert len(token) == 40_960
    assert check(token).finding(sc.Check.SCHEMA).outcome is sc.Outcome.PASSED
    with pytest.raises(sc.EncodeError, match=r"takes 40961 bytes .* at most 40960 are allowed"):
        issue(largest(1))


class Glitch:
    """A signer whose signatures are wrong."""

    def __init__(self, signer: sc.SoftwareSigner, signature: object = bytes(64)) -> None:
        self.public_key = signer.public_key
        self.sign = lambda _: signature


def test_signers_that_glitch():
    with pytest.raises(sc.SignerError, match="nothing was issued"):
        issue(record(), Glitch(SIGNER))
    for signature in (bytes(64), b"", None, bytearray(64), OTHER_HOLDER.sign(b"x")):
        with pytest.raises(sc.SignerError, match="nothing was shared"):
            shared(TOKEN, holder=Glitch(HOLDER, signature))


def test_what_is_visible_and_what_is_not():
    whole = record(
        started_on="2026-09-01",
        ended_on="2026-11-01",
        course_format=sc.CourseFormat(passing_rule="Half of all points"),
        language="en",
        status=sc.StatusReference(list=1, index=7),
        expires_at=NOW + 99 * DAY,
        valid_from=ISSUED_AT + DAY,
        additional={200: "x"},
        additional_claims={300: "y"},
    )
    shown = check(issue(whole, places=PLACES)).statement
    for name in sc.CourseRecord.model_fields:
        assert getattr(shown, name) == getattr(whole, name)
    bare = parse_frame(issue(whole, places=PLACES)).signed
    withheld = check(shared(issue(whole, places=PLACES), [])).statement
    for name in sc.CourseRecord.model_fields:
        hidden = name in ("learner", "final_score", "assessments", "identity_checks")
        expected = sc.WITHHELD if hidden else getattr(whole, name)
        assert getattr(withheld, name) == expected
    assert withheld.holder_key == HOLDER.public_key.raw
    assert withheld.share_places == PLACES
    for text in ("Jacob", "Week 1", "field report"):
        assert text.encode() not in bare.payload


# Shares


def test_an_honest_share():
    verdict = check(shared(PLACED, ["final_score"], slot=15))
    # Nobody published the list of its places.
    undecided = {each.check for each in verdict.findings if each.outcome is sc.Outcome.UNKNOWN}
    assert undecided == {sc.Check.SHARE_STATUS}
    assert not [each for each in verdict.findings if each.outcome is sc.Outcome.FAILED]
    claims = verdict.statement.share
    assert claims == share.ShareClaims(
        audience="Acme Hiring",
        issued_at=NOW - DAY,
        expires_at=NOW + DAY,
        id=b"Share 0001",
        slot=15,
    )


def refusal(**fields: object) -> str:
    with pytest.raises(sc.ShareError) as caught:
        shared(PLACED, **fields)
    return str(caught.value)


@pytest.mark.parametrize("holder", [OTHER_HOLDER, SIGNER, OTHER_SIGNER])
def test_another_key_than_the_records(holder):
    assert "not the share key of the record" in refusal(holder=holder)


FIELDS = {
    "audience": ["x" * 201, "a\0b", "a\nb", "a\u202eb"],
    "share_id": [b"", bytes(9), bytes(11), None, "x"],
    "slot": [-1, SHARE_PLACES, "x"],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, each in FIELDS.items() for v in each])
def test_fields_that_cannot_be_signed(name, value):
    field = {"share_id": "id"}.get(name, name)
    message = refusal(**{name: value})
    assert message.startswith(f"{field}: ")
    assert "Value error" not in message


@pytest.mark.parametrize("name", ["issued_at", "expires_at"])
@pytest.mark.parametrize("value", [NAIVE, None, "tomorrow"])
def test_moments_have_a_time_zone(name, value):
    with pytest.raises(ValueError, match=r"zone|moment"):
        shared(TOKEN, **{name: value})


def test_each_share_says_which_place_it_takes():
    assert "share places this share takes" in refusal(slot=None)
    without = issue(record())
    assert check(shared(without)).status is sc.Status.VALID
    with pytest.raises(sc.ShareError, match="has no share places"):
        shared(without, slot=0)


@pytest.mark.parametrize("audience", ["", " ", "\u200b", "\u200d \ufeff", "\u3000"])
def test_an_audience_that_nobody_sees(audience):
    assert "audience" in refusal(audience=audience)


@pytest.mark.parametrize(
    "raw", [bytes(32), b"\1" + bytes(31), b"\xff" * 32, SIGNER.public_key.raw], ids=str
)
def test_holder_keys_that_sign_no_shares(raw):
    with pytest.raises(sc.ShareError, match="holder_key is"):
        share.issue_record(
            record(), SIGNER, holder_key=sc.PublicKey(raw), random_bytes=secrets.token_bytes
        )


def test_a_holder_key_is_a_public_key():
    for key in (HOLDER.public_key.raw, HOLDER, None):
        with pytest.raises(TypeError, match="must be a PublicKey"):
            share.issue_record(record(), SIGNER, holder_key=key, random_bytes=secrets.token_bytes)


def test_ends_before_it_begins():
    for end in (NOW - DAY, NOW - 2 * DAY):
        assert "would end before it begins" in refusal(expires_at=end)
    assert check(shared(TOKEN, expires_at=NOW - DAY + timedelta(seconds=1))).statement is not None


def test_a_clock_that_is_behind():
    token = issue(record(issued_at=NOW))
    with pytest.raises(sc.ShareError, match="is your clock right"):
        shared(token, issued_at=NOW - 9 * DAY, expires_at=NOW - DAY)


def test_a_share_ends_with_its_record():
    end = NOW + 3 * DAY
    token = issue(record(expires_at=end))
    assert check(shared(token, expires_at=end)).status is sc.Status.VALID
    with pytest.raises(sc.ShareError, match=r"valid until 2026-12-05 10:00:00 UTC; choose an earl"):
        shared(token, expires_at=end + timedelta(seconds=1))


@pytest.mark.parametrize("before", [timedelta(0), timedelta(seconds=1), 99 * DAY])
def test_a_share_begins_no_earlier_than_its_record(before):
    # A learner's clock may be slow; the share says the moment of the record then.
    token = issue(record(issued_at=NOW))
    verdict = check(shared(token, issued_at=NOW - before))
    assert verdict.status is sc.Status.VALID
    assert verdict.statement.share.issued_at == NOW
    later = issue(record(valid_from=NOW))
    assert check(shared(later, issued_at=NOW - before)).statement.share.issued_at == NOW
    assert check(shared(later, issued_at=NOW)).status is sc.Status.VALID


@pytest.mark.parametrize(
    ("given", "signed"),
    [
        ("Acme Hiring", "Acme Hiring"),
        ("  Acme Hiring\n", "Acme Hiring"),
        ("\u3000Acme\u00a0Hiring\u2003", "Acme\u00a0Hiring"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("\u0085\u2028x\u2029\u1680\u202f\u205f", "x"),
    ],
)
def test_audiences_are_normalised(given, signed):
    statement = check(shared(TOKEN, audience=given)).statement
    assert statement.share.audience == signed


@pytest.mark.parametrize("audience", ["", " \t", "\u3000\u2029"])
def test_a_share_is_for_somebody(audience):
    assert "audience is blank" in refusal(audience=audience)


@pytest.mark.parametrize("token", [issue(minimal()), shared(TOKEN), b"", TOKEN[:-1]])
def test_only_records_are_shared(token):
    with pytest.raises(sc.DecodeError):
        shared(token)


def test_a_share_is_not_shared_on():
    # Whoever receives a share has a record in it, but not all that it takes to share it.
    received = parse_frame(shared(TOKEN, ["final_score"])).record.to_bytes()
    with pytest.raises(sc.ShareError, match="not complete"):
        shared(received)


def test_a_share_that_is_too_large():
    token = issue(largest())
    longest = len(shared(token, audience="x" * 100)) - 100
    fitting = shared(token, audience="x" * (41_216 - longest))
    assert len(fitting) == 41_216
    assert check(fitting).status is sc.Status.VALID
    with pytest.raises(
        sc.ShareError, match=r"takes 41217 bytes, at most 41216 are .*; reveal less"
    ):
        shared(token, audience="x" * (41_217 - longest))
    # With less in it, there is room for any audience.
    some = shared(token, ["assessments[0]"], audience="字" * 200)
    assert check(some).status is sc.Status.VALID


def test_findings_of_a_record_that_nobody_presents():
    found = outcomes(check(TOKEN))
    not_applicable = (sc.Outcome.NOT_APPLICABLE, sc.Reason.NO_SHARE)
    assert list(found.values())[8:] == [
        not_applicable,
        (sc.Outcome.UNKNOWN, sc.Reason.NOT_PRESENTED),
        not_applicable,
        not_applicable,
    ]
