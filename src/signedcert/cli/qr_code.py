"""``signedcert qr``: a certificate as a QR code, in the terminal or in a file."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from signedcert import qr
from signedcert.cli.failures import CommandError
from signedcert.cli.options import InputArgument, JsonOption, given_path
from signedcert.cli.presented import present
from signedcert.cli.qr_output import print_qr
from signedcert.cli.screen import print_json, screen, visible
from signedcert.codec.text import secret_from_text
from signedcert.errors import DecodeError, Reason
from signedcert.workspace.atomic_files import replace


class Level(enum.StrEnum):
    """Error correction levels (ISO/IEC 18004): 7, 15, 25 and 30 % of the code."""

    L = "l"
    M = "m"
    Q = "q"
    H = "h"


_RENDERERS = {".png": qr.png, ".svg": qr.svg}


def qr_code(
    given: InputArgument,
    page: Annotated[
        str, typer.Option("--page", metavar="URL", help="The verify page that the code opens.")
    ],
    error: Annotated[
        Level,
        typer.Option("--error", case_sensitive=False, help="Least error correction level."),
    ] = Level.M,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            parser=given_path,
            help="A .png or .svg file, instead of the terminal.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make the QR code of a certificate or a share. Nothing is verified."""
    if out is not None and out.suffix.lower() not in _RENDERERS:
        raise CommandError(f"--out {out}: expected a name that ends in .png or .svg")
    presented = present(given)
    try:
        code = qr.encode(page, presented.frame().to_bytes(), error.value)
    except DecodeError as refusal:
        if refusal.reason is not Reason.SEALED_FILE_MISSING or isinstance(presented.content, bytes):
            presented.print_note()
            raise
        code = qr.encode_sealed(page, secret_from_text(presented.content), error.value)
    if out is not None:
        replace(out, _RENDERERS[out.suffix.lower()](code))
    modules = code.symbol_size(border=0)[0]
    if as_json:
        print_json(
            {
                "version": code.version,
                "error": code.error,
                "modules": modules,
                "file": None if out is None else str(out),
            }
        )
        return
    console = screen()
    if out is None:
        print_qr(console, code)
    else:
        console.print(visible(f"wrote {out}"))
    console.print(f"QR version {code.version}, error correction {code.error}, {modules} modules")
