"""The Jinja2 environment of every page."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, StrictUndefined


def make_environment(**options: Any) -> Environment:
    """Auto-escaping, strict about missing names."""
    return Environment(**options | {"undefined": StrictUndefined, "autoescape": True})
