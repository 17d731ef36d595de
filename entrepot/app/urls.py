"""Every door's address."""

from django.urls import include, path

from entrepot.app.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("seller/", include("entrepot.seller_centre.urls")),
    path("hub/", include("entrepot.hub_floor.urls")),
    path("console/", include("entrepot.console.urls")),
    path("", include("entrepot.api.urls")),
    path("payments/", include("entrepot.payments.adapters.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("entrepot.storefront.urls")),
]

handler400 = "entrepot.storefront.web.bad_request"
handler403 = "entrepot.storefront.web.forbidden"
handler404 = "entrepot.storefront.web.not_found"
handler500 = "entrepot.storefront.web.server_error"
