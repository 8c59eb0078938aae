"""How a host should answer for the files of the page: media types, and what browsers may do."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from signedcert.web.page import DECODER_POLICY_FILE, POLICY_FILE, built_files

#: The worker that reads QR codes where a browser cannot. It runs WebAssembly, the page does not.
DECODER: Final = "decoder.js"
_BINARY: Final = "application/octet-stream"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",  # RFC 9239
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",  # WebAssembly Web API: compiled while it arrives
    ".webmanifest": "application/manifest+json",
}
#: The camera for QR codes, and nothing else that a page may ask people for.
_PERMISSIONS: Final = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


def media_type(name: str) -> str:
    """The media type of a file by the ending of its name."""
    return _TYPES.get(PurePosixPath(name).suffix.lower(), _BINARY)


def page_policy() -> str:
    """The Content-Security-Policy of the page: its own script and style, its own origin."""
    return _policy(POLICY_FILE)


def decoder_policy() -> str:
    """That of the decoder: a worker goes by the policy that its own response carries."""
    return _policy(DECODER_POLICY_FILE)


def page_headers(name: str) -> Mapping[str, str]:
    """The headers with which a host should answer for a file of the page.

    :param name: as in :func:`signedcert.web.page_files`.
    """
    return {
        "Content-Type": media_type(name),
        # Asked for anew each time: who opens a link goes by the page as it is now.
        "Cache-Control": "no-cache",
        "Content-Security-Policy": decoder_policy() if name == DECODER else page_policy(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": _PERMISSIONS,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _policy(name: str) -> str:
    return " ".join(built_files()[name].decode("ascii").split())
