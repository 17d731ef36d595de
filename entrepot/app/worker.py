"""The worker: reactions to facts and to the clock, jobs, and the projection of the journal. One process, four threads."""

from __future__ import annotations

import hashlib
import importlib
import logging
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import django
from django.db import close_old_connections, connection

log = logging.getLogger(__name__)
JUMP = timedelta(minutes=5)  # more than a slow round of reactions takes


def _marked(mark: str) -> Iterator[tuple[str, Any]]:
    """(room.name, function) of every function in a room's reactions.py that carries this mark."""
    from django.apps import apps

    for config in apps.get_app_configs():
        if not config.name.startswith("entrepot."):
            continue
        name = f"{config.name}.reactions"
        if importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        for function in vars(module).values():
            if hasattr(function, mark) and function.__module__ == name:
                yield f"{config.label}.{function.__name__}", function


def reactions_by_fact() -> dict[str, list[tuple[str, type, Callable[..., None]]]]:
    """What `kit.outbox.relay` needs: fact kind → reactions, lower rooms first."""
    from entrepot.kit.outbox import kind_of

    found: dict[str, list[tuple[str, type, Callable[..., None]]]] = defaultdict(list)
    for name, function in _marked("reacts_to"):
        found[kind_of(function.reacts_to)].append((name, function.reacts_to, function))
    return dict(found)


def clock_reactions() -> list[tuple[str, int, Callable[..., None]]]:
    """(name, seconds, function) of everything that runs on the clock."""
    return [(name, function.runs_every_s, function) for name, function in _marked("runs_every_s")]


def job_runners() -> dict[str, Callable[..., Any]]:
    """Job kind → the function that does it."""
    return {function.runs_job: function for _, function in _marked("runs_job")}


def run_clock_reaction(name: str, function: Callable[..., None]) -> bool:
    """Run one clock reaction unless another worker is at it; True when it ran here."""
    from entrepot.kit import clock
    from entrepot.kit.context import system_context

    number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        row = cursor.fetchone()
        if not row or not row[0]:
            return False
        try:
            function(system_context(at=clock.now(), cause=f"clock:{name}"))
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
    return True


def context_of_job(row: Any) -> Any:
    """The context of the person who asked for a job; the system's when nobody did."""
    from entrepot.kit import clock
    from entrepot.kit.context import Context, system_context
    from entrepot.parties.queries import actor_for_user, operator_roles_of_user

    if row.user_id is None:
        return system_context(at=clock.now(), cause=f"job:{row.id}")
    is_operator = row.seller_id is None and bool(operator_roles_of_user(row.user_id))
    actor, scopes = actor_for_user(row.user_id, as_seller=row.seller_id, as_operator=is_operator)
    return Context(actor=actor, at=clock.now(), scopes=scopes, cause=f"job:{row.id}")


class Worker:
    """Threads that stop together when asked."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def _forever(self, name: str, once: Callable[[], bool], idle_s: float) -> None:
        """Call `once` until stopped; rest when it found nothing to do, longer after an error."""
        while not self.stop.is_set():
            try:
                busy = once()
                pause = 0.0 if busy else idle_s
            except Exception:  # a broken database or a bug: logged, tried again, never a silent end
                log.exception("%s failed; trying again", name)
                pause = 2.0
                connection.close()
            if pause:
                self.stop.wait(pause)
        connection.close()

    def relay(self) -> None:
        """Facts to reactions: woken by NOTIFY, and once a second in any case."""
        from entrepot.kit.outbox import CHANNEL, relay

        reactions = reactions_by_fact()
        state = {"listening": False}

        def once() -> bool:
            if not state["listening"] or connection.connection is None:
                with connection.cursor() as cursor:
                    cursor.execute(f"LISTEN {CHANNEL}")
                state["listening"] = True
            if relay(reactions):
                return True
            for _ in connection.connection.notifies(timeout=1.0, stop_after=1):
                pass
            return True

        self._forever("relay", once, 1.0)

    def clock(self) -> None:
        """What runs every so many seconds; all of it at once when somebody moves the pilot's clock."""
        from entrepot.kit import clock

        reactions = clock_reactions()
        due = {name: 0.0 for name, _, _ in reactions}
        seen = {"at": clock.now()}

        def once() -> bool:
            before, seen["at"] = seen["at"], clock.now()
            if seen["at"] - before > JUMP:
                due.update(dict.fromkeys(due, 0.0))
            for name, seconds, function in reactions:
                if time.monotonic() >= due[name] and not self.stop.is_set():
                    due[name] = time.monotonic() + seconds
                    try:
                        run_clock_reaction(name, function)
                    except Exception:  # one reaction's failure must not starve the others
                        log.exception("clock reaction %s failed", name)
                        close_old_connections()
            return False

        self._forever("clock", once, 0.5)

    def jobs(self) -> None:
        """Long work, one at a time."""
        from entrepot.kit.jobs import requeue_orphans, run_next_job

        runners = job_runners()
        requeue_orphans()
        self._forever("jobs", lambda: run_next_job(runners, context_of_job), 0.5)

    def projection(self) -> None:
        """Journal to tables."""
        from entrepot.app.projection import projector

        projector().run_forever(self.stop)
        connection.close()

    def run(self) -> None:
        """Run all threads until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        threads = [
            threading.Thread(target=target, name=target.__name__)
            for target in (self.relay, self.clock, self.jobs, self.projection)
        ]
        for thread in threads:
            thread.start()
        while not self.stop.wait(1.0):
            for thread in threads:
                if not thread.is_alive():
                    log.critical(
                        "the %s thread ended; stopping so that the supervisor starts afresh", thread.name
                    )
                    self.stop.set()
        for thread in threads:
            thread.join(20)


def settle() -> int:
    """Run every open reaction now, in this process (loaders and tests); returns how many facts were closed."""
    from entrepot.kit.outbox import relay

    reactions = reactions_by_fact()
    closed = 0
    while done := relay(reactions, limit=1000):
        closed += done
    return closed


def main() -> None:
    django.setup()
    Worker().run()


if __name__ == "__main__":
    main()
