"""The public calculator: a full price with its arithmetic, at an address that can be sent to somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from entrepot.kit import clock
from entrepot.kit.errors import Invalid, Refusal, Sentence
from entrepot.landedcost.queries import GoodsLine, Quote, headings_by_words, minor_of, quote
from entrepot.markets.queries import all_codes, pack, vat_goods
from entrepot.storefront import words
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, shop
from entrepot.storefront.queries import UNREADABLE
from entrepot.storefront.web import said

ROWS = 3
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form, as it was typed."""

    name: str
    hs: str
    price: str
    qty: str


@dataclass(frozen=True, slots=True)
class Form:
    """What the address says; everything has a value to begin with."""

    origin: str
    destination: str
    seller: str
    currency: str
    shipping: str
    via: str
    mode: str
    goods: str
    region: str
    on: str
    rows: tuple[Row, ...]

    @property
    def is_asked(self) -> bool:
        """Whether there is something to compute."""
        return any(row.price for row in self.rows)


def _form(query: QueryDict, place: Place, today: date) -> Form:
    def said_of(name: str, default: str = "") -> str:
        return query.get(name, default).replace("\0", UNREADABLE).strip()[:LONGEST]

    columns = [[value.replace("\0", UNREADABLE).strip()[:LONGEST] for value in query.getlist(name)[:ROWS]] for name in
               ("name", "hs", "price", "qty")]  # fmt: skip
    rows = [
        Row(*(column[number] if number < len(column) else "" for column in columns)) for number in range(ROWS)
    ]
    destination = said_of("to", place.market.code).upper()
    return Form(
        origin=said_of("from", "CN").upper(),
        destination=destination,
        seller=said_of("seller").upper(),
        currency=said_of("currency", pack(destination).currency if destination in all_codes() else "EUR"),
        shipping=said_of("shipping", "0"),
        via=said_of("via", "ioss"),
        mode=said_of("mode", "net"),
        goods=said_of("goods", "general"),
        region=said_of("region").upper(),
        on=said_of("on", today.isoformat()),
        rows=tuple(rows),
    )


def _quoted(form: Form) -> Quote:
    try:
        on = date.fromisoformat(form.on)
    except ValueError:
        raise Invalid(
            field="date",
            reason=Sentence("“{text}” is not a day.", text=form.on[:20]),
            hint="Write 2026-11-21.",
        ) from None
    lines = []
    for number, row in enumerate((row for row in form.rows if row.price), start=1):
        if row.qty and not (row.qty.isascii() and row.qty.isdigit()):
            raise Invalid(field="qty", reason="is a whole number.")
        price_minor = minor_of(row.price.replace(",", "."), form.currency, "price")
        lines.append(GoodsLine(row.name or str(number), row.hs, form.goods, int(row.qty or 1), price_minor))
    return quote(
        lines,
        origin=form.origin,
        destination=form.destination,
        on=on,
        seller_country=form.seller or form.origin,
        currency=form.currency,
        via=form.via,
        shipping_minor=minor_of(form.shipping.replace(",", ".") or "0", form.currency, "shipping"),
        price_mode=form.mode,
        region=form.region,
    )


@shop()
def calculator(request: HttpRequest, place: Place) -> HttpResponse:
    """What goods from somewhere cost somewhere, each part with its rule; the address holds everything that was asked."""
    form = _form(request.GET, place, place.local(clock.now()).date())
    made, why = None, ""
    if form.is_asked:
        try:
            made = _quoted(form)
        except Refusal as refusal:
            why = f"{words.field_name(refusal.field)}: {said(refusal)}" if refusal.field else said(refusal)
    looked_for = request.GET.get("words", "").replace("\0", UNREADABLE).strip()[:200]
    countries = sorted(((code, words.country(code)) for code in all_codes()), key=lambda row: row[1])
    data: dict[str, Any] = {
        "form": form,
        "made": made,
        "why": why,
        "warnings": [words.warning(each.code) for each in made.warnings] if made else [],
        "looked_for": looked_for,
        "headings": headings_by_words(looked_for) if looked_for else [],
        "countries": countries,
        "currencies": [(each, each) for each in sorted({pack(code).currency for code in all_codes()})],
        "goods": [(name, name.replace("_", " ")) for name in vat_goods()],
        "crumbs": [("Entrepot", place.to("")), (_("Full price calculator"), "")],
    }
    return shop_page(
        request, place, "calculator.jinja", data, status=422 if why else 200, is_indexed=not request.GET
    )
