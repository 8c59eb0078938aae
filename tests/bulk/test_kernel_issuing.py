"""issue_batch: the same bytes as the ordinary way, for whatever certificate, and always again."""

import pickle
from datetime import UTC, date, datetime
from hashlib import blake2b
from unicodedata import normalize

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_rows import (
    BLOCKS,
    ID_KEY,
    MANY,
    PAGE,
    PLAN,
    WITHDRAWABLE,
    cells,
    roster,
    row,
)
from pydantic import ValidationError

import signedcert as sc
from issuing import ISSUED_AT, ISSUER, NOW, OTHER_ISSUER, OTHER_SIGNER, SIGNER, TRUST
from signedcert.bulk import ISSUED, ROSTER, IssuePlan, issue_batch
from signedcert.bulk.kernel import prepare, sign_prepared
from signedcert.codec.cbor import encode
from signedcert.codec.frames import parse_frame
from signedcert.codec.lift import lift
from signedcert.codec.lower import entries_of
from signedcert.trust.key_entry import token_digest

KEYS = st.none() | st.text(st.characters(codec="utf-8"), max_size=9)


def issued_one_by_one(certificate, found, place):
    """The ordinary way: what the row's certificate is, made by the constructor and signed."""
    reference = None if place is None else sc.StatusReference(list=place.list, index=place.index)
    fields = {"issuer": ISSUER, "issued_at": ISSUED_AT, "status": reference, "id": found}
    return sc.issue(certificate.model_copy(update=fields), SIGNER)


def may_be_issued(certificate):
    try:
        certificate.model_copy(update={"issuer": ISSUER, "issued_at": ISSUED_AT, "status": None})
    except ValidationError:
        return False
    return True


@settings(max_examples=40)
@given(MANY, st.data())
def test_tokens_are_those_of_the_ordinary_way(certificates, data):
    plan = data.draw(st.sampled_from([PLAN, WITHDRAWABLE]))
    keys = [data.draw(KEYS) for _ in certificates]
    positions = data.draw(st.permutations(range(len(certificates))))
    batch = roster(
        *(
            cells(each) | {"key": key, "position": position}
            for each, key, position in zip(certificates, keys, positions, strict=True)
        )
    )
    out = issue_batch(batch, plan, SIGNER)
    assert out.schema.equals(ISSUED)
    for certificate, position, key, found in zip(
        certificates, positions, keys, out.to_pylist(), strict=True
    ):
        assert (found["key"], found["position"], found["line"]) == (key, position, None)
        if found["error"] is not None:
            assert not may_be_issued(certificate)
            assert found["token"] is found["id"] is found["code"] is found["digest"] is None
            continue
        place = plan.place(position) if plan.blocks else None
        token = issued_one_by_one(certificate, found["id"], place)
        assert found["token"] == token
        assert found["digest"] == token_digest(token)
        assert found["code"] == sc.verify(token, TRUST, now=NOW).statement.code
        assert found["link"] == (plan.page and sc.verify_url(plan.page, token))
        assert found["status_list"] == (place and place.list)
        assert found["status_index"] == (place and place.index)
        assert found["id"] == expected_id(certificate, key)


def expected_id(certificate, key):
    """Written from the promise: of the key, or else of the certificate without what runs add."""
    if key and key.strip():
        data = b"k" + normalize("NFC", key.strip()).encode()
    else:
        entries = entries_of(certificate.model_copy(update={"issuer": ISSUER, "status": None}))
        del entries[7], entries[6]
        data = b"r" + encode(entries)
    return blake2b(data, key=ID_KEY, digest_size=10, person=b"signedcert id").digest()


@settings(max_examples=20)
@given(MANY, st.data())
def test_the_same_rows_have_the_same_certificates_however_they_come(certificates, data):
    batch = roster(
        *(cells(each) | {"position": number} for number, each in enumerate(certificates))
    )
    whole = issue_batch(batch, WITHDRAWABLE, SIGNER)
    again = issue_batch(batch, pickle.loads(pickle.dumps(WITHDRAWABLE)), SIGNER)
    assert again.equals(whole)
    cut = data.draw(st.integers(0, len(certificates)))
    parts = [
        issue_batch(part, WITHDRAWABLE, SIGNER) for part in (batch.slice(0, cut), batch.slice(cut))
    ]
    assert pa.Table.from_batches(parts).combine_chunks().equals(pa.Table.from_batches([whole]))
    names = data.draw(st.permutations(batch.schema.names))
    assert issue_batch(batch.select(names), WITHDRAWABLE, SIGNER).equals(whole)


def test_rows_without_a_key_have_the_id_of_their_content_in_every_run():
    batch = roster(row(), row(learner={"name": "Ada"}), row(key="1"), row(key="2"), row(key=""))
    first = issue_batch(batch, PLAN, SIGNER).column("id").to_pylist()
    later = IssuePlan(ISSUER, NOW, ID_KEY, BLOCKS, PAGE)
    placed = batch.set_column(
        batch.schema.get_field_index("position"), "position", pa.array(range(5), pa.int64())
    )
    assert issue_batch(placed, later, OTHER_SIGNER).column("id").to_pylist() == first
    # An empty key is none.
    assert first[4] == first[0]
    assert len(set(first)) == 4
    other = IssuePlan(ISSUER, ISSUED_AT, b"l" * 32)
    assert not set(issue_batch(batch, other, SIGNER).column("id").to_pylist()) & set(first)


def test_a_key_with_its_accents_beside_its_letters_is_the_same_key():
    batch = roster(row(key="Zoe\u0308-1"), row(key="Zo\u00eb-1"), row(key="Zoe-1"))
    first, second, other = issue_batch(batch, PLAN, SIGNER).column("id").to_pylist()
    assert first == second != other


def test_white_space_around_a_key_does_not_count():
    names = [{"name": "Ada"}, {"name": "Bo"}]
    keys = ["  ", "\u3000\n", " E 1 ", "E 1"]
    batch = roster(*(row(key=key, learner=names[n % 2]) for n, key in enumerate(keys)))
    out = issue_batch(batch, PLAN, SIGNER)
    keyless = issue_batch(roster(*(row(learner=name) for name in names)), PLAN, SIGNER)
    ids = out.column("id").to_pylist()
    assert ids[:2] == keyless.column("id").to_pylist()
    assert ids[0] != ids[1]
    assert ids[2] == ids[3]
    # It is passed on as it came.
    assert out.column("key").to_pylist() == keys


def test_each_run_has_its_own_issuer_and_moment():
    plans = [
        PLAN,
        IssuePlan(OTHER_ISSUER, ISSUED_AT, ID_KEY),
        IssuePlan(ISSUER, NOW, ID_KEY),
        PLAN,
    ]
    until = datetime(2028, 1, 1, tzinfo=UTC)
    for plan in plans:
        out = issue_batch(roster(row(), row(expires_at=until)), plan, SIGNER)
        for token, end in zip(out.column("token").to_pylist(), (None, until), strict=True):
            found = lift(parse_frame(token).payload, sc.Certificate)
            assert (found.issuer, found.issued_at) == (plan.issuer, plan.issued_at)
            assert found.expires_at == end


def test_both_phases_are_open_to_whoever_looks_ids_up_in_between():
    batch = roster(row(key="1"), row(key="2", completed_on=None), row(key="3"))
    prepared = prepare(batch, PLAN)
    assert prepared.ids[1] is None
    assert prepared.errors == [
        None,
        "completed_on: it is missing; expected: the day it was completed",
        None,
    ]
    tokens = issue_batch(batch, PLAN, SIGNER).column("token").to_pylist()
    assert sign_prepared(prepared, SIGNER, [None], [2]) == [tokens[2]]
    assert sign_prepared(prepared, SIGNER, [], []) == []
    with pytest.raises(ValueError, match="row 1 has an error"):
        sign_prepared(prepared, SIGNER, [None], [1])


class Gone:
    """A signer that fails, and one whose signatures do not verify."""

    public_key = SIGNER.public_key

    def __init__(self, answer=None):
        self.answer = answer

    def sign(self, _):
        if self.answer is None:
            raise sc.SignerError("the token was pulled out")
        return self.answer


@pytest.mark.parametrize("signer", [Gone(), Gone(bytes(64))])
def test_a_signer_that_fails_is_no_fault_of_a_row(signer):
    with pytest.raises(sc.SignerError):
        issue_batch(roster(row()), PLAN, signer)
    # Where there is nothing to sign, nothing is asked of it.
    assert issue_batch(roster(row(learner=None)), PLAN, signer).column("token").null_count == 1


def test_positions_outside_the_plan_are_the_callers_mistake():
    batch = roster(row(position=0))
    with pytest.raises(ValueError, match="has a column position"):
        issue_batch(batch.drop_columns("position"), WITHDRAWABLE, SIGNER)
    with pytest.raises(ValueError, match="has no position"):
        issue_batch(roster(row()), WITHDRAWABLE, SIGNER)
    for position in (-1, 1003):
        with pytest.raises(ValueError, match=rf"no position {position} in 1003 places"):
            issue_batch(roster(row(position=position)), WITHDRAWABLE, SIGNER)
    taken = [row(position=number) for number in (0, 7, 3, 7)]
    with pytest.raises(ValueError, match="2 rows have the position 7"):
        issue_batch(roster(*taken), WITHDRAWABLE, SIGNER)
    # Nobody is given the place of a row with an error.
    free = row(learner=None, position=7)
    out = issue_batch(roster(*taken[:3], free), WITHDRAWABLE, SIGNER)
    assert out.column("status_index").null_count == 1
    # Where there is nothing to issue, no place is needed.
    out = issue_batch(roster(row(learner=None)), WITHDRAWABLE, SIGNER)
    assert out.column("status_index").null_count == 1


def test_places_are_those_of_the_blocks():
    places = [block.index(position) for block in BLOCKS for position in range(block.count)]
    assert WITHDRAWABLE.places(range(1003)) == places
    assert WITHDRAWABLE.places([900, 3, 900, 0]) == [places[n] for n in (900, 3, 900, 0)]
    assert [WITHDRAWABLE.place(position) for position in range(4)] == places[:4]
    with pytest.raises(IndexError):
        PLAN.place(0)


def test_a_plan_shows_no_secret_and_travels():
    assert repr(ID_KEY) not in repr(WITHDRAWABLE)
    assert ID_KEY.hex() not in repr(WITHDRAWABLE)
    assert pickle.loads(pickle.dumps(WITHDRAWABLE)) == WITHDRAWABLE


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"issuer": "https://learn.example.edu"}, "lower-case host"),
        ({"issued_at": datetime(2026, 11, 2)}, "time zone"),
        ({"id_key": b"short"}, "32 bytes"),
        ({"page": "learn.example.edu"}, "verify page"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(fields, said):
    given = {"issuer": ISSUER, "issued_at": ISSUED_AT, "id_key": ID_KEY} | fields
    with pytest.raises((ValueError, sc.EncodeError), match=said):
        IssuePlan(**given)


def test_a_plan_keeps_the_moment_to_the_second():
    plan = IssuePlan(ISSUER, ISSUED_AT.replace(microsecond=999_999), ID_KEY)
    assert plan.issued_at == ISSUED_AT
    out = issue_batch(roster(row()), plan, SIGNER)
    assert out.equals(issue_batch(roster(row()), PLAN, SIGNER))


def test_an_empty_batch_comes_out_empty():
    out = issue_batch(roster(), WITHDRAWABLE, SIGNER)
    assert out.schema.equals(ISSUED)
    assert out.num_rows == 0


def test_every_field_of_a_certificate_but_what_the_run_gives_is_a_column():
    given = {"id", "issuer", "issued_at", "status", "additional", "additional_claims"}
    besides = {"line", "key", "position", "reading_error"}
    assert set(ROSTER.names) == (set(sc.Certificate.model_fields) - given) | besides


def test_a_learner_with_two_names_and_a_period_of_validity():
    start, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    batch = roster(
        row(learner={"name": "山田花子", "latin_name": "Hanako Yamada"}),
        row(valid_from=start, expires_at=end, completed_on=date(1969, 12, 31)),
        row(expires_at=ISSUED_AT),
    )
    out = issue_batch(batch, PLAN, SIGNER)
    first, second = (
        sc.verify(token, TRUST, now=datetime(2027, 6, 1, tzinfo=UTC)).statement
        for token in out.column("token").to_pylist()[:2]
    )
    assert first.learner == sc.Person(name="山田花子", latin_name="Hanako Yamada")
    assert (second.valid_from, second.expires_at) == (start, end)
    assert second.completed_on == date(1969, 12, 31)
    assert out.column("error").to_pylist()[2] == (
        "the statement: expires_at is not after valid_from or issued_at: never valid"
    )
