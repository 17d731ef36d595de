"""Addresses of this door."""

from django.urls import URLPattern, path

from entrepot.hub_floor.views import cages, devices, floor, together

urlpatterns: list[URLPattern] = [
    path("", floor.hubs, name="hubs"),
    path("worker.js", devices.service_worker, name="hub_worker"),
    path("<str:hub>/shift", floor.shift, name="hub_shift"),
    path("<str:hub>/scan", devices.scan, name="hub_scan"),
    path("<str:hub>/state", devices.state, name="hub_state"),
    path("<str:hub>/sync", devices.sync, name="hub_sync"),
    path("<str:hub>/cages", cages.cages, name="hub_cages"),
    path("<str:hub>/cages/open", cages.open_one, name="hub_cage_open"),
    path("<str:hub>/cages/<str:code>/close", cages.close_one, name="hub_cage_close"),
    path("<str:hub>/cages/<str:code>.pdf", cages.label, name="hub_cage_label"),
    path("<str:hub>/together", together.together, name="hub_together"),
    path("<str:hub>/together/<uuid:bundle>.pdf", together.label, name="hub_together_label"),
    path("<str:hub>/loads/<uuid:load_id>/depart", cages.depart, name="hub_depart"),
    path("<str:hub>/loads/<uuid:load_id>.pdf", cages.load_list, name="hub_load_list"),
    path("<str:hub>/scans/<uuid:scan_id>/settle", floor.settle, name="hub_settle"),
]
