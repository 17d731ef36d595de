"""Builds worlds for tests by calling commands, never by inserting rows. Small builders, append only."""

from __future__ import annotations

import csv
import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from entrepot.kit.context import Context, system_context
from entrepot.parties import commands as parties
from entrepot.parties.queries import actor_for_user, guest

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
MAKER = {
    "name": "Alfar de Prueba S.L.",
    "address": "Calle del Barro 2, 28013 Madrid, ES",
    "email": "hola@alfar.example",
}
RESPONSIBLE = {
    "name": "Persona S.L.",
    "address": "Gran Vía 1, 28013 Madrid",
    "email": "rp@persona.example",
    "country": "ES",
}
_count = itertools.count(1)


def system(*, at: datetime = NOW, key: str = "") -> Context:
    """The system acts, with every scope."""
    return system_context(at=at, cause="test", key=key)


def visitor(*, at: datetime = NOW) -> Context:
    """Somebody we do not know."""
    actor, scopes = guest()
    return Context(actor=actor, at=at, scopes=scopes, cause="test")


def person(email: str = "", *, name: str = "Ana Prueba") -> parties.CreatedAccount:
    """An account with PASSWORD."""
    email = email or f"person{next(_count)}@example.es"
    return parties.create_account(visitor(), email=email, password=PASSWORD, name=name)


def buyer(user_id: int | None = None, *, at: datetime = NOW) -> Context:
    """A signed-in buyer (a new one without `user_id`)."""
    actor, scopes = actor_for_user(user_id or person().user_id)
    return Context(actor=actor, at=at, scopes=scopes, cause="test")


def operator(role: str = "manager", *, at: datetime = NOW) -> Context:
    """One of our own people with this role."""
    email = f"{role}{next(_count)}@entrepot.example"
    account = person(email, name=role.title())
    parties.grant_operator_role(system(), email=email, role=role)
    actor, scopes = actor_for_user(account.user_id, as_operator=True)
    return Context(actor=actor, at=at, scopes=scopes, cause="test")


SOUND: dict[str, Any] = {"manufacturer": MAKER, "motif": "cup", "hs6": "392410"}


def seller(
    slug: str = "", *, state: str = "approved", country: str = "ES", owner_user_id: int | None = None
) -> UUID:
    """A seller with a whole profile."""
    slug = slug or f"tienda-{next(_count)}"
    seller_id = parties.register_seller(
        system(),
        slug=slug,
        display_name=slug.replace("-", " ").title(),
        legal_name=f"{slug} S.L.",
        trader_type="company",
        country=country,
        owner_user_id=owner_user_id,
        profile={
            "address": "Calle Mayor 1", "postcode": "28013", "city": "Madrid", "email": f"{slug}@example.es",
            "phone": "+34910000000", "register_no": "M-123456", "ships_from_postcode": "28013",
            "ships_from_city": "Madrid", "iban": "ES9121000418450200051332",
            "responsible_person": RESPONSIBLE,
        },
    )  # fmt: skip
    if state != "draft":
        parties.approve_seller(system(), seller_id=seller_id)
    if state == "suspended":
        parties.suspend_seller(system(), seller_id=seller_id, reason="A test")
    return seller_id


def staff(seller_id: UUID, role: str = "owner", *, at: datetime = NOW) -> Context:
    """A new member of the seller's team, acting for the seller."""
    email = f"{role}{next(_count)}@example.es"
    account = person(email, name=role.title())
    parties.add_staff(system(), seller_id=seller_id, email=email, role=role)
    actor, scopes = actor_for_user(account.user_id, as_seller=seller_id)
    return Context(actor=actor, at=at, scopes=scopes, cause="test")


def shelf_of_goods() -> None:
    """Two categories: home, and kitchen below it; and groceries."""
    from entrepot.catalog.commands import CategoryDraft, save_categories

    save_categories(
        system(),
        drafts=[
            CategoryDraft("home", {"en": "Home", "es": "Hogar"}),
            CategoryDraft("kitchen", {"en": "Kitchen", "es": "Cocina"}, parent="home"),
            CategoryDraft("groceries", {"en": "Groceries", "es": "Alimentación"}, vat_goods="food"),
        ],
    )


def product(
    seller_id: UUID,
    handle: str = "",
    *,
    price_minor: int = 1990,
    quantity: int = 5,
    market: str = "ES",
    at: datetime = NOW,
    skus: tuple[str, ...] = ("",),
    **values: object,
) -> UUID:
    """A product on sale: active, with an offer for each variant and stock at the seller's first location.

    `values` are fields of a ProductDraft. The intake is told by the facts: run the relay to have it counted.
    """
    from entrepot.catalog.commands import ProductDraft, VariantDraft, save_products
    from entrepot.catalog.queries import categories
    from entrepot.inventory.commands import StockDraft, open_location, save_stock
    from entrepot.inventory.queries import locations_of
    from entrepot.markets.queries import pack
    from entrepot.offers.commands import OfferDraft, save_offers

    handle = handle or f"thing-{next(_count)}"
    ctx = system(at=at)
    if "kitchen" not in categories().by_slug:
        shelf_of_goods()
    draft = {
        "category": "kitchen",
        "title": {"es": f"Cosa {handle}", "en": f"Thing {handle}"},
        "state": "active",
        "origin_country": "ES",
        "hs6": "691110",
        "manufacturer": MAKER,
        "motif": "cup",
        "variants": tuple(VariantDraft(sku=f"{handle}{sku}".upper(), weight_g=400) for sku in skus),
    } | values
    saved = save_products(ctx, drafts=[ProductDraft(seller_id, handle, **draft)])[0]  # type: ignore[arg-type]
    places = locations_of(ctx, seller_id)
    place = (
        places[0].id
        if places
        else open_location(
            ctx, seller_id=seller_id, code="MAIN", name="Almacén", country="ES", postcode="28013"
        )
    )
    save_offers(
        ctx,
        drafts=[
            OfferDraft(
                seller_id,
                variant,
                saved.product_id,
                market,
                price_minor=price_minor,
                currency=pack(market).currency,
            )
            for variant in saved.variant_ids.values()
        ],
    )
    save_stock(
        ctx,
        drafts=[
            StockDraft(seller_id, variant, place, quantity=quantity) for variant in saved.variant_ids.values()
        ],
    )
    return saved.product_id


@contextmanager
def rules_in(folder: Path) -> Iterator[Callable[..., None]]:
    """Tax and customs rules read from a copy in `folder`; yields `add(file, like, **values)`: one new row made of an old one.

    `like` are the values that tell the old row; what was remembered of the tables is forgotten before and after.
    """
    from entrepot.landedcost import bulk, headings
    from entrepot.landedcost import tables as duties
    from entrepot.markets import queries, tables
    from entrepot.storefront import pricing

    def forget() -> None:
        for module in (tables, queries, duties, headings, bulk, pricing):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()

    def add(file: str, like: dict[str, str], **values: str) -> None:
        with (folder / file).open(newline="", encoding="utf-8") as read:
            rows = [row for row in csv.DictReader(read) if like.items() <= row.items()]
        with (folder / file).open("a", newline="", encoding="utf-8") as write:
            csv.DictWriter(write, list(rows[0])).writerow(rows[0] | values)
        forget()

    homes = {room: room.RULES for room in (tables, duties)}
    for room, home in homes.items():
        shutil.copytree(home, folder, dirs_exist_ok=True)
        room.RULES = folder
    forget()
    try:
        yield add
    finally:
        for room, home in homes.items():
            room.RULES = home
        forget()


def open_market(code: str = "ES") -> None:
    """A market where shoppers can buy."""
    from entrepot.markets.commands import launch_market

    launch_market(system(), code=code)


def relay() -> int:
    """Run every reaction to every open fact, as the worker does; returns how many facts were closed.

    A reaction that fails fails the test.
    """
    from entrepot.app.worker import reactions_by_fact
    from entrepot.kit import outbox
    from entrepot.kit.models import OutboxFact

    reactions = reactions_by_fact()
    closed = 0
    while found := outbox.relay(reactions):
        closed += found
    stuck = OutboxFact.objects.filter(done_at=None).first()
    assert stuck is None, f"{stuck.kind}: {stuck.last_error}"
    return closed


@contextmanager
def intake(clock: Callable[[], datetime] = lambda: NOW) -> Iterator[Any]:
    """An order intake in this process whose decisions stand in the tables at once."""
    from entrepot.intake.commands import use
    from entrepot.intake.inprocess import InProcess
    from entrepot.intake.projector import Projector
    from entrepot.inventory.projection import project_stock
    from entrepot.orders.projection import project_orders

    projector = Projector([project_stock, project_orders])
    with use(InProcess(clock, after=projector.run_once)) as client:
        yield client


def offer_of(product_id: UUID, market: str = "ES") -> Any:
    """The first offer of a product."""
    from entrepot.offers.queries import offers_for_products

    return offers_for_products(market, [product_id])[product_id][0]


def offer(seller_id: UUID, *, at: datetime = NOW, **values: Any) -> Any:
    """A product on sale whose stock the intake has counted (needs `intake`); its offer."""
    product_id = product(seller_id, at=at, **values)
    relay()
    return offer_of(product_id, values.get("market", "ES"))


def checkout(
    ctx: Context,
    wishes: Mapping[UUID, int],
    *,
    market: str = "ES",
    postcode: str = "28013",
    channel: str = "web",
) -> Any:
    """A checkout with everything filled in, by offer id and quantity; ready to be placed."""
    from entrepot.orders.commands import add_to_cart, set_checkout_address, start_checkout

    token = ""
    for offer_id, quantity in wishes.items():
        token = add_to_cart(ctx, market=market, offer_id=offer_id, quantity=quantity, token=token).token
    ref = start_checkout(ctx, token=token, market=market, channel=channel)
    return set_checkout_address(
        ctx,
        checkout_id=ref.id,
        token=ref.token,
        email="ana@example.es",
        name="Ana Prueba",
        phone="+34 612 345 678",
        line1="Calle Mayor 1",
        postcode=postcode,
        city="Madrid",
    )


def placed(ctx: Context, wishes: Mapping[UUID, int], **values: Any) -> Any:
    """A placed purchase (its PlacedPurchase); its facts have been told."""
    from entrepot.orders.commands import place_purchase

    ref = checkout(ctx, wishes, **values)
    answer = place_purchase(ctx, checkout_id=ref.id, token=ref.token)
    relay()
    return answer


def paid(ctx: Context, wishes: Mapping[UUID, int], **values: Any) -> Any:
    """A placed purchase that the sandbox's card has paid (its PlacedPurchase); its facts have been told."""
    answer = placed(ctx, wishes, **values)
    pay(ctx, answer)
    return answer


def pay(ctx: Context, answer: Any, *, card: str = "4242 4242 4242 4242") -> None:
    """Pay a placed purchase at the sandbox, through its page, and come back."""
    from django.conf import settings
    from django.test import Client

    from entrepot.orders.commands import pay_purchase

    started = pay_purchase(
        ctx,
        purchase_id=answer.purchase_id,
        token=answer.token,
        method="card",
        return_url=f"{settings.BASE_URL}/es-es/purchase/{answer.token}",
    )
    browser = Client()
    there = browser.post(started.redirect_url, {"number": card, "expiry": "12/39", "cvc": "123"})
    browser.get(there["Location"])
    relay()


def shipped(ctx: Context, wishes: Mapping[UUID, int], **values: Any) -> Any:
    """A paid purchase whose orders the carrier has."""
    from entrepot.kit import clock
    from entrepot.orders.commands import mark_shipped

    answer = paid(ctx, wishes, **values)
    for order in answer.orders:
        mark_shipped(system(at=clock.now()), order_id=order.order_id)
    relay()
    return answer


def delivered(ctx: Context, wishes: Mapping[UUID, int], *, at: datetime, **values: Any) -> Any:
    """A shipped purchase whose parcels arrived at `at` (later than now by the clock: it is not moved)."""
    from entrepot.orders.commands import mark_delivered

    answer = shipped(ctx, wishes, **values)
    for order in answer.orders:
        mark_delivered(system(at=at), order_id=order.order_id, delivered_at=at)
    relay()
    return answer
