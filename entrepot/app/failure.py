"""How a command of the operator's fails: one sentence, what to do, and an exit code."""

from __future__ import annotations

from typing import Final

USAGE: Final = 2
NOT_FOUND: Final = 3
CONFLICT: Final = 4
VALIDATION: Final = 5
RETRY: Final = 75


class Failure(Exception):
    """Ends a command with a sentence on stderr. Nothing was left half done."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.code = code
