"""Carts: wishes that hold no stock."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from entrepot.kit import locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import new_token
from entrepot.markets.queries import pack
from entrepot.offers.queries import OfferView, offers_by_id
from entrepot.orders.errors import CartTooLong, MixedCurrencies, OfferNotSold
from entrepot.orders.models import Cart, CartLine
from entrepot.orders.policy import CARTS_KEPT_FOR, MAX_LINES, MAX_QUANTITY, decide_sum, read_quantity


@dataclass(frozen=True, slots=True)
class CartRef:
    """Where the cart is found again: a guest keeps the token. `quantity` is the number of pieces in it."""

    id: UUID
    token: str
    quantity: int


@command(scope="orders:place")
def add_to_cart(
    ctx: Context,
    *,
    market: str,
    offer_id: UUID,
    quantity: int | str = 1,
    token: str = "",
    language: str = "",
) -> CartRef:
    """Put an offer into the cart of this token, or of this buyer, or into a new one; twice adds up.

    Refuses: Invalid (quantity), OfferNotSold, MixedCurrencies, CartTooLong, SumTooLarge.
    """
    count = read_quantity(quantity)
    place = pack(market)
    offer = _sold_offer(ctx, offer_id, place.code)
    if offer.currency != place.currency:
        raise MixedCurrencies(currencies=", ".join(sorted({offer.currency, place.currency})))
    cart = _cart_for(ctx, token, place.code, language or place.default_language)
    line = cart.lines.filter(offer_id=offer_id).first()
    whole = read_quantity((line.quantity if line else 0) + count)
    if line is None and cart.lines.count() >= MAX_LINES:
        raise CartTooLong(most=MAX_LINES)
    decide_sum([(offer.price_minor * whole, offer.currency)])
    # From here on it must succeed.
    if line is None:
        CartLine.objects.create(
            cart=cart, offer_id=offer_id, quantity=whole, noted_price_minor=offer.price_minor, added_at=ctx.at
        )
    else:
        line.quantity, line.noted_price_minor = whole, offer.price_minor
        line.save(update_fields=["quantity", "noted_price_minor"])
    return _touched(ctx, cart)


@command(scope="orders:place")
def set_cart_quantity(
    ctx: Context, *, offer_id: UUID, quantity: int | str, token: str = "", market: str = ""
) -> CartRef:
    """Set how many of an offer that is in the cart; its present price counts as seen.

    Refuses: Invalid (quantity), NotFound (no such cart or line), SumTooLarge.
    """
    count = read_quantity(quantity)
    cart = _own_cart(ctx, token, market)
    line = cart.lines.filter(offer_id=offer_id).first()
    if line is None:
        raise NotFound(what="line")
    offer = offers_by_id([offer_id]).get(offer_id)
    price_minor = offer.price_minor if offer else line.noted_price_minor
    decide_sum([(price_minor * count, offer.currency if offer else "")])
    line.quantity, line.noted_price_minor = count, price_minor
    line.save(update_fields=["quantity", "noted_price_minor"])
    return _touched(ctx, cart)


@command(scope="orders:place")
def remove_from_cart(ctx: Context, *, offer_id: UUID, token: str = "", market: str = "") -> CartRef:
    """Take an offer out of the cart; one that is not in it changes nothing. Refuses: NotFound (no such cart)."""
    cart = _own_cart(ctx, token, market)
    cart.lines.filter(offer_id=offer_id).delete()
    return _touched(ctx, cart)


@command(scope="orders:place")
def claim_cart(ctx: Context, *, token: str) -> CartRef:
    """After signing in: a guest's cart becomes the buyer's, or is merged into the one the buyer has in that market.

    Refuses: NotFound (no such cart, or somebody else's).
    """
    if ctx.actor.party_id is None:
        raise NotFound(what="cart")
    cart = Cart.objects.of(ctx, token).select_for_update().first()
    if cart is None or cart.buyer_id not in (None, ctx.actor.party_id):
        raise NotFound(what="cart")
    if cart.buyer_id is not None:
        return _ref(cart)
    locks.hold(f"orders:cart:{ctx.actor.party_id}")
    own = Cart.objects.of(ctx).filter(buyer_id=ctx.actor.party_id, market=cart.market).first()
    if own is None:
        cart.buyer_id = ctx.actor.party_id
        cart.save(update_fields=["buyer_id"])
        return _touched(ctx, cart)
    there = {line.offer_id: line for line in own.lines.all()}
    for line in cart.lines.order_by("added_at", "id"):
        if line.offer_id in there:
            kept = there[line.offer_id]
            kept.quantity = min(kept.quantity + line.quantity, MAX_QUANTITY)
            kept.save(update_fields=["quantity"])
        elif len(there) < MAX_LINES:
            line.cart = own
            line.save(update_fields=["cart"])
            there[line.offer_id] = line
    cart.delete()
    return _touched(ctx, own)


@command(scope="orders:sweep")
def forget_old_carts(ctx: Context) -> int:
    """Delete carts nobody touched for 60 days (at most 500 a run); returns how many."""
    old = Cart.objects.of(ctx).filter(updated_at__lt=ctx.at - CARTS_KEPT_FOR)
    ids = list(old.order_by("updated_at").values_list("id", flat=True)[:500])
    Cart.objects.of(ctx).filter(id__in=ids).delete()
    return len(ids)


def _sold_offer(ctx: Context, offer_id: UUID, market: str) -> OfferView:
    offer = offers_by_id([offer_id]).get(offer_id)
    if offer is None or offer.market != market or offer.state != "active":
        raise OfferNotSold()
    if offer.closes_at and offer.closes_at <= ctx.at:
        raise OfferNotSold()
    return offer


def _cart_for(ctx: Context, token: str, market: str, language: str) -> Cart:
    """The asker's cart in a market, locked; a new one when there is none. An unknown token gets a new cart."""
    if ctx.actor.kind == "buyer":
        locks.hold(f"orders:cart:{ctx.actor.party_id}")
    found = _find_cart(ctx, token, market)
    if found is not None:
        return found
    return Cart.objects.create(
        token=new_token(),
        buyer_id=ctx.actor.party_id if ctx.actor.kind == "buyer" else None,
        market=market,
        language=language,
        created_at=ctx.at,
        updated_at=ctx.at,
    )


def _find_cart(ctx: Context, token: str, market: str) -> Cart | None:
    if ctx.actor.kind == "buyer":
        own = Cart.objects.of(ctx).select_for_update().filter(buyer_id=ctx.actor.party_id)
        return own.filter(market=market).first() if market else own.order_by("-updated_at").first()
    if not token:
        return None
    rows = Cart.objects.of(ctx, token).select_for_update().filter(buyer_id=None)
    return rows.filter(market=market).first() if market else rows.first()


def _own_cart(ctx: Context, token: str, market: str) -> Cart:
    cart = _find_cart(ctx, token, market)
    if cart is None:
        raise NotFound(what="cart")
    return cart


def _touched(ctx: Context, cart: Cart) -> CartRef:
    cart.updated_at = ctx.at
    cart.save(update_fields=["updated_at"])
    return _ref(cart)


def _ref(cart: Cart) -> CartRef:
    return CartRef(cart.id, cart.token, sum(cart.lines.values_list("quantity", flat=True)))
