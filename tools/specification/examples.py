"""The worked examples of the specification's appendix A.1 to A.3, made by the library itself."""

from signedcert import Certificate, SoftwareSigner, issue
from signedcert.codec.base64url import to_base64url
from signedcert.codec.digits import to_digits
from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import Frame, bytes_head, protected_header
from signedcert.codec.packed import pack_smallest
from signedcert.model.statement import Signed
from specification.cbor_dump import Line, annotated, payload_lines, value_lines
from specification.example_data import CERTIFICATE, PAGE, SEED, VALUES, field_bytes

PUBLIC_SEED = "private key (public and worthless)"


def blocks() -> dict[str, str]:
    """The text of each generated part of appendix A, by name."""
    signer = SoftwareSigner(SEED)
    key = signer.public_key
    token = issue(CERTIFICATE, signer)
    frame = parse_frame(token)
    assert isinstance(frame, Frame)
    digits = to_digits(packed := pack_smallest(token))
    return {
        "key": hex_dump(
            (PUBLIC_SEED, SEED),
            ("public key x", key.raw),
            ("COSE_Key, the thumbprint's input", bytes.fromhex("a301012006215820") + key.raw),
            ("its SHA-256", key.thumbprint),
            ("kid, the first 8 bytes", key.kid),
        ),
        "code": fenced(f"{CERTIFICATE.id.hex()} = {CERTIFICATE.code}"),
        "payload": payload_dump(frame.payload, Certificate),
        "header": header_dump(frame.media_type, frame.kid),
        "sig-structure": dump(frame.to_be_signed(), _sig_structure_lines(frame)),
        "token": _token(token, frame),
        "packed": hex_dump(
            ("format byte", packed[:1]),
            ("kid", packed[1:9]),
            ("signature", packed[9:73]),
            (f"DEFLATE of the payload, {len(packed) - 73} bytes", packed[73:]),
        ),
        "link": fenced(f"{PAGE}#{to_base64url(packed)}"),
        "digits": fenced(f"{PAGE}#{digits}") + "\n\n" + _groups(packed, digits),
        "values": _values(),
    }


def payload_dump(payload: bytes, model: type[Signed]) -> str:
    """A payload, one item a line, and how long it is."""
    lines = payload_lines(payload, model)
    return f"{len(payload)} bytes:\n\n{fenced(annotated(payload, lines))}"


def header_dump(typ: str, kid: bytes) -> str:
    """The protected header of a token of an issuer."""
    lines: list[Line] = [
        (b"\xa3", 0, "map of 3"),
        (b"\x01\x32", 1, "label 1, alg: -19 (Ed25519)"),
        (b"\x04\x48", 1, "label 4, kid: byte string of 8"),
        (kid, 2, "the key's"),
        (b"\x10\x78" + bytes((len(typ),)), 1, f"label 16, typ: text of {len(typ)} bytes"),
        (typ.encode(), 2, f'"{typ}"'),
    ]
    return dump(protected_header(typ, kid), lines)


def _sig_structure_lines(frame: Frame) -> list[Line]:
    header = protected_header(frame.media_type, frame.kid)
    return [
        (b"\x84", 0, "array of 4"),
        (b"\x6aSignature1", 1, 'the context, "Signature1"'),
        (b"\x58" + bytes((len(header),)), 1, f"protected header, {len(header)} bytes"),
        (header, 2, "as above"),
        (b"\x40", 1, "external_aad: empty"),
        *bytes_lines(frame.payload, "payload"),
    ]


def bytes_lines(data: bytes, name: str) -> list[Line]:
    """A byte string: its head, then what is in it."""
    return [(bytes_head(len(data)), 1, f"{name}, {len(data)} bytes"), (data, 2, name)]


def _token(token: bytes, frame: Frame) -> str:
    header = protected_header(frame.media_type, frame.kid)
    lines: list[Line] = [
        (b"\xd2\x84", 0, "tag 18 (COSE_Sign1), array of 4"),
        (b"\x58" + bytes((len(header),)), 1, f"protected header, {len(header)} bytes"),
        (header, 2, "protected header"),
        (b"\xa0", 1, "unprotected header: empty map"),
        *bytes_lines(frame.payload, "payload"),
        *bytes_lines(frame.signature, "signature"),
    ]
    return f"{len(token)} bytes:\n\n{dump(token, lines)}"


def _values() -> str:
    shown = []
    for words, model, name in VALUES:
        field = next(each for each in type(model).fields_by_label if each.name == name)
        data = field_bytes(model, field.number)
        shown.append(f"# {words}\n{annotated(data, value_lines(data, field.shape, 0))}")
    return fenced("\n\n".join(shown))


def _groups(packed: bytes, digits: str) -> str:
    tail = len(packed) % 7
    last = packed[len(packed) - tail :]
    lines = [
        f"first group  {packed[:7].hex(' ')}",
        f"           = {int.from_bytes(packed[:7], 'big')}",
        f"          -> {digits[:17]}   (17 digits)",
    ]
    if tail:
        width = len(digits) % 17
        lines += [
            f"last group   {last.hex(' ')}",
            f"           = {int.from_bytes(last, 'big')}",
            f"          -> {digits[-width:]}   ({tail} bytes, {width} digits)",
        ]
    return fenced("\n".join(lines))


def dump(data: bytes, lines: list[Line]) -> str:
    """Lines that are the whole of ``data``."""
    return fenced(annotated(data, iter(lines)))


def hex_dump(*parts: tuple[str, bytes]) -> str:
    """Parts that follow one another, each with what it is."""
    lines: list[Line] = [(data, 0, words) for words, data in parts]
    return fenced(annotated(b"".join(data for _, data in parts), iter(lines)))


def fenced(text: str) -> str:
    """A block of text in Markdown."""
    return f"```text\n{text}\n```"
