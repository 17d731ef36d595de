"""Worked examples in the format of landed_cost_vectors.json, run through the arithmetic every quote uses.

A vector names a model, its inputs (rates included) and what must come out. The inputs become lines and terms of
`policy.compute`; nothing is added up here. What a result names otherwise (gst, tax, base) is only renamed.
Shares and rates of a vector are not looked up in our tables: an example must hold for the numbers it states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from entrepot.kit.errors import Invalid, Refusal
from entrepot.kit.money import exponent_of, split_pro_rata
from entrepot.landedcost.policy import Amounts, CostLine, FeeTerms, Terms, compute, within_limit
from entrepot.markets.queries import import_rule_exists, vat_rate

Inputs = Mapping[str, Any]
Answer = dict[str, object]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where an example and the quote disagree."""

    vector: str
    field: str
    got: str
    expected: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a file of examples came to: groups by the confidence its author gave them."""

    checks: int
    vectors: int
    by_confidence: dict[str, int]
    mismatches: tuple[Mismatch, ...]


@dataclass(frozen=True, slots=True)
class Purse:
    """Amounts of one currency: text in, text out."""

    currency: str

    def minor(self, text: object, field: str = "amount") -> int:
        """Whole minor units of an amount that has no more decimals than the currency."""
        try:
            exact = Decimal(str(text)).scaleb(exponent_of(self.currency))
            whole = exact.to_integral_value()
        except InvalidOperation:
            raise Invalid(field=field, reason=f"“{text}” is not an amount.") from None
        if exact != whole:
            raise Invalid(field=field, reason=f"{text} has more decimals than {self.currency}.")
        return int(whole)

    def converted(self, text: object, rate: object) -> int:
        """Minor units of a foreign amount at a fixed rate, rounded once."""
        return whole_minor(Decimal(str(text)) * Decimal(str(rate)), self.currency)

    def text(self, minor: int) -> str:
        digits = exponent_of(self.currency)
        return str(Decimal(minor).scaleb(-digits).quantize(Decimal(1).scaleb(-digits)))


def whole_minor(amount: Decimal, currency: str) -> int:
    from entrepot.kit.money import to_minor

    return to_minor(amount, currency)


def pct(inputs: Inputs, name: str) -> Decimal:
    return Decimal(str(inputs.get(name, "0")))


def one_line(
    unit: int, vat: Decimal, *, duty: Decimal | None = None, consumption: Decimal = ZERO
) -> list[CostLine]:
    return [CostLine("1", "1", 1, unit, vat, duty_pct=duty, consumption_pct=consumption)]


def eu_ioss(i: Inputs, purse: Purse) -> Answer:
    lines = [
        CostLine(
            str(number), line["hs6"], int(line["qty"]), purse.minor(line["unit_price"], "unit_price"), pct(i, "vat_pct")
        )
        for number, line in enumerate(i["lines"])
    ]  # fmt: skip
    fees: tuple[FeeTerms, ...] = ()
    if Decimal(str(i.get("fee_per_item", "0"))):
        fees = (FeeTerms("fee", "item", purse.minor(i["fee_per_item"]), "EU-HANDLING-FEE"),)
    terms = Terms(
        scheme="ioss", price_mode=i.get("price_mode", "net"), duty_payer=i.get("duty_payer", "buyer"),
        item_counter=i.get("item_counter", "hs6"), flat_duty_minor=purse.minor(i["duty_per_item"]), fees=fees,
    )  # fmt: skip
    found = compute(terms, lines, purse.minor(i.get("shipping", "0")))
    _must(
        within_limit(found.intrinsic_minor, purse.minor(i.get("ioss_limit", "150.00")), "<="),
        "not an IOSS consignment",
    )
    answer: Answer = {
        "intrinsic": found.intrinsic_minor, "items": Count(found.items), "duty": found.duty_minor,
        "fees": found.fees_minor, "vat_base": found.vat_base_minor, "vat": found.vat_minor,
        "total": found.total_minor,
    }  # fmt: skip
    if "platform_fee" in i:
        answer["platform_owes"] = f"{i['platform_fee']} {i['platform_fee_currency']}"
    return answer


def eu_ioss_gross(i: Inputs, purse: Purse) -> Answer:
    gross, items = purse.minor(i["gross"]), int(i["items"])
    # The example counts headings only: as many lines as headings, the whole price on the first.
    lines = [
        CostLine(str(n), str(n), 1, part, pct(i, "vat_pct"))
        for n, part in enumerate(split_pro_rata(gross, [1] * items))
    ]
    terms = Terms(scheme="ioss", price_mode="gross", flat_duty_minor=purse.minor(i["duty_per_item"]))
    found = compute(terms, lines, 0)
    return {
        "vat": found.vat_minor, "net": found.total_minor - found.vat_minor, "duty": found.duty_minor,
        "seller_keeps": found.goods_minor, "total": found.total_minor,
    }  # fmt: skip


def import_normal(i: Inputs, purse: Purse) -> Answer:
    goods = purse.minor(i["goods"])
    _must(not within_limit(goods, purse.minor(i["ioss_limit"]), "<="), "inside the IOSS limit")
    terms = Terms(
        scheme="import", onward_freight_minor=purse.minor(i["freight_onward"]),
        vat_forgiven_below_minor=purse.minor(i.get("min_vat", "0")),
        carrier_fee_minor=purse.minor(i.get("carrier_fee", "0")),
    )  # fmt: skip
    found = compute(
        terms,
        one_line(goods, pct(i, "vat_pct"), duty=pct(i, "duty_pct")),
        purse.minor(i["freight_to_border"]),
    )
    return _import(found)


def _import(found: Amounts) -> Answer:
    return {
        "customs_value": found.customs_value_minor, "duty": found.duty_minor, "vat_base": found.vat_base_minor,
        "vat": found.vat_minor, "total": found.total_minor,
    }  # fmt: skip


def cbec(i: Inputs, purse: Purse) -> Answer:
    if "goods_cny" in i:
        goods, freight = whole_minor(Decimal(str(i["goods_cny"])), purse.currency), 0
    else:
        goods, freight = purse.converted(i["goods_eur"], i["fx"]), purse.converted(i["freight_eur"], i["fx"])
    consumption = pct(i, "ct_pct")
    price = goods + freight
    if "grams" in i and Decimal(price) / Decimal(str(i["grams"])) < purse.minor(i["ct_min_per_g"]):
        consumption = ZERO
    allowed = within_limit(price, purse.minor(i["single"]), "<=") and within_limit(
        price + purse.minor(i.get("annual_used", "0")), purse.minor(i["annual"]), "<="
    )
    terms = Terms(scheme="cbec", vat_factor=Decimal(str(i["factor"])) if allowed else Decimal(1))
    found = compute(terms, one_line(goods, pct(i, "vat_pct"), consumption=consumption), freight)
    return {
        "price": found.goods_minor + found.shipping_minor, "branch": "cbec" if allowed else "over",
        "ct": found.consumption_minor, "vat": found.vat_minor, "tax": found.consumption_minor + found.vat_minor,
        "total": found.total_minor,
    }  # fmt: skip


def sg(i: Inputs, purse: Purse) -> Answer:
    goods = purse.converted(i["goods_foreign"], i["fx"])
    terms = Terms(scheme="ovr", carrier_fee_minor=purse.minor(i.get("carrier_fee", "0")))
    found = compute(terms, one_line(goods, pct(i, "gst_pct")), purse.minor(i["shipping"]))
    return {
        "goods": found.goods_minor, "branch": "OVR" if within_limit(goods, purse.minor(i["limit"]), "<=") else "IMPORT",
        "base": found.vat_base_minor, "gst": found.vat_minor, "total": found.total_minor,
    }  # fmt: skip


def hk_zone(i: Inputs, purse: Purse) -> Answer:
    """Charged in yuan, shown in the vector's currency: the whole is converted once."""
    yuan = Purse("CNY")
    goods = yuan.minor(i["goods_cny"])
    is_free = not within_limit(goods, yuan.minor(i["zone_threshold_cny"]), "<")
    found = compute(
        Terms(scheme="free_port"), one_line(goods, ZERO), 0 if is_free else yuan.minor(i["zone_shipping_cny"])
    )
    return {
        "shipping_cny": found.shipping_minor, "duty": found.duty_minor, "tax": found.vat_minor,
        "total_cny": found.total_minor, "total": purse.converted(yuan.text(found.total_minor), i["fx"]),
    }  # fmt: skip


def hk_liquor(i: Inputs, purse: Purse) -> Answer:
    terms = Terms(
        scheme="excise",
        duty_tiers=((purse.minor(i["tier1"]), pct(i, "tier1_pct")), (None, pct(i, "tier2_pct"))),
    )
    found = compute(terms, one_line(purse.minor(i["value"]), ZERO), 0)
    return {"duty": found.duty_minor, "total": found.total_minor}


def gb(i: Inputs, purse: Purse) -> Answer:
    goods = purse.minor(i["goods"])
    at_sale = within_limit(goods, purse.minor(i["limit"]), "<=")
    lines = one_line(goods, pct(i, "vat_pct"), duty=None if at_sale else pct(i, "duty_pct"))
    found = compute(Terms(scheme="gb"), lines, purse.minor(i["shipping"]))
    return {
        "branch": "POINT_OF_SALE" if at_sale else "BORDER", "duty": found.duty_minor, "vat": found.vat_minor,
        "total": found.total_minor,
    }  # fmt: skip


def ch(i: Inputs, purse: Purse) -> Answer:
    forgiven = None if i["platform_liable"] else purse.minor(i["min_tax"])
    terms = Terms(scheme="platform", vat_forgiven_up_to_minor=forgiven)
    found = compute(terms, one_line(purse.minor(i["goods"]), pct(i, "vat_pct")), 0)
    return {"vat": found.vat_minor, "levied": found.vat_levied, "total": found.total_minor}


def no_voec(i: Inputs, purse: Purse) -> Answer:
    goods = purse.minor(i["goods"])
    _must(within_limit(goods, purse.minor(i["limit"]), "<"), "not a VOEC item")
    found = compute(Terms(scheme="voec"), one_line(goods, pct(i, "vat_pct")), purse.minor(i["shipping"]))
    return {"branch": "VOEC", "duty": found.duty_minor, "vat": found.vat_minor, "total": found.total_minor}


def oss(i: Inputs, purse: Purse) -> Answer:
    rate = pct(i, "vat_pct" if i["over_threshold"] else "home_vat_pct")
    found = compute(Terms(scheme="oss"), one_line(purse.minor(i["net"]), rate), 0)
    return {"vat": found.vat_minor, "total": found.total_minor}


def my_lvg(i: Inputs, purse: Purse) -> Answer:
    goods = purse.minor(i["goods"])
    _must(within_limit(goods, purse.minor(i["limit"]), "<="), "not a low-value item")
    terms = Terms(scheme="lvg", vat_on_freight=False)
    found = compute(terms, one_line(goods, pct(i, "tax_pct")), purse.minor(i["shipping"]))
    return {"base": found.vat_base_minor, "tax": found.vat_minor, "total": found.total_minor}


def import_cif(i: Inputs, purse: Purse) -> Answer:
    lines = one_line(purse.minor(i["cif"]), pct(i, "vat_pct"), duty=pct(i, "duty_pct"))
    answer = _import(compute(Terms(scheme="import"), lines, 0))
    del answer["customs_value"]
    return answer


def us(i: Inputs, purse: Purse) -> Answer:
    terms = Terms(
        scheme="us", duty_on_freight=False, vat_on_freight=False, vat_on_duty=False,
        surcharge_pct=pct(i, "surcharge_pct"),
    )  # fmt: skip
    lines = one_line(purse.minor(i["goods"]), pct(i, "sales_tax_pct"), duty=pct(i, "duty_pct"))
    found = compute(terms, lines, purse.minor(i["shipping"]))
    return {"duty": found.duty_minor, "sales_tax": found.vat_minor, "total": found.total_minor}


MODELS: dict[str, Callable[[Inputs, Purse], Answer]] = {
    function.__name__: function
    for function in (
        eu_ioss, eu_ioss_gross, import_normal, cbec, sg, hk_zone, hk_liquor, gb, ch, no_voec, oss, my_lvg,
        import_cif, us,
    )
}  # fmt: skip


class Count(int):
    """A number that is not money."""


def _must(holds: bool, reason: str) -> None:
    if not holds:
        raise Invalid(field="inputs", reason=reason)


def check_file(data: Mapping[str, Any]) -> Checked:
    """Run every vector, boundary, rate look-up and rounding case of a file. Raises Invalid when it has no vectors."""
    if not isinstance(data, Mapping) or not isinstance(data.get("vectors"), list):
        raise Invalid(field="file", reason="There is no list “vectors” in it.")
    found: list[Mismatch] = []
    groups: dict[str, int] = {}
    checks = 0
    for vector in data["vectors"]:
        groups[_confidence(vector)] = groups.get(_confidence(vector), 0) + 1
        checks += _check_vector(vector, found)
    checks += _check_rest(data, found)
    return Checked(checks, len(data["vectors"]), groups, tuple(found))


def _confidence(vector: Mapping[str, Any]) -> str:
    said = str(vector.get("confidence", ""))
    weak = (
        "unverified",
        "partly",
        "low",
        "outlier",
        "general knowledge",
        "press",
        "fixture",
        "snapshot",
        "note",
    )
    return "unverified or partly" if any(word in said for word in weak) else "confirmed"


def _check_vector(vector: Mapping[str, Any], found: list[Mismatch]) -> int:
    name = str(vector.get("id", "?"))
    expected = vector.get("expected", {})
    try:
        purse = Purse(str(vector["currency"]))
        model = MODELS.get(str(vector["model"]))
        if model is None:
            raise Invalid(field="model", reason=f"“{vector['model']}” is not a known model.")
        answer = model(vector["inputs"], purse)
    except (Refusal, KeyError, TypeError, ValueError, ArithmeticError) as problem:
        found.append(Mismatch(name, "inputs", f"{type(problem).__name__}: {problem}", "a result"))
        return 1
    for field, want in expected.items():
        got = _written(answer.get(field), field, purse)
        if not _same(got, want):
            found.append(Mismatch(name, field, str(got), str(want)))
    for field in sorted(set(answer) - set(expected)):
        found.append(Mismatch(name, field, str(_written(answer[field], field, purse)), "(nothing)"))
    checks = len(expected) + 1
    for rule_id in vector.get("rules", []):
        checks += 1
        if not import_rule_exists(str(rule_id)):
            found.append(Mismatch(name, "rules", "unknown", str(rule_id)))
    return checks


def _written(value: object, field: str, purse: Purse) -> object:
    if isinstance(value, bool | Count | str) or value is None:
        return int(value) if isinstance(value, Count) else value
    assert isinstance(value, int)
    return (Purse("CNY") if field.endswith("_cny") else purse).text(value)


def _same(got: object, want: object) -> bool:
    if isinstance(got, bool) or isinstance(want, bool):
        return got is want
    if isinstance(got, int) or isinstance(want, int | float):
        return str(got) == str(want)
    return got == want


def _check_rest(data: Mapping[str, Any], found: list[Mismatch]) -> int:
    checks = 0
    for boundary in data.get("boundaries", []):
        checks += 1
        if not import_rule_exists(str(boundary["rule"])):
            found.append(Mismatch(str(boundary["id"]), "rule", "unknown", str(boundary["rule"])))
        purse = Purse("EUR")
        for value, want in boundary["cases"]:
            checks += 1
            got = within_limit(purse.minor(value), purse.minor(boundary["limit"]), str(boundary["op"]))
            if got is not want:
                found.append(Mismatch(str(boundary["id"]), str(value), str(got), str(want)))
    for look in data.get("rate_lookups", []):
        checks += 1
        label = f"{look['country']} {look['goods']} {look['date']}"
        try:
            rate = vat_rate(
                look["country"], look["goods"], date.fromisoformat(look["date"]), look.get("region", "")
            )
            if Decimal(rate.rate_bp) / 100 != Decimal(str(look["rate"])):
                found.append(Mismatch(label, "rate", f"{Decimal(rate.rate_bp) / 100:f}", str(look["rate"])))
        except Refusal as refusal:
            found.append(Mismatch(label, "rate", refusal.sentence, str(look["rate"])))
    for case in data.get("rounding_cases", []):
        checks += 1
        rounded = _rounded(case)
        if rounded != case["expected"]:
            found.append(Mismatch(str(case["id"]), "rounding", str(rounded), str(case["expected"])))
    return checks


def _rounded(case: Mapping[str, Any]) -> object:
    if "expr" in case:
        amount, unit = (Decimal(str(part)) for part in case["expr"])
        # The currency that has this unit: two decimals like the euro, none like the dong.
        purse = Purse("VND" if unit == 1 else "EUR")
        return purse.text(whole_minor(amount, purse.currency))
    purse = Purse("EUR")
    if "weights" in case:
        weights = [purse.minor(weight) for weight in case["weights"]]
        return [purse.text(part) for part in split_pro_rata(purse.minor(case["amount"]), weights)]
    found = compute(Terms(scheme="case"), one_line(purse.minor(case["group_net"]), pct(case, "vat_pct")), 0)
    return purse.text(found.vat_minor)
