"""A PKCS#11 token that this process is logged in to."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn, Self, TypeVar

import pkcs11
from pkcs11.constants import TokenFlag
from pkcs11.exceptions import PKCS11Error
from pkcs11.types import Session, Token

from signedcert.errors import SignerError
from signedcert.signers.hsm.failures import explained, not_loaded
from signedcert.signers.hsm.uri import Pkcs11Uri

_Answer = TypeVar("_Answer")


class Pin:
    """A PIN that no traceback shows, on its way from the caller to the token."""

    __slots__ = ("_text",)

    def __init__(self, text: object) -> None:
        self._text = text

    @property
    def text(self) -> str:
        """The PIN.

        :raises TypeError: when it is not text.
        :raises ValueError: when it is empty, or cannot be written in UTF-8.
        """
        if not isinstance(self._text, str):
            raise TypeError("the PIN must be text")
        # With replacement, because the error of encoding would carry the PIN.
        if not self._text or self._text.encode(errors="replace").decode() != self._text:
            raise ValueError("the PIN is empty, or is not text that UTF-8 can write")
        return self._text

    def __repr__(self) -> str:
        return "Pin()"


class Pkcs11Token:
    """A token, logged in to by its user's PIN, on which signers stand.

    PKCS#11 (C_Login) knows one login for each token and process, so several keys
    of one token need one ``Pkcs11Token`` that their signers share. Threads may share it too: they
    take turns. Processes may not: open it in the process that signs, after any fork.

    Close it, or use it in a ``with`` statement.
    """

    __slots__ = ("_lock", "_pid", "_session", "_uri")

    def __init__(self, uri: Pkcs11Uri, session: Session) -> None:
        """:param session: logged in. Use :meth:`open`, which makes it."""
        self._uri = uri
        self._session: Session | None = session
        self._lock = Lock()
        self._pid = os.getpid()

    @classmethod
    def open(cls, uri: Pkcs11Uri | str, pin: str | Pin, *, writable: bool = False) -> Self:
        """Loads the module, finds the token and logs in.

        :param uri: names the module and the token; what it says of a key is not looked at.
        :param pin: the token's user PIN. It is not kept.
        :param writable: whether keys can be made.
        :raises SignerError: the URI cannot be used, no token or several match, or the token
            refuses the PIN.
        """
        secret = pin if isinstance(pin, Pin) else Pin(pin)
        del pin  # a traceback that shows locals must not meet it here
        where = Pkcs11Uri.parse(uri) if isinstance(uri, str) else uri
        if not isinstance(where, Pkcs11Uri):
            raise TypeError("uri must be a Pkcs11Uri or text")
        return cls(where, _logged_in(_token_at(where), secret, writable))

    def use(self, action: Callable[[Session], _Answer]) -> _Answer:
        """What an action on the session returns, with no other thread on it meanwhile.

        :raises SignerError: when the token refuses or is gone, was closed, or belongs to the
            process that this one was forked from.
        """
        # Before the lock, which a thread that was not forked may hold for ever.
        if os.getpid() != self._pid:
            raise SignerError(
                "the token was opened before this process was forked, and PKCS#11 sessions do "
                "not cross a fork; open the token in the process that signs"
            )
        with self._lock:
            if self._session is None:
                raise SignerError("the token was closed; open it again to sign")
            try:
                return action(self._session)
            except PKCS11Error as error:
                raise explained(error) from error

    def close(self) -> None:
        """Logs out and ends the session. A second call does nothing."""
        if os.getpid() != self._pid:
            return  # the session is the parent's, and so is its end
        with self._lock:
            session, self._session = self._session, None
            if session is not None:
                with suppress(PKCS11Error):  # of a token that is gone, nothing is left to close
                    session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Pkcs11Token({str(self._uri)!r})"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a Pkcs11Token is never pickled or copied: it is this process's session")


def _token_at(uri: Pkcs11Uri) -> Token:
    if not Path(uri.module_path).is_file():
        raise SignerError(
            f"there is no PKCS#11 module {uri.module_path}; install your token's software, or "
            "correct module-path in the PKCS#11 URI"
        )
    try:
        module = pkcs11.lib(uri.module_path)
    except PKCS11Error as error:
        raise not_loaded(uri.module_path, error) from error
    wanted: dict[str, Any] = {"token_flags": TokenFlag.TOKEN_INITIALIZED}
    if uri.token is not None:
        wanted["token_label"] = uri.token
    if uri.serial is not None:
        wanted["token_serial"] = uri.serial.encode()
    try:
        return module.get_token(**wanted)
    except PKCS11Error as error:
        raise explained(error) from error


def _logged_in(token: Token, pin: Pin, writable: bool) -> Session:
    try:
        return token.open(rw=writable, user_pin=pin.text)
    except PKCS11Error as error:
        raise explained(error) from None  # what was called had the PIN
