"""What stands in a cart and what it costs now."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Sum

from entrepot.kit.context import Context
from entrepot.markets.queries import pack
from entrepot.orders.models import Cart
from entrepot.orders.pricing import Priced, PricedLine, Problem, SellerGroup, Wish, price_wishes

__all__ = ["CartView", "PricedLine", "Problem", "SellerGroup", "cart_quantity", "cart_view"]


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart by seller. `token` is empty when there is none yet. Sums in minor units of `currency`, all taxes contained."""

    token: str
    market: str
    language: str
    postcode: str
    quantity: int
    priced: Priced

    @property
    def groups(self) -> tuple[SellerGroup, ...]:
        """What each seller sends, with its lines, dates and sums."""
        return self.priced.groups

    @property
    def currency(self) -> str:
        """The market's currency."""
        return self.priced.currency

    @property
    def is_orderable(self) -> bool:
        """Whether nothing stands in the way of checking out."""
        return self.quantity > 0 and not self.priced.problems


def cart_view(ctx: Context, *, token: str = "", market: str = "", postcode: str = "") -> CartView:
    """The cart of this buyer, or behind this token, priced now for a place. At most 12 SQL statements.

    Lines that cannot be had carry their problem and stay out of the sums. Refuses: MixedCurrencies, SumTooLarge.
    """
    cart = _cart(ctx, token, market)
    if cart is None:
        place, currency = (pack(market).code, pack(market).currency) if market else ("", "")
        return CartView("", place, "", postcode, 0, Priced(place, currency, False, (), 0, 0, 0, 0, 0))
    lines = list(cart.lines.order_by("added_at", "id"))
    return CartView(
        token=cart.token,
        market=cart.market,
        language=cart.language,
        postcode=postcode,
        quantity=sum(line.quantity for line in lines),
        priced=price_wishes(
            [Wish(line.offer_id, line.quantity, line.noted_price_minor) for line in lines],
            market=cart.market,
            at=ctx.at,
            postcode=postcode,
        ),
    )


def cart_quantity(ctx: Context, *, token: str = "", market: str = "") -> int:
    """How many pieces are in the cart, for the badge. At most two SQL statements; none for a guest without a token."""
    cart = _cart(ctx, token, market)
    if cart is None:
        return 0
    return int(cart.lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0)


def _cart(ctx: Context, token: str, market: str) -> Cart | None:
    if ctx.actor.kind == "buyer":
        rows = Cart.objects.of(ctx).filter(buyer_id=ctx.actor.party_id)
    elif token:
        rows = Cart.objects.of(ctx, token).filter(buyer_id=None)
    else:
        return None
    found = (rows.filter(market=market.upper()) if market else rows.order_by("-updated_at")).first()
    return found if isinstance(found, Cart) else None
