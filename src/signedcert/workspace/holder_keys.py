"""Share keys: kept in the workspace on a learner's behalf, or by the learner in a file."""

from collections.abc import Mapping
from pathlib import Path

from signedcert.crypto.keys import PublicKey
from signedcert.errors import KeyFileError
from signedcert.signers.software import SoftwareSigner
from signedcert.signers.spki import spki_pem
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.key_file import KEY_MODE, AskPassphrase, read_key_file
from signedcert.workspace.key_store import pem_file
from signedcert.workspace.settings import WorkspaceError
from signedcert.workspace.workspace import Workspace


def keep_holder_key(owner: Workspace, key: SoftwareSigner, passphrase: bytes | None) -> Path:
    """Writes a share key into the workspace, before any record names it.

    Whoever has the workspace and its passphrase can share in the learner's name from then on.

    :raises OSError: when it cannot be written.
    """
    path = pem_file(owner.make_holders_folder(), key.public_key)
    write_new({path: key.to_pem(passphrase)}, mode=KEY_MODE)
    return path


def holder_key_file(owner: Workspace, key: PublicKey) -> Path | None:
    """The file of a share key, where the workspace keeps it."""
    path = pem_file(owner.holders_folder, key)
    return path if path.exists() else None


def write_key_pair(path: Path, key: SoftwareSigner, passphrase: bytes | None) -> Path:
    """Writes a learner's own share key, and its public half beside it.

    :param path: the file of the private key. The other one's name has ``.pub`` behind it.
    :returns: the file of the public key.
    :raises FileExistsError: when one of them exists.
    :raises OSError: when they cannot be written; neither is.
    """
    public = path.with_name(f"{path.name}.pub")
    files: Mapping[Path, bytes] = {
        path: key.to_pem(passphrase),
        public: spki_pem(key.public_key),
    }
    write_new(files, mode=KEY_MODE)
    return public


def open_holder_key(owner: Workspace, key: PublicKey, ask: AskPassphrase) -> SoftwareSigner:
    """The share key that the workspace keeps for a learner.

    :raises WorkspaceError: when it does not keep it: the learner has it.
    :raises KeyFileError: when its file cannot be used.
    """
    path = holder_key_file(owner, key)
    if path is None:
        raise WorkspaceError(
            f"the share key {key.kid.hex()} is not in {owner.holders_folder}: the learner has it, "
            "as a key file (--key FILE) or as a recovery code (--recovery-code)"
        )
    signer = read_key_file(path, ask)
    if signer.public_key != key:
        raise KeyFileError(f"{path} holds another key than its name says")
    return signer
