"""Leaves that hold a calendar day or a moment."""

import contextlib
from datetime import UTC, date, datetime
from typing import Any

from signedcert.model.leaf import Leaf
from signedcert.model.text import compiled

#: The last second of the year 9999.
MOMENT_MAX = 253_402_300_799
#: The ordinal of 1970-01-01, and the first and last day of the years 1 to 9999 counted from it.
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
DAY_MIN, DAY_MAX = date.min.toordinal() - EPOCH_ORDINAL, date.max.toordinal() - EPOCH_ORDINAL
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
#: RFC 3339, section 5.6.
_MOMENT = _DATE + r"[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"


class Day(Leaf):
    """A calendar date, years 1 to 9999."""

    __slots__ = ()

    def check(self, value: object) -> date:
        if isinstance(value, str) and compiled(_DATE).fullmatch(value):
            with contextlib.suppress(ValueError):  # 2026-02-30
                value = date.fromisoformat(value)
        # datetime is a subclass of date, but its calendar day depends on a time zone.
        if not isinstance(value, date) or isinstance(value, datetime):
            raise ValueError("expected a calendar date (in JSON: YYYY-MM-DD)")
        return value

    def to_json(self, value: date) -> str:
        return value.isoformat()

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Moment(Leaf):
    """A moment in UTC, floored to the second, from 1970 to 9999."""

    __slots__ = ()

    def check(self, value: object) -> datetime:
        if isinstance(value, str) and compiled(_MOMENT).fullmatch(value):
            with contextlib.suppress(ValueError):
                value = datetime.fromisoformat(value.upper())
        if not isinstance(value, datetime):
            raise ValueError("expected a moment (in JSON: 2026-11-02T10:00:00Z)")
        if value.tzinfo is None or value.utcoffset() is None:
            raise ValueError("the moment has no time zone; pass an aware datetime, such as UTC")
        try:
            moment = value.astimezone(UTC).replace(microsecond=0)
        except OverflowError as error:
            raise ValueError("expected a moment from 1970 to 9999") from error
        if moment.year < 1970:
            raise ValueError("expected a moment from 1970 to 9999")
        return moment

    def to_json(self, value: datetime) -> str:
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}
