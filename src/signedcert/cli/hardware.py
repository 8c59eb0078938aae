"""Keys in hardware, named on the command line by a PKCS#11 URI."""

from collections.abc import Iterator
from contextlib import contextmanager

from signedcert.cli.failures import CommandError, os_error
from signedcert.cli.passphrase import of_hardware
from signedcert.errors import SignedCertError
from signedcert.workspace.creation import HardwareKey
from signedcert.workspace.key_store import checked_pin


class HardwareOption:
    """The key that ``--pkcs11`` names: called, it is found, or made.

    :ivar made: whether it was made, and is on the token now.
    """

    def __init__(self, uri: str, *, new: bool) -> None:
        """:param uri: the PKCS#11 URI (RFC 7512).

        :param new: whether the key is to be made.
        """
        self._uri, self._new = uri, new
        self.made = False

    def __call__(self) -> HardwareKey:
        """The public key and the URI.

        :raises CommandError: when the extra hsm is missing, or there is nobody to give the PIN.
        :raises SignerError: when the token refuses.
        """
        try:
            # Here, because it needs the extra hsm.
            from signedcert.signers.hsm import Pkcs11Signer, Pkcs11Uri, generate_key
        except ImportError as error:
            raise CommandError(str(error)) from error
        where = Pkcs11Uri.parse(self._uri)
        source = of_hardware()
        given = source.given()
        pin = checked_pin(source.typed(f"PIN of {where}: ") if given is None else given)
        if self._new:
            key = generate_key(where, pin)
            self.made = True
            return key, str(where)
        with Pkcs11Signer.open(where, pin) as signer:
            return signer.public_key, str(where)


def hardware_key(uri: str | None, *, new: bool) -> HardwareOption | None:
    """What finds the key of a URI, or makes it; None where no URI is given.

    :raises CommandError: when a new key is asked for without a URI.
    """
    if uri is None:
        if new:
            raise CommandError("--pkcs11-new needs --pkcs11 URI")
        return None
    return HardwareOption(uri, new=new)


@contextmanager
def saying_what_was_made(hardware: HardwareOption | None) -> Iterator[None]:
    """Where something fails after a key was made in hardware, says that too: the key stays there.

    :raises CommandError: in place of such a failure.
    """
    try:
        yield
    except (SignedCertError, CommandError, OSError) as error:
        if hardware is None or not hardware.made:
            raise
        words = os_error(error) if isinstance(error, OSError) else str(error)
        raise CommandError(
            f"{words}. The new key is on the token all the same: to use it, say this again "
            "without --pkcs11-new"
        ) from error
