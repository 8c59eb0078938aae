"""Where the file of a sealed share is: a file, a folder, or beside the page that the link opens."""

from pathlib import Path

from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.screen import error_screen, visible
from signedcert.codec.text import checked_page, secret_from_text
from signedcert.errors import DecodeError, EncodeError, SignedCertError
from signedcert.share.sealing import FILE_MAX, sealed_name

#: Where a site keeps sealed shares, below the page that links open.
_BELOW_PAGE = "sealed"


def is_sealed_link(text: str | bytes) -> bool:
    """Whether a text is the link of a sealed share."""
    try:
        return isinstance(text, str) and bool(secret_from_text(text))
    except DecodeError:
        return False


def sealed_url_of(link: str) -> str:
    """Where the file of a sealed share has to be served (docs/spec.md, section 15.8).

    :raises EncodeError: when what stands before the secret is no page.
    """
    folder = checked_page(link.strip().partition("#")[0]).rpartition("/")[0]
    return f"{folder}/{_BELOW_PAGE}/{sealed_name(secret_from_text(link))}.cose"


def sealed_file_of(link: str, given: Path | None, *, offline: bool, allow_loopback: bool) -> bytes:
    """The sealed file that a link names.

    :param given: the file, or a folder that has it; None: it is fetched from the link's page.
    :param offline: whether nothing may be fetched.
    :raises CommandError: when there is none.
    """
    name = f"{sealed_name(secret_from_text(link))}.cose"
    if given is not None:
        return _read(given / name if given.is_dir() else given)
    page, _, _ = link.strip().partition("#")
    if offline or "://" not in page:
        raise CommandError(
            f"this is a sealed share; its file is {name}: give it, or a folder that has it, with "
            "--sealed PATH",
            ExitCode.NOTHING_READ,
        )
    return _fetched(link, allow_loopback=allow_loopback)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(FILE_MAX + 1)
    except FileNotFoundError:
        raise CommandError(
            f"{path}: there is no such file. The link may have been reset: ask the learner for a "
            "new one",
            ExitCode.NOTHING_READ,
        ) from None
    except OSError as error:
        raise CommandError(os_error(error), ExitCode.NOTHING_READ) from error


def _fetched(link: str, *, allow_loopback: bool) -> bytes:
    # Here, because httpx takes a while to load, and few other commands need it.
    try:
        from signedcert.fetch import Fetcher, NotFoundError
    except ImportError as error:
        raise CommandError(str(error)) from error
    try:
        url = sealed_url_of(link)
        # Of the link, only what stands before the secret is sent.
        error_screen().print(visible(f"fetching {url}"))
        return Fetcher(allow_loopback=allow_loopback).get(url, limit=FILE_MAX)
    except NotFoundError as error:
        raise CommandError(
            f"{error}. It may have been reset: ask the learner for a new link",
            ExitCode.NOTHING_READ,
        ) from error
    except (SignedCertError, EncodeError) as error:
        raise CommandError(str(error), ExitCode.NOTHING_READ) from error
