"""Which response headers a published site needs, and the ``_headers`` file that says so to a host.

Netlify and Cloudflare Pages read that file. Every file has a rule of its own: where two rules with
the same header match one path, these hosts join both values with a comma, which no media type
survives. Sealed shares, of which there may be many, have one rule together, and so have the pages
that lead from printed codes to certificates: Cloudflare reads 100 rules at most.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from signedcert.web import INDEX, page_files, page_headers
from signedcert.workspace.site.paths import (
    AGGREGATION_FILE,
    BY_CODE_FOLDER,
    BY_CODE_START,
    DID_FILE,
    DID_FILE_AT_PATH,
    HEADERS_FILE,
    ISSUER_FILE,
    JWKS_FILE,
    MANIFEST_FILE,
    PAGE_FOLDERS,
    SEALED_FOLDER,
    is_by_code_path,
    is_sealed_path,
)

#: However long a status list may be used: a revocation should be seen the same day.
_AGE_MAX = timedelta(hours=12)
#: draft-ietf-oauth-status-list, section 8.2. Every path that is not below is a status list's: the
#: issuer chose it.
_STATUS_LIST = "application/statuslist+cwt"
#: RFC 9052, section 2.
_SEALED = 'application/cose; cose-type="cose-encrypt0"'
_PLAIN = "text/plain; charset=utf-8"
_TYPES = {
    ISSUER_FILE: 'application/cose; cose-type="cose-sign1"',  # RFC 9052, section 2
    JWKS_FILE: "application/jwk-set+json",  # RFC 7517, section 8.5.2
    DID_FILE: "application/did+json",  # DID 1.0, section 6.2
    DID_FILE_AT_PATH: "application/did+json",
    AGGREGATION_FILE: "application/json",  # draft-ietf-oauth-status-list, section 9.3
    MANIFEST_FILE: _PLAIN,
    HEADERS_FILE: _PLAIN,
}
#: For pages without script, style or picture. Nobody is to find them but who has the code.
_BY_CODE = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PREAMBLE = """\
# Response headers for what signedcert published here. Netlify and Cloudflare Pages read this file
# in the top folder of a site. For other hosts, set the same in their configuration:
#   Access-Control-Allow-Origin  lets verify pages on other sites read the file
#   Content-Type                 says what it is, and nosniff that it is nothing else
#   Cache-Control                how old a copy may be: half of what a status list allows, at most
#                                12 hours; no-cache: asked for anew each time
#   Content-Security-Policy, Cross-Origin-Opener-Policy, Permissions-Policy, Referrer-Policy
#                                what browsers let the verify page do: nothing that it does not need
#   X-Robots-Tag                 keeps search engines out of pages that lead to certificates
# Hosts that leave out names with a leading dot (GitHub Pages, without an empty file .nojekyll in
# the top folder) leave out .well-known, and then nobody finds the keys.
"""


def cache_seconds(ttl: timedelta) -> int:
    """How long caches may keep a copy, in seconds: half of the ttl, at most 12 hours.

    A cache hands out a copy up to this long after the next list was published. With half of the
    ttl, an issuer that publishes as often as its ttl asks never has a list go stale in a cache
    for longer than that; and a revocation is seen within 12 hours even where the ttl is weeks.

    :raises ValueError: unless the ttl is longer than zero.
    """
    if ttl <= timedelta(0):
        raise ValueError("the ttl must be longer than zero")
    return int(min(ttl / 2, _AGE_MAX).total_seconds())


def expected_headers(path: str, *, ttl: timedelta) -> Mapping[str, str]:
    """The headers with which a host should answer for a file of the site.

    :param path: the file's relative path, as in :func:`signedcert.workspace.site.files.site_files`.
    :param ttl: how long a status list may be used before a fresh one is fetched.
    :raises ValueError: unless the ttl is longer than zero.
    """
    kept = f"public, max-age={cache_seconds(ttl)}"
    if _is_by_code(path):
        return _BY_CODE
    name = page_name(path)
    if name is not None:
        return page_headers(name)
    sealed = is_sealed_path(path)
    return {
        "Access-Control-Allow-Origin": "*",
        "Content-Type": _SEALED if sealed else _TYPES.get(path, _STATUS_LIST),
        # What was reset is gone at once: a cache asks each time whether it still is there.
        "Cache-Control": "no-cache" if sealed else kept,
        "X-Content-Type-Options": "nosniff",
    }


def page_name(path: str) -> str | None:
    """The name of a file of the verify page in the page's own folder, where one lies at a path.

    :param path: relative to the top of the site; that of the folder itself ends in a slash.
    """
    folder, slash, name = path.partition("/")
    if folder not in PAGE_FOLDERS or not slash or is_sealed_path(path):
        return None
    name = name or INDEX
    return name if name in page_files() else None


def headers_file(issuer: str, paths: Iterable[str], *, ttl: timedelta) -> bytes:
    """The ``_headers`` file, in ASCII.

    It has a rule for each path, one for all sealed shares, and one for all pages that lead from
    printed codes. A page that is shown for its folder has a rule under that name, too.

    :param issuer: host and optional path. Rules name paths from the host's root, so for an issuer
        with a path they belong into the ``_headers`` file of the whole host. Empty: no host's.
    :raises ValueError: unless the ttl is longer than zero.
    """
    _, slash, folder = issuer.partition("/")
    rules = {
        pattern: expected_headers(path, ttl=ttl) for path in paths for pattern in _patterns(path)
    }
    written = [
        f"\n/{folder}{slash}{pattern}\n"
        + "".join(f"  {name}: {value}\n" for name, value in headers.items())
        for pattern, headers in rules.items()
    ]
    return "".join([_PREAMBLE, *written]).encode("ascii")


def _patterns(path: str) -> tuple[str, ...]:
    """What requests for a file look like, as patterns of the ``_headers`` file."""
    if is_sealed_path(path):
        return (f"{SEALED_FOLDER}/*",)
    if _is_by_code(path):
        return (f"{BY_CODE_FOLDER}/*",)
    if page_name(path) == INDEX:
        return (path.removesuffix(INDEX), path)
    return (path,)


def _is_by_code(path: str) -> bool:
    return path == BY_CODE_START or is_by_code_path(path)
