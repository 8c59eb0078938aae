"""Options that several commands share, and what their values mean."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.model.times import Moment
from signedcert.verify.verdict import Policy

#: The largest that a file descriptor can be: a C int.
_DESCRIPTOR_MAX = 2**31 - 1


def given_path(text: str) -> Path:
    """The path that an option or argument names: its ``parser``.

    :raises typer.BadParameter: when it is empty. That is what a variable leaves that was not set,
        and it would mean the current folder.
    """
    if not text:
        raise typer.BadParameter("the path is empty, as a variable is that was not set.")
    return Path(text)


WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", metavar="DIR", help="The issuer's own folder.", parser=given_path),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
NowOption = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help="The moment to take for now: 2026-11-02T10:00:00Z."),
]
PassphraseFdOption = Annotated[
    int | None,
    typer.Option(
        "--passphrase-fd",
        metavar="N",
        min=0,
        max=_DESCRIPTOR_MAX,
        help="Read the key's passphrase from this file descriptor.",
    ),
]
RootPassphraseFdOption = Annotated[
    int | None,
    typer.Option(
        "--root-passphrase-fd",
        metavar="N",
        min=0,
        max=_DESCRIPTOR_MAX,
        help="Read the root key's passphrase from this file descriptor.",
    ),
]
RootKeyOption = Annotated[
    Path | None,
    typer.Option(
        "--root-key",
        metavar="FILE",
        help="Where the root key is, if not in the workspace.",
        parser=given_path,
    ),
]
NoPassphraseOption = Annotated[
    bool, typer.Option("--no-passphrase", help="Store new private keys in the clear.")
]
DocumentDaysOption = Annotated[
    int,
    typer.Option("--document-days", min=1, max=36600, help="How long the issuer document counts."),
]
KeyDaysOption = Annotated[
    int, typer.Option("--key-days", min=1, max=3660, help="How long a new key signs.")
]
Pkcs11Option = Annotated[
    str | None,
    typer.Option(
        "--pkcs11",
        metavar="URI",
        help="The key for statements is in hardware: its PKCS#11 URI (RFC 7512). The PIN comes "
        "from SIGNEDCERT_PIN or is typed in.",
    ),
]
Pkcs11NewOption = Annotated[
    bool,
    typer.Option("--pkcs11-new", help="Make the key in the hardware; it must not be there yet."),
]
InputArgument = Annotated[
    str,
    typer.Argument(
        metavar="INPUT",
        help="A URL, a link's fragment, digits, a token file, a PDF, a picture of the QR code, or "
        "- for standard input.",
        show_default=False,
    ),
]

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


def moment(option: str | None, name: str = "--now") -> datetime:
    """The moment that an option names, or the clock's.

    :raises CommandError: when it is no RFC 3339 moment with its zone.
    """
    if option is None:
        return datetime.now(UTC)
    try:
        at: datetime = Moment().check(option)
    except (ValueError, OverflowError):
        raise CommandError(
            f"{name} takes a moment with its time zone (RFC 3339), such as 2026-11-02T10:00:00Z"
        ) from None
    return at


def duration(option: str, name: str = "--max-staleness") -> timedelta:
    """A number of days, hours, minutes or seconds: ``7d``, ``12h``, ``90m``, ``30s``.

    :raises CommandError: when it is none.
    """
    found = re.fullmatch(r"([0-9]{1,6})([dhms])", option)
    if not found:
        raise CommandError(f"{name} takes a number with its unit: 7d, 12h, 90m or 30s")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


StalenessOption = Annotated[
    str,
    typer.Option(
        "--max-staleness",
        metavar="TIME",
        help="How far past their end published files may still count: 7d, 12h.",
    ),
]


def policy_of(max_staleness: str, audience: str | None) -> Policy:
    """What a verifier decided beforehand.

    :raises CommandError: for a duration or a name that is none.
    """
    staleness = duration(max_staleness)
    try:
        return Policy(max_staleness=staleness, audience=audience)
    except ValueError:
        raise CommandError(
            "--audience: the audience is blank; leave --audience out if you do not want it compared"
        ) from None
