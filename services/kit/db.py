"""Engines, sessions and the kit's own tables.

A session commits once, at the edge of a request or job, before the reply; nothing else commits. The
kit's tables live on `metadata` here and stand in every part's database beside the part's own.
`access` in a table's `info` says what the runtime role may do with it (see `kit.migrations`).
"""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Depends
from psycopg import Connection
from pydantic import SecretStr
from sqlalchemy import Engine, MetaData, create_engine
from sqlalchemy.orm import Session as AnySession
from sqlalchemy.types import UserDefinedType
from sqlmodel import Session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)

APPEND_ONLY = {"access": "append-only"}
"""`info=` of a table whose rows are never changed: SELECT and INSERT, and triggers besides."""
TRANSIENT = {"access": "transient"}
"""`info=` of a table whose rows may be removed when they have served: keys, sessions, inboxes."""


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id: tells which rows no running transaction can still add to."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "xid8"


def make_engine(url: SecretStr, *, pool_size: int = 16) -> Engine:
    """An engine on psycopg 3; `url` is a plain `postgresql://…`.

    A statement that waits longer than ten seconds for a lock gives up: its client has gone.
    """
    plain = url.get_secret_value()
    return create_engine(
        "postgresql+psycopg://" + plain.partition("://")[2],
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text goes into the log; a member's name must not
        connect_args={"options": "-c lock_timeout=10s -c timezone=UTC"},
    )


def session_edge(engine: Callable[[], Engine]) -> Callable[[], Iterator[Session]]:
    """The dependency that opens one session, and commits it before the reply is sent.

    Use it as `Depends(get_session, scope="function")`: with FastAPI's default scope the client is
    told 201 before the commit, and also when the commit then fails.
    """

    def get_session() -> Iterator[Session]:
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            yield session

    return get_session


def function_scoped(get_session: Callable[[], Iterator[Session]]) -> Any:
    """`Depends` on a session edge with the one scope that commits before the reply."""
    return Depends(get_session, scope="function")


def raw(session: AnySession) -> Connection[tuple[Any, ...]]:
    """The psycopg connection inside a session's transaction, for the paths that need its speed."""
    connection: Any = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    return connection
