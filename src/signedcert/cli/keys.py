"""``signedcert keys``: which keys sign, from when to when; the roots. Never anything private."""

from datetime import datetime
from typing import Any

from rich.text import Text

from signedcert.cli.options import JsonOption, WorkspaceOption
from signedcert.cli.screen import print_json, print_rows, screen, visible
from signedcert.cli.verdict_output import rfc3339
from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import KeyUse, SigningKey
from signedcert.workspace.key_store import place_of
from signedcert.workspace.workspace import Workspace, keys_in_order, public_key_of


def keys(workspace: WorkspaceOption, as_json: JsonOption = False) -> None:
    """Show the issuer's public keys and roots, and what is published of them."""
    owner = Workspace.open(workspace)
    content = keys_json(owner)
    if as_json:
        print_json(content)
        return
    console = screen()
    for name in ("issuer", "version", "issued_at", "next_update", "final"):
        console.print(visible(f"{name.replace('_', ' '):<17} {content[name]}"))
    for kind in ("roots", "keys", "status_keys"):
        for details in content[kind]:
            console.print()
            console.print(Text(kind.removesuffix("s").replace("_", " "), style="bold"))
            print_rows(
                console,
                (
                    (Text(name.replace("_", " "), style="dim"), Text(visible(str(value or "none"))))
                    for name, value in details.items()
                ),
            )


def keys_json(owner: Workspace) -> dict[str, Any]:
    """The workspace, its public keys and roots, in JSON's types."""
    document = owner.document()
    roots = [PublicKey(root) for root in document.roots if isinstance(root, bytes)]
    return {
        "issuer": owner.issuer,
        "page": owner.page,
        "version": document.version,
        "issued_at": rfc3339(document.issued_at),
        "next_update": _moment(document.next_update),
        "final": document.final,
        "epoch": document.epoch,
        "fingerprint": roots[0].thumbprint.hex() if roots else None,
        "roots": [
            {
                "fingerprint": root.thumbprint.hex(),
                "private_key_file": _file(place_of(owner.root_folder, root)),
            }
            for root in roots
        ],
        "keys": [_details(owner, key) for key in keys_in_order(document, KeyUse.STATEMENTS)],
        "status_keys": [_details(owner, key) for key in keys_in_order(document, KeyUse.STATUS)],
        "jwks_file": str(owner.jwks_file),
        "document_file": str(owner.document_file),
    }


def _details(owner: Workspace, key: SigningKey) -> dict[str, str | None]:
    public_key, ended = public_key_of(key), key.revocation
    return {
        "kid": public_key.kid.hex(),
        "thumbprint": public_key.thumbprint.hex(),
        "not_before": rfc3339(key.valid_from),
        "not_after": rfc3339(key.valid_until),
        "revocation": None if ended is None else ended.end.json_name,
        "since": None if ended is None else rfc3339(ended.since),
        "why": None if ended is None else ended.why,
        "private_key_file": _file(place_of(owner.keys_folder, public_key)),
    }


def _file(path: object) -> str | None:
    return None if path is None else str(path)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
