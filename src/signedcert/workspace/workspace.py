"""An issuer's own folder: its keys, what it says of itself, what it issued.

::

    workspace.json         format, issuer, verify page; written last: without it, no workspace
    roots/KID.pem          root keys, which sign the issuer document; may be taken offline
    keys/KID.pem           signing keys, readable by their owner alone
    keys/KID.pkcs11        where a signing key in hardware is: a PKCS#11 URI
    public/issuer.cbor     the issuer document, as last signed
    public/jwks.json       the keys for statements, made from it
    public/final/N.cwt     the final status lists of a closed issuer
    ledger.sqlite          what was issued and withdrawn (with ledger.id and ledger.mark)
    issued/                tokens and QR codes where nothing else is said
    holders/KID.pem        share keys kept on learners' behalf, readable by their owner alone
    sealed/NAME.cose       sealed shares to be published; NAME is 32 hexadecimal digits
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.errors import TrustError
from signedcert.model.issuer_document import (
    DOCUMENT_MAX,
    IssuerDocument,
    KeyEnd,
    KeyUse,
    SigningKey,
)
from signedcert.trust.holding import Opened
from signedcert.trust.trust import Trust
from signedcert.workspace.key_file import AskPassphrase
from signedcert.workspace.key_store import open_key, pem_file, place_of
from signedcert.workspace.ledger import Ledger
from signedcert.workspace.settings import Settings, WorkspaceError, read_settings

SETTINGS_FILE = "workspace.json"


@dataclass(frozen=True, slots=True)
class Workspace:
    """An issuer's folder.

    :ivar folder: where it is.
    :ivar settings: what it was made with.
    """

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The workspace in a folder.

        :raises WorkspaceError: when there is none, or one of another version.
        """
        return cls(folder, read_settings(folder / SETTINGS_FILE))

    @property
    def issuer(self) -> str:
        """Host and optional path: what stands in its statements."""
        return self.settings.issuer

    @property
    def page(self) -> str:
        """The verify page, before the ``#`` of its links."""
        return self.settings.page

    @property
    def keys_folder(self) -> Path:
        """Where the signing keys are."""
        return self.folder / "keys"

    @property
    def root_folder(self) -> Path:
        """Where the root keys are, unless they were taken offline."""
        return self.folder / "roots"

    @property
    def public_folder(self) -> Path:
        """What is published."""
        return self.folder / "public"

    @property
    def document_file(self) -> Path:
        """The issuer document."""
        return self.public_folder / "issuer.cbor"

    @property
    def jwks_file(self) -> Path:
        """The keys for statements as a JWK Set."""
        return self.public_folder / "jwks.json"

    @property
    def final_lists_folder(self) -> Path:
        """The status lists of a closed issuer."""
        return self.public_folder / "final"

    @property
    def ledger_file(self) -> Path:
        """The ledger."""
        return self.folder / "ledger.sqlite"

    @property
    def issued_folder(self) -> Path:
        """Where tokens and QR codes go that go nowhere else."""
        return self.folder / "issued"

    def make_issued_folder(self) -> Path:
        """The folder of what was issued; made, for its owner alone, where it is missing."""
        self.issued_folder.mkdir(mode=0o700, exist_ok=True)
        return self.issued_folder

    @property
    def holders_folder(self) -> Path:
        """Where the share keys are that are kept on learners' behalf."""
        return self.folder / "holders"

    def make_holders_folder(self) -> Path:
        """The folder of those keys; made, for its owner alone, where it is missing."""
        self.holders_folder.mkdir(mode=0o700, exist_ok=True)
        return self.holders_folder

    @property
    def sealed_folder(self) -> Path:
        """Where the sealed shares are that publishing puts into the site."""
        return self.folder / "sealed"

    def make_sealed_folder(self) -> Path:
        """The folder of sealed shares; made, for its owner alone, where it is missing."""
        self.sealed_folder.mkdir(mode=0o700, exist_ok=True)
        return self.sealed_folder

    def open_ledger(self, at: datetime) -> Ledger:
        """The ledger, to be closed by the caller.

        :raises LedgerError: when it is missing, damaged or of a newer version.
        """
        return Ledger.open(self.ledger_file, at=at)

    def trust(self) -> Trust:
        """Trust in the issuer's own document, pinned to its first root.

        :raises WorkspaceError: when the document is missing, damaged or another issuer's.
        """
        try:
            with self.document_file.open("rb") as file:
                data = file.read(DOCUMENT_MAX + 1)
            trust = Trust.empty().with_issuer_document(data, self.settings.first_root)
        except FileNotFoundError:
            raise WorkspaceError(
                f"{self.document_file} is missing; take it back from a backup, or from the "
                "published site"
            ) from None
        except TrustError as error:
            raise WorkspaceError(f"{self.document_file}: {error}") from error
        if trust.issuers != (self.issuer,):
            raise WorkspaceError(f"{self.document_file} is not {self.issuer}'s document")
        return trust

    def document(self) -> IssuerDocument:
        """The issuer document, verified.

        :raises WorkspaceError: as :meth:`trust` does.
        """
        opened = self.trust().open_issuer(self.issuer)
        assert isinstance(opened, Opened)  # trust() took it in
        assert opened.document is not None
        return opened.document

    def signer(self, use: KeyUse, at: datetime, ask: AskPassphrase) -> Signer:
        """The newest key of a use whose period covers the moment of signing.

        :raises WorkspaceError: when there is none.
        :raises KeyFileError: when its file cannot be used.
        :raises SignerError: when it is in hardware that cannot be used.
        """
        missing = ""
        for key in reversed(keys_in_order(self.document(), use)):
            public_key = public_key_of(key)
            if not key.valid_from <= at < key.valid_until or _is_out_of_use(key, at):
                continue
            path = place_of(self.keys_folder, public_key)
            if path is not None:
                return open_key(path, public_key, ask)
            missing = missing or f"; {pem_file(self.keys_folder, public_key)} is missing"
        what = "a statement" if use is KeyUse.STATEMENTS else "a status list"
        raise WorkspaceError(
            f"no signing key in {self.folder} may sign {what} dated {at:%Y-%m-%d %H:%M:%S} "
            f"UTC{missing}; see: signedcert keys, and signedcert rotate"
        )

    def root_signer(self, ask: AskPassphrase, root_file: Path | None = None) -> Signer:
        """A root key of the present epoch.

        :param root_file: where it is; unless given, in the workspace.
        :raises WorkspaceError: when there is none.
        :raises KeyFileError: when its file cannot be used.
        """
        roots = [PublicKey(root) for root in self.document().roots if isinstance(root, bytes)]
        if root_file is not None:
            return open_root(root_file, roots, ask)
        for root in roots:
            path = place_of(self.root_folder, root)
            if path is not None:
                return open_key(path, root, ask)
        raise WorkspaceError(
            f"no root key of the present epoch is in {self.root_folder}; say where one is with "
            "--root-key FILE"
        )


def open_root(path: Path, roots: list[PublicKey], ask: AskPassphrase) -> Signer:
    """The root key in a file.

    :raises WorkspaceError: when it is none of these roots.
    """
    from signedcert.workspace.key_file import read_key_file

    signer = read_key_file(path, ask)
    if signer.public_key not in roots:
        raise WorkspaceError(
            f"{path} holds the key {signer.public_key.thumbprint.hex()}, which is no root of the "
            "present epoch"
        )
    return signer


def keys_in_order(document: IssuerDocument, use: KeyUse) -> list[SigningKey]:
    """The Ed25519 keys of a use, oldest first; of two that begin together, the one listed last."""
    keys = [key for key in document.keys if key.use is use and isinstance(key.key, bytes)]
    return sorted(keys, key=lambda key: key.valid_from)


def _is_out_of_use(key: SigningKey, at: datetime) -> bool:
    """Whether nothing is to be signed with it: a key that will be retired goes on until then."""
    ended = key.revocation
    return ended is not None and (ended.end is not KeyEnd.RETIRED or ended.since <= at)


def public_key_of(key: SigningKey) -> PublicKey:
    """The public key of an Ed25519 signing key."""
    assert isinstance(key.key, bytes)
    return PublicKey(key.key)
