"""Tables of the markets room: which packs are switched on, and what stands in the way of the others."""

from __future__ import annotations

from django.db import models


class Market(models.Model):
    """The state of one country. A country without a row is a draft; its facts lie in rules/*.csv."""

    code = models.CharField(primary_key=True, max_length=2)
    state = models.CharField(
        max_length=6, choices=[(name, name) for name in ("draft", "pilot", "live", "closed")], default="draft"
    )
    visitor_share_bp = models.IntegerField(default=10_000)  # of a pilot's visitors who see it
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
