"""One fault each in a token's frame, correctly signed where there is something to sign."""

import zlib

import pytest

import signedcert as sc
from cbor_oracle import Pairs, Raw, Tagged, dumps
from forging import CERTIFICATE, header, signed
from issuing import (
    NOW,
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
from signedcert.codec.base64url import to_base64url
from signedcert.codec.dictionary import dictionary1
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame
from signedcert.codec.lower import lower
from signedcert.codec.record_framing import SHARE_MAX
from signedcert.model.statement import PAYLOAD_MAX

PAYLOAD = lower(minimal())
HEADER = header()
TOKEN = sc.issue(minimal(), SIGNER)
FAILED, UNKNOWN = sc.Outcome.FAILED, sc.Outcome.UNKNOWN


def assert_refused(verdict: sc.Verdict, reason: sc.Reason, outcome: sc.Outcome = FAILED) -> None:
    assert outcomes(verdict)[sc.Check.FORMAT] == (outcome, reason)
    invalid = outcome is FAILED
    assert verdict.status is (sc.Status.INVALID if invalid else sc.Status.INDETERMINATE)
    assert verdict.statement is None
    assert verdict.as_of is None
    later = list(outcomes(verdict).values())[1:]
    assert later == [(sc.Outcome.NOT_RUN, sc.Reason.NOT_REACHED)] * 7


def test_the_forger_forges_honest_tokens():
    assert signed(PAYLOAD) == TOKEN
    assert check(TOKEN).status is sc.Status.VALID


@pytest.mark.parametrize("empty", [b"", bytearray(), memoryview(b"")])
def test_empty_bytes(empty):
    assert_refused(check(empty), sc.Reason.EMPTY_INPUT)


@pytest.mark.parametrize("text", ["", " \r\n", "#", "https://learn.example.edu/c/#", "#\n"])
def test_empty_text(text):
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.EMPTY_INPUT)


@pytest.mark.parametrize("data", [bytes(10_000_000), TOKEN + bytes(10_000_000), b"%PDF-1.7" * 9999])
def test_too_many_bytes(data):
    assert_refused(check(data), sc.Reason.TOO_LARGE)


@pytest.mark.parametrize("text", ["A" * 10_000_000, "7" * 10_000_000, "#" + "é" * 70_000])
def test_too_much_text(text):
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.TOO_LARGE)


def test_a_link_that_lost_its_fragment():
    verdict = sc.verify_text("https://learn.example.edu/c/", TRUST, now=NOW)
    assert_refused(verdict, sc.Reason.NO_FRAGMENT)


@pytest.mark.parametrize("text", ["#AQ==", "#A", "#AQ+/", "#AR", "#Zürich", "#A Q", "#0", "#٣٣٣"])
def test_damaged_text(text):
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.DAMAGED_TEXT)


@pytest.mark.parametrize("first", [0, 16, 32, 0x25, 0x7B, 0x89, 0xD2, 255])
def test_unknown_format_bytes(first):
    text = to_base64url(bytes([first]) + sc.pack(TOKEN)[1:])
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.UNKNOWN_FORMAT)


@pytest.mark.parametrize("first", [3, *range(5, 16)])
def test_format_bytes_of_later_versions(first):
    text = to_base64url(bytes([first]) + sc.pack(TOKEN)[1:])
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.NEWER_FORMAT, UNKNOWN)


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7", b"\x89PNG\r\n", b"{}", b"\xff\xd8", b"PK\x03\x04", b"\xd2", b"\xd2\x84",
        b"\xd1\x84",
        b"hello", b"\x84", TOKEN[1:], b"\xd9\xd9\xf7" + TOKEN, Tagged(98, [b"", {}, b"x", []]),
        Tagged(17, [b"", {}, b"x", bytes(32)]), Tagged(61, Raw(TOKEN)), Tagged(18, []), Tagged(18,
        {}),
        Tagged(18, "x"), Tagged(18, [b"", {}, b"x"]), Tagged(18, [dumps(HEADER), {}, b"x",
        bytes(64), 1]),
    ],
)  # fmt: skip
def test_other_files_and_other_cose_messages(data):
    verdict = check(data if isinstance(data, bytes) else dumps(data))
    reason = verdict.finding(sc.Check.FORMAT).reason
    assert reason in (sc.Reason.NOT_A_TOKEN, sc.Reason.NOT_DETERMINISTIC)
    assert_refused(verdict, reason)


@pytest.mark.parametrize("position", range(4))
@pytest.mark.parametrize("wrong", [1, "text", [], True])
def test_parts_of_another_type(position, wrong):
    parts = [dumps(HEADER), {}, PAYLOAD, bytes(64)]
    parts[position] = wrong
    reason = sc.Reason.UNPROTECTED_HEADER if position == 1 else sc.Reason.NOT_A_TOKEN
    assert_refused(check(dumps(Tagged(18, parts))), reason)


@pytest.mark.parametrize("size", [0, 63, 65, 128])
def test_signatures_of_another_length(size):
    token = dumps(Tagged(18, [dumps(HEADER), {}, PAYLOAD, bytes(size)]))
    assert_refused(check(token), sc.Reason.NOT_A_TOKEN)


def test_detached_payload():
    token = dumps(Tagged(18, [dumps(HEADER), {}, None, bytes(64)]))
    assert_refused(check(token), sc.Reason.NOT_DETERMINISTIC)


def test_empty_payload():
    assert_refused(check(signed(b"")), sc.Reason.NOT_A_TOKEN)
    text = to_base64url(b"\x01" + SIGNER.public_key.kid + bytes(64) + b"\x03\x00")
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.NOT_A_TOKEN)


def test_payload_of_16_kib_is_the_longest():
    longest = check(signed(bytes(PAYLOAD_MAX)))
    assert longest.finding(sc.Check.SIGNATURE).outcome is sc.Outcome.PASSED
    assert_refused(check(signed(bytes(PAYLOAD_MAX + 1))), sc.Reason.TOO_LARGE)
    assert_refused(check(bytes(SHARE_MAX + 1)), sc.Reason.TOO_LARGE)


@pytest.mark.parametrize(
    "size", [1, 2, 22, 23, 24, 25, 255, 256, 257, PAYLOAD_MAX - 1, PAYLOAD_MAX]
)
def test_payloads_of_every_head_size_are_taken_apart(size):
    frame = Frame(CERTIFICATE, bytes(range(8)), b"\x40" * size, bytes(64))
    assert parse_frame(frame.to_bytes()) == frame


@pytest.mark.parametrize("label", [1, 4, 16])
def test_missing_headers(label):
    protected = {key: value for key, value in HEADER.items() if key != label}
    assert_refused(check(signed(PAYLOAD, protected)), sc.Reason.MISSING_HEADER)


def test_no_protected_header_at_all():
    assert_refused(check(signed(PAYLOAD, Raw(b""))), sc.Reason.MISSING_HEADER)
    assert_refused(check(signed(PAYLOAD, {})), sc.Reason.MISSING_HEADER)


@pytest.mark.parametrize("protected", [[], 1, "text", b""])
def test_protected_header_that_is_no_map(protected):
    assert_refused(check(signed(PAYLOAD, protected)), sc.Reason.NOT_A_TOKEN)


@pytest.mark.parametrize("extra", [{2: [4]}, {3: 60}, {15: {}}, {-1: 1}, {128: 1}, {65535: b"x"}])
def test_extra_headers(extra):
    assert_refused(check(signed(PAYLOAD, HEADER | extra)), sc.Reason.EXTRA_HEADER)


@pytest.mark.parametrize(
    "protected",
    [
        Pairs(tuple(reversed(HEADER.items()))),
        Pairs((*HEADER.items(), (16, CERTIFICATE))),
        HEADER | {"typ": 1},
        HEADER | {2.5: 1},
        HEADER | {128: None},
        Raw(dumps(HEADER) + b"\0"),
    ],
)
def test_protected_header_that_is_not_deterministic(protected):
    assert_refused(check(signed(PAYLOAD, protected)), sc.Reason.NOT_DETERMINISTIC)


@pytest.mark.parametrize(
    "unprotected", [{4: SIGNER.public_key.kid}, {1: -19}, {128: 1}, {0: {}}, {-1: b""}]
)
def test_unprotected_header(unprotected):
    token = signed(PAYLOAD, HEADER, unprotected)
    assert_refused(check(token), sc.Reason.UNPROTECTED_HEADER)


@pytest.mark.parametrize("algorithm", [-8, "EdDSA", "Ed25519", b"", [], True])
def test_wrong_algorithms(algorithm):
    assert_refused(check(signed(PAYLOAD, HEADER | {1: algorithm})), sc.Reason.WRONG_ALGORITHM)


@pytest.mark.parametrize("algorithm", [-7, -35, -50, -53, 0, 1, -20, 19, -65536])
def test_algorithms_of_later_versions(algorithm):
    # A header that a later version made may differ in more than the algorithm.
    for protected in (HEADER | {1: algorithm}, HEADER | {1: algorithm, 4: bytes(20), 99: 0}):
        verdict = check(signed(PAYLOAD, protected))
        assert_refused(verdict, sc.Reason.NEWER_FORMAT, UNKNOWN)
    # But only what says that it is ours may be newer: anything else is somebody else's.
    verdict = check(signed(PAYLOAD, HEADER | {1: algorithm, 16: "application/cwt"}))
    assert_refused(verdict, sc.Reason.WRONG_TYPE)
    assert_refused(check(signed(PAYLOAD, {1: algorithm})), sc.Reason.MISSING_HEADER)


@pytest.mark.parametrize(
    "media_type",
    [
        "application/cwt", "application/statuslist+cwt", "",
        "APPLICATION/VND.SIGNEDCERT.CERTIFICATE",
        "application/vnd.signedcert", "vnd.signedcert.certificate", CERTIFICATE.encode(), 61, 293,
        True,
        "application/vnd.signedcert.issuer", "application/vnd.signedcert.handover", [],
    ],
)  # fmt: skip
def test_wrong_types(media_type):
    assert_refused(check(signed(PAYLOAD, HEADER | {16: media_type})), sc.Reason.WRONG_TYPE)


@pytest.mark.parametrize(
    "name", ["certificate2", "certificate ", "diploma", "Record", "record", "record+sd-cwt2", ""]
)
def test_types_of_later_versions(name):
    protected = HEADER | {16: f"application/vnd.signedcert.{name}"}
    assert_refused(check(signed(PAYLOAD, protected)), sc.Reason.NEWER_FORMAT, UNKNOWN)


@pytest.mark.parametrize("kid", [b"", bytes(7), bytes(9), bytes(32), "12345678", 1, None])
def test_key_ids_that_are_not_eight_bytes(kid):
    verdict = check(signed(PAYLOAD, HEADER | {4: kid}))
    reason = sc.Reason.NOT_DETERMINISTIC if kid is None else sc.Reason.NOT_A_TOKEN
    assert_refused(verdict, reason)


@pytest.mark.parametrize(
    "token",
    [
        b"\xd8\x12" + TOKEN[1:],  # tag 18 in two bytes
        TOKEN[:1] + b"\x98\x04" + TOKEN[2:],  # an array of 4 in two bytes
        TOKEN[:1] + b"\x9f" + TOKEN[2:] + b"\xff",  # of indefinite length
        TOKEN[:2] + b"\x59\x00" + TOKEN[3:],  # a header's length in three bytes
        TOKEN[:-66] + b"\x59\x00\x40" + TOKEN[-64:],  # a signature's likewise
        TOKEN + b"\0",
        TOKEN + TOKEN,
        TOKEN[:-1],
        b"\0" + TOKEN,
    ],
)
def test_other_encodings_of_the_same_frame(token):
    verdict = check(token)
    reason = verdict.finding(sc.Check.FORMAT).reason
    assert reason in (sc.Reason.NOT_DETERMINISTIC, sc.Reason.NOT_A_TOKEN)
    assert_refused(verdict, reason)


def test_a_certificate_in_the_form_for_other_tokens():
    assert sc.pack(TOKEN)[0] == 1
    assert sc.pack(issue(record()))[0] == 2
    assert sc.pack(shared(issue(record())))[0] == 2
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=dictionary1())
    text = to_base64url(b"\x02" + packer.compress(TOKEN) + packer.flush())
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.WRONG_PACKING)


@pytest.mark.parametrize("end", [1, 9, 72, 73])
def test_a_packed_certificate_that_is_cut_off(end):
    text = to_base64url(sc.pack(TOKEN)[:end])
    assert_refused(sc.verify_text(text, TRUST, now=NOW), sc.Reason.DAMAGED_COMPRESSION)


def test_the_key_id_says_which_key_and_the_signature_whether():
    # The header is signed, so a key id cannot be exchanged; and one that names no key is unknown.
    other = signed(PAYLOAD, HEADER | {4: OTHER_SIGNER.public_key.kid})
    verdict = check(other)
    assert verdict.status is sc.Status.INDETERMINATE
    expected = (UNKNOWN, sc.Reason.UNKNOWN_KEY)
    assert outcomes(verdict)[sc.Check.ISSUER_TRUSTED] == expected


@pytest.mark.parametrize("broken", [b"", b"\0", TOKEN[1:], TOKEN + b"\0", bytes(SHARE_MAX + 1)])
def test_packing_takes_only_tokens(broken):
    with pytest.raises(sc.DecodeError):
        sc.pack(broken)
    with pytest.raises(sc.DecodeError):
        sc.verify_url("https://learn.example.edu/c/", broken)
