"""What the commands that need a root key share."""

from pathlib import Path

from signedcert.cli.passphrase import Source, asking_root
from signedcert.workspace.key_changes import OpenRoot
from signedcert.workspace.workspace import Workspace


def opening_root(owner: Workspace, root_file: Path | None, keys: Source, root: Source) -> OpenRoot:
    """What opens a root key, with the passphrase from where the options say."""
    return lambda: owner.root_signer(asking_root(keys, root), root_file)
