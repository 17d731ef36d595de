"""The list of commissions: its order, its next rule, an example to try it on, and who is in which programme."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from entrepot.console.desk import desk, show, where_of, whole_number
from entrepot.kit.errors import Invalid, Refusal
from entrepot.landedcost.queries import minor_of
from entrepot.parties.queries import sellers_all
from entrepot.settlement.commands.tariff import (
    add_commission_rule,
    admit_to_programme,
    end_commission_rule,
    move_commission_rule,
)
from entrepot.settlement.queries import CommissionRule, programme_seats, tariff
from entrepot.storefront.queries import (
    conditions,
    fee_choices,
    fee_form,
    market_currency,
    quoted,
    vat_words,
)
from entrepot.storefront.web import attempt, context_of, said

HERE = "/console/tariff/"


def _tariff_page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    where, today = where_of(request), ctx.at.date()
    home = where.market or next(iter(where.choices), None)
    form = fee_form(request.GET, market=home.code if home else "ES", today=today)
    made, untried = None, ""
    if form.price:
        try:
            made = quoted(form, at=ctx.at)
        except Refusal as refusal:
            untried = said(refusal)
    listed = tariff(ctx.at)
    sellers = [one.view for one in sellers_all(ctx, "approved")] if ctx.may("sellers:read") else []
    seats = programme_seats(ctx)
    data = {
        "where": where,
        "why": why,
        "listed": listed,
        "rules": [(rule, conditions(rule), rule.valid_from > today) for rule in listed.rules],
        "today": today,
        "form": form,
        "made": made,
        "untried": untried,
        "vat_words": vat_words(made.vat_treatment) if made else "",
        "choices": fee_choices(ctx.at),
        "typed": request.POST,
        "may_write": ctx.may("tariff:write"),
        "sellers": [(str(one.id), one.display_name) for one in sellers],
        "seated": [(one, seats[one.id]) for one in sellers if one.id in seats],
    }
    return show(request, "tariff.jinja", data, status=422 if untried else 200)


@desk(scope="ledger:read")
def tariff_page(request: HttpRequest) -> HttpResponse:
    """The list in its order; an example stands in the address."""
    return _tariff_page(request)


def _change(request: HttpRequest, run: object, done: str) -> HttpResponse:
    return attempt(run, then=HERE, done=done, again=lambda why: _tariff_page(request, why))  # type: ignore[arg-type]


@desk(scope="tariff:write", methods="POST")
def rule_add(request: HttpRequest) -> HttpResponse:
    """A rule with its first and last day, before another one."""

    def said_of(name: str) -> str:
        return request.POST.get(name, "").replace("\0", "").strip()[:200]

    def run() -> None:
        market = said_of("market").upper()
        fixed = said_of("fixed").replace(",", ".")
        currency = said_of("currency").upper()[:3] or (market_currency(market) if market else "EUR")
        fixed_minor = minor_of(fixed, currency, "fixed") if fixed else 0
        rule = CommissionRule(
            rule_id=said_of("rule_id"),
            rate_bp=minor_of(said_of("rate").replace(",", ".").rstrip("% "), "EUR", "rate"),
            market=market,
            category=said_of("category"),
            programme=" ".join(said_of("programme").split()),
            channel=said_of("channel"),
            trader_type=said_of("kind"),
            fixed_minor=fixed_minor,
            currency=currency if fixed_minor else "",
            valid_from=_day(request, "valid_from"),
            valid_to=_day(request, "valid_to") if said_of("valid_to") else None,
            source=said_of("source"),
        )
        add_commission_rule(context_of(request), rule=rule, before=said_of("before"))

    return _change(request, run, "rule_added")


@desk(scope="tariff:write", methods="POST")
def rule_move(request: HttpRequest, rule: str) -> HttpResponse:
    """One place up or down, or so many."""
    down = whole_number(request.POST.get("down", ""), 0, most=200)
    by = down or -whole_number(request.POST.get("up", ""), 0, most=200)
    return _change(
        request, lambda: move_commission_rule(context_of(request), rule_id=rule, by=by), "rule_moved"
    )


@desk(scope="tariff:write", methods="POST")
def rule_end(request: HttpRequest, rule: str) -> HttpResponse:
    """Its last day."""
    return _change(
        request,
        lambda: end_commission_rule(context_of(request), rule_id=rule, last_on=_day(request, "last_on")),
        "rule_ended",
    )


@desk(scope="tariff:write", methods="POST")
def programme_set(request: HttpRequest) -> HttpResponse:
    """Let a seller into a programme, or out of it."""

    def run() -> None:
        try:
            seller_id = UUID(request.POST.get("seller", ""))
        except ValueError:
            raise Invalid(field="seller", reason=_("is none of the list.")) from None
        admit_to_programme(
            context_of(request), seller_id=seller_id, programme=request.POST.get("programme", "")
        )

    return _change(request, run, "programme_set")


def _day(request: HttpRequest, field: str) -> date:
    try:
        return date.fromisoformat(request.POST.get(field, ""))
    except ValueError:
        raise Invalid(field=field, reason=_("is no day like 2026-12-01.")) from None
