"""Where the workers of a cluster find the key: signer factories, which travel with a job.

A factory holds places only: paths, names of environment variables, a PKCS#11 URI. It may be
pickled, logged and kept. The worker opens the key where it runs, once in each process.
"""

import os
import re
import stat
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from signedcert.bulk.kernel.plan import SignerFactory
from signedcert.crypto.keys import PublicKey
from signedcert.crypto.signer import Signer
from signedcert.errors import KeyFileError, SignerError
from signedcert.workspace.key_file import PASSPHRASE_MAX, checked_passphrase, read_key_file
from signedcert.workspace.key_store import checked_pin

_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}", re.ASCII)
#: Attributes of a PKCS#11 URI that have the PIN in them, or say where it is (RFC 7512).
_PIN = re.compile(r"pin-(value|source)", re.IGNORECASE | re.ASCII)
#: A worker signs with one key; more than a few in one process are several jobs in a notebook.
_OPEN_MAX = 8


@dataclass(frozen=True, slots=True)
class PassphraseFile:
    """A passphrase or PIN in a file of the worker: a mounted secret. Its first line counts.

    :ivar path: absolute, the same on every worker.
    :raises ValueError: for a relative path.
    """

    path: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", _absolute(self.path))

    def read(self) -> bytes:
        """The secret.

        :raises KeyFileError: when the file cannot be read, others may read it, or it is empty.
        """
        try:
            with self.path.open("rb") as file:
                # Of the open file, so that nothing can be exchanged between check and use.
                mode = os.fstat(file.fileno()).st_mode
                if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
                    raise KeyFileError(
                        f"others may read the secret in {self.path}; let its owner alone read it "
                        "(mode 0400 or 0600)"
                    )
                line = file.read(PASSPHRASE_MAX + 3).partition(b"\n")[0]
        except OSError as error:
            raise KeyFileError(f"{self.path}: {error.strerror or type(error).__name__}") from None
        return _checked(line.removesuffix(b"\r"), str(self.path))


@dataclass(frozen=True, slots=True)
class PassphraseVariable:
    """A passphrase or PIN in an environment variable of the worker.

    :ivar name: of the variable.
    :raises ValueError: for what is no name of a variable. The message does not quote it.
    """

    name: str

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and _VARIABLE_NAME.fullmatch(self.name)):
            raise ValueError("the name of an environment variable has letters, digits and _ alone")

    def read(self) -> bytes:
        """The secret.

        :raises KeyFileError: when the variable is not set, or empty.
        """
        value = os.environ.get(self.name)
        if value is None:
            raise KeyFileError(f"the environment variable {self.name} is not set on this worker")
        return _checked(os.fsencode(value), f"the environment variable {self.name}")


Secret = PassphraseFile | PassphraseVariable


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A signing key in a PKCS#8 file of the worker, readable by its owner alone.

    :ivar path: absolute, the same on every worker.
    :ivar public_key: of the key that is meant. A file with another one is refused.
    :ivar passphrase: where the file's passphrase is; None for a file in the clear.
    :raises ValueError: for a relative path.
    :raises TypeError: for a passphrase itself: it would travel with the job.
    """

    path: Path
    public_key: PublicKey
    passphrase: Secret | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", _absolute(self.path))
        _check_public_key(self.public_key)
        if self.passphrase is not None:
            _check_secret(self.passphrase)

    def __call__(self) -> Signer:
        """Opens the key.

        :raises KeyFileError: when the file or its passphrase cannot be read, others may read
            either, or another key is in it. The message names the place, never what is there.
        """
        try:
            signer = read_key_file(self.path, self._passphrase_of)
        except OSError as error:
            raise KeyFileError(f"{self.path}: {error.strerror or type(error).__name__}") from None
        if signer.public_key != self.public_key:
            raise KeyFileError(
                f"{self.path} holds another key than {self.public_key.kid.hex()}, which this job "
                "is to sign with"
            )
        return signer

    def _passphrase_of(self, path: Path) -> bytes:
        if self.passphrase is None:
            raise KeyFileError(
                f"{path} needs a passphrase; say where the workers find it: "
                "KeyFile(…, PassphraseFile(…)) or PassphraseVariable(…)"
            )
        return self.passphrase.read()


@dataclass(frozen=True, slots=True)
class Hardware:
    """A signing key on a PKCS#11 token that every worker reaches: a network HSM, mostly.

    :ivar uri: the PKCS#11 URI (RFC 7512), without a PIN.
    :ivar public_key: of the key that is meant. Another one is refused.
    :ivar pin: where the token's user PIN is.
    :raises ValueError: for a URI with a PIN in it. The message does not quote it.
    :raises TypeError: for a PIN itself: it would travel with the job.
    """

    uri: str
    public_key: PublicKey
    pin: Secret

    def __post_init__(self) -> None:
        if not isinstance(self.uri, str) or _PIN.search(self.uri):
            raise ValueError("a PKCS#11 URI for workers is text, and has no PIN in it")
        _check_public_key(self.public_key)
        _check_secret(self.pin)

    def __call__(self) -> Signer:
        """Logs in.

        :raises SignerError: when the extra ``hsm`` is missing, the token refuses, or the key there
            is another one.
        :raises KeyFileError: when the PIN cannot be read.
        """
        try:
            # Here, because it needs the extra hsm.
            from signedcert.signers.hsm import Pkcs11Signer
        except ImportError as error:
            raise SignerError(f"the key is in hardware: {error}") from error
        signer = Pkcs11Signer.open(self.uri, checked_pin(self.pin.read()))
        if signer.public_key != self.public_key:
            signer.close()
            raise SignerError(
                f"the hardware holds another key than {self.public_key.kid.hex()}, which this job "
                "is to sign with"
            )
        return signer


@lru_cache(maxsize=_OPEN_MAX)
def opened(factory: SignerFactory) -> Signer:
    """The signer of a factory: opened once in a process, however many tasks run in it.

    :param factory: hashable; equal ones open the same key.
    :raises SignedCertError: what the factory raises; the next call tries again.
    """
    return factory()


def _absolute(path: Path) -> Path:
    if not Path(path).is_absolute():
        raise ValueError("the path must be absolute: workers run in folders of their own")
    return Path(path)


def _check_public_key(key: object) -> None:
    if not isinstance(key, PublicKey):
        raise TypeError("public_key must be a PublicKey, as public_key_from_spki gives it")


def _check_secret(secret: object) -> None:
    if not isinstance(secret, Secret):
        raise TypeError(
            "say where the secret is, with PassphraseFile or PassphraseVariable: the secret itself "
            "would travel with the job"
        )


def _checked(secret: bytes, where: str) -> bytes:
    try:
        return checked_passphrase(secret)
    except KeyFileError as error:
        raise KeyFileError(f"{where}: {error}") from None
