"""The one quote: what a consignment costs its buyer, to the cent, with the rule behind every part."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np

from entrepot.kit.errors import Invalid, Sentence
from entrepot.kit.money import Money, split_pro_rata, to_minor
from entrepot.landedcost import bulk, tables
from entrepot.landedcost.bulk import BulkPrices, Kind
from entrepot.landedcost.errors import PriceBelowDuties, TerritoryNotServed
from entrepot.landedcost.headings import Heading, headings_for
from entrepot.landedcost.policy import Amounts, compute, intrinsic_value
from entrepot.landedcost.schemes import Goods, Resolved, Route, resolve
from entrepot.landedcost.vectors import Checked, check_file
from entrepot.markets.errors import CurrencyUnknown, UnknownMarket
from entrepot.markets.queries import fx_rate, import_rule, pack, special_territory, vat_region_of, vat_regions

MOST_MINOR = 10**12
MOST_QUANTITY = 1_000_000
ATTESTED = frozenset({"below_oss_limit", "cbec_positive_list"})


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One line to quote. `unit_price_minor` in the quote's currency, net or gross as the price mode says."""

    ref: str
    hs6: (
        str  # six digits, or the destination's own code of up to ten; may be empty where no border is crossed
    )
    vat_goods: str
    quantity: int
    unit_price_minor: int
    weight_g: int = 0


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line with its shares. goods + duty + vat + fees = gross; in a gross price gross is the price asked.

    `vat_rate_bp` is the rate its tax was counted at.
    """

    ref: str
    goods_minor: int
    duty_minor: int
    vat_minor: int
    fees_minor: int
    gross_minor: int
    vat_rate_bp: int


@dataclass(frozen=True, slots=True)
class QuotePart:
    """One row of the breakdown. `rate_bp` is None for amounts that are not a rate. `paid_to` receives it in the end.

    `valid_from` and `valid_to` are the days between which its rule holds, where they are known.
    """

    kind: str  # goods | shipping | duty | vat | fee
    label_key: str  # English msgid
    minor: int
    rate_bp: int | None
    base_minor: int
    rule_id: str
    source: str
    paid_to: str  # seller | customs | tax_office | carrier
    collected_by: str  # seller | marketplace | carrier
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class QuoteWarning:
    """Something a person should know about a quote."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of one consignment. The parts sum to `total_minor`; `absorbed` is what the seller bears besides."""

    origin: str
    destination: str
    on: date
    currency: str
    scheme: str
    price_mode: str
    incoterm: str  # DDP | DAP
    deemed_supplier: bool
    total_minor: int
    goods_minor: int
    shipping_minor: int
    duty_minor: int
    vat_minor: int
    fees_minor: int
    intrinsic_minor: int
    duty_items: int
    lines: tuple[QuoteLine, ...]
    parts: tuple[QuotePart, ...]
    absorbed: tuple[QuotePart, ...]
    rule_ids: tuple[str, ...]
    warnings: tuple[QuoteWarning, ...]


@dataclass(frozen=True, slots=True)
class WrittenQuote(Quote):
    """A quote for people and programs: its amounts also as decimal text of its currency."""

    total: str
    goods: str
    shipping: str
    duty: str
    vat: str
    fees: str
    intrinsic: str


@dataclass(frozen=True, slots=True)
class DutyView:
    """A customs duty on file: per cent as basis points, None for specific duties (then `text` says it).

    `code` is the area's own, longer code.
    """

    hs6: str
    code: str
    product: str
    rate_bp: int | None
    text: str
    source: str
    confidence: str


def quote(
    lines: Sequence[GoodsLine],
    *,
    origin: str,
    destination: str,
    on: date,
    seller_country: str,
    currency: str,
    via: str = "ioss",
    shipping_minor: int = 0,
    price_mode: str = "gross",
    duty_payer: str = "buyer",
    region: str = "",
    postcode: str = "",
    parcels: int = 1,
    attested: frozenset[str] = frozenset(),
    before_tax: bool = False,
) -> Quote:
    """What one consignment costs its buyer on a day: minor units of `currency`, each part with its rule.

    `price_mode` gross: prices and shipping hold every tax and duty, and the total is their sum. net: tax and
    duty are added. `duty_payer` seller (net only): the duty is absorbed and not in the VAT base. `via` is how
    VAT is paid on imports into the EU: ioss or post. `region` is a part of the country with rates of its own. `attested` holds what the seller vouches for:
    below_oss_limit, cbec_positive_list. `before_tax` (net prices in a market that shows them only): the sum as it
    stands before the place of delivery is known, without the tax of that place; a warning says so.
    Refuses: Invalid (names the field), RateUnknown, RuleMissing, CurrencyUnknown, DutyUnknown,
    GoodsBlocked, SchemeUnknown, SalesTaxUnknown, TerritoryNotServed, PriceBelowDuties, PriceBelowMinimum.
    """
    route = _checked_route(
        origin=origin, destination=destination, on=on, seller_country=seller_country, currency=currency, via=via,
        shipping_minor=shipping_minor, price_mode=price_mode, duty_payer=duty_payer, region=region,
        parcels=parcels, attested=attested, before_tax=before_tax,
    )  # fmt: skip
    if postcode:
        if not pack(route.destination).accepts_postcode(postcode):
            raise Invalid(
                field="postcode",
                reason=Sentence(
                    "“{postcode}” is not a postcode of {country}.",
                    postcode=postcode[:20],
                    country=route.destination,
                ),
            )
        territory = special_territory(route.destination, postcode, on)
        if territory is not None:
            raise TerritoryNotServed(territory=territory.name, destination=route.destination)
        if not region:
            route = replace(route, region=vat_region_of(route.destination, postcode, on))
    goods = [_checked_line(line) for line in lines]
    if not goods:
        raise Invalid(field="lines", reason="A quote needs at least one line.")
    found = resolve(route, goods)
    try:
        amounts = compute(found.terms, found.lines, route.shipping_minor)
    except PriceBelowDuties as refusal:
        raise PriceBelowDuties(**(refusal.facts | {"currency": route.currency})) from None
    return _told(route, found, amounts)


def minor_of(text: str, currency: str, field: str) -> int:
    """Minor units of an amount as people type it: 40.00. Refuses: Invalid, naming `field`."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise Invalid(
            field=field, reason=Sentence("“{text}” is not an amount.", text=text[:30]), hint="Write 40.00."
        ) from None
    if amount.is_nan():
        raise Invalid(field=field, reason=Sentence("“{text}” is not an amount.", text=text[:30]))
    if amount.is_infinite() or abs(amount) > MOST_MINOR // 100:
        raise Invalid(field=field, reason=Sentence("“{text}” is too large.", text=text[:30]))
    minor = to_minor(amount, currency)
    if Money(minor, currency).as_decimal() != amount:
        raise Invalid(
            field=field,
            reason=Sentence("{text} has more decimals than {currency}.", text=text[:30], currency=currency),
        )
    return minor


def written(made: Quote) -> WrittenQuote:
    """The whole quote as the command line and the API print it: `total` 52.03 beside `total_minor` 5203."""

    def text(minor: int) -> str:
        return str(Money(minor, made.currency).as_decimal())

    return WrittenQuote(
        **{each.name: getattr(made, each.name) for each in fields(Quote)},
        total=text(made.total_minor),
        goods=text(made.goods_minor),
        shipping=text(made.shipping_minor),
        duty=text(made.duty_minor),
        vat=text(made.vat_minor),
        fees=text(made.fees_minor),
        intrinsic=text(made.intrinsic_minor),
    )


def _checked_route(
    *, origin: str, destination: str, on: date, seller_country: str, currency: str, via: str, shipping_minor: int,
    price_mode: str, duty_payer: str, region: str, parcels: int, attested: frozenset[str], before_tax: bool,
) -> Route:  # fmt: skip
    for name, value, choices in (
        ("via", via, ("ioss", "post")),
        ("price_mode", price_mode, ("gross", "net")),
        ("duty_payer", duty_payer, ("buyer", "seller")),
    ):
        if value not in choices:
            raise Invalid(
                field=name,
                reason=Sentence(
                    "“{value}” is not one of {choices}.", value=str(value)[:20], choices=", ".join(choices)
                ),
            )
    if not 0 <= shipping_minor <= MOST_MINOR:
        raise Invalid(field="shipping_minor", reason="Shipping lies between 0 and 10,000 million.")
    if not 1 <= parcels <= 1000:
        raise Invalid(field="parcels", reason="A consignment has 1 to 1,000 parcels.")
    if price_mode == "gross" and duty_payer == "seller":
        raise Invalid(
            field="duty_payer", reason="In a gross price the duty is inside.", hint="Use net prices."
        )
    for each in sorted(attested - ATTESTED):
        raise Invalid(
            field="attested",
            reason=Sentence(
                "“{value}” is not one of {choices}.", value=each[:20], choices=", ".join(sorted(ATTESTED))
            ),
        )
    there = pack(_known_country("destination", destination))
    if before_tax and (price_mode, there.price_display) != ("net", "net"):
        raise Invalid(
            field="before_tax",
            reason=Sentence("Prices in {destination} are shown with tax.", destination=there.code),
        )
    regions = [each.region for each in vat_regions(there.code, on)]
    if region and there.price_display == "gross" and region not in regions:
        raise Invalid(
            field="region",
            reason=Sentence(
                "“{region}” is no part of {destination} with rates of its own; on file are: {known}.",
                region=region[:20], destination=there.code, known=", ".join(regions) or "–",
            ),
        )  # fmt: skip
    if not re.fullmatch("[A-Z]{3}", currency):
        raise Invalid(
            field="currency", reason=Sentence("“{currency}” is not a currency code.", currency=currency[:10])
        )
    return Route(
        origin=_known_country("origin", origin),
        destination=there.code,
        region=region,
        on=on,
        currency=currency,
        seller_country=_known_country("seller_country", seller_country),
        via=via,
        price_mode=price_mode,
        duty_payer=duty_payer,
        shipping_minor=shipping_minor,
        parcels=parcels,
        attested=attested,
        before_tax=before_tax,
    )


def _known_country(field: str, code: str) -> str:
    try:
        return pack(code).code
    except UnknownMarket as refusal:
        raise Invalid(field=field, reason=Sentence(refusal.template, **refusal.facts)) from None


def _checked_line(line: GoodsLine) -> Goods:
    if not 1 <= line.quantity <= MOST_QUANTITY:
        raise Invalid(
            field="quantity",
            reason=Sentence(
                "{ref}: a quantity lies between 1 and {most}.",
                ref=line.ref,
                most=f"{MOST_QUANTITY:,}",
            ),
        )
    if not 0 <= line.unit_price_minor <= MOST_MINOR:
        raise Invalid(
            field="unit_price_minor",
            reason=Sentence("{ref}: a price lies between 0 and 10,000 million.", ref=line.ref),
        )
    if line.weight_g < 0:
        raise Invalid(field="weight_g", reason=Sentence("{ref}: a weight is not negative.", ref=line.ref))
    digits = re.sub(r"[ .]", "", line.hs6)
    if digits and not re.fullmatch(r"\d{6,10}", digits):
        raise Invalid(
            field="hs6",
            reason=Sentence(
                "{ref}: “{hs6}” is not an HS code of six digits.", ref=line.ref, hs6=line.hs6[:20]
            ),
        )
    return Goods(line.ref, digits[:6], line.vat_goods, line.quantity, line.unit_price_minor, digits)


def _told(route: Route, found: Resolved, amounts: Amounts) -> Quote:
    """The amounts with their labels, rules, payees and warnings."""
    terms = found.terms
    absorbed_duty = terms.duty_payer == "seller"
    line_duty = [0] * len(found.lines) if absorbed_duty else amounts.line_duty
    consumption = split_pro_rata(amounts.consumption_minor, [max(1, minor) for minor in amounts.line_goods])
    lines = []
    for place, line in enumerate(found.lines):
        fees = amounts.line_fees[place] + consumption[place]
        vat = amounts.line_vat[place] if amounts.vat_levied else 0
        shares = (amounts.line_goods[place], line_duty[place], vat, fees)
        lines.append(
            QuoteLine(line.ref, *shares, gross_minor=sum(shares), vat_rate_bp=int(line.vat_pct * 100))
        )
    parts = [QuotePart("goods", "Goods", amounts.goods_minor, None, 0, "", "", "seller", "marketplace")]
    if amounts.shipping_minor:
        parts.append(
            QuotePart("shipping", "Shipping", amounts.shipping_minor, None, 0, "", "", "carrier", "seller")
        )
    duty = _duty_part(found, amounts)
    if duty is not None and not absorbed_duty:
        parts.append(duty)
    if amounts.consumption_minor:
        parts.append(
            QuotePart(
                "duty",
                "Consumption tax",
                amounts.consumption_minor,
                None,
                amounts.customs_value_minor,
                found.rule_ids[0],
                found.sources[found.rule_ids[0]],
                "tax_office",
                found.vat_collected_by,
            )
        )
    parts += [
        QuotePart("fee", fee.label, minor, None, 0, fee.rule_id, fee.source, "customs", "carrier")
        for fee, minor in amounts.fees
    ]
    for rate, rule_id, base, vat in () if route.before_tax else amounts.vat:
        parts.append(
            QuotePart(
                "vat",
                found.vat_label,
                vat if amounts.vat_levied else 0,
                int(rate * 100),
                base,
                rule_id,
                found.sources.get(rule_id, ""),
                "tax_office",
                found.vat_collected_by,
            )
        )
    return Quote(
        origin=route.origin,
        destination=route.destination,
        on=route.on,
        currency=route.currency,
        scheme=terms.scheme,
        price_mode=terms.price_mode,
        incoterm=found.incoterm,
        deemed_supplier=found.deemed_supplier,
        total_minor=amounts.total_minor,
        goods_minor=amounts.goods_minor,
        shipping_minor=amounts.shipping_minor,
        duty_minor=0 if absorbed_duty else amounts.duty_minor + amounts.consumption_minor,
        vat_minor=amounts.vat_minor if amounts.vat_levied else 0,
        fees_minor=amounts.fees_minor,
        intrinsic_minor=amounts.intrinsic_minor,
        duty_items=amounts.items if terms.flat_duty_minor is not None else 0,
        lines=tuple(lines),
        parts=tuple(_dated(part, found) for part in parts),
        absorbed=(duty,) if duty is not None and absorbed_duty else (),
        rule_ids=tuple(found.rule_ids),
        warnings=tuple(QuoteWarning(*warning) for warning in _all_warnings(route, found, amounts)),
    )


def _dated(part: QuotePart, found: Resolved) -> QuotePart:
    valid_from, valid_to = found.validity.get(part.rule_id, (None, None))
    return replace(part, valid_from=valid_from, valid_to=valid_to)


def _duty_part(found: Resolved, amounts: Amounts) -> QuotePart | None:
    flat = found.terms.flat_duty_minor
    if flat is None and all(line.duty_pct is None for line in found.lines):
        return None
    rates = {line.duty_pct for line in found.lines}
    one_rate = next(iter(rates)) if flat is None and len(rates) == 1 else None
    return QuotePart(
        "duty", "Customs duty", amounts.duty_minor, None if one_rate is None else int(one_rate * 100),
        amounts.customs_value_minor, found.duty_rule, found.sources[found.duty_rule], "customs",
        found.duty_collected_by,
    )  # fmt: skip


def _all_warnings(route: Route, found: Resolved, amounts: Amounts) -> list[tuple[str, str]]:
    warnings = list(found.warnings)
    if found.limit_minor is not None and amounts.intrinsic_minor <= found.limit_minor:
        dearest = max(intrinsic_value([replace(line, quantity=1)], route.price_mode) for line in found.lines)
        if amounts.intrinsic_minor + dearest > found.limit_minor:
            warnings.append(
                (
                    "near_value_limit",
                    "One more item may pass the value limit; then ordinary duty and import VAT apply.",
                )
            )
    if route.currency != pack(route.destination).currency:
        rate = fx_rate(route.currency, pack(route.destination).currency, route.on)
        warnings.append(("converted", f"Value limits were converted at the rate of {rate.on.isoformat()}."))
    if found.limit_minor is not None and found.terms.scheme in ("ioss", "eu_post"):
        fee = import_rule("EU-HANDLING-FEE", route.on)
        if fee is not None and fee.params.get("enabled") is False:
            warnings.append(
                ("handling_fee_unknown", "The EU handling fee is not charged: no source shows it in force.")
            )
    return warnings


def duty_on_file(area: str, hs6: str, on: date) -> DutyView | None:
    """The customs duty of an area (EU, GB, US) on a heading on a day, or None when it is not on file."""
    rate = tables.duty_rates(area, on).get(hs6[:6])
    if rate is None:
        return None
    return DutyView(
        rate.hs6,
        rate.code,
        rate.product,
        None if rate.pct is None else int(rate.pct * 100),
        rate.text,
        rate.source,
        rate.confidence,
    )


def duties_on_file(hs6: str, on: date) -> list[tuple[str, DutyView]]:
    """The longer code and the duty of a heading in each customs area on file on a day: (area, duty)."""
    found = [(area, duty_on_file(area, hs6, on)) for area in tables.DUTY_COLUMNS]
    return [(area, duty) for area, duty in found if duty is not None]


def headings_by_words(text: str, *, limit: int = 5) -> list[Heading]:
    """HS headings on file that a title or a search speaks of, in the fifteen languages of the interface, best first.

    For a person to confirm. Empty when no word is known.
    """
    return headings_for(text[:500], limit=limit)


def verify_vectors(data: Mapping[str, Any]) -> Checked:
    """Run worked examples (the format of landed_cost_vectors.json) through this room's arithmetic.

    Answers how many checks there were and every mismatch. Refuses: Invalid when the file holds no vectors.
    """
    return check_file(data)


def prices_in_markets(
    kinds: Sequence[Kind],
    kind_of: bulk.Column,
    net_minor: bulk.Column,
    destinations: Sequence[str],
    *,
    currency: str,
    on: date,
) -> BulkPrices:
    """What one piece of each row costs its buyer in each market, in the market's currency: a million rows at once.

    `kind_of[row]` indexes `kinds`; `net_minor[row]` is the net price in `currency`. Equal to `quote` in net mode,
    one piece and no shipping, to the cent; −1 where a quote would refuse, the reason in `refused`.
    Refuses: UnknownMarket, CurrencyUnknown.
    """
    return bulk.bulk_prices(kinds, kind_of, net_minor, destinations, currency=currency, on=on)


DUTY_WORDS = ("none", "inside", "later", "unknown")


def unpacked_prices(
    kinds: Sequence[Kind], kind_of: bulk.Column, gross_minor: bulk.Column, *, market: str, on: date
) -> tuple[bulk.Column, bulk.Column]:
    """What one piece leaves its seller at the price shown, a million rows at once (−1: unknown), and the place of its duty in DUTY_WORDS.

    Refuses: UnknownMarket.
    """
    return bulk.bulk_unpacked(kinds, kind_of, gross_minor, market, on=on)


def carried_prices(
    kinds: Sequence[Kind], kind_of: bulk.Column, kept_minor: bulk.Column, *, from_market: str, to_market: str, on: date
) -> bulk.Column:  # fmt: skip
    """Prices as another market shows them at which sellers keep `kept_minor` of `from_market`'s currency; −1 where unknown.

    Money is changed at the rate of the first day of the month. Refuses: UnknownMarket.
    """
    try:
        made = bulk.bulk_prices(
            kinds, kind_of, np.maximum(kept_minor, 0), [to_market], currency=pack(from_market).currency, on=on,
            rate_on=on.replace(day=1), as_shown=True,
        )  # fmt: skip
    except CurrencyUnknown:
        return np.full(len(kept_minor), bulk.REFUSED, dtype=np.int64)
    return np.where((kept_minor >= 0) & (made.total_minor[:, 0] > 0), made.total_minor[:, 0], bulk.REFUSED)
