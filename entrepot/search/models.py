"""Tables of the search room: what ranks a product, and how far the index has followed the journal."""

from __future__ import annotations

from django.db import models


class Score(models.Model):
    """What shoppers' acts say of a product. Written by higher rooms through `save_scores`."""

    product_id = models.UUIDField(primary_key=True)
    rating_tenths = models.SmallIntegerField(default=0)  # average stars × 10; 0: none
    ratings = models.IntegerField(default=0)
    sold = models.IntegerField(default=0)  # pieces in the last 90 days


class Followed(models.Model):
    """How far an index has followed something that only grows."""

    name = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField(default=0)
