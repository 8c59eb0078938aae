"""The worked examples of appendix A that are about trust: an issuer document and a status list."""

from datetime import UTC, datetime, timedelta

from signedcert import SoftwareSigner
from signedcert.codec.framing import Frame, protected_header
from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.model.issuer_document import (
    Handover,
    IssuerDocument,
    KeyUse,
    LocalName,
    SigningKey,
)
from signedcert.model.statement import Signed
from signedcert.trust.status_list import deflate_list
from signedcert.trust.status_signing import sign_status_list
from signedcert.trust.status_token import STATUS_LIST_TYPE
from specification.cbor_dump import Line
from specification.example_data import SEED
from specification.examples import PUBLIC_SEED, bytes_lines, dump, hex_dump, payload_dump

ROOT_SEED = bytes(range(32))
STATUS_SEED = bytes(range(32, 64))
ISSUER = "learn.example.edu"
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_YEAR = timedelta(days=365)
#: The draft's own example of 2 bits: 1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3.
STATUSES = bytes.fromhex("c944f9")


def blocks() -> dict[str, str]:
    """The text of each generated part of sections A.5 and A.6, by name."""
    root, status = SoftwareSigner(ROOT_SEED), SoftwareSigner(STATUS_SEED)
    handover = Handover(issuer=ISSUER, issued_at=_AT, epoch=1, roots=(root.public_key.raw,))
    document = IssuerDocument(
        issuer=ISSUER,
        issued_at=_AT,
        version=1,
        next_update=_AT + timedelta(days=180),
        names=(LocalName(name="Example University"),),
        roots=(root.public_key.raw,),
        handovers=(_signed(handover, root).to_bytes(),),
        keys=(
            _key(SoftwareSigner(SEED), KeyUse.STATEMENTS),
            _key(status, KeyUse.STATUS),
        ),
        status_lists=f"https://{ISSUER}/status/{{number}}.cwt",
    )
    frame = _signed(document, root)
    return {
        "trust-keys": hex_dump(
            (f"root: {PUBLIC_SEED}", ROOT_SEED),
            ("root: public key x", root.public_key.raw),
            ("root: thumbprint, which a verifier is told", root.public_key.thumbprint),
            (f"status key: {PUBLIC_SEED}", STATUS_SEED),
            ("status key: public key x", status.public_key.raw),
            ("status key: kid", status.public_key.kid),
        ),
        "handover-payload": payload_dump(lower(handover), Handover),
        "document-payload": payload_dump(frame.payload, IssuerDocument),
        "document-frame": _around(frame),
        "status-token": _status_token(document, status),
    }


def _signed(content: Signed, root: SoftwareSigner) -> Frame:
    return sign(content.media_type, lower(content), root)


def _key(signer: SoftwareSigner, use: KeyUse) -> SigningKey:
    return SigningKey(key=signer.public_key.raw, use=use, valid_from=_AT, valid_until=_AT + _YEAR)


def _around(frame: Frame) -> str:
    header = protected_header(frame.media_type, frame.kid)
    head, _ = bytes_lines(frame.payload, "payload")
    return hex_dump(
        (
            "before the payload: tag 18, array of 4, head of the header",
            b"\xd2\x84\x58%c" % len(header),
        ),
        ("protected header", header),
        (f"unprotected header, head of a payload of {len(frame.payload)} bytes", b"\xa0" + head[0]),
        ("after the payload: head of the signature", b"\x58\x40"),
        ("signature", frame.signature),
    )


def _status_token(document: IssuerDocument, signer: SoftwareSigner) -> str:
    uri = document.status_list_uri(1)
    assert uri is not None
    token = sign_status_list(
        subject=uri,
        issued_at=_AT,
        expires_at=_AT + timedelta(days=7),
        ttl=timedelta(hours=12),
        bits=2,
        array=STATUSES,
        signer=signer,
    )
    lst, text = deflate_list(STATUSES), uri.encode()
    header = protected_header(STATUS_LIST_TYPE, signer.public_key.kid)
    payload = token.index(text) - 6
    seconds = int(_AT.timestamp()).to_bytes(4)
    end = int((_AT + timedelta(days=7)).timestamp()).to_bytes(4)
    lines: list[Line] = [
        (b"\xd2\x84", 0, "tag 18 (COSE_Sign1), array of 4"),
        (b"\x58" + bytes((len(header),)), 1, f"protected header, {len(header)} bytes"),
        (header, 2, '{1: -19, 4: the status key\'s kid, 16: "application/statuslist+cwt"}'),
        (b"\xa0", 1, "unprotected header: empty map"),
        (token[payload : payload + 2], 1, f"payload, {token[payload + 1]} bytes"),
        (b"\xa5", 2, "map of 5"),
        (b"\x02\x78" + bytes((len(text),)), 3, f"claim 2, sub: text of {len(text)} bytes"),
        (text, 4, f'"{uri}"'),
        (b"\x04\x1a" + end, 3, "claim 4, exp: 2026-11-08T00:00:00Z"),
        (b"\x06\x1a" + seconds, 3, "claim 6, iat: 2026-11-01T00:00:00Z"),
        (b"\x19\xff\xfd\xa2", 3, "claim 65533, status_list: map of 2"),
        (b"\x63lst" + bytes((0x40 | len(lst),)), 4, f'"lst": byte string of {len(lst)}'),
        (lst, 5, "ZLIB stream of c9 44 f9"),
        (b"\x64bits\x02", 4, '"bits": 2'),
        (b"\x19\xff\xfe\x19\xa8\xc0", 3, "claim 65534, ttl: 43200 s"),
        *bytes_lines(token[-64:], "signature"),
    ]
    return f"{len(token)} bytes:\n\n{dump(token, lines)}"
