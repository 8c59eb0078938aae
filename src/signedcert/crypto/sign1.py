"""Making COSE_Sign1 signatures (RFC 9052, section 4.4)."""

from signedcert.codec.framing import Frame, protected_header, sig_structure
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.signer import Signer
from signedcert.errors import SignerError


def sign(media_type: str, payload: bytes, signer: Signer) -> Frame:
    """A signed frame. The signature is verified before it is released.

    A signer is another machine's, or a token's: a glitch while signing can give a wrong signature,
    and even one that betrays the private key.

    :raises SignerError: when the signature does not verify under the signer's public key.
    """
    public_key = signer.public_key
    message = sig_structure(protected_header(media_type, public_key.kid), payload)
    signature = signer.sign(message)
    if not isinstance(signature, bytes) or not ed25519_verify(public_key.raw, message, signature):
        raise SignerError(
            "the signer returned a signature that does not verify under its public key; "
            "nothing was issued"
        )
    return Frame(media_type, public_key.kid, payload, signature)
