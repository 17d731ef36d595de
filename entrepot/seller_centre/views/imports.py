"""Catalogue files in and out: upload, check, map, confirm, results, undo; and export of everything."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entrepot.catalog.queries import categories, text_in
from entrepot.feeds.commands import (
    KEEP_DAYS,
    cancel_import,
    confirm_import,
    map_columns,
    start_import,
    undo_import,
)
from entrepot.feeds.queries import (
    export_goods,
    import_run,
    imports_of,
    our_columns,
    refusals_by_code,
    result_file_of,
    run_results,
)
from entrepot.kit.desk import job_progress
from entrepot.kit.errors import Invalid, NotFound, Sentence
from entrepot.markets.queries import open_markets
from entrepot.seller_centre.frame import back, seller_of, work_page
from entrepot.storefront.web import context_of, door

MOST_BYTES = 60 * 1_048_576
KINDS = {"csv": "CSV", "xlsx": "Excel (XLSX)", "jsonl": "JSON lines", "xml": "Google Merchant XML"}


@door(role="seller", methods="GET POST", scope="feeds:import")
def import_list(request: HttpRequest) -> HttpResponse:
    """Past imports, and the form for a new file."""
    ctx = context_of(request)
    seller_id = seller_of(ctx)
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            raise Invalid(
                field="file", reason=_("No file was chosen."), hint=_("Choose a CSV, XLSX, XML or JSON file.")
            )
        if (upload.size or 0) > MOST_BYTES:
            raise Invalid(field="file", reason=_("The file is larger than 60 MB."), hint=_("Split it."))
        options = {name: request.POST.get(name, "") for name in ("category", "currency", "language")}
        started = start_import(
            ctx,
            seller_id=seller_id,
            filename=upload.name or "file",
            content=upload.read(),
            options={name: value for name, value in options.items() if value}
            | ({"defaults": {"maker": "self"}} if request.POST.get("maker") else {}),
        )
        return back(f"/seller/imports/{started.run_id}")
    tree = categories()
    choices = [("", _("As the file says"))] + sorted(
        (
            (
                slug,
                " / ".join(
                    text_in(tree.by_slug[part].names, get_language() or "en")[0] for part in node.path
                ),
            )
            for slug, node in tree.by_slug.items()
        ),
        key=lambda choice: choice[1],
    )
    data = {
        "runs": imports_of(ctx, seller_id=seller_id),
        "categories": choices,
        "kinds": KINDS,
        "keep_days": KEEP_DAYS,
        "markets": open_markets(),
    }
    return work_page(request, "imports.jinja", data)


@door(role="seller", methods="GET POST", scope="feeds:import")
def import_page(request: HttpRequest, run: str) -> HttpResponse:
    """One import: how far it is, what would change, what is wrong with which row, and the next step."""
    ctx = context_of(request)
    run_id = _read(run)
    if request.method == "POST":
        match request.POST.get("do"):
            case "confirm":
                confirm_import(ctx, run_id=run_id, all_or_nothing=request.POST.get("whole") == "1")
            case "map":
                view = import_run(ctx, run_id)
                named = {
                    theirs: request.POST.get(f"c-{number}", "") for number, theirs in enumerate(view.columns)
                }
                map_columns(ctx, run_id=run_id, mapping=named)
            case "cancel":
                cancel_import(ctx, run_id=run_id)
            case "undo":
                undo_import(ctx, run_id=run_id)
                return back(f"/seller/imports/{run}", "undone")
            case other:
                raise Invalid(
                    field="do", reason=Sentence("“{other}” is no step of an import.", other=str(other)[:20])
                )
        return back(f"/seller/imports/{run}")
    view = import_run(ctx, run_id)
    status = request.GET.get("status", "error" if view.counts.get("error") else "")
    found = run_results(ctx, run_id, request.GET.get("after", ""), status=status, limit=50)
    data = {
        "run": view,
        "job": job_progress(ctx, view.job_id) if view.job_id else None,
        "status": status,
        "found": found,
        "reasons": refusals_by_code(ctx, run_id),
        "our_columns": [name for name in our_columns() if "…" not in name],
        "is_going": view.state in ("waiting", "applying"),
    }
    return work_page(request, "import.jinja", data)


@door(role="seller", methods="GET", scope="feeds:import")
def import_result(request: HttpRequest, run: str) -> HttpResponseBase:
    """The result file: every row of the input with what became of it."""
    path = result_file_of(context_of(request), _read(run))
    response = FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
    response["Cache-Control"] = "private, no-store"
    return response


@door(role="seller", methods="GET", scope="feeds:import")
def export(request: HttpRequest) -> HttpResponse:
    """The seller's whole catalogue in a market; importing it again changes nothing."""
    ctx = context_of(request)
    kind = request.GET.get("kind", "csv")
    if kind not in KINDS:
        raise Invalid(
            field="kind",
            reason=Sentence("“{kind}” is no kind of file.", kind=kind[:10]),
            hint=", ".join(KINDS),
        )
    market = request.GET.get("market", "") or next((pack.code for pack in open_markets()), "ES")
    made = export_goods(ctx, seller_id=seller_of(ctx), market=market, kind=kind, base_url=settings.BASE_URL)
    headers = {
        "Content-Disposition": f'attachment; filename="{made.filename}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made.content, content_type=made.media_type, headers=headers)


def _read(run: str) -> UUID:
    try:
        return UUID(run)
    except ValueError as error:
        raise NotFound(what="import") from error
