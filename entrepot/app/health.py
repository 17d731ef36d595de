"""`/healthz`: this process lives. `/readyz`: the database answers, is migrated, and the intake takes orders."""

from __future__ import annotations

import socket

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from entrepot.kit.models import OutboxFact


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when orders can be taken; 503 with what is missing."""
    missing = []
    try:
        OutboxFact.objects.filter(pk=0).exists()
    except Error:
        connection.close()
        missing.append("database")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(settings.SOCKETS / "intake.sock"))
        except OSError:
            missing.append("intake")
    return JsonResponse(
        {"status": "ok" if not missing else "not ready", "missing": missing}, status=503 if missing else 200
    )
