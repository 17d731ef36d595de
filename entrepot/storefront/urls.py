"""Addresses of this door."""

from django.urls import URLPattern, path

from entrepot.storefront.views import about_site

urlpatterns: list[URLPattern] = [
    path("manifest.webmanifest", about_site.manifest, name="manifest"),
    path("robots.txt", about_site.robots, name="robots"),
    path("llms.txt", about_site.llms, name="llms"),
    path(".well-known/security.txt", about_site.security, name="security"),
    path("theme", about_site.theme, name="theme"),
    path("styleguide", about_site.styleguide, name="styleguide"),
]
