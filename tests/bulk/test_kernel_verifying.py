"""verify_batch: the verdict of every row is that of verify, whatever is in it."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_rows import CERTIFICATES, PAGE, without_additional

import signedcert as sc
from forging import BODY, changed, claims, signed
from issuing import (
    ISSUED_AT,
    ISSUER,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    SIGNER,
    TRUST,
    issue,
    jwk,
    jwks,
    minimal,
    record,
    shared,
    typical,
)
from signedcert import share
from signedcert.bulk import DETAILED_VERDICTS, VERDICTS, verify_batch
from signedcert.bulk.kernel.schemas import ROSTER_FIELDS
from signedcert.bulk.kernel.values import value_of
from signedcert.codec.cbor import encode
from signedcert.codec.lower import encoded_entries, lower
from signedcert.codec.text import qr_text
from trusting import DAY, STATUS_KEY, document, key, status_list, trust_in

#: By its document, with a list in which index 5 is revoked, 6 suspended, and 7 of no known status.
LISTED = trust_in().with_status_list(status_list(1, [(5, 1), (6, 2), (7, 9)]))
#: Two issuers that share a key, so that a kid does not tell whose it is.
SHARED_KEY = TRUST.with_jwks(OTHER_ISSUER, jwks())
COMPROMISED = sc.Trust.from_jwks(
    ISSUER, jwks(jwk(revoked={"revoked_at": 1_700_000_000, "reason": "compromised"}))
)
BOUNDED = sc.Trust.from_jwks(
    ISSUER, jwks(jwk(nbf=int(ISSUED_AT.timestamp()), exp=int(NOW.timestamp())))
)
NO_POLICY = sc.Policy()
TRUSTS = [TRUST, LISTED, SHARED_KEY, COMPROMISED, BOUNDED, sc.Trust.empty()]
MOMENTS = [NOW, ISSUED_AT - DAY, NOW + 400 * DAY]


def expected(verdict, *, details=False):
    """The columns of a verdict, written from their promises."""
    decided = [
        finding
        for finding in verdict.findings
        if finding.outcome.value
        in {"VALID": (), "INVALID": ("FAILED",), "INDETERMINATE": ("UNKNOWN", "NOT_RUN")}[
            verdict.status.value
        ]
    ]
    columns = dict.fromkeys((DETAILED_VERDICTS if details else VERDICTS).names)
    columns |= {
        "status": verdict.status.value,
        "check": decided[0].check.value if decided else None,
        "reason": decided[0].reason.value if decided else None,
        "findings": [
            {"check": each.check, "outcome": each.outcome, "reason": each.reason}
            for each in verdict.findings
        ],
        "as_of": verdict.as_of,
    }
    statement = verdict.statement
    if statement is None:
        return columns
    columns |= {name: getattr(statement, name) for name in ("issuer", "issued_at", "expires_at")}
    columns |= {
        "kind": "certificate",
        "code": statement.code,
        "course": statement.course.title,
        "institution": statement.course.institution,
    }
    if statement.status is not None:
        columns["status_list"] = statement.status.list
        columns["status_index"] = statement.status.index
    learner = statement.learner
    if isinstance(statement, sc.SharedRecord):
        columns["kind"] = "share" if statement.share else "course_record"
        result = statement.final_score
    else:
        columns["completed_on"], result = statement.completed_on, statement.result
    if isinstance(learner, sc.Person):
        columns |= {"learner": learner.name, "latin_name": learner.latin_name}
    if isinstance(result, sc.Result):
        columns["result"] = in_words(result)
    return columns


def in_words(result):
    match result.score, result.maximum:
        case None, None:
            points = []
        case score, None:
            points = [f"{score:f}%"]
        case None, maximum:
            points = [f"of {maximum:f}"]
        case score, maximum:
            points = [f"{score:f} of {maximum:f}"]
    grade = [] if result.grade is None else [result.grade]
    return ", ".join([*points, *grade, *(["with distinction"] if result.with_distinction else [])])


def presented(*items):
    """Tokens and links as the rows of a batch."""
    return pa.RecordBatch.from_pydict(
        {
            "token": pa.array([each if isinstance(each, bytes) else None for each in items]),
            "link": pa.array([each if isinstance(each, str) else None for each in items]),
        },
        pa.schema([("token", pa.binary()), ("link", pa.string())]),
    )


def check_all(items, trust=TRUST, now=NOW, policy=NO_POLICY):
    """Sees that each row of a batch has the verdict that its item has by itself."""
    out = verify_batch(presented(*items), trust, now, policy)
    assert out.schema.equals(VERDICTS)
    statuses = []
    for item, found in zip(items, out.to_pylist(), strict=True):
        if not item:
            assert found == dict.fromkeys(VERDICTS.names) | {"error": "there is nothing to check"}
            continue
        check = sc.verify if isinstance(item, bytes) else sc.verify_text
        verdict = check(item, trust, now=now, policy=policy)
        assert found == expected(verdict)
        statuses.append(verdict.status)
    return statuses


ODD = [
    minimal(id=bytes(10)),
    typical(),
    typical(result=sc.Result(score="87.5", grade="A", with_distinction=True)),
    typical(awarded_title=sc.CertificateKind.SPECIALIZATION, result=sc.Result(score=7, maximum=8)),
    typical(result=sc.Result(maximum=8), record_id=b"0123456789"),
    minimal(learner=sc.Person(name="山田花子", latin_name="Hanako Yamada")),
    minimal(valid_from=NOW - DAY, expires_at=NOW + DAY),
    minimal(expires_at=NOW),
    minimal(valid_from=NOW + DAY),
    minimal(issued_at=NOW + DAY),
    minimal(issued_at=datetime(1970, 1, 1, tzinfo=UTC), completed_on=date(1960, 1, 1)),
    minimal(additional={200: "x"}),
    minimal(additional_claims={200: "x"}),
    minimal(
        course=sc.Course(title="T" * 300, institution="é" * 300, additional={300: (1, {2: b"x"})})
    ),
    *(minimal(status=sc.StatusReference(list=1, index=n)) for n in (4, 5, 6, 7, 0x0C82, 2**53 - 1)),
    minimal(status=sc.StatusReference(list=2, index=4), record_id=b"0123456789"),
    typical(status=sc.StatusReference(list=1, index=4), issuer=OTHER_ISSUER),
]


def flipped(token, place):
    other = bytearray(token)
    other[place] ^= 1
    return bytes(other)


@cache
def odd_tokens():
    tokens = [sc.issue(each, SIGNER) for each in ODD]
    tokens += [sc.issue(each, OTHER_SIGNER) for each in ODD[:2]]
    kept = [issue(record()), issue(record(status=sc.StatusReference(list=1, index=5)))]
    tokens += [*kept, *(shared(each) for each in kept), shared(kept[0], share.Preset.SUMMARY)]
    return tokens


@pytest.mark.parametrize("now", MOMENTS)
@pytest.mark.parametrize("trust", TRUSTS)
def test_whatever_is_presented_has_its_own_verdict(trust, now):
    tokens = odd_tokens()
    links = [sc.verify_url(PAGE, token) for token in tokens]
    codes = ["".join(qr_text(PAGE, token)) for token in tokens[:2]]
    garbage = [b"", "", None, b"\xd2", b"\xd2\x84", "x", "https://a.b/", PAGE + "#", "#1", "#A" * 9]
    sealed = [share.sealed_url(PAGE, b"s" * 32)]
    damaged = [token[:-1] for token in tokens] + [token + b"\0" for token in tokens]
    # A bit of the kid, of the payload, of the signature.
    damaged += [flipped(tokens[0], place) for place in (9, 80, -1)]
    policy = sc.Policy(max_staleness=timedelta(days=300), audience="Acme Hiring")
    items = [*tokens, *links, *codes, *garbage, *sealed, *damaged, *tokens]
    check_all(items, trust, now)
    check_all(random.Random(1).sample(items, len(items)), trust, now, policy)


def test_some_of_these_are_valid_and_some_are_withdrawn():
    statuses = check_all(odd_tokens(), LISTED)
    assert {sc.Status.VALID, sc.Status.INVALID, sc.Status.INDETERMINATE} == set(statuses)
    assert statuses.count(sc.Status.VALID) > 5


@settings(max_examples=40)
@given(st.lists(CERTIFICATES, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_any_certificates_have_their_own_verdicts(certificates, chance):
    """Each twice, so that it is familiar, and once with a byte changed and signed all the same."""
    honest = [each.model_copy(update={"issuer": ISSUER}) for each in certificates]
    payloads = [lower(each) for each in honest]
    payloads += [lower(each.model_copy(update={"id": bytes(10)})) for each in honest]
    for payload in payloads[:]:
        other = bytearray(payload)
        other[chance.randrange(len(other))] = chance.randrange(256)
        payloads.append(bytes(other))
    tokens = [signed(payload) for payload in payloads]
    check_all([*tokens, *tokens], TRUST, datetime(9990, 1, 1, tzinfo=UTC))
    check_all(tokens, LISTED)


#: Entries of honest bodies, by label: all that readers have come to know.
_FAMILIAR = [
    entry
    for each in ODD
    for _, body in [encoded_entries(without_additional(each))]
    for entry in body.items()
]
_CLAIMS = [encoded_entries(each)[0] for each in (ODD[0], ODD[6])]


@settings(max_examples=150)
@given(st.data())
def test_familiar_parts_put_together_in_another_way_are_refused_all_the_same(data):
    """The parts are honest and familiar; their order, number and choice need not be."""
    given_claims = list(data.draw(st.sampled_from(_CLAIMS)).values())
    body = dict(data.draw(st.lists(st.sampled_from(_FAMILIAR), max_size=6)))
    body |= {label: entry for label, entry in _FAMILIAR[:3] if data.draw(st.booleans())}
    entries = [body[label] for label in sorted(body)]
    if data.draw(st.booleans()):
        entries = data.draw(st.permutations(entries))
    if entries and data.draw(st.booleans()):
        entries = [*entries, data.draw(st.sampled_from(entries))]
    count = len(entries) + data.draw(st.sampled_from([0, 0, 0, 0, 1, -1]))
    payload = b"".join(
        (
            bytes((0xA0 + len(given_claims) + 1,)),
            *given_claims,
            encode(BODY),
            bytes((0xA0 + max(0, count),)),
            *entries,
            data.draw(st.sampled_from([b"", b"", b"", b"\0"])),
        )
    )
    token = signed(payload)
    check_all([*odd_tokens()[: len(ODD)], token, token])
    check_all([token, token], LISTED)


def test_heads_that_are_too_long_are_refused():
    payload = lower(typical())
    tokens = [signed(payload)]
    for at in range(len(payload)):
        first = payload[at] & 31
        if first < 24:
            long = bytes((payload[at] & 0xE0 | 24, first))
            tokens.append(signed(payload[:at] + long + payload[at + 1 :]))
        elif first < 26:
            size = 1 << first - 24
            long = bytes((payload[at] + 1,)) + bytes(size)
            tokens.append(signed(payload[:at] + long + payload[at + 1 :]))
    statuses = check_all([tokens[0], *tokens])
    assert set(statuses[2:]) == {sc.Status.INVALID}


@pytest.mark.parametrize("result", [{0: [7] * 30}, {}, {0: True}, [], {3: False}, {2: "\0"}])
def test_results_that_nobody_issues_are_refused(result):
    statuses = check_all([*odd_tokens()[:4], changed(typical(), 4, result)])
    assert statuses[-1] is sc.Status.INVALID


def test_entries_that_are_familiar_in_another_order_are_refused():
    titled = typical(awarded_title=sc.CertificateKind.SPECIALIZATION)
    scored = typical(result=sc.Result(score="87.5"))
    titled_claims, body = encoded_entries(titled)
    body[4] = encoded_entries(scored)[1][4]
    start = b"".join((b"\xa4", *titled_claims.values(), encode(BODY), bytes((0xA0 + len(body),))))
    good = start + b"".join(body[label] for label in sorted(body))
    # The result stands before the title.
    moved = start + b"".join(body[label] for label in (0, 1, 2, 4, 3, *sorted(body)[5:]))
    familiar = [sc.issue(each, SIGNER) for each in (titled, scored)]
    statuses = check_all([*familiar, *map(signed, (moved, good, moved))])
    assert [status is sc.Status.VALID for status in statuses] == [1, 1, 0, 1, 0]


def test_what_ends_before_it_begins_is_refused_even_where_clocks_differ():
    minute = timedelta(minutes=1)
    honest = minimal(issued_at=NOW + 2 * minute, expires_at=NOW + 3 * minute)
    content = claims(honest)
    content[4] = int((NOW + minute).timestamp())
    begins = claims(minimal(valid_from=NOW + 2 * minute, expires_at=NOW + 3 * minute))
    begins[4] = content[4]
    statuses = check_all([sc.issue(honest, SIGNER), signed(content), signed(begins)])
    assert statuses == [sc.Status.VALID, sc.Status.INVALID, sc.Status.INVALID]


def test_what_only_later_versions_know_stands_behind_all_else():
    later = minimal(additional={200: "x"})
    claims_of_all, body = encoded_entries(later)
    body |= encoded_entries(minimal(record_id=b"0123456789"))[1]
    body |= encoded_entries(minimal(status=sc.StatusReference(list=1, index=4)))[1]

    def token(*labels):
        size = bytes((0xA0 + len(labels),))
        entries = [body[label] for label in labels]
        return signed(b"".join((b"\xa4", *claims_of_all.values(), encode(BODY), size, *entries)))

    orders = [(0, 1, 2, 12, 200), (0, 1, 2, 200, 12), (0, 1, 2, 11, 200), (0, 1, 2, 200, 11)]
    familiar = [sc.issue(later, SIGNER), sc.issue(minimal(), SIGNER)]
    statuses = check_all([*familiar, *(token(*order) for order in orders)], LISTED)
    assert [status is sc.Status.VALID for status in statuses] == [1, 1, 1, 0, 1, 0]


def test_what_is_cut_off_or_has_more_behind_it_is_refused():
    for certificate in (minimal(), ODD[5], minimal(status=sc.StatusReference(list=1, index=400))):
        payload = lower(certificate)
        parts = [payload[:size] for size in range(1, len(payload))]
        longer = [payload + more for more in (b"\0", b"\x0c\x82\1\1", payload[-2:])]
        statuses = check_all(list(map(signed, [payload, *parts, *longer, payload])), LISTED)
        assert set(statuses[1:-1]) == {sc.Status.INVALID}


def test_what_is_asked_of_the_whole_is_not_lost_where_its_parts_are_familiar():
    def token(number, *, course=0, signatory=0):
        content = claims(minimal(id=bytes([number] * 10)))
        body = content[BODY]
        if course:
            body[1] = dict(body[1]) | {200: [1] * course}
        if signatory:
            body[5] = [{0: "A. Dean", 1: "Dean", 200: [1] * signatory}]
        content[BODY] = dict(sorted(body.items()))
        return signed(content)

    large, long = token(1, course=3000), token(2, signatory=3000)
    few, some = token(3, course=2000), token(4, signatory=2000)
    both = token(5, course=3000, signatory=3000)
    fits = token(6, course=2000, signatory=2000)
    statuses = check_all([large, long, few, some, both, fits, both])
    invalid = [status is sc.Status.INVALID for status in statuses]
    assert invalid == [False, False, False, False, True, False, True]


@settings(max_examples=30)
@given(CERTIFICATES)
def test_details_are_all_that_a_certificate_says(certificate):
    honest = certificate.model_copy(
        update={
            "issuer": ISSUER,
            "issued_at": ISSUED_AT,
            "valid_from": None,
            "expires_at": None,
            "status": None,
        }
    )
    token = sc.issue(honest, SIGNER)
    out = verify_batch(presented(token, b"x", token), TRUST, NOW, details=True)
    assert out.schema.equals(DETAILED_VERDICTS)
    one, nothing, other = out.column("statement").to_pylist()
    assert nothing is None
    assert one == other
    assert out.drop_columns("statement").equals(
        verify_batch(presented(token, b"x", token), TRUST, NOW)
    )
    given = {
        field.name: value_of(field.shape, one[field.name])
        for field in ROSTER_FIELDS
        if one[field.name] is not None
    }
    again = sc.Certificate(**given, id=honest.id, issuer=ISSUER, issued_at=ISSUED_AT)
    assert again == honest


def test_records_and_shares_have_no_details():
    kept = issue(record())
    out = verify_batch(presented(kept, shared(kept)), TRUST, NOW, details=True)
    assert out.column("statement").null_count == 2
    assert out.column("kind").to_pylist() == ["course_record", "share"]
    assert out.column("result").to_pylist() == ["92.5%", "92.5%"]


def test_a_token_counts_before_a_link():
    token = sc.issue(minimal(), SIGNER)
    batch = pa.RecordBatch.from_pydict(
        {"link": ["x", sc.verify_url(PAGE, token)], "token": [token, b""], "row": [1, 2]}
    )
    out = verify_batch(batch, TRUST, NOW)
    assert out.column("status").to_pylist() == ["VALID", "VALID"]
    for name in ("link", "token"):
        alone = verify_batch(batch.select([name]), TRUST, NOW)
        assert "VALID" in alone.column("status").to_pylist()


def test_links_that_are_no_text_stop_no_other():
    link = sc.verify_url(PAGE, sc.issue(minimal(), SIGNER)).encode()
    links = pa.array([link, b"\xff" + link, None, link]).view(pa.string())
    tokens = pa.array([None, None, b"x", b""])
    for column in (links, links.cast(pa.large_string()), links.dictionary_encode()):
        batch = pa.RecordBatch.from_pydict({"link": column, "token": tokens})
        out = verify_batch(batch, TRUST, NOW)
        assert out.column("status").to_pylist() == ["VALID", None, "INVALID", "VALID"]
        assert out.column("error").to_pylist()[1] == "the link is not text in UTF-8"


@pytest.mark.parametrize(
    ("batch", "said"),
    [
        (pa.RecordBatch.from_pydict({"code": ["x"]}), "expected a column token"),
        (pa.RecordBatch.from_pydict({"token": ["x"]}), "token has the type string; expected"),
        (pa.RecordBatch.from_pydict({"link": [1]}), "link has the type int64; expected string"),
        (
            pa.RecordBatch.from_arrays([pa.array(["x"])] * 2, names=["link", "link"]),
            "link is there 2 times",
        ),
    ],
)
def test_other_columns_are_the_callers_mistake(batch, said):
    with pytest.raises(ValueError, match=said):
        verify_batch(batch, TRUST, NOW)


def test_a_moment_without_a_time_zone_is_the_callers_mistake():
    with pytest.raises(ValueError, match="time zone"):
        verify_batch(presented(b"x"), TRUST, NOW.replace(tzinfo=None))


def test_an_empty_batch_comes_out_empty():
    for details, schema in ((False, VERDICTS), (True, DETAILED_VERDICTS)):
        out = verify_batch(presented(), TRUST, NOW, details=details)
        assert out.schema.equals(schema)
        assert out.num_rows == 0


def test_many_keys_dates_and_lists_are_not_all_remembered():
    """More of each than a batch remembers: what is forgotten is asked again."""
    signers = [sc.SoftwareSigner(number.to_bytes(32, "big")) for number in range(1, 9)]
    lists = [status_list(number, [(5, 1)]) for number in range(9)]
    trust = trust_in(document(keys=(*(key(each) for each in signers), STATUS_KEY)))
    for each in lists:
        trust = trust.with_status_list(each)
    tokens = [
        sc.issue(
            minimal(
                issued_at=ISSUED_AT + timedelta(seconds=number),
                status=sc.StatusReference(list=number % 9, index=4 + number % 2),
            ),
            signers[number % 8],
        )
        for number in range(200)
    ]
    assert set(check_all(tokens, trust)) == {sc.Status.VALID, sc.Status.INVALID}
