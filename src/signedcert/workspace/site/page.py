"""The verify page as part of a site, or alone: where its files go, and when its worker is retired.

A service worker that misbehaves goes on in the browsers that have it, with or without the page. To
be rid of it, another one is published in its place, which browsers fetch when a page of the folder
is opened, and which removes itself and what was kept.
"""

from datetime import timedelta
from pathlib import Path

from signedcert.web import WORKER, page_files, retired_worker
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.site.folder import publish_folder
from signedcert.workspace.site.headers import headers_file
from signedcert.workspace.site.paths import HEADERS_FILE, ISSUER_FILE, page_paths

#: Nothing that the page consists of depends on it.
_NO_TTL = timedelta(days=1)


def verify_page(*, whole: bool = True, retire_worker: bool = False) -> dict[str, bytes]:
    """What a site has of the verify page: path → content.

    :param whole: whether it has the page, once for certificates and once for course records.
    :param retire_worker: whether what removes service workers stands in place of the worker.
    :raises WorkspaceError: when the installed package has no page.
    """
    if not whole and not retire_worker:
        return {}
    try:
        files = dict(page_files()) if whole else {}
        if retire_worker:
            files[WORKER] = retired_worker()
    except ImportError as error:
        raise WorkspaceError(f"{error}; or publish without it: --no-page") from error
    return {path: data for name, data in files.items() for path in page_paths(name)}


def publish_page_alone(out: Path, *, retire_worker: bool = False) -> tuple[str, ...]:
    """Writes the verify page into a folder, without any issuer's keys: for who checks.

    As with a site, files that are not ours stay, and readers see the old page or the new one.

    :returns: the relative paths of all files.
    :raises WorkspaceError: when the folder is an issuer's site, or for what
        :func:`~signedcert.workspace.site.folder.publish_folder` refuses.
    """
    if (out / ISSUER_FILE).exists():
        raise WorkspaceError(
            f"{out} is the site of an issuer, and its keys and lists would be taken away; "
            "signedcert publish writes the page there. Nothing was written"
        )
    files = verify_page(retire_worker=retire_worker)
    files[HEADERS_FILE] = headers_file("", sorted(files), ttl=_NO_TTL)
    publish_folder(out, files)
    return tuple(sorted(files))
