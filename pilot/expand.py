"""Hand-written lines become 24 sellers, 600 products, 2,000 variants: the same on every machine, every time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

from pilot import numbers
from pilot.kinds import abroad, clothing, house, larder, shelf_names, shelves
from pilot.sellers import RESPONSIBLE, SECOND_PLACES, SELLERS

T = TypeVar("T")
PRODUCTS, VARIANTS = 600, 2_000
OWN_LANGUAGE = {"CN": "zh-hans", "FR": "fr", "PL": "pl"}
TEXTILE_CHAPTERS = ("61", "62", "63", "65")
COLOURS = {
    "tela": [
        "crudo",
        "azul marino",
        "terracota",
        "verde oliva",
        "mostaza",
        "ciruela",
        "gris piedra",
        "rosa palo",
    ],
    "piel": ["cuero", "negro", "marrón oscuro", "verde botella", "burdeos"],
    "aparato": ["negro grafito", "blanco hueso", "verde salvia", "azul noche", "terracota"],
    "metal": ["dorado", "plateado", "cobre"],
}
PALETTE_OF = {
    "leather": "piel", "watch": "piel", "castanet": "piel", "pen": "piel", "bagpack": "tela", "audio": "aparato",
    "lamp": "aparato", "kettle": "aparato", "jewel2": "metal", "sunglass": "piel", "flask": "aparato", "decor": "aparato",
    "toy": "tela", "yoga": "tela", "umbrella": "tela", "textile": "tela", "wool": "tela", "fan": "tela",
}  # fmt: skip


# English label of a kind's attribute → the key doors have a word for; others become its type.
_ATTRIBUTE_KEYS = {
    "material": "material", "fabric": "material", "container": "pack", "packing": "pack", "storage": "storage", "wood": "material",
    "honey origin": "origin", "fruit": "content", "capacity": "capacity", "care": "care", "volume": "volume", "size": "dimensions",
    "power": "power", "age": "age", "width": "width", "steel": "material", "metal": "material", "format": "format", "form": "format",
    "content": "content", "upper": "material", "wax": "material", "glass": "material", "category": "type", "grade": "type",
    "use": "type", "binding": "style", "body": "material", "presentation": "style", "frame": "material", "case": "material", "top": "material", "sticks": "material", "cover": "material", "board": "material", "roast": "style", "nib": "style", "paper": "material",
}  # fmt: skip


class Dice:
    """Reproducible choices from a text."""

    def __init__(self, text: str) -> None:
        self.state = int.from_bytes(sha256(text.encode()).digest()[:8], "big")

    def upto(self, n: int) -> int:
        """0 … n - 1."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        return (self.state >> 33) % n

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.upto(len(items))]

    def some(self, items: Sequence[T], n: int) -> list[T]:
        """n different ones, in order of drawing."""
        left = list(items)
        drawn: list[T] = []
        while left and len(drawn) < n:
            drawn.append(left.pop(self.upto(len(left))))
        return drawn

    def odds(self, percent: int) -> bool:
        """True in that percentage of cases."""
        return self.upto(100) < percent


@dataclass(frozen=True, slots=True)
class CategoryData:
    """A shelf."""

    slug: str
    parent: str
    position: int
    motif: str
    vat_goods: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlaceData:
    """Where a seller keeps goods."""

    code: str
    name: str
    country: str
    postcode: str


@dataclass(frozen=True, slots=True)
class SellerData:
    """A house, as `register_seller` wants it."""

    slug: str
    name: str
    legal_name: str
    country: str
    handling_days: int
    profile: dict[str, Any]
    places: tuple[PlaceData, ...]


@dataclass(frozen=True, slots=True)
class VariantData:
    """A buyable form. `price_minor`: gross euro cents, duty and VAT inside."""

    sku: str
    gtin: str
    options: dict[str, str | dict[str, str]]  # a word by language, or what reads the same in all
    price_minor: int
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    content_amount: int
    content_unit: str
    stock: tuple[int, ...]  # by place of the seller; what is left on the last day


@dataclass(frozen=True, slots=True)
class ProductData:
    """An article with its texts."""

    seller: str
    handle: str
    kind: str
    family: str
    category: str
    brand: str
    title: dict[str, str]
    description: dict[str, str]
    attributes: dict[str, Any]
    hs6: str
    origin: str
    vat_goods: str
    safety: dict[str, str]
    ingredients: dict[str, str]
    manufacturer: dict[str, str]
    motif: str
    seed: int
    handling_days: int
    limit_per_buyer: int
    prices: tuple[tuple[int, int], ...]  # (days ago, percent of today's price), oldest first; the last is 100
    variants: tuple[VariantData, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods: codes, measures, the shape of its variants."""

    name: str
    motif: str
    category: str
    hs6: str
    vat_goods: str
    family: str
    scheme: str
    weight_g: int
    sides: tuple[int, int, int]
    attributes: dict[str, dict[str, str]]


@dataclass(slots=True)
class _Article:
    seller: str
    kind: str
    title: dict[str, str]
    sentence: dict[str, str]
    price: float
    series: str
    serial: int
    extra: dict[str, str] = field(default_factory=dict)


def _rows(text: str, sign: str = "|") -> Iterator[list[str]]:
    for line in text.strip().splitlines():
        if line.strip():
            yield [part.strip() for part in line.split(sign)]


def _pairs(text: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in text.strip().splitlines():
        family, _, rest = line.partition(": ")
        spanish, _, english = rest.partition(" >> ")
        found[family].append({"es": spanish.strip(), "en": english.strip()})
    return dict(found)


@cache
def categories() -> tuple[CategoryData, ...]:
    """The shelves, parents before their children."""
    more = {
        slug: dict(zip(shelf_names.LANGUAGES, names, strict=True))
        for slug, *names in _rows(shelf_names.NAMES)
    }
    found = []
    for slug, parent, position, motif, goods, *names in _rows(shelves.CATEGORIES):
        texts = dict(zip(("es", "en", "fr", "pl", "zh-hans"), names, strict=True)) | more[slug]
        found.append(CategoryData(slug, parent, int(position), motif, goods, texts))
    return tuple(found)


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of goods by name."""
    found = {}
    for name, motif, category, hs6, goods, family, scheme, grams, sides, said in _rows(shelves.KINDS):
        spanish, english = (part.partition(": ") for part in said.split("; ", 1))
        a, b, c = (int(side) for side in sides.split("x"))
        key = _ATTRIBUTE_KEYS.get(english[0].lower(), "")
        if key:
            attributes = {key: {"es": spanish[2], "en": english[2]}}
        else:
            attributes = {"type": {"es": f"{spanish[0]}: {spanish[2]}", "en": f"{english[0]}: {english[2]}"}}
        found[name] = Kind(
            name,
            motif,
            category,
            hs6,
            "" if goods == "-" else goods,
            family,
            scheme,
            int(grams),
            (a, b, c),
            attributes,
        )
    return found


@cache
def sellers() -> tuple[SellerData, ...]:
    """The houses, with numbers that pass their checks."""
    found = []
    for i, (slug, name, legal, country, city, postcode, street, logo, handling, es, en, own) in enumerate(
        _rows(SELLERS)
    ):
        about = {"es": es, "en": en} | ({OWN_LANGUAGE[country]: own} if own else {})
        profile: dict[str, Any] = {
            "address": street, "postcode": postcode, "city": city, "about": about, "logo_motif": logo,
            "email": f"hola@{slug}.example", "ships_from_country": country, "ships_from_postcode": postcode,
            "ships_from_city": city,
        }  # fmt: skip
        serial = 4_100_000 + i * 37_129
        if country == "ES":
            letter = (
                "A" if legal.endswith("S.A.") else "F" if "Coop" in legal else "E" if "C.B." in legal else "B"
            )
            number = numbers.nif(letter, serial)
            profile |= {
                "register_no": f"{city}, tomo {900 + i}, folio {10 + i}", "vat_no": f"ES{number}", "eori": f"ES{number}",
                "phone": f"+34 910 000 {100 + i}", "iban": numbers.spanish_iban(7_000_123_457 + i * 1_013),
            }  # fmt: skip
        elif country == "FR":
            number = numbers.siren(99_000_000 + i)
            profile |= {
                "register_no": f"RCS Lyon {number}", "vat_no": numbers.french_vat(99_000_000 + i), "phone": "+33 4 00 00 01 22",
                "eori": f"FR{number}00019", "iban": numbers.iban("FR", "99999000010000000012300"),
            }  # fmt: skip
        elif country == "PL":
            number = numbers.nip(999_000_000 + i)
            profile |= {
                "register_no": "KRS 0000999023", "vat_no": f"PL{number}", "eori": f"PL{number}00000", "phone": "+48 61 000 01 23",
                "iban": numbers.iban("PL", "999900000000000000012300"),
            }  # fmt: skip
        else:
            profile |= {
                "register_no": numbers.uscc(serial), "ioss": f"IM{3_720_000_000 + i * 111_111}", "phone": f"+86 571 0000 01{i}",
                "responsible_person": RESPONSIBLE[slug], "iban": numbers.iban("LT", f"9999900000{10_000 + i}".ljust(16, "0")),
            }  # fmt: skip
        places = [PlaceData("PRI", f"{name} · {city}", country, postcode)]
        if slug in SECOND_PLACES:
            places.append(PlaceData(*SECOND_PLACES[slug]))
        found.append(SellerData(slug, name, legal, country, int(handling), profile, tuple(places)))
    return tuple(found)


def _articles() -> Iterator[_Article]:
    """Every article, once per series it comes in."""
    for text in (larder.ARTICLES, house.ARTICLES, clothing.ARTICLES, abroad.ARTICLES):
        for block in re.split(r"^== ", text.strip(), flags=re.MULTILINE):
            if not block.strip():
                continue
            head, *lines = block.strip().splitlines()
            series: dict[str, list[str]] = {}
            for line in lines:
                if line.startswith("~ "):
                    key, *rest = (part.strip() for part in line[2:].split(" | "))
                    series[key] = rest
            own = OWN_LANGUAGE.get(next(s.country for s in sellers() if s.slug == head.strip()), "")
            serial = 0
            for line in lines:
                if not line.startswith("- "):
                    continue
                kind, es, en, price, said_es, said_en, keys, *foreign = (
                    part.strip() for part in line[2:].split(" | ")
                )
                for key in keys.split():
                    serial += 1
                    words = series.get(key, ["", "", "", ""])
                    title = {"es": es.replace("{s}", words[0]), "en": en.replace("{s}", words[1])}
                    if foreign:
                        title[own] = foreign[0].replace("{s}", words[4] if len(words) > 4 else words[0])
                    sentence = {"es": f"{said_es} {words[2]}".strip(), "en": f"{said_en} {words[3]}".strip()}
                    yield _Article(head.strip(), kind, title, sentence, float(price), key, serial)


def price_ending(minor: float) -> int:
    """A price a shop would write, near this one: …,50 and …,90 when small, whole euros when large."""
    euros = minor / 100
    if euros < 10:
        steps = [int(euros) + part / 100 for part in (-10, 20, 50, 80, 90)]
    elif euros < 60:
        steps = [int(euros) + part / 100 for part in (-10, 50, 90)]
    elif euros < 200:
        steps = [int(euros) + part for part in (-0.1, 0.9, 1.9)] + [float(round(euros))]
    else:
        steps = [round(euros / 5) * 5.0 + 4, round(euros / 5) * 5.0 - 1, round(euros / 10) * 10.0]
    return max(90, round(100 * min(steps, key=lambda step: abs(step - euros))))


@cache
def _schemes() -> dict[str, tuple[str, list[list[str]]]]:
    found = {}
    for line in shelves.SCHEMES.strip().splitlines():
        name, _, rest = line.partition(": ")
        option, _, values = rest.partition(" | ")
        # a comma with a digit behind and a space before the unit belongs to the name (“4,5 kg”): written with “;” between values
        found[name] = (
            option.strip(),
            [re.split(r",(?! )", value.strip()) for value in values.split(" ; ")] if values else [],
        )
    return found


def _variants(article: _Article, kind: Kind, handle: str, dice: Dice) -> list[VariantData]:
    option, values = _schemes()[kind.scheme]
    if option == "-":
        option, values = "", [["", "1", "0"]]
    elif option == "colour":
        palette = COLOURS[PALETTE_OF.get(kind.family, "tela")]
        values = [[colour, "1", "0"] for colour in dice.some(palette, int(values[0][0]))]
    found: list[VariantData] = []
    for value in values:
        name, factor, grams, *content = _mend(value)
        weight = kind.weight_g or 500
        if grams.endswith("x"):
            weight = round(weight * float(grams[:-1]))
        elif grams != "0":
            weight = int(grams)
        scale = max(0.6, min(2.2, (weight / (kind.weight_g or weight)) ** (1 / 3)))
        amount, unit = (int(content[0]), content[1]) if content else (0, "")
        code = re.sub(r"[^A-Z0-9]+", "", _plain(name).upper())[:9]
        if any(other.sku == f"{handle}-{code}" for other in found):
            code = f"{code[:7]}{len(found) + 1}"
        found.append(
            VariantData(
                sku=f"{handle}-{code}".rstrip("-").upper(),
                gtin="",
                options={option: _option_value(name)} if option else {},
                price_minor=price_ending(article.price * 100 * float(factor)),
                weight_g=weight,
                length_mm=round(kind.sides[0] * scale),
                width_mm=round(kind.sides[1] * scale),
                height_mm=round(kind.sides[2] * scale),
                content_amount=amount,
                content_unit=unit,
                stock=(),
            )
        )
    return found


@cache
def _option_words() -> dict[str, str]:
    """The English of every option value that is words."""
    return dict((part.strip() for part in row) for row in _rows(shelves.OPTION_WORDS, ">>"))  # type: ignore[misc]


def _option_value(name: str) -> str | dict[str, str]:
    english = _option_words().get(name, name)
    return name if english == name else {"es": name, "en": english}


def _mend(value: list[str]) -> list[str]:
    """“Pieza de 4,5 kg” was cut at its decimal comma: put it together again."""
    while len(value) > 2 and not re.fullmatch(r"[0-9.]+", value[1]):
        value = [f"{value[0]},{value[1]}", *value[2:]]
    return value


def _plain(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _handle(article: _Article) -> str:
    letters = "".join(word[0] for word in article.seller.split("-"))[:3].upper()
    if len(letters) < 3:
        letters = article.seller[:3].upper()
    return f"{letters}{article.serial:03d}"


def _price_history(dice: Dice, serial: int) -> tuple[tuple[int, int], ...]:
    """Days ago and percent of today's price. About one in five is reduced today."""
    roll = dice.upto(100)
    if roll < 12:  # reduced from a price that held
        return ((96, dice.pick([111, 118, 125, 133])), (dice.pick([3, 6, 12, 17]), 100))
    if roll < 16:  # raised, then reduced: 80 → 100 → 90; the prior price is the 80, so nothing is announced
        return ((96, 89), (22, 111), (6, 100))
    if roll < 20:  # reduced twice
        return ((96, 143), (22, 118), (6, 100))
    if roll < 26:  # a little dearer since the autumn
        return ((96, 94), (40, 100))
    return ((96, 100),)


def _stock(dice: Dice, places: int, price_minor: int, kind: Kind) -> tuple[int, ...]:
    roll = dice.upto(100)
    if roll < 3:
        return (0,) * places
    if roll < 10:
        return (1 + dice.upto(5), *([0] * (places - 1)))
    top = 14 if price_minor > 15_000 else 60 if price_minor > 4_000 else 180
    return (6 + dice.upto(top), *(4 + dice.upto(top // 2 + 1) for _ in range(places - 1)))


@cache
def products() -> tuple[ProductData, ...]:
    """The 600 articles with their 2,000 variants."""
    by_slug = {seller.slug: seller for seller in sellers()}
    sayings, parts, warnings = _pairs(shelves.SAYINGS), _pairs(shelves.INGREDIENTS), _pairs(shelves.SAFETY)
    found: list[ProductData] = []
    uses: Counter[str] = Counter()
    for article in list(_articles()):
        kind, house_ = kinds()[article.kind], by_slug[article.seller]
        handle = _handle(article)
        dice = Dice(f"{article.seller}/{handle}")
        pool = sayings.get(kind.family, [])
        chosen = sorted(dice.some(pool, len(pool)), key=lambda said: uses[said["es"]])[: 1 + dice.upto(2)]
        if len(chosen) > 1 and uses[chosen[-1]["es"]] >= 9:
            chosen.pop()  # said often enough
        for said in chosen:
            uses[said["es"]] += 1
        description = {
            language: " ".join([article.sentence[language], *(said[language] for said in chosen)])
            for language in ("es", "en")
        }
        attributes = dict(kind.attributes)
        if kind.hs6[:2] in TEXTILE_CHAPTERS and "100 %" not in str(attributes):
            attributes |= _fibres(article.title["es"])
        is_food = kind.family in parts and kind.family not in ("soap", "cream")
        texts_of = {family: rows[0] for family, rows in {**parts}.items()}
        ingredients = dict(texts_of.get(kind.family, {}))
        if kind.family == "honey" and house_.country == "PL":
            ingredients = {"es": "Miel cruda. Origen: Polonia.", "en": "Raw honey. Origin: Poland."}
            attributes = {"origin": {"es": "Polonia", "en": "Poland"}}
        variants = []
        for variant in _variants(article, kind, handle, dice):
            variants.append(
                replace(variant, stock=_stock(dice, len(house_.places), variant.price_minor, kind))
            )
        limit = {"azafran": 6, "dron": 2, "jamon": 4, "guitarra": 1}.get(kind.name, 0)
        profile = house_.profile
        found.append(
            ProductData(
                seller=article.seller,
                handle=handle,
                kind=kind.name,
                family=kind.family,
                category=kind.category,
                brand=house_.name,
                title=article.title,
                description=description,
                attributes=attributes,
                hs6=kind.hs6,
                origin=house_.country,
                vat_goods=kind.vat_goods,
                safety=dict((warnings.get(kind.family) or [{}])[0]),
                ingredients=ingredients,
                manufacturer={
                    "name": house_.legal_name,
                    "address": f"{profile['address']}, {profile['postcode']} {profile['city']}, {house_.country}",
                    "email": profile["email"],
                },
                motif=kind.motif,
                seed=int(sha256(f"{article.seller}{handle}".encode()).hexdigest()[:8], 16),
                handling_days=house_.handling_days + (dice.upto(2) if not is_food else 0),
                limit_per_buyer=limit,
                prices=_price_history(dice, article.serial),
                variants=tuple(variants),
            )
        )
    return tuple(_number(_trim(found)))


def _fibres(title: str) -> dict[str, dict[str, str]]:
    """What a textile is made of, by a word of its title."""
    for word, texts in _pairs(shelves.FIBRES).items():
        if word in title.lower():
            return {"composition": texts[0]}
    return {}


def _trim(found: list[ProductData]) -> list[ProductData]:
    """To exactly 600 products and 2,000 variants: the longest ranges give first."""
    while len(found) > PRODUCTS:
        counts = Counter(product.seller for product in found)
        house_ = max(counts, key=lambda slug: (counts[slug], slug))
        last = max(i for i, product in enumerate(found) if product.seller == house_)
        del found[last]
    total = sum(len(product.variants) for product in found)
    while total > VARIANTS:
        size = max(len(product.variants) for product in found)
        for i in range(len(found) - 1, -1, -1):
            if total > VARIANTS and len(found[i].variants) == size:
                found[i] = replace(found[i], variants=found[i].variants[:-1])
                total -= 1
    return found


def _number(found: list[ProductData]) -> Iterator[ProductData]:
    serial = 0
    for product in found:
        variants = []
        for variant in product.variants:
            serial += 1
            variants.append(replace(variant, gtin=numbers.gtin13(serial * 7 + 1_000_000)))
        yield replace(product, variants=tuple(variants))
