"""Reads of the markets room. Facts come from rules/*.csv (read once); only states come from the database."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, cast
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop as _

from entrepot.kit.errors import Invalid, Sentence
from entrepot.kit.money import Money, to_minor
from entrepot.markets import calendar, fx, tables
from entrepot.markets.addresses import AddressForm as AddressForm
from entrepot.markets.addresses import address_form as address_form
from entrepot.markets.addresses import address_lines as address_lines
from entrepot.markets.addresses import lies_in as lies_in
from entrepot.markets.addresses import region_behind as region_behind
from entrepot.markets.addresses import region_of as region_of
from entrepot.markets.errors import CurrencyUnknown, RateUnknown, RuleMissing, UnknownMarket
from entrepot.markets.models import Invitation, Market, RateRefresh, ReadinessFinding
from entrepot.markets.policy import (
    WorkingDays,
    goods_from_narrow_to_broad,
    in_force,
    rows_in_force,
    years_later,
)
from entrepot.markets.tables import Conformity, ConsumerRule, ImportRule, Territory, VatRegion, VatRow

WEEKDAYS = {"Mon": 0, "Tue": 1, "Wed": 2, "Thu": 3, "Fri": 4, "Sat": 5, "Sun": 6}
EUROPEAN_UNION = "EU"


@dataclass(frozen=True, slots=True)
class MarketPack:
    """The facts of one country. `languages` are those the interface speaks; `official_languages` all of it."""

    code: str
    name: str
    region: str
    eu_member: bool
    currency: str
    minor_units: int  # digits in payment calls (ISO 4217)
    display_decimals: int  # digits on screens
    languages: tuple[str, ...]
    default_language: str
    official_languages: tuple[str, ...]
    price_display: Literal["gross", "net"]  # whether prices are shown with tax
    price_note: str
    address_format: str
    address_required: tuple[str, ...]
    address_note: str
    postal_regex: str
    payment_methods: tuple[str, ...]
    carriers: tuple[str, ...]
    pickup_networks: tuple[str, ...]
    time_zone: str
    time_zones: tuple[str, ...]
    phone_prefix: str
    weekend: tuple[str, ...]
    tax_number_module: str  # python-stdnum module, empty when it has none
    tax_number_format: str
    territory_note: str
    source: str
    confidence: str
    state: str = "draft"  # draft | pilot | live | closed
    visitor_share_bp: int = 10_000
    offers_from: str = ""  # the market whose offers are carried over and follow their prices

    @property
    def has_digit_postcodes(self) -> bool:
        """Whether a postcode is typed with digits alone (a phone then shows its number pad)."""
        return bool(self.postal_regex) and re.search("[A-Z-]", self.postal_regex) is None

    @property
    def is_open(self) -> bool:
        """Whether shoppers can buy here."""
        return self.state in ("pilot", "live")

    @property
    def is_public(self) -> bool:
        """Whether everybody may enter: open, and not a pilot for invited guests or a share of the visitors."""
        return self.state == "live" or (self.state == "pilot" and self.visitor_share_bp >= 10_000)

    def accepts_postcode(self, postcode: str) -> bool:
        """Whether a postcode has the country's form (countries without postcodes accept any)."""
        return not self.postal_regex or re.fullmatch(self.postal_regex, postcode.strip().upper()) is not None


@dataclass(frozen=True, slots=True)
class VatRate:
    """A rate in basis points with where it comes from and the days it holds (None: not known, or open)."""

    rate_bp: int
    rule_id: str
    source: str
    confidence: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class FxRate:
    """One unit of `frm` is `rate` units of `to`; `on` is the day the rate was quoted, maybe before the day asked."""

    frm: str
    to: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An invitation to a pilot; the link itself is known only to who was given it."""

    id: UUID
    label: str
    created_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One item of a market's readiness checklist. `template` has `{fact}` places; doors translate it.

    What is `for_live` does not stand in a pilot's way.
    """

    item: str
    is_ready: bool
    template: str
    fix_url: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    for_live: bool = False
    fix_command: str = ""  # what puts it right at the machine: something to type, or a file to write

    @property
    def sentence(self) -> str:
        """The English sentence, with the facts filled in."""
        return self.template.format_map(self.facts).strip()


def pack(code: str) -> MarketPack:
    """The facts of a market without its state: no SQL. Refuses: UnknownMarket."""
    return _packs_for(tuple(name for name, _ in settings.LANGUAGES))[_known(code)]


def market_by_code(code: str) -> MarketPack:
    """The facts of a market with its state (one SQL statement). Refuses: UnknownMarket."""
    facts = pack(code)
    row = Market.objects.filter(code=facts.code).first()
    return _with_state(facts, row)


def all_markets() -> list[MarketPack]:
    """Every market pack with its state, in the order of its code (one SQL statement)."""
    rows = {row.code: row for row in Market.objects.all()}
    return [_with_state(pack(code), rows.get(code)) for code in sorted(tables.market_rows())]


def all_codes() -> tuple[str, ...]:
    """The codes of every market pack: no SQL."""
    return tuple(sorted(tables.market_rows()))


def open_markets() -> list[MarketPack]:
    """The markets where shoppers can buy (one SQL statement)."""
    return [market for market in all_markets() if market.is_open]


def pricing_market() -> str:
    """The first open market whose prices sellers set, rather than following another's; empty while none is open."""
    return next((market.code for market in open_markets() if not market.offers_from), "")


def _with_state(facts: MarketPack, row: Market | None) -> MarketPack:
    if row is None:
        return facts
    return replace(facts, state=row.state, visitor_share_bp=row.visitor_share_bp, offers_from=row.offers_from)


def _known(code: str) -> str:
    upper = code.strip().upper()
    if upper not in tables.market_rows():
        raise UnknownMarket(code=code[:20])
    return upper


def language_of(tag: str) -> str:
    """`zh-Hans-CN` → `zh-hans`, `es-ES` → `es`: a locale tag without its country."""
    parts = tag.split("-")
    return "-".join(part.lower() for part in parts if not re.fullmatch("[A-Z]{2}", part))


@cache
def _packs_for(spoken: tuple[str, ...]) -> dict[str, MarketPack]:
    return {code: _pack_of(row, spoken) for code, row in tables.market_rows().items()}


def _pack_of(row: dict[str, str], spoken: tuple[str, ...]) -> MarketPack:
    official = tuple(language_of(tag) for tag in row["languages"].split("|"))
    offered = [language for language in official if language in spoken]
    # English is offered everywhere; it also stands in where the interface does not speak the country's language yet.
    if "en" not in offered:
        offered.append("en")
    default = language_of(row["default_language"])
    zones = tuple(row["time_zones"].split("|"))

    def several(name: str) -> tuple[str, ...]:
        return tuple(part for part in row[name].split("|") if part)

    return MarketPack(
        code=row["iso2"],
        name=row["name"],
        region=row["region"],
        eu_member=row["eu_member"] == "yes",
        currency=row["currency"],
        minor_units=int(row["minor_units_iso"]),
        display_decimals=int(row["display_decimals"]),
        languages=tuple(offered),
        default_language=default if default in offered else "en",
        official_languages=official,
        price_display=cast(Literal["gross", "net"], row["price_display"]),
        price_note=row["price_display_note"],
        address_format=row["address_format"],
        address_required=several("address_required"),
        address_note=row["address_note"],
        postal_regex=row["postal_regex"],
        payment_methods=several("payment_methods"),
        carriers=several("carriers"),
        pickup_networks=several("lockers_pudo"),
        time_zone=zones[0],
        time_zones=zones,
        phone_prefix=row["phone_prefix"],
        weekend=several("weekend"),
        tax_number_module=row["stdnum_module"],
        tax_number_format=row["tax_number_format"],
        territory_note=row["territory_note"],
        source=row["structural_source"],
        confidence=row["structural_confidence"],
    )


def locale_path(market: str, language: str) -> str:
    """The first URL segment: `es-en` is the market ES in English. Refuses: UnknownMarket."""
    return f"{_known(market).lower()}-{language.lower()}"


def read_locale_path(segment: str) -> tuple[str, str] | None:
    """(market, language) behind a URL segment, or None when this market has no such language."""
    code, _, language = segment.partition("-")
    if len(code) != 2 or code.upper() not in tables.market_rows() or code != code.lower():
        return None
    facts = pack(code)
    return (facts.code, language) if language in facts.languages else None


def vat_rate(country: str, goods: str, on: date, region: str = "") -> VatRate:
    """The VAT rate in force: narrow goods first, then broader ones; the region's own row before the country's.

    Where the country taxes goods at a rate below its standard and the region's rate for them is not on file, the region's
    general rate is not taken for it. Refuses: Invalid (field vat_goods), RateUnknown (no row on that day).
    """
    broader = tables.broader_goods()
    if goods not in broader:
        raise Invalid(
            field="vat_goods", reason=Sentence("“{goods}” is not a known kind of goods.", goods=goods[:40])
        )
    chain = goods_from_narrow_to_broad(goods, broader)

    def row_of(place: str) -> VatRow | None:
        rows = rows_in_force(tables.vat_rows().get((country, place), []), on)
        return next((row for name in chain for row in rows if row.goods == name), None)

    row = at_home = row_of("")
    if region:
        row = row_of(region) or at_home
        if (
            at_home
            and row
            and chain.index(row.goods) > chain.index(at_home.goods)
            and at_home.category != "standard"
        ):
            row = None
    if row is not None:
        return VatRate(row.rate_bp, row.rule_id, row.source, row.confidence, row.valid_from, row.valid_to)
    raise RateUnknown(country=country, goods=goods, on=on.isoformat())


def vat_goods() -> tuple[str, ...]:
    """Every kind of goods a VAT rate may name."""
    return tuple(tables.broader_goods())


def import_rules(destination: str, on: date) -> list[ImportRule]:
    """The import rules of a destination in force on a day, the newest row of each; member states share the rows of the EU.

    Refuses: UnknownMarket.
    """
    facts = pack(destination)
    rows = list(tables.import_rows().get(facts.code, []))
    if facts.eu_member:
        rows += tables.import_rows()[EUROPEAN_UNION]
    newest: dict[str, ImportRule] = {}
    for rule in rows_in_force(rows, on):
        newest.setdefault(rule.rule_id, rule)
    return list(newest.values())


def import_rule(rule_id: str, on: date) -> ImportRule | None:
    """One import rule as it is in force on that day (its newest row), else None. Raises KeyError for an id that never existed."""
    return next(iter(rows_in_force(_import_rules_by_id()[rule_id], on)), None)


def required_rule(rule_id: str, on: date) -> ImportRule:
    """One import rule that must be in force. Refuses: RuleMissing."""
    rule = import_rule(rule_id, on)
    if rule is None:
        raise RuleMissing(rule_id=rule_id, on=on.isoformat())
    return rule


def import_rule_exists(rule_id: str) -> bool:
    """Whether an import rule of this id is on file, whenever it is in force."""
    return rule_id in _import_rules_by_id()


@cache
def _import_rules_by_id() -> dict[str, list[ImportRule]]:
    found: dict[str, list[ImportRule]] = defaultdict(list)
    for rules in tables.import_rows().values():
        for rule in rules:
            found[rule.rule_id].append(rule)
    return dict(found)


def consumer_rule(rule_id: str) -> ConsumerRule:
    """One consumer rule by its id. Refuses: RuleMissing."""
    try:
        return tables.consumer_rows()[rule_id]
    except KeyError:
        raise RuleMissing(rule_id=rule_id, on="any day") from None


def consumer_rules() -> list[ConsumerRule]:
    """Every consumer rule on file."""
    return list(tables.consumer_rows().values())


def conformity(country: str, on: date) -> Conformity | None:
    """How long sellers answer in a country for goods that do not conform: the rule in force on a day.

    The country's own row, else in a member state the Union's least; None where no rule is on file. Refuses: UnknownMarket.
    """
    facts = pack(country)
    names = (facts.code, EUROPEAN_UNION) if facts.eu_member else (facts.code,)
    for name in names:
        rows: list[Conformity] = rows_in_force(tables.conformity_rows().get(name, []), on)
        if rows:
            return rows[0]
    return None


def conformity_least(on: date) -> int:
    """The years that every member state gives at least on a day."""
    rows: list[Conformity] = rows_in_force(tables.conformity_rows()[EUROPEAN_UNION], on)
    return rows[0].years if rows else 0


@dataclass(frozen=True, slots=True)
class GuaranteeEnds:
    """The last days on which a buyer may turn to the seller; None where the rule names no such years."""

    rule: Conformity
    until: date
    long_until: date | None
    region_until: date | None


def guarantee_ends(country: str, *, ordered_on: date, delivered_on: date) -> GuaranteeEnds | None:
    """When the legal guarantee of goods ends, by the rule in force on the day of the contract; None: no rule on file.

    Refuses: UnknownMarket.
    """
    rule = conformity(country, ordered_on)
    if rule is None:
        return None

    def after(years: int) -> date | None:
        return years_later(delivered_on, years) if years else None

    return GuaranteeEnds(
        rule, years_later(delivered_on, rule.years), after(rule.long_years), after(rule.region_years)
    )


def retention_months(what: str, on: date) -> int:
    """How many months the law in force on a day makes us keep something. Refuses: RuleMissing."""
    for row in tables.retention_rows():
        if row.what == what and in_force(row, on):
            return row.months
    raise RuleMissing(rule_id=f"retention of {what}", on=on.isoformat())


def second_price(code: str, price_minor: int, on: date) -> tuple[int, str] | None:
    """A price in the second currency a market must show on that day (minor units, currency), or None."""
    currency = pack(code).currency
    for row in tables.dual_rows():
        if row.market == code and in_force(row, on):
            amount = Money(price_minor, currency).as_decimal() * row.rate
            return to_minor(amount, row.currency), row.currency
    return None


def vat_regions(country: str, on: date) -> list[VatRegion]:
    """The parts of a country with VAT rates of their own."""
    return rows_in_force(tables.vat_region_rows().get(country, []), on)


def vat_region_of(country: str, postcode: str, on: date) -> str:
    """The part of a country with rates of its own that a postcode lies in, or an empty text."""
    digits = re.sub(r"\D", "", postcode)
    for row in vat_regions(country, on):
        if digits and digits.startswith(row.postcode_starts):
            return row.region
    return ""


def special_territory(country: str, postcode: str, on: date) -> Territory | None:
    """The territory outside the country's tax area that a postcode lies in, or None."""
    digits = re.sub(r"\D", "", postcode)
    if not digits:
        return None
    rows: list[Territory] = rows_in_force(tables.territory_rows().get(country, []), on)
    for row in rows:
        if row.postcode_from <= int(digits) <= row.postcode_to:
            return row
    return None


@cache
def customs_area(country: str) -> str:
    """`EU` for member states, else the country itself. Refuses: UnknownMarket."""
    facts = pack(country)
    return EUROPEAN_UNION if facts.eu_member else facts.code


@cache
def working_days(country: str, region: str = "") -> WorkingDays:
    """The calendar of a country, or of a region the holidays package knows (`MD` = Madrid).

    Hong Kong's couriers rest on Sundays only, as its pack says. Refuses: UnknownMarket.
    """
    row = tables.market_rows()[_known(country)]

    @cache
    def holidays_of_year(year: int) -> dict[date, str]:
        return calendar.holidays_of_year(row["holidays_code"], region, year)

    weekend = frozenset(WEEKDAYS[name] for name in row["weekend"].split("|"))
    return WorkingDays(row["iso2"], region, weekend, holidays_of_year)


def holidays_table(checked_on: date) -> str:
    """rules/holidays.csv as the `holidays` package installed here would have it."""
    return calendar.written_anew((row["holidays_code"] for row in tables.market_rows().values()), checked_on)


def fx_rate(frm: str, to: str, on: date) -> FxRate:
    """The ECB reference rate of the last quoted day up to `on`, through the euro. Refuses: CurrencyUnknown."""
    if frm == to:
        return FxRate(frm, to, Decimal(1), on, "same currency")
    quoted, rates = on, []
    for currency in (frm, to):
        if currency == "EUR":
            rates.append(Decimal(1))
            continue
        found = fx.euro_rate(currency, on)
        if found is None:
            raise CurrencyUnknown(frm=frm, to=to, on=on.isoformat())
        rates.append(found[0])
        quoted = min(quoted, found[1])
    return FxRate(frm, to, (rates[1] / rates[0]), quoted, fx.rates().source)


def next_fx_rate(frm: str, to: str, on: date) -> FxRate | None:
    """The ECB reference rate of a day, or of the next day it was published on, as VAT law asks; None while there is none."""
    quoted, rates = on, []
    for currency in (frm, to):
        if currency == "EUR" or frm == to:
            rates.append(Decimal(1))
            continue
        found = fx.next_euro_rate(currency, on)
        if found is None:
            return None
        rates.append(found[0])
        quoted = max(quoted, found[1])
    return FxRate(frm, to, rates[1] / rates[0], quoted, fx.rates().source)


@dataclass(frozen=True, slots=True)
class RatesInForce:
    """Which exchange rates hold: their last day and source, and how the last try to refresh them ended."""

    last_day: date
    source: str
    tried_at: datetime | None
    is_refreshed: bool
    sentence: str


def rates_in_force() -> RatesInForce:
    """The exchange rates in force and the last refresh (one SQL statement)."""
    known, row = fx.rates(), RateRefresh.objects.order_by("-at", "-id").first()
    return RatesInForce(
        known.last_day,
        known.source,
        row.at if row else None,
        bool(row and row.is_done),
        row.sentence if row else "",
    )


def invitations(code: str) -> list[InvitationView]:
    """Who was invited to a market's pilot, the newest first. Refuses: UnknownMarket."""
    rows = Invitation.objects.filter(market=_known(code)).order_by("-created_at")
    return [InvitationView(row.id, row.label, row.created_at, row.withdrawn_at) for row in rows]


def is_invited(code: str, token: str) -> bool:
    """Whether this is the token of an invitation to the market that was not withdrawn."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return Invitation.objects.filter(market=code, digest=digest, withdrawn_at=None).exists()


# Where each item is put right: a page of the console, and what is typed or written at the machine.
_DESK = "/console/markets/{code}/"
WAYS_OUT: dict[str, tuple[str, str]] = {
    "language": (_DESK + "#open", "entrepot market launch {code} --pilot"),
    "tax": (_DESK + "rules#vat", "entrepot/markets/rules/vat_rates.csv"),
    "currency": (_DESK + "rules#currency", "entrepot rates"),
    "payment": (_DESK + "rules#payment", "entrepot/markets/rules/markets.csv"),
    "payment_providers": (_DESK + "rules#payment", "ENTREPOT_PAYMENT_PROVIDERS=… entrepot up"),
    "legal_texts": (_DESK + "rules#operator", "platform.csv in ENTREPOT_HOME"),
    "sellers": ("/console/sellers/", ""),
    "offers": (_DESK + "#offers", "entrepot market launch {code} --offers-of COUNTRY"),
    "product_texts": ("/console/sellers/", "entrepot import SHEET --seller SELLER"),
    "product_rules": (_DESK + "rules#consumer", "entrepot import SHEET --seller SELLER"),
    "customs_codes": ("/console/sellers/", "entrepot import SHEET --seller SELLER"),
    "responsible_person": ("/console/sellers/", ""),
    "full_prices": (_DESK + "rules#imports", "entrepot quote --from COUNTRY --to {code} --line …"),
    "lanes": ("/console/logistics/", "entrepot/logistics/rules/lanes.csv"),
}


def readiness(code: str, on: date) -> list[Finding]:
    """The checklist of a market: what its pack answers, then what the rooms above reported, each with its way out.

    Refuses: UnknownMarket.
    """
    facts = pack(code)
    rows = ReadinessFinding.objects.filter(market=facts.code).order_by("item")
    found = _pack_findings(facts, on)
    found += [Finding(row.item, row.is_ready, row.sentence, row.fix_url, row.facts) for row in rows]
    return [item if item.is_ready else _with_way_out(item, facts.code) for item in found]


def _with_way_out(item: Finding, code: str) -> Finding:
    url, typed = WAYS_OUT.get(item.item, (_DESK, ""))
    return replace(item, fix_url=item.fix_url or url.format(code=code), fix_command=typed.format(code=code))


def _pack_findings(facts: MarketPack, on: date) -> list[Finding]:
    found = []
    official = language_of(tables.market_rows()[facts.code]["default_language"])
    speaks = official in facts.languages
    found.append(
        Finding(
            "language",
            speaks,
            _("The interface speaks the language {language}.")
            if speaks
            else _(
                "The interface has no texts in the language {language} yet: translate them in entrepot/locale."
            ),
            facts={"language": official},
            for_live=True,
        )
    )
    try:
        rate = vat_rate(facts.code, "general", on)
        found.append(
            Finding(
                "tax",
                True,
                _("Standard rate {rate} % since {day}."),
                facts={"rate": f"{rate.rate_bp / 100:g}", "day": rate.rule_id[-10:]},
            )
        )
    except RateUnknown as refusal:
        covered = bool(import_rules(facts.code, on))
        found.append(
            Finding(
                "tax",
                covered,
                _("Taxed by its import rules.") if covered else refusal.template,
                facts={} if covered else refusal.facts,
            )
        )
    try:
        rate_to_euro = fx_rate(facts.currency, "EUR", on)
        found.append(
            Finding(
                "currency",
                True,
                _("{currency}, rate of {day}."),
                facts={"currency": facts.currency, "day": rate_to_euro.on.isoformat()},
            )
        )
    except CurrencyUnknown as refusal:
        found.append(Finding("currency", False, refusal.template, facts=refusal.facts))
    found.append(
        Finding(
            "payment",
            bool(facts.payment_methods),
            _("{count} ways to pay in the pack."),
            facts={"count": len(facts.payment_methods)},
        )
    )
    return found


@cache
def hs_subheadings() -> frozenset[str]:
    """The six-digit codes of the Harmonized System, present edition."""
    return frozenset(
        row["chapter"] + rest
        for row in tables.read("hs_subheadings.csv")
        for rest in row["subheadings"].split("|")
    )


@cache
def hs_headings() -> frozenset[str]:
    """The four-digit headings of the Harmonized System. A code whose heading is not among them names no goods."""
    return frozenset(code[:4] for code in hs_subheadings())


def is_in_force(rule: ConsumerRule | ImportRule, on: date) -> bool:
    """Whether a rule applies on a day (both ends included)."""
    return in_force(rule, on)
