"""Options of the commands that take over what a published site says is withdrawn."""

from typing import Annotated

import typer

AdoptOption = Annotated[
    bool,
    typer.Option(
        "--adopt",
        help="What status lists by a compromised key say is withdrawn is true: take it over.",
    ),
]
IgnoreSiteListsOption = Annotated[
    bool,
    typer.Option(
        "--ignore-site-lists",
        help="What status lists by a compromised key say is the thief's: pay no heed to it.",
    ),
]
NothingWasPublishedOption = Annotated[
    bool,
    typer.Option(
        "--nothing-was-published",
        help="A restored workspace has lost no withdrawal: nothing was ever published.",
    ),
]
