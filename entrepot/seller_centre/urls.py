"""Addresses of this door."""

from django.urls import URLPattern, path

from entrepot.seller_centre.views import imports, invoices, orders, payouts, products, shop

urlpatterns: list[URLPattern] = [
    path("", orders.today, name="seller_today"),
    path("open", shop.open_shop, name="seller_open"),
    path("choose", shop.choose, name="seller_choose"),
    path("orders", orders.order_list, name="seller_orders"),
    path("orders/ship", orders.orders_ship, name="seller_orders_ship"),
    path("orders/<str:number>", orders.order_page, name="seller_order"),
    path("orders/<str:number>/pack", orders.order_pack, name="seller_order_pack"),
    path("orders/<str:number>/ship", orders.order_ship, name="seller_order_ship"),
    path("orders/<str:number>/cancel", orders.order_cancel, name="seller_order_cancel"),
    path("orders/<str:number>/slip.pdf", orders.slip, name="seller_slip"),
    path("labels.pdf", orders.labels, name="seller_labels"),
    path("labels.zpl", orders.zebra_labels, name="seller_zebra_labels"),
    path("pick-list.pdf", orders.picking, name="seller_pick_list"),
    path("returns", orders.return_list, name="seller_returns"),
    path("products", products.product_list, name="seller_products"),
    path("products/<str:product>", products.product_page, name="seller_product"),
    path("gaps", products.gap_list, name="seller_gaps"),
    path("products/<str:product>/photos", products.photo_add, name="seller_photo_add"),
    path("products/<str:product>/photos/<str:photo>", products.photo_remove, name="seller_photo_remove"),
    path("products/<str:product>/save", products.product_save, name="seller_product_save"),
    path("products/<str:product>/archive", products.product_archive, name="seller_product_archive"),
    path("products/<str:product>/<str:variant>/price", products.price_save, name="seller_price"),
    path("products/<str:product>/<str:variant>/stock", products.stock_save, name="seller_stock"),
    path("payouts", payouts.payout_list, name="seller_payouts"),
    path("payouts/<str:payout>", payouts.payout_page, name="seller_payout"),
    path("statements/<str:month>.csv", payouts.statement, {"kind": "csv"}, name="seller_statement_csv"),
    path("statements/<str:month>.pdf", payouts.statement, {"kind": "pdf"}, name="seller_statement_pdf"),
    path("invoices", invoices.invoice_list, name="seller_invoices"),
    path("invoices/<uuid:invoice>.<slug:kind>", invoices.invoice_download, name="seller_invoice"),
    path("imports", imports.import_list, name="seller_imports"),
    path("imports/<str:run>", imports.import_page, name="seller_import"),
    path("imports/<str:run>/result", imports.import_result, name="seller_import_result"),
    path("export", imports.export, name="seller_export"),
    path("shop", shop.profile, name="seller_shop"),
    path("team", shop.team, name="seller_team"),
    path("developers", shop.developers, name="seller_developers"),
]
