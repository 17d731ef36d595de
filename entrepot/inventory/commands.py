"""Every write of the inventory. Quantities change here by asking the order intake; the journal is what counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from entrepot.intake.commands import Adjust, Command, Decision, OpenCounter, SetOffer, key_for, submit
from entrepot.inventory import policy
from entrepot.inventory.errors import IntakeRefused, LocationCodeTaken, QuantityOutOfRange, StockShort
from entrepot.inventory.events import CounterChange, StockAdjusted
from entrepot.inventory.models import Location, Stock, StockChange
from entrepot.inventory.queries import counters_for_variants
from entrepot.kit import audit, locks
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.offers.queries import offers_by_id

FACT_SIZE = 1_000
LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)  # an offer that is not active closed long ago


@dataclass(frozen=True, slots=True)
class StockDraft:
    """Say that there are `quantity` (or `delta` more) of a variant at a location; one of the two is given."""

    seller_id: UUID
    variant_id: UUID
    location_id: UUID
    quantity: int | None = None
    delta: int | None = None


@dataclass(frozen=True, slots=True)
class SavedStock:
    """What became of a draft: `new`, `changed` or `same`, the counter, and how many there were and will be."""

    stock_id: UUID
    variant_id: UUID
    counter: int
    outcome: str
    before: int
    after: int


@command(scope="stock:write")
def open_location(
    ctx: Context,
    *,
    seller_id: UUID,
    code: str,
    name: str,
    country: str,
    postcode: str = "",
    position: int = 0,
) -> UUID:
    """Add a place where a seller keeps goods; returns its id. Refuses: NotFound, LocationCodeTaken."""
    _own_sellers(ctx, {seller_id})
    if Location.objects.of(ctx).filter(seller_id=seller_id, code=code).exists():
        raise LocationCodeTaken(code=code)
    row = Location.objects.create(
        seller_id=seller_id, code=code, name=name, country=country, postcode=postcode, position=position
    )
    audit.record(ctx, audit.subject_of(row), {}, {"code": code, "country": country, "postcode": postcode})
    return row.id


@command(scope="stock:write")
def save_stock(ctx: Context, *, drafts: list[StockDraft], reason: str = "counted") -> list[SavedStock]:
    """Set or correct quantities in a fixed number of SQL statements; one answer per draft, in order.

    The intake counts them a moment later (fact StockAdjusted). Saving the same quantities twice changes nothing.
    Refuses: NotFound (another seller's location), QuantityOutOfRange, StockShort.
    """
    _own_sellers(ctx, {draft.seller_id for draft in drafts})
    rows = _rows_of(ctx, drafts)
    saved, changes = [], []
    fresh, moved = [], {}
    for draft in drafts:
        key = (draft.variant_id, draft.location_id)
        row = rows.get(key)
        is_new = row is None
        if row is None:
            row = rows[key] = Stock(
                seller_id=draft.seller_id, variant_id=draft.variant_id, location_id=draft.location_id
            )
            fresh.append(row)
        before = row.on_hand + row.pending
        after = draft.quantity if draft.quantity is not None else before + (draft.delta or 0)
        if not 0 <= after <= policy.HIGHEST:
            if draft.delta is not None and after < 0:
                raise StockShort(left=before, asked=-draft.delta)
            raise QuantityOutOfRange(quantity=after, highest=policy.HIGHEST)
        delta = policy.decide_delta(after, on_hand=row.on_hand, pending=row.pending)
        row.pending += delta
        if is_new or delta:
            moved[row.id] = row
            changes.append((row, delta, is_new))
        saved.append((row, "new" if is_new else "changed" if delta else "same", before, after))
    # From here on it must succeed.
    for row, counter in zip(fresh, _counters(len(fresh)), strict=True):
        row.counter = counter
    _store_changes(ctx, list(moved.values()), changes, reason)
    return [
        SavedStock(row.id, row.variant_id, row.counter, outcome, before, after)
        for row, outcome, before, after in saved
    ]


@command(scope="stock:write")
def set_stock(ctx: Context, *, variant_id: UUID, location_id: UUID, quantity: int) -> SavedStock:
    """Say how many there are, as counted just now. Refuses: NotFound, QuantityOutOfRange."""
    draft = StockDraft(_seller_of(ctx, location_id), variant_id, location_id, quantity=quantity)
    return save_stock(ctx, drafts=[draft])[0]


@command(scope="stock:write")
def adjust_stock(
    ctx: Context, *, variant_id: UUID, location_id: UUID, delta: int, reason: str = "corrected"
) -> SavedStock:
    """Add (or, below zero, take away) a quantity. Refuses: NotFound, StockShort, QuantityOutOfRange."""
    draft = StockDraft(_seller_of(ctx, location_id), variant_id, location_id, delta=delta)
    return save_stock(ctx, drafts=[draft], reason=reason)[0]


@command(scope="stock:write", atomic=False)
def move_stock(
    ctx: Context,
    *,
    variant_id: UUID,
    taken_id: UUID,
    given_id: UUID,
    quantity: int,
    cause: str,
    at: datetime,
    after: str = "",
) -> None:
    """Move what can be sold from one place (`taken_id`) to another: first the intake takes it there, then it gives it here.

    So nothing is ever promised twice; a run that died between the two is finished by the next, and one that was finished
    changes nothing: `cause` and `at` name the move. With `after` it moves back what that cause moved, or nothing. Refuses: NotFound, StockShort (nothing is moved), Busy.
    """
    rows = {row.location_id: row for row in Stock.objects.of(ctx).filter(variant_id=variant_id)}
    taken, given = rows.get(taken_id), rows.get(given_id)
    if taken is None or given is None:
        raise NotFound(what="stock")
    reason = f"moved:{cause}"[:40]
    done = set(
        StockChange.objects.filter(stock=taken, reason__startswith="moved:").values_list("reason", flat=True)
    )
    if reason in done or (after and f"moved:{after}"[:40] not in done):
        return
    [decision] = submit([Adjust(taken.counter, -quantity, key_for(f"{cause}:take", at))])
    if not decision.is_accepted:
        raise StockShort(left=decision.left or 0, asked=quantity)
    _accepted(submit([Adjust(given.counter, quantity, key_for(f"{cause}:give", at))]), "a stock change")
    with transaction.atomic():
        locked = (
            Stock.objects.of(ctx).filter(id__in=[taken.id, given.id]).order_by("counter").select_for_update()
        )
        for row in list(locked):
            delta = -quantity if row.id == taken.id else quantity
            _, is_new = StockChange.objects.get_or_create(
                stock=row,
                reason=reason,
                defaults={"delta": delta, "actor_label": ctx.actor.label[:200], "at": ctx.at},
            )
            if is_new:  # announced now: what the journal has counted of it already leaves pending at once
                row.pending += delta
                row.save(update_fields=["pending"])


@command(scope="stock:write")
def count_in_intake(ctx: Context, *, changes: list[CounterChange], at: datetime) -> int:
    """Have the order intake count these changes, each exactly once; returns how many it took.

    The keys follow from ctx.key (the fact), so a second run is answered with the first decisions. More taken away than
    is left takes what is left. Refuses: IntakeRefused, Busy.
    """
    opens: list[Command] = [OpenCounter(change.counter, "stock") for change in changes if change.opens]
    moves = [change for change in changes if change.delta]
    adjusts: list[Command] = [
        Adjust(change.counter, change.delta, key_for(f"{ctx.key}:{change.counter}", at)) for change in moves
    ]
    decisions = submit([*opens, *adjusts])
    _accepted(decisions[: len(opens)], "opening a counter")
    short = [
        (change, decision.left or 0)
        for change, decision in zip(moves, decisions[len(opens) :], strict=True)
        if decision.code == "sold_out"
    ]
    _accepted([found for found in decisions[len(opens) :] if found.code != "sold_out"], "a stock change")
    if short:
        rest: list[Command] = [
            Adjust(change.counter, -left, key_for(f"{ctx.key}:{change.counter}:rest", at))
            for change, left in short
            if left
        ]
        _accepted(submit(rest), "a stock change")
        for change, left in short:  # what the journal will never answer is not pending any more
            Stock.objects.of(ctx).filter(counter=change.counter).update(
                pending=F("pending") - (change.delta + left)
            )
    return len(changes) - len(short)


@command(scope="stock:write")
def tell_offers(ctx: Context, *, offer_ids: list[UUID]) -> int:
    """Tell the order intake price, window and limit of these offers as they are now; returns how many it was told.

    An offer of a variant that was never stocked is told once it is. Refuses: IntakeRefused, Busy.
    """
    offers = offers_by_id(offer_ids)
    shelves = counters_for_variants({offer.variant_id for offer in offers.values()})
    commands: list[Command] = []
    told = 0
    for offer in offers.values():
        counter = policy.choose_counter(
            shelves.get(offer.variant_id, []),
            country=offer.ships_from_country,
            postcode=offer.ships_from_postcode,
        )
        if counter is None:
            continue
        told += 1
        commands += [
            OpenCounter(counter, "stock"),
            SetOffer(
                offer=offer.number,
                counter=counter,
                price_minor=offer.price_minor,
                version=offer.price_version,
                opens_at=offer.opens_at,
                closes_at=offer.closes_at if offer.state == "active" else LONG_AGO,
                limit_per_buyer=offer.limit_per_buyer,
            ),
        ]
    _accepted(submit(commands), "an offer")
    return told


def _accepted(decisions: list[Decision], what: str) -> None:
    for decision in decisions:
        if not decision.is_accepted:
            raise IntakeRefused(what=what, why=decision.code)


def _own_sellers(ctx: Context, seller_ids: set[UUID]) -> None:
    if ctx.actor.kind == "seller" and seller_ids - {ctx.actor.seller_id}:
        raise NotFound(what="seller")
    locks.hold(*(f"inventory:{seller_id}" for seller_id in seller_ids))


def _seller_of(ctx: Context, location_id: UUID) -> UUID:
    row = Location.objects.of(ctx).filter(pk=location_id).first()
    if row is None:
        raise NotFound(what="location")
    seller_id: UUID = row.seller_id
    return seller_id


def _rows_of(ctx: Context, drafts: list[StockDraft]) -> dict[tuple[UUID, UUID], Stock]:
    """The stock rows of the drafts, locked in the order of their counters (as the projection locks them). Refuses a location that is not the seller's."""
    owners = dict(
        Location.objects.of(ctx)
        .filter(id__in={draft.location_id for draft in drafts})
        .values_list("id", "seller_id")
    )
    if any(owners.get(draft.location_id) != draft.seller_id for draft in drafts):
        raise NotFound(what="location")
    rows = (
        Stock.objects.of(ctx)
        .filter(location_id__in=owners, variant_id__in={draft.variant_id for draft in drafts})
        .order_by("counter")
        .select_for_update()
    )
    return {(row.variant_id, row.location_id): row for row in rows}


def _store_changes(
    ctx: Context, rows: list[Stock], changes: list[tuple[Stock, int, bool]], reason: str
) -> None:
    if not rows:
        return
    Stock.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["pending"])
    StockChange.objects.bulk_create(
        StockChange(stock=row, delta=delta, reason=reason[:40], actor_label=ctx.actor.label[:200], at=ctx.at)
        for row, delta, _ in changes
    )
    for start in range(0, len(changes), FACT_SIZE):
        part = changes[start : start + FACT_SIZE]
        ctx.announce(
            StockAdjusted(
                changes=tuple(CounterChange(row.counter, delta, is_new) for row, delta, is_new in part),
                variant_ids=tuple(dict.fromkeys(row.variant_id for row, _, _ in part)),
                at=ctx.at,
            )
        )


def _counters(count: int) -> list[int]:
    """Fresh counter numbers from the sequence."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('inventory_counter') FROM generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]
