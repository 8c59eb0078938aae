"""The pages by which certificates are opened by their printed codes, as the ledger allows them."""

from datetime import datetime
from pathlib import Path

from signedcert.codec.framing import FRAME_MAX
from signedcert.model.code import code_from_id
from signedcert.model.statement import PAYLOAD_MAX
from signedcert.trust.key_entry import token_digest
from signedcert.workspace.ledger import Ledger, OpenByCode
from signedcert.workspace.ledger.by_code import may_be_withdrawn
from signedcert.workspace.site.by_code import by_code_page, by_code_pages_in, by_code_start
from signedcert.workspace.site.paths import BY_CODE_START, by_code_path
from signedcert.workspace.site_lists import Tell
from signedcert.workspace.workspace import Workspace


def by_code_pages(
    owner: Workspace, ledger: Ledger, site: Path, verify: str | None, tell: Tell
) -> dict[str, bytes]:
    """The pages of all certificates that may be opened by their codes: path → content.

    After a restore from a backup, one that is not in the site any more may have been withdrawn
    since the backup: that is entered into the ledger, and told.

    :param site: the folder of the site as last published.
    :param verify: the verify page's URL; None: that of the same site.
    :param tell: is told of each certificate that is left out, and how to mend that.
    """
    restore, there = ledger.unsettled_restore(), by_code_pages_in(site)
    pages, doubtful = {}, []
    for entry in ledger.open_by_code():
        code = code_from_id(entry.id)
        path = by_code_path(code)
        if may_be_withdrawn(entry, restore) and path not in there:
            doubtful.append(entry.id)
            tell(
                f"{code} is not published by its code any more: the workspace was restored from a "
                "backup, and its learner may have withdrawn since. If that is not so: signedcert "
                f"by-code allow {code}"
            )
            continue
        token = _token(owner, entry)
        if token is None:
            tell(
                f"{code} cannot be opened by its code: the ledger has not kept its token. Put the "
                f"token's file into {owner.issued_folder} as {code}.cose; or take back that it may "
                f"be: signedcert by-code withdraw {code}"
            )
            continue
        pages[path] = by_code_page(code, owner.issuer, token, verify)
    ledger.withdraw_by_code(doubtful)
    if pages:
        pages[BY_CODE_START] = by_code_start(verify)
    return pages


def by_code_pages_of_closed(
    owner: Workspace, site: Path, verify: str | None, now: datetime, tell: Tell
) -> dict[str, bytes]:
    """The same for a closed issuer. Where it has lost its ledger, the pages stay as they are.

    Then one is withdrawn by removing its folder from the site.
    """
    if owner.ledger_file.exists():
        with owner.open_ledger(now) as ledger:
            return by_code_pages(owner, ledger, site, verify, tell)
    pages = {path: place.read_bytes() for path, place in by_code_pages_in(site).items()}
    if pages:
        pages[BY_CODE_START] = by_code_start(verify)
    return pages


def _token(owner: Workspace, entry: OpenByCode) -> bytes | None:
    """The certificate's present token, from the ledger or the folder of what was issued."""
    if entry.token is not None:
        return entry.token
    try:
        with (owner.issued_folder / f"{code_from_id(entry.id)}.cose").open("rb") as file:
            token = file.read(FRAME_MAX + PAYLOAD_MAX + 1)
    except OSError:
        return None
    return token if token_digest(token) == entry.digest else None
