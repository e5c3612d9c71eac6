"""Background work inside the part's own PostgreSQL (Procrastinate).

    jobs = Jobs("registry")

    @jobs.task(retries=5)
    def import_roster(*, import_id: str) -> None: ...

    @jobs.periodic("17 * * * *")
    def remind_debtors(*, timestamp: int) -> None: ...

    defer(session, import_roster, import_id=str(row.id))  # runs if the caller's transaction commits

A task may run again after a crash: make it idempotent, commit in chunks, and let one job drain many
rows (650–900 jobs a second is all a worker does). Arguments are ids, never personal data: they are
logged. Crons are in UTC, and one missed by ten minutes is left out: a periodic task asks what is due,
not what time it is.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeAlias

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy, SyncPsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.schema import SchemaManager
from procrastinate.tasks import Task as ProcrastinateTask
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from services.kit import context
from services.kit.db import raw

_log = structlog.get_logger()

Task: TypeAlias = ProcrastinateTask[Any, None, Any]
Work: TypeAlias = Callable[..., None]

TRIES_MAX = 10
KEPT_DAYS = 30
CONCURRENCY = 4
GONE_SECONDS = 60
_STOP_SECONDS_MAX = 20
_REQUEST_ID = "request_id_"
NEWEST_MIGRATION = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""Of Procrastinate's own; a release that brings newer ones needs a migration in every part."""


def schema_sql() -> str:
    """Procrastinate's own tables and functions, for a part's first migration."""
    return SchemaManager.get_schema()


class Jobs:
    """The tasks of one part; its `jobs.py` makes one and fills it."""

    def __init__(self, part: str) -> None:
        self.part = part
        # Never opened: jobs are deferred on the caller's connection; `run` brings a pool for the worker.
        self._app = App(connector=_Connector())

    def task(self, *, retries: int = 0, lock: str | None = None) -> Callable[[Work], Task]:
        """Declare a task; jobs with the same `lock` run one at a time.

        A task that raises is tried again up to `retries` times, after 3, 9, 27 … seconds. Its name in
        the queue is the function's: renaming it strands the jobs that wait.
        """
        retry = RetryStrategy(max_attempts=retries, exponential_wait=3) if retries else False

        def declare(work: Work) -> Task:
            return self._app.task(name=work.__name__, lock=lock, retry=retry)(_traced(work))

        return declare

    def periodic(self, cron: str) -> Callable[[Work], Task]:
        """Declare a task that the clock defers (UTC), with the `timestamp` that it is meant for.

        One at a time, and one waiting at most. It is not retried: the next one comes.
        """

        def declare(work: Work) -> Task:
            name = work.__name__
            made: Task = self._app.task(name=name, lock=name, queueing_lock=name)(_traced(work))
            return self._app.periodic(cron=cron)(made)

        return declare

    async def run(self, database_url: SecretStr) -> None:
        """Work off jobs and defer periodic ones until cancelled; jobs that run then may finish."""
        connector = _Connector(
            conninfo=database_url.get_secret_value(),
            min_size=1,
            max_size=CONCURRENCY + 2,
            kwargs={"application_name": "amparo-jobs"},
        )
        with self._app.replace_connector(connector):
            async with self._app.open_async():
                await self._app.run_worker_async(
                    name=self.part,
                    concurrency=CONCURRENCY,
                    shutdown_graceful_timeout=_STOP_SECONDS_MAX,
                    install_signal_handlers=False,
                )


def defer(session: Session, task: Task, **args: Any) -> int:
    """Have `task` run with these arguments (JSON) once the caller's transaction has committed.

    A second call is a second job. The insert notifies the workers, and PostgreSQL lets notifying
    transactions commit one after the other: keep it out of the paths that must be fast.
    """
    return task.configure(connection=raw(session)).defer(**args, **_trace())


def defer_once(session: Session, task: Task, *, key: str, **args: Any) -> bool:
    """As `defer`, unless a job of this key is waiting already; says whether one was added.

    Only for tasks without retries: Procrastinate leaves a job that is retried while its successor
    waits as if it ran for ever (its issue 1446).
    """
    if task.retry_strategy is not None:
        raise ValueError(f"{task.name} is retried: it cannot be deferred once")
    try:
        with session.begin_nested():
            # The session makes its savepoint when it is first asked for the connection in here.
            once = task.configure(connection=raw(session), queueing_lock=f"{task.name} {key}")
            once.defer(**args, **_trace())
    except AlreadyEnqueued:
        return False
    return True


def rescue(engine: Engine) -> int:
    """Give jobs whose worker is gone back to the queue, or end them as failed; returns how many.

    Ended are those that took ten workers with them, and those whose successor waits already. Each
    worker does this every minute: a task of Procrastinate's for it can be stalled itself (its issue
    1408).
    """
    with engine.begin() as connection:
        stalled = connection.execute(_STALLED, {"gone_seconds": GONE_SECONDS}).all()
    return sum(_rescue(engine, job_id, attempts) for job_id, attempts in stalled)


def forget(engine: Engine) -> None:
    """Remove the jobs that ended a month ago, some thousands at a time."""
    with engine.begin() as connection:
        connection.execute(_FORGET, {"days": KEPT_DAYS})


class _Connector(PsycopgConnector):
    """Procrastinate's pool for its worker; whoever defers brings a connection, in a worker too."""

    def get_sync_connector(self) -> BaseConnector:
        return _DEFERRING


_DEFERRING = SyncPsycopgConnector()


def _traced(work: Work) -> Work:
    @functools.wraps(work)
    def traced(**args: Any) -> None:
        token = context.request_id.set(args.pop(_REQUEST_ID, None))
        try:
            work(**args)
        finally:
            context.request_id.reset(token)

    return traced


def _trace() -> dict[str, str]:
    request_id = context.request_id.get()
    return {_REQUEST_ID: request_id} if request_id else {}


_IS_GONE = """
    status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers worker
        WHERE worker.id = worker_id AND last_heartbeat > now() - :gone_seconds * interval '1 second')
"""
_STALLED = text(f"SELECT id, attempts FROM procrastinate_jobs WHERE {_IS_GONE} ORDER BY id")
_GIVE_BACK = text(
    "UPDATE procrastinate_jobs SET status = CAST(:state AS procrastinate_job_status),"
    " attempts = attempts + 1, abort_requested = false, worker_id = NULL"
    f" WHERE id = :id AND {_IS_GONE} RETURNING id"
)
_FORGET = text(
    "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs job"
    " WHERE status NOT IN ('todo', 'doing') AND NOT EXISTS (SELECT FROM procrastinate_events event"
    " WHERE event.job_id = job.id AND event.at > now() - :days * interval '1 day') LIMIT 5000)"
)


def _rescue(engine: Engine, job_id: int, attempts: int) -> bool:
    for state in ("failed",) if attempts + 1 >= TRIES_MAX else ("todo", "failed"):
        given = {"id": job_id, "state": state, "gone_seconds": GONE_SECONDS}
        try:
            with engine.begin() as connection:
                is_rescued = connection.execute(_GIVE_BACK, given).one_or_none() is not None
        except IntegrityError:
            continue  # its successor waits already and will do the work
        if is_rescued:
            _log.warning("job_rescued", job_id=job_id, state=state, attempts=attempts + 1)
        return is_rescued
    return False
