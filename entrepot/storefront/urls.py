"""Addresses of this door. The first part of a shop page names the market and the language: `/es-en/…`."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from entrepot.storefront.places import PlaceConverter
from entrepot.storefront.views import about_site, home, legal, lists, pictures, products

register_converter(PlaceConverter, "place")

shop: list[URLPattern | URLResolver] = [
    path("", home.home, name="shop_home"),
    path("deliver-to", home.deliver_to, name="deliver_to"),
    path("search", lists.find, name="search"),
    path("search/_suggest", lists.suggestions, name="suggestions"),
    path("shops", lists.shops, name="shops"),
    path("s/<slug:slug>", lists.seller_page, name="seller_page"),
    path("c/<slug:slug>", lists.category, name="category"),
    path("legal/<slug:name>", legal.legal, name="legal"),
    path("como-ordenamos", legal.ranking, name="ranking"),
    path("p/<slug:address>", products.product, name="product"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.start, name="start"),
    path("<place:place>/", include(shop)),
    path("pictures/<slug:motif>.<int:seed>.<int:view>.svg", pictures.drawing, name="drawing"),
    path("pictures/<slug:motif>.<int:seed>.<int:view>.<slug:dark>.svg", pictures.drawing),
    path("manifest.webmanifest", about_site.manifest, name="manifest"),
    path("robots.txt", about_site.robots, name="robots"),
    path("llms.txt", about_site.llms, name="llms"),
    path(".well-known/security.txt", about_site.security, name="security"),
    path("theme", about_site.theme, name="theme"),
    path("styleguide", about_site.styleguide, name="styleguide"),
]
