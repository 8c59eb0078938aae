"""Private keys in files: PKCS#8, readable by their owner alone."""

import os
import shlex
import stat
from collections.abc import Callable
from pathlib import Path

from signedcert.errors import KeyFileError
from signedcert.signers.software import SoftwareSigner
from signedcert.signers.spki import is_public_half

#: The passphrase of the key in a file; called only where the file is encrypted.
AskPassphrase = Callable[[Path], bytes]
KEY_MODE = 0o600
_SIZE_MAX = 65_536
_ENCRYPTED = b"ENCRYPTED"
#: OpenSSL takes no more.
PASSPHRASE_MAX = 1023


def checked_passphrase(passphrase: bytes) -> bytes:
    """The passphrase as it is.

    :raises KeyFileError: when it is empty or longer than 1,023 bytes.
    """
    if not passphrase:
        raise KeyFileError("the passphrase is empty")
    if len(passphrase) > PASSPHRASE_MAX:
        raise KeyFileError(f"the passphrase is longer than {PASSPHRASE_MAX} bytes")
    return passphrase


def read_key_file(path: Path, ask: AskPassphrase) -> SoftwareSigner:
    """The signer whose key the file holds.

    :raises KeyFileError: when others may read the file, it is a public key's, or it cannot be
        opened with the passphrase.
    :raises OSError: when it cannot be read.
    """
    with path.open("rb") as file:
        pem = file.read(_SIZE_MAX)
        if is_public_half(pem):
            # First, for a public key may be readable by everybody.
            raise KeyFileError(
                f"{path}: this is the public half of a key; the private half is needed: "
                "beside FILE.pub, that is FILE"
            )
        # Of the open file, so that nothing can be exchanged between check and use.
        mode = os.fstat(file.fileno()).st_mode
        if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
            raise KeyFileError(
                f"others may read the private key in {path}; if nobody did, mend it with: "
                f"chmod 600 {shlex.quote(str(path))}"
            )
    passphrase = checked_passphrase(ask(path)) if _ENCRYPTED in pem else None
    try:
        return SoftwareSigner.from_pem(pem, passphrase)
    except KeyFileError as error:
        raise KeyFileError(f"{path}: {error}") from error
