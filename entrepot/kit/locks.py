"""Named advisory locks, taken sorted, inside a command only."""

from __future__ import annotations

import hashlib

from django.db import connection


def hold(*names: str) -> None:
    """Hold these locks until the transaction ends. Sorted, so two commands never wait for each other.

    Raises RuntimeError outside a transaction. The command's lock limit (3 s) applies.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("locks.hold() belongs inside a command")
    with connection.cursor() as cursor:
        for name in sorted(set(names)):
            number = int.from_bytes(
                hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True
            )
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
