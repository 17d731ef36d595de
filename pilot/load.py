"""Load the Spain pilot by the rooms' own commands, as if its days had been lived. Running it again changes nothing.

Every step that has a history runs under a key (`pilot:…`): what was done before is answered from memory, so an interrupted load
goes on where it stopped. The last day of the story is the day of the first load; it is read back from the day the first seller joined.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.test.utils import override_settings

from entrepot.catalog.commands import (
    CategoryDraft,
    ProductDraft,
    VariantDraft,
    save_categories,
    save_products,
)
from entrepot.insight.commands import review_market
from entrepot.intake.adapters.postgres import PostgresJournal
from entrepot.intake.commands import use
from entrepot.intake.inprocess import InProcess
from entrepot.intake.queries import database_dsn
from entrepot.inventory.commands import StockDraft, open_location, save_stock
from entrepot.inventory.queries import locations_of
from entrepot.kit import clock, outbox
from entrepot.kit.command import command
from entrepot.kit.context import Context, system_context
from entrepot.kit.errors import NotFound
from entrepot.kit.models import OutboxFact
from entrepot.markets.commands import launch_market
from entrepot.markets.queries import market_by_code
from entrepot.offers.commands import OfferDraft, save_offers
from entrepot.parties.commands import approve_seller, register_seller
from entrepot.parties.queries import seller_by_slug
from pilot import expand, people, trade

MARKET, CURRENCY = "ES", "EUR"
OPENED_DAYS_AGO = 96
ROOM_FOR_ORDERS = 60  # units a variant holds on the first day beyond what is left on the last
_ALONE = ["payments.PaymentRefunded"]
Show = Callable[..., None]
Steps = Callable[[str], AbstractContextManager[Show]]


@dataclass(slots=True)
class Summary:
    """What stands now, and how long it took."""

    sellers: int = 0
    products: int = 0
    variants: int = 0
    offers: int = 0
    orders: int = 0
    reviews: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Story:
    """The loader's clock and everything it has to find again."""

    today: datetime
    at: datetime
    summary: Summary = field(default_factory=Summary)
    sellers: dict[str, UUID] = field(default_factory=dict)
    product_ids: dict[tuple[str, str], UUID] = field(default_factory=dict)
    variant_ids: dict[tuple[str, str], UUID] = field(default_factory=dict)
    offers: dict[UUID, Any] = field(default_factory=dict)  # variant → saved offer
    reactions: dict[str, Any] = field(default_factory=dict)
    shopper: int | None = None  # the user id of the pilot's own shopper
    opened_days_ago: int = OPENED_DAYS_AGO

    def now(self) -> datetime:
        """The instant the story is at."""
        return self.at

    def go(self, at: datetime) -> None:
        """Time only goes on."""
        self.at = max(self.at, at)

    def days_ago(self, days: float) -> datetime:
        """That many days before the last one."""
        return self.today - timedelta(days=days)

    def ctx(self, key: str = "") -> Context:
        """The system acts, now in the story."""
        return system_context(at=self.at, cause="pilot", key=f"pilot:{key}" if key else "")

    def tell(self) -> int:
        """Run the reactions to every open fact. Raises RuntimeError when one fails: the pilot's story has no failures."""
        closed = 0
        while OutboxFact.objects.filter(done_at=None).exists():
            found = tell_facts(self.ctx(), reactions=self.reactions) or outbox.relay(self.reactions)
            if not found:
                stuck = OutboxFact.objects.filter(done_at=None).order_by("id")[0]
                raise RuntimeError(f"The reactions to {stuck.kind} failed: {stuck.last_error}")
            closed += found
        return closed


@command(scope="pilot:load")
def tell_facts(ctx: Context, *, reactions: dict[str, Any]) -> int:
    """The relay's work for many facts in one transaction: reactions join this command, and the facts close with it.

    Returns how many were closed. Facts whose reactions keep their own books (`_ALONE`) are left to the relay.
    """
    facts = list(
        OutboxFact.objects.filter(done_at=None, parked=False).exclude(kind__in=_ALONE).order_by("id")[:500]
    )
    for fact in facts:
        for name, fact_type, function in reactions.get(fact.kind, []):
            own = replace(ctx, at=max(fact.at, ctx.at), cause=f"fact:{fact.pk}", key=f"fact:{fact.pk}:{name}")
            function(own, msgspec.convert(fact.body, fact_type))
    OutboxFact.objects.filter(id__in=[fact.pk for fact in facts]).update(done_at=ctx.at)
    return len(facts)


def load(step: Steps) -> Summary:
    """Bring the pilot to its last day. `step(name)` opens a progress line; calling it shows (done, total).

    Raises what a command refuses: the pilot's data is ours, so a refusal is a bug and must not be passed over.
    """
    began = time.monotonic()
    if people.user_id_of("Operator") is not None:
        return Summary()
    with _past() as story:
        with step("sellers") as show:
            _load_market(story)
            _load_sellers(story, show)
            people.load_people(
                story.now(), story.sellers.__getitem__, roles={"Shopper", "Seller", "Developer", "Hub"}
            )
            story.shopper = people.user_id_of("Shopper")
        with step("products") as show:
            _load_products(story, show)
        with step("offers and stock") as show:
            _load_offers(story, show)
            _load_stock(story, show)
        with step("90 days of orders") as show:
            trade.trade(story, show)
        with step("reviews") as show:
            trade.review(story, show)
            story.go(story.today)
            save_stock(story.ctx("stock:last"), drafts=stock_drafts(story, 0), reason="counted")
            story.tell()
            trade.count_visits(story)
            review_market(story.ctx(), code=MARKET)
            # last, so that this login says that everything else stands
            people.load_people(story.now(), story.sellers.__getitem__, roles={"Operator"})
    story.summary.seconds = time.monotonic() - began
    return story.summary


def _first_day() -> datetime | None:
    """When the first seller joined: the beginning of a story that was begun before."""
    try:
        return seller_by_slug(expand.sellers()[0].slug).joined_at
    except NotFound:
        return None


def open_journal() -> PostgresJournal:
    """The real journal: what the pilot sold stands in it like any other sale."""
    return PostgresJournal(database_dsn())


@contextmanager
def _past() -> Iterator[Story]:
    """A story whose clock is the loader's, with an order intake in this process that writes the real journal."""
    from entrepot.app.projection import projector
    from entrepot.app.worker import reactions_by_fact

    real = clock.now()
    opened = _first_day()
    today = opened + timedelta(days=OPENED_DAYS_AGO) if opened else real - timedelta(minutes=5)
    story = Story(today=today, at=today - timedelta(days=OPENED_DAYS_AGO), reactions=reactions_by_fact())
    with connection.cursor() as cursor:
        cursor.execute(
            "SET synchronous_commit = off"
        )  # a crash may lose the last steps; they are loaded again
    journal = open_journal()
    try:
        # The mails of days that are past went to mailboxes that do not exist; their texts are kept with the orders.
        with (
            clock.told_by(story.now),
            override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"),
        ):
            with use(InProcess(story.now, journal=journal, after=projector().run_once)):
                yield story
    finally:
        journal.close()
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")


def _load_market(story: Story) -> None:
    if not market_by_code(MARKET).is_open:
        launch_market(story.ctx(), code=MARKET)
    save_categories(
        story.ctx(),
        drafts=[
            CategoryDraft(row.slug, row.names, row.parent, row.vat_goods, row.position, row.motif)
            for row in expand.categories()
        ],
    )


def _load_sellers(story: Story, show: Show) -> None:
    rows = expand.sellers()
    for i, row in enumerate(rows):
        try:
            seller = seller_by_slug(row.slug)
            seller_id, is_draft = seller.id, seller.state == "draft"
        except NotFound:
            seller_id = register_seller(
                story.ctx(), slug=row.slug, display_name=row.name, legal_name=row.legal_name,
                trader_type="company", country=row.country, profile=row.profile,
            )  # fmt: skip
            is_draft = True
        if is_draft:
            approve_seller(story.ctx(), seller_id=seller_id)
        story.sellers[row.slug] = seller_id
        known = {place.code for place in locations_of(story.ctx(), seller_id)}
        for position, place in enumerate(row.places):
            if place.code not in known:
                open_location(
                    story.ctx(), seller_id=seller_id, code=place.code, name=place.name, country=place.country,
                    postcode=place.postcode, position=position,
                )  # fmt: skip
        show(i + 1, len(rows))
    story.summary.sellers = len(rows)


def _load_products(story: Story, show: Show) -> None:
    rows = expand.products()
    for start in range(0, len(rows), 150):
        part = rows[start : start + 150]
        saved = save_products(
            story.ctx(),
            drafts=[
                ProductDraft(
                    story.sellers[row.seller], row.handle, category=row.category, brand=row.brand, title=row.title,
                    description=row.description, attributes=row.attributes, hs6=row.hs6, origin_country=row.origin,
                    vat_goods=row.vat_goods, safety=row.safety, ingredients=row.ingredients,
                    manufacturer=row.manufacturer, motif=row.motif, motif_seed=row.seed, state="active",
                    variants=tuple(
                        VariantDraft(
                            v.sku, v.gtin, v.options, v.weight_g, v.length_mm, v.width_mm, v.height_mm, v.content_amount,
                            v.content_unit, position, is_active=True,
                        )
                        for position, v in enumerate(row.variants)
                    ),
                )
                for row in part
            ],
        )  # fmt: skip
        for row, answer in zip(part, saved, strict=True):
            story.product_ids[row.seller, row.handle] = answer.product_id
            for sku, variant_id in answer.variant_ids.items():
                story.variant_ids[row.seller, sku] = variant_id
        show(start + len(part), len(rows))
    story.summary.products = len(rows)
    story.summary.variants = len(story.variant_ids)


def price_then(price_minor: int, percent: int) -> int:
    """What a variant cost when its price stood at that percentage of today's, with a shop's ending."""
    return price_minor if percent == 100 else expand.price_ending(price_minor * percent / 100)


def offer_draft(
    story: Story, row: expand.ProductData, variant: expand.VariantData, percent: int
) -> OfferDraft:
    """The promise of a variant at that percentage of today's price."""
    seller = next(each for each in expand.sellers() if each.slug == row.seller)
    return OfferDraft(
        story.sellers[row.seller], story.variant_ids[row.seller, variant.sku], story.product_ids[row.seller, row.handle],
        MARKET, price_minor=price_then(variant.price_minor, percent), currency=CURRENCY, handling_days=row.handling_days,
        ships_from_country=seller.profile["ships_from_country"], ships_from_postcode=seller.profile["ships_from_postcode"],
        limit_per_buyer=row.limit_per_buyer,
    )  # fmt: skip


def price_days() -> list[int]:
    """The days on which prices change, the oldest first."""
    return sorted({days for row in expand.products() for days, _ in row.prices}, reverse=True)


def _load_offers(story: Story, show: Show) -> None:
    """Everything goes on sale on the first day; prices move on their own days (`change_prices`)."""
    first = price_days()[0]
    rows = expand.products()
    for start in range(0, len(rows), 200):
        drafts = [
            offer_draft(story, row, variant, row.prices[0][1])
            for row in rows[start : start + 200]
            for variant in row.variants
        ]
        for saved in save_offers(story.ctx(f"offers:{first}:{start}"), drafts=drafts):
            story.offers[saved.variant_id] = saved
        show(start + len(drafts), len(rows))
    story.summary.offers = len(story.offers)


def change_prices(story: Story, day: int) -> None:
    """The new prices of that many days ago."""
    drafts = [
        offer_draft(story, row, variant, percent)
        for row in expand.products()
        for days, percent in row.prices[1:]
        if days == day
        for variant in row.variants
    ]
    if drafts:
        save_offers(story.ctx(f"offers:{day}"), drafts=drafts)


def stock_drafts(story: Story, more: int) -> list[StockDraft]:
    """What lies at each place on the last day, and `more` at the first place."""
    places = {
        slug: {place.code: place.id for place in locations_of(story.ctx(), id_)}
        for slug, id_ in story.sellers.items()
    }
    codes = {row.slug: [place.code for place in row.places] for row in expand.sellers()}
    return [
        StockDraft(
            story.sellers[row.seller], story.variant_ids[row.seller, variant.sku], places[row.seller][code],
            quantity=quantity + (more if position == 0 else 0),
        )
        for row in expand.products()
        for variant in row.variants
        for position, (code, quantity) in enumerate(zip(codes[row.seller], variant.stock, strict=True))
    ]  # fmt: skip


def _load_stock(story: Story, show: Show) -> None:
    drafts = stock_drafts(story, ROOM_FOR_ORDERS)
    for start in range(0, len(drafts), 500):
        save_stock(story.ctx(f"stock:{start}"), drafts=drafts[start : start + 500], reason="opening stock")
        show(start, len(drafts))
    story.tell()
