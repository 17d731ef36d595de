"""Writes of the markets room: open a country, close it, note what a room above found."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.kit.ids import new_token
from entrepot.markets import fx
from entrepot.markets.adapters import ecb
from entrepot.markets.errors import MarketNotOpen, MarketNotReady
from entrepot.markets.events import MarketClosed, MarketLaunched
from entrepot.markets.models import Invitation, Market, RateRefresh, ReadinessFinding
from entrepot.markets.policy import decide_blockers
from entrepot.markets.queries import (
    MarketPack,
    RatesInForce,
    locale_path,
    market_by_code,
    pack,
    rates_in_force,
    readiness,
)

EVERYBODY_BP = 10_000


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation and the path of its link, which nobody can look up again."""

    id: UUID
    path: str


@command(scope="markets:write")
def launch_market(
    ctx: Context, *, code: str, state: str = "live", visitor_share_bp: int = EVERYBODY_BP
) -> MarketPack:
    """Open a market to everybody (`live`) or to a share of visitors in basis points (`pilot`).

    A pilot may open before the interface speaks the country's language. Refuses: UnknownMarket, Invalid, MarketNotReady with every blocker of its checklist.
    """
    facts = pack(code)
    if state not in ("pilot", "live"):
        raise Invalid(
            field="state", reason=Sentence("“{state}” is not one of pilot, live.", state=state[:20])
        )
    if not 0 <= visitor_share_bp <= EVERYBODY_BP:
        raise Invalid(field="visitor_share_bp", reason="A share lies between 0 and 10,000 basis points.")
    findings = readiness(facts.code, ctx.at.date())
    blockers = decide_blockers(
        [
            (item.item, item.is_ready, item.sentence)
            for item in findings
            if state == "live" or not item.for_live
        ]
    )
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
def invite_to_market(ctx: Context, *, code: str, label: str) -> NewInvitation:
    """Make a link that lets whoever has it into a market's pilot; `label` says who it is for.

    The token is answered once. Refuses: UnknownMarket, Invalid (label).
    """
    facts = pack(code)
    if not label.strip():
        raise Invalid(field="label", reason="Say who is invited.")
    token = new_token()
    digest = hashlib.sha256(token.encode()).hexdigest()
    row = Invitation.objects.create(
        market=facts.code, digest=digest, label=label.strip()[:120], created_at=ctx.at
    )
    audit.record(ctx, audit.subject_of(row), {}, {"label": row.label, "market": facts.code})
    return NewInvitation(row.id, f"/{locale_path(facts.code, facts.default_language)}/invited/{token}")


@command(scope="markets:write")
def withdraw_invitation(ctx: Context, *, invitation_id: UUID) -> None:
    """Let a link open nothing any more; who used it before stays in. Refuses: NotFound."""
    row = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if row is None:
        raise NotFound(what="invitation")
    audit.change(ctx, row, withdrawn_at=row.withdrawn_at or ctx.at)


@command(scope="markets:write", atomic=False)
def refresh_rates(ctx: Context, *, address: str = ecb.ADDRESS) -> RatesInForce:
    """Fetch the European Central Bank's rates. A failure keeps the rates that are here and says so in the answer.

    Refuses: nothing.
    """
    try:
        found = fx.keep_rates(ecb.fetch_rates(address))
        is_done, sentence = True, f"Rates up to {found.last_day.isoformat()} were fetched."
    except (ecb.RatesNotFetched, fx.BadRates) as problem:
        known = fx.rates()
        is_done = False
        sentence = f"{problem} The rates of {known.last_day.isoformat()} stay in force ({known.source})."
    RateRefresh.objects.create(at=ctx.at, is_done=is_done, sentence=sentence[:300])
    return rates_in_force()


@command(scope="markets:write")
def take_offers_from(ctx: Context, *, code: str, source: str) -> None:
    """Let a market's offers follow those of another, whose sellers set the prices.

    Refuses: UnknownMarket, Invalid (itself, or a market whose own offers follow a third).
    """
    facts, origin = pack(code), market_by_code(source)
    if facts.code == origin.code:
        raise Invalid(field="offers_of", reason="A market cannot take its offers from itself.")
    if origin.offers_from:
        raise Invalid(
            field="offers_of",
            reason=Sentence(
                "The offers of {code} follow those of {source}: take them from there.",
                code=origin.code,
                source=origin.offers_from,
            ),
        )
    row, _ = Market.objects.get_or_create(code=facts.code)
    audit.change(ctx, row, offers_from=origin.code)


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
