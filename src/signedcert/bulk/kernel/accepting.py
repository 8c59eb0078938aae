"""The quick way to a verdict: that of a certificate to which no check objects.

Of all that a verdict depends on, little is the certificate's own: its signature, its dates, its
place in a status list. The rest is asked once for all certificates of a key. Whatever is not
plainly accepted here, for whatever reason, has its verdict from :func:`signedcert.verify`.
"""

from collections.abc import Hashable
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

from signedcert.bulk.kernel.familiar import remember
from signedcert.bulk.kernel.reading import UNFAMILIAR, Reader, Unfamiliar
from signedcert.bulk.kernel.said import Said, said_by
from signedcert.codec.framing import Frame, protected_header, sig_structure
from signedcert.codec.lift import lift
from signedcert.crypto.ed25519 import ed25519_verify
from signedcert.errors import DecodeError
from signedcert.model.certificate import Certificate
from signedcert.trust.key_entry import KeyEntry
from signedcert.trust.status_at_hand import StatusAtHand
from signedcert.trust.status_list import StatusList
from signedcert.trust.trust import Trust
from signedcert.verify.freshness import issuer_freshness, look_up
from signedcert.verify.periods import key_period, validity
from signedcert.verify.verdict import Check, Outcome, Policy

K = TypeVar("K")
V = TypeVar("V")

_GOOD = (Outcome.PASSED, Outcome.NOT_APPLICABLE)
#: What is remembered in one batch; a hostile one could have as many keys and dates as rows.
_REMEMBERED, _LISTS = 4096, 4


class Accepted(NamedTuple):
    """A certificate to which no check objects.

    :ivar said: what it says.
    :ivar issuer: who says so.
    :ivar standing: those for which it is the same have the same findings.
    :ivar certificate: the certificate itself, where it was asked for.
    """

    said: Said
    issuer: str
    standing: Hashable
    certificate: Certificate | None


class _Key(NamedTuple):
    """A key of which nothing but the dates in a certificate is to be asked."""

    entry: KeyEntry
    protected: bytes
    reader: Reader


class _Period(NamedTuple):
    issued_at: datetime
    valid_from: datetime | None
    expires_at: datetime | None


class Accepting:
    """What is the same for all certificates of a batch."""

    def __init__(self, trust: Trust, now: datetime, policy: Policy) -> None:
        self._trust, self._now, self._policy = trust, now, policy
        self._keys: dict[bytes, _Key | None] = {}
        self._periods: dict[Hashable, str | None] = {}
        self._lists: dict[tuple[str, int], StatusList] = {}

    def accept(self, frame: Frame, *, whole: bool) -> Accepted | None:
        """The certificate, if no check objects; None where one may, and all are to be asked.

        :param whole: whether the certificate itself is wanted.
        """
        key = self._key(frame.kid)
        if key is None:
            return None
        entry = key.entry
        message = sig_structure(key.protected, frame.payload)
        if not ed25519_verify(entry.public_key.raw, message, frame.signature):
            return None
        certificate = None
        try:
            if whole:
                certificate = _lifted(frame.payload, entry)
                said = said_by(certificate)
            else:
                said = _said(frame.payload, key)
        except (DecodeError, Unfamiliar):
            return None
        period = self._period(frame.kid, entry, said)
        if period is None or not self._is_listed_good(entry.issuer, said.place):
            return None
        number = None if said.place is None else said.place[0]
        return Accepted(said, entry.issuer, (frame.kid, period, number), certificate)

    def _key(self, kid: bytes) -> _Key | None:
        if kid in self._keys:
            return self._keys[kid]
        found = None
        candidates = self._trust.keys_for(kid)
        if len(candidates) == 1 and not candidates[0].compromised:
            entry = candidates[0]
            fresh = issuer_freshness(self._trust, entry.issuer, self._now, self._policy)
            if fresh.outcome is Outcome.PASSED:
                protected = protected_header(Certificate.media_type, kid)
                found = _Key(entry, protected, Reader(entry.issuer))
        _bounded(self._keys)[kid] = found
        return found

    def _period(self, kid: bytes, entry: KeyEntry, said: Said) -> str | None:
        """What is found of the key's period; None where that, or the validity, is not good."""
        asked = (kid, said.moments)
        if asked in self._periods:
            return self._periods[asked]
        issued_at, valid_from, expires_at = said.moments
        period = _Period(_moment(issued_at), _optional(valid_from), _optional(expires_at))
        found = key_period(entry, period.issued_at, vouched=False)
        good = all(each.outcome in _GOOD for each in (found, validity(period, self._now)))
        _bounded(self._periods)[asked] = result = found.reason.value if good else None
        return result

    def _is_listed_good(self, issuer: str, place: tuple[int, int] | None) -> bool:
        if place is None:
            return True
        number, index = place
        statuses = self._lists.get((issuer, number))
        if statuses is not None:
            return index < statuses.size and statuses.value(index) == 0
        # Whether the list itself may be used is asked together with the first index in it.
        found = look_up(Check.STATUS, self._trust, issuer, place, self._now, self._policy)
        if found.outcome is not Outcome.PASSED:
            return False
        at_hand = self._trust.status_list(issuer, number)
        assert isinstance(at_hand, StatusAtHand)  # the place was just looked up in it
        _bounded(self._lists, _LISTS)[issuer, number] = at_hand.statuses
        return True


def _said(payload: bytes, key: _Key) -> Said:
    try:
        return key.reader.read(payload)
    except UNFAMILIAR:
        certificate = _lifted(payload, key.entry)
        remember(certificate)
        return said_by(certificate)


def _lifted(payload: bytes, entry: KeyEntry) -> Certificate:
    certificate = lift(payload, Certificate)
    if certificate.issuer != entry.issuer:
        raise Unfamiliar
    return certificate


def _bounded(remembered: dict[K, V], most: int = _REMEMBERED) -> dict[K, V]:
    if len(remembered) >= most:
        remembered.clear()
    return remembered


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _optional(seconds: int | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
