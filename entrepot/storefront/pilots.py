"""Who may enter a market in its pilot: who was invited, and a share of the visitors.

One signed cookie holds a number drawn once for this browser and the markets it was invited to. It keeps the answer the same
from page to page and tells nothing of the person.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from entrepot.markets.queries import MarketPack

COOKIE, SALT = "pilot", "entrepot.storefront.pilots"
WHOLE_BP = 10_000
A_YEAR_S = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Pass:
    """What the cookie says: a number from 0 to 9,999 and the markets one was invited to."""

    draw: int
    invited: tuple[str, ...]
    is_new: bool = False


def is_for_some(market: MarketPack) -> bool:
    """Whether a market lets in only some of its visitors."""
    return market.is_open and not market.is_public


def admits(request: HttpRequest, market: MarketPack) -> bool:
    """Whether this browser may enter: an open market, an invitation, or a draw below the share of visitors."""
    if not is_for_some(market):
        return True
    held = _pass_of(request)
    return market.code in held.invited or held.draw < market.visitor_share_bp


def invite(request: HttpRequest, market: MarketPack) -> None:
    """Let this browser into a market from now on; `remember` keeps it."""
    held = _pass_of(request)
    request.__dict__["pilot_pass"] = replace(
        held, invited=tuple(sorted({*held.invited, market.code})), is_new=True
    )


def remember(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Write the cookie when something was drawn or given on this request."""
    held: Pass | None = request.__dict__.get("pilot_pass")
    if held is not None and held.is_new:
        text = signing.dumps({"d": held.draw, "m": list(held.invited)}, salt=SALT)
        answer.set_cookie(
            COOKIE, text, max_age=A_YEAR_S, samesite="Lax", httponly=True, secure=settings.IS_HTTPS
        )


def _pass_of(request: HttpRequest) -> Pass:
    held: Pass | None = request.__dict__.get("pilot_pass")
    if held is None:
        held = request.__dict__["pilot_pass"] = _read(request.COOKIES.get(COOKIE, ""))
    return held


def _read(text: str) -> Pass:
    try:
        told = signing.loads(text[:2000], salt=SALT)
        return Pass(int(told["d"]), tuple(map(str, told["m"])))
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return Pass(secrets.randbelow(WHOLE_BP), (), is_new=True)
