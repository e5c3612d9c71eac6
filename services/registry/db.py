"""This service's own tables and sessions; and for the hot paths plain connections.

A session looks whether its connection still lives, begins, works and commits: round trips that cost
more than the work. So who registers or opens a member takes a psycopg connection from a pool of its
own, on which each statement commits by itself.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import Annotated, Any

from fastapi import Depends
from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy import Engine, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Session, SQLModel

from services.kit.db import NAMING, function_scoped, make_engine, session_edge
from services.kit.problems import Unavailable
from services.registry.settings import settings

tables = registry(metadata=MetaData(naming_convention=NAMING))


class Table(SQLModel, registry=tables):
    metadata = tables.metadata


@lru_cache
def engine() -> Engine:
    return make_engine(settings().database_url, pool_size=settings().pool_size)


get_session = session_edge(engine)
SessionDep = Annotated[Session, function_scoped(get_session)]


@lru_cache
def pool() -> ConnectionPool[Connection[Any]]:
    """Connections that commit each statement. They wait two seconds for a lock: so long an Idempotency-Key
    waits for its first request.
    """
    return ConnectionPool(
        settings().database_url.get_secret_value(),
        min_size=1,
        max_size=settings().pool_size,
        timeout=5,
        kwargs={"autocommit": True, "options": "-c lock_timeout=2s -c timezone=UTC"},
        open=True,
    )


@contextmanager
def connected() -> Iterator[Connection[Any]]:
    """A connection of the pool. Raises Unavailable when none is free for long."""
    try:
        with pool().connection() as connection:
            yield connection
    except PoolTimeout:
        raise Unavailable("The database is too busy just now.") from None


async def get_connections() -> Callable[[], AbstractContextManager[Connection[Any]]]:
    """Async, so that it costs no thread; the endpoint opens the connection in the thread it has."""
    return connected


Connections = Annotated[Callable[[], AbstractContextManager[Connection[Any]]], Depends(get_connections)]
