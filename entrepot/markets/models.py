"""Tables of the markets room: which packs are switched on, and what stands in the way of the others."""

from __future__ import annotations

from django.db import models

from entrepot.kit.ids import new_id


class Market(models.Model):
    """The state of one country. A country without a row is a draft; its facts lie in rules/*.csv."""

    code = models.CharField(primary_key=True, max_length=2)
    state = models.CharField(
        max_length=6, choices=[(name, name) for name in ("draft", "pilot", "live", "closed")], default="draft"
    )
    visitor_share_bp = models.IntegerField(default=10_000)  # of a pilot's visitors who see it
    # Whose offers are carried over and follow their prices; empty: sellers set theirs here.
    offers_from = models.CharField(max_length=2, blank=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)


class ReadinessFinding(models.Model):
    """What a room above reported about a market: an item of the checklist that is done, or a blocker."""

    market = models.CharField(max_length=2)
    item = models.CharField(max_length=40)
    is_ready = models.BooleanField()
    sentence = models.CharField(max_length=300)  # a template with {fact} places
    facts = models.JSONField(default=dict)
    fix_url = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "item"], name="readiness_market_item")]


class Invitation(models.Model):
    """A link that lets somebody into a market's pilot. The token is not kept, only its digest."""

    id = models.UUIDField(primary_key=True, default=new_id)
    market = models.CharField(max_length=2)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token
    label = models.CharField(max_length=120)  # who it is for, in the operator's words
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class RateRefresh(models.Model):
    """A try to fetch newer exchange rates, and how it ended."""

    at = models.DateTimeField()
    is_done = models.BooleanField()
    sentence = models.CharField(max_length=300)
