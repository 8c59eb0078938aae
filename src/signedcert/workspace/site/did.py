"""The DID document that did:web resolves to: an issuer's keys for software that knows nothing else.

It follows W3C Decentralized Identifiers 1.0, and Controlled Identifiers 1.0 for Multikey.
"""

import json
from datetime import datetime
from typing import Any

from signedcert.crypto.keys import PublicKey
from signedcert.model.issuer_document import IssuerDocument, KeyEnd, KeyUse, SigningKey
from signedcert.workspace.site.base58 import to_base58

_CONTEXT = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
#: The multicodec prefix of an Ed25519 public key, 0xed as a varint.
_ED25519 = b"\xed\x01"
#: Of multibase: base-58-btc follows.
_BASE58 = "z"


def did_web(issuer: str) -> str:
    """The DID of an issuer, given as host and optional path.

    did:web resolves it to ``https://HOST/.well-known/did.json``, or with a path to
    ``https://HOST/PATH/did.json``.
    """
    # An issuer has no port, so nothing in it needs percent-encoding.
    return "did:web:" + issuer.replace("/", ":")


def multikey(key: PublicKey) -> str:
    """A key as the member ``publicKeyMultibase`` has it: ``z6Mk…`` (CID 1.0, section 2.2.2)."""
    return _BASE58 + to_base58(_ED25519 + key.raw)


def did_document(document: IssuerDocument) -> bytes:
    """The DID document of an issuer, as JSON in UTF-8.

    Every Ed25519 signing key is a verification method, named by its kid in hexadecimal, with the
    end of its period (``expires``) and where it was taken out of use that moment (``revoked``).
    Only keys that sign statements and are not compromised are for assertions.

    Software that follows CID 1.0, section 2.2, refuses whatever such a key signed once either
    moment has come, good statements of a retired key among it. The issuer document says more.
    """
    did = did_web(document.issuer)
    listed = [
        (f"{did}#{PublicKey(each.key).kid.hex()}", PublicKey(each.key), each)
        for each in document.keys
        if isinstance(each.key, bytes)  # keys of kinds that this version does not know
    ]
    content = {
        "@context": _CONTEXT,
        "id": did,
        "verificationMethod": [_method(name, did, key, each) for name, key, each in listed],
        "assertionMethod": [name for name, _, each in listed if _asserts(each)],
    }
    return (json.dumps(content, indent=2) + "\n").encode()


def _method(name: str, did: str, key: PublicKey, listed: SigningKey) -> dict[str, Any]:
    method = {
        "id": name,
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": multikey(key),
        "expires": _timestamp(listed.valid_until),
    }
    if listed.revocation is not None:
        method["revoked"] = _timestamp(listed.revocation.since)
    return method


def _asserts(listed: SigningKey) -> bool:
    """Whether a key is for assertions; one whose end this version does not know is not."""
    return listed.use is KeyUse.STATEMENTS and (
        listed.revocation is None or listed.revocation.end is KeyEnd.RETIRED
    )


def _timestamp(moment: datetime) -> str:
    """An XML Schema dateTimeStamp in UTC; models floor to the second."""
    return moment.replace(tzinfo=None).isoformat() + "Z"
