"""Start a payment, learn its outcome, give money back. No provider is called inside a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import F

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import show_id
from entrepot.kit.locks import hold
from entrepot.kit.money import Money, split_pro_rata
from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit, post_transfers
from entrepot.ledger.queries import held_for_update
from entrepot.payments.adapters.provider import Message, PaymentOrder, Seen
from entrepot.payments.adapters.registry import provider_for, providers
from entrepot.payments.errors import (
    PaymentMismatch,
    PaymentWrong,
    ProviderUnavailable,
    PurchaseClosed,
    PurchasePaid,
    RefundIdReused,
    RefundTooHigh,
    RefundWrong,
    TooManyTries,
)
from entrepot.payments.escrow import kind_of
from entrepot.payments.events import (
    PartPaid,
    PartRefunded,
    PaymentCaptured,
    PaymentFailed,
    PaymentRefunded,
    PaymentTooLate,
    RefundPromised,
    RefundStuck,
)
from entrepot.payments.models import Due, Payment, PaymentPart, PaymentTry, ProviderEvent, Refund
from entrepot.payments.policy import (
    ASK_AFTER,
    ASK_FOR,
    OPEN_STATES,
    REFUND_TRIES_MAX,
    REUSE_WITHIN,
    TRIES_KEPT,
    TRIES_MAX,
    TRIES_WITHIN,
    decide_outcome,
    fault_of_parts,
    fault_of_refund,
    next_refund_try,
)
from entrepot.payments.tables import methods


@dataclass(frozen=True, slots=True)
class Part:
    """What of a payment is for which order, in whole minor units."""

    order_id: int
    seller_id: UUID
    minor: int


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What goes back of which order, in whole minor units."""

    order_id: int
    minor: int


@dataclass(frozen=True, slots=True)
class PaymentStart:
    """Where the buyer goes to pay."""

    payment_id: UUID
    redirect_url: str


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """What we know of a payment now. `state`: created, redirected (still open), captured, failed, cancelled."""

    payment_id: UUID
    purchase_id: UUID
    state: str
    failure: str
    is_applied: bool
    return_url: str


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund. `state`: asked (will be sent), done, failed (a person looks)."""

    refund_id: UUID
    payment_id: UUID
    external_id: str
    minor: int
    currency: str
    state: str


@command(scope="orders:pay", atomic=False)
def start_payment(
    ctx: Context,
    *,
    purchase_id: UUID,
    amount: Money,
    parts: Sequence[Part],
    method: str,
    return_url: str,
    language: str = "es",
    description: str = "",
    tried_by: Sequence[str] = (),
    pay_by_on: date | None = None,
) -> PaymentStart:
    """Open a payment at the provider of this method and say where the buyer goes.

    A second call for the same purchase, method and parts gives the same payment: within 25 minutes, or as long as a bank
    transfer is waited for. `tried_by` are
    marks of who tries (`ip:…`, `device:…`); purchase and party are counted anyway. `return_url` is one of our own.
    `pay_by_on`: the last day, shown where the buyer reads how to transfer; an awaited transfer keeps its reference.
    Refuses: PaymentWrong, MethodUnknown, PurchasePaid, PurchaseClosed, TooManyTries, ProviderUnavailable.
    """
    provider = provider_for(method)
    plain = replace(ctx, key="")
    marks = [f"purchase:{purchase_id}", *tried_by]
    if ctx.actor.party_id:
        marks.append(f"party:{ctx.actor.party_id}")
    _count_tries(plain, marks=marks)
    payment_id = _open_payment(
        plain,
        purchase_id=purchase_id,
        amount=amount,
        parts=parts,
        method=method,
        provider=provider.code,
        return_url=return_url,
        language=language,
    )
    shown = show_id("pay", payment_id)
    started = provider.start(
        PaymentOrder(
            reference=payment_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            method=method,
            return_url=f"{settings.BASE_URL}/payments/return/{shown}/",
            webhook_url=f"{settings.BASE_URL}/payments/webhooks/{provider.code}/",
            language=language,
            description=description,
            pay_by_on=pay_by_on,
        )
    )
    _note_redirect(plain, payment_id=payment_id, provider_ref=started.provider_ref, url=started.redirect_url)
    return PaymentStart(payment_id, started.redirect_url)


@command(scope="orders:pay", atomic=False)
def confirm_payment(ctx: Context, *, payment_id: UUID) -> PaymentOutcome:
    """Ask the provider what became of a payment, capture what it authorised, and book it. Harmless to repeat.

    The browser's return, the webhook and the worker all come here; whoever is first books it, once.
    Refuses: NotFound, ProviderUnavailable, PaymentMismatch.
    """
    plain = replace(ctx, key="")
    payment = Payment.objects.filter(id=payment_id).first()
    if payment is None:
        raise NotFound(what="payment")
    if payment.state == "captured" or not payment.provider_ref:
        return _outcome(payment)
    provider = providers()[payment.provider]
    seen = provider.fetch(payment.provider_ref)
    _check_seen(payment, seen)
    if seen.state == "authorised":
        if _due_state(payment) == "open":
            seen = provider.capture(
                payment.provider_ref, amount_minor=payment.amount_minor, key=f"capture:{payment.id}"
            )
        else:  # its purchase is closed or paid otherwise: give the authorisation up, nothing is charged
            seen = provider.cancel(payment.provider_ref)
        _check_seen(payment, seen)
    return _book_outcome(plain, payment_id=payment_id, state=seen.state, failure=seen.failure)


@command(scope="payments:record", atomic=False)
def record_provider_event(
    ctx: Context, *, provider: str, message: Message, body: bytes
) -> PaymentOutcome | None:
    """Take a verified webhook: keep it, once, and book what the provider says when asked.

    A message that was handled before changes nothing. Refuses: NotFound (not our payment), PaymentMismatch (another
    order, amount or currency than ours), ProviderUnavailable (it will be delivered again).
    """
    plain = replace(ctx, key="")
    payment_id, is_handled = _keep_event(plain, provider=provider, message=message, body=body)
    if is_handled:
        return _outcome(Payment.objects.get(id=payment_id))
    if message.kind == "payment.charged_back":
        _book_chargeback(
            plain, payment_id=payment_id, event_id=message.event_id, taken_minor=message.taken_minor
        )
        outcome = _outcome(Payment.objects.get(id=payment_id))
    else:
        outcome = confirm_payment(plain, payment_id=payment_id)
    _close_event(plain, provider=provider, event_id=message.event_id)
    return outcome


@command(scope="orders:pay")
def close_due(ctx: Context, *, purchase_id: UUID) -> None:
    """No more money for this purchase: its time has passed, or it was cancelled unpaid. Money that still arrives goes back.

    Call it in the transaction that releases the goods. Refuses: PurchasePaid, when paying won the race.
    """
    due = _lock_due(purchase_id)
    if due.state == "paid":
        raise PurchasePaid()
    Due.objects.filter(purchase_id=purchase_id).update(state="closed")


@command(scope="orders:refund")
def refund_payment(
    ctx: Context, *, payment_id: UUID, parts: Sequence[RefundPart], reason: str, external_id: str
) -> RefundView:
    """Promise money back, once per `external_id`; a worker sends it within seconds.

    Money still in escrow is taken from there; what was released to the seller is advanced and recovered from them.
    Refuses: NotFound, RefundWrong (not captured, nothing, unknown order), RefundTooHigh, RefundIdReused.
    """
    payment = Payment.objects.select_for_update().filter(id=payment_id).first()
    if payment is None:
        raise NotFound(what="payment")
    asked = {part.order_id: part.minor for part in parts}
    if ctx.actor.kind == "seller":  # another seller's part of the same payment does not exist for them
        sellers = payment.parts.filter(order_id__in=asked).values_list("seller_id", flat=True)
        if any(seller_id != ctx.actor.seller_id for seller_id in sellers):
            raise NotFound(what="payment")
    known = Refund.objects.filter(external_id=external_id).first()
    if known is not None:
        if known.payment_id != payment_id or _asked(known) != asked or len(asked) != len(parts):
            raise RefundIdReused(external_id=external_id)
        return _refund_view(known, payment.currency)
    return _promise(ctx, payment, asked, kind="asked", reason=reason, external_id=external_id)


@command(scope="payments:record", atomic=False)
def send_refunds(ctx: Context, *, limit: int = 100) -> int:
    """Have providers send the promised refunds that are due; returns how many were confirmed. Safe to run twice."""
    plain = replace(ctx, key="")
    owed = Refund.objects.filter(state="asked").exclude(next_try_at__gt=ctx.at).order_by("asked_at")
    done = 0
    for refund in list(owed.select_related("payment")[:limit]):
        provider = providers().get(refund.payment.provider)
        try:
            if provider is None:
                raise ProviderUnavailable()
            ref = provider.refund(
                refund.payment.provider_ref or "", minor=refund.minor, key=f"refund:{refund.id}"
            )
        except ProviderUnavailable:
            _postpone_refund(plain, refund_id=refund.id, is_final=False)
            continue
        if ref:
            _book_refund(plain, refund_id=refund.id, provider_ref=ref)
            done += 1
        else:
            _postpone_refund(plain, refund_id=refund.id, is_final=True)
    return done


@command(scope="payments:record", atomic=False)
def ask_open_payments(ctx: Context, *, limit: int = 100) -> int:
    """Ask providers about payments that neither browser nor webhook came back for; returns how many were settled."""
    plain = replace(ctx, key="")
    waiting = (
        Payment.objects.filter(
            state="redirected", started_at__lte=ctx.at - ASK_AFTER, started_at__gte=ctx.at - ASK_FOR
        )
        .exclude(asked_at__gt=ctx.at - ASK_AFTER)
        .order_by("started_at")
        .values_list("id", flat=True)[:limit]
    )
    settled = 0
    for payment_id in list(waiting):
        with suppress(ProviderUnavailable, PaymentMismatch):
            settled += confirm_payment(plain, payment_id=payment_id).state not in OPEN_STATES
        _note_asked(plain, payment_id=payment_id)
    _forget_tries(plain)
    return settled


# ---------------------------------------------------------------------------------------------------------------------
# The small transactions behind them.


@command(scope="orders:pay")
def _count_tries(ctx: Context, *, marks: Sequence[str]) -> None:
    """Refuse the eleventh try under one mark within ten minutes; a refused one does not count."""
    names = sorted({mark[:80] for mark in marks})
    hold(*(f"payment-tries:{name}" for name in names))
    recent = PaymentTry.objects.filter(mark__in=names, at__gt=ctx.at - TRIES_WITHIN)
    counts: dict[str, int] = {}
    for mark in recent.values_list("mark", flat=True):
        counts[mark] = counts.get(mark, 0) + 1
    if max(counts.values(), default=0) >= TRIES_MAX:
        raise TooManyTries(minutes=TRIES_WITHIN.seconds // 60)
    PaymentTry.objects.bulk_create(PaymentTry(mark=name, at=ctx.at) for name in names)


@command(scope="payments:record")
def _forget_tries(ctx: Context) -> None:
    """The marks of who tried (party, network) are kept for a day and no longer."""
    PaymentTry.objects.filter(at__lt=ctx.at - TRIES_KEPT).delete()


@command(scope="orders:pay")
def _open_payment(
    ctx: Context,
    *,
    purchase_id: UUID,
    amount: Money,
    parts: Sequence[Part],
    method: str,
    provider: str,
    return_url: str,
    language: str,
) -> UUID:
    """Phase one: the payment stands in our tables before anybody outside hears of it."""
    fault = fault_of_parts(amount.minor, [(part.order_id, part.minor) for part in parts])
    if not fault and not return_url.startswith(f"{settings.BASE_URL}/"):
        fault = "the way back must be a page of this market."
    if fault:
        raise PaymentWrong(reason=fault)
    due = _lock_due(purchase_id)
    if due.state == "paid":
        raise PurchasePaid()
    if due.state == "closed":
        raise PurchaseClosed()
    wanted = sorted((part.order_id, part.minor) for part in parts)
    way = methods(ctx.at.date()).get(method)
    reuse_within = way.wait if way and way.kind == "transfer" else REUSE_WITHIN
    for known in Payment.objects.filter(
        purchase_id=purchase_id,
        state__in=OPEN_STATES,
        method=method,
        amount_minor=amount.minor,
        currency=amount.currency,
        started_at__gt=ctx.at - reuse_within,
    ).prefetch_related("parts"):
        if sorted((part.order_id, part.minor) for part in known.parts.all()) == wanted:
            return known.id
    payment = Payment.objects.create(
        purchase_id=purchase_id,
        provider=provider,
        method=method,
        amount_minor=amount.minor,
        currency=amount.currency,
        return_url=return_url,
        language=language,
        started_at=ctx.at,
    )
    PaymentPart.objects.bulk_create(
        PaymentPart(payment=payment, order_id=part.order_id, seller_id=part.seller_id, minor=part.minor)
        for part in parts
    )
    return payment.id


@command(scope="orders:pay")
def _note_redirect(ctx: Context, *, payment_id: UUID, provider_ref: str, url: str) -> None:
    """Phase three of starting: where the provider waits for the buyer."""
    Payment.objects.filter(id=payment_id, state="created").update(
        state="redirected", provider_ref=provider_ref, redirect_url=url
    )


@command(scope="orders:pay")
def _book_outcome(ctx: Context, *, payment_id: UUID, state: str, failure: str) -> PaymentOutcome:
    """The small idempotent finish: what the provider said becomes ours."""
    purchase_id = Payment.objects.values_list("purchase_id", flat=True).get(id=payment_id)
    due = _lock_due(purchase_id)
    payment = Payment.objects.select_for_update().get(id=payment_id)
    if payment.state == "captured":
        return _outcome(payment)
    if state == "captured":
        _book_capture(ctx, payment, due)
    elif state in ("failed", "cancelled") and payment.state != state:
        payment.state, payment.failure = state, failure[:40]
        payment.save(update_fields=["state", "failure"])
        ctx.announce(PaymentFailed(payment.id, purchase_id, failure or state, ctx.at))
    return _outcome(payment)


def _book_capture(ctx: Context, payment: Payment, due: Due) -> None:
    fate = decide_outcome(state=payment.state, due=due.state, is_same_payment=due.payment_id == payment.id)
    # From here on it must succeed: the money has arrived.
    payment.state, payment.captured_minor, payment.captured_at = "captured", payment.amount_minor, ctx.at
    clearing = AccountRef("provider_clearing", payment.provider, payment.currency)
    if fate == "escrow":
        parts = list(payment.parts.order_by("order_id"))
        payment.is_applied = True
        payment.save(update_fields=["state", "captured_minor", "captured_at", "is_applied"])
        Due.objects.filter(purchase_id=due.purchase_id).update(state="paid", payment_id=payment.id)
        post_transfers(
            ctx,
            drafts=[
                TransferDraft(
                    f"capture:{payment.id}:{part.order_id}",
                    kind_of("hold"),
                    f"order:{part.order_id}",
                    ctx.at,
                    [
                        debit(clearing, part.minor),
                        credit(_escrow_of(part.order_id, payment.currency), part.minor),
                        debit(_of("reserved", part.order_id, payment.currency), part.minor),
                        credit(_of("buyer_due", part.order_id, payment.currency), part.minor),
                    ],
                    note=show_id("pay", payment.id),
                )
                for part in parts
            ],
        )
        ctx.announce(
            PaymentCaptured(
                payment.id,
                payment.purchase_id,
                payment.provider,
                payment.method,
                payment.amount_minor,
                payment.currency,
                tuple(PartPaid(part.order_id, part.seller_id, part.minor) for part in parts),
                ctx.at,
            )
        )
        return
    payment.save(update_fields=["state", "captured_minor", "captured_at"])
    unapplied = AccountRef("unapplied", f"payment:{payment.id}", payment.currency)
    post_transfers(
        ctx,
        drafts=[
            TransferDraft(
                f"capture:{payment.id}",
                "late_capture",
                f"payment:{payment.id}",
                ctx.at,
                [debit(clearing, payment.amount_minor), credit(unapplied, payment.amount_minor)],
            )
        ],
    )
    ctx.announce(
        PaymentTooLate(payment.id, payment.purchase_id, payment.amount_minor, payment.currency, ctx.at)
    )
    _promise(ctx, payment, {}, kind="late", reason="paid_too_late", external_id=f"late:{payment.id}")


def _promise(
    ctx: Context, payment: Payment, asked: Mapping[int, int], *, kind: str, reason: str, external_id: str
) -> RefundView:
    """Reserve a refund under the payment's lock and book where its money comes from."""
    parts = {part.order_id: part for part in payment.parts.select_for_update().order_by("order_id")}
    currency = payment.currency
    if kind == "late":
        minor = payment.captured_minor - payment.refund_minor
    else:
        left = {order_id: part.minor - part.refund_minor for order_id, part in parts.items()}
        fault, facts = fault_of_refund(asked, left, is_captured=payment.is_applied)
        if fault == "too_much":
            raise RefundTooHigh(**facts)
        if fault:
            raise RefundWrong(reason=_REFUND_FAULTS[fault])
        minor = sum(asked.values())
    held = held_for_update(
        _of(kind, order_id, currency) for order_id in asked for kind in ("escrow", "escrow_frozen")
    )
    # From here on it must succeed: the money is the buyer's.
    shares, thawed = [], {}
    for order_id, share in sorted(asked.items()):
        thawed[order_id] = min(share, held[_of("escrow_frozen", order_id, currency)])
        advanced = share - thawed[order_id]
        advanced -= min(advanced, held[_escrow_of(order_id, currency)])
        shares.append(PartRefunded(order_id, parts[order_id].seller_id, share, advanced))
        PaymentPart.objects.filter(pk=parts[order_id].pk).update(refund_minor=F("refund_minor") + share)
    payment.refund_minor += minor
    payment.save(update_fields=["refund_minor"])
    refund = Refund.objects.create(
        payment=payment,
        external_id=external_id,
        kind=kind,
        parts=[
            {
                "order_id": share.order_id,
                "seller_id": str(share.seller_id),
                "minor": share.minor,
                "advanced_minor": share.advanced_minor,
            }
            for share in shares
        ],
        minor=minor,
        reason=reason[:60],
        asked_at=ctx.at,
    )
    due = AccountRef("refund_due", f"payment:{payment.id}", currency)
    drafts = [
        TransferDraft(
            f"refund:{refund.id}:{share.order_id}",
            kind_of("charge_back" if kind == "chargeback" else "refund"),
            f"order:{share.order_id}",
            ctx.at,
            [
                debit(_of("escrow_frozen", share.order_id, currency), thawed[share.order_id]),
                debit(
                    _escrow_of(share.order_id, currency),
                    share.minor - share.advanced_minor - thawed[share.order_id],
                ),
                debit(_of("refund_advance", share.order_id, currency), share.advanced_minor),
                credit(due, share.minor),
            ],
            note=reason,
        )
        for share in shares
    ]
    if kind == "late":
        unapplied = AccountRef("unapplied", f"payment:{payment.id}", currency)
        drafts.append(
            TransferDraft(
                f"refund:{refund.id}",
                "refund",
                f"payment:{payment.id}",
                ctx.at,
                [debit(unapplied, minor), credit(due, minor)],
                note=reason,
            )
        )
    post_transfers(ctx, drafts=drafts)
    ctx.announce(
        RefundPromised(
            refund.id,
            payment.id,
            payment.purchase_id,
            external_id,
            kind,
            tuple(shares),
            minor,
            currency,
            reason,
            ctx.at,
        )
    )
    return _refund_view(refund, currency)


@command(scope="payments:record")
def _book_refund(ctx: Context, *, refund_id: UUID, provider_ref: str) -> None:
    """The provider has sent it: out of the promise, out of the clearing account. Once."""
    refund = Refund.objects.select_for_update().get(id=refund_id)
    if refund.state == "done":
        return
    payment = Payment.objects.select_for_update().get(id=refund.payment_id)
    refund.state, refund.provider_ref, refund.done_at = "done", provider_ref[:80], ctx.at
    refund.save(update_fields=["state", "provider_ref", "done_at"])
    payment.refunded_minor += refund.minor
    payment.save(update_fields=["refunded_minor"])
    due = AccountRef("refund_due", f"payment:{payment.id}", payment.currency)
    clearing = AccountRef("provider_clearing", payment.provider, payment.currency)
    shares = _shares(refund)
    amounts = [
        (f"refund_sent:{refund.id}:{share.order_id}", f"order:{share.order_id}", share.minor)
        for share in shares
    ] or [(f"refund_sent:{refund.id}", f"payment:{payment.id}", refund.minor)]
    post_transfers(
        ctx,
        drafts=[
            TransferDraft(
                name,
                kind_of("send_back"),
                subject,
                ctx.at,
                [debit(due, minor), credit(clearing, minor)],
                note=refund.reason,
            )
            for name, subject, minor in amounts
        ],
    )
    ctx.announce(
        PaymentRefunded(
            refund.id,
            payment.id,
            payment.purchase_id,
            refund.external_id,
            refund.kind,
            shares,
            refund.minor,
            payment.currency,
            refund.reason,
            ctx.at,
        )
    )


@command(scope="payments:record")
def _postpone_refund(ctx: Context, *, refund_id: UUID, is_final: bool) -> None:
    """The provider did not answer (try later), or refused for good or too often (a person looks)."""
    refund = Refund.objects.select_for_update().get(id=refund_id)
    if refund.state != "asked":
        return
    refund.attempts += 1
    refund.next_try_at = ctx.at + next_refund_try(refund.attempts)
    if is_final or refund.attempts >= REFUND_TRIES_MAX:
        refund.state = "failed"
        ctx.announce(RefundStuck(refund.id, refund.payment_id, refund.minor, refund.payment.currency, ctx.at))
    refund.save(update_fields=["attempts", "next_try_at", "state"])


@command(scope="payments:record")
def _keep_event(ctx: Context, *, provider: str, message: Message, body: bytes) -> tuple[UUID, bool]:
    """Store a message that is about one of our payments; (payment, whether it was handled before)."""
    ours = Payment.objects.filter(provider=provider)
    if message.provider_ref:
        payment = ours.filter(provider_ref=message.provider_ref).first()
    else:
        reference = _uuid(message.reference)
        payment = ours.filter(id=reference).first() if reference else None
    if payment is None:
        raise NotFound(what="payment")
    _check_facts(payment, message.reference, message.amount_minor, message.currency)
    row, is_new = ProviderEvent.objects.get_or_create(
        provider=provider,
        event_id=message.event_id,
        defaults={"kind": message.kind[:40], "payment": payment, "body": body, "received_at": ctx.at},
    )
    if not is_new:
        if row.payment_id != payment.id:
            raise PaymentMismatch(what="the message's id")
        ProviderEvent.objects.filter(pk=row.pk).update(times_received=F("times_received") + 1)
    return payment.id, row.handled_at is not None


@command(scope="payments:record")
def _close_event(ctx: Context, *, provider: str, event_id: str) -> None:
    """Its effect stands."""
    ProviderEvent.objects.filter(provider=provider, event_id=event_id, handled_at=None).update(
        handled_at=ctx.at
    )


@command(scope="payments:record")
def _book_chargeback(ctx: Context, *, payment_id: UUID, event_id: str, taken_minor: int) -> None:
    """The buyer's bank took back what had not been refunded, or `taken_minor` of it. Once per message."""
    payment = Payment.objects.select_for_update().get(id=payment_id)
    external_id = f"chargeback:{payment.provider}:{event_id}"[:100]
    if not payment.is_applied or Refund.objects.filter(external_id=external_id).exists():
        return
    left = {part.order_id: part.minor - part.refund_minor for part in payment.parts.all()}
    if not any(left.values()):
        return
    taken = min(taken_minor or sum(left.values()), sum(left.values()))
    shares = dict(zip(left, split_pro_rata(taken, list(left.values())), strict=True))
    asked = {order_id: minor for order_id, minor in shares.items() if minor > 0}
    view = _promise(ctx, payment, asked, kind="chargeback", reason="chargeback", external_id=external_id)
    _book_refund(ctx, refund_id=view.refund_id, provider_ref=event_id)


@command(scope="payments:record")
def _note_asked(ctx: Context, *, payment_id: UUID) -> None:
    """When we last asked the provider of ourselves."""
    Payment.objects.filter(id=payment_id).update(asked_at=ctx.at)


_REFUND_FAULTS = {
    "not_captured": "nothing was captured for this purchase.",
    "nothing": "the amount must be more than zero.",
    "unknown_order": "this payment holds nothing of that order.",
}


def _lock_due(purchase_id: UUID) -> Due:
    """The purchase's one row, locked."""
    Due.objects.bulk_create([Due(purchase_id=purchase_id)], ignore_conflicts=True)
    return Due.objects.select_for_update().get(purchase_id=purchase_id)


def _due_state(payment: Payment) -> str:
    return Due.objects.values_list("state", flat=True).get(purchase_id=payment.purchase_id)


def _check_seen(payment: Payment, seen: Seen) -> None:
    if seen.state == "pending":  # some providers know no amount before the buyer has come
        _check_facts(payment, seen.reference, payment.amount_minor, payment.currency)
    else:
        _check_facts(payment, seen.reference, seen.amount_minor, seen.currency)


def _check_facts(payment: Payment, reference: str, amount_minor: int, currency: str) -> None:
    """Attack 28: a true signature over another order, amount or currency."""
    if reference != str(payment.id):
        raise PaymentMismatch(what="another payment")
    if currency != payment.currency:
        raise PaymentMismatch(what="another currency")
    if amount_minor != payment.amount_minor:
        raise PaymentMismatch(what="another amount")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _outcome(payment: Payment) -> PaymentOutcome:
    return PaymentOutcome(
        payment.id,
        payment.purchase_id,
        payment.state,
        payment.failure,
        payment.is_applied,
        payment.return_url,
    )


def _shares(refund: Refund) -> tuple[PartRefunded, ...]:
    return tuple(
        PartRefunded(share["order_id"], UUID(share["seller_id"]), share["minor"], share["advanced_minor"])
        for share in refund.parts
    )


def _asked(refund: Refund) -> dict[int, int]:
    return {share["order_id"]: share["minor"] for share in refund.parts}


def _refund_view(refund: Refund, currency: str) -> RefundView:
    return RefundView(refund.id, refund.payment_id, refund.external_id, refund.minor, currency, refund.state)


def _escrow_of(order_id: int, currency: str) -> AccountRef:
    return _of("escrow", order_id, currency)


def _of(kind: str, order_id: int, currency: str) -> AccountRef:
    return AccountRef(kind, f"order:{order_id}", currency)
