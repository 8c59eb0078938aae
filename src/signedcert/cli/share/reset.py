"""``signedcert share reset``: old links stop, and a new one takes their place."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from signedcert.cli.failures import CommandError
from signedcert.cli.ledger_notes import tell, tell_of_new_lists, warn_of_restore
from signedcert.cli.options import (
    JsonOption,
    NowOption,
    PassphraseFdOption,
    WorkspaceOption,
    given_path,
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
from signedcert.cli.share.reset_one import ResetShare, known_share, reset_unknown, what_it_does
from signedcert.cli.verdict_output import rfc3339
from signedcert.crypto.keys import PublicKey
from signedcert.model.code import code_from_id
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.ledger.recorded_share import RecordedShare
from signedcert.workspace.record_issuing import held_record, own_first_share_place, own_place
from signedcert.workspace.sharing import Wish, make_share, record_page
from signedcert.workspace.site.sealed import sealed_file
from signedcert.workspace.workspace import Workspace


class _NewLink(NamedTuple):
    """What is wanted of the new link: when it ends, who signs it, where it leads."""

    until: str | None
    key: Path | None
    from_code: bool
    passphrase: Source
    page: str | None
    out: Path | None


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
            parser=given_path,
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
    link = _NewLink(until, key, code, of_keys(passphrase_fd), page, out)
    _check_options(link, holder_key, sealed, every=every, no_new_link=no_new_link)
    if owner.document().final:
        raise CommandError(f"{owner.issuer} is closed: its status lists can never change")
    with owner.open_ledger(at) as ledger:
        warn_of_restore(ledger)
        if every:
            all_of_it = reset_all(owner, ledger, which, holder_key, code, link.passphrase, out, at)
            print_json(all_of_it.to_json()) if as_json else all_of_it.print(screen())
            problem = all_of_it.written.problem
        else:
            before = [each.number for each in ledger.lists()]
            done = _reset_one(owner, ledger, which, sealed, None if no_new_link else link, at)
            tell_of_new_lists(before, ledger)
            print_json(done.to_json()) if as_json else done.print(screen())
            problem = None if done.anew is None else done.anew.problem
    if not as_json:
        screen().print(visible(f"next   signedcert publish --workspace {owner.folder} --out SITE"))
    if problem is not None:
        raise CommandError(problem)


def _check_options(
    link: _NewLink,
    holder_key: Path | None,
    sealed: Path | None,
    *,
    every: bool,
    no_new_link: bool,
) -> None:
    """Refuses what would be ignored.

    :raises CommandError: for options that do not go together.
    """
    of_a_link = {"--until": link.until, "--page": link.page, "--key": link.key}
    given = [name for name, value in of_a_link.items() if value is not None]
    if every:
        given += ["--sealed"] if sealed is not None else []
        given += ["--no-new-link"] if no_new_link else []
        if "--key" in given:
            raise CommandError("--all makes a new share key: give its public half, --holder-key")
        if given:
            raise CommandError(f"{given[0]} is for one share, and does not go with --all")
        return
    if holder_key is not None:
        raise CommandError("--holder-key goes with --all")
    given += ["--recovery-code"] if link.from_code else []
    given += ["--out"] if link.out is not None else []
    if no_new_link and given:
        raise CommandError(f"{given[0]} is for a new link, and does not go with --no-new-link")


def _reset_one(  # noqa: PLR0917 - which share, and what instead
    owner: Workspace,
    ledger: Ledger,
    which: str,
    sealed: Path | None,
    link: _NewLink | None,
    at: datetime,
) -> ResetShare:
    share = known_share(owner, ledger, which, sealed, at)
    if share is None:
        return reset_unknown(owner, ledger, which, sealed, at)
    _check_resettable(share)
    anew = None
    if link is None:
        ledger.reset_share(share.id, at)
    else:
        # The ledger ends the one and keeps the other in one go.
        anew = _anew(owner, ledger, share, link, at)
    is_sealed = share.sealed_name is not None
    if share.sealed_name is not None:
        sealed_file(owner.sealed_folder, share.sealed_name).unlink(missing_ok=True)
    says = what_it_does(listed=share.reference is not None, sealed=is_sealed)
    return ResetShare(share.id, at, anew, says)


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


def _anew(
    owner: Workspace, ledger: Ledger, share: RecordedShare, link: _NewLink, at: datetime
) -> WrittenShare:
    """A share that shows the same as another one, which ends with it."""
    code = code_from_id(share.id)
    if share.reset_at is not None:
        raise CommandError(f"{code} has been reset since {rfc3339(share.reset_at)}")
    end = share.expires_at if link.until is None else moment(link.until, "--until")
    if link.until is not None and end <= at:
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
    signer = holder_signer(
        owner,
        PublicKey(held.visible.holder_key),
        link.key,
        from_code=link.from_code,
        passphrase=link.passphrase,
    )
    first, of = own_first_share_place(held.visible), own_place(held.visible)
    made = make_share(
        found.token,
        Wish(share.rows, share.audience, end, share.sealed_name is not None),
        signer,
        link.page or record_page(owner.page),
        lambda wanted: ledger.reserve_share(wanted, first, of=of, instead=share.id),
        at,
    )
    site = f"https://{owner.issuer}/"
    return write_share(made, owner.make_sealed_folder(), link.out, site=site)
