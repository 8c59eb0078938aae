"""``signedcert bulk record``: what a cluster issued goes into the workspace's ledger."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.bulk.hidden_secrets import secrets_hidden
from signedcert.cli.bulk.issue import WorkersOption
from signedcert.cli.bulk.own_memory import use_little_memory
from signedcert.cli.exit_codes import ExitCode
from signedcert.cli.failures import CommandError
from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import JsonOption, NowOption, WorkspaceOption, given_path, moment
from signedcert.cli.screen import print_json, screen, visible
from signedcert.workspace.workspace import Workspace

_REASONS_SHOWN = 5


def record(
    context: typer.Context,
    *,
    issued: Annotated[
        Path,
        typer.Argument(
            metavar="ISSUED",
            parser=given_path,
            help="A Parquet file with a column token, or a folder of such files.",
            show_default=False,
        ),
    ],
    workspace: WorkspaceOption,
    workers: WorkersOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record what a cluster issued, so that it can be withdrawn, printed and reissued here.

    Each certificate is verified under the workspace's own keys, and must have a place in a status
    list that this ledger handed out. The same again changes nothing.

    Exit codes: 0 all are in the ledger; 1 some were refused; 2 it could not be done; 4 there are
    no such files; 130 stopped.
    """
    at = moment(now)
    if not issued.exists():
        raise CommandError(f"{issued}: no such file", ExitCode.NOTHING_READ)
    try:
        use_little_memory(context)
        # Here, because of what they load, which other commands do without.
        from signedcert.bulk.run.errors import NothingIssuedError
        from signedcert.bulk.run.pool import default_workers
        from signedcert.bulk.run.record_run import RecordRun, record_files
        from signedcert.cli.bulk.progress import showing_progress
    except ImportError as error:
        raise CommandError(str(error)) from None
    owner = Workspace.open(workspace)
    with (
        owner.open_ledger(at) as ledger,
        showing_progress("recording") as show,
        secrets_hidden(),
    ):
        warn_of_restore(ledger)
        try:
            done = record_files(
                RecordRun(issued, at, workers or default_workers()),
                owner,
                ledger,
                lambda rows, share: show(rows=rows, share=share),
            )
        except NothingIssuedError as error:
            raise CommandError(str(error), ExitCode.NOTHING_READ) from None
        except KeyboardInterrupt:
            raise CommandError(
                "stopped; what was recorded stays recorded: run the same command again for the "
                "others",
                ExitCode.INTERRUPTED,
            ) from None
    numbers = {
        "recorded": done.recorded,
        "known": done.known,
        "refused": done.refused,
        "without": done.without,
    }
    if as_json:
        refused = [each._asdict() for each in done.reasons]
        print_json({**numbers, "reasons": refused})
    else:
        out, width = screen(), len(f"{max(numbers.values()):,}")
        for name, number in numbers.items():
            if number or name == "recorded":
                out.print(f"{name:<10}{number:>{width},}{_MEANING.get(name, '')}")
        counted = Counter(each.reason for each in done.reasons)
        for reason, number in counted.most_common(_REASONS_SHOWN):
            out.print(visible(f"  {number:,} × {reason}"))
    if done.refused:
        raise typer.Exit(ExitCode.INVALID)


_MEANING = {
    "known": "  were in the ledger, the same",
    "refused": "  were not recorded",
    "without": "  rows have an error instead of a certificate",
}
