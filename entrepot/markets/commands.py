"""Writes of the markets room: open a country, close it, note what a room above found."""

from __future__ import annotations

from typing import Any

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid
from entrepot.markets.errors import MarketNotOpen, MarketNotReady
from entrepot.markets.events import MarketClosed, MarketLaunched
from entrepot.markets.models import Market, ReadinessFinding
from entrepot.markets.policy import decide_blockers
from entrepot.markets.queries import MarketPack, market_by_code, pack, readiness

EVERYBODY_BP = 10_000


@command(scope="markets:write")
def launch_market(
    ctx: Context, *, code: str, state: str = "live", visitor_share_bp: int = EVERYBODY_BP
) -> MarketPack:
    """Open a market to everybody (`live`) or to a share of visitors in basis points (`pilot`).

    Refuses: UnknownMarket, Invalid, MarketNotReady with every blocker of its checklist.
    """
    facts = pack(code)
    if state not in ("pilot", "live"):
        raise Invalid(field="state", reason=f"“{state[:20]}” is not one of pilot, live.")
    if not 0 <= visitor_share_bp <= EVERYBODY_BP:
        raise Invalid(field="visitor_share_bp", reason="A share lies between 0 and 10,000 basis points.")
    findings = readiness(facts.code, ctx.at.date())
    blockers = decide_blockers([(item.item, item.is_ready, item.sentence) for item in findings])
    if blockers:
        raise MarketNotReady(code=facts.code, blockers=" ".join(blockers))
    row, _ = Market.objects.get_or_create(code=facts.code)
    row = Market.objects.select_for_update().get(code=facts.code)
    audit.change(
        ctx,
        row,
        state=state,
        visitor_share_bp=EVERYBODY_BP if state == "live" else visitor_share_bp,
        opened_at=row.opened_at or ctx.at,
        closed_at=None,
    )
    ctx.announce(MarketLaunched(facts.code, state, ctx.at))
    return market_by_code(facts.code)


@command(scope="markets:write")
def close_market(ctx: Context, *, code: str) -> MarketPack:
    """Take no new orders in a market; open orders run to their end.

    Refuses: UnknownMarket, MarketNotOpen.
    """
    facts = pack(code)
    row = Market.objects.select_for_update().filter(code=facts.code).first()
    if row is None or row.state not in ("pilot", "live"):
        raise MarketNotOpen(code=facts.code)
    audit.change(ctx, row, state="closed", closed_at=ctx.at)
    ctx.announce(MarketClosed(facts.code, ctx.at))
    return market_by_code(facts.code)


@command(scope="markets:write")
def note_readiness(
    ctx: Context,
    *,
    code: str,
    item: str,
    is_ready: bool,
    sentence: str,
    fix_url: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """Keep what a room above found out about a market: a checklist item that is done, or a blocker.

    `sentence` has `{fact}` places filled from `facts`, so that doors can translate it; `fix_url` is the page of the
    console that puts it right. Refuses: UnknownMarket.
    """
    ReadinessFinding.objects.update_or_create(
        market=pack(code).code,
        item=item,
        defaults={
            "is_ready": is_ready, "sentence": sentence[:300], "facts": facts or {}, "fix_url": fix_url,
            "found_at": ctx.at,
        },
    )  # fmt: skip
