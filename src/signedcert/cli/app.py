"""The commands put together."""

import sys
from typing import Annotated

import typer

import signedcert
from signedcert.cli.bulk import bulk_app
from signedcert.cli.by_code import by_code_app
from signedcert.cli.close import close
from signedcert.cli.demo import demo
from signedcert.cli.doctor import doctor
from signedcert.cli.failures import Commands
from signedcert.cli.init import init
from signedcert.cli.inspect import inspect
from signedcert.cli.issue import issue
from signedcert.cli.keys import keys
from signedcert.cli.page import page
from signedcert.cli.pdf import pdf
from signedcert.cli.portrait import portrait
from signedcert.cli.publish import publish
from signedcert.cli.qr_code import qr_code
from signedcert.cli.reissue import reissue
from signedcert.cli.retire import compromise, retire
from signedcert.cli.revoke import reinstate, revoke, suspend
from signedcert.cli.rotate import rotate
from signedcert.cli.serve import serve
from signedcert.cli.share import share_app
from signedcert.cli.share_kit import share_kit
from signedcert.cli.supersede import supersede
from signedcert.cli.trust import trust_app
from signedcert.cli.verify import verify

_COMMANDS = (
    init,
    keys,
    issue,
    verify,
    inspect,
    publish,
    serve,
    page,
    pdf,
    portrait,
    revoke,
    suspend,
    reinstate,
    supersede,
    reissue,
    rotate,
    retire,
    compromise,
    close,
    doctor,
    demo,
)
app = typer.Typer(
    name="signedcert",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    # Its tracebacks show local variables, and a private key may be one.
    pretty_exceptions_enable=False,
)
for command in _COMMANDS:
    app.command()(command)
app.command(name="qr")(qr_code)
app.command(name="share-kit")(share_kit)
app.add_typer(trust_app, name="trust")
app.add_typer(share_app, name="share")
app.add_typer(by_code_app, name="by-code")
app.add_typer(bulk_app, name="bulk")


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
