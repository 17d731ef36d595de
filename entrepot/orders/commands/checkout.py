"""Checkouts: an open purchase that collects who, where and how, until it is placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.kit.ids import new_id, new_token
from entrepot.markets.queries import pack, region_behind
from entrepot.orders.errors import CartEmpty, CheckoutClosed, FieldsInvalid
from entrepot.orders.models import Cart, Purchase
from entrepot.orders.policy import Contact, clean_contact
from entrepot.orders.pricing import price_purchase
from entrepot.orders.readiness import faults_of, place_in
from entrepot.parties.queries import addresses_of, person_by_user


@dataclass(frozen=True, slots=True)
class CheckoutRef:
    """A checkout: its id for commands, its token for the address of its page (a guest's only key)."""

    id: UUID
    token: str
    state: str


@command(scope="orders:place")
def start_checkout(
    ctx: Context, *, token: str = "", market: str = "", language: str = "", channel: str = "web"
) -> CheckoutRef:
    """Begin to check out the cart of this token or buyer, or go on with the checkout it already has.

    What was filled in before is kept; the lines are those of the cart now. `channel` is the door: web or api.
    Refuses: CartEmpty.
    """
    rows = (
        Cart.objects.of(ctx).filter(buyer_id=ctx.actor.party_id)
        if ctx.actor.kind == "buyer"
        else Cart.objects.of(ctx, token).filter(buyer_id=None)
        if token
        else Cart.objects.of(ctx).none()
    )
    if market:
        rows = rows.filter(market=pack(market).code)
    cart = rows.select_for_update().order_by("-updated_at").first()
    wishes = list(cart.lines.order_by("added_at", "id").values_list("offer_id", "quantity")) if cart else []
    if cart is None or not wishes:
        raise CartEmpty()
    as_json = [{"offer_id": str(offer_id), "quantity": quantity} for offer_id, quantity in wishes]
    # The cart's row is locked, so two clicks at once make one checkout.
    purchase = _going_on(ctx, cart)
    if purchase is None:
        return _new_checkout(ctx, cart, as_json, language, channel)
    if purchase.state == "open":
        purchase.wishes, purchase.updated_at = as_json, ctx.at
        purchase.language = language or purchase.language
        if purchase.is_guest and ctx.actor.kind == "buyer" and ctx.actor.party_id:
            purchase.buyer_id, purchase.is_guest = ctx.actor.party_id, False
        purchase.save()
    return CheckoutRef(purchase.id, purchase.token, purchase.state)


@command(scope="orders:place")
def set_checkout_address(
    ctx: Context,
    *,
    checkout_id: UUID,
    token: str = "",
    email: str = "",
    name: str = "",
    phone: str = "",
    line1: str = "",
    line2: str = "",
    postcode: str = "",
    city: str = "",
    region: str = "",
) -> CheckoutRef:
    """Store who receives the parcels and where; empty fields may come later, wrong ones are all named at once.

    The region is filled in from the postcode where that says it. Refuses: NotFound, CheckoutClosed, FieldsInvalid.
    """
    purchase = _open_checkout(ctx, checkout_id, token)
    place = pack(purchase.market)
    contact = place_in(
        clean_contact(Contact(email, name, phone, line1, line2, postcode, city, region)), place
    )
    wrong = faults_of(contact, place)
    if wrong:
        raise FieldsInvalid(fields=", ".join(wrong), errors=wrong)
    purchase.email, purchase.name, purchase.phone = contact.email, contact.name, contact.phone
    purchase.address = {
        "line1": contact.line1,
        "line2": contact.line2,
        "postcode": contact.postcode.upper(),
        "city": contact.city,
        "region": contact.region,
        "country": place.code,
    }
    purchase.updated_at = ctx.at
    purchase.save(update_fields=["email", "name", "phone", "address", "updated_at"])
    return CheckoutRef(purchase.id, purchase.token, purchase.state)


@command(scope="orders:place")
def choose_delivery(
    ctx: Context, *, checkout_id: UUID, seller_id: UUID, service: str, token: str = ""
) -> CheckoutRef:
    """Choose how one seller's parcel comes. Refuses: NotFound (no such seller in it), CheckoutClosed, Invalid (service)."""
    purchase = _open_checkout(ctx, checkout_id, token)
    priced = price_purchase(purchase, ctx.at)
    group = next((each for each in priced.groups if each.seller_id == seller_id), None)
    if group is None:
        raise NotFound(what="seller in this checkout")
    if service not in {each.service for each in group.options}:
        raise Invalid(
            field="service",
            reason=Sentence("“{service}” is not offered for this parcel.", service=service[:40]),
            hint=Sentence("Choose one of: {known}.", known=", ".join(each.service for each in group.options)),
        )
    purchase.delivery = purchase.delivery | {str(seller_id): service}
    purchase.updated_at = ctx.at
    purchase.save(update_fields=["delivery", "updated_at"])
    return CheckoutRef(purchase.id, purchase.token, purchase.state)


def _going_on(ctx: Context, cart: Cart) -> Purchase | None:
    """The checkout this cart already has, locked."""
    if not cart.checkout_token:
        return None
    rows = Purchase.objects.of(ctx, cart.checkout_token).select_for_update()
    return rows.filter(state__in=["open", "placing"]).first()


def _new_checkout(
    ctx: Context, cart: Cart, wishes: list[dict[str, Any]], language: str, channel: str
) -> CheckoutRef:
    party_id = ctx.actor.party_id if ctx.actor.kind == "buyer" else None
    known: dict[str, Any] = {}
    if party_id and ctx.actor.user_id:
        person = person_by_user(ctx.actor.user_id)
        known = {"email": person.email, "name": person.name}
        here = next((each for each in addresses_of(ctx) if each.country == cart.market), None)
        if here:
            known |= {"name": here.name, "phone": here.phone, "address": {
                "line1": here.line1, "line2": here.line2, "postcode": here.postcode, "city": here.city,
                "region": here.region or region_behind(here.country, here.postcode), "country": here.country,
            }}  # fmt: skip
    purchase = Purchase.objects.create(
        token=new_token(),
        cart_id=cart.id,
        buyer_id=party_id or new_id(),
        is_guest=party_id is None,
        market=cart.market,
        language=language or cart.language,
        currency=pack(cart.market).currency,
        channel=channel,
        wishes=wishes,
        created_at=ctx.at,
        updated_at=ctx.at,
        **known,
    )
    cart.checkout_token = purchase.token
    cart.save(update_fields=["checkout_token"])
    return CheckoutRef(purchase.id, purchase.token, purchase.state)


def _open_checkout(ctx: Context, checkout_id: UUID, token: str) -> Purchase:
    purchase = Purchase.objects.of(ctx, token).select_for_update().filter(id=checkout_id).first()
    if purchase is None:
        raise NotFound(what="checkout")
    if purchase.state != "open":
        raise CheckoutClosed(state=purchase.state)
    return purchase
