"""Who gets what of an order, and when a seller is paid. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from entrepot.kit.errors import Sentence
from entrepot.kit.money import divide_half_up

TERMS_STATES: Final = {"placed", "held", "released", "cancelled"}
PAYOUT_STATES: Final = {"waiting", "ready", "sent", "paid", "returned"}
ROUTES: Final = ("bank", "stripe")
STRIPE_ACCOUNT: Final = re.compile(r"acct_[0-9A-Za-z]{8,32}")
# How long after it was paid a payout may still come back (SEPA: R-transactions; Stripe: five working days).
RETURNS_WITHIN: Final = timedelta(days=14)
RULE_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
RATE_MOST_BP: Final = 5_000
FIXED_MOST_MINOR: Final = 10_000
RULES_MOST: Final = 200
PRICE_MOST_MINOR: Final = 10**9
PROGRAMME_LONGEST: Final = 40
CHANNELS: Final = ("web", "api")  # orders.events.OrderPlaced
TRADER_TYPES: Final = ("company", "private")  # parties
RHYTHMS: Final = {"daily": 1, "weekly": 7, "monthly": 28}
# Supplies whose VAT we collect and pay on; of the others the seller declares it.
TAXES_OURS: Final = frozenset({"deemed_import", "deemed_stock", "import"})


@dataclass(frozen=True, slots=True)
class Cause:
    """What an open item can turn out to be. `account` is the other side of its posting (empty: none is needed).

    `sign` 1 is for money that came, -1 for money that went, 0 for both; `owner` empty: the item's own bank or provider.
    """

    account: str
    sign: int
    owner: str = ""


CAUSES: Final = {
    "provider_fee": Cause("provider_fee", -1),
    "bank_fee": Cause("provider_fee", -1, "bank"),
    "gift": Cause("platform_fee", 1, "found"),
    "write_off": Cause("write_off", 0, "reconciliation"),
    "tax_payment": Cause("", -1),
    "booked_elsewhere": Cause("", 0),
}
ENTRY_KINDS: Final = {"sale", "refund", "chargeback", "payout_returned", "correction"}


@dataclass(frozen=True, slots=True)
class CommissionRule:
    """A row of the operator's ordered list: the first that fits a sale on its day counts. Empty fields fit everything.

    `rate_bp` of the gross goods price, plus `fixed_minor` of `currency` a line (such a rule fits sales in it only).
    `category` fits everything below it too; `trader_type` is company or private; `channel` web or api; `programme` one that
    sellers were admitted to. The last day is inclusive.
    """

    rule_id: str
    rate_bp: int
    market: str = ""
    category: str = ""
    programme: str = ""
    channel: str = ""
    trader_type: str = ""
    fixed_minor: int = 0
    currency: str = ""
    valid_from: date = date.min
    valid_to: date | None = None
    source: str = ""

    def holds_on(self, on: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def fits_all(self) -> bool:
        """Whether it fits every sale, whatever comes."""
        return not (
            self.market
            or self.category
            or self.programme
            or self.channel
            or self.trader_type
            or self.currency
        )


@dataclass(frozen=True, slots=True)
class Sale:
    """What of a sale the rules of commission look at. `category_path` are slugs from the root to the category."""

    on: date
    market: str
    currency: str
    category_path: tuple[str, ...] = ()
    programme: str = ""
    channel: str = "web"
    trader_type: str = "company"


@dataclass(frozen=True, slots=True)
class LineFee:
    """The commission of one order line."""

    position: int
    rule_id: str
    rate_bp: int
    fixed_minor: int
    minor: int


@dataclass(frozen=True, slots=True)
class FeeVat:
    """VAT on our fee. `treatment`: domestic, oss (a private person elsewhere), reverse_charge, outside."""

    rate_country: str
    treatment: Literal["domestic", "oss", "reverse_charge", "outside"]


@dataclass(frozen=True, slots=True)
class Terms:
    """Frozen when the order was placed; whole minor units. `is_tax_ours`: VAT and duty are ours to pay on."""

    total_minor: int
    vat_minor: int
    duty_minor: int
    carrier_minor: int
    commission_minor: int
    commission_vat_bp: int
    is_tax_ours: bool


@dataclass(frozen=True, slots=True)
class Shares:
    """How an order's retained money divides. They sum to it."""

    seller_minor: int
    commission_minor: int
    commission_vat_minor: int
    tax_minor: int
    duty_minor: int
    carrier_minor: int

    def minus(self, other: Shares) -> Shares:
        """Share by share."""
        return Shares(
            self.seller_minor - other.seller_minor,
            self.commission_minor - other.commission_minor,
            self.commission_vat_minor - other.commission_vat_minor,
            self.tax_minor - other.tax_minor,
            self.duty_minor - other.duty_minor,
            self.carrier_minor - other.carrier_minor,
        )

    def sum(self) -> int:
        """The money these shares divide."""
        return (
            self.seller_minor
            + self.commission_minor
            + self.commission_vat_minor
            + self.tax_minor
            + self.duty_minor
            + self.carrier_minor
        )


def rule_for(rules: Iterable[CommissionRule], sale: Sale) -> CommissionRule | None:
    """The first rule of the list that fits."""
    for rule in rules:
        if (
            rule.holds_on(sale.on)
            and rule.market in ("", sale.market)
            and rule.programme in ("", sale.programme)
            and rule.channel in ("", sale.channel)
            and rule.trader_type in ("", sale.trader_type)
            and rule.currency in ("", sale.currency)
            and (not rule.category or rule.category in sale.category_path)
        ):
            return rule
    return None


def fault_of_rule(rule: CommissionRule) -> tuple[str, str]:
    """Which field of a rule is wrong, and why; empty when it can be."""
    if not RULE_NAME.fullmatch(rule.rule_id):
        return "rule_id", "is 1 to 40 small letters, digits and hyphens."
    if not 0 <= rule.rate_bp <= RATE_MOST_BP:
        return "rate", f"lies between 0 and {RATE_MOST_BP // 100} %."
    if not 0 <= rule.fixed_minor <= FIXED_MOST_MINOR:
        return "fixed", "is no amount from zero to a hundred."
    if bool(rule.fixed_minor) != bool(rule.currency):
        return "currency", "stands with a fixed amount, and only with one."
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        return "valid_to", "lies before the first day."
    if not rule.source.strip():
        return "source", "is empty: say why, for whoever reads the list next year."
    return "", ""


def fault_of_tariff(rules: Sequence[CommissionRule], on: date) -> str:
    """Why this cannot be the list from this day on; empty when every sale will find a rule."""
    if len({rule.rule_id for rule in rules}) != len(rules):
        return "two rules have the same name."
    if len(rules) > RULES_MOST:
        return f"it has more than {RULES_MOST} rules."
    if not any(rule.fits_all and rule.valid_to is None and rule.valid_from <= on for rule in rules):
        return "no rule without conditions and without an end stands in it, so some sale would find none."
    return ""


def fee_of_line(rule: CommissionRule, *, position: int, gross_minor: int) -> LineFee:
    """The commission of a line: its rate of the gross price, half up, plus the fixed part; at most the price."""
    minor = divide_half_up(gross_minor * rule.rate_bp, 10_000) + rule.fixed_minor
    return LineFee(position, rule.rule_id, rule.rate_bp, rule.fixed_minor, min(minor, gross_minor))


def fee_vat(
    *,
    platform_country: str,
    seller_country: str,
    is_seller_in_eu: bool,
    is_platform_in_eu: bool,
    has_vat_no: bool,
) -> FeeVat:
    """Where our fee is taxed: at home; by the seller (reverse charge); where a private seller lives; or not at all."""
    if seller_country == platform_country:
        return FeeVat(platform_country, "domestic")
    if not (is_seller_in_eu and is_platform_in_eu):
        return FeeVat("", "outside")
    if has_vat_no:
        return FeeVat("", "reverse_charge")
    return FeeVat(seller_country, "oss")


def supply_of(*, is_deemed_supplier: bool, is_import: bool, is_domestic: bool) -> str:
    """What kind of supply a sale is to the tax tables: deemed_import, deemed_stock, import, domestic or distance.

    The last two are the seller's own to declare; of the others the tax is ours to collect and pay on.
    """
    if is_deemed_supplier:
        return "deemed_import" if is_import else "deemed_stock"
    if is_import:
        return "import"
    return "domestic" if is_domestic else "distance"


def tax_owner(scheme: str, authority: str, country: str) -> str:
    """Whose a tax account is: `ES:ioss:FR` is owed to Spain's office by the IOSS return, for sales to France."""
    return f"{authority}:{scheme}:{country}"


def tax_share(terms: Terms, retained_minor: int) -> int:
    """The VAT of what the buyer did not get back, where it is ours to pay on; 0 else. Minor units, half up."""
    return divide_half_up(terms.vat_minor * retained_minor, terms.total_minor) if terms.is_tax_ours else 0


def decide_shares(terms: Terms, retained_minor: int) -> Shares:
    """Divide what the buyer did not get back.

    Commission and the VAT on the sale shrink with it; the carrier has driven and the goods have been cleared, so
    carrier and duty stay whole; the seller takes the rest, which may be below zero. For any two amounts the
    difference of their shares is exactly what a refund between them takes back.
    """
    if terms.total_minor <= 0 or not 0 <= retained_minor <= terms.total_minor:
        raise ValueError(f"{retained_minor} is not a part of {terms.total_minor}")
    commission = divide_half_up(terms.commission_minor * retained_minor, terms.total_minor)
    commission_vat = divide_half_up(commission * terms.commission_vat_bp, 10_000)
    tax = tax_share(terms, retained_minor)
    duty = terms.duty_minor if terms.is_tax_ours else 0
    rest = retained_minor - commission - commission_vat - tax - duty - terms.carrier_minor
    return Shares(rest, commission, commission_vat, tax, duty, terms.carrier_minor)


def decide_payout(
    *,
    amount_minor: int,
    minimum_minor: int,
    two_people_above_minor: int,
    next_on: date | None,
    on: date,
    has_account: bool,
    is_approved_seller: bool,
    held_until: datetime | None,
    at: datetime,
) -> str:
    """`ready` or `waiting` (for two people), or why not: not_due, too_little, no_account, not_approved, bank_hold."""
    if not is_approved_seller:
        return "not_approved"
    if next_on is not None and on < next_on:
        return "not_due"
    if amount_minor < max(minimum_minor, 1):
        return "too_little"
    if not has_account:
        return "no_account"
    if held_until is not None and at < held_until:
        return "bank_hold"
    return "waiting" if amount_minor > two_people_above_minor else "ready"


def next_payout_on(rhythm: str, on: date) -> date:
    """The first day of the next payout after one on this day."""
    return on + timedelta(days=RHYTHMS[rhythm])


def fault_of_route(route: str, stripe_account: str) -> tuple[str, str]:
    """Which field of a payout's way is wrong, and why; empty when it can be."""
    if route not in ROUTES:
        return "route", Sentence("“{route}” is neither bank nor stripe.", route=route[:20])
    if route == "stripe" and not STRIPE_ACCOUNT.fullmatch(stripe_account):
        return "stripe_account", "must look like acct_1A2b3C4d5E."
    return "", ""


def changed_at(
    route: str, iban_changed_at: datetime | None, route_changed_at: datetime | None
) -> datetime | None:
    """When it last changed where the money goes: the way itself, or the bank account where that is the way."""
    changes = [iban_changed_at if route == "bank" else None, route_changed_at]
    return max((at for at in changes if at), default=None)


def hold_until(changed_at: datetime | None, hours: int) -> datetime | None:
    """Until when a changed bank account holds payouts back."""
    return changed_at + timedelta(hours=hours) if changed_at else None
