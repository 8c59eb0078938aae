"""Options that say what to share, with whom, until when."""

from datetime import datetime, timedelta
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.options import moment
from signedcert.share.held_record import Preset
from signedcert.workspace.sharing import Wish

ShowOption = Annotated[
    list[str] | None,
    typer.Option(
        "--show",
        metavar="PATH",
        help="What to show: learner, final_score, assessments, assessments[3], "
        r"assessments\[kind=exam], everything. Repeatable.",
    ),
]
PresetOption = Annotated[
    Preset | None,
    typer.Option("--preset", help="What is usually shown.", case_sensitive=False),
]
AudienceOption = Annotated[
    str, typer.Option("--audience", metavar="NAME", help="For whom it is: Acme HR.")
]
DaysOption = Annotated[
    int, typer.Option("--days", min=1, max=3660, help="How long the link is good.")
]
UntilOption = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="When the link ends, instead of --days."),
]


def wish_of(  # noqa: PLR0917 - what is shared, with whom, until when
    show: list[str] | None,
    preset: Preset | None,
    audience: str,
    days: int,
    until: str | None,
    now: datetime,
    *,
    sealed: bool,
) -> Wish:
    """What the options ask for.

    :raises CommandError: when they contradict each other, or do not say what to show.
    """
    if bool(show) == (preset is not None):
        presets = ", ".join(Preset)
        raise CommandError(f"say what to show: --preset ({presets}), or --show PATH")
    try:
        end = now + timedelta(days=days) if until is None else moment(until, "--until")
    except OverflowError:
        raise CommandError("--days: that ends after the year 9999") from None
    if end <= now:
        raise CommandError("--until: the link would end before it begins")
    return Wish(preset if preset is not None else show or [], audience, end, sealed)
