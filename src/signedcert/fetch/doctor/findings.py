"""What the checks of a published site find: a level, a sentence, and what to do."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from signedcert.verify.freshness import SKEW

#: What most advice comes down to.
PUBLISH = "signedcert publish --workspace DIR --out SITE, and upload all of SITE"
RENEW = "signedcert publish --workspace DIR --out SITE --renew, and upload all of SITE"
_QUOTED_MAX = 100


class Level(StrEnum):
    """How grave a finding is; the first is the least."""

    #: As it should be.
    OK = "ok"
    #: Worth knowing; nothing to do, or nothing that has to be done.
    NOTE = "note"
    #: Works for now or for most.
    WARNING = "warning"
    #: Verification fails, or cannot be relied on.
    FAULT = "fault"


class Finding(NamedTuple):
    """What one check found.

    :ivar level: how grave it is.
    :ivar check: the check's name, for programs; several findings may share it.
    :ivar says: one or two sentences for people. They may quote what the site says.
    :ivar advice: what to do; empty where there is nothing to do.
    """

    level: Level
    check: str
    says: str
    advice: str = ""


def when(at: datetime) -> str:
    """A moment in UTC, for people, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def quoted(value: object) -> str:
    """What a site said, in quotation marks, cut off where it is long."""
    text = str(value)
    return f'"{text}"' if len(text) <= _QUOTED_MAX else f'"{text[:_QUOTED_MAX]}…"'


def check_not_ahead(check: str, what: str, at: datetime, now: datetime) -> list[Finding]:
    """A warning where something is dated later than now, by more than clocks may differ."""
    if at - now <= SKEW:
        return []
    says = f"{what} is dated {when(at)}, which is later than now, {when(now)}."
    advice = (
        "One clock is wrong: this machine's, or that of the machine which signed it. Compare both "
        "with a third one. If the signing machine's was ahead, set it right, and publish anew "
        "once that moment has passed"
    )
    return [Finding(Level.WARNING, check, says, advice)]
