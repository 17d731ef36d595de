"""Payouts: large ones wait for two people, each of whom sees to whom and how much."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import attempt, desk, show
from entrepot.parties.queries import sellers_by_id
from entrepot.settlement.commands.payouts import APPROVALS_NEEDED, approve_payout
from entrepot.settlement.queries import payouts_open
from entrepot.storefront.web import context_of


def _payouts_page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    payouts = payouts_open(ctx)
    data = {
        "waiting": [payout for payout in payouts if payout.state == "waiting"],
        "moving": [payout for payout in payouts if payout.state != "waiting"],
        "names": sellers_by_id({payout.seller_id for payout in payouts}),
        "needed": APPROVALS_NEEDED,
        "me": ctx.actor.label,
        "why": why,
    }
    return show(request, "payouts.jinja", data)


@desk(scope="payouts:approve")
def payout_list(request: HttpRequest) -> HttpResponse:
    """What waits for approval, and what is on its way."""
    return _payouts_page(request)


@desk(scope="payouts:approve", methods="POST")
def payout_approve(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """This person's yes."""
    ctx = context_of(request)
    return attempt(
        request,
        lambda: approve_payout(ctx, payout_id=payout_id),
        then="/console/payouts/",
        done="payout_approved",
        again=lambda why: _payouts_page(request, why),
    )
