"""Recalls: a product off every market, everybody who bought it written to once, the notice for all to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.conf import settings

from entrepot.care.commands._steps import _check_email, _house, _restrict
from entrepot.care.errors import RecallStarted
from entrepot.care.letters import Reader, recall_letter
from entrepot.care.models import Recall, RecallLetter
from entrepot.care.policy import (
    HAZARDS,
    MOST_CLAUSE,
    RECALL_KINDS,
    RECALL_SETTLES,
    check_details,
    check_remedies,
    check_words,
)
from entrepot.care.queries import buyers_to_tell
from entrepot.care.tables import first_day_of_buyers, soothing_words
from entrepot.catalog.queries import products_by_id
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.locks import hold
from entrepot.markets.queries import locale_path
from entrepot.offers.commands import block_product
from entrepot.orders.commands import owe_letter
from entrepot.orders.queries.purchases import buyers_of_product
from entrepot.parties.queries import sellers_by_id


@command(scope="recalls:write")
def start_recall(
    ctx: Context,
    *,
    product_id: UUID,
    kind: str,
    hazard: str,
    details: Mapping[str, str],
    remedies: Sequence[str],
    clause: str,
    email: str,
    phone: str,
    batches: str = "",
    sold_from: date | None = None,
    sold_to: date | None = None,
) -> UUID:
    """Take a product off every market and call it back: its buyers are written to by `write_recall_letters`.

    `details`: what can happen and what to do, by language, one for each language of the buyers. `clause`: the law it is
    against, for the seller. An `unlawful` product's buyers of the last six months are told, a `recall`'s whoever bought
    it from `sold_from` to `sold_to` (empty: ever). Refuses: NotFound, RecallStarted, Invalid.
    """
    product = products_by_id([product_id]).get(product_id)
    if product is None:
        raise NotFound(what="product")
    if kind not in RECALL_KINDS:
        raise Invalid(field="kind", reason="is not one of the list.")
    if hazard not in HAZARDS:
        raise Invalid(field="hazard", reason="is not one of the list.")
    if kind == "unlawful":
        sold_from, sold_to = first_day_of_buyers(ctx.at.date()), None
    if sold_from and sold_to and sold_from > sold_to:
        raise Invalid(field="sold_to", reason="is before the first day.")
    values = {
        "kind": kind,
        "batches": check_words("batches", batches, most=300),
        "sold_from": sold_from,
        "sold_to": sold_to,
    }
    hold(f"recall:{product_id}")
    if Recall.objects.filter(product_id=product_id, **values).exists():
        raise RecallStarted()
    languages = buyers_to_tell(ctx, product_id, kind, sold_from, sold_to).languages
    row = Recall.objects.create(
        product_id=product_id,
        seller_id=product.seller_id,
        hazard=hazard,
        remedies=check_remedies(remedies, kind),
        details=check_details(
            {each: text for each, text in details.items() if each in dict(settings.LANGUAGES)},
            languages,
            soothing_words(ctx.at.date()),
        ),
        email=_check_email(email, is_needed=True),
        phone=check_words("phone", phone, most=40, least=5),
        started_at=ctx.at,
        started_by=ctx.actor.label[:200],
        **values,
    )
    clause = check_words("clause", clause, most=MOST_CLAUSE, least=5)
    reasons = next(iter(row.details.values()))
    block_product(ctx, product_id=product_id, reason=reasons)
    _restrict(ctx, "product_blocked", product_id=product_id, seller_id=product.seller_id, basis="law", clause=clause, reasons=reasons)  # fmt: skip
    audit.record(ctx, audit.subject_of(row), {}, {"product": str(product_id), "hazard": hazard, "kind": kind})
    return row.id


@command(scope="recalls:record")
def write_recall_letters(ctx: Context, *, recall_id: UUID, limit: int = 200) -> int:
    """Write to the next buyers of a recall, each mailbox once; how many letters. Goes on where it stopped.

    Everybody is looked through twice: the second time ten minutes after the start, when orders accepted just before
    have arrived. Refuses: NotFound.
    """
    recall = Recall.objects.select_for_update().filter(pk=recall_id).first()
    if recall is None:
        raise NotFound(what="recall")
    is_settling = recall.passes == 1 and ctx.at < recall.started_at + RECALL_SETTLES
    if recall.told_at is not None or is_settling:
        return 0
    buyers = buyers_of_product(
        _house(ctx),
        recall.product_id,
        since=recall.sold_from,
        until=recall.sold_to,
        after=recall.after_order_id,
        limit=limit,
    )
    by_email = {each.email.lower(): each for each in reversed(buyers) if each.email}
    written = set(recall.letters.filter(email__in=by_email).values_list("email", flat=True))
    product = products_by_id([recall.product_id])[recall.product_id]
    shop = sellers_by_id([recall.seller_id])[recall.seller_id]
    for email in sorted(set(by_email) - written):
        buyer = by_email[email]
        path = f"{locale_path(buyer.market, buyer.language)}/recalls/{recall.id}"
        reader = Reader(buyer.email, buyer.language, f"{settings.BASE_URL}/{path}", buyer.time_zone)
        subject, body = recall_letter(
            recall, product=product, shop=shop, order_id=buyer.order_id, reader=reader
        )
        owe_letter(
            replace(_house(ctx), key=""), order_id=buyer.order_id, to=buyer.email, subject=subject, body=body
        )
        RecallLetter.objects.create(recall=recall, email=email, order_id=buyer.order_id, written_at=ctx.at)
    recall.after_order_id = buyers[-1].order_id if len(buyers) == limit else 0
    recall.passes += len(buyers) < limit
    recall.told_at = ctx.at if recall.passes == 2 else None
    recall.save(update_fields=["after_order_id", "passes", "told_at"])
    return len(set(by_email) - written)
