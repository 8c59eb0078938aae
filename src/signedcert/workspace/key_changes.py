"""Changing an issuer's keys: new ones, the end of old ones, new roots.

Each change makes the next issuer document, signed by a root key. A private key is on the disk
before a document lists its public half: whatever happens in between, no listed key is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.model.issuer_document import Handover, IssuerDocument, KeyRevocation, KeyUse
from signedcert.signers.software import SoftwareSigner
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.creation import HardwareKey, check_spare
from signedcert.workspace.document_changes import (
    DOCUMENT_LIFETIME,
    next_document,
    with_key,
    with_revocation,
)
from signedcert.workspace.document_file import (
    changing,
    signed_document,
    signed_handover,
    write_document,
)
from signedcert.workspace.key_file import KEY_MODE
from signedcert.workspace.key_set import KEY_PERIOD
from signedcert.workspace.key_store import pem_file, uri_file
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.workspace import Workspace

#: Opens a root key of the present epoch; called once it is certain that it is needed.
OpenRoot = Callable[[], Signer]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A signing key to be made.

    :ivar use: what it will sign.
    :ivar begin: when its period begins.
    :ivar period: how long it signs.
    :ivar passphrase: what to encrypt its file under, or None.
    :ivar hardware: makes or finds a key in hardware; None: a key file is made.
    """

    use: KeyUse
    begin: datetime
    period: timedelta = KEY_PERIOD
    passphrase: bytes | None = field(default=None, repr=False)
    hardware: Callable[[], HardwareKey] | None = None


def rotate(
    owner: Workspace,
    new: NewKey,
    open_root: OpenRoot,
    now: datetime,
    lifetime: timedelta = DOCUMENT_LIFETIME,
) -> PublicKey:
    """Adds a signing key. The ones before it stay listed, so that what they signed stays valid.

    :returns: the new public key.
    :raises WorkspaceError: when the issuer is closed, or the clock behind the present document.
    """
    with changing(owner) as document:
        # Refuses before anything is asked for or made, with a key that stands for the new one.
        trial = SoftwareSigner.generate().public_key
        keys = with_key(document, trial, new.use, new.begin, new.period)
        next_document(document, now, lifetime=lifetime, keys=keys)
        root = open_root()
        key, path, content = _made(owner, new)
        if any(each.key == key.raw for each in document.keys):
            raise WorkspaceError(f"the key {key.kid.hex()} is listed already; nothing was changed")
        keys = with_key(document, key, new.use, new.begin, new.period)
        changed = next_document(document, now, lifetime=lifetime, keys=keys)
        token = signed_document(changed, root)
        write_new({path: content}, mode=KEY_MODE)
        write_document(owner, changed, token)
    return key


def rotate_root(  # noqa: PLR0913, PLR0917 - what new roots are made of
    owner: Workspace,
    open_root: OpenRoot,
    passphrase: bytes | None,
    spare: Path | None,
    now: datetime,
    lifetime: timedelta = DOCUMENT_LIFETIME,
) -> list[PublicKey]:
    """Puts new root keys in the place of all present ones.

    :param spare: where to write a second root key, to be kept elsewhere; None for none.
    :returns: the new roots; the one in the workspace first.
    :raises WorkspaceError: when the issuer is closed, or the file of the spare root exists.
    """
    with changing(owner) as document:
        # Refuses before anything is asked for, with what stands for the new handover.
        next_document(document, now, lifetime=lifetime, handovers=(*document.handovers, b"-"))
        if spare is not None:
            check_spare(spare, owner.folder)
        old = open_root()
        roots = [SoftwareSigner.generate() for _ in range(1 if spare is None else 2)]
        listed = tuple(root.public_key.raw for root in roots)
        handover = Handover(
            issuer=owner.issuer, issued_at=now, epoch=document.epoch + 1, roots=listed
        )
        changed = next_document(
            document,
            now,
            lifetime=lifetime,
            roots=listed,
            handovers=(*document.handovers, signed_handover(handover, old)),
        )
        token = signed_document(changed, roots[0])
        owner.root_folder.mkdir(mode=0o700, exist_ok=True)
        places = [pem_file(owner.root_folder, roots[0].public_key)]
        places += [] if spare is None else [spare]
        files = {path: root.to_pem(passphrase) for path, root in zip(places, roots, strict=True)}
        write_new(files, mode=KEY_MODE)
        write_document(owner, changed, token)
    return [root.public_key for root in roots]


def end_key(
    owner: Workspace,
    kid: bytes,
    revocation: Callable[[IssuerDocument], KeyRevocation],
    open_root: OpenRoot,
    now: datetime,
) -> None:
    """Takes a signing key out of use: retired, or compromised.

    :param revocation: what to say of it; called with the present document.
    :raises WorkspaceError: when there is no such key, or the issuer is closed.
    """
    with changing(owner) as document:
        next_document(document, now)
        keys = with_revocation(document, kid, revocation(document))
        changed = next_document(document, now, keys=keys)
        write_document(owner, changed, signed_document(changed, open_root()))


def renew(owner: Workspace, open_root: OpenRoot, now: datetime, lifetime: timedelta) -> None:
    """Signs the document anew, with nothing changed but its dates and version.

    :raises WorkspaceError: when the issuer is closed.
    """
    with changing(owner) as document:
        changed = next_document(document, now, lifetime=lifetime)
        write_document(owner, changed, signed_document(changed, open_root()))


def _made(owner: Workspace, new: NewKey) -> tuple[PublicKey, Path, bytes]:
    if new.hardware is not None:
        key, uri = new.hardware()
        return key, uri_file(owner.keys_folder, key), f"{uri}\n".encode("ascii")
    signer = SoftwareSigner.generate()
    path = pem_file(owner.keys_folder, signer.public_key)
    return signer.public_key, path, signer.to_pem(new.passphrase)
