"""``workspace.json``: who signs in a workspace, and which page its links open."""

import json
from pathlib import Path

from signedcert.codec.text import checked_page
from signedcert.errors import EncodeError, SignedCertError, TrustError
from signedcert.trust.jwks import checked_issuer

_FORMAT = 1
_SIZE_MAX = 65_536


class WorkspaceError(SignedCertError):
    """A folder that is no workspace, cannot become one, or has no key for the moment."""


def settings(issuer: str, page: str) -> bytes:
    """The content of the file."""
    document = {"format": _FORMAT, "issuer": issuer, "page": page}
    return (json.dumps(document, indent=2) + "\n").encode()


def read_settings(path: Path) -> tuple[str, str]:
    """Issuer and page.

    :raises WorkspaceError: when there is no such file, or it is damaged or of a later version.
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
    page = document.get("page")
    try:
        if not isinstance(page, str):
            raise EncodeError("the verify page is missing")
        return checked_issuer(document.get("issuer")), checked_page(page)
    except (TrustError, EncodeError) as error:
        raise WorkspaceError(f"{path} is damaged: {error}") from error
