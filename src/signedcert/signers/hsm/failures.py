"""What a token's refusals mean, and what to do about them."""

from pkcs11.exceptions import PKCS11Error

from signedcert.errors import SignerError

_GONE = "the token was removed or its session ended; see that it is there and open it again"
_LOGGED_OUT = (
    "the token no longer takes this process as logged in; something else in it logged out. "
    "Open the token again"
)
_WEAK_PIN = "the token does not take this PIN for one: it is too short, too long, or malformed"

#: By the name of the exception, because older releases of python-pkcs11 lack some.
_SENTENCES = {
    "PinIncorrect": (
        "the token refused the PIN; check it before the next attempt, because tokens lock after "
        "a few wrong ones"
    ),
    "PinInvalid": _WEAK_PIN,
    "PinLenRange": _WEAK_PIN,
    "PinLocked": (
        "the token is locked after too many wrong PINs; its security officer can set a new one"
    ),
    "PinExpired": "the token's PIN has expired; set a new one with the token's own tool",
    "UserPinNotInitialized": (
        "the token has no user PIN yet; its security officer sets one with the token's own tool"
    ),
    "UserAlreadyLoggedIn": (
        "this process, or the one it was forked from, is already logged in to the token, which "
        "one login serves: close the other Pkcs11Signer first, or make several signers on one "
        "Pkcs11Token"
    ),
    "NoSuchToken": (
        "there is no such token; compare the URI's token and serial with what the token's own "
        "tool lists, such as softhsm2-util --show-slots or pkcs11-tool --list-slots"
    ),
    "MultipleTokensReturned": ("several tokens match; name one by its serial in the PKCS#11 URI"),
    "DeviceError": _GONE,
    "DeviceRemoved": _GONE,
    "TokenNotPresent": _GONE,
    "SessionClosed": _GONE,
    "SessionHandleInvalid": _GONE,
    "KeyHandleInvalid": _LOGGED_OUT,
    "ObjectHandleInvalid": _LOGGED_OUT,
    "UserNotLoggedIn": _LOGGED_OUT,
    "MechanismInvalid": "the token cannot do Ed25519 (CKM_EDDSA); it needs firmware that can",
    "DataLenRange": "the token does not sign messages of this length",
    "SessionReadOnly": "the token was opened for reading only",
    "TokenWriteProtected": "the token is write-protected, so no key can be made on it",
    "DeviceMemory": "the token is full; delete a key that is no longer needed",
    "SessionCount": "the token has no session left; close programs that use it",
}


def explained(error: PKCS11Error) -> SignerError:
    """The error for people. It carries no PIN: a token answers with a code and nothing else."""
    return SignerError(
        _SENTENCES.get(type(error).__name__, f"the token answered with {_named(error)}")
    )


def not_loaded(module_path: str, error: PKCS11Error) -> SignerError:
    """The error for people when a module does not start.

    SoftHSM and others answer with nothing but a code where their own settings are wrong.
    """
    return SignerError(
        f"the PKCS#11 module {module_path} cannot be loaded ({_named(error)}); see that it is your "
        "token's module for this machine, and that its own settings can be read: those of SoftHSM "
        "are in the file that SOFTHSM2_CONF names, and its tokens in the folder named there"
    )


def _named(error: PKCS11Error) -> str:
    """The name of an error, and what it says, if anything."""
    name = type(error).__name__
    return f"{name}: {error}" if str(error) else name
