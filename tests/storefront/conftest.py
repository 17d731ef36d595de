"""A browser without JavaScript, and a process that remembers nothing of the last test."""

from __future__ import annotations

import pytest
from django.test import Client

from entrepot.catalog.queries import forget_categories
from entrepot.storefront import news, places
from entrepot.storefront.views import home, lists


@pytest.fixture
def client() -> Client:
    return Client(HTTP_ACCEPT_LANGUAGE="es-ES,es;q=0.9", HTTP_HOST="127.0.0.1")


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test begins with a process that remembers nothing."""
    places._open.update(read_at=-1e9, markets=())
    forget_categories()
    for kept in news.Kept.everything:
        kept.rows.clear()
    lists._kept.clear()
    home._kept.clear()
    news._Ear.heard_at, news._Ear.last, news._Ear.seen = -1e9, 0, set()
