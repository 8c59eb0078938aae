"""Keys in hardware, named on the command line by a PKCS#11 URI."""

from collections.abc import Callable

from signedcert.cli.failures import CommandError
from signedcert.cli.passphrase import of_hardware
from signedcert.workspace.creation import HardwareKey


def hardware_key(uri: str | None, *, new: bool) -> Callable[[], HardwareKey] | None:
    """What finds the key of a URI, or makes it; None where no URI is given.

    :raises CommandError: when a new key is asked for without a URI.
    """
    if uri is None:
        if new:
            raise CommandError("--pkcs11-new needs --pkcs11 URI")
        return None

    def find() -> HardwareKey:
        try:
            # Here, because it needs the extra hsm.
            from signedcert.signers.hsm import Pkcs11Signer, Pkcs11Uri, generate_key
        except ImportError as error:
            raise CommandError(str(error)) from error
        where = Pkcs11Uri.parse(uri)
        source = of_hardware()
        given = source.given()
        pin = (source.typed(f"PIN of {where}: ") if given is None else given).decode()
        if new:
            return generate_key(where, pin), str(where)
        with Pkcs11Signer.open(where, pin) as signer:
            return signer.public_key, str(where)

    return find
