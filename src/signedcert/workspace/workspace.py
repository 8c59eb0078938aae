"""An issuer's own folder: its signing keys, what it publishes, what it issued.

::

    workspace.json     format, issuer, verify page; written last: without it, no workspace
    keys/KID.pem       private keys, readable by their owner alone
    public/jwks.json   the published keys
    issued/            tokens and QR codes, where nothing else is said
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from signedcert.codec.text import checked_page
from signedcert.crypto.keys import PublicKey
from signedcert.errors import EncodeError, KeyFileError, SignedCertError, TrustError
from signedcert.signers.software import SoftwareSigner
from signedcert.trust.jwks import checked_issuer
from signedcert.trust.key_entry import KeyEntry
from signedcert.trust.trust import Trust
from signedcert.workspace.atomic_files import write_new
from signedcert.workspace.folders import new_folders
from signedcert.workspace.key_file import KEY_MODE, AskPassphrase, read_key_file
from signedcert.workspace.key_set import KEY_PERIOD, jwk, jwk_set

_FORMAT = 1
_FILE = "workspace.json"
_SIZE_MAX = 65_536


class WorkspaceError(SignedCertError):
    """A folder that is no workspace, cannot become one, or has no key for the moment."""


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
        path = folder / _FILE
        try:
            with path.open("rb") as file:
                settings = json.loads(file.read(_SIZE_MAX))
        except (FileNotFoundError, NotADirectoryError):
            raise WorkspaceError(
                f"{folder} is no workspace; make one with: signedcert init --workspace DIR "
                "--issuer HOST"
            ) from None
        except ValueError:
            raise WorkspaceError(f"{path} is damaged: it is not JSON") from None
        if not isinstance(settings, dict) or settings.get("format") != _FORMAT:
            raise WorkspaceError(f"{path} is not of the format that this version reads ({_FORMAT})")
        try:
            return cls(folder, checked_issuer(settings.get("issuer")), _page(settings.get("page")))
        except (TrustError, EncodeError) as error:
            raise WorkspaceError(f"{path} is damaged: {error}") from error

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
        """Where tokens go, where nothing else is said."""
        return self.folder / "issued"

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
        return Trust.from_jwks(self.issuer, self.jwks_file.read_bytes())

    def listed_keys(self) -> tuple[KeyEntry, ...]:
        """The published keys, oldest first."""
        return tuple(sorted(self.trust().keys, key=lambda e: (str(e.not_before), e.public_key.raw)))

    def signer(self, at: datetime, ask: AskPassphrase) -> SoftwareSigner:
        """The newest key whose period covers the moment of signing.

        :raises WorkspaceError: when there is none.
        :raises KeyFileError: when its file cannot be used.
        """
        for entry in reversed(self.listed_keys()):
            begun = entry.not_before is None or entry.not_before <= at
            over = entry.not_after is not None and entry.not_after <= at
            path = self.key_file(entry.public_key)
            if begun and not over and entry.revocation is None and path.exists():
                signer = read_key_file(path, ask)
                if signer.public_key != entry.public_key:
                    raise KeyFileError(f"{path} holds another key than its name says")
                return signer
        raise WorkspaceError(
            f"no signing key in {self.folder} may sign a statement dated {at:%Y-%m-%d %H:%M:%S} "
            "UTC; see: signedcert keys"
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
    :raises TrustError: when the issuer is no lower-case host.
    :raises EncodeError: when the page is no such URL.
    """
    workspace = Workspace(folder, checked_issuer(issuer), _page(page))
    if (folder / _FILE).exists():
        raise WorkspaceError(f"{folder} is a workspace already; nothing was changed")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WorkspaceError(f"{folder} is not an empty folder; nothing was changed")
    passphrase = ask_passphrase()
    signer = SoftwareSigner.generate()
    published = jwk_set(workspace.issuer, [jwk(signer.public_key, now, key_period)], now)
    settings = {"format": _FORMAT, "issuer": workspace.issuer, "page": workspace.page}
    with new_folders(folder, workspace.keys_folder, workspace.jwks_file.parent):
        # All or none of them; the file that makes the folder a workspace gets its name last.
        write_new(
            {
                workspace.key_file(signer.public_key): signer.to_pem(passphrase),
                workspace.jwks_file: published,
                folder / _FILE: (json.dumps(settings, indent=2) + "\n").encode(),
            },
            mode=KEY_MODE,
        )
        # Others have to read this one: a web server, an upload.
        workspace.jwks_file.chmod(0o644)
    return workspace


def _page(page: object) -> str:
    """The page, once it is known that links can be made of it.

    :raises EncodeError: otherwise.
    """
    if not isinstance(page, str):
        raise EncodeError("the verify page is missing")
    return checked_page(page)
