"""What stands between a country and its opening, found out across the rooms below: sellers, offers, product rules,
full prices, lanes. `review_market` reports it down to the market's checklist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop as _

from entrepot.catalog.queries import ProductView, product_ids, products_by_id
from entrepot.compliance.queries import gaps_of_products
from entrepot.kit.errors import Refusal
from entrepot.landedcost.queries import GoodsLine, Kind, quote
from entrepot.logistics.queries import Place, promise
from entrepot.markets.queries import Finding, MarketPack, customs_area, pack
from entrepot.offers.queries import OfferView, offers_for_products
from entrepot.parties.queries import SellerView, approved_sellers
from entrepot.payments.queries import payment_methods
from entrepot.settlement.errors import PlatformUnknown
from entrepot.settlement.queries import platform_on

PAGE = 1_000
EXAMPLE_G = 500


@dataclass(frozen=True, slots=True)
class OnSale:
    """A product with its offers in a market."""

    product: ProductView
    offers: tuple[OfferView, ...]


def on_sale(market: str) -> Iterator[OnSale]:
    """Every active product that has an offer in a market, a thousand at a time."""
    after: UUID | None = None
    while ids := product_ids(after=after, limit=PAGE):
        after = ids[-1]
        offers = offers_for_products(market, ids)
        products = products_by_id(offers)
        for product_id, found in offers.items():
            yield OnSale(products[product_id], tuple(found))


def kind_of(item: OnSale, offer: OfferView, sellers: dict[UUID, SellerView]) -> Kind:
    """How an offer's goods are taxed."""
    seller = sellers[item.product.seller_id]
    return Kind(
        offer.ships_from_country or seller.ships_from_country or seller.country,
        seller.country,
        item.product.hs6,
        item.product.vat_goods,
        item.product.codes,
    )


def findings(code: str, at: datetime) -> list[Finding]:
    """The checklist items this room can answer. Refuses: UnknownMarket."""
    market = pack(code)
    sellers = {seller.id: seller for seller in approved_sellers()}
    items = [item for item in on_sale(market.code) if item.product.seller_id in sellers]
    found = [
        Finding(
            "sellers",
            bool(sellers),
            _("{count} sellers are approved.") if sellers else _("No seller is approved."),
            facts={"count": len(sellers)},
        ),
        Finding(
            "offers",
            bool(items),
            _("{count} products have an offer.") if items else _("Nothing is for sale here yet."),
            facts={"count": len(items)},
        ),
    ]
    if items:
        found += [*_safety(items, market.code, at), _prices(items, sellers, market.code, at)]
        found.append(_texts(items, market.default_language))
    found += [_lanes(sellers.values(), market.code, at), _payment(market.code, at)]
    return [*found, _legal_texts(market, at)]


def _texts(items: list[OnSale], language: str) -> Finding:
    good = sum(bool(item.product.title.get(language)) for item in items)
    return Finding(
        "product_texts",
        True,
        _("{good} of {whole} products are titled in the language {language}; the others show another one."),
        facts={"good": good, "whole": len(items), "language": language},
    )


def _legal_texts(market: MarketPack, at: datetime) -> Finding:
    """Whether the shop can say who runs it; its pages of law come with the interface's language."""
    try:
        ours = platform_on(at.date())
    except PlatformUnknown:
        return Finding("legal_texts", False, _("The imprint cannot say who runs the market."))
    return Finding(
        "legal_texts",
        True,
        _("The pages of law name {name} and speak {language}."),
        facts={"name": ours.legal_name, "language": market.default_language},
    )


def _payment(market: str, at: datetime) -> Finding:
    methods = payment_methods(market, on=at.date())
    return Finding(
        "payment_providers",
        bool(methods),
        _("{count} ways to pay are open here.")
        if methods
        else _(
            "No payment provider that is set up takes money here: name one in ENTREPOT_PAYMENT_PROVIDERS."
        ),
        facts={"count": len(methods)},
    )


def _safety(items: list[OnSale], market: str, at: datetime) -> list[Finding]:
    """The product rules together, and two of them by themselves: customs data and the responsible person."""
    gaps: dict[str, int] = {}
    held = 0
    for start in range(0, len(items), PAGE):
        part = items[start : start + PAGE]
        by_product = gaps_of_products([item.product.id for item in part], market, on=at.date())
        for each in by_product.values():
            blocking = [gap for gap in each if gap.blocks]
            held += bool(blocking)
            for gap in blocking:
                gaps[gap.code] = gaps.get(gap.code, 0) + 1
    worst = ", ".join(
        f"{code} × {count}" for code, count in sorted(gaps.items(), key=lambda row: -row[1])[:4]
    )
    is_ready = held < len(items)
    without_code = max(gaps.get("CUSTOMS-HS", 0), gaps.get("CUSTOMS-ORIGIN", 0))
    without_person = gaps.get("GP-19D", 0)
    return [
        Finding(
            "product_rules",
            is_ready,
            _("{good} of {whole} products meet the product rules. {why}"),
            facts={"good": len(items) - held, "whole": len(items), "why": worst},
        ),
        Finding(
            "customs_codes",
            without_code < len(items),
            _("{missing} of {whole} products lack the HS code or origin their border needs."),
            facts={"missing": without_code, "whole": len(items)},
        ),
        Finding(
            "responsible_person",
            without_person < len(items),
            _("{missing} of {whole} products lack a responsible person in the EU."),
            facts={"missing": without_person, "whole": len(items)},
        ),
    ]


def _prices(items: list[OnSale], sellers: dict[UUID, SellerView], market: str, at: datetime) -> Finding:
    whole, reasons = 0, dict[str, int]()
    good, area, shows = 0, customs_area(market), pack(market).price_display
    for item in items:
        for offer in item.offers:
            kind = kind_of(item, offer, sellers)
            whole += 1
            try:
                quote(
                    [GoodsLine("1", item.product.code_in(area), kind.vat_goods, 1, offer.price_minor)], origin=kind.origin,
                    destination=market, on=at.date(), seller_country=kind.seller_country, currency=offer.currency,
                    price_mode=shows, before_tax=shows == "net",
                )  # fmt: skip
                good += 1
            except Refusal as refusal:
                reasons[refusal.code] = reasons.get(refusal.code, 0) + 1
    why = ", ".join(f"{code} × {count}" for code, count in sorted(reasons.items()))
    return Finding(
        "full_prices",
        good > 0,
        _("{good} of {whole} offers have a full price. {why}"),
        facts={"good": good, "whole": whole, "why": why},
    )


def _lanes(sellers: Iterable[SellerView], market: str, at: datetime) -> Finding:
    starts = {(seller.ships_from_country, seller.ships_from_postcode) for seller in sellers}
    without = []
    for country, postcode in sorted(starts):
        try:
            promise(Place(country, postcode), Place(market), at, EXAMPLE_G)
        except Refusal:
            without.append(f"{country} {postcode}".strip())
    if not starts:
        return Finding("lanes", False, _("There is no place to ship from."))
    return Finding(
        "lanes",
        len(without) < len(starts),
        _("{good} of {whole} places of dispatch have a lane here. Without: {without}")
        if without
        else _("{good} of {whole} places of dispatch have a lane here."),
        facts={
            "good": len(starts) - len(without), "whole": len(starts), "without": ", ".join(without[:5]),
        },
    )  # fmt: skip
