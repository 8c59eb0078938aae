"""Keys of issuer documents: periods, uses, retirement, compromise, and the tokens vouched for."""

import hashlib
from datetime import timedelta

import pytest
from nacl import bindings

import signedcert as sc
from forging import CERTIFICATE, header, signed
from issuing import (
    ISSUED_AT,
    ISSUER,
    NOW,
    OTHER_ISSUER,
    OTHER_SIGNER,
    SEED,
    SIGNER,
    check,
    issue,
    jwk,
    jwks,
    minimal,
    outcomes,
    record,
)
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.model.issuer_document import KeyRevocation, SigningKey
from signedcert.trust.key_entry import KeyEntry, Revocation, token_digest
from trusting import (
    DAY,
    PUBLISHED_AT,
    ROOT,
    STATUS_KEY,
    STATUS_SIGNER,
    document,
    finding,
    key,
    referring,
    status_list,
    trust_in,
)

PASSED, FAILED, UNKNOWN = sc.Outcome.PASSED, sc.Outcome.FAILED, sc.Outcome.UNKNOWN
SECOND = timedelta(seconds=1)
TOKEN = sc.issue(minimal(), SIGNER)
GOOD = (PASSED, sc.Reason.OK)


def with_keys(*keys: SigningKey, issuer: str = ISSUER) -> sc.Trust:
    return trust_in(document(issuer=issuer, keys=(*keys, STATUS_KEY)))


def with_key(**fields: object) -> sc.Trust:
    return with_keys(key(**fields))


def period(trust: sc.Trust, token: bytes = TOKEN) -> tuple[sc.Outcome, sc.Reason]:
    return finding(check(token, trust), sc.Check.KEY_PERIOD)


def ended(end: str, since=NOW, **fields: object) -> KeyRevocation:
    return KeyRevocation(end=end, since=since, **fields)


def vouching(*tokens: bytes) -> bytes:
    return b"".join(sorted(token_digest(token) for token in tokens))


def test_periods_are_exact():
    assert period(with_key(valid_from=ISSUED_AT)) == GOOD
    assert period(with_key(valid_until=ISSUED_AT + SECOND)) == GOOD
    early = with_key(valid_from=ISSUED_AT + SECOND)
    assert period(early) == (FAILED, sc.Reason.BEFORE_KEY_PERIOD)
    late = with_key(valid_until=ISSUED_AT)
    assert period(late) == (FAILED, sc.Reason.AFTER_KEY_PERIOD)
    for trust in (early, late):
        verdict = check(TOKEN, trust)
        assert verdict.status is sc.Status.INVALID
        assert verdict.statement == minimal()


def test_rotation_keeps_every_old_certificate_valid():
    end = ISSUED_AT + 30 * DAY
    old, new = key(valid_until=end), key(OTHER_SIGNER, valid_from=end - 9 * DAY)
    trust = with_keys(old, new)
    assert check(TOKEN, trust, NOW).status is sc.Status.VALID
    later = sc.issue(minimal(issued_at=end), OTHER_SIGNER)
    assert check(later, trust, end).status is sc.Status.VALID
    # A key that is over signs nothing any more.
    assert period(trust, sc.issue(minimal(issued_at=end), SIGNER))[0] is FAILED


def test_retired_keys():
    good = with_key(revocation=ended("retired", ISSUED_AT + SECOND))
    assert check(TOKEN, good).status is sc.Status.VALID
    assert period(good) == GOOD
    late = check(TOKEN, with_key(revocation=ended("retired", ISSUED_AT)))
    assert late.status is sc.Status.INVALID
    assert finding(late, sc.Check.KEY_PERIOD) == (FAILED, sc.Reason.KEY_RETIRED)
    assert late.statement == minimal()


@pytest.mark.parametrize("since", [PUBLISHED_AT, ISSUED_AT, NOW, NOW + 999 * DAY])
@pytest.mark.parametrize("issued_at", [PUBLISHED_AT, ISSUED_AT, ISSUED_AT - 999 * DAY])
def test_nothing_by_a_compromised_key_is_good_whatever_its_date(since, issued_at):
    trust = with_key(revocation=ended("compromised", since, why="stolen laptop"))
    for statement in (minimal(issued_at=issued_at), record(issued_at=issued_at)):
        verdict = check(issue(statement), trust)
        assert verdict.status is sc.Status.INVALID
        assert finding(verdict, sc.Check.KEY_PERIOD) == (FAILED, sc.Reason.KEY_COMPROMISED)
        assert verdict.statement is None
    assert trust.keys[0].revocation is Revocation.COMPROMISED
    assert trust.keys[0].revoked_at == since


def test_vouched_tokens_stay_good():
    others = [sc.issue(minimal(id=bytes([n]) * 10), SIGNER) for n in range(20)]
    vouched = [TOKEN, *others[:10]]
    trust = with_key(revocation=ended("compromised", vouched=vouching(*vouched)))
    for token in vouched:
        verdict = check(token, trust)
        assert verdict.status is sc.Status.VALID
        assert period(trust, token) == (PASSED, sc.Reason.KEY_COMPROMISED_VOUCHED)
        assert verdict.statement is not None
    for token in others[10:]:
        verdict = check(token, trust)
        assert verdict.status is sc.Status.INVALID
        assert period(trust, token) == (FAILED, sc.Reason.KEY_COMPROMISED)
        assert verdict.statement is None


def test_a_vouched_token_is_still_withdrawn_and_expires():
    token = referring(5, expires_at=NOW)
    trust = with_key(revocation=ended("compromised", vouched=vouching(token)))
    trust = trust.with_status_list(status_list(values=[(5, 1)]))
    found = outcomes(check(token, trust))
    assert found[sc.Check.STATUS] == (FAILED, sc.Reason.REVOKED)
    assert found[sc.Check.VALIDITY] == (FAILED, sc.Reason.EXPIRED)
    assert found[sc.Check.KEY_PERIOD][0] is PASSED


def test_the_date_of_a_vouched_token_is_not_held_against_it():
    # Its issuer says that it signed it, so nothing has to be inferred from a date.
    trust = with_key(valid_from=NOW, revocation=ended("compromised", vouched=vouching(TOKEN)))
    assert check(TOKEN, trust).status is sc.Status.VALID


def other_signature(token: bytes, seed: bytes) -> bytes:
    """The same content signed by the same key with another nonce, as a thief with the key can."""
    frame = parse_frame(token)
    secret = hashlib.sha512(seed).digest()
    scalar = bindings.crypto_core_ed25519_scalar_reduce(_clamped(secret[:32]) + bytes(32))
    nonce = bindings.crypto_core_ed25519_scalar_reduce(hashlib.sha512(b"another").digest())
    point = bindings.crypto_scalarmult_ed25519_base_noclamp(nonce)
    challenge = hashlib.sha512(point + SIGNER.public_key.raw + frame.to_be_signed()).digest()
    product = bindings.crypto_core_ed25519_scalar_mul(
        bindings.crypto_core_ed25519_scalar_reduce(challenge), scalar
    )
    s = bindings.crypto_core_ed25519_scalar_add(nonce, product)
    return Frame(frame.media_type, frame.kid, frame.payload, point + s).to_bytes()


def _clamped(half: bytes) -> bytes:
    number = int.from_bytes(half, "little") & ~7 & (1 << 255) - 1 | 1 << 254
    return number.to_bytes(32, "little")


def test_vouching_is_for_a_token_and_not_for_its_content():
    other = other_signature(TOKEN, SEED)
    assert other != TOKEN
    assert check(other, with_key()).status is sc.Status.VALID
    trust = with_key(revocation=ended("compromised", vouched=vouching(TOKEN)))
    verdict = check(other, trust)
    assert verdict.status is sc.Status.INVALID
    assert finding(verdict, sc.Check.KEY_PERIOD) == (FAILED, sc.Reason.KEY_COMPROMISED)
    assert verdict.statement is None
    # Nor for another key that signs the same, or the other way round.
    both = with_keys(
        key(revocation=ended("compromised", vouched=vouching(TOKEN))),
        key(OTHER_SIGNER, revocation=ended("compromised", vouched=vouching(TOKEN))),
    )
    again = sc.issue(minimal(), OTHER_SIGNER)
    assert period(both, again) == (FAILED, sc.Reason.KEY_COMPROMISED)
    assert period(both) == (PASSED, sc.Reason.KEY_COMPROMISED_VOUCHED)


@pytest.mark.parametrize("count", range(8))
def test_looking_up_digests(count):
    tokens = [bytes([number]) for number in range(count)]
    entry = KeyEntry(ISSUER, SIGNER.public_key, vouched=vouching(*tokens))
    assert [entry.vouches_for(token) for token in tokens] == [True] * count
    assert not any(entry.vouches_for(bytes([number])) for number in range(count, 60))
    assert token_digest(b"") == hashlib.sha256(b"").digest()[:16]


# Another issuer that lists the same key


SPOILED = [
    {},
    {"valid_until": ISSUED_AT},
    {"valid_from": ISSUED_AT + SECOND},
    {"revocation": ended("compromised")},
    {"revocation": ended("retired", PUBLISHED_AT)},
    {"use": "status"},
]


@pytest.mark.parametrize("fields", SPOILED)
@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("mine", ["document", "key set"])
def test_another_issuer_that_lists_the_key_can_neither_lend_nor_spoil_it(fields, turn, mine):
    trust = sc.Trust.empty()
    for issuer in (ISSUER, OTHER_ISSUER)[::turn]:
        if issuer == OTHER_ISSUER:
            theirs = document(issuer=OTHER_ISSUER, keys=(key(**fields),))
            trust = trust.with_issuer_document(theirs, ROOT.public_key)
        elif mine == "document":
            trust = trust.with_issuer_document(document(), ROOT.public_key)
        else:
            trust = trust.with_jwks(ISSUER, jwks())
    for each in (trust, sc.Trust.from_bundle(trust.to_bundle())):
        assert check(TOKEN, each).status is sc.Status.VALID
        theirs = sc.issue(minimal(issuer=OTHER_ISSUER), SIGNER)
        status = check(theirs, each).status
        assert status is (sc.Status.INVALID if fields else sc.Status.VALID)
        nobodys = check(sc.issue(minimal(issuer="third.example.net"), SIGNER), each)
        expected = (FAILED, sc.Reason.OTHER_ISSUER)
        assert finding(nobodys, sc.Check.ISSUER_MATCHES_KEY) == expected


@pytest.mark.parametrize("revoked", [{}, {"revoked": {"revoked_at": 1, "reason": "compromised"}}])
def test_a_key_set_that_lists_a_documents_key(revoked):
    trust = trust_in().with_jwks(OTHER_ISSUER, jwks(jwk(**revoked)))
    assert check(TOKEN, trust).status is sc.Status.VALID
    theirs = check(sc.issue(minimal(issuer=OTHER_ISSUER), SIGNER), trust)
    assert theirs.status is (sc.Status.INVALID if revoked else sc.Status.VALID)


def test_vouching_by_another_issuer_helps_nobody():
    trust = with_key(revocation=ended("compromised"))
    theirs = key(revocation=ended("compromised", vouched=vouching(TOKEN)))
    trust = trust.with_issuer_document(
        document(issuer=OTHER_ISSUER, keys=(theirs,)), ROOT.public_key
    )
    assert period(trust) == (FAILED, sc.Reason.KEY_COMPROMISED)


def test_an_issuer_that_goes_leaves_the_others_their_keys():
    trust = trust_in().with_jwks(OTHER_ISSUER, jwks())
    assert check(TOKEN, trust.without(OTHER_ISSUER)) == check(TOKEN, trust_in())
    left = trust.without(ISSUER)
    assert left == sc.Trust.from_jwks(OTHER_ISSUER, jwks())
    assert finding(check(TOKEN, left), sc.Check.ISSUER_MATCHES_KEY)[0] is FAILED
    # A newer document without the key takes only its own entry away.
    newer = trust.with_issuer_document(document(2, keys=(key(OTHER_SIGNER),)))
    theirs = sc.issue(minimal(issuer=OTHER_ISSUER), SIGNER)
    assert check(theirs, newer).status is sc.Status.VALID
    assert finding(check(TOKEN, newer), sc.Check.ISSUER_MATCHES_KEY)[0] is FAILED


# Uses


@pytest.mark.parametrize("signer", [STATUS_SIGNER, ROOT])
def test_keys_that_sign_lists_or_documents_sign_no_statements(signer):
    for data in (document(), document(final=True)):
        verdict = check(sc.issue(minimal(), signer), trust_in(data))
        assert verdict.status is sc.Status.INDETERMINATE
        assert finding(verdict, sc.Check.ISSUER_TRUSTED) == (UNKNOWN, sc.Reason.UNKNOWN_KEY)
        assert verdict.statement is None


@pytest.mark.parametrize("signer", [SIGNER, ROOT, OTHER_SIGNER])
def test_keys_that_do_not_sign_lists(signer):
    trust = trust_in()
    with pytest.raises(sc.TrustError) as caught:
        trust.with_status_list(status_list(signer=signer))
    assert caught.value.reason is sc.Reason.STATUS_LIST_REFUSED


def test_documents_and_statements_cannot_be_taken_for_one_another():
    payload = parse_frame(TOKEN).payload
    for media_type in ("issuer", "handover", "bundle"):
        protected = header(SIGNER, CERTIFICATE.replace("certificate", media_type))
        verdict = check(signed(payload, protected), trust_in())
        assert finding(verdict, sc.Check.FORMAT) == (FAILED, sc.Reason.WRONG_TYPE)
