"""The shop itself: opening one, profile and documents, team, and keys for programs."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from entrepot.kit.errors import Invalid, Refusal
from entrepot.markets.queries import all_codes
from entrepot.parties.commands import (
    add_staff,
    change_iban,
    change_seller,
    issue_api_key,
    register_seller,
    remove_staff,
    revoke_api_key,
)
from entrepot.parties.queries import api_keys_of, seats_of_user, staff_of_seller
from entrepot.seller_centre.frame import back, seller_of, work_page
from entrepot.settlement.queries import payout_way
from entrepot.storefront.environment import country
from entrepot.storefront.web import context_of, door, page, said

PROFILE = (
    "display_name", "legal_name", "address", "postcode", "city", "email", "phone", "register_no", "vat_no", "eori",
    "ioss", "ships_from_postcode", "ships_from_city",
)  # fmt: skip
PERSON = ("name", "address", "email", "country")  # who answers for goods in the Union
# What a seller's program may be given, with words for people.
KEY_SCOPES = {
    "catalog:write": _("Products"),
    "offers:write": _("Prices"),
    "stock:write": _("Stock"),
    "orders:read": _("Read orders"),
    "orders:fulfil": _("Pack and ship orders"),
}


@door(role="seller", methods="POST")
def choose(request: HttpRequest) -> HttpResponse:
    """Work for another of one's shops."""
    ctx = context_of(request)
    wish = request.POST.get("seller", "")
    if any(str(seat.seller_id) == wish for seat in seats_of_user(ctx.actor.user_id or 0)):
        request.session["seller_id"] = wish
    return back("/seller/")


@door(role="buyer", methods="GET POST", scope="sellers:register")
def open_shop(request: HttpRequest) -> HttpResponse:
    """Anybody signed in opens a shop; it sells once its profile is whole and an operator has looked at it."""
    ctx = context_of(request)
    typed = {name: request.POST.get(name, "").strip() for name in ("name", "legal_name", "kind", "country")}
    why, status = "", 200
    if request.method == "POST":
        try:
            made = register_seller(
                ctx, slug=slugify(typed["name"])[:60].strip("-"), display_name=typed["name"],
                legal_name=typed["legal_name"], trader_type=typed["kind"], country=typed["country"],
            )  # fmt: skip
        except Refusal as refusal:
            why, status = said(refusal), refusal.status
        else:
            request.session["seller_id"] = str(made)
            return back("/seller/shop", "opened")
    data = {
        "typed": typed,
        "why": why,
        "countries": sorted(((code, country(code)) for code in all_codes()), key=lambda choice: choice[1]),
        "seats": seats_of_user(ctx.actor.user_id or 0),
    }
    return page(request, "seller_centre/open.jinja", data, status)


@door(role="seller", methods="GET POST", writes="shop:write")
def profile(request: HttpRequest) -> HttpResponse:
    """Who sells, as the law wants it shown; and the bank account, masked."""
    ctx = context_of(request)
    if request.method == "POST":
        if "iban" in request.POST:
            change_iban(ctx, seller_id=seller_of(ctx), iban=request.POST["iban"])
            return back("/seller/shop", "bank")
        values: dict[str, object] = {name: request.POST[name] for name in PROFILE if name in request.POST}
        about = {code: request.POST.get(f"about_{code}", "").strip() for code in ("es", "en")}
        if any(about.values()):
            values["about"] = {code: text for code, text in about.items() if text}
        if "rp_name" in request.POST:
            person = {name: request.POST.get(f"rp_{name}", "").strip() for name in PERSON}
            values["responsible_person"] = {name: text for name, text in person.items() if text}
        change_seller(ctx, seller_id=seller_of(ctx), values=values)
        return back("/seller/shop", "saved")
    return work_page(request, "shop.jinja", {"way": payout_way(ctx, seller_of(ctx))})


@door(role="seller", methods="GET POST", writes="team:write")
def team(request: HttpRequest) -> HttpResponse:
    """Who works here, in which role."""
    ctx = context_of(request)
    seller_id = seller_of(ctx)
    if request.method == "POST":
        if request.POST.get("do") == "remove":
            user_id = request.POST.get("user", "")
            if not user_id.isascii() or not user_id.isdigit():
                raise Invalid(field="user", reason="is not a member of the team.")
            remove_staff(ctx, seller_id=seller_id, user_id=int(user_id))
            return back("/seller/team", "removed")
        add_staff(
            ctx, seller_id=seller_id, email=request.POST.get("email", ""), role=request.POST.get("role", "")
        )
        return back("/seller/team", "added")
    members = staff_of_seller(ctx, seller_id) if ctx.may("team:write") else []
    return work_page(request, "team.jinja", {"members": members, "me": ctx.actor.user_id})


@door(role="seller", methods="GET POST", writes="keys:write")
def developers(request: HttpRequest) -> HttpResponse:
    """API keys: made with scopes, shown once, ended at once."""
    ctx = context_of(request)
    fresh = None
    if request.method == "POST":
        if request.POST.get("do") == "revoke":
            try:
                key_id = UUID(request.POST.get("key", ""))
            except ValueError as error:
                raise Invalid(field="key", reason="is not a key.") from error
            revoke_api_key(ctx, key_id=key_id)
            return back("/seller/developers", "revoked")
        scopes = [scope for scope in request.POST.getlist("scope") if scope in KEY_SCOPES]
        # Without the form's key: a stored answer would hold the secret.
        fresh = issue_api_key(replace(ctx, key=""), name=request.POST.get("name", ""), scopes=scopes)
    choices = [(scope, gettext(words)) for scope, words in KEY_SCOPES.items() if ctx.may(scope)]
    return work_page(
        request, "developers.jinja", {"keys": api_keys_of(ctx), "fresh": fresh, "choices": choices}
    )
