"""A command is one permission, one transaction; its key answers once; its facts go out with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import pytest

from entrepot.kit import audit, locks
from entrepot.kit.command import command, was_replayed
from entrepot.kit.context import Actor, Context, system_context
from entrepot.kit.errors import Invalid, KeyReused, NotAllowed
from entrepot.kit.ids import new_id
from entrepot.kit.jobs import Progress, requeue_orphans, run_next_job, start_job
from entrepot.kit.models import AuditEntry, Job, OutboxFact
from entrepot.kit.outbox import MAX_ATTEMPTS, kind_of, relay

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Painted:
    colour: str
    by: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    number: int
    colour: str


calls: list[str] = []


@command(scope="walls:paint")
def paint_wall(ctx: Context, *, colour: str) -> Answer:
    """Paint."""
    calls.append(colour)
    ctx.announce(Painted(colour, new_id()))
    if colour == "void":
        raise Invalid(field="colour", reason="is no colour.")
    return Answer(len(calls), colour)


@command(scope="walls:plan")
def paint_twice(ctx: Context, *, colour: str) -> int:
    """Joins the inner command: one permission, one transaction."""
    paint_wall(ctx, colour=colour)
    paint_wall(ctx, colour="void" if colour == "bad" else colour)
    return 2


@command(scope="walls:plan")
def ask_for_work(ctx: Context, *, params: dict[str, int]) -> UUID:
    """Start a job."""
    return start_job(ctx, "walls.count", "Count", params)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    calls.clear()


def someone(*scopes: str, key: str = "") -> Context:
    return Context(Actor("operator", "Marta", new_id(), user_id=7), NOW, frozenset(scopes), key)


@pytest.mark.django_db
def test_no_permission_no_effect() -> None:
    with pytest.raises(NotAllowed):
        paint_wall(someone("walls:look"), colour="red")
    assert calls == []
    assert not OutboxFact.objects.exists()


@pytest.mark.django_db
def test_facts_are_stored_with_the_command_and_only_then() -> None:
    ctx = someone("walls:paint")
    paint_wall(ctx, colour="red")
    fact = OutboxFact.objects.get()
    assert (fact.kind, fact.body["colour"]) == (kind_of(Painted), "red")
    with pytest.raises(Invalid):
        paint_wall(ctx, colour="void")
    assert OutboxFact.objects.count() == 1
    assert ctx.facts == []


@pytest.mark.django_db
def test_an_inner_command_joins_and_falls_with_the_outer() -> None:
    paint_twice(someone("walls:plan"), colour="red")
    assert OutboxFact.objects.count() == 2
    with pytest.raises(Invalid):
        paint_twice(someone("walls:plan"), colour="bad")
    assert OutboxFact.objects.count() == 2


@pytest.mark.django_db
def test_a_repeated_key_gives_the_first_answer() -> None:
    ctx = someone("walls:paint", key="once")
    first = paint_wall(ctx, colour="red")
    was_replayed.set(False)
    again = paint_wall(ctx, colour="red")
    assert again == first == Answer(1, "red")
    assert was_replayed.get()
    assert calls == ["red"]
    assert OutboxFact.objects.count() == 1


@pytest.mark.django_db
def test_a_key_is_bound_to_its_arguments_and_its_owner() -> None:
    ctx = someone("walls:paint", key="once")
    paint_wall(ctx, colour="red")
    with pytest.raises(KeyReused):
        paint_wall(ctx, colour="blue")
    paint_wall(someone("walls:paint", key="once"), colour="blue")  # another person's key of the same name
    assert calls == ["red", "blue"]


@command(scope="walls:paint")
def mix_colours(ctx: Context, *, parts: dict[int, int]) -> int:
    """A command whose argument is keyed by numbers."""
    return sum(parts.values())


@pytest.mark.django_db
def test_arguments_keyed_by_numbers_are_told_apart_too() -> None:
    ctx = someone("walls:paint", key="once")
    assert mix_colours(ctx, parts={1: 2, 2: 3}) == mix_colours(ctx, parts={2: 3, 1: 2}) == 5
    with pytest.raises(KeyReused):
        mix_colours(ctx, parts={1: 3, 2: 2})


@pytest.mark.django_db
def test_a_refused_command_leaves_its_key_free() -> None:
    ctx = someone("walls:paint", key="once")
    with pytest.raises(Invalid):
        paint_wall(ctx, colour="void")
    assert paint_wall(ctx, colour="red").colour == "red"


@pytest.mark.django_db
def test_a_reaction_runs_once_however_often_the_relay_does() -> None:
    paint_wall(someone("walls:paint"), colour="red")
    seen: list[str] = []

    def react(ctx: Context, fact: Painted) -> None:
        seen.append(f"{fact.colour} {ctx.key}")

    reactions = {kind_of(Painted): [("walls.react", Painted, react)]}
    assert relay(reactions) == 1
    assert relay(reactions) == 0
    assert seen == [f"red fact:{OutboxFact.objects.get().pk}:walls.react"]


@pytest.mark.django_db
def test_a_failing_reaction_is_tried_again_and_parked_for_a_person() -> None:
    paint_wall(someone("walls:paint"), colour="red")
    paint_wall(someone("walls:paint"), colour="blue")

    def react(ctx: Context, fact: Painted) -> None:
        if fact.colour == "red":
            raise RuntimeError("no ladder")

    reactions = {kind_of(Painted): [("walls.react", Painted, react)]}
    assert relay(reactions) == 1  # blue is not held up by red
    red = OutboxFact.objects.get(done_at=None)
    assert red.attempts == 1
    assert "no ladder" in red.last_error
    for _ in range(MAX_ATTEMPTS):
        OutboxFact.objects.filter(pk=red.pk).update(next_try_at=None)
        relay(reactions)
    red.refresh_from_db()
    assert red.parked
    assert red.attempts == MAX_ATTEMPTS


@pytest.mark.django_db
def test_locks_belong_inside_a_command() -> None:
    locks.hold("b", "a")  # the test runs inside a transaction


@pytest.mark.django_db(transaction=True)
def test_locks_refuse_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        locks.hold("a")


@pytest.mark.django_db
def test_a_change_is_audited_with_before_and_after() -> None:
    job_id = ask_for_work(someone("walls:plan"), params={"n": 3})
    row = Job.objects.get(pk=job_id)
    assert audit.change(someone(), row, title="Count again", kind="walls.count")
    assert not audit.change(someone(), row, title="Count again")
    entry = AuditEntry.objects.get()
    assert (entry.before, entry.after) == ({"title": "Count"}, {"title": "Count again"})
    assert (entry.actor_label, entry.user_id) == ("Marta", 7)


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_once_shows_progress_and_can_be_cancelled() -> None:
    ctx = someone("walls:plan")
    first = ask_for_work(ctx, params={"n": 3})
    second = ask_for_work(ctx, params={"n": 10**6})

    def count(job_ctx: Context, progress: Progress, params: dict[str, int]) -> dict[str, int]:
        progress.total = params["n"]
        if params["n"] > 10:
            Job.objects.filter(pk=progress.job_id).update(cancel_asked=True)
        for _ in range(params["n"]):
            progress.step()
            progress._written_at = 0.0
        return {"counted": progress.done}

    def as_system(row: Job) -> Context:
        return system_context(at=NOW, cause=f"job:{row.id}")

    runners = {"walls.count": count}
    assert run_next_job(runners, as_system)
    assert run_next_job(runners, as_system)
    assert not run_next_job(runners, as_system)
    done, cancelled = Job.objects.get(pk=first), Job.objects.get(pk=second)
    assert (done.state, done.result, done.done) == ("done", {"counted": 3}, 3)
    assert cancelled.state == "cancelled"
    assert cancelled.done < 10


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_died_is_put_back() -> None:
    job_id = ask_for_work(someone("walls:plan"), params={"n": 1})
    Job.objects.filter(pk=job_id).update(state="running")
    assert requeue_orphans() == 1
    assert Job.objects.get(pk=job_id).state == "waiting"
