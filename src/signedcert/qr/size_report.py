"""Where a certificate's bytes go, and what would make its QR code smaller."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeVar

from signedcert.codec.frames import parse_frame
from signedcert.codec.framing import KID_SIZE, SIGNATURE_SIZE, Frame
from signedcert.codec.lower import lower
from signedcert.codec.packed import CERTIFICATE_FORM, pack_smallest
from signedcert.codec.text import verify_url
from signedcert.errors import EncodeError
from signedcert.model.certificate import Certificate
from signedcert.model.declarations import Nested
from signedcert.model.labelled import Labelled
from signedcert.qr.encode import ErrorLevel, encode

_Model = TypeVar("_Model", bound=Labelled)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a token and of its parts in a QR code, and the code's own measures.

    :ivar format_byte: always 1.
    :ivar kid: 8, or 0 where it stands inside the compressed part.
    :ivar signature: 64, or 0 likewise.
    :ivar payload: the compressed rest.
    :ivar packed: the four together.
    :ivar token: the COSE_Sign1.
    :ivar link: characters of the verify URL.
    :ivar qr_version: 1 to 40, or None where no QR code is large enough; so the next two.
    :ivar qr_error: the error correction level, L to H.
    :ivar qr_modules: modules a side, without the quiet zone.
    """

    format_byte: int
    kid: int
    signature: int
    payload: int
    packed: int
    token: int
    link: int
    qr_version: int | None
    qr_error: str | None
    qr_modules: int | None

    def to_dict(self) -> dict[str, int | str | None]:
        """By name, for JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Saving:
    """What leaving a field out would save.

    :ivar field: its path, such as ``course.syllabus``.
    :ivar saved: bytes that the packed form would lose.
    :ivar qr_version: the QR version it would then have, or None where it still fits none.
    """

    field: str
    saved: int
    qr_version: int | None


def measure(page: str, token: bytes, error: ErrorLevel = "m") -> Sizes:
    """The sizes of a token.

    :raises EncodeError: when the page is no http(s) URL.
    :raises DecodeError: when the token is not one.
    """
    packed = pack_smallest(token)
    framed = packed[0] == CERTIFICATE_FORM
    kid, signature = (KID_SIZE, SIGNATURE_SIZE) if framed else (0, 0)
    link = len(verify_url(page, token))
    try:
        code = encode(page, token, error)
    except EncodeError:
        version = level = modules = None
    else:
        # segno counts versions of Micro QR Codes in text, and sizes in fractions where scaled.
        version, level = int(code.version), code.error
        modules = int(code.symbol_size(border=0)[0])
    rest = len(packed) - 1 - kid - signature
    return Sizes(1, kid, signature, rest, len(packed), len(token), link, version, level, modules)


def savings(
    page: str, token: bytes, statement: Certificate, error: ErrorLevel = "m"
) -> tuple[Saving, ...]:
    """What each optional field costs, the dearest first.

    Each is measured by itself: what two fields say in the same words is counted once for each
    only as far as the other does not say it.

    :param statement: what the token states.
    """
    frame = parse_frame(token)
    assert isinstance(frame, Frame)  # of a certificate
    whole = len(pack_smallest(token))
    found = []
    for path, smaller in _without_each(statement):
        # The same frame around another payload: a signature has 64 bytes whatever it signs.
        other = Frame(frame.media_type, frame.kid, lower(smaller), frame.signature).to_bytes()
        saved = whole - len(pack_smallest(other))
        if saved > 0:
            found.append(Saving(path, saved, measure(page, other, error).qr_version))
    return tuple(sorted(found, key=lambda saving: -saving.saved))


def _without_each(model: _Model) -> Iterator[tuple[str, _Model]]:
    """The model without one of its optional fields, once for each that is set, and so within."""
    for field in model.fields_by_label:
        value = getattr(model, field.name)
        if value == field.default and not field.required:
            continue
        if not field.required:
            yield field.name, _with(model, field.name, field.default)
        elif isinstance(field.shape, Nested):
            for path, smaller in _without_each(value):
                yield f"{field.name}.{path}", _with(model, field.name, smaller)


def _with(model: _Model, name: str, value: object) -> _Model:
    return model.model_copy(update={name: value})
