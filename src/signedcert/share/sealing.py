"""Sealed shares: a share encrypted into a file for any host, and a link that opens it.

The host that serves the file sees its name, its issuer, and one of a few sizes. Name and key both
come from the secret in the link, and neither leads to the other (docs/spec.md, section 15.8).
"""

import hmac
from typing import Final, NamedTuple

from cbor2 import frozendict

from signedcert.codec.cbor import decode, encode
from signedcert.codec.frames import parse_frame
from signedcert.codec.packed import check_secret
from signedcert.codec.record_framing import ShareFrame
from signedcert.codec.text import secret_from_text
from signedcert.crypto.encrypt0 import KEY_SIZE, NONCE_SIZE, TAG_SIZE, decrypt, derive, encrypt
from signedcert.errors import DecodeError, Reason, ShareError
from signedcert.model.leaf import ISSUER
from signedcert.share.record_payload import lift_payload

#: HKDF labels. What one gives says nothing about what another gives.
_NAME, _KEY, _NONCE_KEY = (
    "signedcert sealed share name",
    "signedcert sealed share key",
    "signedcert sealed share nonce",
)
_NAME_SIZE: Final = 16
#: COSE header labels: algorithm, nonce (RFC 9052, section 3.1), CWT claims (RFC 9597).
_ALG, _IV, _CWT_CLAIMS = 1, 5, 15
_ISS: Final = 1
_A256GCM: Final = 3
_ENCRYPT0: Final = b"\xd0"
#: Plaintexts have these sizes and no others; a file is some 60 bytes and the issuer's name longer.
_SIZES: Final = (4096, 8192, 16_384, 32_768, 65_536)
FILE_MAX: Final = _SIZES[-1] + 512
#: Between the share and the zeros that fill up the plaintext (ISO/IEC 7816-4).
_MARK: Final = b"\x80"


class Unsealed(NamedTuple):
    """What was in a sealed file. Nothing in it is verified but that the secret fits the file.

    :ivar share: the frame of the share.
    :ivar issuer: the issuer that the file names, so that its host's readers know whose keys they
        need. It has to be the one that signed.
    """

    share: ShareFrame
    issuer: str


class Sealed(NamedTuple):
    """A sealed share.

    :ivar name: 32 hexadecimal digits; the host serves the file as ``sealed/NAME.cose`` below the
        page that the link opens.
    :ivar file: the file.
    """

    name: str
    file: bytes


def seal(share: bytes, secret: bytes) -> Sealed:
    """A share under a secret that the link carries (:func:`signedcert.share.sealed_url`).

    :param share: the token of a share.
    :param secret: 32 bytes from a cryptographically secure source, for this share alone.
    :raises ShareError: when it is no share, or one that only a later version can read.
    :raises ValueError: for a secret of another length.
    """
    try:
        frame = parse_frame(share)
        if not isinstance(frame, ShareFrame):
            raise ShareError("this is not a share; only shares are sealed")
        issuer = lift_payload(frame.signed.payload).visible.issuer
    except DecodeError as error:
        raise ShareError(f"this is no share that can be sealed: {error}") from error
    protected = _protected(issuer)
    plaintext = (share + _MARK).ljust(_size_for(share), b"\0")
    # Depends on the content: even two shares under one secret have different nonces.
    nonce = hmac.digest(_derived(secret, _NONCE_KEY, KEY_SIZE), plaintext, "sha256")[:NONCE_SIZE]
    name = sealed_name(secret)
    key = _derived(secret, _KEY, KEY_SIZE)
    ciphertext = encrypt(key, nonce, plaintext, protected, name.encode())
    return Sealed(name, _ENCRYPT0 + encode((protected, {_IV: nonce}, ciphertext)))


def unseal(secret: bytes, file: bytes) -> bytes:
    """The share in a sealed file. Nothing in it is verified but that the secret fits the file.

    :param secret: 32 bytes, from the link (:func:`signedcert.share.secret_from_text`).
    :param file: the file that the secret names (:func:`sealed_name`).
    :raises DecodeError: with ``sealed_file_refused`` when it is another file, cut off or changed;
        or as the share in it breaks the format, of which a later version may know more.
    """
    return open_sealed(secret, file).share.to_bytes()


def open_sealed(secret: bytes, file: bytes) -> Unsealed:
    """Likewise, taken apart.

    :raises DecodeError: as :func:`unseal` does.
    """
    if not isinstance(file, bytes):
        raise TypeError(f"a sealed file is bytes, not {type(file).__name__}")
    if len(file) > FILE_MAX:
        raise _refused(f"it has more than {FILE_MAX} bytes")
    issuer, protected, nonce, ciphertext = _taken_apart(file)
    plaintext = decrypt(
        _derived(secret, _KEY, KEY_SIZE),
        nonce,
        ciphertext,
        protected,
        sealed_name(secret).encode(),
    )
    if plaintext is None:
        raise _refused("it is not the file that the link opens, or it was changed")
    share, mark, rest = plaintext.rpartition(_MARK)
    if not mark or rest.strip(b"\0") or len(plaintext) != _size_for(share):
        raise _refused("its content is not filled up as it must be")
    frame = parse_frame(share)
    if not isinstance(frame, ShareFrame):
        raise _refused("there is no share in it")
    return Unsealed(frame, issuer)


def unseal_link(text: str, file: bytes) -> bytes:
    """The share that a link opens, with the file that the link names.

    :param text: the link of a sealed share, its fragment, or the text of its QR code.
    :raises DecodeError: as :func:`unseal` and :func:`signedcert.share.secret_from_text` do.
    """
    return unseal(secret_from_text(text), file)


def is_sealed_file(data: bytes) -> bool:
    """Whether bytes have the form of a sealed file. Only its link says more."""
    if len(data) > FILE_MAX:
        return False
    try:
        _taken_apart(data)
    except DecodeError:
        return False
    return True


def sealed_name(secret: bytes) -> str:
    """The name of the file that a secret opens: 32 hexadecimal digits.

    :raises ValueError: for a secret of another length than 32 bytes.
    """
    return _derived(secret, _NAME, _NAME_SIZE).hex()


def _size_for(share: bytes) -> int:
    """How long the plaintext of a share is: there is room for the mark."""
    return next(each for each in _SIZES if each > len(share))


def _derived(secret: bytes, label: str, size: int) -> bytes:
    check_secret(secret)
    return derive(secret, label, size)


def _protected(issuer: str) -> bytes:
    return encode({_ALG: _A256GCM, _CWT_CLAIMS: {_ISS: issuer}})


def _taken_apart(file: bytes) -> tuple[str, bytes, bytes, bytes]:
    """Issuer, protected header, nonce and ciphertext of a file."""
    try:
        item = decode(file[1:]) if file.startswith(_ENCRYPT0) else None
        match item:
            case (bytes(protected), frozendict() as unprotected, bytes(ciphertext)):
                header = decode(protected)
                nonce = unprotected.get(_IV)
                claims = header.get(_CWT_CLAIMS) if isinstance(header, frozendict) else None
                issuer = claims.get(_ISS) if isinstance(claims, frozendict) else None
                if (
                    isinstance(issuer, str)
                    and ISSUER.fits(issuer)
                    and protected == _protected(issuer)
                    and isinstance(nonce, bytes)
                    and len(nonce) == NONCE_SIZE
                    and len(unprotected) == 1
                    and len(ciphertext) - TAG_SIZE in _SIZES
                ):
                    return issuer, protected, nonce, ciphertext
    except DecodeError:
        pass
    raise _refused("it is no sealed share, or it is cut off")


def _refused(why: str) -> DecodeError:
    return DecodeError(
        Reason.SEALED_FILE_REFUSED,
        f"the sealed file cannot be opened: {why}. Ask the learner for a new link",
    )
