"""The commands put together."""

import sys
from typing import Annotated

import typer

import signedcert
from signedcert.cli.demo import demo
from signedcert.cli.failures import Commands
from signedcert.cli.init import init
from signedcert.cli.inspect import inspect
from signedcert.cli.issue import issue
from signedcert.cli.keys import keys
from signedcert.cli.qr_code import qr_code
from signedcert.cli.verify import verify

app = typer.Typer(
    name="signedcert",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    # Its tracebacks show local variables, and a private key may be one.
    pretty_exceptions_enable=False,
)
for command in (init, keys, issue, verify, inspect, demo):
    app.command()(command)
app.command(name="qr")(qr_code)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"signedcert {signedcert.__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Course certificates and course records that prove themselves, offline."""
