"""From a pinned root to the issuer document of today (docs/spec.md, section 11.3).

The document's roots may not be those that were pinned: it holds every handover, and each is signed
by a root of the epoch before. A verifier that slept through seven epochs walks them one by one.

Which root signed the document is known only after the walk, so the handovers are taken out of a
payload that is not verified yet. They prove themselves; nothing else is read before the signature.
"""

from typing import NamedTuple

from cbor2 import frozendict

from signedcert.codec.cbor import decode
from signedcert.codec.framing import Frame, parse_document_frame
from signedcert.codec.lift import lift
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.crypto.keys import PublicKey
from signedcert.errors import DecodeError, Reason, TrustError
from signedcert.model.issuer_document import DOCUMENT_MAX, Handover, IssuerDocument
from signedcert.model.octets import X, is_ed25519_key
from signedcert.model.statement import BODY, PAYLOAD_MAX

#: As many as the models allow: what is not verified yet must not cost more than what is.
_HANDOVERS_MAX, _ROOTS_MAX = 100, 16
_DOCUMENT_LABEL = {field.name: field.number for field in IssuerDocument.fields_by_label}
_HANDOVER_LABEL = {field.name: field.number for field in Handover.fields_by_label}


class Pin(NamedTuple):
    """Which roots a verifier relies on.

    :ivar epoch: the number of their epoch.
    :ivar roots: the Ed25519 root keys of that epoch, 32 bytes each.
    """

    epoch: int
    roots: tuple[bytes, ...]


class Unverified(NamedTuple):
    """What an issuer document says before its signature is verified. It proves nothing."""

    frame: Frame
    issuer: str
    roots: tuple[bytes, ...]
    handovers: tuple[bytes, ...]

    @property
    def signing_root(self) -> bytes:
        """The listed root that the document says it is signed by; no other speaks for the others.

        :raises TrustError: when it lists none of a kind that this version knows.
        """
        if not self.roots:
            raise TrustError("the issuer document lists no root key of a kind known here")
        signing = [root for root in self.roots if PublicKey(root).kid == self.frame.kid]
        return (*signing, self.roots[0])[0]


def look_into(token: bytes) -> Unverified:
    """What is needed to find out who signed an issuer document.

    :raises TrustError: when it is no issuer document.
    """
    try:
        frame = parse_document_frame(token, IssuerDocument.media_type, DOCUMENT_MAX)
        body, issuer = _body_of(frame.payload)
    except DecodeError as error:
        raise TrustError(f"not an issuer document: {error}", error.reason) from error
    handovers = body.get(_DOCUMENT_LABEL["handovers"])
    if (
        not isinstance(handovers, tuple)
        or not handovers
        or not all(isinstance(item, bytes) for item in handovers)
    ):
        raise TrustError("the issuer document has no handovers", Reason.SCHEMA_VIOLATION)
    if len(handovers) > _HANDOVERS_MAX:
        raise TrustError(
            f"the issuer document has more than {_HANDOVERS_MAX} handovers", Reason.SCHEMA_VIOLATION
        )
    return Unverified(frame, issuer, _ed25519(body.get(_DOCUMENT_LABEL["roots"])), handovers)


def open_document(token: bytes, pin: Pin) -> tuple[IssuerDocument, Pin]:
    """The issuer document, verified, and the roots to pin from now on.

    :param pin: the roots relied on so far.
    :raises TrustError: with ``untrusted_root``, ``broken_handover`` or ``rollback`` when no chain
        of handovers leads from there to the document; with a reason of section 6.3 of the
        specification when its content breaks the format.
    """
    found = look_into(token)
    if len(found.handovers) < pin.epoch:
        raise TrustError(
            f"the issuer document is of epoch {len(found.handovers)} of its roots; epoch "
            f"{pin.epoch} is known already",
            Reason.ROLLBACK,
        )
    pin = _walk(found, pin)
    if not _signed_by(found.frame, pin.roots):
        raise TrustError(
            "the issuer document is not signed by a root that is trusted", Reason.UNTRUSTED_ROOT
        )
    try:
        document = lift(found.frame.payload, IssuerDocument)
    except DecodeError as error:
        raise TrustError(f"the issuer document: {error}", error.reason) from error
    if contradiction := document.contradiction():
        raise TrustError(f"the issuer document: {contradiction}", Reason.SCHEMA_VIOLATION)
    if found.roots != pin.roots:
        raise TrustError(
            "the issuer document lists other roots than its last handover", Reason.BROKEN_HANDOVER
        )
    return document, pin


def first_pin(token: bytes, root: bytes) -> Pin:
    """Where the walk begins for a verifier that was told one root key.

    :param root: its 32 bytes, or its 32-byte thumbprint (RFC 9679).
    :raises TrustError: with ``untrusted_root`` when nothing in the document is signed by that root.
    """
    found = look_into(token)
    key = _key_meant(found, root)
    for place, handover in enumerate(found.handovers):
        frame = _handover_frame(handover)
        if _signed_by(frame, (key,)):
            return Pin(place + 1, _opened(frame, place, found.issuer))
    if _signed_by(found.frame, (key,)):
        # It signed no handover yet, so nothing but the whole chain shows whether it is a root.
        return _walk(found, _first_epoch(found))
    raise TrustError(
        f"the root {PublicKey(key).thumbprint.hex()} has signed neither the issuer document nor "
        "one of its handovers; ask the issuer for a newer fingerprint",
        Reason.UNTRUSTED_ROOT,
    )


def _first_epoch(found: Unverified) -> Pin:
    """The first epoch, whose handover is signed by a root of its own."""
    frame = _handover_frame(found.handovers[0])
    pin = Pin(1, _opened(frame, 0, found.issuer))
    if not _signed_by(frame, pin.roots):
        raise _broken("the first handover is not signed by one of its own roots")
    return pin


def _key_meant(found: Unverified, root: bytes) -> bytes:
    listed = list(found.roots)
    for handover in found.handovers:
        try:
            body, _ = _body_of(_handover_frame(handover).payload)
        except DecodeError as error:
            raise _broken(f"a handover is damaged: {error}") from error
        listed += _ed25519(body.get(_HANDOVER_LABEL["roots"]))
    for key in listed:
        if root in (key, PublicKey(key).thumbprint):
            return key
    present = ", ".join(PublicKey(key).thumbprint.hex() for key in found.roots) or "none"
    raise TrustError(
        f"the issuer document does not know the root {root.hex()}; its present roots are: "
        f"{present}. Do not trust it unless the issuer confirms one of them in another way",
        Reason.UNTRUSTED_ROOT,
    )


def _walk(found: Unverified, pin: Pin) -> Pin:
    for place in range(pin.epoch, len(found.handovers)):
        frame = _handover_frame(found.handovers[place])
        if not _signed_by(frame, pin.roots):
            raise _broken(
                f"the handover to epoch {place + 1} is not signed by a root of epoch {place}"
            )
        pin = Pin(place + 1, _opened(frame, place, found.issuer))
    return pin


def _opened(frame: Frame, place: int, issuer: str) -> tuple[bytes, ...]:
    """The roots of a handover; whoever calls this verifies its signature."""
    try:
        handover = lift(frame.payload, Handover)
    except DecodeError as error:
        raise _broken(f"the handover to epoch {place + 1}: {error}") from error
    if handover.epoch != place + 1:
        raise _broken(f"the handover to epoch {handover.epoch} stands at place {place + 1}")
    if handover.issuer != issuer:
        raise _broken(f"the handover to epoch {place + 1} is {handover.issuer}'s, not {issuer}'s")
    return tuple(root for root in handover.roots if isinstance(root, bytes))


def _handover_frame(token: bytes) -> Frame:
    try:
        return parse_document_frame(token, Handover.media_type, PAYLOAD_MAX)
    except DecodeError as error:
        raise _broken(f"a handover is damaged: {error}") from error


def _signed_by(frame: Frame, roots: tuple[bytes, ...]) -> bool:
    message = frame.to_be_signed()
    return any(
        ed25519_verify(root, message, frame.signature)
        for root in roots
        if PublicKey(root).kid == frame.kid
    )


def _body_of(payload: bytes) -> tuple[frozendict[int, object], str]:
    claims = decode(payload)
    body = claims.get(BODY) if isinstance(claims, frozendict) else None
    issuer = claims.get(1) if isinstance(claims, frozendict) else None
    if not isinstance(body, frozendict) or not isinstance(issuer, str):
        raise DecodeError(Reason.SCHEMA_VIOLATION, "it has no issuer or no body")
    return body, issuer


def _ed25519(roots: object) -> tuple[bytes, ...]:
    """The Ed25519 keys of an array of COSE_Keys that may be anything; others are skipped.

    Of an array that is longer than any may be, none: it is refused when it is looked at as a whole.
    """
    if not isinstance(roots, tuple) or len(roots) > _ROOTS_MAX:
        return ()
    return tuple(root[X] for root in roots if isinstance(root, frozendict) and is_ed25519_key(root))


def _broken(message: str) -> TrustError:
    return TrustError(message, Reason.BROKEN_HANDOVER)
