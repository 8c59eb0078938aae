"""The worked examples of appendix A.4: a course record, a share of it, and that share sealed."""

from signedcert import SoftwareSigner, share
from signedcert.codec.base64url import to_base64url
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import bytes_head, protected_header
from signedcert.codec.packed import pack_smallest
from signedcert.codec.record_framing import (
    AFTER_RECORD,
    BEFORE_RECORD,
    RecordFrame,
    ShareFrame,
    array_head,
)
from signedcert.model.issued_record import ShareClaims, VisibleRecord
from signedcert.share.digests import redacted_claim_hash
from signedcert.share.disclosures import SALT_SIZE, content_at
from signedcert.share.recovery_code import seed_of_code
from specification.cbor_dump import Line, annotated
from specification.example_data import (
    HOLDER_SEED,
    PLACES,
    RECORD,
    RECORD_PAGE,
    SECRET,
    SEED,
    SHARE,
    Salts,
)
from specification.examples import bytes_lines, dump, fenced, hex_dump, payload_dump

_KINDS = {0x83: "entry", 0x82: "row", 0x81: "decoy"}
_CODE = share.recovery_code(bytes(range(16)))


def blocks() -> dict[str, str]:
    """The text of each generated part of appendix A.4, by name."""
    issuer, holder = SoftwareSigner(SEED), SoftwareSigner(HOLDER_SEED)
    token = share.issue_record(
        RECORD,
        issuer,
        holder_key=holder.public_key,
        random_bytes=Salts(),
        share_places=PLACES,
    )
    record = parse_frame(token)
    shared = share.create(token, disclosures=["final_score"], holder_signer=holder, **SHARE)
    frame = parse_frame(shared)
    assert isinstance(record, RecordFrame)
    assert isinstance(frame, ShareFrame)
    return {
        "record-payload": payload_dump(record.signed.payload, VisibleRecord),
        "record-disclosures": _disclosures(record.disclosures),
        "record-token": _token(token, _record_lines(record, "the disclosures above")),
        "share-payload": payload_dump(frame.payload, ShareClaims),
        "share-token": _token(shared, _share_lines(frame)),
        "share-link": fenced(f"{RECORD_PAGE}#{to_base64url(pack_smallest(shared))}"),
        "sealed": _sealed(shared),
        "recovery": hex_dump(
            ("E (public and worthless)", bytes(range(16))),
            (f"seed; the code is {_CODE}", seed_of_code(_CODE)),
        ),
    }


def _disclosures(disclosures: tuple[bytes, ...]) -> str:
    shown = []
    for each in disclosures:
        at = content_at(each)
        salt, rest = each[at + 2 : at + 2 + SALT_SIZE], each[at + 2 + SALT_SIZE :]
        lines: list[Line] = [
            (each[: at + 2], 0, f"{_KINDS[each[at]]}: head, array, head of the salt"),
            (salt, 1, "salt"),
        ]
        if rest:
            lines.append((rest, 1, "value and label" if each[at] == 0x83 else "value"))
        shown.append(f"# {redacted_claim_hash(each).hex()}\n{annotated(each, iter(lines))}")
    return fenced("\n\n".join(shown))


def _token(token: bytes, lines: list[Line]) -> str:
    return f"{len(token)} bytes:\n\n{dump(token, lines)}"


def _record_lines(frame: RecordFrame, disclosed: str) -> list[Line]:
    signed, count = frame.signed, len(frame.disclosures)
    header = protected_header(signed.media_type, signed.kid)
    return [
        (b"\xd2\x84", 0, "tag 18 (COSE_Sign1), array of 4"),
        (bytes_head(len(header)), 1, f"protected header, {len(header)} bytes"),
        (header, 2, f'{{1: -19, 4: the key\'s kid, 16: "{signed.media_type}"}}'),
        (b"\xa1\x11" + array_head(count), 1, f"map of 1, label 17, array of {count}"),
        (b"".join(frame.disclosures), 2, disclosed),
        *bytes_lines(signed.payload, "payload of the record"),
        *bytes_lines(signed.signature, "signature of the issuer"),
    ]


def _share_lines(frame: ShareFrame) -> list[Line]:
    record = _record_lines(frame.record, "what is disclosed: the final score")
    size = len(frame.protected)
    return [
        (b"\xd2\x84", 0, "tag 18 (COSE_Sign1), array of 4"),
        (bytes_head(size), 1, f"protected header, {size} bytes"),
        (BEFORE_RECORD, 2, "map of 3, label 1: -19, label 13: the record"),
        *((code, depth + 3, words) for code, depth, words in record),
        (AFTER_RECORD, 2, "label 16: 294"),
        (b"\xa0", 1, "unprotected header: empty map"),
        *bytes_lines(frame.payload, "payload of the share"),
        *bytes_lines(frame.signature, "signature of the holder"),
    ]


def _sealed(shared: bytes) -> str:
    sealed = share.seal(shared, SECRET)
    file = sealed.file
    nonce_at = file.index(b"\xa1\x05\x4c")
    lines = (
        ("tag 16, array of 3, head of the protected header", file[:4]),
        ("{1: 3, 15: {1: the issuer}}", file[4:nonce_at]),
        ("unprotected header: {5: nonce}", file[nonce_at : nonce_at + 15]),
        ("head of the ciphertext", file[nonce_at + 15 : nonce_at + 18]),
        ("its first 16 bytes", file[nonce_at + 18 : nonce_at + 34]),
    )
    link = share.sealed_url(RECORD_PAGE, SECRET)
    return "\n\n".join(
        (
            fenced(link),
            f"`sealed/{sealed.name}.cose`, {len(file):,} bytes, begins:",
            hex_dump(*lines),
            f"and ends with the tag `{file[-16:].hex(' ')}`.",
        )
    )
