"""The arithmetic of a landed cost: terms and lines in, amounts out. Nothing here knows a country.

The order of rounding is fixed (decision 0020): each line in the quote's currency · duty per heading or line ·
VAT base · VAT once per rate · total as the sum of rounded parts. Decimal inside, half up, whole minor units out.
Prices are net (tax is added) or gross (tax and duty are found inside and the total never moves).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from entrepot.kit.money import split_pro_rata
from entrepot.landedcost.errors import PriceBelowDuties

HUNDRED = Decimal(100)
ONE = Decimal(1)


def whole(amount: Decimal) -> int:
    """Round half up to whole minor units."""
    return int(amount.quantize(ONE, rounding=ROUND_HALF_UP))


def percent(base: int | Decimal, rate_pct: Decimal) -> int:
    """`rate_pct` per cent of a base, rounded."""
    return whole(Decimal(base) * rate_pct / HUNDRED)


def inside(gross: int, rate_pct: Decimal) -> int:
    """The tax inside a gross amount: gross × r / (100 + r), rounded."""
    return whole(Decimal(gross) * rate_pct / (HUNDRED + rate_pct))


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line with its rates. `unit_minor` is net or gross as the terms say; `duty_pct` None: no ad valorem rate."""

    ref: str
    heading: str
    quantity: int
    unit_minor: int
    vat_pct: Decimal
    vat_rule: str = ""
    duty_pct: Decimal | None = None
    duty_rule: str = ""
    consumption_pct: Decimal = Decimal(0)

    @property
    def amount_minor(self) -> int:
        return self.quantity * self.unit_minor


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """A fee that is neither duty nor VAT, counted per `item` (heading or unit), `consignment` or `parcel`."""

    label: str
    per: str
    each_minor: int
    rule_id: str
    source: str = ""
    in_vat_base: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """How a consignment is charged; every number comes from a dated rule."""

    scheme: str
    price_mode: str = "net"  # net | gross
    duty_payer: str = "buyer"  # buyer: charged | seller: absorbed, not in the VAT base (net prices only)
    item_counter: str = "hs6"  # hs6: a heading counts once | units
    flat_duty_minor: int | None = None  # per item; None: ad valorem by line
    duty_on_freight: bool = True  # CIF | FOB
    duty_tiers: tuple[tuple[int | None, Decimal], ...] = ()  # (up to minor, per cent): excise by value
    surcharge_pct: Decimal = Decimal(0)
    onward_freight_minor: int = 0  # after the border: in the VAT base, not in the customs value
    vat_on_freight: bool = True
    vat_on_duty: bool = True
    vat_factor: Decimal = ONE  # part of the statutory tax that is charged
    vat_forgiven_up_to_minor: int | None = None  # a tax up to and including this amount is not levied
    vat_forgiven_below_minor: int = 0
    parcels: int = 1
    fees: tuple[FeeTerms, ...] = ()
    carrier_fee_minor: int = 0  # outside the VAT base


@dataclass(slots=True)
class Amounts:
    """What the arithmetic found, in minor units. Lists are by line, in the order of the lines."""

    goods_minor: int = 0  # what the seller asks for the goods, net
    shipping_minor: int = 0  # net
    intrinsic_minor: int = 0
    items: int = 0
    customs_value_minor: int = 0
    duty_minor: int = 0
    consumption_minor: int = 0
    fees: list[tuple[FeeTerms, int]] = field(default_factory=list)
    vat_base_minor: int = 0
    vat: list[tuple[Decimal, str, int, int]] = field(default_factory=list)  # (per cent, rule, base, vat)
    vat_levied: bool = True
    total_minor: int = 0
    line_goods: list[int] = field(default_factory=list)
    line_duty: list[int] = field(default_factory=list)
    line_vat: list[int] = field(default_factory=list)
    line_fees: list[int] = field(default_factory=list)

    @property
    def vat_minor(self) -> int:
        return sum(vat for _, _, _, vat in self.vat)

    @property
    def fees_minor(self) -> int:
        return sum(minor for _, minor in self.fees)


def count_items(lines: Sequence[CostLine], counter: str) -> int:
    """How many items a flat duty or fee counts: distinct headings, or pieces."""
    if counter == "hs6":
        return len({line.heading for line in lines})
    return sum(line.quantity for line in lines)


def within_limit(value: int, limit: int, op: str) -> bool:
    """Whether a value lies inside a limit: `<=` up to and including it, `<` strictly below."""
    return value < limit if op == "<" else value <= limit


def intrinsic_value(lines: Sequence[CostLine], price_mode: str) -> int:
    """The goods price net of VAT, which the value limits look at. A gross price has its VAT taken out per rate."""
    if price_mode == "net":
        return sum(line.amount_minor for line in lines)
    gross: dict[Decimal, int] = {}
    for line in lines:
        gross[line.vat_pct] = gross.get(line.vat_pct, 0) + line.amount_minor
    return sum(amount - inside(amount, rate) for rate, amount in gross.items())


def compute(terms: Terms, lines: Sequence[CostLine], shipping_minor: int) -> Amounts:
    """The whole price of one consignment. Refuses: PriceBelowDuties (gross prices only)."""
    if terms.price_mode == "gross":
        return _gross(terms, lines, shipping_minor)
    return _net(terms, lines, shipping_minor)


def _spread_by_heading(
    lines: Sequence[CostLine], each: int, counter: str, amounts: Sequence[int]
) -> list[int]:
    """A flat amount per item, given to the lines: a heading's once over its lines by value, or by piece."""
    if counter != "hs6":
        return [each * line.quantity for line in lines]
    shares = [0] * len(lines)
    by_heading: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        by_heading.setdefault(line.heading, []).append(place)
    for places in by_heading.values():
        for place, share in zip(
            places, split_pro_rata(each, [amounts[place] for place in places]), strict=True
        ):
            shares[place] = share
    return shares


def _fees(terms: Terms, items: int) -> list[tuple[FeeTerms, int]]:
    times = {"item": items, "consignment": 1, "parcel": terms.parcels}
    return [(fee, fee.each_minor * times[fee.per]) for fee in terms.fees]


def _net(terms: Terms, lines: Sequence[CostLine], shipping_minor: int) -> Amounts:
    amounts = [line.amount_minor for line in lines]
    shipping = split_pro_rata(shipping_minor, amounts)
    onward = split_pro_rata(terms.onward_freight_minor, amounts)
    found = Amounts(
        goods_minor=sum(amounts),
        shipping_minor=shipping_minor + terms.onward_freight_minor,
        intrinsic_minor=sum(amounts),
        items=count_items(lines, terms.item_counter),
        customs_value_minor=sum(amounts) + (shipping_minor if terms.duty_on_freight else 0),
        line_goods=amounts,
    )
    # Duty: per heading, by tier, or per line on its customs value.
    if terms.flat_duty_minor is not None:
        found.line_duty = _spread_by_heading(lines, terms.flat_duty_minor, terms.item_counter, amounts)
    elif terms.duty_tiers:
        found.line_duty = [_tiered(amount, terms.duty_tiers) for amount in amounts]
    else:
        found.line_duty = [
            percent(
                amount + (freight if terms.duty_on_freight else 0),
                (line.duty_pct or Decimal(0)) + terms.surcharge_pct,
            )
            for line, amount, freight in zip(lines, amounts, shipping, strict=True)
        ]
    found.duty_minor = sum(found.line_duty)
    charged = found.line_duty if terms.duty_payer == "buyer" else [0] * len(lines)

    found.fees = _fees(terms, found.items)
    fees_in_base = sum(minor for fee, minor in found.fees if fee.in_vat_base)
    fee_base = split_pro_rata(fees_in_base, amounts)
    found.line_fees = split_pro_rata(found.fees_minor, amounts)

    # Consumption tax raises the VAT base by its full, unrounded amount (it is a part of the price it taxes).
    dutiable = [
        Decimal(amount + (freight if terms.duty_on_freight else 0))
        for amount, freight in zip(amounts, shipping, strict=True)
    ]
    full_consumption = [
        base / (ONE - line.consumption_pct / HUNDRED) * line.consumption_pct / HUNDRED
        for line, base in zip(lines, dutiable, strict=True)
    ]
    found.consumption_minor = whole(sum(full_consumption, Decimal(0)) * terms.vat_factor)

    # VAT once per rate, on goods, freight, duty and fees as the terms say.
    groups: dict[tuple[Decimal, str], list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault((line.vat_pct, line.vat_rule), []).append(place)
    found.line_vat = [0] * len(lines)
    for (rate, rule), places in groups.items():
        parts = [
            amounts[place]
            + (shipping[place] + onward[place] if terms.vat_on_freight else 0)
            + (charged[place] if terms.vat_on_duty else 0)
            + fee_base[place]
            for place in places
        ]
        base = sum(parts)
        exact = Decimal(base) + sum((full_consumption[place] for place in places), Decimal(0))
        vat = whole(exact * rate / HUNDRED * terms.vat_factor)
        if terms.vat_forgiven_up_to_minor is not None and vat <= terms.vat_forgiven_up_to_minor:
            found.vat_levied = False
        found.vat.append((rate, rule, base, vat))
        for place, share in zip(places, split_pro_rata(vat, parts), strict=True):
            found.line_vat[place] = share
    found.vat_base_minor = sum(base for _, _, base, _ in found.vat)
    if 0 < found.vat_minor < terms.vat_forgiven_below_minor:
        found.vat_levied = False
        found.vat = [(rate, rule, base, 0) for rate, rule, base, _ in found.vat]
        found.line_vat = [0] * len(lines)
    levied = found.vat_minor if found.vat_levied else 0
    found.total_minor = (
        found.goods_minor
        + found.shipping_minor
        + sum(charged)
        + found.consumption_minor
        + found.fees_minor
        + levied
        + terms.carrier_fee_minor
    )
    return found


def _tiered(amount: int, tiers: Sequence[tuple[int | None, Decimal]]) -> int:
    duty, start = 0, 0
    for end, rate in tiers:
        part = max(0, (amount if end is None else min(amount, end)) - start)
        duty += percent(part, rate)
        start = end or 0
    return duty


def _gross(terms: Terms, lines: Sequence[CostLine], shipping_minor: int) -> Amounts:
    """Take the price apart: VAT inside first (once per rate), then duty and fees; the rest is the seller's."""
    gross = [line.amount_minor for line in lines]
    shipping = split_pro_rata(shipping_minor, gross)
    found = Amounts(items=count_items(lines, terms.item_counter), total_minor=sum(gross) + shipping_minor)
    found.intrinsic_minor = intrinsic_value(lines, "gross")

    found.line_vat, shipping_vat = [0] * len(lines), [0] * len(lines)
    groups: dict[tuple[Decimal, str], list[int]] = {}
    for place, line in enumerate(lines):
        groups.setdefault((line.vat_pct, line.vat_rule), []).append(place)
    for (rate, rule), places in groups.items():
        parts = [gross[place] for place in places] + [shipping[place] for place in places]
        vat = inside(sum(parts), rate)
        found.vat.append((rate, rule, sum(parts) - vat, vat))
        shares = split_pro_rata(vat, parts)
        for position, place in enumerate(places):
            found.line_vat[place] = shares[position]
            shipping_vat[place] = shares[len(places) + position]
    net_goods = [amount - vat for amount, vat in zip(gross, found.line_vat, strict=True)]
    net_shipping = [amount - vat for amount, vat in zip(shipping, shipping_vat, strict=True)]
    found.vat_base_minor = sum(base for _, _, base, _ in found.vat)

    if terms.flat_duty_minor is not None:
        found.line_duty = _spread_by_heading(lines, terms.flat_duty_minor, terms.item_counter, gross)
    else:
        found.line_duty = [
            # net = value + duty, so the duty inside is value × r / (100 + r); freight is dutiable but not inside net goods
            inside(net, rate) + (percent(freight, rate) if terms.duty_on_freight else 0)
            for net, freight, rate in (
                (net, freight, (line.duty_pct or Decimal(0)) + terms.surcharge_pct)
                for line, net, freight in zip(lines, net_goods, net_shipping, strict=True)
            )
        ]
    found.duty_minor = sum(found.line_duty)
    found.fees = _fees(terms, found.items)
    found.line_fees = split_pro_rata(found.fees_minor, gross)
    found.line_goods = [
        net - duty - fee for net, duty, fee in zip(net_goods, found.line_duty, found.line_fees, strict=True)
    ]
    for line, left, amount in zip(lines, found.line_goods, gross, strict=True):
        if left < 0:
            raise PriceBelowDuties(ref=line.ref, due_minor=amount - left, currency="")
    found.goods_minor = sum(found.line_goods)
    found.shipping_minor = sum(net_shipping)
    found.customs_value_minor = found.goods_minor + (found.shipping_minor if terms.duty_on_freight else 0)
    return found
