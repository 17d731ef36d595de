"""Manifests: what a carrier takes from a seller at one hand-over."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.logistics.commands.parcels import hand_over_parcels
from entrepot.logistics.errors import ManifestClosed, NothingToManifest
from entrepot.logistics.floor import check_signature
from entrepot.logistics.models import Manifest, Parcel, ParcelSerial
from entrepot.logistics.queries.fulfilment import ManifestView, manifest_view


@command(scope="orders:fulfil")
def close_manifest(ctx: Context, *, seller_id: UUID) -> list[ManifestView]:
    """List every packed parcel of a seller that is on no list yet, one numbered manifest for each carrier.

    Refuses: NothingToManifest.
    """
    rows = list(
        Parcel.objects.of(ctx)
        .select_for_update(of=("self",))
        .filter(seller_id=seller_id, state="packed", manifest=None)
        .order_by("id")
    )
    if not rows:
        raise NothingToManifest()
    made = []
    for carrier in sorted({row.carrier for row in rows}):
        manifest = Manifest.objects.create(
            number=ParcelSerial.objects.create().pk, seller_id=seller_id, carrier=carrier, made_at=ctx.at,
            made_by=ctx.actor.label[:200],
        )  # fmt: skip
        mine = [row for row in rows if row.carrier == carrier]
        Parcel.objects.of(ctx).filter(id__in=[row.id for row in mine]).update(manifest=manifest)
        made.append(manifest_view(manifest, mine))
    return made


@command(scope="orders:fulfil")
def hand_over_manifest(
    ctx: Context, *, manifest_id: UUID, signed_by: str, stays: Collection[str] = ()
) -> ManifestView:
    """The driver signed for the list: all its parcels that wait are with the carrier, all or none.

    `signed_by` is the driver's name, the time is now. Parcels whose tracking numbers stand in `stays` were not taken:
    they leave the list and wait for the next one.
    Refuses: NotFound, ManifestClosed, Invalid (signed_by, stays), and as `hand_over_parcels` does.
    """
    manifest = Manifest.objects.of(ctx).select_for_update().filter(id=manifest_id).first()
    if manifest is None:
        raise NotFound(what="manifest")
    if manifest.handed_over_at is not None:
        raise ManifestClosed(number=manifest.number)
    name = check_signature(signed_by)
    rows = list(Parcel.objects.of(ctx).filter(manifest=manifest, state="packed").order_by("id"))
    left = [row for row in rows if row.tracking_no in stays]
    if len(left) < len(set(stays)):
        raise Invalid(
            field="stays", reason="A parcel that stays is not on this list.", hint="Reload the page."
        )
    if rows and len(left) == len(rows):
        raise Invalid(
            field="stays",
            reason="The driver takes at least one parcel.",
            hint="Untick those that go.",
        )
    hand_over_parcels(ctx, parcel_ids=[row.id for row in rows if row not in left])
    Parcel.objects.of(ctx).filter(id__in=[row.id for row in left]).update(manifest=None)
    audit.change(ctx, manifest, handed_over_at=ctx.at, signed_by=name)
    return manifest_view(manifest, list(Parcel.objects.of(ctx).filter(manifest=manifest).order_by("id")))
