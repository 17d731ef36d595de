"""The authorisation matrix: one row a route, written by hand, so that a mistake in the code is not copied into it.

A row says for each method who gets in (and with which status) and what everyone else is answered:

    anyone(200)                   every role gets the same answer
    operators(200, MANAGER …)     strangers are sent to sign in, other people find no such page (404), operators whose
                                  role is not named are refused (403), those named get in
    signed_in(200)                strangers are sent to sign in
    keys(200, "catalog:write")    an API key with the scope; 401 without a key, 403 with a key that lacks it

Methods that are not named must answer 405 to everyone (a route may say otherwise with `other=`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from entrepot.kit.ids import show_number

MANAGER, SUPPORT, FINANCE, COMPLIANCE = "manager", "support", "finance", "compliance"
EVERY_OPERATOR = (MANAGER, SUPPORT, FINANCE, COMPLIANCE)  # who sits at a desk
HUB = "hub"  # who works on a hub's floor
OPERATORS = (*EVERY_OPERATOR, HUB)

# Everybody who may knock. The last three once had a way in and have none now.
PEOPLE = (
    "guest", "buyer", "other_buyer", "owner", "catalogue", "orders", "seller_finance", "other_owner",
    "suspended_owner", *OPERATORS, "removed_member", "removed_operator", "closed_account",
)  # fmt: skip
KEYS = (
    "no_key",
    "wrong_key",
    "revoked_key",
    "expired_key",
    "removed_members_key",
    "reader_key",
    "seller_key",
    "buyer_key",
)
KEY_SCOPES: Mapping[str, frozenset[str]] = {
    "reader_key": frozenset({"catalog:read"}),
    "seller_key": frozenset(
        {"catalog:read", "catalog:write", "offers:write", "stock:write", "orders:read", "orders:fulfil"}
    ),
    "buyer_key": frozenset(
        {"catalog:read", "orders:place", "orders:pay", "orders:read", "orders:withdraw", "orders:cancel"}
    ),
}
GUEST_SCOPES = frozenset(
    {"catalog:read", "orders:place", "orders:pay", "orders:read", "orders:withdraw", "orders:cancel"}
)
# Whose session is over before the request: they are strangers now.
GONE = ("removed_member", "removed_operator", "closed_account")

Rule = Callable[[str], int]


def anyone(status: int) -> Rule:
    return lambda who: status


def operators(status: int, *roles: str) -> Rule:
    def rule(who: str) -> int:
        if who == "guest" or who in GONE:
            return 302
        if who not in OPERATORS:
            return 404
        return status if who in roles else 403

    return rule


def desks(status: int, *roles: str) -> Rule:
    """As `operators`; for those who do not work at a desk the page does not exist either (404)."""
    return lambda who: 404 if who == HUB else operators(status, *roles)(who)


SEATS = ("owner", "catalogue", "orders", "seller_finance", "other_owner", "suspended_owner")
OWNERS = ("owner", "other_owner", "suspended_owner")


def seats(status: int, *roles: str) -> Rule:
    """Staff of a seller: those named get in, other seats are refused (403), people without a seat find no page (404)."""

    def rule(who: str) -> int:
        if who == "guest" or who in GONE:
            return 302
        if who not in SEATS:
            return 404
        return status if who in roles else 403

    return rule


def signed_in(status: int, stranger: int = 302) -> Rule:
    return lambda who: stranger if who == "guest" or who in GONE else status


def keys(status: int, scope: str, *, seller_only: bool = False) -> Rule:
    def rule(who: str) -> int:
        if who in ("wrong_key", "revoked_key", "expired_key", "removed_members_key"):
            return 401
        if who == "no_key":
            return status if scope in GUEST_SCOPES else 401
        if scope not in KEY_SCOPES[who] or (seller_only and who == "buyer_key"):
            return 403
        return status

    return rule


@dataclass(frozen=True)
class Row:
    """One route: rules by method, values for the places of its address, what is sent with a POST or PUT."""

    rules: Mapping[str, Rule]
    places: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    other: Rule | None = None
    who: tuple[str, ...] = PEOPLE


def get(rule: Rule, **more: Any) -> Row:
    return Row({"GET": rule}, **more)


def post(rule: Rule, **more: Any) -> Row:
    return Row({"POST": rule}, **more)


def api(**rules: Rule) -> Row:
    return Row({name.upper(): rule for name, rule in rules.items()}, who=KEYS)


_ANY_ID = "0192f0c0-0000-7000-8000-000000000000"
_MARKET = {"code": "ES"}
_RETURN = {"authority": "ES", "scheme": "ioss", "currency": "EUR", "first": "2001-01-01"}

CONSOLE = {
    "console/": Row(
        {"GET": lambda who: 302 if who in (SUPPORT, COMPLIANCE) else operators(200, *EVERY_OPERATOR)(who)}
    ),
    r"console/^overview/(?P<chart>days|funnel|exceptions|sellers)\.csv$": get(
        operators(200, MANAGER, FINANCE), places={"chart": "days"}
    ),
    "console/orders/": get(operators(200, *EVERY_OPERATOR)),
    "console/orders.csv": get(operators(200, *EVERY_OPERATOR)),
    "console/orders/<str:number>/": get(operators(404, *EVERY_OPERATOR), places={"number": "1"}),
    "console/orders/<str:number>/cancel": post(operators(404, MANAGER, SUPPORT), places={"number": "1"}),
    "console/orders/<str:number>/refund": post(
        operators(404, MANAGER, SUPPORT, FINANCE),
        places={"number": "1"},
        sent={"amount": "1", "reason": "A test"},
    ),
    "console/markets/": get(operators(200, *EVERY_OPERATOR)),
    "console/markets/<str:code>/": get(operators(200, *EVERY_OPERATOR), places=_MARKET),
    "console/markets/<str:code>/rules": get(operators(200, *EVERY_OPERATOR), places=_MARKET),
    "console/markets/<str:code>/launch": post(
        operators(409, MANAGER), places=_MARKET
    ),  # its goods lack a maker
    "console/markets/<str:code>/invite": post(
        operators(200, MANAGER), places=_MARKET, sent={"label": "Anna"}
    ),
    "console/markets/<str:code>/invited/<uuid:invitation_id>/withdraw": post(
        operators(404, MANAGER), places=_MARKET | {"invitation_id": "01890a5d-ac96-774b-bcce-b302099a8057"}
    ),
    "console/markets/<str:code>/review": post(operators(303, MANAGER), places=_MARKET),
    "console/markets/<str:code>/offers": post(operators(303, MANAGER), places=_MARKET, sent={"source": "FR"}),
    "console/markets/<str:code>/close": post(operators(303, MANAGER), places=_MARKET),
    "console/logistics/": get(operators(200, MANAGER, SUPPORT, COMPLIANCE)),
    r"console/^logistics/(?P<chart>lanes|flows|promise|late)\.csv$": get(
        operators(200, MANAGER, SUPPORT, COMPLIANCE), places={"chart": "late"}
    ),
    "console/logistics/parcels/<str:number>/": get(
        operators(404, MANAGER, SUPPORT, COMPLIANCE), places={"number": "EP1"}
    ),
    "console/exceptions/": get(operators(200, MANAGER, SUPPORT, COMPLIANCE)),
    "console/exceptions/<uuid:trouble_id>/assign": post(
        operators(404, MANAGER, SUPPORT), places={"trouble_id": _ANY_ID}
    ),
    "console/exceptions/<uuid:trouble_id>/settle": post(
        operators(404, MANAGER, SUPPORT), places={"trouble_id": _ANY_ID}, sent={"note": "Found"}
    ),
    "console/quarantine/": get(operators(200, MANAGER, SUPPORT, COMPLIANCE)),
    "console/quarantine/repair": post(operators(404, MANAGER, SUPPORT), sent={"source": "nobody"}),
    "console/customs/": get(operators(200, MANAGER, SUPPORT, COMPLIANCE)),
    "console/customs/<str:number>/": get(
        operators(404, MANAGER, SUPPORT, COMPLIANCE), places={"number": show_number(1)}
    ),
    "console/customs/<str:number>/repair": post(
        operators(404, MANAGER, COMPLIANCE), places={"number": show_number(1)}
    ),
    "console/customs/<str:number>/<slug:kind>": get(
        operators(404, MANAGER, SUPPORT, COMPLIANCE), places={"number": show_number(1), "kind": "json"}
    ),
    "console/sellers/": get(operators(200, *EVERY_OPERATOR)),
    "console/sellers/<uuid:seller_id>/": get(
        operators(200, *EVERY_OPERATOR), places={"seller_id": "{seller}"}
    ),
    "console/sellers/<uuid:seller_id>/decide": post(
        operators(303, MANAGER, COMPLIANCE),
        places={"seller_id": "{seller}"},
        sent={"do": "suspend", "reason": "A test"},
    ),
    "console/disputes/": get(operators(200, MANAGER, SUPPORT)),
    "console/disputes/photos/<uuid:photo>.jpg": get(
        operators(404, MANAGER, SUPPORT), places={"photo": _ANY_ID}
    ),
    "console/disputes/<uuid:dispute_id>/decide": post(
        operators(404, MANAGER, SUPPORT), places={"dispute_id": _ANY_ID}
    ),
    "console/recalls/": get(operators(200, MANAGER, COMPLIANCE)),
    "console/recalls/start": post(operators(404, MANAGER, COMPLIANCE), sent={"product": "nothing"}),
    "console/reports/": get(operators(200, MANAGER, COMPLIANCE)),
    "console/reports/order": post(operators(404, MANAGER, COMPLIANCE), sent={"product": "nothing"}),
    "console/reports/<uuid:report_id>/decide": post(
        operators(404, MANAGER, COMPLIANCE), places={"report_id": _ANY_ID}
    ),
    "console/complaints/<uuid:complaint_id>/decide": post(
        operators(404, MANAGER, COMPLIANCE), places={"complaint_id": _ANY_ID}
    ),
    "console/restrictions/<uuid:restriction_id>/lift": post(
        operators(404, MANAGER, COMPLIANCE), places={"restriction_id": _ANY_ID}
    ),
    "console/reviews/": get(operators(200, MANAGER, COMPLIANCE)),
    "console/reviews/<uuid:review_id>/decide": post(
        operators(404, MANAGER, COMPLIANCE),
        places={"review_id": _ANY_ID},
        sent={"do": "hide", "reason": "A test"},
    ),
    "console/money/": get(operators(200, MANAGER, FINANCE)),
    "console/money/trial-balance.csv": get(operators(200, MANAGER, FINANCE)),
    "console/money/kind/<slug:kind>": get(operators(200, MANAGER, FINANCE), places={"kind": "escrow"}),
    "console/money/account": get(
        operators(200, MANAGER, FINANCE), query="?kind=escrow&owner=order:1&currency=EUR"
    ),
    "console/money/transfer": get(operators(404, MANAGER, FINANCE), query="?id=capture:1"),
    "console/money/about": get(operators(200, MANAGER, FINANCE), query="?subject=order:1"),
    "console/invoices/": get(operators(200, MANAGER, FINANCE)),
    "console/invoices.csv": get(operators(200, MANAGER, FINANCE)),
    "console/invoices/<uuid:invoice>.<slug:kind>": get(
        operators(404, MANAGER, FINANCE), places={"invoice": _ANY_ID, "kind": "pdf"}
    ),
    "console/reconciliation/": get(operators(200, MANAGER, FINANCE)),
    "console/reconciliation/sandbox.csv": get(operators(200, MANAGER, FINANCE)),
    "console/reconciliation/report": post(operators(422, MANAGER, FINANCE)),
    "console/reconciliation/check": post(operators(303, MANAGER, FINANCE)),
    "console/reconciliation/<uuid:item>": post(
        operators(404, MANAGER, FINANCE), places={"item": _ANY_ID}, sent={"do": "take"}
    ),
    "console/taxes/sellers-<int:year>.<slug:kind>": get(
        operators(200, MANAGER, FINANCE), places={"year": 2026, "kind": "csv"}
    ),
    "console/taxes/": get(operators(200, MANAGER, FINANCE)),
    "console/taxes/<slug:authority>/<slug:scheme>/<slug:currency>/<str:first>": get(
        operators(404, MANAGER, FINANCE), places=_RETURN
    ),
    "console/taxes/<slug:authority>/<slug:scheme>/<slug:currency>/<str:first>/file": post(
        operators(404, MANAGER, FINANCE), places=_RETURN
    ),
    "console/payouts/": get(operators(200, MANAGER, FINANCE)),
    "console/payouts/<uuid:payout_id>/approve": post(
        operators(404, MANAGER, FINANCE), places={"payout_id": _ANY_ID}
    ),
    "console/payouts/file": post(operators(303, MANAGER, FINANCE)),
    "console/payouts/files/<uuid:file_id>.xml": get(
        operators(404, MANAGER, FINANCE), places={"file_id": _ANY_ID}
    ),
    "console/payouts/statement": post(operators(422, MANAGER, FINANCE)),
    "console/tariff/": get(operators(200, MANAGER, FINANCE)),
    "console/tariff/add": post(operators(400, MANAGER, FINANCE)),
    "console/tariff/programme": post(operators(400, MANAGER, FINANCE)),
    "console/tariff/<slug:rule>/move": post(operators(404, MANAGER, FINANCE), places={"rule": "nobody"}),
    "console/tariff/<slug:rule>/end": post(
        operators(404, MANAGER, FINANCE), places={"rule": "nobody"}, sent={"last_on": "2030-01-01"}
    ),
    "console/audit/": get(operators(200, MANAGER, FINANCE, COMPLIANCE)),
    "console/audit.csv": get(operators(200, MANAGER, FINANCE, COMPLIANCE)),
    "console/work/": get(operators(200, *EVERY_OPERATOR)),
    "console/work/facts/<int:fact_id>/retry": post(operators(404, MANAGER), places={"fact_id": 1 << 40}),
    "console/work/jobs/<uuid:job_id>/cancel": post(operators(404, MANAGER), places={"job_id": _ANY_ID}),
    "console/clock": post(operators(303, MANAGER), sent={"hours": "1"}),
    "console/sales/": get(operators(200, MANAGER)),
    "console/sales/open": post(operators(404, MANAGER), sent={"title": "Festival"}),
    "console/sales/<int:number>/close": post(operators(404, MANAGER), places={"number": 1 << 40}),
    "console/team/": get(operators(200, MANAGER)),
    "console/team/grant": post(
        operators(303, MANAGER), sent={"email": "buyer@example.es", "role": "support"}
    ),
    "console/team/revoke": post(operators(404, MANAGER), sent={"user": "1", "role": "nothing"}),
    "console/mail/": get(operators(200, MANAGER, SUPPORT)),
    "console/mail/<str:name>/<int:number>": get(
        operators(404, MANAGER, SUPPORT), places={"name": "x.log", "number": 0}
    ),
}

# The reference lists read only: any other method finds no such page, for operators too.
_REFERENCE_OTHER = desks(404, *EVERY_OPERATOR)
REFERENCE = {
    "console/reference/jsi18n/": Row({"GET": desks(200, *EVERY_OPERATOR)}, other=_REFERENCE_OTHER),
    "console/reference/": Row({"GET": desks(200, *EVERY_OPERATOR)}, other=_REFERENCE_OTHER),
}
REFERENCE_LIST = Row({"GET": desks(200, *EVERY_OPERATOR)}, other=_REFERENCE_OTHER)
REFERENCE_GROUP = Row(
    {"GET": desks(200, *EVERY_OPERATOR)}, other=_REFERENCE_OTHER, places={"app_label": "ledger"}
)
REFERENCE_RECORD = Row(
    {"GET": desks(302, *EVERY_OPERATOR)}, other=_REFERENCE_OTHER, places={"object_id": "0"}
)

_FLOOR = (MANAGER, HUB)
_HUB = {"hub": "MAD"}
FLOOR = {
    "hub/": get(operators(200, *_FLOOR)),
    "hub/worker.js": get(anyone(200)),
    "hub/<str:hub>/shift": get(operators(200, *_FLOOR), places=_HUB),
    "hub/<str:hub>/scan": Row(
        {"GET": operators(200, *_FLOOR), "POST": operators(200, *_FLOOR)},
        places=_HUB, sent={"task": "receive", "code": "EP1"},
    ),
    "hub/<str:hub>/state": get(operators(200, *_FLOOR), places=_HUB),
    "hub/<str:hub>/sync": post(operators(400, *_FLOOR), places=_HUB, sent={"scans": "none"}),
    "hub/<str:hub>/cages": get(operators(200, *_FLOOR), places=_HUB),
    "hub/<str:hub>/cages/open": post(operators(400, *_FLOOR), places=_HUB, sent={"lane": "nowhere"}),
    "hub/<str:hub>/cages/<str:code>/close": post(operators(404, *_FLOOR), places=_HUB | {"code": "CG1"}),
    "hub/<str:hub>/cages/<str:code>.pdf": get(operators(404, *_FLOOR), places=_HUB | {"code": "CG1"}),
    "hub/<str:hub>/together": get(operators(200, *_FLOOR), places=_HUB),
    "hub/<str:hub>/together/<uuid:bundle>.pdf": get(operators(404, *_FLOOR), places=_HUB | {"bundle": _ANY_ID}),
    "hub/<str:hub>/loads/<uuid:load_id>/depart": post(operators(404, *_FLOOR), places=_HUB | {"load_id": _ANY_ID}),
    "hub/<str:hub>/loads/<uuid:load_id>.pdf": get(operators(404, *_FLOOR), places=_HUB | {"load_id": _ANY_ID}),
    "hub/<str:hub>/scans/<uuid:scan_id>/settle": post(operators(404, *_FLOOR), places=_HUB | {"scan_id": _ANY_ID}),
}  # fmt: skip

# What allauth serves. People here have no second factor yet, so most of its pages lead elsewhere or are not there.
_ENTRANCE = Row({"GET": signed_in(302, 200), "POST": signed_in(302, 200)})
_ACCOUNT_FORM = Row({"GET": signed_in(200), "POST": signed_in(200)})
_ELSEWHERE = Row({"GET": anyone(302), "POST": anyone(302)})
_NO_FACTOR = Row({"GET": signed_in(404), "POST": signed_in(404)})
_PAGE = Row({"GET": anyone(200)})
_OTHERS_KEY = Row({"GET": anyone(302), "POST": anyone(302)}, places={"pk": 1})  # asks for the password first
ACCOUNTS = {
    "accounts/login/": _ENTRANCE,
    "accounts/signup/": _ENTRANCE,
    "accounts/signup/passkey/": _ENTRANCE,
    "accounts/logout/": Row({"GET": signed_in(200), "POST": anyone(302)}),
    "accounts/inactive/": _PAGE,
    "accounts/reauthenticate/": _ACCOUNT_FORM,
    "accounts/email/": Row({"GET": signed_in(200), "POST": signed_in(302)}),
    "accounts/confirm-email/": _ELSEWHERE,
    "accounts/password/change/": _ACCOUNT_FORM,
    "accounts/password/set/": Row({"GET": signed_in(302), "POST": signed_in(302)}),
    "accounts/password/reset/": Row({"GET": anyone(200), "POST": anyone(200)}),
    "accounts/password/reset/done/": _PAGE,
    "accounts/password/reset/key/done/": _PAGE,
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": Row(
        {"GET": anyone(200), "POST": anyone(200)}, places={"uidb36": "1", "key": "x-y"}
    ),
    "accounts/login/code/confirm/": _ELSEWHERE,
    "accounts/2fa/": Row({"GET": signed_in(200), "POST": signed_in(405)}),
    "accounts/2fa/authenticate/": _ELSEWHERE,
    "accounts/2fa/reauthenticate/": _ELSEWHERE,
    "accounts/2fa/totp/activate/": _ELSEWHERE,  # asks for the password again first
    "accounts/2fa/totp/deactivate/": _NO_FACTOR,
    "accounts/2fa/recovery-codes/": Row({"GET": signed_in(404), "POST": signed_in(405)}),
    "accounts/2fa/recovery-codes/generate/": _ELSEWHERE,
    "accounts/2fa/recovery-codes/download/": _NO_FACTOR,
    "accounts/2fa/webauthn/": Row({"GET": signed_in(200), "POST": signed_in(405)}),
    "accounts/2fa/webauthn/add/": _ELSEWHERE,
    "accounts/2fa/webauthn/reauthenticate/": _ELSEWHERE,
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": _OTHERS_KEY,
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": _OTHERS_KEY,
    "accounts/2fa/webauthn/login/": _ELSEWHERE,
    "accounts/2fa/webauthn/signup/": _ELSEWHERE,
}

API = {
    "openapi.json": get(anyone(200)),
    "docs": get(anyone(200)),
    "problems/<slug:code>": get(anyone(200), places={"code": "not_found"}),
    r"^v1/categories\Z": api(get=keys(200, "catalog:read")),
    r"^v1/markets\Z": api(get=keys(200, "catalog:read")),
    r"^v1/products/(?P<product_id>[^/]{1,120})\Z": api(get=keys(404, "catalog:read")),
    r"^v1/fees\Z": api(get=keys(400, "catalog:read")),
    r"^v1/quotes\Z": api(post=keys(415, "catalog:read")),
    r"^v1/seller/invoices\Z": api(get=keys(200, "payouts:read")),
    r"^v1/seller/invoices/(?P<invoice_id>[^/]{1,120})\Z": api(get=keys(404, "payouts:read")),
    r"^v1/seller/products\Z": api(get=keys(200, "catalog:write")),
    r"^v1/seller/products/(?P<handle>[^/]{1,120})\Z": api(put=keys(415, "catalog:write")),
    r"^v1/seller/products/(?P<handle>[^/]{1,120})/photos\Z": api(post=keys(400, "catalog:write")),
    r"^v1/seller/products/(?P<handle>[^/]{1,120})/photos/(?P<photo>[^/]{1,120})\Z": api(
        delete=keys(404, "catalog:write")
    ),
    r"^v1/seller/stock\Z": api(get=keys(200, "stock:write")),
    r"^v1/seller/stock/(?P<sku>[^/]{1,120})\Z": api(post=keys(400, "stock:write")),
    r"^v1/shops/(?P<slug>[^/]{1,120})\Z": api(get=keys(404, "catalog:read")),
}

_READ_ORDERS = (*OWNERS, "orders", "seller_finance")
_FULFIL = (*OWNERS, "orders")
_GOODS = (*OWNERS, "catalogue")
_SELLING = ("owner", "other_owner", "catalogue")  # a suspended seller puts nothing on sale
_ORDER, _PRODUCT = (
    {"number": show_number(1)},
    {"product": "prd_00000000000000000000000000", "variant": "var_00000000000000000000000000"},
)
SELLER = {
    "seller/": get(seats(200, *SEATS)),
    "seller/open": Row({"GET": signed_in(200), "POST": signed_in(400)}),  # nothing filled in
    "seller/choose": post(seats(302, *SEATS), sent={"seller": "nothing"}),  # stays
    "seller/orders": get(seats(200, *_READ_ORDERS)),
    "seller/orders/ship": post(seats(400, *_FULFIL)),
    "seller/orders/<str:number>": get(seats(404, *_READ_ORDERS), places=_ORDER),
    "seller/orders/<str:number>/pack": post(seats(404, *_FULFIL), places=_ORDER),
    "seller/orders/<str:number>/ship": post(seats(404, *_FULFIL), places=_ORDER),
    "seller/orders/<str:number>/cancel": post(seats(404, *_FULFIL), places=_ORDER, sent={"reason": "other"}),
    "seller/orders/<str:number>/slip.pdf": get(seats(404, *_READ_ORDERS), places=_ORDER),
    "seller/labels.pdf": get(seats(404, *_READ_ORDERS)),
    "seller/labels.zpl": get(seats(404, *_READ_ORDERS)),
    "seller/pick-list.pdf": get(seats(404, *_READ_ORDERS)),
    "seller/manifests": Row({"GET": seats(200, *_READ_ORDERS), "POST": seats(409, *_FULFIL)}),
    "seller/manifests/<uuid:manifest>.pdf": get(seats(404, *_READ_ORDERS), places={"manifest": _ANY_ID}),
    "seller/manifests/<uuid:manifest>/hand-over": post(
        seats(404, *_FULFIL), places={"manifest": _ANY_ID}, sent={"signed_by": "Iker"}
    ),
    "seller/customs": get(seats(200, *_READ_ORDERS)),
    "seller/customs/<str:number>": Row(
        {"GET": seats(404, *_READ_ORDERS), "POST": seats(404, *_FULFIL)}, places=_ORDER
    ),
    "seller/customs/<str:number>/<slug:kind>": get(
        seats(404, *_READ_ORDERS), places={"number": show_number(1), "kind": "json"}
    ),
    "seller/returns": Row({"GET": seats(200, *_READ_ORDERS), "POST": seats(400, *_FULFIL)}),
    "seller/disputes/photos/<uuid:photo>.jpg": get(seats(404, *_READ_ORDERS), places={"photo": _ANY_ID}),
    "seller/decisions": Row({"GET": seats(200, *SEATS), "POST": seats(404, *OWNERS)}),
    "seller/disputes": Row({"GET": seats(200, *_READ_ORDERS), "POST": seats(400, *_FULFIL)}),
    "seller/products": get(seats(200, *SEATS)),
    "seller/products/<str:product>": get(seats(404, *SEATS), places=_PRODUCT),
    "seller/products/<str:product>/save": post(seats(404, *_GOODS), places=_PRODUCT),
    "seller/gaps": get(seats(200, *SEATS)),
    "seller/products/<str:product>/photos": post(seats(400, *_GOODS), places=_PRODUCT),
    "seller/products/<str:product>/photos/<str:photo>": post(
        seats(404, *_GOODS), places={**_PRODUCT, "photo": "pic_00000000000000000000000000"}
    ),
    "seller/products/<str:product>/archive": post(seats(404, *_GOODS), places=_PRODUCT),
    "seller/products/<str:product>/<str:variant>/price": post(seats(400, *_SELLING), places=_PRODUCT),
    "seller/products/<str:product>/<str:variant>/stock": post(seats(400, *_GOODS), places=_PRODUCT),
    "seller/payouts": Row(
        {"GET": seats(200, *OWNERS, "seller_finance"), "POST": seats(422, "owner", "other_owner")}
    ),
    "seller/payouts/<str:payout>": get(seats(404, *OWNERS, "seller_finance"), places={"payout": "nothing"}),
    "seller/statements/<str:month>.csv": get(
        seats(200, *OWNERS, "seller_finance"), places={"month": "2026-10"}
    ),
    "seller/statements/<str:month>.pdf": get(
        seats(200, *OWNERS, "seller_finance"), places={"month": "2026-10"}
    ),
    "seller/invoices": get(seats(200, *OWNERS, "seller_finance")),
    "seller/invoices/<uuid:invoice>.<slug:kind>": get(
        seats(404, *OWNERS, "seller_finance"), places={"invoice": _ANY_ID, "kind": "pdf"}
    ),
    "seller/imports": Row({"GET": seats(200, *_GOODS), "POST": seats(400, *_GOODS)}),
    "seller/imports/<str:run>": Row(
        {"GET": seats(404, *_GOODS), "POST": seats(404, *_GOODS)}, places={"run": "nothing"}
    ),
    "seller/imports/<str:run>/result": get(seats(404, *_GOODS), places={"run": "nothing"}),
    "seller/export": get(seats(200, *_GOODS)),
    "seller/shop": Row({"GET": seats(200, *SEATS), "POST": seats(302, *OWNERS)}),
    "seller/team": Row({"GET": seats(200, *SEATS), "POST": seats(400, *OWNERS)}),
    "seller/developers": Row({"GET": seats(200, *SEATS), "POST": seats(400, *OWNERS)}),
}

API |= {
    r"^v1(?:/[\s\S]*)?\Z": Row({"GET": anyone(404)}, who=KEYS, other=anyone(404)),  # nothing lives there
    r"^v1/products\Z": api(get=keys(200, "catalog:read")),
    r"^v1/carts\Z": api(post=keys(400, "orders:place")),
    r"^v1/carts/(?P<token>[^/]{1,120})\Z": api(get=keys(404, "orders:place")),
    r"^v1/carts/(?P<token>[^/]{1,120})/lines\Z": api(post=keys(400, "orders:place")),
    r"^v1/carts/(?P<token>[^/]{1,120})/lines/(?P<offer_id>[^/]{1,120})\Z": api(put=keys(415, "orders:place")),
    r"^v1/checkouts\Z": api(post=keys(400, "orders:place")),
    r"^v1/checkouts/(?P<token>[^/]{1,120})\Z": api(get=keys(404, "orders:place")),
    r"^v1/checkouts/(?P<token>[^/]{1,120})/contact\Z": api(put=keys(415, "orders:place")),
    r"^v1/checkouts/(?P<token>[^/]{1,120})/delivery\Z": api(put=keys(415, "orders:place")),
    r"^v1/checkouts/(?P<token>[^/]{1,120})/place\Z": api(post=keys(400, "orders:place")),
    r"^v1/purchases/(?P<token>[^/]{1,120})\Z": api(get=keys(404, "orders:read")),
    r"^v1/purchases/(?P<token>[^/]{1,120})/orders/(?P<number>[^/]{1,120})\Z": api(
        get=keys(422, "orders:read")
    ),
    r"^v1/purchases/(?P<token>[^/]{1,120})/orders/(?P<number>[^/]{1,120})/cancel\Z": api(
        post=keys(400, "orders:cancel")
    ),
    r"^v1/purchases/(?P<token>[^/]{1,120})/orders/(?P<number>[^/]{1,120})/timeline\Z": api(
        get=keys(422, "orders:read")
    ),
    r"^v1/purchases/(?P<token>[^/]{1,120})/orders/(?P<number>[^/]{1,120})/withdrawals\Z": api(
        post=keys(400, "orders:withdraw")
    ),
    r"^v1/purchases/(?P<token>[^/]{1,120})/orders/(?P<number>[^/]{1,120})/invoices\Z": api(
        get=keys(422, "orders:read")
    ),
    r"^v1/purchases/(?P<token>[^/]{1,120})/invoices/(?P<invoice_id>[^/]{1,120})\Z": api(
        get=keys(422, "orders:read")
    ),
    r"^v1/purchases/(?P<token>[^/]{1,120})/payments\Z": api(post=keys(400, "orders:pay")),
    r"^v1/seller/orders\Z": api(get=keys(200, "orders:fulfil")),
    r"^v1/seller/orders/(?P<number>[^/]{1,120})\Z": api(get=keys(422, "orders:fulfil")),
    r"^v1/seller/orders/(?P<number>[^/]{1,120})/pack\Z": api(post=keys(400, "orders:fulfil")),
    r"^v1/seller/orders/(?P<number>[^/]{1,120})/ship\Z": api(post=keys(400, "orders:fulfil")),
}

_PLACE = {"place": "es-es"}
SHOP = {
    "": get(anyone(302)),
    "<place:place>/": get(anyone(200), places=_PLACE),
    "<place:place>/deliver-to": post(anyone(303), places=_PLACE, sent={"postcode": "28013"}),
    "<place:place>/search": get(anyone(200), places=_PLACE, query="?q=aceite"),
    "<place:place>/search/_suggest": get(anyone(200), places=_PLACE, query="?q=aceite"),
    "<place:place>/shops": get(anyone(200), places=_PLACE),
    "<place:place>/s/<slug:slug>": get(anyone(404), places=_PLACE | {"slug": "nobody"}),
    "<place:place>/c/<slug:slug>": get(anyone(404), places=_PLACE | {"slug": "nothing"}),
    "<place:place>/legal/<slug:name>": get(anyone(200), places=_PLACE | {"name": "returns"}),
    "<place:place>/como-ordenamos": get(anyone(200), places=_PLACE),
    "<place:place>/calculator": get(anyone(200), places=_PLACE),
    "<place:place>/selling-fees": get(anyone(200), places=_PLACE),
    "<place:place>/invited/<str:token>": get(anyone(404), places=_PLACE | {"token": "nobody"}),
    "<place:place>/p/<slug:address>/report": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places=_PLACE | {"address": "nothing-0"}
    ),
    "<place:place>/recalls": get(anyone(200), places=_PLACE),
    "<place:place>/recalls/<uuid:recall_id>": get(anyone(404), places=_PLACE | {"recall_id": _ANY_ID}),
    "<place:place>/reports/<str:token>": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places=_PLACE | {"token": "nothing"}
    ),
    "<place:place>/decisions/<str:token>": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places=_PLACE | {"token": "nothing"}
    ),
    "<place:place>/p/<slug:address>": get(anyone(404), places=_PLACE | {"address": "nothing-0"}),
}

_TOKEN = _PLACE | {"token": "nothing"}
_GUEST_ORDER = _PLACE | {"token": "nothing", "number": show_number(1)}
SHOP |= {
    "<place:place>/cart": get(anyone(200), places=_PLACE),
    "<place:place>/cart/add": post(anyone(400), places=_PLACE, sent={"offer": "nothing", "quantity": "1"}),
    "<place:place>/cart/set": post(anyone(400), places=_PLACE, sent={"offer": "nothing", "quantity": "1"}),
    "<place:place>/cart/checkout": post(anyone(409), places=_PLACE),
    "<place:place>/checkout/<str:token>": Row({"GET": anyone(404), "POST": anyone(404)}, places=_TOKEN),
    "<place:place>/checkout/<str:token>/pay": get(anyone(404), places=_TOKEN),
    "<place:place>/checkout/<str:token>/delivery": post(anyone(404), places=_TOKEN),
    "<place:place>/checkout/<str:token>/place": post(anyone(404), places=_TOKEN),
    "<place:place>/purchase/<str:token>": get(anyone(404), places=_TOKEN),
    "<place:place>/purchase/<str:token>/invoice/<uuid:invoice>.<slug:kind>": get(
        anyone(404), places=_TOKEN | {"invoice": _ANY_ID, "kind": "pdf"}
    ),
    "<place:place>/purchase/<str:token>/pay": post(anyone(404), places=_TOKEN),
    "<place:place>/purchase/<str:token>/rest": post(anyone(404), places=_TOKEN),
    "<place:place>/purchase/<str:token>/sent-back": post(anyone(404), places=_TOKEN),
    "<place:place>/purchase/<str:token>/locker": post(anyone(404), places=_TOKEN),
    "<place:place>/purchase/<str:token>/<str:number>/cancel": post(anyone(404), places=_GUEST_ORDER),
    "<place:place>/purchase/<str:token>/<str:number>/withdraw": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places=_GUEST_ORDER
    ),
    "<place:place>/purchase/<str:token>/<str:number>/return": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places=_GUEST_ORDER
    ),
    "<place:place>/purchase/<str:token>/<str:number>/dispute": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places=_GUEST_ORDER
    ),
    "<place:place>/purchase/<str:token>/dispute-photos/<uuid:photo>.jpg": get(
        anyone(404), places=_TOKEN | {"photo": _ANY_ID}
    ),
    "<place:place>/find-order": Row({"GET": anyone(200), "POST": anyone(422)}, places=_PLACE),
    "<place:place>/withdraw": Row({"GET": anyone(200), "POST": anyone(422)}, places=_PLACE),
    "<place:place>/account": get(signed_in(200), places=_PLACE),
    "<place:place>/account/addresses": Row(
        {"GET": signed_in(200), "POST": signed_in(422)}, places=_PLACE, sent={"delete": _ANY_ID}
    ),
    "<place:place>/account/data": get(signed_in(200), places=_PLACE),
    # Who has not just signed in is asked for password or passkey before anything is erased.
    "<place:place>/account/erase": Row({"GET": signed_in(200), "POST": signed_in(302)}, places=_PLACE),
}

_OPEN = anyone(200)
SITE = {
    "sitemap.xml": Row({"GET": _OPEN}, other=_OPEN),
    "sitemaps/<slug:segment>-pages.xml": Row({"GET": _OPEN}, other=_OPEN, places={"segment": "es-es"}),
    "sitemaps/<slug:segment>-products-<int:number>.xml": Row(
        {"GET": anyone(404)}, other=anyone(404), places={"segment": "es-es", "number": 99}
    ),
    "healthz": _PAGE,
    "readyz": Row({"GET": anyone(503)}),
    "manifest.webmanifest": Row({"GET": _OPEN}, other=_OPEN),
    "t/<str:number>": get(anyone(404), places={"number": "EP1"}),
    "favicon.ico": get(anyone(302)),
    "robots.txt": Row({"GET": _OPEN}, other=_OPEN),
    "llms.txt": Row({"GET": _OPEN}, other=_OPEN),
    ".well-known/security.txt": Row({"GET": _OPEN}, other=_OPEN),
    "theme": Row({"GET": anyone(302), "POST": anyone(303)}, other=anyone(302)),
    "styleguide": Row({"GET": _OPEN}, other=_OPEN),
    "pictures/<slug:motif>.<int:seed>.<int:view>.svg": Row(
        {"GET": anyone(404)}, places={"motif": "nothing", "seed": 1, "view": 0}, other=anyone(404)
    ),
    "pictures/<slug:motif>.<int:seed>.<int:view>.<slug:dark>.svg": Row(
        {"GET": anyone(404)},
        places={"motif": "nothing", "seed": 1, "view": 0, "dark": "dark"},
        other=anyone(404),
    ),
    "notices/guarantee-<slug:language>.<slug:suffix>": Row(
        {"GET": anyone(200)}, places={"language": "es", "suffix": "svg"}, other=anyone(200)
    ),
    "media/<slug:folder>/<slug:name>.<slug:suffix>": Row(
        {"GET": anyone(404)}, places={"folder": "aa", "name": "nothing", "suffix": "webp"}, other=anyone(404)
    ),
}

PAYMENTS = {
    "payments/return/<str:shown>/": Row({"GET": anyone(404)}, places={"shown": "pay_nothing"}),
    "payments/webhooks/<str:provider>/": Row({"POST": anyone(401)}, places={"provider": "sandbox"}),
    "payments/transfer/<str:token>/": Row({"GET": anyone(404)}, places={"token": "nothing"}),
    "payments/sandbox/<str:token>/": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places={"token": "nothing"}
    ),
    "payments/sandbox/<str:token>/secure/": Row(
        {"GET": anyone(404), "POST": anyone(404)}, places={"token": "nothing"}
    ),
}

ROWS: dict[str, Row] = {
    **CONSOLE,
    **REFERENCE,
    **SELLER,
    **FLOOR,
    **ACCOUNTS,
    **API,
    **SHOP,
    **SITE,
    **PAYMENTS,
}


def row_of(route: str) -> Row | None:
    """The row of a route; the reference lists, one for each model, share two."""
    if route.startswith("console/reference/") and route not in ROWS:
        if "app_label" in route:
            return REFERENCE_GROUP
        return REFERENCE_RECORD if "<path:object_id>" in route else REFERENCE_LIST
    return ROWS.get(route)
