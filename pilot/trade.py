"""Ninety days of trade: carts, purchases, payments, parcels, withdrawals, returns, reviews, by the rooms' own commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from entrepot.care.commands import ReviewDraft, save_reviews
from entrepot.insight.commands import save_page_counts
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Refusal
from entrepot.logistics.commands import move_simulated_parcels, open_due_cages, run_simulated_sorter
from entrepot.orders.commands import (
    CheckoutRef,
    accept_return,
    add_to_cart,
    cancel_order,
    complete_inspected,
    mark_packed,
    mark_shipped,
    pay_purchase,
    place_purchase,
    receive_return,
    release_unpaid,
    request_return,
    send_back_return,
    send_notices,
    set_checkout_address,
    start_checkout,
    withdraw_from_order,
)
from entrepot.orders.queries import orders_of
from entrepot.parties.queries import actor_for_user, guest
from entrepot.payments.adapters.provider import Message
from entrepot.payments.adapters.sandbox import commands as bank
from entrepot.payments.adapters.sandbox.cases import CARDS, PHONE_CASES
from entrepot.payments.adapters.sandbox.models import SandboxCheckout, SandboxWebhook
from entrepot.payments.commands import record_provider_event, send_refunds
from entrepot.settlement.commands.payouts import cut_payouts, send_payouts
from pilot import expand, words
from pilot.expand import Dice
from pilot.people import HOME

if TYPE_CHECKING:
    from pilot.load import Story

PURCHASES = 120
DAYS = 90
HOURS = (2, 1, 1, 0, 0, 1, 2, 5, 8, 9, 10, 11, 11, 10, 9, 8, 8, 10, 12, 14, 16, 17, 12, 6)  # visits, UTC
ALWAYS_WELL = 86  # percent of purchases that go the way they should


@dataclass(frozen=True, slots=True)
class Plan:
    """What one buyer is going to do. `fate`: well, unpaid, declined, cancelled."""

    number: int
    days_ago: int
    minute: int
    name: str
    email: str
    phone: str
    line1: str
    city: str
    postcode: str
    language: str
    method: str
    wishes: tuple[tuple[str, str, int], ...]  # seller, SKU, quantity
    fate: str
    is_shopper: bool = False


@cache
def plans() -> tuple[Plan, ...]:
    """The purchases in the order of time; a little more each week, and a peak around 11 November."""
    rows = expand.products()
    popular = [row for i, row in enumerate(rows) for _ in range(1 + (i * 7919) % 5)]
    cities = [line.split("|") for line in words.CITIES.strip().splitlines()]
    urns = [(city, code) for city, code, weight in cities for _ in range(int(weight))]
    found = []
    for i in range(PURCHASES):
        dice = Dice(f"purchase {i}")
        days = round(DAYS * (1 - ((i + 0.5) / PURCHASES) ** 0.8))
        is_abroad = dice.odds(14)
        name = (
            dice.pick(words.GUESTS)
            if is_abroad
            else f"{dice.pick(words.FIRST)} {dice.pick(words.LAST)} {dice.pick(words.LAST)}"
        )
        city, code = dice.pick(urns)
        wishes: dict[tuple[str, str], int] = {}
        first = dice.pick(popular)
        for _ in range(dice.pick([1, 1, 1, 2, 2, 3])):
            row = (
                dice.pick([each for each in rows if each.seller == first.seller])
                if dice.odds(45)
                else dice.pick(popular)
            )
            variant = dice.pick(row.variants)
            wishes[row.seller, variant.sku] = 1 if variant.price_minor > 4_000 else dice.pick([1, 1, 1, 2, 3])
        fate = "well" if dice.odds(ALWAYS_WELL) else dice.pick(["unpaid", "declined", "cancelled"])
        found.append(
            Plan(
                number=i, days_ago=days, minute=8 * 60 + dice.upto(14 * 60), name=name,
                email=f"{expand._plain(name).lower().replace(' ', '.')}.{i}@buzon.example", phone=f"+34 6{10 + i % 80} 000 {i % 1000:03d}",
                line1=f"{dice.pick(words.STREET_NAMES)} {1 + dice.upto(90)}, {1 + dice.upto(6)}.º {dice.pick(['A', 'B', 'C', 'D'])}",
                city=city, postcode=code, language="en" if is_abroad else "es", method="bizum" if dice.odds(30) else "card",
                wishes=tuple((seller, sku, count) for (seller, sku), count in wishes.items()), fate=fate,
            )
        )  # fmt: skip
    for place in (0.3, 0.55, 0.74, 0.9, 0.972, 0.996):  # the shopper's own, old and on their way
        i = int(PURCHASES * place)
        found[i] = replace(found[i], name=HOME["name"], email="shopper@entrepot.example", line1=HOME["line1"], city=HOME["city"],
            postcode=HOME["postcode"], language="es", fate="well", is_shopper=True)  # fmt: skip
    return tuple(sorted(found, key=lambda plan: (-plan.days_ago, plan.minute)))


def trade(story: Story, show: Callable[..., None]) -> None:
    """Live through the days; go on where an interrupted load stopped."""
    from pilot.load import change_prices, price_days

    done = _placed_before(story)
    todo = plans()
    midnight = story.today.replace(hour=0, minute=0, second=0, microsecond=0)
    changes = price_days()[1:]
    waiting = [(order.id, order.placed_at) for order in _every_order(story, "paid", "packed")]
    count = 0
    for day in range(story.opened_days_ago - 1, -1, -1):
        morning = midnight - timedelta(days=day)
        if day in changes:
            story.go(min(morning + timedelta(hours=5), story.today))
            change_prices(story, day)
            story.tell()
        for plan in (each for each in todo if each.days_ago == day):
            at = min(
                morning + timedelta(minutes=plan.minute),
                story.today - timedelta(minutes=20 + plan.number % 50),
            )
            story.go(at)
            if _digits(plan.phone) not in done:
                waiting += _buy(story, plan)
            count += 1
            show(count, len(todo))
        story.go(min(morning + timedelta(hours=23), story.today))
        send_waiting(story.ctx(), waiting=waiting, today=story.today)
        move_simulated_parcels(story.ctx())
        if day < 3:  # it scans everything that was due since, at the times it was due
            run_simulated_sorter(story.ctx())
            open_due_cages(story.ctx())
        if day % 3 == 0:
            release_unpaid(story.ctx())
            story.tell()
            _second_thoughts(story)
            complete_inspected(story.ctx())
            send_refunds(story.ctx())
            while send_notices(story.ctx(), limit=200):
                pass
        if day % 7 == 0:
            story.tell()
            cut_payouts(story.ctx())
            send_payouts(story.ctx())
        story.tell()
    _leave_open(story)
    story.summary.orders = len(_every_order(story))


def _placed_before(story: Story) -> set[str]:
    """The telephone numbers of buyers whose purchases were placed: each plan has its own."""
    from entrepot.orders.models import Purchase

    rows = Purchase.objects.of(story.ctx()).exclude(state__in=["open", "placing"])
    return {_digits(phone) for phone in rows.values_list("phone", flat=True)}


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _buyer(story: Story, plan: Plan) -> Context:
    """A guest, or the pilot's own shopper."""
    actor, scopes = actor_for_user(story.shopper) if plan.is_shopper and story.shopper else guest()
    return Context(actor=actor, at=story.now(), scopes=scopes, cause="pilot")


@command(scope="orders:place")
def fill_checkout(ctx: Context, *, plan: Plan, offers: dict[str, UUID]) -> CheckoutRef | None:
    """A cart with what the buyer wants and can have, and everything filled in; None when all of it is gone."""
    token = ""
    for _, sku, quantity in plan.wishes:
        try:
            token = add_to_cart(
                ctx, market="ES", offer_id=offers[sku], quantity=quantity, token=token, language=plan.language
            ).token
        except Refusal:
            continue  # sold out, or more than the limit: the buyer takes the rest
    if not token:
        return None
    ref = start_checkout(ctx, token=token, market="ES", language=plan.language)
    return set_checkout_address(
        ctx, checkout_id=ref.id, token=ref.token, email=plan.email, name=plan.name, phone=plan.phone, line1=plan.line1,
        postcode=plan.postcode, city=plan.city,
    )  # fmt: skip


def _buy(story: Story, plan: Plan) -> list[tuple[int, datetime]]:
    """From the cart to the bank's answer; the orders that wait to be sent."""
    ctx = _buyer(story, plan)
    ref = fill_checkout(
        ctx,
        plan=plan,
        offers={sku: story.offers[story.variant_ids[seller, sku]].offer_id for seller, sku, _ in plan.wishes},
    )
    if ref is None:
        return []
    try:
        placed = place_purchase(ctx, checkout_id=ref.id, token=ref.token)
    except Refusal:
        return []  # sold out between the cart and the button: it happens
    story.go(story.now() + timedelta(seconds=80))
    if plan.fate == "unpaid":
        return []
    ctx = replace(_buyer(story, plan), facts=[])
    start = pay_purchase(
        ctx,
        purchase_id=placed.purchase_id,
        method=plan.method,
        return_url=f"{settings.BASE_URL}/es-es/purchase/{placed.token}/",
        token=placed.token,
    )
    _at_the_bank(story, start.payment_id, plan)
    story.tell()
    if plan.fate == "cancelled":
        story.go(story.now() + timedelta(minutes=20))
        cancel_order(
            _buyer(story, plan), order_id=placed.orders[0].order_id, reason="changed_mind", token=placed.token
        )
        story.tell()
        return [(order.order_id, story.now()) for order in placed.orders[1:]]
    if plan.fate == "declined":
        return []
    return [(order.order_id, story.now()) for order in placed.orders]


def _at_the_bank(story: Story, payment_id: Any, plan: Plan) -> None:
    """The buyer fills in the sandbox's form; the provider tells us, and hears that we understood."""
    row = SandboxCheckout.objects.get(reference=payment_id)
    cases: dict[str, Any] = PHONE_CASES if plan.method == "bizum" else CARDS
    bad, good = (
        ("600000001", "600000000") if plan.method == "bizum" else ("4000000000009995", "4242424242424242")
    )
    bank.enter_case(
        row.token,
        cases[bad if plan.fate == "declined" else good],
        last4=f"{plan.number % 10_000:04d}",
        at=story.now(),
    )
    story.go(story.now() + timedelta(seconds=2))
    for told in SandboxWebhook.objects.filter(checkout=row, delivered=0).select_related("checkout"):
        message = Message(
            f"evt_{told.id}", told.kind, str(row.id), str(row.reference), row.amount_minor, row.currency
        )
        record_provider_event(
            story.ctx(), provider="sandbox", message=message, body=f"pilot {told.id}".encode()
        )
        bank.note_delivery(told.id, 200, at=story.now())


def count_visits(story: Story) -> None:
    """The pages that people saw on the story's days, hour by hour: more each week and in the evening, as orders are."""
    counts: list[tuple[datetime, str, str, int]] = []
    placed = {order.purchase_id: order.placed_at for order in _every_order(story)}
    bought = Counter(at.replace(minute=0, second=0, microsecond=0) for at in placed.values())
    midnight = story.today.replace(hour=0, minute=0, second=0, microsecond=0)
    for day in range(DAYS, -1, -1):
        dice = Dice(f"visits {day}")
        for hour, weight in enumerate(HOURS):
            at = midnight - timedelta(days=day) + timedelta(hours=hour)
            visits = weight * (3 * DAYS - day + dice.upto(60)) // 200
            if at > story.today:
                continue
            products = visits * (48 + dice.upto(20)) // 100
            carts = sum(dice.odds(14) for _ in range(products))
            checkouts = sum(dice.odds(60) for _ in range(carts))
            seen = (("visit", visits), ("product", products), ("cart", carts), ("checkout", checkouts))
            # Who bought came by each page, too.
            counts += [(at, "ES", step, count + bought[at]) for step, count in seen if count + bought[at]]
    save_page_counts(story.ctx(), counts=counts)


def _every_order(story: Story, *states: str) -> list[Any]:
    found: list[Any] = []
    cursor = ""
    while True:
        page = orders_of(story.ctx(), states=states, cursor=cursor, limit=100)
        found += page.orders
        cursor = page.next_cursor or ""
        if not cursor:
            return found


@command(scope="pilot:load")
def send_waiting(ctx: Context, *, waiting: list[tuple[int, datetime]], today: datetime) -> int:
    """Sellers send what has waited long enough; now and then one only packs. Late ones stay for the console to see."""
    sent = 0
    for order_id, placed_at in list(waiting):
        dice = Dice(f"send {placed_at.isoformat()}")
        if placed_at + timedelta(hours=dice.pick([10, 14, 20, 26, 38])) > ctx.at:
            continue
        waiting.remove((order_id, placed_at))
        if today - ctx.at < timedelta(days=3) and dice.odds(35):
            if dice.odds(50):
                mark_packed(ctx, order_id=order_id)
            continue
        mark_shipped(ctx, order_id=order_id)
        sent += 1
    return sent


def _second_thoughts(story: Story) -> None:
    """Some buyers withdraw or send something back; sellers answer."""
    for order in _every_order(story, "delivered"):
        dice = Dice(f"thoughts {order.purchase_number}/{order.total_minor}")
        way, wait = dice.upto(100), timedelta(days=1 + dice.upto(6))
        if order.returns:
            for back in order.returns:
                _move_return(story, back)
        elif order.delivered_at + wait <= story.now() and not order.withdrawals:
            if way < 5 and order.withdraw_until and story.now().date() <= order.withdraw_until:
                withdraw_from_order(
                    story.ctx(), order_id=order.id, contact=f"pedido.{order.purchase_number}@buzon.example"
                )
            elif way < 9:
                reason = dice.pick(["defective", "damaged_in_transit"])
                request_return(
                    story.ctx(), order_id=order.id, quantities={order.lines[0].position: 1}, reason=reason
                )


def _leave_open(story: Story) -> None:
    """What waits for somebody on the last day: packed and not handed over, asked back, withdrawn, not paid yet."""
    if not _every_order(story, "packed"):
        for order in _every_order(story, "paid")[:2]:
            mark_packed(story.ctx(), order_id=order.id)
    kept = [
        order for order in _every_order(story, "delivered") if not order.returns and not order.withdrawals
    ]
    if not any(back.state == "asked" for order in _every_order(story, "delivered") for back in order.returns):
        for order, reason in zip(kept[:2], ("defective", "not_as_described"), strict=False):
            request_return(
                story.ctx(), order_id=order.id, quantities={order.lines[0].position: 1}, reason=reason
            )
        for order in kept[2:3]:
            withdraw_from_order(
                story.ctx(), order_id=order.id, contact=f"pedido.{order.purchase_number}@buzon.example"
            )
    if not _every_order(story, "placed"):
        for plan in [each for each in plans() if each.fate == "well" and not each.is_shopper][:2]:
            number = PURCHASES + plan.number
            late = replace(
                plan, number=number, fate="unpaid", email=f"indecisa.{number}@buzon.example",
                phone=f"+34 699 000 {number:03d}",
            )  # fmt: skip
            _buy(story, late)
    story.tell()


def _move_return(story: Story, back: Any) -> None:
    """One step a day: agreed, sent, received."""
    if back.state == "asked":
        accept_return(
            story.ctx(), return_id=back.id, answer="De acuerdo. La etiqueta de vuelta va en el correo."
        )
    elif back.state == "awaited":
        send_back_return(story.ctx(), return_id=back.id, tracking_no=f"VUELTA{back.id.hex[:10].upper()}")
    elif back.state == "sent" and int(back.id.hex[-1], 16) % 3 == 0:
        receive_return(story.ctx(), return_id=back.id)


def review(story: Story, show: Callable[..., None]) -> None:
    """What buyers say of what came, days after it came."""
    shelf = {row.slug: row.parent or row.slug for row in expand.categories()}
    shelf_of = {
        story.variant_ids[row.seller, variant.sku]: shelf[row.category]
        for row in expand.products()
        for variant in row.variants
    }
    texts: dict[str, list[list[str]]] = {}
    for line in words.REVIEWS.strip().splitlines():
        group, stars, language, text = line.split("|")
        texts.setdefault(group, []).append([stars, language, text])
    drafts = []
    said: dict[str, int] = {}
    for order in sorted(_every_order(story, "delivered", "completed", "refunded"), key=lambda each: each.id):
        if order.delivered_at is None:
            continue
        for line in order.lines:
            dice = Dice(f"review {order.purchase_number}/{line.sku}")
            at = order.delivered_at + timedelta(hours=20 + dice.upto(220))
            if not dice.odds(62) or at > story.now():
                continue
            pool = texts.get(shelf_of.get(line.variant_id, "hogar"), texts["hogar"])
            stars = dice.pick(
                ["5", "5", "5", "5", "5", "4", "4", "4", "3", "2"]
                if order.state != "refunded"
                else ["3", "2"]
            )
            fitting = [row for row in pool if row[0] == stars] or pool
            row = min(dice.some(fitting, len(fitting)), key=lambda each: said.get(each[2], 0))
            said[row[2]] = said.get(row[2], 0) + 1
            author = (
                dice.pick(words.GUESTS)
                if row[1] == "en"
                else f"{dice.pick(words.FIRST)} {dice.pick(words.LAST)}"
            )
            drafts.append(ReviewDraft(order.id, line.position, int(row[0]), row[2], author, row[1], at))
    for start in range(0, len(drafts), 400):
        story.summary.reviews += save_reviews(story.ctx(), drafts=drafts[start : start + 400])
        show(min(start + 400, len(drafts)), len(drafts))
    story.tell()
