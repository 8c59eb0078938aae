"""``signedcert share create``: a link that shows what the learner chose."""

from pathlib import Path
from typing import Annotated

import typer

from signedcert.cli.ledger_notes import tell, warn_of_restore
from signedcert.cli.options import JsonOption, NowOption, PassphraseFdOption, given_path, moment
from signedcert.cli.passphrase import of_keys
from signedcert.cli.share.holder import CodeOption, KeyOption, holder_signer
from signedcert.cli.share.made import report, write_share
from signedcert.cli.share.records import (
    MeantRecord,
    RecordArgument,
    check_shareable,
    meant_record,
)
from signedcert.cli.share.wishes import (
    AudienceOption,
    DaysOption,
    PresetOption,
    ShowOption,
    UntilOption,
    wish_of,
)
from signedcert.crypto.keys import PublicKey
from signedcert.workspace.own_shares import keep_own_share
from signedcert.workspace.record_issuing import first_share_place, own_first_share_place, own_place
from signedcert.workspace.sharing import make_share, record_page
from signedcert.workspace.workspace import Workspace

ShareWorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        metavar="DIR",
        parser=given_path,
        help="The platform's workspace, which keeps the record and perhaps the share key.",
    ),
]
PageOption = Annotated[
    str | None,
    typer.Option(
        "--page", metavar="URL", help="The page that the link opens; https://ISSUER/r/ unless said."
    ),
]
ShareOutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="DIR",
        parser=given_path,
        help="Where to write the QR code, and without --workspace the sealed file.",
    ),
]
SealedOption = Annotated[
    bool,
    typer.Option(
        "--sealed",
        help="Put the share into an encrypted file, and only its secret into the link: short, and "
        "gone when the file is.",
    ),
]


def create(
    *,
    record: RecordArgument,
    audience: AudienceOption,
    show: ShowOption = None,
    preset: PresetOption = None,
    days: DaysOption = 30,
    until: UntilOption = None,
    sealed: SealedOption = False,
    workspace: ShareWorkspaceOption = None,
    key: KeyOption = None,
    code: CodeOption = False,
    page: PageOption = None,
    out: ShareOutOption = None,
    passphrase_fd: PassphraseFdOption = None,
    now: NowOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a link that shows what the learner chose of a course record.

    With --workspace it is kept in the platform's ledger, else in RECORD.shares.json beside the
    record: each share gets a slot of its own there, and can be reset by itself.
    """
    at = moment(now).replace(microsecond=0)
    wish = wish_of(show, preset, audience, days, until, at, sealed=sealed)
    owner = None if workspace is None else Workspace.open(workspace)
    passphrase = of_keys(passphrase_fd)
    if owner is None:
        meant = meant_record(record, None)
        file = meant.file
        assert file is not None  # without a workspace, only a file can be meant
        first = first_share_place(meant.held.visible)
        signer = holder_signer(None, _key_of(meant), key, from_code=code, passphrase=passphrase)
        made = make_share(
            meant.token,
            wish,
            signer,
            page or f"https://{meant.held.visible.issuer}/r/",
            lambda share: keep_own_share(file, share, first),
            at,
        )
        done = write_share(made, out or Path(), out, site=None)
    else:
        with owner.open_ledger(at) as ledger:
            warn_of_restore(ledger)
            meant = meant_record(record, ledger)
            held = meant.held
            check_shareable(held, owner, ledger)
            signer = holder_signer(
                owner, _key_of(meant), key, from_code=code, passphrase=passphrase
            )
            first = own_first_share_place(meant.held.visible)
            made = make_share(
                meant.token,
                wish,
                signer,
                page or record_page(owner.page),
                lambda share: ledger.reserve_share(share, first, of=own_place(held.visible)),
                at,
            )
            done = write_share(
                made, owner.make_sealed_folder(), out, site=f"https://{owner.issuer}/"
            )
    if meant.held.visible.share_places is None:
        tell(
            "the record was issued without places for shares: this link cannot be reset, and is "
            "good until its end"
        )
    report(done, as_json=as_json)


def _key_of(meant: MeantRecord) -> PublicKey:
    return PublicKey(meant.held.visible.holder_key)
