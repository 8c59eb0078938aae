"""What a look at one file found, as it comes from the process that looked."""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from signedcert.cli.document_check import Fault


class LookUnusable(Exception):
    """The process that looked does not keep to the form of its answers."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one file holds. Nothing in it is verified.

    :ivar token: the bytes that should be a token; None where it holds something else.
    :ivar link: the text that should be a link; None likewise.
    :ivar faults: what makes it INVALID as a document, whatever its token is.
    :ivar printed: of a document, what came of holding its text against what was signed, in words.
    :ivar note: what its owner may want to know of how it was read.
    :ivar error: why nothing could be read; None otherwise.
    """

    token: bytes | None = None
    link: str | None = None
    faults: tuple[Fault, ...] = ()
    printed: str | None = None
    note: str | None = None
    error: str | None = None

    def to_bytes(self) -> bytes:
        """As one message."""
        return json.dumps(
            {
                "token": None if self.token is None else b64encode(self.token).decode("ascii"),
                "link": self.link,
                "faults": [each.value for each in self.faults],
                "printed": self.printed,
                "note": self.note,
                "error": self.error,
            }
        ).encode()

    @classmethod
    def from_bytes(cls, message: bytes) -> "Looked":
        """What a message tells.

        :raises LookUnusable: when it has not the form that it should have: a hostile file may have
            taken over the process that it comes from.
        """
        try:
            found = json.loads(message)
            token = _text(found["token"])
            return cls(
                None if token is None else b64decode(token, validate=True),
                _text(found["link"]),
                tuple(Fault(each) for each in found["faults"]),
                _text(found["printed"]),
                _text(found["note"]),
                _text(found["error"]),
            )
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise LookUnusable from error


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("not text")
    return value
