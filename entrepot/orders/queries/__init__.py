"""Every read of the orders room. Each subject has its file; outsiders import the queries from here.

Figures over many orders stand in `entrepot.orders.queries.figures`.
"""

from entrepot.orders.queries.carts import (
    CartView,
    PricedLine,
    Problem,
    SellerGroup,
    cart_quantity,
    cart_view,
)
from entrepot.orders.queries.checkouts import (
    CheckoutView,
    Contact,
    Missing,
    Readiness,
    checkout_readiness,
    checkout_view,
    contact_errors,
)
from entrepot.orders.queries.orders import (
    EXCEPTIONS,
    Consignee,
    OrderLineView,
    OrderPage,
    OrderView,
    ReturnView,
    TodayCounts,
    WithdrawalView,
    order_by_number,
    order_view,
    orders_by_id,
    orders_of,
    orders_of_purchase,
    returns_of,
    today_counts,
    unfinished_orders,
)
from entrepot.orders.queries.packing import boxes_of_order, left_to_pack
from entrepot.orders.queries.purchases import (
    PurchasePage,
    PurchaseSummary,
    PurchaseView,
    RefusedView,
    purchase_by_token,
    purchase_view,
    purchases_of,
)
from entrepot.orders.queries.timelines import TimelineStep, timeline

__all__ = [
    "EXCEPTIONS",
    "CartView",
    "CheckoutView",
    "Consignee",
    "Contact",
    "Missing",
    "OrderLineView",
    "OrderPage",
    "OrderView",
    "PricedLine",
    "Problem",
    "PurchasePage",
    "PurchaseSummary",
    "PurchaseView",
    "Readiness",
    "RefusedView",
    "ReturnView",
    "SellerGroup",
    "TimelineStep",
    "TodayCounts",
    "WithdrawalView",
    "boxes_of_order",
    "cart_quantity",
    "cart_view",
    "checkout_readiness",
    "checkout_view",
    "contact_errors",
    "left_to_pack",
    "order_by_number",
    "order_view",
    "orders_by_id",
    "orders_of",
    "orders_of_purchase",
    "purchase_by_token",
    "purchase_view",
    "purchases_of",
    "returns_of",
    "timeline",
    "today_counts",
    "unfinished_orders",
]
