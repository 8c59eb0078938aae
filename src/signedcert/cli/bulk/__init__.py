"""``signedcert bulk``: whole rosters of certificates issued, whole folders and columns verified."""

import typer

from signedcert.cli.bulk.issue import issue
from signedcert.cli.bulk.record import record
from signedcert.cli.bulk.verify import verify

bulk_app = typer.Typer(
    no_args_is_help=True,
    help="Many at once: issue a roster, verify a column of links or a folder, record what a "
    "cluster issued.",
)
for _command in (issue, verify, record):
    bulk_app.command()(_command)
