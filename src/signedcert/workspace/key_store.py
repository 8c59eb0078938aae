"""Where an issuer's private keys are: PKCS#8 files, or the URI of a key in hardware."""

from pathlib import Path

from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.errors import KeyFileError, SignerError
from signedcert.workspace.key_file import AskPassphrase, read_key_file

_URI_MAX = 8192


def pem_file(folder: Path, key: PublicKey) -> Path:
    """The PKCS#8 file of a key in a folder of keys."""
    return folder / f"{key.kid.hex()}.pem"


def uri_file(folder: Path, key: PublicKey) -> Path:
    """The file that says where a key in hardware is: a PKCS#11 URI (RFC 7512)."""
    return folder / f"{key.kid.hex()}.pkcs11"


def place_of(folder: Path, key: PublicKey) -> Path | None:
    """The file of a key, of either kind; None where there is none."""
    candidates = (pem_file(folder, key), uri_file(folder, key))
    return next((path for path in candidates if path.exists()), None)


def open_key(path: Path, key: PublicKey, ask: AskPassphrase) -> Signer:
    """The signer of a key whose file this is.

    :param ask: called with the path for its passphrase, or the PIN of the hardware.
    :raises KeyFileError: when the file cannot be opened, or has another key in it.
    :raises SignerError: when the hardware cannot be used.
    """
    in_hardware = path.suffix == ".pkcs11"
    signer = _hardware_signer(path, ask) if in_hardware else read_key_file(path, ask)
    if signer.public_key != key:
        raise KeyFileError(f"{path} holds another key than its name says")
    return signer


def checked_pin(pin: bytes) -> str:
    """The PIN of hardware as text.

    :raises SignerError: when it is empty, or not UTF-8. The message does not quote it.
    """
    if not pin:
        raise SignerError("the PIN of the hardware is empty")
    try:
        return pin.decode()
    except UnicodeDecodeError:
        # Not from it: the error has the PIN in it.
        raise SignerError("the PIN of the hardware is not text in UTF-8") from None


def _hardware_signer(path: Path, ask: AskPassphrase) -> Signer:
    try:
        # Here, because it needs the extra hsm.
        from signedcert.signers.hsm import Pkcs11Signer
    except ImportError as error:
        raise SignerError(f"the key of {path} is in hardware: {error}") from error
    with path.open("rb") as file:
        uri = file.read(_URI_MAX).decode("ascii", "replace").strip()
    return Pkcs11Signer.open(uri, checked_pin(ask(path)))
