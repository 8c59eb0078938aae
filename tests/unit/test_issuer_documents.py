"""Issuer documents: what is taken in, what is refused, and when they grow stale."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

import signedcert as sc
from cbor_oracle import Tagged, dumps
from issuing import (
    ISSUED_AT,
    ISSUER,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    SIGNER,
    TRUST,
    check,
    jwks,
    minimal,
    outcomes,
)
from signedcert.codec.framing import parse_document_frame, protected_header
from signedcert.codec.lift import lift
from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.errors import DecodeError, EncodeError
from signedcert.model.issuer_document import IssuerDocument, KeyRevocation, LocalName, SigningKey
from signedcert.model.kinds import SIGNED_BUNDLE
from signedcert.model.text import URI_TEMPLATE, compiled
from trusting import (
    DAY,
    NEXT_UPDATE,
    P256,
    PUBLISHED_AT,
    ROOT,
    ROOTS,
    SPARE,
    STATUS_KEY,
    STATUS_SIGNER,
    STRANGER,
    content,
    document,
    finding,
    forged_document,
    handover,
    key,
    referring,
    status_list,
    trust_in,
)

PASSED, UNKNOWN = sc.Outcome.PASSED, sc.Outcome.UNKNOWN
TOKEN = sc.issue(minimal(), SIGNER)
SECOND = timedelta(seconds=1)


def refusal(data: bytes, root: object = ROOT.public_key, trust: sc.Trust | None = None):
    """Why a document is not taken in."""
    before = trust or sc.Trust.empty()
    bundle = before.to_bundle()
    with pytest.raises(sc.TrustError) as caught:
        before.with_issuer_document(data, root)
    assert before.to_bundle() == bundle
    assert str(caught.value)
    return caught.value.reason


def test_a_certificate_by_a_published_key():
    trust = trust_in()
    verdict = check(TOKEN, trust)
    assert verdict.status is sc.Status.VALID
    assert verdict.statement == minimal()
    assert verdict.finding(sc.Check.ISSUER_TRUSTED).as_of == verdict.as_of == PUBLISHED_AT
    assert outcomes(verdict)[sc.Check.KEY_PERIOD] == (PASSED, sc.Reason.OK)
    assert trust.issuers == (ISSUER,)
    assert dict(trust.published) == {ISSUER: PUBLISHED_AT}
    assert [entry.public_key for entry in trust.keys] == [SIGNER.public_key]
    assert trust.open_issuer(ISSUER).document == content()
    assert trust.holding(ISSUER).published == document()
    assert trust.holding(OTHER_ISSUER) is None


def test_everything_that_a_document_says_survives():
    full = content(
        names=(LocalName(name="Beispiel-Universität", language="de"), LocalName(name="Example")),
        home_page="https://www.example.edu/",
        verify_url="https://learn.example.edu/c/",
        keys=(key(revocation=KeyRevocation(end="retired", since=NOW, why="yearly drill")),),
    )
    assert lift(lower(full), IssuerDocument) == full
    assert IssuerDocument.model_validate_json(full.model_dump_json()) == full
    assert full.epoch == 1
    assert content(epoch=7).epoch == 7
    assert full.status_list_uri(12) == f"https://{ISSUER}/status/12.cwt"
    assert content(status_lists=None).status_list_uri(12) is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", sc.Reason.EMPTY_INPUT),
        (b"x", sc.Reason.NOT_A_TOKEN),
        (b"\xd2", sc.Reason.NOT_DETERMINISTIC),
        (document()[:-1], sc.Reason.NOT_DETERMINISTIC),
        (document() + b"\0", sc.Reason.NOT_DETERMINISTIC),
        (TOKEN, sc.Reason.WRONG_TYPE),
        (jwks(), sc.Reason.NOT_A_TOKEN),
        (status_list(), sc.Reason.WRONG_TYPE),
        (sign(SIGNED_BUNDLE, b"\xa0", ROOT).to_bytes(), sc.Reason.WRONG_TYPE),
        (sign("application/vnd.signedcert.later", b"\xa0", ROOT).to_bytes(),
         sc.Reason.NEWER_FORMAT),
        *((sign(IssuerDocument.media_type, payload, ROOT).to_bytes(), reason)
          for payload, reason in [
              (b"\xa0", sc.Reason.SCHEMA_VIOLATION),
              (b"\x80", sc.Reason.SCHEMA_VIOLATION),
              (b"\xff", sc.Reason.NOT_DETERMINISTIC),
              (dumps({1: ISSUER, -65537: []}), sc.Reason.SCHEMA_VIOLATION),
              (dumps({1: 5, -65537: {}}), sc.Reason.SCHEMA_VIOLATION),
              (dumps({1: ISSUER, -65537: {}}), sc.Reason.SCHEMA_VIOLATION),
              (dumps({1: ISSUER, -65537: {6: 5, 7: [1]}}), sc.Reason.SCHEMA_VIOLATION),
          ]),
    ],
)  # fmt: skip
def test_what_is_no_issuer_document(data, reason):
    assert refusal(data) is reason
    assert refusal(data, trust=trust_in()) is reason


def test_documents_are_bytes_and_roots_32_of_them():
    for data in (None, "text", 5, bytearray(document()), memoryview(document())):
        with pytest.raises(TypeError, match="bytes"):
            sc.Trust.empty().with_issuer_document(data, ROOT.public_key)
    for root in ("ab" * 32, b"", bytes(31), bytes(33), 5, bytearray(32), ROOT):
        with pytest.raises(ValueError, match="pinned_root"):
            sc.Trust.empty().with_issuer_document(document(), root)


def test_an_unknown_issuer_needs_a_root():
    assert refusal(document(), None) is sc.Reason.UNTRUSTED_ROOT


def test_documents_have_a_bound():
    with pytest.raises(DecodeError) as caught:
        parse_document_frame(bytes(400), IssuerDocument.media_type, 100)
    assert caught.value.reason is sc.Reason.TOO_LARGE
    frame = sign(IssuerDocument.media_type, bytes(101), ROOT)
    with pytest.raises(DecodeError) as caught:
        parse_document_frame(frame.to_bytes(), IssuerDocument.media_type, 100)
    assert caught.value.reason is sc.Reason.TOO_LARGE


@pytest.mark.parametrize(("payload", "size"), [(b"", 64), (b"x", 0), (b"x", 63), (b"x", 65)])
def test_documents_have_a_payload_and_a_signature(payload, size):
    protected = protected_header(IssuerDocument.media_type, ROOT.public_key.kid)
    token = dumps(Tagged(18, [protected, {}, payload, bytes(size)]))
    with pytest.raises(DecodeError) as caught:
        parse_document_frame(token, IssuerDocument.media_type, 100)
    assert caught.value.reason is sc.Reason.NOT_A_TOKEN


@pytest.mark.parametrize("digests", [1024, 4095, 4096, 5000])
def test_a_document_may_be_longer_than_any_statement(digests):
    vouched = b"".join(number.to_bytes(16, "big") for number in range(digests))
    ended = KeyRevocation(end="compromised", since=NOW, vouched=vouched)
    data = document(keys=(key(revocation=ended),))
    assert len(data) > digests * 16
    assert trust_in(data).keys[0].vouched == vouched
    with pytest.raises(EncodeError, match="4096 items"):
        lower(content(additional={128: [0] * 4096}))


# Versions


def test_a_newer_document_takes_the_place_of_an_older_one():
    newer = document(2, keys=(key(OTHER_SIGNER),))
    trust = trust_in().with_issuer_document(newer)
    assert trust.open_issuer(ISSUER).document.version == 2
    assert check(TOKEN, trust).finding(sc.Check.ISSUER_TRUSTED).reason is sc.Reason.UNKNOWN_KEY
    assert check(sc.issue(minimal(), OTHER_SIGNER), trust).status is sc.Status.VALID
    assert trust.keys_for(SIGNER.public_key.kid) == ()
    assert check(TOKEN, trust_in()).status is sc.Status.VALID


def test_rollback_to_an_older_document():
    trust = trust_in(document(5))
    for version in (1, 4):
        assert refusal(document(version), None, trust) is sc.Reason.ROLLBACK
        assert refusal(document(version), ROOT.public_key, trust) is sc.Reason.ROLLBACK
    # The roots have moved on: whatever its version, a document of an earlier epoch is older.
    moved = trust.with_issuer_document(document(6, epoch=2))
    assert refusal(document(5), None, moved) is sc.Reason.ROLLBACK
    assert refusal(document(99), None, moved) is sc.Reason.ROLLBACK


def test_a_fork_is_refused_and_the_same_bytes_are_not():
    trust = trust_in(document(5))
    assert refusal(document(5, home_page="https://a.example/"), None, trust) is sc.Reason.FORK
    assert trust.with_issuer_document(document(5)) == trust
    # Signed anew by another root, it has other bytes.
    both = document(5, roots=[ROOT, SPARE], handovers=(two_roots(),))
    trust = trust_in(both)
    again = document(5, signer=SPARE, roots=[ROOT, SPARE], handovers=(two_roots(),))
    assert refusal(again, None, trust) is sc.Reason.FORK


def two_roots() -> bytes:
    return handover(roots=[ROOT, SPARE])


def test_a_document_heals_one_that_is_damaged():
    good = document(5)
    damaged = trust_in(good).to_bundle().replace(good, good[:-1] + bytes([good[-1] ^ 1]))
    trust = sc.Trust.from_bundle(damaged)
    assert [problem.issuer for problem in trust.problems()] == [ISSUER]
    assert trust.with_issuer_document(document(6)).problems() == ()
    assert refusal(document(6, signer=STRANGER), None, trust) is sc.Reason.UNTRUSTED_ROOT


def test_another_document_of_an_issuer_with_a_key_set():
    with pytest.raises(sc.TrustError, match="key set"):
        TRUST.with_issuer_document(document(), ROOT.public_key)
    with pytest.raises(sc.TrustError, match="trusted already"):
        trust_in().with_jwks(ISSUER, jwks())


# Freshness


@pytest.mark.parametrize("late", [timedelta(0), SECOND, timedelta(days=9), 365 * 20 * DAY])
def test_a_stale_document_is_unknown_with_its_date(late):
    verdict = check(TOKEN, trust_in(), NEXT_UPDATE + late)
    expected = (UNKNOWN, sc.Reason.ISSUER_DOCUMENT_STALE)
    assert finding(verdict, sc.Check.ISSUER_TRUSTED) == expected
    assert verdict.finding(sc.Check.ISSUER_TRUSTED).as_of == PUBLISHED_AT == verdict.as_of
    assert verdict.status is sc.Status.INDETERMINATE
    assert verdict.statement is None


def test_a_document_is_fresh_until_its_next_update():
    for now in (NEXT_UPDATE - SECOND, NEXT_UPDATE - timedelta(microseconds=1)):
        assert check(TOKEN, trust_in(), now).status is sc.Status.VALID


def test_max_staleness_covers_the_gap():
    policy = sc.Policy(max_staleness=timedelta(days=9))
    for late, status in [
        (timedelta(0), sc.Status.VALID),
        (timedelta(days=9) - SECOND, sc.Status.VALID),
        (timedelta(days=9), sc.Status.INDETERMINATE),
        (timedelta(days=10), sc.Status.INDETERMINATE),
    ]:
        verdict = sc.verify(TOKEN, trust_in(), now=NEXT_UPDATE + late, policy=policy)
        assert verdict.status is status
        # Covered or not, the date is shown.
        assert verdict.as_of == PUBLISHED_AT
        assert (verdict.statement is None) is (status is not sc.Status.VALID)
    for_ever = sc.Policy(max_staleness=timedelta.max)
    last = datetime.max.replace(tzinfo=UTC)
    assert sc.verify(TOKEN, trust_in(), now=last, policy=for_ever).status is sc.Status.VALID


def test_nothing_follows_a_final_document():
    final = document(2, final=True)
    trust = trust_in(final)
    assert trust.with_issuer_document(final) == trust
    for later in (document(3), document(3, final=True), document(2)):
        with pytest.raises(sc.TrustError, match="that is final") as refused:
            trust.with_issuer_document(later)
        assert refused.value.reason is sc.Reason.FORK


def test_a_final_document_never_grows_stale():
    final = document(2, final=True)
    root_list = status_list(signer=ROOT, expires_at=None, ttl=None, values=[(5, 1)])
    trust = trust_in(final).with_status_list(root_list)
    for now in (NOW, NOW + 20 * 365 * DAY, datetime.max.replace(tzinfo=UTC)):
        assert check(TOKEN, trust, now).status is sc.Status.VALID
        verdict = check(referring(7), trust, now)
        assert verdict.status is sc.Status.VALID
        assert verdict.as_of == PUBLISHED_AT
        assert check(referring(5), trust, now).status is sc.Status.INVALID
    # What other keys sign counts no more: it would grow stale, and could take the last one's place.
    with pytest.raises(sc.TrustError, match="not signed by a key"):
        trust.with_status_list(status_list(issued_at=ISSUED_AT))
    held = trust_in(document(1)).with_status_list(status_list()).with_issuer_document(final)
    assert check(referring(), held).finding(sc.Check.STATUS).reason is sc.Reason.STATUS_LIST_REFUSED
    taken = held.with_status_list(root_list)
    assert check(referring(), taken).status is sc.Status.VALID
    ends = trust.with_status_list(status_list(signer=ROOT, issued_at=ISSUED_AT))
    reason = check(referring(), ends, NOW + 99 * DAY).finding(sc.Check.STATUS).reason
    assert reason is sc.Reason.STATUS_LIST_STALE


def test_a_failure_of_the_key_outweighs_a_stale_document():
    trust = trust_in(document(keys=(key(valid_until=ISSUED_AT),)))
    verdict = check(TOKEN, trust, NEXT_UPDATE)
    assert verdict.status is sc.Status.INVALID
    assert verdict.statement is None


# Content


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({20: 1}, sc.Reason.UNKNOWN_FIELD),
        ({127: "from the future"}, sc.Reason.UNKNOWN_FIELD),
        ({0: None}, sc.Reason.SCHEMA_VIOLATION),
        ({0: 0}, sc.Reason.SCHEMA_VIOLATION),
        ({2: False}, sc.Reason.SCHEMA_VIOLATION),
        ({2: True}, sc.Reason.SCHEMA_VIOLATION),  # final, and yet with a next update
        ({1: None}, sc.Reason.SCHEMA_VIOLATION),
        ({1: int(PUBLISHED_AT.timestamp())}, sc.Reason.SCHEMA_VIOLATION),
        ({7: []}, sc.Reason.SCHEMA_VIOLATION),
        ({8: []}, sc.Reason.SCHEMA_VIOLATION),
        ({8: [{}]}, sc.Reason.SCHEMA_VIOLATION),
        ({9: "http://learn.example.edu/{number}"}, sc.Reason.SCHEMA_VIOLATION),
        ({9: f"https://{ISSUER}/status"}, sc.Reason.SCHEMA_VIOLATION),
        ({9: f"https://{ISSUER}/{{number}}/{{number}}"}, sc.Reason.SCHEMA_VIOLATION),
        ({9: "https://{number}.example.edu/status"}, sc.Reason.SCHEMA_VIOLATION),
    ],
)
def test_content_that_breaks_the_format(changes, reason):
    assert refusal(forged_document(changes)) is reason


def wire(each: SigningKey, **changes: object) -> dict[int, object]:
    found = {0: {1: 1, -1: 6, -2: each.key}, 1: each.use.value}
    found |= {2: int(each.valid_from.timestamp()), 3: int(each.valid_until.timestamp())}
    return found | {int(label[1:]): value for label, value in changes.items()}


REVOKED_AT = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ([wire(key()), wire(key())], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key()), wire(key(use="status"))], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(ROOT))], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _3=wire(key())[2])], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _1=2)], sc.Reason.UNKNOWN_VALUE),
        ([wire(key(), _5="new")], sc.Reason.UNKNOWN_FIELD),
        ([wire(key(), _4={0: 2, 1: REVOKED_AT})], sc.Reason.UNKNOWN_VALUE),
        ([wire(key(), _4={0: 1})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _4={0: 0, 1: REVOKED_AT, 3: bytes(16)})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(STATUS_KEY, _4={0: 1, 1: REVOKED_AT, 3: bytes(16)})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _4={0: 1, 1: REVOKED_AT, 3: bytes(32)})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _4={0: 1, 1: REVOKED_AT, 3: bytes(17)})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _4={0: 1, 1: REVOKED_AT, 3: b""})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0={1: True, -1: 6, -2: SIGNER.public_key.raw})],
         sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0={1: 1, -1: 6, -2: bytes(31)})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0={1: 1, -1: 6})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0={1: 1, 3: -19, -1: 6, -2: bytes(32)})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0={1: 1.0, -1: 6, -2: bytes(32)})], sc.Reason.NOT_DETERMINISTIC),
        ([wire(key(), _0={1: "OKP"})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0={1: 2, -2: "a\u202eb"})], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0=[1])], sc.Reason.SCHEMA_VIOLATION),
        ([wire(key(), _0=SIGNER.public_key.raw)], sc.Reason.SCHEMA_VIOLATION),
    ],
)  # fmt: skip
def test_keys_that_break_the_format(keys, reason):
    assert refusal(forged_document({8: keys})) is reason


def test_unknown_labels_from_128_are_ignored_and_kept():
    data = forged_document(
        {8: [wire(key(), _128={1: "x"}), wire(STATUS_KEY)], 200: ["from the future"]}
    )
    trust = trust_in(data)
    assert check(TOKEN, trust).status is sc.Status.VALID
    assert trust.open_issuer(ISSUER).document.additional == {200: ("from the future",)}


@pytest.mark.parametrize(
    "other",
    [
        P256,
        {1: 1, -1: 7, -2: bytes(57)},  # Ed448
        {1: 1},
        {1: 7, 3: -49, -1: bytes(1312)},  # AKP (ML-DSA)
        {1: 2**53 - 1, -1: [1, {-5: "x"}]},
        {1: -1, 2: b"kid"},
    ],
)
def test_keys_of_unknown_kinds_are_skipped(other):
    keys = [wire(key(), _0=other), wire(STATUS_KEY, _0={**other, -70000: 1}), wire(key())]
    trust = trust_in(forged_document({8: [*keys, wire(STATUS_KEY)]}))
    assert check(TOKEN, trust).status is sc.Status.VALID
    assert [entry.public_key for entry in trust.keys] == [SIGNER.public_key]
    assert check(referring(), trust.with_status_list(status_list())).status is sc.Status.VALID
    found = trust.open_issuer(ISSUER).document
    assert dict(found.keys[0].key) == {**other, **dict(found.keys[0].key)}
    assert IssuerDocument.model_validate_json(found.model_dump_json()) == found
    # Twice is twice, whatever kind it is.
    assert refusal(forged_document({8: [keys[0], keys[0]]})) is sc.Reason.SCHEMA_VIOLATION


def test_keys_of_unknown_kinds_in_a_constructor():
    made = content(keys=(key().model_copy(update={"key": dict(reversed(P256.items()))}),))
    assert list(made.keys[0].key) == [1, -1, -2, -3]
    assert lift(lower(made), IssuerDocument) == made
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}
    assert key().model_copy(update={"key": jwk}).key == bytes(32)
    for wrong in (
        {1: 2, -1: 1.5},
        {1: 1, -1: 6, -2: bytes(32)},
        {"kty": "OKP", "crv": "Ed25519", "x": 5},
        {"kty": "OKP", "crv": "Ed25519", "x": "A"},
        {"kty": "OKP", "crv": "Ed448", "x": "A" * 43},
        {"base64url": "A" * 43},
        {},
        bytes(31),
        None,
    ):
        with pytest.raises(ValidationError, match="key"):
            key().model_copy(update={"key": wrong})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"final": True, "next_update": NEXT_UPDATE}, "unless the document is final"),
        ({"next_update": None}, "unless the document is final"),
        ({"next_update": PUBLISHED_AT}, "not after issued_at"),
        ({"keys": (key(), key(use="status"))}, "one use"),
        ({"keys": (key(ROOT),)}, "one use"),
        ({"roots": [ROOT, ROOT]}, "one use"),
        ({"keys": (key(valid_until=PUBLISHED_AT),)}, "valid_until"),
        ({"keys": (key(revocation=KeyRevocation(end="retired", since=NOW, vouched=bytes(16))),)},
         "vouched digests are for compromised"),
        ({"keys": (key(use="status", revocation=KeyRevocation(
            end="compromised", since=NOW, vouched=bytes(16))),)},
         "vouched digests are for compromised"),
        ({"keys": (key(revocation=KeyRevocation(
            end="compromised", since=NOW, vouched=b"b" * 16 + b"a" * 16)),)}, "ascending"),
    ],
)  # fmt: skip
def test_contradictions_are_named(fields, message):
    with pytest.raises(ValidationError, match=message):
        content(**fields)


@pytest.mark.parametrize(
    ("template", "fits"),
    [
        ("https://a.example/status/{number}", True),
        ("https://a.example:8443/{number}.cwt", True),
        ("https://a.example/{number}/list", True),
        ("https://a.example/{number}{number}", False),
        ("https://a.example/{Number}", False),
        ("https://a.example/x?n={number}", False),
        ("https://{number}/x", False),
        ("https://a.example{number}", False),
        ("http://a.example/{number}", False),
    ],
)
def test_templates(template, fits):
    assert (compiled(URI_TEMPLATE).fullmatch(template) is not None) is fits


def test_what_a_document_says_before_its_signature_is_verified_proves_nothing():
    forged = document(2, signer=STRANGER)
    assert refusal(forged) is sc.Reason.UNTRUSTED_ROOT
    assert refusal(forged, None, trust_in()) is sc.Reason.UNTRUSTED_ROOT
    data = document(2)
    for place in range(0, len(data), 7):
        changed = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        refusal(changed)
        refusal(changed, None, trust_in())


def test_a_document_that_claims_to_be_of_a_pinned_issuer():
    # Its own root is not that issuer's.
    theirs = document(9, signer=STRANGER, roots=[STRANGER])
    assert refusal(theirs, None, trust_in()) is sc.Reason.UNTRUSTED_ROOT
    assert ROOTS[0] is ROOT
    assert STATUS_SIGNER.public_key not in [entry.public_key for entry in trust_in().keys]
