"""The one rule by which signatures are accepted (docs/spec.md, section 5.4).

A signature is accepted when it has 64 bytes R ‖ S, S < L, A and R are canonical encodings (y < p)
of points of large order, and encode([S]B − [h]A) equals R byte for byte, which is verification
without the cofactor (RFC 8032, section 5.1.7, the stricter of its two equations).

libsodium, as PyNaCl ships it, does exactly this, at twice the speed of OpenSSL. Its next major line
will not, so each process convinces itself once, with one signature for each way of being lax, and
otherwise uses OpenSSL behind the prechecks.
"""

from collections.abc import Callable
from functools import cache

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from signedcert.crypto.prechecks import passes_prechecks

_Verifier = Callable[[bytes, bytes, bytes], bool]

_A = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
_R = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
_MESSAGE = "7369676e656463657274"
#: (public key, message, signature, accepted), in hexadecimal.
_SELF_CHECK: tuple[tuple[str, str, str, bool], ...] = (
    # RFC 8032, section 7.1, test 1
    (_A, "", _R + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b", True),
    # the same with S + L
    (_A, "", _R + "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b", False),
    # R with a component of order 8, which verification with the cofactor ignores
    (
        _A,
        _MESSAGE,
        "5478d1809d2d58040ee05c74d07b5328bd5e3bcff137ccd6a965e0e7b95bec17"
        "0b0ee1024dcc168e4dfdef85c6fa9f540fd16048476b2225f71363c6e299fd02",
        False,
    ),
    # A of order 8
    (
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "736d616c6c206f726465722033",
        "f04538ea7c8ef708d333a0bc1a922b9372bf31c5cd6cfab45cf79184ec93f8f3"
        "b7e85914c58b51c7dd0e0c817059effd8ec46e0ff4a33c120beafa9c926ea70d",
        False,
    ),
    # R of order 1
    (
        _A,
        _MESSAGE,
        "0100000000000000000000000000000000000000000000000000000000000000"
        "5bfc78e439cdfb028893e4e364bd59622c9ebb07d62225f1c5051114d42f280c",
        False,
    ),
)


def ed25519_verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is one over ``message`` that ``public_key`` accepts.

    :param public_key: 32 bytes; any other length is answered with False.
    :param message: any length.
    :param signature: 64 bytes; any other length is answered with False.
    :returns: True or False; no input raises.
    """
    return _verifier()(public_key, message, signature)


@cache
def _verifier() -> _Verifier:
    return choose(with_libsodium, with_openssl)


def choose(first: _Verifier, otherwise: _Verifier) -> _Verifier:
    """The first verifier if it passes the self-check, else the other."""
    for public_key, message, signature, accepted in _SELF_CHECK:
        arguments = (bytes.fromhex(item) for item in (public_key, message, signature))
        if first(*arguments) is not accepted:
            return otherwise
    return first


def with_libsodium(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Verification by libsodium, which does the prechecks itself."""
    # libsodium reads 32 and 64 bytes whatever it is given.
    if len(public_key) != 32 or len(signature) != 64:
        return False
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError:
        return False
    return True


def with_openssl(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Verification by OpenSSL, which is cofactorless but lax, behind the prechecks."""
    # Here, because no process needs it where libsodium passes the self-check.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not passes_prechecks(public_key, signature):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
