"""Play money never runs a real market."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("providers", "says"),
    [
        ("sandbox", "play money"),
        ("sandbox paypal", "known are: sandbox, stripe, alipay, sepa"),
        ("stripe", "set ENTREPOT_STRIPE_KEY"),
        ("alipay", "set ENTREPOT_ALIPAY_APP_ID"),
        ("sepa", "set ENTREPOT_BANK_IBAN"),
    ],
)
def test_production_refuses_to_start_with_the_sandbox(tmp_path: Path, providers: str, says: str) -> None:
    env = os.environ | {
        "ENTREPOT_HOME": str(tmp_path),
        "ENTREPOT_MODE": "production",
        "ENTREPOT_BASE_URL": "https://market.example",
        "ENTREPOT_PAYMENT_PROVIDERS": providers,
    }
    words = [sys.executable, "-c", "from entrepot.app.config import load; load()"]
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert says in done.stderr
    env["ENTREPOT_PAYMENT_PROVIDERS"] = ""
    assert subprocess.run(words, env=env, check=False).returncode == 0
