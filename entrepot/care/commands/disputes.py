"""Disputes: the buyer asks, the seller answers in time, else a person of the house decides. The money waits meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from entrepot.care.commands._steps import _desk, _house, _staff
from entrepot.care.errors import DisputeOpen, DisputeStep, NothingToDispute
from entrepot.care.events import DisputeClosed, DisputeOpened
from entrepot.care.letters import Reader, dispute_letter
from entrepot.care.models import Dispute, DisputeNote, DisputePhoto
from entrepot.care.policy import (
    ANSWER_WITHIN,
    DISPUTABLE,
    DISPUTE_DAYS,
    DISPUTE_REASONS,
    ENDED,
    MOST_CHARACTERS,
    PHOTO_SIDE,
    PHOTOS_A_SIDE,
    PHOTOS_AT_ONCE,
    next_dispute_state,
    sides_to_tell,
)
from entrepot.catalog.queries import clean_photo
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.kit.locks import hold
from entrepot.orders.commands import note_step, owe_letter, refund_order
from entrepot.orders.queries.orders import order_view
from entrepot.orders.queries.purchases import buyer_of_order
from entrepot.settlement.commands.release import freeze_order, thaw_order
from entrepot.settlement.errors import NothingHeld


@command(scope="orders:withdraw")
def open_dispute(
    ctx: Context,
    *,
    order_id: int,
    reason: str,
    text: str,
    asked_minor: int,
    photos: Sequence[bytes] = (),
    token: str = "",
) -> UUID:
    """Say what is wrong with one's own paid order and what one asks back; its money stays in escrow until it is settled.

    `asked_minor` in the order's currency; the seller has 72 hours to answer. `photos` are files as they were sent.
    Refuses: NotFound, NothingToDispute (unpaid, ended, too late), DisputeOpen, Invalid, PictureRefused.
    """
    pictures = _made_anew(photos)
    order = order_view(ctx, order_id=order_id, token=token)
    hold(f"dispute:{order_id}")
    since = order.delivered_at or order.paid_at
    if order.state not in DISPUTABLE or since is None or (ctx.at - since).days > DISPUTE_DAYS:
        raise NothingToDispute(days=DISPUTE_DAYS)
    if Dispute.objects.of(_house(ctx)).filter(order_id=order_id).exclude(state__in=ENDED).exists():
        raise DisputeOpen()
    if reason not in DISPUTE_REASONS:
        raise Invalid(field="reason", reason="is not one of the list.")
    _check_amount(asked_minor, order.total_minor - order.refund_minor)
    dispute = Dispute.objects.create(
        order_id=order_id,
        buyer_id=order.buyer_id,
        seller_id=order.seller_id,
        reason=reason,
        asked_minor=asked_minor,
        currency=order.currency,
        opened_at=ctx.at,
        answer_by=ctx.at + ANSWER_WITHIN,
    )
    with suppress(NothingHeld):  # released before: a refund would be advanced and recovered from the seller
        freeze_order(_house(ctx), order_id=order_id, reason=f"dispute {dispute.id}")
    _say(ctx, dispute, "opened", text, pictures)
    ctx.announce(
        DisputeOpened(dispute.id, order_id, order.seller_id, reason, asked_minor, order.currency, ctx.at)
    )
    _tell(ctx, dispute, "opened", text)
    return dispute.id


@command(scope="orders:read")
def add_evidence(
    ctx: Context, *, dispute_id: UUID, text: str, photos: Sequence[bytes] = (), token: str = ""
) -> None:
    """Say more to an open dispute, or show photos: buyer, seller or the house.

    Refuses: NotFound, DisputeStep (ended), Invalid (text, too many photos), PictureRefused.
    """
    pictures = _made_anew(photos)
    dispute = _locked(ctx, dispute_id, token)
    if dispute.state in ENDED:
        raise DisputeStep(state=dispute.state, step="evidence")
    _say(ctx, dispute, "evidence", text, pictures)
    _tell(ctx, dispute, "evidence", text)


@command(scope="orders:return")
def answer_dispute(
    ctx: Context,
    *,
    dispute_id: UUID,
    verb: str,
    text: str,
    offer_minor: int = 0,
    photos: Sequence[bytes] = (),
) -> str:
    """The seller's answer: `accept` (what was asked goes back), `offer` (a part), `decline` (the house decides).

    Returns the dispute's new state. Refuses: NotFound, DisputeStep, Invalid, PictureRefused.
    """
    if verb not in ("accept", "offer", "decline"):
        raise Invalid(field="verb", reason="is not accept, offer or decline.")
    pictures = _made_anew(photos)
    dispute = _locked(ctx, dispute_id)
    state = next_dispute_state(dispute.state, verb)
    if verb == "offer":
        _check_amount(offer_minor, dispute.asked_minor)
        dispute.offer_minor, dispute.answer_by = offer_minor, ctx.at + ANSWER_WITHIN
    _say(ctx, dispute, verb, text, pictures)
    _move(ctx, dispute, state, refund_minor=dispute.asked_minor if verb == "accept" else 0)
    _tell(ctx, dispute, verb, text)
    return state


@command(scope="orders:withdraw")
def close_dispute(ctx: Context, *, dispute_id: UUID, verb: str, text: str = "", token: str = "") -> str:
    """The buyer's turn: `take` the offer, `reject` it (the house decides), or `withdraw` the dispute.

    Returns the dispute's new state. Refuses: NotFound, DisputeStep, Invalid.
    """
    if verb not in ("take", "reject", "withdraw"):
        raise Invalid(field="verb", reason="is not take, reject or withdraw.")
    dispute = _locked(ctx, dispute_id, token)
    state = next_dispute_state(dispute.state, verb)
    _say(ctx, dispute, verb, text or "–")
    _move(ctx, dispute, state, refund_minor=dispute.offer_minor if verb == "take" else 0)
    _tell(ctx, dispute, verb, text)
    return state


@command(scope="disputes:write")
def decide_dispute(ctx: Context, *, dispute_id: UUID, refund_minor: int, text: str) -> str:
    """A person of the house decides how much goes back (nothing to all that was asked), with reasons both sides read.

    Returns the dispute's new state. Refuses: NotFound, DisputeStep, Invalid.
    """
    dispute = _locked(ctx, dispute_id)
    state = next_dispute_state(dispute.state, "decide")
    if refund_minor:
        _check_amount(refund_minor, dispute.asked_minor)
    _say(ctx, dispute, "decide", text)
    _move(ctx, dispute, state, refund_minor=refund_minor)
    _tell(ctx, dispute, "decide", text)
    return state


@command(scope="disputes:record")
def escalate_late_disputes(ctx: Context) -> int:
    """Disputes nobody answered in time go to the house; how many."""
    late = Dispute.objects.of(ctx).select_for_update(skip_locked=True)
    rows = list(late.filter(state__in=["open", "offered"], answer_by__lte=ctx.at).order_by("id")[:200])
    for dispute in rows:
        state = next_dispute_state(dispute.state, "lapse")
        _say(ctx, dispute, "lapse", "–")
        _move(ctx, dispute, state, refund_minor=0)
        _tell(ctx, dispute, "lapse", "")
    return len(rows)


def _move(ctx: Context, dispute: Dispute, state: str, *, refund_minor: int) -> None:
    """Into the new state; at the end what was agreed goes back and the rest of the escrow goes its way."""
    dispute.state = state
    if state in ENDED:
        dispute.refund_minor, dispute.ended_at = refund_minor, ctx.at
    dispute.save(update_fields=["state", "offer_minor", "answer_by", "refund_minor", "ended_at"])
    if state not in ENDED:
        return
    house = _house(ctx)
    if refund_minor:
        refund_order(
            replace(house, key=f"dispute:{dispute.id}"),
            order_id=dispute.order_id,
            minor=refund_minor,
            reason="dispute",
        )
    thaw_order(house, order_id=dispute.order_id)
    ctx.announce(
        DisputeClosed(
            dispute.id, dispute.order_id, dispute.seller_id, state, refund_minor, dispute.currency, ctx.at
        )
    )


def _made_anew(photos: Sequence[bytes]) -> list[bytes]:
    """Each photo as our own JPEG. Refuses: Invalid (too many at once), PictureRefused."""
    if len(photos) > PHOTOS_AT_ONCE:
        raise Invalid(
            field="photos",
            reason="are too many.",
            hint=Sentence("At most {most} at once.", most=PHOTOS_AT_ONCE),
        )
    return [clean_photo(photo, side=PHOTO_SIDE) for photo in photos]


def _say(ctx: Context, dispute: Dispute, verb: str, text: str, pictures: Sequence[bytes] = ()) -> None:
    """What was said and shown stands in the dispute, and as a step on the order's timeline."""
    text = text.strip()
    if not text or len(text) > MOST_CHARACTERS:
        raise Invalid(field="text", reason=Sentence("has 1 to {most} characters.", most=MOST_CHARACTERS))
    side = _side(ctx)
    shown = DisputePhoto.objects.filter(note__dispute=dispute, note__actor_kind=side).count()
    if pictures and shown + len(pictures) > PHOTOS_A_SIDE:
        raise Invalid(
            field="photos",
            reason="are too many.",
            hint=Sentence("At most {most} in one dispute.", most=PHOTOS_A_SIDE),
        )
    note = DisputeNote.objects.create(
        dispute=dispute, verb=verb, actor_kind=side, actor_label=ctx.actor.label[:200], text=text, at=ctx.at
    )
    DisputePhoto.objects.bulk_create(DisputePhoto(note=note, body=picture) for picture in pictures)
    detail = {"text": text[:300]} | ({"photos": str(len(pictures))} if pictures else {})
    note_step(ctx, order_id=dispute.order_id, kind=f"dispute_{verb}", detail=detail)
    if ctx.actor.kind in ("operator", "seller"):
        audit.record(ctx, audit.subject_of(dispute), {"state": dispute.state}, {"verb": verb})


def _side(ctx: Context) -> str:
    return "buyer" if ctx.actor.kind == "guest" else ctx.actor.kind


def _tell(ctx: Context, dispute: Dispute, verb: str, text: str) -> None:
    """A mail to everybody this turn concerns, each in their own language, sent after the commit."""
    house = _house(ctx)
    buyer = buyer_of_order(house, dispute.order_id)
    readers = {
        "buyer": lambda: [Reader(buyer.email, buyer.language, f"{buyer.link}/dispute", buyer.time_zone)],
        "seller": lambda: _staff(house, dispute.seller_id, buyer.time_zone, "disputes", "orders"),
        "operator": lambda: _desk(house, buyer.time_zone, "disputes", "disputes:write"),
    }
    for side in sides_to_tell(verb, _side(ctx), dispute.state):
        for reader in readers[side]():
            subject, body = dispute_letter(dispute, verb=verb, text=text.strip(), side=side, reader=reader)
            owe_letter(
                replace(house, key=""), order_id=dispute.order_id, to=reader.email, subject=subject, body=body
            )


def _locked(ctx: Context, dispute_id: UUID, token: str = "") -> Dispute:
    """A dispute the asker takes part in, locked."""
    house = Dispute.objects.of(_house(ctx)).select_for_update()
    row: Dispute | None = house.filter(id=dispute_id).first()
    if row is None:
        raise NotFound(what="dispute")
    if ctx.actor.kind not in ("operator", "system"):
        order_view(ctx, order_id=row.order_id, token=token)  # NotFound for everybody else's
    return row


def _check_amount(minor: object, most_minor: int) -> None:
    if type(minor) is not int or not 0 < minor <= most_minor:
        raise Invalid(
            field="amount",
            reason=Sentence(
                "must be more than zero and at most {most_minor} (minor units).", most_minor=most_minor
            ),
        )
