"""What saving offers would do: read once, decide for each draft. Shared by save_offers and compare_offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from entrepot.catalog.queries import ProductView, own_products_by_id
from entrepot.compliance.queries import Gap, gaps_of_views
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Refusal, Sentence
from entrepot.offers.drafts import OfferDraft, SavedOffer
from entrepot.offers.errors import (
    CurrencyOfAnotherMarket,
    OfferBlocked,
    OfferHeldBack,
    PriceOutOfRange,
    UnknownCondition,
)
from entrepot.offers.models import ACTIVE, BLOCKED, CONDITIONS, WITHDRAWN, BlockedProduct, Offer
from entrepot.offers.policy import HIGHEST_MINOR

FIELDS = (
    "price_minor", "state", "handling_days", "ships_from_country", "ships_from_postcode", "limit_per_buyer",
    "opens_at", "closes_at",
)  # fmt: skip
COLUMNS = [*FIELDS, "follows_id", "price_version", "changed_at"]


@dataclass(slots=True)
class OfferPlan:
    """A draft, its row with the new values set, and what differs."""

    row: Offer
    is_new: bool
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def opens(self) -> bool:
        """Whether it puts on sale what was not."""
        return self.row.state == ACTIVE and (self.is_new or "state" in self.changes)

    def saved(self) -> SavedOffer:
        """The answer for this draft."""
        return SavedOffer(
            offer_id=self.row.id,
            number=self.row.number or 0,
            variant_id=self.row.variant_id,
            outcome="new" if self.is_new else "changed" if self.changes else "same",
            changes={} if self.is_new else self.changes,
        )


def plan_offers(ctx: Context, drafts: list[OfferDraft]) -> list[OfferPlan]:
    """Plans in the order of the drafts; one SQL statement."""
    rows: dict[tuple[UUID, UUID, str, str], Offer] = {
        (row.seller_id, row.variant_id, row.market, row.condition): row
        for row in Offer.objects.of(ctx).filter(
            seller_id__in={draft.seller_id for draft in drafts},
            variant_id__in={draft.variant_id for draft in drafts},
        )
    }
    return [_plan(ctx, draft, rows) for draft in drafts]


def _plan(ctx: Context, draft: OfferDraft, rows: dict[tuple[UUID, UUID, str, str], Offer]) -> OfferPlan:
    key = (draft.seller_id, draft.variant_id, draft.market, draft.condition)
    row = rows.get(key)
    plan = OfferPlan(row or _new(ctx, draft), is_new=row is None)
    plan.refusal = _refusal(draft, row)
    if plan.refusal is not None:
        return plan
    rows[key] = plan.row
    for name in FIELDS:
        old, new = getattr(plan.row, name), getattr(draft, name)
        if new is not None and new != old:
            plan.changes[name] = (None if plan.is_new else old, new)
            setattr(plan.row, name, new)
    old_source, sets = plan.row.follows_id, {"price_minor", "state"} & plan.changes.keys()
    if draft.follows_id != old_source and (draft.follows_id or sets):
        plan.changes["follows_id"] = (old_source, draft.follows_id)
        plan.row.follows_id = draft.follows_id
    return plan


def hold_back(ctx: Context, plans: list[OfferPlan]) -> None:
    """Refuse every plan that would put on sale what may not be sold in its market on the day.

    Offers on sale stay when their price changes; what takes them off is `commands.withdraw_unfit`.
    """
    opening = [plan for plan in plans if plan.refusal is None and plan.opens]
    views = own_products_by_id(ctx, {plan.row.product_id for plan in opening}) if opening else {}
    gaps = blocking_gaps(ctx, [plan.row for plan in opening], views)
    blocked = dict(
        BlockedProduct.objects.filter(product_id__in=list(views)).values_list("product_id", "reason")
    )
    for plan in opening:
        view = views.get(plan.row.product_id)
        if view is None:
            plan.refusal = NotFound(what="product")
        elif view.id in blocked:
            plan.refusal = OfferBlocked(reason=blocked[view.id])
        elif gaps[plan.row.id]:
            plan.refusal = _held_back(plan.row, view, gaps[plan.row.id])


def blocking_gaps(
    ctx: Context, rows: Iterable[Offer], views: Mapping[UUID, ProductView]
) -> dict[UUID, list[Gap]]:
    """What the law asks before sale and is not there, by offer; empty lists included.

    One SQL statement for each market and place goods start from.
    """
    groups: dict[tuple[str, str], list[Offer]] = {}
    for row in rows:
        groups.setdefault((row.market, row.ships_from_country), []).append(row)
    found: dict[UUID, list[Gap]] = {}
    for (market, start), group in groups.items():
        ids = {row.product_id for row in group} & set(views)
        gaps = gaps_of_views(
            [views[each] for each in ids], market, on=ctx.at.date(), ships_from=dict.fromkeys(ids, start)
        )
        for row in group:
            found[row.id] = [gap for gap in gaps.get(row.product_id, []) if gap.blocks]
    return found


def _held_back(row: Offer, view: ProductView, gaps: list[Gap]) -> OfferHeldBack:
    """The refusal of an offer with open gaps."""
    first = gaps[0]
    sku = next((variant.sku for variant in view.variants if variant.id == row.variant_id), view.handle)
    return OfferHeldBack(
        sku=sku,
        market=row.market,
        rule=first.code,
        field=first.field,
        sentence=first.sentence,
        fix=first.fix,
        more=len(gaps) - 1,
        gaps=tuple(gaps),
    )


def _new(ctx: Context, draft: OfferDraft) -> Offer:
    return Offer(
        seller_id=draft.seller_id,
        variant_id=draft.variant_id,
        product_id=draft.product_id,
        market=draft.market,
        condition=draft.condition,
        currency=draft.currency or "",
        published_at=draft.published_at or ctx.at,
        changed_at=ctx.at,
    )


def _refusal(draft: OfferDraft, row: Offer | None) -> Refusal | None:
    """Why this draft cannot be stored, or None."""
    if draft.condition not in CONDITIONS:
        return UnknownCondition(condition=draft.condition, known=", ".join(CONDITIONS))
    if draft.price_minor is not None and not 1 <= draft.price_minor <= HIGHEST_MINOR:
        return PriceOutOfRange(
            sku=str(draft.variant_id), highest=HIGHEST_MINOR, price_minor=draft.price_minor
        )
    if draft.state not in (None, ACTIVE, WITHDRAWN):
        return Invalid(
            field="state", reason=Sentence("“{draft}” is neither active nor withdrawn.", draft=draft.state)
        )
    for name in ("handling_days", "limit_per_buyer"):
        if (getattr(draft, name) or 0) < 0:
            return Invalid(field=name, reason="is below zero.")
    if row is None:
        if draft.price_minor is None or not draft.currency:
            return Invalid(
                field="price_minor", reason="is missing.", hint="A new offer needs price and currency."
            )
        return None
    if draft.currency not in (None, row.currency):
        return CurrencyOfAnotherMarket(currency=row.currency, asked=draft.currency)
    if row.state == BLOCKED and draft.state not in (None, BLOCKED):
        return OfferBlocked(reason="it must be released by the operator first.")
    return None
