"""What a sale costs its seller: the list of commission rules as it stood at an instant, and the VAT on our fee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.markets.queries import market_by_code, vat_rate
from entrepot.settlement.models import ProgrammeSeat, Tariff
from entrepot.settlement.policy import CommissionRule, FeeVat, fee_vat
from entrepot.settlement.tables import house_rules, platform


class Edition(NamedTuple):
    """A list in its order. `number` is 0 for the house's own, which nobody has changed yet."""

    number: int
    rules: tuple[CommissionRule, ...]


def edition_at(at: datetime) -> Edition:
    """The list in force at an instant. One SQL statement."""
    row = Tariff.objects.filter(made_at__lte=at).order_by("-made_at", "-id").first()
    if row is None:
        return Edition(0, house_rules())
    return Edition(row.pk, msgspec.convert(row.rules, tuple[CommissionRule, ...]))


def written(rules: Sequence[CommissionRule]) -> Any:
    """A list as an edition keeps it."""
    return msgspec.to_builtins(rules)


def programme_of(ctx: Context, seller_id: UUID) -> str:
    """The programme a seller was admitted to; empty for none. One SQL statement."""
    seat = ProgrammeSeat.objects.of(ctx).filter(seller_id=seller_id).first()
    return seat.programme if seat else ""


def vat_on_fee(*, seller_country: str, has_vat_no: bool, on: date) -> tuple[FeeVat, int]:
    """Where our fee to such a seller is taxed, and at what rate (basis points; 0 where none is charged)."""
    ours = platform(on)
    taxed = fee_vat(
        platform_country=ours.country,
        seller_country=seller_country,
        is_platform_in_eu=_is_in_eu(ours.country),
        is_seller_in_eu=_is_in_eu(seller_country),
        has_vat_no=has_vat_no,
    )
    return taxed, vat_rate(taxed.rate_country, "general", on).rate_bp if taxed.rate_country else 0


def _is_in_eu(country: str) -> bool:
    try:
        return market_by_code(country).eu_member
    except NotFound:  # a country we keep no market pack of
        return False
