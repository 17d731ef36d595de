"""Which terms apply on a route: rules in, terms out. Every number is read from a dated rule by its id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from entrepot.kit.errors import Invalid, Sentence
from entrepot.kit.money import to_minor
from entrepot.landedcost import tables
from entrepot.landedcost.errors import (
    DutyUnknown,
    GoodsBlocked,
    PriceBelowMinimum,
    SalesTaxUnknown,
    SchemeUnknown,
)
from entrepot.landedcost.policy import CostLine, FeeTerms, Terms, inside, intrinsic_value
from entrepot.markets.errors import RuleMissing
from entrepot.markets.queries import (
    customs_area,
    fx_rate,
    hs_headings,
    import_rule,
    import_rules,
    required_rule,
    vat_rate,
)

FEE_TOPICS = ("national fee", "handling fee")
# Chapters 1 to 24 of the Harmonized System are food, drink, tobacco and farm goods.
FARM_CHAPTERS = frozenset(f"{chapter:02d}" for chapter in range(1, 25))


@dataclass(frozen=True, slots=True)
class Route:
    """What a quote is asked for."""

    origin: str
    destination: str
    region: str
    on: date
    currency: str
    seller_country: str
    via: str  # ioss | post
    price_mode: str
    duty_payer: str
    shipping_minor: int
    parcels: int
    attested: frozenset[str]
    before_tax: bool = (
        False  # the price as a market with net display shows it: the tax of the delivery address comes later
    )


@dataclass(frozen=True, slots=True)
class Goods:
    """A line as asked, checked."""

    ref: str
    hs6: str
    vat_goods: str
    quantity: int
    unit_minor: int
    code: str = ""  # the destination's own, longer code, where the seller keeps one


@dataclass(slots=True)
class Resolved:
    """The terms of a route with the rules they come from and who owes what to whom."""

    terms: Terms
    lines: list[CostLine]
    rule_ids: list[str] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)
    validity: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)
    deemed_supplier: bool = False
    incoterm: str = "DDP"
    duty_rule: str = ""
    vat_label: str = "VAT"
    vat_collected_by: str = "seller"  # seller | marketplace | carrier
    duty_collected_by: str = "carrier"
    limit_minor: int | None = None  # the value limit of the scheme, for the warning before it is passed
    # What a gross price holds besides what the limit looks at, outermost first, in per cent; None: the VAT of the line.
    limit_without: tuple[Decimal, ...] | None = None
    holds_up_to_minor: int | None = None  # net price of one piece up to which these terms stay; None: any
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def uses(
        self, rule_id: str, source: str, valid_from: date | None = None, valid_to: date | None = None
    ) -> str:
        if rule_id not in self.rule_ids:
            self.rule_ids.append(rule_id)
        self.sources[rule_id] = source
        self.validity[rule_id] = valid_from, valid_to
        return rule_id


def resolve(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Find the terms of a route. Refuses what the data does not answer."""
    here, there = customs_area(route.origin), customs_area(route.destination)
    _refuse_unknown(goods)
    _refuse_blocked(route, goods, "always", here, there)
    if here == there:
        return _inside_one_area(route, goods, there)
    _refuse_blocked(route, goods, "import", here, there)
    for item in goods:
        if not item.hs6:
            raise DutyUnknown(
                ref=item.ref, hs6="(none)", destination=route.destination, reason="Name the HS code."
            )
    if there not in BY_DESTINATION:
        raise SchemeUnknown(
            origin=route.origin, destination=route.destination, reason="its import rules are not on file."
        )
    return BY_DESTINATION[there](route, goods)


def _refuse_unknown(goods: Sequence[Goods]) -> None:
    for item in goods:
        if item.hs6 and item.hs6[:4] not in hs_headings():
            raise Invalid(
                field="hs6",
                reason=Sentence(
                    "{ref}: there is no heading {heading} in the Harmonized System.",
                    ref=item.ref,
                    heading=item.hs6[:4],
                ),
            )


def _refuse_blocked(route: Route, goods: Sequence[Goods], when: str, here: str, there: str) -> None:
    if here == there:
        return
    for item in goods:
        for row in tables.blocked_goods():
            if row.blocks == when and row.hits(destination=there, origin=here, hs6=item.hs6, on=route.on):
                raise GoodsBlocked(
                    ref=item.ref,
                    hs6=item.hs6,
                    origin=route.origin,
                    destination=route.destination,
                    reason=row.reason,
                )


def _vat_lines(route: Route, goods: Sequence[Goods], country: str = "") -> tuple[list[CostLine], Resolved]:
    """Lines with the VAT rates of the destination (or of `country`), and an empty answer that cites them."""
    found = Resolved(Terms(scheme=""), [])
    for item in goods:
        rate = vat_rate(
            country or route.destination, item.vat_goods, route.on, "" if country else route.region
        )
        found.uses(rate.rule_id, rate.source, rate.valid_from, rate.valid_to)
        found.lines.append(
            CostLine(
                ref=item.ref,
                heading=item.hs6 or item.ref,
                quantity=item.quantity,
                unit_minor=item.unit_minor,
                vat_pct=Decimal(rate.rate_bp) / 100,
                vat_rule=rate.rule_id,
            )
        )
        if rate.confidence not in ("confirmed",):
            _warn(found, "rate_unconfirmed", f"The rate {rate.rule_id} is marked “{rate.confidence}”.")
    return found.lines, found


def _warn(found: Resolved, code: str, sentence: str) -> None:
    if (code, sentence) not in found.warnings:
        found.warnings.append((code, sentence))


def _cite(found: Resolved, rule_id: str, on: date) -> str:
    rule = required_rule(rule_id, on)
    if rule.confidence not in ("confirmed",):
        _warn(found, "rule_unconfirmed", f"The rule {rule_id} is marked “{rule.confidence}”.")
    return found.uses(rule.rule_id, rule.source, rule.valid_from, rule.valid_to)


def _in_currency(amount: Decimal, currency: str, route: Route) -> int:
    """A rule's amount in minor units of the quote's currency, by the reference rate of the day."""
    return to_minor(amount * fx_rate(currency, route.currency, route.on).rate, route.currency)


def _base_terms(route: Route, scheme: str) -> Terms:
    return Terms(
        scheme=scheme,
        price_mode=route.price_mode,
        duty_payer=route.duty_payer,
        parcels=route.parcels,
    )


def _inside_one_area(route: Route, goods: Sequence[Goods], area: str) -> Resolved:
    """No border: VAT of the destination, or of the home country below the EUR 10,000 of the one-stop shop.

    Where a sales tax takes the place of VAT, that of the region of delivery, which the marketplace collects.
    """
    if area in SALES_TAX:
        found = _with_sales_tax(route, goods, SALES_TAX[area])
        found.terms = replace(_base_terms(route, "domestic"), vat_on_freight=False)
        return found
    is_domestic = route.origin == route.destination
    below_limit = "below_oss_limit" in route.attested and not is_domestic
    foreign_seller = customs_area(route.seller_country) != area
    _, found = _vat_lines(route, goods, route.origin if below_limit and not foreign_seller else "")
    scheme = "domestic" if is_domestic else "oss_home" if below_limit else "oss"
    found.terms = _base_terms(route, scheme)
    if not is_domestic:
        _cite(found, "EU-OSS-10000", route.on)
    deemed_rule = DEEMED_STOCK.get(area)
    if foreign_seller and deemed_rule:
        _cite(found, deemed_rule, route.on)
        found.deemed_supplier = True
        found.vat_collected_by = "marketplace"
    return found


def _national_fees(found: Resolved, route: Route, *, value_minor: int) -> tuple[FeeTerms, ...]:
    """Fees in force on parcels of this value: per item, consignment or parcel, converted once."""
    fees = []
    for rule in import_rules(route.destination, route.on):
        if rule.topic not in FEE_TOPICS or rule.params.get("enabled") is False:
            continue
        limit = rule.params.get("threshold")
        if limit and value_minor > _in_currency(
            Decimal(str(limit)), str(rule.params.get("threshold_currency", "EUR")), route
        ):
            continue
        for name, per in (
            ("amount_per_item", "item"),
            ("amount_per_consignment", "consignment"),
            ("amount_per_parcel", "parcel"),
        ):
            if rule.params.get(name):
                each = _in_currency(rule.amount(name), str(rule.params["currency"]), route)
                found.uses(rule.rule_id, rule.source, rule.valid_from, rule.valid_to)
                fees.append(FeeTerms("National parcel fee", per, each, rule.rule_id, rule.source))
    return tuple(fees)


def _with_duty(found: Resolved, area: str, route: Route, goods: Sequence[Goods]) -> None:
    """Give each line the ad valorem duty of its heading. Refuses: DutyUnknown.

    A duty is decided below the heading: where the goods carry the area's own code, the rate on file must be that code's.
    """
    rates = tables.duty_rates(area, route.on)
    lines = []
    for line, item in zip(found.lines, goods, strict=True):
        rate = rates.get(line.heading)
        if rate is None or rate.confidence in tables.NO_FIGURE:
            raise DutyUnknown(
                ref=line.ref, hs6=line.heading, destination=route.destination, reason="Ask for a ruling."
            )
        if rate.pct is None:
            raise DutyUnknown(
                ref=line.ref,
                hs6=line.heading,
                destination=route.destination,
                reason=f"Its duty is “{rate.text or 'not found'}”, which needs weight, volume or pieces.",
            )
        if not _same_tariff_line(item.code, rate.code):
            raise DutyUnknown(
                ref=line.ref,
                hs6=item.code,
                destination=route.destination,
                reason=f"The rate on file is that of {rate.code}.",
            )
        rule_id = found.uses(f"DUTY-{area}-{rate.hs6}", rate.source, rate.valid_from, rate.valid_to)
        if not rate.confidence.startswith("confirmed"):
            _warn(found, "duty_unconfirmed", f"The duty on HS {rate.hs6} is marked “{rate.confidence}”.")
        lines.append(replace(line, duty_pct=rate.pct, duty_rule=rule_id))
    found.lines = lines
    found.duty_rule = lines[0].duty_rule


def _same_tariff_line(code: str, on_file: str) -> bool:
    """Whether a code and the one a rate was read from agree in the digits that both have."""
    digits = "".join(char for char in on_file if char.isdigit())
    common = min(len(code), len(digits))
    return code[:common] == digits[:common]


def into_eu(route: Route, goods: Sequence[Goods]) -> Resolved:
    """From outside the EU: IOSS or post with the flat duty up to the limit, ordinary duty above it."""
    _, found = _vat_lines(route, goods)
    normal = required_rule("EU-DUTY-NORMAL", route.on)
    limit = _in_currency(normal.amount("threshold"), "EUR", route)
    value = intrinsic_value(found.lines, route.price_mode)
    found.limit_minor = limit
    if value <= limit:
        found.holds_up_to_minor = limit
    if value > limit or import_rule("EU-DUTY-2028", route.on):
        return _eu_ordinary(found, route, goods)
    try:
        flat = required_rule("EU-DUTY-3EUR", route.on)
    except RuleMissing as refusal:  # before its first day; above the limit ordinary duty answers
        raise RuleMissing(**refusal.facts | {"up_to_minor": limit}) from None
    found.duty_rule = _cite(found, flat.rule_id, route.on)
    _cite(found, "EU-DUTY-3EUR-VATBASE", route.on)
    found.terms = replace(
        _base_terms(route, "eu_post" if route.via == "post" else "ioss"),
        flat_duty_minor=_in_currency(flat.amount("amount_per_item"), str(flat.params["currency"]), route),
    )
    _cite(found, "EU-DEEMED-14A1", route.on)
    found.deemed_supplier = True
    if route.via == "post":
        found.vat_collected_by, found.incoterm, found.vat_label = "carrier", "DAP", "Import VAT"
    else:
        _cite(found, "EU-IOSS", route.on)
        found.vat_collected_by = found.duty_collected_by = "marketplace"
    found.terms = replace(found.terms, fees=_national_fees(found, route, value_minor=value))
    return found


def _eu_ordinary(found: Resolved, route: Route, goods: Sequence[Goods]) -> Resolved:
    _cite(found, "EU-DUTY-NORMAL", route.on)
    found.terms = _base_terms(route, "import")
    _with_duty(found, "EU", route, goods)
    found.vat_label = "Import VAT"
    found.vat_collected_by = found.duty_collected_by = "carrier"
    found.incoterm = "DDP" if route.price_mode == "gross" else "DAP"
    return found


def into_gb(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into the United Kingdom: VAT at the point of sale up to the limit, duty and import VAT above it."""
    _, found = _vat_lines(route, goods)
    rule = required_rule("GB-135-VAT", route.on)
    limit = _in_currency(rule.amount("threshold"), str(rule.params["currency"]), route)
    found.limit_minor = limit
    if intrinsic_value(found.lines, route.price_mode) <= limit:
        _cite(found, "GB-135-VAT", route.on)
        _cite(found, "GB-135-DUTY", route.on)
        found.holds_up_to_minor = limit
        found.terms = _base_terms(route, "point_of_sale")
        found.deemed_supplier = True
        found.vat_collected_by = "marketplace"
        return found
    _cite(found, "GB-OVER135", route.on)
    found.terms = _base_terms(route, "import")
    _with_duty(found, "GB", route, goods)
    if customs_area(route.origin) in ("EU",):
        _warn(found, "preference_not_applied", "The preference of the EU-UK agreement needs proof of origin.")
    found.vat_label = "Import VAT"
    found.vat_collected_by = found.duty_collected_by = "carrier"
    found.incoterm = "DDP" if route.price_mode == "gross" else "DAP"
    return found


def into_ch(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Switzerland: the platform is the supplier; industrial goods are duty-free."""
    _refuse_farm_goods(route, goods, "Food and farm goods carry duty by weight.")
    _, found = _vat_lines(route, goods)
    _cite(found, "CH-PLATFORM", route.on)
    _cite(found, "CH-DUTY", route.on)
    found.terms = _base_terms(route, "platform")
    found.deemed_supplier = True
    found.vat_collected_by = "marketplace"
    return found


def into_no(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Norway by VOEC: 25 % at checkout while each item stays below the limit; not food."""
    _refuse_farm_goods(route, goods, "VOEC excludes food, drink and tobacco.")
    rule = required_rule("NO-VOEC", route.on)
    _refuse_value(route, goods, rule.rule_id, below=True, vat_pct=rule.amount("rate"))
    found = _at_scheme_rate(route, goods, rule.rule_id, rule.amount("rate"))
    found.terms = _base_terms(route, "voec")
    found.holds_up_to_minor = _limit_of(route, rule.rule_id) - 1
    return found


def into_sg(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Singapore: GST at checkout while each item stays within the limit, else at the border."""
    rule = required_rule("SG-OVR", route.on)
    limit = _in_currency(rule.amount("threshold"), str(rule.params["currency"]), route)
    if all(_net_of(route, item.unit_minor, rule.amount("rate")) <= limit for item in goods):
        found = _at_scheme_rate(route, goods, rule.rule_id, rule.amount("rate"))
        found.terms = _base_terms(route, "ovr")
        found.holds_up_to_minor = limit
        return found
    over = required_rule("SG-OVER400", route.on)
    found = _at_scheme_rate(route, goods, over.rule_id, over.amount("rate"))
    found.terms = _base_terms(route, "import")
    found.deemed_supplier, found.vat_collected_by, found.incoterm = False, "carrier", "DAP"
    return found


def into_my(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Malaysia: sales tax on low-value goods, freight outside the base."""
    rule = required_rule("MY-LVG", route.on)
    _refuse_value(route, goods, rule.rule_id, below=False, vat_pct=rule.amount("rate"))
    found = _at_scheme_rate(route, goods, rule.rule_id, rule.amount("rate"))
    found.terms = replace(_base_terms(route, "lvg"), vat_on_freight=False)
    found.vat_label = "Sales tax"
    found.holds_up_to_minor = _limit_of(route, rule.rule_id)
    return found


def into_hk(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Hong Kong, a free port: no duty and no VAT, except on liquor above 30 % and tobacco."""
    for item in goods:
        if item.hs6[:4] in ("2208",) or item.hs6[:2] in ("24", "27"):
            raise DutyUnknown(
                ref=item.ref,
                hs6=item.hs6,
                destination=route.destination,
                reason="Excise goods need strength.",
            )
    found = _at_scheme_rate(route, goods, "HK-FREE", Decimal(0))
    found.terms = _base_terms(route, "free_port")
    found.deemed_supplier, found.vat_collected_by = False, "seller"
    return found


def into_ph(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into the Philippines: free up to the de minimis; above it the duty by heading is not on file."""
    rule = required_rule("PH-10000", route.on)
    limit = _in_currency(rule.amount("threshold"), str(rule.params["currency"]), route)
    if sum(item.unit_minor * item.quantity for item in goods) > limit:
        raise DutyUnknown(
            ref=goods[0].ref,
            hs6=goods[0].hs6,
            destination=route.destination,
            reason=f"Above {rule.params['threshold']} {rule.params['currency']} its tariff is needed.",
        )
    found = _at_scheme_rate(route, goods, rule.rule_id, Decimal(0))
    found.terms = _base_terms(route, "de_minimis")
    found.holds_up_to_minor = limit
    found.deemed_supplier, found.vat_collected_by = False, "seller"
    return found


def into_cn(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into China by cross-border retail import: tariff 0, 70 % of VAT and consumption tax, positive list only."""
    if "cbec_positive_list" not in route.attested:
        raise SchemeUnknown(
            origin=route.origin,
            destination=route.destination,
            reason="the seller must attest that the goods are on the positive list (cbec_positive_list).",
        )
    rule = required_rule("CN-CBEC", route.on)
    limit = _in_currency(rule.amount("single"), str(rule.params["currency"]), route)
    value = sum(item.unit_minor * item.quantity for item in goods) + route.shipping_minor
    if value > limit:
        raise SchemeUnknown(
            origin=route.origin,
            destination=route.destination,
            reason=f"one purchase may not pass {rule.params['single']} {rule.params['currency']}.",
        )
    found = Resolved(Terms(scheme=""), [])
    _cite(found, rule.rule_id, route.on)
    _cite(found, "CN-CBEC-LIST", route.on)
    rates = tables.rows_on("cn", route.on)
    for item in goods:
        row = rates.get(item.hs6)
        if row is None or not row["cn_vat_pct"] or row["cn_consumption_tax_pct"] not in ("0",):
            raise DutyUnknown(
                ref=item.ref,
                hs6=item.hs6,
                destination=route.destination,
                reason="Its VAT or consumption tax is not on file.",
            )
        rule_id = found.uses(f"VAT-{route.destination}-{item.hs6}", row["cn_source"])
        _warn(found, "rate_unconfirmed", f"The rate {rule_id} is marked “{row['cn_confidence']}”.")
        found.lines.append(
            CostLine(item.ref, item.hs6, item.quantity, item.unit_minor, Decimal(row["cn_vat_pct"]), rule_id)
        )
    found.terms = replace(_base_terms(route, "cbec"), vat_factor=rule.amount("vat_factor"))
    if route.price_mode == "gross":
        found.lines = [
            replace(line, vat_pct=line.vat_pct * rule.amount("vat_factor")) for line in found.lines
        ]
        found.terms = replace(found.terms, vat_factor=Decimal(1))
    found.vat_label = "Import tax"
    found.limit_without = ()
    found.holds_up_to_minor = limit - route.shipping_minor
    found.vat_collected_by = "marketplace"
    return found


def into_us(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into the United States: the tariff of the heading and the surcharge of the day, both free on board.

    Refused without a known surcharge, without the state's sales tax, and for prices that promise everything inside.
    """
    surcharge = import_rule("US-SURCHARGE", route.on)
    if surcharge is None:
        raise SchemeUnknown(
            origin=route.origin,
            destination=route.destination,
            reason="no source says which surcharge its customs adds to the tariff on this day.",
        )
    found = _with_sales_tax(route, goods, SALES_TAX["US"])
    _cite(found, "US-DEMINIMIS-END", route.on)
    _cite(found, surcharge.rule_id, route.on)
    found.terms = replace(
        _base_terms(route, "us_import"), duty_on_freight=False, vat_on_freight=False, vat_on_duty=False,
        surcharge_pct=surcharge.amount("section122_pct"),
    )  # fmt: skip
    _with_duty(found, "US", route, goods)
    found.incoterm = "DAP"
    return found


def _with_sales_tax(route: Route, goods: Sequence[Goods], rule_id: str) -> Resolved:
    """Lines at the sales tax of the region of delivery, added to net prices. Refuses a region whose rate is not on file.

    Before the place is known the price stands without it, and says so.
    """
    rule = required_rule(rule_id, route.on)
    free = rule.params["regions_without"]
    if route.price_mode == "gross":
        raise SchemeUnknown(
            origin=route.origin,
            destination=route.destination,
            reason="its sales tax depends on the place of delivery, so no price can hold it; quote net prices.",
        )
    if not route.before_tax and route.region not in free:
        raise SalesTaxUnknown(region=route.region[:20], destination=route.destination, known=", ".join(free))
    found = _at_scheme_rate(route, goods, rule_id, Decimal(0))
    found.vat_label, found.deemed_supplier = "Sales tax", False
    if route.before_tax:
        _warn(found, "tax_by_address", "Sales tax is not in this sum: it depends on the place of delivery.")
    return found


def into_th(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Thailand: duty and VAT from the first baht, collected by the platform; duty by kind of goods."""
    rule = required_rule("TH-FROM-1-BAHT", route.on)
    found = _at_scheme_rate(route, goods, rule.rule_id, rule.amount("vat"))
    found.terms = _base_terms(route, "first_baht")
    found.duty_collected_by = "marketplace"
    for place, line in enumerate(found.lines):
        row = tables.prefix_duty(route.destination, line.heading, route.on)
        if row is None:
            raise DutyUnknown(
                ref=line.ref, hs6=line.heading, destination=route.destination, reason="Its tariff line is needed."
            )  # fmt: skip
        duty_rule = found.uses(
            f"DUTY-{route.destination}-{row.hs_prefix}", row.source, row.valid_from, row.valid_to
        )
        _warn(found, "duty_unconfirmed", f"The duty on HS {row.hs_prefix} is marked “{row.confidence}”.")
        found.lines[place] = replace(line, duty_pct=row.pct, duty_rule=duty_rule)
    found.duty_rule = found.lines[0].duty_rule
    return found


def into_vn(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Viet Nam: duty from the first dong, and its tariff is not on file."""
    required_rule("VN-EXPRESS", route.on)
    raise DutyUnknown(
        ref=goods[0].ref,
        hs6=goods[0].hs6,
        destination=route.destination,
        reason="Duty is due from the first dong, and its tariff line is needed.",
    )


def into_id(route: Route, goods: Sequence[Goods]) -> Resolved:
    """Into Indonesia: one flat duty and VAT up to a value; below a price, goods may not be sold across the border."""
    rule, least = required_rule("ID-CN", route.on), required_rule("ID-MIN-USD100", route.on)
    vat, duty = rule.amount("vat"), rule.amount("duty")
    lowest = _in_currency(least.amount("min_price"), str(least.params["currency"]), route)
    limit = _in_currency(rule.amount("flat_to"), str(rule.params["currency"]), route)
    values = [_net_of(route, item.unit_minor, vat, duty) for item in goods]
    for item, value in zip(goods, values, strict=True):
        if value < lowest:
            raise PriceBelowMinimum(
                ref=item.ref, destination=route.destination, minimum=str(least.params["min_price"]),
                currency=str(least.params["currency"]), rule_id=least.rule_id, up_to_minor=lowest - 1,
            )  # fmt: skip
    if sum(value * item.quantity for item, value in zip(goods, values, strict=True)) > limit:
        raise DutyUnknown(
            ref=goods[0].ref,
            hs6=goods[0].hs6,
            destination=route.destination,
            reason=f"Above {rule.params['flat_to']} {rule.params['currency']} its tariff is needed.",
        )
    found = _at_scheme_rate(route, goods, rule.rule_id, vat)
    _cite(found, least.rule_id, route.on)
    found.lines = [replace(line, duty_pct=duty, duty_rule=rule.rule_id) for line in found.lines]
    found.terms = _base_terms(route, "flat_duty")
    found.duty_rule, found.duty_collected_by = rule.rule_id, "carrier"
    found.deemed_supplier, found.vat_collected_by = False, "carrier"
    found.holds_up_to_minor, found.limit_without = limit, (vat, duty)
    return found


def _at_scheme_rate(route: Route, goods: Sequence[Goods], rule_id: str, rate_pct: Decimal) -> Resolved:
    """Lines at the rate a scheme itself names; the marketplace collects it."""
    found = Resolved(Terms(scheme=""), [], deemed_supplier=True, vat_collected_by="marketplace")
    _cite(found, rule_id, route.on)
    found.lines = [
        CostLine(item.ref, item.hs6, item.quantity, item.unit_minor, rate_pct, rule_id) for item in goods
    ]
    return found


def _refuse_farm_goods(route: Route, goods: Sequence[Goods], reason: str) -> None:
    for item in goods:
        if item.hs6[:2] in FARM_CHAPTERS:
            raise DutyUnknown(ref=item.ref, hs6=item.hs6, destination=route.destination, reason=reason)


def _net_of(route: Route, minor: int, *rates_pct: Decimal) -> int:
    """A price without the taxes inside it, outermost first: the limits look at net prices. Net prices stay."""
    if route.price_mode == "net":
        return minor
    for rate in rates_pct:
        minor -= inside(minor, rate)
    return minor


def _refuse_value(
    route: Route, goods: Sequence[Goods], rule_id: str, *, below: bool, vat_pct: Decimal
) -> None:
    """Refuse items above a scheme's limit (or at it, where the rule says “below”): their duty is not on file."""
    rule = required_rule(rule_id, route.on)
    limit = _limit_of(route, rule_id)
    for item in goods:
        value = _net_of(route, item.unit_minor, vat_pct)
        if value > limit or (below and value == limit):
            raise DutyUnknown(
                ref=item.ref,
                hs6=item.hs6,
                destination=route.destination,
                reason=f"Above {rule.params['threshold']} {rule.params['currency']} its tariff is needed.",
            )


def _limit_of(route: Route, rule_id: str) -> int:
    """The value limit of a scheme in the quote's currency."""
    rule = required_rule(rule_id, route.on)
    return _in_currency(rule.amount("threshold"), str(rule.params["currency"]), route)


BY_DESTINATION: dict[str, Callable[[Route, Sequence[Goods]], Resolved]] = {
    "EU": into_eu,
    "GB": into_gb,
    "CH": into_ch,
    "NO": into_no,
    "SG": into_sg,
    "MY": into_my,
    "HK": into_hk,
    "PH": into_ph,
    "CN": into_cn,
    "US": into_us,
    "TH": into_th,
    "VN": into_vn,
    "ID": into_id,
}
# Where a tax on sales by region, added to the price, takes the place of VAT.
SALES_TAX = {"US": "US-SALES-TAX"}
# Stock that already lies in an area and is sold by somebody from outside: the marketplace owes the VAT.
DEEMED_STOCK = {"EU": "EU-DEEMED-14A2", "GB": "GB-STOCK"}
