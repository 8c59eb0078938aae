"""``workspace.json``: who signs in a workspace, its first root, and which page its links open."""

import json
import re
from pathlib import Path
from typing import NamedTuple

from signedcert.codec.text import checked_page
from signedcert.errors import EncodeError, SignedCertError, TrustError
from signedcert.trust.jwks import checked_issuer

#: 2 has root keys, an issuer document and a ledger; 1 had a signing key and a key set alone.
_FORMAT = 2
_SIZE_MAX = 65_536


class WorkspaceError(SignedCertError):
    """A folder that is no workspace, cannot become one, or has no key for the moment."""


class Settings(NamedTuple):
    """What a workspace was made with.

    :ivar issuer: host and optional path.
    :ivar page: the verify page, before the ``#`` of its links.
    :ivar first_root: the thumbprint (RFC 9679) of the root key it began with: 32 bytes.
    """

    issuer: str
    page: str
    first_root: bytes


def settings_file(settings: Settings) -> bytes:
    """The content of the file."""
    document = {
        "format": _FORMAT,
        "issuer": settings.issuer,
        "page": settings.page,
        "first_root": settings.first_root.hex(),
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def read_settings(path: Path) -> Settings:
    """What the file says.

    :raises WorkspaceError: when there is no such file, or it is damaged or of another version.
    """
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_SIZE_MAX))
    except (FileNotFoundError, NotADirectoryError):
        raise WorkspaceError(
            f"{path.parent} is no workspace; make one with: signedcert init --workspace DIR "
            "--issuer HOST"
        ) from None
    except (ValueError, RecursionError):
        raise WorkspaceError(f"{path} is damaged: it is not JSON") from None
    # Python takes true for 1.
    if not isinstance(document, dict) or type(document.get("format")) is not int:
        raise WorkspaceError(f"{path} is damaged: it does not say its format")
    if document["format"] != _FORMAT:
        raise WorkspaceError(f"{path} is not of the format that this version reads ({_FORMAT})")
    page, root = document.get("page"), document.get("first_root")
    try:
        if not isinstance(page, str):
            raise EncodeError("the verify page is missing")
        if not isinstance(root, str) or not re.fullmatch("[0-9a-f]{64}", root):
            raise EncodeError("the fingerprint of the first root is missing")
        return Settings(
            checked_issuer(document.get("issuer")), checked_page(page), bytes.fromhex(root)
        )
    except (TrustError, EncodeError) as error:
        raise WorkspaceError(f"{path} is damaged: {error}") from error
