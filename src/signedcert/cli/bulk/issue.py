"""``signedcert bulk issue``: a roster → a certificate for each of its rows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from signedcert.cli.bulk.hidden_secrets import secrets_hidden
from signedcert.cli.bulk.issue_paths import check_apart, check_out, errors_path
from signedcert.cli.bulk.own_memory import use_little_memory
from signedcert.cli.document_options import (
    DesignOption,
    FontsOption,
    LanguageOption,
    PaperOption,
    ThemeOption,
    check_installed,
    theme_from,
)
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    given_path,
    moment,
)
from signedcert.cli.passphrase import asking, of_keys
from signedcert.cli.screen import print_json
from signedcert.workspace.workspace import Workspace

if TYPE_CHECKING:
    from signedcert.bulk.roster import RosterMapping
    from signedcert.bulk.roster.errors import RosterError
    from signedcert.bulk.run.errors import RunError
    from signedcert.bulk.run.printing import Printing

#: Bytes; the reader refuses what is longer.
_MAPPING_MAX = 2**24
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", min=1, max=1024, help="Processes; else one a processor."
    ),
]


def issue(
    context: typer.Context,
    *,
    roster: Annotated[
        Path,
        typer.Argument(
            metavar="ROSTER",
            parser=given_path,
            help="CSV or Parquet: a row for each certificate.",
            show_default=False,
        ),
    ],
    workspace: WorkspaceOption,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FILE",
            parser=given_path,
            help="The certificates, a Parquet file; must not exist.",
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            "--mapping",
            metavar="FILE",
            parser=given_path,
            help="TOML: which column is which field, and what all rows have in common.",
        ),
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(
            "--errors",
            metavar="FILE",
            parser=given_path,
            help="The rows without a certificate, as CSV; else the name of --out with .errors.csv.",
        ),
    ] = None,
    workers: WorkersOption = None,
    no_links: Annotated[
        bool, typer.Option("--no-links", help="Leave the column of links out, which is faster.")
    ] = False,
    no_status: Annotated[
        bool, typer.Option("--no-status", help="Give no places in status lists, for ever.")
    ] = False,
    pdf: Annotated[
        Path | None,
        typer.Option(
            "--pdf", metavar="DIR", parser=given_path, help="Print each, to DIR/AB/ABCD….pdf."
        ),
    ] = None,
    qr: Annotated[
        Path | None,
        typer.Option(
            "--qr", metavar="DIR", parser=given_path, help="Its QR code, to DIR/AB/ABCD….png."
        ),
    ] = None,
    theme: ThemeOption = None,
    design: DesignOption = None,
    paper: PaperOption = None,
    fonts: FontsOption = None,
    language: LanguageOption = None,
    now: NowOption = None,
    passphrase_fd: PassphraseFdOption = None,
    as_json: JsonOption = False,
) -> None:
    """Issue a certificate for each row of a roster, each row once.

    A run that was stopped or killed goes on where it was when the same command is given again. A
    row that has its certificate, from this run or an earlier one, keeps it: by the column key, or
    else by what the row says.

    Exit codes: 0 every row has its certificate; 1 some rows were refused, and all others have
    theirs, or OUT is there from this very run and has certificates that no longer count; 2 wrong
    usage, or it could not go on; 4 there is no row; 130 stopped.
    """
    at = moment(now)
    check_out(out)
    errors = errors_path(errors, out)
    if not roster.exists():
        raise CommandError(f"{roster}: no such file", ExitCode.NOTHING_READ)
    check_apart(out, errors, roster, mapping)
    try:
        use_little_memory(context)
        # Here, because of what they load, which other commands do without.
        from signedcert.bulk.roster.errors import RosterError
        from signedcert.bulk.run.errors import RunError
        from signedcert.bulk.run.issue_run import CHUNK_ROWS, PRINTED_ROWS, IssueRun, Progress
        from signedcert.bulk.run.parts import rows_kept
        from signedcert.bulk.run.pool import default_workers
        from signedcert.bulk.run.roster_run import issue_roster
        from signedcert.cli.bulk.issue_summary import (
            begun_lists,
            print_summary,
            summary_json,
            tell_of_begun_lists,
        )
        from signedcert.cli.bulk.progress import showing_progress
    except ImportError as error:
        raise CommandError(str(error)) from None
    owner = Workspace.open(workspace)
    printing = _printing(owner, pdf, qr, (theme, design, paper, fonts), language)
    run = IssueRun(
        now=at,
        roster=roster,
        mapping=_mapping(mapping),
        out=out,
        errors=errors,
        links=not no_links,
        withdrawable=not no_status,
        printing=printing,
        workers=workers or default_workers(),
        chunk_rows=CHUNK_ROWS if printing is None else PRINTED_ROWS,
    )
    rows = 0
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        try:
            with showing_progress("issuing") as show, secrets_hidden() as taken:
                ask = asking(of_keys(passphrase_fd, taken))

                def tell(progress: Progress) -> None:
                    nonlocal rows
                    rows = progress.rows
                    show(rows=rows, share=progress.share, skipped=progress.skipped)

                summary = issue_roster(run, owner, ledger, ask, tell)
        except KeyboardInterrupt:
            rows = rows_kept(out, rows)
            raise CommandError(
                f"stopped after {rows:,} rows; run the same command again: it goes on at row "
                f"{rows + 1:,}",
                ExitCode.INTERRUPTED,
            ) from None
        except (RosterError, RunError) as error:
            raise _refusal(error, out) from None
        begun = begun_lists(summary.lists, ledger)
    if as_json:
        print_json(summary_json(summary, run, begun))
    else:
        print_summary(summary, run, owner.folder)
    tell_of_begun_lists(begun)
    if summary.counted.failed or summary.counted.unprinted:
        raise typer.Exit(ExitCode.INVALID)


def _refusal(error: "RosterError | RunError", out: Path) -> CommandError:
    """What is told of a roster or run that cannot go on, with its exit code."""
    from signedcert.bulk.roster.errors import ChangedFileError, EmptyFileError
    from signedcert.bulk.run.errors import EmptyRosterError, EndedResultError
    from signedcert.bulk.run.parts import is_begun, partial_folder

    match error:
        case EmptyFileError() | EmptyRosterError():
            return CommandError(str(error), ExitCode.NOTHING_READ)
        case EndedResultError():
            return CommandError(str(error), ExitCode.INVALID)
        case ChangedFileError() if is_begun(out):
            return CommandError(
                f"{error}: remove {partial_folder(out)}, and give the same command; rows that have "
                "their certificate by now keep it"
            )
    return CommandError(str(error))


def _mapping(path: Path | None) -> "RosterMapping":
    from signedcert.bulk.roster import NO_MAPPING, read_mapping  # as above

    if path is None:
        return NO_MAPPING
    with path.open("rb") as file:
        return read_mapping(file.read(_MAPPING_MAX + 1), str(path))


def _printing(
    owner: Workspace,
    pdf: Path | None,
    qr: Path | None,
    look: tuple[Path | None, str | None, str | None, list[Path] | None],
    language: str | None,
) -> "Printing | None":
    from signedcert.bulk.run.printing import Printing  # as above

    if pdf is None and (any(look) or language):
        raise CommandError("--theme, --design, --paper, --fonts and --language go with --pdf")
    if pdf is None and qr is None:
        return None
    theme = None
    if pdf is not None:
        check_installed()
        theme = theme_from(owner, *look)
    for folder in (pdf, qr):
        if folder is not None:
            # Everybody's certificates will be in it. One that is there stays as it is.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Printing(owner.page, pdf, qr, theme, language)
