"""``signedcert keys``: which keys sign, from when to when. Never anything private."""

from datetime import datetime
from typing import Any

from rich.text import Text

from signedcert.cli.options import JsonOption, WorkspaceOption
from signedcert.cli.screen import print_json, print_rows, screen, visible
from signedcert.cli.verdict_output import rfc3339
from signedcert.trust.key_entry import KeyEntry
from signedcert.workspace.workspace import Workspace


def keys(workspace: WorkspaceOption, as_json: JsonOption = False) -> None:
    """Show the issuer's public keys, and where the published key set is."""
    owner = Workspace.open(workspace)
    if as_json:
        print_json(keys_json(owner))
        return
    console = screen()
    for entry in owner.listed_keys():
        details = _details(owner, entry)
        print_rows(
            console,
            (
                (Text(name.replace("_", " "), style="dim"), Text(visible(str(value or "none"))))
                for name, value in details.items()
            ),
        )
        console.print()
    console.print(visible(f"publish {owner.jwks_file} as {owner.published_at}"))


def keys_json(owner: Workspace) -> dict[str, Any]:
    """The workspace and its public keys, in JSON's types."""
    return {
        "issuer": owner.issuer,
        "page": owner.page,
        "keys": [_details(owner, entry) for entry in owner.listed_keys()],
        "jwks_file": str(owner.jwks_file),
        "publish_as": owner.published_at,
    }


def _details(owner: Workspace, entry: KeyEntry) -> dict[str, str | None]:
    path = owner.key_file(entry.public_key)
    return {
        "kid": entry.public_key.kid.hex(),
        "thumbprint": entry.public_key.thumbprint.hex(),
        "not_before": _moment(entry.not_before),
        "not_after": _moment(entry.not_after),
        "revocation": None if entry.revocation is None else entry.revocation.value,
        "private_key_file": str(path) if path.exists() else None,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
