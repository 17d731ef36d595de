"""What a document says about money. Pure: facts in, lines and taxes out, each cent in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from entrepot.invoicing.facts import Item, Party, Tax
from entrepot.kit.money import divide_half_up, split_pro_rata, vat_inside

STANDARD, ZERO, REVERSE, EXEMPT, EXPORT, OUTSIDE = "S", "Z", "AE", "E", "G", "O"
# Codes of the exemption reasons (VATEX list of EN 16931; empty where it has none) and the words printed beside them.
REASONS: Final = {
    REVERSE: ("VATEX-EU-AE", "Reverse charge"),
    EXEMPT: ("", "Exempt, article 136a of Directive 2006/112/EC"),
    EXPORT: ("VATEX-EU-G", "Export outside the EU"),
    OUTSIDE: ("VATEX-EU-O", "Not subject to VAT"),
}
SERIES: Final = {
    "sale": "EP-F", "sale_credit": "EP-A", "deemed": "D", "deemed_credit": "DA", "fee": "C", "fee_credit": "CA",
    "self": "EP-S", "self_credit": "EP-SA",
}  # fmt: skip
# The country code of a VAT number where it is not the country's own.
VAT_PREFIX: Final = {"GR": "EL"}


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of an order: gross amounts for all its pieces."""

    name: str
    sku: str
    quantity: int
    gross_minor: int
    vat_minor: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Sold:
    """An order as its invoice needs it. VAT and duty are inside the gross total."""

    lines: tuple[SoldLine, ...]
    shipping_minor: int
    vat_minor: int
    duty_minor: int
    supply: str
    is_private_seller: bool
    is_exporter: bool  # a taxable person in the EU whose goods leave it


@dataclass(frozen=True, slots=True)
class Words:
    """The names of lines that are no goods, in the document's language."""

    shipping: str
    import_vat: str
    duty: str
    refund: str


def issuer_of(supply: str) -> str:
    """Who supplies the buyer, to the law: us (a deemed supply) or the seller."""
    return "platform" if supply.startswith("deemed") else "seller"


def self_billed_category(supply: str) -> str:
    """How the seller's supply to us is taxed where we supply the buyer: made abroad it is outside the Union's VAT, made
    here it is exempt (article 136a)."""
    return OUTSIDE if supply == "deemed_import" else EXEMPT


def self_billed_minor(*, gross_minor: int, vat_minor: int, duty_minor: int) -> int:
    """What the seller supplies to us for: the buyer's price less the VAT and duty in it. Our fee is invoiced apart."""
    return gross_minor - vat_minor - duty_minor


def part_left(whole_minor: int, left_minor: int, of_minor: int) -> int:
    """The same part of one amount that is left of another, half up."""
    return divide_half_up(whole_minor * left_minor, of_minor)


def vat_number(country: str, number: str) -> str:
    """A VAT number with its country's letters in front, as EN 16931 wants it; empty stays empty."""
    plain = "".join(number.split()).upper()
    prefix = VAT_PREFIX.get(country, country)
    return plain if not plain or plain.startswith(prefix) else prefix + plain


def category_of(rate_bp: int) -> str:
    """The category of taxed goods."""
    return STANDARD if rate_bp > 0 else ZERO


def decide_items(sold: Sold, words: Words) -> list[Item]:
    """The lines of a sale's invoice; net and VAT sum to what the order holds, to the cent.

    Taxed: each line at its rate, delivery shared over the rates like the goods. Import beyond the schemes: goods outside
    the scope of VAT, and import VAT and duty as lines of their own, paid on for the buyer. Private sellers: no VAT.
    """
    if sold.supply == "import":
        category = EXPORT if sold.is_exporter else OUTSIDE
        border = sold.vat_minor + sold.duty_minor
        gross = [line.gross_minor for line in sold.lines] + [sold.shipping_minor]
        taken = split_pro_rata(border, gross)
        items = [
            Item(line.name, line.quantity, line.gross_minor - less, 0, category, 0, line.sku)
            for line, less in zip(sold.lines, taken, strict=False)
        ]
        items.append(Item(words.shipping, 1, sold.shipping_minor - taken[-1], 0, category, 0))
        items.append(Item(words.import_vat, 1, sold.vat_minor, 0, category, 0))
        items.append(Item(words.duty, 1, sold.duty_minor, 0, category, 0))
        return [item for item in items if item.net_minor]
    if sold.is_private_seller and issuer_of(sold.supply) == "seller":
        items = [
            Item(line.name, line.quantity, line.gross_minor, 0, OUTSIDE, 0, line.sku) for line in sold.lines
        ]
        return items + _delivery(words, [(OUTSIDE, 0, sold.shipping_minor, 0)])
    items = [
        Item(
            line.name, line.quantity, line.gross_minor - line.vat_minor, line.vat_minor, category_of(line.rate_bp),
            line.rate_bp, line.sku,
        )
        for line in sold.lines
    ]  # fmt: skip
    by_rate: dict[int, int] = defaultdict(int)
    for line in sold.lines:
        by_rate[line.rate_bp] += line.gross_minor
    rates = sorted(by_rate)
    gross = split_pro_rata(sold.shipping_minor, [by_rate[rate] for rate in rates])
    rest = sold.vat_minor - sum(line.vat_minor for line in sold.lines)
    vats = split_pro_rata(rest, [vat_inside(part, rate) for part, rate in zip(gross, rates, strict=True)])
    return items + _delivery(
        words,
        [(category_of(rate), rate, part, vat) for rate, part, vat in zip(rates, gross, vats, strict=True)],
    )


def _delivery(words: Words, parts: Sequence[tuple[str, int, int, int]]) -> list[Item]:
    return [
        Item(words.shipping, 1, gross - vat, vat, category, rate)
        for category, rate, gross, vat in parts
        if gross or vat
    ]


def taxes_of(items: Sequence[Item]) -> tuple[Tax, ...]:
    """The VAT breakdown: one row for each category and rate."""
    sums: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    for item in items:
        row = sums[item.category, item.rate_bp]
        row[0] += item.net_minor
        row[1] += item.vat_minor
    return tuple(Tax(category, rate, net, vat) for (category, rate), (net, vat) in sorted(sums.items()))


def decide_credit(
    taxes: Sequence[Tax],
    *,
    vat_minor: int,
    gross_minor: int,
    before_minor: int,
    after_minor: int,
    words: Words,
) -> list[Item]:
    """The lines of a credit note that lowers what an invoice asks from `before_minor` to `after_minor`.

    The VAT left is the same function of the amount left as in settlement's shares, so that the notes of an order give
    back to the cent what its postings do, whatever the steps.
    """
    before = _left(taxes, vat_minor, gross_minor, before_minor)
    after = _left(taxes, vat_minor, gross_minor, after_minor)
    items = []
    for tax, (gross_was, vat_was), (gross_is, vat_is) in zip(taxes, before, after, strict=True):
        vat = vat_was - vat_is
        net = gross_was - gross_is - vat
        if net or vat:
            items.append(Item(words.refund, 1, net, vat, tax.category, tax.rate_bp))
    return items


def _left(taxes: Sequence[Tax], vat_minor: int, gross_minor: int, left_minor: int) -> list[tuple[int, int]]:
    """(gross, VAT) of each row of the breakdown when `left_minor` of the whole is left."""
    vat_left = divide_half_up(vat_minor * left_minor, gross_minor)
    grosses = split_pro_rata(left_minor, [max(tax.net_minor + tax.vat_minor, 0) for tax in taxes])
    vats = (
        split_pro_rata(vat_left, [max(tax.vat_minor, 0) for tax in taxes]) if vat_minor else [0] * len(taxes)
    )
    return list(zip(grosses, vats, strict=True))


def fee_category(treatment: str) -> str:
    """The category of our fee by how it is taxed (settlement's treatments)."""
    return {"reverse_charge": REVERSE, "outside": OUTSIDE}.get(treatment, STANDARD)


def without_vat_numbers(party: Party) -> Party:
    """A party on a document outside the scope of VAT, which may not name VAT numbers."""
    return Party(
        party.name, party.address, party.postcode, party.city, party.country, "",
        party.register_no or party.reference, party.reference, party.email,
    )  # fmt: skip


def months_between(first_on: date, until_on: date) -> list[date]:
    """First days of the whole months from the one of `first_on` that ended by `until_on`."""
    months, month = [], first_on.replace(day=1)
    while next_month(month) <= until_on:
        months.append(month)
        month = next_month(month)
    return months


def next_month(on: date) -> date:
    """The first day of the month after."""
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1)
