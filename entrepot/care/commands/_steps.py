"""Steps that several commands of care share: whom to write to, what a decision does and how it is taken back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from entrepot.care import events
from entrepot.care.letters import Reader, report_letter
from entrepot.care.models import Rating, Report, Restriction, Review
from entrepot.care.tables import last_day
from entrepot.catalog.queries import products_by_id
from entrepot.kit import audit
from entrepot.kit.context import EVERY_SCOPE, Actor, Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import new_token
from entrepot.markets.queries import all_codes, locale_path, pack
from entrepot.offers.commands import release_product
from entrepot.orders.commands import owe_letter
from entrepot.orders.queries.purchases import buyer_of_order
from entrepot.parties.commands import approve_seller
from entrepot.parties.queries import operators_with, person_by_user, sellers_by_id, staff_of_seller

_COLUMNS = ("one", "two", "three", "four", "five")


def _house(ctx: Context) -> Context:
    return replace(ctx, actor=Actor("system", "Entrepot"), scopes=EVERY_SCOPE)


def _staff(house: Context, seller_id: UUID, time_zone: str, page: str, role: str) -> list[Reader]:
    """The people of the shop who answer for this work; without any, the shop's own address."""
    link = f"{settings.BASE_URL}/seller/{page}"
    people = [one.user_id for one in staff_of_seller(house, seller_id) if one.role in ("owner", role)]
    found = [Reader(one.email, one.language, link, time_zone) for one in map(person_by_user, people)]
    shop = sellers_by_id([seller_id]).get(seller_id)
    return found or ([Reader(shop.email, "en", link, time_zone)] if shop and shop.email else [])


def _desk(house: Context, time_zone: str, page: str, scope: str) -> list[Reader]:
    """The people of the house who may decide."""
    link = f"{settings.BASE_URL}/console/{page}/"
    people = [person_by_user(one.user_id) for one in operators_with(house, scope)]
    return [Reader(one.email, one.language, link, time_zone) for one in people]


def _reporter(report: Report) -> list[Reader]:
    """Who reported; nobody when they gave no address."""
    path = f"{locale_path(report.market, report.language)}/reports/{report.token}"
    zone = pack(report.market).time_zone
    return (
        [Reader(report.email, report.language, f"{settings.BASE_URL}/{path}", zone)] if report.email else []
    )


def _restricted(ctx: Context, row: Restriction) -> list[Reader]:
    """Whom a restriction concerns: the people of the shop, or who wrote the review."""
    house = _house(ctx)
    if row.seller_id is not None:
        return _staff(house, row.seller_id, pack(_market_of(row)).time_zone, "decisions", "catalogue")
    assert row.review_id is not None
    review = Review.objects.get(pk=row.review_id)
    buyer = buyer_of_order(house, review.order_id)
    path = f"{locale_path(review.market, buyer.language)}/decisions/{row.token}"
    found = [Reader(buyer.email, buyer.language, f"{settings.BASE_URL}/{path}", buyer.time_zone)]
    return found if buyer.email else []


def _market_of(row: Restriction) -> str:
    """Whose calendar and clock count for who is restricted."""
    if row.review_id is not None:
        return Review.objects.get(pk=row.review_id).market
    shop = sellers_by_id([row.seller_id])[row.seller_id] if row.seller_id else None
    return shop.country if shop and shop.country in all_codes() else all_codes()[0]


def _write_to(ctx: Context, readers: list[Reader], kind: str, **data: object) -> None:
    """A letter about a report or a restriction to each reader, in their language, sent after the commit."""
    about: Report | Restriction = data["about"]  # type: ignore[assignment]
    product = products_by_id([about.product_id]).get(about.product_id) if about.product_id else None
    shop = sellers_by_id([about.seller_id]).get(about.seller_id) if about.seller_id else None
    for reader in readers:
        subject, body = report_letter(kind, product=product, shop=shop, reader=reader, **data)
        owe_letter(replace(_house(ctx), key=""), order_id=None, to=reader.email, subject=subject, body=body)


def _restrict(
    ctx: Context,
    measure: str,
    *,
    product_id: UUID | None = None,
    review: Review | None = None,
    seller_id: UUID | None = None,
    basis: str,
    clause: str,
    reasons: str,
    report: Report | None = None,
) -> None:
    """Keep and send the statement of reasons; one that stands already for the same thing is enough."""
    of_what = {
        "measure": measure,
        "product_id": review.product_id if review else product_id,
        "review_id": review.id if review else None,
        "seller_id": seller_id,
    }
    if Restriction.objects.of(_house(ctx)).filter(lifted_at=None, **of_what).exists():
        return
    row = Restriction.objects.create(
        token=new_token(),
        report=report,
        party_id=review.buyer_id if review else None,
        basis=basis,
        clause=clause,
        reasons=reasons,
        made_at=ctx.at,
        made_by=ctx.actor.label[:200],
        **of_what,
    )
    audit.record(ctx, audit.subject_of(row), {}, {"measure": measure, "basis": basis, "clause": clause})
    until = last_day("complaint_open", ctx.at.date(), _market_of(row))
    _write_to(ctx, _restricted(ctx, row), "restricted", about=row, until=until)


def _lift(ctx: Context, row: Restriction, reason: str) -> None:
    """Take a measure back and note when."""
    if row.measure == "product_blocked" and row.product_id:
        release_product(ctx, product_id=row.product_id, reason=reason)
    elif row.measure == "seller_suspended" and row.seller_id:
        if sellers_by_id([row.seller_id])[row.seller_id].state == "suspended":
            approve_seller(ctx, seller_id=row.seller_id, reason=reason[:500])
    elif row.review_id:
        review = _review(row.review_id)
        if review.hidden_at is not None:
            _show(ctx, review)
    audit.change(ctx, row, lifted_at=ctx.at)


def _review(review_id: UUID) -> Review:
    review = Review.objects.select_for_update().filter(pk=review_id).first()
    if review is None:
        raise NotFound(what="review")
    return review


def _hide(ctx: Context, review: Review, reason: str) -> None:
    audit.change(ctx, review, hidden_at=ctx.at, hidden_reason=reason[:300])
    _count([(review, -1)])
    ctx.announce(events.ReviewHidden(review.id, review.product_id, review.buyer_id, reason[:300], ctx.at))


def _show(ctx: Context, review: Review) -> None:
    audit.change(ctx, review, hidden_at=None, hidden_reason="")
    _count([(review, 1)])


def _count(changes: Sequence[tuple[Review, int]]) -> None:
    """Add or take away these reviews' stars."""
    by_stars: dict[int, Counter[UUID]] = defaultdict(Counter)
    sellers: dict[UUID, UUID] = {}
    for review, by in changes:
        by_stars[review.stars][review.product_id] += by
        sellers[review.product_id] = review.seller_id
    Rating.objects.bulk_create(
        [Rating(product_id=product, seller_id=sellers[product]) for product in sorted(sellers)],
        ignore_conflicts=True,
    )
    for stars, products in sorted(by_stars.items()):
        column = _COLUMNS[stars - 1]
        grouped: dict[int, list[UUID]] = defaultdict(list)
        for product, by in products.items():
            grouped[by].append(product)
        for by, ids in grouped.items():
            Rating.objects.filter(pk__in=ids).update(**{column: F(column) + by})


def _check_email(email: str, *, is_needed: bool) -> str:
    email = email.strip().lower()
    if not email and not is_needed:
        return ""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(
            field="email", reason="is not an e-mail address.", hint="Example: ana@example.es"
        ) from error
    if len(email) > 254:
        raise Invalid(field="email", reason="is too long.")
    return email
