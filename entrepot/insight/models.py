"""Tables of the insight room."""

from __future__ import annotations

from django.db import models


class PageCount(models.Model):
    """How many pages of a kind were asked for in an hour. No person, no cookie, no address: nothing to consent to."""

    hour_at = models.DateTimeField()
    market = models.CharField(max_length=2)
    step = models.CharField(max_length=12)  # visit product cart checkout
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hour_at", "market", "step"], name="insight_page_count_once")
        ]


class RequoteRun(models.Model):
    """How far the requote of a day has come. Its pages are transactions of their own: an interrupted run goes on."""

    on = models.DateField(primary_key=True)
    after_id = models.UUIDField(null=True)  # the last product that is done
    products = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    is_done = models.BooleanField(default=False)
