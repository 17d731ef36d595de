"""Markets: what each pack answers, what blocks it, open and close."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from entrepot.console.desk import back, desk, show, whole_number
from entrepot.console.words import CHECKLIST, MARKET_STATES
from entrepot.insight.commands import extend_offers, open_market, review_market
from entrepot.kit.errors import Refusal
from entrepot.markets.commands import close_market, invite_to_market, withdraw_invitation
from entrepot.markets.errors import CurrencyUnknown, MarketNotReady, RateUnknown
from entrepot.markets.queries import (
    Finding,
    FxRate,
    VatRate,
    all_markets,
    consumer_rules,
    fx_rate,
    import_rules,
    invitations,
    market_by_code,
    open_markets,
    rates_in_force,
    readiness,
    vat_goods,
    vat_rate,
)
from entrepot.payments.queries import payment_methods
from entrepot.settlement.errors import PlatformUnknown
from entrepot.settlement.queries import platform_on
from entrepot.storefront.environment import country, tongue
from entrepot.storefront.web import attempt, context_of, said

MADE = ("offered", "unpriced", "held")


@desk()
def market_list(request: HttpRequest) -> HttpResponse:
    """Every market pack, the opened ones first."""
    order = {"live": 0, "pilot": 1, "closed": 2}
    markets = sorted(all_markets(), key=lambda market: (order.get(market.state, 3), country(market.code)))
    return show(request, "markets.jinja", {"markets": markets, "states": MARKET_STATES})


def _said(finding: Finding) -> str:
    """A finding in the reader's language."""
    facts = finding.facts
    if "language" in facts:
        facts = facts | {"language": tongue(str(facts["language"]))}
    return gettext(finding.template).format_map(facts).strip()


def _made(request: HttpRequest) -> dict[str, int]:
    """How many offers were just made, left without a full price, and products held by a rule."""
    counts = {name: request.GET.get(name, "") for name in MADE}
    return {name: int(text) for name, text in counts.items() if re.fullmatch("[0-9]{1,9}", text)}


def _market_page(request: HttpRequest, code: str, why: str = "", link: str = "") -> HttpResponse:
    ctx = context_of(request)
    market = market_by_code(code)
    findings = readiness(code, ctx.at.date())
    data = {
        "m": market,
        "findings": [
            (item, CHECKLIST.get(item.item, item.item.replace("_", " ")), _said(item)) for item in findings
        ],
        "blockers": [item for item in findings if not item.is_ready],
        "has_offers": any(item.item == "offers" and item.is_ready for item in findings),
        "sources": [pack for pack in open_markets() if pack.code != market.code and not pack.offers_from],
        "made": _made(request),
        "states": MARKET_STATES,
        "why": why,
        "invited": invitations(code),
        "link": link,
    }
    return show(request, "market.jinja", data)


@desk()
def market_page(request: HttpRequest, code: str) -> HttpResponse:
    """One market: its checklist and its facts."""
    return _market_page(request, code)


@desk(scope="markets:write", methods="POST")
def market_launch(request: HttpRequest, code: str) -> HttpResponse:
    """Open a market: to everybody (100), as a pilot for everybody (`pilot`), for a share, or for the invited (0)."""
    asked = request.POST.get("share", "100")
    share_bp = whole_number(asked, 100, most=100) * 100
    state = "pilot" if asked == "pilot" or share_bp < 10_000 else "live"

    def run() -> object:
        try:
            return open_market(context_of(request), code=code, state=state, visitor_share_bp=share_bp)
        except MarketNotReady as refusal:
            found = readiness(code, context_of(request).at.date())
            blockers = " ".join(
                _said(item) for item in found if not item.is_ready and (state == "live" or not item.for_live)
            )
            raise MarketNotReady(**refusal.facts | {"blockers": blockers}) from refusal

    return attempt(
        run,
        then=f"/console/markets/{code}/",
        done="launched",
        again=lambda why: _market_page(request, code, why),
    )


@desk(scope="markets:write", methods="POST")
def market_invite(request: HttpRequest, code: str) -> HttpResponse:
    """Make a link into the market's pilot; it is shown once."""
    ctx = replace(context_of(request), key="")
    try:
        made = invite_to_market(ctx, code=code, label=request.POST.get("label", "")[:200])
    except Refusal as refusal:
        return _market_page(request, code, said(refusal))
    return _market_page(request, code, link=f"{settings.BASE_URL}{made.path}")


@desk(scope="markets:write", methods="POST")
def market_uninvite(request: HttpRequest, code: str, invitation_id: UUID) -> HttpResponse:
    """Let a link into the pilot open nothing any more."""
    withdraw_invitation(context_of(request), invitation_id=invitation_id)
    return back(f"/console/markets/{code}/", "uninvited")


@desk(scope="markets:write", methods="POST")
def market_review(request: HttpRequest, code: str) -> HttpResponse:
    """Look again at everything on the checklist."""
    review_market(context_of(request), code=code)
    return back(f"/console/markets/{code}/", "reviewed")


@desk(scope="markets:write", methods="POST")
def market_offers(request: HttpRequest, code: str) -> HttpResponse:
    """Offer here what is offered in another market, at prices that leave sellers what they keep there."""
    ctx = context_of(request)
    try:
        made = extend_offers(ctx, from_market=request.POST.get("source", "")[:20], to_market=code)
        review_market(replace(ctx, key=""), code=code)
    except Refusal as refusal:
        if refusal.status in (401, 403, 404):
            raise
        response = _market_page(request, code, said(refusal))
        response.status_code = refusal.status
        return response
    counts = {name: str(getattr(made, name)) for name in MADE}
    return back(f"/console/markets/{code}/", "offered", **counts)


@desk(scope="markets:write", methods="POST")
def market_close(request: HttpRequest, code: str) -> HttpResponse:
    """Take no new orders in a market."""
    return attempt(
        lambda: close_market(context_of(request), code=code),
        then=f"/console/markets/{code}/",
        done="closed",
        again=lambda why: _market_page(request, code, why),
    )


@desk()
def market_rules(request: HttpRequest, code: str) -> HttpResponse:
    """The law on file for a market: rates, import rules, consumer rules, each with its source and dates."""
    market = market_by_code(code)
    today = context_of(request).at.date()
    rates: list[tuple[str, VatRate]] = []
    for goods in vat_goods():
        try:
            rates.append((goods, vat_rate(market.code, goods, today)))
        except RateUnknown:
            continue
    union = "EU" if market.eu_member else ""
    data = {
        "m": market,
        "states": MARKET_STATES,
        "rates": rates,
        "imports": import_rules(market.code, today),
        "consumer": [
            rule
            for rule in consumer_rules()
            if market.code in rule.jurisdiction.replace("|", " ").split()
            or (union and union in rule.jurisdiction)
        ],
        "today": today,
        "to_euro": _rate_to_euro(market.currency, today),
        "rates_known": rates_in_force(),
        "providers": [
            (name, name in settings.PAYMENT_PROVIDERS, needed)
            for name, needed in settings.KNOWN_PAYMENT_PROVIDERS.items()
        ],
        "open_methods": payment_methods(market.code, on=today),
        "ours": None,
        "no_platform": "",
    }
    try:
        data["ours"] = platform_on(today)
    except PlatformUnknown as refusal:
        data["no_platform"] = said(refusal)
    return show(request, "market_rules.jinja", data)


def _rate_to_euro(currency: str, on: date) -> FxRate | None:
    try:
        return fx_rate("EUR", currency, on)
    except CurrencyUnknown:
        return None
