"""Making a workspace: keys, the first issuer document, an empty ledger. All of it, or nothing."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from signedcert.codec.text import checked_page
from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import (
    Handover,
    IssuerDocument,
    KeyUse,
    LocalName,
    SigningKey,
)
from signedcert.signers.software import SoftwareSigner
from signedcert.trust.jwks import checked_issuer
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.document_changes import DOCUMENT_LIFETIME
from signedcert.workspace.document_file import signed_document, signed_handover
from signedcert.workspace.folders import new_folders
from signedcert.workspace.key_file import KEY_MODE
from signedcert.workspace.key_set import KEY_PERIOD, published_jwk_set
from signedcert.workspace.key_store import pem_file, uri_file
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.settings import Settings, WorkspaceError, settings_file
from signedcert.workspace.site.place import is_within
from signedcert.workspace.workspace import SETTINGS_FILE, Workspace

#: A million certificates in a list: many enough to hide in, and 256 KiB before compression.
LIST_SIZE = 1_048_576


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace is to be made of.

    :ivar issuer: host and optional path.
    :ivar page: the http(s) URL of the verify page.
    :ivar now: the creation of the keys, which is when their periods begin.
    :ivar key_period: how long the signing keys sign.
    :ivar lifetime: how long the issuer document counts.
    :ivar names: the issuer's name, in its languages.
    :ivar home_page: its home page, or None.
    :ivar spare_root: where to write a second root key, to be kept elsewhere; None for none.
    :ivar list_size: how many certificates share a status list.
    """

    issuer: str
    page: str
    now: datetime
    key_period: timedelta = KEY_PERIOD
    lifetime: timedelta = DOCUMENT_LIFETIME
    names: tuple[LocalName, ...] = ()
    home_page: str | None = None
    spare_root: Path | None = None
    list_size: int = LIST_SIZE


@dataclass(frozen=True, slots=True)
class Secrets:
    """What to encrypt private keys under; None: stored in the clear.

    :ivar signing: for the signing keys.
    :ivar root: for the root keys.
    """

    signing: bytes | None = field(repr=False)
    root: bytes | None = field(repr=False)


#: The public key of a signing key in hardware, and the PKCS#11 URI (RFC 7512) where it is.
HardwareKey = tuple[PublicKey, str]


def create_workspace(
    folder: Path,
    plan: Plan,
    ask: Callable[[], Secrets],
    hardware: Callable[[], HardwareKey] | None = None,
) -> Workspace:
    """Makes a workspace with fresh keys. On failure nothing is left behind.

    :param folder: must not exist, or be empty.
    :param ask: called once it is certain that the folder can be used.
    :param hardware: called then for the key that signs statements; None: a key file is made. It is
        called last of all that can be refused, because what it makes stays in the hardware.
    :raises WorkspaceError: when the folder is not empty or cannot be made, or as for
        :func:`check_spare`.
    :raises TrustError: when the issuer is no lower-case host, then optional path segments.
    :raises EncodeError: when the page is no such URL.
    """
    issuer, page = checked_issuer(plan.issuer), checked_page(plan.page)
    if (folder / SETTINGS_FILE).exists():
        raise WorkspaceError(f"{folder} is a workspace already; nothing was changed")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder} is not an empty folder; nothing was changed")
    _check_writable(folder, next(path for path in (folder, *folder.parents) if path.exists()))
    if plan.spare_root is not None:
        check_spare(plan.spare_root, folder)
    secrets = ask()
    roots = [SoftwareSigner.generate() for _ in range(1 if plan.spare_root is None else 2)]
    workspace = Workspace(folder, Settings(issuer, page, roots[0].public_key.thumbprint))
    files: dict[Path, bytes] = {}
    for root, path in zip(
        roots,
        (pem_file(workspace.root_folder, roots[0].public_key), plan.spare_root),
        strict=False,
    ):
        assert path is not None
        files[path] = root.to_pem(secrets.root)
    # What the document refuses is refused before there is a key in the hardware.
    likely = [(SoftwareSigner.generate().public_key, use) for use in KeyUse]
    _first_document(plan, workspace, roots, likely)
    keys = _signing_keys(workspace, secrets, hardware, files)
    document = _first_document(plan, workspace, roots, keys)
    files[workspace.document_file] = signed_document(document, roots[0])
    files[workspace.jwks_file] = published_jwk_set(document)
    # The file that makes the folder a workspace gets its name last.
    files[folder / SETTINGS_FILE] = settings_file(workspace.settings)
    inner = (workspace.keys_folder, workspace.root_folder, workspace.public_folder)
    with new_folders(folder, *inner):
        try:
            # Whoever fetches the site before anything is issued knows the list already.
            with Ledger.create(
                workspace.ledger_file, list_size=plan.list_size, at=plan.now
            ) as ledger:
                ledger.open_first_list()
            write_new(files, mode=KEY_MODE)
        except BaseException:
            for path in folder.glob("ledger.*"):
                path.unlink()
            raise
        # Others have to read these: a web server, an upload.
        for path in (workspace.document_file, workspace.jwks_file):
            path.chmod(0o644)
    return workspace


def check_spare(spare: Path, workspace_folder: Path) -> None:
    """Sees that the file of a spare root key can be made, apart from the workspace.

    Inside it, the key would be lost together with the first, and could be written over.

    :param spare: the file.
    :param workspace_folder: the workspace; it need not exist.
    :raises WorkspaceError: when the file exists, is to lie in the workspace or where a folder has
        to be, or in a folder that is missing or not writable.
    """
    if os.path.lexists(spare):
        raise WorkspaceError(f"{spare} exists already; nothing was changed")
    if is_within(spare, workspace_folder):
        raise WorkspaceError(
            f"{spare} is in the workspace; a spare root key is for the day when that is lost, so "
            "name a file in another place. Nothing was changed"
        )
    if is_within(workspace_folder, spare):
        raise WorkspaceError(
            f"{spare} has to be a folder, because the workspace is in it; nothing was changed"
        )
    _check_writable(spare, spare.parent)


def _check_writable(path: Path, folder: Path) -> None:
    """Sees that something can be made in a folder."""
    if not folder.is_dir():
        raise WorkspaceError(f"{path} cannot be made: {folder} is no folder; nothing was changed")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise WorkspaceError(
            f"{path} cannot be made: {folder} is not writable; nothing was changed"
        )


def _signing_keys(
    workspace: Workspace,
    secrets: Secrets,
    hardware: Callable[[], HardwareKey] | None,
    files: dict[Path, bytes],
) -> list[tuple[PublicKey, KeyUse]]:
    """The keys for statements and for status lists; their files are added to ``files``."""
    keys = []
    for use in KeyUse:
        if use is KeyUse.STATEMENTS and hardware is not None:
            public_key, uri = hardware()
            files[uri_file(workspace.keys_folder, public_key)] = f"{uri}\n".encode("ascii")
        else:
            signer = SoftwareSigner.generate()
            public_key = signer.public_key
            files[pem_file(workspace.keys_folder, public_key)] = signer.to_pem(secrets.signing)
        keys.append((public_key, use))
    return keys


def _first_document(
    plan: Plan,
    workspace: Workspace,
    roots: list[SoftwareSigner],
    keys: list[tuple[PublicKey, KeyUse]],
) -> IssuerDocument:
    listed = tuple(root.public_key.raw for root in roots)
    first = Handover(issuer=workspace.issuer, issued_at=plan.now, epoch=1, roots=listed)
    return IssuerDocument(
        issuer=workspace.issuer,
        issued_at=plan.now,
        version=1,
        next_update=plan.now + plan.lifetime,
        names=plan.names,
        home_page=plan.home_page,
        verify_url=workspace.page,
        roots=listed,
        handovers=(signed_handover(first, roots[0]),),
        keys=tuple(
            SigningKey(
                key=key.raw,
                use=use,
                valid_from=plan.now,
                valid_until=plan.now + plan.key_period,
            )
            for key, use in keys
        ),
        status_lists=f"https://{workspace.issuer}/status/{{number}}.cwt",
    )
