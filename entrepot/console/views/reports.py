"""Reports of unlawful content and orders of authorities: a queue with clocks, decisions, complaints, what is restricted."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from entrepot.care.commands import decide_complaint, decide_report, enter_order, lift_restriction
from entrepot.care.queries import REPORT_MEASURES, complaints_waiting, reports_of, restrictions_of
from entrepot.catalog.queries import identical_products, product_by_slug, products_by_id
from entrepot.console.desk import desk, show, where_of
from entrepot.kit.ids import read_id, show_id
from entrepot.parties.queries import sellers_by_id
from entrepot.storefront.web import attempt, context_of

HERE = "/console/reports/"


def _report_list(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    waiting = reports_of(ctx, is_open=True, limit=200)
    decided = reports_of(ctx, is_open=False, limit=50)
    complaints, restrictions = complaints_waiting(ctx), restrictions_of(ctx)
    same = identical_products({one.product_id for one in waiting if not one.review_id})
    about = [*waiting, *decided, *restrictions, *(one for _, one in complaints)]
    wanted = {one.product_id for one in about if one.product_id}
    products = products_by_id(wanted | {each for few in same.values() for each in few})
    sellers = {one.seller_id for one in about if one.seller_id} | {one.seller_id for one in products.values()}
    data = {
        "waiting": waiting,
        "decided": decided,
        "complaints": complaints,
        "restrictions": restrictions,
        "products": products,
        "same": same,
        "show_id": show_id,
        "names": sellers_by_id(sellers),
        "measures": REPORT_MEASURES,
        "today": ctx.at.date(),
        "sent": request.POST,
        "why": why,
    }
    return show(request, "reports.jinja", data, 422 if why else 200)


@desk(scope="reports:decide")
def report_list(request: HttpRequest) -> HttpResponse:
    """What is due soonest first; complaints; what is restricted now; the newest decided."""
    return _report_list(request)


@desk(scope="reports:decide", methods="POST")
def order_enter(request: HttpRequest) -> HttpResponse:
    """The order of an authority, as it came."""
    ctx, sent = context_of(request), request.POST
    where = where_of(request)

    def run() -> None:
        market = where.market or where.choices[0]
        enter_order(
            ctx,
            product_id=product_by_slug(sent.get("product", "").strip().rsplit("/", 1)[-1]).id,
            authority=sent.get("authority", ""),
            email=sent.get("email", ""),
            reference=sent.get("reference", ""),
            text=sent.get("text", ""),
            market=market.code,
            language=market.default_language,
        )

    return attempt(run, then=HERE, done="order_entered", again=lambda why: _report_list(request, why))


@desk(scope="reports:decide", methods="POST")
def report_decide(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """What is done, on what ground, and why."""
    ctx, sent = context_of(request), request.POST
    return attempt(
        lambda: decide_report(
            ctx,
            report_id=report_id,
            measure=sent.get("measure", ""),
            basis=sent.get("basis", ""),
            clause=sent.get("clause", ""),
            reasons=sent.get("reasons", ""),
            also=[read_id("prd", each) for each in sent.getlist("also")],
        ),
        then=HERE,
        done="report_decided",
        again=lambda why: _report_list(request, why),
    )


@desk(scope="reports:decide", methods="POST")
def complaint_decide(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    """Whether the complaint is right, and why."""
    ctx, sent = context_of(request), request.POST
    return attempt(
        lambda: decide_complaint(
            ctx,
            complaint_id=complaint_id,
            is_upheld=sent.get("do") == "uphold",
            answer=sent.get("answer", ""),
        ),
        then=HERE,
        done="complaint_decided",
        again=lambda why: _report_list(request, why),
    )


@desk(scope="reports:decide", methods="POST")
def restriction_lift(request: HttpRequest, restriction_id: UUID) -> HttpResponse:
    """Take a restriction back of our own accord."""
    ctx, reason = context_of(request), request.POST.get("reason", "")
    return attempt(
        lambda: lift_restriction(ctx, restriction_id=restriction_id, reason=reason),
        then=HERE,
        done="restriction_lifted",
        again=lambda why: _report_list(request, why),
    )
