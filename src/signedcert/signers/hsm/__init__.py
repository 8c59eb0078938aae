"""Keys in hardware, by PKCS#11 (needs the extra ``hsm``)."""

try:
    from signedcert.signers.hsm.signer import Pkcs11Signer, generate_key
    from signedcert.signers.hsm.token import Pkcs11Token
    from signedcert.signers.hsm.uri import Pkcs11Uri
except ModuleNotFoundError as error:
    if error.name != "pkcs11":
        raise
    raise ImportError(
        "signedcert.signers.hsm needs a package that is not installed: "
        "pip install 'signedcert[hsm]'",
        name="pkcs11",
    ) from error

__all__ = ["Pkcs11Signer", "Pkcs11Token", "Pkcs11Uri", "generate_key"]
