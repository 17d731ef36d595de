"""Sellers: approve, suspend, see what is missing."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.care.queries import ratings_by_seller
from entrepot.console.desk import desk, show, where_of
from entrepot.console.words import SELLER_STATES
from entrepot.kit.desk import audit_entries
from entrepot.kit.errors import NotFound
from entrepot.ledger.queries import AccountRef, balances_by_account
from entrepot.parties.commands import approve_seller, suspend_seller
from entrepot.parties.queries import seller_desk, sellers_all, staff_of_seller
from entrepot.storefront.web import attempt, context_of


@desk(scope="sellers:read")
def seller_list(request: HttpRequest) -> HttpResponse:
    """All sellers with what their approval still needs; state and search stand in the address."""
    sellers = sellers_all(context_of(request))
    counts = Counter(row.view.state for row in sellers)
    state, text = request.GET.get("state", ""), request.GET.get("q", "").strip().lower()
    shown = [
        row
        for row in sellers
        if (not state or row.view.state == state)
        and (
            not text
            or text
            in f"{row.view.display_name} {row.view.legal_name} {row.view.city} {row.view.slug}".lower()
        )
    ]
    data = {
        "sellers": shown,
        "counts": counts,
        "total": len(sellers),
        "state": state,
        "text": request.GET.get("q", ""),
        "states": SELLER_STATES,
        "ratings": ratings_by_seller([row.view.id for row in shown]),
    }
    return show(request, "sellers.jinja", data)


def _seller_page(request: HttpRequest, seller_id: UUID, why: str = "") -> HttpResponse:
    ctx, where = context_of(request), where_of(request)
    found = seller_desk(ctx, seller_id)
    owner = f"seller:{seller_id}"
    account = AccountRef("seller_payable", owner, where.currency)
    entries = (
        audit_entries(ctx, subject=f"parties.Seller:{seller_id}", limit=20).entries
        if ctx.may("audit:read")
        else ()
    )
    data = {
        "where": where,
        "s": found,
        "v": found.view,
        "states": SELLER_STATES,
        "team": staff_of_seller(ctx, seller_id),
        "rating": ratings_by_seller([seller_id]).get(seller_id),
        "owed_minor": balances_by_account([account])[account] if ctx.may("ledger:read") else None,
        "account": account,
        "entries": entries,
        "why": why,
    }
    return show(request, "seller.jinja", data)


@desk(scope="sellers:read")
def seller_page(request: HttpRequest, seller_id: UUID) -> HttpResponse:
    """One seller."""
    return _seller_page(request, seller_id)


@desk(scope="sellers:write", methods="POST")
def seller_decide(request: HttpRequest, seller_id: UUID) -> HttpResponse:
    """Approve or suspend, with the reason the seller reads."""
    ctx, wish, reason = context_of(request), request.POST.get("do", ""), request.POST.get("reason", "")
    if wish not in ("approve", "suspend"):
        raise NotFound(what="action")
    verb = approve_seller if wish == "approve" else suspend_seller
    return attempt(
        lambda: verb(ctx, seller_id=seller_id, reason=reason),
        then=f"/console/sellers/{seller_id}/",
        done=f"{wish}d" if wish == "approve" else "suspended",
        again=lambda why: _seller_page(request, seller_id, why),
    )
