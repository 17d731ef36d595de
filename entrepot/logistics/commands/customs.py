"""Customs data of consignments: made from the order, checked before the parcel leaves, repaired, followed through holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.landedcost.queries import headings_by_words
from entrepot.logistics import customs, tables
from entrepot.logistics.customs import CustomsFacts, CustomsLine
from entrepot.logistics.errors import CustomsClosed, CustomsIncomplete
from entrepot.logistics.models import Consignment, CustomsFile
from entrepot.markets.queries import customs_area, fx_rate

OPEN = frozenset({"incomplete", "ready", "held", "answered"})
SURE_BP = 9_000
MOST_ANSWER = 2_000


@dataclass(frozen=True, slots=True)
class LineRepair:
    """What a seller corrects on a line; None leaves a value. Value: all pieces, minor units, without VAT and duty."""

    description: str | None = None
    hs6: str | None = None
    origin_country: str | None = None
    value_minor: int | None = None
    weight_g: int | None = None


def _open_file(ctx: Context, row: Consignment) -> None:
    """Make the customs file of a new consignment; one that stays inside a customs area needs none."""
    file, _ = CustomsFile.objects.of(ctx).get_or_create(
        order_id=row.order_id, defaults={"changed_at": ctx.at}
    )
    if file.consignment_id is not None:
        return
    file.consignment, file.seller_id = row, row.seller_id
    if customs_area(row.origin["country"]) == customs_area(row.destination["country"]):
        file.state, file.ioss_no = "not_needed", ""
    else:
        file.lines = [
            asdict(
                CustomsLine(
                    position, item["sku"], item["title"], item["quantity"], item["weight_g"] * item["quantity"],
                    item["value_minor"], item["hs6"], item["origin_country"],
                    item.get("code", ""),
                )
            )
            for position, item in enumerate(row.goods, start=1)
        ]  # fmt: skip
        file.currency = row.goods[0]["currency"] if row.goods else "EUR"
        _check(ctx, file)
    file.changed_at = ctx.at
    file.save()


def _check(ctx: Context, file: CustomsFile) -> None:
    """Work out the file's values, data set, gaps and state. A file that customs has keeps its state."""
    row = file.consignment
    if row is None:
        return
    lines = [CustomsLine(**line) for line in file.lines]
    on = ctx.at.date()
    file.value_minor = sum(line.value_minor for line in lines)
    rate = fx_rate(file.currency, "EUR", on).rate if file.currency != "EUR" else 1
    file.value_eur_minor = int(file.value_minor * rate)
    area = customs_area(row.destination["country"])
    limits = tables.customs_limits(area, on)
    if limits.low_value_minor is None or file.value_eur_minor > limits.low_value_minor:
        file.ioss_no = ""  # it serves low value only: the import itself is taxed
    facts = CustomsFacts(
        row.origin, row.destination, lines, file.value_eur_minor, file.ioss_no,
        needs_ioss=row.incoterm == "DDP" and limits.low_value_minor is not None,
    )  # fmt: skip
    likely: dict[int, str] = {}
    for line in lines:
        best = next(iter(headings_by_words(line.description, limit=1)), None)
        if best is not None and best.fit_bp >= SURE_BP:
            likely[line.position] = best.hs6[:2]
    gaps = customs.decide_gaps(facts, limits, likely)
    file.data_set = customs.data_set(
        limits.low_value_minor is not None, file.value_eur_minor, limits.low_value_minor
    )
    file.gaps = [asdict(gap) for gap in gaps]
    if file.state in ("waiting", "incomplete", "ready"):
        file.state = "incomplete" if any(gap.blocks for gap in gaps) else "ready"


def _check_customs(ctx: Context, row: Consignment) -> None:
    """Nothing leaves for another customs area before its data are whole. Refuses: CustomsIncomplete."""
    file = CustomsFile.objects.of(ctx).filter(consignment=row).first()
    if file is not None and file.state == "incomplete":
        raise CustomsIncomplete(gaps=", ".join(_gaps_that_block(file)))


def _gaps_that_block(file: CustomsFile) -> list[str]:
    return sorted({gap["code"] for gap in file.gaps if gap["blocks"]})


def _lock_file(ctx: Context, order_id: int) -> CustomsFile:
    file = CustomsFile.objects.of(ctx).select_for_update(of=("self",)).filter(order_id=order_id).first()
    if not isinstance(file, CustomsFile):
        raise NotFound(what="customs file")
    return file


@command(scope="customs:record")
def set_ioss_number(ctx: Context, *, order_id: int, ioss_no: str) -> str:
    """The number under which VAT of this order was collected; also before its consignment exists. Returns the state."""
    file, _ = CustomsFile.objects.of(ctx).get_or_create(order_id=order_id, defaults={"changed_at": ctx.at})
    file = _lock_file(ctx, order_id)
    if file.ioss_no != ioss_no:
        file.ioss_no, file.changed_at = ioss_no[:12], ctx.at
        if file.state != "not_needed":
            _check(ctx, file)
        file.save()
    return file.state


@command(scope="customs:repair")
def repair_customs_file(ctx: Context, *, order_id: int, repairs: Mapping[int, LineRepair]) -> str:
    """Correct what is declared, by line; the checks run again. Returns the state.

    Refuses: NotFound (file, also another seller's), CustomsClosed (released or not needed), Invalid (line, value, weight).
    """
    file = _lock_file(ctx, order_id)
    if file.state not in OPEN:
        raise CustomsClosed(state=file.state)
    lines = {line["position"]: CustomsLine(**line) for line in file.lines}
    before = [asdict(line) for line in lines.values()]
    for position, repair in repairs.items():
        if position not in lines:
            raise Invalid(
                field="line",
                reason=Sentence("There is no line {position}.", position=position),
                hint="Reload the page.",
            )
        values = {name: value for name, value in asdict(repair).items() if value is not None}
        for name in ("value_minor", "weight_g"):
            if name in values and not 0 < values[name] < 10**10:
                raise Invalid(field=name, reason="This is not above zero.", hint="Enter a whole number.")
        if len(values.get("description", "")) > 512:
            raise Invalid(field="description", reason="This is too long.", hint="At most 512 characters.")
        for name in ("hs6", "origin_country"):
            if name in values:
                values[name] = str(values[name]).strip().replace(" ", "").replace(".", "").upper()[:6]
        lines[position] = replace(lines[position], **values)
    file.lines = [asdict(line) for line in lines.values()]
    file.changed_at = ctx.at
    _check(ctx, file)
    file.save()
    if before != file.lines:
        told: dict[str, Any] = {"lines": json.dumps(before)}
        audit.record(ctx, audit.subject_of(file), told, {"lines": json.dumps(file.lines)})
    return file.state


@command(scope="customs:repair")
def answer_customs_hold(ctx: Context, *, order_id: int, answer: str) -> str:
    """What customs asked, answered: it goes to the authority with the repaired data. Returns the state.

    Refuses: NotFound, CustomsClosed (not held), Invalid (answer).
    """
    file = _lock_file(ctx, order_id)
    if file.state not in ("held", "answered"):
        raise CustomsClosed(state=file.state)
    text = answer.strip()
    if not text or len(text) > MOST_ANSWER:
        raise Invalid(
            field="answer",
            reason="Say what the goods are and add what customs asked.",
            hint="At most 2,000 characters.",
        )
    file.state, file.answer, file.changed_at = "answered", text, ctx.at
    file.save(update_fields=["state", "answer", "changed_at"])
    return file.state


@command(scope="customs:record")
def follow_customs(ctx: Context, *, order_id: int, parcel_state: str) -> str:
    """What the carrier told of the parcel, as the file's state: presented, held, released. Returns it; empty without a file."""
    file = CustomsFile.objects.of(ctx).select_for_update(of=("self",)).filter(order_id=order_id).first()
    if file is None or file.state == "not_needed" or file.state == "released":
        return file.state if file else ""
    state = {"in_customs": "presented", "held": "held"}.get(parcel_state, file.state)
    if parcel_state not in ("in_customs", "held") and file.state in ("presented", "held", "answered"):
        state = "released"
    if parcel_state in ("out_for_delivery", "delivered"):
        state = "released"  # whoever has it got it through customs, whatever was told on the way
    if state != file.state:
        if state == "released" and file.state in ("held", "answered"):
            file.decision, file.decided_at, file.decided_by = "Told by the carrier.", ctx.at, "carrier"
        file.state, file.changed_at = state, ctx.at
        file.held_at = ctx.at if state == "held" else file.held_at
        file.save(update_fields=["state", "changed_at", "held_at", "decision", "decided_at", "decided_by"])
    return str(file.state)
