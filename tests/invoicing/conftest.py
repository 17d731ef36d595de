"""The orders' world: Spain is open and the clock is the test's."""

from tests.orders.conftest import clock, spain  # noqa: F401
