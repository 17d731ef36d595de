"""Addresses of this door. The first part of a shop page names the market and the language: `/es-en/…`."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from entrepot.storefront.places import PlaceConverter
from entrepot.storefront.views import (
    about_site,
    account,
    calculator,
    cart,
    checkout,
    disputes,
    home,
    legal,
    lists,
    pictures,
    products,
    purchases,
    sitemaps,
    tracking,
)

register_converter(PlaceConverter, "place")

shop: list[URLPattern | URLResolver] = [
    path("", home.home, name="shop_home"),
    path("deliver-to", home.deliver_to, name="deliver_to"),
    path("search", lists.find, name="search"),
    path("search/_suggest", lists.suggestions, name="suggestions"),
    path("shops", lists.shops, name="shops"),
    path("s/<slug:slug>", lists.seller_page, name="seller_page"),
    path("c/<slug:slug>", lists.category, name="category"),
    path("cart", cart.cart, name="cart"),
    path("cart/add", cart.add, name="cart_add"),
    path("cart/set", cart.change, name="cart_set"),
    path("cart/checkout", cart.begin, name="cart_checkout"),
    path("checkout/<str:token>", checkout.address, name="checkout"),
    path("checkout/<str:token>/pay", checkout.pay, name="checkout_pay"),
    path("checkout/<str:token>/delivery", checkout.delivery, name="checkout_delivery"),
    path("checkout/<str:token>/place", checkout.place_order, name="checkout_place"),
    path("purchase/<str:token>", purchases.order, name="order"),
    path(
        "purchase/<str:token>/invoice/<uuid:invoice>.<slug:kind>",
        purchases.invoice_download,
        name="order_invoice",
    ),
    path("purchase/<str:token>/pay", purchases.pay, name="order_pay"),
    path("purchase/<str:token>/rest", purchases.rest, name="order_rest"),
    path("purchase/<str:token>/sent-back", purchases.sent_back, name="order_sent_back"),
    path("purchase/<str:token>/<str:number>/cancel", purchases.cancel, name="order_cancel"),
    path("purchase/<str:token>/<str:number>/withdraw", purchases.withdraw, name="order_withdraw"),
    path("purchase/<str:token>/<str:number>/return", purchases.send_back, name="order_return"),
    path("purchase/<str:token>/<str:number>/dispute", disputes.dispute, name="order_dispute"),
    path(
        "purchase/<str:token>/dispute-photos/<uuid:photo>.jpg",
        disputes.dispute_picture,
        name="order_dispute_photo",
    ),
    path("find-order", purchases.find, name="find_order"),
    path("withdraw", purchases.find, {"withdraws": True}, name="withdraw"),
    path("account", account.overview, name="account"),
    path("account/addresses", account.addresses, name="account_addresses"),
    path("account/data", account.my_data, name="account_data"),
    path("invited/<str:token>", home.invited, name="invited"),
    path("calculator", calculator.calculator, name="calculator"),
    path("legal/<slug:name>", legal.legal, name="legal"),
    path("como-ordenamos", legal.ranking, name="ranking"),
    path("p/<slug:address>", products.product, name="product"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.start, name="start"),
    path("<place:place>/", include(shop)),
    path("pictures/<slug:motif>.<int:seed>.<int:view>.svg", pictures.drawing, name="drawing"),
    path("pictures/<slug:motif>.<int:seed>.<int:view>.<slug:dark>.svg", pictures.drawing),
    path("media/<slug:folder>/<slug:name>.<slug:suffix>", pictures.photo, name="photo"),
    path("notices/guarantee-<slug:language>.<slug:suffix>", pictures.notice, name="notice"),
    path("t/<str:number>", tracking.track, name="track"),
    path("favicon.ico", about_site.favicon, name="favicon"),
    path("manifest.webmanifest", about_site.manifest, name="manifest"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/<slug:segment>-pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/<slug:segment>-products-<int:number>.xml", sitemaps.products, name="sitemap_products"),
    path("robots.txt", about_site.robots, name="robots"),
    path("llms.txt", about_site.llms, name="llms"),
    path(".well-known/security.txt", about_site.security, name="security"),
    path("theme", about_site.theme, name="theme"),
    path("styleguide", about_site.styleguide, name="styleguide"),
]
