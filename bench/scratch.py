"""What the intake's benchmarks share: a scratch PostgreSQL with fsync on, and the machine's own figures."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def settle_environment(home: str) -> None:
    """Settings of a product of its own in `home`; before anything of entrepot is imported."""
    os.environ.update(ENTREPOT_HOME=home, DJANGO_SETTINGS_MODULE="entrepot.app.settings")
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault(
        "NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / f"entrepot-numba-{os.getuid()}")
    )


@contextmanager
def scratch_product() -> Iterator[tuple[Path, str]]:
    """(home, dsn): an embedded PostgreSQL as `make up` starts it (fsync on), with the intake's tables; deleted afterwards."""
    home = Path(tempfile.mkdtemp(prefix="entrepot-bench-", dir=os.environ.get("ENTREPOT_BENCH_DIR")))
    home.chmod(0o755)
    settle_environment(str(home))
    from entrepot.app.config import load
    from entrepot.app.postgres import Cluster

    config = load()
    cluster = Cluster(home=config.home, sockets=config.sockets, password=config.database_password)
    try:
        cluster.start()
        cluster.make_database("entrepot")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", "intake", verbosity=0)
        from entrepot.intake.queries import database_dsn

        yield home, database_dsn()
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def fsync_ms(folder: Path, times: int = 300) -> list[float]:
    """How long this disk takes to make 8 KB durable, sorted, in milliseconds."""
    path = folder / "fsync"
    took = []
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        for i in range(times):
            os.pwrite(handle, b"x" * 8192, i * 8192)
            began = time.perf_counter()
            os.fdatasync(handle)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(handle)
        path.unlink()
    return sorted(took)


def at_percent(values: list[float], percent: float) -> float:
    """The value below which so many percent lie (values sorted)."""
    return values[min(len(values) - 1, int(len(values) * percent / 100))] if values else float("nan")


def machine() -> dict[str, Any]:
    """What it ran on."""
    import platform

    name = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            name = line.split(":", 1)[1].strip()
            break
    return {
        "cpu": name,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def say(text: str) -> None:
    """Progress goes to stderr; stdout is for results."""
    print(text, file=sys.stderr, flush=True)
