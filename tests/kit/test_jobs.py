"""Jobs stand in the caller's transaction, and none is lost with the worker that had it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import procrastinate.schema
import pytest
from pydantic import SecretStr
from sqlmodel import Session

from deploy.engines import Engines
from services.kit import context, jobs
from services.kit.jobs import Jobs, defer, defer_once
from tests.kit.events import stations
from tests.kit.events.stations import Station, background, until


@pytest.fixture
def alpha(engines: Engines) -> Iterator[Station]:
    made = stations.station(engines, "alpha")
    yield made
    made.engine.dispose()


class Diary:
    """A part's tasks, which write down what they were called with."""

    def __init__(self) -> None:
        self.jobs = Jobs("alpha")
        self.entries: list[object] = []
        self.failures = 0
        self.note = self.jobs.task()(self._note("note"))
        self.note_with_retries = self.jobs.task(retries=2)(self._note("note_with_retries"))

    def _note(self, name: str) -> Callable[..., None]:
        def note(*, value: object) -> None:
            if self.failures:
                self.failures -= 1
                raise LookupError
            self.entries.append((value, context.request_id.get()))

        note.__name__ = name
        return note


def work_until(alpha: Station, diary: Diary, holds: Callable[[], bool]) -> None:
    """Run alpha's worker until something holds."""

    async def story() -> None:
        async with background(lambda: diary.jobs.run(SecretStr(alpha.database.url))):
            await until(holds)

    asyncio.run(story())


def states(alpha: Station) -> list[str]:
    return [state for (state,) in alpha.rows("SELECT status::text FROM procrastinate_jobs ORDER BY id")]


def test_a_job_stands_or_falls_with_the_callers_transaction(alpha: Station) -> None:
    diary = Diary()
    with Session(alpha.engine) as session:
        defer(session, diary.note, value=1)
        session.rollback()
        token = context.request_id.set("request-1")
        defer(session, diary.note, value=2)
        context.request_id.reset(token)
        session.commit()
    work_until(alpha, diary, lambda: states(alpha) == ["succeeded"])
    assert diary.entries == [(2, "request-1")]


def test_a_job_deferred_while_the_worker_waits_runs_at_once(alpha: Station) -> None:
    diary = Diary()

    async def story() -> None:
        async with background(lambda: diary.jobs.run(SecretStr(alpha.database.url))):
            await until(lambda: alpha.ask("SELECT count(*) FROM procrastinate_workers") == 1)
            await asyncio.sleep(0.3)
            started = asyncio.get_running_loop().time()
            # In the worker's own process, where its pool is open.
            await asyncio.to_thread(defer_here)
            await until(lambda: diary.entries != [])
            assert asyncio.get_running_loop().time() - started < 1

    def defer_here() -> None:
        with Session(alpha.engine) as session, session.begin():
            defer(session, diary.note, value=1)

    asyncio.run(story())


def test_a_task_that_fails_is_tried_again_as_often_as_it_says(alpha: Station) -> None:
    diary = Diary()
    with Session(alpha.engine) as session, session.begin():
        defer(session, diary.note_with_retries, value=1)
        defer(session, diary.note, value=2)
    diary.failures = 2  # each of the two fails once
    work_until(alpha, diary, lambda: sorted(states(alpha)) == ["failed", "todo"])
    alpha.run("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    work_until(alpha, diary, lambda: sorted(states(alpha)) == ["failed", "succeeded"])
    assert diary.entries == [(1, None)]


def test_of_the_same_key_only_one_waits(alpha: Station) -> None:
    diary = Diary()
    with Session(alpha.engine) as session, session.begin():
        assert defer_once(session, diary.note, key="a", value=1)
        assert not defer_once(session, diary.note, key="a", value=2)
        assert defer_once(session, diary.note, key="b", value=3)
    assert alpha.ask("SELECT count(*) FROM procrastinate_jobs") == 2
    with Session(alpha.engine) as session, pytest.raises(ValueError, match="retried"):
        defer_once(session, diary.note_with_retries, key="a", value=1)


def test_two_at_the_same_moment_add_one_job(alpha: Station) -> None:
    diary = Diary()
    added: list[bool] = []

    def add() -> None:
        with Session(alpha.engine) as session, session.begin():
            added.append(defer_once(session, diary.note, key="a", value=1))

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [False] * 5 + [True]


def test_periodic_tasks_are_deferred_by_the_clock_one_at_a_time(alpha: Station) -> None:
    diary = Diary()
    ticks: list[int] = []

    @diary.jobs.periodic("* * * * * */1")
    def tick(*, timestamp: int) -> None:
        ticks.append(timestamp)

    work_until(alpha, diary, lambda: len(ticks) >= 2)
    assert ticks[1] > ticks[0]
    assert alpha.rows("SELECT DISTINCT lock, queueing_lock FROM procrastinate_jobs") == [("tick", "tick")]


def leave_behind(alpha: Station, diary: Diary, *, key: str = "a") -> None:
    """A job whose worker was killed in the middle of it."""
    with Session(alpha.engine) as session, session.begin():
        defer_once(session, diary.note, key=key, value=1)
    alpha.run("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes')")
    alpha.run(
        "UPDATE procrastinate_jobs SET status = 'doing',"
        " worker_id = (SELECT max(id) FROM procrastinate_workers) WHERE status = 'todo'"
    )


def test_a_job_whose_worker_is_gone_runs_again(alpha: Station) -> None:
    diary = Diary()
    leave_behind(alpha, diary)
    assert jobs.rescue(alpha.engine) == 1
    assert states(alpha) == ["todo"]
    work_until(alpha, diary, lambda: states(alpha) == ["succeeded"])
    assert diary.entries == [(1, None)]


def test_a_job_whose_worker_was_already_removed_is_rescued_too(alpha: Station) -> None:
    leave_behind(alpha, Diary())
    alpha.run("DELETE FROM procrastinate_workers")
    assert jobs.rescue(alpha.engine) == 1
    assert states(alpha) == ["todo"]


def test_a_job_that_is_being_worked_on_is_left_alone(alpha: Station) -> None:
    leave_behind(alpha, Diary())
    alpha.run("UPDATE procrastinate_workers SET last_heartbeat = now()")
    assert jobs.rescue(alpha.engine) == 0
    assert states(alpha) == ["doing"]


def test_a_stalled_job_whose_successor_waits_is_ended(alpha: Station) -> None:
    diary = Diary()
    leave_behind(alpha, diary)
    with Session(alpha.engine) as session, session.begin():
        assert defer_once(session, diary.note, key="a", value=2)
    assert jobs.rescue(alpha.engine) == 1
    assert states(alpha) == ["failed", "todo"]


def test_a_job_that_takes_its_workers_with_it_is_ended_at_last(alpha: Station) -> None:
    diary = Diary()
    leave_behind(alpha, diary)
    for _ in range(jobs.TRIES_MAX - 1):
        jobs.rescue(alpha.engine)
        assert states(alpha) == ["todo"]
        alpha.run("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")
    jobs.rescue(alpha.engine)
    assert states(alpha) == ["failed"]


def test_jobs_that_ended_a_month_ago_are_forgotten(alpha: Station) -> None:
    diary = Diary()
    for key in ("old", "young", "waiting"):
        with Session(alpha.engine) as session, session.begin():
            defer_once(session, diary.note, key=key, value=1)
    alpha.run("UPDATE procrastinate_jobs SET status = 'doing' WHERE queueing_lock <> 'note waiting'")
    alpha.run("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE status = 'doing'")
    alpha.run("UPDATE procrastinate_events SET at = at - interval '31 days' WHERE job_id <> 2")
    jobs.forget(alpha.engine)
    assert alpha.rows("SELECT id, status::text FROM procrastinate_jobs ORDER BY id") == [
        (2, "succeeded"),
        (3, "todo"),
    ]


def test_procrastinate_brings_no_migration_that_we_do_not_know() -> None:
    """Else every part needs a migration of ours with what is new, and NEWEST_MIGRATION its name."""
    known = sorted(path.name for path in Path(procrastinate.schema.migrations_path).glob("*.sql"))
    assert known[-1] == jobs.NEWEST_MIGRATION
