"""What an issuer's site had when it was read: the files, how the server answered, what failed."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from signedcert.codec.lift import lift
from signedcert.errors import DecodeError, TrustError
from signedcert.fetch.doctor.links import page_within
from signedcert.fetch.errors import FetchError, NotFoundError
from signedcert.fetch.published import (
    DOCUMENT_PATH,
    LISTS_PATH,
    FolderSite,
    Site,
    WebSite,
    read_status_lists,
)
from signedcert.fetch.response import Response
from signedcert.model.issuer_document import DOCUMENT_MAX, IssuerDocument
from signedcert.trust.chain import Unverified, look_into
from signedcert.trust.jwks import JWKS_MAX
from signedcert.trust.status_token import TOKEN_MAX

JWKS_PATH: Final = ".well-known/jwks.json"
DID_PATH: Final = ".well-known/did.json"
#: Where did:web looks for an issuer with a path.
DID_PATH_AT_PATH: Final = "did.json"
HEADERS_PATH: Final = "_headers"
#: Of the verify page: the page itself, which a host sends for its folder, and its service worker.
INDEX: Final = "index.html"
WORKER: Final = "sw.js"
_PAGE_FILE_MAX: Final = 16_777_216
_LIST_FILES: Final = ("status/*.cwt",)
#: What an issuer's site has besides its document, and a verify page alone has not; and the headers
#: of both, which tell the two apart.
_WITH_DOCUMENT: Final = (JWKS_PATH, DID_PATH, DID_PATH_AT_PATH, LISTS_PATH, HEADERS_PATH)
_DID_MAX = 1_048_576
#: How many bytes of status lists are read before the others are left out.
_LISTS_TOTAL = 256 << 20
_TOO_MUCH = "the lists before it are more than are read at once"


class FileRead(NamedTuple):
    """A file that was read, or why it was not.

    :ivar path: relative to the site's top; of a status list elsewhere its URI.
    :ivar data: its bytes; empty where there is a problem.
    :ivar received_at: what this machine's clock said then.
    :ivar problem: why it could not be read, or None.
    :ivar missing: whether that is because there is no such file.
    :ivar response: how the server answered; None for folders, and where there is a problem.
    """

    path: str
    data: bytes
    received_at: datetime
    problem: str | None = None
    missing: bool = False
    response: Response | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A site's files.

    :ivar document: the issuer document. Where it says nothing that can be read, no other file was;
        where a folder has none, only those that say whether it should.
    :ivar files: the other files by path, status lists left out.
    :ivar lists: the status lists that the site names, in its order.
    :ivar lists_problem: why it could not be found out which there are, or None.
    :ivar present: of a folder, which of the files are there that nothing names; None for the web.
    :ivar private: of a folder, the files that must never be published; none for the web.
    :ivar page: the files of the verify page by path; where the page itself is not there, beside it
        only the service worker.
    :ivar opened: the page that links open, where it is on this site; None where it is elsewhere.
    """

    document: FileRead
    files: Mapping[str, FileRead] = field(default_factory=dict)
    lists: tuple[FileRead, ...] = ()
    lists_problem: str | None = None
    present: frozenset[str] | None = None
    private: tuple[str, ...] = ()
    page: Mapping[str, FileRead] = field(default_factory=dict)
    opened: FileRead | None = None

    @property
    def on_the_web(self) -> bool:
        """Whether a server answered, rather than a folder."""
        return self.present is None

    def all_read(self) -> list[FileRead]:
        """Every file that was read, the verify page left out."""
        read = [self.document, *self.files.values(), *self.lists]
        return [each for each in read if each.problem is None]


def read_snapshot(
    site: WebSite | FolderSite,
    clock: Callable[[], datetime],
    private_files: Callable[[Path], Sequence[str]],
    page: Collection[str] = (),
) -> Snapshot:
    """Reads what there is to check. Files that cannot be read are part of the answer.

    :param clock: tells this machine's time, in UTC.
    :param private_files: tells which files in a folder must never be published.
    :param page: the paths of the verify page's files.
    """
    reader = _Reader(site, clock)
    document = reader.file(DOCUMENT_PATH, DOCUMENT_MAX)
    present = _present(site) if isinstance(site, FolderSite) else None
    private = tuple(private_files(site.folder)) if isinstance(site, FolderSite) else ()
    if document.missing and present is not None:
        others = {path: reader.file(path, JWKS_MAX) for path in _WITH_DOCUMENT}
        pages = {each.path: each for each in _page(reader, page)}
        return Snapshot(document, others, present=present, private=private, page=pages)
    try:
        unverified = look_into(document.data)
    except TrustError:
        return Snapshot(document, present=present, private=private)
    issuer = unverified.issuer
    files = {JWKS_PATH: JWKS_MAX, DID_PATH: _DID_MAX}
    if "/" in issuer:
        files[DID_PATH_AT_PATH] = _DID_MAX
    found = {path: reader.file(path, limit) for path, limit in files.items()}
    lists = _ListReader(reader)
    problem = None
    try:
        read_status_lists(lists, issuer, lists.elsewhere)
    except FetchError as error:
        problem = error.problem
    if lists.aggregation is not None:
        found[LISTS_PATH] = lists.aggregation
    pages = {each.path: each for each in _page(reader, page)}
    opened = _opened(reader, unverified, pages)
    listed = tuple(lists.found.values())
    return Snapshot(document, found, listed, problem, present, private, pages, opened)


def _opened(
    reader: "_Reader", unverified: Unverified, pages: Mapping[str, FileRead]
) -> FileRead | None:
    """The page that links open. Nothing is read but what lies within this site."""
    try:
        url = lift(unverified.frame.payload, IssuerDocument).verify_url
    except DecodeError:
        return None
    path = page_within(unverified.issuer, url)
    return None if path is None else pages.get(path) or reader.page(path)


def _page(reader: "_Reader", paths: Collection[str]) -> Iterator[FileRead]:
    for index in (path for path in paths if path.endswith(f"/{INDEX}")):
        folder = index.removesuffix(INDEX)
        read = reader.page(index)
        yield read
        others = (path for path in paths if path.startswith(folder) and path != index)
        for path in others if not read.missing else (folder + WORKER,):
            yield reader.file(path, _PAGE_FILE_MAX)


class _Reader:
    """Reads files one by one, and keeps how each came out."""

    def __init__(self, site: WebSite | FolderSite, clock: Callable[[], datetime]) -> None:
        self.site = site
        self._clock = clock

    def file(self, path: str, limit: int) -> FileRead:
        """A file of the site."""
        if isinstance(self.site, WebSite):
            return self.answer(path, self.site.base + path, limit)
        try:
            data = self.site.read(path, limit)
        except FetchError as error:
            return self.failed(path, error)
        return FileRead(path, data, received_at=self._clock())

    def page(self, path: str) -> FileRead:
        """A page, which a server sends for its folder."""
        if isinstance(self.site, WebSite):
            return self.answer(path, self.site.base + path.removesuffix(INDEX), _PAGE_FILE_MAX)
        return self.file(path, _PAGE_FILE_MAX)

    def answer(self, path: str, url: str, limit: int) -> FileRead:
        """What a server answers at a URL."""
        if not isinstance(self.site, WebSite):
            error = FetchError(url, "it is not on this site, so it has to be checked where it is")
            return self.failed(path, error)
        try:
            response = self.site.fetcher.get_with_headers(url, limit=limit)
        except FetchError as error:
            return self.failed(path, error)
        return FileRead(path, response.body, response=response, received_at=self._clock())

    def failed(self, path: str, error: FetchError) -> FileRead:
        """A file that was not read."""
        missing = isinstance(error, NotFoundError)
        return FileRead(path, b"", self._clock(), error.problem, missing)


class _ListReader(Site):
    """A site of which :func:`read_status_lists` reads all lists, also past one that fails."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader
        self._left = _LISTS_TOTAL
        self.aggregation: FileRead | None = None
        self.found: dict[str, FileRead] = {}

    def read(self, path: str, limit: int) -> bytes:
        if path == LISTS_PATH and self.aggregation is None:
            read = self.aggregation = self._reader.file(path, limit)
            if read.missing:
                raise NotFoundError(path, str(read.problem))
            if read.problem is not None:
                raise FetchError(path, read.problem)
            return read.data
        return self._kept(path, lambda most: self._reader.file(path, min(limit, most)))

    def elsewhere(self, uri: str) -> bytes:
        return self._kept(uri, lambda most: self._reader.answer(uri, uri, min(TOKEN_MAX, most)))

    def _kept(self, name: str, read: Callable[[int], FileRead]) -> bytes:
        if name not in self.found:
            if self._left > 0:
                found = read(self._left)
            else:
                found = self._reader.failed(name, FetchError(name, _TOO_MUCH))
            self.found[name] = found
            self._left -= len(found.data)
        return b""  # whoever checks them takes them from here, one at a time


def _present(site: FolderSite) -> frozenset[str]:
    patterns = (HEADERS_PATH, *_LIST_FILES)
    return frozenset(
        path.relative_to(site.folder).as_posix()
        for pattern in patterns
        for path in site.folder.glob(pattern)
    )
