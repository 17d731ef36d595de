"""How amounts, dates and texts are shown: Babel's rules for the language of the page, remembered.

Pure: the language comes in as an argument. Dates are dates of the market's own time zone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval, format_skeleton, format_time, get_datetime_format
from babel.numbers import format_currency, format_decimal, format_percent

from entrepot.kit.money import exponent_of
from entrepot.kit.tongues import locale_of

MINUS = "\N{MINUS SIGN}"


@lru_cache(8192)
def money(minor: int, currency: str, language: str) -> str:
    """`24,50 €` or `€24.50`: minor units of a currency as people write them."""
    amount = Decimal(abs(minor)).scaleb(-exponent_of(currency))
    text = format_currency(amount, currency, locale=locale_of(language))
    return f"{MINUS}{text}" if minor < 0 else text


@lru_cache(2048)
def number(value: int, language: str) -> str:
    """`1 284` with the separators of the language."""
    return format_decimal(value, locale=locale_of(language))


@lru_cache(512)
def decimal(value_milli: int, language: str, digits: int = 1) -> str:
    """A number given in thousandths with `digits` decimals: 4700 → `4,7`."""
    return format_decimal(
        Decimal(value_milli).scaleb(-3), format=f"0.{'0' * digits}", locale=locale_of(language)
    )


@lru_cache(512)
def percent(rate_bp: int, language: str) -> str:
    """Basis points as a percentage without needless decimals: 2100 → `21 %`."""
    return format_percent(Decimal(rate_bp).scaleb(-4), locale=locale_of(language), decimal_quantization=False)


def reduction(price_minor: int, prior_minor: int, language: str) -> str:
    """`−17 %`: how far a price lies below the prior price; whole percents, rounded down in the shopper's favour."""
    return MINUS + percent((prior_minor - price_minor) * 100 // prior_minor * 100, language)


@lru_cache(4096)
def day(on: date, language: str) -> str:
    """`mié 25 nov`, `Mi. 25. Nov.`, `11月25日周三`: the language's own short form, without its commas."""
    return _plain(format_skeleton("MMMEd", on, locale=locale_of(language)))


@lru_cache(1024)
def day_long(on: date, language: str) -> str:
    """`25 de noviembre de 2026`."""
    return format_date(on, "long", locale=locale_of(language))


@lru_cache(4096)
def days(first: date, last: date, language: str) -> str:
    """`mié 25 – jue 26 nov`; one day when both are the same; both months when they differ."""
    if first == last:
        return day(first, language)
    locale = locale_of(language)
    short = _plain(format_skeleton("Ed", first, locale=locale))
    if (first.year, first.month) == (last.year, last.month) and day(first, language).startswith(short):
        return f"{short} – {day(last, language)}"
    return _plain(format_interval(first, last, "MMMEd", locale=locale))


def _plain(text: str) -> str:
    return text.replace(",", "")


def moment(at: datetime, time_zone: str, language: str) -> str:
    """`25 nov 2026, 14:05` in the market's time zone."""
    local, locale = at.astimezone(ZoneInfo(time_zone)), locale_of(language)
    pattern = str(get_datetime_format("medium", locale))  # `{1}, {0}`: the day, then the time
    return pattern.format(
        format_time(local, "short", locale=locale), format_date(local, "medium", locale=locale)
    )


def text_in(texts: Mapping[str, str] | str, language: str) -> tuple[str, str]:
    """The text in the wished language, else English, else the first there is; and the language it is in."""
    if isinstance(texts, str):
        return texts, language
    for code in (language, "en", *texts):
        if texts.get(code):
            return texts[code], code
    return "", language


def slug(text: str) -> str:
    """`Aceite de oliva, 500 ml` → `aceite-de-oliva-500-ml`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def hours(told: str, language: str) -> str:
    """Opening hours told by ISO weekdays (`1-6 09:00-21:30`), in the language's words for days."""
    days, _, times = told.partition(" ")
    first, _, last = days.partition("-")
    names = locale_of(language).days["format"]["abbreviated"]
    spoken = " – ".join(names[int(day) - 1] for day in (first, last or first))
    return f"{spoken} {times.replace('-', ' – ')}"
