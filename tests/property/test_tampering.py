"""No input makes verification raise, and nothing that was changed is valid or shown."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import signedcert as sc
from issuing import ISSUER, NOW, SIGNER, TRUST, check, issue, minimal, record, shared, typical
from signedcert.codec.base64url import to_base64url
from signedcert.codec.digits import to_digits
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.codec.packed import pack_smallest

TOKENS = {
    "minimal": issue(minimal()),
    "typical": issue(typical()),
    "record": issue(record()),
    "share": shared(issue(record()), ["final_score"]),
}
ORDER = list(sc.Check)
each_token = pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS)


def assert_not_believed(verdict: sc.Verdict) -> None:
    assert verdict.status in (sc.Status.INVALID, sc.Status.INDETERMINATE)
    checks = [finding.check for finding in verdict.findings]
    assert checks in (ORDER[:8], ORDER[:12])
    if verdict.statement is not None:
        # What the issuer signed is as it was, and nobody is its holder.
        assert verdict.finding(sc.Check.HOLDER).reason is sc.Reason.HOLDER_MISMATCH
        assert verdict.statement.share is None
    assert verdict.as_of is None


def flipped(data: bytes) -> list[bytes]:
    number = int.from_bytes(data, "big")
    return [(number ^ 1 << bit).to_bytes(len(data), "big") for bit in range(8 * len(data))]


@each_token
def test_the_token_itself_is_valid(token):
    # Nobody presents a record that is in no share.
    is_record = token == TOKENS["record"]
    assert check(token).status is (sc.Status.INDETERMINATE if is_record else sc.Status.VALID)
    assert check(token).statement is not None


@each_token
def test_every_bit_flip_of_a_token(token):
    for other in flipped(token):
        assert_not_believed(check(other))


@each_token
@pytest.mark.parametrize("pack", [sc.pack, pack_smallest])
def test_every_bit_flip_of_a_packed_form(token, pack):
    same = 0
    for other in flipped(pack(token)):
        text = to_base64url(other)
        verdict = sc.verify_text(text, TRUST, now=NOW)
        if verdict == check(token):
            # DEFLATE has bits that mean nothing, and two streams may mean one thing.
            assert sc.unpack(other) == token
            same += 1
        else:
            assert_not_believed(verdict)
    assert same < 30


@each_token
@pytest.mark.parametrize("to_text", [to_base64url, to_digits])
def test_every_changed_character_of_a_link(token, to_text):
    text = to_text(sc.pack(token))
    for position, letter in enumerate(text):
        other = "1" if letter != "1" else "2"
        changed = text[:position] + other + text[position + 1 :]
        verdict = sc.verify_text(changed, TRUST, now=NOW)
        if verdict == check(token):
            assert sc.token_from_text(changed) == token
        else:
            assert_not_believed(verdict)


@each_token
def test_every_truncation(token):
    text = to_base64url(sc.pack(token))
    for end in range(len(token)):
        assert_not_believed(check(token[:end]))
        assert_not_believed(check(token + token[:end] + b"\0"))
    for end in range(len(text)):
        assert_not_believed(sc.verify_text(text[:end], TRUST, now=NOW))


@each_token
def test_every_exchange_of_two_bytes(token):
    for position in range(len(token) - 1):
        swapped = bytearray(token)
        swapped[position : position + 2] = reversed(token[position : position + 2])
        if bytes(swapped) != token:
            assert_not_believed(check(bytes(swapped)))


@given(st.binary(max_size=400), st.sampled_from([b"", b"\x01", b"\x02", b"\x04", b"\xd2\x84\x58"]))
@example(b"", b"")
def test_arbitrary_bytes(data, start):
    data = start + data
    assert_not_believed(check(data))
    assert_not_believed(check(bytearray(data)))
    assert_not_believed(check(memoryview(data)))
    for text in (to_base64url(data), to_digits(data), data.decode("latin-1")):
        assert_not_believed(sc.verify_text(text, TRUST, now=NOW))


@given(st.text(st.characters(), max_size=100), st.sampled_from(["", "#", "https://a/#", "0" * 17]))
@example("\ud800", "")
@example("٣٣٣", "#")
@example("²", "")
def test_arbitrary_text(text, start):
    assert_not_believed(sc.verify_text(start + text, TRUST, now=NOW))


@given(
    kid=st.just(SIGNER.public_key.kid),
    payload=st.binary(min_size=1, max_size=200),
    protected=st.binary(max_size=60),
)
def test_arbitrary_parts_in_an_honest_frame(kid, payload, protected):
    frame = parse_frame(TOKENS["minimal"])
    honest = type(frame)(frame.media_type, kid, payload, frame.signature)
    assert_not_believed(check(honest.to_bytes()))
    assert_not_believed(check(b"\xd2\x84\x58" + bytes([len(protected)]) + protected + payload))


@pytest.mark.parametrize("token", ["minimal", "typical", "record", "share"])
@pytest.mark.parametrize("other", ["minimal", "typical", "record", "share"])
def test_a_signature_of_another_token(token, other):
    frames = [parse_frame(TOKENS[name]) for name in (token, other)]
    signatures = [
        frame.signature if isinstance(frame, Frame) else frame.signed.signature for frame in frames
    ]
    if token == other or {token, other} == {"record", "share"}:
        assert signatures[0] == signatures[1]
        return
    mixed = TOKENS[token].replace(*signatures)
    assert mixed != TOKENS[token]
    verdict = check(mixed)
    assert_not_believed(verdict)
    assert verdict.finding(sc.Check.SIGNATURE).reason is sc.Reason.SIGNATURE_MISMATCH


def test_a_record_is_not_a_certificate():
    # The type is in the signed header, so a payload cannot be passed off as another kind.
    frame = parse_frame(TOKENS["record"]).signed
    other = Frame(sc.Certificate.media_type, frame.kid, frame.payload, frame.signature)
    assert_not_believed(check(other.to_bytes()))


def test_nobody_is_trusted_without_trust():
    verdict = check(TOKENS["typical"], sc.Trust.empty())
    assert verdict.status is sc.Status.INDETERMINATE
    assert_not_believed(verdict)
    assert ISSUER not in sc.Trust.empty().published
