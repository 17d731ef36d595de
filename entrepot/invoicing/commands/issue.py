"""Documents get their number, once for each event, without a gap, and never change again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.utils import translation
from django.utils.translation import pgettext

from entrepot.invoicing.errors import InvoiceMissing
from entrepot.invoicing.events import InvoiceIssued
from entrepot.invoicing.facts import Content, Item, Party, read_content
from entrepot.invoicing.models import FeeRun, Invoice, Series
from entrepot.invoicing.policy import (
    EXPORT,
    OUTSIDE,
    REVERSE,
    SERIES,
    Sold,
    SoldLine,
    Words,
    decide_credit,
    decide_items,
    fee_category,
    issuer_of,
    months_between,
    next_month,
    part_left,
    self_billed_category,
    self_billed_minor,
    taxes_of,
    vat_number,
)
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import show_id, show_number
from entrepot.kit.tongues import spoken
from entrepot.markets.queries import pack
from entrepot.orders.queries import OrderView, orders_by_id
from entrepot.parties.queries import SellerView, sellers_by_id
from entrepot.payments.events import PartRefunded, RefundPromised
from entrepot.settlement.queries import (
    FeeEntry,
    TaxTerms,
    fee_entries,
    first_fee_at,
    platform_on,
    tax_terms_by_order,
)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whom a document concerns, beside what it says."""

    source: str
    order_id: int | None
    concerned_seller_id: UUID
    seller_id: UUID | None
    buyer_id: UUID | None
    transfer: str = ""
    corrects: Invoice | None = None


@command(scope="invoices:write")
def issue_sale_invoice(ctx: Context, *, order_id: int) -> UUID:
    """The buyer's invoice for a paid order: from the seller, or from us where the law makes us the supplier. Once.

    Where we are the supplier, the seller has supplied us: that invoice is written with it, in the seller's name (self-billed).

    Refuses: NotFound (the order, or how it is taxed is not frozen yet: try again), PlatformUnknown.
    """
    known = _by_source(ctx, f"sale:{order_id}")
    if known:
        return known.id
    order = orders_by_id(ctx, [order_id]).get(order_id)
    terms = tax_terms_by_order([order_id]).get(order_id)
    if order is None or terms is None or order.seller is None or order.consignee is None:
        raise NotFound(what="order")
    seller, on = order.seller, _local_day(ctx.at, order.market)
    is_ours = issuer_of(terms.supply) == "platform"
    with translation.override(spoken(order.language)):
        words = _words()
        items = decide_items(_sold(order, seller, terms), words)
    issuer = _platform(on) if is_ours else _seller(seller)
    content = Content(
        kind="deemed" if is_ours else "sale",
        number="",
        issued_on=on,
        tax_point_on=on,
        currency=order.currency,
        language=order.language,
        issuer=issuer,
        receiver=_buyer(order),
        items=tuple(items),
        taxes=taxes_of(items),
        net_minor=sum(item.net_minor for item in items),
        vat_minor=sum(item.vat_minor for item in items),
        gross_minor=order.total_minor,
        notes=_sale_notes(terms, items),
        order_number=order.number,
        supply=terms.supply,
        tax_country=order.market,
    )
    whose = _Whose(
        f"sale:{order_id}",
        order_id,
        order.seller_id,
        None if is_ours else order.seller_id,
        order.buyer_id,
        f"tax:{order_id}:paid" if terms.is_tax_ours else "",
    )
    made = _write(ctx, content, _issuer_key(is_ours, order.seller_id), whose)
    if is_ours:
        _self_bill(ctx, content, seller, terms, order_id)
    return made.id


def _self_bill(ctx: Context, sale: Content, seller: SellerView, terms: TaxTerms, order_id: int) -> None:
    """The seller's supply to us behind a deemed supply: for the buyer's price without VAT and duty."""
    language = pack(seller.country).default_language if _is_market(seller.country) else "en"
    category = self_billed_category(terms.supply)
    minor = self_billed_minor(
        gross_minor=sale.gross_minor, vat_minor=sale.vat_minor, duty_minor=terms.duty_minor
    )
    if minor <= 0:
        return
    with translation.override(spoken(language)):
        what = pgettext("invoice", "Goods of order %(number)s") % {"number": sale.order_number}
    items = (Item(what, 1, minor, 0, category, 0),)
    content = replace(
        sale,
        kind="self",
        language=language,
        issuer=_seller(seller),
        receiver=sale.issuer,
        items=items,
        taxes=taxes_of(items),
        net_minor=minor,
        vat_minor=0,
        gross_minor=minor,
        notes=("self", category),
    )
    whose = _Whose(f"self:{order_id}", order_id, seller.id, seller.id, None)
    _write(ctx, content, _issuer_key(False, seller.id), whose)


@command(scope="invoices:write")
def issue_credit_notes(ctx: Context, *, refund: RefundPromised) -> list[UUID]:
    """A credit note for each order of a refund, correcting the order's invoice. Once.

    An order that ended before its money came was never invoiced, so nothing of it is credited.
    Refuses: InvoiceMissing (the payment's news was not handled yet: try again).
    """
    parts = sorted((part for part in refund.parts if part.minor), key=lambda part: part.order_id)
    orders = orders_by_id(ctx, [part.order_id for part in parts])
    never_paid = {
        order.id for order in orders.values() if order.state == "cancelled" and order.paid_at is None
    }
    return [_credit(ctx, refund, part) for part in parts if part.order_id not in never_paid]


@command(scope="invoices:write")
def bill_fees(ctx: Context) -> int:
    """Invoice to every seller the fees of each month that has ended and was not invoiced yet; how many documents.

    One document a seller, currency and kind of VAT; fees given back lower it, and below zero it is a credit note.
    Refuses: PlatformUnknown.
    """
    first_at = first_fee_at()
    if first_at is None:
        return 0
    last = FeeRun.objects.order_by("-month_on").first()
    since = next_month(last.month_on) if last else first_at.date()
    count = 0
    for month in months_between(since, ctx.at.date()):
        made = _bill_month(ctx, month)
        FeeRun.objects.create(month_on=month, at=ctx.at, documents=made)
        count += made
    return count


def _credit(ctx: Context, refund: RefundPromised, part: PartRefunded) -> UUID:
    source = f"credit:{refund.refund_id}:{part.order_id}"
    known = _by_source(ctx, source)
    if known:
        return known.id
    sale = Invoice.objects.of(ctx).select_for_update().filter(source=f"sale:{part.order_id}").first()
    if sale is None:
        raise InvoiceMissing(order_id=show_number(part.order_id))
    first = read_content(sale.content)
    credited = sum(note.gross_minor for note in sale.corrections.all())
    before = first.gross_minor - credited
    after = max(before - part.minor, 0)
    with translation.override(spoken(first.language)):
        items = decide_credit(
            first.taxes,
            vat_minor=first.vat_minor,
            gross_minor=first.gross_minor,
            before_minor=before,
            after_minor=after,
            words=_words(),
        )
    on = _local_day(ctx.at, first.tax_country)
    content = replace(
        first,
        kind=f"{first.kind}_credit",
        issued_on=on,
        tax_point_on=on,
        items=tuple(items),
        taxes=taxes_of(items),
        net_minor=sum(item.net_minor for item in items),
        vat_minor=sum(item.vat_minor for item in items),
        gross_minor=before - after,
        notes=(*(note for note in first.notes if note not in ("paid", "duty_inside")), "given_back"),
        corrects_number=first.number,
        corrects_on=first.issued_on,
    )
    whose = _Whose(
        source,
        part.order_id,
        part.seller_id,
        sale.seller_id,
        sale.buyer_id,
        _credit_transfer(refund, part) if sale.transfer else "",
        sale,
    )
    made = _write(ctx, content, sale.series.issuer, whose)
    _credit_self_billed(ctx, content, part, source=source, before=before, after=after, of=first.gross_minor)
    return made.id


def _credit_self_billed(
    ctx: Context, note: Content, part: PartRefunded, *, source: str, before: int, after: int, of: int
) -> None:
    """Where the seller had supplied us, the same part of that is given back to us."""
    row = Invoice.objects.of(ctx).select_for_update().filter(source=f"self:{part.order_id}").first()
    if row is None:
        return
    first = read_content(row.content)
    minor = part_left(first.gross_minor, before, of) - part_left(first.gross_minor, after, of)
    if minor <= 0:
        return
    with translation.override(spoken(first.language)):
        items = (Item(_words().refund, 1, minor, 0, first.taxes[0].category, 0),)
    content = replace(
        first,
        kind="self_credit",
        issued_on=note.issued_on,
        tax_point_on=note.tax_point_on,
        items=items,
        taxes=taxes_of(items),
        net_minor=minor,
        gross_minor=minor,
        corrects_number=first.number,
        corrects_on=first.issued_on,
    )
    whose = _Whose(f"self_{source}", part.order_id, part.seller_id, row.seller_id, None, "", row)
    _write(ctx, content, row.series.issuer, whose)


def _credit_transfer(refund: RefundPromised, part: PartRefunded) -> str:
    """The transfer that took the VAT of a refund back: from the accrual, or from the shares when it was advanced."""
    if part.advanced_minor:
        return f"recover:{refund.refund_id}:{part.order_id}"
    return f"tax:{part.order_id}:{refund.refund_id}"


def _bill_month(ctx: Context, month: date) -> int:
    """All fee invoices of one month, by the platform's UTC days, as the ledger is closed."""
    groups: dict[tuple[UUID, str, str, str, int], list[FeeEntry]] = defaultdict(list)
    until = next_month(month)
    for entry in fee_entries(since_at=_midnight(month), until_at=_midnight(until)):
        key = (entry.seller_id, entry.currency, entry.treatment, entry.country, entry.rate_bp)
        groups[key].append(entry)
    sellers = sellers_by_id({key[0] for key in groups})
    made = 0
    for key, entries in sorted(groups.items(), key=lambda group: str(group[0])):
        made += _bill_seller(ctx, month, sellers[key[0]], entries)
    return made


def _bill_seller(ctx: Context, month: date, seller: SellerView, entries: Sequence[FeeEntry]) -> int:
    one = entries[0]
    net, vat = sum(entry.fee_minor for entry in entries), sum(entry.vat_minor for entry in entries)
    if net == vat == 0 or net + vat == 0:
        return 0
    sign = -1 if net + vat < 0 else 1
    category = fee_category(one.treatment)
    language = pack(seller.country).default_language if _is_market(seller.country) else "en"
    with translation.override(spoken(language)):
        items = tuple(
            Item(
                pgettext("invoice", "Commission on order %(number)s")
                % {"number": show_number(entry.order_id)},
                1,
                sign * entry.fee_minor,
                sign * entry.vat_minor,
                category,
                entry.rate_bp if category not in (REVERSE, OUTSIDE) else 0,
            )
            for entry in entries
        )
    last_day = date.fromordinal(next_month(month).toordinal() - 1)
    notes = ("withheld",) if sign > 0 else ("given_back",)
    content = Content(
        kind="fee" if sign > 0 else "fee_credit",
        number="",
        issued_on=ctx.at.date(),
        tax_point_on=last_day,
        currency=one.currency,
        language=language,
        issuer=_platform(ctx.at.date()),
        receiver=_seller(seller),
        items=items,
        taxes=taxes_of(items),
        net_minor=sign * net,
        vat_minor=sign * vat,
        gross_minor=sign * (net + vat),
        notes=(*((category,) if category in (REVERSE, OUTSIDE) else ()), *notes),
        supply=f"fee_{one.treatment}",
        tax_country=one.country,
        period_from=month,
        period_to=last_day,
    )
    source = f"fees:{seller.id}:{month:%Y-%m}:{one.currency}:{one.treatment}:{one.country}:{one.rate_bp}"
    whose = _Whose(source, None, seller.id, seller.id, None)
    if not _by_source(ctx, source):
        _write(ctx, content, "platform", whose)
    return 1


def _write(ctx: Context, content: Content, issuer: str, whose: _Whose) -> Invoice:
    """Take the next number of the series and store the document. From here on it must succeed."""
    code = f"{SERIES[content.kind]}{content.issued_on:%y}"
    Series.objects.get_or_create(issuer=issuer, code=code)
    series = Series.objects.select_for_update().get(issuer=issuer, code=code)
    series.last += 1
    series.last_on = max(content.issued_on, series.last_on or content.issued_on)
    series.save(update_fields=["last", "last_on"])
    content = replace(content, number=f"{code}-{series.last:06d}", issued_on=series.last_on)
    plain = msgspec.to_builtins(content)
    invoice: Invoice = Invoice.objects.create(
        kind=content.kind,
        series=series,
        number=series.last,
        name=content.number,
        source=whose.source,
        transfer=whose.transfer,
        order_id=whose.order_id,
        seller_id=whose.seller_id,
        buyer_id=whose.buyer_id,
        corrects=whose.corrects,
        issued_on=content.issued_on,
        issued_at=ctx.at,
        currency=content.currency,
        net_minor=content.net_minor,
        vat_minor=content.vat_minor,
        gross_minor=content.gross_minor,
        content=plain,
        digest=hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest(),
    )
    ctx.announce(
        InvoiceIssued(
            invoice.id,
            content.kind,
            content.number,
            whose.order_id,
            whose.concerned_seller_id,
            content.gross_minor,
            content.currency,
            ctx.at,
        )
    )
    return invoice


def _sold(order: OrderView, seller: SellerView, terms: TaxTerms) -> Sold:
    lines = tuple(
        SoldLine(
            _title(order, line.title),
            line.sku,
            line.quantity,
            line.total_minor,
            line.vat_minor,
            line.vat_rate_bp,
        )
        for line in order.lines
    )
    return Sold(
        lines,
        order.shipping_minor,
        terms.vat_minor,
        terms.duty_minor,
        terms.supply,
        seller.trader_type == "private",
        bool(seller.vat_no) and _is_market(seller.country) and pack(seller.country).eu_member,
    )


def _sale_notes(terms: TaxTerms, items: Sequence[Item]) -> tuple[str, ...]:
    notes = ["deemed" if issuer_of(terms.supply) == "platform" else "in_name"]
    notes += sorted({item.category for item in items} & {EXPORT, OUTSIDE})
    if terms.duty_minor:
        notes.append("import_paid_on" if terms.supply == "import" else "duty_inside")
    return (*notes, "paid")


def _words() -> Words:
    return Words(
        shipping=pgettext("invoice", "Delivery"),
        import_vat=pgettext("invoice", "Import VAT paid on for you"),
        duty=pgettext("invoice", "Customs duty paid on for you"),
        refund=pgettext("invoice", "Amount given back"),
    )


def _title(order: OrderView, title: object) -> str:
    texts = dict(title) if hasattr(title, "keys") else {}  # type: ignore[call-overload]
    return str(texts.get(order.language) or texts.get("en") or next(iter(texts.values()), "–"))


def _buyer(order: OrderView) -> Party:
    who = order.consignee
    assert who is not None  # the caller looked
    street = ", ".join(part for part in (who.line1, who.line2) if part)
    return Party(
        who.name or "–", street, who.postcode, who.city, who.country or order.market, reference=show_id("pur", order.purchase_id)
    )  # fmt: skip


def _seller(seller: SellerView) -> Party:
    return Party(
        seller.legal_name or seller.display_name, seller.address, seller.postcode, seller.city, seller.country,
        vat_number(seller.country, seller.vat_no), seller.register_no, show_id("sel", seller.id),
    )  # fmt: skip


def _platform(on: date) -> Party:
    ours = platform_on(on)
    return Party(
        ours.legal_name, ours.address, ours.postcode, ours.city, ours.country, ours.vat_no, ours.register_no, "", ours.email
    )  # fmt: skip


def _issuer_key(is_ours: bool, seller_id: UUID) -> str:
    return "platform" if is_ours else f"seller:{seller_id}"


def _by_source(ctx: Context, source: str) -> Invoice | None:
    found: Invoice | None = Invoice.objects.of(ctx).filter(source=source).first()
    return found


def _local_day(at: datetime, market: str) -> date:
    return at.astimezone(ZoneInfo(pack(market).time_zone)).date()


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), UTC)


def _is_market(country: str) -> bool:
    try:
        pack(country)
    except NotFound:
        return False
    return True
