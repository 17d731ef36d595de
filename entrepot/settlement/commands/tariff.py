"""The operator's ordered list of commission rules: every change is a new edition, and no order placed before it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from entrepot.catalog.queries import category_by_slug
from entrepot.kit import audit
from entrepot.kit.command import command
from entrepot.kit.context import Context
from entrepot.kit.errors import Invalid, NotFound
from entrepot.kit.locks import hold
from entrepot.markets.queries import market_by_code
from entrepot.parties.queries import sellers_by_id
from entrepot.settlement.errors import RuleWrong, TariffWrong
from entrepot.settlement.fees import edition_at, written
from entrepot.settlement.models import ProgrammeSeat, Tariff
from entrepot.settlement.policy import (
    CHANNELS,
    PROGRAMME_LONGEST,
    TRADER_TYPES,
    CommissionRule,
    fault_of_rule,
    fault_of_tariff,
)


@command(scope="tariff:write")
def add_commission_rule(ctx: Context, *, rule: CommissionRule, before: str = "") -> None:
    """Put a rule into the list, before another one (`before`: its name) or first of all.

    It counts for orders placed from now on, within its days.
    Refuses: RuleWrong (names the field), TariffWrong, NotFound (market, category, the rule to stand before).
    """
    field, reason = fault_of_rule(rule)
    if not field and rule.valid_from < ctx.at.date():
        field, reason = "valid_from", "lies in the past; orders placed then keep their terms."
    if not field and rule.channel not in ("", *CHANNELS):
        field, reason = "channel", "is neither web nor api."
    if not field and rule.trader_type not in ("", *TRADER_TYPES):
        field, reason = "trader_type", "is neither company nor private."
    if not field and len(rule.programme) > PROGRAMME_LONGEST:
        field, reason = "programme", f"has at most {PROGRAMME_LONGEST} characters."
    if field:
        raise RuleWrong(field=field, reason=reason)
    if rule.market:
        market_by_code(rule.market)
    if rule.category:
        category_by_slug(rule.category)
    rules = _current(ctx)
    place = _place_of(rules, before) if before else 0
    _publish(ctx, [*rules[:place], rule, *rules[place:]])


@command(scope="tariff:write")
def move_commission_rule(ctx: Context, *, rule_id: str, by: int) -> None:
    """Move a rule up (`by` below zero) or down the list by so many places; at the ends it stays.

    Refuses: NotFound, TariffWrong.
    """
    rules = _current(ctx)
    place = _place_of(rules, rule_id)
    rule = rules.pop(place)
    rules.insert(min(max(place + by, 0), len(rules)), rule)
    _publish(ctx, rules)


@command(scope="tariff:write")
def end_commission_rule(ctx: Context, *, rule_id: str, last_on: date) -> None:
    """Say the last day of a rule; a rule whose last day has passed leaves the list.

    Refuses: NotFound, RuleWrong (a day before today), TariffWrong (it is the last that fits every sale).
    """
    rules = _current(ctx)
    place = _place_of(rules, rule_id)
    if last_on < ctx.at.date():
        raise RuleWrong(field="valid_to", reason="lies in the past.")
    field, reason = fault_of_rule(ended := replace(rules[place], valid_to=last_on))
    if field:
        raise RuleWrong(field=field, reason=reason)
    _publish(ctx, [*rules[:place], ended, *rules[place + 1 :]])


@command(scope="tariff:write")
def admit_to_programme(ctx: Context, *, seller_id: UUID, programme: str) -> None:
    """Let a seller into a programme that rules may ask for; an empty name lets it go. Counts for orders from now on.

    Refuses: NotFound (the seller), Invalid (a name too long or not printable).
    """
    name = " ".join(programme.split())
    if len(name) > PROGRAMME_LONGEST or not name.isprintable():
        raise Invalid(field="programme", reason=f"has at most {PROGRAMME_LONGEST} characters.")
    if seller_id not in sellers_by_id([seller_id]):
        raise NotFound(what="seller")
    hold(f"programme:{seller_id}")
    seats = ProgrammeSeat.objects.of(ctx)
    seat = seats.filter(seller_id=seller_id).first()
    if (seat.programme if seat else "") == name:
        return
    before = {"programme": seat.programme if seat else ""}
    if name:
        seat, _ = seats.update_or_create(
            seller_id=seller_id,
            defaults={"programme": name, "since_at": ctx.at},
            create_defaults={"programme": name, "since_at": ctx.at},
        )
    assert seat is not None  # a name that changed to empty had a seat
    audit.record(ctx, audit.subject_of(seat), before, {"programme": name})
    if not name:
        seat.delete()


def _current(ctx: Context) -> list[CommissionRule]:
    """The list now, under the lock of who changes it, without what has ended."""
    hold("tariff")
    today = ctx.at.date()
    return [rule for rule in edition_at(ctx.at).rules if rule.valid_to is None or rule.valid_to >= today]


def _place_of(rules: Sequence[CommissionRule], rule_id: str) -> int:
    for place, rule in enumerate(rules):
        if rule.rule_id == rule_id:
            return place
    raise NotFound(what="rule")


def _publish(ctx: Context, rules: Sequence[CommissionRule]) -> None:
    """A new edition, in force from now; the trail keeps both lists."""
    before = edition_at(ctx.at).rules
    if tuple(rules) == before:
        return
    reason = fault_of_tariff(rules, ctx.at.date())
    if reason:
        raise TariffWrong(reason=reason)
    edition = Tariff.objects.create(made_at=ctx.at, made_by=ctx.actor.label[:200], rules=written(rules))
    audit.record(ctx, audit.subject_of(edition), *_differences(before, rules))


def _said(rule: CommissionRule) -> str:
    """A rule in one line: what of it is not empty."""
    facts = written([rule])[0]
    return ", ".join(f"{name} {value}" for name, value in facts.items() if value not in ("", None, 0))


def _differences(
    before: Sequence[CommissionRule], after: Sequence[CommissionRule]
) -> tuple[dict[str, object], dict[str, object]]:
    """What of the list changed: its order, and the rules that are not the same."""
    old, new = ({rule.rule_id: _said(rule) for rule in rules} for rules in (before, after))
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    orders = [", ".join(rule.rule_id for rule in rules) for rules in (before, after)]
    return (
        {"order": orders[0], **{name: old[name] for name in changed if name in old}},
        {"order": orders[1], **{name: new[name] for name in changed if name in new}},
    )
