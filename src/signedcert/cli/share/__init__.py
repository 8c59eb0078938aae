"""``signedcert share``: what a learner shows of a course record, to whom, until when."""

import typer

from signedcert.cli.share.create import create
from signedcert.cli.share.key import key
from signedcert.cli.share.listing import list_shares
from signedcert.cli.share.open import open_share
from signedcert.cli.share.reset import reset
from signedcert.cli.share.show import show

share_app = typer.Typer(
    no_args_is_help=True,
    help="What to show of a course record, to whom, until when: create, list, show, open, reset.",
)
for _command in (create, show, reset, key):
    share_app.command()(_command)
share_app.command(name="list")(list_shares)
share_app.command(name="open")(open_share)
