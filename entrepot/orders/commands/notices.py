"""Mails owed to buyers and to others an order concerns, sent after the commit of what they tell; kept word by word as proof."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.template.loader import get_template
from django.utils import translation

from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.kit.ids import show_number
from entrepot.markets.queries import conformity, locale_path, pack
from entrepot.orders.adapters.mail import MailNotTaken, send_mail_to
from entrepot.orders.models import Notice, Order, OrderLine, Return
from entrepot.orders.policy import MAIL_TRIES_MAX, next_try
from entrepot.orders.tables import terms_for
from entrepot.parties.queries import sellers_by_id
from entrepot.payments.queries import payments_by_purchase

log = logging.getLogger(__name__)


@command(scope="orders:record")
def owe_letter(ctx: Context, *, order_id: int | None, to: str, subject: str, body: str) -> None:
    """A mail that a room above has written, to anybody concerned: sent and kept as all others are.

    `order_id`: the order it is about, None for none. Refuses: NotFound.
    """
    order = Order.objects.of(ctx).filter(id=order_id).first() if order_id is not None else None
    if order is None and order_id is not None:
        raise NotFound(what="order")
    Notice.objects.create(
        purchase_id=order.purchase_id if order else None,
        order=order,
        kind="letter",
        to=to,
        subject=" ".join(subject.split())[:300],
        body=body,
        created_at=ctx.at,
        next_try_at=ctx.at,
    )


@command(scope="orders:record", atomic=False)
def send_notices(ctx: Context, *, limit: int = 50) -> int:
    """Send the mails that are owed, each in its own transaction; returns how many went out.

    A mail the server does not take is tried again after 1, 2, 4 … minutes, twelve times. One that was handed over and
    not yet noted when the process died is sent once more: better a second receipt than none.
    """
    owed = Notice.objects.filter(sent_at=None, next_try_at__lte=ctx.at, attempts__lt=MAIL_TRIES_MAX)
    sent = 0
    for notice_id in list(owed.order_by("next_try_at").values_list("id", flat=True)[:limit]):
        try:
            sent += _send(ctx, notice_id)
        except Exception:  # one mail that cannot be written must not hold up the others
            log.exception("mail %s could not be written", notice_id)
            _postpone(ctx, notice_id)
    return sent


def _postpone(ctx: Context, notice_id: UUID) -> None:
    with transaction.atomic():
        notice = Notice.objects.select_for_update().get(id=notice_id)
        notice.attempts += 1
        notice.next_try_at = next_try(ctx.at, notice.attempts)
        notice.save(update_fields=["attempts", "next_try_at"])


def _send(ctx: Context, notice_id: UUID) -> bool:
    with transaction.atomic():
        rows = Notice.objects.select_for_update(skip_locked=True, of=("self",))
        notice = (
            rows.filter(id=notice_id, sent_at=None).select_related("purchase", "order", "withdrawal").first()
        )
        if notice is None:
            return False
        bought = notice.purchase
        if notice.kind == "payment_awaited" and bought and bought.state != "placed":
            notice.delete()  # paid, or cancelled, before the mail was written
            return False
        to = notice.to or (notice.withdrawal.contact if notice.withdrawal else bought.email if bought else "")
        if notice.kind != "letter":
            notice.subject, notice.body = _written(ctx, notice)
        notice.attempts += 1
        try:
            send_mail_to(to, notice.subject, notice.body, reference=str(notice.id))
            notice.sent_at = ctx.at
        except MailNotTaken:
            log.warning(
                "mail %s (%s) was not taken, try %s", notice.id, notice.kind, notice.attempts, exc_info=True
            )
            notice.next_try_at = next_try(ctx.at, notice.attempts)
        notice.save()
    return notice.sent_at is not None


def _written(ctx: Context, notice: Notice) -> tuple[str, str]:
    """Subject and body in the buyer's language: the template's first line is the subject."""
    purchase = notice.purchase
    assert purchase is not None  # only a letter is about none, and it is written already
    orders = Order.objects.of(ctx).filter(purchase=purchase)
    if notice.order is not None:
        orders = orders.filter(id=notice.order.id)
    rows = list(orders.order_by("id"))
    lines: dict[int, list[OrderLine]] = {order.id: [] for order in rows}
    for line in OrderLine.objects.of(ctx).filter(order__in=rows).order_by("order_id", "position"):
        lines[line.order_id].append(line)
    place = pack(purchase.market)
    path = locale_path(purchase.market, purchase.language)
    tries = payments_by_purchase([purchase.id])[purchase.id] if notice.kind == "payment_awaited" else []
    data: dict[str, Any] = {
        "purchase": purchase,
        "orders": rows,
        "lines": lines,
        "sellers": sellers_by_id({order.seller_id for order in rows if order.seller_id}),
        "number_of": show_number,
        "withdrawal": notice.withdrawal,
        "returned": Return.objects.of(ctx).filter(order=notice.order).order_by("-asked_at").first()
        if notice.order
        else None,
        "time_zone": place.time_zone,
        "zone": ZoneInfo(place.time_zone),
        "terms": terms_for(purchase.market, ctx.at.astimezone(ZoneInfo(place.time_zone)).date()),
        "conformity": conformity(purchase.market, ctx.at.astimezone(ZoneInfo(place.time_zone)).date()),
        "link": f"{settings.BASE_URL}/{path}/purchase/{purchase.token}",
        "to_pay_minor": sum(order.total_minor for order in rows if order.state == "placed"),
        "pay_link": tries[-1].redirect_url if tries else "",
    }
    with translation.override(purchase.language):
        text = get_template(f"orders/mail/{notice.kind}.jinja", using="jinja2").render(data)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"
