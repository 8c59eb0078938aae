"""What one run of Typst gets: the signed fields, the QR code, and what is attached."""

import json
from typing import Any, Final

from signedcert.codec.text import verify_url
from signedcert.documents.comparing.own_design import marker
from signedcert.documents.pictures import checked_portrait
from signedcert.documents.printed import Paper, Printed
from signedcert.documents.variables import variables
from signedcert.errors import EncodeError
from signedcert.qr.render import QUIET_ZONE
from signedcert.qr.symbol import symbol

COSE = "application/cose"
PORTRAIT_SALT = "portrait-salt.txt"
#: The printed QR code with its quiet zone, in millimetres a side.
SIDE_MIN, SIDE_MAX = 36.0, 52.0
#: Millimetres a module. At 150 dots an inch it is 3.5 dots, enough for blurred pictures too.
_MODULE = 0.6
_ERROR: Final = "m"


def inputs_of(
    printed: Printed,
    theme: dict[str, Any],
    paper: Paper,
    families: tuple[str, ...],
    language: str | None,
) -> dict[str, Any]:
    """Everything but the design, in JSON's types.

    :param theme: colours and pictures.
    :param families: names of fonts beyond our own.
    :param language: what the words are in, instead of the certificate's own language.
    """
    at = printed.statement.issued_at
    data = variables(printed, language=language)
    return {
        "data": data,
        "keywords": [marker(data["words"])],
        "date": [at.year, at.month, at.day],
        "paper": paper.value,
        "theme": theme,
        "fonts": {"extra": list(families)},
        "qr": qr_entry(printed),
        "portrait": _portrait(printed),
        "attachments": attachments(printed),
    }


def as_json(inputs: dict[str, Any]) -> str:
    """The inputs as Typst reads them."""
    return json.dumps(inputs, ensure_ascii=False, separators=(",", ":"))


def link_of(printed: Printed) -> str:
    """The verify URL, which holds the whole token."""
    return verify_url(printed.page, printed.token)


def qr_entry(printed: Printed) -> dict[str, Any] | None:
    """The QR code as a picture, with its measures; None where no QR code is large enough."""
    try:
        code = symbol(printed.page, printed.token, _ERROR)
    except EncodeError:
        return None
    return {
        "bytes": code.svg(),
        "format": "svg",
        "alt": f"QR code: {printed.page}",
        "version": code.version,
        "error": code.error,
        "modules": code.side,
        "side": min(SIDE_MAX, max(SIDE_MIN, (code.side + 2 * QUIET_ZONE) * _MODULE)),
    }


def attachments(printed: Printed) -> list[dict[str, Any]]:
    """The files that a PDF carries: the token, and the portrait with its salt."""
    name = printed.token_name
    found = [_attached(name, printed.token, "source", COSE, "The signed token (COSE_Sign1)")]
    if printed.portrait is not None:
        photo = checked_portrait(printed.portrait.photo)
        kind = photo.format.value
        salt = f"{printed.portrait.salt.hex()}\n".encode()
        found += [
            _attached(f"portrait.{kind}", photo.data, "supplement", f"image/{kind}", "Portrait"),
            _attached(PORTRAIT_SALT, salt, "supplement", "text/plain", "Salt of its digest"),
        ]
    return found


def _attached(
    name: str, content: bytes, relationship: str, mime_type: str, description: str
) -> dict[str, Any]:
    return {
        "name": name,
        "bytes": list(content),
        "relationship": relationship,
        "mime_type": mime_type,
        "description": description,
    }


def _portrait(printed: Printed) -> dict[str, Any] | None:
    if printed.portrait is None:
        return None
    photo = checked_portrait(printed.portrait.photo)
    return {
        "bytes": list(photo.data),
        "format": "jpg" if photo.format.value == "jpeg" else photo.format.value,
        "width": photo.width,
        "height": photo.height,
        "alt": printed.learner_name or "",
    }
