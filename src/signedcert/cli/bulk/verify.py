"""``signedcert bulk verify``: a spreadsheet of links, or a folder of documents, gives verdicts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signedcert.cli.bulk.hidden_secrets import secrets_hidden
from signedcert.cli.bulk.own_memory import use_little_memory
from signedcert.cli.bulk.progress import showing_progress
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    StalenessOption,
    given_path,
    moment,
    policy_of,
)
from signedcert.cli.screen import print_json, screen
from signedcert.cli.trust.store import own_store
from signedcert.cli.trust_files import OperatorOption, trust_from

if TYPE_CHECKING:
    from signedcert.bulk.roster import RosterMapping

_CSV, _PARQUET = ".csv", ".parquet"
#: More is never read of a mapping; it is refused for less.
_MAPPING_MAX = 20_000_000


def verify(
    context: typer.Context,
    *,
    given: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            parser=given_path,
            help="CSV or Parquet with a column of links or tokens, a text file with one link a "
            "line, or a folder of PDFs, pictures and tokens.",
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
    column: Annotated[
        str | None,
        typer.Option(
            "--column", metavar="NAME", help="Which column has the links or tokens, by its name."
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="FILE",
            parser=given_path,
            help="How the CSV file is written, where it does not show: a mapping as for bulk "
            "issue, of which the table csv counts.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            parser=given_path,
            help="The sheet of verdicts, .csv or .parquet; must not exist. Else the input's name "
            "with .verdicts.csv, in the current folder.",
        ),
    ] = None,
    details: Annotated[
        bool,
        typer.Option("--details", help="Add all that certificates say; into Parquet only."),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", metavar="N", min=1, max=1024, help="Processes; else one a processor."
        ),
    ] = None,
    now: NowOption = None,
    max_staleness: StalenessOption = "0s",
    as_json: JsonOption = False,
) -> None:
    """Check a whole column of links, or a folder of documents, and write a sheet of verdicts.

    A run that was stopped or killed goes on where it was when the same command is given again. All
    rows are checked as of one moment: that of the first start, or --now.

    Exit codes: 4 if any row could not be read, else 1 if any is invalid, else 3 if any is
    undecided, else 0; 2 wrong usage; 130 stopped.
    """
    at = moment(now)
    policy = policy_of(max_staleness, audience)
    sheet = _sheet_path(given, out)
    if details and sheet.suffix.lower() != _PARQUET:
        raise CommandError("--details needs a sheet that is Parquet: --out FILE.parquet")
    known = trust_from(trust or [own_store()], issuer, operator)
    try:
        use_little_memory(context)
        # Here, because of what they load, which other commands do without.
        from signedcert.bulk.presented.contract import UnreadableInput
        from signedcert.bulk.roster.errors import EmptyFileError
        from signedcert.bulk.run.pool import default_workers
        from signedcert.cli.bulk.verify_asked import Asked
        from signedcert.cli.bulk.verify_run import verify_all
        from signedcert.cli.bulk.verify_summary import print_summary, summary_json
    except ImportError as error:
        raise CommandError(str(error)) from None
    if not given.exists():
        raise CommandError(f"{given}: no such file or folder", ExitCode.NOTHING_READ)
    asked = Asked(
        given=given,
        out=sheet,
        column=column,
        mapping=_mapping(mapping),
        bundle=known.to_bundle(),
        now=at,
        now_given=now is not None,
        policy=policy,
        details=details,
        workers=workers or default_workers(),
    )
    try:
        with secrets_hidden(), showing_progress("verifying") as show:
            done = verify_all(asked, show)
    except (UnreadableInput, EmptyFileError) as error:
        raise CommandError(str(error), ExitCode.NOTHING_READ) from error
    except KeyboardInterrupt:
        raise CommandError(
            f"stopped; what was checked is kept in {sheet}.partial: run the same command again, "
            "and it goes on",
            ExitCode.INTERRUPTED,
        ) from None
    if as_json:
        print_json(summary_json(done, sheet))
    else:
        print_summary(screen(), done, sheet)
    raise typer.Exit(done.tally.exit_code)


def _mapping(path: Path | None) -> "RosterMapping":
    # Here, because of what they load.
    from signedcert.bulk.roster import NO_MAPPING, read_mapping

    if path is None:
        return NO_MAPPING
    with path.open("rb") as file:
        return read_mapping(file.read(_MAPPING_MAX), str(path))


def _sheet_path(given: Path, out: Path | None) -> Path:
    """Where the sheet goes.

    :raises CommandError: when it is no place for one.
    """
    if out is None:
        name = given.resolve().name if given.is_dir() else given.stem
        out = Path(f"{name or 'folder'}.verdicts{_CSV}")
    if out.suffix.lower() not in (_CSV, _PARQUET):
        raise CommandError(f"--out: a sheet is {_CSV} or {_PARQUET}, and {out} is neither")
    if not out.parent.is_dir():
        raise CommandError(f"--out: there is no folder {out.parent}")
    return out
