"""Planted bugs, one a patch: each must be caught by the suites. `python -m tests.intake.mutants` shows it."""
