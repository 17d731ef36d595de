"""What the kit itself holds of a person, when they ask to be erased: the trail keeps who did what and when by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from entrepot.kit.models import AuditEntry, IdempotentAnswer, OutboxFact


def forget_person(*, user_id: int, party_id: UUID, subject: str, facts: Mapping[str, str]) -> None:
    """Take a person's words out of the trail, of facts that were announced and of stored answers.

    Entries stay with their command, time and account number; of those on `subject` and of the person's own acts as a
    buyer the values go and the names of the fields stay. `facts`: kind → the field of facts with this `user_id` to blank.
    """
    mine = Q(user_id=user_id) & ~Q(actor_kind="seller")  # a seller's acts carry the name of the shop
    AuditEntry.objects.filter(mine).update(actor_label="")
    for entry in AuditEntry.objects.filter(Q(user_id=user_id, actor_kind="buyer") | Q(subject=subject)):
        entry.before, entry.after = _without_values(entry.before), _without_values(entry.after)
        entry.save(update_fields=["before", "after"])
    for kind, field in facts.items():
        for fact in OutboxFact.objects.filter(kind=kind, body__user_id=user_id):
            fact.body = fact.body | {field: ""}
            fact.save(update_fields=["body"])
    IdempotentAnswer.objects.filter(who=f"buyer:{party_id}").delete()


def _without_values(said: dict[str, Any]) -> dict[str, Any]:
    return dict.fromkeys(said)
