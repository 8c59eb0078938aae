"""``signedcert verify``: checks certificates offline."""

from pathlib import Path
from typing import Annotated, Any

import typer

from signedcert.cli.document_check import Examined, examined
from signedcert.cli.document_files import SourcesDisagree
from signedcert.cli.document_options import SaltOption
from signedcert.cli.document_output import examined_json, print_examined
from signedcert.cli.exit_codes import OF_STATUS, ExitCode, worst
from signedcert.cli.failures import CommandError
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    StalenessOption,
    given_path,
    moment,
    policy_of,
)
from signedcert.cli.presented import present
from signedcert.cli.screen import error_screen, print_json, screen, visible
from signedcert.cli.trust.store import own_store
from signedcert.cli.trust_files import OperatorOption, trust_from
from signedcert.cli.verdict_output import print_heading
from signedcert.cli.verify_extras import (
    check_outputs,
    photo_from,
    render,
    render_hint,
    save_portrait,
)


def verify(
    *,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="PDFs, pictures or photographs of certificates, URLs, links' fragments, digits, "
            "token files, or - for standard input.",
            show_default=False,
        ),
    ],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust",
            metavar="FILE",
            help="Whom to trust: a bundle, or an issuer's JWK Set. Repeatable. Else your trust "
            "store.",
        ),
    ] = None,
    operator: OperatorOption = None,
    issuer: Annotated[
        str | None,
        typer.Option("--issuer", metavar="HOST", help="Whose keys, where the file does not say."),
    ] = None,
    audience: Annotated[
        str | None,
        typer.Option("--audience", metavar="NAME", help="Who you are, for shares made for you."),
    ] = None,
    rendered: Annotated[
        Path | None,
        typer.Option(
            "--render",
            metavar="OUT.pdf",
            parser=given_path,
            help="Write what was signed as a fresh PDF, to be held beside what you were shown.",
        ),
    ] = None,
    portrait: Annotated[
        Path | None,
        typer.Option(
            "--portrait",
            metavar="PHOTO",
            parser=given_path,
            help="Say whether this photo is the portrait that was signed.",
        ),
    ] = None,
    salt: SaltOption = None,
    saved: Annotated[
        Path | None,
        typer.Option(
            "--save-portrait",
            metavar="FILE",
            parser=given_path,
            help="Write the photo attached to the PDF to a file, if it is the signed one.",
        ),
    ] = None,
    now: NowOption = None,
    max_staleness: StalenessOption = "0s",
    as_json: JsonOption = False,
) -> None:
    """Check certificates and shares offline, against the issuer's published keys.

    Of a PDF, the printed text is held against what was signed: where it shows something else, it is
    INVALID. Where nothing is found, the text may still have been drawn to deceive programs: compare
    it with --render.

    Exit codes: 0 valid, 1 invalid, 2 wrong usage, 3 undecided, 4 nothing could be read.

    Several inputs: 4 if any, else 1, else 3, else 0.
    """
    at = moment(now)
    policy = policy_of(max_staleness, audience)
    known = trust_from(trust or [own_store()], issuer, operator)
    if len(inputs) > 1 and (rendered or portrait or saved):
        raise CommandError("--render, --portrait and --save-portrait take one input at a time")
    check_outputs(inputs, [rendered, saved])
    codes, results = [], []
    presented = found = None
    for argument in inputs:
        try:
            presented = present(argument)
        except SourcesDisagree as error:
            presented, found = None, Examined(None, error.document)
        except CommandError as error:
            error_screen().print(visible(f"signedcert: {error}"))
            codes.append(error.code)
            results.append(_named(argument, {"error": str(error)}, inputs))
            continue
        else:
            photo = photo_from(portrait, salt, presented.document)
            verdict = presented.verdict(known, at, policy)
            found = examined(verdict, presented.document, photo)
        codes.append(OF_STATUS[found.status])
        results.append(_named(argument, examined_json(found), inputs))
        if not as_json:
            if len(inputs) > 1:
                print_heading(screen(), argument if presented is None else presented.name)
            print_examined(screen(), found, at)
            if rendered is None:
                render_hint(found, argument)
        if presented is not None and OF_STATUS[found.status] is ExitCode.INVALID:
            presented.print_note()
    if as_json:
        print_json(results[0] if len(results) == 1 else results)
    if rendered is not None and found is not None:
        render(presented, found, rendered)
    if saved is not None and found is not None:
        save_portrait(found, saved)
    raise typer.Exit(worst(codes))


def _named(argument: str, result: dict[str, Any], inputs: list[str]) -> dict[str, Any]:
    """The result, with the input that it is about where there are several."""
    return result if len(inputs) == 1 else {"input": argument} | result
