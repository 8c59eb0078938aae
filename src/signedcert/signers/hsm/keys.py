"""Ed25519 keys on a token: finding them, making them, and reading their public half."""

import secrets
from typing import Any

from pkcs11.constants import Attribute, ObjectClass
from pkcs11.exceptions import AttributeTypeInvalid
from pkcs11.mechanisms import KeyType, Mechanism
from pkcs11.types import Object, Session
from pkcs11.types import SignMixin as SigningKey

from signedcert.crypto.keys import KEY_SIZE, PublicKey
from signedcert.errors import SignerError

#: CKA_EC_PARAMS of Edwards keys (PKCS#11 3.0 and later): the PrintableString "edwards25519".
_EDWARDS25519 = bytes.fromhex("130c656477617264733235353139")
#: CKA_EC_POINT is an OCTET STRING of 32 bytes, which some modules leave unwrapped.
_OCTET_STRING = bytes((0x04, KEY_SIZE))
_ID_SIZE = 16


def find_key(session: Session, label: str | None, identifier: bytes | None) -> SigningKey:
    """The one Ed25519 private key with this label and identifier, where they are given.

    :raises SignerError: when there is none, when several match, or when it asks for the PIN at
        every signature.
    """
    found = [
        key
        for key in _objects(session, ObjectClass.PRIVATE_KEY, label, identifier)
        if isinstance(key, SigningKey)  # which it is where CKA_SIGN is set
    ]
    named = "" if label is None else f" with the label {label!r}"
    named += "" if identifier is None else f" with the id {identifier.hex()}"
    if not found:
        raise SignerError(
            f"the token has no Ed25519 signing key{named}; compare the PKCS#11 URI with what the "
            "token's own tool lists, or make a key with generate_key"
        )
    if len(found) > 1:
        raise SignerError(
            f"the token has {len(found)} Ed25519 signing keys{named}; name one by its object and "
            "id in the PKCS#11 URI"
        )
    (key,) = found
    if asks_every_time(key):
        raise SignerError(
            "the key asks for the PIN at every signature (CKA_ALWAYS_AUTHENTICATE), and the PIN "
            "is not kept; make a key without that attribute"
        )
    return key


def asks_every_time(key: Object) -> bool:
    """Whether the token wants the PIN for each use of a key (CKA_ALWAYS_AUTHENTICATE)."""
    try:
        return bool(key[Attribute.ALWAYS_AUTHENTICATE])
    except AttributeTypeInvalid:  # a module older than the attribute
        return False


def public_key_of(session: Session, key: SigningKey) -> PublicKey:
    """The public half of a private key: the token's object with the same id, else label.

    :raises SignerError: when there is none, when several match, or when it is not for Ed25519.
    """
    identifier = key[Attribute.ID] or None
    label = None if identifier else key[Attribute.LABEL]
    found = _objects(session, ObjectClass.PUBLIC_KEY, label, identifier)
    points = {bytes(half[Attribute.EC_POINT]) for half in found}
    if not points:
        raise SignerError(
            "the token has the private key but no public key with the same id; store it there, "
            "with the id of the private key"
        )
    if len(points) > 1:
        raise SignerError(
            "the token has several public keys with the id of the private key; remove the others"
        )
    return public_key_in(points.pop())


def public_key_in(point: bytes) -> PublicKey:
    """The key of a CKA_EC_POINT, wrapped in an OCTET STRING or not.

    :raises SignerError: for a point of another curve.
    """
    raw = point.removeprefix(_OCTET_STRING) if len(point) != KEY_SIZE else point
    if len(raw) != KEY_SIZE:
        raise SignerError(
            "the key is on another curve than Ed25519, such as Ed448; make an Ed25519 key"
        )
    return PublicKey(raw)


def make_key(session: Session, label: str, identifier: bytes | None) -> PublicKey:
    """Makes a key pair on the token, of which the private half can never be read.

    :raises SignerError: when the token has an object with this label or identifier.
    """
    taken: dict[Attribute, Any] = {Attribute.LABEL: label}
    if identifier is not None:
        taken[Attribute.ID] = identifier
    for attribute, value in taken.items():
        if list(session.get_objects({attribute: value})):
            raise SignerError(
                f"the token already has an object with the {attribute.name.lower()} {value!r}; "
                "choose another, so that it stays clear which key signs"
            )
    public, _ = session.generate_keypair(
        KeyType.EC_EDWARDS,
        id=identifier or secrets.token_bytes(_ID_SIZE),
        label=label,
        store=True,
        public_template={Attribute.EC_PARAMS: _EDWARDS25519},
        private_template={
            Attribute.PRIVATE: True,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
        },
    )
    return public_key_in(bytes(public[Attribute.EC_POINT]))


def sign_with(key: SigningKey, message: bytes) -> bytes:
    """The token's pure Ed25519 signature: CKM_EDDSA without parameters (PKCS#11 3.0)."""
    return key.sign(message, mechanism=Mechanism.EDDSA)


def _objects(
    session: Session, kind: ObjectClass, label: str | None, identifier: bytes | None
) -> list[Object]:
    wanted: dict[Attribute, Any] = {
        Attribute.CLASS: kind,
        Attribute.KEY_TYPE: KeyType.EC_EDWARDS,
    }
    if label is not None:
        wanted[Attribute.LABEL] = label
    if identifier is not None:
        wanted[Attribute.ID] = identifier
    return list(session.get_objects(wanted))
