"""Where a run's files lie: under the run's own id, never under a name that was sent."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings

from entrepot.feeds.rows import FeedFile


def home_of(run_id: UUID) -> Path:
    """The run's directory."""
    return Path(settings.ENTREPOT_HOME) / "imports" / run_id.hex


def keep_files(run_id: UUID, files: Sequence[FeedFile]) -> None:
    """Write the files as 0, 1, 2 …, and their names into a list."""
    home = home_of(run_id)
    home.mkdir(parents=True, exist_ok=True)
    for position, file in enumerate(files):
        (home / str(position)).write_bytes(file.content)
    (home / "names.json").write_text(json.dumps([file.name[:200] for file in files]))


def kept_files(run_id: UUID) -> list[FeedFile]:
    """The files as they were sent. Raises FileNotFoundError when they were cleared away."""
    home = home_of(run_id)
    names = json.loads((home / "names.json").read_text())
    return [FeedFile(name, (home / str(position)).read_bytes()) for position, name in enumerate(names)]


def forget_files(run_id: UUID) -> None:
    """Clear a run's directory."""
    shutil.rmtree(home_of(run_id), ignore_errors=True)


def digest_of(files: Sequence[FeedFile]) -> str:
    """SHA-256 over all files, the main one first."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(hashlib.sha256(file.content).digest())
    return whole.hexdigest()


def kept_runs() -> list[UUID]:
    """Runs whose files are still there."""
    home = Path(settings.ENTREPOT_HOME) / "imports"
    return [UUID(hex=path.name) for path in home.iterdir() if len(path.name) == 32] if home.is_dir() else []
