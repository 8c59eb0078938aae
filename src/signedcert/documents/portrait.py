"""The learner's photo: a salted digest of its file is signed, the photo itself never is.

An identity check holds SHA-256(salt ‖ file), with a salt of 16 random bytes (docs/spec.md,
``IdentityCheck.portrait_digest``). Photo and salt travel beside the credential. Who has only the
credential learns nothing of the photo, and cannot look for it in a collection of photos.
"""

import enum
import hashlib
import hmac
import re
import secrets
from typing import TypeVar

from signedcert.documents.errors import DocumentError
from signedcert.documents.printed import Statement
from signedcert.model.certificate import Certificate
from signedcert.model.course_record import CourseRecord
from signedcert.model.identity import IdentityCheck, IdentityMethod
from signedcert.share.withheld import WITHHELD, Withheld

SALT_SIZE = 16
_SALT_DIGITS = re.compile(rf"[0-9a-fA-F]{{{2 * SALT_SIZE}}}")

S = TypeVar("S", Certificate, CourseRecord)


class PortraitMatch(enum.StrEnum):
    """Whether a photo's file is the one whose digest was signed.

    :cvar SIGNED: it is, byte for byte.
    :cvar NOT_THE_SIGNED_ONE: another one was signed, or the salt is another one.
    :cvar NO_PORTRAIT_SIGNED: no identity check has a portrait.
    :cvar WITHHELD: none that is shown has a portrait; others may be withheld.
    """

    SIGNED = "signed"
    NOT_THE_SIGNED_ONE = "not_the_signed_one"
    NO_PORTRAIT_SIGNED = "no_portrait_signed"
    WITHHELD = "withheld"


def new_salt() -> bytes:
    """16 bytes of the system's randomness. A secret of the learner and those who are shown it."""
    return secrets.token_bytes(SALT_SIZE)


def salt_from_hex(text: str) -> bytes:
    """The salt of 32 hexadecimal digits, with white space around them.

    :raises ValueError: when it is something else; the message does not quote it.
    """
    digits = text.strip()
    if not _SALT_DIGITS.fullmatch(digits):
        raise ValueError(f"a salt has {2 * SALT_SIZE} hexadecimal digits")
    return bytes.fromhex(digits)


def portrait_digest(salt: bytes, photo: bytes) -> bytes:
    """What an identity check holds of a photo: SHA-256 of the salt and the file's bytes.

    :param photo: the file as it is. The same picture saved again is another file.
    :raises ValueError: when the salt has not 16 bytes.
    """
    if len(salt) != SALT_SIZE:
        raise ValueError(f"a salt has {SALT_SIZE} bytes")
    return hashlib.sha256(salt + photo).digest()


def portrait_match(statement: Statement, photo: bytes, salt: bytes) -> PortraitMatch:
    """Whether a photo is the portrait of a statement. Says nothing of who is on it.

    :param statement: what was verified; of anything else, the answer is worth nothing.
    :raises ValueError: when the salt has not 16 bytes.
    """
    digest = portrait_digest(salt, photo)
    checks = statement.identity_checks
    if isinstance(checks, Withheld):
        return PortraitMatch.WITHHELD
    shown = [check for check in checks if not isinstance(check, Withheld)]
    signed = [check.portrait_digest for check in shown if check.portrait_digest is not None]
    if any(hmac.compare_digest(digest, each) for each in signed):
        return PortraitMatch.SIGNED
    # Rows of a record that are WITHHELD are decoys for the greater part: they are no reason to be
    # less clear about the portrait that is shown.
    if signed:
        return PortraitMatch.NOT_THE_SIGNED_ONE
    if any(check is WITHHELD for check in checks):
        return PortraitMatch.WITHHELD
    return PortraitMatch.NO_PORTRAIT_SIGNED


def with_portrait(statement: S, digest: bytes) -> S:
    """The statement with a portrait's digest in the identity check that the photo is of.

    That is the only check, unless it is of typing, or the only one with the method ``photo_match``.

    :raises DocumentError: when there is no such check, or one of several, or it has a portrait.
    """
    checks: tuple[IdentityCheck, ...] = statement.identity_checks
    place: int = _place(checks)
    if any(check.portrait_digest is not None for check in checks):
        raise DocumentError(
            "an identity check has a portrait_digest already: leave that out, or the portrait"
        )
    changed = checks[place].model_copy(update={"portrait_digest": digest})
    return statement.model_copy(
        update={"identity_checks": (*checks[:place], changed, *checks[place + 1 :])}
    )


def _place(checks: tuple[IdentityCheck, ...]) -> int:
    if not checks:
        raise DocumentError(
            "a portrait belongs to an identity check, and there is none: add one to "
            'identity_checks, such as {"method": "photo_match"}'
        )
    if len(checks) == 1:
        if checks[0].method is IdentityMethod.TYPING_PATTERN:
            raise DocumentError(
                "which identity check is the portrait of? The only one is a typing_pattern, and "
                'none has the method photo_match: add {"method": "photo_match"}'
            )
        return 0
    places = [
        place for place, check in enumerate(checks) if check.method is IdentityMethod.PHOTO_MATCH
    ]
    if len(places) != 1:
        raise DocumentError(
            f"which identity check is the portrait of? Of {len(checks)} checks, "
            f"{len(places) or 'none'} have the method photo_match. Put the "
            "portrait_digest that signedcert portrait prints into the right one"
        )
    return places[0]
