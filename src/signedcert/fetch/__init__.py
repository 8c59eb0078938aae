"""Bounded HTTPS reading of what issuers publish (needs the extra ``fetch``).

Nothing here runs during verification.
"""

try:
    from signedcert.fetch.errors import FetchError, NotFoundError, UnavailableError
    from signedcert.fetch.fetching import Fetcher
    from signedcert.fetch.response import Progress, Response
except ModuleNotFoundError as error:
    if error.name not in ("httpx", "httpcore"):
        raise
    raise ImportError(
        "signedcert.fetch needs packages that are not installed: pip install 'signedcert[fetch]'",
        name=error.name,
    ) from error

__all__ = ["FetchError", "Fetcher", "NotFoundError", "Progress", "Response", "UnavailableError"]
