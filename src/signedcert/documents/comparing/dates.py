"""How the dates of a statement may be written, in designs of others too."""

from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date

from signedcert.documents.languages.words import LANGUAGES
from signedcert.documents.printed import Statement
from signedcert.model.certificate import Certificate

_LOCALES = (*LANGUAGES, "en_001", "en_GB", "en_US")
_IN_WORDS = ("long", "medium", "full")


def dates_of(statement: Statement) -> dict[str, frozenset[str]]:
    """The forms of each date, by its field."""
    days: dict[str, date | None] = {
        "issued_at": statement.issued_at.date(),
        "valid_from": None if statement.valid_from is None else statement.valid_from.date(),
        "expires_at": None if statement.expires_at is None else statement.expires_at.date(),
    }
    if isinstance(statement, Certificate):
        days["completed_on"] = statement.completed_on
    return {field: forms_of(day) for field, day in days.items() if day is not None}


@cache
def forms_of(day: date) -> frozenset[str]:
    """The day in words in each language, in figures in either order, and as ISO 8601 has it."""
    found = {
        format_date(day, length, Locale.parse(each)) for each in _LOCALES for length in _IN_WORDS
    }
    two, one = (f"{day.day:02d}", f"{day.month:02d}"), (str(day.day), str(day.month))
    year = f"{day.year:04d}"
    for of_day, of_month in (two, one):
        for sign in "./-":
            found |= {sign.join((of_day, of_month, year)), sign.join((of_month, of_day, year))}
            found.add(sign.join((year, of_month, of_day)))
    return frozenset(found)
