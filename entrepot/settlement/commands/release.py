"""From an order's escrow to everybody's share, and back again when money is refunded later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entrepot.catalog.queries import categories
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.ledger.commands import AccountRef, Leg, TransferDraft, credit, debit, post_transfers
from entrepot.ledger.queries import held_for_update
from entrepot.markets.queries import customs_area, market_by_code, vat_rate
from entrepot.orders.events import OrderPlaced
from entrepot.parties.queries import sellers_by_id
from entrepot.payments.events import PartRefunded, RefundPromised
from entrepot.settlement.errors import NoCommissionRule, NothingHeld
from entrepot.settlement.events import OrderReleased
from entrepot.settlement.models import OrderTerms, SellerEntry
from entrepot.settlement.policy import Shares, Terms, decide_shares, fee_of_line, fee_vat, rule_for
from entrepot.settlement.tables import commission_rules


@dataclass(frozen=True, slots=True)
class Released:
    """What came of an order's escrow. `state`: released, frozen (a dispute), nothing (all was refunded), cancelled."""

    order_id: int
    state: str
    seller_minor: int
    commission_minor: int


@command(scope="settlement:write")
def freeze_terms(ctx: Context, *, placed: OrderPlaced) -> None:
    """Fix how this order's money will divide, by the rules of the day it was placed. Once per order.

    Refuses: NoCommissionRule, NotFound (the seller).
    """
    if OrderTerms.objects.of(ctx).filter(order_id=placed.order_id).exists():
        return
    seller = sellers_by_id([placed.seller_id]).get(placed.seller_id)
    if seller is None:
        raise NotFound(what="seller")
    on, tree = placed.at.date(), categories().by_id
    rules = commission_rules(on)
    fees = []
    for line in placed.lines:
        known = tree.get(line.category_id) if line.category_id else None
        rule = rule_for(
            rules,
            market=placed.market,
            category_path=known.path if known else (),
            trader_type=seller.trader_type,
        )
        if rule is None:
            raise NoCommissionRule(market=placed.market, on=on.isoformat())
        fees.append(fee_of_line(rule, position=line.position, gross_minor=line.price_minor * line.quantity))
    taxed = fee_vat(
        platform_country=placed.market,
        seller_country=seller.country,
        is_platform_in_eu=market_by_code(placed.market).eu_member,
        is_seller_in_eu=_is_in_eu(seller.country),
        has_vat_no=bool(seller.vat_no),
    )
    vat_bp = vat_rate(taxed.rate_country, "general", on).rate_bp if taxed.rate_country else 0
    is_import = customs_area(seller.ships_from_country) != customs_area(placed.market)
    is_tax_ours = placed.is_deemed_supplier or is_import
    shipping_vat = placed.vat_minor - sum(line.vat_minor for line in placed.lines) if is_tax_ours else 0
    OrderTerms.objects.create(
        order_id=placed.order_id,
        seller_id=placed.seller_id,
        market=placed.market,
        currency=placed.currency,
        total_minor=placed.total_minor,
        goods_minor=placed.goods_minor,
        shipping_minor=placed.shipping_minor,
        vat_minor=placed.vat_minor,
        duty_minor=placed.duty_minor,
        carrier_minor=max(placed.shipping_minor - max(shipping_vat, 0), 0),
        commission_minor=sum(fee.minor for fee in fees),
        commission_vat_bp=vat_bp,
        commission_vat_country=taxed.rate_country,
        commission_vat_treatment=taxed.treatment,
        is_tax_ours=is_tax_ours,
        line_fees=[
            {
                "position": fee.position,
                "rule_id": fee.rule_id,
                "rate_bp": fee.rate_bp,
                "minor": fee.minor,
            }
            for fee in fees
        ],
        placed_at=placed.at,
    )


@command(scope="settlement:write")
def note_paid(ctx: Context, *, order_id: int) -> None:
    """The order's money is in escrow. Refuses: NotFound (its terms are not frozen yet: try again)."""
    terms = _locked(ctx, order_id)
    if terms.state == "placed":
        _set(terms, state="held", retained_minor=terms.total_minor)


@command(scope="settlement:write")
def note_ended(ctx: Context, *, order_id: int) -> None:
    """The order was cancelled: what was paid goes back through payments; nothing will be released."""
    terms = _locked(ctx, order_id)
    if terms.state in ("placed", "held"):
        _set(terms, state="cancelled")


@command(scope="settlement:write")
def note_refunds(ctx: Context, *, refund: RefundPromised) -> None:
    """A refund was promised. What we advanced is taken back from everybody's share, exactly, once.

    Before release it only lowers what is held; after it, seller, commission and tax give back their parts.
    Refuses: NotFound (an order's terms are not frozen yet: try again).
    """
    for part in sorted(refund.parts, key=lambda part: part.order_id):
        _take_back(ctx, refund, part)


@command(scope="settlement:write")
def release_order(ctx: Context, *, order_id: int) -> Released:
    """The inspection window has passed: divide the escrow. Once; a frozen order is released when it is thawed.

    Refuses: NotFound (its terms are not frozen yet: try again).
    """
    found = _release(ctx, [order_id])
    if not found:
        raise NotFound(what="order")
    return found[0]


@command(scope="settlement:write")
def release_orders(ctx: Context, *, order_ids: Sequence[int]) -> list[Released]:
    """The same for many orders in a fixed number of statements; orders without terms are left out."""
    return _release(ctx, order_ids)


@command(scope="disputes:write")
def freeze_order(ctx: Context, *, order_id: int, reason: str) -> None:
    """A dispute: the order's money stays where it is until somebody decides. Refuses: NotFound, NothingHeld."""
    terms = _locked(ctx, order_id)
    if terms.state not in ("placed", "held"):
        raise NothingHeld(order_id=order_id)
    audit.change(ctx, terms, frozen_reason=reason[:200] or "dispute")


@command(scope="disputes:write")
def thaw_order(ctx: Context, *, order_id: int) -> Released | None:
    """The dispute is decided; a completed order is released now. Refuses: NotFound."""
    terms = _locked(ctx, order_id)
    audit.change(ctx, terms, frozen_reason="")
    return _release(ctx, [order_id])[0] if terms.is_completed else None


def _release(ctx: Context, order_ids: Sequence[int]) -> list[Released]:
    rows = list(
        OrderTerms.objects.of(ctx).select_for_update().filter(order_id__in=order_ids).order_by("order_id")
    )
    escrows = {
        row.order_id: AccountRef("escrow", f"order:{row.order_id}", row.currency)
        for row in rows
        if row.state in ("placed", "held")
    }
    held = held_for_update(escrows.values())
    answers, drafts, entries, touched = [], [], [], []
    for row in rows:
        if row.order_id not in escrows:
            answers.append(Released(row.order_id, row.state, 0, 0))
            continue
        row.is_completed = True
        touched.append(row)
        retained = held[escrows[row.order_id]]
        if row.frozen_reason or retained == 0:
            answers.append(Released(row.order_id, "frozen" if row.frozen_reason else "nothing", 0, 0))
            continue
        shares = decide_shares(_facts(row), retained)
        row.state, row.retained_minor, row.released_at = "released", retained, ctx.at
        external_id = f"release:{row.order_id}"
        drafts.append(
            TransferDraft(
                external_id,
                "release",
                f"order:{row.order_id}",
                ctx.at,
                [debit(escrows[row.order_id], retained), *_legs(row, shares, 1)],
            )
        )
        entries.append(
            SellerEntry(
                seller_id=row.seller_id,
                order_id=row.order_id,
                kind="sale",
                external_id=external_id,
                currency=row.currency,
                minor=shares.seller_minor,
                shares=_shares_json(shares, 1),
                at=ctx.at,
            )
        )
        answers.append(Released(row.order_id, "released", shares.seller_minor, shares.commission_minor))
        ctx.announce(
            OrderReleased(
                row.order_id,
                row.seller_id,
                shares.seller_minor,
                shares.commission_minor,
                row.currency,
                ctx.at,
            )
        )
    post_transfers(ctx, drafts=drafts)
    SellerEntry.objects.bulk_create(entries, batch_size=5000)
    OrderTerms.objects.of(ctx).bulk_update(
        touched, ["state", "retained_minor", "released_at", "is_completed"], batch_size=2000
    )
    return answers


def _take_back(ctx: Context, refund: RefundPromised, part: PartRefunded) -> None:
    order_id, advanced_minor = part.order_id, part.advanced_minor
    terms = _locked(ctx, order_id)
    external_id = f"recover:{refund.refund_id}:{order_id}"
    if SellerEntry.objects.of(ctx).filter(external_id=external_id).exists():
        return
    if terms.state != "released":
        _set(terms, retained_minor=max(terms.retained_minor - part.minor, 0))
        return
    if advanced_minor == 0:
        return  # it came out of escrow before the release, which saw it
    facts = _facts(terms)
    before = decide_shares(facts, terms.retained_minor)
    after = decide_shares(facts, terms.retained_minor - advanced_minor)
    back = before.minus(after)
    _set(terms, retained_minor=terms.retained_minor - advanced_minor)
    advance = AccountRef("refund_advance", f"order:{order_id}", terms.currency)
    is_chargeback = refund.kind == "chargeback"
    post_transfers(
        ctx,
        drafts=[
            TransferDraft(
                external_id,
                "chargeback_recovery" if is_chargeback else "refund_recovery",
                f"order:{order_id}",
                ctx.at,
                [credit(advance, advanced_minor), *_legs(terms, back, -1)],
            )
        ],
    )
    SellerEntry.objects.create(
        seller_id=terms.seller_id,
        order_id=order_id,
        kind="chargeback" if is_chargeback else "refund",
        external_id=external_id,
        currency=terms.currency,
        minor=-back.seller_minor,
        shares=_shares_json(back, -1),
        at=ctx.at,
    )


def _legs(terms: OrderTerms, shares: Shares, sign: int) -> list[Leg]:
    """Each share to its account; `sign` -1 takes it back."""
    currency, market = terms.currency, terms.market
    fee_office = terms.commission_vat_country or market
    return [
        credit(
            AccountRef("seller_payable", f"seller:{terms.seller_id}", currency), sign * shares.seller_minor
        ),
        credit(AccountRef("platform_commission", market, currency), sign * shares.commission_minor),
        credit(AccountRef("tax_owed", f"{fee_office}:fees", currency), sign * shares.commission_vat_minor),
        credit(AccountRef("tax_owed", f"{market}:sales", currency), sign * shares.tax_minor),
        credit(AccountRef("duty_owed", f"{market}:customs", currency), sign * shares.duty_minor),
        credit(AccountRef("carrier_payable", f"{market}:carriers", currency), sign * shares.carrier_minor),
    ]


def _shares_json(shares: Shares, sign: int) -> dict[str, int]:
    return {
        "gross_minor": sign * shares.sum(),
        "commission_minor": sign * shares.commission_minor,
        "commission_vat_minor": sign * shares.commission_vat_minor,
        "tax_minor": sign * shares.tax_minor,
        "duty_minor": sign * shares.duty_minor,
        "carrier_minor": sign * shares.carrier_minor,
    }


def _facts(row: OrderTerms) -> Terms:
    return Terms(
        row.total_minor,
        row.vat_minor,
        row.duty_minor,
        row.carrier_minor,
        row.commission_minor,
        row.commission_vat_bp,
        row.is_tax_ours,
    )


def _locked(ctx: Context, order_id: int) -> OrderTerms:
    terms: OrderTerms | None = (
        OrderTerms.objects.of(ctx).select_for_update().filter(order_id=order_id).first()
    )
    if terms is None:
        raise NotFound(what="order")
    return terms


def _is_in_eu(country: str) -> bool:
    try:
        return market_by_code(country).eu_member
    except NotFound:  # a country we keep no market pack of
        return False


def _set(terms: OrderTerms, **values: object) -> None:
    for name, value in values.items():
        setattr(terms, name, value)
    terms.save(update_fields=list(values))
