"""Pages that lead from a printed code to its certificate, for who types the code by hand.

Such a page carries the certificate's link, and with it everything that the certificate says: it is
only made where the learner agreed. It says nothing else of the learner. It has no script, proves
nothing, and sends its reader on to the verify page, which does.
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path

from signedcert.codec.base64url import to_base64url
from signedcert.codec.packed import pack
from signedcert.workspace.site.paths import BY_CODE_FOLDER, is_by_code_path

#: How each of these pages begins, and no other: by it they are known from a user's own.
_MARK = b'<!doctype html>\n<html lang="en" data-signedcert="by-code">\n'
_PAGE = """\
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; \
form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex, nofollow, noarchive">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="0; url={link}">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{says}</p>
<p><a href="{link}" rel="noreferrer">{label}</a></p>
</main>
</body>
</html>
"""


def by_code_page(code: str, issuer: str, token: bytes, page: str | None) -> bytes:
    """The page for one code, in UTF-8.

    :param token: the certificate.
    :param page: the verify page's URL, without a fragment; None: that of the same site.
    :raises DecodeError: when the token is none.
    """
    return _filled(
        title=f"Certificate {code}",
        says=f"Published by {issuer}. This address proves nothing: the next page checks.",
        link=f"{page or '../../c/'}#{to_base64url(pack(token))}",
        label="Check this certificate",
    )


def by_code_start(page: str | None) -> bytes:
    """What is shown to who leaves out the code. Without it, some hosts would list what is there.

    :param page: as for :func:`by_code_page`.
    """
    return _filled(
        title="Check a certificate",
        says="A certificate is opened by its link, its QR code, or the code printed on it.",
        link=page or "../c/",
        label="Go to the page that checks",
    )


def by_code_pages_in(site: Path) -> Mapping[str, Path]:
    """The pages for codes that were published into a folder: relative path → where they are.

    :raises OSError: when one is there and cannot be read.
    """
    found = {
        each.relative_to(site).as_posix(): each
        for each in (site / BY_CODE_FOLDER).glob("*/index.html")
    }
    return {path: each for path, each in found.items() if is_by_code_path(path) and _is_ours(each)}


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


def _filled(**texts: str) -> bytes:
    return _MARK + _PAGE.format(**{name: escape(text) for name, text in texts.items()}).encode()
