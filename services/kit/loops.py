"""The loops of a worker: they outlive what passes by, and end when they must not go on.

A loop that meets trouble of its surroundings (database, broker, another part) waits a little, longer
each time, and goes on. Anything else ends the worker with an error: whoever runs it starts it anew.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

import nats.errors
import psycopg
import structlog
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import DBAPIError, ResourceClosedError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.kit.problems import Unavailable

_log = structlog.get_logger()

P = ParamSpec("P")
R = TypeVar("R")

_CALM_SECONDS = 30.0

# TimeoutError is an OSError.
_PASSES = (
    OSError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    ConnectorException,
    nats.errors.Error,
    Unavailable,
)


# Connections lost or refused, a full disk, a shutdown, input and output, a server that only reads.
# Not a cancelled statement nor memory: these a single message can cause.
_DATABASE_TROUBLE = ("08", "53100", "53300", "57P", "58", "25006")


def is_database_trouble(error: BaseException) -> bool:
    """Whether the database is at fault: then the same work may well succeed in a moment."""
    if isinstance(error, PoolTimeout | ResourceClosedError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return False
    if cause.sqlstate is None:
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return cause.sqlstate.startswith(_DATABASE_TROUBLE)


def passes(error: BaseException) -> bool:
    """Whether an error is trouble of the surroundings, which passes by itself."""
    if isinstance(error, BaseExceptionGroup):
        return all(passes(inner) for inner in error.exceptions)
    if isinstance(error, DBAPIError) and error.orig is not None:
        return passes(error.orig)
    return isinstance(error, _PASSES) or is_database_trouble(error)


def kind(error: BaseException) -> str:
    """An error's class, for the log; of a group, those within."""
    if isinstance(error, BaseExceptionGroup):
        return ", ".join(sorted({kind(inner) for inner in error.exceptions}))
    return type(error).__name__


class Patience:
    """Waits that double after each failure in a row, with jitter, up to a limit."""

    def __init__(self, *, first_seconds: float = 0.2, seconds_max: float = 15.0) -> None:
        self._first, self._max = first_seconds, seconds_max
        self._next = first_seconds

    async def wait(self) -> None:
        await asyncio.sleep(self._next * random.uniform(0.75, 1.25))
        self._next = min(self._next * 2, self._max)

    def reset(self) -> None:
        """All is well again: the next wait is short."""
        self._next = self._first


async def keep_running(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Run `loop` for ever, starting it again after what passes. Raises what does not."""
    patience, clock = Patience(), asyncio.get_running_loop()
    while True:
        started = clock.time()
        try:
            await loop()
            _log.warning("loop_ended", loop=name)
        except Exception as error:
            if not passes(error):
                raise
            _log.warning("loop_interrupted", loop=name, error=kind(error))
        if clock.time() - started > _CALM_SECONDS:
            patience.reset()
        await patience.wait()


async def every(seconds: float, work: Callable[[], Awaitable[Any]]) -> None:
    """Do `work` for ever, with a rest of about `seconds` after each time."""
    while True:
        await work()
        # Replicas that were started together drift apart.
        await asyncio.sleep(seconds * random.uniform(0.9, 1.1))


async def in_thread(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run blocking work in a thread; when cancelled, see it to its end first.

    A thread cannot be stopped: a worker that ends must not leave a transaction half way.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
