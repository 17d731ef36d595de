"""Reading tax returns: those that are due, those that were filed, and how the books stand to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

import msgspec

from entrepot.invoicing.facts import read_content
from entrepot.invoicing.models import Invoice, TaxReturn
from entrepot.invoicing.queries.documents import HOUSE
from entrepot.invoicing.returns import (
    CORRECTED,
    RETURN_COLUMNS,
    Correction,
    Owed,
    Rated,
    ReturnContent,
    ReturnLine,
    after_months,
    decide_declaration,
    decide_return,
    period_end,
    period_start,
    return_rows,
    split_of,
)
from entrepot.kit.context import Context
from entrepot.kit.errors import NotAllowed, NotFound
from entrepot.ledger.queries import Movement, closed_until, movements_of_kind
from entrepot.markets.queries import FxRate, next_fx_rate, pack
from entrepot.settlement.queries import (
    TaxCalendar,
    fee_entries,
    tax_calendar,
    tax_terms_by_order,
)

PAYMENT = "tax_payment"


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return of a period. `state`: running, open (can be filed), unclear (a posting has no document), filed, paid."""

    return_id: UUID | None
    state: str
    content: ReturnContent
    filed_at: datetime | None
    filed_by: str
    paid_at: datetime | None


def tax_returns(ctx: Context, *, periods: int = 6) -> list[ReturnView]:
    """Every return of the last periods in which an account moved or a return was filed, the newest first.

    Refuses: NotAllowed.
    """
    if not ctx.may("ledger:read"):
        raise NotAllowed(scope="ledger:read")
    filed = {
        (row.authority, row.scheme, row.currency, row.period_from): row
        for row in TaxReturn.objects.order_by("-period_from")[:500]
    }
    found = []
    for terms in _kept(ctx.at.date(), periods):
        found += [_view(content, filed.get(_key(content)), ctx.at.date()) for content in terms]
    return sorted(
        found,
        key=lambda view: (view.content.period_from, view.content.scheme, view.content.authority),
        reverse=True,
    )


def tax_return(ctx: Context, *, authority: str, scheme: str, currency: str, first_on: date) -> ReturnView:
    """One return: as it was filed, else as the books say now. Refuses: NotAllowed, NotFound."""
    if not ctx.may("ledger:read"):
        raise NotAllowed(scope="ledger:read")
    row = TaxReturn.objects.filter(
        authority=authority, scheme=scheme, currency=currency, period_from=first_on
    ).first()
    content = (
        msgspec.convert(row.content, ReturnContent)
        if row
        else open_return(authority=authority, scheme=scheme, currency=currency, first_on=first_on)
    )
    return _view(content, row, ctx.at.date())


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an office's form asks: a period in all its currencies together, in the office's own (`currency`).

    `rates` are the ECB's of each period's last day, or of the next day they were published; `missing` names the currencies
    without one yet: then there are no lines.
    """

    currency: str
    rates: tuple[FxRate, ...]
    missing: tuple[str, ...]
    lines: tuple[ReturnLine, ...]
    corrections: tuple[Correction, ...]

    @property
    def vat_minor(self) -> int:
        """What is to be paid."""
        return sum(line.vat_minor for line in self.lines) + sum(one.vat_minor for one in self.corrections)


def declaration(ctx: Context, *, authority: str, scheme: str, first_on: date) -> Declaration | None:
    """The whole return of a scheme that is declared in one currency (OSS, IOSS); None for the others.

    Filed currencies count as they were filed, the others as the books say now. Refuses: NotAllowed, NotFound.
    """
    if not ctx.may("ledger:read"):
        raise NotAllowed(scope="ledger:read")
    terms = tax_calendar(scheme, first_on)
    if terms is None or period_start(first_on, terms.months) != first_on:
        raise NotFound(what="tax return")
    if scheme not in CORRECTED:
        return None
    rows = TaxReturn.objects.filter(authority=authority, scheme=scheme, period_from=first_on)
    filed = {row.currency: msgspec.convert(row.content, ReturnContent) for row in rows}
    books = _contents(scheme, terms, first_on, after_months(first_on, terms.months))
    contents = {one.currency: one for one in books if one.authority == authority} | filed
    to = pack(authority).currency
    wanted = {(one.currency, one.period_to) for one in contents.values()} | {
        (one.currency, period_end(fix.period, terms.months))
        for one in contents.values()
        for fix in one.corrections
    }
    rates = {key: next_fx_rate(key[0], to, key[1]) for key in wanted}
    found = {key: rate for key, rate in rates.items() if rate is not None}
    missing = tuple(sorted({currency for currency, _ in rates.keys() - found.keys()}))
    quoted = tuple(found[key] for key in sorted(found) if key[0] != to)
    if missing:
        return Declaration(to, quoted, missing, (), ())
    lines, corrections = decide_declaration(
        contents.values(), to=to, rates={key: rate.rate for key, rate in found.items()}, months=terms.months
    )
    return Declaration(to, quoted, (), lines, corrections)


def declaration_file(made: Declaration) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The columns and rows of a declaration as a file: supplies, corrections, the sum, and the rates used."""
    rows: list[tuple[object, ...]] = [
        ("supply", one.country, one.what, one.rate_bp, one.net_minor, one.vat_minor) for one in made.lines
    ]
    rows += [("correction", one.country, one.period, "", "", one.vat_minor) for one in made.corrections]
    rows.append(("total", "", made.currency, "", "", made.vat_minor))
    rows += [("rate", one.frm, one.on.isoformat(), "", "", str(one.rate)) for one in made.rates]
    return RETURN_COLUMNS, rows


def return_file(view: ReturnView) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """The columns and rows of a return as a file."""
    return RETURN_COLUMNS, return_rows(view.content)


def open_return(*, authority: str, scheme: str, currency: str, first_on: date) -> ReturnContent:
    """What the books say of a period now. Refuses: NotFound (no such scheme, or not the first day of a period)."""
    terms = tax_calendar(scheme, first_on)
    if terms is None or period_start(first_on, terms.months) != first_on:
        raise NotFound(what="tax return")
    found = _contents(scheme, terms, first_on, after_months(first_on, terms.months))
    for content in found:
        if _key(content) == (authority, scheme, currency, first_on):
            return content
    raise NotFound(what="tax return")


def _kept(today: date, periods: int) -> list[list[ReturnContent]]:
    """The contents of every scheme and period, drawn with one read of the books a period."""
    kept = []
    for scheme in ("ioss", "oss", "vat", "customs", "voec", "ovr", "lvg"):
        terms = tax_calendar(scheme, today)
        if terms is None:
            continue
        first = period_start(today, terms.months)
        for _ in range(periods):
            kept.append(_contents(scheme, terms, first, after_months(first, terms.months)))
            first = period_start(date.fromordinal(first.toordinal() - 1), terms.months)
    return kept


def _contents(scheme: str, terms: TaxCalendar, first_on: date, until_on: date) -> list[ReturnContent]:
    since, until = (datetime.combine(on, time(), UTC) for on in (first_on, until_on))
    moved = [
        one
        for one in movements_of_kind("tax_owed", since_at=since, until_at=until)
        if one.kind != PAYMENT and one.account.owner.split(":")[1:2] == [scheme]
    ]
    groups: dict[tuple[str, str], list[Movement]] = defaultdict(list)
    for one in moved:
        groups[one.account.owner.split(":")[0], one.account.currency].append(one)
    fees = (
        {entry.external_id: entry for entry in fee_entries(since_at=since, until_at=until)} if moved else {}
    )
    sales = _sales(moved)
    contents = []
    for (authority, currency), rows in sorted(groups.items()):
        postings = []
        for one in rows:
            entry = fees.get(one.external_id)
            if entry is not None and entry.tax_owner == one.account.owner and entry.vat_minor == one.minor:
                split: tuple[Rated, ...] = (Rated(entry.rate_bp, entry.fee_minor, entry.vat_minor),)
                supplied_on, what = None, "services"
            else:
                sold_on, taxes = sales.get(one.subject, (None, ()))
                split, supplied_on, what = split_of(one.minor, taxes), sold_on, "goods"
            country = one.account.owner.split(":")[2]
            postings.append(
                Owed(
                    one.external_id, one.subject, country, one.minor, one.at.date(), supplied_on, split, what
                )
            )
        contents.append(
            decide_return(
                postings, authority=authority, scheme=scheme, currency=currency, first_on=first_on,
                months=terms.months, offset=terms.due_month_offset, day=terms.due_day,
            )
        )  # fmt: skip
    return contents


def _sales(moved: list[Movement]) -> dict[str, tuple[date, tuple[Rated, ...]]]:
    """By ledger subject: the day of the sale (UTC, as the books are closed) and its VAT by rate."""
    orders = {
        int(one.subject[6:])
        for one in moved
        if one.subject.startswith("order:") and one.subject[6:].isdigit()
    }
    rows = Invoice.objects.of(HOUSE).filter(source__in=[f"sale:{order_id}" for order_id in orders])
    found = {}
    for row in rows:
        content = read_content(row.content)
        taxes = tuple(Rated(tax.rate_bp, tax.net_minor, tax.vat_minor) for tax in content.taxes)
        if content.supply == "import":
            taxes = _import_taxes(content.net_minor, row.order_id)
        found[f"order:{row.order_id}"] = (row.issued_at.date(), taxes)
    return found


def _import_taxes(total_minor: int, order_id: int | None) -> tuple[Rated, ...]:
    """Import VAT stands on the order, not on its invoice: its base is what is left of the total."""
    terms = tax_terms_by_order([order_id or 0]).get(order_id or 0)
    if terms is None or not terms.vat_minor:
        return ()
    return (Rated(0, total_minor - terms.vat_minor, terms.vat_minor),)


def _view(content: ReturnContent, row: TaxReturn | None, today: date) -> ReturnView:
    if row:
        kept = msgspec.convert(row.content, ReturnContent)
        return ReturnView(
            row.id, "paid" if row.paid_at else "filed", kept, row.filed_at, row.filed_by, row.paid_at
        )
    closed = closed_until()
    if content.unexplained:
        state = "unclear"
    elif closed is None or closed.date() <= content.period_to:
        state = "running"
    else:
        state = "open"
    return ReturnView(None, state, content, None, "", None)


def _key(content: ReturnContent) -> tuple[str, str, str, date]:
    return content.authority, content.scheme, content.currency, content.period_from
