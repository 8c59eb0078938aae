"""What an issuer publishes, read from its site or from a copy of it in a folder."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from signedcert.fetch.deadline import Deadline
from signedcert.fetch.errors import FetchError, NotFoundError
from signedcert.fetch.fetching import Fetcher
from signedcert.model.issuer_document import DOCUMENT_MAX, IssuerDocument
from signedcert.model.text import URL_MAX
from signedcert.trust.status_token import TOKEN_MAX

DOCUMENT_PATH: Final = ".well-known/signedcert/issuer.cbor"
LISTS_PATH: Final = "status/lists.json"
#: For all status lists of an issuer together: bytes, and seconds.
LISTS_BYTES: Final = 512 << 20
LISTS_SECONDS: Final = 600.0
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


class NamedLists(NamedTuple):
    """Which status lists a site says there are.

    :ivar numbers: of those whose URI follows from the issuer's document, each once, in the site's
        order.
    :ivar strangers: how many other URIs it names.
    """

    numbers: tuple[int, ...]
    strangers: int


def named_lists(site: Site, document: IssuerDocument) -> NamedLists:
    """Which status lists of a verified document the site names. Nobody has signed that it does.

    :raises FetchError: when that cannot be read.
    """
    try:
        uris = _uris(site)
    except NotFoundError:
        uris = []
    found = [document.status_list_number(uri) for uri in uris]
    numbers = dict.fromkeys(number for number in found if number is not None)
    return NamedLists(tuple(numbers), found.count(None))


def fetched_lists(  # noqa: PLR0913 - the bounds stand beside what they bound
    site: Site,
    document: IssuerDocument,
    numbers: Sequence[int],
    elsewhere: Callable[[str], bytes] | None = None,
    *,
    bytes_max: int = LISTS_BYTES,
    seconds: float = LISTS_SECONDS,
) -> Iterator[tuple[int, bytes | FetchError]]:
    """Status lists one by one, each read when it is asked for; or why one could not be read.

    They prove nothing before they were verified.

    :param document: the verified document, with a URI for each of the numbers.
    :param elsewhere: reads a list whose URI is not under the issuer's own; None: such are refused.
    :param bytes_max: how large all of them may be together. The one that is too much is not given
        out.
    :param seconds: for how long another one is begun, counted from the first.
    :raises FetchError: when either is used up; there are no more then.
    """
    deadline, received = Deadline.after(seconds), 0
    for number in numbers:
        uri = document.status_list_uri(number)
        assert uri is not None  # the numbers came from URIs
        if not deadline.left():
            problem = f"the lists before it took more than {seconds:g} seconds; try again later"
            raise FetchError(uri, problem)
        try:
            token = _list_at(uri, site, document.issuer, elsewhere)
        except FetchError as error:
            yield number, error
            continue
        received += len(token)
        if received > bytes_max:
            problem = f"with it, the lists have more than {bytes_max} bytes; tell the issuer"
            raise FetchError(uri, problem)
        yield number, token


def read_status_lists(
    site: Site, issuer: str, elsewhere: Callable[[str], bytes] | None = None
) -> list[bytes]:
    """All that the site names as status lists, its issuer's or not: to check it, not to trust it.

    :param elsewhere: reads a list whose URI is not under the issuer's own; None: such are refused.
    :raises FetchError: when one cannot be read.
    """
    try:
        uris = _uris(site)
    except NotFoundError:
        return []
    return [_list_at(uri, site, issuer, elsewhere) for uri in uris]


def _list_at(uri: str, site: Site, issuer: str, elsewhere: Callable[[str], bytes] | None) -> bytes:
    top = f"https://{issuer}/"
    if uri.startswith(top) and _is_path(path := uri.removeprefix(top)):
        return site.read(path, TOKEN_MAX)
    if elsewhere is None:
        raise FetchError(uri, f"it is not on the site of {issuer}")
    return elsewhere(uri)


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
