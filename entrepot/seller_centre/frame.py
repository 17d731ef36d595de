"""What every page of the seller centre shares: which shop, the rail by job, and the sentence after a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from entrepot.care.queries import disputes_of
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import show_number
from entrepot.logistics.queries import customs_counts
from entrepot.orders.queries.orders import today_counts
from entrepot.parties.queries import seats_of_user, seller_desk
from entrepot.seller_centre.words import state_badge
from entrepot.storefront.web import context_of, page

# What a page says after a change, by the `said` of its address. English; translated when shown.
SAID = {
    "saved": "Saved.",
    "opened": "Your shop is there. Fill in what is missing and bring your products: it sells as soon as we have looked at it.",
    "price": "The new price is published.",
    "stock": "The new quantity is announced; the order intake counts it in a moment.",
    "withdrawn": "No longer for sale.",
    "published": "For sale again.",
    "archived": "Taken off the shop.",
    "packed": "Packed. Print the label, then hand over.",
    "shipped": "Handed over to the carrier.",
    "listed": "The list is closed. Print it, or have it signed here.",
    "signed": "Signed and handed over to the carrier.",
    "cancelled": "Cancelled. The buyer's money goes back in full.",
    "added": "Added to the team.",
    "removed": "Removed. Open sessions and keys ended at once.",
    "revoked": "The key ended.",
    "undone": "Undone: everything is as before that import.",
    "received": "The return is received; the refund is on its way.",
    "route": "Saved. Payouts wait 72 hours after a change of where they go.",
    "bank": "Bank account changed. Payouts wait 72 hours, and the old address was told.",
}


def seller_of(ctx: Context) -> UUID:
    """The seller this person works for. Refuses: NotFound."""
    if ctx.actor.seller_id is None:
        raise NotFound(what="page")
    return ctx.actor.seller_id


def rail(ctx: Context, due: Mapping[str, int]) -> list[tuple[str, list[tuple[str, str, str, int, bool]]]]:
    """Sections this role may open: (heading, [(address, words, icon, count, is due)])."""
    work = [("/seller/", _("Today"), "clock", 0, False)]
    if ctx.may("orders:read"):
        to_pack = due.get("paid", 0)
        work.append(("/seller/orders", _("Orders"), "box", to_pack, to_pack > 0))
        work.append(("/seller/manifests", _("Hand-over lists"), "truck", 0, False))
        returns = due.get("returns", 0)
        stuck = due.get("customs", 0)
        work.append(("/seller/customs", _("Customs"), "customs", stuck, stuck > 0))
        work.append(("/seller/returns", _("Returns"), "return", returns, returns > 0))
        asked = due.get("disputes", 0)
        work.append(("/seller/disputes", _("Disputes"), "warn", asked, asked > 0))
    goods = []
    if ctx.may("catalog:write"):
        goods = [
            ("/seller/products", _("Products"), "tag", 0, False),
            ("/seller/imports", _("Import and export"), "upload", 0, False),
        ]
    shop = []
    if ctx.may("payouts:read"):
        shop.append(("/seller/payouts", _("Payouts"), "money", 0, False))
        shop.append(("/seller/invoices", _("Invoices"), "list", 0, False))
    shop.append(("/seller/decisions", _("Decisions"), "shield", 0, False))
    shop.append(("/seller/shop", _("Shop and documents"), "shop", 0, False))
    if ctx.may("team:write"):
        shop.append(("/seller/team", _("Team"), "person", 0, False))
    if ctx.may("keys:write"):
        shop.append(("/seller/developers", _("Developers"), "key", 0, False))
    return [("", work), (_("Goods"), goods), (_("Shop"), shop)]


def work_page(
    request: HttpRequest, template: str, data: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page inside the seller centre's shell."""
    ctx = context_of(request)
    due = {}
    if ctx.may("orders:read"):
        counts = today_counts(ctx)
        asked = sum(one.state == "open" for one in disputes_of(ctx, is_open=True))
        due = {"paid": counts.to_ship, "returns": counts.returns_to_answer, "disputes": asked}
        files = customs_counts(ctx)
        due["customs"] = files.get("incomplete", 0) + files.get("held", 0)
    said = SAID.get(request.GET.get("said", ""), "")
    shared = {
        "desk": seller_desk(ctx, seller_of(ctx)),
        "seats": seats_of_user(ctx.actor.user_id or 0),
        "rail": rail(ctx, due),
        "due": due,
        "here": request.path,
        "said": _(said) if said else "",
        "may": ctx.may,
        "state_badge": state_badge,
        "show_number": show_number,
    }
    return page(request, f"seller_centre/{template}", shared | dict(data or {}), status)


def pdf_page(content: bytes, name: str) -> HttpResponse:
    """A paper that opens in the browser and is kept by nobody in between."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def back(path: str, said: str = "") -> HttpResponseRedirect:
    """See-other to a page that says what happened."""
    return HttpResponseRedirect(f"{path}{'&' if '?' in path else '?'}said={said}" if said else path)
