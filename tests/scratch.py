"""Where a test run keeps its data: one directory a run, one data directory a worker in it.

Named as a plugin in pyproject.toml, because Django's settings read the environment before any conftest is loaded: without
it the workers would share the pictures, the search index and the mail of one data directory.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# The first process makes it, xdist's workers inherit it.
IS_OWNER = "ENTREPOT_TEST_RUN" not in os.environ
if IS_OWNER:
    os.environ["ENTREPOT_TEST_RUN"] = tempfile.mkdtemp(prefix="entrepot-test-")
    Path(os.environ["ENTREPOT_TEST_RUN"]).chmod(0o755)
RUN = Path(os.environ["ENTREPOT_TEST_RUN"])
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
os.environ["ENTREPOT_HOME"] = str(RUN / WORKER)
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("PORT", "8099")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.app.settings")
