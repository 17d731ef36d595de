"""What other doors share with the shop: the form of the fee calculator, which anybody fills in and operators try their list with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entrepot.catalog.queries import categories, category_by_slug, text_in
from entrepot.kit.errors import Invalid, Sentence
from entrepot.landedcost.queries import minor_of
from entrepot.markets.queries import all_codes, all_markets, market_by_code, pack
from entrepot.settlement.queries import CommissionRule, FeeQuote, Sale, fee_quote, programmes
from entrepot.storefront import words

LONGEST = 60
UNREADABLE = "\ufffd"  # stands for a NUL: what was typed is refused where it stands, never left out


@dataclass(frozen=True, slots=True)
class FeeForm:
    """What the address says; everything has a value to begin with."""

    market: str
    category: str
    price: str
    country: str
    kind: str  # company, private
    vat_no: str  # yes, no
    programme: str
    channel: str
    on: str


def fee_form(query: QueryDict, *, market: str, today: date) -> FeeForm:
    """The form as it was filled in; a typed address is never an error page."""

    def said_of(name: str, default: str = "") -> str:
        return query.get(name, default).replace("\0", UNREADABLE).strip()[:LONGEST]

    kind = said_of("kind", "company")
    code = said_of("market", market).upper()
    return FeeForm(
        market=code if code in all_codes() else market,
        category=said_of("category"),
        price=said_of("price"),
        country=said_of("country", market).upper(),
        kind=kind,
        vat_no=said_of("vat_no", "no" if kind == "private" else "yes"),
        programme=said_of("programme"),
        channel=said_of("channel", "web"),
        on=said_of("on", today.isoformat()),
    )


def quoted(form: FeeForm, *, at: datetime) -> FeeQuote:
    """The fee of this sale by the list as it stands. Refuses: Invalid, NotFound, NoCommissionRule."""
    market = market_by_code(form.market)
    if form.country not in all_codes():
        raise Invalid(field="country", reason="is none we know.")
    try:
        on = date.fromisoformat(form.on)
    except ValueError:
        raise Invalid(
            field="date",
            reason=Sentence("“{text}” is not a day.", text=form.on[:20]),
            hint="Write 2026-11-21.",
        ) from None
    sale = Sale(
        on=on,
        market=market.code,
        currency=market.currency,
        category_path=category_by_slug(form.category).path if form.category else (),
        programme=form.programme,
        channel=form.channel,
        trader_type=form.kind,
    )
    return fee_quote(
        sale,
        price_minor=minor_of(form.price.replace(",", "."), market.currency, "price"),
        seller_country=form.country,
        has_vat_no=form.vat_no == "yes",
        at=at,
    )


def fee_choices(at: datetime) -> Mapping[str, list[tuple[str, str]]]:
    """What each list of the form offers: (value, words)."""
    language = get_language() or "en"
    tree = categories()
    ordered = sorted(tree.by_slug.values(), key=lambda view: (view.path[0], len(view.path) > 1, view.path))
    return {
        "markets": [(one.code, words.country(one.code)) for one in all_markets() if one.state != "draft"],
        "categories": [("", _("Any other"))]
        + [(one.slug, " › ".join(_name(slug, language) for slug in one.path)) for one in ordered],
        "countries": sorted(((code, words.country(code)) for code in all_codes()), key=lambda row: row[1]),
        "programmes": [("", _("None"))] + [(name, name) for name in programmes(at)],
        "channels": list(channel_words().items()),
        "kinds": list(trader_words().items()),
    }


def channel_words() -> dict[str, str]:
    """The doors an order may come in by."""
    return {"web": _("the shop's pages"), "api": _("a program (API)")}


def trader_words() -> dict[str, str]:
    """What a seller can be."""
    return {"company": _("Business"), "private": _("Private person")}


def vat_words(treatment: str) -> str:
    """Who declares the VAT on our fee."""
    return {
        "domestic": _("We charge the VAT of our country on the fee; a business deducts it."),
        "oss": _("We charge the VAT of your country on the fee."),
        "reverse_charge": _("No VAT is charged on the fee: you declare it yourself (reverse charge)."),
        "outside": _("No VAT of the Union falls on the fee."),
    }[treatment]


def conditions(rule: CommissionRule) -> list[str]:
    """What a sale must be for this rule, in words; nothing for a rule that fits every sale."""
    language = get_language() or "en"
    found: list[Any] = [
        rule.category and _name(rule.category, language),
        rule.market and words.country(rule.market),
        rule.programme and _("programme %(name)s") % {"name": rule.programme},
        rule.channel and _("by %(door)s") % {"door": channel_words().get(rule.channel, rule.channel)},
        rule.trader_type and trader_words().get(rule.trader_type, rule.trader_type),
    ]
    return [each for each in found if each]


def market_currency(code: str) -> str:
    """The currency sales of a market are made in."""
    return pack(code).currency


def _name(slug: str, language: str) -> str:
    view = categories().by_slug.get(slug)
    return text_in(view.names, language)[0] if view else slug
