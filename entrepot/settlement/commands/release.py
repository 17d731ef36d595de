"""From an order's escrow to everybody's share, and back again when money is refunded later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from entrepot.catalog.queries import categories
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.ledger.commands import AccountRef, Leg, TransferDraft, credit, debit, post_transfers
from entrepot.ledger.queries import held_for_update, transfers_by_subject
from entrepot.markets.queries import customs_area
from entrepot.orders.events import OrderPlaced
from entrepot.parties.queries import sellers_by_id
from entrepot.payments.events import PartRefunded, RefundPromised
from entrepot.payments.queries import ARROWS, kind_of, may, state_after
from entrepot.settlement.errors import NoCommissionRule, NothingHeld
from entrepot.settlement.events import OrderReleased
from entrepot.settlement.fees import edition_at, programme_of, vat_on_fee
from entrepot.settlement.models import OrderTerms, SellerEntry
from entrepot.settlement.policy import (
    TAXES_OURS,
    FeeVat,
    Sale,
    Shares,
    Terms,
    decide_shares,
    fee_of_line,
    rule_for,
    supply_of,
    tax_owner,
    tax_share,
)
from entrepot.settlement.tables import platform, tax_scheme


@dataclass(frozen=True, slots=True)
class Released:
    """What came of an order's escrow. `state`: released, frozen (a dispute), nothing (all was refunded), cancelled."""

    order_id: int
    state: str
    seller_minor: int
    commission_minor: int


@command(scope="settlement:write")
def freeze_terms(ctx: Context, *, placed: OrderPlaced) -> None:
    """Fix how this order's money will divide, by the rules of the moment it was placed, and reserve it. Once per order.

    Refuses: NoCommissionRule, NotFound (the seller).
    """
    if OrderTerms.objects.of(ctx).filter(order_id=placed.order_id).exists():
        return
    seller = sellers_by_id([placed.seller_id]).get(placed.seller_id)
    if seller is None:
        raise NotFound(what="seller")
    on, tree = placed.at.date(), categories().by_id
    edition, programme = edition_at(placed.at), programme_of(ctx, placed.seller_id)
    fees = []
    for line in placed.lines:
        known = tree.get(line.category_id) if line.category_id else None
        rule = rule_for(
            edition.rules,
            Sale(
                on=on,
                market=placed.market,
                currency=placed.currency,
                category_path=known.path if known else (),
                programme=programme,
                channel=placed.channel,
                trader_type=seller.trader_type,
            ),
        )
        if rule is None:
            raise NoCommissionRule(market=placed.market, on=on.isoformat())
        fees.append(fee_of_line(rule, position=line.position, gross_minor=line.price_minor * line.quantity))
    taxed, vat_bp = vat_on_fee(seller_country=seller.country, has_vat_no=bool(seller.vat_no), on=on)
    origin = seller.ships_from_country or seller.country
    area = customs_area(placed.market)
    supply = supply_of(
        is_deemed_supplier=placed.is_deemed_supplier,
        is_import=customs_area(origin) != area,
        is_domestic=origin == placed.market,
    )
    is_tax_ours = supply in TAXES_OURS
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
        supply=supply,
        tax_owner=_tax_owner(area, supply, placed.market, on) if is_tax_ours else "",
        fee_tax_owner=_fee_tax_owner(taxed, on),
        line_fees=[
            {
                "position": fee.position,
                "rule_id": fee.rule_id,
                "rate_bp": fee.rate_bp,
                "fixed_minor": fee.fixed_minor,
                "minor": fee.minor,
                "edition": edition.number,
            }
            for fee in fees
        ],
        placed_at=placed.at,
    )
    _move(ctx, "reserve", placed.order_id, placed.currency, placed.total_minor)


@command(scope="settlement:write")
def note_paid(ctx: Context, *, order_id: int) -> None:
    """The order's money is in escrow; VAT that is ours to pay on is owed from now. Once.

    Refuses: NotFound (its terms are not frozen yet: try again).
    """
    terms = _locked(ctx, order_id)
    if may("hold", terms.state):
        terms.state = state_after("hold", terms.state)
        _retain(ctx, terms, _held(terms), f"tax:{order_id}:paid")
        if terms.frozen_reason:
            _freeze(ctx, terms)


@command(scope="settlement:write")
def note_ended(ctx: Context, *, order_id: int, was_paid: bool) -> None:
    """The order was cancelled: what was paid goes back through payments, what was only reserved is awaited no more.

    Refuses: NotFound (its terms are not frozen yet: try again).
    """
    terms = _locked(ctx, order_id)
    verb = "cancel" if was_paid else "lapse"
    if may(verb, terms.escrow_state):
        _set(terms, state=state_after(verb, terms.escrow_state))
        if not was_paid:
            _move(ctx, verb, order_id, terms.currency, terms.total_minor)


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
    """A dispute: the order's money stays until somebody decides, in an account that no release can reach.

    Refuses: NotFound, NothingHeld.
    """
    terms = _locked(ctx, order_id)
    if not may("hold", terms.state) and not may("freeze", terms.state):
        raise NothingHeld(order_id=order_id)
    audit.change(ctx, terms, frozen_reason=reason[:200] or "dispute")
    if may("freeze", terms.state):
        _freeze(ctx, terms)


@command(scope="disputes:write")
def thaw_order(ctx: Context, *, order_id: int) -> Released | None:
    """The dispute is decided; a completed order is released now. Refuses: NotFound."""
    terms = _locked(ctx, order_id)
    frozen = _account("escrow_frozen", terms.order_id, terms.currency)
    _move(ctx, "thaw", order_id, terms.currency, held_for_update([frozen])[frozen])
    audit.change(ctx, terms, frozen_reason="")
    return _release(ctx, [order_id])[0] if terms.is_completed else None


def _release(ctx: Context, order_ids: Sequence[int]) -> list[Released]:
    rows = list(
        OrderTerms.objects.of(ctx).select_for_update().filter(order_id__in=order_ids).order_by("order_id")
    )
    escrows = {
        row.order_id: _account("escrow", row.order_id, row.currency)
        for row in rows
        if may("hold", row.state) or may("release", row.state)  # news that it was paid may come later
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
        accrued = tax_share(_facts(row), row.retained_minor) if row.state == "held" else 0
        row.state, row.retained_minor, row.released_at = state_after("release", "held"), retained, ctx.at
        external_id = f"release:{row.order_id}"
        drafts.append(
            TransferDraft(
                external_id,
                kind_of("release"),
                f"order:{row.order_id}",
                ctx.at,
                [debit(escrows[row.order_id], retained), *_legs(row, shares, 1, accrued)],
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
    if terms.state == "placed":
        return  # its payment is noted later, by what escrow holds then
    if terms.state != "released":
        _retain(ctx, terms, _held(terms), f"tax:{order_id}:{refund.refund_id}")
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
                kind_of("recover_charge_back" if is_chargeback else "recover"),
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


def _legs(terms: OrderTerms, shares: Shares, sign: int, accrued_minor: int = 0) -> list[Leg]:
    """Each share to its account; `sign` -1 takes it back. What of the sale's VAT is owed already closes its accrual."""
    currency, market = terms.currency, terms.market
    accrual = AccountRef("tax_in_escrow", f"order:{terms.order_id}", currency)
    return [
        credit(
            AccountRef("seller_payable", f"seller:{terms.seller_id}", currency), sign * shares.seller_minor
        ),
        credit(AccountRef("platform_commission", market, currency), sign * shares.commission_minor),
        credit(
            AccountRef("tax_owed", terms.fee_tax_owner or market, currency),
            sign * shares.commission_vat_minor,
        ),
        credit(accrual, accrued_minor),
        credit(
            AccountRef("tax_owed", terms.tax_owner or market, currency),
            sign * shares.tax_minor - accrued_minor,
        ),
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


def _held(terms: OrderTerms) -> int:
    """What escrow holds for the order now, frozen or not, locked: the truth, in whatever order news of refunds comes."""
    accounts = [_account(kind, terms.order_id, terms.currency) for kind in ("escrow", "escrow_frozen")]
    return sum(held_for_update(accounts).values())


def _freeze(ctx: Context, terms: OrderTerms) -> None:
    """All that escrow holds for the order, out of reach of a release."""
    account = _account("escrow", terms.order_id, terms.currency)
    _move(ctx, "freeze", terms.order_id, terms.currency, held_for_update([account])[account])


def _move(ctx: Context, verb: str, order_id: int, currency: str, minor: int) -> None:
    """One arrow of the escrow table that moves money between two accounts of an order; nothing moves nothing.

    What can happen to an order once is named by it; a freeze and a thaw by how often there was one.
    """
    if minor == 0:
        return
    arrow, external_id = ARROWS[verb], f"{verb}:{order_id}"
    if verb in ("freeze", "thaw"):
        external_id += f":{_times(order_id, arrow.kind)}"
    [source], [target] = arrow.debits, arrow.credits
    legs = [
        debit(_account(source, order_id, currency), minor),
        credit(_account(target, order_id, currency), minor),
    ]
    post_transfers(ctx, drafts=[TransferDraft(external_id, arrow.kind, f"order:{order_id}", ctx.at, legs)])


def _times(order_id: int, kind: str) -> int:
    """How many transfers of this kind an order has seen; its terms are locked, so nobody adds one meanwhile."""
    return sum(known.kind == kind for known in transfers_by_subject(f"order:{order_id}"))


def _account(kind: str, order_id: int, currency: str) -> AccountRef:
    return AccountRef(kind, f"order:{order_id}", currency)


def _retain(ctx: Context, terms: OrderTerms, retained_minor: int, external_id: str) -> None:
    """Note what the buyer has not got back, and owe its VAT from now: due when the payment is accepted, not at release."""
    facts = _facts(terms)
    owed = tax_share(facts, retained_minor) - tax_share(facts, terms.retained_minor)
    _set(terms, state=terms.state, retained_minor=retained_minor)
    if owed:
        accrual = AccountRef("tax_in_escrow", f"order:{terms.order_id}", terms.currency)
        office = AccountRef("tax_owed", terms.tax_owner, terms.currency)
        draft = TransferDraft(
            external_id,
            "tax_due",
            f"order:{terms.order_id}",
            ctx.at,
            [debit(accrual, owed), credit(office, owed)],
        )
        post_transfers(ctx, drafts=[draft])


def _tax_owner(area: str, supply: str, country: str, on: date) -> str:
    """Whose the VAT of a sale is: by the table, the office of the return it is declared in."""
    found, ours = tax_scheme(area, supply, on), platform(on)
    office = {"identification": ours.identification_country, "home": ours.country}.get(
        found.authority, country
    )
    return tax_owner(found.scheme, office, country)


def _fee_tax_owner(taxed: FeeVat, on: date) -> str:
    if not taxed.rate_country:
        return ""
    supply = "fee_home" if taxed.treatment == "domestic" else "fee_away"
    return _tax_owner(customs_area(taxed.rate_country), supply, taxed.rate_country, on)


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


def _set(terms: OrderTerms, **values: object) -> None:
    for name, value in values.items():
        setattr(terms, name, value)
    terms.save(update_fields=list(values))
