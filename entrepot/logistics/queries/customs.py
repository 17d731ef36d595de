"""Customs data: the inbox, one file, its export as JSON and XML, and its papers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID
from xml.etree import ElementTree as Xml  # written, never read

from entrepot.kit.context import Context
from entrepot.kit.errors import NotFound
from entrepot.logistics.customs import CustomsLine, Gap
from entrepot.logistics.models import CustomsFile, Parcel
from entrepot.logistics.queries.parcels import Address

NEEDS_SOMEBODY = ("incomplete", "held")
XML_NAMESPACE = "urn:entrepot:customs:1"


@dataclass(frozen=True, slots=True)
class CustomsView:
    """A customs file. Values in minor units of `currency`, without VAT and duty."""

    order_id: int
    seller_id: UUID | None
    reference: str
    state: str
    data_set: str
    ioss_no: str
    incoterm: str
    sender: Address
    receiver: Address
    lines: tuple[CustomsLine, ...]
    gaps: tuple[Gap, ...]
    value_minor: int
    currency: str
    answer: str
    changed_at: datetime
    held_at: datetime | None
    tracking_nos: tuple[str, ...]
    gross_weight_g: int
    created_on: date
    decision: str  # why the authority let it go, when and who said so
    decided_at: datetime | None
    decided_by: str


def _view(row: CustomsFile, parcels: Sequence[Parcel]) -> CustomsView:
    consignment = row.consignment
    if consignment is None:
        raise NotFound(what="customs file")
    lines = tuple(CustomsLine(**line) for line in row.lines)
    return CustomsView(
        order_id=row.order_id,
        seller_id=row.seller_id,
        reference=consignment.purchase_ref,
        state=row.state,
        data_set=row.data_set,
        ioss_no=row.ioss_no,
        incoterm=consignment.incoterm,
        sender=Address(**consignment.origin),
        receiver=Address(**consignment.destination),
        lines=lines,
        gaps=tuple(Gap(**gap) for gap in row.gaps),
        value_minor=row.value_minor,
        currency=row.currency,
        answer=row.answer,
        changed_at=row.changed_at,
        held_at=row.held_at,
        tracking_nos=tuple(parcel.tracking_no for parcel in parcels),
        gross_weight_g=sum(parcel.weight_g for parcel in parcels) or sum(line.weight_g for line in lines),
        created_on=consignment.created_at.date(),
        decision=row.decision,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def customs_counts(ctx: Context) -> dict[str, int]:
    """How many files stand in each state (one SQL statement). A seller counts their own only."""
    found: dict[str, int] = {}
    for state in CustomsFile.objects.of(ctx).exclude(consignment=None).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def customs_inbox(ctx: Context, states: Sequence[str] = (), *, limit: int = 200) -> list[CustomsView]:
    """Customs files, those that need somebody first, then the newest (two SQL statements). A seller sees their own."""
    rows = CustomsFile.objects.of(ctx).select_related("consignment").exclude(consignment=None)
    rows = rows.filter(state__in=states) if states else rows.exclude(state="not_needed")
    found = list(rows.order_by("-changed_at")[:limit])
    parcels: dict[int, list[Parcel]] = {row.order_id: [] for row in found}
    for parcel in Parcel.objects.of(ctx).filter(order_id__in=list(parcels)).order_by("id"):
        parcels[parcel.order_id].append(parcel)
    views = [_view(row, parcels[row.order_id]) for row in found]
    return sorted(views, key=lambda view: view.state not in NEEDS_SOMEBODY)


def customs_file(ctx: Context, order_id: int) -> CustomsView:
    """One customs file (two SQL statements). Refuses: NotFound, also for another seller's."""
    row = CustomsFile.objects.of(ctx).select_related("consignment").filter(order_id=order_id).first()
    if row is None or row.consignment_id is None or row.state == "not_needed":
        raise NotFound(what="customs file")
    return _view(row, list(Parcel.objects.of(ctx).filter(order_id=order_id).order_by("id")))


def customs_json(view: CustomsView) -> bytes:
    """The declaration's data set as JSON: parties, goods lines, values, numbers."""
    return json.dumps(_data(view), ensure_ascii=False, indent=1, default=str).encode()


def _data(view: CustomsView) -> dict[str, object]:
    """Names follow the data elements of Annex B of Delegated Regulation (EU) 2015/2446, as changed by 2021/234."""

    def party(address: Address) -> dict[str, str]:
        return {
            "name": address.name, "street": address.street, "postcode": address.postcode, "city": address.city,
            "country": address.country,
        }  # fmt: skip

    fiscal = [{"role": "FR5", "vat_identification_number": view.ioss_no}] if view.ioss_no else []
    return {
        "data_set": view.data_set,
        "reference_number_ucr": view.reference,
        "invoice_date": view.created_on.isoformat(),
        "exporter": party(view.sender),
        "importer": party(view.receiver),
        "additional_fiscal_references": fiscal,
        "delivery_terms": view.incoterm,
        "total_amount_invoiced": {"minor": view.value_minor, "currency": view.currency},
        "gross_mass_g": view.gross_weight_g,
        "transport_documents": list(view.tracking_nos),
        "goods_items": [
            {
                "goods_item_number": line.position,
                "description_of_goods": line.description,
                "commodity_code_hs6": line.hs6,
                **({"commodity_code": line.code} if line.hs6 and line.code.startswith(line.hs6) else {}),
                "country_of_origin": line.origin_country,
                "intrinsic_value": {"minor": line.value_minor, "currency": view.currency},
                "net_mass_g": line.weight_g,
                "supplementary_units": line.quantity,
            }
            for line in view.lines
        ],
    }


def customs_xml(view: CustomsView) -> bytes:
    """The same data set as XML, one element a data element."""

    def write(parent: Xml.Element, name: str, value: object) -> None:
        if isinstance(value, list):
            for item in value:
                write(parent, name.removesuffix("s"), item)
            return
        element = Xml.SubElement(parent, name)
        if isinstance(value, dict):
            for key, inner in value.items():
                write(element, key, inner)
        else:
            element.text = "".join(char for char in str(value) if char >= " ")

    root = Xml.Element("declaration", {"xmlns": XML_NAMESPACE})
    for key, value in _data(view).items():
        write(root, key, value)
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def customs_invoice_pdf(view: CustomsView) -> bytes:
    """The commercial invoice that travels with the goods, A4, in English."""
    from entrepot.logistics import paper

    return paper.customs_pdf("Commercial invoice", asdict(view), is_cn23=False)


def customs_cn23_pdf(view: CustomsView) -> bytes:
    """The postal customs declaration CN 23, A4, in French and English as the postal union has it."""
    from entrepot.logistics import paper

    return paper.customs_pdf(
        "CN 23 · Déclaration en douane / Customs declaration", asdict(view), is_cn23=True
    )
