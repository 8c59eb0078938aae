"""``signedcert share show``: what a record has to share, or what is known of one share."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from signedcert.cli.ledger_notes import warn_of_restore
from signedcert.cli.options import JsonOption, NowOption, moment
from signedcert.cli.record_output import print_record
from signedcert.cli.screen import print_json, print_rows, screen, visible
from signedcert.cli.share.create import ShareWorkspaceOption
from signedcert.cli.share.listing import described, state_of
from signedcert.cli.share.records import MeantRecord, id_of, is_file, meant_record
from signedcert.model.course_record import CourseRecord
from signedcert.workspace.workspace import Workspace


def show(
    *,
    what: Annotated[
        str,
        typer.Argument(
            metavar="RECORD_OR_SHARE",
            help="A course record's file; with --workspace also its printed code, or a share's.",
            show_default=False,
        ),
    ],
    workspace: ShareWorkspaceOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show all of a course record with the path of everything in it; or one share.

    Nothing is verified: it is for whoever holds the record.
    """
    at = moment(now)
    if workspace is None:
        _print(meant_record(what, None), as_json=as_json)
        return
    with Workspace.open(workspace).open_ledger(at) as ledger:
        warn_of_restore(ledger)
        share = None if is_file(what) else ledger.find_share(id_of(what))
        if share is None:
            _print(meant_record(what, ledger), as_json=as_json)
            return
        content = described(share, state_of(share, at, ledger))
    if as_json:
        print_json(content)
        return
    print_rows(
        screen(),
        (
            (Text(name.replace("_", " "), style="dim"), Text(visible(_words(value))))
            for name, value in content.items()
        ),
    )


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing but the course"
    return "none" if value is None else str(value)


def _print(meant: MeantRecord, *, as_json: bool) -> None:
    record, paths = meant.held.record(), meant.held.paths
    if as_json:
        content: dict[str, Any] = record.model_dump(mode="json", exclude_defaults=True)
        print_json({"record": content, "paths": list(paths)})
        return
    console = screen()
    print_record(console, record)
    console.print()
    _print_paths(console, record, paths)


def _print_paths(console: Console, record: CourseRecord, paths: tuple[str, ...]) -> None:
    console.print(Text("what --show can name", style="bold"))
    titles = {f"assessments[{at}]": each.title for at, each in enumerate(record.assessments)}
    print_rows(
        console,
        (
            (Text(f"  {path}", style="dim"), Text(visible(titles.get(path, ""))))
            for path in (*paths, "everything")
        ),
    )
    console.print("Or rows by what is in them: assessments[kind=exam]; or all: assessments.")
