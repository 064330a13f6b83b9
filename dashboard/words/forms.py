"""How numbers, shares, times and pauses are written in English and Vietnamese.

All of it comes from the CLDR data in babel; nothing here joins digits by hand.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent

if TYPE_CHECKING:
    from datetime import tzinfo

LANGUAGES = ("en", "vi")
# Named by the language itself, so that whoever looks for it can read it.
LANGUAGE_NAMES = {"en": "English", "vi": "Tiếng Việt"}
# Vietnamese counts have no plural; an English wording may give (one, many).
Wording = str | tuple[str, str]
Entry = tuple[Wording, str]
_LOCALES = {"en": "en_GB", "vi": "vi_VN"}


def number(value: float, lang: str) -> str:
    """Write a count, or a figure with at most two decimals: 12,340 or 12.340."""
    whole = isinstance(value, int)
    return format_decimal(value, format="#,##0" if whole else "#,##0.##", locale=_LOCALES[lang])


def percent(share: float | None, lang: str) -> str:
    """Write a share 0-1 with at most one decimal; a share of nothing is a dash, never 100 %."""
    if share is None:
        return "–"
    return format_percent(share, format="#,##0.#%", locale=_LOCALES[lang])


def score(value: float, lang: str) -> str:
    """Write a score 0-1 with two decimals, so that 1 does not look like a rank: 0.97 or 0,97."""
    return format_decimal(value, format="0.00", locale=_LOCALES[lang])


def distance(value: float, lang: str) -> str:
    """Write a distance 0-1 with three decimals: those of much are small and lie close together."""
    return format_decimal(value, format="0.000", locale=_LOCALES[lang])


def tenths(share: float, lang: str) -> str:
    """Write a share 0-1 with one decimal, so that 7.0% beside 7.4% looks as exact as it is."""
    return format_percent(share, format="#,##0.0%", locale=_LOCALES[lang])


def tenth(value: float, lang: str) -> str:
    """Write a rate with one decimal, so that 2.0 a day stands below 1.7 as it is."""
    return format_decimal(value, format="#,##0.0", locale=_LOCALES[lang])


def moment(at: datetime, lang: str, zone: tzinfo = UTC) -> str:
    """Write a time to the minute in the reader's own zone."""
    form = "d MMM y, HH:mm" if lang == "en" else "HH:mm, d/M/y"
    return format_datetime(at.astimezone(zone), format=form, locale=_LOCALES[lang])


def day(on: date, lang: str) -> str:
    """Write a day: 24 Nov 2026 or 24/11/2026."""
    return format_date(on, format="d MMM y" if lang == "en" else "d/M/y", locale=_LOCALES[lang])


def pause(length: timedelta, lang: str) -> str:
    """Write how long something lasts in its largest whole unit: 3 hours, 2 ngày."""
    return format_timedelta(length, threshold=1.5, locale=_LOCALES[lang])


def since(at: datetime, now: datetime, lang: str) -> str:
    """Write how long ago *at* was, or in how long it will be."""
    return format_timedelta(at - now, threshold=1.5, add_direction=True, locale=_LOCALES[lang])


def value(given: object, lang: str) -> str:
    """Write a value for the middle of a sentence: numbers and times by the language's rules."""
    if isinstance(given, bool) or not isinstance(given, (int, float, datetime, date, timedelta)):
        return str(given)
    if isinstance(given, datetime):
        return moment(given, lang)
    if isinstance(given, date):
        return day(given, lang)
    return pause(given, lang) if isinstance(given, timedelta) else number(given, lang)
