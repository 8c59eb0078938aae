"""Section 15.4: the frames of records and shares, each row of the table, and their order."""

from collections.abc import Iterator
from typing import Any

from cbor_oracle import Pairs, Raw, dumps
from conformance.expectations import Finding, fails, undecided
from conformance.frame_answers import (
    EXTRA,
    MISSING,
    NEWER,
    NOT_A_TOKEN,
    NOT_DETERMINISTIC,
    TOO_LARGE,
    UNPROTECTED,
    WRONG_ALGORITHM,
    WRONG_TYPE,
)
from conformance.record_tokens import (
    COMPLETE,
    HOLDER,
    KB_CWT,
    LEARNER,
    RECORD,
    SCORE,
    disclosure,
    record,
    share,
    share_claims,
    share_header,
)
from conformance.tokens import BODY, SIGNER, certificate, claims, header, sign1

TOKEN = COMPLETE.token()
SHARE = share()
Rows = Iterator[tuple[str, str, Finding, bytes]]
#: What is before and after the record in a share's header.
_FIRST, _LAST = b"\xa3\x01\x32\x0d", b"\x10\x19\x01\x26"


def around(inner: bytes) -> bytes:
    """A share around anything."""
    return share(protected=_FIRST + inner + _LAST)


def with_map(*pairs: tuple[Any, Any]) -> bytes:
    """A record whose unprotected header is any map."""
    return COMPLETE.token(Raw(dumps(Pairs(pairs))))


def record_frames() -> Rows:
    """Records: section 5.2 with step 17 as section 15.4 has it."""
    few = [disclosure(salt=bytes([number]) * 16) for number in range(3)]
    ordered = sorted(few, key=dumps)
    for name, fault, token in (
        ("label 18", "another label", with_map((18, ordered))),
        ("label 17 and another", "a label too many", with_map((17, ordered), (18, 0))),
        ("no disclosure", "an empty array", with_map((17, []))),
        ("byte string", "no array", with_map((17, ordered[0]))),
        ("text among them", "no byte string", with_map((17, [*ordered, "x"]))),
        ("empty disclosure", "no byte", with_map((17, [b"", *ordered]))),
        ("out of order", "not ascending", with_map((17, ordered[::-1]))),
        ("twice", "a repeat", with_map((17, [ordered[0], ordered[0]]))),
        ("longer before shorter", "encodings are compared, not contents", with_map(
            (17, [b"\0" * 30, b"\1"])
        )),
        ("513", "one too many", with_map((17, [n.to_bytes(2, "big") for n in range(513)]))),
        ("16,385 bytes", "a disclosure too long", with_map((17, [bytes(16_385)]))),
        ("array", "no map", COMPLETE.token(Raw(b"\x80"))),
    ):  # fmt: skip
        yield f"record: {name}", fault, UNPROTECTED, token
    foreign = fails("SCHEMA", "disclosure_mismatch")
    for name, fault, content in (
        ("512", "as many as there may be", [n.to_bytes(2, "big") for n in range(512)]),
        ("16,384 bytes", "as long as one may be", [bytes(16_384)]),
        ("shorter before longer", "the order of encodings", [b"\1", b"\0" * 30]),
    ):
        yield f"record: {name}", fault, foreign, with_map((17, content))
    big = [bytes([n]) * 16_000 for n in range(2)]
    spare = 40_960 - len(with_map((17, [*big, b"\x09" * 8_000]))) + 8_000
    most = with_map((17, [b"\x09" * spare, *big]))
    yield (
        "record: 40,961 bytes",
        "a byte too many",
        TOO_LARGE,
        with_map((17, [b"\x09" * (spare + 1), *big])),
    )
    assert len(most) == 40_960
    yield "record: 40,960 bytes", "as long as a record may be", foreign, most
    yield (
        "record: payload of 16,385 bytes",
        "a byte too many",
        TOO_LARGE,
        sign1(bytes(16_385), header(SIGNER, RECORD)),
    )
    yield "record: empty payload", "no payload", NOT_A_TOKEN, sign1(b"", header(SIGNER, RECORD))
    yield (
        "record: signature of 63 bytes",
        "another length",
        NOT_A_TOKEN,
        sign1(COMPLETE.payload(), header(SIGNER, RECORD), signature=bytes(63)),
    )
    yield (
        "certificate with disclosures",
        "a certificate discloses nothing",
        UNPROTECTED,
        sign1(claims(), None, {17: ordered}),
    )
    extra = {**header(SIGNER, RECORD), 170: -16}
    yield "record: sd_alg", "a header too many", EXTRA, COMPLETE.token(protected=extra)
    yield (
        "record under typ certificate",
        "a record is no certificate",
        fails("SCHEMA", "not_deterministic"),
        sign1(COMPLETE.payload()),
    )
    other = sign1(claims(), header(SIGNER, RECORD))
    yield (
        "certificate under typ record",
        "a certificate is no record",
        fails("SCHEMA", "schema_violation"),
        other,
    )


def share_frames() -> Rows:
    """Shares: the table of section 15.4."""
    good = dumps(share_header(TOKEN))
    assert good == _FIRST + TOKEN + _LAST
    for name, fault, finding, protected in (
        ("header alone", "nothing after a3 01 32 0d", NOT_A_TOKEN, _FIRST),
        ("no record", "those eight bytes alone", fails("FORMAT", "not_a_token"), _FIRST + _LAST),
        ("seven bytes", "beginning and end overlap", NOT_A_TOKEN, _FIRST + _LAST[1:]),
        ("typ 295", "another type", NOT_A_TOKEN, good[:-1] + b"\x27"),
        ("typ as text", "another type", NOT_A_TOKEN, _FIRST + TOKEN + b"\x10" + dumps(
            "application/kb+cwt"
        )),
        ("typ in four bytes", "a head longer than needed", NOT_A_TOKEN, (
            _FIRST + TOKEN + b"\x10\x1a\0\0\1\x26"
        )),
        ("more after it", "bytes after the header", NOT_A_TOKEN, good + b"\0"),
        ("empty record", "another record", NOT_A_TOKEN, _FIRST + b"\x40" + _LAST),
        ("record as a byte string", "no token", NOT_A_TOKEN, _FIRST + dumps(TOKEN) + _LAST),
        ("record cut off", "no whole item", NOT_DETERMINISTIC, _FIRST + TOKEN[:-1] + _LAST),
        ("record with more", "bytes after the record", NOT_DETERMINISTIC, (
            _FIRST + TOKEN + b"\0" + _LAST
        )),
        ("map of 4", "read by section 5.2", NOT_DETERMINISTIC, b"\xa4" + good[1:]),
        ("record in an a4 header", "a tag in a header of section 5.2", NOT_DETERMINISTIC, (
            dumps({**share_header(TOKEN), 17: 0})
        )),
        ("no record, typ alone", "labels are missing", MISSING, dumps({1: -19, 16: KB_CWT})),
        ("kid in place of the record", "a number for a type", WRONG_TYPE, dumps(
            {1: -19, 4: HOLDER.public_key.kid, 16: KB_CWT}
        )),
        ("EdDSA", "another algorithm", NOT_DETERMINISTIC, b"\xa3\x01\x27" + good[3:]),
    ):  # fmt: skip
        yield f"share: {name}", fault, finding, share(protected=protected)
    yield "share in a share", "a share in a share", WRONG_TYPE, around(SHARE)
    broken = share(signature_of(SHARE))
    yield "share in a share, signature short", "a share is refused before", WRONG_TYPE, broken
    yield "certificate in a share", "no record", WRONG_TYPE, around(certificate())
    for name, fault, finding, inner in (
        ("newer record", "a typ of a later version", NEWER, sign1(
            claims(), {**header(), 16: "application/vnd.signedcert.x"}
        )),
        ("record of EdDSA", "another algorithm", WRONG_ALGORITHM, COMPLETE.token(
            protected={**header(SIGNER, RECORD), 1: -8}
        )),
        ("record with no typ", "a label is missing", MISSING, COMPLETE.token(
            protected={1: -19, 4: SIGNER.public_key.kid}
        )),
        ("record with more labels", "a header too many", EXTRA, COMPLETE.token(
            protected={**header(SIGNER, RECORD), 99: 0}
        )),
        ("record of another type", "no statement", WRONG_TYPE, COMPLETE.token(
            protected=header(SIGNER, "application/cwt")
        )),
        ("record with a faulty map", "no disclosures", UNPROTECTED, with_map((17, []))),
        ("record without a payload", "an empty payload", NOT_A_TOKEN, sign1(
            b"", header(SIGNER, RECORD)
        )),
        ("certificate with a faulty map", "refused as a token by itself", UNPROTECTED, sign1(
            claims(), None, {4: b""}
        )),
    ):  # fmt: skip
        yield f"share: {name}", fault, finding, around(inner)
    for name, unprotected in (("kid", {4: b""}), ("disclosures", {17: [LEARNER]}), ("array", [])):
        token = share(unprotected=Raw(dumps(unprotected)))
        yield f"share: unprotected {name}", "not the empty map", UNPROTECTED, token
    spare = 2_048 - len(dumps(share_claims({128: bytes(1_000)}))) + 1_000
    most = share_claims({128: bytes(spare + 1)})
    yield "share: payload of 2,049 bytes", "a byte too many", TOO_LARGE, share(claims=most)
    yield "share: empty payload", "no payload", NOT_A_TOKEN, share(claims=b"")
    for size in (0, 63, 65):
        token = sign1(share_claims(), share_header(TOKEN), signature=bytes(size))
        yield f"share: signature of {size} bytes", "another length", NOT_A_TOKEN, token
    cut = SHARE[:-1]
    yield "share: cut off", "the whole comes first", NOT_DETERMINISTIC, cut


def signature_of(token: bytes) -> bytes:
    """The same token with a signature that is a byte short."""
    return token[:-66] + b"\x58\x3f" + token[-63:]


def order() -> Rows:
    """Two faults each: the earlier row decides."""
    both = "two faults: the earlier row decides"
    huge = bytes(2_049)
    wrong = {4: b""}
    inner = sign1(b"", header(SIGNER, RECORD))
    for name, finding, token in (
        ("S1 and S3", NOT_A_TOKEN, share(protected=_FIRST + b"\xff" + b"\x10\x19\x01\x27")),
        ("S1 and S5", NOT_A_TOKEN, share(protected=_FIRST + TOKEN, unprotected=wrong)),
        ("S2 and S5", WRONG_TYPE, share(SHARE, unprotected=wrong)),
        ("S3 and S4", UNPROTECTED, around(sign1(claims(), None, wrong))),
        ("S3 and S5", NOT_A_TOKEN, share(inner, unprotected=wrong)),
        ("S4 and S5", WRONG_TYPE, share(certificate(), unprotected=wrong)),
        ("S4 and S7", WRONG_TYPE, share(certificate(), b"")),
        ("S5 and S6", UNPROTECTED, share(claims=huge, unprotected=wrong)),
        ("S5 and S7", UNPROTECTED, share(claims=b"", unprotected=wrong)),
        ("S6 and S7", TOO_LARGE, sign1(huge, share_header(TOKEN), signature=b"")),
        ("5.2, step 6, and S1", NOT_A_TOKEN, dumps(Raw(b"\xd2")) + dumps([_FIRST, {}, 0, b""])),
        ("17 and 18 of a record", UNPROTECTED, sign1(bytes(16_385), header(SIGNER, RECORD), wrong)),
        ("18 and 19 of a record", TOO_LARGE, sign1(
            bytes(16_385), header(SIGNER, RECORD), signature=b""
        )),
    ):  # fmt: skip
        yield f"order: {name}", both, finding, token
    stranger = undecided("ISSUER_TRUSTED", "unknown_key")
    unknown = record(LEARNER, SCORE).token(protected={**header(SIGNER, RECORD), 4: bytes(8)})
    yield (
        "share of an unknown issuer",
        "the holder is not asked",
        stranger,
        share(unknown, {BODY: 0}),
    )
