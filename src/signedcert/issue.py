"""Statement and signer → token."""

from signedcert.codec.lower import lower
from signedcert.crypto.sign1 import sign
from signedcert.crypto.signer import Signer
from signedcert.model.kinds import MODELS
from signedcert.model.statement import Statement


def issue(statement: Statement, signer: Signer) -> bytes:
    """Signs a certificate or course record.

    The signature is verified before the token is returned. That the signer's key is listed among
    the issuer's published keys is the issuer's to see to: without it nobody can verify the token.

    :param statement: a :class:`Certificate` or :class:`CourseRecord`.
    :param signer: the issuer's signing key.
    :returns: the token, a COSE_Sign1 of at most 16,640 bytes (RFC 9052, section 4.2).
    :raises EncodeError: when the statement is too large for a token.
    :raises SignerError: when the signer's signature does not verify.
    """
    if type(statement) not in MODELS.values():
        raise TypeError(f"expected a Certificate or CourseRecord, got {type(statement).__name__}")
    return sign(statement.media_type, lower(statement), signer).to_bytes()
