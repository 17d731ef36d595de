"""What browsers, crawlers and programs ask of a site: manifest, robots, security contact, the style guide."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from entrepot.storefront.assets import asset

A_DAY = "public, max-age=86400"


def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest."""
    answer = JsonResponse(
        {
            "name": "Entrepot",
            "short_name": "Entrepot",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#FAF8F3",
            "theme_color": "#0B5563",
            "icons": [
                {"src": asset("storefront/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {"src": asset("storefront/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": asset("storefront/icon-512.png"), "sizes": "512x512", "type": "image/png"},
                {
                    "src": asset("storefront/icon-512.png"),
                    "sizes": "512x512",
                    "type": "image/png",
                    "purpose": "maskable",
                },
            ],
        },
        content_type="application/manifest+json",
    )
    answer["Cache-Control"] = A_DAY
    return answer


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask without being told of one."""
    return HttpResponseRedirect(asset("storefront/icon-192.png"))


def robots(request: HttpRequest) -> HttpResponse:
    """Where crawlers may go, and where the sitemap is."""
    lines = [
        "User-agent: *",
        *(
            f"Disallow: {path}"
            for path in (
                "/*/cart/", "/*/checkout", "/*/purchase/", "/*/account", "/*/search", "/seller/", "/console/", "/hub/",
                "/accounts/", "/payments/", "/admin/",
            )
        ),
        "",
        f"Sitemap: {settings.BASE_URL}/sitemap.xml",
        "",
    ]  # fmt: skip
    return _text("\n".join(lines))


def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: how to report a vulnerability."""
    return _text(
        "Contact: mailto:security@entrepot.example\n"
        "Expires: 2027-12-31T23:59:59Z\n"
        "Preferred-Languages: es, en\n"
        f"Canonical: {settings.BASE_URL}/.well-known/security.txt\n"
    )


def llms(request: HttpRequest) -> HttpResponse:
    """What a program that reads pages should know first."""
    base = settings.BASE_URL
    return _text(
        "# Entrepot\n\n"
        "> A marketplace of many sellers, country by country. Every price shown is what the shopper pays: VAT and,\n"
        "> for goods from outside the EU, customs duty are inside.\n\n"
        "## For programs\n\n"
        f"- [HTTP API]({base}/openapi.json): catalogue, cart, checkout, orders (OpenAPI 3.1)\n"
        f"- [Sitemap]({base}/sitemap.xml): every product in every language\n"
        "- Product pages carry schema.org Product and Offer as JSON-LD, with the price of the page.\n\n"
        "## For people\n\n"
        f"- [Spain, Spanish]({base}/es-es/)\n"
        f"- [Spain, English]({base}/es-en/)\n"
        f"- [How results are ordered]({base}/es-en/como-ordenamos)\n"
        f"- [Returns and withdrawal]({base}/es-en/legal/returns)\n"
    )


def _text(words: str) -> HttpResponse:
    answer = HttpResponse(words, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = A_DAY
    return answer


@csrf_exempt  # changes how pages look to this browser, nothing else
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark for this browser (an empty choice follows the system), and go back."""
    referer = request.headers.get("Referer", "")
    here = {request.get_host()}
    back = referer if url_has_allowed_host_and_scheme(referer, here) else "/"
    answer = HttpResponseRedirect(back, status=303) if request.method == "POST" else HttpResponseRedirect("/")
    if request.method == "POST":
        wish = request.POST.get("theme", "")
        if wish in ("light", "dark"):
            answer.set_cookie("theme", wish, max_age=31_536_000, samesite="Lax", secure=settings.IS_HTTPS)
        else:
            answer.delete_cookie("theme", samesite="Lax")
    return answer


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component with its states; CI takes pictures of it."""
    legs = [
        {"code": "HGH", "place": "Hangzhou", "note": _("left 20 Nov"), "state": "done"},
        {"code": "LGG", "place": "Liège", "note": _("customs, cleared 22 Nov"), "state": "done"},
        {"code": "MAD", "place": "Madrid", "note": _("being sorted"), "state": "now"},
        {"code": "28013", "place": _("Your home"), "note": "25 nov", "state": ""},
    ]
    return render(request, "storefront/styleguide.jinja", {"legs": legs}, using="jinja2")
