"""What an issuer publishes, read from its site or from a copy of it in a folder."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from signedcert.fetch.errors import FetchError, NotFoundError
from signedcert.fetch.fetching import Fetcher
from signedcert.model.issuer_document import DOCUMENT_MAX
from signedcert.model.text import URL_MAX
from signedcert.trust.status_token import TOKEN_MAX

DOCUMENT_PATH: Final = ".well-known/signedcert/issuer.cbor"
LISTS_PATH: Final = "status/lists.json"
#: Room for ten thousand status lists.
_LISTS_MAX = 2_000_000
_COUNT_MAX = 10_000


class Site(Protocol):
    """Where an issuer's published files are read from."""

    def read(self, path: str, limit: int) -> bytes:
        """The file at a path relative to the issuer's own URL.

        :raises NotFoundError: when there is none.
        :raises FetchError: when it cannot be read, or is larger.
        """


@dataclass(frozen=True, slots=True)
class WebSite:
    """A site on the web.

    :ivar base: its URL, with a slash at its end: ``https://ISSUER/``, or where it is for a test.
    """

    fetcher: Fetcher
    base: str

    def read(self, path: str, limit: int) -> bytes:
        """The file; see :class:`Site`."""
        return self.fetcher.get(self.base + path, limit=limit)


@dataclass(frozen=True, slots=True)
class FolderSite:
    """A copy of a site in a folder, as ``signedcert publish`` writes it."""

    folder: Path

    def read(self, path: str, limit: int) -> bytes:
        """The file; see :class:`Site`."""
        place = self.folder / path
        try:
            with place.open("rb") as file:
                data = file.read(limit + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise NotFoundError(str(place), "there is no such file") from None
        except OSError as error:
            raise FetchError(str(place), error.strerror or "it cannot be read") from error
        if len(data) > limit:
            raise FetchError(str(place), f"it has more than {limit} bytes")
        return data


def read_document(site: Site) -> bytes:
    """The issuer document. It proves nothing before it was verified.

    :raises FetchError: when it cannot be read.
    """
    return site.read(DOCUMENT_PATH, DOCUMENT_MAX)


def read_status_lists(
    site: Site, issuer: str, elsewhere: Callable[[str], bytes] | None = None
) -> list[bytes]:
    """The status lists that the site says there are. They prove nothing before they were verified.

    :param elsewhere: reads a list whose URI is not under the issuer's own; None: such are refused.
    :raises FetchError: when one cannot be read.
    """
    try:
        uris = _uris(site)
    except NotFoundError:
        return []
    tokens, top = [], f"https://{issuer}/"
    for uri in uris:
        if uri.startswith(top) and _is_path(path := uri.removeprefix(top)):
            tokens.append(site.read(path, TOKEN_MAX))
        elif elsewhere is not None:
            tokens.append(elsewhere(uri))
        else:
            raise FetchError(uri, f"it is not on the site of {issuer}")
    return tokens


def _uris(site: Site) -> list[str]:
    """A Status List Aggregation (draft-ietf-oauth-status-list, section 9.3)."""
    data = site.read(LISTS_PATH, _LISTS_MAX)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    uris = document.get("status_lists") if isinstance(document, dict) else None
    if (
        not isinstance(uris, list)
        or len(uris) > _COUNT_MAX
        or not all(isinstance(uri, str) and len(uri) <= URL_MAX for uri in uris)
    ):
        raise FetchError(LISTS_PATH, "it is not a list of status lists")
    return uris


def _is_path(path: str) -> bool:
    """Whether it names a file below the top, and none above it."""
    parts = path.split("/")
    return all(re.fullmatch(r"[A-Za-z0-9\-._~]+", part) and part.strip(".") for part in parts)
