"""``signedcert trust``: whose certificates count for this verifier."""

import typer

from signedcert.cli.trust.add import add
from signedcert.cli.trust.exporting import export, import_
from signedcert.cli.trust.refresh import refresh
from signedcert.cli.trust.remove import remove
from signedcert.cli.trust.show import show
from signedcert.cli.trust.sign import sign

trust_app = typer.Typer(
    no_args_is_help=True,
    help="Whose certificates count: add, refresh, show, export, import, sign, remove.",
)
for _command in (add, refresh, show, remove, export, sign):
    trust_app.command()(_command)
trust_app.command(name="import")(import_)
