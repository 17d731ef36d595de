"""Facts the markets room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MarketLaunched:
    """A market went to `state` (pilot or live)."""

    code: str
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MarketClosed:
    """A market takes no new orders; what was bought is still delivered, returned and paid."""

    code: str
    at: datetime
