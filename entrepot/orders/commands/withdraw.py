"""Giving back: withdrawal by right, returns for a reason, refunds by decision. Money goes back only after goods or proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from entrepot.catalog.queries import text_in
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.kit.ids import new_id
from entrepot.logistics.queries import Place, lockers_near
from entrepot.markets.queries import pack
from entrepot.orders.commands._steps import _is_on_its_way, _note, _owe_notice, _refund, _restock
from entrepot.orders.commands.cancel import _cancel_locked, _lock_order
from entrepot.orders.errors import WrongState
from entrepot.orders.events import OrderRefunded, OrderWithdrawn, ReturnAsked, ReturnReceived
from entrepot.orders.models import Order, OrderLine, Purchase, Return, Withdrawal
from entrepot.orders.policy import (
    RETURN_LAPSES_AFTER,
    RETURN_REASONS,
    Contact,
    LineLeft,
    clean_contact,
    decide_return,
    decide_withdrawal,
    wrong_of,
)
from entrepot.orders.tables import terms_for


@dataclass(frozen=True, slots=True)
class WithdrawalDone:
    """What was declared: the refund in minor units of `currency`, due by a day; goods go back by another (if sent)."""

    withdrawal_id: UUID
    order_id: int
    declared_at: datetime
    refund_minor: int
    currency: str
    refund_due_on: date
    send_back_by: date | None
    return_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReturnState:
    """Where a return stands: asked, awaited, sent, received, refused, lapsed."""

    return_id: UUID
    order_id: int
    state: str
    refund_minor: int
    currency: str


@command(scope="orders:withdraw")
def withdraw_from_order(
    ctx: Context,
    *,
    order_id: int,
    quantities: Mapping[int, int] | None = None,
    name: str = "",
    contact: str = "",
    token: str = "",
) -> WithdrawalDone:
    """Record that the buyer withdraws, send the receipt with date and time, and fix the days that follow from it.

    `quantities` by line position; none means everything left. What counts is when it was declared (ctx.at), not when
    we handle it. Goods not yet dispatched are simply not sent and the money goes back at once; sent ones come back
    first. Refuses: NotFound, WrongState, WithdrawalClosed, NothingToWithdraw, NotWithdrawable, Invalid (contact).
    """
    purchase, order = _lock_order(ctx, order_id, token)
    lines = list(OrderLine.objects.of(ctx, token).filter(order=order).order_by("position"))
    language = purchase.language
    left = [
        LineLeft(
            line.position,
            text_in(line.title, language)[0],
            line.price_minor,
            line.quantity,
            line.quantity - line.given_back,
            line.withdrawal_exclusion,
        )
        for line in lines
    ]
    zone = ZoneInfo(pack(order.market).time_zone)
    terms = terms_for(order.market, ctx.at.astimezone(zone).date())
    decided = decide_withdrawal(
        left,
        quantities
        if quantities is not None
        else {line.position: line.left for line in left if not line.exclusion},
        state="shipped" if order.state in {"paid", "packed"} and _is_on_its_way(order) else order.state,
        withdraw_until=order.withdraw_until,
        standard_shipping_minor=order.standard_shipping_minor,
        at=ctx.at,
        zone=zone,
        terms=terms,
    )
    who = clean_contact(Contact(email=contact, name=name))
    wrong = wrong_of(who, postcode_fits=True)
    if wrong:
        raise Invalid(field=next(iter(wrong)), reason=next(iter(wrong.values())))
    # From here on it must succeed: a statutory right waits for nobody.
    refund_minor = min(decided.refund_minor, order.total_minor - order.refund_minor)
    withdrawal = Withdrawal.objects.create(
        order=order,
        name=who.name or purchase.name,
        contact=who.email or purchase.email,
        quantities={str(position): count for position, count in decided.quantities.items()},
        declared_at=ctx.at,
        refund_minor=refund_minor,
        refund_due_on=decided.refund_due_on,
        send_back_by=decided.send_back_by,
        rule_ids=list(terms.rule_ids),
    )
    _give_back(lines, decided.quantities)
    _note(
        ctx, order, "withdrawn", refund_minor=refund_minor, currency=order.currency,
        refund_due_on=decided.refund_due_on.isoformat(), declared_at=ctx.at.isoformat(),
        lines={str(position): count for position, count in decided.quantities.items()},
    )  # fmt: skip
    goods: Return | None = None
    if decided.send_back_by is not None:
        goods = Return.objects.create(
            order=order,
            withdrawal=withdrawal,
            reason="withdrawal",
            quantities=withdrawal.quantities,
            state="awaited",
            refund_minor=refund_minor,
            asked_at=ctx.at,
            send_back_by=decided.send_back_by,
        )
    elif decided.is_everything:
        _cancel_locked(ctx, purchase, order, reason="withdrawn")
    else:
        _restock(ctx, lines, decided.quantities)
        if refund_minor:
            _refund(ctx, order, refund_minor, reason="withdrawal", external_id=f"withdrawal:{withdrawal.id}")
    ctx.announce(
        OrderWithdrawn(
            order_id=order.id,
            withdrawal_id=withdrawal.id,
            seller_id=order.seller_id,
            refund_minor=refund_minor,
            currency=order.currency,
            refund_due_on=decided.refund_due_on,
            at=ctx.at,
        )
    )
    _owe_notice(ctx, purchase, "withdrawal_receipt", order, withdrawal)
    return WithdrawalDone(
        withdrawal_id=withdrawal.id,
        order_id=order.id,
        declared_at=ctx.at,
        refund_minor=refund_minor,
        currency=order.currency,
        refund_due_on=decided.refund_due_on,
        send_back_by=decided.send_back_by,
        return_id=goods.id if goods else None,
    )


@command(scope="orders:withdraw")
def request_return(
    ctx: Context,
    *,
    order_id: int,
    quantities: Mapping[int, int],
    reason: str,
    note: str = "",
    token: str = "",
) -> ReturnState:
    """Ask to send delivered goods back for a reason (defective, wrong_product …), also after the time to withdraw.

    The seller answers. Refuses: NotFound, WrongState (not delivered), NothingToWithdraw, Invalid (reason, note).
    """
    _, order = _lock_order(ctx, order_id, token)
    if order.state not in {"delivered", "completed"}:
        raise WrongState(state=order.state, step="returned")
    if reason not in RETURN_REASONS:
        raise Invalid(
            field="reason",
            reason=Sentence("“{reason}” is not a reason.", reason=reason[:40]),
            hint=Sentence("One of: {known}.", known=", ".join(RETURN_REASONS)),
        )
    if len(note) > 2_000:
        raise Invalid(field="note", reason="This is too long.", hint="At most 2,000 characters.")
    lines = list(OrderLine.objects.of(ctx, token).filter(order=order).order_by("position"))
    refund_minor = decide_return(
        [
            LineLeft(line.position, "", line.price_minor, line.quantity, line.quantity - line.given_back)
            for line in lines
        ],
        quantities,
        standard_shipping_minor=order.standard_shipping_minor,
    )
    refund_minor = min(refund_minor, order.total_minor - order.refund_minor)
    # From here on it must succeed.
    asked = Return.objects.create(
        id=new_id(),
        order=order,
        reason=reason,
        note=note.strip(),
        quantities={str(position): count for position, count in quantities.items() if count},
        refund_minor=refund_minor,
        asked_at=ctx.at,
    )
    _give_back(lines, {position: count for position, count in quantities.items() if count})
    _note(ctx, order, "return_asked", reason=reason, return_id=str(asked.id))
    ctx.announce(ReturnAsked(order.id, asked.id, order.seller_id, reason, ctx.at))
    return _state_of(asked, order)


@command(scope="orders:withdraw")
def send_back_return(ctx: Context, *, return_id: UUID, tracking_no: str = "", token: str = "") -> ReturnState:
    """The buyer has handed the goods to a carrier: with a tracking number that is the proof the refund waits for.

    Refuses: NotFound, WrongState, Invalid (tracking_no).
    """
    back, _, order = _lock_return(ctx, return_id, token)
    if back.state not in {"awaited", "lapsed"}:
        raise WrongState(state=back.state, step="sent back")
    if len(tracking_no) > 60 or not tracking_no.isprintable():
        raise Invalid(field="tracking_no", reason="This is not a tracking number.")
    back.state, back.sent_at, back.tracking_no = "sent", ctx.at, tracking_no.strip()
    back.save(update_fields=["state", "sent_at", "tracking_no"])
    _note(ctx, order, "return_sent", tracking_no=back.tracking_no, return_id=str(back.id))
    return _state_of(back, order)


@command(scope="orders:withdraw")
def choose_return_locker(ctx: Context, *, return_id: UUID, locker: str, token: str = "") -> str:
    """The locker the buyer will hand the goods in at, out of those near the address; empty: none of them. Its name.

    Refuses: NotFound, WrongState (nothing to send back now), Invalid (locker).
    """
    back, purchase, _order = _lock_return(ctx, return_id, token)
    if back.state not in {"awaited", "lapsed"}:
        raise WrongState(state=back.state, step="handed in at a locker")
    address = purchase.address
    near = lockers_near(Place(address["country"], address["postcode"], address["city"])) if locker else []
    found = next((each for each in near if each.code == locker), None)
    if locker and found is None:
        raise Invalid(field="locker", reason="is not near this address.", hint="Choose one of the list.")
    back.locker = locker
    back.save(update_fields=["locker"])
    return found.name if found else ""


@command(scope="orders:record")
def note_return_handed_in(ctx: Context, *, return_id: UUID, code: str) -> str:
    """Its code was scanned at a counter or locker: that is the proof the refund waits for. Returns the state; empty: no such return."""
    if not Return.objects.of(ctx).filter(id=return_id).exists():
        return ""
    back, _, order = _lock_return(ctx, return_id)
    if back.state in {"awaited", "lapsed"}:
        back.state, back.sent_at, back.tracking_no = "sent", ctx.at, code[:60]
        back.save(update_fields=["state", "sent_at", "tracking_no"])
        _note(ctx, order, "return_sent", tracking_no=back.tracking_no, return_id=str(back.id))
    return str(back.state)


@command(scope="orders:return")
def accept_return(ctx: Context, *, return_id: UUID, answer: str = "") -> ReturnState:
    """The seller agrees that the goods come back. Refuses: NotFound, WrongState."""
    back, purchase, order = _lock_return(ctx, return_id)
    if back.state != "asked":
        raise WrongState(state=back.state, step="accepted")
    zone = ZoneInfo(pack(order.market).time_zone)
    today = ctx.at.astimezone(zone).date()
    back.send_back_by = today + timedelta(days=terms_for(order.market, today).send_back_days)
    back.state, back.answer = "awaited", answer[:2_000]
    back.save(update_fields=["state", "answer", "send_back_by"])
    _note(ctx, order, "return_accepted", return_id=str(back.id), send_back_by=back.send_back_by.isoformat())
    _owe_notice(ctx, purchase, "return_accepted", order)
    return _state_of(back, order)


@command(scope="orders:return")
def refuse_return(ctx: Context, *, return_id: UUID, answer: str) -> ReturnState:
    """The seller does not agree, and says why; a withdrawal cannot be refused. Refuses: NotFound, WrongState, Invalid."""
    back, purchase, order = _lock_return(ctx, return_id)
    if back.state != "asked" or back.withdrawal_id is not None:
        raise WrongState(state=back.state, step="refused")
    if not answer.strip():
        raise Invalid(field="answer", reason="The buyer needs a reason.", hint="Say why, in a sentence.")
    _take_again(ctx, back)
    back.state, back.answer = "refused", answer.strip()[:2_000]
    back.save(update_fields=["state", "answer"])
    _note(ctx, order, "return_refused", return_id=str(back.id), answer=back.answer)
    _owe_notice(ctx, purchase, "return_refused", order)
    return _state_of(back, order)


@command(scope="orders:return")
def receive_return(ctx: Context, *, return_id: UUID, restock: bool = False) -> ReturnState:
    """The goods are back with the seller: the refund is promised now; `restock` puts them on sale again.

    Refuses: NotFound, WrongState.
    """
    back, _, order = _lock_return(ctx, return_id)
    if back.state not in {"asked", "awaited", "sent", "lapsed"}:
        raise WrongState(state=back.state, step="received")
    back.state, back.received_at = "received", ctx.at
    back.save(update_fields=["state", "received_at"])
    _note(ctx, order, "return_received", return_id=str(back.id), restock=restock)
    if restock:
        lines = OrderLine.objects.of(ctx).filter(order=order)
        _restock(ctx, lines, {int(position): count for position, count in back.quantities.items()})
    ctx.announce(
        ReturnReceived(order.id, back.id, order.seller_id, back.refund_minor, order.currency, ctx.at)
    )
    _pay_return(ctx, back, order)
    return _state_of(back, order)


@command(scope="orders:record")
def settle_returns(ctx: Context) -> int:
    """What time decides: proven returns are refunded by the day they are due, those never sent lapse. Returns how many."""
    done = 0
    proven = Return.objects.of(ctx).filter(
        state="sent", withdrawal__refund_due_on__lte=ctx.at.date(), tracking_no__gt=""
    )
    for return_id in list(proven.order_by("asked_at").values_list("id", flat=True)[:100]):
        back, _, order = _lock_return(ctx, return_id)
        if back.state == "sent":
            back.state = "received"
            back.save(update_fields=["state"])
            _pay_return(ctx, back, order)
            done += 1
    stale = Return.objects.of(ctx).filter(
        state="awaited", send_back_by__lt=ctx.at.date() - RETURN_LAPSES_AFTER
    )
    for return_id in list(stale.order_by("asked_at").values_list("id", flat=True)[:100]):
        back, _, order = _lock_return(ctx, return_id)
        if back.state == "awaited":
            back.state = "lapsed"
            back.save(update_fields=["state"])
            _note(ctx, order, "return_lapsed", return_id=str(back.id))
            done += 1
    return done


@command(scope="orders:refund")
def refund_order(ctx: Context, *, order_id: int, minor: int, reason: str) -> int:
    """Give an amount of a paid order back by decision (goodwill, part missing), in minor units of its currency.

    Returns what is promised back in all. Refuses: NotFound, WrongState (unpaid), RefundTooLarge, Invalid.
    """
    _, order = _lock_order(ctx, order_id)
    if type(minor) is not int:
        raise Invalid(field="amount", reason="An amount is a whole number of minor units.")
    if not reason.strip() or len(reason) > 200:
        raise Invalid(field="reason", reason="Say why, in at most 200 characters.")
    _refund(
        ctx,
        order,
        minor,
        reason=reason.strip(),
        external_id=f"decision:{order.id}:{ctx.key or new_id()}"[:100],
    )
    return order.refund_minor


@command(scope="orders:record")
def record_refund(ctx: Context, *, order_id: int, minor: int, kind: str, source: str) -> int:
    """The provider has sent money back; `kind` chargeback: the buyer's bank took it. Returns what went back in all.

    `source` names the refund, so that being told twice counts once. Refuses: NotFound.
    """
    purchase, order = _lock_order(ctx, order_id)
    if order.events.filter(source=source).exists():
        return order.refunded_minor
    order.refunded_minor = min(order.total_minor, order.refunded_minor + minor)
    order.refund_minor = max(order.refund_minor, order.refunded_minor)
    if order.refunded_minor == order.total_minor and order.state not in {"cancelled", "refunded", "placed"}:
        order.state = "refunded"
    order.save(update_fields=["refunded_minor", "refund_minor", "state"])
    order.events.create(
        at=ctx.at,
        kind="charged_back" if kind == "chargeback" else "refunded",
        actor_kind="system",
        detail={"minor": minor, "currency": order.currency},
        source=source,
    )
    ctx.announce(
        OrderRefunded(
            order_id=order.id,
            purchase_id=order.purchase_id,
            seller_id=order.seller_id,
            minor=minor,
            refunded_minor=order.refunded_minor,
            currency=order.currency,
            at=ctx.at,
        )
    )
    if kind == "asked":
        _owe_notice(ctx, purchase, "refunded", order)
    return order.refunded_minor


def _lock_return(ctx: Context, return_id: UUID, token: str = "") -> tuple[Return, Purchase, Order]:
    seen = Return.objects.of(ctx, token).filter(id=return_id).first()
    if seen is None:
        raise NotFound(what="return")
    purchase, order = _lock_order(ctx, seen.order_id, token)
    return Return.objects.of(ctx, token).select_for_update().get(id=return_id), purchase, order


def _give_back(lines: list[OrderLine], quantities: Mapping[int, int]) -> None:
    for line in lines:
        if quantities.get(line.position):
            line.given_back += quantities[line.position]
            line.save(update_fields=["given_back"])


def _take_again(ctx: Context, back: Return) -> None:
    """The goods stay with the buyer after all."""
    for line in OrderLine.objects.of(ctx).filter(order_id=back.order_id):
        count = back.quantities.get(str(line.position), 0)
        if count:
            line.given_back -= count
            line.save(update_fields=["given_back"])


def _pay_return(ctx: Context, back: Return, order: Order) -> None:
    minor = min(back.refund_minor, order.total_minor - order.refund_minor)
    if minor:
        _refund(ctx, order, minor, reason=back.reason, external_id=f"return:{back.id}")


def _state_of(back: Return, order: Order) -> ReturnState:
    return ReturnState(back.id, order.id, back.state, back.refund_minor, order.currency)
