"""Addresses of this door."""

from django.urls import URLPattern, URLResolver, path, re_path

from entrepot.console import reference
from entrepot.console.views import audit, mail, markets, money, orders, overview, reviews, sellers, team, work

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.home, name="console"),
    re_path(
        r"^overview/(?P<chart>days|funnel|exceptions|sellers)\.csv$",
        overview.home_csv,
        name="console_overview_csv",
    ),
    path("markets/", markets.market_list, name="console_markets"),
    path("markets/<str:code>/", markets.market_page, name="console_market"),
    path("markets/<str:code>/launch", markets.market_launch, name="console_market_launch"),
    path("markets/<str:code>/close", markets.market_close, name="console_market_close"),
    path("markets/<str:code>/rules", markets.market_rules, name="console_market_rules"),
    path("orders/", orders.order_list, name="console_orders"),
    path("orders.csv", orders.orders_csv, name="console_orders_csv"),
    path("orders/<str:number>/", orders.order_page, name="console_order"),
    path("orders/<str:number>/cancel", orders.order_cancel, name="console_order_cancel"),
    path("orders/<str:number>/refund", orders.order_refund, name="console_order_refund"),
    path("sellers/", sellers.seller_list, name="console_sellers"),
    path("sellers/<uuid:seller_id>/", sellers.seller_page, name="console_seller"),
    path("sellers/<uuid:seller_id>/decide", sellers.seller_decide, name="console_seller_decide"),
    path("reviews/", reviews.review_list, name="console_reviews"),
    path("reviews/<uuid:review_id>/decide", reviews.review_decide, name="console_review_decide"),
    path("money/", money.money_home, name="console_money"),
    path("money/trial-balance.csv", money.money_csv, name="console_money_csv"),
    path("money/kind/<slug:kind>", money.kind_page, name="console_money_kind"),
    path("money/account", money.account_page, name="console_money_account"),
    path("money/transfer", money.transfer_page, name="console_money_transfer"),
    path("money/about", money.subject_page, name="console_money_about"),
    path("audit/", audit.trail, name="console_audit"),
    path("audit.csv", audit.trail_csv, name="console_audit_csv"),
    path("work/", work.work, name="console_work"),
    path("work/facts/<int:fact_id>/retry", work.fact_retry, name="console_fact_retry"),
    path("work/jobs/<uuid:job_id>/cancel", work.job_cancel, name="console_job_cancel"),
    path("clock", work.clock_advance, name="console_clock"),
    path("team/", team.team, name="console_team"),
    path("team/grant", team.team_grant, name="console_team_grant"),
    path("team/revoke", team.team_revoke, name="console_team_revoke"),
    path("mail/", mail.mail_list, name="console_mail"),
    path("mail/<str:name>/<int:number>", mail.mail_page, name="console_letter"),
    path("reference/", reference.site.urls),
]
