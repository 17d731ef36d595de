"""Money leaving to sellers: cut, approved by two people when it is much, sent, confirmed or returned."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from django.db.models import Sum

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.ledger.commands import AccountRef, TransferDraft, credit, debit, post_transfers
from entrepot.ledger.queries import balances_by_kind, transfers_by_external_ids
from entrepot.parties.queries import payout_accounts
from entrepot.payments.errors import BankTransferWrong, ProviderUnavailable
from entrepot.payments.queries import kind_of, may
from entrepot.settlement.adapters.bank import Bank, BankAnswer, BankOrder, bank
from entrepot.settlement.errors import PayoutNotWaiting, RhythmUnknown, RouteWrong, SecondPersonNeeded
from entrepot.settlement.events import PayoutPaid, PayoutPrepared, PayoutReturned
from entrepot.settlement.models import Payout, PayoutApproval, PayoutPlan, SellerEntry
from entrepot.settlement.policy import (
    RETURNS_WITHIN,
    RHYTHMS,
    ROUTES,
    changed_at,
    decide_payout,
    fault_of_route,
    hold_until,
    next_payout_on,
)
from entrepot.settlement.tables import payout_rule

APPROVALS_NEEDED = 2


@command(scope="payouts:write")
def choose_rhythm(ctx: Context, *, seller_id: UUID, rhythm: str, minimum_minor: int = 0) -> None:
    """How often a seller wants to be paid, and from which amount on (never below the house's minimum).

    Refuses: RhythmUnknown, NotFound (another seller's).
    """
    if rhythm not in RHYTHMS or minimum_minor < 0:
        raise RhythmUnknown(rhythm=rhythm[:20])
    if ctx.actor.kind == "seller" and ctx.actor.seller_id != seller_id:
        raise NotFound(what="seller")
    plan, _ = PayoutPlan.objects.of(ctx).get_or_create(seller_id=seller_id)
    audit.change(ctx, plan, rhythm=rhythm, minimum_minor=minimum_minor)


@command(scope="payouts:write")
def choose_route(ctx: Context, *, seller_id: UUID, route: str, stripe_account: str = "") -> None:
    """Where payouts go: `bank` (the seller's IBAN) or `stripe` (a connected account). A change holds them for 72 hours.

    Refuses: RouteWrong, NotFound (another seller's).
    """
    field, reason = fault_of_route(route, stripe_account)
    if not field and route == "stripe" and bank("stripe") is None:
        field, reason = "route", "stripe is not set up in this market."
    if field:
        raise RouteWrong(field=field, reason=reason)
    if ctx.actor.kind == "seller" and ctx.actor.seller_id != seller_id:
        raise NotFound(what="seller")
    plan, _ = PayoutPlan.objects.of(ctx).get_or_create(seller_id=seller_id)
    account = stripe_account if route == "stripe" else ""
    if (plan.route, plan.stripe_account) != (route, account):
        audit.change(ctx, plan, route=route, stripe_account=account, route_changed_at=ctx.at)


@command(scope="payouts:run")
def cut_payouts(ctx: Context) -> list[UUID]:
    """Cut a payout for each seller who is due, has earned enough and has a settled bank account; their ids.

    Its lines are all entries not paid out before; they sum to its amount. Run again on the same day, it finds nothing.
    """
    on, made = ctx.at.date(), []
    earned: dict[UUID, dict[str, int]] = defaultdict(dict)
    unpaid = SellerEntry.objects.of(ctx).filter(payout=None).values("seller_id", "currency")
    for row in unpaid.annotate(minor=Sum("minor")).order_by("seller_id", "currency"):
        earned[row["seller_id"]][row["currency"]] = row["minor"]
    accounts = payout_accounts(list(earned))
    plans = {plan.seller_id: plan for plan in PayoutPlan.objects.of(ctx).filter(seller_id__in=list(earned))}
    for seller_id, sums in earned.items():
        plan = plans.get(seller_id) or PayoutPlan(seller_id=seller_id)
        is_cut = False
        for currency, minor in sums.items():
            rule, account = payout_rule(currency, on), accounts.get(seller_id)
            if rule is None or account is None:
                continue
            is_stripe = plan.route == "stripe"
            changed = changed_at(plan.route, account.iban_changed_at, plan.route_changed_at)
            verdict = decide_payout(
                amount_minor=minor,
                minimum_minor=max(rule.minimum_minor, plan.minimum_minor),
                two_people_above_minor=rule.two_people_above_minor,
                next_on=plan.next_on,
                on=on,
                has_account=is_stripe or bool(account.iban),
                is_approved_seller=account.is_approved,
                held_until=hold_until(changed, rule.hold_hours),
                at=ctx.at,
            )
            if verdict in ("ready", "waiting"):
                number = plan.stripe_account if is_stripe else account.iban
                payout_id = _cut(ctx, seller_id, currency, plan.route, number, account.holder, verdict)
                if payout_id:
                    made.append(payout_id)
                    is_cut = True
        if is_cut:
            PayoutPlan.objects.of(ctx).update_or_create(
                seller_id=seller_id,
                defaults={"next_on": next_payout_on(plan.rhythm, on)},
                create_defaults={"next_on": next_payout_on(plan.rhythm, on), "rhythm": plan.rhythm},
            )
    return made


@command(scope="payouts:approve")
def approve_payout(ctx: Context, *, payout_id: UUID) -> str:
    """One person's yes to a large payout; the second different person's makes it ready. Returns its state.

    Refuses: NotFound, PayoutNotWaiting, SecondPersonNeeded (the same person twice).
    """
    payout = _locked(ctx, payout_id)
    if payout.state != "waiting":
        raise PayoutNotWaiting(state=payout.state)
    if ctx.actor.user_id is None or payout.approvals.filter(user_id=ctx.actor.user_id).exists():
        raise SecondPersonNeeded()
    PayoutApproval.objects.create(
        payout=payout, user_id=ctx.actor.user_id, label=ctx.actor.label[:200], at=ctx.at
    )
    audit.record(ctx, audit.subject_of(payout), {"state": "waiting"}, {"approved_by": ctx.actor.label})
    if payout.approvals.count() >= APPROVALS_NEEDED:
        audit.change(ctx, payout, state="ready")
    return str(payout.state)


@command(scope="payouts:run", atomic=False)
def send_payouts(ctx: Context, *, limit: int = 200) -> int:
    """Hand ready payouts to the bank and learn what became of those it has; how many changed. Safe to run twice."""
    plain, changed = replace(ctx, key=""), 0
    for route in ROUTES:
        carrier = bank(route)
        if carrier is None:
            continue
        ours = Payout.objects.of(ctx).filter(route=route)
        for payout in list(ours.filter(state__in=["ready", "sent"]).order_by("prepared_at")[:limit]):
            with suppress(ProviderUnavailable, BankTransferWrong):  # one that cannot go stops no other
                changed += _move(plain, carrier, payout)
        late = ours.filter(state="paid", paid_at__gt=ctx.at - RETURNS_WITHIN).order_by("paid_at")
        paid = {payout.id: _order(payout) for payout in late[:5000]}
        with suppress(ProviderUnavailable):
            for payout_id, reason in (carrier.returned(paid.values(), now=ctx.at) if paid else {}).items():
                answer = BankAnswer("returned", reason)
                _book_answer(plain, payout_id=payout_id, account=carrier.account, answer=answer)
                changed += 1
    return changed


def _move(ctx: Context, carrier: Bank, payout: Payout) -> bool:
    """Hand a ready payout in, or learn what became of one that was sent; whether something changed."""
    if payout.state == "ready":
        _note_sent(ctx, payout_id=payout.id, bank_ref=carrier.send(_order(payout), now=ctx.at))
        return True
    answer = carrier.ask(_order(payout), sent_at=payout.sent_at or ctx.at, now=ctx.at)
    if answer.state == "sent":
        return False
    _book_answer(ctx, payout_id=payout.id, account=carrier.account, answer=answer)
    return True


def _order(payout: Payout) -> BankOrder:
    return BankOrder(
        payout.id, payout.amount_minor, payout.currency, payout.iban, payout.holder, payout.bank_ref
    )


@command(scope="payouts:run")
def record_provider_settlement(
    ctx: Context, *, provider: str, minor: int, currency: str, external_id: str
) -> None:
    """A payment provider paid its balance into our bank. Once per `external_id` (its report's number)."""
    clearing, ours = (
        AccountRef("provider_clearing", provider, currency),
        AccountRef("bank", "pilot_bank", currency),
    )
    draft = TransferDraft(
        f"provider_settlement:{external_id}",
        "provider_settlement",
        f"provider:{provider}",
        ctx.at,
        [debit(ours, minor), credit(clearing, minor)],
    )
    post_transfers(ctx, drafts=[draft])


@command(scope="payouts:run")
def sweep_provider_clearing(ctx: Context) -> int:
    """The pilot's provider pays what it holds for us into our bank, once a day and currency; how many transfers.

    A real provider tells us of it by its report: then `record_provider_settlement` is called with the report's number.
    """
    swept = 0
    for line in balances_by_kind(["provider_clearing"]):
        name = f"{line.account.owner}:{line.account.currency}:{ctx.at:%Y-%m-%d}"
        if line.minor > 0 and not transfers_by_external_ids([f"provider_settlement:{name}"]):
            record_provider_settlement(
                ctx,
                provider=line.account.owner,
                minor=line.minor,
                currency=line.account.currency,
                external_id=name,
            )
            swept += 1
    return swept


def _cut(
    ctx: Context, seller_id: UUID, currency: str, route: str, iban: str, holder: str, state: str
) -> UUID | None:
    """Lock the entries, and pay out exactly their sum."""
    rows = list(
        SellerEntry.objects.of(ctx)
        .select_for_update()
        .filter(seller_id=seller_id, currency=currency, payout=None)
        .order_by("id")
        .values_list("id", "minor")
    )
    amount = sum(minor for _, minor in rows)
    if amount <= 0:
        return None
    payout = Payout.objects.create(
        seller_id=seller_id,
        currency=currency,
        amount_minor=amount,
        state=state,
        route=route,
        iban=iban,
        holder=holder[:200],
        prepared_at=ctx.at,
    )
    SellerEntry.objects.of(ctx).filter(id__in=[number for number, _ in rows]).update(payout=payout)
    post_transfers(
        ctx,
        drafts=[
            TransferDraft(
                f"payout:{payout.id}",
                kind_of("pay_out"),
                f"payout:{payout.id}",
                ctx.at,
                [
                    debit(AccountRef("seller_payable", f"seller:{seller_id}", currency), amount),
                    credit(AccountRef("payout_transit", f"payout:{payout.id}", currency), amount),
                ],
            )
        ],
    )
    ctx.announce(PayoutPrepared(payout.id, seller_id, amount, currency, state, ctx.at))
    return payout.id


@command(scope="payouts:run")
def _note_sent(ctx: Context, *, payout_id: UUID, bank_ref: str) -> None:
    """The bank has it."""
    Payout.objects.of(ctx).filter(id=payout_id, state="ready").update(
        state="sent", bank_ref=bank_ref[:60], sent_at=ctx.at
    )


@command(scope="payouts:run")
def _book_answer(ctx: Context, *, payout_id: UUID, account: tuple[str, str], answer: BankAnswer) -> None:
    """Paid: out of our bank. Returned, also days after it was paid: the seller's again, as an entry of its own. Once."""
    payout = _locked(ctx, payout_id)
    verb = "come_back" if answer.state == "returned" else "arrive"
    if not may(verb, "under_way" if payout.state == "sent" else payout.state):
        return
    ours = AccountRef(*account, payout.currency)
    transit = AccountRef("payout_transit", f"payout:{payout.id}", payout.currency)
    if payout.state == "paid":  # it had left our bank, and came back into it
        transit = ours
    if answer.state == "paid":
        payout.state, payout.paid_at = "paid", ctx.at
        other = ours
        ctx.announce(PayoutPaid(payout.id, payout.seller_id, payout.amount_minor, payout.currency, ctx.at))
    else:
        payout.state, payout.returned_at, payout.return_reason = "returned", ctx.at, answer.reason[:100]
        other = AccountRef("seller_payable", f"seller:{payout.seller_id}", payout.currency)
        SellerEntry.objects.create(
            seller_id=payout.seller_id,
            kind="payout_returned",
            external_id=f"payout_{answer.state}:{payout.id}",
            currency=payout.currency,
            minor=payout.amount_minor,
            shares={},
            at=ctx.at,
        )
        ctx.announce(
            PayoutReturned(
                payout.id,
                payout.seller_id,
                payout.amount_minor,
                payout.currency,
                answer.reason,
                ctx.at,
            )
        )
    payout.save(update_fields=["state", "paid_at", "returned_at", "return_reason"])
    post_transfers(
        ctx,
        drafts=[
            TransferDraft(
                f"payout_{answer.state}:{payout.id}",
                kind_of(verb),
                f"payout:{payout.id}",
                ctx.at,
                [debit(transit, payout.amount_minor), credit(other, payout.amount_minor)],
                note=answer.reason,
            )
        ],
    )


def _locked(ctx: Context, payout_id: UUID) -> Payout:
    payout: Payout | None = Payout.objects.of(ctx).select_for_update().filter(id=payout_id).first()
    if payout is None:
        raise NotFound(what="payout")
    return payout
