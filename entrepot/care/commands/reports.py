"""Reports of unlawful content, what is decided about them, and complaints about what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from entrepot.care.commands._steps import (
    _check_email,
    _desk,
    _hide,
    _house,
    _lift,
    _market_of,
    _reporter,
    _restrict,
    _restricted,
    _review,
    _write_to,
)
from entrepot.care.errors import ComplaintDecided, ContestClosed, NothingToContest, ReportDecided
from entrepot.care.models import Complaint, Report, Restriction, Review
from entrepot.care.policy import (
    GROUNDS,
    LEAST_WORDS,
    MOST_CHARACTERS,
    MOST_CLAUSE,
    NAMELESS,
    RECEIPTS_A_DAY,
    check_words,
    clock_of,
    decide_measure,
)
from entrepot.care.tables import last_day
from entrepot.catalog.queries import identical_products, products_by_id
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.ids import new_token
from entrepot.markets.queries import pack
from entrepot.offers.commands import block_product
from entrepot.parties.commands import count_try, suspend_seller
from entrepot.parties.queries import sellers_by_id

A_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class ReportRef:
    """A report: its id for commands, its token for the page that follows it (a guest's only key)."""

    id: UUID
    token: str


@command(scope="reports:write")
def report_content(
    ctx: Context,
    *,
    product_id: UUID,
    review_id: UUID | None = None,
    ground: str,
    place: str,
    text: str,
    name: str,
    email: str,
    is_good_faith: bool,
    market: str,
    language: str,
) -> ReportRef:
    """Say that a product, or a review of it, breaks the law; the receipt is on its way with the same commit.

    `place`: where exactly (the address of the page). Only who reports abuse of children may leave out name and e-mail.
    Refuses: NotFound, Invalid, TooManyTries (too many receipts to one mailbox).
    """
    if not is_good_faith:
        raise Invalid(
            field="good_faith",
            reason="is needed.",
            hint="To the best of my knowledge what I say here is true and complete.",
        )
    is_nameless = ground in NAMELESS
    email = _check_email(email, is_needed=not is_nameless)
    name = check_words("name", name, most=200, least=0 if is_nameless else 2)
    row = _open_report(
        ctx, "content", product_id, review_id, ground, place, text, name, email, market, language
    )
    return ReportRef(row.id, row.token)


@command(scope="reports:decide")
def enter_order(
    ctx: Context,
    *,
    product_id: UUID,
    authority: str,
    email: str,
    reference: str,
    text: str,
    market: str,
    language: str,
) -> ReportRef:
    """Note the order of an authority about a product: it stands in the queue with the clock of the law (two working days).

    `reference`: the authority's own. Refuses: NotFound, Invalid, TooManyTries.
    """
    authority = check_words("name", authority, most=200, least=2)
    email = _check_email(email, is_needed=False)
    row = _open_report(
        ctx, "authority", product_id, None, "prohibited", reference, text, authority, email, market, language
    )
    return ReportRef(row.id, row.token)


def _open_report(
    ctx: Context,
    kind: str,
    product_id: UUID,
    review_id: UUID | None,
    ground: str,
    place: str,
    text: str,
    name: str,
    email: str,
    market: str,
    language: str,
) -> Report:
    product = products_by_id([product_id]).get(product_id)
    if product is None:
        raise NotFound(what="product")
    shown = Review.objects.filter(product_id=product_id, hidden_at=None)
    if review_id is not None and not shown.filter(pk=review_id).exists():
        raise NotFound(what="review")
    if ground not in GROUNDS:
        raise Invalid(field="ground", reason="is not one of the list.")
    if email:
        count_try(ctx, what="report receipt", who=f"mail:{email}", most=RECEIPTS_A_DAY, per_s=A_DAY_S)
    row = Report.objects.create(
        token=new_token(),
        kind=kind,
        product_id=product_id,
        seller_id=product.seller_id,
        review_id=review_id,
        ground=ground,
        place=check_words("place", place, most=300),
        text=check_words("text", text, most=MOST_CHARACTERS, least=LEAST_WORDS),
        name=name,
        email=email,
        party_id=ctx.actor.party_id if ctx.actor.kind == "buyer" else None,
        market=pack(market).code,
        language=language[:12],
        reported_at=ctx.at,
        due_on=last_day(clock_of(kind, ground), ctx.at.date(), market),
    )
    if ctx.actor.kind == "operator":
        audit.record(ctx, audit.subject_of(row), {}, {"authority": name, "reference": row.place})
    _write_to(ctx, _reporter(row), "receipt", about=row)
    return row


@command(scope="reports:decide")
def decide_report(
    ctx: Context,
    *,
    report_id: UUID,
    measure: str,
    basis: str = "",
    clause: str = "",
    reasons: str,
    also: Sequence[UUID] = (),
) -> None:
    """A person decides: nothing is done, or the product, the review or the shop is restricted.

    Who reported reads the decision, who is restricted its reasons; both may complain. `basis`: against the `law` or our
    `terms`, `clause`: which. `also`: identical products (the same GTIN) that are blocked with it.
    Refuses: NotFound, ReportDecided, Invalid.
    """
    report = Report.objects.of(ctx).select_for_update().filter(pk=report_id).first()
    if report is None:
        raise NotFound(what="report")
    if report.decided_at is not None:
        raise ReportDecided()
    reasons = check_words("reasons", reasons, most=MOST_CHARACTERS, least=LEAST_WORDS)
    clause = check_words("clause", clause, most=MOST_CLAUSE)
    decide_measure("review" if report.review_id else "product", measure, basis, clause)
    same = identical_products([report.product_id])[report.product_id]
    if set(also) - set(same):
        raise Invalid(field="also", reason="is not one of the list.")
    if measure == "product_blocked":
        for view in products_by_id([report.product_id, *also]).values():
            block_product(ctx, product_id=view.id, reason=reasons)
            _restrict(
                ctx,
                measure,
                product_id=view.id,
                seller_id=view.seller_id,
                basis=basis,
                clause=clause,
                reasons=reasons,
                report=report,
            )
    elif measure == "seller_suspended":
        if sellers_by_id([report.seller_id])[report.seller_id].state != "suspended":
            suspend_seller(ctx, seller_id=report.seller_id, reason=reasons[:500])
        _restrict(ctx, measure, seller_id=report.seller_id, basis=basis, clause=clause, reasons=reasons, report=report)  # fmt: skip
    elif measure == "review_hidden" and report.review_id:
        review = _review(report.review_id)
        if review.hidden_at is None:
            _hide(ctx, review, reasons)
        _restrict(ctx, measure, review=review, basis=basis, clause=clause, reasons=reasons, report=report)
    audit.change(
        ctx, report, measure=measure, reasons=reasons, decided_at=ctx.at, decided_by=ctx.actor.label[:200]
    )
    _write_to(
        ctx, _reporter(report), "decided", about=report, until=_open_until(report.decided_at, report.market)
    )


@command(scope="reports:record")
def note_suspension(ctx: Context, *, seller_id: UUID, reason: str) -> None:
    """Keep and send the statement of reasons of a shop that was suspended outside a report. Safe to run twice."""
    if sellers_by_id([seller_id])[seller_id].state == "suspended":
        _restrict(ctx, "seller_suspended", seller_id=seller_id, basis="terms", clause="", reasons=reason)


@command(scope="reports:record")
def note_approval(ctx: Context, *, seller_id: UUID) -> None:
    """A shop may sell again: what suspended it is lifted. Safe to run twice."""
    rows = Restriction.objects.of(ctx).filter(seller_id=seller_id, measure="seller_suspended", lifted_at=None)
    rows.update(lifted_at=ctx.at)


@command(scope="reports:decide")
def lift_restriction(ctx: Context, *, restriction_id: UUID, reason: str) -> None:
    """Take a restriction back of one's own accord; who it concerned is told. Refuses: NotFound, Invalid."""
    row = Restriction.objects.of(ctx).select_for_update().filter(pk=restriction_id, lifted_at=None).first()
    if row is None:
        raise NotFound(what="decision")
    reason = check_words("reason", reason, most=500, least=LEAST_WORDS)
    _lift(ctx, row, reason)
    _write_to(ctx, _restricted(ctx, row), "lifted", about=row, answer=reason)


@command(scope="reports:write")
def contest_report(ctx: Context, *, token: str, text: str) -> UUID:
    """Who reported complains about the decision, free of charge, once, for six months.

    Refuses: NotFound, NothingToContest, ContestClosed, Invalid.
    """
    report = Report.objects.of(_house(ctx)).select_for_update().filter(token=token).first()
    if report is None:
        raise NotFound(what="report")
    complaint = _contest(ctx, text, report.decided_at, report.market, report=report)
    _write_to(ctx, _reporter(report), "complaint", about=report, day=complaint.due_on)
    return complaint.id


@command(scope="reports:write")
def contest_restriction(
    ctx: Context, *, text: str, token: str = "", restriction_id: UUID | None = None
) -> UUID:
    """Who is restricted complains, free of charge, once, for six months: by the secret link, or a shop's people by its id.

    Refuses: NotFound, NothingToContest, ContestClosed, Invalid.
    """
    own = {"token": token} if token else {"id": restriction_id}
    rows = Restriction.objects.of(_house(ctx) if token else ctx).select_for_update()
    row = rows.filter(**own).first()
    if row is None:
        raise NotFound(what="decision")
    complaint = _contest(ctx, text, row.made_at, _market_of(row), restriction=row)
    _write_to(ctx, _restricted(ctx, row), "complaint", about=row, day=complaint.due_on)
    return complaint.id


def _contest(
    ctx: Context,
    text: str,
    decided_at: datetime | None,
    market: str,
    *,
    report: Report | None = None,
    restriction: Restriction | None = None,
) -> Complaint:
    if decided_at is None or Complaint.objects.filter(report=report, restriction=restriction).exists():
        raise NothingToContest()
    until = _open_until(decided_at, market)
    if ctx.at.date() > until:
        raise ContestClosed(until=until.isoformat())
    complaint = Complaint.objects.create(
        report=report,
        restriction=restriction,
        text=check_words("text", text, most=MOST_CHARACTERS, least=LEAST_WORDS),
        made_at=ctx.at,
        due_on=last_day("complaint", ctx.at.date(), market),
    )
    about = report or restriction
    _write_to(ctx, _desk(_house(ctx), pack(market).time_zone, "reports", "reports:decide"), "to_decide", about=about, day=complaint.due_on)  # fmt: skip
    return complaint


def _open_until(decided_at: datetime | None, market: str) -> date:
    """The last day to complain about a decision."""
    assert decided_at is not None
    return last_day("complaint_open", decided_at.date(), market)


@command(scope="reports:decide")
def decide_complaint(ctx: Context, *, complaint_id: UUID, is_upheld: bool, answer: str) -> None:
    """A person answers a complaint. Upheld, it lifts the restriction, or opens the report once more to be decided anew.

    Refuses: NotFound, ComplaintDecided, Invalid, and what lifting refuses.
    """
    row = Complaint.objects.select_for_update().filter(pk=complaint_id).first()
    if row is None:
        raise NotFound(what="complaint")
    if row.decided_at is not None:
        raise ComplaintDecided()
    answer = check_words("answer", answer, most=MOST_CHARACTERS, least=LEAST_WORDS)
    audit.change(
        ctx, row, is_upheld=is_upheld, answer=answer, decided_at=ctx.at, decided_by=ctx.actor.label[:200]
    )
    if row.restriction is not None:
        if is_upheld and row.restriction.lifted_at is None:
            _lift(ctx, row.restriction, answer)
        readers = _restricted(ctx, row.restriction)
        _write_to(ctx, readers, "answered", about=row.restriction, complaint=row)
    elif row.report is not None:
        if is_upheld:
            due_on = last_day(clock_of(row.report.kind, row.report.ground), ctx.at.date(), row.report.market)
            audit.change(
                ctx, row.report, measure="", reasons="", decided_at=None, decided_by="", due_on=due_on
            )
        _write_to(ctx, _reporter(row.report), "answered", about=row.report, complaint=row)
