"""Payouts: large ones wait for two people; files for the bank and its statements."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from entrepot.console.desk import desk, show
from entrepot.parties.queries import sellers_by_id
from entrepot.payments.commands import make_bank_file, read_bank_statement
from entrepot.payments.errors import BankStatementWrong
from entrepot.payments.queries import bank_file_body, bank_files, bank_transfers_queued, statement_lines
from entrepot.settlement.commands.payouts import APPROVALS_NEEDED, approve_payout
from entrepot.settlement.queries import payouts_open
from entrepot.storefront.web import attempt, context_of


def _payouts_page(request: HttpRequest, why: str = "") -> HttpResponse:
    ctx = context_of(request)
    payouts = payouts_open(ctx)
    data = {
        "waiting": [payout for payout in payouts if payout.state == "waiting"],
        "moving": [payout for payout in payouts if payout.state != "waiting"],
        "names": sellers_by_id({payout.seller_id for payout in payouts}),
        "needed": APPROVALS_NEEDED,
        "me": ctx.actor.label,
        "why": why,
        "has_bank": "sepa" in settings.PAYMENT_PROVIDERS,
        "queued": bank_transfers_queued(),
        "files": bank_files(ctx, limit=20),
        "unmatched": len(statement_lines(is_unmatched=True, limit=1000)),
    }
    return show(request, "payouts.jinja", data)


@desk(scope="payouts:approve")
def payout_list(request: HttpRequest) -> HttpResponse:
    """What waits for approval, and what is on its way."""
    return _payouts_page(request)


@desk(scope="payouts:approve", methods="POST")
def payout_approve(request: HttpRequest, payout_id: UUID) -> HttpResponse:
    """This person's yes."""
    ctx = context_of(request)
    return attempt(
        lambda: approve_payout(ctx, payout_id=payout_id),
        then="/console/payouts/",
        done="payout_approved",
        again=lambda why: _payouts_page(request, why),
    )


@desk(scope="payouts:run", methods="POST")
def bank_file_make(request: HttpRequest) -> HttpResponse:
    """Every transfer that waits, in one file for the bank."""
    ctx = context_of(request)
    return attempt(
        lambda: make_bank_file(ctx),
        then="/console/payouts/",
        done="bank_file_made",
        again=lambda why: _payouts_page(request, why),
    )


@desk(scope="payouts:run")
def bank_file_take(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The pain.001 file, as it is handed to the bank."""
    body = bank_file_body(context_of(request), file_id)
    name = f'attachment; filename="pain001-{file_id.hex[:12]}.xml"'
    return HttpResponse(
        body,
        content_type="application/xml",
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )


@desk(scope="payouts:run", methods="POST")
def bank_statement_read(request: HttpRequest) -> HttpResponse:
    """A camt.053 statement taken in: what it pays, what it books, what a person must look at."""
    ctx, upload = context_of(request), request.FILES.get("statement")

    def run() -> None:
        if upload is None or (upload.size or 0) > 20_000_000:
            raise BankStatementWrong(reason="choose a file of at most 20 MB.")
        read_bank_statement(ctx, body=upload.read())

    return attempt(
        run,
        then="/console/payouts/",
        done="statement_read",
        again=lambda why: _payouts_page(request, why),
    )
