"""``signedcert verify``: checks certificates offline."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from signedcert.cli.exit_codes import OF_STATUS, ExitCode, worst
from signedcert.cli.failures import CommandError
from signedcert.cli.options import JsonOption, NowOption, StalenessOption, moment, policy_of
from signedcert.cli.presented import Presented, present
from signedcert.cli.screen import error_screen, print_json, screen, visible
from signedcert.cli.trust.store import own_store
from signedcert.cli.trust_files import OperatorOption, trust_from
from signedcert.cli.verdict_output import print_heading, print_verdict, verdict_json
from signedcert.verify.verdict import Verdict


def verify(
    *,
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="URLs, links' fragments, digits, token files, pictures of QR codes, or - for "
            "standard input.",
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
    now: NowOption = None,
    max_staleness: StalenessOption = "0s",
    as_json: JsonOption = False,
) -> None:
    """Check certificates and shares offline, against the issuer's published keys.

    Exit codes: 0 valid, 1 invalid, 2 wrong usage, 3 undecided, 4 nothing could be read.

    Several inputs: 4 if any, else 1, else 3, else 0.
    """
    at = moment(now)
    policy = policy_of(max_staleness, audience)
    known = trust_from(trust or [own_store()], issuer, operator)
    codes, results = [], []
    for argument in inputs:
        try:
            presented = present(argument)
        except CommandError as error:
            error_screen().print(visible(f"signedcert: {error}"))
            codes.append(error.code)
            results.append(_named(argument, {"error": str(error)}, inputs))
            continue
        verdict = presented.verdict(known, at, policy)
        codes.append(OF_STATUS[verdict.status])
        results.append(_named(argument, verdict_json(verdict), inputs))
        if not as_json:
            _print(presented, verdict, at, several=len(inputs) > 1)
        if OF_STATUS[verdict.status] is ExitCode.INVALID:
            presented.print_note()
    if as_json:
        _print_json(results)
    raise typer.Exit(worst(codes))


def _print(presented: Presented, verdict: Verdict, now: datetime, *, several: bool) -> None:
    if several:
        print_heading(screen(), presented.name)
    print_verdict(screen(), verdict, now)


def _named(argument: str, result: dict[str, Any], inputs: list[str]) -> dict[str, Any]:
    """The result, with the input that it is about where there are several."""
    return result if len(inputs) == 1 else {"input": argument} | result


def _print_json(results: list[dict[str, Any]]) -> None:
    print_json(results[0] if len(results) == 1 else results)
