"""What is held in a trust store, verified when it is first needed, and remembered."""

from typing import NamedTuple

from signedcert.crypto.keys import PublicKey
from signedcert.errors import TrustError
from signedcert.trust.bundle import Bundle
from signedcert.trust.holding import Opened, earlier, kids_of, open_holding
from signedcert.trust.key_entry import KeyEntry
from signedcert.trust.status_at_hand import StatusAtHand, open_list

#: How many bytes of inflated status lists are remembered: a hundred of ten million entries.
INFLATED_MAX = 256 << 20


class Problem(NamedTuple):
    """Something in a trust store that cannot be used.

    :ivar issuer: whose it is.
    :ivar status_list: the number of the status list; None where it is the issuer's own document.
    :ivar error: what is wrong with it.
    """

    issuer: str
    status_list: int | None
    error: TrustError


class OpenedBundle:
    """A bundle and what came out of it so far. Two threads that ask at once both find the same."""

    __slots__ = ("_bundle", "_inflated", "_keys", "_lists", "_opened")

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._keys: dict[bytes, tuple[KeyEntry, ...]] = {}
        self._opened: dict[str, Opened | TrustError] = {}
        self._inflated = 0
        self._lists: dict[tuple[str, int], StatusAtHand | TrustError] = {}

    def keys_for(self, kid: bytes) -> tuple[KeyEntry, ...]:
        """Every key for statements that has this kid; a kid is no more than a hint."""
        found = self._keys.get(kid)
        return self._look_up(kid) if found is None else found

    def issuer(self, issuer: str) -> Opened | TrustError:
        """What is known of an issuer, verified once; or why it cannot be used."""
        found = self._opened.get(issuer)
        if found is None:
            try:
                holding = self._bundle.holdings[issuer]
                listed = earlier(self._bundle.listed, holding.listed)
                found = open_holding(holding)._replace(listed=listed)
            except TrustError as error:
                found = _remembered(error)
            self._opened[issuer] = found
        return found

    def key_of(self, issuer: str, key: PublicKey) -> KeyEntry | None:
        """An issuer's own entry for a key, whatever the index says."""
        opened = self.issuer(issuer) if issuer in self._bundle.holdings else None
        entries = opened.entries if isinstance(opened, Opened) else ()
        return next((entry for entry in entries if entry.public_key == key), None)

    def is_refused(self, kid: bytes) -> bool:
        """Whether an issuer that may have a key of this kid cannot be used."""
        names = self._bundle.kids.get(kid, ())
        return any(isinstance(self.issuer(name), TrustError) for name in names)

    def status_list(self, issuer: str, number: int) -> StatusAtHand | TrustError | None:
        """A status list, verified and inflated once; why it cannot be used; None where missing."""
        found = self._lists.get((issuer, number))
        if found is None:
            holding = self._bundle.holdings.get(issuer)
            token = None if holding is None else dict(holding.lists).get(number)
            opened = self.issuer(issuer) if token is not None else None
            if token is None or not isinstance(opened, Opened):
                return None
            try:
                found = open_list(token, opened, number)
            except TrustError as error:
                found = _remembered(error)
            self._remember(issuer, number, found)
        return found

    def problems(self) -> tuple[Problem, ...]:
        """Everything in it that cannot be used. Verifies all of it, which may take a while."""
        found = []
        for issuer, holding in self._bundle.holdings.items():
            opened = self.issuer(issuer)
            if isinstance(opened, TrustError):
                found.append(Problem(issuer, None, opened))
                continue
            if any(issuer not in self._bundle.kids.get(kid, ()) for kid in kids_of(opened)):
                hidden = TrustError("the index of the bundle hides one of its keys")
                found.append(Problem(issuer, None, hidden))
            for number, token in holding.lists:
                try:
                    open_list(token, opened, number)  # and let it go: all of them may be much
                except TrustError as error:
                    found.append(Problem(issuer, number, error))
        return tuple(found)

    def _remember(self, issuer: str, number: int, found: StatusAtHand | TrustError) -> None:
        """Keeps a list; those that were inflated first go when there are too many bytes."""
        self._lists[issuer, number] = found
        self._inflated += _size(found)
        while self._inflated > INFLATED_MAX and len(self._lists) > 1:
            self._inflated -= _size(self._lists.pop(next(iter(self._lists))))

    def _look_up(self, kid: bytes) -> tuple[KeyEntry, ...]:
        names = self._bundle.kids.get(kid)
        if names is None:
            return ()  # not remembered: anybody can ask for any kid
        opened = [self.issuer(name) for name in names]
        found = tuple(
            entry
            for each in opened
            if isinstance(each, Opened)
            for entry in each.entries
            if entry.public_key.kid == kid
        )
        self._keys[kid] = found
        return found


def _size(found: StatusAtHand | TrustError) -> int:
    return len(found.statuses.array) if isinstance(found, StatusAtHand) else 0


def _remembered(error: TrustError) -> TrustError:
    """The error without its traceback, which would keep alive all that was unpacked on the way."""
    return TrustError(str(error), error.reason)
