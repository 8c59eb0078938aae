"""Statement and signer → token."""

from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.crypto.signer import Signer
from signedcert.model.certificate import Certificate


def issue(statement: Certificate, signer: Signer) -> bytes:
    """Signs a certificate. Course records are signed by :func:`signedcert.share.issue_record`.

    The signature is verified before the token is returned. That the signer's key is listed among
    the issuer's published keys is the issuer's to see to: without it nobody can verify the token.

    :param statement: a :class:`Certificate`.
    :param signer: the issuer's signing key.
    :returns: the token, a COSE_Sign1 of at most 16,640 bytes (RFC 9052, section 4.2).
    :raises EncodeError: when the statement is too large for a token.
    :raises SignerError: when the signer's signature does not verify.
    """
    if type(statement) is not Certificate:
        raise TypeError(
            f"expected a Certificate, got {type(statement).__name__}; course records are signed "
            "by signedcert.share.issue_record"
        )
    return sign(statement.media_type, lower(statement), signer).to_bytes()
