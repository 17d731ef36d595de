"""Configuration: one typed file, environment only, checked at start.

Every variable is listed here with its default; `entrepot doctor` prints the values in force.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[2]

# What each payment provider needs to be told, and what it may be told besides.
PROVIDERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sandbox": ((), ()),
    "stripe": (("ENTREPOT_STRIPE_KEY", "ENTREPOT_STRIPE_WEBHOOK_SECRET"), ("ENTREPOT_STRIPE_URL",)),
    "alipay": (
        ("ENTREPOT_ALIPAY_APP_ID", "ENTREPOT_ALIPAY_KEY_FILE", "ENTREPOT_ALIPAY_PUBLIC_KEY_FILE"),
        ("ENTREPOT_ALIPAY_URL",),
    ),
    "sepa": (("ENTREPOT_BANK_IBAN", "ENTREPOT_BANK_HOLDER"), ("ENTREPOT_BANK_BIC",)),
}


class ConfigError(Exception):
    """A setting that cannot work; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the environment says. Ports are TCP on 127.0.0.1; the edge listens on `port + 1`."""

    home: Path
    port: int
    mode: str
    database_url: str
    base_url: str
    edge_url: str
    web_workers: int
    secret_key: str
    database_password: str
    provider_secret: str
    payment_providers: tuple[str, ...]
    provider_settings: dict[str, str]
    log_level: str

    @property
    def is_pilot(self) -> bool:
        """A pilot has test money, a movable clock, mail on disk and known logins."""
        return self.mode == "pilot"

    @property
    def edge_port(self) -> int:
        return self.port + 1

    @property
    def sockets(self) -> Path:
        """Directory of unix sockets, one per data directory.

        A socket's path must stay under 100 bytes, and the user whom root hands PostgreSQL to must reach it.
        """
        inside = self.home / "run"
        if len(str(inside)) <= 60 and (os.geteuid() != 0 or is_reachable(self.home)):
            return inside
        return Path("/tmp") / f"entrepot-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"  # noqa: S108

    @property
    def media(self) -> Path:
        return self.home / "media"

    @property
    def clock_file(self) -> Path:
        return self.home / "clock-offset"

    def database(self) -> dict[str, object]:
        """Django's DATABASES entry: the server that DATABASE_URL names, else the embedded one."""
        shared: dict[str, object] = {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600}
        if not self.database_url:
            return shared | {
                "NAME": "entrepot",
                "USER": "entrepot",
                "PASSWORD": self.database_password,
                "HOST": str(self.sockets),
                "PORT": "5432",
            }
        url = urlsplit(self.database_url)
        if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
            raise ConfigError("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
        return shared | {
            "NAME": unquote(url.path.strip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(url.port or 5432),
        }


def is_reachable(path: Path) -> bool:
    """Whether other users may walk to this path."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents) if parent.exists())


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1024 <= int(text) <= 65000:
        raise ConfigError(f"PORT is “{text}”, but must be a whole number from 1024 to 65000.")
    return int(text)


def _provider_settings(env: Mapping[str, str], providers: tuple[str, ...]) -> dict[str, str]:
    """What the named providers were told."""
    found: dict[str, str] = {}
    for provider in providers:
        needed, more = PROVIDERS[provider]
        for name in needed:
            if not env.get(name):
                raise ConfigError(f"ENTREPOT_PAYMENT_PROVIDERS names {provider}: set {name} too.")
            if name.endswith("_FILE") and not Path(env[name]).is_file():
                raise ConfigError(f"{name} is “{env[name]}”, but there is no such file.")
        found |= {name: env[name].strip() for name in needed + more if env.get(name)}
    return found


def _secrets(home: Path) -> dict[str, str]:
    """Random secrets made once per data directory, readable by the owner only."""
    path = home / "secrets.json"
    names = ("secret_key", "database_password", "provider_secret")
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        pass
    made = {name: secrets.token_urlsafe(48) for name in names}
    try:
        home.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"secrets.{os.getpid()}.new")
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
        try:
            os.link(scratch, path)  # the first process wins; the others read its file
        except FileExistsError:
            return dict(json.loads(path.read_text()))
        finally:
            scratch.unlink()
    except OSError as error:
        raise ConfigError(
            f"The data directory {home} cannot be written ({error.strerror}). Free some space or set ENTREPOT_HOME "
            "to a directory you may write to."
        ) from error
    return made


@cache
def load() -> Config:
    """Read the environment once. Raises ConfigError with a clear sentence."""
    env = os.environ
    home = Path(env.get("ENTREPOT_HOME") or CHECKOUT / ".entrepot").expanduser().absolute()
    port = _port(env.get("PORT") or "8000")
    mode = env.get("ENTREPOT_MODE") or "pilot"
    if mode not in {"pilot", "production"}:
        raise ConfigError(f"ENTREPOT_MODE is “{mode}”, but must be pilot or production.")
    base_url = (env.get("ENTREPOT_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    if mode == "production" and not base_url.startswith("https://"):
        raise ConfigError("In production ENTREPOT_BASE_URL must be the public https:// address.")
    # Behind a reverse proxy the edge's paths (/orders, /stream, /room) are usually taken from the same address.
    edge_url = env.get("ENTREPOT_EDGE_URL") or (
        base_url if mode == "production" else f"http://127.0.0.1:{port + 1}"
    )
    workers = env.get("ENTREPOT_WEB_WORKERS") or "3"
    if not workers.isdigit() or not 1 <= int(workers) <= 64:
        raise ConfigError(f"ENTREPOT_WEB_WORKERS is “{workers}”, but must be a whole number from 1 to 64.")
    providers = tuple(
        (env.get("ENTREPOT_PAYMENT_PROVIDERS") or ("sandbox" if mode == "pilot" else "")).split()
    )
    unknown = sorted(set(providers) - PROVIDERS.keys())
    if unknown:
        known = ", ".join(PROVIDERS)
        raise ConfigError(f"ENTREPOT_PAYMENT_PROVIDERS names “{unknown[0]}”; known are: {known}.")
    if mode == "production" and "sandbox" in providers:
        raise ConfigError(
            "ENTREPOT_PAYMENT_PROVIDERS names the sandbox, which pays with play money. It runs in a pilot only."
        )
    made = _secrets(home)
    return Config(
        home=home,
        port=port,
        mode=mode,
        database_url=env.get("DATABASE_URL", ""),
        base_url=base_url,
        edge_url=edge_url.rstrip("/"),
        web_workers=int(workers),
        secret_key=env.get("ENTREPOT_SECRET_KEY") or made["secret_key"],
        database_password=made["database_password"],
        provider_secret=env.get("ENTREPOT_PROVIDER_SECRET") or made["provider_secret"],
        payment_providers=providers,
        provider_settings=_provider_settings(env, providers),
        log_level=(env.get("ENTREPOT_LOG") or ("WARNING" if sys.stderr.isatty() else "INFO")).upper(),
    )
