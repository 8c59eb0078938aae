"""``signedcert share reset``: old links stop, and a new one takes their place."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.ledger_notes import tell, tell_of_new_lists, warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    moment,
)
from signedcert.cli.passphrase import Source, of_keys
from signedcert.cli.record_issuing import HolderKeyOption
from signedcert.cli.screen import print_json, screen, visible
from signedcert.cli.share.create import PageOption, ShareOutOption
from signedcert.cli.share.holder import CodeOption, KeyOption, holder_signer
from signedcert.cli.share.made import WrittenShare, write_share
from signedcert.cli.share.records import check_shareable
from signedcert.cli.share.reset_all import reset_all
from signedcert.cli.share.reset_one import ResetShare, known_share, reset_unknown
from signedcert.cli.verdict_output import rfc3339
from signedcert.crypto.keys import PublicKey
from signedcert.model.code import code_from_id
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.record_issuing import first_place, held_record
from signedcert.workspace.sharing import Wish, make_share, record_page
from signedcert.workspace.site.sealed import sealed_file
from signedcert.workspace.workspace import Workspace

#: What a reset does, and what nothing can do. Said by the command itself.
WHAT_IT_DOES = (
    "What a reset does: with the next signedcert publish, the sealed file leaves the site, and the "
    "status list says that the share is reset. Whoever opens the old link then, or has a newer "
    "list, gets INVALID.",
    "What it cannot do: take back what somebody has seen, copied or saved. A saved copy stays "
    "readable, and a verifier who is offline goes by the list that it has, whose date it shows, "
    "until that list grows stale.",
)


def reset(
    *,
    which: Annotated[
        str,
        typer.Argument(
            metavar="SHARE",
            help="A share's printed code, its link or file; with --all a course record's code.",
            show_default=False,
        ),
    ],
    workspace: WorkspaceOption,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="Every share of a course record: it is issued anew with a new share key."
        ),
    ] = False,
    no_new_link: Annotated[
        bool, typer.Option("--no-new-link", help="End the old link, and make no new one.")
    ] = False,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="When the new link ends; as the old one did."),
    ] = None,
    key: KeyOption = None,
    code: CodeOption = False,
    holder_key: HolderKeyOption = None,
    sealed: Annotated[
        Path | None,
        typer.Option(
            "--sealed",
            metavar="PATH",
            help="Of a sealed share that the learner made: its file, or a folder that has it.",
        ),
    ] = None,
    page: PageOption = None,
    out: ShareOutOption = None,
    passphrase_fd: PassphraseFdOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the old link of a share stop, and make a new one that shows the same.

    With --all, every share of a record: the record is issued anew, with a new share key in this
    workspace, or with --holder-key or --recovery-code one of the learner's own.
    """
    owner, at = Workspace.open(workspace), moment(now).replace(microsecond=0)
    if owner.document().final:
        raise CommandError(f"{owner.issuer} is closed: its status lists can never change")
    passphrase = of_keys(passphrase_fd)
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        if every:
            if key is not None:
                raise CommandError(
                    "--all makes a new share key: give its public half, --holder-key"
                )
            done = reset_all(owner, ledger, which, holder_key, code, passphrase, out, at)
            if as_json:
                print_json(done.to_json() | {"says": list(WHAT_IT_DOES)})
                return
            done.print(screen())
        else:
            if holder_key is not None:
                raise CommandError("--holder-key goes with --all")
            before = [each.number for each in ledger.lists()]
            share = known_share(owner, ledger, which, sealed, at)
            if share is not None:
                _check_resettable(share)
            if share is None:
                ended = reset_unknown(owner, ledger, which, sealed, at)
            elif no_new_link:
                ended = ResetShare(ledger.reset_share(share.id, at), None)
            else:
                made = _anew(owner, ledger, share, until, (key, code, passphrase), page, out, at)
                ended = ResetShare(
                    ledger.reset_share(share.id, at, replaced_by=made.made.kept.id), made
                )
            if share is not None and share.sealed_name is not None:
                sealed_file(owner.sealed_folder, share.sealed_name).unlink(missing_ok=True)
            tell_of_new_lists(before, ledger)
            if as_json:
                print_json(ended.to_json() | {"says": list(WHAT_IT_DOES)})
                return
            ended.print(screen())
    for line in WHAT_IT_DOES:
        screen().print(line)
    screen().print(visible(f"next   signedcert publish --workspace {owner.folder} --out SITE"))


def _check_resettable(share: RecordedShare) -> None:
    """A share without a place in a status list ends with its sealed file, or not before its end.

    :raises CommandError: when it has neither.
    """
    if share.reference is not None:
        return
    end = f"until {rfc3339(share.expires_at)}"
    if share.sealed_name is None:
        raise CommandError(
            f"{code_from_id(share.id)} cannot be reset: its record was issued without places for "
            f"shares. The link is good {end}"
        )
    tell(
        "the record was issued without places for shares: the sealed file leaves the site, but "
        f"whoever saved it can open it {end}"
    )


def _anew(  # noqa: PLR0917 - what is shared anew, by whom, where
    owner: Workspace,
    ledger: Ledger,
    share: RecordedShare,
    until: str | None,
    key: tuple[Path | None, bool, Source],
    page: str | None,
    out: Path | None,
    at: datetime,
) -> WrittenShare:
    """A share that shows the same as another one, which is not ended yet."""
    code = code_from_id(share.id)
    if share.reset_at is not None:
        raise CommandError(f"{code} has been reset since {rfc3339(share.reset_at)}")
    end = share.expires_at if until is None else moment(until, "--until")
    if until is not None and end <= at:
        raise CommandError("--until: the link would end before it begins")
    if end <= at:
        raise CommandError(
            f"{code} ended on {rfc3339(share.expires_at)} by itself: give the new link an end with "
            "--until, or none is made with --no-new-link"
        )
    found = ledger.find(share.record)
    if found is None or found.token is None:
        raise CommandError(
            f"{code}: its course record is not in the ledger; end it with --no-new-link"
        )
    held = held_record(found)
    check_shareable(held, owner, ledger)
    key_file, from_code, passphrase = key
    signer = holder_signer(
        owner,
        PublicKey(held.visible.holder_key),
        key_file,
        from_code=from_code,
        passphrase=passphrase,
    )
    first = first_place(held.visible)
    made = make_share(
        found.token,
        Wish(share.rows, share.audience, end, share.sealed_name is not None),
        signer,
        page or record_page(owner.page),
        lambda wanted: ledger.reserve_share(wanted, first),
        at,
    )
    return write_share(made, owner.make_sealed_folder(), out, to_publish=True)
