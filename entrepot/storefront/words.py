"""Names of states, attributes, options and countries in the language of the page."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_noop as _

from entrepot.catalog.queries import value_in
from entrepot.markets.queries import Conformity, GuaranteeEnds
from entrepot.storefront import show

# The states of purchases, orders and returns: in words, and the kind of their badge.
STATES = {
    "open": (_("Not placed yet"), "wait"), "placing": (_("Being placed"), "wait"), "placed": (_("Waiting for payment"), "warn"),
    "paid": (_("Paid"), "ok"), "packed": (_("Packed"), "info"), "shipped": (_("In transit"), "info"),
    "delivered": (_("Delivered"), "ok"), "completed": (_("Completed"), "ok"), "cancelled": (_("Cancelled"), "bad"),
    "refunded": (_("Refunded"), "warn"), "asked": (_("Asked for"), "wait"), "awaited": (_("Accepted, waiting for the goods"), "info"),
    "sent": (_("On its way back"), "info"), "received": (_("Received"), "ok"), "refused": (_("Refused"), "bad"),
    "lapsed": (_("Not sent in time"), "warn"),
}  # fmt: skip
NAMES = {
    "colour": _("Colour"), "color": _("Colour"), "size": _("Size"), "material": _("Material"), "format": _("Format"),
    "capacity": _("Capacity"), "length": _("Length"), "width": _("Width"), "height": _("Height"), "scent": _("Scent"),
    "flavour": _("Flavour"), "pattern": _("Pattern"), "style": _("Style"), "care": _("Care"), "voltage": _("Voltage"),
    "power": _("Power"), "weight": _("Weight"), "age": _("Age"), "finish": _("Finish"), "pack": _("Pack"),
    "variety": _("Variety"), "harvest": _("Harvest"), "origin": _("Origin"), "model": _("Model"), "set": _("Set"),
    "compatible_with": _("Compatible with"), "warranty": _("Warranty"), "volume": _("Volume"), "type": _("Type"),
    "diameter": _("Diameter"), "season": _("Season"), "gender": _("For"), "storage": _("Storage"), "plug": _("Plug"),
    "dimensions": _("Measures"), "pieces": _("Pieces"), "content": _("Content"), "sizes": _("Sizes"), "made_in": _("Made in"), "composition": _("Composition"),
    "energy_class": _("Energy class"), "energy_datasheet": _("Product information sheet (EPREL)"), "repair_score": _("Repairability class"),
    "software_update_years": _("Free software updates, in years"), "spare_parts": _("Spare parts"), "repair_info": _("Repair information of the maker"),
    "accessibility": _("Accessibility of the product"), "product_passport": _("Digital product passport"), "product_id": _("Unique product identifier"),
    "battery_passport": _("Battery passport"), "batch": _("Batch number"),
}  # fmt: skip


# Fields that a refusal names, as their forms call them.
FIELDS = {
    "iban": "IBAN", "stripe_account": _("Stripe account"), "email": _("E-mail"), "phone": _("Telephone"), "name": _("Name"), "postcode": _("Postcode"),
    "quantity": _("Quantity"), "price": _("Price"), "price_minor": _("Price"), "reason": _("Reason"), "file": _("File"),
    "photos": _("Photos"), "address": _("Address"), "line1": _("Address"), "city": _("Town"), "role": _("Role"),
    "display_name": _("Name of the shop"), "legal_name": _("Legal name"), "text": _("Text"), "stars": _("Stars"),
    "tracking_no": _("Tracking number"), "location": _("Location"), "answer": _("Answer"), "amount": _("Amount"),
    "month": _("Month"), "pick": _("Orders"), "cursor": _("Page"), "signed_by": _("Signature"), "stays": _("Stays here"),
    "note": _("Note"), "owner": _("Owner"), "at": _("When"), "code": _("Code"), "weight_g": _("Weight"),
    "title": _("Title"), "category": _("Category"), "country": _("Country"), "ships_from_country": _("Country it ships from"),
    "register_no": _("Trade register number"), "vat_no": _("VAT number"), "eori": _("EORI number"), "ioss": _("IOSS number"),
    "ground": _("Ground"), "clause": _("Ground"), "reasons": _("Reasons"), "measure": _("Decision"), "good_faith": _("Confirmation"), "also": "GTIN", "details": _("What to do"), "batches": _("Batches"),
    "remedies": _("What you can ask for, free of charge"), "sold_from": _("First day of sale"), "sold_to": _("Last day of sale"), "hazard": _("Hazard"), "place": _("Where"),
    "hs6": _("HS code, six digits"), "origin": _("The goods come from"), "destination": _("They go to"), "qty": _("Pieces"),
    "seller_country": _("The seller is established in"), "currency": _("Currency of the prices"), "unit_price_minor": _("Price of one"),
    "shipping": _("Shipping the buyer pays"), "shipping_minor": _("Shipping the buyer pays"), "vat_goods": _("Kind of goods for VAT"),
    "via": _("VAT on parcels into the EU is paid"), "price_mode": _("The price is"), "region": _("Region with rates of its own"),
    "delivery": _("Delivery"), "number": _("Order number"), "date": _("Date"), "lane": _("Way"), "q": _("Search"), "contact": _("Contact"),
}  # fmt: skip


def field_name(field: str) -> str:
    """What a form calls a field, in the page's language; a field of a program by its own name."""
    known = FIELDS.get(field) or (NAMES.get(field) if "_" in field else None)
    return gettext(known) if known else field


def state_name(state: str) -> str:
    """A state that a refusal names, as pages call it; one of a program by its own name."""
    return gettext(STATES[state][0]).lower() if state in STATES else state


# Why the law lets a seller exclude the right to withdraw (WD-03), by what the product says.
EXCLUSIONS = {
    "perishable": _("Perishable: it spoils or expires quickly"),
    "hygiene": _("Sealed for hygiene: not once opened"),
    "sealed_hygiene": _("Sealed for hygiene: not once opened"),
    "made_to_order": _("Made to your order"),
}


def exclusion(code: str) -> str:
    """Why a product cannot be withdrawn from, in words; empty when it can."""
    return gettext(EXCLUSIONS.get(code, code)) if code else ""


# Parts of a country whose law has years of its own (markets/rules/conformity.csv), by ISO 3166-2.
REGIONS = {"GB-SCT": _("Scotland")}


def region(code: str) -> str:
    """The name of a part of a country."""
    return gettext(REGIONS.get(code, code))


def answers_for(rule: Conformity | None) -> str:
    """How long the seller answers for goods that do not conform, as the country's rule says it."""
    if rule is None:
        return gettext(
            "How long the seller answers for what does not conform is for the law of this country to say."
        )
    time = _years(rule.years)
    if rule.ends == "expected_life":
        return gettext(
            "The seller answers for as long as one may expect such goods to last, and for at least %(time)s from delivery."
        ) % {"time": time}
    if rule.ends == "lasting":
        words = gettext(
            "The seller answers for %(time)s from delivery for what does not conform, and for %(long)s where the goods are meant to last much longer."
        )
        return words % {"time": time, "long": _years(rule.long_years)}
    if rule.ends == "claims":
        words = gettext(
            "What did not conform when it was delivered can be claimed from the seller until %(time)s after delivery."
        ) % {"time": time}
        return f"{words} {region(rule.region)}: {_years(rule.region_years)}." if rule.region else words
    return ngettext(
        "The seller answers for %(num)s year from delivery for what does not conform.",
        "The seller answers for %(num)s years from delivery for what does not conform.",
        rule.years,
    ) % {"num": rule.years}


def answers_until(ends: GuaranteeEnds) -> str:
    """Until which day, for goods that have arrived."""
    rule, day = ends.rule, _day(ends.until)
    if rule.ends == "expected_life":
        return gettext(
            "Legal guarantee until %(day)s at least, and for as long as one may expect such goods to last."
        ) % {"day": day}
    if rule.ends == "claims":
        words = gettext("Legal guarantee: you can claim until %(day)s.") % {"day": day}
        return f"{words} {region(rule.region)}: {_day(ends.region_until)}." if ends.region_until else words
    words = gettext("Legal guarantee until %(day)s.") % {"day": day}
    if ends.long_until is None:
        return words
    return f"{words} {gettext('Goods meant to last much longer: until %(day)s.') % {'day': _day(ends.long_until)}}"


def _years(count: int) -> str:
    return ngettext("%(num)s year", "%(num)s years", count) % {"num": count}


def _day(on: date) -> str:
    return show.day_long(on, get_language() or "en")


# What to know about a quote, by the code of its warning.
WARNINGS = {
    "near_value_limit": _("One more article may pass the value limit; then ordinary duty and import VAT apply."),
    "converted": _("Value limits of another currency were converted at the reference rate of the European Central Bank."),
    "handling_fee_unknown": _("The EU handling fee is not charged: no source shows it in force."),
    "preference_not_applied": _("A lower duty by trade agreement needs proof of origin; it is not counted here."),
    "rate_unconfirmed": _("A tax rate used here is not confirmed by an official source."),
    "rule_unconfirmed": _("A rule used here is not confirmed by an official source."),
    "duty_unconfirmed": _("A customs duty used here is not confirmed by an official source of this year."),
}  # fmt: skip


def warning(code: str) -> str:
    """What to know about a quote, in words."""
    return gettext(WARNINGS[code])


def name_of(key: str) -> str:
    """`colour` → `Colour` in the page's language; an unknown name as it is written."""
    known = NAMES.get(key.lower())
    return gettext(known) if known else key.replace("_", " ").replace("-", " ").capitalize()


def value_of(value: Any, language: str) -> str:
    """A value of an attribute or option: a text, a text by language, a list or a number."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return value_in(value, language)


def country(code: str) -> str:
    """The name of a country in the page's language."""
    return show.locale_of(get_language() or "en").territories.get(code, code)
