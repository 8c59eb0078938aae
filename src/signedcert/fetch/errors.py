"""What can go wrong when something is fetched.

::

    SignedCertError
    └── FetchError               refused, or not to be had; trying again changes nothing
        ├── NotFoundError        the server says that there is nothing (404, 410)
        └── UnavailableError     no answer, or not now; it may pass by itself
"""

from signedcert.errors import SignedCertError


class FetchError(SignedCertError):
    """Something could not be fetched. The message names the URL, the fault, and what to do.

    :ivar url: what was asked for, without a user name or password that stood in it.
    :ivar problem: the message without the URL.
    """

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(url, problem)
        self.url = url
        self.problem = problem

    def __str__(self) -> str:
        return f"could not fetch {self.url}: {self.problem}"


class NotFoundError(FetchError):
    """The server answered that there is nothing at this URL (status 404 or 410)."""


class UnavailableError(FetchError):
    """No answer in time, a broken connection, or a server that says it cannot answer now.

    :ivar retry_after: for how many seconds the server asked to be left alone, if it did.
    """

    def __init__(self, url: str, problem: str, retry_after: float | None = None) -> None:
        super().__init__(url, problem)
        self.args = (url, problem, retry_after)  # so that copies and pickles are whole
        self.retry_after = retry_after
