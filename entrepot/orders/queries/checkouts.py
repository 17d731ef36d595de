"""A checkout as its page shows it, and whether it can be placed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.markets.queries import address_form, pack
from entrepot.orders.models import Purchase
from entrepot.orders.policy import Contact, Missing, clean_contact, missing_of
from entrepot.orders.pricing import Priced, SellerGroup, price_purchase
from entrepot.orders.readiness import Readiness, contact_of, faults_of, place_in, readiness_of
from entrepot.payments.queries import payment_methods

__all__ = [
    "CheckoutView",
    "Contact",
    "Missing",
    "Readiness",
    "checkout_readiness",
    "checkout_view",
    "contact_errors",
]


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A checkout with everything its page needs; once it is placed, `state` sends people to the purchase."""

    id: UUID
    token: str
    state: str
    market: str
    language: str
    contact: Contact
    priced: Priced
    readiness: Readiness
    payment_methods: tuple[str, ...]

    @property
    def groups(self) -> tuple[SellerGroup, ...]:
        """One parcel a seller, each with its options of delivery."""
        return self.priced.groups


def checkout_view(ctx: Context, *, token: str = "", checkout_id: UUID | None = None) -> CheckoutView:
    """The checkout behind a token (a guest's link), or one of the asker's own. Refuses: NotFound."""
    purchase = _checkout(ctx, token, checkout_id)
    priced = price_purchase(purchase, ctx.at)
    return CheckoutView(
        id=purchase.id,
        token=purchase.token,
        state=purchase.state,
        market=purchase.market,
        language=purchase.language,
        contact=contact_of(purchase),
        priced=priced,
        readiness=readiness_of(purchase, priced),
        payment_methods=payment_methods(purchase.market),
    )


def checkout_readiness(ctx: Context, *, checkout_id: UUID, token: str = "") -> Readiness:
    """Everything that is missing before this checkout can be placed. Refuses: NotFound."""
    purchase = _checkout(ctx, token, checkout_id)
    return readiness_of(purchase, price_purchase(purchase, ctx.at))


def contact_errors(contact: Contact, *, market: str) -> dict[str, str]:
    """What a form says beside its fields before it is sent on: wrong and missing, field → sentence. No SQL."""
    place = pack(market)
    tidy = place_in(clean_contact(contact), place)
    missing = {gap.field: gap.sentence for gap in missing_of(tidy, place.address_required)}
    if not address_form(place.code).has("region"):  # nobody is asked for it: the postcode tells it
        missing.pop("region", None)
    return missing | faults_of(tidy, place)


def _checkout(ctx: Context, token: str, checkout_id: UUID | None) -> Purchase:
    rows = Purchase.objects.of(ctx, token)
    if checkout_id is not None:
        rows = rows.filter(id=checkout_id)
    elif not token:
        rows = rows.none()
    purchase = rows.first()
    if not isinstance(purchase, Purchase):
        raise NotFound(what="checkout")
    return purchase
