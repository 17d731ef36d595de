"""Django's own admin as a window on reference data: it lists and shows, it never writes.

Everything a person changes goes through a command and into the audit trail; so nothing can be added, changed or
deleted here, by nobody.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _

from entrepot.kit.errors import NotFound
from entrepot.parties.errors import NotSignedIn, SecondFactorNeeded
from entrepot.storefront.web import context_of, problem, sign_in

# Model → columns of its list. What holds personal data or secrets is not here.
LISTS: dict[str, tuple[str, ...]] = {
    "kit.OutboxFact": ("id", "kind", "at", "attempts", "parked", "done_at"),
    "kit.Job": ("title", "kind", "state", "created_at", "finished_at"),
    "markets.Market": ("code", "state", "opened_at"),
    "markets.ReadinessFinding": ("market", "item", "is_ready", "found_at"),
    "parties.Seller": ("display_name", "legal_name", "country", "state", "joined_at"),
    "catalog.Category": ("slug", "parent", "vat_goods", "position"),
    "catalog.Product": ("slug", "brand", "state", "hs6", "origin_country"),
    "offers.Offer": ("number", "market", "price_minor", "currency", "state"),
    "inventory.Location": ("code", "name", "country"),
    "ledger.Account": ("kind", "owner", "currency", "sign", "is_guarded"),
    "ledger.Close": ("until_at", "closed_at", "closed_by"),
    "settlement.Tariff": ("made_at", "made_by"),
    "settlement.PayoutBatch": ("id",),
    "care.Rating": ("product_id", "one", "two", "three", "four", "five"),
    "insight.PageCount": ("hour_at", "market", "step", "count"),
}
# Columns never shown, wherever they occur.
SECRET = frozenset({"hash", "password", "iban", "token"})


class ReadOnly(admin.ModelAdmin):
    """A list and a page of facts. No form, no action, no delete."""

    actions = None
    change_form_template = "admin/reference_record.html"
    show_full_result_count = False
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # the site has asked for the operator's role

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [name for name in super().get_fields(request, obj) if name not in SECRET]


class ReferenceSite(admin.AdminSite):
    """Behind the operator's role; signing in and out is where everybody does it."""

    site_header = site_title = "Entrepot"
    index_title = _("Reference data")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        try:
            return context_of(request, role="operator").may("console:read")
        except (NotFound, NotSignedIn, SecondFactorNeeded):
            return False

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Strangers are sent to sign in; others find no such page."""
        if not request.user.is_authenticated:
            return sign_in(request, NotSignedIn())
        return problem(request, NotFound(what="page"))

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                return self.login(request)
            if request.method not in ("GET", "HEAD"):
                return problem(request, NotFound(what="page"))
            return inner(request, *args, **kwargs)

        return guarded

    def get_urls(self) -> list[Any]:
        """Lists and records only: no sign-in, password, add, delete or history pages."""
        kept = ("index", "app_list", "jsi18n")
        found = [url for url in super().get_urls() if getattr(url, "name", None) in kept]
        for model, model_admin in self._registry.items():
            kept_here = [
                url for url in model_admin.urls if str(url.name or "").endswith(("_changelist", "_change"))
            ]
            found.append(path(f"{model._meta.app_label}/{model._meta.model_name}/", include(kept_here)))
        return found


def make_site() -> ReferenceSite:
    """The site with every model of `LISTS` that exists; a column that a room has renamed is left out."""
    site = ReferenceSite(name="reference")
    for name, columns in LISTS.items():
        try:
            model = apps.get_model(name)
        except LookupError:
            continue
        known = {field.name for field in model._meta.get_fields()}
        shown = tuple(column for column in columns if column in known) or ("__str__",)
        site.register(model, type(f"{model.__name__}List", (ReadOnly,), {"list_display": shown}))
    return site


site = make_site()


def home_url() -> str:
    """The address of the list of lists."""
    return reverse("reference:index")
