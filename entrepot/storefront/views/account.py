"""The account: orders, addresses, what we hold about somebody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from entrepot.care.commands import ask_erasure
from entrepot.care.queries import reports_of, restrictions_of
from entrepot.catalog.queries import products_by_id, text_in
from entrepot.kit.errors import Refusal
from entrepot.markets.queries import address_form, retention_months
from entrepot.orders.queries.checkouts import Contact, contact_errors
from entrepot.orders.queries.purchases import purchases_of
from entrepot.parties.commands import delete_address, save_address
from entrepot.parties.queries import addresses_of, operator_roles_of_user, person_by_user, seats_of_user
from entrepot.storefront import steps
from entrepot.storefront.pages import shop_page
from entrepot.storefront.places import Place, shop
from entrepot.storefront.views.legal import operator_on
from entrepot.storefront.web import context_of, said

ADDRESS_FIELDS = ("name", "line1", "line2", "postcode", "city", "region", "phone")


@shop(role="buyer")
def overview(request: HttpRequest, place: Place) -> HttpResponse:
    """Orders, newest first, and the ways to everything else."""
    ctx = context_of(request)
    user_id = ctx.actor.user_id or 0
    found = purchases_of(ctx, cursor=request.GET.get("after", ""))
    data: dict[str, Any] = {
        "person": person_by_user(user_id),
        "rows": [(row, [steps.state_words(state) for state in row.states]) for row in found.purchases],
        "next_href": f"{place.to('account')}?after={found.next_cursor}" if found.next_cursor else "",
        "seats": seats_of_user(user_id),
        "roles": operator_roles_of_user(user_id),
        "reports": titled(place, reports_of(ctx, limit=20)),
        "restrictions": titled(place, restrictions_of(ctx, limit=20)),
        "crumbs": [("Entrepot", place.to("")), (_("Account"), "")],
    }
    return shop_page(request, place, "account.jinja", data)


def titled(place: Place, found: Sequence[Any]) -> list[tuple[Any, str]]:
    """Each report or restriction with the name of its product; one SQL statement."""
    products = products_by_id({one.product_id for one in found if one.product_id}) if found else {}
    names = {key: text_in(view.title, place.language)[0] for key, view in products.items()}
    return [(one, names.get(one.product_id, "")) for one in found]


@shop(role="buyer", methods="GET POST")
def addresses(request: HttpRequest, place: Place) -> HttpResponse:
    """The addresses somebody keeps for the next order; add one, remove one."""
    ctx = context_of(request)
    code = place.market.code
    typed = Contact(**{name: request.POST.get(name, "").strip()[:300] for name in ADDRESS_FIELDS})
    why, errors = "", {}
    if request.method == "POST":
        try:
            if request.POST.get("remove"):
                delete_address(ctx, address_id=UUID(request.POST["remove"]))
            else:
                needless = {"email"} if typed.phone else {"email", "phone"}
                errors = {
                    name: _(sentence)
                    for name, sentence in contact_errors(typed, market=code).items()
                    if name not in needless
                }
                if not errors:
                    save_address(ctx, country=code, **{name: getattr(typed, name) for name in ADDRESS_FIELDS})
        except Refusal as refusal:
            why = said(refusal)
        except ValueError:
            why = _("There is no such address.")
        if not why and not errors:
            return HttpResponseRedirect(place.to("account/addresses"), status=303)
    data = {
        "rows": addresses_of(ctx),
        "typed": typed,
        "why": why,
        "errors": errors,
        "form": address_form(code),
        "crumbs": [("Entrepot", place.to("")), (_("Account"), place.to("account")), (_("Addresses"), "")],
    }
    return shop_page(request, place, "addresses.jinja", data, status=422 if why or errors else 200)


@shop(role="buyer")
def my_data(request: HttpRequest, place: Place) -> HttpResponse:
    """What we hold, what we do not, and the whole of it as a file (`?file=1`)."""
    ctx = context_of(request)
    held = {
        "person": person_by_user(ctx.actor.user_id or 0),
        "addresses": addresses_of(ctx),
        "purchases": purchases_of(ctx, limit=100).purchases,
        "reports": reports_of(ctx),
        "restrictions": restrictions_of(ctx),
    }
    if request.GET.get("file"):
        body = msgspec.json.format(msgspec.json.encode(held, enc_hook=str), indent=2)
        answer = HttpResponse(body, content_type="application/json")
        answer["Content-Disposition"] = 'attachment; filename="entrepot-my-data.json"'
        return answer
    data = {
        "held": held,
        "operator": operator_on(ctx.at.date()),
        "crumbs": [("Entrepot", place.to("")), (_("Account"), place.to("account")), (_("My data"), "")],
    }
    return shop_page(request, place, "my_data.jinja", data)


@shop(role="buyer", methods="GET POST")
def erase(request: HttpRequest, place: Place) -> HttpResponse:
    """Close the account for good: says what goes and what stays, and asks for password or passkey before it is done."""
    ctx = context_of(request)
    crumbs = [("Entrepot", place.to("")), (_("Account"), place.to("account")), (_("Erase my data"), "")]
    data: dict[str, Any] = {
        "why": "",
        "is_done": False,
        "years": retention_months("invoices", place.local(ctx.at).date()) // 12,
        "crumbs": crumbs,
    }
    if request.method == "POST":
        if is_reauthentication_required(request, app="account"):
            way = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
            return HttpResponseRedirect(f"{way}?{urlencode({'next': place.to('account/erase')})}")
        try:
            ask_erasure(ctx)
        except Refusal as refusal:
            data["why"] = said(refusal)
        else:
            logout(request)
            data |= {"is_done": True, "crumbs": []}
    return shop_page(request, place, "erase.jinja", data, status=409 if data["why"] else 200)
