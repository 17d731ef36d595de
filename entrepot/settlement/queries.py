"""Reading settlement: what a seller will receive, is owed and was paid; the operator's view of all money.

Rows of a seller are read through `.of(ctx)`. What shows everybody's money needs `ledger:read` (NotAllowed).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import BigIntegerField, Count, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Abs, Cast, ExtractQuarter

from entrepot.kit.context import Context, system_context
from entrepot.kit.errors import Invalid, NotAllowed, NotFound
from entrepot.ledger.queries import AccountRef as LedgerAccount
from entrepot.ledger.queries import (
    BalanceLine,
    StatementLine,
    TransferView,
    balances_by_kind,
    statement_of_account,
    transfer_by_external_id,
    transfers_by_subject,
    trial_balance,
    unbalanced_transfers,
)
from entrepot.parties.queries import payout_accounts, sellers_by_id
from entrepot.payments.queries import kept_by_order
from entrepot.settlement.errors import NoCommissionRule
from entrepot.settlement.facts import (
    EntryView,
    FeeEntry,
    PayoutView,
    Platform,
    Sold,
    Statement,
    TaxCalendar,
    TaxTerms,
)
from entrepot.settlement.fees import edition_at, vat_on_fee
from entrepot.settlement.models import (
    BooksCheck,
    DayClose,
    OpenItem,
    OrderTerms,
    Payout,
    PayoutPlan,
    ProgrammeSeat,
    SellerEntry,
    Tariff,
)
from entrepot.settlement.policy import (
    CAUSES,
    CHANNELS,
    PRICE_MOST_MINOR,
    ROUTES,
    TAXES_OURS,
    TRADER_TYPES,
    CommissionRule,
    LineFee,
    Sale,
    Terms,
    changed_at,
    decide_shares,
    fee_of_line,
    hold_until,
    rule_for,
    tax_share,
)
from entrepot.settlement.tables import max_hold_hours, payout_rule, platform, scheme_terms

_HOUSE = system_context(at=datetime(1970, 1, 1, tzinfo=UTC), cause="papers of the house")


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One line of a sum: `key` says what (goods, shipping, commission …), `minor` is negative where it is taken off."""

    key: str
    minor: int
    rate_bp: int | None = None


@dataclass(frozen=True, slots=True)
class Receivable:
    """What a seller receives for an order: the lines sum to `receive_minor`. `state`: placed, held, released, cancelled."""

    order_id: int
    state: str
    currency: str
    lines: tuple[MoneyLine, ...]
    receive_minor: int
    frozen_reason: str
    released_at: datetime | None
    fees: tuple[LineFee, ...]  # the commission of each line as it was placed


@dataclass(frozen=True, slots=True)
class SellerBalance:
    """A seller's money in one currency. `earned` can be paid out, `held` waits in escrow for the inspection window."""

    currency: str
    held_minor: int
    held_orders: int
    earned_minor: int
    on_its_way_minor: int
    paid_minor: int
    minimum_minor: int
    rhythm: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class FeeQuote:
    """What a sale at this price would cost and bring; the lines sum to `receive_minor`, minor units of `currency`."""

    rule: CommissionRule
    lines: tuple[MoneyLine, ...]
    currency: str
    vat_treatment: Literal["domestic", "oss", "reverse_charge", "outside"]  # of our fee
    receive_minor: int


@dataclass(frozen=True, slots=True)
class TariffView:
    """The ordered list of commission rules. `edition` 0 is the house's own."""

    edition: int
    rules: tuple[CommissionRule, ...]
    made_at: datetime | None
    made_by: str


@dataclass(frozen=True, slots=True)
class MoneyOverview:
    """All money by what it is, in one currency; assets equal what is owed and earned when `is_balanced`."""

    currency: str
    escrow_minor: int
    refunds_due_minor: int
    sellers_minor: int  # earned, not paid out
    sellers_in_debt_minor: int
    payouts_on_way_minor: int
    payouts_waiting: int
    tax: tuple[BalanceLine, ...]
    duty: tuple[BalanceLine, ...]
    carriers_minor: int
    commission_minor: int
    provider_clearing: tuple[BalanceLine, ...]
    bank_minor: int
    advanced_minor: int  # refunded after release and not yet recovered
    unapplied_minor: int
    debit_minor: int
    credit_minor: int

    @property
    def is_balanced(self) -> bool:
        return self.debit_minor == self.credit_minor


def what_you_receive(ctx: Context, order_id: int) -> Receivable:
    """What the seller of an order receives, by the terms frozen with it. Raises NotFound (also another seller's)."""
    found = receivables_by_order(ctx, [order_id])
    if order_id not in found:
        raise NotFound(what="order")
    return found[order_id]


def receivables_by_order(ctx: Context, order_ids: list[int]) -> dict[int, Receivable]:
    """The same for many orders; one SQL statement."""
    rows = OrderTerms.objects.of(ctx).filter(order_id__in=order_ids)
    return {row.order_id: _receivable(row) for row in rows}


def seller_balances(ctx: Context, seller_id: UUID) -> list[SellerBalance]:
    """A seller's money by currency (the euro when there is none yet). Five SQL statements."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    held = OrderTerms.objects.of(ctx).filter(seller_id=seller_id, state="held", retained_minor__gt=0)
    for terms in held:
        sums[terms.currency]["held"] += decide_shares(_facts(terms), terms.retained_minor).seller_minor
        sums[terms.currency]["orders"] += 1
    entries = SellerEntry.objects.of(ctx).filter(seller_id=seller_id, payout=None)
    for row in entries.values("currency").annotate(minor=Sum("minor")):
        sums[row["currency"]]["earned"] += row["minor"]
    payouts = Payout.objects.of(ctx).filter(seller_id=seller_id).exclude(state="returned")
    for row in payouts.values("currency", "state").annotate(minor=Sum("amount_minor")):
        sums[row["currency"]]["paid" if row["state"] == "paid" else "way"] += row["minor"]
    plan = PayoutPlan.objects.of(ctx).filter(seller_id=seller_id).first() or PayoutPlan(seller_id=seller_id)
    return [
        SellerBalance(
            currency,
            one["held"],
            one["orders"],
            one["earned"],
            one["way"],
            one["paid"],
            max(_minimum(currency, ctx.at.date()), plan.minimum_minor),
            plan.rhythm,
            plan.next_on,
        )
        for currency, one in sorted(sums.items() or {"EUR": defaultdict(int)}.items())
    ]


@dataclass(frozen=True, slots=True)
class PayoutWay:
    """Where a seller's payouts go: `bank` (the IBAN) or `stripe` (`stripe_account`); `routes` are those open here.

    `held_until`: payouts wait until then, because the account or the way was changed; None when nothing waits.
    """

    route: str
    stripe_account: str
    has_account: bool
    held_until: datetime | None
    routes: tuple[str, ...]


def payout_way(ctx: Context, seller_id: UUID) -> PayoutWay:
    """Where a seller's payouts go, and whether a change holds them back now. Refuses: NotFound (another seller's)."""
    from entrepot.settlement.adapters.bank import bank  # with the banks' own libraries: slow to load

    account = payout_accounts([seller_id]).get(seller_id)
    if account is None or (ctx.actor.kind == "seller" and ctx.actor.seller_id != seller_id):
        raise NotFound(what="seller")
    plan = PayoutPlan.objects.of(ctx).filter(seller_id=seller_id).first() or PayoutPlan(seller_id=seller_id)
    hours = max_hold_hours(ctx.at.date())
    held = hold_until(changed_at(plan.route, account.iban_changed_at, plan.route_changed_at), hours)
    return PayoutWay(
        plan.route,
        plan.stripe_account,
        plan.route == "stripe" or bool(account.iban),
        held if held and held > ctx.at else None,
        tuple(route for route in ROUTES if bank(route) is not None),
    )


def entries_of_seller(
    ctx: Context, seller_id: UUID, *, before: int | None = None, limit: int = 50
) -> tuple[list[EntryView], int | None]:
    """A seller's statement lines, newest first, and the cursor of the next page."""
    rows = SellerEntry.objects.of(ctx).filter(seller_id=seller_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    return [_entry(row) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None


def payouts_of_seller(ctx: Context, seller_id: UUID, *, limit: int = 50) -> list[PayoutView]:
    """A seller's payouts, newest first. Two SQL statements."""
    return _payouts(Payout.objects.of(ctx).filter(seller_id=seller_id), limit)


def payouts_open(ctx: Context, *, limit: int = 200) -> list[PayoutView]:
    """Payouts on their way or waiting for approval, newest first; what this actor may see of them."""
    return _payouts(Payout.objects.of(ctx).filter(state__in=["waiting", "ready", "sent"]), limit)


def payouts_waiting(ctx: Context) -> list[UUID]:
    """Ids of the payouts that wait for two people, oldest first. One SQL statement."""
    rows = Payout.objects.of(ctx).filter(state="waiting").order_by("prepared_at", "id")
    return list(rows.values_list("id", flat=True))


def payout_by_id(ctx: Context, payout_id: UUID) -> tuple[PayoutView, list[EntryView]]:
    """A payout and its lines, which sum to its amount. Raises NotFound (also another seller's)."""
    found = _payouts(Payout.objects.of(ctx).filter(id=payout_id), 1)
    if not found:
        raise NotFound(what="payout")
    entries = SellerEntry.objects.of(ctx).filter(payout_id=payout_id).order_by("id")
    return found[0], [_entry(row) for row in entries]


def statement_by_seller(
    ctx: Context, seller_id: UUID, *, currency: str, since_at: datetime, until_at: datetime
) -> Statement:
    """A seller's account from `since_at` (inclusive) to `until_at` (exclusive). Raises NotFound (also another seller's)."""
    if ctx.actor.kind == "seller" and ctx.actor.seller_id != seller_id:
        raise NotFound(what="seller")
    seller = sellers_by_id([seller_id]).get(seller_id)
    if seller is None:
        raise NotFound(what="seller")
    entries = SellerEntry.objects.of(ctx).filter(seller_id=seller_id, currency=currency)
    payouts = Payout.objects.of(ctx).filter(seller_id=seller_id, currency=currency)

    def balance(at: datetime) -> int:
        earned = entries.filter(at__lt=at).aggregate(minor=Sum("minor"))["minor"] or 0
        left = payouts.filter(prepared_at__lt=at).aggregate(minor=Sum("amount_minor"))["minor"] or 0
        return earned - left

    stretch = Q(at__gte=since_at, at__lt=until_at)
    return Statement(
        seller_id,
        seller.legal_name or seller.display_name,
        currency,
        since_at,
        until_at,
        balance(since_at),
        balance(until_at),
        tuple(_entry(row) for row in entries.filter(stretch).order_by("at", "id")),
        tuple(_payouts(payouts.filter(prepared_at__gte=since_at, prepared_at__lt=until_at), 10_000)[::-1]),
    )


def statement_file(statement: Statement, *, kind: str, language: str) -> bytes:
    """A statement as a file: `csv` (UTF-8) or `pdf` in a language."""
    from entrepot.settlement import statement as written

    return (
        written.statement_csv(statement).encode()
        if kind == "csv"
        else written.statement_pdf(statement, language=language)
    )


def fee_quote(
    sale: Sale, *, price_minor: int, seller_country: str, has_vat_no: bool, at: datetime
) -> FeeQuote:
    """What we would keep of a sale at this gross price, by the list in force at an instant. Public. One SQL statement.

    Taxes of the sale itself are the quote's business (landedcost), not a fee. Refuses: Invalid, NoCommissionRule.
    """
    if not 0 < price_minor <= PRICE_MOST_MINOR:
        raise Invalid(field="price", reason="is more than zero and at most ten million.")
    if sale.trader_type not in TRADER_TYPES:
        raise Invalid(field="kind", reason="is neither company nor private.")
    if sale.channel not in CHANNELS:
        raise Invalid(field="channel", reason="is neither web nor api.")
    edition = edition_at(at)
    rule = rule_for(edition.rules, sale)
    if rule is None:
        raise NoCommissionRule(market=sale.market, on=sale.on.isoformat())
    fee = fee_of_line(rule, position=0, gross_minor=price_minor)
    taxed, vat_bp = vat_on_fee(seller_country=seller_country, has_vat_no=has_vat_no, on=sale.on)
    shares = decide_shares(Terms(price_minor, 0, 0, 0, fee.minor, vat_bp, False), price_minor)
    lines = (
        MoneyLine("price", price_minor),
        MoneyLine("commission", -shares.commission_minor, rule.rate_bp),
        MoneyLine("commission_vat", -shares.commission_vat_minor, vat_bp),
    )
    return FeeQuote(rule, lines, sale.currency, taxed.treatment, shares.seller_minor)


def tax_terms_by_order(order_ids: Iterable[int]) -> dict[int, TaxTerms]:
    """How these orders are taxed; one SQL statement. For the rooms above, which write papers for the house."""
    rows = OrderTerms.objects.of(_HOUSE).filter(order_id__in=list(order_ids))
    return {
        row.order_id: TaxTerms(
            row.order_id, row.supply, row.is_tax_ours, row.tax_owner, row.vat_minor, row.duty_minor, row.total_minor
        )
        for row in rows
    }  # fmt: skip


def sold_by_quarter(*, since_at: datetime, until_at: datetime) -> list[Sold]:
    """What every seller was credited for sales, less what was taken back, by quarter of one year. One SQL statement."""

    def share(name: str) -> Any:
        return Sum(Cast(KeyTextTransform(name, "shares"), BigIntegerField()), default=0)

    rows = (
        SellerEntry.objects.of(_HOUSE)
        .filter(at__gte=since_at, at__lt=until_at, kind__in=["sale", "refund", "chargeback"])
        .annotate(quarter=ExtractQuarter("at"))
        .values("seller_id", "currency", "quarter")
        .annotate(
            activities=Count("id", filter=Q(kind="sale")),
            credited=Sum("minor"),
            fees=share("commission_minor") + share("commission_vat_minor") + share("carrier_minor"),
            taxes=share("tax_minor") + share("duty_minor"),
        )
        .order_by("seller_id", "currency", "quarter")
    )
    return [
        Sold(
            row["seller_id"], row["currency"], row["quarter"], row["activities"], row["credited"], row["fees"], row["taxes"]
        )
        for row in rows
    ]  # fmt: skip


def tax_calendar(scheme: str, on: date) -> TaxCalendar | None:
    """When the returns of a scheme are due, by the rules of a day; None for a scheme that is not on file."""
    found = scheme_terms(scheme, on)
    if found is None:
        return None
    return TaxCalendar(scheme, found.return_months, found.due_month_offset, found.due_day, found.source)


def fee_entries(*, since_at: datetime, until_at: datetime) -> list[FeeEntry]:
    """Our fees by movement from `since_at` (inclusive) to `until_at` (exclusive), oldest first. Two SQL statements."""
    rows = list(
        SellerEntry.objects.of(_HOUSE)
        .filter(at__gte=since_at, at__lt=until_at, order_id__isnull=False)
        .order_by("at", "id")
    )
    terms = OrderTerms.objects.of(_HOUSE).in_bulk([row.order_id for row in rows])
    return [
        FeeEntry(
            row.seller_id, row.order_id or 0, row.external_id, row.kind, row.at, row.currency,
            row.shares.get("commission_minor", 0), row.shares.get("commission_vat_minor", 0),
            known.commission_vat_treatment, known.commission_vat_country, known.commission_vat_bp, known.fee_tax_owner,
        )
        for row in rows
        if (known := terms[row.order_id]) and row.shares.get("commission_minor")
    ]  # fmt: skip


def first_fee_at() -> datetime | None:
    """When the first movement with a fee was booked; None when there is none."""
    row = SellerEntry.objects.of(_HOUSE).filter(order_id__isnull=False).order_by("at").first()
    return row.at if row else None


def platform_on(on: date) -> Platform:
    """Who we are to the law on a day. Refuses: PlatformUnknown."""
    return platform(on)


def tariff(at: datetime) -> TariffView:
    """The operator's ordered list as it stood at an instant, and who made it so. Public. Two SQL statements."""
    edition = edition_at(at)
    row = Tariff.objects.filter(pk=edition.number).first()
    return TariffView(edition.number, edition.rules, row.made_at if row else None, row.made_by if row else "")


def programmes(at: datetime) -> tuple[str, ...]:
    """The programmes that rules in force at an instant ask for, or a seller was admitted to. Two SQL statements."""
    asked = {rule.programme for rule in edition_at(at).rules if rule.programme}
    seats = ProgrammeSeat.objects.of(_HOUSE).values_list("programme", flat=True).distinct()
    return tuple(sorted(asked | set(seats)))


def programme_seats(ctx: Context) -> dict[UUID, str]:
    """Seller → programme, of those this actor may see. One SQL statement."""
    return dict(ProgrammeSeat.objects.of(ctx).values_list("seller_id", "programme"))


def money_overview(ctx: Context, *, at: datetime | None = None) -> list[MoneyOverview]:
    """All money by what it is, one per currency (none when nothing was ever posted). Refuses: NotAllowed."""
    _needs_ledger(ctx)
    by_currency: dict[str, list[BalanceLine]] = defaultdict(list)
    for line in trial_balance(at=at):
        by_currency[line.account.currency].append(line)
    waiting = dict(
        Payout.objects.of(ctx)
        .filter(state="waiting")
        .values_list("currency")
        .annotate(count=Count("id"))
        .values_list("currency", "count")
    )
    return [
        _overview(currency, lines, waiting.get(currency, 0))
        for currency, lines in sorted(by_currency.items())
    ]


def ledger_of_order(ctx: Context, order_id: int) -> list[TransferView]:
    """Every transfer about an order with its postings, oldest first. Refuses: NotAllowed."""
    _needs_ledger(ctx)
    return transfers_by_subject(f"order:{order_id}")


def ledger_of_payment(ctx: Context, payment_id: UUID) -> list[TransferView]:
    """Transfers about a payment that belong to no order (late money). Refuses: NotAllowed."""
    _needs_ledger(ctx)
    return transfers_by_subject(f"payment:{payment_id}")


def ledger_transfer(ctx: Context, external_id: str) -> TransferView:
    """One transfer; its `subject` leads back to the order, payment or payout. Refuses: NotAllowed, NotFound."""
    _needs_ledger(ctx)
    return transfer_by_external_id(external_id)


def ledger_account(
    ctx: Context, account: LedgerAccount, *, since_at: datetime, until_at: datetime
) -> list[StatementLine]:
    """Postings of one account with running balance, oldest first. Refuses: NotAllowed."""
    _needs_ledger(ctx)
    return statement_of_account(account, since_at=since_at, until_at=until_at)


def ledger_trial_balance(ctx: Context, *, at: datetime | None = None) -> list[BalanceLine]:
    """Every account that holds something. Refuses: NotAllowed."""
    _needs_ledger(ctx)
    return trial_balance(at=at)


def ledger_faults(ctx: Context) -> list[str]:
    """What does not add up, in words; an empty list is the daily close's "0 unexplained". Refuses: NotAllowed.

    Checks every transfer, and that each escrow equals what its payments keep until it is released, the sellers' accounts
    their unpaid entries, the transit accounts the payouts under way, and VAT owed ahead of release what is held.
    """
    _needs_ledger(ctx)
    faults = [f"transfer {name} does not add up" for name in unbalanced_transfers()]
    books: dict[tuple[str, str, str], int] = {
        tuple(line.account): line.minor  # type: ignore[misc]
        for line in balances_by_kind(
            ["escrow", "seller_payable", "payout_transit", "refund_advance", "tax_in_escrow"]
        )
    }
    for line in balances_by_kind(["escrow_frozen"]):  # frozen or not, it is held
        name = ("escrow", line.account.owner, line.account.currency)
        books[name] = books.get(name, 0) + line.minor
    entries = SellerEntry.objects.of(ctx).filter(payout=None).values("seller_id", "currency")
    ours = {
        ("seller_payable", f"seller:{row['seller_id']}", row["currency"]): row["minor"]
        for row in entries.annotate(minor=Sum("minor"))
    }
    kept = kept_by_order()
    terms = OrderTerms.objects.of(ctx).filter(order_id__in=list(kept))
    states = {
        order_id: (state, currency)
        for order_id, state, currency in terms.values_list("order_id", "state", "currency")
    }
    for order_id, minor in kept.items():
        state, currency = states.get(order_id, ("placed", ""))
        if state != "released":
            ours["escrow", f"order:{order_id}", currency] = minor
    for row in OrderTerms.objects.of(ctx).filter(
        state__in=["held", "cancelled"], retained_minor__gt=0, supply__in=TAXES_OURS
    ):
        ours["tax_in_escrow", f"order:{row.order_id}", row.currency] = tax_share(
            _facts(row), row.retained_minor
        )
    for payout in Payout.objects.of(ctx).filter(state__in=["waiting", "ready", "sent"]):
        ours["payout_transit", f"payout:{payout.id}", payout.currency] = payout.amount_minor
    for name in sorted(books.keys() | ours.keys()):
        if books.get(name, 0) != ours.get(name, 0):
            faults.append(
                f"{' '.join(name)}: the ledger says {books.get(name, 0)}, our tables {ours.get(name, 0)}"
            )
    return faults


@dataclass(frozen=True, slots=True)
class OpenItemView:
    """A difference between outside and the books. `causes`: what it can be; empty when it is closed."""

    item_id: UUID
    source: str
    line_id: str
    booked_on: date
    minor: int
    currency: str
    text: str
    reason: str
    owner: str
    cause: str
    note: str
    transfer: str
    closed_at: datetime | None
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayCloseView:
    """How a day ended. `unexplained` by currency in minor units; clean when there is nothing of it and no fault."""

    day: date
    items: int
    unexplained: tuple[tuple[str, int], ...]
    faults: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """0.00 unexplained."""
        return not self.items and not self.faults


@dataclass(frozen=True, slots=True)
class BooksView:
    """How the last check of the books ended. `faults` in words; `items` open by currency: (how many, their sum)."""

    compared_at: datetime | None
    checked_at: datetime | None
    faults: tuple[str, ...]
    items: tuple[tuple[str, int, int], ...]


def books_checked(ctx: Context) -> BooksView:
    """What the last comparison and the last check found; nothing is counted anew. Refuses: NotAllowed."""
    _needs_ledger(ctx)
    row = BooksCheck.objects.filter(id=1).first() or BooksCheck()
    sums = OpenItem.objects.filter(closed_at=None).values("currency").order_by("currency")
    found = sums.annotate(count=Count("id"), minor=Sum(Abs("minor")))
    return BooksView(
        row.compared_at,
        row.checked_at,
        tuple(row.faults),
        tuple((one["currency"], one["count"], one["minor"]) for one in found),
    )


def open_items_count(ctx: Context) -> int:
    """How many differences wait for a cause. Refuses: NotAllowed."""
    _needs_ledger(ctx)
    return OpenItem.objects.filter(closed_at=None).count()


def open_items(
    ctx: Context, *, is_open: bool = True, after: UUID | None = None, limit: int = 200
) -> list[OpenItemView]:
    """Differences to be explained in the order they were found, those after an item; or those explained last.

    Refuses: NotAllowed.
    """
    _needs_ledger(ctx)
    rows = OpenItem.objects.filter(closed_at__isnull=is_open)
    if after is not None:
        rows = rows.filter(id__gt=after)
    return [
        OpenItemView(
            row.id, row.source, row.line_id, row.booked_on, row.minor, row.currency, row.text, row.reason, row.owner,
            row.cause, row.note, row.transfer, row.closed_at,
            tuple(name for name, one in CAUSES.items() if one.sign * row.minor >= 0) if is_open else (),
        )
        for row in rows.order_by(*(("id",) if is_open else ("-closed_at",)))[:limit]
    ]  # fmt: skip


def day_closes(ctx: Context, *, limit: int = 31) -> list[DayCloseView]:
    """How the last days ended, the newest first. Refuses: NotAllowed."""
    _needs_ledger(ctx)
    return [
        DayCloseView(row.day, row.items, tuple(sorted(row.unexplained.items())), tuple(row.faults))
        for row in DayClose.objects.order_by("-day")[:limit]
    ]


def _needs_ledger(ctx: Context) -> None:
    if not ctx.may("ledger:read"):
        raise NotAllowed(scope="ledger:read")


def _overview(currency: str, lines: list[BalanceLine], waiting: int) -> MoneyOverview:
    def of(kind: str) -> tuple[BalanceLine, ...]:
        return tuple(line for line in lines if line.account.kind == kind)

    def minor(kind: str) -> int:
        return sum(line.minor for line in of(kind))

    sellers = [line.minor for line in of("seller_payable")]
    return MoneyOverview(
        currency=currency,
        escrow_minor=minor("escrow") + minor("escrow_frozen"),
        refunds_due_minor=minor("refund_due"),
        sellers_minor=sum(one for one in sellers if one > 0),
        sellers_in_debt_minor=-sum(one for one in sellers if one < 0),
        payouts_on_way_minor=minor("payout_transit"),
        payouts_waiting=waiting,
        tax=of("tax_owed"),
        duty=of("duty_owed"),
        carriers_minor=minor("carrier_payable"),
        commission_minor=minor("platform_commission"),
        provider_clearing=of("provider_clearing"),
        bank_minor=minor("bank"),
        advanced_minor=minor("refund_advance"),
        unapplied_minor=minor("unapplied"),
        debit_minor=sum(line.debit_minor for line in lines),
        credit_minor=sum(line.credit_minor for line in lines),
    )


def _receivable(row: Any) -> Receivable:
    retained = row.total_minor if row.state == "placed" else row.retained_minor
    if row.state == "cancelled" or (row.state == "held" and retained == 0):
        return Receivable(row.order_id, row.state, row.currency, (), 0, row.frozen_reason, None, ())
    shares = decide_shares(_facts(row), retained)
    lines = [
        MoneyLine("goods", row.goods_minor),
        MoneyLine("shipping", row.shipping_minor),
        MoneyLine("refunded", retained - row.total_minor),
        MoneyLine("commission", -shares.commission_minor),
        MoneyLine("commission_vat", -shares.commission_vat_minor, row.commission_vat_bp),
        MoneyLine("tax", -shares.tax_minor),
        MoneyLine("duty", -shares.duty_minor),
        MoneyLine("carrier", -shares.carrier_minor),
    ]
    kept = tuple(line for line in lines if line.minor or line.key in ("goods", "commission"))
    fees = tuple(
        LineFee(fee["position"], fee["rule_id"], fee["rate_bp"], fee.get("fixed_minor", 0), fee["minor"])
        for fee in row.line_fees
    )
    return Receivable(
        row.order_id,
        row.state,
        row.currency,
        kept,
        shares.seller_minor,
        row.frozen_reason,
        row.released_at,
        fees,
    )


def _facts(row: Any) -> Terms:
    return Terms(
        row.total_minor,
        row.vat_minor,
        row.duty_minor,
        row.carrier_minor,
        row.commission_minor,
        row.commission_vat_bp,
        row.is_tax_ours,
    )


def _minimum(currency: str, on: date) -> int:
    rule = payout_rule(currency, on)
    return rule.minimum_minor if rule else 0


def _entry(row: Any) -> EntryView:
    return EntryView(
        row.at,
        row.kind,
        row.order_id,
        row.external_id,
        row.minor,
        row.currency,
        row.shares,
        row.payout_id,
    )


def _payouts(rows: Any, limit: int) -> list[PayoutView]:
    found = rows.annotate(entry_count=Count("entries")).prefetch_related("approvals")
    return [
        PayoutView(
            row.id,
            row.seller_id,
            row.amount_minor,
            row.currency,
            row.state,
            f"{row.iban[:4]} … {row.iban[-4:]}",
            row.holder,
            row.bank_ref,
            row.return_reason,
            row.prepared_at,
            row.sent_at,
            row.paid_at,
            row.returned_at,
            row.entry_count,
            tuple(approval.label for approval in row.approvals.all()),
        )
        for row in found.order_by("-prepared_at", "-id")[:limit]
    ]
