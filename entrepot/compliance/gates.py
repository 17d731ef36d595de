"""One function per consumer rule that stands at the publish gate, named by the rule's id.

Each takes plain facts and answers a gap, or None. Whether a rule is in force on the day is asked outside.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from stdnum import iban as iban_form

from entrepot.catalog.queries import value_in
from entrepot.kit.errors import Sentence

RULES = Path(__file__).parent / "rules"
PLACEHOLDERS = frozenset(
    {"generic", "genérico", "sin marca", "no brand", "unbranded", "n/a", "na", "-", "none"}
)
# The European Economic Area besides the Union, and Northern Ireland's prefix: a responsible person may sit there.
BESIDES_THE_UNION = frozenset({"IS", "LI", "NO", "XI"})


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What the gates look at. Texts are by language; `pictures` counts photographs and drawings."""

    sku: str = ""
    title: Mapping[str, str] = field(default_factory=dict)
    description: Mapping[str, str] = field(default_factory=dict)
    brand: str = ""
    gtin: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)
    hs6: str = ""
    origin_country: str = ""
    safety: Mapping[str, str] = field(default_factory=dict)
    ingredients: Mapping[str, str] = field(default_factory=dict)
    manufacturer: Mapping[str, str] = field(default_factory=dict)  # name, address, email or url, country
    pictures: int = 0
    ships_from_country: str = ""


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """What the gates look at. None means that the house has not asked: the gap is then open but does not block."""

    country: str
    legal_name: str = ""
    trader_type: str = "company"
    address: str = ""
    postcode: str = ""
    city: str = ""
    email: str = ""
    phone: str = ""
    register_no: str = ""
    vat_no: str = ""
    eori: str = ""
    responsible_person: Mapping[str, str] = field(default_factory=dict)  # name, address, email, country
    iban: str | None = None
    has_id_document: bool | None = None
    self_certified: bool | None = None
    epr: Mapping[str, str] | None = None  # market → registration number


@dataclass(frozen=True, slots=True)
class Ask:
    """One question at the gate: may this product of this seller be offered in this market?"""

    product: ProductFacts
    seller: SellerFacts
    market: str
    language: str  # the market's default language in the interface
    is_import: bool  # goods cross a customs border
    in_union: bool  # the market is a member state
    union: frozenset[str]  # member states


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing: the rule it comes from, a sentence, the field and how to close it."""

    code: str
    sentence: str
    field: str
    fix: str
    blocks: bool = True


Gate = Callable[[Ask], Gap | None]
GATES: dict[str, Gate] = {}


def gate(rule_id: str) -> Callable[[Gate], Gate]:
    """Mark the function that keeps a rule."""

    def mark(function: Gate) -> Gate:
        GATES[rule_id] = function
        return function

    return mark


@cache
def kind_prefixes() -> dict[str, tuple[str, ...]]:
    """HS prefixes by kind of goods."""
    with (RULES / "kinds.csv").open(newline="", encoding="utf-8") as file:
        return {row["kind"]: tuple(row["hs_prefixes"].split("|")) for row in csv.DictReader(file)}


@cache
def green_words() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(language, generic environmental claim, how it is found in a text)."""
    with (RULES / "green_words.csv").open(newline="", encoding="utf-8") as file:
        return tuple(
            (row["language"], row["word"], re.compile(rf"\b{re.escape(row['word'])}\b", re.IGNORECASE))
            for row in csv.DictReader(file)
        )


def is_kind(product: ProductFacts, kind: str) -> bool:
    """Whether the HS code places a product among a kind of goods."""
    return bool(product.hs6) and product.hs6.startswith(kind_prefixes()[kind])


def _missing(rule_id: str, value: str, sentence: str, where: str, fix: str) -> Gap | None:
    return None if value.strip() else Gap(rule_id, sentence, where, fix)


# The manufacturer and the person in the Union who answers for the goods (GPSR, article 19).


@gate("GP-19A")
def manufacturer_name(ask: Ask) -> Gap | None:
    name = ask.product.manufacturer.get("name", "").strip()
    if name and name.lower() not in PLACEHOLDERS:
        return None
    return Gap(
        "GP-19A", "Who makes it is not said.", "manufacturer.name", "Name the maker or the brand's owner."
    )


@gate("GP-19B")
def manufacturer_address(ask: Ask) -> Gap | None:
    return _missing(
        "GP-19B", ask.product.manufacturer.get("address", ""), "The maker's postal address is missing.",
        "manufacturer.address", "Give street, postcode, town and country.",
    )  # fmt: skip


@gate("GP-19C")
def manufacturer_contact(ask: Ask) -> Gap | None:
    maker = ask.product.manufacturer
    contact = (maker.get("email") or maker.get("url") or "").strip()
    if contact and "noreply" not in contact.lower().replace("-", "") and re.search(r"@|\.", contact):
        return None
    return Gap(
        "GP-19C", "The maker's e-mail or contact page is missing.", "manufacturer.email",
        "Give an address that somebody reads.",
    )  # fmt: skip


@gate("GP-19D")
def responsible_person(ask: Ask) -> Gap | None:
    maker_country = (
        ask.product.manufacturer.get("country") or ask.product.origin_country or ask.seller.country
    )
    inside = ask.union | BESIDES_THE_UNION
    if maker_country in inside:
        return None
    person = ask.seller.responsible_person
    if all(person.get(name, "").strip() for name in ("name", "address", "email")) and (
        person.get("country", "") in inside or not person.get("country")
    ):
        return None
    return Gap(
        "GP-19D", "Goods made outside the EU need a responsible person in the EU.", "seller.responsible_person",
        "Give the name, postal address and e-mail of your responsible person.",
    )  # fmt: skip


@gate("GP-19E")
def picture(ask: Ask) -> Gap | None:
    if ask.product.pictures > 0:
        return None
    return Gap("GP-19E", "There is no picture of the product.", "media", "Add at least one picture.")


@gate("GP-19F")
def identifier(ask: Ask) -> Gap | None:
    product = ask.product
    return _missing(
        "GP-19F", product.gtin or product.sku or str(product.attributes.get("model", "")),
        "The product carries no identifier.", "variant.sku", "Give a GTIN, a model or your own code.",
    )  # fmt: skip


@gate("GP-19G")
def warnings_in_the_language(ask: Ask) -> Gap | None:
    needs = any(
        is_kind(ask.product, kind) for kind in ("toy", "cosmetic", "electrical", "battery", "chemical")
    )
    if not needs or ask.product.safety.get(ask.language, "").strip():
        return None
    return Gap(
        "GP-19G", Sentence("Warnings and safety information are missing in the market's language ({language}).", language=ask.language),
        f"safety.{ask.language}", "Copy them from the label or the manual.",
    )  # fmt: skip


@gate("GP-TOY")
def toy_warning(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "toy") or ask.product.safety.get(ask.language, "").strip():
        return None
    return Gap(
        "GP-TOY", "A toy needs its age and hazard warning before purchase.", f"safety.{ask.language}",
        "For instance: not suitable for children under 36 months.",
    )  # fmt: skip


@gate("GP-CE")
def ce_operator(ask: Ask) -> Gap | None:
    if not (is_kind(ask.product, "toy") or is_kind(ask.product, "electrical")):
        return None
    gap = responsible_person(ask)
    if gap is None:
        return None
    return Gap("GP-CE", "CE-marked goods need an economic operator in the EU.", gap.field, gap.fix)


@gate("GP-TXT")
def fibre_composition(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "textile"):
        return None
    for value in ask.product.attributes.values():
        shares = [int(share) for share in re.findall(r"(\d{1,3})\s*%", value_in(value, ask.language))]
        if shares and sum(shares) % 100 == 0:
            return None
    return Gap(
        "GP-TXT", "The fibre composition of a textile must stand before purchase.", "attributes.composition",
        "For instance: 80 % algodón, 20 % poliéster. The shares add up to 100 %.",
    )  # fmt: skip


@gate("GP-FOOD")
def food_information(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "food") or ask.product.ingredients.get(ask.language, "").strip():
        return None
    return Gap(
        "GP-FOOD", Sentence("Food needs its ingredients and allergens in the market's language ({language}).", language=ask.language),
        f"ingredients.{ask.language}", "Copy the list from the label; allergens in CAPITALS.",
    )  # fmt: skip


@gate("GP-COS")
def cosmetic_information(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "cosmetic"):
        return None
    if any(text.strip() for text in ask.product.ingredients.values()):
        return None
    return Gap(
        "GP-COS", "A cosmetic needs its INCI list.", "ingredients", "Copy the INCI list from the label."
    )


@gate("GP-CLP")
def chemical_label(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "chemical") or ask.product.safety.get(ask.language, "").strip():
        return None
    return Gap(
        "GP-CLP", "Chemicals need their hazard statements in the offer.", f"safety.{ask.language}",
        "Give the H and P statements of the label.",
    )  # fmt: skip


# Who sells (DSA, article 30).


@gate("DS-30-legal_name")
def trader_name(ask: Ask) -> Gap | None:
    return _missing(
        "DS-30-legal_name", ask.seller.legal_name, "The trader's legal name is missing.", "seller.legal_name",
        "Enter it as it stands in the register.",
    )  # fmt: skip


@gate("DS-30-address")
def trader_address(ask: Ask) -> Gap | None:
    seller = ask.seller
    if seller.address.strip() and seller.city.strip() and seller.country:
        return None
    return Gap(
        "DS-30-address", "The trader's address is incomplete.", "seller.address", "Give street and town."
    )


@gate("DS-30-phone")
def trader_phone(ask: Ask) -> Gap | None:
    if len(re.sub(r"\D", "", ask.seller.phone)) >= 7:
        return None
    return Gap(
        "DS-30-phone", "The trader's telephone number is missing.", "seller.phone", "Give it as +34 …."
    )


@gate("DS-30-email")
def trader_email(ask: Ask) -> Gap | None:
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", ask.seller.email):
        return None
    return Gap("DS-30-email", "The trader's e-mail is missing.", "seller.email", "Give an address you read.")


@gate("DS-30-id_document")
def trader_identity(ask: Ask) -> Gap | None:
    if ask.seller.has_id_document:
        return None
    return Gap(
        "DS-30-id_document", "The trader's identity document was not seen.", "seller.id_document",
        "Upload it or use an electronic identity.", blocks=ask.seller.has_id_document is not None,
    )  # fmt: skip


@gate("DS-30-payment_account")
def trader_account(ask: Ask) -> Gap | None:
    account = ask.seller.iban
    if account and (iban_form.is_valid(account) or ask.seller.country not in ask.union):
        return None
    return Gap(
        "DS-30-payment_account", "The trader's payment account is missing or its number is wrong.", "seller.iban",
        "Enter the account your money goes to.", blocks=account is not None,
    )  # fmt: skip


@gate("DS-30-register_name")
def trader_register(ask: Ask) -> Gap | None:
    if ask.seller.trader_type != "company" or ask.seller.register_no.strip() or ask.seller.vat_no.strip():
        return None
    return Gap(
        "DS-30-register_name", "The company's register number is missing.", "seller.register_no",
        "Enter the number of your trade register.",
    )  # fmt: skip


@gate("DS-30-self_certification")
def trader_certification(ask: Ask) -> Gap | None:
    if ask.seller.self_certified:
        return None
    return Gap(
        "DS-30-self_certification", "The trader has not certified to offer only lawful products.",
        "seller.self_certification", "Tick the declaration in your account.",
        blocks=ask.seller.self_certified is not None,
    )  # fmt: skip


# Producer registers, by market.


def _register(rule_id: str, market: str, form: str, name: str) -> Gate:
    def check(ask: Ask) -> Gap | None:
        if ask.market != market:
            return None
        number = (ask.seller.epr or {}).get(market, "")
        if re.fullmatch(form, number):
            return None
        return Gap(
            rule_id, Sentence("The {name} number for this market is missing or has another form.", name=name), f"seller.epr.{market}",
            "Enter the number of your registration.", blocks=ask.seller.epr is not None,
        )  # fmt: skip

    return check


GATES["EP-DE1"] = _register("EP-DE1", "DE", r"DE\d{13}", "LUCID packaging")
GATES["EP-FR"] = _register("EP-FR", "FR", r"FR\d{6}_\d{2}[A-Z0-9]{4,}", "IDU")
GATES["EP-ES"] = _register("EP-ES", "ES", r"ENV/\d{4}/\d{9}", "packaging producer")


def _register_of(rule_id: str, kind: str, key: str, form: str, name: str, market: str = "") -> Gate:
    """A register for one kind of goods (empty: all goods), in one market or in every member state."""

    def where(ask: Ask) -> str:
        return f"{ask.market}:{key}" if key else ask.market

    def check(ask: Ask) -> Gap | None:
        if (market and ask.market != market) or (kind and not is_kind(ask.product, kind)):
            return None
        number = (ask.seller.epr or {}).get(where(ask), "")
        if re.fullmatch(form, number):
            return None
        return Gap(
            rule_id, Sentence("The {name} number for this market is missing or has another form.", name=name),
            f"seller.epr.{where(ask)}", "Enter the number of your registration.", blocks=ask.seller.epr is not None,
        )  # fmt: skip

    return check


ANY_NUMBER = r"\S.{2,39}"
GATES["EP-DE2"] = _register_of("EP-DE2", "electrical", "weee", r"DE\d{8}", "WEEE", "DE")
GATES["EP-DE3"] = _register_of("EP-DE3", "battery", "battery", ANY_NUMBER, "battery register", "DE")
GATES["EP-BAT"] = _register_of("EP-BAT", "battery", "battery", ANY_NUMBER, "battery register")
GATES["EP-PPWR1"] = _register_of("EP-PPWR1", "", "", ANY_NUMBER, "packaging producer")


@gate("EP-AT")
def austrian_representative(ask: Ask) -> Gap | None:
    key = f"{ask.market}:representative"
    if ask.seller.country == ask.market or (ask.seller.epr or {}).get(key, "").strip():
        return None
    return Gap(
        "EP-AT", "A seller from another country needs an authorised representative for packaging.",
        f"seller.epr.{key}", "Name the representative appointed by notarial deed.",
        blocks=ask.seller.epr is not None,
    )  # fmt: skip


@gate("EL-01")
def energy_class(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "energy_label"):
        return None
    facts = ask.product.attributes
    has_class = re.fullmatch("[A-G]", str(facts.get("energy_class", "")).strip().upper())
    if has_class and str(facts.get("energy_datasheet", "")).startswith("https://"):
        return None
    return Gap(
        "EL-01", "Goods with an energy label need their class and product fiche beside the price.",
        "attributes.energy_class", "Give the class A to G and the link to the EPREL fiche (energy_datasheet).",
    )  # fmt: skip


@gate("DP-02")
def battery_passport(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "passport_battery"):
        return None
    link = str(ask.product.attributes.get("battery_passport", ""))
    if link.startswith("https://"):
        return None
    return Gap(
        "DP-02", "A battery of this kind needs its digital passport.", "attributes.battery_passport",
        "Give the link of the passport's data carrier.",
    )  # fmt: skip


@gate("RP-01")
def repair_information(ask: Ask) -> Gap | None:
    if not is_kind(ask.product, "repairable") or ask.product.attributes.get("repair_info"):
        return None
    return Gap(
        "RP-01", "The maker must repair goods of this kind, and where to read about it is not said.",
        "attributes.repair_info", "Give the link to the maker's repair information.", blocks=False,
    )  # fmt: skip


@gate("AG-02")
def goods_not_sold_at_a_distance(ask: Ask) -> Gap | None:
    for row in distance_bans():
        if row["market"] == ask.market and ask.product.hs6.startswith(tuple(row["hs_prefixes"].split("|"))):
            return Gap("AG-02", row["sentence"], "hs6", "Offer it in another market.")
    return None


@cache
def distance_bans() -> tuple[dict[str, str], ...]:
    """Goods that a market lets nobody sell at a distance, by HS prefix."""
    with (RULES / "distance_bans.csv").open(newline="", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@gate("GC-01")
def green_claims(ask: Ask) -> Gap | None:
    for texts, where in ((ask.product.title, "title"), (ask.product.description, "description")):
        for language, word, form in green_words():
            if form.search(texts.get(language, "")):
                return Gap(
                    "GC-01", Sentence("“{word}” is a generic environmental claim, which EU law bans.", word=word),
                    f"{where}.{language}", "Say exactly what is better, and by whose certificate.",
                )  # fmt: skip
    return None


# What customs needs (import rules rather than consumer rules).


@gate("CUSTOMS-HS")
def hs_code(ask: Ask) -> Gap | None:
    if not ask.is_import or re.fullmatch(r"\d{6}", ask.product.hs6):
        return None
    return Gap(
        "CUSTOMS-HS", "Goods that cross a border need an HS code.", "hs6", "Choose the six-digit code."
    )


@gate("CUSTOMS-ORIGIN")
def origin(ask: Ask) -> Gap | None:
    if not ask.is_import or re.fullmatch("[A-Z]{2}", ask.product.origin_country):
        return None
    return Gap(
        "CUSTOMS-ORIGIN", "Goods that cross a border need their country of origin.", "origin_country",
        "Choose where it was made.",
    )  # fmt: skip
