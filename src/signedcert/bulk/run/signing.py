"""The key that a run signs with, and the date that its certificates have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signedcert.bulk.run.chunks import KeyPlace
from signedcert.crypto.signer import Signer
from signedcert.model.issuer_document import KeyEnd, KeyUse
from signedcert.trust.key_entry import KeyEntry
from signedcert.workspace.key_file import AskPassphrase
from signedcert.workspace.key_store import place_of
from signedcert.workspace.workspace import Workspace, public_key_of


@dataclass(frozen=True, slots=True)
class Signing:
    """What a run signs with.

    :ivar signer: for this process.
    :ivar place: for other processes, which open it themselves.
    :ivar issued_at: the date of what is signed.
    """

    signer: Signer
    place: KeyPlace
    issued_at: datetime


def signing_key(owner: Workspace, begun_at: datetime, now: datetime, ask: AskPassphrase) -> Signing:
    """The key that may sign now, and the date for what it signs.

    The date is that of the run's beginning, so that all of its certificates have the same; where
    the key may sign now but could not then, it is now.

    :param ask: called once at most.
    :raises WorkspaceError: when no key may sign now.
    :raises KeyFileError: when its file cannot be used.
    :raises SignerError: when it is in hardware that cannot be used.
    """
    secrets: list[bytes] = []

    def asked(path: Path) -> bytes:
        secrets.append(ask(path))
        return secrets[-1]

    now = now.replace(microsecond=0)
    signer = owner.signer(KeyUse.STATEMENTS, now, asked)
    key = next(
        each
        for each in owner.document().keys
        if each.use is KeyUse.STATEMENTS and each.key == signer.public_key.raw
    )
    path = place_of(owner.keys_folder, signer.public_key)
    assert path is not None  # it was opened there
    place = KeyPlace(path, signer.public_key, secrets[-1] if secrets else None)
    return Signing(signer, place, begun_at if key.valid_from <= begun_at <= now else now)


def disowned_keys(owner: Workspace) -> Mapping[bytes, KeyEntry]:
    """The keys that were declared compromised, with the tokens that the issuer vouches for; by kid.

    :raises WorkspaceError: when the issuer document cannot be used.
    """
    found = {}
    for each in owner.document().keys:
        ended = each.revocation
        if ended is None or ended.end is not KeyEnd.COMPROMISED or not isinstance(each.key, bytes):
            continue
        public_key = public_key_of(each)
        found[public_key.kid] = KeyEntry(owner.issuer, public_key, vouched=ended.vouched or b"")
    return found
