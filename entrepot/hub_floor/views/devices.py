"""What a worker's device asks: the scan page, the state it answers from, and the way its scans come home."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from entrepot.hub_floor import words
from entrepot.hub_floor.frame import floor_door, show
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid
from entrepot.kit.ids import new_id
from entrepot.logistics.commands import FloorTold, Worker, record_floor_scans
from entrepot.logistics.queries import TOLD_REASONS, FloorSnapshot, cages_of_hub, floor_snapshot, hub_of
from entrepot.storefront.web import context_of, door

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
PassText = Annotated[str, msgspec.Meta(max_length=600)]
SALT = "entrepot.hub.worker"


class SentScan(msgspec.Struct, forbid_unknown_fields=True):
    """One scan of a device's queue."""

    id: UUID
    kind: Short
    code: Short
    at: Instant
    seq: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    cage: Short = ""
    reason: Short = ""
    worker: PassText = ""  # the pass of who held the device


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """What a device sends: its name, its clock, and its scans."""

    device: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    sent_at: Instant
    scans: Annotated[list[SentScan], msgspec.Meta(max_length=500)]


@door(methods="GET")
def service_worker(request: HttpRequest) -> HttpResponse:
    """The program that keeps the scan page when there is no network; its address makes it reign over /hub/."""
    with open(_worker_file(), encoding="utf-8") as file:
        response = HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _worker_file() -> str:
    from django.contrib.staticfiles import finders

    found = finders.find("hub_floor/worker.js")
    if not isinstance(found, str):
        raise FileNotFoundError("hub_floor/worker.js")
    return found


@floor_door(methods="GET POST")
def scan(request: HttpRequest, hub: str) -> HttpResponse:
    """The scan page. Without JavaScript its form sends one scan at a time."""
    ctx, node = context_of(request), hub_of(hub)
    task = request.POST.get("task", "") or request.GET.get("task", "")
    task = task if task in words.TASKS else "receive"
    told = None
    if request.method == "POST":
        mark = ctx.key if _is_id(ctx.key) else str(new_id())
        one = FloorTold(
            mark, task, request.POST.get("code", "")[:200], ctx.at, 0, request.POST.get("cage", "")[:20],
            request.POST.get("reason", "")[:24],
        )  # fmt: skip
        done = record_floor_scans(ctx, hub=hub, device="form", sent_at=ctx.at, scans=[one])
        told = done.answers[0]
    data = {
        "task": task,
        "tasks": words.TASKS,
        "reasons": [(reason, words.reason_words(reason)) for reason in TOLD_REASONS],
        "cages": [cage for cage in cages_of_hub(ctx, hub) if cage.state == "open"],
        "told": told,
        "code": request.POST.get("code", "")[:80],
        "worker_pass": _pass_of(ctx),
    }
    return show(request, "scan.jinja", node, data)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


@floor_door()
def state(request: HttpRequest, hub: str) -> HttpResponse:
    """Everything the device needs to answer by itself, as short rows, and the token its posts carry."""
    ctx = context_of(request)
    found = floor_snapshot(ctx, hub)
    who = {"csrf": get_token(request), "worker": ctx.actor.label, "pass": _pass_of(ctx)}
    return JsonResponse(_rows(found) | who)


def _pass_of(ctx: Context) -> str:
    """What a device puts on each scan, so that it stays its worker's whoever is signed in when it comes home."""
    return signing.dumps([ctx.actor.label, str(ctx.actor.party_id)], salt=SALT, compress=True)


def _worker_of(told: str) -> Worker | None:
    """Whose pass it is; None without one. One that is not ours names nobody, and the scan is kept all the same."""
    if not told:
        return None
    try:
        name, party_id = signing.loads(told, salt=SALT)
    except signing.BadSignature:
        return Worker("?")
    return Worker(name, UUID(party_id))


def _rows(found: FloorSnapshot) -> dict[str, Any]:
    return {
        "hub": found.hub.code,
        "now": found.at.isoformat(),
        "zone": found.hub.time_zone,
        "parcels": [
            [
                row.tracking_no, row.sscc, row.chute, row.lane, row.place, row.departs_at.isoformat(), row.state,
                row.cage, int(row.is_held), row.reason,
            ]
            for row in found.parcels
        ],
        "cages": [
            [row.code, row.chute, row.number, row.lane, row.place, row.departs_at.isoformat(), row.state, row.parcels]
            for row in found.cages
        ],
    }  # fmt: skip


@floor_door(methods="POST")
def sync(request: HttpRequest, hub: str) -> HttpResponse:
    """Take the queue of a device; answer what became of each scan."""
    if request.content_type != "application/json":
        raise Invalid(field="body", reason=_("These scans could not be read."), hint="application/json")
    try:
        sent = msgspec.json.decode(request.body, type=Sent)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            field="body", reason=_("These scans could not be read."), hint=str(error)[:200]
        ) from error
    workers = {told: _worker_of(told) for told in {each.worker for each in sent.scans}}
    scans = [
        FloorTold(
            str(each.id),
            each.kind,
            each.code,
            each.at,
            each.seq,
            each.cage,
            each.reason,
            workers[each.worker],
        )
        for each in sent.scans
    ]
    done = record_floor_scans(
        context_of(request), hub=hub, device=sent.device, sent_at=sent.sent_at, scans=scans
    )
    return JsonResponse(
        {
            "now": done.now.isoformat(),
            "skew_s": done.skew_s,
            "answers": [
                [each.id, each.outcome, each.state, int(each.repeated), words.outcome_words(each.outcome)]
                for each in done.answers
            ],
        }
    )
