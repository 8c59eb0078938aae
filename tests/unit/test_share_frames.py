"""One fault each in the frame of a course record or a share, correctly signed."""

import pytest

import signedcert as sc
from cbor_oracle import Pairs, Raw, Tagged, dumps, head
from forging import CERTIFICATE, RECORD, header, signed
from issuing import HOLDER, SIGNER, check, issue, minimal, outcomes, record, shared
from record_forging import (
    KB_CWT,
    KCWT,
    SD_CLAIMS,
    ascending,
    decoy,
    disclosure,
    record_of,
    share_claims,
    share_header,
    share_of,
)
from signedcert.codec.frames import parse_frame, signed_part
from signedcert.codec.framing import Frame
from signedcert.codec.record_framing import RecordFrame, ShareFrame

FAILED, UNKNOWN = sc.Outcome.FAILED, sc.Outcome.UNKNOWN
FORGED = record_of(disclosure("Jacob Ångström", 0))
TOKEN = FORGED.token()
SHARE = share_of(TOKEN)
HEADER = header(media_type=RECORD)
SHOWN = ascending(FORGED.disclosures)


def assert_refused(token: bytes, reason: sc.Reason, outcome: sc.Outcome = FAILED) -> None:
    verdict = check(token)
    assert outcomes(verdict)[sc.Check.FORMAT] == (outcome, reason)
    assert verdict.status is (sc.Status.INVALID if outcome is FAILED else sc.Status.INDETERMINATE)
    assert verdict.statement is None
    # Of what is no record or share, nobody asks for whom it is.
    assert len(verdict.findings) == 8


def forged(protected: object = HEADER, unprotected: object = None, payload: bytes = b"") -> bytes:
    shown = {SD_CLAIMS: SHOWN} if unprotected is None else unprotected
    return signed(payload or FORGED.payload(), protected, shown)


def sign1(*parts: object) -> bytes:
    return dumps(Tagged(18, list(parts)))


def test_the_forger_forges_honest_records_and_shares():
    assert forged() == TOKEN
    assert check(SHARE).status is sc.Status.VALID
    assert (
        check(TOKEN).statement == check(issue(record(final_score=None, assessments=()))).statement
    )


def test_round_trips():
    for token, kind in ((TOKEN, RecordFrame), (SHARE, ShareFrame), (issue(minimal()), Frame)):
        frame = parse_frame(token)
        assert isinstance(frame, kind)
        assert frame.to_bytes() == token
    assert parse_frame(SHARE).record == parse_frame(TOKEN)
    assert parse_frame(SHARE).signed == parse_frame(TOKEN).signed
    assert list(parse_frame(TOKEN).disclosures) == [dumps(each) for each in SHOWN]
    assert parse_frame(SHARE).payload == dumps(share_claims())


def test_what_a_share_signs():
    frame = parse_frame(SHARE)
    protected = dumps({1: -19, KCWT: Raw(TOKEN), 16: KB_CWT})
    assert frame.protected == protected
    message = dumps(["Signature1", protected, b"", dumps(share_claims())])
    assert frame.to_be_signed() == message
    assert sc.ed25519_verify(HOLDER.public_key.raw, message, frame.signature)


@pytest.mark.parametrize("size", [24, 200, 255, 256, 257, 16_384])
def test_payloads_of_every_head_size_are_taken_apart(size):
    frame = RecordFrame(Frame(RECORD, bytes(range(8)), b"\x40" * size, bytes(64)), ())
    assert parse_frame(frame.to_bytes()) == frame
    shared_frame = parse_frame(share_of(frame.to_bytes(), b"x" * min(size, 2048)))
    assert shared_frame.record == frame
    assert shared_frame.to_be_signed() == dumps(
        ["Signature1", shared_frame.protected, b"", b"x" * min(size, 2048)]
    )


def test_what_issuers_know_a_record_by():
    bare = FORGED.revealing().token()
    assert signed_part(TOKEN) == signed_part(SHARE) == signed_part(bare) == bare
    certificate = issue(minimal())
    for other in (certificate, b"", b"anything", TOKEN[:-1]):
        assert signed_part(other) == other


# Records


UNPROTECTED = {
    "no map": [],
    "a list": SHOWN,
    "another label": {18: SHOWN},
    "something beside": {SD_CLAIMS: SHOWN, 18: 1},
    "a key id": {4: SIGNER.public_key.kid, SD_CLAIMS: SHOWN},
    "no list": {SD_CLAIMS: {}},
    "one byte string": {SD_CLAIMS: SHOWN[0]},
    "none": {SD_CLAIMS: []},
    "no byte strings": {SD_CLAIMS: ["text"]},
    "one that is none": {SD_CLAIMS: [*SHOWN, 1]},
    "arrays in the open": {SD_CLAIMS: [[bytes(16), 1, 0]]},
    "an empty one": {SD_CLAIMS: [b"", *SHOWN]},
    "descending": {SD_CLAIMS: SHOWN[::-1]},
    "two exchanged": {SD_CLAIMS: [*SHOWN[:-2], SHOWN[-1], SHOWN[-2]]},
    "one twice": {SD_CLAIMS: [SHOWN[0], *SHOWN]},
    "by content, not by encoding": {SD_CLAIMS: [b"\0" * 30, b"\1" * 20]},
    "513 of them": {SD_CLAIMS: ascending(decoy(number) for number in range(513))},
    "one of 16,385 bytes": {SD_CLAIMS: [bytes(16_385)]},
}


@pytest.mark.parametrize("unprotected", UNPROTECTED.values(), ids=UNPROTECTED)
def test_unprotected_headers_of_records(unprotected):
    assert_refused(forged(unprotected=unprotected), sc.Reason.UNPROTECTED_HEADER)
    assert_refused(share_of(forged(unprotected=unprotected)), sc.Reason.UNPROTECTED_HEADER)


@pytest.mark.parametrize(
    "shown",
    [
        ascending(decoy(number) for number in range(512)),
        ascending(decoy(number) for number in range(23)),
        ascending(decoy(number) for number in range(24)),
        ascending(decoy(number) for number in range(256)),
        [bytes(16_384)],
        [b"x"],
        ascending(bytes(size) for size in (22, 23, 24, 25, 255, 256)),
    ],
)
def test_as_many_and_as_long_disclosures_as_there_may_be(shown):
    # The frame is in order; that the issuer signed none of them is found later.
    verdict = check(forged(unprotected={SD_CLAIMS: shown}))
    assert outcomes(verdict)[sc.Check.SCHEMA] == (FAILED, sc.Reason.DISCLOSURE_MISMATCH)
    assert len(verdict.findings) == 12


def test_certificates_disclose_nothing():
    assert_refused(
        signed(FORGED.payload(), header(), {SD_CLAIMS: SHOWN}), sc.Reason.UNPROTECTED_HEADER
    )


NOT_DETERMINISTIC = {
    "a tagged disclosure": {SD_CLAIMS: [Tagged(24, SHOWN[0])]},
    "a long head": {SD_CLAIMS: [Raw(head(2, len(SHOWN[0]), 2) + SHOWN[0])]},
    "a long head of the list": {SD_CLAIMS: Raw(head(4, 1, 1) + dumps(SHOWN[0]))},
    "a list of indefinite length": {SD_CLAIMS: Raw(b"\x9f" + dumps(SHOWN[0]) + b"\xff")},
    "the label twice": Pairs(((SD_CLAIMS, SHOWN), (SD_CLAIMS, SHOWN))),
    "null": Raw(b"\xf6"),
    "null in the list": {SD_CLAIMS: [None]},
}


@pytest.mark.parametrize("unprotected", NOT_DETERMINISTIC.values(), ids=NOT_DETERMINISTIC)
def test_disclosures_that_are_not_deterministic(unprotected):
    assert_refused(forged(unprotected=unprotected), sc.Reason.NOT_DETERMINISTIC)
    assert_refused(share_of(forged(unprotected=unprotected)), sc.Reason.NOT_DETERMINISTIC)


@pytest.mark.parametrize("label", [1, 4, 16])
def test_missing_headers(label):
    protected = {key: value for key, value in HEADER.items() if key != label}
    assert_refused(forged(protected), sc.Reason.MISSING_HEADER)
    assert_refused(share_of(forged(protected)), sc.Reason.MISSING_HEADER)


HEADERS = {
    "another algorithm": ({1: -8}, sc.Reason.WRONG_ALGORITHM),
    "another type": ({16: "application/sd-cwt"}, sc.Reason.WRONG_TYPE),
    "the type as a number": ({16: 293}, sc.Reason.WRONG_TYPE),
    "a short key id": ({4: bytes(7)}, sc.Reason.NOT_A_TOKEN),
    "one too many": ({170: -16}, sc.Reason.EXTRA_HEADER),
    "a time": ({15: {6: 1}}, sc.Reason.EXTRA_HEADER),
}


@pytest.mark.parametrize(("changed", "reason"), HEADERS.values(), ids=HEADERS)
def test_protected_headers_of_records(changed, reason):
    assert_refused(forged(HEADER | changed), reason)
    assert_refused(share_of(forged(HEADER | changed)), reason)


@pytest.mark.parametrize("changed", [{1: -7}, {16: "application/vnd.signedcert.transcript"}])
def test_records_of_later_versions(changed):
    # What its unprotected header holds, only they know.
    assert_refused(forged(HEADER | changed), sc.Reason.NEWER_FORMAT, UNKNOWN)
    assert_refused(share_of(forged(HEADER | changed)), sc.Reason.NEWER_FORMAT, UNKNOWN)


def test_sizes_of_records():
    assert_refused(forged(payload=bytes(16_385)), sc.Reason.TOO_LARGE)
    assert_refused(share_of(forged(payload=bytes(16_385))), sc.Reason.TOO_LARGE)
    long = [b"\1" * 10_600, b"\2" * 15_000, b"\3" * 15_000]
    too_long = forged(unprotected={SD_CLAIMS: long})
    share = share_of(too_long, b"x")
    assert 40_960 < len(too_long) < len(share) <= 41_216
    assert_refused(too_long, sc.Reason.TOO_LARGE)
    assert_refused(share, sc.Reason.TOO_LARGE)
    assert_refused(bytes(41_217), sc.Reason.TOO_LARGE)


@pytest.mark.parametrize("size", [0, 63, 65])
def test_signatures_of_another_length(size):
    token = sign1(dumps(HEADER), {SD_CLAIMS: SHOWN}, FORGED.payload(), bytes(size))
    assert_refused(token, sc.Reason.NOT_A_TOKEN)
    assert_refused(share_of(token), sc.Reason.NOT_A_TOKEN)
    share = sign1(dumps(share_header(TOKEN)), {}, dumps(share_claims()), bytes(size))
    assert_refused(share, sc.Reason.NOT_A_TOKEN)


def test_empty_payloads():
    token = sign1(dumps(HEADER), {}, b"", bytes(64))
    assert_refused(token, sc.Reason.NOT_A_TOKEN)
    assert_refused(share_of(token), sc.Reason.NOT_A_TOKEN)
    assert_refused(share_of(TOKEN, b""), sc.Reason.NOT_A_TOKEN)


# Shares


def test_a_share_in_a_share():
    assert_refused(share_of(SHARE), sc.Reason.WRONG_TYPE)
    assert_refused(share_of(share_of(SHARE)), sc.Reason.WRONG_TYPE)


def test_a_certificate_in_a_share():
    assert_refused(share_of(issue(minimal())), sc.Reason.WRONG_TYPE)
    assert_refused(share_of(signed(b"x", header(media_type=CERTIFICATE))), sc.Reason.WRONG_TYPE)


@pytest.mark.parametrize(
    "inner", [TOKEN[1:], TOKEN + b"\0", TOKEN[:-1], b"\xd2", b"\xd2\x84", b"x"]
)
def test_shares_with_something_else_in_them(inner):
    verdict = check(share_of(inner))
    reason = verdict.finding(sc.Check.FORMAT).reason
    assert reason in (sc.Reason.NOT_A_TOKEN, sc.Reason.NOT_DETERMINISTIC)
    assert_refused(share_of(inner), reason)


def test_shares_with_nothing_in_them():
    for inner in (b"", b"\x10", b"\x10\x19"):
        assert_refused(share_of(inner), sc.Reason.NOT_A_TOKEN)
    overlapping = Raw(bytes.fromhex("a301320d190126"))
    assert_refused(share_of(TOKEN, protected=overlapping), sc.Reason.NOT_A_TOKEN)


HONEST = share_header(TOKEN)
#: A header that is not a share's is decoded, and then the tag of the record is one too many.
SHARE_HEADERS = {
    "no type": ({1: -19, KCWT: Raw(TOKEN)}, sc.Reason.NOT_DETERMINISTIC),
    "the type of an SD-CWT": (HONEST | {16: 293}, sc.Reason.NOT_A_TOKEN),
    "the type as text": (HONEST | {16: "application/kb+cwt"}, sc.Reason.NOT_A_TOKEN),
    "a key id": (HONEST | {4: HOLDER.public_key.kid}, sc.Reason.NOT_DETERMINISTIC),
    "another algorithm": (HONEST | {1: -8}, sc.Reason.NOT_DETERMINISTIC),
    "one of a later version": (HONEST | {1: -7}, sc.Reason.NOT_DETERMINISTIC),
    "one too many": (HONEST | {17: []}, sc.Reason.NOT_DETERMINISTIC),
    "the record as a byte string": (HONEST | {KCWT: TOKEN}, sc.Reason.NOT_A_TOKEN),
    "the record without its tag": (HONEST | {KCWT: Raw(TOKEN[1:])}, sc.Reason.NOT_A_TOKEN),
    "another order": (Pairs(tuple(HONEST.items())[::-1]), sc.Reason.NOT_DETERMINISTIC),
    "nothing but the type": ({1: -19, 16: KB_CWT}, sc.Reason.MISSING_HEADER),
    "a record that is no token": ({1: -19, 4: bytes(8), KCWT: 0, 16: 294}, sc.Reason.WRONG_TYPE),
}


@pytest.mark.parametrize(("protected", "reason"), SHARE_HEADERS.values(), ids=SHARE_HEADERS)
def test_protected_headers_of_shares(protected, reason):
    assert_refused(share_of(TOKEN, protected=protected), reason)


@pytest.mark.parametrize("unprotected", [{SD_CLAIMS: SHOWN}, {4: b"x"}, [], b"", {1: -19}])
def test_unprotected_headers_of_shares(unprotected):
    token = share_of(TOKEN, unprotected=unprotected)
    assert_refused(token, sc.Reason.UNPROTECTED_HEADER)


def test_payload_of_2_kib_is_a_shares_longest():
    longest = check(share_of(TOKEN, bytes(2048)))
    assert longest.finding(sc.Check.FORMAT).outcome is sc.Outcome.PASSED
    assert_refused(share_of(TOKEN, bytes(2049)), sc.Reason.TOO_LARGE)


OTHER_ENCODINGS = {
    "the tag in two bytes": (b"\xd8\x12" + SHARE[1:], sc.Reason.NOT_A_TOKEN),
    "the array in two bytes": (SHARE[:1] + b"\x98\x04" + SHARE[2:], sc.Reason.NOT_DETERMINISTIC),
    "no tag": (SHARE[1:], sc.Reason.NOT_A_TOKEN),
    "another tag": (b"\xd1" + SHARE[1:], sc.Reason.NOT_A_TOKEN),
    "a byte behind it": (SHARE + b"\0", sc.Reason.NOT_DETERMINISTIC),
    "cut off": (SHARE[:-1], sc.Reason.NOT_DETERMINISTIC),
    "a long head": (SHARE[:-66] + b"\x59\x00\x40" + SHARE[-64:], sc.Reason.NOT_DETERMINISTIC),
}


@pytest.mark.parametrize(("token", "reason"), OTHER_ENCODINGS.values(), ids=OTHER_ENCODINGS)
def test_other_encodings_of_the_same_share(token, reason):
    assert_refused(token, reason)


@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize("wrong", [1, "text", [], True])
def test_parts_of_another_type(position, wrong):
    parts = [dumps(share_header(TOKEN)), {}, dumps(share_claims()), bytes(64)]
    parts[position] = wrong
    reason = sc.Reason.UNPROTECTED_HEADER if position == 1 else sc.Reason.NOT_A_TOKEN
    assert_refused(sign1(*parts), reason)


def test_honest_shares_stay_within_what_is_allowed():
    token = issue(record())
    assert len(shared(token)) - len(token) < 256
