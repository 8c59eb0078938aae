"""Where links lead: whether to a page of the issuer's own site, and to which file of it."""

import re
from urllib.parse import urlsplit

_INDEX = "index.html"
#: A folder, or the page in it, whose names a web server and a file system read in the same way.
_FOLDER = re.compile(r"(?:[\w-][\w.-]*/)*", re.ASCII)


def page_within(issuer: str, url: str | None) -> str | None:
    """The path of the page that links open, where it lies in the issuer's own site.

    :param url: the issuer's verify URL, if it has one.
    :returns: the path from the site's top, ending in ``index.html``; None where the page is
        elsewhere, or it cannot be told which file it is.
    """
    host, _, top = issuer.partition("/")
    prefix = f"/{top}/" if top else "/"
    parts = urlsplit(url or "")
    if (parts.scheme, parts.netloc.lower().removesuffix(":443")) != ("https", host):
        return None
    folder = parts.path.removeprefix(prefix).removesuffix(_INDEX)
    if not parts.path.startswith(prefix) or not _FOLDER.fullmatch(folder):
        return None
    return folder + _INDEX
