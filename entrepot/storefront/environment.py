"""The Jinja2 environment of every page: translated, auto-escaping, strict about missing names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, override, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from entrepot.kit.money import exponent_of
from entrepot.markets.queries import address_lines
from entrepot.storefront import show
from entrepot.storefront.assets import asset
from entrepot.storefront.declared import customs_badge
from entrepot.storefront.declared import customs_paper as customs_paper  # for the doors beside the shop
from entrepot.storefront.declared import repairs_of as repairs_of
from entrepot.storefront.words import (
    answers_for,
    answers_until,
    country,
    exclusion,
    field_name,
    name_of,
    value_of,
    warning,
)

ADDRESS_PARTS = ("line1", "line2", "postcode", "city", "region")


def language() -> str:
    """The language of the page being rendered: `es`, `en`, `zh-hans`."""
    return get_language() or settings.LANGUAGE_CODE


def money(minor: int, currency: str = "EUR") -> str:
    return show.money(minor, currency, language())


def plain_amount(minor: int, currency: str) -> str:
    """An amount as one types it: 12.50."""
    digits = exponent_of(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def day(on: date) -> str:
    return show.day(on, language())


def day_long(on: date) -> str:
    return show.day_long(on, language())


def days(span: tuple[date, date]) -> str:
    """`(first, last)` as `mié 25 – jue 26 nov`."""
    return show.days(span[0], span[1], language())


def reduction(priced: Any) -> str:
    """`−17 %` for anything with a price_minor and the prior_minor that may be shown beside it."""
    return show.reduction(priced.price_minor, priced.prior_minor, language())


def moment(at: datetime, time_zone: str = "Europe/Madrid") -> str:
    return show.moment(at, time_zone, language())


def number(value: int) -> str:
    return show.number(value, language())


def percent(rate_bp: int) -> str:
    return show.percent(rate_bp, language())


def tenth(value_milli: int) -> str:
    """Thousandths with one decimal: 4700 → `4,7`."""
    return show.decimal(value_milli, language())


def option(value: Any) -> str:
    """A value of an option or attribute, whatever its shape."""
    return value_of(value, language())


def paying(method: str) -> str:
    from entrepot.storefront.steps import paying as words_of

    return words_of(method)


def tongue(code: str) -> str:
    """The name of a language in the page's language: `zh-hans` → `Simplified Chinese`."""
    first, _sign, script = code.partition("-")
    known = show.locale_of(language()).languages
    return str(known.get(f"{first}_{script.title()}") or known.get(first) or code)


def step(name: str) -> str:
    """A step of a timeline (`logistics.arrived`) in words; empty for one without."""
    from entrepot.storefront.steps import WORDS

    return gettext(WORDS[name]) if name in WORDS else ""


def hours(told: str) -> str:
    """Opening hours by ISO weekdays (`1-6 09:00-21:30`) as people write them: `lun – sáb 9:00 – 21:30`."""
    return show.hours(told, language())


def address(it: Any, country: str) -> list[str]:
    """An address (anything with line1, line2, postcode, city, region) as the country writes it, line by line."""
    parts = it if isinstance(it, Mapping) else {name: getattr(it, name) for name in ADDRESS_PARTS}
    return address_lines(country, parts)


def said(gap: Any) -> str:
    """What stands in the way of a line, a parcel or an order."""
    from entrepot.storefront.web import said_of

    return said_of(gap)


def reason(name: str) -> str:
    from entrepot.storefront.steps import reason_words

    return reason_words(name)


def text(texts: Mapping[str, str] | str) -> Markup:
    """The text in the page's language, marked with `lang` when it had to come from another one."""
    words, code = show.text_in(texts, language())
    if code == language():
        return Markup.escape(words)
    return Markup('<span lang="{}">{}</span>').format(code, words)


def words(texts: Mapping[str, str] | str) -> str:
    """The bare text in the page's language, for attributes."""
    return show.text_in(texts, language())[0]


@lru_cache(20_000)
def _translated(code: str, message: str) -> str:
    with override(code):
        return gettext(message)


@lru_cache(5_000)
def _translated_number(code: str, one: str, many: str, count: int) -> str:
    with override(code):
        return ngettext(one, many, count)


def say(message: str, **values: Any) -> str:
    """The message in the language of the page; `values` fill its `%(name)s` places. Escaped where it is shown."""
    words = _translated(get_language() or settings.LANGUAGE_CODE, message)
    return words % values if values else words


def say_number(one: str, many: str, count: int, **values: Any) -> str:
    """As `say`, in the form for a number, which stands at `%(num)s`."""
    words = _translated_number(get_language() or settings.LANGUAGE_CODE, one, many, min(count, 1_000_000))
    return words % ({"num": number(count)} | values)


def make_environment(**options: Any) -> Environment:
    """Filters `money day days moment number percent text words`; globals `asset url language is_pilot`."""
    environment = Environment(
        **options
        | {
            "undefined": StrictUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
        }
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    environment.filters.update(customs_badge=customs_badge, plain_amount=plain_amount)
    environment.filters.update(
        money=money,
        day=day,
        day_long=day_long,
        days=days,
        moment=moment,
        number=number,
        percent=percent,
        reduction=reduction,
        tenth=tenth,
        text=text,
        words=words,
        country=country,
        answers_for=answers_for,
        answers_until=answers_until,
        attribute=name_of,
        option=option,
        exclusion=exclusion,
        field_name=field_name,
        paying=paying,
        tongue=tongue,
        reason=reason,
        address=address,
        said=said,
        warning=warning,
        hours=hours,
    )
    environment.globals.update(
        _=say,
        ngettext=say_number,
        asset=asset,
        url=reverse,
        page_language=language,
        is_pilot=settings.IS_PILOT,
        base_url=settings.BASE_URL,
    )
    return environment
