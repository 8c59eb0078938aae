"""An issuer's own folder: its signing keys, what it publishes, what it issued.

::

    workspace.json     format, issuer, verify page; written last: without it, no workspace
    keys/KID.pem       private keys, readable by their owner alone
    public/jwks.json   the published keys
    issued/            every token, and QR codes where nothing else is said
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from signedcert.codec.text import checked_page
from signedcert.crypto.keys import PublicKey
from signedcert.errors import KeyFileError, TrustError
from signedcert.signers.software import SoftwareSigner
from signedcert.trust.jwks import checked_issuer
from signedcert.trust.key_entry import KeyEntry
from signedcert.trust.trust import Trust
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.folders import new_folders
from signedcert.workspace.key_file import KEY_MODE, AskPassphrase, read_key_file
from signedcert.workspace.key_set import KEY_PERIOD, jwk, jwk_set
from signedcert.workspace.settings import WorkspaceError, read_settings, settings

_FILE = "workspace.json"


@dataclass(frozen=True, slots=True)
class Workspace:
    """An issuer's folder.

    :ivar folder: where it is.
    :ivar issuer: host and optional path: what stands in its statements.
    :ivar page: the verify page, before the ``#`` of its links.
    """

    folder: Path
    issuer: str
    page: str

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The workspace in a folder.

        :raises WorkspaceError: when there is none, or one of a later version.
        """
        return cls(folder, *read_settings(folder / _FILE))

    @property
    def keys_folder(self) -> Path:
        """Where the private keys are."""
        return self.folder / "keys"

    @property
    def jwks_file(self) -> Path:
        """The JWK Set to publish."""
        return self.folder / "public" / "jwks.json"

    @property
    def issued_folder(self) -> Path:
        """Where every token is kept."""
        return self.folder / "issued"

    def make_issued_folder(self) -> Path:
        """The folder where every token is kept; made, for its owner alone, where it is missing."""
        self.issued_folder.mkdir(mode=0o700, exist_ok=True)
        return self.issued_folder

    @property
    def published_at(self) -> str:
        """The URL under which verifiers look for the JWK Set."""
        return f"https://{self.issuer}/.well-known/jwks.json"

    def key_file(self, key: PublicKey) -> Path:
        """The file of a key's private half."""
        return self.keys_folder / f"{key.kid.hex()}.pem"

    def trust(self) -> Trust:
        """What the published keys let verify.

        :raises TrustError: when the published file is damaged or another issuer's.
        """
        try:
            return Trust.from_jwks(self.issuer, self.jwks_file.read_bytes())
        except TrustError as error:
            raise TrustError(f"{self.jwks_file}: {error}") from error

    def listed_keys(self) -> tuple[KeyEntry, ...]:
        """The published keys, oldest first."""
        return tuple(sorted(self.trust().keys, key=lambda e: (str(e.not_before), e.public_key.raw)))

    def signer(self, at: datetime, ask: AskPassphrase) -> SoftwareSigner:
        """The newest key whose period covers the moment of signing.

        :raises WorkspaceError: when there is none.
        :raises KeyFileError: when its file cannot be used.
        """
        missing = ""
        for entry in reversed(self.listed_keys()):
            begun = entry.not_before is None or entry.not_before <= at
            over = entry.not_after is not None and entry.not_after <= at
            path = self.key_file(entry.public_key)
            if not begun or over or entry.revocation is not None:
                continue
            if path.exists():
                signer = read_key_file(path, ask)
                if signer.public_key != entry.public_key:
                    raise KeyFileError(f"{path} holds another key than its name says")
                return signer
            missing = f"; {path} is missing"
        raise WorkspaceError(
            f"no signing key in {self.folder} may sign a statement dated {at:%Y-%m-%d %H:%M:%S} "
            f"UTC{missing}; see: signedcert keys"
        )


def create_workspace(  # noqa: PLR0913 - what a workspace is made of
    folder: Path,
    issuer: str,
    page: str,
    ask_passphrase: Callable[[], bytes | None],
    *,
    now: datetime,
    key_period: timedelta = KEY_PERIOD,
) -> Workspace:
    """Makes a workspace with a fresh signing key. On failure nothing is left behind.

    :param folder: must not exist, or be empty.
    :param page: the http(s) URL of the verify page.
    :param ask_passphrase: what to encrypt the private key under, or None to store it in the clear;
        called once it is certain that the folder can be used.
    :param now: the creation of the key, which is when its period begins.
    :raises WorkspaceError: when the folder is not empty.
    :raises TrustError: when the issuer is no lower-case host, then optional path segments.
    :raises EncodeError: when the page is no such URL.
    """
    workspace = Workspace(folder, checked_issuer(issuer), checked_page(page))
    if (folder / _FILE).exists():
        raise WorkspaceError(f"{folder} is a workspace already; nothing was changed")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder} is not an empty folder; nothing was changed")
    passphrase = ask_passphrase()
    signer = SoftwareSigner.generate()
    published = jwk_set(workspace.issuer, [jwk(signer.public_key, now, key_period)], now)
    with new_folders(folder, workspace.keys_folder, workspace.jwks_file.parent):
        # All or none of them; the file that makes the folder a workspace gets its name last.
        write_new(
            {
                workspace.key_file(signer.public_key): signer.to_pem(passphrase),
                workspace.jwks_file: published,
                folder / _FILE: settings(workspace.issuer, workspace.page),
            },
            mode=KEY_MODE,
        )
        # Others have to read this one: a web server, an upload.
        workspace.jwks_file.chmod(0o644)
    return workspace
