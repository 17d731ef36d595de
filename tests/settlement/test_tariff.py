"""The operator's list of commissions: the first rule that fits, frozen with the order, changed by editions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from entrepot.kit.errors import Refusal
from entrepot.kit.models import AuditEntry
from entrepot.settlement.commands.release import freeze_terms
from entrepot.settlement.commands.tariff import (
    add_commission_rule,
    admit_to_programme,
    end_commission_rule,
    move_commission_rule,
)
from entrepot.settlement.models import OrderTerms, Tariff
from entrepot.settlement.policy import CommissionRule, Sale
from entrepot.settlement.queries import fee_quote, programme_seats, programmes, tariff
from tests import make
from tests.settlement.world import World

pytestmark = pytest.mark.django_db


def fees(world: World, order: int) -> dict[str, Any]:
    terms = OrderTerms.objects.of(world.ctx()).get(order_id=order)
    [line] = terms.line_fees
    return {**line, "commission": terms.commission_minor}


def again(world: World, order: int, **other: Any) -> int:
    """The same order once more, placed by another door or on another day."""
    number = order + 1
    placed = replace(world.placed[order], order_id=number, **{"at": world.at, **other})
    freeze_terms(world.ctx(), placed=placed)
    world.placed[number] = placed
    return number


def test_the_list_is_the_operators() -> None:
    world = World()
    before = world.order()
    assert (fees(world, before)["rule_id"], fees(world, before)["commission"]) == ("standard", 400)

    world.at += timedelta(seconds=1)
    person = replace(make.operator("finance"), at=world.at)
    on = world.at.date()
    craft = CommissionRule("craft", 300, programme="Craft", valid_from=on, source="to bring makers")
    programs = CommissionRule("programs", 900, channel="api", valid_from=on, source="cheaper to serve")
    later = CommissionRule(
        "next-week", 100, fixed_minor=30, currency="EUR", valid_from=on + timedelta(days=7), source="a trial"
    )
    for rule in (programs, craft, later):
        add_commission_rule(replace(person, key=rule.rule_id), rule=rule)
    admit_to_programme(person, seller_id=world.sellers[0], programme=" Craft ")
    assert programme_seats(world.ctx()) == {world.sellers[0]: "Craft"}
    assert "Craft" in programmes(world.at)
    assert [rule.rule_id for rule in tariff(world.at).rules][:3] == ["next-week", "craft", "programs"]

    after = again(world, before)
    assert fees(world, after) == {
        "position": 0, "rule_id": "craft", "rate_bp": 300, "fixed_minor": 0, "minor": 120, "commission": 120,
        "edition": tariff(world.at).edition,
    }  # fmt: skip
    assert fees(world, before)["rule_id"] == "standard"  # what was placed keeps its terms, also asked again
    freeze_terms(world.ctx(), placed=world.placed[before])
    assert fees(world, before)["commission"] == 400

    # A late fact about an order of before is charged by the list of its own moment (programmes are those of now).
    late = again(world, after, at=world.at - timedelta(seconds=1))
    assert fees(world, late)["rule_id"] == "standard"
    move_commission_rule(person, rule_id="programs", by=-2)
    assert fees(world, again(world, late, channel="api"))["rule_id"] == "programs"
    world.at += timedelta(days=8)
    assert fees(world, again(world, late + 1, channel="web"))["commission"] == 40 + 30

    admit_to_programme(person, seller_id=world.sellers[0], programme="")
    assert programme_seats(world.ctx()) == {}
    trail = AuditEntry.objects.filter(command="settlement.move_commission_rule").get()
    assert trail.before["order"].startswith("next-week, craft, programs")
    assert trail.after["order"].startswith("programs, next-week, craft")
    assert Tariff.objects.count() == 4


def test_what_it_refuses() -> None:
    world = World()
    person = replace(make.operator("manager"), at=world.at)
    on = world.at.date()
    good = CommissionRule("new", 500, valid_from=on, source="because")
    for rule, before, code in [
        (replace(good, rate_bp=9000), "", "rule_wrong"),
        (replace(good, valid_from=on - timedelta(days=1)), "", "rule_wrong"),
        (replace(good, channel="pigeon"), "", "rule_wrong"),
        (replace(good, trader_type="king"), "", "rule_wrong"),
        (replace(good, programme="p" * 41), "", "rule_wrong"),
        (replace(good, market="XX"), "", "unknown_market"),
        (replace(good, category="no-such-aisle"), "", "not_found"),
        (replace(good, rule_id="standard"), "", "tariff_wrong"),
        (good, "nobody", "not_found"),
    ]:
        with pytest.raises(Refusal) as no:
            add_commission_rule(person, rule=rule, before=before)
        assert no.value.code == code, rule
    for run in (
        lambda: end_commission_rule(person, rule_id="standard", last_on=on),  # the last that fits every sale
        lambda: end_commission_rule(person, rule_id="standard", last_on=on - timedelta(days=1)),
        lambda: end_commission_rule(person, rule_id="nobody", last_on=on),
        lambda: move_commission_rule(person, rule_id="nobody", by=1),
        lambda: admit_to_programme(person, seller_id=world.sellers[0], programme="p" * 41),
        lambda: admit_to_programme(
            make.staff(world.sellers[0]), seller_id=world.sellers[0], programme="Craft"
        ),
        lambda: move_commission_rule(make.operator("support"), rule_id="standard", by=1),
    ):
        with pytest.raises(Refusal):
            run()
    assert Tariff.objects.count() == 0
    assert tariff(world.at).edition == 0
    # Once another rule fits everything, the old one may end, and leaves the list when its day has passed.
    add_commission_rule(person, rule=good, before="standard")
    end_commission_rule(person, rule_id="standard", last_on=on)
    assert tariff(world.at).rules[-1].valid_to == on
    move_commission_rule(replace(person, at=world.at + timedelta(days=1)), rule_id="new", by=-3)
    assert "standard" not in {rule.rule_id for rule in tariff(world.at + timedelta(days=1)).rules}


@pytest.mark.parametrize(
    ("country", "has_vat_no", "kind", "receive", "treatment"),
    [
        ("ES", True, "company", 3516, "domestic"),
        ("FR", True, "company", 3600, "reverse_charge"),
        ("FR", False, "private", 3760, "oss"),
        ("CN", True, "company", 3600, "outside"),
    ],
)
def test_what_you_will_receive(
    country: str, has_vat_no: bool, kind: str, receive: int, treatment: str
) -> None:
    at = World().at
    sale = Sale(at.date(), "ES", "EUR", trader_type=kind)
    made = fee_quote(sale, price_minor=4000, seller_country=country, has_vat_no=has_vat_no, at=at)
    assert (made.receive_minor, made.vat_treatment) == (receive, treatment)
    assert sum(line.minor for line in made.lines) == receive


def test_what_the_quote_promises_is_what_the_order_freezes() -> None:
    """The calculator and the order divide the same money by the same rule."""
    world = World(countries=("ES", "CN"))
    for place, seller in enumerate(world.sellers):
        order = world.order(seller=place, goods=4321)
        terms = OrderTerms.objects.of(world.ctx()).get(order_id=order)
        country = ("ES", "CN")[place]
        made = fee_quote(
            Sale(world.at.date(), "ES", "EUR"),
            price_minor=4321,
            seller_country=country,
            has_vat_no=True,
            at=world.at,
        )
        assert -made.lines[1].minor == terms.commission_minor
        assert made.vat_treatment == terms.commission_vat_treatment, seller
