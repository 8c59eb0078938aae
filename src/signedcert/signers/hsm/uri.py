"""PKCS#11 URIs (RFC 7512): which module, which token, which key. Never the PIN."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from unicodedata import category
from urllib.parse import quote, unquote_to_bytes

from signedcert.errors import SignerError

_SCHEME = "pkcs11:"
_EXAMPLE = "pkcs11:token=issuer;object=signing?module-path=/usr/lib/softhsm/libsofthsm2.so"
_PATH = ("token", "serial", "object", "id")
_QUERY = ("module-path",)
#: RFC 7512, section 2.3: what a value is written in, in the path and in the query.
_PATH_VALUE = re.compile(r"(?:[A-Za-z0-9\-._~:\[\]@!$'()*+,=&]|%[0-9A-Fa-f]{2})+")
_QUERY_VALUE = re.compile(r"(?:[A-Za-z0-9\-._~:\[\]@!$'()*+,=/?|]|%[0-9A-Fa-f]{2})+")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Pkcs11Uri:
    """Where a key is, in the parts of a PKCS#11 URI (RFC 7512) that this library knows.

    What is None is not asked about. ``str()`` gives the URI.

    :ivar module_path: the absolute path of the token's PKCS#11 module, a shared library.
    :ivar token: the token's label.
    :ivar serial: the token's serial number.
    :ivar object: the label (CKA_LABEL) of the key.
    :ivar id: the identifier (CKA_ID) of the key.
    :raises ValueError: for an empty part, one with control characters, or a relative path.
    """

    module_path: str
    token: str | None = None
    serial: str | None = None
    object: str | None = None
    id: bytes | None = None

    def __post_init__(self) -> None:
        texts = {
            "module-path": self.module_path,
            "token": self.token,
            "serial": self.serial,
            "object": self.object,
        }
        for name, text in texts.items():
            if text is not None and not (isinstance(text, str) and _is_plain(text)):
                raise ValueError(f"{name} must be text, not empty, without control characters")
        if self.id is not None and not (isinstance(self.id, bytes) and self.id):
            raise ValueError("id must be bytes, and not empty")
        if self.module_path is None or not Path(self.module_path).is_absolute():
            raise ValueError("module-path must be the absolute path of the PKCS#11 module")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The parts of a URI.

        :raises SignerError: when it is no PKCS#11 URI, has no module-path, repeats an attribute,
            or has one besides token, serial, object, id and module-path. The message quotes no
            value: a PIN may be among them.
        """
        if not isinstance(text, str):
            raise TypeError("a PKCS#11 URI must be text")
        if text[: len(_SCHEME)].lower() != _SCHEME:  # RFC 3986, section 3.1: in either case
            raise SignerError(f"this is not a PKCS#11 URI; one looks like {_EXAMPLE}")
        path, _, query = text[len(_SCHEME) :].partition("?")
        found: dict[str, bytes] = {}
        for attribute in path.split(";") if path else ():
            _read(attribute, _PATH, _PATH_VALUE, found)
        for attribute in query.split("&") if query else ():
            _read(attribute, _QUERY, _QUERY_VALUE, found)
        if "module-path" not in found:
            raise SignerError(
                "the PKCS#11 URI does not say which module to load: end it with "
                "?module-path= and the path of your token's PKCS#11 module"
            )
        identifier = found.pop("id", None)
        try:
            texts = {name.replace("-", "_"): raw.decode() for name, raw in found.items()}
            return cls(**texts, id=identifier)
        except UnicodeDecodeError:
            raise SignerError("the PKCS#11 URI has a value that is not UTF-8") from None
        except ValueError as error:
            raise SignerError(f"the PKCS#11 URI: {error}") from error

    def __str__(self) -> str:
        texts = {"token": self.token, "serial": self.serial, "object": self.object}
        path = [f"{name}={quote(text, safe='')}" for name, text in texts.items() if text]
        if self.id:
            path.append("id=" + "".join(f"%{octet:02X}" for octet in self.id))
        return f"{_SCHEME}{';'.join(path)}?module-path={quote(self.module_path, safe='/')}"


def _is_plain(text: str) -> bool:
    """Whether a text is not empty, and has neither control characters nor lone surrogates."""
    return text != "" and not {category(character) for character in text} & {"Cc", "Cs"}


def _read(
    attribute: str, known: tuple[str, ...], values: re.Pattern[str], found: dict[str, bytes]
) -> None:
    """Adds one attribute to those found."""
    name, equals, value = attribute.partition("=")
    if name in ("pin-value", "pin-source"):
        raise SignerError(
            "the PKCS#11 URI must not carry the PIN or say where it is; leave out "
            f"{name} and give the PIN through the environment or at the prompt"
        )
    if not equals or not _NAME.fullmatch(name):
        raise SignerError("the PKCS#11 URI has a part that is not of the form name=value")
    if name not in known:
        raise SignerError(
            f"the PKCS#11 URI has the attribute {name} where only {', '.join(known)} can be; "
            "leave it out"
        )
    if name in found:
        raise SignerError(f"the PKCS#11 URI has the attribute {name} twice")
    if not values.fullmatch(value):
        raise SignerError(
            f"the PKCS#11 URI's value of {name} is empty, or has characters that must be written "
            "with % and two hexadecimal digits (RFC 7512)"
        )
    found[name] = unquote_to_bytes(value)
