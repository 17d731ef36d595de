"""Pure decisions of the parties room: which role holds which scopes, and what a key or a shop name may be.

Deny by default: a role that is not in a table has no scope, and no role at all has none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from entrepot.kit.errors import Invalid, Sentence

# What anyone may do. Whose order it is, is decided row by row: a guest shows the secret link of the purchase.
GUEST = frozenset(
    {
        "account:create", "catalog:read", "orders:cancel", "orders:pay", "orders:place", "orders:read",
        "orders:withdraw", "reports:write",
    }
)  # fmt: skip

BUYER = (GUEST - {"account:create"}) | {"account:write", "keys:write", "reviews:write", "sellers:register"}

_SELLER_BASE = frozenset({"catalog:read"})
_CATALOGUE = _SELLER_BASE | {"catalog:write", "feeds:import", "offers:write", "stock:write"}
_ORDERS = _SELLER_BASE | {"customs:repair", "orders:cancel", "orders:fulfil", "orders:read", "orders:return"}
_FINANCE = _SELLER_BASE | {"orders:read", "payouts:read"}

SELLER_ROLES: Mapping[str, frozenset[str]] = {
    "owner": _CATALOGUE
    | _ORDERS
    | _FINANCE
    | {
        "insight:read",
        "keys:write",
        "orders:refund",
        "payouts:write",
        "reports:write",
        "reviews:answer",
        "shop:write",
        "team:write",
    },
    "catalogue": _CATALOGUE,
    "orders": _ORDERS,
    "finance": _FINANCE,
}

# A suspended or not yet approved seller still serves the orders it took, and can mend what it was stopped for.
NOT_WHILE_SUSPENDED = frozenset({"offers:write", "payouts:write"})
NOT_WHILE_DRAFT = frozenset({"payouts:write"})

_DESK = frozenset({"catalog:read", "orders:read", "sellers:read", "jobs:read"})

OPERATOR_ROLES: Mapping[str, frozenset[str]] = {
    "manager": _DESK
    | {
        "account:create", "audit:read", "catalog:write", "clock:advance", "console:read", "customs:release", "customs:repair", "disputes:write", "feeds:import", "hub:scan",
        "insight:read", "jobs:write", "ledger:read", "logistics:read", "mail:read", "markets:write", "offers:block", "operators:write", "orders:cancel",
        "orders:refund", "orders:return", "parcels:repair", "payouts:approve", "payouts:read", "payouts:run", "payouts:write", "recalls:write", "reports:decide", "reviews:moderate", "sellers:register", "tariff:write", "taxes:file",
        "sellers:write", "shop:write", "team:write",
    },
    "support": _DESK | {"console:read", "disputes:write", "logistics:read", "mail:read", "orders:cancel", "orders:refund", "orders:return", "parcels:repair"},
    "finance": _DESK
    | {"audit:read", "console:read", "insight:read", "ledger:close", "ledger:read", "orders:refund", "payouts:approve",
       "payouts:read", "payouts:run", "payouts:write", "tariff:write", "taxes:file"},
    "compliance": _DESK
    | {"audit:read", "console:read", "customs:release", "customs:repair", "logistics:read", "offers:block", "recalls:write", "reports:decide", "reviews:moderate", "sellers:write"},
    # Who works on the floor of a hub scans parcels and sees nothing else.
    "hub": frozenset({"hub:scan"}),
}  # fmt: skip

# A program never holds what changes who may do what.
NEVER_FOR_KEYS = frozenset(
    {"payouts:approve", "account:create", "keys:write", "team:write", "operators:write"}
)

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def scopes_of(roles: Iterable[str], table: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Everything these roles hold together; nothing for no role or an unknown one."""
    held: frozenset[str] = frozenset()
    for role in roles:
        held |= table.get(role, frozenset())
    return held


def scopes_in_state(scopes: frozenset[str], state: str) -> frozenset[str]:
    """What seller staff keep while their seller is in this state; nothing in an unknown one."""
    lost = {"approved": frozenset[str](), "draft": NOT_WHILE_DRAFT, "suspended": NOT_WHILE_SUSPENDED}
    return scopes - lost[state] if state in lost else frozenset()


def scopes_for_key(asked: Iterable[str], held: frozenset[str]) -> frozenset[str]:
    """What a key may really do: what it was given, and its owner still holds, and no key is denied."""
    return (frozenset(asked) & held) - NEVER_FOR_KEYS


def check_slug(slug: str) -> str:
    """The slug itself. Refuses: Invalid."""
    if not _SLUG.fullmatch(slug) or not 2 <= len(slug) <= 60:
        raise Invalid(
            field="slug",
            reason="is not a shop address.",
            hint="Use 2 to 60 letters a-z, digits and single dashes.",
        )
    return slug


def check_text(field: str, text: str, *, most: int, least: int = 0) -> str:
    """The text, trimmed. Refuses: Invalid when too short, too long or with control characters."""
    text = text.strip()
    if any(
        (ord(char) < 32 and char not in "\n\t")
        or 0x202A <= ord(char) <= 0x202E
        or 0x2066 <= ord(char) <= 0x2069
        for char in text
    ):
        raise Invalid(field=field, reason="holds invisible control characters.", hint="Type it again.")
    if len(text) < least:
        raise Invalid(
            field=field, reason="is empty." if not text else "is too short.", hint="Please fill it in."
        )
    if len(text) > most:
        raise Invalid(
            field=field, reason="is too long.", hint=Sentence("At most {most} characters.", most=most)
        )
    return text


def check_iban(text: str) -> str:
    """The IBAN without spaces (ISO 13616, check digits verified); empty stays empty. Refuses: Invalid."""
    iban = text.replace(" ", "").upper()
    if not iban:
        return ""
    ok = re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", iban)
    if not ok or int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 != 1:
        raise Invalid(
            field="iban", reason="is not a valid bank account number.", hint="Check each character."
        )
    return iban


def mask_iban(iban: str) -> str:
    """`ES91 •••• 1332`: enough to recognise, not to use."""
    return f"{iban[:4]} •••• {iban[-4:]}" if iban else ""


def hash_secret(secret: str) -> bytes:
    """What is kept of a key's secret. The secret has 256 random bits, so one SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).digest()


def prefix_of(secret: str) -> str:
    """The part of a key that finds its row: `ek_` and ten characters; empty when it is no key of ours."""
    return secret[:13] if re.fullmatch(r"ek_[A-Za-z0-9]{10}_[A-Za-z0-9_-]{43}", secret) else ""
