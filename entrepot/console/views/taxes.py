"""Tax returns: by office, scheme and period; filed when the books are closed; as a file."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show, take_away
from entrepot.console.words import FACTS_MISSING, RETURN_STATES, scheme_words
from entrepot.invoicing.commands.file import file_return, pay_return
from entrepot.invoicing.queries import (
    REPORT_COLUMNS,
    Declaration,
    ReturnView,
    declaration,
    declaration_file,
    missing_of,
    report_rows,
    report_xml,
    return_file,
    sellers_report,
    tax_return,
    tax_returns,
)
from entrepot.kit.errors import NotFound
from entrepot.storefront.web import attempt, context_of


def _asked(request: HttpRequest, authority: str, scheme: str, currency: str, first: str) -> ReturnView:
    try:
        first_on = date.fromisoformat(first)
    except ValueError:
        raise NotFound(what="tax return") from None
    return tax_return(
        context_of(request), authority=authority, scheme=scheme, currency=currency, first_on=first_on
    )


@desk(scope="ledger:read")
def return_list(request: HttpRequest) -> HttpResponse:
    """What is due, what runs, what was filed."""
    data = {
        "returns": tax_returns(context_of(request)),
        "states": RETURN_STATES,
        "scheme_words": scheme_words,
        "today": context_of(request).at.date(),
        "left_out": _left_out(request),
        "facts": FACTS_MISSING,
    }
    return show(request, "taxes.jinja", data)


def _left_out(request: HttpRequest) -> list[tuple[int, str, tuple[str, ...]]]:
    """(year, seller, what is not on file) of those the yearly message cannot hold yet: last year's and this year's."""
    ctx = context_of(request)
    return [
        (year, one.seller.legal_name or one.seller.display_name, missing_of(one))
        for year in (ctx.at.year, ctx.at.year - 1)
        for one in sellers_report(ctx, year)
        if missing_of(one)
    ]


@desk(scope="ledger:read")
def sellers_file(request: HttpRequest, year: int, kind: str) -> HttpResponse:
    """The yearly report on sellers as CSV or XML."""
    ctx = context_of(request)
    if kind not in ("csv", "xml") or not 2023 <= year <= ctx.at.year:
        raise NotFound(what="report")
    found = sellers_report(ctx, year)
    if kind == "csv":
        return take_away(f"sellers-{year}", REPORT_COLUMNS, report_rows(found), ctx.at)
    headers = {
        "Content-Disposition": f'attachment; filename="dpi-{year}.xml"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(
        report_xml(found, year=year, at=ctx.at), content_type="application/xml", headers=headers
    )


def _declared(request: HttpRequest, view: ReturnView) -> Declaration | None:
    """The period in all its currencies together, where that is more than this one."""
    n = view.content
    made = declaration(context_of(request), authority=n.authority, scheme=n.scheme, first_on=n.period_from)
    return made if made and (made.rates or made.missing or n.currency != made.currency) else None


def _page(request: HttpRequest, view: ReturnView, why: str = "") -> HttpResponse:
    data = {
        "declared": _declared(request, view),
        "r": view,
        "n": view.content,
        "states": RETURN_STATES,
        "scheme_words": scheme_words,
        "why": why,
    }
    return show(request, "tax_return.jinja", data)


@desk(scope="ledger:read")
def return_page(request: HttpRequest, authority: str, scheme: str, currency: str, first: str) -> HttpResponse:
    """One return: supplies by country and rate, corrections of earlier periods, what is unexplained; `?file=csv` to keep."""
    view = _asked(request, authority, scheme, currency, first)
    if request.GET.get("file") == "csv":
        columns, rows = return_file(view)
        return take_away(f"{authority}-{scheme}-{view.content.period}", columns, rows, context_of(request).at)
    made = _declared(request, view) if request.GET.get("file") == "declaration" else None
    if made:
        columns, rows = declaration_file(made)
        name = f"{authority}-{scheme}-{view.content.period}-{made.currency}"
        return take_away(name, columns, rows, context_of(request).at)
    return _page(request, view)


@desk(scope="taxes:file", methods="POST")
def return_file_now(
    request: HttpRequest, authority: str, scheme: str, currency: str, first: str
) -> HttpResponse:
    """File the return, or note that a filed one was paid."""
    ctx, view = context_of(request), _asked(request, authority, scheme, currency, first)
    is_payment = request.POST.get("do") == "pay"

    def run() -> None:
        if is_payment and view.return_id:
            pay_return(
                ctx, return_id=view.return_id, bank=request.POST.get("bank", "").strip()[:40] or "pilot_bank"
            )
        else:
            file_return(
                ctx, authority=authority, scheme=scheme, currency=currency, first_on=view.content.period_from
            )

    return attempt(
        run,
        then=f"/console/taxes/{authority}/{scheme}/{currency}/{first}",
        done="return_paid" if is_payment else "return_filed",
        again=lambda why: _page(request, _asked(request, authority, scheme, currency, first), why),
    )
