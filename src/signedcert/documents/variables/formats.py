"""Dates and quantities in the document's language: exact, in Latin digits, never grouped."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, get_datetime_format
from babel.localedata import LocaleDataDict, load
from babel.numbers import format_decimal, format_percent

from signedcert.model.numbers import Quantity

#: As many decimal places as a signed quantity may have.
_EXACT = "0.#########"
_LATIN = "latn"
#: English of no country has the day before the month, as most of its readers write it.
_LOCALES = {"en": "en_001"}
#: In which script there are words, where a language has several.
_SCRIPTS = {"zh": "Hans"}


@dataclass(frozen=True, slots=True)
class Formats:
    """How a language, or a country's variant of it, writes dates and quantities (CLDR)."""

    locale: Locale

    def day(self, value: date) -> str:
        """The day, its month in words, in the Gregorian calendar."""
        return format_date(value, "long", self.locale)

    def moment(self, value: datetime) -> str:
        """A moment in UTC, to the second, saying so."""
        pattern = str(get_datetime_format("long", self.locale)).replace("'", "")
        at = f"{value:%H:%M:%S} UTC"
        return pattern.replace("{0}", at).replace("{1}", self.day(value))

    def number(self, value: Quantity) -> str:
        """The number without rounding or grouping: a comma is always a decimal comma."""
        return self._marked(format_decimal(value, _EXACT, self.locale, numbering_system=_LATIN))

    def percent(self, value: Quantity) -> str:
        """So many per cent."""
        pattern = _percent_pattern(self.locale)
        share = Decimal(value).scaleb(-2)
        return self._marked(format_percent(share, pattern, self.locale, numbering_system=_LATIN))

    def hours(self, low: Quantity, high: Quantity | None = None) -> str:
        """So many hours, or from so many to so many."""
        return self._counted("duration-hour", low, high)

    def weeks(self, count: int) -> str:
        """So many weeks."""
        return self._counted("duration-week", count, None)

    def language(self, tag: str) -> str:
        """The name of a language; of a tag's first subtags, or the tag, where it has no name."""
        name = self.locale.languages.get(tag.replace("-", "_"))
        if name is None and (known := _parsed(tag)) is not None:
            name = known.get_display_name(self.locale)
        if name is None:
            name = self.locale.languages.get(tag.split("-", maxsplit=1)[0])
        return tag if name is None else str(name)

    def _marked(self, number: str) -> str:
        """With the locale's own signs, where Babel writes bare ones.

        Those of Arabic have marks, which keep a sign on its side of the number.
        """
        symbols = self.locale.number_symbols[_LATIN]
        return number.replace("-", symbols["minusSign"]).replace("%", symbols["percentSign"])

    def _counted(self, unit: str, low: Quantity, high: Quantity | None) -> str:
        most = low if high is None else high
        patterns = _unit_patterns(self.locale, unit)
        if low == most:
            # "2 hours" is one word in Arabic, without a digit.
            pattern = patterns.get(self.locale.plural_form(low)) or patterns["other"]
            return pattern.replace("{0}", self.number(low))
        pattern = patterns.get(self.locale.plural_form(most), "")
        if "{0}" not in pattern:
            pattern = patterns["other"]
        return pattern.replace("{0}", f"{self.number(low)}–{self.number(most)}")


@lru_cache(maxsize=64)
def formats_for(tag: str | None, language: str) -> Formats:
    """The formats of a statement's language.

    The country counts (``de-AT``) where CLDR knows it; a script that the words are not written in
    does not: they would not go together.

    :param tag: the statement's language tag, or None.
    :param language: the language of the words.
    """
    plain = Locale.parse(_LOCALES.get(language, language))
    if tag is None or "-" not in tag or tag.split("-")[0] != language:
        return Formats(plain)
    known = _parsed(tag)
    if known is None or known.script not in (None, _SCRIPTS.get(language)):
        return Formats(plain)
    return Formats(known)


def _parsed(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None


@cache
def _percent_pattern(locale: Locale) -> str:
    """The locale's own pattern, with as many decimal places as there are."""
    return re.sub("[#0,.]+", _EXACT, locale.percent_formats[None].pattern)


@cache
def _unit_patterns(locale: Locale, unit: str) -> dict[str, str]:
    """Patterns by plural form. CLDR leaves a long one out where it is the same as the short one.

    (That is why babel.units does not do: it puts the English name there.)
    """
    data = LocaleDataDict(load(str(locale)))  # type: ignore[arg-type]  # its keys are text
    patterns = data["unit_patterns"][unit]
    found: dict[str, str] = {}
    for length in ("long", "short"):
        for form, pattern in patterns.get(length, {}).items():
            found.setdefault(form, pattern)
    return found
